"""The decision from measured numbers."""

import pytest

from tl_helpers.evaluate import decide

CLEAR = {"probe": 0.60, "fine-tune": 0.75, "train from scratch": 0.40}


def test_the_best_by_far_is_chosen():
    made = decide(CLEAR, 400)
    assert made.choice == "fine-tune"
    assert made.sure > 0.99
    assert "fine-tune: 75.0% of 400 validation pictures, the best" in made.reasons
    assert str(made).startswith("fine-tune (100% sure)\nprobe: 60.0%")


def test_the_cheaper_of_two_that_are_about_as_good():
    made = decide({**CLEAR, "probe": 0.74}, 400)
    assert made.choice == "probe"
    assert "probe is cheaper than fine-tune and at most 2 points below" in made.reasons
    assert decide({**CLEAR, "probe": 0.74}, 400, near=0.005).choice == "fine-tune"


def test_scratch_is_chosen_only_where_transfer_costs():
    worse = {"probe": 0.15, "fine-tune": 0.5, "train from scratch": 0.75}
    assert decide(worse, 200).choice == "train from scratch"
    assert decide({**worse, "fine-tune": 0.74}, 200).choice == "fine-tune"


def test_few_pictures_make_it_unsure():
    few, many = (decide({"probe": 0.60, "fine-tune": 0.66}, n) for n in (20, 5000))
    assert few.choice == many.choice == "fine-tune"
    assert few.sure < 0.8 < 0.99 < many.sure
    assert any("more validation pictures" in reason for reason in few.reasons)
    assert any("not compared with training from scratch" in reason for reason in many.reasons)


def test_how_sure_is_how_often_the_choice_holds():
    # Two options that are equal in truth: nobody can tell, and both are right within the margin.
    assert decide({"probe": 0.5, "fine-tune": 0.5}, 10_000).sure > 0.99
    # With no margin and one picture in between, it is the toss of a coin.
    assert 0.45 < decide({"probe": 0.5, "fine-tune": 0.5001}, 10_000, near=0).sure < 0.6


def test_adapt_where_the_same_classes_are_better_known_at_home():
    made = decide(CLEAR, 400, at_home=0.95, unlabelled=5000)
    assert made.choice == "adapt"
    assert made.reasons[-1].endswith("starting from the choice above (fine-tune)")
    assert decide(CLEAR, 400, at_home=0.95).choice == "fine-tune"
    assert decide(CLEAR, 400, at_home=0.78, unlabelled=5000).choice == "fine-tune"


@pytest.mark.parametrize(
    ("accuracy", "options", "message"),
    [
        ({"probe": 0.5}, {}, "at least two"),
        ({"probe": 0.5, "magic": 0.6}, {}, "at least two of"),
        ({"probe": 50.0, "fine-tune": 0.6}, {}, "fractions from 0 to 1"),
        (CLEAR, {"near": 2}, "fractions"),
        (CLEAR, {"at_home": 95}, "fractions"),
        (CLEAR, {"pictures": 0}, "number of validation pictures"),
    ],
)
def test_bad_input(accuracy, options, message):
    with pytest.raises(ValueError, match=message):
        decide(accuracy, **{"pictures": 100, **options})


def test_exactly_near_is_near_enough():
    assert 0.8 - 0.1 > 0.7  # so rounding must not decide
    assert decide({"probe": 0.7, "fine-tune": 0.8}, 200, near=0.1).choice == "probe"
