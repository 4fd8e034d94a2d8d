"""Fine-tuned against scratch on real photographs, at equal budget and with four times as much.

All conditions train the same architecture by the same recipe. The rate was chosen on the
validation pictures of a seed that is not reported (benchmarks/photos10_rates.py); it is the best of
three for either start.
"""

BACKBONE = "tiny-resnet"
SEEDS = range(5)
RATE = 3e-3
EPOCHS = {"fine-tuned": 15, "scratch": 15, "scratch, longer": 60}


def points():
    """10 and 100 photographs a class, with and without augmentation; longer where that pays."""
    grid = [
        {"condition": c, "per_class": n, "augment": a}
        for n in (100, 10)
        for a in (True, False)
        for c in ("fine-tuned", "scratch")
    ]
    return [*grid, {"condition": "scratch, longer", "per_class": 100, "augment": True}]


def run(seed, condition, per_class, augment):
    """Accuracy on the test pictures and, to choose by, on the validation pictures, 0 to 1."""
    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    weights = "default" if condition.startswith("fine-tuned") else None
    backbone = tl.backbones.load(BACKBONE, weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, dropout=0.2, seed=seed)
    result = tl.finetune.fine_tune(
        model,
        data,
        strategy="full",
        epochs=EPOCHS[condition],
        base_lr=RATE,
        augment=augment,
        batch_size=32,
        weight_decay=1e-3,
        seed=seed,
    )
    accuracy = tl.evaluate.accuracy(model, data.test)
    return {"accuracy": accuracy, "validation": result.val_accuracy}
