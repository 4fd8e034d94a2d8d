"""Which pretrained network for which target? What fine-tuning gains, and what the scores foretold.

Eleven networks that are pretrained on pictures that a formula drew: tiny-resnet, and tiny-resnet-s
from ten sources. Five targets, three of them real. Each network is fine-tuned from a solved head,
and trained from scratch with twice the epochs, at the better of two rates by the accuracy on
validation pictures. The gain is the difference from its own architecture from scratch. On the
photographs there is squeezenet, too, for what a network of the real world gives at what it costs.

The scores see the training pictures alone, through the frozen network:

    leep        by the network's answers in its source's classes. Heads were not kept; one is
                solved in closed form (linear discriminant analysis) on fresh pictures of the source
    logme, h_score   by its features
    similarity  of the source's pictures to the target's, by the features of tiny-resnet
                (leep and similarity need pictures of the source: not for squeezenet)
    probe       a linear probe's accuracy on validation pictures
"""

from functools import cache

ZOO = (
    "brief",
    "coloured",
    "contours",
    "few-kinds",
    "new-kinds",
    "palettes",
    "rotations",
    "scenes",
    "strokes",
)
NETWORKS = ("tiny-resnet", "tiny-resnet-s", *(f"tiny-resnet-s.{name}" for name in ZOO))
REAL = "squeezenet"  # pretrained on ImageNet's photographs, at 96x96
BACKBONES = (*NETWORKS, REAL)
SEEDS = range(5)
SCRATCH = ("tiny-resnet", "tiny-resnet-s")
TARGETS = {  # name -> images a class, epochs, whether it is mirrored and moved in training
    "sketches": (10, 20, False),
    "palettes": (10, 20, False),
    "photographs": (25, 12, True),
    "characters": (5, 24, False),
    "digits": (5, 24, False),
}
RATES = (3e-3, 1e-2)
REAL_RATES = (3e-4, 1e-3)


def points():
    """Every network, and each architecture from scratch, on every target."""
    grid = [
        (target, name, condition)
        for target in TARGETS
        for condition, names in (("fine-tuned", NETWORKS), ("scratch", SCRATCH))
        for name in names
    ]
    grid.append(("photographs", REAL, "fine-tuned"))
    return [dict(zip(("target", "backbone", "condition"), point, strict=True)) for point in grid]


def run(seed, target, backbone, condition):
    """Accuracy on test and validation pictures, how many of these; a pretrained one's scores."""
    import tl_helpers as tl

    data = task(target, seed)
    _, epochs, augment = TARGETS[target]
    scratch = condition == "scratch"
    found = []
    for rate in REAL_RATES if backbone == REAL else RATES:
        network = load(backbone, scratch, seed)
        model = tl.finetune.attach_head(network, data.num_classes, seed=seed)
        result = tl.finetune.fine_tune(
            model,
            data,
            strategy="full" if scratch else "lp-ft",
            epochs=epochs * (2 if scratch else 1),
            base_lr=rate,
            augment=augment,
            seed=seed,
        )
        found.append((result.val_accuracy, tl.evaluate.accuracy(model, data.test)))
    validation, accuracy = max(found, key=lambda pair: pair[0])
    metrics = {"accuracy": accuracy, "validation": validation, "pictures": len(data.val)}
    return metrics if scratch else {**metrics, **scores(backbone, data)}


def load(backbone, scratch, seed):
    """A network by the name of its weights, "tiny-resnet-s.strokes"; or from scratch."""
    import tl_helpers as tl

    name, _, called = backbone.partition(".")
    return tl.backbones.load(name, weights=None if scratch else called or "default", seed=seed)


def scores(backbone, data):
    """What is known before any training."""
    import tl_helpers as tl

    x, y = data.train.x, data.train.y
    network = load(backbone, False, 0)
    features = tl.finetune.features(network.features(), x)
    probe = tl.finetune.linear_probe(network, data)
    found = {
        "logme": tl.evaluate.logme(features, y),
        "h_score": tl.evaluate.h_score(features, y),
        "probe": probe.val_accuracy,
        "probe_accuracy": probe.accuracy(data.test),
    }
    if backbone == REAL:
        return found
    head, source_means, source_y = source(backbone)
    reference = tl.finetune.features(load("tiny-resnet", False, 0).features(), x)
    return {
        **found,
        "leep": tl.evaluate.leep(head.predict_proba(features), y),
        "similarity": tl.evaluate.domain_similarity(source_means, source_y, reference, y),
    }


@cache
def source(backbone):
    """A head for the source's labels; and class means of its pictures, by tiny-resnet."""
    import numpy as np
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    import tl_helpers as tl
    from tl_helpers.backbones.recipes import Recipe, batch

    name, _, called = backbone.partition(".")
    recipe = Recipe(**tl.backbones.read_card(name, called or "default")["recipe"])
    x, y = batch(recipe, np.random.default_rng(7), max(2_000, 20 * recipe.labels))
    head = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    head.fit(tl.finetune.features(load(backbone, False, 0).features(), x), y)
    some = np.argsort(y, kind="stable")[: 20 * 200]  # 200 labels are enough to measure a distance
    seen = tl.finetune.features(load("tiny-resnet", False, 0).features(), x[some])
    _, labels = np.unique(y[some], return_inverse=True)
    means = np.stack([seen[labels == k].mean(0) for k in range(labels.max() + 1)])
    return head, means, np.arange(len(means))


def task(target, seed):
    """A target's pictures."""
    import tl_helpers as tl

    each = TARGETS[target][0]
    if target == "sketches":
        kinds = tl.data.load("formula10", per_class=each, seed=seed)
        return kinds.map(lambda x: tl.data.shift(x, "sketch", seed=seed))
    if target in ("photographs", "digits"):
        name = {"photographs": "photos10", "digits": "digits"}[target]
        return tl.data.load(name, per_class=each, seed=seed)
    if target == "palettes":
        return tl.data.drawn_kinds(10, each, by_palette=1.0, seed=100 + seed, test=50)
    return characters(each, seed)


def characters(each, seed):
    """Twenty Omniglot characters of any alphabets; of 20 drawings, the rest after val is test."""
    import numpy as np

    import tl_helpers as tl
    from tl_helpers.data.dataset import Dataset, Split

    whole = tl.data.load("omniglot", seed=0)
    x = np.concatenate([part.x for part in (whole.train, whole.val, whole.test)])
    y = np.concatenate([part.y for part in (whole.train, whole.val, whole.test)])
    rng = np.random.default_rng([seed, 11])
    chosen = rng.permutation(np.unique(y))[:20]
    order = np.stack([rng.permutation(np.flatnonzero(y == k)) for k in chosen])  # (20, drawings)

    def split(part):
        labels = np.repeat(np.arange(20, dtype=np.int32), part.shape[1])
        return Split(x[part.ravel()], labels)

    parts = order[:, :each], order[:, each : each + 5], order[:, each + 5 :]
    return Dataset("characters", *map(split, parts), tuple(map(str, chosen)), {})
