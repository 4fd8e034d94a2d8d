"""Named things as points: what a score said and what came out; what it costs and what it gives."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..evaluate.intervals import check_columns
from .frame import frame
from .palette import SYMBOLS, colours


def scattered(
    table: pd.DataFrame,
    x: str,
    y: str,
    label: str,
    group: str | None = None,
    title: str = "",
    subtitle: str = "",
    log_x: bool = False,
) -> go.Figure:
    """Draw a point a row, with its name beside it.

    Args:
        table: a row a point.
        x, y: columns of numbers; their names stand on the axes.
        label: the column with the points' names.
        group: a column; each of its values gets a colour and a symbol.
        title: what is shown.
        subtitle: how to read it.
        log_x: a logarithmic scale, for costs.

    Returns:
        A figure. `layout.meta["alt"]` lists the points.
    """
    check_columns(table, {x, y, label, group or label})
    groups = table[group] if group else pd.Series("", table.index)
    chosen = colours(groups)
    figure = go.Figure()
    for (name, colour), symbol in zip(chosen.items(), SYMBOLS * len(chosen), strict=False):
        mine = table[groups == name]
        figure.add_scatter(
            x=mine[x],
            y=mine[y],
            text=mine[label],
            name=str(name),
            showlegend=group is not None,
            mode="markers+text",
            textposition=[_beside(value) for value in _share(mine[x], table[x], log_x)],
            textfont={"size": 11},
            cliponaxis=False,
            marker={"symbol": symbol, "size": 11, "color": colour},
            hovertemplate=f"%{{text}}: {x} %{{x:.3g}}, {y} %{{y:.3g}}<extra>{name}</extra>",
        )
    said = [
        f"{f'{row[group]}, ' if group else ''}{row[label]} {row[x]:.3g} and {row[y]:.3g}"
        for row in table.to_dict("records")
    ]
    figure.update_xaxes(title=x, type="log" if log_x else "linear")
    figure.update_yaxes(title=y)
    figure.update_layout(legend={"orientation": "h", "y": -0.25})
    frame(figure, title, subtitle, f"{x} and {y}: {'; '.join(said)}.", height=400)
    return figure


def _share(values, of, log: bool):
    """How far to the right each value stands, 0 to 1."""
    scale = np.log10 if log else np.asarray
    low, high = scale(of.min()), scale(of.max())
    return (scale(values) - low) / ((high - low) or 1)


def _beside(share: float) -> str:
    """Where a point's name stands: inwards from the sides, which would cut it on a narrow page."""
    return f"top {'right' if share < 0.25 else 'left' if share > 0.75 else 'center'}"
