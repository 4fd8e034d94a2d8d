"""What the widgets with dials share: where the dials stand, and how to turn them from code."""

from collections.abc import Mapping, Sequence

import traitlets as t

from .levels import all_numbers, check_levels, same_name
from .static import BaseWidget

__all__ = ["DialWidget"]


class DialWidget(BaseWidget):
    """A widget whose `spec["dials"]` describes dials and whose `position` is an index for each."""

    spec = t.Dict().tag(sync=True)
    position = t.List(t.Int()).tag(sync=True)

    def __init__(self, dials: Mapping[str, Sequence], **state):
        self._dials = {str(name): check_levels(name, levels) for name, levels in dials.items()}
        super().__init__(position=[0] * len(self._dials), **state)

    @property
    def levels(self) -> dict:
        """The present level of every dial."""
        pairs = zip(self._dials.items(), self.position, strict=True)
        return {name: levels[i] for (name, levels), i in pairs}

    def select(self, **levels):
        """Turn dials: `select(images_a_class=100, stage=3)`. The others stay."""
        self.position = self._place(levels)
        return self

    @t.validate("position")
    def _valid_position(self, proposal):
        position, dials = proposal["value"], self._dials.values()
        fits = len(position) == len(dials) and all(
            0 <= i < len(levels) for i, levels in zip(position, dials, strict=True)
        )
        if not fits:
            raise t.TraitError(f"position {position} is outside the dials; use select(...)")
        return position

    def _place(self, levels: Mapping) -> list[int]:
        known = {same_name(name): (i, name) for i, name in enumerate(self._dials)}
        place = list(self.position)
        for key, level in levels.items():
            if same_name(key) not in known:
                raise ValueError(f"unknown dial {key!r}; there are {list(self._dials)}")
            i, name = known[same_name(key)]
            level = level if all_numbers(self._dials[name]) else str(level)
            if level not in self._dials[name]:
                raise ValueError(f"{name!r} has no level {level!r}; it has {self._dials[name]}")
            place[i] = self._dials[name].index(level)
        return place
