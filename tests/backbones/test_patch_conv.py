"""`PatchConv2D` is `keras.layers.Conv2D`: the same values and gradients from the same weights."""

import keras
import numpy as np
import pytest

from tl_helpers.backbones.patch_conv import PatchConv2D


class Pictures(keras.layers.Layer):
    """A layer whose weight is its output, so that a training step shows the gradient there."""

    def __init__(self, x):
        super().__init__()
        self.x = self.add_weight(shape=x.shape, initializer="zeros")
        self.x.assign(x)

    def call(self, _):
        return keras.ops.convert_to_tensor(self.x)


def values_and_gradients(conv, kernel, x, upstream):
    """A convolution's output, and the gradients of sum(output * upstream): input's, kernel's."""
    pictures, start = Pictures(x), keras.Input((1,))
    model = keras.Model(start, conv(pictures(start)))
    conv.set_weights([kernel])
    rows = np.zeros((len(x), 1), "float32")
    out = model.predict_on_batch(rows)
    model.compile(
        keras.optimizers.SGD(1.0),
        lambda wanted, got: keras.ops.sum(wanted * got),
        run_eagerly=True,
        jit_compile=False,
    )
    model.train_on_batch(rows, upstream)
    now = [keras.ops.convert_to_numpy(v) for v in (pictures.x, conv.kernel)]
    return out, x - now[0], kernel - now[1]


@pytest.mark.core
@pytest.mark.parametrize("size", [(6, 4), (5, 7), (4, 5), (2, 2)], ids=str)
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("kernel_size", [1, 3])
def test_same_values_and_gradients_as_conv2d(kernel_size, strides, size):
    rng = np.random.default_rng([kernel_size, strides, *size])
    x = rng.normal(size=(2, *size, 3)).astype("float32")
    kernel = rng.normal(size=(kernel_size, kernel_size, 3, 4)).astype("float32")
    out_size = [-(-side // strides) for side in size]
    upstream = rng.normal(size=(2, *out_size, 4)).astype("float32")
    options = {"strides": strides, "padding": "same", "use_bias": False}
    ours, theirs = (
        values_and_gradients(layer(4, kernel_size, **options), kernel, x, upstream)
        for layer in (PatchConv2D, keras.layers.Conv2D)
    )
    assert ours[0].shape == (2, *out_size, 4)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-5)
        assert np.abs(b).max() > 0.1  # there was something to compare
