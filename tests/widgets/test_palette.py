import pytest

from tl_helpers.plots.palette import FALLBACK, PALETTE, colour, colours


def test_known_conditions_keep_their_colour_however_they_are_spelt():
    assert colour("fine-tuned") == colour("Fine_tuned") == PALETTE["fine-tuned"] == "#0072B2"
    assert len(set(PALETTE.values())) == len(PALETTE) == 8
    assert set(FALLBACK) == set(PALETTE.values())


def test_other_conditions_get_the_same_colour_each_time():
    assert colour("stage 3") == colour("stage 3") == "#56B4E9"


def test_blue_and_vermilion_mean_fine_tuned_and_scratch():
    meant = {PALETTE["fine-tuned"], PALETTE["scratch"]}
    assert meant.isdisjoint(colour(f"method {i}") for i in range(50))
    assert colour("pretrained features") == PALETTE["fine-tuned"]


@pytest.mark.parametrize("count", [1, 5, 8])
def test_conditions_side_by_side_differ(count):
    names = ["scratch", *(f"method {i}" for i in range(count - 1))]
    chosen = colours(names)
    assert list(chosen) == names
    assert len(set(chosen.values())) == count
    assert chosen["scratch"] == PALETTE["scratch"]


def test_more_conditions_than_colours_repeat():
    assert len(colours(f"method {i}" for i in range(20))) == 20
