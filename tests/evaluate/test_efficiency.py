"""Jump-start, asymptote and effort to a threshold, against curves worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate import data_efficiency
from tl_helpers.evaluate.efficiency import effort_to

CURVES = {  # at 10, 100 and 1000
    "scratch": [0.2, 0.4, 0.6],
    "early": [0.5, 0.6, 0.6],
    "late": [0.2, 0.5, 0.8],
    "worse": [0.1, 0.2, 0.3],
}


@pytest.fixture
def table():
    return pd.DataFrame(
        [
            {"condition": name, "seed": seed, "per_class": n, "accuracy": value + 0.01 * seed}
            for name, curve in CURVES.items()
            for n, value in zip((10, 100, 1000), curve, strict=True)
            for seed in range(3)
        ]
    )


def test_each_measure_can_hold_without_the_others(table):
    found = data_efficiency(table, "per_class").set_index("condition")
    assert found["jump_start"].to_dict() == pytest.approx(
        {"scratch": 0, "early": 0.3, "late": 0, "worse": -0.1}
    )
    assert found["asymptote"].to_dict() == pytest.approx(
        {"scratch": 0, "early": 0, "late": 0.2, "worse": -0.3}
    )
    assert found["jump_start_low"]["early"] == pytest.approx(0.3)  # paired: seeds move together
    # scratch reaches 0.61 at 1000; late is a third of the way from 0.51 to 0.81 there
    third = 10 ** (2 + 1 / 3)
    assert found["effort"]["late"] == pytest.approx(third)
    assert found["fewer"]["late"] == pytest.approx(1000 / third)
    assert found["effort"]["early"] == pytest.approx(100)
    assert np.isnan(found["effort"]["worse"])


def test_a_threshold_of_ones_own(table):
    found = data_efficiency(table, "per_class", threshold=0.31).set_index("condition")
    assert found["effort"]["scratch"] == pytest.approx(10**1.5)
    assert found["effort"]["early"] == 10  # there from the start


def test_a_curve_that_falls_again_counts_from_where_it_first_got_there():
    curve = pd.Series([0.1, 0.5, 0.3, 0.9], [1, 2, 4, 8])
    assert effort_to(curve, 0.5) == pytest.approx(2)


def test_intervals_are_students(table):
    table.loc[(table["condition"] == "early") & (table["per_class"] == 10), "accuracy"] = [
        0.3,
        0.5,
        0.7,
    ]  # minus 0.20, 0.21, 0.22: 0.10, 0.29, 0.48, mean 0.29, deviation 0.19
    found = data_efficiency(table, "per_class").set_index("condition")
    half = 4.302653 * 0.19 / np.sqrt(3)
    assert found["jump_start_high"]["early"] == pytest.approx(0.29 + half, abs=1e-4)


def test_bad_tables_are_told(table):
    with pytest.raises(ValueError, match="no column"):
        data_efficiency(table, "epochs")
    with pytest.raises(ValueError, match="no condition 'random'"):
        data_efficiency(table, "per_class", than="random")
    with pytest.raises(ValueError, match="two values"):
        data_efficiency(table[table["per_class"] == 10], "per_class")
    with pytest.raises(ValueError, match="same seeds"):
        data_efficiency(table.drop(table.index[-1]), "per_class")
