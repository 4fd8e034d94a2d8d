"""DomainExplorer: two domains in the features of a network, before and after it is adapted."""

import itertools
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import traitlets as t

from ..plots.palette import FALLBACK
from .dials import DialWidget
from .levels import describe_dial, label
from .static import HERE, script
from .summary import fixed

__all__ = ["DomainExplorer"]

REACH = 3.5  # standard deviations from the middle to the edge of a picture
COLOURS = ("class", "domain")


class DomainExplorer(DialWidget):
    """Pick a shift, its strength and a way to adapt: features in 2-D before and after, accuracies.

    views: kind of shift -> strength -> way -> `View`, from `tl.adapt.view`; the same strengths and
        ways everywhere, of the same pictures in the same order. The first way is what stands on the
        left, as "before".
    source_y, target_y: the class of each picture, 0 to k - 1.
    classes: a name for each class, at most eight.
    title: what it shows.

    Everything is computed beforehand, so a dial answers at once, also on a page without a kernel.
    Points beyond the edge of the picture stand on it.
    """

    _esm = script("base.js", "domains.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "points", "position")

    points = t.Bytes().tag(sync=True)  # (views, source and target pictures, 2) uint8

    def __init__(
        self,
        views: Mapping[str, Mapping[float, Mapping[str, object]]],
        source_y,
        target_y,
        classes: Sequence[str],
        *,
        title: str,
    ):
        labels = np.concatenate([source_y, target_y]).astype(int)
        if not 0 < len(classes) <= len(FALLBACK) or not set(labels) <= set(range(len(classes))):
            raise ValueError(
                f"there are colours for {len(FALLBACK)} classes, numbered from 0; got "
                f"{len(classes)} names for the labels {sorted(set(labels.tolist()))}"
            )
        kinds, strengths, ways = _levels(views)
        chosen = [views[k][s][w] for k, s, w in itertools.product(kinds, strengths, ways)]
        for one in chosen:
            if (len(one.source), len(one.target)) != (len(source_y), len(target_y)):
                raise ValueError(
                    f"every view needs the same {len(source_y)} and {len(target_y)} pictures, "
                    f"one has {len(one.source)} and {len(one.target)}"
                )
        flat = np.stack([np.concatenate([one.source, one.target]) for one in chosen])
        points = np.rint(127.5 * (1 + np.clip(flat / REACH, -1, 1))).astype(np.uint8)
        dials = {"shift": kinds, "strength": strengths, "way": ways, "colour by": list(COLOURS)}
        spec = {
            "title": title,
            "dials": [describe_dial(name, levels) for name, levels in dials.items()],
            "labels": labels.tolist(),
            "sources": len(source_y),
            "classes": [str(name) for name in classes],
            "colours": list(FALLBACK[: len(classes)]),
            "views": [_words(one) for one in chosen],
        }
        super().__init__(dials, spec=spec, points=points.tobytes())

    def summary(self) -> str:
        """The sentence about what is chosen."""
        kind, strength, way, colour = self.levels.values()
        before, after = (self._view(name) for name in (self._dials["way"][0], way))
        said = f"{kind}, strength {label(strength)}, {way}: of the target {after['accuracy']} right"
        if way != self._dials["way"][0]:
            said += f" (before: {before['accuracy']})"
        said += f", at home {after['home']}; the domains stand {after['apart']} apart"
        if way != self._dials["way"][0]:
            said += f" (before: {before['apart']})"
        return f"{said}. Coloured by {colour}."

    def _view(self, way) -> dict:
        kind, strength, *_ = self.levels.values()
        levels = (kind, strength, way)
        dials = list(self._dials.values())[:3]
        at = [dial.index(level) for dial, level in zip(dials, levels, strict=True)]
        return self.spec["views"][np.ravel_multi_index(at, [len(dial) for dial in dials])]

    def _plain(self) -> str:
        return f"{self.spec['title']}\n{self.summary()}"

    def _fallback(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(way)}</td>"
            + "".join(f"<td>{self._view(way)[key]}</td>" for key in ("accuracy", "home", "apart"))
            + "</tr>"
            for way in self._dials["way"]
        )
        return (
            f'<p class="tl-title">{escape(self.spec["title"])}</p><p>{escape(self.summary())}</p>'
            "<table><tr><th>way</th><th>target</th><th>home</th><th>A-distance</th></tr>"
            f"{rows}</table>"
        )


def _levels(views) -> tuple[list, list, list]:
    kinds = list(views)
    strengths = list(views[kinds[0]]) if kinds else []
    ways = list(views[kinds[0]][strengths[0]]) if strengths else []
    whole = ways and all(
        list(views[k]) == strengths and all(list(at) == ways for at in views[k].values())
        for k in kinds
    )
    if not whole:
        raise ValueError(
            "views are {kind of shift: {strength: {way: View}}}, with the same strengths and ways "
            "everywhere"
        )
    return kinds, strengths, ways


def _words(one) -> dict:
    return {
        "accuracy": f"{fixed(100 * one.accuracy, 1)} %",
        "home": f"{fixed(100 * one.home, 1)} %",
        "apart": fixed(one.a_distance, 2),
    }
