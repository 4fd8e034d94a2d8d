"""How well fixed features tell new classes apart from a few examples, without any training.

The class of a query is that of the nearest class mean (Mensink et al. 2013): what a prototypical
network (Snell et al. 2017) does once its features are learned.
"""

import numpy as np


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
    # |q - m|^2 without |q|^2, which is the same for every class
    return ((means**2).sum(1) - 2 * queries @ means.T).argmin(1)


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
    members = [np.flatnonzero(y == c) for c in np.unique(y)]
    if n_way > len(members) or n_shot + n_query > min(map(len, members)):
        raise ValueError(
            f"{n_way}-way {n_shot}-shot tasks with {n_query} queries need {n_way} classes of "
            f"{n_shot + n_query} pictures; there are {len(members)} of at least "
            f"{min(map(len, members))}"
        )
    right = 0
    for _ in range(tasks):
        chosen = rng.choice(len(members), n_way, replace=False)
        picked = np.stack([rng.permutation(members[c])[: n_shot + n_query] for c in chosen])
        support, query = picked[:, :n_shot].ravel(), picked[:, n_shot:].ravel()
        labels = np.repeat(np.arange(n_way), n_shot)
        guess = nearest_mean(features[support], labels, features[query])
        right += (guess == np.repeat(np.arange(n_way), n_query)).sum()
    return float(right / (tasks * n_way * n_query))
