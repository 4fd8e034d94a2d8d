"""Residual networks for 32x32 pictures (He et al. 2016), in two sizes.

tiny-resnet, about 1.2 M parameters: small enough to train on two cores while a student waits, large
enough for its stages to differ. tiny-resnet-s, about 0.2 M: a student network, and a quick one.
"""

from keras import layers

from .patch_conv import PatchConv2D

STAGES = ("stem", "stage1", "stage2", "stage3", "stage4")
WIDTHS = {"tiny-resnet": (32, 64, 128, 256), "tiny-resnet-s": (12, 24, 52, 104)}


def _conv_bn(x, filters, name, *, strides=1, kernel=3):
    # stage4's pictures are 2x2: there a matrix product trains faster, see patch_conv.py
    conv = PatchConv2D if name.startswith("stage4") else layers.Conv2D
    x = conv(
        filters,
        kernel,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=f"{name}_conv",
    )(x)
    return layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)


def _block(x, filters, strides, name):
    shortcut = x
    x = layers.ReLU(name=f"{name}_a_relu")(_conv_bn(x, filters, f"{name}_a", strides=strides))
    x = _conv_bn(x, filters, f"{name}_b")
    if shortcut.shape[-1] != filters or strides != 1:
        shortcut = _conv_bn(shortcut, filters, f"{name}_short", strides=strides, kernel=1)
    return layers.ReLU(name=name)(layers.Add(name=f"{name}_add")([x, shortcut]))


def tiny_resnet(x, widths):
    """The network as a function of its preprocessed input.

    Args:
        x: (n, 32, 32, 3) Keras tensor, about -1 to 1.
        widths: channels of stage1 to stage4; the stem has as many as stage1.

    Returns:
        (n, 2, 2, widths[-1]) Keras tensor. The output layer of each stage bears the stage's name.
    """
    x = layers.ReLU(name="stem")(_conv_bn(x, widths[0], "stem_a", strides=2))  # (n, 16, 16, 32)
    for stage, width in zip(STAGES[1:], widths, strict=True):  # 16x16, 8x8, 4x4, 2x2
        x = _block(x, width, 1 if stage == "stage1" else 2, stage)
    return x
