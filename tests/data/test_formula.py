"""Formula-drawn pictures: repeatable, told apart by shape, never by colour."""

import numpy as np
import pytest
from scipy.stats import f_oneway

from tl_helpers.backbones.recipes import Recipe
from tl_helpers.data.formula import NEW, SCENES, draw, program

pytestmark = pytest.mark.core
TEN = NEW + np.arange(10)


def drawn(ids, seed=0, **kwargs):
    return draw(ids, np.random.default_rng(seed), **kwargs)


def shape_of(x):
    """Light and dark on an 8x8 grid, without brightness, contrast and which of them is ink."""
    grey = x.mean(-1).reshape(len(x), 8, 4, 8, 4).mean((2, 4)).reshape(len(x), 64)
    grey -= grey.mean(1, keepdims=True)
    return np.abs(grey / grey.std(1, keepdims=True))


def mean_colour(x):
    return x.mean((1, 2))


def nearest_mean_accuracy(features, **kwargs):
    y = np.tile(np.arange(10), 60)  # also the labels of the test pictures
    train, test = (features(drawn(TEN[y], seed=s, **kwargs)) for s in (1, 2))
    means = train.reshape(60, 10, -1).mean(0)
    return (((test[:, None] - means) ** 2).sum(-1).argmin(1) == y).mean()


def test_same_seed_same_pictures_and_another_seed_others():
    assert np.array_equal(drawn(TEN), drawn(TEN))
    others = drawn(TEN, seed=1)
    assert all((a != b).any() for a, b in zip(drawn(TEN), others, strict=True))


@pytest.mark.parametrize("size", [16, 32, 48])
def test_pictures_are_uint8_rgb_of_the_size(size):
    x = drawn(TEN, size=size)
    assert x.shape == (10, size, size, 3)
    assert x.dtype == np.uint8
    assert (x.std((1, 2, 3)) > 5).all()


def test_no_ids_no_pictures():
    assert drawn([]).shape == (0, 32, 32, 3)


def test_pictures_of_a_class_differ():
    x = drawn([NEW] * 20)
    assert len({picture.tobytes() for picture in x}) == 20


def test_a_class_looks_like_itself():
    assert nearest_mean_accuracy(shape_of) > 0.3


def test_mean_colour_does_not_give_the_class_away():
    assert nearest_mean_accuracy(mean_colour) < 0.13


def test_shapes_with_the_same_palette_have_the_same_mean_colour():
    assert nearest_mean_accuracy(mean_colour, palettes=np.tile(np.arange(10), 60)) > 0.4


def test_the_mean_of_no_channel_differs_between_classes():
    channels = mean_colour(drawn(np.tile(TEN, 60), seed=1)).reshape(60, 10, 3)
    assert (f_oneway(*channels.swapaxes(0, 1)).pvalue > 0.01).all()


@pytest.mark.parametrize("first", [64, 128])
def test_long_lists_are_drawn_piece_by_piece_without_a_trace(first):
    ids = np.arange(150)
    rng = np.random.default_rng(0)
    pieces = np.concatenate([draw(ids[:first], rng), draw(ids[first:], rng)])
    assert np.array_equal(drawn(ids), pieces)


def test_same_id_same_program_and_another_id_another():
    again = program.__wrapped__(NEW)
    for a, b in zip(vars(program(NEW)).values(), vars(again).values(), strict=True):
        assert np.array_equal(a, b, equal_nan=True)
    starts = {program(i).centre.tobytes() for i in (*range(300), *TEN)}
    assert len(starts) == 310


def test_pretraining_never_draws_the_new_ids():
    ids = Recipe(scenes=9).class_ids
    assert not ((ids >= NEW) & (ids < SCENES)).any()
    assert len(set(ids)) == Recipe().shapes + 9


def test_a_recipe_without_strokes_has_contours_in_their_place():
    ids = Recipe(strokes=False, scenes=0).class_ids
    assert len(set(ids)) == len(Recipe(scenes=0).class_ids) == Recipe().shapes
    assert not any(program(int(i)).is_strokes for i in ids)


def test_every_third_class_is_strokes():
    assert [program(i).is_strokes for i in range(9)] == [False, False, True] * 3
    for i in range(30):
        p = program(i)
        assert np.isnan(p.pen).all() == (not p.is_strokes)
        assert (p.radius > 0).any() == (not p.is_strokes)


def test_programs_have_one_to_three_parts():
    filled = {int((program(i).radius > 0).sum()) for i in range(0, 90, 3)}
    written = {int((~np.isnan(program(i).pen[:, 0])).sum()) for i in range(2, 92, 3)}
    assert filled == written == {1, 2, 3}


@pytest.mark.parametrize("ids", [[3, -1], [[1, 2]], 5])
def test_ids_that_are_no_flat_list_from_0_on_are_an_error(ids):
    with pytest.raises(ValueError, match="class ids must be a flat list of ints from 0 on"):
        drawn(ids)
