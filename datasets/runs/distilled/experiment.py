"""One teacher, students of three sizes, several ways to teach them.

Fifty photographs of each of ten kinds, all labelled and augmented. The teacher is tiny-resnet,
fine-tuned on them. The students are tiny-resnet-s from random weights, as wide as it is, half and a
quarter as wide: they stand for sizes of which no pretrained weights exist. All learn for as many
steps, unless it says "four times as long":

    labels       the labels alone
    smoothed     with label smoothing of 0.1
    distilled    at several temperatures and weights of the teacher; those of the narrower ones at
                 one
    names        at that one, the teacher's first answers alone
    how sure     its first answer and how sure it is of it; all other kinds share the rest alike
    hint, attention, relations   distilled, and also stage3 of the teacher's (FitNets; attention
                 transfer; relational distillation)
    itself       distilled by a student of its own size that has learned the labels (Furlanello et
                 al. 2018)
    fine-tuned   tiny-resnet-s as it comes, pretrained, fine-tuned as the teacher is;
                 "fine-tuned, distilled" learns from the teacher for as long after that

Rates and weights are those that did best on validation pictures of other seeds
(`benchmarks/distill_rates.py`).
"""

from functools import cache

BACKBONES = ("tiny-resnet", "tiny-resnet-s")
SEEDS = range(5)
WIDTHS = (1.0, 0.5, 0.25)
TEMPERATURES, ALPHAS = (1.0, 2.0, 4.0, 8.0, 16.0), (0.5, 0.9, 1.0)
TEMPERATURE, ALPHA = 4.0, 0.9  # of the narrower ones, and of all other ways
LONGER = ", four times as long"
WAYS = ("labels", "smoothed", "hint", "attention", "relations", "itself")
WHOLE = (f"labels{LONGER}", f"distilled{LONGER}", "names", "how sure")
WHOLE += ("fine-tuned", "fine-tuned, distilled")  # at the whole width only
PER_CLASS, EPOCHS, SMOOTH = 50, 48, 0.1
VIEWS = 24  # of a picture, that the teacher sees
TUNED, TUNED_RATE = 15, 2e-3  # epochs and rate of fine-tuning
RATES = {
    "labels": {1.0: 1e-2, 0.5: 3e-2, 0.25: 3e-2},
    "teacher": {1.0: 3e-2, 0.5: 1e-2, 0.25: 3e-2},
}
WEIGHTS = {"hint": 100.0, "attention": 8.0, "relations": 8.0}
SURE = 20.0  # the logit of a name


def points():
    """Every way at every width; temperatures and weights at the whole."""
    ways = [(width, way, TEMPERATURE, ALPHA) for width in WIDTHS for way in WAYS]
    ways += [(1.0, way, TEMPERATURE, ALPHA) for way in WHOLE]
    dials = [(1.0, t, a) for t in TEMPERATURES for a in ALPHAS]
    dials += [(width, TEMPERATURE, ALPHA) for width in WIDTHS[1:]]
    ways += [(width, "distilled", t, a) for width, t, a in dials]
    names = ("width", "condition", "temperature", "alpha")
    return [dict(zip(names, way, strict=True)) for way in ways]


def run(seed, width, condition, temperature, alpha):
    """Shares of 1: accuracy on the test, val on validation pictures; teacher, tiny-resnet's.

    agree, how often student and tiny-resnet answer the same, and agree_wrong, where that one is
    wrong; confidence, the mean on the test; match, what became of a stage's loss, the last epoch's
    over the first's; parameters, how many.
    """
    from scipy.special import softmax

    import tl_helpers as tl

    data, teacher = photographs(seed), taught(seed)
    way = condition.removesuffix(LONGER)
    student, history = learned(way, seed, width, temperature, alpha, 4 if way != condition else 1)
    said = student.predict(data.test.x, batch_size=100, verbose=0)
    val = student.predict(data.val.x, batch_size=100, verbose=0)
    of_teacher = tl.finetune.features(teacher, data.test.x).argmax(1)
    same, wrong = said.argmax(1) == of_teacher, of_teacher != data.test.y
    match = None
    if history is not None and f"{way}_stage3_stage3_loss" in history:
        losses = history[f"{way}_stage3_stage3_loss"]
        match = float(losses.iloc[-1] / losses.iloc[0])
    return {
        "accuracy": float((said.argmax(1) == data.test.y).mean()),
        "val": float((val.argmax(1) == data.val.y).mean()),
        "teacher": float((of_teacher == data.test.y).mean()),
        "agree": float(same.mean()),
        "agree_wrong": float(same[wrong].mean()) if wrong.any() else None,
        "match": match,
        "confidence": float(softmax(said, axis=1).max(1).mean()),
        "parameters": float(student.count_params()),
    }


def learned(way, seed, width=1.0, temperature=TEMPERATURE, alpha=ALPHA, times=1, start=None):
    """A student, and the history of its losses; start: another seed of its weights and order."""
    import numpy as np

    import tl_helpers as tl

    data, source, matches = photographs(seed), taught(seed), []
    start = seed if start is None else start
    settings = {"epochs": times * EPOCHS, "base_lr": RATES["teacher"][width], "seed": start}
    if way.startswith("fine-tuned"):
        student = tuned("tiny-resnet-s", seed)
        if way == "fine-tuned":
            return student, None
        settings |= {"epochs": TUNED, "base_lr": TUNED_RATE}
    else:
        backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=start, width=width)
        student = tl.finetune.attach_head(backbone, 10, dropout=0.0, seed=start)
    if way in ("labels", "smoothed"):
        settings["base_lr"] = RATES["labels"][width]
        source, alpha = None, 0.0
    if way == "smoothed":
        source = np.zeros((len(data.train), data.num_classes), np.float32)
        temperature, alpha = 1.0, SMOOTH
    elif way == "names":
        source, temperature = less(source, temperature, sure=False), 1.0
    elif way == "how sure":
        source = less(source, temperature)
    elif way == "itself":
        source, _ = learned("labels", seed, width, start=seed + 100)
    elif way in WEIGHTS:
        kind = {"hint": "Hint", "attention": "Attention", "relations": "Relations"}[way]
        matches = [getattr(tl.distill, kind)("stage3", weight=WEIGHTS[way])]
    settings |= {"augment": True, "views": VIEWS, "matches": matches}
    done = tl.distill.distill(student, source, data, temperature, alpha, **settings)
    return student, done.history


def less(teacher, temperature, sure=True):
    """A teacher that gives its first answer alone; or also how sure it is, at this temperature."""
    import keras
    from keras import ops

    logits = teacher.output
    first = ops.one_hot(ops.argmax(logits, axis=-1), logits.shape[-1])
    if not sure:
        return keras.Model(teacher.input, SURE * first)
    share = ops.max(ops.softmax(logits / temperature), axis=-1, keepdims=True)
    rest = (1 - share) / (logits.shape[-1] - 1)
    shares = ops.maximum(first * share + (1 - first) * rest, 1e-6)
    return keras.Model(teacher.input, temperature * ops.log(shares))


@cache
def photographs(seed):
    """The data."""
    import tl_helpers as tl

    return tl.data.load("photos10", per_class=PER_CLASS, seed=seed)


@cache
def taught(seed):
    """The teacher."""
    return tuned("tiny-resnet", seed)


def tuned(name, seed):
    """A pretrained network, fine-tuned."""
    import tl_helpers as tl

    model = tl.finetune.attach_head(tl.backbones.load(name), 10, dropout=0.0, seed=seed)
    settings = {"augment": True, "seed": seed}
    tl.finetune.fine_tune(model, photographs(seed), "lp-ft", TUNED, TUNED_RATE, **settings)
    return model
