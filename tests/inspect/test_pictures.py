"""Filters, exciting pictures, wishes and heat maps."""

import keras
import numpy as np
import pytest
from keras import layers

from tl_helpers.backbones import load
from tl_helpers.finetune import attach_head
from tl_helpers.inspect import activations, exciting, filters, grad_cam, maximise

# Filters


def test_filters_are_the_kernels_with_grey_for_zero(bb):
    made = filters(bb)
    kernel = np.asarray(bb.model.get_layer("stem_conv").kernel)  # (3, 3, 3, 6)
    assert made.shape == (6, 3, 3, 3)
    one = kernel[..., 4]
    expected = 127.5 + 127.5 * one / np.abs(one).max()
    np.testing.assert_allclose(made[4], expected, atol=0.51)


def test_filters_of_a_network_on_bgr_are_shown_in_rgb():
    backbone = load("squeezenet", weights=None)
    kernel = np.asarray(backbone.model.get_layer("conv1").kernel)[..., 0]
    expected = 127.5 + 127.5 * kernel[..., ::-1] / np.abs(kernel).max()
    np.testing.assert_allclose(filters(backbone)[0], expected, atol=0.51)


def test_a_network_without_filters_on_colours():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)], name="flat")
    with pytest.raises(ValueError, match="flat has no first convolution on three colours"):
        filters(model)


# Exciting pictures


def test_the_pictures_with_the_largest_activation_anywhere(bb, x):
    made = exciting(bb, x, "stem", units=[4, 1], count=3)
    maps = activations(bb, x, "stem")
    for row, unit in enumerate((4, 1)):
        peaks = maps[..., unit].max((1, 2))
        assert list(made.index[row]) == list(np.argsort(-peaks)[:3])
        np.testing.assert_allclose(made.value[row], np.sort(peaks)[::-1][:3])
        for i, value, (r, c) in zip(made.index[row], made.value[row], made.place[row], strict=True):
            assert maps[i, r, c, unit] == value


def test_exciting_vectors_and_all_units(model, x):
    made = exciting(model, x, "head", count=1)
    logits = model.predict(x, verbose=0)
    assert list(made.index[:, 0]) == list(logits.argmax(0))
    assert not made.place.any()


def test_units_and_counts_that_are_not_there(bb, x):
    with pytest.raises(ValueError, match=r"stem has units 0 to 5, got \[6\]"):
        exciting(bb, x, "stem", units=6)
    with pytest.raises(ValueError, match="from 1 to the 20 pictures, got 21"):
        exciting(bb, x, "stem", count=21)


# Wishes


@pytest.mark.core
@pytest.mark.parametrize("regularisation", ["fourier", "blur"])
def test_units_like_their_wishes_better_than_any_real_picture(bb, x, regularisation):
    made = maximise(bb, "stem_bn", range(6), steps=60, regularisation=regularisation, rate=0.2)
    assert made.shape == (6, 8, 8, 3)
    assert made.dtype == np.uint8
    wishes = activations(bb, made, "stem_bn").mean((1, 2))  # (pictures, units)
    real = activations(bb, x, "stem_bn").mean((1, 2))
    for unit in range(6):
        assert wishes[unit, unit] > real[:, unit].max()


@pytest.mark.core
def test_the_same_seed_gives_the_same_wish_and_units_do_not_mix(bb):
    options = {"steps": 10, "rate": 0.2}
    first = maximise(bb, "stem", [2, 5], seed=1, **options)
    np.testing.assert_array_equal(first, maximise(bb, "stem", [2, 5], seed=1, **options))
    assert (first != maximise(bb, "stem", [2, 5], seed=2, **options)).any()
    turned = maximise(bb, "stem", [2, 3], seed=1, **options)
    np.testing.assert_array_equal(first[0], turned[0])  # whatever its neighbour wishes for
    assert (first[1] != turned[1]).any()


def test_a_wish_leaves_the_network_as_it_is(bb, state):
    before = state(bb.model)
    frozen = [layer.trainable for layer in bb.model.layers]
    maximise(bb, "stage1", 0, steps=3)
    for path, value in state(bb.model).items():
        np.testing.assert_array_equal(value, before[path])
    assert [layer.trainable for layer in bb.model.layers] == frozen


@pytest.fixture
def state():
    return lambda model: {v.path: np.array(v) for v in model.weights}


def test_wishes_are_as_large_as_the_network_works_at():
    squeezenet = load("squeezenet", weights=None, input_size=64)
    made = maximise(squeezenet, "conv1", [0, 1], steps=1)
    assert made.shape == (2, 64, 64, 3)
    assert maximise(squeezenet, "conv1", 0, steps=1, side=48).shape == (1, 48, 48, 3)
    pictures = keras.Input((None, None, 3))
    anything = keras.Model(pictures, layers.Conv2D(2, 3, name="out")(pictures))
    with pytest.raises(ValueError, match="any size: give the side"):
        maximise(anything, "out", 0)


def test_a_filter_of_sum_zero_wishes_for_contrast():
    """Its mean is about zero for every picture, stripes or none: only a ReLU tells them apart."""
    start = keras.Input((8, 8, 3))
    conv = layers.Conv2D(1, (1, 2), use_bias=False)
    network = keras.Model(start, layers.ReLU(name="out")(conv(start)))
    conv.set_weights([np.array([1.0, -1.0]).repeat(3).reshape(1, 2, 3, 1)])
    made = maximise(network, "out", 0, steps=80, rate=0.3)
    # 437 for stripes of one column; 109 for one step down, all that the mean of the filter asks.
    assert activations(network, made, "out").mean() > 255


def test_a_silent_unit_has_a_wish_too():
    """All of it is below zero at the start: after the ReLU there would be no slope."""
    start = keras.Input((8, 8, 3))
    conv = layers.Conv2D(1, 3, bias_initializer=keras.initializers.Constant(-300.0))
    network = keras.Model(start, layers.ReLU(name="out")(conv(start)))
    grey = np.full((1, 8, 8, 3), 128, np.uint8)
    assert activations(network, grey, "out").max() == 0
    made = maximise(network, "out", 0, steps=80, rate=0.3)
    assert (
        activations(network, made, conv.name).mean() > activations(network, grey, conv.name).mean()
    )
    assert made.std() > 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"units": 6}, r"stem has units 0 to 5, got \[6\]"),
        ({"units": 0, "steps": 0}, "steps must be at least 1, got 0"),
        ({"units": 0, "regularisation": "hope"}, "is one of .* got 'hope'"),
    ],
)
def test_wishes_that_make_no_sense(bb, options, message):
    with pytest.raises(ValueError, match=message):
        maximise(bb, "stem", **options)


# Heat maps


@pytest.mark.core
def test_the_heat_of_the_last_stage_is_that_of_the_heads_weights(model, x):
    """Oracle: behind an average and a dense layer, the slope of a logit is the head's column."""
    made = grad_cam(model, x, classes=1)
    maps = activations(model, x, "stage1")  # (n, 2, 2, 8)
    column = np.asarray(model.get_layer("head").kernel)[:, 1]
    heat = np.maximum(maps @ column, 0)
    peak = heat.max((1, 2), keepdims=True)
    np.testing.assert_allclose(made, heat / np.where(peak > 0, peak, 1), rtol=1e-3, atol=1e-4)


@pytest.mark.core
def test_the_heat_of_a_lower_stage_is_by_finite_differences(model, x):
    """Raise one channel everywhere by a little: the logit rises by its weight times the places."""
    few = x[:3]
    made = grad_cam(model, few, classes=[0, 1, 2], stage="stem")
    maps = activations(model, few, "stem")  # (3, 4, 4, 6)
    above = keras.Model(model.get_layer("stem").output, model.output)

    def logit(m):
        return np.diag(keras.ops.convert_to_numpy(above(m)))

    weights = np.zeros((3, 6))
    for channel in range(6):
        step = np.zeros_like(maps)
        step[..., channel] = 1e-2
        weights[:, channel] = (logit(maps + step) - logit(maps - step)) / 2e-2 / 16
    heat = np.maximum((maps * weights[:, None, None]).sum(-1), 0)
    heat /= np.maximum(heat.max((1, 2), keepdims=True), 1e-12)
    np.testing.assert_allclose(made, heat, atol=0.05)


def test_it_explains_the_models_own_answer_unless_asked(model, x):
    own = model.predict(x, verbose=0).argmax(1)
    np.testing.assert_allclose(grad_cam(model, x), grad_cam(model, x, own), atol=1e-6)


def test_heat_finds_the_bright_corner():
    """A detector of brightness: the heat lies where the light is."""
    start = keras.Input((8, 8, 3), name="pictures")
    from tl_helpers.backbones import Backbone, Preprocess

    y = Preprocess({"stem": "stem"}, True, 0.0, 255.0, name="preprocess")(start)
    y = layers.Conv2D(2, 2, 2, name="c", kernel_initializer="ones")(y)
    y = layers.ReLU(name="stem")(y)
    backbone = Backbone("b", keras.Model(start, y), {"stem": "stem"}, {}, True)
    classifier = attach_head(backbone, 2)
    classifier.get_layer("head").kernel.assign([[1.0, -1.0], [1.0, -1.0]])
    dark = np.zeros((1, 8, 8, 3), np.uint8)
    dark[0, :2, 6:] = 255
    heat = grad_cam(classifier, dark, 0)[0]
    assert np.unravel_index(heat.argmax(), heat.shape) == (0, 3)
    assert heat.max() == pytest.approx(1)
    assert (np.sort(heat.ravel())[:-1] == 0).all()
    assert not grad_cam(classifier, dark, 1).any()  # nothing speaks for the other class


def test_stages_and_classes_that_are_not_there(model, x):
    with pytest.raises(ValueError, match="unknown stage 'head'; this model has stem, stage1"):
        grad_cam(model, x, stage="head")
    with pytest.raises(ValueError, match=r"classes are 0 to 2, got \[3\]"):
        grad_cam(model, x, classes=3)
