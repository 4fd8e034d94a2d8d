"""From a tidy table, one row a run, to the array that an explorer takes."""

from collections.abc import Mapping, Sequence

import numpy as np

from .levels import all_numbers

__all__ = ["column_levels", "to_array"]


def column_levels(column) -> list:
    """Return a column's levels: numbers ascending, categories and names in their own order."""
    if hasattr(column, "cat"):
        used = set(column.unique())
        return [level for level in column.cat.categories if level in used]
    levels = list(dict.fromkeys(column.tolist()))
    return sorted(levels) if all_numbers(levels) else levels


def to_array(df, axes: Sequence[str], value: str) -> tuple[np.ndarray, Mapping[str, list]]:
    """Return the values as a float32 array with one axis per column in `axes`, and the levels.

    Combinations without a row are NaN. Raises ValueError for missing columns, for gaps in the
    axes' columns and for two rows with the same combination.
    """
    missing = [name for name in (*axes, value) if name not in df.columns]
    if missing:
        raise ValueError(f"the table has no column {missing}; it has {list(df.columns)}")
    if len(set(axes)) < len(axes):
        raise ValueError(f"a column can have one role only; got {list(axes)}")
    if len(df) == 0:
        raise ValueError("the table has no rows; record some runs first")
    gaps = [name for name in axes if df[name].isna().any()]
    if gaps:
        raise ValueError(f"column {gaps} has empty cells; fill them or drop those rows")

    levels = {name: column_levels(df[name]) for name in axes}
    index = []
    for name in axes:
        place = {level: i for i, level in enumerate(levels[name])}
        index.append([place[level] for level in df[name].tolist()])
    shape = tuple(len(levels[name]) for name in axes)
    flat = np.ravel_multi_index(index, shape)
    unique, first, counts = np.unique(flat, return_index=True, return_counts=True)
    if len(unique) < len(flat):
        row = df.iloc[int(first[counts > 1][0])]
        what = ", ".join(f"{name}={row[name]!r}" for name in axes)
        raise ValueError(
            f"the table has {int(counts.max())} rows for {what}; expected one. "
            "Make the column that tells them apart a dial, or drop the repeats"
        )
    values = np.full(shape, np.nan, np.float32)
    values.reshape(-1)[flat] = df[value].to_numpy(dtype=np.float64, na_value=np.nan)
    return values, levels
