"""Fine-tuning recipes: one call, `model.fit` inside."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import keras
import numpy as np
import pandas as pd

from ..data.dataset import Dataset
from ..session import jit_compile, one_replica, progress, smoke
from .batches import Batches
from .freezing import freeze_to, stages
from .layerwise import layerwise
from .live import Live
from .prefix import cached, cut_below
from .probe import linear_probe
from .scaled import ScaledAdamW

STRATEGIES = ("head", "full", "lp-ft", "gradual")
WARMUP = 0.1  # share of the steps
BATCH_NORM_FROM = 200  # training pictures
PREDICT = 100  # pictures a batch, as in tl.evaluate.accuracy


@dataclass(frozen=True, eq=False)
class Result:
    """What a run did. The test set is not touched: `tl.evaluate.accuracy(model, data.test)`."""

    strategy: str
    rate: float | slice
    history: pd.DataFrame  # a row an epoch: epoch, lowest stage trained, loss, accuracy (0..1)
    val_accuracy: float
    tried: dict[float, float]  # rate, of a slice the highest -> val_accuracy
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
    several = len(peaks) > 1  # with one, nothing has to be kept
    begun = _values(model) if several else []
    made, optimizers, best, tried = {}, {}, None, {}
    with progress.part(f"fine-tuning, {strategy}", len(peaks) * epochs) as told:
        for peak in peaks:
            keras.utils.set_random_seed(seed)
            if several:
                _assign(model, begun)
            optimizer, logs = None, []
            for phase, (stage, count) in enumerate(plan):
                freeze_to(model, stage, batch_norm)
                first = phase not in made
                if first:
                    made[phase] = cut_below(model, stage) or (None, model)
                prefix, trained = made[phase]
                train, val, changed = data.train, data.val, augment
                if prefix:
                    train, changed = cached(prefix, train, augment, min(views, count), seed + phase)
                    val, _ = cached(prefix, val)
                batches = Batches(train, batch_size, changed, seed + phase)
                earlier = optimizer
                # A traced step serves all rates, unless it has what another one left behind in it:
                # how long an earlier phase was (which stopping early decides), or the scale of the
                # loss.
                if first or patience or trained.optimizer is not optimizers[phase]:
                    shape = warm_cosine(count * len(batches), 1.0)
                    optimizers[phase] = adamw(model, shape, weight_decay, **layered)
                    compile_for(trained, optimizers[phase])
                optimizer = optimizers[phase]
                optimizer.begin(peak)
                if earlier:
                    optimizer.take_over(earlier)
                once = {"epochs": 1, "steps_per_epoch": 1} if smoke() else {"epochs": count}
                watch = _early_stopping(val, patience) if patience else {}
                watch["callbacks"] = [Live(), *watch.get("callbacks", [])]
                log = trained.fit(batches, shuffle=False, verbose=verbose, **once, **watch).history
                logs.append(pd.DataFrame({"stage": stage, **log}))
                if told.stop and told.alone:
                    break
            # predict, not evaluate: the caller's accuracy on test pictures reuses what it compiles.
            prediction = trained.predict(val.x, batch_size=PREDICT, verbose=0)  # (n, classes)
            tried[peak] = float((prediction.argmax(1) == val.y).mean())
            if best is None or tried[peak] > tried[best[0]]:
                kept = _values(model) if several else []
                best = peak, kept, pd.concat(logs, ignore_index=True)
            if told.stop and told.alone:
                break
    peak, kept, history = best
    if several:
        _assign(model, kept)
    if trained is not model or several:  # so that it can be evaluated and trained on
        rate = warm_cosine(len(history) * len(batches), peak)
        compile_for(model, adamw(model, rate, weight_decay, **layered))
    history.insert(0, "epoch", range(1, len(history) + 1))
    chosen = base_lr if by_slice else peak
    return Result(strategy, chosen, history, tried[peak], tried, time.perf_counter() - start)


def _values(model) -> list[np.ndarray]:
    """Everything that training changes, the state of random generators included."""
    return [np.array(keras.ops.convert_to_numpy(v)) for v in model.variables]


def _assign(model, values) -> None:
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)


def _early_stopping(val, patience) -> dict:
    stop = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    return {
        "validation_data": (val.x, val.y),
        "validation_batch_size": PREDICT,
        "callbacks": [stop],
    }


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


def warm_cosine(steps: int, peak: float) -> keras.optimizers.schedules.LearningRateSchedule:
    """The rate of this library's recipes: a linear warm-up, and a cosine to zero."""
    warmup = min(max(1, round(WARMUP * steps)), steps - 1)
    return keras.optimizers.schedules.CosineDecay(
        peak / 100, max(1, steps - warmup), warmup_target=peak, warmup_steps=warmup
    )


def adamw(model, rate, weight_decay: float, **rates):
    """This library's optimizer: AdamW, with rates for each stage as `layerwise` takes them.

    Once built, its rate is multiplied by `optimizer.scale`.
    """
    optimizer = ScaledAdamW(rate, weight_decay=weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return layerwise(optimizer, model, **rates)


def compile_for(model, optimizer) -> None:
    """Compile a classifier, or a part of it that ends in its logits, by this library's policy."""
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
