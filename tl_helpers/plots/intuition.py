"""How far predictions were from what was measured, lesson by lesson."""

import pandas as pd
import plotly.graph_objects as go

from .frame import frame
from .palette import INK, PALETTE

COLUMNS = {"key", "question", "predicted", "measured", "off", "chance"}
NONE = "no prediction is kept yet: lock one in, and run the cells below it"


def intuition(table: pd.DataFrame) -> go.Figure:
    """Draw the table from `tl.widgets.predictions`: a dot a prediction, and each lesson's mean.

    Beside a lesson's mean stands what guessing blindly would be off on the same questions.

    Returns:
        A figure. `layout.meta["alt"]` says in words what it shows.
    """
    missing = COLUMNS - set(table.columns)
    if missing:
        raise ValueError(
            f"the table has no column {sorted(missing)}; expected one from tl.widgets.predictions"
        )
    figure, said = go.Figure(), []
    table = table.assign(lesson=table["key"].str.split(".").str[0])
    lessons = table.groupby("lesson")
    for place, (lesson, rows) in enumerate(lessons):
        spread = [place + 0.5 * ((i + 1) / (len(rows) + 1) - 0.5) for i in range(len(rows))]
        figure.add_scatter(
            x=spread,
            y=100 * rows["off"],
            mode="markers",
            marker={"color": PALETTE["target"], "size": 9, "line": {"color": INK, "width": 1}},
            customdata=rows[["question", "predicted", "measured"]].astype(str),
            hovertemplate="%{customdata[0]}<br>you: %{customdata[1]}, measured: %{customdata[2]}"
            "<extra></extra>",
            name="a prediction",
            showlegend=place == 0,
        )
        off, chance = (f"{100 * rows[name].mean():.0f} %" for name in ("off", "chance"))
        count = f"{len(rows)} prediction{'s' if len(rows) > 1 else ''}"
        said.append(f"lesson {lesson}, {count}: {off} off, blind guesses {chance}")
    names = list(lessons.groups)
    for column, name, colour, symbol in (
        ("chance", "guessing blindly, mean", PALETTE["chance"], "line-ew"),
        ("off", "your mean", PALETTE["fine-tuned"], "diamond"),
    ):
        figure.add_scatter(
            x=list(range(len(names))),
            y=100 * lessons[column].mean(),
            mode="markers" if column == "chance" else "lines+markers",
            line={"color": colour},
            marker={
                "color": colour,
                "size": 26 if column == "chance" else 13,
                "symbol": symbol,
                "line": {"color": colour, "width": 3 if column == "chance" else 0},
            },
            hovertemplate="%{y:.0f} %<extra></extra>",
            name=name,
        )
    if not names:
        words = NONE.replace(": ", ":<br>").replace("run ", "run<br>")  # a phone is narrow
        figure.add_annotation(text=words, showarrow=False, font={"color": INK, "size": 14})
    figure.update_xaxes(tickvals=list(range(len(names))), ticktext=[f"lesson {n}" for n in names])
    figure.update_yaxes(title="off by, % of the scale", range=[-4, 104], zeroline=False)
    figure.update_layout(legend={"orientation": "h", "y": -0.18})
    subtitle = "0 is what was measured; of options, 0 is right and 100 wrong"
    frame(figure, "How far off you were", subtitle, "; ".join(said) or NONE, height=420)
    return figure
