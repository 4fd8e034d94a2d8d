"""Lesson 04: how much data transfer saves, calibration, and the cheapest way that is enough."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def enough(answer) -> str | None:
    """04.a: the smallest size from which on the accuracy reaches a threshold."""
    sizes, accuracies = [5, 10, 25, 50], [0.40, 0.55, 0.62, 0.70]
    got = answer(list(sizes), list(accuracies), 0.60)
    if got is None:
        return NOTHING
    array = numbers(got)
    if array is None or array.ndim:
        return f"it should return one of the sizes, {sizes}; it returned {got!r}"
    hints = {
        2: "that is the place in the list; return the size",
        0.62: "that is the accuracy there; return the size",
        50: "that is the last size that reaches it: the first is wanted",
        10: "that is the last size that does not reach it yet: the next one does",
    }
    if got != 25:
        if got not in hints and got not in sizes:
            return f"it should return one of the sizes, {sizes}; it returned {got!r}"
        return hints.get(
            got, f"0.62 at 25 is the first that reaches 0.60; your function says {got!r}"
        )
    try:
        never = answer(list(sizes), list(accuracies), 0.90)
    except (IndexError, StopIteration, ValueError):  # looks for what is not there
        return "where no size reaches the threshold your function stops: it should return None"
    if never is not None:
        return f"where no size reaches the threshold it should return None, not {never!r}"
    if answer([5, 10], [0.625, 0.65], 0.625) != 5:
        return "an accuracy of just the threshold reaches it"
    if answer(list(sizes), list(accuracies), 0.57) != 25:
        return "0.55 at 10 is near 0.57, but does not reach it: 25 does"
    return FIXED if answer([20, 40, 80], [0.1, 0.2, 0.3], 0.15) != 40 else None


def expected_calibration_error(answer) -> str | None:
    """04.b: gaps between confidence and accuracy, averaged over groups by their size."""
    confidence = np.array([0.95, 0.91, 0.99, 0.93, 0.55, 0.52, 0.31, 0.72, 0.78, 0.76, 0.86])
    right = np.array([True, True, False, False, True, True, False, True, False, True, True])
    got = answer(confidence.copy(), right.copy())
    if got is None:
        return NOTHING
    array = numbers(got)
    if array is not None and array.ndim == 0 and np.isnan(array):
        return "it gives nan: a group without answers has no mean, so leave it out"
    if hint := misfit(got, ()):
        return hint

    def grouped(group):
        """The gap of each group and its size."""
        of = [group == k for k in np.unique(group)]
        gaps = [confidence[rows].mean() - right[rows].mean() for rows in of]
        return np.array(gaps), np.array([rows.sum() for rows in of])

    group = (confidence * 10).astype(int)
    gaps, sizes = grouped(group)
    weighted = np.average(abs(gaps), weights=sizes)
    if np.isclose(got, weighted, rtol=1e-4):
        return None
    rounded = grouped(np.round(confidence * 10))
    five = grouped((confidence * 5).astype(int))
    signs = (
        "too sure in one group does not make up for unsure in another: take the size of each "
        "group's gap, and only then average"
    )
    one = "an average: divide by the number of answers"
    once = "each gap counts as often as its group has answers, not once"
    every = abs(confidence - right)
    mistakes = [
        (once, abs(gaps).mean()),
        (once, abs(gaps).sum() / 10),
        (
            "that adds up the gaps as they are: average them, by the size of their group",
            abs(gaps).sum(),
        ),
        # The gap over all answers at once comes to the same.
        *((signs, sign * np.average(gaps, weights=sizes)) for sign in (1, -1)),
        (one, (sizes * abs(gaps)).sum()),
        ("in a group take both means first, then the size of their gap", every.mean()),
        ("that squares the gaps: take their size", np.average(gaps**2, weights=sizes)),
        ("that squares the gaps: take their size", np.average(gaps**2, weights=sizes) ** 0.5),
        (
            "that squares each answer's gap (the Brier score): take means in each group first",
            (every**2).mean(),
        ),
        ("that is the largest gap; average the gaps of all groups", abs(gaps).max()),
        (
            "that rounds to the nearest tenth: 0.95 belongs to the group from 0.9 to 1",
            np.average(abs(rounded[0]), weights=rounded[1]),
        ),
        ("that makes five groups; ten are wanted", np.average(abs(five[0]), weights=five[1])),
        ("that is in percent: the error goes from 0 to 1", 100 * weighted),
        ("that is 1 minus the error: with no gap at all it should be 0", 1 - weighted),
        ("that is the share of wrong answers: the confidences are not used", 1 - right.mean()),
        ("that is the share of right answers: the confidences are not used", right.mean()),
    ]
    return usual(got, mistakes) or (
        "group by (confidence * 10).astype(int); |mean confidence - share right|, averaged"
    )


def cheapest(answer) -> str | None:
    """04.c: the first option, from cheap to dear, that is about as good as the best."""
    options = {"probe": 0.70, "fine-tune": 0.715, "train from scratch": 0.50}
    got = answer(dict(options), 0.02)
    if got is None:
        return NOTHING
    if not isinstance(got, str) or got not in options:
        return f"it should return one of {list(options)}; it returned {got!r}"
    if got == "fine-tune":
        return "that is the best; the probe is cheaper, and only 0.015 below it, within the margin"
    if got != "probe":
        return "the probe is cheapest, and at most 0.02 below the best"
    if answer({**options, "probe": 0.60}, 0.02) != "fine-tune":
        return "right as long as the cheapest is near the best; 0.60 is not near 0.715"
    turned = {"probe": 0.20, "fine-tune": 0.40, "train from scratch": 0.75}
    if answer(turned, 0.02) != "train from scratch":
        return "where scratch is far ahead, it should be chosen"
    # What is cheap is not always what is worst: here it is the better one of the near ones.
    near = {"probe": 0.60, "fine-tune": 0.71, "all layers": 0.70, "train from scratch": 0.715}
    got = answer(dict(near), 0.02)
    if got == "all layers":
        return (
            "three are near the best, and yours took the worst of them; the one that stands first "
            "is cheapest, whatever its accuracy"
        )
    if got != "fine-tune":
        return (
            "with 0.60, 0.71, 0.70 and 0.715 the second is the first within 0.02 of the best; "
            f"yours took {got!r}"
        )
    if answer({"a": 0.40, "b": 0.50}, 0.15) != "a":
        return "the margin is `near`, in accuracy: with 0.15, 0.40 is near 0.50"
    # Numbers that floats hold exactly, so that the margin is met exactly.
    if answer({"a": 0.5, "b": 0.75}, 0.25) != "a":
        return "at most: an option that is just the margin below the best is near enough"
    if answer({"a": 0.25, "b": 0.375, "c": 0.5}, 0.125) != "b":
        return "compare with the best of all, not with the next in the list"
    return None


CHECKS = {"04.a": enough, "04.b": expected_calibration_error, "04.c": cheapest}
