"""Calibration: is a network right as often as it says? (Guo et al. 2017)"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from ._labels import check_labels, check_probabilities


@dataclass(frozen=True, eq=False)
class Calibration:
    """How confidence and accuracy go together.

    error: the expected calibration error, 0 to 1: the gap between the two, averaged over bins by
        how many pictures they hold.
    table: a row a bin that holds pictures: confidence and accuracy, their means, and pictures.
    """

    error: float
    table: pd.DataFrame


def calibration(probabilities: np.ndarray, y: np.ndarray, bins: int = 15) -> Calibration:
    """Sort pictures into bins by confidence, and compare it with accuracy in each.

    Args:
        probabilities: (n, classes), rows that sum to 1.
        y: (n,) labels.
        bins: of equal width, from 0 to 1.
    """
    p, y = check_probabilities(probabilities, y)
    if bins < 1:
        raise ValueError(f"at least one bin, got {bins}")
    confidence = p.max(1)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = pd.DataFrame({"confidence": confidence, "accuracy": p.argmax(1) == y})
    table = rows.groupby(place).agg(
        confidence=("confidence", "mean"),
        accuracy=("accuracy", "mean"),
        pictures=("accuracy", "size"),
    )
    table = table.reset_index(drop=True)
    gaps = (table["confidence"] - table["accuracy"]).abs()
    return Calibration(float((gaps * table["pictures"]).sum() / len(y)), table)


def temperature(logits: np.ndarray, y: np.ndarray) -> float:
    """The number to divide logits by, so that confidence fits: temperature scaling.

    Found on validation pictures, by their likelihood. It changes no answer, only how sure they are.

    Args:
        logits: (n, classes).
        y: (n,) labels.

    Returns:
        Above 1 for a network that is too sure.
    """
    logits, y = np.asarray(logits, np.float64), check_labels(logits, y)

    def loss(log_t):
        return -log_softmax(logits / np.exp(log_t), axis=1)[np.arange(len(y)), y].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x))
