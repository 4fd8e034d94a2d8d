"""What the weights of the package were trained on."""

import numpy as np
import pytest

from tl_helpers.backbones.recipes import PALETTES, RECIPES, Recipe, batch
from tl_helpers.data.formula import NEW, SCENES, program

pytestmark = pytest.mark.core
ZOO = RECIPES["tiny-resnet-s"]


def drawn(recipe, count=64):
    return batch(recipe, np.random.default_rng(0), count)


@pytest.mark.parametrize("name", ZOO)
def test_pictures_and_labels(name):
    x, y = drawn(ZOO[name])
    assert (x.shape, x.dtype, y.dtype) == ((64, 32, 32, 3), np.uint8, np.int32)
    assert 0 <= y.min() <= y.max() < ZOO[name].labels


def test_strokes_or_contours_alone():
    for name, strokes in (("strokes", True), ("contours", False)):
        ids = ZOO[name].class_ids
        assert len(set(ids)) == ZOO[name].shapes
        assert all(program(int(i)).is_strokes == strokes for i in ids)
    assert (ZOO["scenes"].class_ids >= SCENES).all()


def test_only_new_kinds_has_the_kinds_of_formula10():
    for name, recipe in ZOO.items():
        new = set(range(NEW, NEW + 10)) <= set(recipe.class_ids)
        assert new == (name == "new-kinds")
        if not new:
            assert not ((recipe.class_ids >= NEW) & (recipe.class_ids < SCENES)).any()


def colour_gives_away(recipe) -> float:
    """How often the nearest mean colour, of pictures with the same label, is the label's own."""
    x, y = drawn(recipe, 4000)
    colour = x.reshape(len(x), -1, 3).mean(1)
    labels = np.unique(y)
    means = np.stack([colour[:3000][y[:3000] == label].mean(0) for label in labels])
    apart = ((colour[3000:, None] - means) ** 2).sum(-1)
    return float((labels[apart.argmin(1)] == y[3000:]).mean())


def test_a_palette_tells_its_label_and_nothing_of_the_shape():
    few = Recipe(shapes=9, scenes=0)
    assert colour_gives_away(few) < 0.3
    assert colour_gives_away(Recipe(shapes=9, scenes=0, class_colours=True)) > 0.5
    palettes = Recipe(shapes=9, scenes=0, task="palette")
    assert palettes.labels == PALETTES
    assert colour_gives_away(palettes) > 10 / PALETTES


def test_turned_pictures_are_turned_by_their_label():
    upright = Recipe(shapes=1, scenes=0, strokes=False)
    turned, y = drawn(Recipe(shapes=1, scenes=0, strokes=False, task="rotation"))
    for picture, other, turns in zip(drawn(upright)[0], turned, y, strict=True):
        np.testing.assert_array_equal(np.rot90(picture, turns), other)
    assert set(y) == {0, 1, 2, 3}


def test_recipes_that_cannot_be():
    with pytest.raises(ValueError, match=r"task must be one of .* got 'kinds'"):
        Recipe(task="kinds")
    with pytest.raises(ValueError, match="scenes=0"):
        Recipe(task="palette")
