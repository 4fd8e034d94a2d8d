"""Lesson 00: prepare as in pretraining, the size of a head, a fair gap."""

from numbers import Real

import numpy as np

from . import NOTHING


def prepare(answer) -> str | None:
    """00.a: bring pictures of 0 to 255 to the -1 to 1 of pretraining."""
    x = np.array([[[[0, 51, 255]]]], np.uint8)
    got = answer(x)
    if got is None:
        return NOTHING
    got = np.asarray(got)
    if got.shape != x.shape:
        return f"the shape should stay {x.shape}, it became {got.shape}"
    if got.dtype.kind != "f":
        return f"the result should be floating-point numbers, it is {got.dtype}"
    if np.allclose(got, x / 255, atol=0.01):
        return "that is 0 to 1, the habit of many tutorials; this network was shown -1 to 1"
    if not np.allclose(got, [-1, -0.6, 1], atol=0.01):
        return (
            "0 should become -1 and 255 should become 1, in a straight line between; it gives "
            f"{got.ravel().round(2).tolist()} for 0, 51 and 255 (uint8 numbers wrap around "
            "beyond 0 and 255: divide first)"
        )
    return None


def head_parameters(answer) -> str | None:
    """00.b: the number of parameters of a dense head."""
    got = answer(features=256, classes=10)
    if got is None:
        return NOTHING
    if got == 2560:
        return "you have the weights; each class also has one bias"
    if got != 2570 or answer(features=7, classes=3) != 24:
        return "a weight for every pair of feature and class, and a bias for every class"
    return None


def fair_gap(answer) -> str | None:
    """00.c: the mean paired difference in points."""
    tuned, scratch = {0: 0.50, 1: 0.60, 2: 0.70}, {2: 0.50, 0: 0.40, 1: 0.45}
    got = answer(tuned, scratch)
    if got is None:
        return NOTHING
    if not isinstance(got, Real):
        return f"the gap should be one number, it is {got!r}"
    if abs(got - 0.15) < 1e-9:
        return "that is a fraction of 1; the question asks for points, hundredths"
    if abs(got + 15) < 1e-9:
        return "the sign is turned: a positive gap should mean that fine-tuning is better"
    if abs(got - 15) > 1e-9:
        return "subtract seed by seed (the two dicts need not list the seeds in the same order)"
    for more in (({3: 0.9, **tuned}, scratch), (tuned, {3: 0.1, **scratch})):
        try:
            got = answer(*more)
        except KeyError:
            got = np.nan
        if not abs(got - 15) < 1e-9:
            return "a seed that only one of the two has cannot be paired: leave it out"
    return None


CHECKS = {"00.a": prepare, "00.b": head_parameters, "00.c": fair_gap}
