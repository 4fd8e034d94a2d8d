"""LogME: how well frozen features explain labels, without training (You et al. 2021).

A Bayesian linear regression from features to each class's indicator, with a prior of precision
alpha on the weights and of precision beta on the noise. The evidence, the likelihood with the
weights integrated out, is maximised over both by a fixed-point iteration. Unlike a probe's accuracy
on its training pictures it cannot overfit.

One eigendecomposition serves all classes, and all classes iterate together.
"""

import numpy as np

from ._labels import check_labels, indicators

STEPS, CLOSE = 100, 1e-3  # of the iteration, as in the authors' code: ratio of alpha to beta


def logme(features: np.ndarray, y: np.ndarray) -> float:
    """The log evidence per picture, averaged over the classes; higher is better.

    Args:
        features: (n, d) of a frozen network.
        y: (n,) labels, 0 to classes - 1.
    """
    f, y = np.asarray(features, np.float64), check_labels(features, y)
    targets = indicators(y)  # (n, classes)
    (n, d), total = f.shape, targets.sum(0)  # total: |target|^2, since 1^2 = 1
    if n >= d:
        squares, axes = np.linalg.eigh(f.T @ f)
        squares, axes = _positive(squares, axes)  # (k,), (d, k)
        seen = axes.T @ (f.T @ targets) / np.sqrt(squares)[:, None]  # along each axis: (k, classes)
    else:
        squares, axes = np.linalg.eigh(f @ f.T)
        squares, axes = _positive(squares, axes)  # (k,), (n, k)
        seen = axes.T @ targets
    seen2 = (seen**2).T  # (classes, k)
    unseen = np.maximum(total - seen2.sum(1), 0)  # what no weights explain: (classes,)
    alpha, beta = np.ones(len(total)), np.ones(len(total))
    for _ in range(STEPS):
        gamma, weights2, residual2 = _fit(squares, seen2, unseen, alpha, beta)
        before = alpha / beta
        alpha = gamma / np.maximum(weights2, 1e-300)
        beta = (n - gamma) / np.maximum(residual2, 1e-300)
        if (np.abs(alpha / beta - before) <= CLOSE * before).all():
            break
    _, weights2, residual2 = _fit(squares, seen2, unseen, alpha, beta)
    precision = alpha[:, None] + beta[:, None] * squares  # (classes, k)
    determinant = np.log(precision).sum(1) + (d - len(squares)) * np.log(alpha)
    evidence = n * np.log(beta) + d * np.log(alpha) - n * np.log(2 * np.pi) - determinant
    evidence -= beta * residual2 + alpha * weights2
    return float((evidence / 2 / n).mean())


def _fit(squares, seen2, unseen, alpha, beta):
    """Effective parameters, |weights|^2 and |residual|^2 of the posterior mean, each (classes,)."""
    precision = alpha[:, None] + beta[:, None] * squares  # (classes, k)
    gamma = (beta[:, None] * squares / precision).sum(1)
    weights2 = (beta[:, None] ** 2 * squares * seen2 / precision**2).sum(1)
    residual2 = (alpha[:, None] ** 2 * seen2 / precision**2).sum(1) + unseen
    return gamma, weights2, residual2


def _positive(squares, axes):
    keep = squares > squares.max() * 1e-12
    return squares[keep], axes[:, keep]
