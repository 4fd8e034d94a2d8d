"""Ways to fine-tune at several rates: what is learned, and what is forgotten.

The same pictures, the same passes over them, the same optimizer; only what trains when, from which
head, and how fast each stage does, differs:

    all at once   every stage from the first step, under a random head
    layer-wise    the same, each stage at 0.6 times the rate of the one above it
    head first    every stage, under a head that was solved on the frozen network (LP-FT)
    gradual       the head, then one stage more at a time from the top; phases of equal length
    head only     the network stays frozen
    scratch       every stage, from random weights

The test photographs are also seen badly: at night, with noise, out of focus.

tiny-resnet trains with augmentation at three sizes. Fifty kinds of its source task tell what it
still knows: through the head that was solved for them before. squeezenet, whose features are
ImageNet's, gets a hundred photographs a class at 96x96, without augmentation; gradual stops at
fire6 there, and what lies below stays frozen.
"""

from functools import cache

BACKBONES = ("tiny-resnet", "squeezenet")
SEEDS = range(5)
WAYS = {
    "all at once": {"strategy": "full"},
    "layer-wise": {"strategy": "full", "decay": 0.6},
    "head first": {"strategy": "lp-ft"},
    "gradual": {"strategy": "gradual"},
    "head only": {"strategy": "head"},
    "scratch": {"strategy": "full"},
}
RATES = {"tiny-resnet": (2e-3, 6e-3, 2e-2), "squeezenet": (3e-4, 1e-3)}
EPOCHS = {"tiny-resnet": {10: 24, 25: 12, 100: 8}, "squeezenet": {100: 10}}
SHIFTS = {"night": 0.5, "noise": 0.5, "blur": 0.5}  # seen badly, and how badly, from 0 to 1


def points():
    """Every way by rate and size."""
    return [
        {"network": network, "condition": way, "base_lr": rate, "per_class": n}
        for network, sizes in EPOCHS.items()
        for n in sizes
        for rate in RATES[network]
        for way in WAYS
    ]


def run(seed, network, condition, base_lr, per_class):
    """Accuracy, 0 to 1: test pictures, seen well and badly, validation pictures, the source."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = None if condition == "scratch" else "default"
    backbone = tl.backbones.load(network, weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    options = dict(WAYS[condition], augment=network == "tiny-resnet")
    if network == "squeezenet" and condition == "gradual":
        options["down_to"] = "fire6"
    epochs = EPOCHS[network][per_class]
    result = tl.finetune.fine_tune(
        model, data, epochs=epochs, base_lr=base_lr, seed=seed, **options
    )
    badly = []
    for kind, strength in SHIFTS.items():
        seen = tl.data.Split(tl.data.shift(data.test.x, kind, strength, seed), data.test.y)
        badly.append(tl.evaluate.accuracy(model, seen))
    found = {
        "accuracy": tl.evaluate.accuracy(model, data.test),
        "seen badly": float(np.mean(badly)),
        "validation": result.val_accuracy,
    }
    if network == "tiny-resnet":
        source, old_head = source_task()
        now = replace(old_head, extract=backbone.features())
        found["source"] = now.accuracy(source.test[::2])
    return found


@cache
def source_task():
    """Kinds that tiny-resnet was pretrained on, and a head solved on the pretrained network."""
    import tl_helpers as tl

    source = tl.data.load("source50", seed=0)
    return source, tl.finetune.linear_probe(tl.backbones.load("tiny-resnet"), source)
