"""What runs answer to a question: worked out by hand, with Student's t of 2 degrees of freedom."""

import numpy as np
import pandas as pd
import pytest

from tl_helpers.evaluate import EQUAL, Interval, earliest, interval, leading, placed

# 1 ± 4.302653 * 1 / sqrt(3): the 95 % interval of (0, 1, 2)
HALF = 4.302653 / 3**0.5


def runs(**accuracies):
    rows = [
        {"condition": name, "seed": seed, "accuracy": value}
        for name, values in accuracies.items()
        for seed, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def test_one_is_ahead_of_all_others():
    answer = leading(runs(a=[0.1, 0.2, 0.3], b=[0.2, 0.3, 0.4], c=[0.5, 0.6, 0.7]))
    assert answer.options == ("c",)
    assert answer.decided
    assert answer.why == "“c” is 30.0 points (30.0 to 30.0) ahead of “b”."


def test_what_is_not_shown_to_be_behind_may_be_the_best():
    # b minus a: 0, 0.1, 0.2, on average 0.1, and not above 0 beyond doubt; c is surely behind.
    answer = leading(runs(a=[0.5, 0.5, 0.5], b=[0.5, 0.6, 0.7], c=[0.1, 0.2, 0.3]))
    assert answer.options == ("b", "a")
    assert not answer.decided
    assert "“b” is 10.0 points (−14.8 to 34.8) ahead of “a”" in answer.why


def test_it_is_judged_by_pairs_and_not_by_spread():
    spread = [0.1, 0.5, 0.9]
    answer = leading(runs(a=spread, b=[value + 0.01 for value in spread]))
    assert answer.options == ("b",)


def test_the_lowest_and_another_unit():
    table = runs(a=[0.1, 0.2, 0.3], b=[0.5, 0.6, 0.7]).rename(columns={"accuracy": "error"})
    answer = leading(table, "error", lowest=True, unit="")
    assert answer.options == ("a",)
    assert answer.why == "“a” is 0.40 (0.40 to 0.40) below “b”."


def test_a_single_seed_rules_nothing_out():
    answer = leading(runs(a=[0.1], b=[0.9]))
    assert answer.options == ("b", "a")
    assert answer.why == "“b” is 80.0 points ahead of “a”."


def test_a_best_takes_two():
    with pytest.raises(ValueError, match=r"takes two conditions or more; there is \['a'\]"):
        leading(runs(a=[0.1, 0.2]))


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ([0.0, 1.0, 2.0], ("more", "less")),  # 1 - 2.48 to 1 + 2.48
        ([2.9, 3.0, 3.1], ("more",)),
        ([-3.1, -3.0, -2.9], ("less",)),
        ([-2.0, -1.0, 0.0], ("less", "more")),  # the mean's own first
        ([3.0], ("more",)),
    ],
)
def test_a_side_of_zero_only_where_the_interval_lies_on_it(values, options):
    assert placed(values, [0], ["less", "more"], unit="").options == options


def test_all_ranges_that_the_interval_reaches():
    names = ["loses", "same", "gains"]
    assert placed(Interval(0.5, -0.5, 1.5), [-1, 1], names).options == ("same", "gains")
    assert placed(Interval(0.5, -1.5, 1.5), [-1, 1], names).options[0] == "same"
    assert set(placed(Interval(0.5, -1.5, 1.5), [-1, 1], names).options) == set(names)
    assert placed(Interval(0.5, -0.5, 0.9), [-1, 1], names).options == ("same",)
    assert (
        "It is 0.50 (−0.50 to 0.90)."
        in placed(Interval(0.5, -0.5, 0.9), [-1, 1], names, unit="").why
    )


@pytest.mark.parametrize(("edges", "names"), [([1, 0], "abc"), ([0], "abc"), ([0, 0], "abc")])
def test_edges_rise_and_names_fit(edges, names):
    with pytest.raises(ValueError, match="expected rising edges, and one name more"):
        placed([0.0, 1.0], edges, list(names))


def test_the_first_that_passes_for_sure_and_all_that_may():
    no, maybe, yes = [-3.0, -3.1, -2.9], [0.0, 1.0, 2.0], [3.0, 3.1, 2.9]
    assert earliest({"1": no, "2": yes, "3": yes}).options == ("2",)
    assert earliest({"1": no, "2": maybe, "3": yes}).options == ("2", "3")
    assert earliest({"1": maybe, "2": no, "3": yes}).options == ("1", "3")
    assert earliest({"1": no, "2": maybe}, "never").options == ("2", "never")
    assert earliest({"1": no, "2": no}, "never").options == ("never",)
    assert earliest({"1": no, "2": no}).options == ("2",)
    assert earliest({"1": Interval(1, 0.5, 1.5)}).options == ("1",)


def test_an_interval_in_words():
    found = interval([0.0, 0.01, 0.02])
    assert found.high == pytest.approx(0.01 + 0.01 * HALF)
    assert found.text("points") == "1.0 points (−1.5 to 3.5)"
    assert found.text() == "0.01 (−0.01 to 0.03)"
    assert interval([0.5]).text("points") == "50.0 points"
    assert Interval(-3.25, np.nan, np.nan).text("%") == "−3.2 %"


def test_the_name_of_a_tie():
    assert EQUAL == "about equal"  # lessons write it out
