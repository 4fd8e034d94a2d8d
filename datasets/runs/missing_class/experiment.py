"""A class the student never saw (Hinton, Vinyals and Dean 2015): what did the teacher tell of it?

The teacher is tiny-resnet, fine-tuned on all ten digits. The student is tiny-resnet-s from random
weights, trained on pictures of nine; seed k leaves out digit k. Then the one bias of the missing
class is raised until the student names it as often as it is there, on validation pictures, whose
labels that does not need. A student may thereby find what looks unlike the nine without having been
told of the tenth, so there are controls:

    labels, smoothed    the labels alone; with label smoothing of 0.1
    teacher at 1, 4, 20 the teacher's answers alone, at a temperature
    teacher of nine     at 20, by one who never saw the tenth class either (all of it fine-tuned at
                        once: a solved head would rule the tenth out for good)
    constant            at 20, where the teacher says of the tenth what it says on average
    scrambled           at 20, where what it says of the tenth is dealt out anew over the pictures

Rates are those that did best on validation pictures of other seeds (`benchmarks/distill_rates.py`).
"""

from functools import cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(10)
DATA = {"digits": 90, "mnist": 200}  # pictures of each class
WAYS = {
    "labels": None,
    "smoothed": 1.0,
    "teacher at 1": 1.0,
    "teacher at 4": 4.0,
    "teacher at 20": 20.0,
    "teacher of nine": 20.0,
    "constant": 20.0,
    "scrambled": 20.0,
}
EPOCHS, SMOOTH = 20, 0.1
RATES = {data: {"labels": 1e-2, "teacher": 1e-2} for data in DATA}


def points():
    """Every way on both data sets."""
    return [{"data": data, "condition": way} for data in DATA for way in WAYS]


def run(seed, data, condition):
    """Shares of 1 on the test's pictures, before and (`_raised`) after the bias is raised.

    accuracy, of all; seen, of the nine classes; missing, of the other; bias, by how much it was
    raised; teacher, its accuracy; val, the student's on validation pictures of the nine.
    """
    import numpy as np

    import tl_helpers as tl

    whole, nine, gone = digits(data, seed)
    said, right = taught(data, seed, condition == "teacher of nine")
    settings = {"alpha": 1.0, "temperature": WAYS[condition]}
    if condition == "labels":
        said, settings = None, {"alpha": 0.0}
    elif condition == "smoothed":
        said, settings["alpha"] = np.zeros_like(said), SMOOTH
    elif condition in ("constant", "scrambled"):
        said, of_it = said.copy(), said[:, gone]
        deal = np.random.default_rng([seed, 22]).permutation(of_it)
        said[:, gone] = deal if condition == "scrambled" else of_it.mean()
    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=seed)
    student = tl.finetune.attach_head(backbone, whole.num_classes, dropout=0.0, seed=seed)
    rate = RATES[data]["labels" if condition in ("labels", "smoothed") else "teacher"]
    settings |= {"epochs": EPOCHS, "base_lr": rate, "seed": seed}
    tl.distill.distill(student, said, nine, **settings)
    val, test = (student.predict(x, batch_size=100, verbose=0) for x in (whole.val.x, whole.test.x))
    others = np.arange(whole.num_classes) != gone
    behind = val[:, others].max(1) - val[:, gone]  # how much its logit lacks to be the answer
    bias = max(0.0, float(np.quantile(behind, 1 / whole.num_classes)))
    known = whole.val.y != gone
    found = {"bias": bias, "teacher": right}
    found["val"] = float((val[known].argmax(1) == whole.val.y[known]).mean())
    for end, raised in (("", 0.0), ("_raised", bias)):
        hit = (test + raised * ~others).argmax(1) == whole.test.y
        there = whole.test.y == gone
        parts = {"accuracy": hit, "seen": hit[~there], "missing": hit[there]}
        found |= {f"{name}{end}": float(part.mean()) for name, part in parts.items()}
    return found


@cache
def digits(data, seed):
    """All ten classes, the data without one of them in its training pictures, and which."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    whole = tl.data.load(data, per_class=DATA[data], seed=seed)
    gone = seed % whole.num_classes
    keep = np.flatnonzero(whole.train.y != gone)
    return whole, replace(whole, train=whole.train[keep]), gone


@cache
def taught(data, seed, of_nine):
    """The teacher's logits of the nine classes' training pictures, and its accuracy on all."""
    import tl_helpers as tl

    whole, nine, _ = digits(data, seed)
    teacher = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), 10, seed=seed)
    how = (nine, "full") if of_nine else (whole, "lp-ft")
    tl.finetune.fine_tune(teacher, *how, 10, 2e-3, seed=seed)
    said = tl.finetune.features(teacher, nine.train.x)
    return said, tl.evaluate.accuracy(teacher, whole.test)
