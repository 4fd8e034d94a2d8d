"""The transfer map: which part of a pretrained network to train, or none of it, where.

Twelve new kinds of drawn pictures. The share `distance` of them is told from the others by its
palette alone, and has any of the shapes; each of the others has a shape of its own, in any colours.
tiny-resnet-s was pretrained on pictures whose colours say nothing of their kind. So at distance 0
the target asks for what the source asked for, and at 1 for what the source taught to ignore.

    head only    an exact probe on the frozen network
    stage4 up    the probe as the head, then stage4 and the head train; all below stays frozen
    ...
    everything   all stages train
    scratch      everything, from random weights, for twice as many epochs

Each trains at the better of two rates, by the accuracy on validation pictures.
"""

BACKBONES = ("tiny-resnet-s",)
COMMAND = "tl-course map"
TABLE = "results.parquet"
SEEDS = range(5)
KINDS = 12
DISTANCES = (0.0, 0.25, 0.5, 0.75, 1.0)
EPOCHS = {5: 20, 10: 16, 25: 10, 50: 8, 100: 6}  # images a class -> passes over them
LOWEST = {  # way -> the lowest stage that trains
    "head only": None,
    "stage4 up": "stage4",
    "stage3 up": "stage3",
    "stage2 up": "stage2",
    "stage1 up": "stage1",
    "everything": "stem",
    "scratch": "stem",
}
RATES = (3e-3, 1e-2)


def points():
    """Every way by images a class and distance."""
    return [
        {"distance": distance, "per_class": n, "condition": way}
        for distance in DISTANCES
        for n in EPOCHS
        for way in LOWEST
    ]


def run(seed, distance, per_class, condition):
    """Accuracy on test pictures and, to choose by, on validation pictures: 0 to 1."""
    import tl_helpers as tl

    data = task(seed, distance, per_class)
    if condition == "head only":
        probe = tl.finetune.linear_probe(tl.backbones.load("tiny-resnet-s"), data)
        return {"accuracy": probe.accuracy(data.test), "validation": probe.val_accuracy}
    scratch = condition == "scratch"
    found = []
    for rate in RATES:
        backbone = tl.backbones.load(
            "tiny-resnet-s", weights=None if scratch else "default", seed=seed
        )
        model = tl.finetune.attach_head(backbone, KINDS, seed=seed)
        result = tl.finetune.fine_tune(
            model,
            data,
            strategy="full" if scratch else "lp-ft",
            epochs=EPOCHS[per_class] * (2 if scratch else 1),
            base_lr=rate,
            down_to=LOWEST[condition],
            seed=seed,
        )
        found.append((result.val_accuracy, tl.evaluate.accuracy(model, data.test)))
    validation, accuracy = max(found, key=lambda pair: pair[0])
    return {"accuracy": accuracy, "validation": validation}


def task(seed, distance, per_class):
    """The target's pictures; a seed draws new kinds, new palettes and new pictures."""
    import numpy as np

    from tl_helpers.data.dataset import Dataset, Split
    from tl_helpers.data.formula import NEW, draw

    rng = np.random.default_rng([seed, 9])
    shapes = NEW + 2000 + rng.permutation(3 * KINDS)[:KINDS]
    palettes = rng.permutation(1000)[:KINDS]
    by_palette = rng.permutation(KINDS) < round(KINDS * distance)  # a kind: told by its palette?

    def split(each):
        y = np.repeat(np.arange(KINDS, dtype=np.int32), each)
        coloured = by_palette[y]
        shape = np.where(coloured, rng.choice(shapes, len(y)), shapes[y])
        palette = np.where(coloured, palettes[y], 1000 + rng.integers(0, 10**6, len(y)))
        return Split(draw(shape, rng, palettes=palette), y)

    parts = (split(each) for each in (per_class, 20, 40))
    return Dataset("map", *parts, tuple(f"kind {k + 1}" for k in range(KINDS)), {})
