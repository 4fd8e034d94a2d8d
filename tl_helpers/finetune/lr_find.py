"""The learning-rate range test (Smith 2017), with the suggestions that fastai's users know.

Train for some hundred steps with a rate that grows from far too small to far too large, and look at
the loss: it stands still, falls, turns, and explodes. The model is as before afterwards.
"""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from ..data.dataset import Split
from ..session import smoke
from .batches import Batches
from .classifier import Classifier
from .compiled import adamw, compile_for
from .freezing import trainable_stages
from .prefix import cached, cut_below

SMOOTH = 0.98  # of the loss, a step
EXPLODED = 4  # times the best loss
VIEWS = 4  # of a frozen part's output, with augmentation
START, END = 0.1, 5  # no suggestion from this share of the steps, nor from the last few


@dataclass(frozen=True, eq=False)
class LRFind:
    """What `lr_find` saw, and the two rates that it suggests."""

    table: pd.DataFrame  # a row a step: lr, loss (of the batch), smooth (its moving average)
    valley: float  # in the middle of the longest fall of the loss
    steep: float  # where the loss falls fastest


def lr_find(
    model,
    train: Split,
    lowest: float = 1e-6,
    highest: float = 1.0,
    steps: int = 100,
    batch_size: int = 32,
    augment=False,
    weight_decay: float = 1e-3,
    decay: float = 1.0,
    seed: int = 0,
) -> LRFind:
    """Try learning rates from `lowest` to `highest` on what is trainable now.

    Args:
        model: from `attach_head`; freeze first what shall stay frozen, which then runs once. Its
            weights, and how it is compiled, are the same afterwards.
        train: pictures and labels.
        lowest, highest: the rates; each step multiplies by the same factor. The run stops early
            when the loss explodes.
        steps: batches, at most.
        batch_size, augment, weight_decay, decay, seed: as in `fine_tune`.
    """
    if not 0 < lowest < highest:
        raise ValueError(f"lowest must be positive and below highest, got {lowest} and {highest}")
    if steps < 20:
        raise ValueError(f"fewer than 20 steps show no curve, got {steps}")
    if not isinstance(train, Split):
        raise TypeError(
            f"lr_find() takes one split, such as data.train, not {type(train).__name__}"
        )
    free = trainable_stages(model)
    if not free:
        raise ValueError("nothing is trainable in this model: unfreeze a stage, or the head, first")
    keras.utils.set_random_seed(seed)
    before = [keras.ops.convert_to_numpy(v).copy() for v in model.variables]
    if cut := cut_below(model, free[0]):
        prefix, twin = cut
        train, augment = cached(prefix, train, augment, VIEWS, seed)
    else:  # a model of the same layers, so that the caller's stays compiled as it is
        twin = Classifier(model.input, model.output, name=f"{model.name}_lr_find")
    rate = keras.optimizers.schedules.ExponentialDecay(lowest, steps - 1, highest / lowest)
    compile_for(twin, adamw(model, rate, weight_decay, decay=decay))
    batches = Batches(train, batch_size, augment, seed)
    epochs = -(-steps // len(batches))
    watch = _Watch(2 if smoke() else steps)
    try:
        twin.fit(batches, epochs=epochs, shuffle=False, verbose=0, callbacks=[watch])
    finally:
        for variable, value in zip(model.variables, before, strict=True):
            variable.assign(value)
    rates = lowest * (highest / lowest) ** (np.arange(len(watch.losses)) / (steps - 1))
    table = pd.DataFrame({"lr": rates, "loss": watch.losses, "smooth": debiased(watch.losses)})
    seen = table[np.isfinite(table["smooth"])].iloc[int(START * steps) : -END]
    if len(seen) < 3:
        seen = table  # a smoke run, or a loss that exploded at once
    lr, smooth = seen["lr"].to_numpy(), seen["smooth"].to_numpy()
    return LRFind(table, float(lr[valley(smooth)]), float(lr[steep(lr, smooth)]))


def debiased(losses) -> np.ndarray:
    """The exponential moving average of losses, corrected for its start at zero."""
    mean, out = 0.0, []
    for i, loss in enumerate(losses, 1):
        mean = SMOOTH * mean + (1 - SMOOTH) * loss
        out.append(mean / (1 - SMOOTH**i))
    return np.array(out)


def valley(losses: np.ndarray) -> int:
    """The index in the middle of the longest fall: a longest decreasing subsequence."""
    length, previous = np.ones(len(losses), int), np.full(len(losses), -1)
    for i in range(1, len(losses)):
        higher = np.flatnonzero(losses[:i] > losses[i])
        if len(higher):
            previous[i] = higher[np.argmax(length[higher])]
            length[i] = length[previous[i]] + 1
    end = start = int(np.argmax(length))
    while previous[start] >= 0:
        start = previous[start]
    return int(start + end) // 2


def steep(rates: np.ndarray, losses: np.ndarray) -> int:
    """The index at which the loss falls fastest along the logarithm of the rate."""
    return int(np.argmin(np.diff(losses) / np.diff(np.log(rates))))


class _Watch(keras.callbacks.Callback):
    """The loss of every batch; ends the run after so many, or when the loss explodes."""

    def __init__(self, steps):
        super().__init__()
        self.limit, self.losses = steps, []

    def on_epoch_begin(self, epoch, logs=None):
        self.total = 0.0

    def on_train_batch_end(self, batch, logs):
        # Keras tells the mean over the epoch so far.
        total = float(logs["loss"]) * (batch + 1)
        self.losses.append(total - self.total)
        self.total = total
        smooth = debiased(self.losses)
        exploded = not smooth[-1] < EXPLODED * smooth.min()  # also when it is not a number
        if exploded or len(self.losses) >= self.limit:
            self.model.stop_training = True
