"""XLA on a CPU under TensorFlow: why `setup()` turns it off there.

It costs the most where networks are made of ordinary and depthwise convolutions. tiny-resnet,
whose last stage is one matrix product a convolution, gains from it once it has compiled.

python benchmarks/compile_policy.py
"""

from unittest import mock

from _report import report
from _training import classifier, compared

from tl_helpers.session import setup


def main():
    """Train three networks without XLA and with it; the ratio is plain over XLA."""
    setup(quiet=True)
    import keras

    from tl_helpers.backbones import tiny_resnet

    def mobilenet(x):
        build = keras.applications.MobileNetV2
        return build(input_tensor=x, include_top=False, weights=None).output

    def both(build):
        return compared({"plain": classifier(build, False), "xla": classifier(build, True)})

    with mock.patch.object(tiny_resnet, "PatchConv2D", keras.layers.Conv2D):
        conv = both(tiny_resnet.tiny_resnet)
    report(
        __file__,
        tiny_resnet=both(tiny_resnet.tiny_resnet),
        tiny_resnet_of_conv2d=conv,
        mobilenet_v2=both(mobilenet),
    )


if __name__ == "__main__":
    main()
