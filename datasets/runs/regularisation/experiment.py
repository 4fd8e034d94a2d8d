"""What keeps fine-tuning from learning a few photographs by heart.

tiny-resnet, all stages at once, 5 to 25 photographs a class. Each way adds one thing to the plain
run, which has neither dropout nor weight decay nor augmentation; the strengths were chosen on the
validation pictures of seeds that are not reported (benchmarks/regularisation_strengths.py).
"""

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
EPOCHS = {5: 30, 10: 24, 25: 16}  # by photographs a class
RATE = 6e-3
WAYS = {
    "plain": {},
    "early stopping": {"patience": 5},
    "dropout": {"dropout": 0.2},
    "weight decay": {"weight_decay": 0.5},
    "L2-SP": {"l2_sp": 0.01},
    "augmentation": {"augment": True},
}


def points():
    """Every way at every size."""
    return [{"condition": way, "per_class": n} for n in EPOCHS for way in WAYS]


def run(seed, condition, per_class):
    """Accuracy on test, validation and training pictures, 0 to 1."""
    return train(seed, per_class, **WAYS[condition])


def train(seed, per_class, dropout=0.0, l2_sp=0.0, weight_decay=0.0, **options):
    """The same, by the settings themselves."""
    import tl_helpers as tl

    data = tl.data.load("photos10", per_class=per_class, seed=seed)
    backbone = tl.backbones.load("tiny-resnet")
    model = tl.finetune.attach_head(backbone, data.num_classes, dropout, seed)
    if l2_sp:
        tl.finetune.l2_sp(model, l2_sp)
    options |= {"weight_decay": weight_decay, "seed": seed}
    tl.finetune.fine_tune(model, data, epochs=EPOCHS[per_class], base_lr=RATE, **options)
    splits = {"accuracy": data.test, "validation": data.val, "training": data.train}
    return {name: tl.evaluate.accuracy(model, split) for name, split in splits.items()}
