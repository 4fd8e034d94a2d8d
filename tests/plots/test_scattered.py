"""Named points."""

import pandas as pd
import pytest

from tl_helpers.plots import scattered

TABLE = pd.DataFrame(
    {
        "network": ["a", "b", "a"],
        "target": ["digits", "digits", "photos"],
        "seconds": [1.0, 20.0, 3.0],
        "accuracy": [50.0, 60.0, 70.5],
    }
)


def test_points_and_names():
    figure = scattered(TABLE, "seconds", "accuracy", "network", title="Cost")
    [points] = figure.data
    assert list(points.x) == [1, 20, 3]
    assert list(points.y) == [50, 60, 70.5]
    assert list(points.text) == ["a", "b", "a"]
    assert list(points.textposition) == ["top right", "top left", "top right"]  # inwards
    assert not points.showlegend
    assert figure.layout.meta["alt"] == (
        "Cost: seconds and accuracy: a 1 and 50; b 20 and 60; a 3 and 70.5."
    )


def test_groups_and_a_logarithmic_scale():
    figure = scattered(TABLE, "seconds", "accuracy", "network", group="target", log_x=True)
    first, second = figure.data
    assert (first.name, list(first.x)) == ("digits", [1, 20])
    assert first.marker.color != second.marker.color
    assert first.marker.symbol != second.marker.symbol
    assert figure.layout.xaxis.type == "log"
    assert "digits, b 20 and 60" in figure.layout.meta["alt"]


def test_a_missing_column():
    with pytest.raises(ValueError, match=r"no column \['price'\]; it has \['network'"):
        scattered(TABLE, "price", "accuracy", "network")
