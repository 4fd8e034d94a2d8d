"""Lesson 06: wrong answers that students give, and right ones of another style."""

import numpy as np
from scipy.special import softmax


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def to_mean(s, q, apart=lambda gap: -(gap**2).sum(-1), mean=lambda s: s.mean(1)):
    return apart(q[:, None] - mean(s)[None])


def shares(s, q, soft=lambda z: softmax(z, (1, 2)), one=unit, other=unit, end=lambda a: a.sum(-1)):
    """Matching, with one part replaced."""
    way, shot, d = s.shape
    products = other(q) @ one(s).reshape(-1, d).T
    return end(soft(products.reshape(len(q), way, shot)))


def draw(y, way, shot, n_query, rng, classes=None, rows=None):
    """A task, with its classes or the rows of a class drawn in another way."""
    classes = classes or (lambda: rng.choice(np.unique(y), way, replace=False))
    rows = rows or (lambda k: rng.choice(np.flatnonzero(y == k), shot + n_query, replace=False))
    all_rows = np.stack([rows(k) for k in classes()])
    return all_rows[:, :shot], all_rows[:, shot:]


# (exercise, what went wrong, the answer, words of the hint)
WRONG = [
    (
        "06.a",
        "mean distance",
        lambda s, q: -((q[:, None, None] - s) ** 2).sum(-1).mean(-1),
        "first the",
    ),
    (
        "06.a",
        "nearest",
        lambda s, q: -((q[:, None, None] - s) ** 2).sum(-1).min(-1),
        "nearest example",
    ),
    ("06.a", "L1", lambda s, q: to_mean(s, q, lambda gap: -abs(gap).sum(-1)), "takes their size"),
    ("06.a", "sum squared", lambda s, q: to_mean(s, q, lambda g: -(g.sum(-1) ** 2)), "sums first"),
    ("06.a", "no square", lambda s, q: to_mean(s, q, lambda gap: -gap.sum(-1)), "as they are"),
    ("06.a", "root, no minus", lambda s, q: np.sqrt(-to_mean(s, q)), "no root"),
    ("06.a", "sum", lambda s, q: to_mean(s, q, mean=lambda s: s.sum(1)), "not their sum"),
    ("06.a", "over classes", lambda s, q: to_mean(s, q, mean=lambda s: s.mean(0)), "axis 1"),
    ("06.a", "product", lambda s, q: q @ s.mean(1).T, "a product"),
    ("06.a", "cosine", lambda s, q: unit(q) @ unit(s.mean(1)).T, "a product"),
    ("06.a", "softmax", lambda s, q: softmax(to_mean(s, q), 1), "softmax out"),
    ("06.a", "not summed", lambda s, q: to_mean(s, q, lambda gap: -(gap**2)), "over the features"),
    ("06.a", "classes, not logits", lambda s, q: to_mean(s, q).argmax(1), "logit for each class"),
    (
        "06.a",
        "four written in",
        lambda s, q: to_mean(s, q, lambda g: -4 * (g**2).mean(-1)),
        "arguments",
    ),
    (
        "06.b",
        "same classes",
        lambda y, w, k, n, r: draw(y, w, k, n, r, classes=lambda: np.unique(y)[:w]),
        "same classes",
    ),
    (
        "06.b",
        "first rows",
        lambda y, w, k, n, r: draw(y, w, k, n, r, rows=lambda c: np.flatnonzero(y == c)[: k + n]),
        "same rows",
    ),
    (
        "06.b",
        "another generator",
        lambda y, w, k, n, r: draw(y, w, k, n, np.random.default_rng()),
        "same seed",
    ),
    (
        "06.b",
        "places in the class",
        lambda y, w, k, n, r: draw(
            y, w, k, n, r, rows=lambda c: r.permutation((y == c).sum())[: k + n]
        ),
        "within each class",
    ),
    (
        "06.b",
        "labels",
        lambda y, w, k, n, r: draw(y, w, k, n, r, rows=lambda c: np.repeat(c, k + n)),
        "these are the labels",
    ),
    (
        "06.b",
        "sorted labels assumed",
        lambda y, w, k, n, r: draw(
            y,
            w,
            k,
            n,
            r,
            rows=lambda c: np.searchsorted(np.sort(y), c) + r.permutation(5)[: k + n],
        ),
        "of one class",
    ),
    (
        "06.b",
        "with replacement",
        lambda y, w, k, n, r: draw(
            y, w, k, n, r, rows=lambda c: r.choice(np.flatnonzero(y == c), k + n)
        ),
        "among the examples",
    ),
    (
        "06.b",
        "classes with replacement",
        lambda y, w, k, n, r: draw(y, w, k, n, r, classes=lambda: r.choice(np.unique(y), w)),
        "different ones",
    ),
    ("06.b", "flat", lambda y, w, k, n, r: [x.ravel() for x in draw(y, w, k, n, r)], "(way, shot)"),
    ("06.b", "ragged", lambda y, w, k, n, r: ([[1], [1, 2]], [[1]]), "unequal length"),
    (
        "06.b",
        "sizes written in",
        lambda y, w, k, n, r: draw(y, 4, 2, 3, r),
        "arguments",
    ),
    (
        "06.c",
        "over queries",
        lambda s, q: shares(s, q, lambda z: softmax(z, 0)),
        "over the queries",
    ),
    (
        "06.c",
        "within a class",
        lambda s, q: shares(s, q, lambda z: softmax(z, 2)),
        "within each class",
    ),
    (
        "06.c",
        "over classes",
        lambda s, q: shares(s, q, lambda z: softmax(z, 1)),
        "over the classes",
    ),
    ("06.c", "all queries in one", lambda s, q: shares(s, q, softmax), "over all queries"),
    (
        "06.c",
        "class sums first",
        lambda s, q: softmax(shares(s, q, lambda z: z), 1),
        "before the softmax",
    ),
    (
        "06.c",
        "class means first",
        lambda s, q: softmax(shares(s, q, lambda z: z, end=lambda a: a.mean(-1)), 1),
        "before the softmax",
    ),
    (
        "06.c",
        "prototypes",
        lambda s, q: softmax(unit(q) @ unit(s.mean(1)).T, 1),
        "prototypes first",
    ),
    ("06.c", "largest", lambda s, q: shares(s, q, end=lambda a: a.max(-1)), "largest share"),
    ("06.c", "queries only", lambda s, q: shares(s, q, one=lambda x: x), "only one of the two"),
    ("06.c", "examples only", lambda s, q: shares(s, q, other=lambda x: x), "only one of the two"),
    (
        "06.c",
        "no root",
        lambda s, q: shares(
            s,
            q,
            one=lambda x: x / (x**2).sum(-1, keepdims=True),
            other=lambda x: x / (x**2).sum(-1, keepdims=True),
        ),
        "lacks the root",
    ),
    (
        "06.c",
        "length over the rows",
        lambda s, q: shares(
            s,
            q,
            one=lambda x: x / np.linalg.norm(x.reshape(-1, x.shape[-1]), axis=0),
            other=lambda x: x / np.linalg.norm(x, axis=0),
        ),
        "over the features",
    ),
    (
        "06.c",
        "no exponential",
        lambda s, q: shares(s, q, lambda z: z / z.sum((1, 2), keepdims=True)),
        "exponential is missing",
    ),
    ("06.c", "not divided", lambda s, q: shares(s, q, np.exp), "did not divide"),
    ("06.c", "sign", lambda s, q: shares(s, q, lambda z: softmax(-z, (1, 2))), "sign is turned"),
    (
        "06.c",
        "by distance",
        lambda s, q: softmax(-((q[:, None, None] - s) ** 2).sum(-1), (1, 2)).sum(-1),
        "by distance",
    ),
    (
        "06.c",
        "way for shot",
        lambda s, q: shares(s, q, end=lambda a: a.reshape(len(a), a.shape[2], -1).sum(1)),
        "changed places",
    ),
    ("06.c", "not added up", lambda s, q: shares(s, q, end=lambda a: a), "each example"),
    ("06.c", "transposed", lambda s, q: shares(s, q).T, "other way round"),
    ("06.c", "the class", lambda s, q: shares(s, q).argmax(1), "for each class"),
    ("06.c", "one-hot", lambda s, q: np.eye(len(s))[shares(s, q).argmax(1)], "chooses one class"),
]

# Of another style than the solution in the lesson: float32, lists, plain Python.
RIGHT = [
    ("06.a", "float32", lambda s, q: to_mean(s.astype(np.float32), q.astype(np.float32))),
    (
        "06.a",
        "multiplied out",
        lambda s, q: 2 * q @ s.mean(1).T - (q**2).sum(1)[:, None] - (s.mean(1) ** 2).sum(1),
    ),
    ("06.b", "lists", lambda *a: [x.tolist() for x in draw(*a)]),
    (
        "06.b",
        "permutation",
        lambda y, w, k, n, r: draw(
            y,
            w,
            k,
            n,
            r,
            classes=lambda: r.permutation(np.unique(y))[:w],
            rows=lambda c: r.permutation(np.flatnonzero(y == c))[: k + n],
        ),
    ),
    ("06.c", "float32", lambda s, q: shares(s.astype(np.float32), q.astype(np.float32))),
    ("06.c", "list", lambda s, q: shares(s, q).tolist()),
]
