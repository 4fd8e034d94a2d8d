"""How well fixed features tell new classes apart from a few examples, without any training.

The class of a query is that of the nearest class mean (Mensink et al. 2013): what a prototypical
network (Snell et al. 2017) does once its features are learned.
"""

import numpy as np

from ..data import episodes

CHUNK = 100  # tasks at a time


def nearest_mean(support, labels, queries) -> np.ndarray:
    """The class of each query: that of the nearest mean of the support set.

    Args:
        support: (n, d) features of the examples.
        labels: (n,) their classes, 0 to k - 1, each at least once.
        queries: (m, d) features.

    Returns:
        (m,) classes. Distances are squared Euclidean.
    """
    labels = np.asarray(labels)
    means = np.stack([support[labels == c].mean(0) for c in range(labels.max() + 1)])  # (k, d)
    return _nearest(means, queries)


def nearest_mean_accuracy(
    features, y, n_way: int, n_shot: int, rng: np.random.Generator, n_query: int = 5, tasks=600
) -> float:
    """Mean accuracy of `nearest_mean` over random tasks, 0 to 1.

    Args:
        features: (n, d), one a picture.
        y: (n,) classes; none of them may have been trained on.
        n_way: classes a task.
        n_shot: examples of each.
        rng: the source of chance.
        n_query: other pictures of each class to name; they never lie in the support set.
        tasks: how many.
    """
    drawn = episodes(y, n_way, n_shot, n_query, tasks, rng)
    right = 0
    for start in range(0, tasks, CHUNK):
        some = slice(start, start + CHUNK)
        means = features[drawn.support[some]].mean(axis=2)  # (some tasks, way, d)
        queries = features[drawn.query[some]]  # (some tasks, way, n_query, d)
        queries = queries.reshape(len(means), n_way * n_query, -1)
        right += (_nearest(means, queries) == np.repeat(np.arange(n_way), n_query)).sum()
    return float(right / (tasks * n_way * n_query))


def _nearest(means, queries):
    """Which of (..., k, d) means is nearest to each of (..., m, d) queries: (..., m)."""
    # |q - m|^2 without |q|^2, which is the same for every class
    return ((means**2).sum(-1)[..., None, :] - 2 * queries @ means.swapaxes(-1, -2)).argmin(-1)
