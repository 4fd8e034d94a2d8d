"""A convolution written as one matrix product, for small pictures on a CPU."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("tl_helpers")
class PatchConv2D(layers.Conv2D):
    """A `Conv2D` with "same" padding: same weights, same values, faster to train on a CPU.

    TensorFlow's gradient of a convolution with respect to its input runs a few images at a time
    where the picture is only some pixels wide. The gradient of a matrix product does not:
    `benchmarks/patch_conv.py` measures both.
    """

    def call(self, x):
        kh, kw = self.kernel_size
        sh, sw = self.strides
        h, w = x.shape[1], x.shape[2]
        out_h, out_w = -(-h // sh), -(-w // sw)
        pad_h, pad_w = max((out_h - 1) * sh + kh - h, 0), max((out_w - 1) * sw + kw - w, 0)
        x = ops.pad(
            x,
            [
                (0, 0),
                (pad_h // 2, pad_h - pad_h // 2),
                (pad_w // 2, pad_w - pad_w // 2),
                (0, 0),
            ],
        )
        taps = [
            x[:, i : i + (out_h - 1) * sh + 1 : sh, j : j + (out_w - 1) * sw + 1 : sw]
            for i in range(kh)
            for j in range(kw)
        ]
        patches = ops.concatenate(taps, axis=-1)  # (n, out_h, out_w, kh * kw * c)
        return ops.matmul(patches, ops.reshape(self.kernel, (-1, self.filters)))
