"""Another domain without labels: what brings a classifier back, and can one choose without labels?

Four pairs of domains with the same classes, three of them real. tiny-resnet-s learns the source,
from a solved head. Then it is adapted to the target's pictures, by each method from the same
trained network and for as many steps; in all but the last two without labels of the target:

    source only     as it was trained
    mixed batches   trained on as for an alignment, of strength 0: BatchNorm sees both domains
    AdaBN, Tent, self-training
    CORAL, MMD, DANN   at several strengths; "apart": each domain normalised by its own statistics
                    in training, and those of the target kept
    rotations       a second task, by how much pictures of the target were turned
    few labels      trained on with five labelled pictures of the target a class, and those alone
    multi-task      source and those few together
"""

from functools import cache

BACKBONES = ("tiny-resnet-s", "tiny-resnet")  # the second for reverse validation
SEEDS = range(5)
PAIRS = {  # name -> passes over the source while adapting
    "mnist to digits": 4,
    "digits to mnist": 8,
    "sketches to drawings": 16,
    "photographs at night": 8,
}
STRENGTHS = {"CORAL": (1, 10), "MMD": (1, 4, 16), "DANN": (0.03, 0.1, 0.3, 1)}
APART = {"CORAL": 1, "DANN": 0.1}
WAYS = (
    "source only",
    "mixed batches",
    "AdaBN",
    "Tent",
    "self-training",
    *(f"{name} {strength}" for name, at in STRENGTHS.items() for strength in at),
    *(f"{name} {strength} apart" for name, strength in APART.items()),
    "rotations",
    "few labels",
    "multi-task",
)
BATCH, RATE, FEW = 32, 5e-4, 5


def points():
    """Every way on every pair."""
    return [{"pair": pair, "condition": way} for pair in PAIRS for way in WAYS]


def run(seed, pair, condition):
    """Accuracy on the target's test pictures and at home; what can be known without labels."""
    import tl_helpers as tl

    source, target = domains(pair, seed)
    model = trained(pair, seed)
    adapt(model, source, target, pair, condition, seed)
    reference = tl.backbones.load("tiny-resnet").features()
    known = tl.adapt.criteria({condition: model}, source.val, target.train.x, reference).iloc[0]
    return {
        "accuracy": tl.evaluate.accuracy(model, target.test),
        "home": tl.evaluate.accuracy(model, source.test),
        **{name: float(known[name]) for name in ("source", "reverse", "a_distance", "distance")},
    }


def domains(pair, seed):
    """Source and target, with the same classes."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    # No picture to adapt to is a labelled one seen otherwise.
    if pair in ("mnist to digits", "digits to mnist"):
        pen = tl.data.load("mnist", per_class=200, seed=seed)
        small = tl.data.load("digits", per_class=90, seed=seed)
        return (pen, small) if pair == "mnist to digits" else (small, pen)
    if pair == "sketches to drawings":
        source = tl.data.load("source50", per_class=10, seed=seed)
        target = tl.data.load("source50", per_class=30, seed=seed + 50)
        return source.map(lambda x: tl.data.shift(x, "sketch", 0.7, seed=seed)), target
    whole = tl.data.load("photos10", per_class=200, seed=seed)
    order = np.argsort(whole.train.y, kind="stable").reshape(whole.num_classes, -1)
    halves = np.split(order, 2, axis=1)
    source, target = (replace(whole, train=whole.train[half.ravel()]) for half in halves)
    return source, target.map(lambda x: tl.data.shift(x, "night", 0.7, seed=seed))


def fresh(source, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    model = tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s"), source.num_classes, seed=seed
    )
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


def trained(pair, seed):
    """A network that knows the source; a new one each time, with the same weights."""
    source, _ = domains(pair, seed)
    model = fresh(source, seed)
    model.set_weights(weights(pair, seed))
    return model


@cache
def weights(pair, seed):
    """Those of a network trained on the source."""
    import tl_helpers as tl

    source, _ = domains(pair, seed)
    model = fresh(source, seed)
    epochs = -(-PAIRS[pair] * 5 // 4)
    tl.finetune.fine_tune(model, source, "lp-ft", epochs, 2e-3, batch_norm=True, seed=seed)
    return model.get_weights()


def adapt(model, source, target, pair, condition, seed):
    """Adapt a model in place."""
    from dataclasses import replace

    import keras
    import numpy as np

    import tl_helpers as tl
    from tl_helpers.data import Split

    name, strength, apart = (*condition.split(" "), "", "")[:3]
    x, epochs = target.train.x, PAIRS[pair]
    first = np.concatenate(
        [np.flatnonzero(target.train.y == k)[:FEW] for k in range(target.num_classes)]
    )
    keras.utils.set_random_seed(seed)
    if condition == "AdaBN":
        tl.adapt.adabn(model, x)
    elif condition == "Tent":
        tl.adapt.tent(model, x, epochs=2, seed=seed)
    elif condition == "self-training":
        settings = {"epochs": -(-epochs // 3), "base_lr": RATE, "batch_norm": True}
        tl.adapt.self_train(model, source, x, seed=seed, **settings)
    elif condition == "few labels":
        few = replace(source, train=target.train[first])
        tl.finetune.fine_tune(model, few, "full", 40, RATE, batch_size=25, seed=seed)
    elif condition != "source only":
        if name in STRENGTHS:
            methods = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}
            training = methods[name](model, float(strength), apart=bool(apart))
            batches = tl.data.paired(source.train, x, BATCH, seed)
        elif condition == "mixed batches":
            training = tl.adapt.MMD(model, 0.0)
            batches = tl.data.paired(source.train, x, BATCH, seed)
        elif condition == "rotations":
            turns = np.random.default_rng([seed, 9]).integers(0, 4, len(x)).astype(np.int32)
            turned = np.stack([np.rot90(p, k) for p, k in zip(x, turns, strict=True)])
            training = tl.adapt.MultiTask(model, classes=4, weight=0.3)
            batches = tl.data.two_tasks(source.train, Split(turned, turns), BATCH, seed)
        else:
            training = tl.adapt.MultiTask(model)
            batches = tl.data.two_tasks(source.train, target.train[first], BATCH, seed)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        training.compile(keras.optimizers.Adam(RATE), loss)
        training.fit(batches, epochs=epochs, shuffle=False, verbose=0)
        if apart:
            tl.adapt.adabn(model, x)
