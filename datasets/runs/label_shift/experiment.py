"""Label shift: the pictures look as at home, but two classes make up most of them.

Ten kinds of drawings as sketches, ten labelled of each. tiny-resnet-s learns them, from a solved
head. The target is sketches of the same kinds, and two of the ten make up a share of it: 0.2 is no
shift. Which two goes round with the seed, each kind once. Each way adapts the network to 300 such
pictures without labels, by Adam for as many steps, if any. Accuracy is that on pictures in which
the kinds are as common as there.

    source longer   trained on, on the source alone
    corrected       the answers, by how common the classes are there, as estimated without labels
                    (Lipton et al. 2018); "true shares": as they are
    weighted        trained on, with the source's pictures weighted by that estimate
    mixed batches, AdaBN, Tent, CORAL, MMD, DANN   see `domains`: they make the domains alike, which
                    here they are, but for how common the classes are
"""

from functools import cache

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(5)
SHARES = (0.2, 0.55, 0.9)
WAYS = (
    "source only",
    "source longer",
    "corrected",
    "corrected, true shares",
    "weighted",
    "mixed batches",
    "AdaBN",
    "Tent",
    "CORAL 10",
    "MMD 4",
    "DANN 0.1",
    "DANN 1",
)
COMMON, THERE = 2, 300
STEPS, BATCH, RATE = 150, 32, 5e-4


def points():
    """Every way at every share."""
    return [{"share": share, "condition": way} for share in SHARES for way in WAYS]


def run(seed, share, condition):
    """Accuracy, 0 to 1; the share of answers that are among the common kinds; its estimate."""
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    home, x, prior, common = domains(seed, share)
    model = fresh(home, seed)
    model.set_weights(trained(seed))

    def said(*parts):
        return [logits for _, logits in tl.adapt.answers(model, *parts)]

    val, there = said(home.val.x, x)
    estimate = tl.adapt.class_weights(softmax(val, axis=1), home.val.y, softmax(there, axis=1))
    adapt(model, home, x, estimate, condition, seed)
    there, test = said(x, home.test.x)
    if condition.startswith("corrected"):
        weights = prior * home.num_classes if condition.endswith("shares") else estimate
        there, test = (tl.adapt.shifted(logits, weights) for logits in (there, test))
    right = test.argmax(1) == home.test.y
    of_each = np.array([right[home.test.y == k].mean() for k in range(home.num_classes)])
    return {
        "accuracy": float(of_each @ prior),
        "common": float(np.isin(there.argmax(1), common).mean()),
        "estimated": float(estimate[common].sum() / estimate.sum()),
    }


def domains(seed, share):
    """Sketches with labels, others without, how common each kind is there, the common kinds."""
    import numpy as np

    import tl_helpers as tl

    def sketched(per_class, draw):
        data = tl.data.load("formula10", per_class=per_class, seed=draw)
        return tl.data.shift(data, "sketch", seed=seed)

    home, there = sketched(10, seed), sketched(140, seed + 50)
    kinds = home.num_classes
    common = np.random.default_rng(5).permutation(kinds).reshape(-1, COMMON)[seed % 5]
    prior = np.full(kinds, (1 - share) / (kinds - COMMON))
    prior[common] = share / COMMON
    rng = np.random.default_rng([seed, 5])
    rows = [
        rng.permutation(np.flatnonzero(there.train.y == k))[: round(THERE * prior[k])]
        for k in range(kinds)
    ]
    return home, there.train.x[rng.permutation(np.concatenate(rows))], prior, common


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


def adapt(model, home, x, estimate, condition, seed):
    """Adapt a model in place."""
    import keras
    import numpy as np

    import tl_helpers as tl

    name, _, strength = condition.partition(" ")
    methods = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}
    keras.utils.set_random_seed(seed)
    if condition == "source only" or name.startswith("corrected"):
        return
    if condition == "AdaBN":
        tl.adapt.adabn(model, x)
        return
    if condition == "Tent":
        tl.adapt.tent(model, x, epochs=2, seed=seed)
        return
    source, other = home.train, x if condition != "source longer" else home.train.x
    if condition == "weighted":
        # Drawn as often as they weigh: the same expectation as a weighted loss.
        chances = estimate[source.y] / estimate[source.y].sum()
        rows = np.random.default_rng([seed, 14]).choice(len(source), STEPS * BATCH, p=chances)
        source, other = source[rows], home.train.x
    training = methods[name](model, float(strength)) if name in methods else tl.adapt.MMD(model, 0)
    batches = tl.data.paired(source, other, BATCH, seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    training.compile(keras.optimizers.Adam(RATE), loss)
    training.fit(batches, epochs=max(1, STEPS // len(batches)), shuffle=False, verbose=0)
