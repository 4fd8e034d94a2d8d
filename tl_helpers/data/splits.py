"""Stratified draws that never overlap."""

import numpy as np

from .errors import DataError


def draw_per_class(
    y: np.ndarray, counts, rng: np.random.Generator, classes=None
) -> list[np.ndarray]:
    """Draw disjoint sets of indices, each with a given number of every class.

    Args:
        y: (n,) labels, 0 to classes - 1.
        counts: one entry a set: a number of examples a class, a share of each class (a float
            below 1, rounded, at least one), or None for all that the earlier sets left.
        rng: the source of chance. The draw of an earlier set does not depend on a later one's
            count, and a smaller count draws a part of what a larger one would.
        classes: their names, for the error.

    Returns:
        Sorted index arrays, one a set.

    Raises:
        DataError: a class has too few examples; says which, and how many there are.
    """
    chosen = [[] for _ in counts]
    for label in np.unique(y):
        pool = rng.permutation(np.flatnonzero(y == label))
        total, start = len(pool), 0
        for k, count in enumerate(counts):
            if count is None:
                count = total - start
            elif isinstance(count, float):
                count = max(1, round(count * total))
            if start + count > total or count < 1:
                name = repr(classes[label]) if classes is not None else label
                wish = f"cannot draw {count}; ask for at most {total - start} a class"
                if start == total:
                    wish = "none is left for training; the class needs more of them"
                raise DataError(
                    f"class {name} has {total} examples to draw from, {start} of them for "
                    f"validation or test: {wish}"
                )
            chosen[k].append(pool[start : start + count])
            start += count
    return [np.sort(np.concatenate(c)) if c else np.empty(0, int) for c in chosen]
