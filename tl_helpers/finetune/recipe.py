"""Fine-tuning recipes: one call, `model.fit` inside."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import keras
import numpy as np
import pandas as pd

from ..data.dataset import Dataset
from ..session import one_replica, progress
from .compiled import adamw, compile_for, warm_cosine
from .freezing import stages
from .phases import Phases
from .probe import linear_probe

STRATEGIES = ("head", "full", "lp-ft", "gradual")
BATCH_NORM_FROM = 200  # training pictures


@dataclass(frozen=True, eq=False)
class Result:
    """What a run did. The test set is not touched: `tl.evaluate.accuracy(model, data.test)`."""

    strategy: str
    rate: float | slice
    history: pd.DataFrame  # a row an epoch: epoch, lowest stage trained, loss, accuracy (0..1)
    val_accuracy: float
    tried: dict[float, float]  # rate, of a slice the highest -> val_accuracy
    stopped: bool  # by the button, before all was done
    seconds: float  # for all rates


def fine_tune(
    model,
    data: Dataset,
    strategy: str = "full",
    epochs: int = 8,
    base_lr: float | Sequence[float] | slice = 2e-3,
    augment=False,
    batch_size: int = 32,
    weight_decay: float = 1e-3,
    batch_norm: bool | None = None,
    decay: float = 1.0,
    down_to: str | None = None,
    views: int = 10,
    patience: int | None = None,
    seed: int = 0,
    verbose=0,
) -> Result:
    """Train a model from `attach_head` on a data set.

    AdamW (Loshchilov and Hutter 2019), the rate warmed up linearly over a tenth of the steps and
    brought to zero along a cosine. The same call trains from scratch, on
    `backbones.load(name, weights=None)` with strategy "full". What stays frozen is computed once.
    Of several rates each gets the same start and the same batches, and the model ends with the
    weights of the one that does best on `data.val`, the first of equals. A notebook shows how far
    it is, as `Live` does, with a button: stopped, the model has the weights of the best rate
    so far, of which the last one was cut short.

    Args:
        model: is trained in place.
        data: trains on `data.train`, evaluates on `data.val` at the end, once for each rate.
        strategy: "head" (backbone frozen), "full" (all stages from the start), "lp-ft": the exact
            linear probe as the head, then all stages (Kumar et al. 2022), or "gradual": the head,
            then one more stage at a time from the top (Howard and Ruder 2018), each phase with a
            rate that rises and falls and an equal share of the epochs, the rest to the last ones.
        epochs: passes over `data.train`; "gradual" needs one a phase.
        base_lr: the peak rate, or several to choose from; `slice(lowest, highest)` for layer-wise
            rates as in `layerwise`.
        augment: False, True (`tl.data.augment.flip_shift`), or a function `(x, rng) -> x`.
        batch_size: pictures a step.
        weight_decay: decoupled; not on BatchNorm and biases.
        batch_norm: whether the BatchNorm layers of the stages that train do so too; default: yes,
            unless the network is pretrained and `data.train` has fewer than `BATCH_NORM_FROM`
            pictures.
        decay: each stage trains at `decay` times the rate of the one above it.
        down_to: the lowest stage to train; what lies below stays frozen. Default: the first.
        views: where pictures are augmented and a part is frozen: of how many augmented draws of
            each picture its output is computed, at most one an epoch.
        patience: stop early: end training, or a phase of "gradual", after so many epochs without a
            lower loss on `data.val`, and go back to the best epoch's weights.
        seed: of order, augmentation and dropout.
        verbose: as in `fit`.
    """
    by_slice = isinstance(base_lr, slice)
    peaks = [base_lr.stop] if by_slice else np.atleast_1d(np.asarray(base_lr, object)).tolist()
    layered = {"lr": base_lr} if by_slice else {"decay": decay}
    counts = {
        "batch_size": batch_size,
        "views": views,
        "patience": 1 if patience is None else patience,
    }
    _check(model, data, strategy, epochs, peaks, decay, augment, counts)
    plan = _plan(model, strategy, epochs, down_to)
    one_replica()
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    if batch_norm is None and len(data.train) >= BATCH_NORM_FROM:
        batch_norm = True
    if strategy == "lp-ft":
        linear_probe(model, data).install(model)

    def optimizer(rate):
        return adamw(model, rate, weight_decay, **layered)

    fitting = {"batch_size": batch_size, "patience": patience, "verbose": verbose}
    phases = Phases(model, data, plan, optimizer, batch_norm, augment, views, seed, **fitting)
    several = len(peaks) > 1  # with one, nothing has to be kept
    begun = _values(model) if several else []
    best, tried = None, {}
    with progress.part(f"fine-tuning, {strategy}", len(peaks) * epochs) as told:
        for peak in peaks:
            keras.utils.set_random_seed(seed)
            if several:
                _assign(model, begun)
            log, tried[peak] = phases.train(peak, told)
            if best is None or tried[peak] > tried[best[0]]:
                best = peak, _values(model) if several else [], log
            if told.stop and told.alone:
                break
    peak, kept, history = best
    if several:
        _assign(model, kept)
    if several or not phases.end_whole:  # so that it can be evaluated and trained on
        compile_for(model, optimizer(warm_cosine(len(history) * phases.steps, peak)))
    history.insert(0, "epoch", range(1, len(history) + 1))
    chosen = base_lr if by_slice else peak
    seconds, stopped = time.perf_counter() - start, told.stop and told.alone
    return Result(strategy, chosen, history, tried[peak], tried, stopped, seconds)


def _values(model) -> list[np.ndarray]:
    """Everything that training changes, the state of random generators included."""
    return [np.array(keras.ops.convert_to_numpy(v)) for v in model.variables]


def _assign(model, values) -> None:
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)


def _plan(model, strategy, epochs, down_to) -> list[tuple[str, int]]:
    """The phases: the lowest stage that trains, and for how many epochs."""
    names = list(stages(model))
    if strategy == "head":
        if down_to is not None:
            raise ValueError('strategy "head" trains nothing below the head: leave down_to out')
        return [("head", epochs)]
    if down_to not in (None, *names[:-1]):
        raise ValueError(
            f"down_to={down_to!r}: with strategy {strategy!r} it is one of {', '.join(names[:-1])}"
        )
    lowest = down_to or names[0]
    if strategy != "gradual":
        return [(lowest, epochs)]
    phases = names[names.index(lowest) :][::-1]
    share, rest = divmod(epochs, len(phases))
    if share < 1:
        raise ValueError(
            f"gradual unfreezing has {len(phases)} phases here ({', '.join(phases)}) and needs as "
            f"many epochs, got {epochs}: give more, or a higher down_to"
        )
    late = len(phases) - rest
    return [(stage, share + (i >= late)) for i, stage in enumerate(phases)]


def _check(model, data, strategy, epochs, peaks, decay, augment, counts) -> None:
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown strategy {strategy!r}; strategies are {', '.join(STRATEGIES)}")
    if not peaks or not all(isinstance(peak, Real) and peak > 0 for peak in peaks):
        raise ValueError(
            f"base_lr is a positive number, several of them, or slice(lowest, highest), got {peaks}"
        )
    if epochs < 1 or decay <= 0:
        raise ValueError(f"epochs and decay must be positive, got {epochs} and {decay!r}")
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
    for name, number in counts.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    if augment not in (True, False) and not callable(augment):
        raise ValueError(f"augment is True, False or a function (x, rng) -> x, got {augment!r}")
