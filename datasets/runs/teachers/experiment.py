"""Is a better network a better teacher, and what does a wrong one do?

A hundred drawings of each of ten kinds, all labelled. The student is tiny-resnet-s from random
weights, and learns the labels and a teacher's answers, at temperature 4. The teachers are
tiny-resnet, pretrained, head first, unless it says otherwise:

    brief, tuned, long   one epoch of fine-tuning, six, sixty
    long, softer   the last, at the temperature where it is as unsure as "tuned" at 4
    smoothed       one, then six with label smoothing of 0.1 (Mueller, Kornblith and Hinton 2019)
    smaller        tiny-resnet-s, six
    scratch        tiny-resnet from random weights, sixty: it knows these drawings alone
    sketches       six, on sketches of the same kinds: right about something else
    wrong 20 %, 40 %, 60 %, 80 %   six; so many labels of each kind name the next kind

Controls: "none", without a teacher; "knows nothing", whose answers are all alike; "names", the
first answers of "tuned" alone; "scrambled", where its other answers are dealt out anew for each
picture (Furlanello et al. 2018): as sure, but what it says of the other kinds means nothing.

Rates are those of `distilled`.
"""

from functools import cache

BACKBONES = ("tiny-resnet", "tiny-resnet-s")
SEEDS = range(5)
ALPHAS = (0.5, 0.9)
WRONG = {f"wrong {100 * share:.0f} %": share for share in (0.2, 0.4, 0.6, 0.8)}
TEACHERS = ("brief", "tuned", "long", "long, softer", "smoothed", "smaller", "scratch", "sketches")
CONTROLS = ("knows nothing", "names", "scrambled")
EPOCHS_OF = {"brief": 1, "long": 60, "scratch": 60}  # others 6
PER_CLASS, EPOCHS, TEMPERATURE, SMOOTH = 100, 20, 4.0, 0.1
RATES = {"none": 1e-1, "teacher": 3e-2}
SURE = 20.0  # the logit of a name


def points():
    """Every teacher at both weights, the controls, and none."""
    none = {"condition": "none", "alpha": 0.0}
    kinds = (*TEACHERS, *WRONG, *CONTROLS)
    return [none, *({"condition": t, "alpha": a} for t in kinds for a in ALPHAS)]


def run(seed, condition, alpha):
    """Shares of 1: accuracy on the test, val on validation pictures; teacher, its accuracy there.

    Of what the student hears about the training pictures: right, the share of first answers that
    are; confidence, of the answers as softened; follows and holds, where the first answer is
    wrong: how often the student gives it in the end, and how often it gives the label. None where
    there is no such thing.
    """
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    data = drawings(seed)
    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=seed)
    student = tl.finetune.attach_head(backbone, data.num_classes, dropout=0.0, seed=seed)
    said, right, temperature = heard(condition, seed)
    rate = RATES["none" if condition == "none" else "teacher"]
    settings = {"epochs": EPOCHS, "base_lr": rate, "seed": seed}
    done = tl.distill.distill(student, said, data, temperature, alpha, **settings)
    found = dict.fromkeys(("right", "confidence", "follows", "holds"))
    found |= {
        "accuracy": tl.evaluate.accuracy(student, data.test),
        "val": done.val_accuracy,
        "teacher": right,
    }
    if said is not None:
        y, first = data.train.y, said.argmax(1)
        found["right"] = float((first == y).mean())
        found["confidence"] = float(softmax(said / temperature, axis=1).max(1).mean())
        if (wrong := first != y).any() and np.ptp(said):
            own = student.predict(data.train.x, batch_size=100, verbose=0).argmax(1)[wrong]
            found["follows"] = float((own == first[wrong]).mean())
            found["holds"] = float((own == y[wrong]).mean())
    return found


def heard(condition, seed):
    """Logits of the training pictures, the teacher's accuracy if there is one, the temperature."""
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import softmax

    data = drawings(seed)
    if condition == "none":
        return None, None, TEMPERATURE
    if condition == "knows nothing":
        return np.zeros((len(data.train), data.num_classes), np.float32), None, TEMPERATURE
    if condition == "long, softer":
        sure, right = taught("long", seed)
        aim = softmax(taught("tuned", seed)[0] / TEMPERATURE, axis=1).max(1).mean()
        gap = lambda t: softmax(sure / t, axis=1).max(1).mean() - aim  # noqa: E731
        return sure, right, float(brentq(gap, 0.1, 1000.0))
    said, right = taught("tuned" if condition in CONTROLS else condition, seed)
    said, temperature = said.copy(), TEMPERATURE
    if condition == "names":
        said = SURE * np.eye(data.num_classes, dtype=np.float32)[said.argmax(1)]
        temperature = 1.0
    if condition == "scrambled":
        rng, best = np.random.default_rng([seed, 23]), said.argmax(1)
        for row, first in zip(said, best, strict=True):
            others = np.arange(len(row)) != first
            row[others] = rng.permutation(row[others])
    return said, right, temperature


@cache
def drawings(seed):
    """The data."""
    import tl_helpers as tl

    return tl.data.load("formula10", per_class=PER_CLASS, seed=seed)


@cache
def taught(kind, seed):
    """A teacher's logits of the training pictures, and its accuracy on the test."""
    import numpy as np

    import tl_helpers as tl

    data = drawings(seed)
    learns = data
    if kind == "sketches":
        learns = tl.data.shift(data, "sketch", 0.7, seed)
    elif kind in WRONG:
        learns = misnamed(data, WRONG[kind], seed)
    name = "tiny-resnet-s" if kind == "smaller" else "tiny-resnet"
    weights = None if kind == "scratch" else "default"
    backbone = tl.backbones.load(name, weights=weights, seed=seed)
    teacher = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    strategy, rate = ("full", 2e-2) if kind == "scratch" else ("lp-ft", 2e-3)
    epochs = 1 if kind == "smoothed" else EPOCHS_OF.get(kind, 6)
    tl.finetune.fine_tune(teacher, learns, strategy, epochs, rate, seed=seed)
    if kind == "smoothed":
        nothing = np.zeros((len(data.train), data.num_classes), np.float32)
        settings = {"epochs": 6, "base_lr": rate, "seed": seed}
        tl.distill.distill(teacher, nothing, data, 1.0, SMOOTH, **settings)
    said = tl.finetune.features(teacher, data.train.x)
    return np.array(said), tl.evaluate.accuracy(teacher, data.test)


def misnamed(data, share, seed):
    """The data where a share of the training and validation labels name the next kind."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    rng, parts = np.random.default_rng([seed, 21]), {}
    for name, part in (("train", data.train), ("val", data.val)):
        wrong = rng.random(len(part)) < share
        y = np.where(wrong, (part.y + 1) % data.num_classes, part.y)
        parts[name] = tl.data.Split(part.x, y.astype(np.int32))
    return replace(data, **parts)
