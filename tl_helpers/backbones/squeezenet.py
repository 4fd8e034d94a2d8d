"""squeezenet: SqueezeNet v1.1 (Iandola et al. 2016), 0.7 M parameters, trained on ImageNet.

The smallest network with real ImageNet features: 3 MB, no BatchNorm, quick on two cores.
"""

from pathlib import Path

import h5py
import numpy as np
from keras import layers

from ..data.absent import Download
from ..data.fetch import at_hand as file_at_hand
from ..data.fetch import fetch
from .weights import WeightsError, arrays_of, digest

# fire module -> filters of its squeeze layer; each of its two expand layers has four times as many
FIRES = {
    "fire2": 16,
    "fire3": 16,
    "fire4": 32,
    "fire5": 32,
    "fire6": 48,
    "fire7": 48,
    "fire8": 64,
    "fire9": 64,
}
POOL_AFTER = {"conv1": "pool1", "fire3": "pool3", "fire5": "pool5"}
ENTRY = {"mean": (103.939, 116.779, 123.68), "scale": 1.0, "bgr": True}  # as in its training

FILE = "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"
SHA256 = "17154246284f555591549ac2c83e127abfbf4307dc4b0060fdaa2931d0fa38da"
URL = (
    "https://github.com/DeepCognition/keras-squeezenet/raw/"
    f"a73d4339aa4d37c51a0b3ba044bed55477abec73/{FILE}"
)
CARD = {
    "name": "squeezenet",
    "source": "ImageNet (ILSVRC 2012), 1.28 M labelled photographs of 1,000 kinds",
    "paper": "Iandola et al. 2016, SqueezeNet",
    "licence": "MIT (DeepCognition/keras-squeezenet)",
    "url": URL,
    "weights": SHA256[:12],
}
DOWNLOAD = Download("squeezenet", "SqueezeNet's ImageNet weights", 3, CARD["licence"])


def squeezenet(x):
    """The network without its classifier, as a function of its preprocessed input.

    Args:
        x: (n, h, w, 3) Keras tensor, BGR with ImageNet's means subtracted; h and w at least 48.

    Returns:
        (n, about h / 16, about w / 16, 512), and stage -> name of the layer that ends it.
    """
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv1")(x)
    x = _pool(x, "conv1")
    for name, filters in FIRES.items():
        x = _pool(_fire(x, filters, name), name)
    return x, {name: name for name in ("conv1", *FIRES)}


def _fire(x, filters, name):
    squeezed = layers.Conv2D(filters, 1, activation="relu", name=f"{name}_squeeze1x1")(x)
    expanded = [
        layers.Conv2D(
            4 * filters, k, padding="same", activation="relu", name=f"{name}_expand{k}x{k}"
        )(squeezed)
        for k in (1, 3)
    ]
    return layers.Concatenate(name=name)(expanded)


def _pool(x, after):
    if after not in POOL_AFTER:
        return x
    return layers.MaxPooling2D(3, strides=2, name=POOL_AFTER[after])(x)


def at_hand() -> bool:
    """Whether the ImageNet weights are on this machine."""
    return file_at_hand(FILE, SHA256)


def fill(model, weights) -> dict:
    """Put weights into the network: "default" or "imagenet", or the path of a file like theirs."""
    imagenet = weights in ("default", "imagenet")
    path = fetch(URL, SHA256) if imagenet else Path(weights)
    try:
        with h5py.File(path) as file:
            for layer in model.layers:
                if layer.weights:
                    layer.set_weights(_arrays(file, layer.name))
    except FileNotFoundError:
        raise WeightsError(f"no weights file at {path}: give the path of an .h5 file") from None
    except (OSError, KeyError, ValueError) as error:  # not HDF5; a layer is missing; its shape
        raise WeightsError(
            f"{path} does not hold SqueezeNet v1.1 without its top ({error}); expected {FILE}: "
            'remove the file, and get it again: tl.prefetch("squeezenet") downloads 3 MB'
        ) from error
    if imagenet:
        return dict(CARD)
    return {"name": "squeezenet", "source": str(path), "weights": digest(arrays_of(model))}


def _arrays(file, layer: str) -> list[np.ndarray]:
    """Kernel and bias of one layer; fire2_squeeze1x1 lies in the file's group fire2/squeeze1x1."""
    found = {}
    group = file[layer.replace("_", "/", 1)]

    def collect(_, item):
        if isinstance(item, h5py.Dataset):
            found[item.ndim] = item[()]

    group.visititems(collect)
    return [found[4], found[1]]  # kernel (h, w, in, out), bias (out,)
