"""A class the student never saw (Hinton, Vinyals and Dean 2015): what did the teacher tell of it?

The teacher is tiny-resnet, fine-tuned on all ten digits. The student is tiny-resnet-s from random
weights, trained on pictures of nine; which is left out goes round with the seed. By labels alone,
or by the teacher's answers alone at a temperature. Then the one bias of the missing class is raised
until the student names it as often as it is there, on validation pictures, whose labels that does
not need. The labels' student gets the same: how much does the bias do by itself?
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
GONE = (3, 8, 5, 2, 6)
DATA = {"digits": 90, "mnist": 200}  # pictures of each class
WAYS = {"labels": None, "teacher at 1": 1.0, "teacher at 4": 4.0, "teacher at 20": 20.0}
EPOCHS = 20


def points():
    """Every way on both data sets."""
    return [{"data": data, "condition": way} for data in DATA for way in WAYS]


def run(seed, data, condition):
    """Shares of 1 on the test's pictures, before and (`_raised`) after the bias is raised.

    accuracy, of all; seen, of the nine classes; missing, of the other; bias, by how much it was
    raised; teacher, its accuracy.
    """
    import numpy as np

    import tl_helpers as tl

    whole, nine, gone = digits(data, seed)
    temperature = WAYS[condition]
    keep = np.flatnonzero(whole.train.y != gone)
    said, right = taught(data, seed)
    student = tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s", weights=None, seed=seed),
        whole.num_classes,
        dropout=0.0,
        seed=seed,
    )
    alone = {"alpha": 0.0} if temperature is None else {"alpha": 1.0, "temperature": temperature}
    tl.distill.distill(student, said[keep], nine, epochs=EPOCHS, seed=seed, **alone)
    val, test = (student.predict(x, batch_size=100, verbose=0) for x in (whole.val.x, whole.test.x))
    others = np.arange(whole.num_classes) != gone
    behind = val[:, others].max(1) - val[:, gone]  # how much its logit lacks to be the answer
    bias = max(0.0, float(np.quantile(behind, 1 / whole.num_classes)))
    found = {"bias": bias, "teacher": right}
    for end, raised in (("", 0.0), ("_raised", bias)):
        hit = (test + raised * ~others).argmax(1) == whole.test.y
        there = whole.test.y == gone
        parts = {"accuracy": hit, "seen": hit[~there], "missing": hit[there]}
        found |= {f"{name}{end}": float(part.mean()) for name, part in parts.items()}
    return found


@lru_cache(maxsize=2)
def digits(data, seed):
    """All ten classes, the data without one of them in its training pictures, and which."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    whole, gone = tl.data.load(data, per_class=DATA[data], seed=seed), GONE[seed]
    keep = np.flatnonzero(whole.train.y != gone)
    return whole, replace(whole, train=whole.train[keep]), gone


@lru_cache(maxsize=2)
def taught(data, seed):
    """The teacher's logits of all training pictures, and its accuracy."""
    import tl_helpers as tl

    whole, _, _ = digits(data, seed)
    teacher = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), 10, seed=seed)
    tl.finetune.fine_tune(teacher, whole, "lp-ft", 10, 2e-3, seed=seed)
    said = tl.finetune.features(teacher, whole.train.x)
    return said, tl.evaluate.accuracy(teacher, whole.test)
