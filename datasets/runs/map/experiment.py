"""The transfer map: which part of a pretrained network to train, or none of it, where.

Twelve new kinds of drawn pictures (`tl.data.drawn_kinds`). The share `distance` of them is told
from the others by its palette alone; each of the rest has a shape of its own, in any colours.
tiny-resnet-s was pretrained on pictures whose colours say nothing of their kind. So at distance 0
the target asks for what the source asked for, and at 1 for what the source taught to ignore.

    head only    an exact probe on the frozen network
    stage4 up    the probe as the head, then stage4 and the head train; all below stays frozen
    ...
    everything   all stages train
    scratch      everything, from random weights

All train for as many steps, about the same number at each size, with BatchNorm, at three rates far
apart. The accuracy is that of the rate with the best accuracy on validation pictures, of which
there are as many as training pictures, at most 20 a class.
"""

BACKBONES = ("tiny-resnet-s",)
COMMAND = "tl-course map"
TABLE = "results.parquet"
SEEDS = range(5)
KINDS = 12
DISTANCES = (0.0, 0.25, 0.5, 0.75, 1.0)
EPOCHS = {5: 70, 10: 35, 25: 15, 50: 8, 100: 5}  # images a class -> passes: 210 to 300 steps
BATCH = 20
LOWEST = {  # way -> the lowest stage that trains
    "head only": None,
    "stage4 up": "stage4",
    "stage3 up": "stage3",
    "stage2 up": "stage2",
    "stage1 up": "stage1",
    "everything": "stem",
    "scratch": "stem",
}
RATES = (2e-3, 2e-2, 2e-1)


def points():
    """Every way by images a class and distance."""
    return [
        {"distance": distance, "per_class": n, "condition": way}
        for distance in DISTANCES
        for n in EPOCHS
        for way in LOWEST
    ]


def run(seed, distance, per_class, condition):
    """What came out, 0 to 1, and by which rate.

    accuracy (on test pictures) and validation are those at the best rate, gentle is validation at
    the lowest; seconds are for all rates together.
    """
    import tl_helpers as tl

    val = min(per_class, 20)
    data = tl.data.drawn_kinds(KINDS, per_class, by_palette=distance, seed=seed, val=val)
    if condition == "head only":
        return head_only(data)
    scratch = condition == "scratch"
    weights = None if scratch else "default"
    backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, KINDS, seed=seed)
    result = tl.finetune.fine_tune(
        model,
        data,
        strategy="full" if scratch else "lp-ft",
        epochs=EPOCHS[per_class],
        base_lr=RATES,
        batch_size=BATCH,
        batch_norm=True,
        down_to=LOWEST[condition],
        seed=seed,
    )
    return {
        "accuracy": tl.evaluate.accuracy(model, data.test),
        "validation": result.val_accuracy,
        "rate": result.rate,
        "gentle": result.tried[RATES[0]],
        "seconds": round(result.seconds, 1),
    }


def head_only(data):
    """The exact probe, which has no rate."""
    import time

    import tl_helpers as tl

    start = time.perf_counter()
    probe = tl.finetune.linear_probe(tl.backbones.load("tiny-resnet-s"), data)
    seconds = round(time.perf_counter() - start, 1)
    return {
        "accuracy": probe.accuracy(data.test),
        "validation": probe.val_accuracy,
        "rate": 0.0,
        "gentle": probe.val_accuracy,
        "seconds": seconds,
    }
