"""Plain transfer, which is often hard to beat: fixed features, and nothing is meta-trained.

The nearest class mean (Mensink et al. 2013; on centred features of length one Wang et al. 2019,
SimpleShot), and a linear head that is trained anew for every task (Chen et al. 2019, Baseline).
Features are computed once; a thousand tasks are then arithmetic on their rows.
"""

import numpy as np
from scipy.special import softmax

from .over_tasks import over_tasks


def unit_features(features, centre=None) -> np.ndarray:
    """Features (n, d) less a centre, (d,), such as the mean of other classes' features; length 1.

    Wang et al. 2019 call it CL2N: in what all pictures have in common there is no answer.
    """
    features = np.asarray(features, np.float32)
    features = features - (0 if centre is None else np.asarray(centre, np.float32))
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)


def nearest_mean_accuracies(
    features,
    y,
    n_way: int = 5,
    n_shot: int = 1,
    n_query: int = 15,
    n_tasks: int = 1000,
    seed: int = 0,
) -> np.ndarray:
    """Accuracy on each of many tasks where the nearest mean of the examples names a query.

    Args:
        features: (n, d), one a picture.
        y: (n,) classes; none of them may have been trained on.
        n_way: classes a task.
        n_shot: examples of each.
        n_query: other pictures of each to name.
        n_tasks: how many.
        seed: of the tasks.

    Returns:
        (n_tasks,), 0 to 1. Distances are squared Euclidean.
    """
    return over_tasks(_nearest_mean, features, y, n_way, n_shot, n_query, n_tasks, seed)


def head_accuracies(
    features,
    y,
    n_way: int = 5,
    n_shot: int = 1,
    n_query: int = 15,
    n_tasks: int = 1000,
    seed: int = 0,
    steps: int = 100,
    rate: float = 1.0,
    decay: float = 1e-3,
) -> np.ndarray:
    """The same with a linear head, trained on each task's examples by gradient descent from zero.

    Args:
        features, y, n_way, n_shot, n_query, n_tasks, seed: as for `nearest_mean_accuracies`.
        steps, rate: of gradient descent on the mean cross-entropy.
        decay: weight of half the squared length of the weights.
    """

    def answer(support, query):
        return _head(support, query, steps, rate, decay)

    return over_tasks(answer, features, y, n_way, n_shot, n_query, n_tasks, seed)


def _nearest_mean(support, query):
    means = support.mean(2)
    # Minus half of |q - m|^2, without |q|^2, which is the same for every class.
    scores = query @ means.swapaxes(1, 2)
    scores -= (means**2).sum(-1)[:, None] / 2
    return scores


def _head(support, query, steps, rate, decay):
    tasks, way, shot, d = support.shape
    x = support.reshape(tasks, way * shot, d)
    truth = np.repeat(np.eye(way, dtype=x.dtype), shot, axis=0)
    w, b = np.zeros((tasks, d, way), x.dtype), np.zeros((tasks, 1, way), x.dtype)
    for _ in range(steps):
        error = (softmax(x @ w + b, axis=-1) - truth) / (way * shot)
        w -= rate * (x.swapaxes(1, 2) @ error + decay * w)
        b -= rate * error.sum(1, keepdims=True)
    return query @ w + b
