"""Two domains in the features of a network, before and after it is adapted, to look at.

The labelled pictures are shifted ones, ten of each of fifty kinds; the target is the same kinds as
they are; no network was pretrained on these kinds. tiny-resnet-s learns the source, and is then
adapted by each way for as many steps, as in `domains`. One seed. Shown are eight of the kinds,
twelve pictures of each; the plane, one for each network, is found on forty of each. Accuracies and
the A-distance are of all fifty kinds.
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(1)
TABLE = "results.parquet"
SHIFTS = ("sketch", "night", "blur", "noise")
STRENGTHS = (0.35, 0.7, 1.0)
WAYS = ("source only", "mixed batches", "AdaBN", "CORAL 10", "MMD 4", "DANN 0.1", "DANN 1")
SHOWN, EACH = 8, 12
EPOCHS, BATCH, RATE = 16, 32, 5e-4


def points():
    """Every way at every strength of every shift."""
    return [
        {"shift": shift, "strength": strength, "condition": way}
        for shift in SHIFTS
        for strength in STRENGTHS
        for way in WAYS
    ]


def run(seed, shift, strength, condition):
    """Accuracies, the A-distance, and where the pictures lie (`View.row`)."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    source, target = domains(seed, shift, strength)
    model = fresh(source, seed)
    model.set_weights(trained(seed, shift, strength))
    adapt(model, source, target, condition, seed)

    kinds = [np.flatnonzero(source.test.y == k) for k in range(SHOWN)]
    each = len(kinds[0])
    rows = np.concatenate(kinds)
    seen = tl.adapt.view(model, source.test[rows], target.test[rows])
    few = np.concatenate([np.arange(EACH) + each * k for k in range(SHOWN)])
    (fs, _), (ft, _) = tl.adapt.answers(model, source.test.x, target.test.x)
    return replace(
        seen,
        source=seen.source[few],
        target=seen.target[few],
        home=tl.evaluate.accuracy(model, source.test),
        accuracy=tl.evaluate.accuracy(model, target.test),
        a_distance=tl.adapt.a_distance(fs, ft),
    ).row()


@lru_cache(maxsize=1)
def domains(seed, shift, strength):
    """Shifted pictures with labels, and other pictures of the same kinds as they are."""
    import tl_helpers as tl

    few, many = tl.data.drawn_kinds(50, 40, seed=seed).divide(10, seed)
    return tl.data.shift(few, shift, strength, seed), many


def fresh(source, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    model = tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s"), source.num_classes, seed=seed
    )
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


@lru_cache(maxsize=1)
def trained(seed, shift, strength):
    """Weights of a network that knows the source."""
    import tl_helpers as tl

    source, _ = domains(seed, shift, strength)
    model = fresh(source, seed)
    tl.finetune.fine_tune(model, source, "lp-ft", 20, 2e-3, batch_norm=True, seed=seed)
    return model.get_weights()


def adapt(model, source, target, condition, seed):
    """Adapt a model in place."""
    import keras

    import tl_helpers as tl

    name, _, strength = condition.partition(" ")
    if condition == "AdaBN":
        tl.adapt.adabn(model, target.train.x)
    elif condition != "source only":
        methods = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}
        keras.utils.set_random_seed(seed)
        mixed = condition == "mixed batches"
        training = tl.adapt.MMD(model, 0) if mixed else methods[name](model, float(strength))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        training.compile(keras.optimizers.Adam(RATE), loss)
        batches = tl.data.paired(source.train, target.train.x, BATCH, seed)
        training.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0)
