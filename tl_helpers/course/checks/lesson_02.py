"""Lesson 02: another network's preprocessing, the cut to choose, BatchNorm on stored statistics."""

import numpy as np

from . import NOTHING

MEANS = (103.939, 116.779, 123.68)


def prepare_bgr(answer) -> str | None:
    """02.a: RGB pictures as a network trained on BGR with subtracted means expects them."""
    x = np.array([[[[0, 51, 255], [10, 20, 30]]]], np.uint8)  # (1, 1, 2, 3)
    given = x.copy()
    got = answer(given, MEANS)
    if got is None:
        return NOTHING
    if not np.array_equal(given, x):
        return "the pictures that were passed in have changed: make a new array"
    got = np.asarray(got)
    if got.shape != x.shape:
        return f"the shape should stay {x.shape}, it became {got.shape}"
    right = x[..., ::-1] - np.array(MEANS)
    if np.allclose(got, right, atol=0.01):
        return None
    if np.allclose(got, x - np.array(MEANS), atol=0.01):
        return "the channels are still red, green, blue: turn their order round first"
    if np.allclose(got, (x - np.array(MEANS))[..., ::-1], atol=0.01):
        return "the means are in the order blue, green, red: turn the channels first, then subtract"
    if np.allclose(got, x[:, ::-1] - np.array(MEANS), atol=0.01):
        return "that turns the rows round; the channels are the last axis"
    if np.allclose(got, x[:, :, ::-1] - np.array(MEANS), atol=0.01):
        return "that turns the columns round; the channels are the last axis"
    if got.dtype.kind != "f":
        return f"the result should be floating-point numbers, it is {got.dtype}"
    return "turn the last axis round, then subtract the means; nothing is divided"


def best_cut(answer) -> str | None:
    """02.b: the stage with the highest mean validation accuracy."""
    runs = {"low": [0.50, 0.52, 0.51], "middle": [0.60, 0.62, 0.61], "top": [0.40, 0.70, 0.50]}
    got = answer(runs)
    if got is None:
        return NOTHING
    if got not in runs:
        return f"it should return the name of a stage, one of {list(runs)}; it returned {got!r}"
    if got == "top":
        return "one lucky seed chose: take the mean over the seeds of each stage"
    if got == "low":
        return "that is the worst or the first; the highest mean wins"
    if answer({"a": [0.1], "b": [0.3, 0.3], "c": [0.25, 0.25, 0.25]}) != "b":
        return "stages may have different numbers of seeds: compare means, not sums"
    return None


def frozen_batch_norm(answer) -> str | None:
    """02.c: BatchNorm in inference mode."""
    rng = np.random.default_rng(0)
    x = rng.normal(3, 2, (4, 2))  # (n, channels)
    mean, variance = np.array([1.0, -2.0]), np.array([4.0, 9.0])
    gamma, beta = np.array([0.5, 2.0]), np.array([0.1, -0.3])
    got = answer(x, mean, variance, gamma, beta)
    if got is None:
        return NOTHING
    got = np.asarray(got, float)
    if got.shape != x.shape:
        return f"the shape should stay {x.shape}, it became {got.shape}"
    right = (x - mean) / np.sqrt(variance) * gamma + beta
    if np.allclose(got, right, atol=0.01):
        return None
    batch = (x - x.mean(0)) / x.std(0)
    if np.allclose(got, batch * gamma + beta, atol=0.02):
        return "that takes the statistics of this batch: frozen, it takes the stored ones"
    if np.allclose(got, (x - mean) / variance * gamma + beta, atol=0.01):
        return "the stored number is a variance: divide by its square root"
    if np.allclose(got, (x - mean) / np.sqrt(variance), atol=0.01):
        return "normalised; gamma and beta are still missing"
    if np.allclose(got, ((x - mean) / np.sqrt(variance) + beta) * gamma, atol=0.01):
        return "scale by gamma first, then add beta"
    return "subtract the mean, divide by the square root of the variance, times gamma, plus beta"


CHECKS = {"02.a": prepare_bgr, "02.b": best_cut, "02.c": frozen_batch_norm}
