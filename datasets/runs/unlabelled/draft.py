"""Fifty pictures with labels, five hundred without: what makes most of them for a small network?

Of each of ten classes. The teacher is tiny-resnet, fine-tuned on the labelled ones; the student
tiny-resnet-s, from random weights. All students have as many steps and the same augmentation:

    labels            the labelled pictures alone; "labels, a third", with a third of the steps
    smoothed labels   the same, label smoothing of 0.1
    pretrained        the labelled pictures alone, by tiny-resnet-s as it comes, fine-tuned as
                      the teacher was
    teacher, labelled distilled at 4 on the labelled pictures alone
    own labels        pseudo-labels: a student that has learned the labelled pictures names the
                      others, and another one learns both; "sure" only those it is 90 % sure of
    teacher's names   the student learns the teacher's first answer about all of them
    teacher at 1, 4   distilled: it learns all that the teacher says of them
    true labels       a ceiling: as if all were labelled

"teacher" is the teacher itself.
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet", "tiny-resnet-s")
SEEDS = range(5)
LABELLED, OTHERS = 50, 500  # pictures of each class
DATA = {"formula10": False, "photos10": True}  # whether augmented
EPOCHS, BATCH, SURE, SMOOTH = 6, 32, 0.9, 0.1
WAYS = (
    "labels",
    "labels, a third",
    "smoothed labels",
    "pretrained",
    "teacher, labelled",
    "own labels",
    "own sure labels",
    "teacher's names",
    "teacher at 1",
    "teacher at 4",
    "true labels",
    "teacher",
)


def points():
    """Every way on both data sets."""
    return [{"data": data, "condition": way} for data in DATA for way in WAYS]


def run(seed, data, condition):
    """accuracy and val, on test and validation pictures, 0 to 1.

    used, the share of the others that is learned by a name; right, of these names; not a number
    where there are none.
    """
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    few, many = pictures(data, seed)
    teacher = taught(data, seed)
    x, truth = many.train.x, many.train.y
    student = new("tiny-resnet-s", "default" if condition == "pretrained" else None, seed)
    names, used = None, np.arange(len(x))
    distilled = {"teacher": teacher, "alpha": 0.9, "temperature": 4.0}
    if condition == "teacher":
        student = teacher
    elif condition == "pretrained":
        tl.finetune.fine_tune(student, few, "lp-ft", 15, 2e-3, augment=DATA[data], seed=seed)
    elif condition == "labels":
        learn(student, few, data, seed)
    elif condition == "labels, a third":
        learn(student, few, data, seed, share=1 / 3)
    elif condition == "smoothed labels":
        nothing = np.zeros((len(few.train), few.num_classes), np.float32)
        learn(student, few, data, seed, teacher=nothing, alpha=SMOOTH, temperature=1.0)
    elif condition == "teacher, labelled":
        learn(student, few, data, seed, **distilled)
    elif condition.startswith("teacher at"):
        distilled["temperature"] = float(condition.rsplit(" ", 1)[1])
        learn(student, few, data, seed, x, **distilled)
    elif condition == "teacher's names":
        learn(student, few, data, seed, x, first_answer(teacher), alpha=0.9, temperature=1.0)
    elif condition == "true labels":
        learn(student, joined(few, x, truth), data, seed)
    else:
        own = new("tiny-resnet-s", None, seed + 100)
        learn(own, few, data, seed + 100)
        odds = softmax(own.predict(x, batch_size=100, verbose=0), axis=1)
        names = odds.argmax(1)
        if condition == "own sure labels":
            used = np.flatnonzero(odds.max(1) >= SURE)
        learn(student, joined(few, x[used], names[used]), data, seed)
    return {
        "accuracy": tl.evaluate.accuracy(student, few.test),
        "val": tl.evaluate.accuracy(student, few.val),
        "right": None if names is None else float((names[used] == truth[used]).mean()),
        "used": None if names is None else len(used) / len(x),
    }


def first_answer(teacher):
    """A teacher that says its first answer only, and is sure of it."""
    import keras
    from keras import ops

    classes = teacher.output_shape[-1]
    return keras.Model(teacher.input, 20 * ops.one_hot(ops.argmax(teacher.output, -1), classes))


@lru_cache(maxsize=2)
def pictures(data, seed):
    """The labelled ones, and others."""
    import numpy as np

    import tl_helpers as tl

    whole = tl.data.load(data, per_class=LABELLED + OTHERS, seed=seed)
    smallest = np.bincount(whole.train.y).min()  # in a smoke run there are few
    return whole.divide(min(LABELLED, smallest - 1), seed)


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


def learn(student, few, data, seed, x=None, teacher=None, alpha=0.0, share=1.0, **settings):
    """For as many steps, whatever there is to learn from; or a share of them."""
    import tl_helpers as tl

    there = len(few.train) + (0 if x is None else len(x))
    steps = share * EPOCHS * (10 * (LABELLED + OTHERS) // BATCH)
    tl.distill.distill(
        student,
        teacher,
        few,
        alpha=alpha,
        unlabelled=x,
        epochs=max(1, round(steps / max(1, there // BATCH))),
        augment=DATA[data],
        views=10,
        batch_size=BATCH,
        seed=seed,
        **settings,
    )
