"""A small classifier, and two domains in which the same classes lie in different places."""

import keras
import numpy as np
import pytest
from keras import layers

from tl_helpers.backbones import Backbone, Preprocess
from tl_helpers.data.dataset import Dataset, Split
from tl_helpers.finetune import attach_head

STAGES = {"stem": 8, "stage1": 12}


@pytest.fixture
def classifier():
    """Make a network of two stages with BatchNorm and a head for two classes, 8x8 pictures."""

    def make(seed=0, classes=2):
        keras.utils.set_random_seed(seed)
        start = keras.Input((8, 8, 3), name="pictures")
        x = Preprocess({s: s for s in STAGES}, False, name="preprocess")(start)
        for stage, width in STAGES.items():
            x = layers.Conv2D(width, 3, 2, "same", use_bias=False, name=f"{stage}_conv")(x)
            x = layers.ReLU(name=stage)(layers.BatchNormalization(name=f"{stage}_bn")(x))
        model = keras.Model(start, x, name="mini")
        backbone = Backbone("mini", model, {s: s for s in STAGES}, {}, False)
        return attach_head(backbone, classes, dropout=0.0, seed=seed)

    return make


def pictures(y, rng, bright=0):
    """Class 0 is lighter on the left, class 1 on the right; `bright` is the domain."""
    y = np.asarray(y, np.int32)
    side = np.linspace(-1, 1, 8)[None, None, :, None] * np.where(y, 60, -60)[:, None, None, None]
    x = 110 + bright + side + rng.normal(0, 25, (len(y), 8, 8, 3))
    return Split(np.clip(x, 0, 255).astype(np.uint8), y)


@pytest.fixture(scope="session")
def domains():
    """(source, target): data sets of the same two classes; the target is brighter."""
    rng = np.random.default_rng(0)
    return tuple(
        Dataset(name, *(pictures(np.arange(n) % 2, rng, b) for n in (96, 48, 48)), ("l", "r"), {})
        for name, b in (("source", 0), ("target", 70))
    )
