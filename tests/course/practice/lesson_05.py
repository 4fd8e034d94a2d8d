"""Lesson 05: wrong answers that students give, and right ones of another style."""

import numpy as np


def centred(x):
    return x - x.mean(0)


def gap_of(s, t):
    return np.cov(s.T) - np.cov(t.T)


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("05.a", "4 d", lambda s, t: (gap_of(s, t) ** 2).sum() / 4 / s.shape[1], "divide by 36"),
    (
        "05.a",
        "number of pictures",
        lambda s, t: (gap_of(s, t) ** 2).sum() / 4 / len(s) ** 2,
        "pictures",
    ),
    ("05.a", "36 written in", lambda s, t: (gap_of(s, t) ** 2).sum() / 36, "arguments"),
    ("05.a", "rows", lambda s, t: ((np.cov(s) - np.cov(t)) ** 2).sum() / 36, "n by n"),
    ("05.a", "mean", lambda s, t: (gap_of(s, t) ** 2).mean() / 36, "mean divides"),
    ("05.a", "sum squared", lambda s, t: gap_of(s, t).sum() ** 2 / 36, "squares the sum"),
    ("05.a", "sizes", lambda s, t: abs(gap_of(s, t)).sum() / 36, "takes its size"),
    (
        "05.a",
        "variances",
        lambda s, t: ((s.var(0, ddof=1) - t.var(0, ddof=1)) ** 2).sum() / 36,
        "alone",
    ),
    (
        "05.a",
        "correlations",
        lambda s, t: ((np.corrcoef(s.T) - np.corrcoef(t.T)) ** 2).sum() / 36,
        "correlations",
    ),
    (
        "05.a",
        "both by the source's number",
        lambda s, t: (
            ((centred(s).T @ centred(s) - centred(t).T @ centred(t)) ** 2 / (len(s) - 1) ** 2).sum()
            / (4 * s.shape[1] ** 2)
        ),
        "each by its own n",
    ),
    ("05.a", "means", lambda s, t: ((s.mean(0) - t.mean(0)) ** 2).sum() / 36, "means"),
    ("05.a", "not summed", lambda s, t: gap_of(s, t) ** 2 / 36, "still a matrix"),
    ("05.a", "norm", lambda s, t: np.linalg.norm(gap_of(s, t)) / 36, "no root"),
    ("05.b", "size", lambda error: abs(2 * (1 - 2 * error)), "bad luck"),
    ("05.b", "share right", lambda error: 1 - error, "share of right"),
    ("05.b", "2 (1 - error)", lambda error: 2 * (1 - error), "too slowly"),
    ("05.b", "cut at 1", lambda error: float(np.clip(2 - 4 * error, 0, 1)), "not to 1"),
    ("05.b", "whole numbers", lambda error: max(0, int(2 - 4 * error)), "too coarse"),
    ("05.b", "turned", lambda error: 4 * error, "other way round"),
    ("05.b", "text", lambda error: f"{2 - 4 * error}", "of type str"),
    ("05.c", "first that reaches", lambda p, t: (p >= t).argmax(1), "not 0"),
    ("05.c", "not -1 but 0", lambda p, t: np.where(p.max(1) >= t, p.argmax(1), 0), "not 0"),
    ("05.c", "classes as rows", lambda p, t: p.argmax(0), "gives one a class"),
    ("05.c", "probabilities", lambda p, t: np.where(p.max(1) >= t, p.max(1), -1), "the label is"),
    ("05.c", "yes or no", lambda p, t: p.max(1) >= t, "yes and no"),
    ("05.c", "wrong way round", lambda p, t: np.where(p.max(1) < t, p.argmax(1), -1), "way round"),
    ("05.c", "count from 1", lambda p, t: np.where(p.max(1) >= t, p.argmax(1) + 1, -1), "from 0"),
    ("05.c", "argmin", lambda p, t: np.where(p.max(1) >= t, p.argmin(1), -1), "least likely"),
    (
        "05.c",
        "last class that reaches",
        lambda p, t: [max([k for k, x in enumerate(row) if x >= t], default=-1) for row in p],
        "more than one class",
    ),
    (
        "05.c",
        "0.75 written in",
        lambda p, t: np.where(p.max(1) >= 0.75, p.argmax(1), -1),
        "arguments",
    ),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("05.a", "float32", lambda s, t: np.float32((gap_of(s, t) ** 2).sum() / 4 / s.shape[1] ** 2)),
    ("05.a", "norm", lambda s, t: (np.linalg.norm(gap_of(s, t)) / 2 / s.shape[1]) ** 2),
    ("05.b", "clip", lambda error: np.clip(2 - 4 * error, 0, 2)),
    ("05.b", "float32", lambda error: np.float32(2 * (1 - 2 * min(error, 0.5)))),
    (
        "05.c",
        "list",
        lambda p, t: [int(np.argmax(row)) if max(row) >= t else -1 for row in p.tolist()],
    ),
    ("05.c", "floats", lambda p, t: np.where(p.max(1) >= t, p.argmax(1), -1.0)),
    ("05.c", "float32", lambda p, t: np.where(p.astype("float32").max(1) >= t, p.argmax(1), -1)),
]
