"""What all figures share: their look, the two lines of their title, and their alt text."""

import plotly.graph_objects as go


def frame(figure: go.Figure, title: str, subtitle: str, alt: str, height: int) -> None:
    """Finish a figure; `layout.meta["alt"]` says in a sentence what it shows.

    Args:
        figure: is changed in place.
        title: what is compared; stands before the alt text, too.
        subtitle: how to read it.
        alt: the figure in words.
        height: in pixels.
    """
    figure.update_yaxes(automargin=True)
    figure.update_layout(
        template="plotly_white",
        height=height,
        margin={"l": 10, "r": 20, "t": 78, "b": 56},
        title={"text": f"{title}<br><sup>{subtitle}</sup>", "x": 0.02},
        meta={"alt": f"{title}: {alt}" if title else alt},
    )
