"""Lesson 05: the CORAL distance, the A-distance, and pseudo-labels."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def coral(answer) -> str | None:
    """05.a: the squared distance of two covariance matrices, over 4 d squared."""
    rng = np.random.default_rng(5)
    # As many rows in both first: a covariance of rows then gets a hint, and not a shape error.
    for n, m, d in ((20, 20, 3), (30, 12, 5)):
        source, target = rng.normal(0, 1, (n, d)) + 2, rng.normal(0, 2, (m, d))
        got = answer(source.copy(), target.copy())
        if got is None:
            return NOTHING
        if np.shape(numbers(got)) == (d, d):
            return "that is still a matrix: one number is wanted, the sum of its entries"
        if hint := misfit(got, ()):
            return hint
        s, t = np.cov(source.T), np.cov(target.T)
        gap = ((s - t) ** 2).sum()
        if np.isclose(got, gap / (4 * d**2), rtol=1e-4):
            continue
        unbiased = "the unbiased covariances: divide by n - 1, each by its own n"
        if n != m:
            same = t * (m - 1) / (n - 1)  # both divided by the source's
            return usual(got, [(unbiased, ((s - same) ** 2).sum() / (4 * d**2))]) or FIXED
        second = [x.T @ x / (len(x) - 1) for x in (source, target)]
        biased = [np.cov(x.T, bias=True) for x in (source, target)]
        sums = [np.cov(x.T) * (len(x) - 1) for x in (source, target)]
        variances = np.diag(s) - np.diag(t)
        divide = f"4 d²: here d is {d}, so divide by {4 * d**2}"
        about = "a covariance is about the mean: subtract each domain's own first"
        root = "the squared difference: no root is taken"

        def over(a, b, by=4 * d**2):
            return ((a - b) ** 2).sum() / by

        mistakes = [
            ("divide by 4 d², with d the number of features", gap),
            *((divide, gap / by) for by in (4 * d, d**2, d, 4, 2 * d, 16 * d**2, 2 * d**2)),
            ("d is the number of features, not of pictures", gap / (4 * n**2)),
            (root, np.sqrt(gap) / (4 * d**2)),
            (root, np.sqrt(gap)),
            (root, np.sqrt(gap) / (2 * d)),
            (about, over(*second)),
            (about, over(*(x.T @ x / len(x) for x in (source, target)))),
            (unbiased, over(*biased)),
            ("divide each by n - 1: these are sums so far", over(*sums)),
            (
                "that compares the variances alone: the other entries belong to it, too",
                (variances**2).sum() / (4 * d**2),
            ),
            (
                "that compares correlations: leave the scale of the features in",
                over(np.corrcoef(source.T), np.corrcoef(target.T)),
            ),
            (
                "that compares the means of the features; compare their covariances",
                ((source.mean(0) - target.mean(0)) ** 2).sum() / (4 * d**2),
            ),
            (
                "square each entry first, then sum: yours squares the sum",
                (s - t).sum() ** 2 / (4 * d**2),
            ),
            ("square each entry: yours takes its size", abs(s - t).sum() / (4 * d**2)),
            ("square each entry: yours adds them up as they are", (s - t).sum() / (4 * d**2)),
            ("square the entries, and not the matrix", np.sum((s - t) @ (s - t)) / (4 * d**2)),
            ("sum over the entries: the mean divides by d² once more", gap / d**2 / (4 * d**2)),
            (
                "subtract first, then square: yours subtracts the squares",
                ((s**2).sum() - (t**2).sum()) / (4 * d**2),
            ),
        ]
        cov = [np.cov(x) for x in (source, target)]
        rows = "that is n by n: np.cov takes each row for a feature, so give it the transpose"
        mistakes += [(rows, over(*cov)), (rows, over(*cov, 1)), (rows, over(*cov, 4 * n**2))]
        return usual(got, mistakes) or (
            "np.cov(source.T) is d by d; square the difference, sum, and divide by 4 d²"
        )
    return None


def a_distance(answer) -> str | None:
    """05.b: from an error of one half, or more, to none."""
    errors = np.array([0.5, 0.0, 0.2, 0.6])
    got = [answer(float(error)) for error in errors]
    if any(value is None for value in got):
        return NOTHING
    for value in got:
        if hint := misfit(value, ()):
            return hint
    half = "an error above one half is bad luck, and the domains are no closer than equal: 0"
    mistakes = [
        (None, [0, 2, 1.2, 0]),
        (half, [0, 2, 1.2, -0.4]),
        (half, [0, 2, 1.2, 0.4]),
        ("it goes up to 2: twice that", [0, 1, 0.6, 0]),
        ("it goes up to 2: twice that", [0, 1, 0.6, -0.2]),
        ("it goes up to 2: twice that", [0, 1, 0.6, 0.2]),
        (
            "no mistake gives 2, but one half should give 0: yours falls too slowly",
            2 * (1 - errors),
        ),
        ("no mistake gives 2, but one half should give 0: yours falls too slowly", 2 - errors),
        ("that is the share of right answers: 0 should mean chance", 1 - errors),
        ("it should go up to 2, not to 1", np.clip(2 - 4 * errors, 0, 1)),
        ("whole numbers are too coarse: leave the result as it is", [0, 2, 1, 0]),
    ]
    for hint, values in mistakes:
        if np.allclose(got, values, atol=1e-4):
            return hint
    if np.isclose(got[0], 2) or np.isclose(got[1], 0):
        return "the other way round: no mistake means far apart, 2"
    for error, value, right in zip(errors, got, (0, 2, 1.2, 0), strict=True):
        if not np.isclose(value, right, atol=1e-4):
            return f"an error of {error} should give {right}; your function says {value}"
    return None


def pseudo_labels(answer) -> str | None:
    """05.c: the most likely class where it is likely enough, else -1."""
    # Thresholds that floats hold exactly, so that one picture has just the threshold. Below one
    # half more than one class can reach it: the most likely counts.
    sure = [[0.95, 0.03, 0.02], [0.2, 0.5, 0.3], [0.125, 0.125, 0.75], [0.05, 0.91, 0.04]]
    unsure = [
        [0.4, 0.33, 0.27],
        [0.25, 0.45, 0.3],
        [0.33, 0.33, 0.34],
        [0.1, 0.3, 0.6],
        [0.9, 0.1, 0],
    ]
    for rows, threshold in ((sure, 0.75), (unsure, 0.25), (unsure, 0.5)):
        odds = np.array(rows)
        n = len(odds)
        got = answer(odds.copy(), threshold)
        if got is None:
            return NOTHING
        best, top = odds.argmax(1), odds.max(1)
        believed = top >= threshold
        right = np.where(believed, best, -1)
        if np.array_equal(numbers(got), right):
            continue
        early = [
            ("keep a place for every picture: -1 for those that are not believed", best[believed]),
            (
                "a label for each picture, along the classes: yours gives one a class",
                odds.argmax(0),
            ),
            ("one label a picture: yours says yes or no for every class", odds >= threshold),
            ("these are yes and no; the labels of the believed ones are wanted", believed),
        ]
        if hint := usual(got, early) or misfit(got, (n,), "a label for each picture"):
            return hint
        reaching = [np.flatnonzero(row >= threshold) for row in odds]
        first = [of[0] if len(of) else -1 for of in reaching]
        last = [of[-1] if len(of) else -1 for of in reaching]
        several = "where more than one class reaches the threshold, the most likely one counts"
        mistakes = [
            (
                f"the threshold changes nothing yet: {top.min():.0%} is less than {threshold:.0%}, "
                "so -1",
                best,
            ),
            (
                "at least: a probability of just the threshold is believed",
                np.where(top > threshold, best, -1),
            ),
            ("those that are not believed get -1, not 0", np.where(believed, best, 0)),
            (
                "the wrong way round: -1 is for those below the threshold",
                np.where(believed, -1, best),
            ),
            (
                "these are the probabilities; the label is the class they belong to",
                np.where(believed, top, -1),
            ),
            ("these are the probabilities; the label is the class they belong to", top),
            ("classes count from 0: yours are one too high", np.where(believed, best + 1, -1)),
            ("that takes the least likely class", np.where(believed, odds.argmin(1), -1)),
            (several, first),
            (several, last),
            (
                "no picture is believed: compare the largest of each row with the threshold",
                np.full(n, -1),
            ),
            (FIXED, np.where(top >= 0.75, best, -1)),
        ]
        return usual(got, mistakes, rtol=0) or (
            "argmax along the classes where their maximum is at least the threshold, else -1"
        )
    return None


CHECKS = {"05.a": coral, "05.b": a_distance, "05.c": pseudo_labels}
