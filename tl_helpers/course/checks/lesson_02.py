"""Lesson 02: another network's preprocessing, the cut to choose, BatchNorm on stored statistics."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, usual

MEANS = (103.939, 116.779, 123.68)


def prepare_bgr(answer) -> str | None:
    """02.a: RGB pictures as a network trained on BGR with subtracted means expects them."""
    rng = np.random.default_rng(2)
    for means in (MEANS, (90.5, 100.25, 110.75)):
        x = rng.integers(0, 256, (2, 2, 3, 3), np.uint8)  # (n, h, w, channels)
        given = x.copy()
        got = answer(given, means)
        if got is None:
            return NOTHING
        if not np.array_equal(given, x):
            return "the pictures that were passed in have changed: make a new array"
        if hint := misfit(got, x.shape):
            return hint
        right = x[..., ::-1] - np.array(means)
        got = np.asarray(got)
        if np.allclose(got, right, rtol=0, atol=0.01):
            continue
        mean, turned = np.array(means), x[..., ::-1].astype(float)
        every = "np.flip without an axis turns every axis: turn the channels, the last one"
        divided = "the means are of 0 to 255: nothing is divided"
        mistakes = [
            ("the channels are still red, green, blue: turn their order round first", x - mean),
            (
                "the means are in the order blue, green, red: turn the channels first, then "
                "subtract the means as they are",
                (x - mean)[..., ::-1],
            ),
            ("that turns the pictures round; the channels are the last axis", x[::-1] - mean),
            ("that turns the rows round; the channels are the last axis", x[:, ::-1] - mean),
            ("that turns the columns round; the channels are the last axis", x[:, :, ::-1] - mean),
            (every, x[::-1, ::-1, ::-1, ::-1] - mean),
            ("the order is right; the means are not subtracted yet", turned),
            ("the means are added: subtract them", turned + mean),
            ("the sign is turned: the picture minus the means", -right),
            (divided, right / 255),
            (divided, right / 127.5),
            (divided, turned / 255 - mean),
            (divided, turned / 127.5 - 1),
            (divided, turned / 255 - mean / 255),
            (
                "use the means that are passed in, not the pictures' own",
                turned - turned.mean((0, 1, 2)),
            ),
            (
                "each channel has a mean of its own: yours subtracts one for all",
                turned - mean.mean(),
            ),
            (FIXED, turned - np.array(MEANS)),
        ]
        if hint := usual(got, mistakes):
            return hint
        if got.dtype.kind != "f":
            return f"the result should be floating-point numbers, it is {got.dtype}"
        return "turn the last axis round, then subtract the means; nothing is divided"
    return None


def best_cut(answer) -> str | None:
    """02.b: the stage with the highest mean validation accuracy."""
    runs = {"low": [0.50, 0.52, 0.51], "middle": [0.60, 0.62, 0.61], "top": [0.40, 0.70, 0.50]}
    got = answer(dict(runs))
    if got is None:
        return NOTHING
    if not isinstance(got, str):
        return f"it should return the name of a stage, one of {list(runs)}; it returned {got!r}"
    if got not in runs:
        return f"it should return one of {list(runs)}; it returned {got!r}"
    if got == "top":
        return "one lucky seed chose: take the mean over the seeds of each stage"
    if got == "low":
        return "that is the worst or the first; the highest mean wins"
    if answer({"a": [0.1], "b": [0.3, 0.3], "c": [0.25, 0.25, 0.25]}) != "b":
        return "stages may have different numbers of seeds: compare means, not sums"
    # In each the first has the higher mean, and what the hint names would choose the second.
    for unlike, hint in (
        ([[0.6, 0.5, 0.7], [0.3, 0.65, 0.65]], "that goes by the median: take the mean"),
        ([[0.7, 0.4, 0.7], [0.5, 0.5, 0.5]], "that goes by the worst seed: take the mean"),
        ([[0.7, 0.6, 0.5], [0.5, 0.5, 0.6]], "that goes by the last seed: take the mean of all"),
        ([[0.5, 0.6, 0.7], [0.6, 0.5, 0.5]], "that goes by the first seed: take the mean of all"),
    ):
        for names in (("a", "b"), ("b", "a")):  # whichever name or place comes first
            if answer(dict(zip(names, unlike, strict=True))) != names[0]:
                return hint
    return None


def frozen_batch_norm(answer) -> str | None:
    """02.c: BatchNorm in inference mode."""
    rng = np.random.default_rng(0)
    # The last channel hardly varies: any small number that is added to the variance shows there.
    mean, variance = np.array([1.0, -2.0, 2e-5]), np.array([4.0, 9.0, 1e-10])
    gamma, beta = np.array([0.5, 2.0, 3.0]), np.array([0.1, -0.3, 0.7])
    deviation = np.sqrt(variance)
    x = mean + deviation * rng.normal(1, 1, (5, 3))  # (n, channels)
    given = x.copy()
    got = answer(given, mean.copy(), variance.copy(), gamma.copy(), beta.copy())
    if got is None:
        return NOTHING
    if not np.array_equal(given, x):
        return "the features that were passed in have changed: make a new array"
    if hint := misfit(got, x.shape):
        return hint
    centred = x - mean
    normal = centred / deviation
    if np.allclose(got, normal * gamma + beta, rtol=1e-4, atol=1e-4):
        return None
    batch = "that takes the statistics of this batch: frozen, it takes the stored ones"
    half = "one of mean and variance is still this batch's own: take both stored ones"
    small = "a small number seems to be added to the variance: leave it out in this exercise"
    added = 10.0 ** -np.arange(2, 13)
    own = x - x.mean(0)
    rows = x - x.mean(1, keepdims=True)
    mistakes = [
        *(
            (batch, own / np.sqrt(x.var(0, ddof=k) + e) * gamma + beta)
            for k in (0, 1)
            for e in (0, *added)
        ),
        *(
            (half, centred / np.sqrt(x.var(0, ddof=k) + e) * gamma + beta)
            for k in (0, 1)
            for e in (0, *added)
        ),
        (half, own / deviation * gamma + beta),
        (
            "that takes the statistics of each row; each channel, a column, has its stored ones",
            rows / x.std(1, keepdims=True) * gamma + beta,
        ),
        (
            "you seem to divide by the variance: the stored number still needs its square root",
            centred / variance * gamma + beta,
        ),
        (
            "you seem to have squared the variance: it is the square of the deviation already",
            centred / variance**2 * gamma + beta,
        ),
        ("you seem to multiply by the deviation: divide by it", centred * deviation * gamma + beta),
        ("the mean is subtracted, but nothing is divided yet", centred * gamma + beta),
        ("the stored mean is not subtracted yet", x / deviation * gamma + beta),
        ("the mean seems to be added: subtract it", (x + mean) / deviation * gamma + beta),
        ("the sign is turned: x minus the mean", beta - normal * gamma),
        ("normalised; gamma and beta are still missing", normal),
        ("gamma is in it; beta is still missing", normal * gamma),
        ("beta is in it; gamma is still missing", normal + beta),
        ("gamma and beta have changed places: gamma scales, beta is added", normal * beta + gamma),
        ("you seem to divide by gamma: multiply by it", normal / gamma + beta),
        ("you seem to subtract beta: add it", normal * gamma - beta),
        ("scale by gamma first, then add beta", (normal + beta) * gamma),
        (
            "brackets are missing: subtract the mean first, then divide the difference",
            x - mean / deviation * gamma + beta,
        ),
        *((small, centred / np.sqrt(variance + e) * gamma + beta) for e in added),
        *((small, centred / (deviation + e) * gamma + beta) for e in added),
    ]
    return usual(got, mistakes) or (
        "subtract the mean, divide by the square root of the variance, times gamma, plus beta"
    )


CHECKS = {"02.a": prepare_bgr, "02.b": best_cut, "02.c": frozen_batch_norm}
