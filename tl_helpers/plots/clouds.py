"""Features of several classes, seen flat: how close together each, how far from the others."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .frame import frame
from .palette import SYMBOLS, colours


def clouds(features: Mapping[str, np.ndarray], labels: Sequence, title: str = "") -> go.Figure:
    """Draw the same pictures' features by several networks, each in its two widest directions.

    Args:
        features: name -> (n, d), a panel each; d may differ.
        labels: (n,) the class of each picture.
        title: whose features.

    Returns:
        A figure, a colour and a symbol a class. The *spread* of a panel, which the alt text has,
        too, is taken in all d directions: the mean squared distance from the mean of the own class,
        over that of the classes' means from the mean of all.
    """
    labels = np.asarray([str(label) for label in labels])
    classes = list(dict.fromkeys(labels))
    if not features or len(classes) < 2:
        raise ValueError(f"at least one panel and two classes, got {len(features)}, {len(classes)}")
    panels, spreads = {}, {}
    for name, x in features.items():
        x = np.asarray(x, float)
        if x.ndim != 2 or len(x) != len(labels):
            raise ValueError(f"{name}: features are ({len(labels)}, d), a row a label; {x.shape}")
        x = x - x.mean(0)
        panels[name] = x @ np.linalg.svd(x, full_matrices=False)[2][:2].T
        spreads[name] = _spread(x, labels)
    heads = [f"{name}: spread {spread:.2f}" for name, spread in spreads.items()]
    figure = make_subplots(1, len(panels), subplot_titles=heads, horizontal_spacing=0.04)
    for column, flat in enumerate(panels.values(), 1):
        for (label, colour), symbol in zip(
            colours(classes).items(), SYMBOLS * len(classes), strict=False
        ):
            mine = flat[labels == label]
            figure.add_scatter(
                x=mine[:, 0],
                y=mine[:, 1],
                name=label,
                legendgroup=label,
                showlegend=column == 1,
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 8},
                hovertemplate=f"{label}<extra></extra>",
                row=1,
                col=column,
            )
    figure.update_xaxes(showticklabels=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, zeroline=False)
    alt = f"{'; '.join(heads)}, within classes over between them."
    frame(figure, title, "A point a picture, in two directions of many", alt, 400)
    return figure


def _spread(x, labels) -> float:
    classes, place = np.unique(labels, return_inverse=True)
    means = np.stack([x[place == k].mean(0) for k in range(len(classes))])
    within = ((x - means[place]) ** 2).sum(1).mean()
    between = ((means[place] - x.mean(0)) ** 2).sum(1).mean()
    return float(within / between)
