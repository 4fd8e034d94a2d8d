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

"none" is the control without a teacher.
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
ALPHAS = (0.5, 0.9)
TEACHERS = {"brief": 1, "tuned": 6, "long": 60, "scratch": 60, "mistaught": 6, "sketches": 6}
PER_CLASS, EPOCHS, WRONG, TEMPERATURE = 100, 20, 0.4, 4.0


def points():
    """Every teacher at both weights, and none."""
    none = {"condition": "none", "alpha": 0.0}
    return [none, *({"condition": t, "alpha": a} for t in TEACHERS for a in ALPHAS)]


def run(seed, condition, alpha):
    """Shares of 1: accuracy on the test; the teacher's accuracy there, and its mean confidence.

    right, of its answers about the training pictures.
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
    teacher = None if condition == "none" else taught(condition, seed)
    tl.distill.distill(student, teacher, data, TEMPERATURE, alpha, epochs=EPOCHS, seed=seed)
    found = {"accuracy": tl.evaluate.accuracy(student, data.test)}
    if teacher is None:
        return {**found, "teacher": 0.0, "confidence": 0.0, "right": 0.0}
    seen, test = (tl.finetune.features(teacher, part.x) for part in (data.train, data.test))
    return {
        **found,
        "teacher": float((test.argmax(1) == data.test.y).mean()),
        "confidence": float(softmax(test, axis=1).max(1).mean()),
        "right": float((seen.argmax(1) == data.train.y).mean()),
    }


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
        y = data.train.y.copy()
        wrong = rng.random(len(y)) < WRONG
        y[wrong] = (y[wrong] + rng.integers(1, data.num_classes, wrong.sum())) % data.num_classes
        data = replace(data, train=tl.data.Split(data.train.x, y))
    scratch = kind == "scratch"
    backbone = tl.backbones.load("tiny-resnet", weights=None if scratch else "default", seed=seed)
    teacher = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    strategy, rate = ("full", 2e-2) if scratch else ("lp-ft", 2e-3)
    tl.finetune.fine_tune(teacher, data, strategy, TEACHERS[kind], rate, seed=seed)
    return teacher
