"""What runs answer to a question with options: one of them, or several that they cannot tell apart.

Within noise is "about equal": an option is ruled out only where a 95 % interval over seeds rules it
out, so that nobody who predicted it is told to be wrong by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .intervals import Interval, interval, paired

EQUAL = "about equal"


@dataclass(frozen=True)
class Answer:
    """The options that the runs leave, best first, and the numbers that decide it."""

    options: tuple[str, ...]
    why: str = ""

    @property
    def decided(self) -> bool:
        """Whether they leave one."""
        return len(self.options) == 1


def leading(
    table: pd.DataFrame,
    metric: str = "accuracy",
    *,
    lowest: bool = False,
    unit: str = "points",
) -> Answer:
    """Which condition is best? Those of which the runs do not show that they are behind.

    Args:
        table: from `compare` or `select`: columns condition, seed and the metric.
        metric: what is compared.
        lowest: whether the smallest is asked for.
        unit: of differences; in "points" fractions are shown times 100.

    Raises:
        ValueError: fewer than two conditions, or runs that are not paired.
    """
    sign = -1 if lowest else 1
    means = (sign * table.groupby("condition", sort=False)[metric].mean()).sort_values(
        ascending=False, kind="stable"
    )
    if len(means) < 2:
        raise ValueError(f"a best one takes two conditions or more; there is {list(means.index)}")
    first, *rest = means.index
    behind = {name: interval(sign * paired(table, first, name, metric)) for name in rest}
    # a single seed has no bounds, and rules nothing out
    equal = [name for name, gap in behind.items() if not gap.low > 0]
    words = "below" if lowest else "ahead of"
    why = f"“{first}” is {behind[rest[0]].text(unit)} {words} “{rest[0]}”."
    return Answer((first, *equal), why)


def placed(
    values,
    edges: Sequence[float],
    names: Sequence[str],
    *,
    what: str = "It is",
    unit: str = "points",
) -> Answer:
    """Into which range does a mean fall? All that its interval reaches.

    Args:
        values: (n,) numbers, one a seed, such as the differences of `paired`; or an `Interval`.
        edges: where one range ends and the next begins, rising; in the unit of the values.
        names: of the ranges, from the lowest up: one more than there are edges.
        what: the words before the number, such as "Fine-tuned minus scratch:".
        unit: of the values; in "points" fractions are shown times 100.

    Raises:
        ValueError: edges that do not rise, or another number of names.
    """
    edges = [float(edge) for edge in edges]
    if len(names) != len(edges) + 1 or edges != sorted(set(edges)):
        raise ValueError(
            f"{len(names)} names and edges {edges}; expected rising edges, and one name more"
        )
    found = values if isinstance(values, Interval) else interval(values)
    low, high = _ends(found)
    first, last, own = np.searchsorted(edges, [low, high, found.mean], side="right")
    reached = sorted(range(first, last + 1), key=lambda k: abs(k - own))  # the mean's own first
    why = f"{what} {found.text(unit)}."
    return Answer(tuple(names[k] for k in reached), why)


def earliest(margins: Mapping[str, object], otherwise: str | None = None) -> Answer:
    """Which option is the first to pass? From the first that may to the first that surely does.

    Args:
        margins: option -> its values over seeds, each above zero where that seed passes, or
            their `Interval`; in the order of the options.
        otherwise: the answer where none passes; default: the last option.
    """
    left = []
    for option, values in margins.items():
        low, high = _ends(values if isinstance(values, Interval) else interval(values))
        if high > 0:
            left.append(option)
        if low > 0:
            return Answer(tuple(left))
    last = option if otherwise is None else otherwise
    return Answer(tuple(dict.fromkeys([*left, last])))


def _ends(found: Interval) -> tuple[float, float]:
    """The bounds; those of a single value are the value itself."""
    return tuple(found.mean if np.isnan(end) else end for end in (found.low, found.high))
