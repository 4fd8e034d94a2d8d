"""How far each stage transfers: Yosinski et al. 2014 in small.

A and B are tasks of 40 formula-drawn kinds each, with no kind in common. tiny-resnet-s learns each
from scratch. Then a network for B gets its lowest stages, up to the cut, from one of the two, and
random weights above, and is trained on B for as many epochs again:

    own, frozen      from B's network, frozen; against scratch: what random layers above cannot
                     build again on what the old ones had grown up with
    other, frozen    from A's network, frozen; against own, frozen: what was specific to A
    random, frozen   the stages stay as they were at the start
    own, tuned       from B's network, and they train on: B, trained for twice as long
    other, tuned     from A's network, and they train on; against own, tuned: what A was good for

From scratch there is also a network with as many epochs as those have had altogether.
"""

from functools import cache

BACKBONES = ()  # it makes its own weights
SEEDS = range(5)
KINDS, EACH = 40, 60  # training pictures a kind
EPOCHS, RATE = 15, 1e-2
STAGES = ("stem", "stage1", "stage2", "stage3", "stage4")


def points():
    """From scratch, and five ways at five cuts; the cut is the number of stages transferred."""
    cuts = range(1, len(STAGES) + 1)
    return [
        {"condition": way, "cut": cut}
        for way, at in {
            "scratch": (0,),
            "scratch, longer": (0,),
            "own, frozen": cuts,
            "other, frozen": cuts,
            "random, frozen": cuts,
            "own, tuned": cuts,
            "other, tuned": cuts,
        }.items()
        for cut in at
    ]


def run(seed, condition, cut):
    """Accuracy on B's test, validation and training pictures, 0 to 1."""
    import tl_helpers as tl

    start, mode = condition.split(", ") if ", " in condition else (condition, None)
    model, data = network(1000 + seed), task("B", seed)
    if start in ("own", "other"):
        weights = learned({"own": "B", "other": "A"}[start], seed)
        groups = tl.finetune.stages(model)
        for stage in STAGES[:cut]:
            for layer in groups[stage]:
                for variable in layer.weights:
                    variable.assign(weights[variable.path])
    lowest = [*STAGES, "head"][cut if mode == "frozen" else 0]
    train(model, data, seed, lowest, 2 * EPOCHS if mode == "longer" else EPOCHS)
    splits = {"accuracy": data.test, "validation": data.val, "training": data.train}
    return {name: tl.evaluate.accuracy(model, split) for name, split in splits.items()}


def network(seed):
    """tiny-resnet-s with random weights, and a head."""
    import tl_helpers as tl

    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=seed)
    return tl.finetune.attach_head(backbone, KINDS, dropout=0, seed=seed)


def train(model, data, seed, lowest=STAGES[0], epochs=EPOCHS):
    """Train from the lowest stage up, in the same way every time."""
    import tl_helpers as tl

    part = {"strategy": "head"} if lowest == "head" else {"down_to": lowest}
    tl.finetune.fine_tune(model, data, epochs=epochs, base_lr=RATE, seed=seed, **part)


@cache
def learned(name, seed):
    """The weights, by path, of a network that learned a task from scratch."""
    import numpy as np

    start = seed if name == "B" else 500 + seed
    model = network(start)
    train(model, task(name, seed), start)
    return {v.path: np.array(v) for v in model.weights}


@cache
def task(name, seed):
    """Forty of 80 programs that nothing was pretrained on; a seed deals them out anew."""
    import numpy as np

    from tl_helpers.data.dataset import Dataset, Split
    from tl_helpers.data.formula import NEW, draw

    rng = np.random.default_rng([seed, 8])
    ids = NEW + 1000 + rng.permutation(2 * KINDS)
    ids = ids[:KINDS] if name == "A" else ids[KINDS:]

    def split(each):
        y = np.repeat(np.arange(KINDS, dtype=np.int32), each)
        return Split(draw(ids[y], rng), y)

    return Dataset(name, split(EACH), split(10), split(50), tuple(map(str, ids)), {})
