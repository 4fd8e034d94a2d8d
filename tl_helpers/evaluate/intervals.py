"""Means over seeds and how far to trust them (Student 1908)."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats


class Interval(NamedTuple):
    """A mean and its two-sided interval; the bounds are nan for a single value."""

    mean: float
    low: float
    high: float

    def text(self, unit: str = "") -> str:
        """The mean and, where there is one, the interval: "1.5 points (−1.7 to 4.6)".

        Args:
            unit: "points" (of fractions of 1, shown times 100), or another, shown as they are.
        """
        mean, low, high = (in_unit(v, unit) for v in self)
        words = f"{mean} {unit}".strip()
        return words if np.isnan(self.low) else f"{words} ({low} to {high})"


def in_unit(value: float, unit: str) -> str:
    """A number as it is shown: points are fractions of 1 times 100, others stand as they are."""
    scale, digits = 100 if unit == "points" else 1, 1 if unit in ("points", "%") else 2
    return f"{scale * value:.{digits}f}".replace("-", "−")


def interval(values, level: float = 0.95) -> Interval:
    """The mean of independent values and its two-sided Student-t interval.

    Args:
        values: (n,) numbers, one a seed.
        level: 0 to 1.
    """
    values = np.asarray(values, float)
    mean, half = values.mean(), _half(values, level, np.sqrt(1 / max(len(values), 1)))
    return Interval(float(mean), float(mean - half), float(mean + half))


def prediction_interval(values, level: float = 0.99) -> Interval:
    """Where one more value of the same kind falls with the given probability."""
    values = np.asarray(values, float)
    mean, half = values.mean(), _half(values, level, np.sqrt(1 + 1 / max(len(values), 1)))
    return Interval(float(mean), float(mean - half), float(mean + half))


def lower_bound(values, level: float = 0.95) -> float:
    """The one-sided lower bound of the mean: it lies above with the given probability."""
    return interval(values, 2 * level - 1).low


def paired(table: pd.DataFrame, better: str, than: str, metric: str = "accuracy") -> pd.Series:
    """Differences between two conditions, seed by seed.

    Args:
        table: from `compare`: columns condition, seed and the metrics.
        better, than: two conditions; the result is `better` minus `than`.
        metric: a column.

    Returns:
        A series indexed by seed.

    Raises:
        ValueError: a condition or metric is missing, a seed stands in only one of the two, or a
            seed has several rows, since the table has dials that were not chosen.
    """
    for column in ("condition", "seed", metric):
        if column not in table:
            raise ValueError(f"the table has no column {column!r}; it has {list(table.columns)}")
    sides = []
    for name in (better, than):
        rows = table[table["condition"] == name]
        if rows.empty:
            known = sorted(table["condition"].unique())
            raise ValueError(f"no condition {name!r} in the table; conditions are {known}")
        if rows["seed"].duplicated().any():
            raise ValueError(
                f"condition {name!r} has several rows a seed: choose one setting first, "
                "as with recorded.select(...)"
            )
        sides.append(rows.set_index("seed")[metric])
    if set(sides[0].index) != set(sides[1].index):
        raise ValueError(
            f"{better!r} and {than!r} were not run on the same seeds "
            f"({sorted(sides[0].index)} and {sorted(sides[1].index)}): "
            "a paired difference needs that"
        )
    return (sides[0] - sides[1]).sort_index()


def _half(values, level, factor):
    if len(values) < 2:
        return np.nan
    return stats.t.ppf((1 + level) / 2, len(values) - 1) * values.std(ddof=1) * factor


def check_columns(table: pd.DataFrame, needed: set[str]) -> None:
    """Raise a ValueError that names the columns a table lacks."""
    missing = needed - set(table.columns)
    if missing:
        raise ValueError(f"the table has no column {sorted(missing)}; it has {list(table.columns)}")
