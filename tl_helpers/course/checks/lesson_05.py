"""Lesson 05: the CORAL distance, the A-distance, and pseudo-labels."""

import numpy as np

from . import NOTHING


def coral(answer) -> str | None:
    """05.a: the squared distance of two covariance matrices, over 4 d squared."""
    rng = np.random.default_rng(5)
    source = rng.normal(0, 1, (30, 3)) + 2
    target = rng.normal(0, 2, (20, 3))
    got = answer(source.copy(), target.copy())
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    gap = ((np.cov(source.T) - np.cov(target.T)) ** 2).sum()
    if np.isclose(got, gap / 36):
        return None
    if np.isclose(got, gap):
        return "divide by 4 d², with d the number of features"
    if np.isclose(got, gap / 12) or np.isclose(got, gap / 9):
        return "4 d²: here d is 3, so divide by 36"
    if np.isclose(got, np.sqrt(gap) / 36):
        return "the squared difference: no root is taken"
    second = [x.T @ x / (len(x) - 1) for x in (source, target)]
    if np.isclose(got, ((second[0] - second[1]) ** 2).sum() / 36):
        return "a covariance is about the mean: subtract each domain's own first"
    biased = [np.cov(x.T, bias=True) for x in (source, target)]
    if np.isclose(got, ((biased[0] - biased[1]) ** 2).sum() / 36):
        return "the unbiased covariances: divide by n - 1"
    return "np.cov(source.T) is d by d; square the difference, sum, and divide by 4 d²"


def a_distance(answer) -> str | None:
    """05.b: from an error of one half, or more, to none."""
    got = [answer(error) for error in (0.5, 0.0, 0.2, 0.6)]
    if any(value is None for value in got):
        return NOTHING
    if np.allclose(got, [0, 2, 1.2, 0]):
        return None
    if np.allclose(got, [0, 2, 1.2, -0.4]):
        return "an error above one half is bad luck, and the domains are no closer than equal: 0"
    if np.allclose(got[:3], [0, 1, 0.6]):
        return "it goes up to 2: twice that"
    if np.isclose(got[0], 2) or np.isclose(got[1], 0):
        return "the other way round: no mistake means far apart, 2"
    return f"2 (1 - 2 error): an error of 0.2 gives 1.2, your function says {got[2]!r}"


def pseudo_labels(answer) -> str | None:
    """05.c: the most likely class where it is likely enough, else -1."""
    odds = np.array([[0.95, 0.03, 0.02], [0.2, 0.5, 0.3], [0.1, 0.0, 0.9], [0.05, 0.91, 0.04]])
    got = answer(odds.copy(), 0.9)
    if got is None:
        return NOTHING
    if np.shape(got) == (3,) and np.array_equal(got, [0, 2, 1]):
        return "keep a place for every picture: -1 for those that are not believed"
    if np.shape(got) != (4,):
        return f"it should have one entry a picture, (4,), it has shape {np.shape(got)}"
    if np.array_equal(got, [0, -1, 2, 1]):
        return None
    if np.array_equal(got, [0, 1, 2, 1]):
        return "the second picture is only 50 % sure: -1"
    if np.array_equal(got, [0, -1, -1, 1]):
        return "at least: a probability of just the threshold is believed"
    return "argmax along the classes where their maximum is at least the threshold, else -1"


CHECKS = {"05.a": coral, "05.b": a_distance, "05.c": pseudo_labels}
