"""Ways to train squeezenet on real photographs: as photos10, from ImageNet weights, at 96x96.

All conditions train the same architecture on the same pictures with the same optimizer. A rate
belongs to a condition: the best of those tried on the validation pictures of a seed that is not
reported (benchmarks/photos10_rates.py).
"""

BACKBONES = ("squeezenet",)
SEEDS = range(5)
EPOCHS = {10: 20, 25: 20, 100: 15}  # by photographs a class; "longer" is four times as many
WAYS = {  # condition -> strategy, peak rate
    "fine-tuned": ("full", 1e-3),
    "scratch": ("full", 3e-4),
    "fine-tuned, longer": ("full", 1e-3),
    "scratch, longer": ("full", 3e-4),
    "head only": ("head", 3e-3),
    "head first": ("lp-ft", 1e-3),
}


def points():
    """Three sizes, every way; longer where its rivals may have had too few steps."""
    longer = [("fine-tuned, longer", 10), ("scratch, longer", 100)]
    grid = [(c, n) for n in EPOCHS for c in WAYS if "longer" not in c or (c, n) in longer]
    return [{"condition": c, "per_class": n, "augment": True} for c, n in grid]


def run(seed, condition, per_class, augment):
    """Accuracy on the test pictures and, to choose by, on the validation pictures, 0 to 1."""
    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = None if condition.startswith("scratch") else "default"
    backbone = tl.backbones.load(BACKBONES[0], weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    strategy, rate = WAYS[condition]
    epochs = EPOCHS[per_class] * (4 if "longer" in condition else 1)
    result = tl.finetune.fine_tune(model, data, strategy, epochs, rate, augment, seed=seed)
    accuracy = tl.evaluate.accuracy(model, data.test)
    return {"accuracy": accuracy, "validation": result.val_accuracy}
