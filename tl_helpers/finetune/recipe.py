"""Fine-tuning recipes: one call, `model.fit` inside."""

import time
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from ..data.augment import flip_shift
from ..data.dataset import Dataset, Split
from ..evaluate.compare import accuracy
from ..session import jit_compile, smoke
from .batches import Batches
from .classifier import Classifier
from .features import draws, extractor, features
from .freezing import freeze, stages, unfreeze
from .probe import linear_probe

STRATEGIES = ("head", "full", "lp-ft")
WARMUP = 0.1  # share of the steps
BATCH_NORM_FROM = 200  # training pictures


@dataclass(frozen=True, eq=False)
class Result:
    """What a run did. The test set is not touched: `tl.evaluate.accuracy(model, data.test)`."""

    strategy: str
    history: pd.DataFrame  # a row an epoch: epoch, loss, accuracy (training, 0..1)
    val_accuracy: float
    seconds: float


def fine_tune(
    model,
    data: Dataset,
    strategy: str = "full",
    epochs: int = 8,
    base_lr: float = 2e-3,
    augment=False,
    batch_size: int = 32,
    weight_decay: float = 1e-3,
    batch_norm: bool | None = None,
    views: int = 10,
    seed: int = 0,
    verbose=0,
) -> Result:
    """Train a model from `attach_head` on a data set.

    AdamW (Loshchilov and Hutter 2019), the rate warmed up linearly over a tenth of the steps and
    brought to zero along a cosine. The same call trains from scratch, on
    `backbones.load(name, weights=None)` with strategy "full".

    Args:
        model: is trained in place.
        data: trains on `data.train`, evaluates once on `data.val` at the end.
        strategy: "head" (backbone frozen, its features computed once), "full" (all stages from the
            start), or "lp-ft": the exact linear probe as the head, then all stages (Kumar et al.
            2022).
        epochs: passes over `data.train`.
        base_lr: the peak rate.
        augment: False, True (`tl.data.augment.flip_shift`), or a function `(x, rng) -> x`.
        batch_size: pictures a step.
        weight_decay: decoupled; not on BatchNorm and biases.
        batch_norm: whether BatchNorm layers train when all stages do; default: yes, unless the
            network is pretrained and `data.train` has fewer than `BATCH_NORM_FROM` pictures.
        views: strategy "head" with augmentation: how many augmented draws of each picture its
            features are computed for, at most one an epoch.
        seed: of order, augmentation and dropout.
        verbose: as in `fit`.
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown strategy {strategy!r}; strategies are {', '.join(STRATEGIES)}")
    if epochs < 1 or base_lr <= 0:
        raise ValueError(f"epochs and base_lr must be positive, got {epochs} and {base_lr}")
    _check(model, data, batch_size, augment, views)
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    trained, train, val = model, data.train, data.val
    if strategy == "head":
        freeze(model)
        trained, train, val, augment = _cached(model, data, augment, min(views, epochs), seed)
    else:
        if strategy == "lp-ft":
            linear_probe(model, data).install(model)
        if batch_norm is None and len(data.train) >= BATCH_NORM_FROM:
            batch_norm = True
        unfreeze(model, batch_norm)
    batches = Batches(train, batch_size, augment, seed)
    for each in {model, trained}:  # the model too, so that it can be evaluated and trained on
        compile_for(each, epochs * len(batches), base_lr, weight_decay)
    once = {"epochs": 1, "steps_per_epoch": 1} if smoke() else {"epochs": epochs}
    log = trained.fit(batches, shuffle=False, verbose=verbose, **once).history
    history = pd.DataFrame({"epoch": range(1, len(log["loss"]) + 1), **log})
    return Result(strategy, history, accuracy(trained, val), time.perf_counter() - start)


def _cached(model, data, augment, views, seed):
    """The head as a model of its own, its training and validation features, and their augment."""
    inner, _ = extractor(model)  # up to and with the average over space
    x = y = keras.Input(inner.output_shape[1:], name="features")
    for layer in stages(model)["head"][1:]:  # the very layers of `model`: training them trains it
        y = layer(y)
    trained = Classifier(x, y, name="head_of_" + model.name)
    val = Split(features(inner, data.val.x), data.val.y)
    if not augment:
        return trained, Split(features(inner, data.train.x), data.train.y), val, False
    drawn = draws(inner, data.train.x, flip_shift if augment is True else augment, views, seed)

    def one_draw(x, rng):  # (n, views, channels) -> (n, channels)
        return x[np.arange(len(x)), rng.integers(0, views, len(x))]

    return trained, Split(drawn, data.train.y), val, one_draw


def _check(model, data, batch_size, augment, views) -> None:
    if not isinstance(data, Dataset):
        raise TypeError(
            f"fine_tune() takes a whole data set from tl.data.load, not a {type(data).__name__}: "
            "it trains on data.train and looks at data.val"
        )
    stages(model)  # says so where the model is not from attach_head
    if model.output_shape[-1] != data.num_classes:
        raise ValueError(
            f"the model's head has {model.output_shape[-1]} classes, {data.name} has "
            f"{data.num_classes}: make it with attach_head(backbone, data.num_classes)"
        )
    for name, number in (("batch_size", batch_size), ("views", views)):
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    if augment not in (True, False) and not callable(augment):
        raise ValueError(f"augment is True, False or a function (x, rng) -> x, got {augment!r}")


def compile_for(model, steps: int, base_lr: float, weight_decay: float) -> None:
    """Compile a classifier for a number of steps, by this library's compile policy."""
    warmup = min(max(1, round(WARMUP * steps)), steps - 1)
    rate = keras.optimizers.schedules.CosineDecay(
        base_lr / 100, max(1, steps - warmup), warmup_target=base_lr, warmup_steps=warmup
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    model.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=jit_compile(),
    )
    # Keras makes what is missing inside the first traced step, and TensorFlow then traces it again.
    optimizer.build(model.trainable_variables)
    classes = model.output_shape[-1]
    model.compute_metrics(None, np.zeros(1, "int32"), np.zeros((1, classes), "float32"))
    model.reset_metrics()
