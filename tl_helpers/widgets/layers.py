"""LayerExplorer: what the units of each layer look for, one at a time."""

import io
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import traitlets as t
from PIL import Image

from .levels import check_levels, describe_dial
from .static import HERE, LiveWidget, script

__all__ = ["LayerExplorer"]

BINS = 24
COLUMNS = 24  # of the sheet of pictures


class LayerExplorer(LiveWidget):
    """Pick a network, a layer and a unit: its wish, its favourite pictures, all its answers.

    x: (n, h, w, 3) uint8, the pictures that were shown to the units.
    kinds: a name for each of them.
    units: network -> layer -> (wishes, exciting), from `tl.inspect.maximise` and
        `tl.inspect.exciting` for the same units; the same layers in every network, and the same
        number of units everywhere.
    title: what it shows.

    Everything is computed beforehand, so a dial answers at once, also on a page without a kernel.
    """

    _esm = script("base.js", "layers.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "sheet", "position")

    spec = t.Dict().tag(sync=True)
    sheet = t.Bytes().tag(sync=True)
    position = t.List(t.Int()).tag(sync=True)

    def __init__(
        self, x, kinds: Sequence[str], units: Mapping[str, Mapping[str, tuple]], *, title: str
    ):
        x = np.asarray(x)
        if x.ndim != 4 or x.shape[-1] != 3 or x.dtype != np.uint8:
            raise ValueError(f"x is pictures, (n, h, w, 3) uint8; got {x.dtype} {x.shape}")
        if len(kinds) != len(x):
            raise ValueError(f"{len(x)} pictures need {len(x)} kinds, got {len(kinds)}")
        layers = _layers(units)
        numbers = next(iter(units.values()))[layers[0]][1].units.tolist()
        dials = {"network": list(units), "layer": layers, "unit": numbers}
        dials = {name: check_levels(name, levels) for name, levels in dials.items()}
        used = np.unique(np.concatenate([found.index.ravel() for _, found in _pairs(units)]))
        place = {int(i): k for k, i in enumerate(used)}  # of a picture on the sheet
        wishes = np.concatenate([wish for wish, _ in _pairs(units)])
        entries, first = [], len(used)
        for wish, found in _pairs(units):
            if len(wish) != len(numbers) or found.units.tolist() != numbers:
                raise ValueError(
                    f"every layer needs the same units, {numbers}; got {found.units.tolist()} "
                    f"and {len(wish)} wishes"
                )
            for k in range(len(numbers)):
                entries.append(_entry(first + k, found, k, place, kinds))
            first += len(numbers)
        spec = {
            "title": title,
            "dials": [describe_dial(name, levels) for name, levels in dials.items()],
            "units": entries,  # network by network, layer by layer
            "side": list(x.shape[1:3]),
            "columns": COLUMNS,
            "pictures": len(used) + len(wishes),
        }
        self._dials = dials
        super().__init__(
            spec=spec, sheet=_sheet(np.concatenate([x[used], wishes])), position=[0, 0, 0]
        )

    @t.validate("position")
    def _valid_position(self, proposal):
        position, dials = proposal["value"], self.spec["dials"]
        if len(position) != 3 or not all(
            0 <= i < len(dial["levels"]) for i, dial in zip(position, dials, strict=True)
        ):
            raise t.TraitError(f"position {position} is outside the dials; use select(...)")
        return position

    def select(self, **levels) -> "LayerExplorer":
        """Turn dials: `select(layer="stage2", unit=3)`. The others stay."""
        position = list(self.position)
        for name, level in levels.items():
            if name not in self._dials:
                raise ValueError(f"unknown dial {name!r}; there are {list(self._dials)}")
            if level not in self._dials[name]:
                raise ValueError(f"{name!r} has no {level!r}; it has {self._dials[name]}")
            position[list(self._dials).index(name)] = self._dials[name].index(level)
        self.position = position
        return self

    def summary(self) -> str:
        """The sentence about the unit that is chosen."""
        network, layer, unit = (
            levels[i] for levels, i in zip(self._dials.values(), self.position, strict=True)
        )
        return f"{network}, {layer}, unit {unit}: {self._chosen()['said']}"

    def _chosen(self) -> dict:
        _, layer, unit = (len(levels) for levels in self._dials.values())
        network_at, layer_at, unit_at = self.position
        return self.spec["units"][(network_at * layer + layer_at) * unit + unit_at]

    def _plain(self) -> str:
        return f"{self.spec['title']}\n{self.summary()}"

    def _fallback(self) -> str:
        rows = "".join(
            f"<tr><td>{place}</td><td>{escape(kind)}</td><td>{value}</td></tr>"
            for place, (_, kind, value) in enumerate(self._chosen()["top"], 1)
        )
        return (
            f'<p class="tl-title">{escape(self.spec["title"])}</p><p>{escape(self.summary())}</p>'
            f"<table><tr><th>place</th><th>kind</th><th>activation</th></tr>{rows}</table>"
        )


def _layers(units) -> list[str]:
    if not units or not all(units.values()):
        raise ValueError("no units to show; give {network: {layer: (wishes, exciting)}}")
    layers = [list(network) for network in units.values()]
    if any(names != layers[0] for names in layers):
        raise ValueError(f"every network needs the same layers, got {layers}")
    return layers[0]


def _pairs(units):
    return [pair for network in units.values() for pair in network.values()]


def _entry(wish, found, k, place, kinds) -> dict:
    """One unit: where its pictures are on the sheet, how often it answers how strongly."""
    peak = found.peak[k]  # (n,)
    counts, edges = np.histogram(
        peak, BINS, (min(0.0, float(peak.min())), float(peak.max()) + 1e-9)
    )
    names = [kinds[i] for i in found.index[k]]
    common = max(dict.fromkeys(names), key=names.count)
    silent = float((peak <= 0).mean())
    said = f"its {len(names)} favourite pictures are of {len(set(names))} kinds"
    if names.count(common) > 1:
        said += f", {names.count(common)} of them {common}"
    said += f". It is silent on {100 * silent:.0f} % of {len(peak):,} pictures."
    return {
        "wish": wish,
        "top": [
            (place[int(i)], kind, f"{value:.2f}")
            for i, kind, value in zip(found.index[k], names, found.value[k], strict=True)
        ],
        "counts": counts.tolist(),
        "ends": [f"{edges[0]:.1f}", f"{edges[-1]:.1f}"],
        "said": said,
    }


def _sheet(pictures) -> bytes:
    """All pictures as one image, row by row; JPEG without colour subsampling, to stay small."""
    n, h, w, _ = pictures.shape
    rows = -(-n // COLUMNS)
    page = np.zeros((rows * COLUMNS, h, w, 3), np.uint8)
    page[:n] = pictures
    page = page.reshape(rows, COLUMNS, h, w, 3).swapaxes(1, 2).reshape(rows * h, COLUMNS * w, 3)
    file = io.BytesIO()
    Image.fromarray(page).save(file, "JPEG", quality=92, subsampling=0)
    return file.getvalue()
