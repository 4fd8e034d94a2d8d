"""Fifty pictures with labels, five hundred without: what makes most of them for a small network?

Of each of ten classes. The teacher is tiny-resnet, fine-tuned on the labelled ones; the student
tiny-resnet-s, from random weights. All students have as many steps and the same augmentation:

    labels            the labelled pictures alone
    smoothed labels   the same, label smoothing of 0.1
    own labels        pseudo-labels: a student that has learned the labelled pictures names the
                      others, and another one learns both; "sure" only those it is 90 % sure of
    teacher's labels  the teacher names the others, and the student learns the names
    teacher at 1, 4   distilled: the student learns what the teacher says of all of them
    true labels       a ceiling: as if all were labelled

"teacher" is the teacher itself.
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
LABELLED, OTHERS = 50, 500  # pictures of each class
DATA = {"formula10": False, "photos10": True}  # whether augmented
EPOCHS, BATCH, SURE, SMOOTH = 6, 32, 0.9, 0.1
WAYS = (
    "labels",
    "smoothed labels",
    "own labels",
    "own sure labels",
    "teacher's labels",
    "teacher at 1",
    "teacher at 4",
    "true labels",
    "teacher",
)


def points():
    """Every way on both data sets."""
    return [{"data": data, "condition": way} for data in DATA for way in WAYS]


def run(seed, data, condition):
    """accuracy on the test; used, the share of the others that is learned; right, of its names."""
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    few, many = pictures(data, seed)
    teacher = taught(data, seed)
    x, truth = many.train.x, many.train.y
    student, names, used = new("tiny-resnet-s", None, seed), None, np.arange(len(x))
    if condition == "teacher":
        student = teacher
    elif condition == "labels":
        learn(student, few, data, seed)
    elif condition == "smoothed labels":
        nothing = np.zeros((len(few.train), few.num_classes), np.float32)
        learn(student, few, data, seed, teacher=nothing, alpha=SMOOTH, temperature=1.0)
    elif condition.startswith("teacher at"):
        temperature = float(condition.rsplit(" ", 1)[1])
        names = tl.finetune.features(teacher, x).argmax(1)
        learn(student, few, data, seed, x, teacher=teacher, alpha=0.9, temperature=temperature)
    else:
        if condition == "true labels":
            names = truth
        elif condition == "teacher's labels":
            names = tl.finetune.features(teacher, x).argmax(1)
        else:
            own = new("tiny-resnet-s", None, seed + 100)
            learn(own, few, data, seed + 100)
            odds = softmax(own.predict(x, batch_size=100, verbose=0), axis=1)
            names = odds.argmax(1)
            if condition == "own sure labels":
                used = np.flatnonzero(odds.max(1) >= SURE)
        learn(student, joined(few, x[used], names[used]), data, seed)
    right = 0.0 if names is None else float((names[used] == truth[used]).mean())
    return {
        "accuracy": tl.evaluate.accuracy(student, few.test),
        "right": right,
        "used": 0.0 if names is None else len(used) / len(x),
    }


@lru_cache(maxsize=2)
def pictures(data, seed):
    """The labelled ones, and others."""
    import tl_helpers as tl

    return tl.data.load(data, per_class=LABELLED + OTHERS, seed=seed).divide(LABELLED, seed)


def joined(few, x, names):
    """The labelled pictures and others with the names they were given."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    y = np.concatenate([few.train.y, names.astype(np.int32)])
    return replace(few, train=tl.data.Split(np.concatenate([few.train.x, x]), y))


def new(name, weights, seed):
    """A classifier."""
    import tl_helpers as tl

    backbone = tl.backbones.load(name, weights=weights, seed=seed)
    return tl.finetune.attach_head(backbone, 10, dropout=0.0, seed=seed)


@lru_cache(maxsize=2)
def taught(data, seed):
    """The teacher."""
    import tl_helpers as tl

    few, _ = pictures(data, seed)
    teacher = new("tiny-resnet", "default", seed)
    tl.finetune.fine_tune(teacher, few, "lp-ft", 15, 2e-3, augment=DATA[data], seed=seed)
    return teacher


def learn(student, few, data, seed, x=None, teacher=None, alpha=0.0, **settings):
    """For as many steps, whatever there is to learn from."""
    import tl_helpers as tl

    there = len(few.train) + (0 if x is None else len(x))
    steps = EPOCHS * (10 * (LABELLED + OTHERS) // BATCH)
    epochs = max(1, round(steps / (there // BATCH)))
    tl.distill.distill(
        student,
        teacher,
        few,
        alpha=alpha,
        unlabelled=x,
        epochs=epochs,
        augment=DATA[data],
        views=10,
        batch_size=BATCH,
        seed=seed,
        **settings,
    )
