"""Which pretrained network for which target? What fine-tuning gains, and what the scores foretold.

Twelve networks that are pretrained on pictures that a formula drew: tiny-resnet, and tiny-resnet-s
from eleven sources. Five targets, three of them real. Each network is fine-tuned from a solved
head, and each architecture trained from scratch, for as many steps with BatchNorm, at the best of
three rates by validation pictures, of which there are as many as training pictures. The gain is
the difference from the same architecture from scratch. On the real targets there is squeezenet,
too, for what a network of the real world gives at what it costs.

The scores see the training pictures alone, through the frozen network:

    leep        by the network's answers in its source's classes. Heads were not kept; a softmax
                head is trained for each on fresh pictures of its source, and made as sure as it is
                right (temperature)
    leep_chance the same with the target's labels shuffled
    logme, h_score   by its features
    similarity  of the source's pictures to the target's, by the features of tiny-resnet, from which
                both are put into groups
                (leep and similarity need pictures of the source: not for squeezenet)
    folds       a linear classifier's accuracy in five folds of the training pictures
"""

from functools import cache

ZOO = (
    "plain",
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
TARGETS = {  # name -> images a class, passes over them, whether augmented, whether real
    "sketches": (10, 40, False, False),
    "palettes": (10, 40, False, False),
    "photographs": (25, 30, True, True),
    "characters": (5, 40, False, True),
    "digits": (5, 100, False, True),
}
BATCH = 20
RATES = (2e-3, 2e-2, 2e-1)
REAL_RATES = (3e-4, 1e-3)
SOURCE, GROUPS = 20_000, 50


def points():
    """Every network, and each architecture from scratch, on every target."""
    grid = [
        (target, name, condition)
        for target in TARGETS
        for condition, names in (("fine-tuned", NETWORKS), ("scratch", SCRATCH))
        for name in names
    ]
    grid += [(name, REAL, "fine-tuned") for name, (*_, real) in TARGETS.items() if real]
    return [dict(zip(("target", "backbone", "condition"), point, strict=True)) for point in grid]


def run(seed, target, backbone, condition):
    """Accuracies, 0 to 1, seconds for all rates, the rate; a pretrained network's scores."""
    import tl_helpers as tl

    data = task(target, seed)
    _, epochs, augment, _ = TARGETS[target]
    scratch = condition == "scratch"
    network = load(backbone, scratch, seed)
    model = tl.finetune.attach_head(network, data.num_classes, seed=seed)
    result = tl.finetune.fine_tune(
        model,
        data,
        strategy="full" if scratch else "lp-ft",
        epochs=epochs // 4 if backbone == REAL else epochs,
        base_lr=REAL_RATES if backbone == REAL else RATES,
        augment=augment,
        batch_size=BATCH,
        batch_norm=True,
        seed=seed,
    )
    metrics = {
        "accuracy": tl.evaluate.accuracy(model, data.test),
        "validation": result.val_accuracy,
        "pictures": len(data.val),
        "rate": result.rate,
        "seconds": round(result.seconds, 1),
    }
    return metrics if scratch else {**metrics, **scores(backbone, data)}


def load(backbone, scratch, seed):
    """A network by the name of its weights, "tiny-resnet-s.strokes"; or from scratch."""
    import tl_helpers as tl

    name, _, called = backbone.partition(".")
    return tl.backbones.load(name, weights=None if scratch else called or "default", seed=seed)


def scores(backbone, data):
    """What is known before any training."""
    import numpy as np
    from sklearn.linear_model import RidgeClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    import tl_helpers as tl

    x, y = data.train.x, data.train.y
    network = load(backbone, False, 0)
    features = tl.finetune.features(network.features(), x)
    probe = tl.finetune.linear_probe(network, data)
    linear = make_pipeline(StandardScaler(), RidgeClassifier(alpha=10.0))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    found = {
        "logme": tl.evaluate.logme(features, y),
        "h_score": tl.evaluate.h_score(features, y),
        "folds": float(cross_val_score(linear, features, y, cv=folds).mean()),
        "probe": probe.val_accuracy,
        "probe_accuracy": probe.accuracy(data.test),
    }
    if backbone == REAL:
        return found
    head, _, groups = source(backbone)
    seen = tl.finetune.features(load("tiny-resnet", False, 0).features(), x)
    shuffled = np.random.default_rng(0).permutation(y)
    return {
        **found,
        "leep": tl.evaluate.leep(head(features), y),
        "leep_chance": tl.evaluate.leep(head(features), shuffled),
        "similarity": tl.evaluate.domain_similarity(*groups, seen, y),
    }


@cache
def source(backbone):
    """A head for the source's labels, its accuracy there, and groups of the source's pictures."""
    import keras
    import numpy as np
    from scipy.special import softmax
    from sklearn.cluster import KMeans

    import tl_helpers as tl
    from tl_helpers.backbones.recipes import Recipe, batch

    name, _, called = backbone.partition(".")
    recipe = Recipe(**tl.backbones.read_card(name, called or "default")["recipe"])
    x, y = batch(recipe, np.random.default_rng(7), SOURCE)
    features = tl.finetune.features(load(backbone, False, 0).features(), x)
    middle, spread = features.mean(0), features.std(0) + 1e-6
    scaled = (features - middle) / spread
    train, held = slice(0, SOURCE * 9 // 10), slice(SOURCE * 9 // 10, None)
    keras.utils.set_random_seed(0)
    layer = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.Dense(recipe.labels)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = 20 * (SOURCE * 9 // 10 // 128)
    rate = keras.optimizers.schedules.CosineDecay(1e-2, steps)
    layer.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    layer.fit(scaled[train], y[train], batch_size=128, epochs=20, verbose=0)
    kernel, bias = layer.get_weights()
    logits = scaled[held] @ kernel + bias
    heat = tl.evaluate.temperature(logits, y[held])

    def head(features):
        """Features (n, d) to probabilities of the source's labels (n, labels)."""
        logits = ((features - middle) / spread @ kernel + bias).astype(float) / heat
        return softmax(logits, axis=1)

    seen = tl.finetune.features(load("tiny-resnet", False, 0).features(), x[:4_000])
    groups = KMeans(GROUPS, n_init=1, random_state=0).fit_predict(seen)
    return head, float((logits.argmax(1) == y[held]).mean()), (seen, groups)


def task(target, seed):
    """A target's pictures, with as many to validate on as to train on."""
    from dataclasses import replace

    import numpy as np

    import tl_helpers as tl

    each = TARGETS[target][0]
    if target == "palettes":
        data = tl.data.drawn_kinds(10, each, by_palette=1.0, seed=100 + seed, test=50)
    elif target == "characters":
        return characters(each, seed)
    else:
        names = {"sketches": "formula10", "photographs": "photos10", "digits": "digits"}
        data = tl.data.load(names[target], per_class=each, seed=seed)
    if target == "sketches":
        data = data.map(lambda x: tl.data.shift(x, "sketch", seed=seed))
    few = [np.flatnonzero(data.val.y == k)[:each] for k in range(data.num_classes)]
    return replace(data, val=data.val[np.concatenate(few)])


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

    parts = order[:, :each], order[:, each : 2 * each], order[:, 2 * each :]
    return Dataset("characters", *map(split, parts), tuple(map(str, chosen)), {})
