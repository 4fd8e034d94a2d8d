"""The levels of a dial or of an x axis: numbers that ascend, or names."""

import itertools
import math
import numbers
import re
from collections.abc import Sequence

import numpy as np

__all__ = [
    "all_numbers",
    "check_levels",
    "describe_dial",
    "label",
    "phrase",
    "same_name",
    "x_positions",
]


def _is_number(level: object) -> bool:
    return isinstance(level, numbers.Real) and not isinstance(level, (bool, np.bool_))


def all_numbers(levels: Sequence[object]) -> bool:
    """Whether every level is a number (True and False are names)."""
    return all(_is_number(level) for level in levels)


def check_levels(name: str, levels: Sequence[object]) -> list:
    """Return the levels as a list of plain numbers or strings, or say what is wrong with them."""
    if isinstance(levels, str):
        raise TypeError(f"levels of {name!r} are the string {levels!r}; give a list, [{levels!r}]")
    plain = [level.item() if isinstance(level, np.generic) else level for level in levels]
    if not plain:
        raise ValueError(f"{name!r} has no levels; give at least one")
    if all_numbers(plain):
        if not all(math.isfinite(level) for level in plain):
            raise ValueError(f"levels of {name!r} must be finite; got {plain}")
        if any(b <= a for a, b in itertools.pairwise(plain)):
            raise ValueError(
                f"numeric levels of {name!r} must ascend; got {plain}. "
                "Sort them (and the values with them), or give strings for names without an order"
            )
        return plain
    if any(_is_number(level) for level in plain):
        raise TypeError(f"levels of {name!r} mix numbers and names: {plain}; make all of them one")
    plain = [str(level) for level in plain]
    if len(set(plain)) < len(plain):
        raise ValueError(f"levels of {name!r} must differ; got {plain}")
    return plain


def label(level: object) -> str:
    """Return a level's short text: 100, 0.25, 1e-05, or the name."""
    if isinstance(level, float):
        return f"{level:.12g}"
    return str(level)


def phrase(name: str, level: object) -> str:
    """Return a level in words: "100 images a class", "stage 3", "strength 0.5".

    A number stands before a name whose first word is a plural, for it counts something: "1 image a
    class". A level that already begins with the dial's name stands alone.
    """
    text = label(level)
    first, *rest = name.split()
    if _is_number(level) and first.lower().endswith("s") and not first.lower().endswith("ss"):
        one = re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|s$", "", first)
        return " ".join([text, one if level == 1 else first, *rest])
    return text if text.lower().startswith(name.lower()) else f"{name} {text}"


def describe_dial(name: str, levels: list) -> dict:
    """Return a dial as the ES modules take it: its words, and what kind of control it is."""
    kind = "range" if all_numbers(levels) else "radio" if len(levels) <= 5 else "select"
    phrases = [phrase(name, level) for level in levels]
    return {"name": name, "levels": [label(x) for x in levels], "phrases": phrases, "kind": kind}


def same_name(name: str) -> str:
    """Return a name as a keyword could spell it: "images a class" is `images_a_class`."""
    return re.sub(r"\W+", "_", name).strip("_").lower()


def x_positions(levels: Sequence[object]) -> tuple[list[float], str]:
    """Return where each level stands from 0 (left) to 1, and the kind of scale.

    Numbers stand on a "log" scale where they are positive and span a factor of ten, else on a
    "linear" one; "names" are evenly spaced.
    """
    if len(levels) == 1:
        return [0.5], "names"
    if not all_numbers(levels):
        return [i / (len(levels) - 1) for i in range(len(levels))], "names"
    log = levels[0] > 0 and levels[-1] / levels[0] >= 10
    at = [math.log(level) if log else float(level) for level in levels]
    return [(a - at[0]) / (at[-1] - at[0]) for a in at], "log" if log else "linear"
