"""Networks of `keras.applications`, trained on ImageNet, with a table of their stages.

A stage ends where the picture is about to be halved. Keras downloads the weights once, where it
may; a local file of the same layout, or none, works without the internet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keras import applications

from ..data.absent import Download
from ..data.fetch import keras_home
from . import weights as weights_io
from .weights import WeightsError

SYMMETRIC = {"mean": 127.5, "scale": 127.5}  # -1 to 1
LICENCE = "Apache-2.0 (keras.applications)"
INSIDE = {"mean": 0.0, "scale": 1.0}  # the network's own first layers do it


@dataclass(frozen=True)
class Application:
    """One network of `keras.applications`."""

    build: Callable
    ends: dict[str, str]  # stage -> the layer that ends it; "output": the last one, unnamed
    entry: dict
    file: str  # how Keras calls the downloaded weights
    megabytes: float  # of that file
    paper: str

    def features(self, x):
        """Preprocessed pictures -> feature map, and stage -> name of the layer that ends it."""
        model = self.build(input_tensor=x, include_top=False, weights=None)
        return model.output, {stage: _layer(model, end) for stage, end in self.ends.items()}

    def download(self, name: str) -> Download:
        """What is downloaded where the ImageNet weights are not on this machine."""
        return Download(name, f"ImageNet weights of {self.paper}", self.megabytes, LICENCE)

    def at_hand(self) -> bool:
        """Whether Keras has downloaded the ImageNet weights already."""
        return (keras_home() / "models" / self.file).is_file()

    def fill(self, model, weights) -> dict:
        """Put weights into the network: "default" or "imagenet", or the path of a Keras file."""
        imagenet = weights in ("default", "imagenet")
        if not imagenet and not Path(weights).is_file():
            raise WeightsError(f"no weights file at {weights}: give the path of a file Keras saved")
        try:
            # A second copy without our entry layer, in the layout that Keras' files have.
            whole = self.build(
                include_top=False,
                weights="imagenet" if imagenet else str(weights),
            )
        except Exception as error:  # Keras wraps failed downloads and damaged files in many kinds
            raise WeightsError(
                f"{model.name}: cannot load {weights!r} ({error}); "
                + (
                    "the ImageNet weights need the internet once: connect and try again"
                    if imagenet
                    else f"expected weights of {self.build.__name__} without its top"
                )
            ) from error
        model.set_weights(whole.get_weights())
        card = {"name": model.name, "source": str(weights)}
        if imagenet:
            card["source"] = "ImageNet (ILSVRC 2012), 1.28 M labelled photographs of 1,000 kinds"
            card |= {"paper": self.paper, "licence": LICENCE}
        return {**card, "weights": weights_io.digest(weights_io.arrays_of(model))}


def _layer(model, end: str) -> str:
    if end != "output":
        return end
    return next(layer.name for layer in model.layers if layer.output is model.output)


APPLICATIONS = {
    "mobilenetv2": Application(
        applications.MobileNetV2,
        {
            "stage1": "expanded_conv_project_BN",
            "stage2": "block_2_add",
            "stage3": "block_5_add",
            "stage4": "block_12_add",
            "stage5": "out_relu",
        },
        SYMMETRIC,
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
        9,
        "Sandler et al. 2018, MobileNetV2",
    ),
    "resnet50v2": Application(
        applications.ResNet50V2,
        {
            "stem": "pool1_pool",
            "stage1": "conv2_block3_out",
            "stage2": "conv3_block4_out",
            "stage3": "conv4_block6_out",
            "stage4": "post_relu",
        },
        SYMMETRIC,
        "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
        95,
        "He et al. 2016, Identity Mappings in Deep Residual Networks",
    ),
    "efficientnetv2b0": Application(
        applications.EfficientNetV2B0,
        {
            "stem": "stem_activation",
            "stage1": "block1a_project_activation",
            "stage2": "block2b_add",
            "stage3": "block3b_add",
            "stage4": "block5e_add",
            "stage5": "top_activation",
        },
        INSIDE,
        "efficientnetv2-b0_notop.h5",
        24,
        "Tan and Le 2021, EfficientNetV2",
    ),
    "convnexttiny": Application(
        applications.ConvNeXtTiny,
        {
            "stem": "convnext_tiny_stem",
            # Its residual sums are no layers, so its stages end after the halving, not before.
            "stage1": "convnext_tiny_downsampling_block_0",
            "stage2": "convnext_tiny_downsampling_block_1",
            "stage3": "convnext_tiny_downsampling_block_2",
            "stage4": "output",
        },
        INSIDE,
        "convnext_tiny_notop.h5",
        112,
        "Liu et al. 2022, A ConvNet for the 2020s",
    ),
}
