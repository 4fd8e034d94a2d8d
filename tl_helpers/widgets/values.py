"""Checks on the array of results that an explorer takes."""

import numpy as np

__all__ = ["MAX_BYTES", "check_values"]

MAX_BYTES = 2**20  # a notebook, a page and a slow line all carry every byte of it


def check_values(values, axes: list[tuple[str, int]], unit: str) -> np.ndarray:
    """Return the values as float32 of the shape that the axes ask for, with any seeds last."""
    values = np.asarray(values, dtype=np.float32)
    want = tuple(size for _, size in axes)
    if values.ndim != len(want) + 1 or values.shape[:-1] != want or values.shape[-1] == 0:
        named = ", ".join(f"{name} {size}" for name, size in axes)
        expected = f"({', '.join(map(str, want))}, seeds)"
        raise ValueError(
            f"values have shape {values.shape}; expected {expected}: {named}, then the seeds. "
            "Move the axes into this order, with NaN where nothing was measured"
        )
    if values.nbytes > MAX_BYTES:
        raise ValueError(
            f"values take {values.nbytes / MAX_BYTES:.1f} MB; expected at most 1 MB "
            f"({MAX_BYTES // 4:,} numbers). Drop levels or split into two explorers"
        )
    if np.isinf(values).any():
        raise ValueError("values contain infinity; expected numbers, or NaN where not measured")
    if np.isnan(values).all():
        raise ValueError("all values are NaN; expected at least one measured result")
    if unit == "%" and np.nanmax(np.abs(values)) > 1.5:
        raise ValueError(
            f"values reach {np.nanmax(np.abs(values)):.4g}; with unit='%' expected fractions of 1. "
            "Divide percentages by 100, or give another unit"
        )
    return values
