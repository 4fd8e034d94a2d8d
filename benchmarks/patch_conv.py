"""tiny-resnet with PatchConv2D in stage4 against Conv2D throughout, on this machine's device.

python benchmarks/patch_conv.py
"""

from unittest import mock

from _report import report, spread
from _training import classifier, pictures_per_second

from tl_helpers.session import jit_compile, setup


def main():
    """Train both in one run."""
    setup(quiet=True)
    from keras import layers

    from tl_helpers.backbones import tiny_resnet

    patched = classifier(tiny_resnet.tiny_resnet, jit_compile())
    with mock.patch.object(tiny_resnet, "PatchConv2D", layers.Conv2D):
        plain = classifier(tiny_resnet.tiny_resnet, jit_compile())
    speeds = pictures_per_second({"PatchConv2D": patched, "Conv2D": plain})
    ratios = [a / b for a, b in zip(speeds["PatchConv2D"], speeds["Conv2D"], strict=True)]
    report(
        __file__,
        pictures_per_second={name: spread(v) for name, v in speeds.items()},
        patch_over_conv=spread(ratios),
    )


if __name__ == "__main__":
    main()
