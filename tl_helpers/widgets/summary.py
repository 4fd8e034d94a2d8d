"""What a cell of results says: means over seeds, their intervals, and one sentence.

`explorer.js` computes the same sentence in the browser, operation by operation in the same
order, so that both agree to the last digit. Change them together; a browser test compares them.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from scipy.special import stdtrit

__all__ = ["Estimate", "clause", "estimate", "fixed", "in_words", "seeds_text", "t_quantiles"]


class Estimate(NamedTuple):
    """A mean over `n` seeds with the half width of its 95 % interval (None for one seed)."""

    mean: float
    half: float | None
    n: int


def t_quantiles(seeds: int) -> list[float]:
    """Return the two-sided 95 % Student t quantile for n = 0 ... seeds values (0 below two)."""
    return [0.0 if n < 2 else float(stdtrit(n - 1, 0.975)) for n in range(seeds + 1)]


def _total(values: Sequence[float]) -> float:
    total = 0.0  # not sum(): it compensates rounding since Python 3.12, and the browser does not
    for value in values:
        total += value
    return total


def estimate(values: Sequence[float], t95: Sequence[float]) -> Estimate | None:
    """Return mean ± t s / sqrt(n) of the values that are not NaN; None when there are none."""
    seen = [value for value in values if value == value]
    n = len(seen)
    if n == 0:
        return None
    mean = _total(seen) / n
    if n == 1:
        return Estimate(mean, None, 1)
    spread = math.sqrt(_total([(v - mean) * (v - mean) for v in seen]) / (n - 1))
    return Estimate(mean, t95[n] * spread / math.sqrt(n), n)


def fixed(value: float, digits: int) -> str:
    """Format with `digits` decimals, halves away from zero, as JavaScript's toFixed does."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(rounded):f}" if rounded == 0 else f"{rounded:f}".replace("-", "−")


def in_words(found: Estimate, digits: int, suffix: str) -> str:
    """Say a mean and, where there is one, its interval: "61.2 % (58.0 to 64.4)"."""
    text = fixed(found.mean, digits) + suffix
    if found.half is None:
        return text
    low, high = found.mean - found.half, found.mean + found.half
    return f"{text} ({fixed(low, digits)} to {fixed(high, digits)})"


def clause(cells: Sequence[Sequence[float]], spec: dict) -> str:
    """Say one point: every series, highest first, and the difference of the first two.

    `cells` holds each series' values by seed. The difference is paired by seed.
    """
    found = [estimate(cell, spec["t95"]) for cell in cells]
    order = sorted((i for i, e in enumerate(found) if e), key=lambda i: -found[i].mean)
    names, digits = spec["series"], spec["digits"]
    parts = [f"{names[i]} {in_words(found[i], digits, spec['suffix'])}" for i in order]
    parts += [f"{names[i]} not measured" for i, e in enumerate(found) if not e]
    if len(order) > 1:
        first, second = order[:2]
        pairs = [a - b for a, b in zip(cells[first], cells[second], strict=True)]
        gap = estimate(pairs, spec["t95"])
        if gap:
            text = in_words(gap, digits, spec["gap_suffix"])
            top_two = f"{names[first]} above {names[second]} by {text}"
            parts.append(f"difference {text}" if len(order) == 2 else top_two)
    return ", ".join(parts)


def seeds_text(cells: Sequence[Sequence[float]]) -> str:
    """Say over how many seeds: "over 5 seeds", or "over 3 to 5 seeds" where cells differ."""
    counts = [sum(value == value for value in cell) for cell in cells]
    counts = [count for count in counts if count]
    low, high = min(counts), max(counts)
    if low != high:
        return f"over {low} to {high} seeds"
    return f"over {high} seed{'' if high == 1 else 's'}"
