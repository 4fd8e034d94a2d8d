"""One colour per condition, the same through the whole course.

The eight colours are those of Okabe and Ito (2008), "Color Universal Design", which stay apart
for readers who do not tell red from green; their black is grey here, so that it also shows on a
dark page.
"""

import re
import zlib
from collections.abc import Iterable

__all__ = ["PALETTE", "SYMBOLS", "colour", "colours"]

PALETTE = {
    "fine-tuned": "#0072B2",  # blue
    "scratch": "#D55E00",  # vermilion
    "probe": "#009E73",  # bluish green
    "random features": "#E69F00",  # orange
    "source": "#CC79A7",  # reddish purple
    "target": "#56B4E9",  # sky blue
    "frozen": "#F0E442",  # yellow
    "chance": "#7F7F7F",  # grey, for black
}

INK = "#595959"  # of small words on a figure: 7:1 on white

# In this order, beside the colours, for readers who do not tell these apart.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")

# Conditions that play the part of one above share its colour.
PARTS = {"pretrained features": "fine-tuned", "as it is": "source", "adapted": "target"}

# For any other condition: by its name one of the first OPEN, and the next free one where that is
# taken. Blue and vermilion come late, as they mean fine-tuned and scratch; yellow, the faintest on
# paper, and grey, which stands for chance, come last.
FALLBACK = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#0072B2", "#D55E00", "#F0E442", "#7F7F7F")
OPEN = 4


def _plain(condition: object) -> str:
    """Make "Fine_tuned" and "fine-tuned" the same name."""
    return re.sub(r"[\s_-]+", " ", str(condition)).strip().lower()


_BY_NAME = {_plain(name): value for name, value in PALETTE.items()}
_BY_NAME |= {_plain(name): PALETTE[part] for name, part in PARTS.items()}


def colour(condition: object) -> str:
    """Return the colour of a condition as "#RRGGBB"; the same name always gets the same one.

    A name outside `PALETTE` and `PARTS` gets a colour of `FALLBACK` by a hash of the name, so two
    such names may share one; where conditions stand side by side, use `colours`.
    """
    name = _plain(condition)
    return _BY_NAME.get(name) or FALLBACK[zlib.crc32(name.encode()) % OPEN]


def colours(conditions: Iterable[object]) -> dict[object, str]:
    """Return one colour per condition, all different for up to eight conditions.

    Names in `PALETTE` and `PARTS` keep their colour; each other name takes its own `colour` where
    that is free, and else the next free one of `FALLBACK`. From the ninth condition on, colours
    repeat.
    """
    conditions = list(dict.fromkeys(conditions))
    chosen = {c: colour(c) for c in conditions if _plain(c) in _BY_NAME}
    for condition in conditions:
        if condition not in chosen:
            start = FALLBACK.index(colour(condition))
            order = FALLBACK[start:] + FALLBACK[:start]
            taken = set(chosen.values())
            chosen[condition] = next((c for c in order if c not in taken), order[0])
    return {c: chosen[c] for c in conditions}
