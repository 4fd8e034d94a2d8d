"""Ways to train a network on real photographs: scratch, everything, the head only, it first.

All ways train the same architecture on the same pictures with the same optimizer; each network has
its own preprocessing inside, and photographs are scaled to squeezenet's 96x96 there. A rate belongs
to a network and a way: the best of those tried on the validation pictures of a seed that is not
reported (benchmarks/photos10_rates.py).
"""

BACKBONES = ("tiny-resnet", "squeezenet")
SEEDS = range(5)
EPOCHS = {  # by photographs a class
    "tiny-resnet": {10: 40, 25: 40, 100: 15},
    "squeezenet": {10: 20, 25: 20, 100: 15},
}
STRATEGIES = {"fine-tuned": "full", "scratch": "full", "head only": "head", "head first": "lp-ft"}
RATES = {
    "tiny-resnet": {"fine-tuned": 6e-3, "scratch": 6e-3, "head only": 1e-2, "head first": 3e-3},
    "squeezenet": {"fine-tuned": 1e-3, "scratch": 3e-4, "head only": 3e-3, "head first": 1e-3},
}
LONGER = [  # four times the epochs, where a way may have had too few steps
    ("tiny-resnet", "scratch", 25),
    ("tiny-resnet", "scratch", 100),
    ("squeezenet", "scratch", 100),
    ("squeezenet", "fine-tuned", 10),
]


def points():
    """Every way by network and size with augmentation; tiny-resnet at equal rates also without."""
    grid = [(net, way, n, True) for net in BACKBONES for n in EPOCHS[net] for way in STRATEGIES]
    grid += [(net, f"{way}, longer", n, True) for net, way, n in LONGER]
    plain = "tiny-resnet"
    grid += [(plain, way, n, False) for n in EPOCHS[plain] for way in ("fine-tuned", "scratch")]
    names = "network", "condition", "per_class", "augment"
    return [dict(zip(names, point, strict=True)) for point in grid]


def run(seed, network, condition, per_class, augment):
    """Accuracy on the test pictures and, to choose by, on the validation pictures, 0 to 1."""
    import tl_helpers as tl

    way = condition.removesuffix(", longer")
    epochs = EPOCHS[network][per_class] * (1 if way == condition else 4)
    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = None if way == "scratch" else "default"
    backbone = tl.backbones.load(network, weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    rate = RATES[network][way]
    result = tl.finetune.fine_tune(model, data, STRATEGIES[way], epochs, rate, augment, seed=seed)
    accuracy = tl.evaluate.accuracy(model, data.test)
    return {"accuracy": accuracy, "validation": result.val_accuracy}
