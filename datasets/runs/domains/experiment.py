"""Another domain without labels: what brings a classifier back, and can one choose without labels?

Five pairs of domains with the same classes, three of them real. tiny-resnet-s learns the source,
from a solved head. Then it is adapted to the target's pictures, each time from the same trained
network, by Adam, for as many steps; self-training has three rounds of one pass instead:

    source only     as it was trained
    source longer   trained on, on the source alone
    mixed batches   as for an alignment of strength 0: BatchNorm sees both domains
    Tent, self-training, balanced self-training
    CORAL, MMD, DANN   at several strengths; "apart": each domain normalised by its own statistics
    few labels      trained on with five labelled pictures of the target a class, and those alone;
                    BatchNorm also sees the rest of the target
    multi-task      source and those few together
    all labels      all of the target's training labels: a ceiling

Every network is also asked with separate BatchNorm statistics (`_own`), each domain's by its own
pictures. That of source only is AdaBN.
"""

from functools import lru_cache

BACKBONES = ("tiny-resnet-s", "tiny-resnet")  # the second for reverse validation
SEEDS = range(5)
PAIRS = {  # name -> passes over the source while adapting
    "mnist to digits": 4,
    "digits to mnist": 8,
    "sketches to drawings": 16,
    "drawings to sketches": 16,
    "photographs at night": 8,
}
STRENGTHS = {"CORAL": (1, 10, 100), "MMD": (1, 4, 16), "DANN": (0.03, 0.1, 0.3, 1)}
APART = {"CORAL": 10, "MMD": 4, "DANN": 0.1}
WAYS = (
    "source only",
    "source longer",
    "mixed batches",
    "Tent",
    "self-training",
    "balanced self-training",
    *(f"{name} {strength}" for name, at in STRENGTHS.items() for strength in at),
    *(f"{name} {strength} apart" for name, strength in APART.items()),
    "few labels",
    "multi-task",
    "all labels",
)
BACK = ("source only", "source longer", "mixed batches", "CORAL 10", "MMD 4", "DANN 0.1")
BATCH, RATE, FEW = 32, 5e-4, 5


def points():
    """Every way on every pair; from drawings to sketches, which asks for less, only some."""
    return [
        {"pair": pair, "condition": way}
        for pair in PAIRS
        for way in (BACK if pair == "drawings to sketches" else WAYS)
    ]


def run(seed, pair, condition):
    """What a network reaches on both domains, and what can be known of it without labels.

    accuracy, and target_val on the target's validation pictures; home, on the source's test
    pictures; source, reverse, a_distance, distance: see `tl.adapt.criteria`; confidence, a mean;
    largest, the share of the most common answer; entropy, of the mean answer, as a share of the
    most there can be; corrected, the accuracy of answers that are corrected as if some classes were
    merely more common (Lipton et al. 2018). With `_own`: the same with separate statistics.
    """
    import tl_helpers as tl

    source, target = domains(pair, seed)
    model = trained(pair, seed)
    adapt(model, source, target, pair, condition, seed)
    networks = {
        "": (model, model),
        "_own": tl.adapt.separate(model, source.train.x, target.train.x),
    }
    reference = tl.backbones.load("tiny-resnet").features()
    known = tl.adapt.criteria(networks, source.val, target.train.x, reference).set_index("model")
    return {
        f"{name}{end}": float(value)
        for end, pair in networks.items()
        for name, value in {**measured(*pair, source, target), **known.loc[end]}.items()
    }


def measured(at_home, there, source, target):
    """By a network for the source and one for the target; they may be one."""
    import numpy as np
    from scipy.special import softmax

    import tl_helpers as tl

    parts = target.train.x, target.val.x, target.test.x
    seen, val, test = (logits for _, logits in tl.adapt.answers(there, *parts))
    ((_, known_home),) = tl.adapt.answers(at_home, source.val.x)
    answers = softmax(seen, axis=1)
    mean = answers.mean(0)
    weights = tl.adapt.class_weights(softmax(known_home, axis=1), source.val.y, answers)
    corrected = tl.adapt.shifted(test, weights)
    return {
        "accuracy": float((test.argmax(1) == target.test.y).mean()),
        "target_val": float((val.argmax(1) == target.val.y).mean()),
        "home": tl.evaluate.accuracy(at_home, source.test),
        "confidence": float(answers.max(1).mean()),
        "largest": float(np.bincount(seen.argmax(1)).max() / len(seen)),
        "entropy": float(-(mean * np.log(mean + 1e-12)).sum() / np.log(len(mean))),
        "corrected": float((corrected.argmax(1) == target.test.y).mean()),
    }


@lru_cache(maxsize=len(SEEDS))
def domains(pair, seed):
    """Source and target, with the same classes. No picture to adapt to is a labelled one."""
    import tl_helpers as tl

    if pair in ("mnist to digits", "digits to mnist"):
        pen = tl.data.load("mnist", per_class=200, seed=seed)
        small = tl.data.load("digits", per_class=90, seed=seed)
        return (pen, small) if pair == "mnist to digits" else (small, pen)
    if pair == "photographs at night":
        day, other = tl.data.load("photos10", per_class=200, seed=seed).divide(100, seed)
        return day, tl.data.shift(other, "night", 0.7, seed)
    # Kinds that no network was pretrained on.
    few, many = tl.data.drawn_kinds(50, 40, seed=seed).divide(10, seed)
    if pair == "sketches to drawings":
        return tl.data.shift(few, "sketch", 0.7, seed), many
    return few, tl.data.shift(many, "sketch", 0.7, seed)


def fresh(source, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    backbone = tl.backbones.load("tiny-resnet-s")
    model = tl.finetune.attach_head(backbone, source.num_classes, seed=seed)
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


def trained(pair, seed):
    """A network that knows the source; a new one each time, with the same weights."""
    source, _ = domains(pair, seed)
    model = fresh(source, seed)
    model.set_weights(weights(pair, seed))
    return model


@lru_cache(maxsize=len(SEEDS))
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
    import keras

    import tl_helpers as tl

    name, strength, apart = (*condition.split(" "), "", "")[:3]
    x, few = target.train.x, target.divide(FEW, seed)[0].train
    methods = {"CORAL": tl.adapt.DeepCORAL, "MMD": tl.adapt.MMD, "DANN": tl.adapt.DANN}
    keras.utils.set_random_seed(seed)
    if condition == "source only":
        return
    if condition == "Tent":
        tl.adapt.tent(model, x, epochs=2, seed=seed)
        return
    if condition.endswith("self-training"):
        settings = {"epochs": 1, "base_lr": RATE, "batch_norm": True, "seed": seed}
        balanced = condition.startswith("balanced")
        tl.adapt.self_train(model, source, x, balanced=balanced, **settings)
        return
    if name in methods:
        training = methods[name](model, float(strength), apart=bool(apart))
        batches = tl.data.paired(source.train, x, BATCH, seed)
    elif condition == "multi-task":
        training = tl.adapt.MultiTask(model)
        batches = tl.data.two_tasks(source.train, few, BATCH, seed)
    else:
        # An alignment of strength 0 learns the labels, and BatchNorm sees both sides.
        sides = {
            "source longer": (source.train, source.train.x),
            "mixed batches": (source.train, x),
            "few labels": (few, x),
            "all labels": (target.train, x),
        }
        training = tl.adapt.MMD(model, 0.0)
        batches = tl.data.paired(*sides[condition], BATCH, seed)
    steps = PAIRS[pair] * (len(source.train) // BATCH)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    training.compile(keras.optimizers.Adam(RATE), loss)
    training.fit(batches, epochs=-(-steps // len(batches)), shuffle=False, verbose=0)
