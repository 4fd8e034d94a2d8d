"""Label shift: the pictures look as at home, but a few classes make up most of them.

Ten kinds of drawings as sketches, ten labelled of each. tiny-resnet-s learns them, from a solved
head. The target is sketches of the same kinds, and three of the ten kinds make up a share of it:
0.3 is no shift. Each way adapts the network to 300 such pictures without labels. Accuracy is of
pictures in which the kinds are as common as there.

    corrected       the answers, by how common the classes are there as estimated without labels
                    (Lipton et al. 2018)
    AdaBN, CORAL, MMD, DANN   make the domains alike, which here they are, but for the classes
"""

from functools import cache

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(5)
SHARES = (0.3, 0.6, 0.9)
WAYS = ("source only", "corrected", "AdaBN", "CORAL 1", "MMD 4", "DANN 0.3")
COMMON, THERE = 3, 300
EPOCHS, BATCH, RATE = 50, 32, 5e-4


def points():
    """Every way at every share."""
    return [{"share": share, "condition": way} for share in SHARES for way in WAYS]


def run(seed, share, condition):
    """Accuracy, 0 to 1, and the share of answers that are among the common kinds."""
    import numpy as np

    import tl_helpers as tl

    home, x, prior, common = domains(seed, share)
    model = fresh(home, seed)
    model.set_weights(trained(seed))
    adapt(model, home, x, condition, seed)
    val, there, test = (
        logits for _, logits in tl.adapt.measure.answers(model, home.val.x, x, home.test.x)
    )
    if condition == "corrected":
        from scipy.special import softmax

        weights = tl.adapt.class_weights(softmax(val, 1), home.val.y, softmax(there, 1))
        there, test = (tl.adapt.shifted(logits, weights) for logits in (there, test))
    right = test.argmax(1) == home.test.y
    of_each = np.array([right[home.test.y == k].mean() for k in range(home.num_classes)])
    return {
        "accuracy": float(of_each @ prior),
        "common": float(np.isin(there.argmax(1), common).mean()),
    }


def domains(seed, share):
    """Sketches with labels, others without, how common each kind is there, the common kinds."""
    import numpy as np

    import tl_helpers as tl

    def sketched(per_class, draw):
        data = tl.data.load("formula10", per_class=per_class, seed=draw)
        return data.map(lambda x: tl.data.shift(x, "sketch", seed=seed))

    home, there = sketched(10, seed), sketched(100, seed + 50)
    rng = np.random.default_rng([seed, 5])
    prior = np.full(home.num_classes, (1 - share) / (home.num_classes - COMMON))
    common = rng.permutation(home.num_classes)[:COMMON]
    prior[common] = share / COMMON
    rows = [
        np.flatnonzero(there.train.y == k)[: round(THERE * prior[k])]
        for k in range(home.num_classes)
    ]
    return home, there.train.x[np.concatenate(rows)], prior, common


def fresh(home, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet-s"), home.num_classes, seed=seed)
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


@cache
def trained(seed):
    """Weights of a network that knows the labelled sketches."""
    import tl_helpers as tl

    home, *_ = domains(seed, SHARES[0])
    model = fresh(home, seed)
    settings = {"batch_size": 20, "batch_norm": True, "seed": seed}
    tl.finetune.fine_tune(model, home, "lp-ft", 20, 2e-3, **settings)
    return model.get_weights()


def adapt(model, home, x, condition, seed):
    """Adapt a model in place."""
    import keras

    import tl_helpers as tl

    name, _, strength = condition.partition(" ")
    if condition == "AdaBN":
        tl.adapt.adabn(model, x)
    elif strength and name != "source":
        method = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}[name]
        keras.utils.set_random_seed(seed)
        training = method(model, float(strength))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        training.compile(keras.optimizers.Adam(RATE), loss)
        batches = tl.data.paired(home.train, x, BATCH, seed)
        training.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0)
