"""Self-training: what becomes of a classifier that believes what it is sure of?

Ten kinds of drawings, ten labelled of each; tiny-resnet-s learns them, from a solved head. The
target is other drawings of the same kinds, shifted. Four rounds: label the target, keep what is
at least as sure as the threshold, train on that and the source. Balanced: keep as many of each
class that is called at all.
"""

from functools import cache, lru_cache

BACKBONES = ("tiny-resnet-s",)
SEEDS = range(5)
SHIFTS = {"night": 1.0, "blur": 1.0, "noise": 0.85}  # and how strong; from mild to hard
THRESHOLDS = (0.5, 0.9)
ROUNDS = 4


def points():
    """Both ways at every threshold under every shift."""
    return [
        {"shift": shift, "threshold": threshold, "condition": way}
        for shift in SHIFTS
        for threshold in THRESHOLDS
        for way in ("plain", "balanced")
    ]


def run(seed, shift, threshold, condition):
    """Accuracy on the target, 0 to 1, before and after each round, and what was seen of it.

    accuracy_0 to accuracy_4; of the labels that were made before rounds 1 to 4, kept_k, the share
    that was believed, confidence_k, the mean of all, largest_k, the share of the most common among
    those believed; accuracy, the last. Where nothing is sure enough there is no such round, and
    nothing changes.
    """
    import tl_helpers as tl

    source, target = domains(seed, shift)
    model = fresh(source, seed)
    model.set_weights(trained(seed))
    found = {"accuracy_0": tl.evaluate.accuracy(model, target.test)}
    for k in range(1, ROUNDS + 1):
        try:
            log = tl.adapt.self_train(
                model,
                source,
                target.train.x,
                rounds=1,
                threshold=threshold,
                balanced=condition == "balanced",
                seed=seed + k,
                epochs=4,
                base_lr=1e-3,
                batch_norm=True,
            ).rounds.iloc[0]
            found |= {f"{name}_{k}": float(log[name]) for name in ("kept", "confidence", "largest")}
        except ValueError:  # nothing is that sure
            found |= {f"kept_{k}": 0.0, f"confidence_{k}": 0.0, f"largest_{k}": 0.0}
        found[f"accuracy_{k}"] = tl.evaluate.accuracy(model, target.test)
    return {**found, "accuracy": found[f"accuracy_{ROUNDS}"]}


@lru_cache(maxsize=len(SHIFTS))
def domains(seed, shift):
    """Drawings with labels, and others of the same kinds under a shift."""
    import tl_helpers as tl

    labelled, other = tl.data.load("formula10", per_class=40, seed=seed).divide(10, seed)
    return labelled, tl.data.shift(other, shift, SHIFTS[shift], seed)


def fresh(source, seed):
    """A network with a head, all of it to train."""
    import tl_helpers as tl

    backbone = tl.backbones.load("tiny-resnet-s")
    model = tl.finetune.attach_head(backbone, source.num_classes, seed=seed)
    tl.finetune.unfreeze(model, batch_norm=True)
    return model


@cache
def trained(seed):
    """Weights of a network that knows the labelled drawings."""
    import tl_helpers as tl

    source, _ = domains(seed, "night")
    model = fresh(source, seed)
    tl.finetune.fine_tune(model, source, "lp-ft", 10, 2e-3, batch_norm=True, seed=seed)
    return model.get_weights()
