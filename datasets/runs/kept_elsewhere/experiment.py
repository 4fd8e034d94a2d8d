"""Learned at home, asked elsewhere: what does pretraining keep that labels alone do not give?

Fifty kinds of drawings that no network was pretrained on; tiny-resnet-s learns ten labelled ones of
each, and is asked about the test's as they are and under each shift at a strength of 0.7.

    fine-tuned                     pretrained, from a solved head
    scratch                        random weights, as many epochs
    scratch, four times as long    random weights
    scratch, ten times the labels  random weights, a hundred of each kind, about as many steps

From scratch the rate is the better of two on validation pictures.
"""

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(5)
KINDS, EACH = 50, 10
WAYS = {  # epochs, labelled pictures of each kind
    "fine-tuned": (20, EACH),
    "scratch": (20, EACH),
    "scratch, four times as long": (80, EACH),
    "scratch, ten times the labels": (8, 10 * EACH),
}
STRENGTH = 0.7


def points():
    """Each way."""
    return [{"condition": way} for way in WAYS]


def run(seed, condition):
    """Accuracies, 0 to 1: home; under each shift, by its name; accuracy, the mean of those.

    rate, the one that validation prefers.
    """
    import numpy as np

    import tl_helpers as tl

    epochs, each = WAYS[condition]
    whole = tl.data.drawn_kinds(KINDS, 10 * EACH, seed=seed)
    data = whole if each == 10 * EACH else whole.divide(each, seed)[0]
    weights, how, rate = "default", "lp-ft", 2e-3
    if condition != "fine-tuned":
        weights, how, rate = None, "full", [2e-2, 2e-1]
    backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, KINDS, seed=seed)
    done = tl.finetune.fine_tune(model, data, how, epochs, rate, batch_norm=True, seed=seed)
    away = {}
    for kind in tl.data.SHIFTS:
        moved = tl.data.Split(tl.data.shift(whole.test.x, kind, STRENGTH, seed), whole.test.y)
        away[kind] = tl.evaluate.accuracy(model, moved)
    return {
        "accuracy": float(np.mean(list(away.values()))),
        "home": tl.evaluate.accuracy(model, whole.test),
        **away,
        "rate": done.rate,
    }
