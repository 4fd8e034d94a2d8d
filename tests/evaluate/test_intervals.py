"""Intervals and paired differences, against numbers from a table of Student's t."""

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate import interval, paired, prediction_interval
from tl_helpers.evaluate.intervals import lower_bound

# Quantiles for 2 degrees of freedom: 0.95 -> 2.919986, 0.975 -> 4.302653, 0.995 -> 9.924843.
# The values 1, 2, 3 have mean 2 and standard deviation 1.


@pytest.mark.core
def test_interval_of_the_mean():
    assert interval([1, 2, 3]) == pytest.approx((2, 2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert interval([1, 2, 3], level=0.99).high == pytest.approx(2 + 9.924843 / 3**0.5)


@pytest.mark.core
def test_prediction_interval_of_one_more_value():
    half = 9.924843 * (4 / 3) ** 0.5
    assert prediction_interval([1, 2, 3]) == pytest.approx((2, 2 - half, 2 + half))
    half = 4.302653 * (4 / 3) ** 0.5
    assert prediction_interval([1, 2, 3], level=0.95).low == pytest.approx(2 - half)


@pytest.mark.core
def test_one_sided_lower_bound():
    assert lower_bound([1, 2, 3]) == pytest.approx(2 - 2.919986 / 3**0.5)


@pytest.mark.parametrize("function", [interval, prediction_interval])
def test_one_value_has_no_interval(function):
    mean, low, high = function([0.4])
    assert mean == 0.4
    assert np.isnan([low, high]).all()


@pytest.mark.core
def test_intervals_hold_what_they_promise():
    """Of 2000 samples of five values, about 95 % cover the mean and 99 % the sixth value."""
    draws = np.random.default_rng(0).normal(3, 2, (2000, 6))
    means = [interval(row[:5]) for row in draws]
    nexts = [prediction_interval(row[:5]) for row in draws]
    assert np.mean([i.low < 3 < i.high for i in means]) == pytest.approx(0.95, abs=0.015)
    inside = [i.low < row[5] < i.high for i, row in zip(nexts, draws, strict=True)]
    assert np.mean(inside) == pytest.approx(0.99, abs=0.007)
    assert np.mean([lower_bound(row[:5]) < 3 for row in draws]) == pytest.approx(0.95, abs=0.015)


# Paired differences


def table(**conditions):
    """A table from condition={seed: accuracy}."""
    rows = [(c, s, a) for c, values in conditions.items() for s, a in values.items()]
    return pd.DataFrame(rows, columns=["condition", "seed", "accuracy"])


@pytest.mark.core
def test_differences_are_taken_seed_by_seed():
    runs = table(a={2: 0.9, 0: 0.5, 1: 0.6}, b={1: 0.5, 2: 0.2, 0: 0.5}, c={7: 0.1})
    differences = paired(runs, "a", "b")
    assert differences.index.tolist() == [0, 1, 2]
    assert differences.tolist() == pytest.approx([0.0, 0.1, 0.7])


def test_another_metric():
    runs = table(a={0: 0.5}, b={0: 0.4}).assign(loss=[2.0, 3.5])
    assert paired(runs, "a", "b", metric="loss").tolist() == [-1.5]


def test_unknown_condition_lists_the_conditions():
    with pytest.raises(ValueError, match=r"no condition 'c'.*\['a', 'b'\]"):
        paired(table(b={0: 1}, a={0: 1}), "a", "c")


def test_unknown_metric_lists_the_columns():
    with pytest.raises(ValueError, match=r"no column 'f1'; it has \['condition', 'seed'"):
        paired(table(a={0: 1}, b={0: 1}), "a", "b", metric="f1")


def test_seeds_that_do_not_match():
    with pytest.raises(ValueError, match=r"not run on the same seeds \(\[0, 1\] and \[0, 2\]\)"):
        paired(table(a={0: 1, 1: 1}, b={0: 1, 2: 1}), "a", "b")


def test_several_rows_a_seed():
    twice = pd.concat([table(a={0: 1}, b={0: 1}), table(a={0: 0.5})])
    with pytest.raises(ValueError, match=r"'a' has several rows a seed.*select"):
        paired(twice, "a", "b")
