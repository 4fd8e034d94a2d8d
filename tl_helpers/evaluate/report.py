"""One page from any set of runs: a table, a figure and what they do not say.

The page is static HTML or Markdown, whole in itself: no script, nothing from elsewhere.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from ._chart import chart
from .intervals import interval, paired

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.3em .8em;border-bottom:1px solid #8888;"
    "text-align:right}td:first-child,th:first-child{text-align:left}:root{color-scheme:light dark}"
)
# A figure on a page: its words are legible in the dark, too, and stay large on a phone.
ON_A_PAGE = "color:inherit;width:100%;min-width:34rem;max-width:40rem;height:auto;display:block"
ALWAYS = (
    "Seeds cover the draw of the data, the initialisation and the order of training. They do not "
    "cover another pretraining or another test set."
)


@dataclass(frozen=True, eq=False)
class Report:
    """A page. A notebook shows it; `save` writes it.

    table: a row a condition (and `x`): runs, the mean and its 95 % interval, and the difference
        from the control, paired by seed, with its interval; all in percent or points.
    figure: SVG; its title says what it shows.
    notes: what a reader must know.
    """

    title: str
    table: pd.DataFrame
    figure: str
    notes: tuple[str, ...]

    def html(self) -> str:
        """The whole page."""
        return (
            "<!doctype html><html lang='en'><meta charset='utf-8'>"
            f"<meta name='viewport' content='width=device-width'><title>{escape(self.title)}"
            f"</title><style>{STYLE}</style>{self._repr_html_()}</html>\n"
        )

    def markdown(self, figure: str) -> str:
        """The page in Markdown.

        Args:
            figure: the name of the file that the figure lies in.
        """
        rows = [list(self.table.columns), ["---"] * len(self.table.columns)]
        rows += self.table.astype(str).to_numpy().tolist()
        table = "\n".join(f"| {' | '.join(map(_plain, row))} |" for row in rows)
        notes = "\n".join(f"- {note}" for note in self.notes)
        return f"# {self.title}\n\n{table}\n\n![{self.title}]({figure})\n\n{notes}\n"

    def save(self, path: str | Path) -> Path:
        """Write it; the name's ending says how: .html, or .md with the figure beside it in .svg."""
        path = Path(path)
        if path.suffix not in (".html", ".md"):
            raise ValueError(f"a report is saved as .html or .md, not {path.name!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".html":
            path.write_text(self.html(), encoding="utf-8")
        else:
            figure = path.with_suffix(".svg")
            figure.write_text(self.figure, encoding="utf-8")
            path.write_text(self.markdown(figure.name), encoding="utf-8")
        return path

    @property
    def drawn(self) -> str:
        """The figure as HTML for a page, in whose colour its words are."""
        return _box("Chart", self.figure.replace("<svg ", f'<svg style="{ON_A_PAGE}" ', 1))

    def _repr_html_(self):
        table = self.table.to_html(index=False, border=0, escape=True)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"<h2>{escape(self.title)}</h2>{_box('Table', table)}{self.drawn}<ul>{notes}</ul>"


def _box(name: str, html: str) -> str:
    """A box that scrolls what is too wide for a page, by keys too."""
    style = "overflow-x:auto;margin:.5em 0"
    named = f'class="tl-wide" tabindex="0" role="group" aria-label="{name}"'
    return f'<div {named} style="{style}">{html}</div>'


def report(
    runs: pd.DataFrame,
    title: str,
    than: str | None = None,
    metric: str = "accuracy",
    x: str | None = None,
    notes: tuple[str, ...] = (),
) -> Report:
    """Make one page from runs.

    Args:
        runs: from `compare`, `recorded(...).select(...)` or anywhere: columns condition, seed, the
            metric (a fraction of 1) and `x`, a row a run.
        title: what is compared.
        than: the control, for the differences; default "scratch" where there is one.
        metric: which column.
        x: an effort or a setting to go along, such as "per_class".
        notes: sentences to add, such as the command that made the runs.

    Raises:
        ValueError: a missing column, several rows a condition and seed, an unknown control.
    """
    keys = ["condition", *([x] if x else [])]
    missing = {*keys, "seed", metric} - set(runs.columns)
    if missing:
        raise ValueError(f"the runs have no column {sorted(missing)}; they have {list(runs)}")
    if runs.duplicated([*keys, "seed"]).any():
        raise ValueError(
            f"several rows for one seed of one {' and '.join(keys)}: choose one setting of every "
            "other dial first"
        )
    names = list(dict.fromkeys(runs["condition"]))
    if than is None and "scratch" in names:
        than = "scratch"
    if than is not None and than not in names:
        raise ValueError(f"no condition {than!r} among the runs; there are {names}")
    places = sorted(runs[x].unique()) if x else [None]
    words = x and x.replace("_", " ")
    rows, points = [], []
    for place in places:
        here = runs[runs[x] == place] if x else runs
        for name in names:
            values = here.loc[here["condition"] == name, metric]
            if values.empty:
                continue
            found = interval(values)
            points.append((name, place, found))
            row = {words: place} if x else {}
            row |= {"condition": name, "runs": len(values), f"{metric}, %": _percent(found)}
            if than is not None and name != than:
                row[f"minus {than}, points"] = _difference(here, name, than, metric)
            rows.append(row)
    table = pd.DataFrame(rows).fillna("")
    counts = sorted({row["runs"] for row in rows})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    said = [
        f"Means over {seeds} runs of each condition, with 95 % Student-t intervals in brackets.",
        *([f"Differences from “{than}” are paired by seed."] if than is not None else []),
        ALWAYS,
        *notes,
    ]
    return Report(title, table, chart(points, title, metric, words), tuple(said))


def _percent(found) -> str:
    return found.text("points").replace(" points", "")


def _difference(runs, name, than, metric) -> str:
    try:
        return _percent(interval(paired(runs, name, than, metric)))
    except ValueError:
        return "not paired"


def _plain(cell) -> str:
    return str(cell).replace("|", "\\|").replace("\n", " ")
