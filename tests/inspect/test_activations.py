"""`activations` at any stage or layer, also inside models inside models."""

import keras
import numpy as np
import pytest
from keras import layers

from tl_helpers.inspect import activations


def by_hand(model, x, name):
    layer = model.get_layer(name)
    return keras.ops.convert_to_numpy(keras.Model(model.input, layer.output)(x, training=False))


@pytest.mark.core
@pytest.mark.parametrize("where", ["stem", "stage1", "stem_conv"])
def test_a_stage_or_layer_of_a_backbone_and_of_a_classifier(bb, model, x, where):
    expected = by_hand(bb.model, x, where)
    for network in (bb, model):
        np.testing.assert_allclose(activations(network, x, where), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.core
def test_several_in_one_pass(model, x):
    made = activations(model, x, ["stem", "head"])
    assert {k: v.shape for k, v in made.items()} == {"stem": (20, 4, 4, 6), "head": (20, 3)}
    np.testing.assert_allclose(made["head"], model.predict(x, verbose=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(made["stem"], activations(model, x, "stem"), rtol=1e-4, atol=1e-5)


def nested(bb, kind):
    if kind == "sequential":
        return keras.Sequential([bb.model, layers.Flatten(), layers.Dense(2)])
    start = keras.Input((8, 8, 3))
    inner = keras.Sequential([bb.model, layers.Flatten(name="flat")], name="outer")
    return keras.Model(start, layers.Dense(2)(inner(layers.Rescaling(0.5)(start))))


@pytest.mark.core
@pytest.mark.parametrize(("kind", "scale"), [("sequential", 1), ("functional", 0.5)])
def test_a_layer_of_a_model_within_a_model(bb, x, kind, scale):
    expected = by_hand(bb.model, scale * x.astype("float32"), "stem_conv")
    network = nested(bb, kind)
    for where in ("stem_conv", "mini/stem_conv"):
        np.testing.assert_allclose(activations(network, x, where), expected, rtol=1e-4, atol=1e-5)


def test_what_is_not_there(bb, model, x):
    with pytest.raises(ValueError, match="no stage or layer 'stage9'; there are pictures, prep"):
        activations(bb, x, "stage9")
    with pytest.raises(ValueError, match=r"no stage or layer 'stage9'.* outer/mini/stem_conv"):
        activations(nested(bb, "functional"), x, "stage9")


def test_two_layers_of_one_name(x):
    def part(name):
        return keras.Sequential(
            [keras.Input((8, 8, 3)), layers.Conv2D(3, 1, name="conv")], name=name
        )

    network = keras.Sequential([keras.Input((8, 8, 3)), part("a"), part("b")])
    with pytest.raises(ValueError, match=r"several layers are called 'conv': .* a/conv, b/conv"):
        activations(network, x, "conv")
    a, b = (activations(network, x, f"{name}/conv") for name in "ab")
    assert a.shape == b.shape
    assert not np.allclose(a, b)


def test_a_layer_used_twice(x):
    start = keras.Input((8, 8, 3))
    conv = layers.Conv2D(3, 1, name="conv")
    network = keras.Model(start, layers.Add()([conv(start), conv(conv(start))]))
    with pytest.raises(ValueError, match="'conv' is used 3 times here"):
        activations(network, x, "conv")
