"""Conditions as lines along an axis in order: stages, sizes, strengths."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..evaluate.intervals import check_columns, interval
from .frame import frame
from .palette import INK, SYMBOLS, colours


def along(
    table: pd.DataFrame,
    x: str,
    metric: str = "accuracy",
    title: str = "",
    chance: float | None = None,
    percent: bool = True,
) -> go.Figure:
    """Draw a line a condition, the mean over the seeds with its 95 % interval.

    Args:
        table: columns condition, seed, `x` and the metric.
        x: the column to draw along; its values stand evenly spaced, in the order of the table.
        metric: which column.
        title: what is compared.
        chance: the value of guessing, drawn as a line.
        percent: the metric is a fraction of 1 and shows in percent.

    Returns:
        A figure. `layout.meta["alt"]` says in a sentence what it shows.
    """
    keys = ["condition", x, "seed"]
    check_columns(table, {*keys, metric})
    if (twice := table.duplicated(keys)).any():
        where = table.loc[twice, keys].iloc[0].to_dict()
        raise ValueError(f"the table has several rows for {where}: choose one of every other dial")
    scale, unit = (100, " %") if percent else (1, "")
    digits = 0 if percent else 2
    places = [str(place) for place in dict.fromkeys(table[x])]
    chosen = colours(table["condition"])
    figure, said = go.Figure(), []
    for (name, colour), symbol in zip(chosen.items(), SYMBOLS * len(chosen), strict=False):
        rows = table[table["condition"] == name]
        values = {
            place: scale * group[metric] for place, group in rows.groupby(rows[x].astype(str))
        }
        mine = [place for place in places if place in values]
        found = np.array([interval(values[place]) for place in mine])  # (places, 3)
        mean, high = found[:, 0], found[:, 2]
        error = None
        if not np.isnan(high).all():
            error = {"type": "data", "array": high - mean, "thickness": 1.5, "width": 5}
        figure.add_scatter(
            x=mine,
            y=mean,
            name=name,
            error_y=error,
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"symbol": symbol, "size": 9},
            hovertemplate=f"%{{x}}: %{{y:.{digits + 1}f}}{unit}<extra>{name}</extra>",
        )
        said.append(
            f"{name} from {mean[0]:.{digits}f}{unit} at {mine[0]} "
            f"to {mean[-1]:.{digits}f}{unit} at {mine[-1]}"
        )
    if chance is not None:
        grey = colours(["chance"])["chance"]
        figure.add_hline(
            y=scale * chance,
            line_dash="dot",
            line_color=grey,
            annotation={"text": "guessing", "font": {"color": INK, "size": 11}},
        )
    several = table["seed"].nunique() > 1
    subtitle = "Mean and 95 % interval" if several else "One seed"
    alt = "; ".join(said) + "."
    if chance is not None:
        alt += f" Guessing gives {scale * chance:.{digits}f}{unit}."
    figure.update_xaxes(title=x, type="category", categoryarray=places, categoryorder="array")
    figure.update_yaxes(title=metric + (", %" if percent else ""), rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "y": -0.25})
    frame(figure, title, subtitle, alt, height=380)
    return figure
