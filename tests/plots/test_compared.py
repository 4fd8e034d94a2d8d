"""Conditions side by side, against a table worked out by hand."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from tl_helpers.plots import PALETTE, compared

# Mean 0.6 and deviation 0.1 over three seeds: 4.302653 * 0.1 / sqrt(3) = 0.2484
VALUES = {"scratch": [0.5, 0.6, 0.7], "fine-tuned": [0.8, 0.8, 0.8]}


def table(values=VALUES, metric="accuracy"):
    return pd.DataFrame(
        [
            {"condition": name, "seed": seed, metric: value}
            for name, row in values.items()
            for seed, value in enumerate(row)
        ]
    )


def diamonds(figure):
    return [trace for trace in figure.data if trace.marker.symbol == "diamond"]


def test_one_diamond_a_condition_at_its_mean():
    figure = compared(table())
    assert isinstance(figure, go.Figure)
    assert [d.x[0] for d in diamonds(figure)] == pytest.approx([60, 80])
    assert [d.y[0] for d in diamonds(figure)] == [0, 1]
    assert [d.text[0] for d in diamonds(figure)] == ["60.0 %", "80.0 %"]
    assert list(figure.layout.yaxis.ticktext) == ["scratch", "fine-tuned"]


@pytest.mark.parametrize("metric", ["acuracy", "agreement"])
def test_a_metric_that_the_table_lacks(metric):
    with pytest.raises(ValueError, match=rf"no column \['{metric}'\].*'accuracy'"):
        compared(table(), metric=metric)


def test_the_bar_is_the_95_percent_interval():
    bars = [d.error_x.value for d in diamonds(compared(table()))]
    assert bars == pytest.approx([24.84, 0], abs=0.01)


def test_a_dot_a_seed():
    dots = [t for t in compared(table()).data if t.marker.symbol is None]
    assert [t.x.tolist() for t in dots] == [pytest.approx([50, 60, 70]), pytest.approx([80] * 3)]


def test_alt_text_gives_the_numbers_best_first():
    assert compared(table(), title="Photographs").layout.meta["alt"] == (
        "Photographs: fine-tuned 80.0 % (80.0 to 80.0); scratch 60.0 % (35.2 to 84.8)."
    )
    assert compared(table()).layout.meta["alt"].startswith("fine-tuned 80.0 %")


def test_one_seed_has_no_interval():
    figure = compared(table({"probe": [0.45]}))
    assert figure.layout.meta["alt"] == "probe 45.0 %."
    (mean,) = diamonds(figure)
    assert mean.error_x.value is None


def test_chance_is_a_line_and_is_said():
    figure = compared(table(), chance=0.1)
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == pytest.approx(10)
    assert line.line.color == PALETTE["chance"]
    assert figure.layout.meta["alt"].endswith("Guessing gives 10 %.")
    assert not compared(table()).layout.shapes


def test_a_condition_has_its_colour_in_dots_and_mean():
    figure = compared(table())
    for name, (dots, mean) in zip(VALUES, zip(*[iter(figure.data)] * 2, strict=True), strict=True):
        assert dots.marker.color == mean.marker.color == PALETTE[name]


def test_another_metric_names_the_axis():
    figure = compared(table(metric="recall"), metric="recall")
    assert figure.layout.xaxis.title.text == "recall, %"
    assert [d.x[0] for d in diamonds(figure)] == pytest.approx([60, 80])


def test_more_conditions_make_a_taller_figure():
    more = VALUES | {"probe": [0.4, 0.5, 0.6]}
    assert compared(table(more)).layout.height > compared(table()).layout.height
    assert len(diamonds(compared(table(more)))) == 3


def test_the_table_is_left_alone():
    given = table()
    compared(given)
    pd.testing.assert_frame_equal(given, table())
