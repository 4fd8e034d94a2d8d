"""The value axis of an explorer: one for all dial settings, so that moving a dial shows change."""

import math

import numpy as np

from .summary import fixed

__all__ = ["value_axis", "value_digits"]


def value_digits(values: np.ndarray) -> int:
    """Return how many decimals show three significant digits of the largest magnitude."""
    largest = float(np.nanmax(np.abs(values)))
    return 2 if largest == 0 else int(np.clip(2 - math.floor(math.log10(largest)), 0, 6))


def value_axis(values: np.ndarray, t95: list[float], percent: bool) -> dict:
    """Return the axis that holds every value and interval: {"domain": [low, high], "ticks"}.

    values: (..., seeds) as displayed, NaN where missing. Percentages stay within 0 to 100 where
    the values do. An axis of positive values begins at 0 unless they are far from it.
    """
    seen = ~np.isnan(values)
    n = seen.sum(-1)  # (...)
    mean = np.where(seen, values, 0).sum(-1) / np.maximum(n, 1)
    squares = np.where(seen, (values - mean[..., None]) ** 2, 0).sum(-1)
    half = np.asarray(t95)[n] * np.sqrt(squares / np.maximum(n - 1, 1) / np.maximum(n, 1))
    some = n > 0
    low = min(float(np.nanmin(values)), float((mean - half)[some].min()))
    high = max(float(np.nanmax(values)), float((mean + half)[some].max()))
    if percent and np.nanmin(values) >= 0 and np.nanmax(values) <= 100:
        low, high = max(low, 0.0), min(high, 100.0)
    if 0 <= low < high / 2 or (low < 0 <= float(np.nanmin(values))):
        low = 0.0
    if low == high:
        low, high = low - 1, high + 1
    step = _nice_step((high - low) / 8)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    suffix = " %" if percent else ""
    ticks = [
        {"value": i * step, "label": fixed(i * step, digits) + suffix}
        for i in range(first, last + 1)
    ]
    return {"domain": [first * step, last * step], "ticks": ticks}


def _nice_step(rough: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
