"""The loss along a growing learning rate, as `tl.finetune.lr_find` saw it."""

import plotly.graph_objects as go

from .frame import frame
from .palette import colour


def range_test(found) -> go.Figure:
    """Draw a learning-rate range test (Smith 2017) with its two suggestions.

    Args:
        found: from `tl.finetune.lr_find`: a table with columns lr and smooth, valley and steep.

    Returns:
        A figure. `layout.meta["alt"]` says in a sentence what it shows.
    """
    table = found.table
    figure = go.Figure()
    figure.add_scatter(
        x=table["lr"],
        y=table["smooth"],
        mode="lines",
        line={"color": colour("fine-tuned"), "width": 2.5},
        hovertemplate="rate %{x:.1e}: loss %{y:.2f}<extra></extra>",
        showlegend=False,
    )
    marks = {"valley": ("circle", "target"), "steep": ("diamond", "scratch")}
    for name, (symbol, part) in marks.items():
        rate = getattr(found, name)
        at = (table["lr"] - rate).abs().idxmin()
        figure.add_scatter(
            x=[rate],
            y=[table["smooth"][at]],
            mode="markers",
            name=f"{name}: {rate:.1e}",
            marker={"symbol": symbol, "size": 13, "color": colour(part)},
            hovertemplate=f"{name} %{{x:.1e}}<extra></extra>",
        )
    lr, loss = table["lr"], table["smooth"]
    best = loss.idxmin()
    alt = (
        f"the loss is {loss.iloc[0]:.2f} at a rate of {lr.iloc[0]:.0e}, lowest, {loss[best]:.2f}, "
        f"at {lr[best]:.1e}, and {loss.iloc[-1]:.2f} at {lr.iloc[-1]:.1e}, where the test ends; "
        f"valley {found.valley:.1e}, steep {found.steep:.1e}."
    )
    figure.update_xaxes(title="learning rate", type="log", exponentformat="power", dtick=1)
    # Where it explodes the loss may be a hundred times larger, and hide all that is of interest.
    top = 1.4 * loss[: best + 1].max()
    figure.update_yaxes(title="loss, smoothed", range=[0, top])
    figure.update_layout(legend={"orientation": "h", "y": -0.25})
    subtitle = "One batch a step, the rate a little larger each time"
    frame(figure, "Range test", subtitle, alt, height=340)
    return figure
