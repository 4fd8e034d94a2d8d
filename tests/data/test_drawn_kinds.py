"""`drawn_kinds`: what tells the kinds apart is what was asked for."""

import sys

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tl_helpers.backbones.recipes import PALETTES, RECIPES
from tl_helpers.data import drawn_kinds

module = sys.modules["tl_helpers.data.drawn_kinds"]  # the name is its function


def colours(split):
    """Sorted brightness of each channel, coarse: all of a picture but where things are."""
    return np.sort(split.x.reshape(len(split), -1, 3), axis=1)[:, ::64].reshape(len(split), -1)


def by_colours_alone(by_palette):
    data = drawn_kinds(8, 40, by_palette, seed=1)
    model = make_pipeline(StandardScaler(), RidgeClassifier(alpha=100))
    model.fit(colours(data.train), data.train.y)
    right = model.predict(colours(data.test)) == data.test.y
    return right.mean()


def test_the_shape_of_it():
    data = drawn_kinds(5, per_class=3, val=2, test=4)
    assert [len(s) for s in (data.train, data.val, data.test)] == [15, 10, 20]
    assert data.num_classes == 5
    assert data.train.x.shape[1:] == (32, 32, 3)
    assert data.train.x.dtype == np.uint8
    assert np.bincount(data.val.y).tolist() == [2] * 5


def test_palettes_tell_the_kinds_apart_only_where_they_are_meant_to():
    assert by_colours_alone(1.0) > 0.8
    assert by_colours_alone(0.0) < 0.4


def test_a_share_of_the_kinds_keeps_its_palette():
    data = drawn_kinds(8, 30, 0.5, seed=2)
    means = data.train.x.mean((1, 2))  # (n, 3): the average colour of a picture
    spread = np.array([means[data.train.y == k].std(0).mean() for k in range(8)])
    steady, wild = np.sort(spread)[:4], np.sort(spread)[4:]
    assert steady.max() < 0.8 * wild.min()


def test_no_pretraining_has_seen_their_programs_or_palettes(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        module, "draw", lambda ids, rng, palettes: drawn.append((ids, palettes)) or ids
    )
    for seed in range(5):
        drawn_kinds(12, 5, 0.5, seed=seed)
    programs, palettes = (set(np.concatenate(part).tolist()) for part in zip(*drawn, strict=True))
    recipes = [recipe for zoo in RECIPES.values() for recipe in zoo.values()]
    seen = set().union(*(recipe.class_ids.tolist() for recipe in recipes))
    assert not programs & seen
    assert not palettes & (seen | set(range(PALETTES)))


def test_the_seed_and_the_sizes():
    data, again, other = (drawn_kinds(4, 3, 0.5, seed=s) for s in (0, 0, 1))
    np.testing.assert_array_equal(data.test.x, again.test.x)
    assert not np.array_equal(data.test.x, other.test.x)
    more = drawn_kinds(4, 9, 0.5, seed=0)  # the same kinds, the same test pictures
    np.testing.assert_array_equal(data.test.x, more.test.x)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kinds": 1}, "kinds is 2 to"),
        ({"per_class": 0}, "at least 1"),
        ({"by_palette": 50}, "a share of the kinds, 0 to 1; got 50"),
    ],
)
def test_what_cannot_be_drawn(wrong, says):
    with pytest.raises(ValueError, match=says):
        drawn_kinds(**wrong)
