"""Lesson 04: wrong answers that students give, and right ones of another style."""

import numpy as np
from scipy.special import softmax


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def grouped(c, r, group, average=np.average, gap=abs):
    group = group.astype(int)
    of = [group == k for k in np.unique(group)]
    gaps = np.array([gap(c[rows].mean() - r[rows].mean()) for rows in of])
    return average(gaps, weights=[rows.sum() for rows in of])


def all_ten(c, r):
    """nan where a group is empty."""
    of = [(c * 10).astype(int) == k for k in range(10)]
    with np.errstate(invalid="ignore"):
        means = [np.divide(c[rows].sum(), rows.sum()) for rows in of]
        shares = [np.divide(r[rows].sum(), rows.sum()) for rows in of]
    return sum(abs(m - s) * rows.sum() for m, s, rows in zip(means, shares, of, strict=True))


def shares(s, q, soft=lambda z: softmax(z, (1, 2)), one=unit, other=unit, end=lambda a: a.sum(-1)):
    """Matching, with one part replaced."""
    way, shot, d = s.shape
    products = other(q) @ one(s).reshape(-1, d).T
    return end(soft(products.reshape(len(q), way, shot)))


def gaps(w, s):
    return np.concatenate([(a - b).ravel() for a, b in zip(w, s, strict=True)])


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("04.a", "the accuracy", lambda s, a, t: next((x for x in a if x >= t), None), "the accuracy"),
    (
        "04.a",
        "the one before",
        lambda s, a, t: max(n for n, x in zip(s, a, strict=True) if x < t),
        "does not reach it yet",
    ),
    (
        "04.a",
        "the nearest",
        lambda s, a, t: s[int(np.argmin(abs(np.array(a) - t)))] if max(a) >= t else None,
        "is near 0.57",
    ),
    ("04.a", "never: the first", lambda s, a, t: s[int(np.argmax(np.array(a) >= t))], "not 5"),
    (
        "04.a",
        "never: stops",
        lambda s, a, t: next(n for n, x in zip(s, a, strict=True) if x >= t),
        "it should return None",
    ),
    (
        "04.a",
        "all that reach it",
        lambda s, a, t: [n for n, x in zip(s, a, strict=True) if x >= t],
        "one of the sizes",
    ),
    ("04.a", "text", lambda s, a, t: "25", "one of the sizes"),
    ("04.b", "empty groups", all_ten, "leave it out"),
    ("04.b", "all at once", lambda c, r: abs(c.mean() - r.mean()), "make up for"),
    ("04.b", "squared", lambda c, r: grouped(c, r, c * 10, gap=np.square), "squares the gaps"),
    ("04.b", "Brier", lambda c, r: ((c - r) ** 2).mean(), "Brier"),
    (
        "04.b",
        "largest gap",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.max()),
        "largest gap",
    ),
    (
        "04.b",
        "sum of gaps",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.sum()),
        "adds up the gaps",
    ),
    (
        "04.b",
        "over ten groups",
        lambda c, r: grouped(c, r, c * 10, average=lambda gaps, weights: gaps.sum() / 10),
        "not once",
    ),
    ("04.b", "rounded", lambda c, r: grouped(c, r, np.round(c * 10)), "nearest tenth"),
    ("04.b", "five groups", lambda c, r: grouped(c, r, c * 5), "five groups"),
    ("04.b", "percent", lambda c, r: 100 * grouped(c, r, c * 10), "percent"),
    ("04.b", "share wrong", lambda c, r: 1 - r.mean(), "not used"),
    (
        "04.c",
        "worst within the margin",
        lambda a, near: min((x for x in a if a[x] >= max(a.values()) - near), key=a.get),
        "the worst of them",
    ),
    (
        "04.c",
        "best of the near ones in two",
        lambda a, near: next(x for x in a if a[x] > max(a.values()) - near),
        "at most",
    ),
    (
        "04.c",
        "the next one only",
        lambda a, near: next(
            (x for x, z in zip(a, list(a)[1:], strict=False) if a[x] >= a[z] - near), list(a)[-1]
        ),
        "compare with the best of all",
    ),
    (
        "04.c",
        "last near the best",
        lambda a, near: [x for x in a if a[x] >= max(a.values()) - near][-1],
        "cheaper",
    ),
    (
        "04.c",
        "margin written in",
        lambda a, near: next(x for x in a if a[x] >= max(a.values()) - 0.02),
        "with 0.15",
    ),
    ("04.c", "place", lambda a, near: 0, "one of"),
    ("04.c", "list", lambda a, near: [x for x in a if a[x] >= 0.69], "one of"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("04.a", "numpy", lambda s, a, t: min(np.array(s)[np.array(a) >= t], default=None)),
    ("04.b", "float32", lambda c, r: np.float32(grouped(c, r, c * 10))),
    ("04.b", "digitize", lambda c, r: grouped(c, r, np.digitize(c, np.linspace(0, 1, 11)))),
    ("04.c", "a loop", lambda a, near: [x for x in a if max(a.values()) - a[x] <= near][0]),  # noqa: RUF015
]
