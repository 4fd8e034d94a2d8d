"""A classifier that changes its mind: what it says of every picture, step after step."""

import numpy as np
import plotly.graph_objects as go

from .frame import frame
from .palette import INK


def stepped(shares, truth, names, title: str = "") -> go.Figure:
    """Draw what is said of every picture, with a slider over the steps and a button to play them.

    Args:
        shares: (steps, n, classes), 0 to 1; the first before any step.
        truth: (n,) the right class of each picture, as a place in `names`.
        names: of the classes.
        title: who learns what.

    Returns:
        A figure: a column a picture, those of a class side by side, a row a class; frames mark the
        right ones. `layout.meta["alt"]` says how many are right after each step.
    """
    shares, truth = np.asarray(shares, float), np.asarray(truth)
    names = [str(name) for name in names]
    if shares.ndim != 3 or shares.shape[1:] != (len(truth), len(names)):
        raise ValueError(
            f"shares must be (steps, {len(truth)}, {len(names)}), for {len(truth)} pictures and "
            f"{len(names)} names; got {shares.shape}"
        )
    order = np.argsort(truth, kind="stable")
    shares, truth = shares[:, order], truth[order]
    right = 100 * (shares.argmax(-1) == truth).mean(-1)  # (steps,)
    said = [f"step {k}: {percent:.0f} % right" for k, percent in enumerate(right)]

    def look(k):
        return go.Heatmap(
            z=shares[k].T,
            y=names,
            zmin=0,
            zmax=1,
            colorscale="Blues",
            colorbar={"title": "share", "thickness": 12},
            hovertemplate="picture %{x}: %{z:.2f} for %{y}<extra></extra>",
        )

    def caption(k):
        return [
            {
                "text": said[k],
                "x": 0,
                "y": 1.1,
                "xref": "paper",
                "yref": "paper",
                "showarrow": False,
                "font": {"size": 14, "color": INK},
            }
        ]

    figure = go.Figure(
        look(0),
        frames=[
            go.Frame(data=[look(k)], name=str(k), layout={"annotations": caption(k)})
            for k in range(len(shares))
        ],
    )
    for row in range(len(names)):
        mine = np.flatnonzero(truth == row)
        if len(mine):
            figure.add_shape(
                type="rect",
                x0=mine[0] - 0.5,
                x1=mine[-1] + 0.5,
                y0=row - 0.5,
                y1=row + 0.5,
                line={"color": INK, "width": 2},
            )
    now = {"mode": "immediate", "transition": {"duration": 0}}
    figure.update_layout(
        annotations=caption(0),
        sliders=[
            {
                "currentvalue": {"prefix": "step "},
                "pad": {"t": 30},
                "x": 0.12,
                "len": 0.88,
                "steps": [
                    {
                        "label": str(k),
                        "method": "animate",
                        "args": [[str(k)], {**now, "frame": {"duration": 0, "redraw": True}}],
                    }
                    for k in range(len(shares))
                ],
            }
        ],
        updatemenus=[
            {
                "type": "buttons",
                "x": 0.08,
                "y": 0,
                "yanchor": "top",
                "pad": {"t": 42},
                "showactive": False,
                "buttons": [
                    {
                        "label": "Play",
                        "method": "animate",
                        "args": [None, {**now, "frame": {"duration": 800, "redraw": True}}],
                    }
                ],
            }
        ],
    )
    figure.update_xaxes(title="pictures", showticklabels=False)
    figure.update_yaxes(autorange="reversed")
    alt = "; ".join(said) + "."
    frame(figure, title, "Share of each answer; frames are the right ones", alt, height=420)
    figure.update_layout(margin={"t": 110, "b": 110})
    return figure
