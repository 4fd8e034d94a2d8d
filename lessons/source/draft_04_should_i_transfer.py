# %% [markdown]
# # 04 · Should I transfer? Fair evaluation, negative transfer, choosing a network
#
# **Question.** Everyone fine-tunes. When is it worth it, when does it hurt, and which of many pretrained networks should
# you take? Can you know before you train?
#
# **You will**
#
# - **compare** fairly: the same architecture from scratch, with its own rate and more epochs
# - **measure** what transfer saves: jump-start, asymptote, pictures to a threshold, calibration
# - **fool yourself** with a test set, once, on purpose
# - **find** where a pretrained network hurts, on a map of nearly nine hundred runs, and try what helps
# - **rank** eleven pretrained networks without training them, and see which score to trust
# - **decide**, with a protocol that says how sure it is
#
# **You need** lessons 00 and 02. No GPU, no internet.
#
# **Time** about two and a half minutes of computing, about an hour of reading and trying.

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="04").seed  # first: it also silences the backend's start-up

import numpy as np

from tl_helpers.widgets import Predict, TransferMap

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # sketches of each kind in section 1
EPOCHS = tl.pick(cpu=16, gpu=16)  # passes over them
SEEDS = tl.pick(cpu=3, gpu=5)  # runs of each condition

# %% [markdown]
# ## 1 · A fair comparison
#
# "Transfer gained thirty points" says nothing without its control. A fair one has the **same architecture**, sees the **same
# pictures**, and gets a **budget of its own**: another learning rate, and more epochs, since it has more to learn.
# Which rate and how many epochs is chosen on **validation** pictures. And the test pictures are looked at once, at the end.
#
# The target: ten kinds of sketches, ten of each. The network: `tiny-resnet-s`, 0.2 million weights.

# %% tags=["predict"]
predict_gap = Predict(
    "Fine-tuned against scratch, both with as many epochs: how many points apart?",
    (-20, 80, 1),
    key="04.gap",
    unit="points",
)
predict_gap

# %% tags=["run"]
RATES = (3e-3, 1e-2)


def best_of(weights, strategy, epochs):
    """A function of a seed: train at each rate; the test accuracy of the best on validation."""

    def run(seed):
        data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
        data = data.map(lambda x: tl.data.shift(x, "sketch", seed=seed))
        found = []
        for rate in RATES:
            backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=seed)
            model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
            tuned = tl.finetune.fine_tune(model, data, strategy, epochs, rate, seed=seed)
            found.append((tuned.val_accuracy, model))
        _, model = max(found, key=lambda pair: pair[0])
        logits = model.predict(data.test.x, verbose=0)
        odds = np.exp(logits - logits.max(1, keepdims=True))
        sure = tl.evaluate.calibration(odds / odds.sum(1, keepdims=True), data.test.y)
        right = float((logits.argmax(1) == data.test.y).mean())
        return {"accuracy": right, "calibration error": sure.error}

    return run


fair = tl.evaluate.compare(
    {
        "fine-tuned": best_of("default", "lp-ft", EPOCHS),
        "scratch": best_of(None, "full", EPOCHS),
        "scratch, four times the epochs": best_of(None, "full", 4 * EPOCHS),
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.evaluate.report(fair, "Sketches, ten of each kind: is transfer worth it?")

# %% tags=["look"]
gap = 100 * tl.evaluate.paired(fair, "fine-tuned", "scratch").mean()
longer = 100 * tl.evaluate.paired(fair, "fine-tuned", "scratch, four times the epochs").mean()
predict_gap.reveal(round(gap, 1), f"With four times the epochs for scratch: {longer:.1f} points.")

# %% tags=["conclude"]
tl.claim(
    "Transfer pays here, also against a scratch network with four times the epochs",
    fair,
    better="fine-tuned",
    than="scratch, four times the epochs",
    by=0.2,
)

# %% [markdown]
# ## 2 · Where transfer hurts
#
# `tiny-resnet-s` was pretrained on pictures whose colours are drawn anew each time: colour says nothing of the kind, and the
# network has learned to ignore it. What if your kinds differ in colour?
#
# The map below has twelve new kinds. A share of them, the **distance**, is told from the others by its palette alone; each of
# the rest has a shape of its own, in any colours. At distance 0 the target asks for what the source asked for; at 1, for what
# it taught to ignore. Each place is five runs: a way to train, a number of images a class, a distance.

# %% tags=["predict"]
predict_hurt = Predict(
    "Distance 1, 25 images a class: how many points is the best transfer ahead of scratch? (Below zero: it hurts.)",
    (-80, 80, 1),
    key="04.hurt",
    unit="points",
)
predict_hurt

# %% tags=["run"]
runs = tl.evaluate.recorded("map")
TransferMap(
    runs,
    title="Which part of the network to train, or none of it?",
    columns=("per_class", "images a class"),
    dial=("distance", "distance"),
    seed=SEED,
)

# %% tags=["look"]
place = runs.select(distance=1.0, per_class=25)
means = place.groupby("condition")["accuracy"].mean()
best = means.drop("scratch").idxmax()
hurt = 100 * tl.evaluate.paired(place, best, "scratch").mean()
predict_hurt.reveal(round(hurt, 1), f"The best way to transfer is {best} there.")

# %% tags=["look"]
near = runs.select(distance=0.0)
near = near[near["condition"].isin(["head only", "everything", "scratch"])]
tl.evaluate.data_efficiency(near, "per_class").round(3)
