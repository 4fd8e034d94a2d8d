"""Lesson 01: a unit's silence, linear CKA, the last step of Grad-CAM."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def silence(answer) -> str | None:
    """01.a: the share of pictures to which a unit does not answer in any place."""
    first, second = np.zeros((4, 2, 3, 2)), np.zeros((5, 1, 4, 3))  # (pictures, h, w, units)
    first[0, 1, 2, 0] = first[1, 0, 0, 0] = 0.5
    first[2, 0, 1, 0] = 0.001  # weak, but not silent
    first[3, :, :, 1] = 2.0
    second[1, 0, 3, 0] = second[3, 0, 1, 0] = second[4, 0, 2, 1] = 1.0
    for maps in (first, second):
        units = maps.shape[-1]
        silent = maps.max((1, 2)) <= 0  # (pictures, units)
        got = answer(maps.copy())
        if got is None:
            return NOTHING
        axis = usual(
            got,
            [
                ("that is one share for all units together; keep the units apart", silent.mean()),
                (
                    "that is a share for each picture: a share for each unit is wanted",
                    silent.mean(1),
                ),
                ("that says of each picture yes or no; now the share for each unit", silent),
            ],
        )
        if hint := axis or misfit(got, (units,), "a share for each unit"):
            return hint
        if np.allclose(got, silent.mean(0)):
            continue
        if maps is second:
            return FIXED
        mistakes = [
            ("that is the share it does answer to", 1 - silent.mean(0)),
            (
                "that is the share of places: take the largest of a picture's places first",
                (maps <= 0).mean((0, 1, 2)),
            ),
            (
                "a picture with one silent place is not enough: silent means zero at every place",
                (maps.min((1, 2)) <= 0).mean(0),
            ),
            ("that is how many pictures; divide by all of them", silent.sum(0)),
            ("that is in percent; a share goes from 0 to 1", 100 * silent.mean(0)),
            ("that is the mean activation; count the pictures instead", maps.mean((0, 1, 2))),
            ("after a ReLU nothing is below zero: silent means just zero", np.zeros(units)),
        ]
        return usual(got, mistakes, rtol=0, atol=1e-6) or (
            "the largest activation over h and w; then the share of pictures where it is not "
            "above 0"
        )
    return None


def linear_cka(answer) -> str | None:
    """01.b: linear CKA, the plain form on centred features."""
    rng = np.random.default_rng(0)
    x = rng.normal(2, 1, (20, 3))  # (n, p)
    y = x[:, :2] @ rng.normal(size=(2, 4)) + rng.normal(size=(20, 4)) + 5
    given = x.copy(), y.copy()
    got = answer(*given)
    if got is None:
        return NOTHING
    if not (np.array_equal(given[0], x) and np.array_equal(given[1], y)):
        return "the features that were passed in have changed: make new arrays"
    if hint := misfit(got, ()):
        return hint

    def norm(m):
        return np.sqrt((m**2).sum())

    def cka(a, b, norm=norm):
        return norm(a.T @ b) ** 2 / (norm(a.T @ a) * norm(b.T @ b))

    def rows(m):
        return m - m.mean(1, keepdims=True)

    a, b = x - x.mean(0), y - y.mean(0)
    right, both = cka(a, b), norm(a.T @ b)
    if np.isclose(got, right, rtol=1e-4):
        return None
    root = "below the line the norms are not squared: take the root of each sum of squares"
    one = "that centres only one of the two: centre X and Y"
    mistakes = [
        ("centre first: subtract the mean of each feature over the pictures (axis 0)", cka(x, y)),
        (
            "that centres each picture; centre each feature, over the pictures (axis 0)",
            cka(rows(x), rows(y)),
        ),
        (
            "each feature has a mean of its own: yours subtracts one for all",
            cka(x - x.mean(), y - y.mean()),
        ),
        (one, cka(a, y)),
        (one, cka(x, b)),
        (
            "only the mean is subtracted: nothing is divided by the deviation",
            cka(a / a.std(0), b / b.std(0)),
        ),
        ("the upper norm is squared", right**0.5),
        (root, both**2 / (norm(a.T @ a) * norm(b.T @ b)) ** 2),
        ("nothing is divided yet: |XᵀX| and |YᵀY| are missing", both**2),
        (
            "the two lower norms are multiplied, not added",
            both**2 / (norm(a.T @ a) + norm(b.T @ b)),
        ),
        (
            "|·| squares each entry, sums and takes the root; np.linalg.norm(m, 2) is another norm",
            cka(a, b, lambda m: np.linalg.norm(m, 2)),
        ),
        (
            "|·| squares each entry, sums and takes the root; yours sums sizes",
            cka(a, b, lambda m: abs(m).sum()),
        ),
        ("that is how different they are: 1 minus it", 1 - right),
        (
            "below the line are |XᵀX| and |YᵀY|; yours has |X| and |Y|",
            both**2 / (norm(a) * norm(b)),
        ),
        (
            "below the line are |XᵀX| and |YᵀY|; yours has |X| and |Y|",
            both**2 / (norm(a) * norm(b)) ** 2,
        ),
    ]
    return usual(got, mistakes) or (
        "centre both; square the norm of XᵀY; divide by the norms of XᵀX and of YᵀY"
    )


def heat_map(answer) -> str | None:
    """01.c: units weighted by their mean gradient, summed, and cut off at zero."""
    rng = np.random.default_rng(3)
    for h, w, units in ((3, 2, 4), (2, 4, 5)):
        a, gradients = rng.random((h, w, units)), rng.normal(size=(h, w, units))
        got = answer(a.copy(), gradients.copy())
        if got is None:
            return NOTHING
        weights = gradients.mean((0, 1))
        total = a @ weights
        right = np.maximum(total, 0)
        if np.shape(numbers(got)) == a.shape and h == 3:
            return "one map is wanted: sum over the units, the last axis"
        if np.shape(numbers(got)) == (units,):
            return "the places are gone: a map has a number for each place, (h, w)"
        if hint := misfit(got, (h, w), "(h, w)"):
            return hint
        if np.allclose(got, right, rtol=1e-4, atol=1e-5):
            continue
        if h != 3:
            return FIXED
        mistakes = [
            ("the sum is right; what is below zero should become zero", total),
            ("what speaks against the class becomes zero, not positive", np.abs(total)),
            ("the sign is turned: what speaks for the class stays", np.maximum(-total, 0)),
            (
                "average each unit's gradient over all places first: one weight a unit",
                np.maximum((a * gradients).sum(-1), 0),
            ),
            ("that sums the gradient over the places; take the mean", h * w * right),
            ("that averages over the units; the map is their sum", right / units),
            (
                "a unit's weight is the mean over places; yours is the mean over units",
                np.maximum((a * gradients.mean(-1, keepdims=True)).sum(-1), 0),
            ),
            (
                "cut off at zero at the end: negative gradients count, too",
                a @ np.maximum(gradients, 0).mean((0, 1)),
            ),
            ("cut off at zero at the end: negative weights count, too", a @ np.maximum(weights, 0)),
            ("cut off at zero at the end: negative weights count, too", a @ np.abs(weights)),
            (
                "a unit's weight is the mean of its gradient, not the largest",
                np.maximum(a @ gradients.max((0, 1)), 0),
            ),
            (
                "gradients and activations have changed places: average the gradients",
                np.maximum(gradients @ a.mean((0, 1)), 0),
            ),
            (
                "right until the end: leave the numbers as they are, without scaling",
                right / right.max(),
            ),
            (
                "right until the end: leave the numbers as they are, without scaling",
                (right - right.min()) / np.ptp(right),
            ),
        ]
        return usual(got, mistakes) or (
            "mean gradient a unit, times its activations, summed over units, negative to zero"
        )
    return None


CHECKS = {"01.a": silence, "01.b": linear_cka, "01.c": heat_map}
