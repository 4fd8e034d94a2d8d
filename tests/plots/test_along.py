"""Lines along an axis, against a table worked out by hand."""

import pandas as pd
import pytest

from tl_helpers.plots import along

# Mean 0.6 and deviation 0.1 over three seeds: 4.302653 * 0.1 / sqrt(3) = 0.2484
VALUES = {
    ("scratch", "stem"): [0.5, 0.6, 0.7],
    ("scratch", "stage1"): [0.3, 0.3, 0.3],
    ("fine-tuned", "stem"): [0.8, 0.8, 0.8],
}


def table(seeds=3):
    return pd.DataFrame(
        [
            {"condition": name, "stage": stage, "seed": seed, "accuracy": value}
            for (name, stage), row in VALUES.items()
            for seed, value in enumerate(row[:seeds])
        ]
    )


def test_means_and_intervals_in_the_order_of_the_table():
    figure = along(table(), "stage", title="By stage", chance=0.1)
    scratch, tuned = figure.data
    assert figure.layout.shapes[0].y0 == pytest.approx(10)
    assert list(scratch.x) == ["stem", "stage1"]
    assert list(scratch.y) == pytest.approx([60, 30])
    assert list(scratch.error_y.array) == pytest.approx([24.84, 0], abs=0.01)
    assert list(tuned.x) == ["stem"]
    assert scratch.line.color == "#D55E00"
    assert scratch.marker.symbol != tuned.marker.symbol


def test_it_says_what_it_shows():
    figure = along(table(), "stage", title="By stage", chance=0.1)
    assert figure.layout.meta["alt"] == (
        "By stage: scratch from 60 % at stem to 30 % at stage1; "
        "fine-tuned from 80 % at stem to 80 % at stem. Guessing gives 10 %."
    )


def test_one_seed_has_no_interval_and_numbers_may_stay_as_they_are():
    scratch, _ = along(table(seeds=1), "stage", percent=False).data
    assert scratch.error_y.array is None
    assert list(scratch.y) == [0.5, 0.3]
    assert "One seed" in along(table(seeds=1), "stage").layout.title.text


def test_runs_that_differ_in_another_dial_are_not_pooled():
    rows = pd.concat([table().assign(size=10), table().assign(size=100)])
    with pytest.raises(ValueError, match=r"several rows for.*'stem', 'seed': 0.*every other dial"):
        along(rows, "stage")


def test_a_missing_column():
    with pytest.raises(ValueError, match=r"no column \['depth'\]; it has \['condition', 'stage'"):
        along(table(), "depth")
