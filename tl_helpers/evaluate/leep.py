"""LEEP: how well source classes predict target classes, without training (Nguyen et al. 2020).

Show target pictures to the source classifier. Its probabilities, counted up by target label, give
an empirical classifier from source classes to target labels; LEEP is the mean log-likelihood that
this one gives the target labels.
"""

import numpy as np

from ._labels import check_probabilities


def leep(source_probabilities: np.ndarray, y: np.ndarray) -> float:
    """The LEEP score of a source classifier for a target task; higher is better, at most 0.

    Args:
        source_probabilities: (n, source classes), rows that sum to 1: what the source network, with
            its own head, says of target pictures.
        y: (n,) target labels, 0 to classes - 1.

    Returns:
        Mean log-likelihood in nats.
    """
    theta, y = check_probabilities(source_probabilities, y)
    joint = one_hot(y).T @ theta / len(y)  # (classes, source classes)
    conditional = joint / np.maximum(joint.sum(0), 1e-300)  # P(y | z)
    likelihood = (theta * conditional[y]).sum(1)  # (n,)
    return float(np.log(likelihood).mean())


def one_hot(y: np.ndarray) -> np.ndarray:
    """(n,) labels from 0 on -> (n, classes) float64."""
    return np.eye(int(y.max()) + 1)[y]
