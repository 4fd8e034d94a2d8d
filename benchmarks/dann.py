"""An epoch of domain-adversarial training, against the package `adapt`.

Both start from the same network and train it on the same pictures: fifty drawn kinds, labelled, and
sketches of the same kinds, without labels. Batch sizes, optimizer, rate and strength are the same.
Ours grows the strength along the paper's schedule; `adapt` is timed with a constant one, its
default, and with its schedule. Our discriminator standardises the features, theirs does not. The
first epoch, in which a step is traced, is timed apart. Two networks: tiny-resnet-s, its head solved
for the source, and three convolutions from scratch, which learn next to nothing in this time: of
them only the seconds count.

Needs `pip install adapt`, which is not among this project's extras. python benchmarks/dann.py
"""

import gc
import importlib.metadata
import importlib.util
import time

import keras
import numpy as np
from _report import report, spread
from keras import layers

import tl_helpers as tl

SEEDS, EPOCHS, BATCH, RATE, STRENGTH = range(5), 10, 50, 5e-4, 0.1


class Clock(keras.callbacks.Callback):
    """Seconds of each epoch."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


def ours(model, source, target_x, seed):
    """tl.adapt.DANN: one batch of both domains, one optimizer, the gradient turned round."""
    adapting = tl.adapt.DANN(model, strength=STRENGTH)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adapting.compile(keras.optimizers.Adam(RATE), loss)
    batches, clock = tl.data.paired(source, target_x, BATCH, seed), Clock()
    adapting.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=[clock])
    return model, clock.seconds


def scheduled(model, source, target_x, seed):
    """The same with adapt's schedule."""
    import tensorflow as tf
    from adapt.utils import UpdateLambda

    steps = EPOCHS * (len(source) // BATCH)
    ramp = UpdateLambda(lambda_max=STRENGTH, max_steps=steps, gamma=10.0)
    return theirs(model, source, target_x, seed, [ramp], tf.Variable(0.0))


def theirs(model, source, target_x, seed, callbacks=(), strength=STRENGTH):
    """adapt's DANN: three optimizers, each domain through the network by itself."""
    from adapt.feature_based import DANN

    head = model.layers[-1]
    encoder = keras.Model(model.input, head.input)
    task = keras.Sequential([keras.Input(encoder.output_shape[1:]), head])
    discriminator = keras.Sequential(
        [
            keras.Input(encoder.output_shape[1:]),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    adapting = DANN(
        encoder,
        task,
        discriminator,
        Xt=target_x,
        lambda_=strength,
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(RATE),
        copy=False,
        random_state=seed,
        verbose=0,
    )
    classes, clock = np.eye(model.output_shape[-1], dtype="float32"), Clock()
    settings = {"epochs": EPOCHS, "batch_size": BATCH, "verbose": 0}
    adapting.fit(source.x, classes[source.y], callbacks=[clock, *callbacks], **settings)
    return model, clock.seconds


def pretrained(source, seed):
    """tiny-resnet-s with a head that is solved for the source."""
    backbone = tl.backbones.load("tiny-resnet-s")
    model = tl.finetune.attach_head(backbone, source.num_classes, seed=seed)
    tl.finetune.linear_probe(model, source).install(model)
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


def plain(source, seed):
    """Three convolutions with BatchNorm, from random weights."""
    keras.utils.set_random_seed(seed)
    start = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 127.5, -1)(start)
    for width in (16, 32, 64):
        x = layers.Conv2D(width, 3, 2, "same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(start, layers.Dense(source.num_classes)(x))


def main():
    """Train by turns; report seconds of an epoch, their ratio in each round, and accuracy."""
    if importlib.util.find_spec("adapt") is None:
        print("benchmarks/dann.py compares with the package adapt: pip install adapt")
        return
    tl.setup(quiet=True)
    ways = {"ours": ours, "adapt": theirs, "adapt, its schedule": scheduled}
    found = {}
    for make in (pretrained, plain):
        first, later, accuracy = ({way: [] for way in ways} for _ in range(3))
        for seed in SEEDS:
            source = tl.data.load("source50", per_class=20, seed=seed)
            clean = tl.data.load("source50", per_class=20, seed=50 + seed)
            target = tl.data.shift(clean, "sketch", 0.7, seed=seed)
            for way, train in ways.items():
                gc.collect()
                model = make(source, seed)
                keras.utils.set_random_seed(seed)
                model, seconds = train(model, source.train, target.train.x, seed)
                first[way].append(seconds[0])
                later[way].append(float(np.median(seconds[1:])))
                accuracy[way].append(tl.evaluate.accuracy(model, target.test))
        peers = list(ways)[1:]
        found[make.__name__] = {
            "epoch_seconds": {way: spread(s) for way, s in later.items()},
            "first_epoch_seconds": {way: spread(s) for way, s in first.items()},
            "times_faster": {way: ratios(later, way) for way in peers},
            "first_epoch_times_faster": {way: ratios(first, way) for way in peers},
            "accuracy": {way: round(float(np.mean(a)), 3) for way, a in accuracy.items()},
            "accuracy_minus_ours": {
                way: spread(np.subtract(accuracy[way], accuracy["ours"]).tolist()) for way in peers
            },
        }
    report(__file__, adapt=importlib.metadata.version("adapt"), batch=BATCH, networks=found)


def ratios(seconds, way):
    """How many times longer than ours, in each round."""
    return spread([b / a for a, b in zip(seconds["ours"], seconds[way], strict=True)])


if __name__ == "__main__":
    main()
