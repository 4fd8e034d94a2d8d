"""Lesson 06: prototypes, drawing a task, and attention over examples."""

import numpy as np

from . import NOTHING


def prototypical_logits(answer) -> str | None:
    """06.a: minus the squared distance to each class's mean."""
    rng = np.random.default_rng(6)
    support, query = rng.normal(0, 1, (3, 2, 4)), rng.normal(0, 1, (5, 4))
    got = answer(support.copy(), query.copy())
    if got is None:
        return NOTHING
    gaps = query[:, None] - support.mean(1)[None]  # (m, way, d)
    logits = -(gaps**2).sum(-1)
    if np.shape(got) == (3, 5) and np.allclose(np.transpose(got), logits):
        return "a row a query and a column a class: the other way round"
    if np.shape(got) != (5, 3):
        return f"it should be (queries, classes), here (5, 3); it has shape {np.shape(got)}"
    if np.allclose(got, logits):
        return None
    if np.allclose(got, -logits):
        return "the nearest class gets the largest logit: minus the distance"
    if np.allclose(got, -np.sqrt(-logits)):
        return "the squared distance: no root is taken"
    if np.allclose(got, logits / 4):
        return "sum over the features: their mean is a fourth of it here"
    first = -((query[:, None] - support[:, 0][None]) ** 2).sum(-1)
    if np.allclose(got, first):
        return "the mean of a class's examples, not the first of them"
    return "means over the examples (way, d), then minus the sum of squared differences"


def draw_task(answer) -> str | None:
    """06.b: distinct classes, distinct rows, and of each row's class."""
    y = np.repeat([3, 5, 8, 9, 11, 12], 7)
    for seed in range(20):
        got = answer(y.copy(), 4, 2, 3, np.random.default_rng(seed))
        if got is None:
            return NOTHING
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            return "return two arrays: the rows of the examples, and those of the queries"
        support, query = map(np.asarray, got)
        if support.shape != (4, 2) or query.shape != (4, 3):
            return (
                "the examples are (way, shot), here (4, 2), and the queries (way, n_query), here "
                f"(4, 3); they have shapes {support.shape} and {query.shape}"
            )
        rows = np.concatenate([support, query], axis=1)
        if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= len(y):
            return "rows are whole numbers from 0 to len(y) - 1, not labels or pictures"
        if (y[rows] != y[rows[:, :1]]).any():
            return "examples and queries in a row of the task must be of one class"
        if len(set(y[rows[:, 0]])) < 4:
            return "the classes of a task are different ones: choose them without replacement"
        if set(support.ravel()) & set(query.ravel()):
            return (
                "a query lies among the examples: draw shot + n_query rows at once, then part them"
            )
        if len(set(rows.ravel())) < rows.size:
            return "a row comes twice: draw without replacement"
    others = [answer(y.copy(), 4, 2, 3, np.random.default_rng(seed)) for seed in (0, 1)]
    if all(np.array_equal(a, b) for a, b in zip(*others, strict=True)):
        return "every task is the same: draw by rng"
    return None


def matching_probabilities(answer) -> str | None:
    """06.c: attention over all examples by cosine, summed for each class."""
    rng = np.random.default_rng(6)
    support, query = rng.normal(0, 1, (3, 2, 4)), rng.normal(0, 1, (5, 4))
    got = answer(support.copy(), query.copy())
    if got is None:
        return NOTHING
    if np.shape(got) != (5, 3):
        return f"it should be (queries, classes), here (5, 3); it has shape {np.shape(got)}"

    def probabilities(near, far):
        e = np.exp(far @ near.reshape(6, 4).T)
        return (e / e.sum(1, keepdims=True)).reshape(5, 3, 2)

    def unit(x):
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    right = probabilities(unit(support), unit(query))
    if np.allclose(got, right.sum(-1)):
        return None
    if np.allclose(got, right.mean(-1)):
        return "a class's probability is the sum over its examples, so that a row sums to 1"
    if np.allclose(got, probabilities(support, query).sum(-1)):
        return "by cosine: bring examples and queries to length one first"
    cosines = (unit(query) @ unit(support).reshape(6, 4).T).reshape(5, 3, 2)
    if np.allclose(got, cosines.sum(-1)):
        return "the similarities go through a softmax over all examples first"
    if not np.allclose(np.sum(got, axis=1), 1):
        return "each row is a distribution: one softmax over all examples of all classes"
    return "softmax over all way * shot examples, then add up the attention of each class's"


CHECKS = {"06.a": prototypical_logits, "06.b": draw_task, "06.c": matching_probabilities}
