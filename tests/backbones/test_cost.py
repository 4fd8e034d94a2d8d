"""`cost`, against a network counted by hand."""

import keras
import numpy as np
import pytest

from tl_helpers.backbones import cost, load


def test_a_network_counted_by_hand():
    start = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, padding="same")(start)  # 4 x 3 x 3 x 3 + 4 = 112 numbers
    x = keras.layers.GlobalAveragePooling2D()(x)
    model = keras.Model(start, keras.layers.Dense(2)(x))  # 4 x 2 + 2 = 10
    found = cost(model, np.zeros((5, 8, 8, 3), np.float32), repeats=1)
    assert found.parameters == 122
    assert found.weights_mb == pytest.approx(122 * 4 / 1e6)
    assert found.training_mb == pytest.approx((8 * 8 * 4 + 4 + 2) * 4 / 1e6)
    assert found.ms > 0


def test_larger_networks_cost_more():
    x = np.zeros((8, 32, 32, 3), np.uint8)
    small, large = (
        cost(load(n, weights=None), x, repeats=1) for n in ("tiny-resnet-s", "tiny-resnet")
    )
    assert large.parameters > 5 * small.parameters
    assert large.training_mb > 1.5 * small.training_mb


def test_the_size_of_the_pictures_counts_where_the_network_scales_none():
    model = load("squeezenet", weights=None, input_size=96)
    small, large = (
        cost(model, np.zeros((1, side, side, 3), np.uint8), repeats=1) for side in (32, 96)
    )
    assert small.training_mb == pytest.approx(large.training_mb, rel=0.01)  # both become 96x96


def test_no_pictures():
    with pytest.raises(ValueError, match="at least one picture"):
        cost(load("tiny-resnet-s", weights=None), np.zeros((0, 32, 32, 3), np.uint8))
