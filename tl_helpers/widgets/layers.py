"""LayerExplorer: what the units of each layer look for, one at a time."""

import io
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import traitlets as t
from PIL import Image

from .dials import DialWidget
from .levels import describe_dial
from .static import HERE, MAX_BYTES, script

__all__ = ["LayerExplorer"]

BINS = 24
COLUMNS = 24  # of the sheet of pictures


class LayerExplorer(DialWidget):
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

    sheet = t.Bytes().tag(sync=True)

    def __init__(
        self, x, kinds: Sequence[str], units: Mapping[str, Mapping[str, tuple]], *, title: str
    ):
        x, kinds = np.asarray(x), [str(kind) for kind in kinds]
        if x.ndim != 4 or x.shape[-1] != 3 or x.dtype != np.uint8:
            raise ValueError(f"x is pictures, (n, h, w, 3) uint8; got {x.dtype} {x.shape}")
        if len(kinds) != len(x):
            raise ValueError(f"{len(x)} pictures need {len(x)} kinds, got {len(kinds)}")
        layers = _layers(units)
        pairs = [pair for network in units.values() for pair in network.values()]
        numbers = pairs[0][1].units.tolist()
        for wishes, found in pairs:
            _check(wishes, found, numbers, x)
        used = np.unique(np.concatenate([found.index.ravel() for _, found in pairs]))
        slots = {int(i): k for k, i in enumerate(used)}  # where a picture is on the sheet
        entries = [
            _entry(len(used) + len(numbers) * layer + k, found, k, slots, kinds)
            for layer, (_, found) in enumerate(pairs)
            for k in range(len(numbers))
        ]
        pictures = np.concatenate([x[used], *(wishes for wishes, _ in pairs)])
        sheet = _sheet(pictures)
        if len(sheet) > MAX_BYTES:
            raise ValueError(
                f"{len(pictures)} pictures make a page of {len(sheet) / 2**20:.1f} MB, more than "
                f"{MAX_BYTES >> 20}: show fewer units, or fewer favourites of each"
            )
        dials = {"network": list(units), "layer": layers, "unit": numbers}
        spec = {
            "title": title,
            "dials": [describe_dial(name, levels) for name, levels in dials.items()],
            "units": entries,  # network by network, layer by layer
            "side": list(x.shape[1:3]),
            "columns": COLUMNS,
            "pictures": len(pictures),
        }
        super().__init__(dials, spec=spec, sheet=sheet)

    def summary(self) -> str:
        """The sentence about the unit that is chosen."""
        network, layer, unit = self.levels.values()
        return f"{network}, {layer}, unit {unit}: {self._chosen()['said']}"

    def _chosen(self) -> dict:
        shape = [len(levels) for levels in self._dials.values()]
        return self.spec["units"][np.ravel_multi_index(self.position, shape)]

    def _plain(self) -> str:
        return f"{self.spec['title']}\n{self.summary()}"

    def _fallback(self) -> str:
        rows = "".join(
            f"<tr><td>{rank}</td><td>{escape(kind)}</td><td>{value}</td></tr>"
            for rank, (_, kind, value) in enumerate(self._chosen()["top"], 1)
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


def _check(wishes, found, numbers, x) -> None:
    if found.units.tolist() != numbers:
        raise ValueError(f"every layer needs the same units, {numbers}; got {found.units.tolist()}")
    if np.shape(wishes) != (len(numbers), *x.shape[1:]):
        raise ValueError(
            f"{len(numbers)} units need as many wishes, each as large as the pictures: "
            f"{(len(numbers), *x.shape[1:])}; got {np.shape(wishes)}"
        )
    if found.peak.shape[1] != len(x):
        raise ValueError(f"the units were shown {found.peak.shape[1]} pictures, and x has {len(x)}")


def _entry(wish, found, k, slots, kinds) -> dict:
    """One unit: where its pictures are on the sheet, how often it answers how strongly."""
    peak, index, value = found.peak[k], found.index[k], found.value[k]
    counts, edges = np.histogram(
        peak, BINS, (min(0.0, float(peak.min())), float(peak.max()) + 1e-9)
    )
    rectified = peak.min() >= 0  # then zero is no answer, and no favourite
    index, value = (index[value > 0], value[value > 0]) if rectified else (index, value)
    return {
        "wish": wish,
        "top": [(slots[int(i)], kinds[i], f"{v:.3g}") for i, v in zip(index, value, strict=True)],
        "counts": counts.tolist(),
        "ends": [f"{edge:.3g}" for edge in (edges[0], edges[-1])],
        "said": _said([kinds[i] for i in index], peak, rectified),
    }


def _said(names, peak, rectified) -> str:
    silent = int((peak <= 0).sum())
    if rectified and silent == len(peak):
        return f"it answers to none of {len(peak):,} pictures."
    common = max(dict.fromkeys(names), key=names.count)
    said = f"its {len(names)} favourite pictures are all {common}"
    if len(set(names)) > 1:
        said = f"its {len(names)} favourite pictures are of {len(set(names))} kinds"
        if names.count(common) > 1:
            said += f", {names.count(common)} of them {common}"
    return (
        f"{said}. It is silent on {silent:,} of {len(peak):,} pictures."
        if rectified
        else f"{said}."
    )


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
