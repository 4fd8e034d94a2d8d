"""Lesson 06: prototypes, drawing a task, and attention over examples."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def prototypical_logits(answer) -> str | None:
    """06.a: minus the squared distance to each class's mean."""
    rng = np.random.default_rng(6)
    for way, shot, m, d in ((3, 2, 5, 4), (4, 5, 6, 7)):
        support, query = rng.normal(0, 1, (way, shot, d)), rng.normal(0, 1, (m, d))
        got = answer(support.copy(), query.copy())
        if got is None:
            return NOTHING
        means = support.mean(1)
        gaps = query[:, None] - means[None]  # (m, way, d)
        logits = -(gaps**2).sum(-1)
        to_each = -((query[:, None, None] - support[None]) ** 2).sum(-1)  # (m, way, shot)
        shape, wanted = np.shape(numbers(got)), (m, way)
        if shape == logits.T.shape:
            return "a row a query and a column a class: the other way round"
        if shape == (m, shot):
            return "that has a column for each shot: average over a class's examples, axis 1"
        if shape == (m, way, shot):
            return "that is a distance to each example: take the mean of a class's examples first"
        if shape == (m, way, d):
            return "the distance is one number: sum the squares over the features"
        if shape == (m,):
            return "that is one number a query: a logit for each class is wanted"
        if hint := misfit(got, wanted, "(queries, classes)"):
            return hint
        if np.allclose(got, logits, rtol=1e-4, atol=1e-4):
            continue
        if way != 3:
            return FIXED
        own = means / np.linalg.norm(means, axis=-1, keepdims=True)
        q = query / np.linalg.norm(query, axis=-1, keepdims=True)
        e = np.exp(logits - logits.max(1, keepdims=True))
        not_means = "first the mean of a class's examples, then the distance to it"
        product = "that is a product, large where they point the same way: take the distance"
        mistakes = [
            ("the nearest class gets the largest logit: minus the distance", -logits),
            ("the squared distance: no root is taken", -np.sqrt(-logits)),
            ("the squared distance: no root is taken, and minus in front", np.sqrt(-logits)),
            ("square the differences: yours takes their size", -abs(gaps).sum(-1)),
            ("square each difference, then sum: yours sums first", -(gaps.sum(-1) ** 2)),
            ("square the differences: yours adds them up as they are", -gaps.sum(-1)),
            (f"sum over the features: their mean is 1/{d} of it here", logits / d),
            ("the mean of a class's examples, not the first of them", to_each[..., 0]),
            (
                "the mean of a class's examples, not their sum",
                -((query[:, None] - support.sum(1)) ** 2).sum(-1),
            ),
            (
                "the mean of a class's examples, not their median",
                -((query[:, None] - np.median(support, 1)) ** 2).sum(-1),
            ),
            (not_means, to_each.mean(-1)),
            (not_means, to_each.sum(-1)),
            ("that is the distance to the nearest example: take it to their mean", to_each.max(-1)),
            (product, query @ means.T),
            (product, q @ own.T),
            (
                "that is the distance at length one: leave the features as they are",
                -((q[:, None] - own) ** 2).sum(-1),
            ),
            ("these are probabilities already: leave the softmax out", e / e.sum(1, keepdims=True)),
            (
                "these are probabilities already: leave the softmax out",
                logits - logits.max(1, keepdims=True) - np.log(e.sum(1, keepdims=True)),
            ),
        ]
        return usual(got, mistakes) or (
            "means over the examples (way, d), then minus the sum of squared differences"
        )
    return None


def draw_task(answer) -> str | None:
    """06.b: distinct classes, distinct rows, and of each row's class."""
    labels, counts = [3, 5, 8, 9, 11, 12], [7, 9, 6, 8, 5, 10]
    # In no order, and not as many of each: the rows of a class have to be looked for.
    y = np.random.default_rng(0).permutation(np.repeat(labels, counts))
    tasks = []
    for seed in range(20):
        got = answer(y.copy(), 4, 2, 3, np.random.default_rng(seed))
        if got is None:
            return NOTHING
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            return "return two arrays: the rows of the examples, and those of the queries"
        support, query = map(numbers, got)
        if support is None or query is None:
            return (
                "return two arrays of numbers; in yours, something else or rows of unequal length"
            )
        if support.shape != (4, 2) or query.shape != (4, 3):
            return (
                "the examples are (way, shot), here (4, 2), and the queries (way, n_query), here "
                f"(4, 3); they have shapes {support.shape} and {query.shape}"
            )
        rows = np.concatenate([support, query], axis=1)
        if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= len(y):
            return "rows are whole numbers from 0 to len(y) - 1, not labels or pictures"
        if (rows == rows[:, :1]).all() and np.isin(rows, labels).all():
            return "these are the labels; wanted are the rows where they stand in y"
        wrong = (y[rows] != y[rows[:, :1]]).any()
        if wrong and rows.max() < max(counts):
            return "these count within each class; wanted are places in the whole of y"
        if wrong:
            return "examples and queries in a row of the task must be of one class"
        if len(set(y[rows[:, 0]])) < 4:
            return "the classes of a task are different ones: choose them without replacement"
        if set(support.ravel()) & set(query.ravel()):
            return (
                "a query lies among the examples: draw shot + n_query rows at once, then part them"
            )
        if len(set(rows.ravel())) < rows.size:
            return "a row comes twice: draw without replacement"
        tasks.append(rows)
    if all(np.array_equal(task, tasks[0]) for task in tasks):
        return "every task is the same: draw by rng"
    if all(set(y[task[:, 0]]) == set(y[tasks[0][:, 0]]) for task in tasks):
        return "every task has the same classes: draw them by rng, too"
    of = [{tuple(row) for task in tasks for row in task if y[row[0]] == k} for k in labels]
    if all(len(drawn) < 2 for drawn in of):
        return "a class always shows the same rows: draw them by rng, too"
    again = answer(y.copy(), 4, 2, 3, np.random.default_rng(19))
    if not np.array_equal(np.concatenate(again, axis=1), tasks[-1]):
        return "the same seed should give the same task again: draw by `rng`, and by nothing else"
    other = answer(y.copy(), 2, 1, 4, np.random.default_rng(0))
    return FIXED if [np.shape(part) for part in other] != [(2, 1), (2, 4)] else None


def matching_probabilities(answer) -> str | None:
    """06.c: attention over all examples by cosine, summed for each class."""
    return _matching(answer, 3, 2, 5, 4) or (_matching(answer, 4, 3, 6, 7) and FIXED)


def _matching(answer, way, shot, m, d) -> str | None:
    """06.c, for one number of classes, of examples and queries, and of features."""
    rng = np.random.default_rng(6)

    def unit(x):
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    def softmax(z, axis):
        e = np.exp(z - z.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)

    support, query = rng.normal(0, 1, (way, shot, d)), rng.normal(0, 1, (m, d))
    got = answer(support.copy(), query.copy())
    if got is None:
        return NOTHING

    def near(a, b, shape=(m, way, shot)):
        """Products of each query with each example."""
        return (b @ a.reshape(-1, d).T).reshape(shape)

    examples = (-2, -1)
    cosine = near(unit(support), unit(query))
    attention = softmax(cosine, examples)
    right = attention.sum(-1)
    shape = np.shape(numbers(got))
    if shape == (way, m):
        return "a row a query and a column a class: the other way round"
    if shape in ((m, way * shot), (m, way, shot)):
        return "that is a number for each example: add up those of each class's examples"
    if shape == (m, shot):
        return "that adds up over the classes: add up over the examples of each class"
    if shape == (m,):
        return "that is one number a query: a probability for each class is wanted"
    if hint := misfit(got, (m, way), "(queries, classes)"):
        return hint
    if np.allclose(got, right, rtol=1e-4, atol=1e-5):
        return None
    means = support.mean(1)
    length = "by cosine: bring examples and queries to length one first"
    one_only = "only one of the two is at length one: bring examples and queries there"
    queries = "your softmax runs over the queries: each query spreads its own over the examples"
    within = "your softmax runs within each class, so every class gets the same: take all examples"
    over_classes = (
        "you seem to have put each class's examples together before the softmax: it runs over "
        "all examples, and then their shares are added up"
    )
    early = "attention goes to the single examples: do not average them to prototypes first"
    squared = -((query[:, None, None] - support) ** 2).sum(-1)
    spheric = -((unit(query)[:, None, None] - unit(support)) ** 2).sum(-1)
    exp = np.exp(cosine)
    mistakes = [
        (
            "a class's probability is the sum over its examples, so that a row sums to 1",
            attention.mean(-1),
        ),
        (
            "you take the largest share of each class: add up those of all its examples",
            attention.max(-1),
        ),
        (length, softmax(near(support, query), examples).sum(-1)),
        (one_only, softmax(near(unit(support), query), examples).sum(-1)),
        (one_only, softmax(near(support, unit(query)), examples).sum(-1)),
        (
            "each feature is one of many: length one is over the features, the last axis",
            softmax(
                near(
                    support / np.linalg.norm(support.reshape(-1, d), axis=0),
                    query / np.linalg.norm(query, axis=0),
                ),
                examples,
            ).sum(-1),
        ),
        (
            "cosine is a product over both lengths, each with its root: yours lacks the root",
            softmax(
                near(
                    support / (support**2).sum(-1, keepdims=True),
                    query / (query**2).sum(-1, keepdims=True),
                ),
                examples,
            ).sum(-1),
        ),
        ("the similarities go through a softmax over all examples first", cosine.sum(-1)),
        ("the similarities go through a softmax over all examples first", cosine.mean(-1)),
        (
            "the exponential is missing: yours divides the cosines by their sum",
            (cosine / cosine.sum(examples, keepdims=True)).sum(-1),
        ),
        ("you took the exponentials, but did not divide by their sum yet", exp.sum(-1)),
        ("you took the exponentials, but did not divide by their sum yet", exp.mean(-1)),
        (queries, softmax(cosine, 0).sum(-1)),
        (queries, softmax(cosine, 0).mean(-1)),
        (
            "your softmax divides by the sum over all queries, too: each row sums to 1",
            (exp / exp.sum()).sum(-1),
        ),
        (within, softmax(cosine, -1).sum(-1)),
        (within, softmax(cosine, -1).mean(-1)),
        (
            "your softmax runs over the classes, for each shot on its own: take all examples",
            softmax(cosine, 1).sum(-1),
        ),
        (
            "your softmax runs over the classes, for each shot on its own: take all examples",
            softmax(cosine, 1).mean(-1),
        ),
        (over_classes, softmax(cosine.sum(-1), 1)),
        (over_classes, softmax(cosine.mean(-1), 1)),
        (over_classes, softmax(cosine.max(-1), 1)),
        (early, softmax(unit(query) @ unit(means).T, 1)),
        (early, softmax(unit(query) @ unit(unit(support).mean(1)).T, 1)),
        (early, softmax(-((query[:, None] - means) ** 2).sum(-1), 1)),
        (
            "that is by distance: attention goes by cosine here",
            softmax(squared, examples).sum(-1),
        ),
        (
            "that is by distance: attention goes by cosine here",
            softmax(spheric, examples).sum(-1),
        ),
        (
            "that is by distance: attention goes by cosine here",
            softmax(-np.sqrt(-squared), examples).sum(-1),
        ),
        (
            "the sign is turned: the most similar examples get the most",
            softmax(-cosine, examples).sum(-1),
        ),
        (
            "way and shot have changed places: examples of one class stand next to each other",
            attention.reshape(m, shot, way).sum(1),
        ),
        (
            "that chooses one class: the shares themselves are wanted",
            np.eye(way)[right.argmax(1)],
        ),
        ("these are logarithms: leave them out at the end", np.log(right)),
        (
            "every class gets the same: the similarities do not count yet",
            np.full((m, way), 1 / way),
        ),
    ]
    if hint := usual(got, mistakes):
        return hint
    if not np.allclose(np.sum(got, axis=1), 1, atol=1e-4):
        return "each row is a distribution: one softmax over all examples of all classes"
    return "softmax over all way * shot examples, then add up the attention of each class's own"


CHECKS = {"06.a": prototypical_logits, "06.b": draw_task, "06.c": matching_probabilities}
