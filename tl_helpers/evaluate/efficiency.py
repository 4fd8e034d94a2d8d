"""What transfer is worth along a growing effort: the measures of Taylor and Stone 2009.

The effort is pictures a class, or epochs. Transfer can start higher (**jump-start**), end higher
(**asymptote**), and reach the same accuracy with less (**effort to a threshold**); one can hold
without the others.
"""

import numpy as np
import pandas as pd

from .intervals import check_columns, interval, paired


def data_efficiency(
    table: pd.DataFrame,
    x: str,
    than: str = "scratch",
    metric: str = "accuracy",
    threshold: float | None = None,
) -> pd.DataFrame:
    """Jump-start, asymptote and effort to a threshold of each condition, against a control.

    Args:
        table: columns condition, seed, `x` and the metric; every condition has the control's seeds
            at the lowest and the highest `x`.
        x: the effort, positive numbers, such as "per_class" or "epoch".
        than: the control.
        metric: a fraction of 1; larger is better.
        threshold: of the metric; default: what the control reaches, on average, at the highest `x`.

    Returns:
        A row a condition: jump_start and asymptote, the paired differences at the lowest and the
        highest `x` with the bounds of their 95 % intervals (`_low`, `_high`); effort, where the
        mean curve first reaches the threshold, between two `x` by a straight line along their
        logarithm, NaN if it never does; fewer, how many times less that is than the control's.
    """
    check_columns(table, {"condition", "seed", x, metric})
    efforts = np.sort(table[x].unique())
    if len(efforts) < 2 or efforts[0] <= 0:
        raise ValueError(f"{x!r} needs at least two values, all above 0; it has {efforts.tolist()}")
    curves = table.pivot_table(metric, "condition", x, aggfunc="mean", sort=False)
    if than not in curves.index:
        raise ValueError(f"no condition {than!r} in the table; it has {list(curves.index)}")
    threshold = curves.loc[than, efforts[-1]] if threshold is None else threshold
    ends = {"jump_start": efforts[0], "asymptote": efforts[-1]}
    rows = []
    for name, curve in curves.iterrows():
        row = {"condition": name}
        for measure, at in ends.items():
            gaps = paired(table[table[x] == at], name, than, metric)
            row |= dict(
                zip((measure, f"{measure}_low", f"{measure}_high"), interval(gaps), strict=True)
            )
        rows.append(row | {"effort": effort_to(curve.dropna(), threshold)})
    found = pd.DataFrame(rows)
    needed = found.set_index("condition")["effort"]
    return found.assign(fewer=needed[than] / found["effort"])


def effort_to(curve: pd.Series, threshold: float) -> float:
    """Where a curve first reaches a threshold; NaN if it never does.

    Args:
        curve: values, indexed by effort, ascending.
        threshold: a value.
    """
    reached = np.flatnonzero(curve.to_numpy() >= threshold)
    if not len(reached):
        return np.nan
    i = reached[0]
    if i == 0:
        return float(curve.index[0])
    low, high = curve.iloc[i - 1 : i + 1]
    x0, x1 = np.log(curve.index[i - 1 : i + 1].to_numpy(float))
    return float(np.exp(x0 + (x1 - x0) * (threshold - low) / (high - low)))
