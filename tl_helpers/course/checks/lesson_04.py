"""Lesson 04: how much data transfer saves, calibration, and the cheapest way that is enough."""

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


def expected_calibration_error(answer) -> str | None:
    """04.b: gaps between confidence and accuracy, averaged over groups by their size."""
    confidence = np.array([0.95, 0.91, 0.99, 0.93, 0.55, 0.52, 0.31, 0.72])
    right = np.array([True, True, False, False, True, True, False, True])
    got = answer(confidence.copy(), right.copy())
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    group = (confidence * 10).astype(int)
    of = [group == k for k in np.unique(group)]
    gaps = np.array([confidence[rows].mean() - right[rows].mean() for rows in of])
    sizes = np.array([rows.sum() for rows in of])
    if np.isclose(got, (sizes * abs(gaps)).sum() / sizes.sum()):
        return None
    if np.isclose(got, abs(gaps).mean()):
        return "each gap counts as often as its group has answers, not once"
    if np.isclose(got, (sizes * gaps).sum() / sizes.sum()):
        return "the size of each gap: too sure in one group does not make up for unsure in another"
    if np.isclose(got, (sizes * abs(gaps)).sum()):
        return "an average: divide by the number of answers"
    if np.isclose(got, abs(confidence - right).mean()):
        return "first the means within each group, then the gap between them"
    return "group by (confidence * 10).astype(int); |mean confidence - share right|, averaged"


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


CHECKS = {"04.a": enough, "04.b": expected_calibration_error, "04.c": cheapest}
