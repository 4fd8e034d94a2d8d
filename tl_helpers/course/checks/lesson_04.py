"""Lesson 04: how much data transfer saves, the LEEP score, and the cheapest way that is enough."""

import numpy as np

from . import NOTHING


def enough(answer) -> str | None:
    """04.a: the smallest size from which on the accuracy reaches a threshold."""
    sizes = [5, 10, 25, 50]
    got = answer(list(sizes), [0.40, 0.55, 0.62, 0.70], 0.60)
    never = answer(list(sizes), [0.40, 0.55, 0.62, 0.70], 0.90)
    if got is None:
        return NOTHING
    if got == 2:
        return "that is the place in the list; return the size"
    if got == 50:
        return "that is the last size that reaches it: the first is wanted"
    if got != 25:
        return f"0.62 at 25 is the first that reaches 0.60; your function says {got!r}"
    if never is not None:
        return f"where no size reaches the threshold it should return None, not {never!r}"
    if answer([5, 10], [0.60, 0.65], 0.60) != 5:
        return "an accuracy of just the threshold reaches it"
    return None


def leep(answer) -> str | None:
    """04.b: the mean log-likelihood of target labels, by way of the source's classes."""
    theta = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.1, 0.2, 0.7], [0.2, 0.2, 0.6]])
    y = np.array([0, 0, 1, 1])
    got = answer(theta.copy(), y.copy())
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    joint = np.stack([theta[y == k].sum(0) for k in (0, 1)]) / len(y)  # (labels, classes)
    given = joint / joint.sum(0)
    likelihood = (theta * given[y]).sum(1)
    if np.isclose(got, np.log(likelihood).mean()):
        return None
    if np.isclose(got, likelihood.mean()):
        return "the mean of the logarithms"
    if np.isclose(got, np.log(likelihood).sum()):
        return "their mean, not their sum: else larger sets always score lower"
    if np.isclose(got, np.log((theta * joint[y]).sum(1)).mean()):
        return "divide P(label, class) by P(class): how likely a label is, given the class"
    rows = joint / joint.sum(1, keepdims=True)
    if np.isclose(got, np.log((theta * rows[y]).sum(1)).mean()):
        return "divide by the sum over the labels, not over the classes"
    return (
        "P(label | class) from the counts; then the mean log of sum(theta * P(own label | class))"
    )


def cheapest(answer) -> str | None:
    """04.c: the first option, from cheap to dear, that is about as good as the best."""
    options = {"probe": 0.70, "fine-tune": 0.715, "train from scratch": 0.50}
    got = answer(dict(options), 0.02)
    if got is None:
        return NOTHING
    if got not in options:
        return f"it should return one of {list(options)}; it returned {got!r}"
    if got == "fine-tune":
        return "that is the best; the probe is cheaper, and within the margin"
    if got != "probe":
        return "the probe is cheapest, and at most 0.02 below the best"
    if answer({**options, "probe": 0.60}, 0.02) != "fine-tune":
        return "right as long as the cheapest is near the best; 0.60 is not near 0.715"
    turned = {"probe": 0.20, "fine-tune": 0.40, "train from scratch": 0.75}
    if answer(turned, 0.02) != "train from scratch":
        return "where scratch is far ahead, it should be chosen"
    return None


CHECKS = {"04.a": enough, "04.b": leep, "04.c": cheapest}
