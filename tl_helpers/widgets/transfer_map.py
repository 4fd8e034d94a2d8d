"""TransferMap: a recorded grid of runs as a map, with the best way at each place marked on it."""

import numpy as np
import traitlets as t

from .again import AgainWidget
from .levels import describe_dial
from .static import HERE, script
from .summary import estimate, fixed, in_words, seeds_text, t_quantiles
from .tidy import column_levels, to_array

__all__ = ["TransferMap"]


class TransferMap(AgainWidget):
    """Ways by sizes as a table of colours, one for each level of a dial; the best way stands out.

    recorded: from `tl.evaluate.recorded`. Its conditions are the ways: the rows of the map.
    columns: a column of its table and the words for it, such as ("per_class", "images a class").
    dial: the same for the dial that changes the whole map. Together they are all of its dials.
    control: the condition that each way is compared with, paired by seed; it gets a row of its
        own, below the others, and never counts as the best.
    seed: of runs made with the button. They are shown in their place, with their difference.
    best_by: the metric by which the best way is chosen, such as "validation" where test accuracies
        are shown; default: the one that is shown.

    In each column the best way has a solid frame, and a dashed one has each way that is not
    worse beyond doubt: the 95 % interval of its paired difference from the best includes zero.
    """

    _esm = script("base.js", "progress.js", "again.js", "transfer_map.js")
    _css = HERE / "widget.css"
    _state_names = (*AgainWidget._state_names, "live")

    live = t.Dict().tag(sync=True)  # "dial,column,row" -> the texts of runs made with the button

    def __init__(
        self,
        recorded,
        *,
        title: str,
        columns: tuple[str, str],
        dial: tuple[str, str],
        control: str = "scratch",
        seed: int = 0,
        metric: str = "accuracy",
        best_by: str | None = None,
    ):
        table = recorded.table
        axes = {"dial": dial[0], "column": columns[0], "condition": "condition"}
        values, levels = to_array(table, [*axes.values(), "seed"], metric)
        ways = column_levels(table["condition"])
        if control not in ways:
            raise ValueError(f"{recorded.name} has no condition {control!r}; it has {ways}")
        order = [*(way for way in ways if way != control), control]
        rows = [ways.index(way) for way in order]
        values = 100 * values[:, :, rows].astype(float)
        chosen = values
        if best_by:
            chosen = to_array(table, [*axes.values(), "seed"], best_by)[0][:, :, rows].astype(float)
        self._recorded, self._seed, self._metric = recorded, seed, metric
        self._axes = {dial[0]: levels[dial[0]], columns[0]: levels[columns[0]], "condition": order}
        dials = {dial[1]: levels[dial[0]], columns[1]: levels[columns[0]], "way": order}
        shown = [describe_dial(name, at) for name, at in dials.items()]
        t95 = t_quantiles(values.shape[-1])
        cells = [
            [
                [
                    _cell(
                        values[d, c], chosen[d, c], r, order, t95, f"{dial_words}, {column_words}"
                    )
                    for r in range(len(order))
                ]
                for c, column_words in enumerate(shown[1]["phrases"])
            ]
            for d, dial_words in enumerate(shown[0]["phrases"])
        ]
        spec = {
            "title": title,
            "dials": shown,
            "cells": cells,
            "metric": metric,
            "best": f"the best way to transfer in its column{f', by {best_by}' if best_by else ''}",
            "source": f"{recorded.record['command']} · weights {recorded.weights}",
        }
        super().__init__(dials, spec=spec)

    def summary(self, **levels) -> str:
        """Return the sentence for these dial levels; a dial not named is where it stands."""
        d, c, r = self._place(levels)
        return self.spec["cells"][d][c][r]["said"]

    def _make(self) -> str:
        chosen = zip(self._axes.items(), self.position, strict=True)
        point = {name: values[i] for (name, values), i in chosen}
        again = self._recorded.rerun(self._seed, self._metric, **point)
        if again.value is None:
            return str(again)
        place = ",".join(map(str, self.position))
        # a new dict: traitlets tells nobody of a change within one
        self.live = {**self.live, place: [*self.live.get(place, ()), fixed(100 * again.value, 1)]}
        return str(again)

    def _plain(self) -> str:
        d, c, _ = self.position
        rows = [
            f"{way}: {cell['text']}{' (best)' if cell['mark'] == 'best' else ''}"
            for way, cell in zip(
                self.spec["dials"][2]["levels"], self.spec["cells"][d][c], strict=True
            )
        ]
        lines = [self.spec["title"], *rows, self.summary(), f"Recorded by: {self.spec['source']}"]
        return "\n".join(lines)


def _cell(column, chosen, row, ways, t95, where) -> dict:
    """What one place of the map shows and says.

    column, chosen: (ways, seeds), the control last: what is shown, and what the best is chosen by.
    """
    found = [estimate(values.tolist(), t95) for values in column]
    own = found[row]
    if own is None:
        return {"text": "–", "mean": None, "mark": "", "said": f"{where}, {ways[row]}: not run."}
    rivals = [r for r in range(len(ways) - 1) if found[r]]
    best = max(rivals, key=lambda r: np.nanmean(chosen[r]), default=None)
    equal = [r for r in rivals if r != best and _as_good(column[r], column[best], t95)]
    said = f"{where}, {ways[row]}: {in_words(own, 1, ' %')}"
    if row < len(ways) - 1 and found[-1]:
        gap = estimate((column[row] - column[-1]).tolist(), t95)
        said += f", difference from {ways[-1]} {in_words(gap, 1, ' points')}"
    said += f", {seeds_text([column[row].tolist()])}."
    if best is not None:
        said += f" Best way to transfer here: {ways[best]}, {fixed(found[best].mean, 1)} %"
        if equal:
            said += f"; not worse beyond doubt: {', '.join(ways[r] for r in equal)}"
        said += "."
    mark = "best" if row == best else "equal" if row in equal else ""
    return {"text": fixed(own.mean, 1), "mean": own.mean / 100, "mark": mark, "said": said}


def _as_good(way, best, t95) -> bool:
    gap = estimate((best - way).tolist(), t95)
    return gap is None or gap.half is None or gap.mean - gap.half <= 0
