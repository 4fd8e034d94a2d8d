"""Lesson 02: wrong answers that students give, and right ones of another style."""

from statistics import median

import numpy as np


def norm_by(x, m, v, g, b, eps=0.0):
    return (x - m) / np.sqrt(v + eps) * g + b


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("02.a", "means turned", lambda x, m: x[..., ::-1] - np.array(m)[::-1], "as they are"),
    ("02.a", "pictures turned", lambda x, m: x[::-1] - np.array(m), "turns the pictures"),
    ("02.a", "np.flip", lambda x, m: np.flip(x) - np.array(m), "np.flip"),
    ("02.a", "no means", lambda x, m: x[..., ::-1].astype(float), "not subtracted"),
    ("02.a", "added", lambda x, m: x[..., ::-1] + np.array(m), "are added"),
    ("02.a", "sign", lambda x, m: np.array(m) - x[..., ::-1], "sign is turned"),
    ("02.a", "divided first", lambda x, m: x[..., ::-1] / 255 - np.array(m), "nothing is divided"),
    ("02.a", "-1 to 1", lambda x, m: x[..., ::-1] / 127.5 - 1, "nothing is divided"),
    ("02.a", "own means", lambda x, m: x[..., ::-1] - x[..., ::-1].mean((0, 1, 2)), "passed in"),
    (
        "02.a",
        "means written in",
        lambda x, m: x[..., ::-1] - np.array([103.939, 116.779, 123.68]),
        "arguments",
    ),
    ("02.b", "median", lambda runs: max(runs, key=lambda s: median(runs[s])), "median"),
    ("02.b", "worst seed", lambda runs: max(runs, key=lambda s: min(runs[s])), "worst seed"),
    ("02.b", "last seed", lambda runs: max(runs, key=lambda s: runs[s][-1]), "last seed"),
    ("02.b", "first seed", lambda runs: max(runs, key=lambda s: runs[s][0]), "first seed"),
    ("02.b", "lowest mean", lambda runs: min(runs, key=lambda s: np.mean(runs[s])), "highest"),
    ("02.b", "its place", lambda runs: int(np.argmax([np.mean(r) for r in runs.values()])), "name"),
    ("02.b", "name in a list", lambda runs: ["middle"], "name of a stage"),
    ("02.c", "epsilon 1e-3", lambda *a: norm_by(*a, eps=1e-3), "small number"),
    ("02.c", "epsilon 1e-5", lambda *a: norm_by(*a, eps=1e-5), "small number"),
    ("02.c", "epsilon 1e-8", lambda *a: norm_by(*a, eps=1e-8), "small number"),
    (
        "02.c",
        "epsilon on the deviation",
        lambda x, m, v, g, b: (x - m) / (np.sqrt(v) + 1e-6) * g + b,
        "small number",
    ),
    (
        "02.c",
        "batch, with epsilon",
        lambda x, m, v, g, b: norm_by(x, x.mean(0), x.var(0), g, b, 1e-3),
        "the stored ones",
    ),
    (
        "02.c",
        "batch, ddof 1",
        lambda x, m, v, g, b: norm_by(x, x.mean(0), x.var(0, ddof=1), g, b),
        "the stored ones",
    ),
    ("02.c", "batch mean", lambda x, m, v, g, b: norm_by(x, x.mean(0), v, g, b), "both stored"),
    ("02.c", "batch variance", lambda x, m, v, g, b: norm_by(x, m, x.var(0), g, b), "both stored"),
    (
        "02.c",
        "each row",
        lambda x, m, v, g, b: (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * g + b,
        "each row",
    ),
    ("02.c", "no root", lambda x, m, v, g, b: (x - m) / v * g + b, "square root"),
    ("02.c", "squared", lambda x, m, v, g, b: (x - m) / v**2 * g + b, "have squared"),
    ("02.c", "multiplied", lambda x, m, v, g, b: (x - m) * v**0.5 * g + b, "multiply by the dev"),
    ("02.c", "no division", lambda x, m, v, g, b: (x - m) * g + b, "nothing is divided"),
    ("02.c", "no mean", lambda x, m, v, g, b: x / v**0.5 * g + b, "not subtracted"),
    ("02.c", "mean added", lambda x, m, v, g, b: (x + m) / v**0.5 * g + b, "to be added"),
    ("02.c", "sign", lambda x, m, v, g, b: (m - x) / v**0.5 * g + b, "sign is turned"),
    ("02.c", "no beta", lambda x, m, v, g, b: (x - m) / v**0.5 * g, "beta is still"),
    ("02.c", "no gamma", lambda x, m, v, g, b: (x - m) / v**0.5 + b, "gamma is still"),
    ("02.c", "gamma for beta", lambda x, m, v, g, b: (x - m) / v**0.5 * b + g, "changed places"),
    ("02.c", "divided by gamma", lambda x, m, v, g, b: (x - m) / v**0.5 / g + b, "divide by gamma"),
    ("02.c", "minus beta", lambda x, m, v, g, b: (x - m) / v**0.5 * g - b, "subtract beta"),
    ("02.c", "brackets", lambda x, m, v, g, b: x - m / v**0.5 * g + b, "brackets"),
    ("02.c", "in place", lambda x, m, v, g, b: np.subtract(x, m, out=x), "have changed"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("02.a", "float32", lambda x, m: x[..., ::-1].astype(np.float32) - np.float32(m)),
    (
        "02.a",
        "stacked",
        lambda x, m: np.stack([x[..., 2 - k].astype(float) - m[k] for k in range(3)], -1),
    ),
    ("02.b", "numpy", lambda runs: list(runs)[int(np.argmax([np.mean(r) for r in runs.values()]))]),
    (
        "02.b",
        "numpy's str",
        lambda runs: np.array(list(runs))[np.argmax([np.mean(r) for r in runs.values()])],
    ),
    ("02.c", "float32", lambda *a: norm_by(*(x.astype(np.float32) for x in a))),
    ("02.c", "folded", lambda x, m, v, g, b: x * (g / v**0.5) + (b - m * g / v**0.5)),
    ("02.c", "list", lambda *a: norm_by(*a).tolist()),
]
