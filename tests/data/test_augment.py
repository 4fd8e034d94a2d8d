"""Mirror and move: every result is a window of the reflected picture."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from tl_helpers.data.augment import flip_shift

X = np.random.default_rng(0).integers(0, 256, (60, 16, 24, 3), dtype=np.uint8)


def augmented(seed=0, x=X, **kwargs):
    return flip_shift(x, np.random.default_rng(seed), **kwargs)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_shape_and_type_stay_and_the_pictures_given_are_left_alone(dtype):
    x = X.astype(dtype)
    before = x.copy()
    out = augmented(x=x)
    assert out.shape == x.shape
    assert out.dtype == dtype
    assert np.array_equal(x, before)


def test_same_seed_same_pictures_and_another_seed_others():
    assert np.array_equal(augmented(), augmented())
    assert not np.array_equal(augmented(), augmented(seed=1))


def test_no_flip_and_no_reach_change_nothing():
    assert np.array_equal(augmented(flip=False, reach=0), X)


def test_about_half_are_mirrored():
    out = augmented(reach=0)
    same = (out == X).all((1, 2, 3))
    mirrored = (out == X[:, :, ::-1]).all((1, 2, 3))
    assert (same ^ mirrored).all()
    assert 15 < mirrored.sum() < 45


def test_each_picture_is_moved_by_up_to_an_eighth_and_filled_by_reflection():
    out = augmented(flip=False)
    places = set()
    for before, after in zip(X, out, strict=True):
        padded = np.pad(before, ((2, 2), (3, 3), (0, 0)), mode="reflect")
        windows = sliding_window_view(padded, after.shape)[:, :, 0]  # (5, 7, h, w, 3)
        (place,) = np.argwhere((windows == after).all((2, 3, 4)))
        places.add(tuple(place.tolist()))
    assert {y for y, _ in places} == set(range(5))
    assert {x for _, x in places} == set(range(7))


def test_mirrored_pictures_are_moved_too():
    flipped, straight = augmented(), augmented(flip=False)
    mirrored = (flipped != straight).any((1, 2, 3))
    assert np.array_equal(flipped[mirrored], straight[mirrored][:, :, ::-1])
    assert 15 < mirrored.sum() < 45
