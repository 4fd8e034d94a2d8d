"""Load a backbone by name."""

import difflib
import json
from pathlib import Path

import keras

from . import weights as weights_io
from .backbone import Backbone
from .preprocess import Preprocess
from .tiny_resnet import STAGES, tiny_resnet

# name -> (function from preprocessed input to feature map, its stages, picture size)
EMBEDDED = {"tiny-resnet": (tiny_resnet, STAGES, 32)}


def names() -> list[str]:
    """The backbones that `load` knows."""
    return list(EMBEDDED)


def load(name: str, weights: str | Path | None = "default", seed: int = 0) -> Backbone:
    """Load a backbone.

    Args:
        name: one of `names()`.
        weights: "default" (the pretrained weights that come with the package), a path to an
            `.npz` of `tl-course pretrain`, or None for a random initialisation: the
            from-scratch control.
        seed: of the random initialisation.

    Raises:
        ValueError: unknown name, or "imagenet" for a network that has no such weights.
        WeightsError: the file is missing, damaged, or belongs to another network.
    """
    if name not in EMBEDDED:
        close = difflib.get_close_matches(name, names(), n=3)
        raise ValueError(
            f"unknown backbone {name!r}; "
            + (f"did you mean {' or '.join(close)}?" if close else f"there are {names()}")
        )
    if weights == "imagenet":
        raise ValueError(
            f"{name} has no ImageNet weights: its pretraining is on formula-drawn pictures; "
            'use weights="default"'
        )
    keras.utils.set_random_seed(seed)
    model = build(name, pretrained=weights is not None)
    card = {"name": name, "source": "random initialisation", "seed": seed}
    if weights is not None:
        path = weights_io.FOLDER / f"{name}.npz" if weights == "default" else Path(weights)
        arrays = weights_io.read(path)
        weights_io.assign(model, arrays, path)
        card = read_card(name) if weights == "default" else {"name": name, "source": str(path)}
        card = {**card, "weights": weights_io.digest(arrays)}
    stages = dict(model.get_layer("preprocess").stages)
    return Backbone(name, model, stages, card, pretrained=weights is not None)


def build(name: str, pretrained: bool) -> keras.Model:
    """The network alone, randomly initialised; `pretrained` is what its entry layer records."""
    network, stages, size = EMBEDDED[name]
    x = keras.Input((size, size, 3), name="pictures")
    entry = Preprocess({s: s for s in stages}, pretrained, name="preprocess")
    return keras.Model(x, network(entry(x)), name=name)


def read_card(name: str) -> dict:
    """The model card's facts, as `tl-course pretrain` and `tl-course record` wrote them."""
    return json.loads((weights_io.FOLDER / f"{name}.json").read_text())
