"""The networks whose weights come with the package: no download, no photograph in them."""

import json
from pathlib import Path

from . import weights as weights_io
from .tiny_resnet import STAGES, WIDTHS, tiny_resnet

SIDE = 32


def features(name):
    """The network as a function that also tells its stages, each named like the layer ending it."""

    def network(x, width=1.0):
        widths = [max(1, round(width * channels)) for channels in WIDTHS[name]]
        return tiny_resnet(x, widths), {stage: stage for stage in STAGES}

    return network


def fill(model, weights) -> dict:
    """Put weights into a network: a name of `weights_names`, or the path of an `.npz`."""
    name = model.name
    if weights == "imagenet":
        raise ValueError(
            f"{name} has no ImageNet weights: its pretraining is on formula-drawn pictures; "
            'use weights="default"'
        )
    own = weights in weights_io.packaged(name)
    if not own and isinstance(weights, str) and not weights.endswith(".npz"):
        raise ValueError(
            f"{name} has no weights {weights!r}: there are {weights_io.packaged(name)}, or give "
            "the path of an .npz file"
        )
    path = weights_io.FOLDER / f"{weights_io.stem(name, weights)}.npz" if own else Path(weights)
    arrays = weights_io.read(path)
    weights_io.assign(model, arrays, path)
    card = read_card(name, weights) if own else {"name": name, "source": str(path)}
    return {**card, "weights": weights_io.digest(arrays)}


def read_card(name: str, weights: str = "default") -> dict:
    """The model card's facts, as `tl-course pretrain` and `tl-course record` wrote them."""
    return json.loads((weights_io.FOLDER / f"{weights_io.stem(name, weights)}.json").read_text())
