"""Accuracy over many tasks whose pictures were embedded once: tasks are rows of the embeddings."""

import numpy as np

from ..data import episodes
from .episodic import Episodic

CHUNK = 20  # tasks at a time: their features stay in the processor's cache


def episodic_accuracies(
    model: Episodic,
    features,
    y,
    n_way: int = 5,
    n_shot: int = 1,
    n_query: int = 15,
    n_tasks: int = 1000,
    seed: int = 0,
) -> np.ndarray:
    """Accuracy of an episodic model on each of many tasks: (n_tasks,), 0 to 1.

    Args:
        model: its `embed` is not called.
        features: (n, d), what `model.embed` makes of the pictures, or maps where it makes those.
        y: (n,) classes.
        n_way, n_shot, n_query, n_tasks, seed: as for `nearest_mean_accuracies`; the same seed draws
            the same tasks.
    """

    def answer(support, query):
        return np.array(model.score(model.read(support), query))

    return over_tasks(answer, features, y, n_way, n_shot, n_query, n_tasks, seed)


def over_tasks(answer, features, y, n_way, n_shot, n_query, n_tasks, seed):
    """Accuracy on each task, (n_tasks,), of a function from features to scores (tasks, m, way).

    It is given those of the examples, (tasks, way, shot, d), and of the queries, (tasks, m, d),
    which are overwritten by the next ones.
    """
    features = np.asarray(features)
    drawn = episodes(y, n_way, n_shot, n_query, n_tasks, np.random.default_rng([seed, 12]))
    truth = np.repeat(np.arange(n_way), n_query)
    found = np.empty(n_tasks)
    # Memory for the queries, used over and over: new memory would cost more than all else.
    there = np.empty((CHUNK, len(truth), *features.shape[1:]), features.dtype)
    for start in range(0, n_tasks, CHUNK):
        some = slice(start, start + CHUNK)
        rows = drawn.query[some].reshape(-1, len(truth))
        # Rows are in range; "clip" says so, as `take` would else go by way of a copy.
        query = np.take(features, rows, axis=0, out=there[: len(rows)], mode="clip")
        scores = answer(features[drawn.support[some]], query)  # (tasks, m, way)
        found[some] = (scores.argmax(-1) == truth).mean(-1)
    return found


def interval(accuracies) -> tuple[float, float]:
    """The mean over tasks and half its 95 % interval, as the papers give it: 1.96 σ / √tasks."""
    accuracies = np.asarray(accuracies, float)
    return float(accuracies.mean()), float(1.96 * accuracies.std(ddof=1) / len(accuracies) ** 0.5)
