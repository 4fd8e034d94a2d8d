"""One teacher, students of three sizes, several ways to teach them.

A hundred drawings of each of ten kinds, all labelled. The teacher is tiny-resnet, fine-tuned on
them. The students are tiny-resnet-s from random weights, as wide as it is, half and a quarter as
wide. All learn for as many steps:

    labels       the labels alone
    smoothed     with label smoothing of 0.1
    distilled    at several temperatures and weights of the teacher; those of the narrower ones at
                 one
    hint, attention, relations   the same at that one, and also stage3 of the teacher's (FitNets;
                 attention transfer; relational distillation), with the papers' weights
    itself       distilled at that one by a student of its own size that has learned the labels
                 (Furlanello et al. 2018)
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
WIDTHS = (1.0, 0.5, 0.25)
TEMPERATURES, ALPHAS = (1.0, 2.0, 4.0, 8.0, 16.0), (0.5, 0.9, 1.0)
TEMPERATURE, ALPHA = 4.0, 0.9  # of the narrower ones, and of all other ways
WAYS = ("labels", "smoothed", "hint", "attention", "relations", "itself")
PER_CLASS, EPOCHS, SMOOTH = 100, 20, 0.1


def points():
    """Every way at every width; temperatures and weights at the whole."""
    ways = [(width, way, TEMPERATURE, ALPHA) for width in WIDTHS for way in WAYS]
    dials = [(1.0, t, a) for t in TEMPERATURES for a in ALPHAS]
    dials += [(width, TEMPERATURE, ALPHA) for width in WIDTHS[1:]]
    ways += [(width, "distilled", t, a) for width, t, a in dials]
    names = ("width", "condition", "temperature", "alpha")
    return [dict(zip(names, way, strict=True)) for way in ways]


def run(seed, width, condition, temperature, alpha):
    """Shares of 1: accuracy on the test, val on validation pictures; teacher, its accuracy (for
    "itself" the student it learns from, else tiny-resnet); agree, how often both answer the same.

    confidence, the mean on the test; match, what became of a stage's loss, the last epoch's over
    the first's; parameters, how many.
    """
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    data, teacher = drawings(seed), taught(seed)
    student = new(width, seed)
    source, matches = teacher, []
    if condition == "labels":
        source, alpha = None, 0.0
    elif condition == "smoothed":
        source = np.zeros((len(data.train), data.num_classes), np.float32)
        temperature, alpha = 1.0, SMOOTH
    elif condition == "itself":
        source = new(width, seed + 100)
        tl.distill.distill(source, None, data, alpha=0.0, epochs=EPOCHS, seed=seed + 100)
    elif condition != "distilled":
        matches = [
            {
                "hint": tl.distill.Hint("stage3"),
                "attention": tl.distill.Attention("stage3", weight=8.0),
                "relations": tl.distill.Relations("stage3", weight=25.0),
            }[condition]
        ]
    settings = {"matches": matches, "epochs": EPOCHS, "seed": seed}
    done = tl.distill.distill(student, source, data, temperature, alpha, **settings)
    said = student.predict(data.test.x, batch_size=100, verbose=0)
    theirs = teacher if condition != "itself" else source
    of_teacher = tl.finetune.features(theirs, data.test.x).argmax(1)
    fallen = None
    if matches:
        losses = done.history[f"{condition}_stage3_stage3_loss"]
        fallen = float(losses.iloc[-1] / losses.iloc[0])
    return {
        "accuracy": float((said.argmax(1) == data.test.y).mean()),
        "val": done.val_accuracy,
        "teacher": float((of_teacher == data.test.y).mean()),
        "agree": float((said.argmax(1) == of_teacher).mean()),
        "match": fallen,
        "confidence": float(softmax(said, axis=1).max(1).mean()),
        "parameters": float(student.count_params()),
    }


@lru_cache(maxsize=2)
def drawings(seed):
    """The data."""
    import tl_helpers as tl

    return tl.data.load("formula10", per_class=PER_CLASS, seed=seed)


@lru_cache(maxsize=2)
def taught(seed):
    """The teacher."""
    import tl_helpers as tl

    data = drawings(seed)
    teacher = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes, seed=seed)
    tl.finetune.fine_tune(teacher, data, "lp-ft", 6, 2e-3, seed=seed)
    return teacher


def new(width, seed):
    """A student."""
    import tl_helpers as tl

    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=seed, width=width)
    return tl.finetune.attach_head(backbone, 10, dropout=0.0, seed=seed)
