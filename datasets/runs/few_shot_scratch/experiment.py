"""A fair control for meta-training: the same characters from random weights, for longer.

As "classes, from scratch" in `few_shot`, but with a rate of its own, the best of 0.001, 0.003 and
0.01 in 400 steps on another seed's characters, and for four times as long: tiny-resnet learns to
name the characters of 60 drawn alphabets, and is asked about new ones by the nearest mean of
centred features at length one.
"""

BACKBONES = ()
SEEDS = range(5)
TASKS = {"5 ways, 1 shot": (5, 1), "5 ways, 5 shots": (5, 5), "20 ways, 1 shot": (20, 1)}
ALPHABETS, STEPS, SEEN, RATE = 60, 4800, 120, 3e-3


def points():
    """The one way."""
    return [{"condition": "classes, from scratch, four times as long"}]


def run(seed, condition):
    """Accuracy, 0 to 1, on tasks of drawn characters and of Omniglot, and half its interval."""
    import keras
    import numpy as np

    import tl_helpers as tl

    keras.utils.set_random_seed(seed)
    train = tl.data.drawn_alphabets(ALPHABETS, seed=seed)
    embed = tl.backbones.load("tiny-resnet", weights=None, seed=seed).features()
    embed.trainable = True
    rows = np.random.default_rng([seed, 15]).integers(0, len(train), (STEPS, SEEN))
    head = keras.layers.Dense(int(train.y.max()) + 1)(embed.output)
    model = keras.Model(embed.input, head)
    rate = keras.optimizers.schedules.CosineDecay(RATE, STEPS)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    for some in np.split(rows, 4):  # a quarter of the pictures in memory at a time
        some = some.ravel()
        model.fit(train.x[some], train.y[some], SEEN, shuffle=False, verbose=0)
    centre = tl.finetune.features(embed, train.x[::10]).mean(0)
    found = {}
    for place, part in (
        ("drawn", tl.data.drawn_alphabets(10, seed=seed + 500)),
        ("omniglot", whole(tl.data.load("omniglot"))),
    ):
        known = tl.fewshot.unit_features(tl.finetune.features(embed, part.x), centre)
        for kind, (way, shot) in TASKS.items():
            right = tl.fewshot.nearest_mean_accuracies(known, part.y, way, shot)
            mean, within = tl.fewshot.interval(right)
            found |= {f"{place}, {kind}": mean, f"{place}, {kind}, within": within}
    return {name: float(value) for name, value in found.items()}


def whole(data):
    """All pictures of all three parts."""
    import numpy as np

    import tl_helpers as tl

    parts = data.train, data.val, data.test
    return tl.data.Split(*(np.concatenate([getattr(part, a) for part in parts]) for a in "xy"))
