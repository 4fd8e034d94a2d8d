# %% [markdown]
# # Assignment 02 · Features and freezing
#
# Four exercises on lesson 02, about an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's may
# be others. Each check answers at once and as often as you like; it says what is wrong, and not all that will be graded.

# %%
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

# %%
import numpy as np

STUDENT = ""  # your id, as your instructor knows you
me = tl.course.enrol("02", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="02.1"
# ## 02.1 · BatchNorm that moves a little · 4 points, 15 minutes
#
# **Objective.** Say what a BatchNorm layer computes when it is frozen, when it is not, and in between.
#
# A frozen BatchNorm uses the statistics it has stored, one in training those of the batch. Yours uses a **mixture**: a share of the batch's, the rest stored.
# The cell prints your variant: what is mixed. With it, a channel is normalised, scaled by gamma and moved by beta, as always.
#
# <details><summary>A hint</summary>The batch's variance is taken over all axes but the last, about the batch's own mean.</details>

# %% exercise="02.1"
MIXED = me.choose("02.1", ["means and variances", "means and standard deviations", "means alone"])
print(f"Yours mixes {MIXED}." + (" Its variances are the stored ones." if "alone" in MIXED else ""))


def mixed_batch_norm(x, mean, variance, gamma, beta, share):
    """(n, h, w, c) floats, four times (c,), a share of 0 to 1 -> (n, h, w, c); 1e-3 is added to the variance."""
    ### BEGIN SOLUTION
    axes = tuple(range(x.ndim - 1))
    m = share * x.mean(axes) + (1 - share) * mean
    v = variance
    if MIXED == "means and variances":
        v = share * x.var(axes) + (1 - share) * variance
    if MIXED == "means and standard deviations":
        v = (share * x.std(axes) + (1 - share) * np.sqrt(variance)) ** 2
    return (x - m) / np.sqrt(v + 1e-3) * gamma + beta
    ### END SOLUTION


# %% exercise="02.1"
tl.check("02.1", mixed_batch_norm, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(share, n=4, c=3):
        names = ("mean", "variance", "gamma", "beta")
        drawn = dict(zip(names, rng.uniform(0.5, 3, (4, c)), strict=True))
        return {"x": rng.normal(2, 3, (n, 5, 6, c))} | drawn | {"share": share}

    return {
        "a share of 0": inputs(0.0),
        "a share of 1": inputs(1.0),
        "shares between": inputs(float(rng.uniform(0.2, 0.8))),
        "one picture": inputs(float(rng.uniform(0.2, 0.8)), n=1, c=5),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="02.2"
# ## 02.2 · Freeze what was pretrained, and only that · 4 points, 20 minutes
#
# **Objective.** Freeze part of a Keras model so that its BatchNorm layers stay as they are, and nothing else does.
#
# Write a function that takes a model and the name of a layer, and freezes **all layers up to that one, and it too**, however deep they lie in models within the
# model. Your variant says what it leaves trainable among these. Then compile the model with the optimizer and loss that come with it.
#
# <details><summary>A hint</summary>A layer that is itself a model has `.layers`. A BatchNorm with `trainable = False` runs in inference mode. A change of `trainable` counts once the model is compiled.</details>

# %% exercise="02.2"
SPARED = me.choose("02.2", ["the biases of convolutions", "gamma and beta of BatchNorm", "nothing"])
print(f"Yours leaves trainable among these: {SPARED}.")
if SPARED != "nothing":
    print("(Do so by freezing their other weights: a variable has its own `trainable`.)")


def freeze_up_to(model, last):
    """A model and a layer's name; changes the model, which is a sequence of layers, and returns it."""
    ### BEGIN SOLUTION
    import keras

    flat = []

    def walk(layer):
        if hasattr(layer, "layers"):
            for inner in layer.layers:
                walk(inner)
        else:
            flat.append(layer)

    walk(model)
    names = [layer.name for layer in flat]
    for layer in flat[: names.index(last) + 1]:
        kept = []
        if SPARED == "the biases of convolutions" and isinstance(layer, keras.layers.Conv2D):
            kept = ["bias"]
        if SPARED == "gamma and beta of BatchNorm" and isinstance(
            layer, keras.layers.BatchNormalization
        ):
            kept = ["gamma", "beta"]
        if not kept:
            layer.trainable = False
        for variable in layer.weights if kept else []:
            if variable.name not in kept:
                variable.trainable = False
    model.compile("sgd", "mse")
    return model
    ### END SOLUTION


# %% exercise="02.2"
tl.check("02.2", freeze_up_to, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(last):
        sizes = [int(n) for n in rng.integers(2, 6, 4)]
        return {"sizes": sizes, "last": last, "x": rng.normal(size=(8, 8, 8, 3)).astype("float32")}

    return {
        "in the inner model": inputs("norm_1"),
        "after it": inputs("norm_2"),
        "the first layer": inputs("conv_0"),
    }


def probe(answer, sizes, last, x):
    import keras

    layers = keras.layers
    inner = keras.Sequential(
        [
            layers.Conv2D(sizes[0], 3, name="conv_0"),
            layers.BatchNormalization(name="norm_0"),
            layers.Conv2D(sizes[1], 3, name="conv_1"),
            layers.BatchNormalization(name="norm_1"),
        ],
        name="inner",
    )
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            inner,
            layers.Conv2D(sizes[2], 1, name="conv_2"),
            layers.BatchNormalization(name="norm_2"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(sizes[3], name="head"),
        ]
    )
    model.compile("sgd", "mse")
    model = answer(model, last)
    before = [keras.ops.convert_to_numpy(v).copy() for v in model.weights]
    keras.utils.set_random_seed(0)
    model.fit(x, keras.ops.ones((8, sizes[3])), epochs=1, verbose=0)
    after = [keras.ops.convert_to_numpy(v) for v in model.weights]
    moved = [not (b == a).all() for b, a in zip(before, after, strict=True)]
    # A bias before a BatchNorm that uses the batch's mean has no gradient but rounding.
    return {
        "trainable": [w.path.split("/", 1)[-1] for w in model.trainable_variables],
        "moved": {
            w.path.split("/", 1)[-1]: m
            for w, m in zip(model.weights, moved, strict=True)
            if w.name != "bias"
        },
    }


def same(got, right, inputs):
    return 0.5 * (sorted(got["trainable"]) == sorted(right["trainable"])) + 0.5 * (
        got["moved"] == right["moved"]
    )


### END HIDDEN TESTS

# %% [markdown] exercise="02.3"
# ## 02.3 · A head in one step · 4 points, 15 minutes
#
# **Objective.** Train a linear probe without an optimizer.
#
# The features of a frozen network do not change, so a linear head on them has a closed form: **ridge regression** onto targets of +1 for the class and −1 for the
# others, W = (XᵀDX + λI)⁻¹ XᵀDY. D weighs the pictures; your variant says how. Append a column of ones to the features for the bias, and penalise it as all else.
#
# <details><summary>A hint</summary>`np.linalg.solve` needs no inverse. D is diagonal: multiply the rows of X instead of making it.</details>

# %% exercise="02.3"
WEIGHED = me.choose(
    "02.3",
    [
        "each class as much as any other",
        "by the inverse of the feature's length",
        "the later the more",
    ],
)
print(f"Yours weighs pictures {WEIGHED}:")
print(
    {
        "each class as much as any other": "n / (classes · pictures of its class), where n is how many there are in all.",
        "by the inverse of the feature's length": "1 / its Euclidean length, before the ones are appended.",
        "the later the more": "row i of n, from 0, by (i + 1) / n: the newest pictures are the most like those to come.",
    }[WEIGHED]
)


def ridge_head(features, y, classes, strength):
    """(n, d), (n,) whole numbers, how many classes, λ -> (d + 1, classes), the bias last."""
    ### BEGIN SOLUTION
    n = len(y)
    x = np.hstack([features, np.ones((n, 1))])
    target = 2.0 * np.eye(classes)[y] - 1
    if WEIGHED == "each class as much as any other":
        counts = np.bincount(y, minlength=classes)
        d = n / (classes * counts[y])
    elif WEIGHED == "the later the more":
        d = (np.arange(n) + 1) / n
    else:
        d = 1 / np.linalg.norm(features, axis=1)
    left = x.T @ (d[:, None] * x) + strength * np.eye(x.shape[1])
    return np.linalg.solve(left, x.T @ (d[:, None] * target))
    ### END SOLUTION


# %% exercise="02.3"
tl.check("02.3", ridge_head, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, d, classes, strength):
        y = np.concatenate(
            [
                np.arange(classes),
                rng.choice(classes, n - classes, p=rng.dirichlet(np.ones(classes))),
            ]
        )
        features = rng.normal(size=(n, d)) + rng.normal(size=(classes, d))[y]
        return {"features": features, "y": y, "classes": classes, "strength": strength}

    return {
        "two classes": inputs(40, 3, 2, 1.0),
        "seven classes": inputs(90, 12, 7, float(rng.uniform(0.1, 10))),
        "more features than pictures": inputs(20, 30, 4, 0.5),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="02.4"
# ## 02.4 · Your own photographs' features · 3 points, 15 minutes
#
# **Objective.** Use a head on features it has not seen, and count honestly.
#
# The cell draws features of your own: 200 with labels to learn from, 300 to be judged on. Train your head of 02.3 on the first with each λ of `STRENGTHS`, choose by the
# **last fifty** of the 200 (learn on the 150 before), then learn from all 200 with it. Report λ, and the accuracy on the 300, 0 to 1.
#
# <details><summary>A hint</summary>If two strengths tie, take the larger one. The 300 are looked at once.</details>

# %% exercise="02.4"
STRENGTHS = (0.01, 1.0, 100.0, 10000.0)
rng = me.rng("02.4")
y = rng.integers(0, 5, 500)
seen = 0.9 * rng.normal(size=(5, 60))[y] * (rng.random(60) < 0.3) + rng.normal(size=(500, 60))
few_x, few_y, many_x, many_y = seen[:200], y[:200], seen[200:], y[200:]

chosen = {"strength": None, "accuracy": None}
### BEGIN SOLUTION


def right(head, x, y):
    return (np.hstack([x, np.ones((len(x), 1))]) @ head).argmax(1) == y


val = {}
for strength in STRENGTHS:
    head = ridge_head(few_x[:150], few_y[:150], 5, strength)
    val[strength] = right(head, few_x[150:], few_y[150:]).mean()
best = max(STRENGTHS, key=lambda s: (val[s], s))
head = ridge_head(few_x, few_y, 5, best)
chosen = {"strength": best, "accuracy": right(head, many_x, many_y).mean()}
### END SOLUTION

# %% exercise="02.4"
tl.check("02.4", chosen, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your data": {}}


def same(got, right, inputs):
    return (float(got["strength"]) == right["strength"]) / 3 + 2 / 3 * (
        abs(float(got["accuracy"]) - right["accuracy"]) < 0.002
    )


### END HIDDEN TESTS
