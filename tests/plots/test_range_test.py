"""The range test's figure, against a small table."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tl_helpers.plots import range_test


@pytest.fixture
def found():
    table = pd.DataFrame(
        {"lr": [1e-4, 1e-3, 1e-2, 1e-1], "smooth": [2.0, 1.5, 0.5, 9.0], "loss": [0.0] * 4}
    )
    return SimpleNamespace(table=table, valley=1e-3, steep=1e-2)


def test_the_curve_and_its_two_marks(found):
    curve, valley, steep = range_test(found).data
    assert list(curve.x) == [1e-4, 1e-3, 1e-2, 1e-1]
    assert list(curve.y) == [2.0, 1.5, 0.5, 9.0]
    assert (valley.x[0], valley.y[0]) == (1e-3, 1.5)
    assert (steep.x[0], steep.y[0]) == (1e-2, 0.5)
    assert range_test(found).layout.yaxis.range == (0, 2.8)  # not up to where it explodes
    assert valley.marker.symbol != steep.marker.symbol
    assert valley.marker.color != steep.marker.color


def test_it_says_what_it_shows(found):
    assert range_test(found).layout.meta["alt"] == (
        "Range test: the loss is 2.00 at a rate of 1e-04, lowest, 0.50, at 1.0e-02, and 9.00 at "
        "1.0e-01, where the test ends; valley 1.0e-03, steep 1.0e-02."
    )
