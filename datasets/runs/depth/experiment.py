"""What frozen features know of photographs, by the depth of the cut: exact probes.

Five cuts through each of two networks, pretrained and random. Each network has its own
preprocessing inside; photographs are scaled to squeezenet's 96x96 there.
"""

BACKBONES = ("tiny-resnet", "squeezenet")
SEEDS = range(5)
PER_CLASS = (10, 25, 100)
CUTS = {
    "tiny-resnet": ("stem", "stage1", "stage2", "stage3", "stage4"),
    "squeezenet": ("conv1", "fire3", "fire5", "fire7", "fire9"),
}
WRONG = {"mean": 127.5, "scale": 127.5, "bgr": False}  # how most other networks take pictures


def points():
    """Every cut by photographs a class; the best of squeezenet also with wrong preprocessing."""
    grid = [
        {"network": network, "condition": start, "cut": cut, "per_class": n}
        for network, cuts in CUTS.items()
        for start in ("pretrained", "random")
        for cut in range(1, len(cuts) + 1)
        for n in PER_CLASS
    ]
    wrong = {"network": "squeezenet", "condition": "wrong preprocessing", "cut": 4}
    return [*grid, {**wrong, "per_class": 100}]


def run(seed, network, condition, cut, per_class):
    """Accuracy of the probe on the test pictures and, to choose by, on the validation pictures."""
    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = None if condition == "random" else "default"
    backbone = tl.backbones.load(network, weights=weights, seed=seed)
    if condition == "wrong preprocessing":
        for name, value in WRONG.items():
            setattr(backbone.model.get_layer("preprocess"), name, value)
    probe = tl.finetune.linear_probe(backbone, data, CUTS[network][cut - 1])
    return {"accuracy": probe.accuracy(data.test), "validation": probe.val_accuracy}
