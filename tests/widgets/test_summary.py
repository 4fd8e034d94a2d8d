"""Means, intervals and the sentence, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from tl_helpers.widgets.axis import value_axis, value_digits
from tl_helpers.widgets.summary import Estimate, clause, estimate, fixed, seeds_text, t_quantiles

NAN = math.nan
T95 = t_quantiles(5)


def test_t_quantiles_are_those_of_the_tables():
    assert T95[:2] == [0.0, 0.0]
    assert T95[2:] == pytest.approx([12.706205, 4.302653, 3.182446, 2.776445], abs=1e-6)


def test_interval_is_mean_plus_minus_t_s_over_root_n():
    # 1, 2, 3, 4, 5: mean 3, s = sqrt(10 / 4), half width 2.776445 * sqrt(2.5) / sqrt(5)
    mean, half, n = estimate([1.0, 2.0, 3.0, 4.0, 5.0], T95)
    assert (mean, n) == (3.0, 5)
    assert half == pytest.approx(1.963243, abs=1e-6)


def test_missing_seeds_are_left_out():
    assert estimate([NAN, 2.0, 4.0], T95) == pytest.approx((3.0, 12.706205, 2), abs=1e-6)
    assert estimate([NAN, 7.0], T95) == Estimate(7.0, None, 1)
    assert estimate([NAN, NAN], T95) is None


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (47.25, 1, "47.3"),  # exact half: up, as in the browser
        (0.125, 2, "0.13"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0.0"),
        (1.005, 2, "1.00"),  # the double is below the half
        (1234567.0, 0, "1234567"),
    ],
)
def test_fixed_rounds_as_the_browser_does(value, digits, text):
    assert fixed(value, digits) == text


def spec(*series):
    return {"series": series, "t95": T95, "digits": 1, "suffix": " %", "gap_suffix": " points"}


def test_clause_names_the_higher_first_and_pairs_the_difference_by_seed():
    # differences by seed: 10, 12, 14 -> 12 ± 4.302653 * 2 / sqrt(3) = 12 ± 4.968
    text = clause([[30.0, 32.0, 34.0], [40.0, 44.0, 48.0]], spec("scratch", "fine-tuned"))
    assert text == (
        "fine-tuned 44.0 % (34.1 to 53.9), scratch 32.0 % (27.0 to 37.0), "
        "difference 12.0 points (7.0 to 17.0)"
    )


def test_clause_with_three_series_says_which_two_it_compares():
    cells = [[30.0], [50.0], [45.0]]
    text = clause(cells, spec("scratch", "fine-tuned", "probe"))
    assert text == (
        "fine-tuned 50.0 %, probe 45.0 %, scratch 30.0 %, fine-tuned above probe by 5.0 points"
    )


def test_clause_without_common_seeds_gives_no_difference():
    text = clause([[30.0, NAN], [NAN, 40.0]], spec("scratch", "fine-tuned"))
    assert text == "fine-tuned 40.0 %, scratch 30.0 %"
    text = clause([[30.0, 30.0], [NAN, NAN]], spec("scratch", "fine-tuned"))
    assert text == "scratch 30.0 % (30.0 to 30.0), fine-tuned not measured"


def test_seeds_text():
    assert seeds_text([[1.0, 2.0], [1.0, 2.0]]) == "over 2 seeds"
    assert seeds_text([[1.0, NAN], [1.0, 2.0], [NAN, NAN]]) == "over 1 to 2 seeds"
    assert seeds_text([[1.0]]) == "over 1 seed"


def test_axis_holds_values_and_intervals():
    axis = value_axis(np.array([[30.0, 34.0], [60.0, 62.0]]), T95, percent=True)
    # 61 ± 12.7 reaches 73.7; 32 ± 25.4 begins at 6.6, below half of it, so the axis begins at 0
    assert axis["domain"] == [0, 80]
    assert [tick["label"] for tick in axis["ticks"]][:2] == ["0 %", "10 %"]


@pytest.mark.parametrize("values", [[0.0], [5.0], [-3.0], [NAN, 1e-4], [0.0, 1e6], [95.0, 99.0]])
def test_axis_always_has_a_width_and_contains_the_values(values):
    values = np.array([values])
    low, high = value_axis(values, T95, percent=False)["domain"]
    assert low < high
    assert low <= np.nanmin(values) <= np.nanmax(values) <= high


def test_digits_show_three_significant_figures():
    assert value_digits(np.array([0.0123, NAN])) == 4
    assert value_digits(np.array([-123.0])) == 0
    assert value_digits(np.array([0.0])) == 2
