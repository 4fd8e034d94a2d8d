"""H-score: how far apart class means lie, in units of the features' spread (Bao et al. 2019).

With few pictures and many features the covariance cannot be inverted, or its inverse is noise.
Ibrahim et al. 2022 shrink it towards a multiple of the identity by Ledoit and Wolf's (2004) rule;
that is the default here.
"""

import numpy as np
from sklearn.covariance import ledoit_wolf

from ._labels import check_labels, class_means


def h_score(features: np.ndarray, y: np.ndarray, shrink: bool = True) -> float:
    """tr(covariance of the features^-1 covariance of their class means); higher is better.

    Args:
        features: (n, d) of a frozen network.
        y: (n,) labels, 0 to classes - 1.
        shrink: regularised as above; False gives the paper's own, with a pseudo-inverse.

    Returns:
        0 to classes - 1.
    """
    f, y = np.asarray(features, np.float64), check_labels(features, y)
    f = f - f.mean(0)
    means, counts = class_means(f, y)  # (classes, d), (classes,)
    between = means * np.sqrt(counts / len(f))[:, None]  # between.T @ between is their covariance
    if not shrink:
        inverse = np.linalg.pinv(f.T @ f / len(f), hermitian=True)
        return float(np.einsum("kd,de,ke->", between, inverse, between))
    covariance, amount = ledoit_wolf(f, assume_centered=True)
    solved = np.linalg.solve(covariance, between.T)  # (d, classes)
    return float((1 - amount) * np.sum(between.T * solved))
