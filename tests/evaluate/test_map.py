"""The transfer map is whole, and its rows come out again."""

import numpy as np
import pytest

from tl_helpers.evaluate import recorded

DIALS = ["condition", "per_class", "distance", "seed"]


@pytest.fixture(scope="module")
def made():
    return recorded("map")


def test_the_grid_is_complete(made):
    assert not made.table.duplicated(DIALS).any()
    assert made.table[DIALS].nunique().tolist() == [7, 5, 5, 5]  # scratch is one of the seven
    assert len(made.table) == 7 * 5 * 5 * 5
    for metric in ("accuracy", "validation", "gentle"):
        assert made.table[metric].between(0, 1).all()


def test_ten_rows_come_out_again(made):
    rows = made.table.iloc[np.random.default_rng(2024).permutation(len(made.table))[:10]]
    apart = []
    for row in rows.to_dict("records"):
        again = made.experiment.run(**{dial: row[dial] for dial in DIALS})
        apart.append(again["accuracy"] - row["accuracy"])
    # Threads add up in another order each time; that may also turn the choice of a rate.
    assert np.median(np.abs(apart)) < 0.01
    assert np.abs(apart).max() < 0.06
