"""Drawn alphabets: endless characters, each told from the others, by many drawers."""

import numpy as np
import pytest

from tl_helpers.data import drawn_alphabets
from tl_helpers.fewshot import nearest_mean_accuracies


@pytest.fixture(scope="module")
def characters():
    return drawn_alphabets(4, 20, seed=0)


def test_dark_ink_on_light_paper(characters):
    assert characters.x.shape == (len(characters), 32, 32, 3)
    assert characters.x.dtype == np.uint8
    assert (characters.x == characters.x[..., :1]).all()
    inked = (characters.x[..., 0] < 128).mean((1, 2))
    assert inked.min() > 0.005  # no picture is empty
    assert np.quantile(inked, 0.99) < 0.3


def test_every_character_has_its_drawings(characters):
    names, counts = np.unique(characters.y, return_counts=True)
    assert (counts == 20).all()
    assert names.tolist() == list(range(len(names)))
    assert 4 * 18 <= len(names) <= 4 * 40


def test_no_two_drawings_are_the_same(characters):
    assert len(np.unique(characters.x.reshape(len(characters), -1), axis=0)) == len(characters)


def test_characters_are_told_apart_but_not_easily(characters):
    """By blurred pixels: better than chance by far, and with room for a network to be better."""
    soft = characters.x[..., 0].reshape(-1, 8, 4, 8, 4).mean((2, 4)).reshape(len(characters), -1)
    found = nearest_mean_accuracies(soft, characters.y, 20, n_query=5).mean()
    assert 0.2 < found < 0.7


def test_the_same_seed_the_same_drawings_another_seed_other_characters(characters):
    np.testing.assert_array_equal(drawn_alphabets(4, 20, seed=0).x, characters.x)
    one, other = (drawn_alphabets(1, 30, seed=s) for s in (1, 2))
    assert abs(one.x[one.y == 0].mean(0) - other.x[other.y == 0].mean(0)).mean() > 10


def test_more_alphabets_leave_the_characters_of_the_first_as_they_are():
    one, two = drawn_alphabets(1, 30, seed=3), drawn_alphabets(2, 30, seed=3)
    mean = [part.x[part.y == 0].mean(0) for part in (one, two)]
    other = two.x[two.y == two.y.max()].mean(0)
    assert abs(mean[0] - mean[1]).mean() < 0.6 * abs(mean[0] - other).mean()


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="at least one"):
        drawn_alphabets(0)
