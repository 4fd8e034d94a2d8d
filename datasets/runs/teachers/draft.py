"""Is a better network a better teacher, and what does a wrong one do?

A hundred drawings of each of ten kinds, all labelled. The student is tiny-resnet-s from random
weights, and learns the labels and a teacher's answers, at temperature 4. The teachers are
tiny-resnet, head first:

    brief      one epoch of fine-tuning
    tuned      six
    long       sixty
    scratch    from random weights, sixty epochs: it knows these drawings alone
    mistaught  six, and two labels in five are wrong
    sketches   six, on sketches of the same kinds: right about something else

Controls: "none", without a teacher; "knows nothing", whose answers are all alike; "scrambled", the
tuned one, whose answers but the first are dealt out anew for each picture (Furlanello et al. 2018).
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
ALPHAS = (0.5, 0.9)
TEACHERS = {"brief": 1, "tuned": 6, "long": 60, "scratch": 60, "mistaught": 6, "sketches": 6}
CONTROLS = ("knows nothing", "scrambled")
PER_CLASS, EPOCHS, WRONG, TEMPERATURE = 100, 20, 0.4, 4.0


def points():
    """Every teacher at both weights, the controls, and none."""
    none = {"condition": "none", "alpha": 0.0}
    return [none, *({"condition": t, "alpha": a} for t in (*TEACHERS, *CONTROLS) for a in ALPHAS)]


def run(seed, condition, alpha):
    """Shares of 1: accuracy on the test, val on validation pictures; teacher, its accuracy there.

    Of what the student hears about the training pictures: right, the share of first answers that
    are; confidence, at temperature 4. Not a number without a teacher.
    """
    from scipy.special import softmax

    import tl_helpers as tl

    data = drawings(seed)
    student = tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s", weights=None, seed=seed),
        data.num_classes,
        dropout=0.0,
        seed=seed,
    )
    said, teacher = heard(condition, seed)
    done = tl.distill.distill(student, said, data, TEMPERATURE, alpha, epochs=EPOCHS, seed=seed)
    found = {
        "accuracy": tl.evaluate.accuracy(student, data.test),
        "val": done.val_accuracy,
        "teacher": None if teacher is None else tl.evaluate.accuracy(teacher, data.test),
        "right": None,
        "confidence": None,
    }
    if said is not None:
        found["right"] = float((said.argmax(1) == data.train.y).mean())
        found["confidence"] = float(softmax(said / TEMPERATURE, axis=1).max(1).mean())
    return found


def heard(condition, seed):
    """A teacher's logits of the training pictures, and the teacher, if there is one."""
    import numpy as np

    import tl_helpers as tl

    data = drawings(seed)
    if condition == "none":
        return None, None
    if condition == "knows nothing":
        return np.zeros((len(data.train), data.num_classes), np.float32), None
    teacher = taught("tuned" if condition == "scrambled" else condition, seed)
    said = tl.finetune.features(teacher, data.train.x).copy()
    if condition == "scrambled":
        rng, best = np.random.default_rng([seed, 23]), said.argmax(1)
        for row, first in zip(said, best, strict=True):
            others = np.arange(len(row)) != first
            row[others] = rng.permutation(row[others])
    return said, teacher


@lru_cache(maxsize=2)
def drawings(seed):
    """The data."""
    import tl_helpers as tl

    return tl.data.load("formula10", per_class=PER_CLASS, seed=seed)


@lru_cache(maxsize=2)
def taught(kind, seed):
    """A teacher."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    data = drawings(seed)
    if kind == "sketches":
        data = tl.data.shift(data, "sketch", 0.7, seed)
    if kind == "mistaught":
        rng = np.random.default_rng([seed, 21])
        parts = {}
        for name, part in (("train", data.train), ("val", data.val)):
            wrong = rng.random(len(part)) < WRONG
            turn = np.where(wrong, rng.integers(1, data.num_classes, len(part)), 0)
            y = (part.y + turn) % data.num_classes
            parts[name] = tl.data.Split(part.x, y.astype(np.int32))
        data = replace(data, **parts)
    scratch = kind == "scratch"
    backbone = tl.backbones.load("tiny-resnet", weights=None if scratch else "default", seed=seed)
    teacher = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    strategy, rate = ("full", 2e-2) if scratch else ("lp-ft", 2e-3)
    tl.finetune.fine_tune(teacher, data, strategy, TEACHERS[kind], rate, seed=seed)
    return teacher
