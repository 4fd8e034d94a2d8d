"""Lesson 03: wrong answers that students give, and right ones of another style."""

import numpy as np


def gaps(w, s):
    return np.concatenate([(a - b).ravel() for a, b in zip(w, s, strict=True)])


def l2_sp(w, s, t):
    return t / 2 * (gaps(w, s) ** 2).sum()


def stage_rates(s, r, d):
    return {x: r * d ** (len(s) - 1 - i) for i, x in enumerate(s)}


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    ("03.a", "1 - decay", lambda s, r, d: stage_rates(s, r, 1 - d), "what is taken off"),
    ("03.a", "all the same", lambda s, r, d: dict.fromkeys(s, r), "same rate"),
    ("03.a", "divided", lambda s, r, d: stage_rates(s, r, 1 / d), "yours divides"),
    ("03.a", "no rate", lambda s, r, d: stage_rates(s, 1, d), "rate is missing"),
    (
        "03.a",
        "times a number",
        lambda s, r, d: {x: r * (d * i if i else 1) for i, x in enumerate(s[::-1])},
        "once more for each",
    ),
    (
        "03.a",
        "one step only",
        lambda s, r, d: {x: r if x == "head" else r * d for x in s},
        "falls with each stage",
    ),
    (
        "03.a",
        "less by decay",
        lambda s, r, d: {x: r - d * i for i, x in enumerate(s[::-1])},
        "not `decay` less",
    ),
    ("03.a", "without the head", lambda s, r, d: stage_rates(s[:-1], r, d), "a rate for each"),
    (
        "03.a",
        "three written in",
        lambda s, r, d: {x: r * d ** (3 - i) for i, x in enumerate(s)},
        "arguments",
    ),
    ("03.b", "too far", lambda s, low: [s[k:] for k in range(3, -1, -1)], "too far"),
    (
        "03.b",
        "too short",
        lambda s, low: [s[k:] for k in range(len(s) - 1, s.index(low), -1)],
        "one stage early",
    ),
    ("03.b", "names alone", lambda s, low: s[: s.index(low) - 1 : -1], "list of names"),
    (
        "03.b",
        "head first",
        lambda s, low: [s[:k:-1] for k in range(2, s.index(low) - 2, -1)],
        "order of the network",
    ),
    (
        "03.b",
        "head and one stage",
        lambda s, low: [["head"], ["stage2", "head"], ["stage1", "head"]],
        "stays so",
    ),
    ("03.b", "last phase alone", lambda s, low: [s[s.index(low) :]], "last phase alone"),
    ("03.b", "from the input", lambda s, low: [s[:k] for k in range(1, 4)], "from the input up"),
    ("03.b", "places", lambda s, low: [[3], [2, 3], [1, 2, 3]], "names of its stages"),
    (
        "03.b",
        "four written in",
        lambda s, low: [s[k:] for k in range(3, s.index(low) - 1, -1)],
        "arguments",
    ),
    ("03.c", "no strength", lambda w, s, t: l2_sp(w, s, 1), "strength is missing"),
    ("03.c", "strength squared", lambda w, s, t: l2_sp(w, s, t**2), "not squared"),
    ("03.c", "L1", lambda w, s, t: t / 2 * sum(abs(a - b).sum() for a, b in zip(w, s)), "L1"),  # noqa: B905
    ("03.c", "the sum squared", lambda w, s, t: t / 2 * sum(gaps(w, s)) ** 2, "squares the sum"),
    ("03.c", "not squared", lambda w, s, t: t / 2 * sum(gaps(w, s)), "as they are"),
    (
        "03.c",
        "difference of squares",
        lambda w, s, t: t / 2 * sum((a**2).sum() - (b**2).sum() for a, b in zip(w, s)),  # noqa: B905
        "subtracts the squares",
    ),
    ("03.c", "sign", lambda w, s, t: -l2_sp(w, s, t), "sign is turned"),
    ("03.c", "first array", lambda w, s, t: l2_sp(w[:1], s[:1], t), "arrays only"),
    ("03.c", "root at the end", lambda w, s, t: t / 2 * l2_sp(w, s, 2) ** 0.5, "root out"),
    ("03.c", "mean", lambda w, s, t: t / 2 * np.mean(np.square(gaps(w, s))), "their mean"),
    (
        "03.c",
        "one number for each array",
        lambda w, s, t: [l2_sp([a], [b], t) for a, b in zip(w, s, strict=True)],
        "for each array",
    ),
    ("03.c", "0.1 written in", lambda w, s, t: l2_sp(w, s, 0.2), "arguments"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("03.a", "from the head down", lambda s, r, d: dict(reversed(stage_rates(s, r, d).items()))),
    (
        "03.a",
        "float32",
        lambda s, r, d: {x: np.float32(v) for x, v in stage_rates(s, r, d).items()},
    ),
    (
        "03.b",
        "tuples",
        lambda s, low: tuple(tuple(s[k:]) for k in range(len(s) - 1, s.index(low) - 1, -1)),
    ),
    ("03.c", "float32", lambda w, s, t: np.float32(l2_sp(w, s, t))),
    (
        "03.c",
        "norms",
        lambda w, s, t: (
            t * 0.5 * sum(np.linalg.norm(a - b) ** 2 for a, b in zip(w, s, strict=True))
        ),
    ),
]
