"""Lesson 00: wrong answers that students give, and right ones of another style."""

from statistics import median

import numpy as np


def paired(a, b):
    """The gaps of the seeds that both have."""
    return [a[s] - b[s] for s in a if s in b]


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("00.a", "/ 128 - 1", lambda x: x / 128 - 1, "0.992"),
    ("00.a", "(x - 128) / 128", lambda x: (x.astype(float) - 128) / 128, "0.992"),
    ("00.a", "/ 127 - 1", lambda x: x / 127 - 1, "just -1 and 1"),
    ("00.a", "no shift", lambda x: x / 127.5, "0 to 2"),
    ("00.a", "/ 255 - 0.5", lambda x: x / 255 - 0.5, "twice as wide"),
    ("00.a", "/ 255 - 1", lambda x: x / 255 - 1, "-1 to 0"),
    ("00.a", "upside down", lambda x: 1 - x / 127.5, "upside down"),
    ("00.a", "no division", lambda x: x - 127.5, "narrower"),
    ("00.a", "standardised", lambda x: (x - x.mean()) / x.std(), "mean and deviation"),
    (
        "00.a",
        "stretched",
        lambda x: (x - float(x.min())) / np.ptp(x) * 2 - 1,
        "smallest and largest",
    ),
    ("00.a", "by its largest", lambda x: x / x.max() * 2 - 1, "own largest"),
    ("00.a", "uint8 wraps", lambda x: (x - np.uint8(128)) / 128, "wrap around"),
    ("00.a", "uint8 doubled", lambda x: x * np.uint8(2) / 255 - 1, "wrap around"),
    ("00.a", "cut off", lambda x: x.astype(float).clip(-1, 1), "straight line"),
    ("00.a", "text", lambda x: "-1 to 1", "of type str"),
    (
        "00.b",
        "a bias per feature",
        lambda features, classes: features * (classes + 1),
        "each class",
    ),
    ("00.b", "one bias", lambda features, classes: features * classes + 1, "one bias in all"),
    ("00.b", "added", lambda features, classes: features + classes, "more than their sum"),
    (
        "00.b",
        "both biases",
        lambda features, classes: (features + 1) * (classes + 1),
        "only the classes",
    ),
    ("00.b", "256 and 10 written in", lambda features, classes: 2570, "arguments"),
    ("00.b", "text", lambda features, classes: f"{features} weights", "of type str"),
    ("00.b", "two numbers", lambda features, classes: (features * classes, classes), "one number"),
    ("00.c", "median", lambda a, b: 100 * median(paired(a, b)), "median"),
    ("00.c", "median, a fraction", lambda a, b: median(paired(a, b)), "median"),
    ("00.c", "mean size", lambda a, b: 100 * np.mean(np.abs(paired(a, b))), "signs"),
    ("00.c", "list of gaps", lambda a, b: [100 * g for g in paired(a, b)], "one gap for each seed"),
    ("00.c", "array of gaps", lambda a, b: 100 * np.array(paired(a, b)), "one gap for each seed"),
    ("00.c", "dict of gaps", lambda a, b: {s: a[s] - b[s] for s in b}, "one gap for each seed"),
    ("00.c", "sum", lambda a, b: 100 * sum(paired(a, b)), "the sum"),
    ("00.c", "n - 1", lambda a, b: 100 * sum(paired(a, b)) / (len(a) - 1), "one less"),
    ("00.c", "best seeds", lambda a, b: 100 * (max(a.values()) - max(b.values())), "best seed"),
    ("00.c", "one seed", lambda a, b: 100 * (a[0] - b[0]), "gap of one seed"),
    (
        "00.c",
        "in percent of scratch",
        lambda a, b: 100 * np.mean([a[s] / b[s] - 1 for s in a]),
        "in percent of scratch",
    ),
    ("00.c", "whole points", lambda a, b: int(100 * np.mean(paired(a, b))), "do not round"),
    ("00.c", "three seeds written in", lambda a, b: 100 * sum(paired(a, b)) / 3, "arguments"),
    ("00.c", "text", lambda a, b: f"{100 * np.mean(paired(a, b)):.1f} points", "of type str"),
    (
        "00.c",
        "a seed without partner counts as 0",
        lambda a, b: 100 * np.mean([a.get(s, 0) - b.get(s, 0) for s in a | b]),
        "cannot be paired",
    ),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("00.a", "float32", lambda x: x.astype(np.float32) / 127.5 - 1),
    ("00.a", "float16", lambda x: (x / np.float32(127.5) - 1).astype(np.float16)),
    ("00.a", "2 x / 255 - 1", lambda x: x / 255 * 2 - 1),
    ("00.a", "nested list", lambda x: (x / 127.5 - 1).tolist()),
    ("00.b", "float", lambda features, classes: float((features + 1) * classes)),
    ("00.b", "numpy", lambda features, classes: np.zeros((features + 1, classes)).size),
    ("00.c", "float32", lambda a, b: np.float32(100 * np.mean(paired(a, b)))),
    ("00.c", "0-d array", lambda a, b: np.array(100 * np.mean(paired(a, b)))),
    (
        "00.c",
        "a loop",
        lambda a, b: 100 * sum(a[s] - b[s] for s in a.keys() & b) / len(a.keys() & b),
    ),
]
