"""A network of a few hundred parameters behind a head, and random pictures."""

import keras
import numpy as np
import pytest
from keras import layers

from tl_helpers.backbones import Backbone, Preprocess
from tl_helpers.finetune import attach_head

STAGES = {"stem": 6, "stage1": 8}


@pytest.fixture(scope="session")
def bb() -> Backbone:
    """Two stages for 8x8 pictures; feature maps of 4x4x6 and 2x2x8."""
    keras.utils.set_random_seed(0)
    start = keras.Input((8, 8, 3), name="pictures")
    x = Preprocess({s: s for s in STAGES}, True, name="preprocess")(start)
    for stage, width in STAGES.items():
        x = layers.Conv2D(width, 3, 2, "same", name=f"{stage}_conv")(x)
        x = layers.ReLU(name=stage)(layers.BatchNormalization(name=f"{stage}_bn")(x))
    return Backbone("mini", keras.Model(start, x, name="mini"), {s: s for s in STAGES}, {}, True)


@pytest.fixture(scope="session")
def model(bb):
    return attach_head(bb, 3)


@pytest.fixture(scope="session")
def x():
    return np.random.default_rng(0).integers(0, 256, (20, 8, 8, 3), dtype=np.uint8)
