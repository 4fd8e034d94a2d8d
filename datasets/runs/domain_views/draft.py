"""Two domains in the features of a network, before and after it is adapted, to look at.

The labelled pictures are shifted ones, ten of each of fifty kinds; the target is the same kinds as
they are. tiny-resnet-s learns the source, and is then adapted by each way for as many steps, as in
`domains`. One seed. Shown are eight of the kinds, twelve pictures of each; the plane is found on
fifty of each, and the accuracies are of all fifty kinds.
"""

from functools import cache

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(1)
TABLE = "results.parquet"
SHIFTS = ("sketch", "night", "blur", "noise")
STRENGTHS = (0.35, 0.7, 1.0)
WAYS = ("source only", "AdaBN", "CORAL 1", "MMD 4", "DANN 0.1", "DANN 1")
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
    return replace(
        seen,
        source=seen.source[few],
        target=seen.target[few],
        home=tl.evaluate.accuracy(model, source.test),
        accuracy=tl.evaluate.accuracy(model, target.test),
    ).row()


def domains(seed, shift, strength):
    """Shifted pictures with labels, and other pictures of the same kinds as they are."""
    import tl_helpers as tl

    source = tl.data.load("source50", per_class=10, seed=seed)
    target = tl.data.load("source50", per_class=30, seed=seed + 50)
    return source.map(lambda x: tl.data.shift(x, shift, strength, seed=seed)), target


def fresh(source, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    model = tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s"), source.num_classes, seed=seed
    )
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


@cache
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
        method = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}[name]
        keras.utils.set_random_seed(seed)
        training = method(model, float(strength))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        training.compile(keras.optimizers.Adam(RATE), loss)
        batches = tl.data.paired(source.train, target.train.x, BATCH, seed)
        training.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0)
