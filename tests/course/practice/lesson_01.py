"""Lesson 01: wrong answers that students give, and right ones of another style."""

import numpy as np


def cka(x, y, norm=np.linalg.norm):
    return norm(x.T @ y) ** 2 / (norm(x.T @ x) * norm(y.T @ y))


def centred(x):
    return x - x.mean(0)


def by_pictures(x, y):
    """Linear CKA from the products of pictures with pictures."""
    k, m = centred(x) @ centred(x).T, centred(y) @ centred(y).T
    return (k * m).sum() / ((k**2).sum() * (m**2).sum()) ** 0.5


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("01.a", "one silent place", lambda m: (m.min((1, 2)) <= 0).mean(0), "at every place"),
    ("01.a", "percent", lambda m: 100 * (m.max((1, 2)) <= 0).mean(0), "percent"),
    ("01.a", "units together", lambda m: (m.max((1, 2)) <= 0).mean(), "units apart"),
    ("01.a", "share of units", lambda m: (m.max((1, 2)) <= 0).mean(1), "a share for each unit"),
    ("01.a", "yes or no", lambda m: m.max((1, 2)) <= 0, "yes or no"),
    ("01.a", "below zero", lambda m: (m.max((1, 2)) < 0).mean(0), "nothing is below zero"),
    ("01.a", "mean activation", lambda m: m.mean((0, 1, 2)), "mean activation"),
    ("01.a", "a threshold", lambda m: (m.max((1, 2)) < 0.1).mean(0), "not above 0"),
    ("01.a", "four written in", lambda m: (m.max((1, 2)) <= 0).sum(0) / 4, "arguments"),
    ("01.b", "one centred", lambda x, y: cka(centred(x), y), "only one"),
    ("01.b", "the other centred", lambda x, y: cka(x, centred(y)), "only one"),
    ("01.b", "one mean for all", lambda x, y: cka(x - x.mean(), y - y.mean()), "mean of its own"),
    (
        "01.b",
        "standardised",
        lambda x, y: cka(centred(x) / x.std(0), centred(y) / y.std(0)),
        "divided by the deviation",
    ),
    (
        "01.b",
        "lower norms squared",
        lambda x, y: (
            cka(centred(x), centred(y), lambda m: (m**2).sum())
            / np.linalg.norm(centred(x).T @ centred(y)) ** 2
        ),
        "below the line",
    ),
    (
        "01.b",
        "spectral norm",
        lambda x, y: cka(centred(x), centred(y), lambda m: np.linalg.norm(m, 2)),
        "another norm",
    ),
    (
        "01.b",
        "sum of sizes",
        lambda x, y: cka(centred(x), centred(y), lambda m: abs(m).sum()),
        "sums sizes",
    ),
    (
        "01.b",
        "norms of X and Y",
        lambda x, y: (
            (np.linalg.norm(centred(x).T @ centred(y)) ** 2)
            / (np.linalg.norm(centred(x)) * np.linalg.norm(centred(y))) ** 2
        ),
        "yours has |X|",
    ),
    ("01.b", "1 minus", lambda x, y: 1 - cka(centred(x), centred(y)), "1 minus it"),
    ("01.b", "a matrix", lambda x, y: x.T @ y, "one number"),
    (
        "01.b",
        "y changed",
        lambda x, y: cka(centred(x), np.subtract(y, y.mean(0), out=y)),
        "changed",
    ),
    (
        "01.c",
        "mean over units",
        lambda a, g: (a @ g.mean((0, 1)) / a.shape[-1]).clip(0),
        "their sum",
    ),
    (
        "01.c",
        "a weight per place",
        lambda a, g: (a * g.mean(-1, keepdims=True)).sum(-1).clip(0),
        "mean over units",
    ),
    ("01.c", "gradients cut", lambda a, g: a @ g.clip(0).mean((0, 1)), "at the end"),
    ("01.c", "weights cut", lambda a, g: a @ g.mean((0, 1)).clip(0), "at the end"),
    ("01.c", "largest gradient", lambda a, g: (a @ g.max((0, 1))).clip(0), "not the largest"),
    ("01.c", "changed places", lambda a, g: (g @ a.mean((0, 1))).clip(0), "changed places"),
    (
        "01.c",
        "scaled to 1",
        lambda a, g: (a @ g.mean((0, 1))).clip(0) / (a @ g.mean((0, 1))).max(),
        "without scaling",
    ),
    ("01.c", "sign", lambda a, g: (-(a @ g.mean((0, 1)))).clip(0), "sign is turned"),
    ("01.c", "not summed", lambda a, g: (a * g.mean((0, 1))).clip(0), "sum over the units"),
    ("01.c", "places gone", lambda a, g: (a * g).mean((0, 1)), "places are gone"),
    ("01.c", "six written in", lambda a, g: (a @ g.sum((0, 1))).clip(0) / 6, "arguments"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("01.a", "all", lambda m: (m == 0).all((1, 2)).mean(0)),
    (
        "01.a",
        "list",
        lambda m: [float((m[..., k].sum((1, 2)) == 0).mean()) for k in range(m.shape[-1])],
    ),
    ("01.a", "float32", lambda m: (m.max((1, 2)) <= 0).mean(0, dtype=np.float32)),
    ("01.b", "by pictures", lambda x, y: by_pictures(x, y)),
    ("01.b", "float32", lambda x, y: by_pictures(x.astype(np.float32), y.astype(np.float32))),
    ("01.c", "einsum", lambda a, g: np.maximum(np.einsum("hwu,u->hw", a, g.mean((0, 1))), 0)),
    (
        "01.c",
        "float32",
        lambda a, g: (a.astype(np.float32) @ g.astype(np.float32).mean((0, 1))).clip(0),
    ),
]
