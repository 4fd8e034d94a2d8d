"""Linear centred kernel alignment: how alike two representations are (Kornblith et al. 2019).

1 when one is a rotation and a scaling of the other, near 0 when they have nothing in common. The
estimate is the unbiased one on batches (Nguyen et al. 2021): with fewer pictures than features the
plain formula is far too high, even for pure noise.
"""

import numpy as np
import pandas as pd


def cka(a: np.ndarray, b: np.ndarray, batch_size: int = 256) -> float:
    """How alike two representations of the same pictures are.

    Args:
        a, b: (n, ...), a row a picture; what follows is flattened.
        batch_size: rows that are compared with each other; the estimate does not depend on it, its
            scatter does. A smaller last batch is left out.

    Returns:
        About 0 to 1; noise can take it a little below 0.
    """
    a, b = _flat(a, "a"), _flat(b, "b")
    if len(a) != len(b):
        raise ValueError(f"a and b are of the same pictures, got {len(a)} and {len(b)} rows")
    size = min(batch_size, len(a))
    if size < 4:
        raise ValueError(f"the unbiased estimate needs batches of at least 4 rows, got {size}")
    sums = np.zeros(3)  # of a with b, a with a, b with b
    for start in range(0, len(a) - size + 1, size):
        rows = slice(start, start + size)
        k, l_ = (x[rows] @ x[rows].T for x in (a, b))  # (size, size)
        sums += hsic(k, l_), hsic(k, k), hsic(l_, l_)
    return float(sums[0] / np.sqrt(sums[1] * sums[2]))


def cka_table(
    a: dict[str, np.ndarray], b: dict[str, np.ndarray], batch_size: int = 256
) -> pd.DataFrame:
    """`cka` of each representation in `a`, a row each, with each in `b`, a column each."""
    rows = {i: {j: cka(x, y, batch_size) for j, y in b.items()} for i, x in a.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def hsic(k: np.ndarray, l_: np.ndarray) -> float:
    """The unbiased Hilbert-Schmidt independence criterion of two kernels (Song et al. 2012).

    Args:
        k, l_: (n, n), symmetric, n at least 4; their diagonals do not matter.
    """
    n = len(k)
    k, l_ = (m - np.diag(np.diag(m)) for m in (k, l_))
    rows_k, rows_l = k.sum(0), l_.sum(0)  # (n,)
    inner = (k * l_).sum()
    outer = rows_k.sum() * rows_l.sum() / ((n - 1) * (n - 2))
    cross = 2 * rows_k @ rows_l / (n - 2)
    return float((inner + outer - cross) / (n * (n - 3)))


def _flat(x, name) -> np.ndarray:
    x = np.asarray(x, np.float64)
    if x.ndim < 2:
        raise ValueError(f"{name} has a row a picture and at least one feature, got {x.shape}")
    return x.reshape(len(x), -1)
