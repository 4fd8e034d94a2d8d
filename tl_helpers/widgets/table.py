"""The results of one dial setting as an HTML table, for a page that cannot draw them."""

from collections.abc import Sequence
from html import escape

from .summary import Estimate, estimate, fixed

__all__ = ["table_html"]


def table_html(cells: Sequence, spec: dict) -> str:
    """Return one row per series, or per x level and series; `cells` is (series, [x,] seeds)."""
    x = spec["x"]
    head = [*([x["name"]] if x else []), "condition", "mean", "95 % interval", "seeds"]
    rows = [_row(head, "th")]
    for i, level in enumerate(x["levels"] if x else [None]):
        for name, row in zip(spec["series"], cells, strict=True):
            found = estimate(row[i] if x else row, spec["t95"])
            rows.append(_row([*([level] if x else []), name, *_columns(found, spec)], "td"))
    caption = f"<caption>{escape(spec['value_label'])}</caption>"
    return f'<table class="tl-table">{caption}{"".join(rows)}</table>'


def _columns(found: Estimate | None, spec: dict) -> list[str]:
    if found is None:
        return ["not measured", "", "0"]
    digits, interval = spec["digits"], ""
    if found.half is not None:
        low, high = found.mean - found.half, found.mean + found.half
        interval = f"{fixed(low, digits)} to {fixed(high, digits)}"
    return [fixed(found.mean, digits) + spec["suffix"], interval, str(found.n)]


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
