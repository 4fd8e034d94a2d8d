"""tiny-resnet's size and stages."""

import keras
import numpy as np
import pytest

from tl_helpers.backbones import load
from tl_helpers.backbones.patch_conv import PatchConv2D

SHAPES = {
    "stem": (16, 16, 32),
    "stage1": (16, 16, 32),
    "stage2": (8, 8, 64),
    "stage3": (4, 4, 128),
    "stage4": (2, 2, 256),
}


@pytest.fixture(scope="module")
def backbone():
    return load("tiny-resnet", weights=None)


def test_it_has_about_1_2_million_parameters(backbone):
    assert backbone.model.count_params() == pytest.approx(1.23e6, rel=0.01)


def test_the_small_one_has_about_0_2_million_and_the_same_stages(backbone):
    small = load("tiny-resnet-s", weights=None)
    assert small.model.count_params() == pytest.approx(2.0e5, rel=0.01)
    assert small.stages == backbone.stages


def test_a_narrow_one_has_the_same_stages_and_fewer_channels(backbone):
    narrow = load("tiny-resnet-s", weights=None, width=0.5)
    assert narrow.stages == backbone.stages
    ends = [narrow.model.get_layer(stage).output.shape[-1] for stage in SHAPES]
    assert ends == [6, 6, 12, 26, 52]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "tiny-resnet-s", "width": 0.5},
        {"name": "squeezenet", "weights": None, "width": 2},
        {"name": "tiny-resnet", "weights": None, "width": 0},
    ],
)
def test_a_width_that_cannot_be(bad):
    with pytest.raises(ValueError, match="width"):
        load(**bad)


def test_stages_from_the_input_up_with_their_shapes(backbone):
    assert list(backbone.stages) == list(SHAPES)
    for stage, shape in SHAPES.items():
        assert backbone.model.get_layer(backbone.stages[stage]).output.shape == (None, *shape)
    assert backbone.model.output.shape == (None, *SHAPES["stage4"])


def test_a_stage_is_cut_off_from_the_input_by_its_last_layer(backbone):
    """Nothing may run past the layer that ends a stage, or cutting there would lose it."""
    for stage in list(SHAPES)[:-1]:
        end = backbone.model.get_layer(backbone.stages[stage]).output
        rest = keras.Model(end, backbone.model.output)  # raises where there is another way
        names = {layer.name for layer in rest.layers}
        assert not any(name.startswith((f"{stage}_", "preprocess")) for name in names)


def test_only_the_last_stage_is_written_as_matrix_products(backbone):
    patched = [x.name for x in backbone.model.layers if isinstance(x, PatchConv2D)]
    assert patched
    assert all(name.startswith("stage4") for name in patched)


def test_a_block_adds_its_shortcut(backbone):
    """With its convolutions at zero, a residual block hands its input on."""
    bb = load("tiny-resnet", weights=None, seed=1)
    for layer in bb.model.layers:
        if layer.name in ("stage1_a_conv", "stage1_b_conv"):
            layer.set_weights([np.zeros_like(w) for w in layer.get_weights()])
    both = keras.Model(bb.model.input, [bb.model.get_layer(s).output for s in ("stem", "stage1")])
    x = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    stem, stage1 = (keras.ops.convert_to_numpy(y) for y in both(x))
    np.testing.assert_array_equal(stem, stage1)
    assert stem.max() > 0
