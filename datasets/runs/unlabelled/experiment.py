"""Fifty pictures with labels, hundreds without: what makes most of them for a small network?

Of each of ten classes. The teacher is tiny-resnet, fine-tuned on the labelled ones; the student
tiny-resnet-s, from random weights unless it is called fine-tuned. All students have as many steps,
and learn photographs augmented:

    labels            the labelled pictures alone; "labels, a third", with a third of the steps
    smoothed labels   the same, label smoothing of 0.1
    teacher, labelled distilled at 4 on the labelled pictures alone
    own labels        pseudo-labels: a student that has learned the labelled pictures names the
                      others, and another one learns both; "own sure labels": only those of which it
                      is 90 % sure
    small one's names the same, but the pretrained tiny-resnet-s, fine-tuned, names them
    teacher's names   and here the teacher
    teacher at 1, 4   distilled: it learns all that the teacher says of them
    true labels       as if all were labelled
    fine-tuned        tiny-resnet-s as it comes, pretrained, on the labelled ones as the teacher
    fine-tuned, teacher at 4   that one, distilled on all of them for a third of the steps

"teacher" is the teacher itself. Rates are those that did best on validation pictures of other
seeds (`benchmarks/distill_rates.py`).
"""

from functools import cache

BACKBONES = ("tiny-resnet", "tiny-resnet-s")
SEEDS = range(5)
LABELLED = 50  # pictures of each class
OTHERS = {"formula10": 500, "mnist": 500, "photos10": 350}
AUGMENT = {"formula10": False, "mnist": False, "photos10": True}
EPOCHS, BATCH, SURE, SMOOTH = 6, 32, 0.9, 0.1
VIEWS = 100  # more than there are epochs, but in a smoke run
TUNED, TUNED_RATE = 15, 2e-3  # epochs and rate of fine-tuning
# By what is learned: few labels, many names, what a teacher says of many.
RATES = {
    "formula10": {"few": 1e-1, "names": 1e-1, "teacher": 3e-2},
    "mnist": {"few": 3e-2, "names": 1e-1, "teacher": 1e-2},
    "photos10": {"few": 1e-2, "names": 1e-2, "teacher": 3e-2},
}
WAYS = (
    "labels",
    "labels, a third",
    "smoothed labels",
    "teacher, labelled",
    "own labels",
    "own sure labels",
    "small one's names",
    "teacher's names",
    "teacher at 1",
    "teacher at 4",
    "true labels",
    "fine-tuned",
    "fine-tuned, teacher at 4",
    "teacher",
)


def points():
    """Every way on every data set."""
    return [{"data": data, "condition": way} for data in OTHERS for way in WAYS]


def run(seed, data, condition):
    """accuracy and val, on test and validation pictures, 0 to 1.

    used, the share of the others that is learned by a name; right, of these names; None where there
    are none.
    """
    import numpy as np

    import tl_helpers as tl

    few, many = pictures(data, seed)
    x, truth = many.train.x, many.train.y
    names, used = None, np.arange(len(x))
    if condition == "teacher":
        student = taught(data, seed)
    elif condition == "fine-tuned":
        student = tuned("tiny-resnet-s", data, seed)
    elif condition in NAMED_BY:
        names, used = NAMED_BY[condition](data, seed, x)
        student = learned(joined(few, x[used], names[used]), data, seed)
    elif condition == "true labels":
        student = learned(joined(few, x, truth), data, seed)
    else:
        student = by(condition, few, x, data, seed)
    named = names is not None and len(used) > 0
    return {
        "accuracy": tl.evaluate.accuracy(student, few.test),
        "val": tl.evaluate.accuracy(student, few.val),
        "right": float((names[used] == truth[used]).mean()) if named else None,
        "used": None if names is None else len(used) / len(x),
    }


def by(condition, few, x, data, seed):
    """A student of the labels alone, or of a teacher."""
    import numpy as np

    if condition == "smoothed labels":
        nothing = np.zeros((len(few.train), few.num_classes), np.float32)
        return learned(few, data, seed, teacher=nothing, alpha=SMOOTH, temperature=1.0)
    if condition.startswith("labels"):
        return learned(few, data, seed, share=1 / 3 if condition != "labels" else 1.0)
    distilled = {"teacher": taught(data, seed), "alpha": 0.9, "temperature": 4.0}
    if condition == "teacher, labelled":
        return learned(few, data, seed, **distilled)
    if condition == "fine-tuned, teacher at 4":
        start = tuned("tiny-resnet-s", data, seed)
        distilled |= {"share": 1 / 3, "base_lr": TUNED_RATE}
        return learned(few, data, seed, start, unlabelled=x, **distilled)
    distilled["temperature"] = float(condition.removeprefix("teacher at "))
    return learned(few, data, seed, unlabelled=x, **distilled)


def learned(few, data, seed, student=None, unlabelled=None, teacher=None, share=1.0, **settings):
    """A student, for as many steps whatever there is to learn from; or a share of them."""
    import tl_helpers as tl

    student = student or new("tiny-resnet-s", None, seed)
    there = len(few.train) + (0 if unlabelled is None else len(unlabelled))
    few_alone = there <= LABELLED * few.num_classes
    rate = RATES[data]["few" if few_alone else "names" if unlabelled is None else "teacher"]
    steps = share * EPOCHS * (few.num_classes * (LABELLED + OTHERS[data]) // BATCH)
    epochs = max(1, round(steps / max(1, there // BATCH)))
    settings = {"base_lr": rate, "alpha": 0.0, "batch_size": BATCH, "seed": seed, **settings}
    settings |= {"epochs": epochs, "augment": AUGMENT[data], "views": min(epochs, VIEWS)}
    tl.distill.distill(student, teacher, few, unlabelled=unlabelled, **settings)
    return student


def own(data, seed, x, least=0.0):
    """What another student, of the labels alone, says of the others; and of which it is sure."""
    import numpy as np
    from scipy.special import softmax

    few, _ = pictures(data, seed)
    student = learned(few, data, seed + 100, new("tiny-resnet-s", None, seed + 100))
    odds = softmax(student.predict(x, batch_size=100, verbose=0), axis=1)
    return odds.argmax(1), np.flatnonzero(odds.max(1) >= least)


def sure(data, seed, x):
    """The same, of which it is 90 % sure."""
    return own(data, seed, x, SURE)


def teachers(data, seed, x):
    """The teacher's names."""
    return said_by(taught(data, seed), x)


def small_ones(data, seed, x):
    """Those of the pretrained network of the student's own size."""
    return said_by(tuned("tiny-resnet-s", data, seed), x)


def said_by(model, x):
    """Its names for all."""
    import numpy as np

    return model.predict(x, batch_size=100, verbose=0).argmax(1), np.arange(len(x))


NAMED_BY = {
    "own labels": own,
    "own sure labels": sure,
    "small one's names": small_ones,
    "teacher's names": teachers,
}


@cache
def pictures(data, seed):
    """The labelled ones, and others."""
    import numpy as np

    import tl_helpers as tl

    whole = tl.data.load(data, per_class=LABELLED + OTHERS[data], seed=seed)
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


@cache
def taught(data, seed):
    """The teacher."""
    return tuned("tiny-resnet", data, seed)


def tuned(name, data, seed):
    """A pretrained network, fine-tuned on the labelled pictures."""
    import tl_helpers as tl

    few, _ = pictures(data, seed)
    model, settings = new(name, "default", seed), {"augment": AUGMENT[data], "seed": seed}
    tl.finetune.fine_tune(model, few, "lp-ft", TUNED, TUNED_RATE, **settings)
    return model
