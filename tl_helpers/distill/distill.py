"""Distillation: a student learns what a teacher says, and how sure it is of every class.

    loss = (1 - alpha) * cross-entropy with the labels + alpha * T² * KL(teacher || student, at T)

Hinton, Vinyals and Dean 2015. The teacher says something of pictures without labels, too.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from ..data.dataset import Dataset
from ..finetune.compiled import compile_for, warm_cosine
from ..finetune.freezing import stages
from ..finetune.live import Live
from ..finetune.phases import PREDICT
from ..session import jit_compile, one_replica, progress, smoke
from .match import Match
from .soft import UNKNOWN, KnownLabels, SoftTargets
from .taught import Taught


@dataclass(frozen=True, eq=False)
class Distilled:
    """What a run did. The test set is not touched: `tl.evaluate.accuracy(student, data.test)`."""

    history: pd.DataFrame  # a row an epoch: loss, and its parts
    val_accuracy: float
    stopped: bool  # by the button, before all was done
    seconds: float  # the teacher's answers and the training


def distill(
    student: keras.Model,
    teacher: keras.Model | np.ndarray | None,
    data: Dataset,
    temperature: float = 4.0,
    alpha: float = 0.9,
    unlabelled: np.ndarray | None = None,
    matches: Sequence[Match] = (),
    epochs: int = 20,
    base_lr: float = 1e-2,
    augment=False,
    views: int = 10,
    batch_size: int = 32,
    weight_decay: float = 1e-3,
    seed: int = 0,
    verbose=0,
) -> Distilled:
    """Train a student on labels and on a teacher's answers.

    AdamW, the rate warmed up and brought to zero along a cosine, as in `fine_tune`. The teacher
    answers once, before training.

    Args:
        student: from pictures to logits (n, classes); trained in place, as far as its layers are
            trainable, BatchNorm included: for a pretrained one see `tl.finetune.unfreeze`.
        teacher: from pictures to logits of the same classes; is left as it is, and may not share
            layers with the student. Or its logits, (n, classes), a row for each
            of `data.train` and then of `unlabelled`, which then hold for every augmented draw of a
            picture. All zero, with temperature 1, they are a teacher that knows nothing: label
            smoothing by `alpha` (Szegedy et al. 2016). None, with alpha 0: the labels alone, the
            control that has everything else in common.
        data: trains on `data.train`, evaluates on `data.val`.
        temperature: T; the higher, the more the small differences between unlikely classes count.
        alpha: weight of the teacher, 0 to 1; the labels have the rest.
        unlabelled: (m, h, w, 3) more pictures, of the same dtype as `data.train.x`, of which only
            the teacher says something. An epoch is a pass over both.
        matches: `Hint`, `Attention` or `Relations` of stages; for these, student and teacher are
            from `attach_head`.
        epochs, base_lr, batch_size, weight_decay: of the training.
        augment: False, True (`tl.data.augment.flip_shift`), or a function `(x, rng) -> x`.
        views: with augmentation, draws of each picture that a teacher sees, at most one an epoch;
            what needs no network's answer is drawn anew in every epoch.
        seed: of order, augmentation and projections.
        verbose: as in `fit`.
    """
    counts = {"epochs": epochs, "views": views, "batch_size": batch_size}
    _check(student, teacher, data, alpha, unlabelled, counts, augment)
    _check_teacher(student, teacher, data, alpha, unlabelled, matches)
    one_replica()
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    x, y = data.train.x, data.train.y.astype(np.int32)
    if unlabelled is not None:
        x = np.concatenate([x, unlabelled])
        y = np.concatenate([y, np.full(len(unlabelled), UNKNOWN, np.int32)])
    outputs, shown = {}, {"labels": student.output}
    losses = {"labels": KnownLabels(len(data.train) / len(x))}
    weights = {"labels": 1 - alpha}
    if teacher is not None:
        outputs["teacher"], shown["teacher"] = teacher, student.output
        losses["teacher"], weights["teacher"] = SoftTargets(temperature), alpha
    for match in matches:
        of = match.teacher_stage or match.stage
        name = f"{type(match).__name__.lower()}_{match.stage}_{of}"
        kept = match.of_teacher(_stage(teacher, of, "teacher"))
        outputs[name] = keras.Model(teacher.input, kept)
        shown[name] = match.of_student(_stage(student, match.stage, "student"), kept)
        losses[name], weights[name] = match.loss, match.weight
    batches = Taught(x, y, outputs, batch_size, augment, min(views, epochs), seed)
    training = keras.Model(student.input, shown)
    optimizer = keras.optimizers.AdamW(
        warm_cosine(epochs * len(batches), base_lr), weight_decay=weight_decay
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    training.compile(optimizer, losses, loss_weights=weights, jit_compile=jit_compile())
    # Keras makes what is missing inside the first traced step, and TensorFlow then traces it again.
    optimizer.build(training.trainable_variables)
    x_one, y_one = (keras.tree.map_structure(lambda a: a[:1], part) for part in batches[0])
    training.compute_loss(x_one, y_one, training(x_one))
    training.reset_metrics()
    once = {"epochs": 1, "steps_per_epoch": 1} if smoke() else {"epochs": epochs}
    with progress.part("distillation", epochs) as told:
        once["callbacks"] = [Live()]
        log = training.fit(batches, shuffle=False, verbose=verbose, **once).history
    # So that it can be evaluated and trained on; then predict, which what comes after can reuse.
    compile_for(student, keras.optimizers.AdamW(base_lr, weight_decay=weight_decay))
    said = student.predict(data.val.x, batch_size=PREDICT, verbose=0)
    return Distilled(
        pd.DataFrame(log),
        float((said.argmax(1) == data.val.y).mean()),
        told.stop and told.alone,
        time.perf_counter() - start,
    )


def _stage(model, stage, who):
    """The feature maps that end a stage."""
    groups = stages(model)
    if stage not in groups or stage == "head":
        there = ", ".join(name for name in groups if name != "head")
        raise ValueError(f"unknown stage {stage!r}: the {who} has {there}")
    return groups[stage][-1].output


def _check(student, teacher, data, alpha, unlabelled, counts, augment) -> None:
    if not isinstance(data, Dataset):
        raise TypeError(
            f"distill() takes a whole data set from tl.data.load, not a {type(data).__name__}: it "
            "trains on data.train and looks at data.val"
        )
    if not 0 <= alpha <= 1:
        raise ValueError(f"alpha, the teacher's weight, is 0 to 1, got {alpha}")
    for name, number in counts.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")
    if augment not in (True, False) and not callable(augment):
        raise ValueError(f"augment is True, False or a function (x, rng) -> x, got {augment!r}")
    if unlabelled is not None and np.shape(unlabelled)[1:] != data.train.x.shape[1:]:
        raise ValueError(
            f"unlabelled pictures must be like those of {data.name}, {data.train.x.shape[1:]}, got "
            f"{np.shape(unlabelled)}"
        )
    if unlabelled is not None and unlabelled.dtype != data.train.x.dtype:
        raise TypeError(
            f"unlabelled pictures must be {data.train.x.dtype} like those of {data.name}, got "
            f"{unlabelled.dtype}: a network would read the same numbers otherwise scaled"
        )
    networks = {"student": student}
    if isinstance(teacher, keras.Model):
        networks["teacher"] = teacher
    for who, network in networks.items():
        count = network.output_shape[-1]
        if count != data.num_classes:
            raise ValueError(
                f"the {who} has {count} classes, {data.name} has {data.num_classes}: both must "
                "speak of the same ones"
            )
        last = network.layers[-1]
        softmax = isinstance(last, keras.layers.Softmax)
        if softmax or getattr(last, "activation", None) is keras.activations.softmax:
            raise ValueError(
                f"the {who} ends in a softmax, and a temperature divides logits: leave the softmax "
                "out"
            )


def _check_teacher(student, teacher, data, alpha, unlabelled, matches) -> None:
    if isinstance(teacher, keras.Model):
        own = {id(v) for v in student.trainable_variables}
        if own & {id(v) for v in teacher.variables}:
            raise ValueError(
                "student and teacher share layers, so the teacher would change as the student "
                "learns: load the student's backbone anew"
            )
        return
    if matches:
        raise ValueError("matches look into the teacher: give the model, not its logits")
    if teacher is None:
        if alpha or unlabelled is not None:
            raise ValueError(
                "without a teacher only labels are learned: alpha=0, and no unlabelled pictures"
            )
        return
    rows = len(data.train) + (0 if unlabelled is None else len(unlabelled))
    if np.shape(teacher) != (rows, data.num_classes):
        raise ValueError(
            f"the teacher's logits are ({rows}, {data.num_classes}), a row for each picture of "
            f"data.train and then of unlabelled; got {np.shape(teacher)}"
        )
