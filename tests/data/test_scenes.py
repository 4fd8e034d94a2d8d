"""Scenes: repeatable, told apart by their forms and not by their colour."""

import numpy as np
import pytest

from tl_helpers.data.formula import SCENES, draw
from tl_helpers.data.scenes import fallen_leaves, scene, warped_waves

pytestmark = pytest.mark.core
TEN = SCENES + np.arange(10)


def drawn(ids, seed=0):
    return draw(ids, np.random.default_rng(seed))


def spectrum_of(x):
    """How much of each spatial frequency a picture has, whatever its place, colour and contrast."""
    grey = x.mean(-1) - x.mean((1, 2, 3))[:, None, None]
    energy = np.abs(np.fft.rfft2(grey)) ** 2
    energy = energy.reshape(len(x), 8, 4, 17)[..., :16].reshape(len(x), 8, 4, 8, 2).sum((2, 4))
    return np.log(energy / energy.sum((1, 2), keepdims=True) + 1e-4).reshape(len(x), -1)


def mean_colour(x):
    return x.mean((1, 2))


def nearest_mean_accuracy(features):
    y = np.tile(np.arange(10), 60)
    train, test = features(drawn(TEN[y], seed=1)), features(drawn(TEN[y], seed=2))
    means = train.reshape(60, 10, -1).mean(0)
    return (((test[:, None] - means) ** 2).sum(-1).argmin(1) == y).mean()


def test_same_seed_same_pictures_and_another_seed_others():
    assert np.array_equal(drawn(TEN), drawn(TEN))
    assert all((a != b).any() for a, b in zip(drawn(TEN), drawn(TEN, seed=1), strict=True))


def test_they_are_pictures_with_something_in_them():
    x = drawn(np.tile(TEN, 5))
    assert x.shape == (50, 32, 32, 3)
    assert x.dtype == np.uint8
    assert (x.std((1, 2, 3)) > 5).all()


def test_a_class_looks_like_itself():
    assert nearest_mean_accuracy(spectrum_of) > 0.3


def test_mean_colour_does_not_give_the_class_away():
    assert nearest_mean_accuracy(mean_colour) < 0.15


def test_half_of_the_classes_are_leaves():
    assert [scene(i).is_leaves for i in range(4)] == [True, False, True, False]


def test_leaves_hide_what_lies_below():
    """Few colours in large patches: most neighbours are nearly equal, a few differ much."""
    x = fallen_leaves([scene(0)] * 20, np.random.default_rng(0), 32).reshape(20, 3, 32, 32)
    step = np.abs(np.diff(x, axis=3)).mean(1)
    assert np.quantile(step, 0.5) < 0.03
    assert np.quantile(step, 0.97) > 0.15


def test_waves_fill_the_picture_with_smooth_bands():
    x = warped_waves([scene(1)] * 20, np.random.default_rng(0), 32).reshape(20, 3, 32, 32)
    rows = x.std(3).mean(1)  # (20, 32): no row or column is left empty
    assert (np.maximum(rows, x.std(2).mean(1)) > 0.01).all()


def test_shapes_and_scenes_mix_in_one_batch():
    x = drawn([3, SCENES, 5, SCENES + 1])
    assert len({picture.tobytes() for picture in x}) == 4
