"""What helps where transfer hurts: fewer stages, a higher rate, more pictures.

Twelve new kinds that differ in their palettes alone, which tiny-resnet-s was pretrained to ignore:
`drawn_kinds(by_palette=1)`. The network keeps its pretrained stages up to one of them; all above
is random again, as is the head, and everything trains, BatchNorm included, for as many steps.
"""

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(5)
KINDS = 12
EPOCHS = {5: 70, 25: 15, 100: 5}  # images a class -> passes: 210 to 300 steps
BATCH = 20
RATES = (2e-3, 2e-2, 2e-1)
RESET = {  # way -> the lowest stage with random weights
    "scratch": "stem",
    "keep the stem": "stage1",
    "keep to stage1": "stage2",
    "keep to stage2": "stage3",
    "keep to stage3": "stage4",
    "keep all stages": "head",
}


def points():
    """Every way by images a class and rate."""
    return [
        {"per_class": n, "base_lr": rate, "condition": way}
        for n in EPOCHS
        for rate in RATES
        for way in RESET
    ]


def run(seed, per_class, base_lr, condition):
    """Accuracy on test pictures and, to choose by, on validation pictures: 0 to 1."""
    import tl_helpers as tl

    val = min(per_class, 20)
    data = tl.data.drawn_kinds(KINDS, per_class, by_palette=1.0, seed=seed, val=val)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet-s"), KINDS, seed=seed)
    tl.finetune.reset(model, RESET[condition], seed=seed)
    result = tl.finetune.fine_tune(
        model,
        data,
        epochs=EPOCHS[per_class],
        base_lr=base_lr,
        batch_size=BATCH,
        batch_norm=True,
        seed=seed,
    )
    accuracy = tl.evaluate.accuracy(model, data.test)
    return {"accuracy": accuracy, "validation": result.val_accuracy}
