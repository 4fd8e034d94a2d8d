"""Conditions side by side: every seed as a dot, the mean and its interval as a bar."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..evaluate.intervals import interval
from .frame import frame
from .palette import INK, colours

ROW = 62  # pixels a condition


def compared(
    table: pd.DataFrame,
    metric: str = "accuracy",
    title: str = "",
    chance: float | None = None,
) -> go.Figure:
    """Draw the conditions of a table from `tl.evaluate.compare`.

    Args:
        table: columns condition, seed and the metric (a fraction of 1).
        metric: which column.
        title: what is compared.
        chance: the accuracy of guessing, drawn as a line.

    Returns:
        A figure. `layout.meta["alt"]` says in a sentence what it shows; it stands under the title.
    """
    missing = {"condition", metric} - set(table.columns)
    if missing:
        raise ValueError(
            f"the table has no column {sorted(missing)}; expected one from tl.evaluate.compare, "
            f"with `metric` one of its metrics; it has {list(table.columns)}"
        )
    groups = {
        name: rows[metric].to_numpy() for name, rows in table.groupby("condition", sort=False)
    }
    colour = colours(groups)
    figure, said = go.Figure(), []
    for name, values in groups.items():
        mean, low, high = interval(values)
        said.append((mean, f"{name} {100 * mean:.1f} %" + _range(low, high)))
        dots = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(1)
        place = list(groups).index(name)
        figure.add_scatter(
            x=100 * values,
            y=place + 0.22 + dots / 2,
            mode="markers",
            marker={"color": colour[name], "size": 7, "opacity": 0.55},
            hovertemplate="%{x:.1f} %<extra>one seed</extra>",
            showlegend=False,
        )
        error = None
        if len(values) > 1:
            error = {"type": "constant", "value": 100 * (high - mean), "thickness": 2, "width": 6}
        figure.add_scatter(
            x=[100 * mean],
            y=[place],
            error_x=error,
            mode="markers+text",
            text=[f"{100 * mean:.1f} %"],
            textposition="top center",
            marker={"color": colour[name], "size": 13, "symbol": "diamond"},
            hovertemplate="mean %{x:.1f} %<extra></extra>",
            showlegend=False,
        )
    alt = "; ".join(text for _, text in sorted(said, reverse=True)) + "."
    if chance is not None:
        grey = colours(["chance"])["chance"]
        figure.add_vline(x=100 * chance, line_dash="dot", line_color=grey)
        figure.add_annotation(
            x=100 * chance,
            y=0,
            yref="paper",
            yanchor="bottom",
            xanchor="left",
            xshift=3,
            text="guessing",
            showarrow=False,
            font={"color": INK, "size": 11},
        )
        alt += f" Guessing gives {100 * chance:.0f} %."
    figure.update_yaxes(
        tickvals=list(range(len(groups))),
        ticktext=list(groups),
        range=[len(groups) - 0.4, -0.5],
        showgrid=False,
    )
    figure.update_xaxes(title=f"{metric}, %", zeroline=False, rangemode="tozero")
    subtitle = "Mean and 95 % interval; small dots are single seeds"
    frame(figure, title, subtitle, alt, height=150 + ROW * len(groups))
    return figure


def _range(low: float, high: float) -> str:
    return "" if np.isnan(low) else f" ({100 * low:.1f} to {100 * high:.1f})"
