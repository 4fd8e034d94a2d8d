"""Label shift: the classes look as before, but some are more common (Lipton et al. 2018, BBSE).

How often a classifier says each class on the target, and how it confuses classes at home, give how
common the classes must be there, without one label. Aligning features would be wrong here: it
moves a domain in which cats are common onto one in which dogs are.
"""

import numpy as np


def class_weights(probabilities, y, target_probabilities) -> np.ndarray:
    """How many times more common each class is in the target than in the source: (classes,).

    Of all answers that agree with what the classifier says, the one nearest to no shift
    (Azizzadenesheli et al. 2019): classes that it does not tell apart at home share what is found
    of them together, and a classifier that says the same of every picture finds no shift.

    Args:
        probabilities: (n, classes), what the classifier says of labelled source pictures that it
            has not trained on.
        y: (n,) their labels; each class occurs.
        target_probabilities: (m, classes), what it says of target pictures.
    """
    p, q = np.asarray(probabilities, float), np.asarray(target_probabilities, float)
    y, classes = np.asarray(y), p.shape[1]
    if q.shape[1] != classes or len(p) != len(y):
        raise ValueError(
            f"both domains need probabilities of the same classes, and the source a label a row; "
            f"got {p.shape}, {q.shape} and {len(y)} labels"
        )
    counts = np.bincount(y, minlength=classes)
    if (counts == 0).any():
        missing = np.flatnonzero(counts == 0).tolist()
        raise ValueError(f"the labelled pictures have none of the classes {missing}")
    joint = np.stack([p[y == k].sum(0) for k in range(classes)], axis=1) / len(y)  # (said, true)
    # Directions in which the classifier says next to nothing are rounding, not evidence.
    shift = np.linalg.lstsq(joint, q.mean(0) - joint.sum(1), rcond=1e-6)[0]
    return np.maximum(1 + shift, 0)


def shifted(logits, weights) -> np.ndarray:
    """Logits of a source classifier, corrected for how common the classes are in the target.

    Args:
        logits: (n, classes).
        weights: (classes,) from `class_weights`.
    """
    return np.asarray(logits, float) + np.log(np.maximum(weights, 1e-6))
