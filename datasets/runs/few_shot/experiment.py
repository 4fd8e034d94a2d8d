"""New classes from a few examples: what meta-training adds to plain transfer, and where it takes.

Characters of 60 drawn alphabets to train on, of every seed others. Embeddings are the pooled
features of tiny-resnet, pretrained, or from scratch where it says so; all that are trained see as
many pictures, 20 classes a step. Four small convolutions learn tasks of five classes, four a step.

    plain           the pretrained features as they are: nearest mean
    centred         the same, less the mean of the training characters, at length one
    head            a linear head on those, trained on each task's examples
    classes         trained to name the training characters, then as centred (Baseline; SimpleShot)
    prototypical, matching, in context, relation   see `tl.fewshot`; in context: matching with full
                    context embeddings
    MAML, first-order, ANIL, Reptile, four convolutions, untrained   four convolutions, as MAML's
                    paper has them; the fifth compares embeddings, the last adapts from nowhere

The tests are tasks of characters of other drawn alphabets; of real handwritten ones (Omniglot); of
drawn kinds in colour; of photographs. All by 15 queries a class and a thousand tasks, 400 where
each task takes gradient steps. Reptile, which trains on examples alone, trains with 10 a class.
"""

from functools import cache, partial

BACKBONES = ("tiny-resnet",)
SEEDS = range(5)
PLAIN = ("plain", "centred", "head")
METRIC = ("classes", "prototypical", "matching", "in context", "relation")
SCRATCH = ", from scratch"
STEPWISE = ("MAML", "first-order", "ANIL", "Reptile", "four convolutions", "untrained")
ONE_SHOT = "5 ways, 1 shot"
TASKS = {"5 ways, 1 shot": (5, 1), "5 ways, 5 shots": (5, 5), "20 ways, 1 shot": (20, 1)}
PLACES = ("drawn", "omniglot", "kinds", "photographs")
ALPHABETS, STEPS = 60, 1200
WAY, SEEN = 20, 120  # classes and pictures a step
RATE, HEAD_RATE = 1e-3, 1.0
WIDTH, BATCH, INNER, INNER_STEPS, STEPPED = 32, 4, 0.1, 3, 10
METHODS = {
    "prototypical": ("PrototypicalNetwork", {"scale": 0.1}),
    "matching": ("MatchingNetwork", {"scale": 10.0}),
    "in context": ("MatchingNetwork", {"scale": 10.0, "full_context": True}),
    "relation": ("RelationNetwork", {}),
    "MAML": ("MAML", {}),
    "first-order": ("MAML", {"second_order": False}),
    "ANIL": ("MAML", {"adapt": "head"}),
    "Reptile": ("Reptile", {}),
    "untrained": ("MAML", {}),
}


def points():
    """Every way."""
    ways = (*PLAIN, *METRIC, f"classes{SCRATCH}", f"prototypical{SCRATCH}", *STEPWISE)
    return [{"condition": way} for way in ways]


def run(seed, condition):
    """Accuracy, 0 to 1, for every place and kind of task, and half its 95 % interval over tasks.

    own: tasks of one example, with the place's own BatchNorm statistics and centre. step 0, 1, ..:
    the same on drawn characters after so many gradient steps. None where the head is of another
    size; without BatchNorm statistics; without such steps.
    """
    import keras
    import numpy as np

    import tl_helpers as tl

    keras.utils.set_random_seed(seed)
    train = characters(ALPHABETS, seed)
    learn = stepwise if condition in STEPWISE else embedding
    known = learn(condition, train, seed)
    found = {}
    for place in PLACES:
        part = tested(place, seed)
        on_tasks = known(part)
        for kind, (way, shot) in TASKS.items():
            if way > len(np.unique(part.y)):
                continue
            right = on_tasks(way, shot)
            mean, within = tl.fewshot.interval(right)
            found |= {f"{place}, {kind}": mean, f"{place}, {kind}, within": within}
        found[f"{place}, own"] = np.mean(known(part, own=True)(*TASKS[ONE_SHOT]))
    by_step = known(tested("drawn", seed), by_step=True)
    found |= {f"step {k}": by_step[k] if len(by_step) else np.nan for k in range(STEPPED + 1)}
    return {name: None if np.isnan(value) else float(value) for name, value in found.items()}


@cache
def characters(alphabets, seed):
    """Characters of drawn alphabets."""
    import tl_helpers as tl

    return tl.data.drawn_alphabets(alphabets, seed=seed)


@cache
def tested(place, seed):
    """All pictures of classes that nothing was trained on."""
    import numpy as np

    import tl_helpers as tl

    if place == "drawn":
        return characters(10, seed + 500)
    if place == "kinds":
        return tl.data.drawn_kinds(30, 20, seed=seed).train
    data = tl.data.load({"omniglot": "omniglot", "photographs": "photos10"}[place])
    parts = data.train, data.val, data.test
    return tl.data.Split(*(np.concatenate([getattr(part, a) for part in parts]) for a in "xy"))


def embedding(condition, train, seed):
    """What names the queries of tasks, by embeddings: part -> (way, shot) -> accuracies."""
    import tl_helpers as tl

    weights = None if condition.endswith(SCRATCH) else "default"
    condition = condition.removesuffix(SCRATCH)
    embed = tl.backbones.load("tiny-resnet", weights=weights, seed=seed).features()
    embed.trainable = True
    if condition in METHODS:
        model = method(condition, embed)
        meta_train(model, train, seed)
        return by_embeddings(embed, partial(tl.fewshot.episodic_accuracies, model))
    if condition == "classes":
        name_all(embed, train, seed)
    nearest = tl.fewshot.nearest_mean_accuracies
    if condition == "plain":
        return by_embeddings(embed, nearest)
    centre = tl.finetune.features(embed, train.x[::10]).mean(0)
    head = partial(tl.fewshot.head_accuracies, rate=HEAD_RATE)
    return by_embeddings(embed, head if condition == "head" else nearest, centre)


def method(condition, *network):
    """A few-shot model around a network."""
    import tl_helpers as tl

    name, options = METHODS[condition]
    return getattr(tl.fewshot, name)(*network, **options)


def by_embeddings(embed, accuracies, centre=None):
    """Embed the pictures of a part once, for all its tasks."""
    import keras
    import numpy as np

    import tl_helpers as tl

    def known(part, own=False, by_step=False):
        if by_step:
            return []
        mine = embed
        if own:
            mine = keras.models.clone_model(embed)
            mine.set_weights(embed.get_weights())
            tl.adapt.adabn(mine, part.x)
        features = np.array(tl.finetune.features(mine, part.x))
        if centre is not None:
            # A centre of other statistics would lie off to one side.
            features = tl.fewshot.unit_features(features, features.mean(0) if own else centre)
        return lambda way, shot: accuracies(features, part.y, way, shot)

    return known


def meta_train(model, train, seed, way=WAY, tasks=1, **sizes):
    """On tasks of one example a class."""
    import keras

    import tl_helpers as tl

    settings = {"n_shot": 1, "n_query": 5, "n_tasks": tasks * STEPS, "batch_size": tasks, **sizes}
    sampler = tl.fewshot.TaskSampler(train, way, **settings, seed=seed)
    model.compile(optimizer(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(sampler, shuffle=False, verbose=0)


def optimizer():
    """Adam, its rate falling to zero over all steps."""
    import keras

    return keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, STEPS))


def name_all(embed, train, seed):
    """Train an embedding, with a head on it, to tell all training characters apart."""
    import keras
    import numpy as np

    rows = np.random.default_rng([seed, 15]).integers(0, len(train), STEPS * SEEN)
    head = keras.layers.Dense(int(train.y.max()) + 1)(embed.output)
    model = keras.Model(embed.input, head)
    model.compile(optimizer(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(train.x[rows], train.y[rows], SEEN, shuffle=False, verbose=0)


def stepwise(condition, train, seed):
    """The same for four convolutions: by gradient steps on each task, or prototypical."""
    import keras
    import numpy as np

    import tl_helpers as tl

    layers = keras.layers
    alone = condition == "four convolutions"
    x = begin = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 127.5, -1)(x)
    for _ in range(4):
        x = layers.Conv2D(WIDTH, 3, strides=2, padding="same")(x)
        x = (layers.BatchNormalization if alone else tl.fewshot.TransductiveBatchNorm)()(x)
        x = layers.ReLU()(x)
    embed = keras.Model(begin, layers.Flatten()(x))
    if alone:
        model = method("prototypical", embed)
        meta_train(model, train, seed)
        return by_embeddings(embed, partial(tl.fewshot.episodic_accuracies, model))
    classifier = keras.Model(begin, layers.Dense(5)(embed.output))
    model = method(condition, classifier, INNER, INNER_STEPS)
    if condition != "untrained":
        shots = {"n_shot": 10, "n_query": 1} if condition == "Reptile" else {"n_query": 15}
        meta_train(model, train, seed, 5, BATCH, **shots)
    truth = np.repeat(np.arange(5), 15)

    def known(part, own=False, by_step=False):
        if by_step:
            return along_the_way(model, part, truth, seed)

        def on_tasks(way, shot):
            if way != 5 or own:
                return [np.nan, np.nan]
            tasks = tl.fewshot.TaskSampler(part, way, shot, 15, 400, BATCH, seed=seed)
            return (model.predict(tasks, verbose=0).argmax(-1) == truth).mean(-1)

        return on_tasks

    return known


def along_the_way(model, part, truth, seed):
    """Accuracy on queries after each step on a task's one example a class, a mean of 100 tasks."""
    import numpy as np
    from keras import ops

    import tl_helpers as tl

    model.steps = STEPPED
    x, _ = tl.fewshot.TaskSampler(part, 5, 1, 15, 100, 100, seed=seed)[0]
    right = []
    for support, query in zip(x["support"], x["query"], strict=True):
        path = model.path(ops.convert_to_tensor(support))
        right.append([np.array(model.logits(w, query)).argmax(-1) == truth for w in path])
    return np.mean(right, axis=(0, 2))
