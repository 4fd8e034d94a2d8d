"""Ways to train tiny-resnet on real photographs: scratch, everything, the head only, it first.

All conditions train the same architecture on the same pictures with the same optimizer. A rate
belongs to a condition: the best of those tried on the validation pictures of a seed that is not
reported (benchmarks/photos10_rates.py).
"""

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
EPOCHS = {10: 40, 25: 40, 100: 15}  # by photographs a class; "longer" is four times as many
WAYS = {  # condition -> strategy, peak rate
    "fine-tuned": ("full", 6e-3),
    "scratch": ("full", 6e-3),
    "scratch, longer": ("full", 6e-3),
    "head only": ("head", 1e-2),
    "head first": ("lp-ft", 3e-3),
}


def points():
    """Three sizes, every way with augmentation, two without; longer for the two larger sizes."""
    grid = [(c, n, True) for n in EPOCHS for c in WAYS if (c, n) != ("scratch, longer", 10)]
    grid += [(c, n, False) for n in EPOCHS for c in ("fine-tuned", "scratch")]
    return [{"condition": c, "per_class": n, "augment": a} for c, n, a in grid]


def run(seed, condition, per_class, augment):
    """Accuracy on the test pictures and, to choose by, on the validation pictures, 0 to 1."""
    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = None if condition.startswith("scratch") else "default"
    backbone = tl.backbones.load(BACKBONES[0], weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    strategy, rate = WAYS[condition]
    epochs = EPOCHS[per_class] * (4 if condition == "scratch, longer" else 1)
    result = tl.finetune.fine_tune(model, data, strategy, epochs, rate, augment, seed=seed)
    accuracy = tl.evaluate.accuracy(model, data.test)
    return {"accuracy": accuracy, "validation": result.val_accuracy}
