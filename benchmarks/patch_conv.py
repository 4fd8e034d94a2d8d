"""tiny-resnet with PatchConv2D in stage4 against Conv2D throughout, on this machine's device.

python benchmarks/patch_conv.py
"""

from unittest import mock

from _report import report
from _training import classifier, compared

from tl_helpers.session import jit_compile, setup


def main():
    """Train both in one run."""
    setup(quiet=True)
    from keras import layers

    from tl_helpers.backbones import tiny_resnet

    patched = classifier(tiny_resnet.tiny_resnet, jit_compile())
    with mock.patch.object(tiny_resnet, "PatchConv2D", layers.Conv2D):
        plain = classifier(tiny_resnet.tiny_resnet, jit_compile())
    report(__file__, **compared({"PatchConv2D": patched, "Conv2D": plain}))


if __name__ == "__main__":
    main()
