"""What makes features of formula-drawn pictures travel: pretrained anew, one change at a time.

A fifth of the pictures of the shipped run, so that each change could be made twice; a seed moves
the pretraining and the transfer. Photographs: fine-tuned at 100 a class, the mean of three draws.
Omniglot: nearest class mean of the last stage's features, 5-way 1-shot. A run that was cut off
goes on from its checkpoint under build/pretrain.
"""

BACKBONES = ()  # it makes its own weights
SEEDS = range(2)
PICTURES = 480_000
CHANGES = {
    "the recipe": {},
    "half the classes": {"shapes": 450, "scenes": 75},
    "no strokes": {"strokes": False},
    "no scenes": {"scenes": 0},
    "colour tells the class": {"class_colours": True},
    "half as long": {"pictures": PICTURES // 2},
    "a quarter as long": {"pictures": PICTURES // 4},
}


def points():
    """One change each."""
    return [{"condition": change} for change in CHANGES]


def run(seed, condition):
    """Photographs fine-tuned, characters told apart, held-out pictures named; all 0 to 1."""
    from dataclasses import replace
    from pathlib import Path

    import numpy as np

    import tl_helpers as tl
    from tl_helpers.backbones.pretrain import Recipe, pretrain

    recipe = replace(Recipe(), seed=seed, **{"pictures": PICTURES, **CHANGES[condition]})
    folder = Path("build/pretrain") / f"{condition.replace(' ', '-')}-{seed}"
    held_out = pretrain("tiny-resnet", recipe, folder, folder)["held_out_accuracy"]
    backbone = tl.backbones.load("tiny-resnet", weights=folder / "tiny-resnet.npz")

    characters = tl.data.load("omniglot", seed=seed)
    parts = characters.train, characters.val, characters.test
    omniglot = tl.evaluate.nearest_mean_accuracy(
        np.concatenate([tl.finetune.features(backbone.features(), part.x) for part in parts]),
        np.concatenate([part.y for part in parts]),
        n_way=5,
        n_shot=1,
        rng=np.random.default_rng(seed),
    )

    photographs = []
    for draw in range(3 * seed, 3 * seed + 3):
        photos = tl.data.load("photos10", per_class=100, seed=draw)
        backbone = tl.backbones.load("tiny-resnet", weights=folder / "tiny-resnet.npz")
        model = tl.finetune.attach_head(backbone, photos.num_classes, seed=draw)
        tl.finetune.fine_tune(model, photos, epochs=15, base_lr=6e-3, augment=True, seed=draw)
        photographs.append(tl.evaluate.accuracy(model, photos.test))
    return {
        "accuracy": float(np.mean(photographs)),
        "omniglot": omniglot,
        "held out": held_out,
    }
