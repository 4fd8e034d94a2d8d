"""A network of a few hundred parameters, and pictures that are easy or hard to tell apart."""

import keras
import numpy as np
import pytest
from keras import layers

from tl_helpers.backbones import Backbone, Preprocess
from tl_helpers.data.dataset import Dataset, Split

STAGES = {"stem": 8, "stage1": 12, "stage2": 16}  # name -> channels


@pytest.fixture(scope="session")
def mini():
    """Make a backbone of three stages for 8x8 pictures; `mini(pretrained=False)` for a fresh one.

    Its BatchNorm statistics are none that an initialisation gives, as after pretraining.
    """

    def make(pretrained=True, seed=0) -> Backbone:
        keras.utils.set_random_seed(seed)
        start = keras.Input((8, 8, 3), name="pictures")
        x = Preprocess({s: s for s in STAGES}, pretrained, name="preprocess")(start)
        for stage, width in STAGES.items():
            x = layers.Conv2D(width, 3, 2, "same", use_bias=False, name=f"{stage}_conv")(x)
            x = layers.ReLU(name=stage)(layers.BatchNormalization(name=f"{stage}_bn")(x))
        model = keras.Model(start, x, name="mini")
        if pretrained:
            for layer in model.layers:
                if isinstance(layer, layers.BatchNormalization):
                    layer.moving_mean.assign(np.full(layer.moving_mean.shape, -0.1))
                    layer.moving_variance.assign(np.full(layer.moving_variance.shape, 0.5))
        return Backbone("mini", model, {s: s for s in STAGES}, {}, pretrained)

    return make


def split(y, rng, step, noise) -> Split:
    """Noise pictures whose brightness rises by `step` a class."""
    y = np.array(y, np.int32)
    x = rng.normal(80, noise, (len(y), 8, 8, 3)) + rng.normal(0, noise, (len(y), 1, 1, 3))
    return Split(np.clip(x + step * y[:, None, None, None], 0, 255).astype(np.uint8), y)


@pytest.fixture(scope="session")
def easy():
    """Dark and bright pictures: 48, 24 and no test pictures, which training must not touch."""
    rng = np.random.default_rng(0)
    train, val = (split(np.arange(n) % 2, rng, step=100, noise=15) for n in (48, 24))
    return Dataset("easy", train, val, None, ("dark", "bright"), {})


@pytest.fixture(scope="session")
def hard():
    """Three classes that no classifier tells apart without mistakes."""
    rng = np.random.default_rng(1)
    parts = [split(np.arange(n) % 3, rng, step=25, noise=20) for n in (60, 60, 60)]
    return Dataset("hard", *parts, ("a", "b", "c"), {})


@pytest.fixture(scope="session")
def state():
    """The weights of a model by path, as arrays: `state(model)`."""
    return lambda model: {v.path: v.numpy().copy() for v in model.weights}
