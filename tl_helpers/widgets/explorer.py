"""Explorer: turn the dials of an experiment whose runs were recorded beforehand."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import traitlets as t

from ..plots.palette import colours
from .axis import value_axis, value_digits
from .dials import DialWidget
from .levels import check_levels, describe_dial, x_positions
from .static import HERE, script
from .summary import clause, seeds_text, t_quantiles
from .table import table_html
from .tidy import to_array
from .values import check_values

__all__ = ["Explorer"]


class Explorer(DialWidget):
    """Recorded results behind dials: a picture, one sentence, a table, and where they came from.

    values: (dial 1, dial 2, ..., series[, x], seeds) float32, at most 1 MB; NaN where not measured.
    dials: name -> levels, in the order of the leading axes. Ascending numbers become a slider,
        names a group of buttons or, beyond five, a list.
    series: the conditions that are compared, such as ["scratch", "fine-tuned"].
    x: (name, levels) of an axis to draw along, or None to show one row a series.
    value_label, unit: what is measured. With unit "%" the values are fractions of 1 and show
        as percentages; with any other unit they show as they are.
    command, weights_hash: what made the data; shown below the table.
    alt: a sentence that says what the picture shows; the live sentence goes with it.

    Intervals are mean ± t s / sqrt(n) over the seeds (two-sided 95 %, Student's t). Differences
    are paired by seed.
    """

    _esm = script("base.js", "explorer.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "data", "position")

    data = t.Bytes().tag(sync=True)

    def __init__(
        self,
        values,
        dials: Mapping[str, Sequence],
        series: Sequence[str],
        *,
        title: str,
        command: str,
        weights_hash: str,
        x: tuple[str, Sequence] | None = None,
        value_label: str = "accuracy",
        unit: str = "%",
        alt: str = "",
    ):
        if not dials:
            raise ValueError("an explorer needs at least one dial; give {name: levels}")
        dials = {str(name): check_levels(name, levels) for name, levels in dials.items()}
        series = check_levels("series", [str(name) for name in series])
        axes = [(f"dial {name!r}", len(levels)) for name, levels in dials.items()]
        axes.append(("series", len(series)))
        if x is not None:
            x = (str(x[0]), check_levels(x[0], x[1]))
            axes.append((f"x {x[0]!r}", len(x[1])))
        values = check_values(values, axes, unit)

        percent = unit == "%"
        scale = 100 if percent else 1
        shown = values.astype(np.float64) * scale
        t95 = t_quantiles(values.shape[-1])
        chosen = colours(series)
        spec = {
            "title": title,
            "dials": [describe_dial(name, levels) for name, levels in dials.items()],
            "series": series,
            "colours": [chosen[name] for name in series],
            "x": None,
            "value_label": value_label,
            "unit": unit,
            "scale": scale,
            "suffix": f" {unit}" if unit else "",
            "gap_suffix": " points" if percent else f" {unit}" if unit else "",
            "digits": 1 if percent else value_digits(shown),
            "seeds": values.shape[-1],
            "t95": t95,
            "axis": value_axis(shown, t95, percent),
            "command": command,
            "weights_hash": weights_hash,
            "alt": alt,
        }
        if x is not None:
            at, kind = x_positions(x[1])
            spec["x"] = {**describe_dial(*x), "at": at, "scale": kind}
        self.values = values
        super().__init__(dials, spec=spec, data=values.astype("<f4").tobytes())

    @classmethod
    def from_table(
        cls,
        df,
        dials: Sequence[str] | Mapping[str, str],
        *,
        value: str = "accuracy",
        series: str = "condition",
        seed: str = "seed",
        x: str | tuple[str, str] | None = None,
        value_label: str | None = None,
        **options,
    ) -> "Explorer":
        """Make an explorer from a tidy pandas table with one row a run.

        `dials` names the columns, or maps them to the words to show ({"per_class": "images a
        class"}); `x` is a column or (column, words). Numbers are sorted, names keep the table's
        order. `options` are the constructor's: title, command, weights_hash, unit, alt.
        """
        words = dict(dials) if isinstance(dials, Mapping) else {name: name for name in dials}
        axes = [*words, series]
        if x is not None:
            column, x_words = (x, x) if isinstance(x, str) else x
            axes.append(column)
        values, levels = to_array(df, [*axes, seed], value)
        return cls(
            values,
            {_spaced(words[name]): levels[name] for name in words},
            levels[series],
            x=None if x is None else (_spaced(x_words), levels[column]),
            value_label=_spaced(value) if value_label is None else value_label,
            **options,
        )

    def summary(self, **levels) -> str:
        """Return the sentence for these dial levels; a dial not named is where it stands."""
        spec, place = self.spec, self._place(levels)
        where = ", ".join(d["phrases"][i] for d, i in zip(spec["dials"], place, strict=True))
        cells = self._cells(place)  # (series, [x,] seeds)
        if spec["x"] is None:
            points = [("", cells)]
        else:  # the first and the last point with a result
            points = [
                (f"at {words}, ", [row[i] for row in cells])
                for i, words in enumerate(spec["x"]["phrases"])
            ]
        points = [(words, cell) for words, cell in points if _measured(cell)]
        if not points:
            return f"{where}: not measured."
        points = points if len(points) == 1 else [points[0], points[-1]]
        said = "; ".join(words + clause(cell, spec) for words, cell in points)
        counts = seeds_text([seeds for _, cell in points for seeds in cell])
        return f"{where}: {said}{',' if spec['x'] else ''} {counts}."

    def _cells(self, place: Sequence[int]) -> list:
        return (self.values[tuple(place)].astype(np.float64) * self.spec["scale"]).tolist()

    def _provenance(self) -> str:
        return f"Recorded by: {self.spec['command']} · weights {self.spec['weights_hash']}"

    def _plain(self) -> str:
        return f"{self.spec['title']}\n{self.summary()}\n{self._provenance()}"

    def _fallback(self) -> str:
        spec = self.spec
        table = table_html(self._cells(self.position), spec)
        return (
            f'<p class="tl-title">{escape(spec["title"])}</p><p>{escape(self.summary())}</p>'
            f'{table}<p class="tl-source">{escape(self._provenance())}</p>'
        )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _measured(cells: list) -> bool:
    return any(value == value for cell in cells for value in cell)
