"""What all transferability scores ask of their arrays."""

import numpy as np


def check_probabilities(rows: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for rows of probabilities, (n, classes): they lie in 0 to 1 and sum to 1.

    Returns:
        Both as arrays, the probabilities in float64.
    """
    y, p = check_labels(rows, y), np.asarray(rows, np.float64)
    if p.min() < 0 or not np.allclose(p.sum(1), 1, atol=1e-3):
        raise ValueError(
            "these are no probabilities, rows of numbers from 0 that sum to 1: apply a softmax to "
            "logits first"
        )
    return p, y


def check_labels(rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Labels as an array of ints, after a look at both.

    Args:
        rows: (n, d), a row a picture.
        y: (n,) whole numbers from 0 on.

    Raises:
        ValueError: other shapes, numbers that are not finite, fewer than two classes.
    """
    rows, y = np.asarray(rows), np.asarray(y)
    if rows.ndim != 2 or y.shape != rows.shape[:1]:
        raise ValueError(
            f"a score takes a row of features and a label a picture, (n, d) and (n,); got "
            f"{rows.shape} and {y.shape}"
        )
    if not np.isfinite(rows).all():
        raise ValueError("there are numbers among the features that are not finite")
    if not np.issubdtype(y.dtype, np.integer) or y.min() < 0:
        raise ValueError(f"labels are whole numbers from 0 on, got {y.dtype} from {y.min()}")
    if len(np.unique(y)) < 2:
        raise ValueError("a score needs pictures of at least two classes")
    return y


def class_means(features: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean row of each class that occurs, (classes, d), and its number of rows, (classes,)."""
    hot = indicators(y)
    counts = hot.sum(0)
    return hot.T @ features / counts[:, None], counts


def indicators(y: np.ndarray) -> np.ndarray:
    """1 where a row is of a class, (n, classes) float64; of the classes that occur."""
    return (y[:, None] == np.unique(y)).astype(np.float64)
