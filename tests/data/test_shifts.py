"""Domain shifts: what holds for every kind, and what each kind is, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tl_helpers.data import SHIFTS, Dataset, Split, shift
from tl_helpers.data.formula import NEW, draw

pytestmark = pytest.mark.core
PICTURES = draw(NEW + np.arange(40) % 10, np.random.default_rng(3))
PICTURES.flags.writeable = False
GREY = np.array([0.299, 0.587, 0.114])

kinds = st.sampled_from(sorted(SHIFTS))
strengths = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=30, deadline=None)
every_kind = pytest.mark.parametrize("kind", SHIFTS)


def distance(kind, strength, seed=0):
    return np.abs(shift(PICTURES, kind, strength, seed).astype(float) - PICTURES).mean()


def flat(value, n=2):
    return np.full((n, 32, 32, 3), value, np.uint8)


# What holds for every kind


@few
@given(kind=kinds, seed=seeds)
def test_strength_0_changes_nothing(kind, seed):
    moved = shift(PICTURES, kind, 0, seed)
    assert np.array_equal(moved, PICTURES)
    assert not np.shares_memory(moved, PICTURES)


@few
@given(
    kind=kinds,
    strength=strengths,
    n=st.integers(0, 3),
    height=st.integers(4, 40),
    width=st.integers(4, 40),
)
def test_shape_and_type_stay_and_the_pictures_given_are_left_alone(
    kind, strength, n, height, width
):
    x = np.random.default_rng(0).integers(0, 256, (n, height, width, 3), dtype=np.uint8)
    before = x.copy()
    moved = shift(x, kind, strength)
    assert moved.shape == x.shape
    assert moved.dtype == np.uint8
    assert np.array_equal(x, before)
    assert not np.shares_memory(moved, x)


@few
@given(kind=kinds, strength=strengths, seed=seeds)
def test_same_seed_same_pictures(kind, strength, seed):
    assert np.array_equal(
        shift(PICTURES, kind, strength, seed), shift(PICTURES, kind, strength, seed)
    )


@pytest.mark.parametrize("kind", ["noise", "night", "clutter"])
def test_another_seed_other_pictures(kind):
    assert (shift(PICTURES, kind, 0.7) != shift(PICTURES, kind, 0.7, seed=1)).any()


@every_kind
def test_default_strength_is_1(kind):
    assert np.array_equal(shift(PICTURES, kind), shift(PICTURES, kind, 1))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(kind=kinds, low=st.floats(0, 0.8), step=st.floats(0.2, 1), seed=st.integers(0, 9))
def test_higher_strength_is_further_away(kind, low, step, seed):
    assert distance(kind, min(low + step, 1), seed) > distance(kind, low, seed)


@every_kind
def test_full_strength_is_far_away(kind):
    assert distance(kind, 1) > 10


@pytest.mark.parametrize("kind", ["sketch", "inverted", "blur", "hue"])
def test_a_picture_does_not_depend_on_its_neighbours_in_the_batch(kind):
    alone = np.concatenate([shift(PICTURES[i : i + 1], kind, 0.8) for i in range(5)])
    assert np.array_equal(shift(PICTURES[:5], kind, 0.8), alone)


# What each kind is


def test_inverted_is_the_negative():
    assert np.array_equal(shift(PICTURES, "inverted"), 255 - PICTURES)


def test_inverted_starts_with_the_brightest():
    x = np.arange(0, 240, 5, np.uint8).reshape(1, 4, 4, 3)
    assert np.array_equal(shift(x, "inverted", 0.5), np.where(x >= 128, 255 - x, x))


def test_sketch_is_paper_where_nothing_changes_and_ink_along_an_edge():
    assert (shift(flat(120), "sketch") == 245).all()
    x = flat(40)
    x[:, :, 16:] = 200
    drawn = shift(x, "sketch")
    assert (drawn[:, :, 15:17] == 20).all()
    assert (drawn[:, :, [5, 26]] == 245).all()
    assert np.array_equal(drawn.swapaxes(1, 2), shift(x.swapaxes(1, 2), "sketch"))


def test_sketch_is_grey():
    drawn = shift(PICTURES, "sketch")
    assert (drawn == drawn[..., :1]).all()


def test_night_is_darker_and_bluer():
    dark = shift(flat(200, n=20), "night").astype(float).mean((0, 1, 2))
    # 255 * (200 / 255) ** 1.5 * (1 - [0.7, 0.62, 0.45])
    assert dark == pytest.approx([53.1, 67.3, 97.4], abs=1)


def test_blur_keeps_flat_pictures_and_spreads_a_point():
    assert (shift(flat(90), "blur") == 90).all()
    x = flat(0)
    x[0, 16, 16, 0] = 255
    spread = shift(x, "blur")
    assert spread[0, 16, 16, 0] == 10  # 255 / (2 pi 2**2)
    assert spread[0, 16, 20, 0] == spread[0, 20, 16, 0] == 1  # exp(-4**2 / (2 2**2)) of that
    assert not spread[0, :, :, 1:].any()


def test_noise_has_the_deviation_it_names():
    noisy = shift(flat(128, n=20), "noise", 0.5).astype(float)
    assert noisy.mean() == pytest.approx(128, abs=0.5)
    assert noisy.std() == pytest.approx(35, rel=0.02)


def test_what_is_brighter_than_white_is_white():
    noisy = shift(flat(255), "noise", 0.5)
    assert (noisy == 255).mean() == pytest.approx(0.5, abs=0.03)
    assert noisy.min() > 60


def test_clutter_takes_each_pixel_from_the_same_place_of_a_picture_in_the_batch():
    x = np.arange(10, dtype=np.uint8)[:, None, None, None] * np.ones((1, 32, 32, 3), np.uint8)
    x[..., 1] = np.arange(32)[:, None]
    x[..., 2] = np.arange(32)
    moved = shift(x, "clutter")
    assert np.array_equal(moved[..., 1:], x[..., 1:])
    assert set(np.unique(moved[..., 0])) <= set(range(10))
    own = (moved[..., 0] == x[..., 0]).mean()
    assert 0.4 < own < 0.75  # eight patches of 9x9 cover at most 63 %


def test_hue_keeps_brightness_and_turns_red_to_cyan():
    x = np.tile(np.array([150, 110, 110], np.uint8), (1, 4, 4, 1))
    turned = shift(x, "hue")
    assert turned[0, 0, 0] == pytest.approx([94, 134, 134], abs=1)  # luma 122, colour negated
    half = shift(x, "hue", 0.5)
    assert (half @ GREY) == pytest.approx(x @ GREY, abs=1)
    assert shift(half, "hue", 0.5)[0, 0, 0] == pytest.approx([94, 134, 134], abs=1)


# Errors


def test_unknown_kind_lists_the_kinds():
    with pytest.raises(ValueError, match=r"unknown shift 'rain'; shifts are sketch, inverted"):
        shift(PICTURES, "rain")


@pytest.mark.parametrize("strength", [-0.1, 1.01, float("nan")])
def test_strength_outside_0_to_1(strength):
    with pytest.raises(ValueError, match=f"strength goes from 0 to 1, got {strength}"):
        shift(PICTURES, "noise", strength)


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (PICTURES / 255, r"float64 \(40, 32, 32, 3\)"),
        (PICTURES[0], r"uint8 \(32, 32, 3\)"),
        (PICTURES[..., :1], r"uint8 \(40, 32, 32, 1\)"),
    ],
)
def test_other_shapes_and_types_are_named(x, got):
    with pytest.raises(ValueError, match=r"takes uint8 pictures of shape .* got " + got):
        shift(x, "noise", 0)


def test_the_splits_of_a_data_set_share_no_noise():
    """Else a training picture and a test picture of one class have the same grain."""
    grey = Split(np.full((3, 8, 8, 3), 128, np.uint8), np.arange(3, dtype=np.int32))
    data = Dataset("grey", grey, grey, grey, ("a", "b", "c"), {})
    noisy = shift(data, "noise", 0.5, seed=1)
    for a, b in ((noisy.train, noisy.val), (noisy.train, noisy.test), (noisy.val, noisy.test)):
        assert (a.x != b.x).mean() > 0.9
    np.testing.assert_array_equal(noisy.train.y, grey.y)
    assert noisy.classes == data.classes
    np.testing.assert_array_equal(shift(data, "noise", 0.5, seed=1).test.x, noisy.test.x)
    assert (grey.x == 128).all()
    np.testing.assert_array_equal(shift(data, "noise", 0.0).train.x, grey.x)
