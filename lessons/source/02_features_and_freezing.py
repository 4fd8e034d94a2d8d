# %% [markdown]
# # 02 · Features and freezing: what to train, and what to leave alone
#
# **Question.** You have a pretrained network and a few pictures of your own. Do you train a new head
# on frozen features, or the whole network? Where do you cut it? And what breaks, without a word, when you
# do either of them wrongly?
#
# **You will**
#
# - **compare** four ways to use a network: from scratch, head only, everything at once, head first
# - **choose** between them by how many pictures you have, and how far they are from the source
# - **find** the depth at which a network's features travel best
# - **recognise** two silent mistakes: BatchNorm in the wrong mode, and wrong preprocessing
# - **apply** the same idea to a table of medical measurements
#
# **You need** lesson 00. No GPU, no internet; where the real photographs and the real network are on this
# machine, two sections also run on them.
#
# **Time** about a minute and a half of computing, about fifty of reading and trying.

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="02").seed  # first: it also silences the backend's start-up

from dataclasses import replace

import keras
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from tl_helpers.widgets import Explorer, Predict

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=5, gpu=5)  # drawn pictures of each kind in sections 1 and 4
EPOCHS = tl.pick(cpu=10, gpu=20)  # passes over them; from scratch twice as many
SEEDS = tl.pick(cpu=3, gpu=5)  # runs of each condition
WAYS = ["scratch", "head only", "fine-tuned", "head first"]
LIVE = tl.pick(cpu=["head only"], gpu=WAYS)  # section 2: made again on the real network
SMALL_BATCH = 4  # section 4
PATIENTS = 10  # section 6: diagnosed patients of each kind
DRAWS = tl.pick(cpu=8, gpu=20)  # section 6: runs of each condition

# %% [markdown]
# ## Four ways to use a network
#
# | Way | Starts from | What is trained | Also called |
# |---|---|---|---|
# | **scratch** | random weights | everything | the control |
# | **head only** | pretrained weights | a new head on frozen features, solved to its end | feature extraction, linear probe |
# | **fine-tuned** | pretrained weights, random head | everything, at once | naive fine-tuning |
# | **head first** | pretrained weights | the head to its end, then everything, gently | LP-FT |
#
# A layer is **frozen** when training does not change its weights. Freezing is cheap: what is frozen
# gives the same features for the same picture in every epoch, so they are computed **once**. On them the
# best head is the solution of a convex problem, logistic regression: it is **solved**, in seconds, and
# there is no learning rate to get wrong. In this course *head only* is always the solved one.

# %% [markdown]
# ## 1 · Few pictures, close to the source
#
# `tiny-resnet` was trained on shapes that a formula drew. You get ten new kinds of such shapes, **five
# pictures of each**. Each way has the best of several learning rates, and scratch twice the
# epochs, since it has more to learn.

# %% tags=["predict"]
predict_few = Predict(
    "Fifty drawn pictures in all: which of these ways does worst, leaving scratch aside?",
    [*WAYS[1:], "about equal"],
    key="02.few",
)
predict_few

# %% tags=["run"]
STRATEGY = {"scratch": "full", "fine-tuned": "full", "head first": "lp-ft"}
RATES = {"scratch": 1e-2, "fine-tuned": 1e-3, "head first": 3e-4}


def few(way):
    def run(seed):
        data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
        weights = None if way == "scratch" else "default"
        backbone = tl.backbones.load("tiny-resnet", weights=weights, seed=seed)
        if way == "head only":
            return {"accuracy": tl.finetune.linear_probe(backbone, data).accuracy(data.test)}
        model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
        epochs = 2 * EPOCHS if way == "scratch" else EPOCHS
        tl.finetune.fine_tune(
            model, data, STRATEGY[way], epochs, RATES[way], batch_size=16, seed=seed
        )
        return {"accuracy": tl.evaluate.accuracy(model, data.test)}

    return run


drawn = tl.evaluate.compare({way: few(way) for way in WAYS}, seeds=SEEDS)

# %% tags=["look"]
tl.plots.compared(drawn, title="Ten new kinds of drawn shapes, five pictures of each", chance=0.1)

# %% tags=["look"]
means = drawn.groupby("condition")["accuracy"].mean()
predict_few.reveal(
    tl.evaluate.leading(drawn[drawn["condition"] != "scratch"], lowest=True),
    ", ".join(f"{way} {100 * means[way]:.1f} %" for way in WAYS[1:]) + ".",
)

# %% [markdown]
# Fine-tuning everything at once starts with a **random head**. Its first corrections are large and make
# no sense yet, and they flow down into features that were good. Kumar et al. (2022) call it
# distortion. With the head solved first, what flows down is small from the start.
#
# So close to the source, the features are nearly all you need, and you can have them by hand: cut the
# network before its head, compute the features once, fit a linear classifier. `linear_probe` does just that.

# %%
new = tl.data.load("formula10", per_class=PER_CLASS, seed=SEED)
backbone = tl.backbones.load("tiny-resnet")
probe = tl.finetune.linear_probe(backbone, new)  # also chooses C, the strength of its penalty

extract = backbone.features()  # pictures (n, 32, 32, 3) -> features (n, 256)
train = extract.predict(new.train.x, verbose=0)  # (50, 256)
test = extract.predict(new.test.x, verbose=0)
scaler = StandardScaler().fit(train)
by_hand = LogisticRegression(C=probe.c, max_iter=2000).fit(scaler.transform(train), new.train.y)

print(f"by hand:      {by_hand.score(scaler.transform(test), new.test.y):.1%}")
print(f"linear_probe: {probe.accuracy(new.test):.1%}")

# %% tags=["conclude"]
tl.claim(
    "With five drawn pictures of a kind, a head on frozen features beats fine-tuning everything",
    drawn,
    better="head only",
    than="fine-tuned",
    by=0.03,
)

# %% tags=["conclude"]
tl.claim(
    "Even fine-tuned at once, the pretrained network beats the same network from scratch",
    drawn,
    better="fine-tuned",
    than="scratch",
    by=0.30,
)

# %% [markdown]
# ## 2 · Photographs: when does which way win?
#
# Now far from the source, and with more and more pictures. Two networks: `tiny-resnet`, which has never
# seen a photograph, and `squeezenet` (Iandola et al. 2016), a small network with real **ImageNet**
# weights: 1.28 million photographs. For `squeezenet`, the photographs are the near target.

# %% tags=["predict"]
GROWTH = ["head only", "fine-tuned"]
predict_growth = Predict(
    "tiny-resnet, from 10 to 100 photographs a class: which way gains more?",
    [*GROWTH, "about equal"],
    key="02.growth",
)
predict_growth

# %% tags=["run"]
photos = tl.evaluate.recorded("photos10", augment=True)
depth = tl.evaluate.recorded("depth")  # solved heads, at five cuts
solved = depth.select(condition="pretrained", cut=5).assign(condition="head only")
ways = photos.table[photos.table["condition"] != "head only"]  # there a head learns by steps
ways = pd.concat([ways, solved[["network", "condition", "per_class", "seed", "accuracy"]]])
ways.attrs["kind"] = "recorded"
explorer = Explorer.from_table(
    ways[ways["condition"].isin(WAYS)],
    {"network": "network"},
    x=("per_class", "photographs a class"),
    title="Four ways to train on real photographs",
    command=f"{photos.record['command']}; {depth.record['command']}",
    weights_hash=photos.weights,
)
explorer.select(network="tiny-resnet")

# %% [markdown]
# (All ways but the solved head see augmented photographs. A head that learns on them by steps is no
# better: see the table below.)
#
# Recorded runs can go stale. So here are those of `squeezenet` with ten photographs a class again, live,
# where the photographs and the ImageNet weights are at hand: without a GPU only the quickest of the four
# ways. The others take up to half a minute each; for them, put `WAYS` into `LIVE` in the cell of numbers.

# %% tags=["run"]
AGAIN = {"network": "squeezenet", "per_class": 10}
for way in LIVE:
    if way == "head only":
        again = depth.rerun(SEED, condition="pretrained", cut=5, **AGAIN)
    else:
        again = photos.rerun(SEED, condition=way, **AGAIN)
    print(f"{way}: {again}")

# %% tags=["look"]
of_tiny = ways[ways["network"] == "tiny-resnet"].set_index(["condition", "seed"])
sizes = [of_tiny.loc[of_tiny["per_class"] == n, "accuracy"] for n in (10, 100)]
growth = (sizes[1] - sizes[0]).dropna().rename("change").reset_index()
growth.attrs["kind"] = "recorded"
gains = 100 * growth.groupby("condition")["change"].mean()
more = tl.evaluate.paired(growth, "fine-tuned", "head only", "change")
predict_growth.reveal(
    tl.evaluate.placed(more, [0], GROWTH, what="Fine-tuned gains more by"),
    f"Head only gains {gains['head only']:.1f} points, fine-tuned {gains['fine-tuned']:.1f}.",
)

# %% [markdown]
# On `squeezenet`, by photographs per class: how far ahead of each other way is the solved head? (*Head by
# steps*: on the same frozen features, but trained by Adam for 20 epochs or 15. *Fine-tuned, longer*: with
# four times the epochs.)

# %% tags=["look"]
of_squeezenet = pd.concat(
    [ways, photos.select(condition="head only").assign(condition="head by steps")]
)
of_squeezenet = of_squeezenet[of_squeezenet["network"] == "squeezenet"]
rows = {}
for size in (10, 25, 100):
    runs = of_squeezenet[of_squeezenet["per_class"] == size]
    rows[size] = {
        "head only, %": f"{100 * runs[runs['condition'] == 'head only']['accuracy'].mean():.1f}"
    }
    for way in ("head by steps", "fine-tuned", "fine-tuned, longer", "head first"):
        if (runs["condition"] == way).any():
            ahead = tl.evaluate.interval(tl.evaluate.paired(runs, "head only", way))
            rows[size][f"ahead of {way}"] = ahead.text("points")
with_25 = of_squeezenet[of_squeezenet["per_class"] == 25].copy()
with_25.attrs["kind"] = "recorded"
pd.DataFrame.from_dict(rows, orient="index").fillna("").rename_axis("per class")

# %% [markdown]
# Turn the dial, and read the two networks against each other.
#
# - **A head alone** has few numbers to learn. It learns what it can from few pictures, and then it stops: it
#   cannot have more than the frozen features give. On `tiny-resnet`, whose features come from drawn
#   shapes, that is soon reached, and fine-tuning is ahead from the start. On `squeezenet`, whose features
#   come from photographs, the head alone is 20 points ahead of fine-tuning everything with 10 and with 25
#   per class. With 100 they are about equal.
# - **Everything at once** makes new features, and needs pictures and steps for that. With ten photographs
#   per class, 20 epochs are 80 steps, and `squeezenet` comes out little better than from scratch. Is that
#   fair? With four times the epochs most of the weakness is gone; it is still six points below the head
#   alone, which takes seconds.
# - **Head first** has both. On `squeezenet` it is ahead of the head alone at each size, the more, the more
#   photographs there are. When in doubt, take it.
# - **A head by steps** is a weak rival: on `squeezenet`, on the same features, it is five points or more below
#   the solved one where photographs are few. Solve it.
#
# Every way that trains has its own learning rate, the best of those tried on validation pictures at 100
# photographs per class.

# %% tags=["conclude"]
tl.claim(
    "Far from the source, more photographs help fine-tuning more than they help a head alone",
    growth,
    better="fine-tuned",
    than="head only",
    by=0.08,
    metric="change",
)

# %% tags=["conclude"]
tl.claim(
    "With ten photographs a class, head first beats everything at once, even with four times the epochs",
    photos.select(network="squeezenet", per_class=10),
    better="head first",
    than="fine-tuned, longer",
    by=0.05,
)

# %% tags=["conclude"]
tl.claim(
    "With real ImageNet weights and 100 photographs a class, head first beats everything at once",
    photos.select(network="squeezenet", per_class=100),
    better="head first",
    than="fine-tuned",
    by=0.05,
)

# %% tags=["conclude"]
tl.claim(
    "With 25 photographs per class, the solved head of the ImageNet network beats everything at once",
    with_25,
    better="head only",
    than="fine-tuned",
    by=0.1,
)

# %% tags=["conclude"]
tl.claim(
    "And head first beats the solved head",
    with_25,
    better="head first",
    than="head only",
    by=0.02,
)

# %% [markdown]
# ## 3 · Where to cut
#
# A head need not sit on the last stage. You can cut the network anywhere, average the feature map there
# over the picture, and fit the head on that. High cuts know what the source task needed (lesson 01). Does
# that serve your target? Five cuts through each network, from the input up:
#
# | Cut | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | `tiny-resnet` | stem | stage1 | stage2 | stage3 | stage4 |
# | `squeezenet` | conv1 | fire3 | fire5 | fire7 | fire9 |

# %% tags=["predict"]
predict_cut = Predict(
    "squeezenet, trained on ImageNet: which cut gives the best features for small photographs?",
    ["1", "2", "3", "4", "5", "about equal"],
    key="02.cut",
)
predict_cut

# %% tags=["run"]
cuts = depth.table[depth.table["condition"] != "wrong preprocessing"]
explorer = Explorer.from_table(
    cuts,
    {"network": "network", "per_class": "photographs a class"},
    x="cut",
    title="Exact linear probes on frozen features, by the depth of the cut",
    command=depth.record["command"],
    weights_hash=depth.weights,
)
explorer.select(network="squeezenet", photographs_a_class=100)

# %% tags=["look"]
SQUEEZE = {"network": "squeezenet", "per_class": 100}
probes = depth.select(condition="pretrained", **SQUEEZE)
probes["condition"] = probes["cut"].astype(str)
shown = 100 * probes.groupby("cut")["accuracy"].mean()
predict_cut.reveal(
    tl.evaluate.leading(probes),
    f"Accuracy from cut 1 to 5: {', '.join(f'{v:.1f}' for v in shown)} %.",
)

# %% [markdown]
# Yosinski et al. (2014) call the last layers **specific**: shaped to the classes of the source, of little use
# for others. Do these runs show it? Then `squeezenet` would lose from cut 4 to cut 5, and lose more than the
# same network with random weights does. In points:

# %% tags=["look"]
rows = {}
for size in (10, 25, 100):
    fall = depth.change("cut", 5, 4, network="squeezenet", per_class=size)
    falls = {name: rows_of["change"] for name, rows_of in fall.groupby("condition")}
    falls["pretrained minus random"] = tl.evaluate.paired(fall, "pretrained", "random", "change")
    rows[size] = {name: tl.evaluate.interval(v).text("points") for name, v in falls.items()}
pd.DataFrame.from_dict(rows, orient="index").rename_axis("per class")

# %% [markdown]
# Turn the dials, and look at three things.
#
# - **The random networks.** With random weights depth gains little and then loses: `tiny-resnet` gets worse
#   with nearly every cut, `squeezenet` after the third. So depth alone is worth nothing; what was learned
#   in it is.
# - **`squeezenet`.** With 100 photographs per class every cut up to `fire7` adds six points or more. From there
#   to its end it loses four points with ten per class. With 25 and with 100 five draws show no loss. And with
#   ten the random network falls as well: **that the last stage is specific, these runs do not show** at any size.
# - **`tiny-resnet`.** Here the last stage is the best, or tied with the one before. "The middle travels
#   furthest" is a tendency and no law: it depends on the network, on its source and on your target.
#
# So do not believe a rule, **try the cuts**. Probes are cheap, and validation pictures decide.

# %% tags=["conclude"]
tl.claim(
    "Depth is worth what was learned in it: from the first cut to the last, the features of a pretrained "
    "tiny-resnet gain on those of a random one",
    depth.change("cut", 1, 5, network="tiny-resnet", per_class=100),
    better="pretrained",
    than="random",
    by=0.08,
    metric="change",
)

# %% tags=["look"]
few_photos = depth.select(condition="pretrained", network="squeezenet", per_class=10)
few_photos["condition"] = few_photos["cut"].map({4: "fire7", 5: "fire9"})

# %% tags=["conclude"]
tl.claim(
    "With ten photographs a class, squeezenet's features travel better from fire7 than from its end",
    few_photos,
    better="fire7",
    than="fire9",
    by=0.02,
)

# %% [markdown]
# ## 4 · Frozen BatchNorm
#
# A **BatchNorm** layer (Ioffe and Szegedy 2015) subtracts a mean and divides by a deviation, channel by
# channel. Which mean? That depends on its **mode**:
#
# | Mode | Mean and deviation | When Keras uses it |
# |---|---|---|
# | training | those of the pictures that happen to be in this batch | in `fit`, and with `training=True` |
# | inference | those stored in pretraining | in `predict`, and always when the layer is frozen |
#
# In training mode, what the network says about a picture depends on its companions. Here is the network
# of section 1, its head solved, not a single weight changed: only the mode and the size of the batch.

# %% tags=["predict"]
predict_alone = Predict(
    f"BatchNorm in training mode, batches of {SMALL_BATCH}: how many points of accuracy are lost?",
    (0, 90, 1),
    key="02.alone",
    unit="points",
)
predict_alone

# %% tags=["run"]
PICTURES = 96  # of the test set


def in_mode(batch, training, sort=False):
    def run(seed):
        data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
        backbone = tl.backbones.load("tiny-resnet")
        model = tl.finetune.attach_head(backbone, data.num_classes, dropout=0)
        tl.finetune.linear_probe(model, data).install(model)
        rows = np.random.default_rng(seed).permutation(len(data.test))[:PICTURES]
        if sort:  # companions of the same kind, as in a test set that lies folder by folder
            rows = rows[np.argsort(data.test.y[rows])]
        right = []
        for some in np.split(rows, PICTURES // batch):
            scores = model(data.test.x[some], training=training)  # (batch, 10)
            right.extend(np.argmax(scores, 1) == data.test.y[some])
        return {"accuracy": float(np.mean(right))}

    return run


modes = tl.evaluate.compare(
    {
        "stored statistics": in_mode(32, training=False),
        "of 32 companions": in_mode(32, training=True),
        f"of {SMALL_BATCH} companions": in_mode(SMALL_BATCH, training=True),
        f"of {SMALL_BATCH} of one kind": in_mode(SMALL_BATCH, training=True, sort=True),
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(modes, title="One network, one head, the same pictures", chance=0.1)

# %% tags=["look"]
lost = 100 * tl.evaluate.paired(modes, "stored statistics", f"of {SMALL_BATCH} companions")
predict_alone.reveal(tl.evaluate.interval(lost), "No weight was changed.")

# %% [markdown]
# The last row is the worst case, and a common one: pictures that lie in folders, a kind a folder, read in
# that order. What four companions of one kind have in common is what makes the kind, and
# BatchNorm subtracts it.
#
# Nothing warns you, and a test in large, shuffled batches looks fine. Three habits keep you safe:
#
# - **Freeze by `trainable = False`** on the layer, as `tl.finetune.freeze` does. Keras then runs a
#   BatchNorm on its stored statistics, whatever `training` says. (In other libraries you have to set the
#   mode yourself.)
# - **Fine-tune on the stored statistics** when you have few pictures or small batches: `fine_tune` does
#   so below 200 training pictures, if the network is pretrained.
# - **Compile again** after you freeze or unfreeze: Keras goes on with what it was compiled with.

# %%
data = tl.data.load("formula10", per_class=PER_CLASS, seed=SEED)
model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes, dropout=0)
four = data.test.x[:4]
for state in ("trainable", "frozen"):
    if state == "frozen":
        tl.finetune.freeze(model)
    modes_differ = np.subtract(model(four, training=True), model(four, training=False))
    print(f"{state}: the two modes differ by up to {np.abs(modes_differ).max():.3f}")

# %% tags=["conclude"]
tl.claim(
    "The same network loses accuracy when BatchNorm takes its statistics from four companions",
    modes,
    better="stored statistics",
    than=f"of {SMALL_BATCH} companions",
    by=0.04,
)

# %% tags=["conclude"]
tl.claim(
    "It loses far more when the four companions are of one kind",
    modes,
    better=f"of {SMALL_BATCH} companions",
    than=f"of {SMALL_BATCH} of one kind",
    by=0.30,
)

# %% [markdown]
# ## 5 · Prepare exactly as in pretraining
#
# `squeezenet` was trained on pictures in the order **blue, green, red**, from which ImageNet's mean colour had
# been subtracted. Most other networks take red, green, blue, from -1 to 1. Feed it that way by mistake, and
# every cell runs, every loss falls. What does it cost?

# %% tags=["predict"]
predict_wrong = Predict(
    "squeezenet, head on frozen features, 100 photographs a class: what does the wrong preprocessing cost?",
    (0, 60, 1),
    key="02.wrong",
    unit="points",
)
predict_wrong

# %% tags=["run"]
absent = tl.absent("photos10", "squeezenet")
if not absent:
    hundred = tl.data.load("photos10", per_class=100, seed=SEED)
    hundred = replace(hundred, val=hundred.val[:250])  # enough to choose a penalty by
    for name in ("right", "wrong"):
        network = tl.backbones.load("squeezenet")
        if name == "wrong":  # reach into the layer that prepares pictures
            entry = network.model.get_layer("preprocess")
            entry.mean, entry.scale, entry.bgr = 127.5, 127.5, False
        probe = tl.finetune.linear_probe(network, hundred, "fire7")
        print(f"{name} preprocessing: {probe.accuracy(hundred.test):.1%}")
else:
    print(f"{absent} Below are the recorded runs.")

# %% tags=["look"]
prepared = depth.select(network="squeezenet", cut=4, per_class=100)
prepared = prepared[prepared["condition"] != "random"]
tl.plots.compared(prepared, title="squeezenet cut at fire7, five recorded draws", chance=0.1)

# %% tags=["look"]
cost = 100 * tl.evaluate.paired(prepared, "pretrained", "wrong preprocessing")
predict_wrong.reveal(
    tl.evaluate.interval(cost), "A loss this size looks like bad luck, and so it stays."
)

# %% [markdown]
# That is why every backbone of this course carries its preprocessing inside and takes pictures as they are.
# Elsewhere, look it up, and test it: when a pretrained network does a little worse than its card says, check
# first what it is fed.

# %% tags=["conclude"]
tl.claim(
    "Wrong preprocessing costs a real network several points, without any error",
    prepared,
    better="pretrained",
    than="wrong preprocessing",
    by=0.03,
)

# %% [markdown]
# ## 6 · Not about pictures: a table of measurements
#
# Freezing works wherever a network has learned something from plenty of data. In 1993, cells of 569 patients
# with a lump in the breast were photographed under a microscope, and a program measured their nuclei
# (Street et al. 1993; the table comes with scikit-learn): thirty numbers a patient, and whether the lump
# was malignant.
#
# Suppose that a large hospital measures all thirty, and a small clinic only **five**: texture,
# smoothness, compactness, symmetry and fractal dimension of the nuclei, but not how large they are.
# Measuring is cheap, a sure diagnosis is not.
#
# - **Source**: 300 patients of the hospital, **no diagnosis** needed. The task comes from the table
#   itself: from the five numbers, predict the other twenty-five. A network that can do that, even roughly, has
#   learned what goes together in such cells.
# - **Target**: benign or malignant, from the five numbers, with a diagnosis for few patients of the clinic.
#
# A lesson about freezing, and no medical device: 569 people of one hospital are few.

# %%
MEASURED = ["texture", "smoothness", "compactness", "symmetry", "fractal dimension"]
table = load_breast_cancer()
malignant = 1 - table.target
order = np.random.default_rng(SEED).permutation(len(malignant))
hospital, clinic = order[:300], order[300:]  # rows of their patients

numbers = np.log(table.data + 1e-4)  # (569, 30); the measurements are skewed
numbers = StandardScaler().fit(numbers[hospital]).transform(numbers)
here = np.isin(table.feature_names, [f"mean {name}" for name in MEASURED])
five, others = numbers[:, here], numbers[:, ~here]  # (569, 5), (569, 25)


def network(outputs, seed):
    """Five measurements -> 64 features -> 64 features -> outputs."""
    keras.utils.set_random_seed(seed)
    hidden = [keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu")]
    return keras.Sequential([keras.Input(five.shape[1:]), *hidden, keras.layers.Dense(outputs)])


source = network(outputs=others.shape[1], seed=SEED)
source.compile(keras.optimizers.Adam(3e-3), "mse", jit_compile=False)
log = source.fit(five[hospital], others[hospital], batch_size=32, epochs=20, verbose=0).history
print(f"squared error: {log['loss'][-1]:.2f}; knowing nothing would give 1")

# %% tags=["predict"]
CLINIC = ["scratch", "head only", "fine-tuned", "no network at all"]
predict_clinic = Predict(
    f"{PATIENTS} diagnosed patients of each kind: which way is the most accurate?",
    [*CLINIC, "about equal"],
    key="02.clinic",
)
predict_clinic

# %% [markdown]
# Two controls this time. **Scratch** is the same network from random weights; its number of steps was
# chosen as the best of several, as was that of fine-tuning. **No network** is logistic regression on the
# five numbers.

# %% tags=["run"]
frozen = keras.Model(source.inputs, source.layers[1].output)  # five measurements -> 64 features
CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def diagnosed(seed):
    """Rows of the few patients with a diagnosis, and of the clinic's others to test on."""
    shuffled = np.random.default_rng(seed).permutation(clinic)
    known = [shuffled[malignant[shuffled] == kind][:PATIENTS] for kind in (0, 1)]
    known = np.concatenate(known)
    return known, np.setdiff1d(shuffled, known)


def linear(vectors):
    """A linear head on fixed vectors, solved to the end."""

    def run(seed):
        known, test = diagnosed(seed)
        head = LogisticRegression(C=0.1).fit(vectors[known], malignant[known])
        return {"accuracy": head.score(vectors[test], malignant[test])}

    return run


def trained(pretrained, steps):
    """All layers, from the source's weights or from random ones; a step sees every patient."""

    def run(seed):
        known, test = diagnosed(seed)
        model = network(outputs=2, seed=seed)
        if pretrained:
            for ours, theirs in zip(model.layers[:2], source.layers[:2], strict=True):
                ours.set_weights(theirs.get_weights())
        model.compile(keras.optimizers.Adam(3e-3), CROSS_ENTROPY, jit_compile=False)
        for _ in range(steps):
            model.train_on_batch(five[known], malignant[known])
        guess = np.argmax(model(five[test]), 1)
        return {"accuracy": float((guess == malignant[test]).mean())}

    return run


patients = tl.evaluate.compare(
    {
        "scratch": trained(pretrained=False, steps=30),
        "head only": linear(frozen.predict(five, verbose=0)),
        "fine-tuned": trained(pretrained=True, steps=15),
        "no network at all": linear(five),
    },
    seeds=DRAWS,
)

# %% tags=["look"]
tl.plots.compared(patients, title="Benign or malignant, from five measurements", chance=0.5)

# %% tags=["look"]
means = 100 * patients.groupby("condition")["accuracy"].mean()
predict_clinic.reveal(
    tl.evaluate.leading(patients), ", ".join(f"{way} {means[way]:.1f} %" for way in CLINIC) + "."
)

# %% tags=["conclude"]
tl.claim(
    "With ten diagnosed patients of each kind, a head on frozen features beats a network from scratch",
    patients,
    better="head only",
    than="scratch",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "It also beats logistic regression on the measurements themselves",
    patients,
    better="head only",
    than="no network at all",
    by=0.03,
)

# %% [markdown]
# Now give the small clinic a sixth measurement: add `"area"` to the list `MEASURED` and run the section again.
# Size alone nearly tells the two kinds apart, so the rivals rise, most of the gap is gone, and a claim may
# fail. **Pretraining helps where it brings in what the target lacks.** And a rival without any network
# belongs in every comparison on tables.

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **02.a** Prepare pictures for a network that was trained on blue, green, red with the means subtracted. The
# means come in that order, too.


# %% tags=["exercise", "02.a"]
def prepare_bgr(pictures, means):
    """uint8 RGB pictures (n, h, w, 3), 0 to 255 -> floats, BGR, minus `means`."""
    ### BEGIN SOLUTION
    return pictures[..., ::-1] - means
    ### END SOLUTION


tl.check("02.a", prepare_bgr)

# %% [markdown]
# **02.b** Choose where to cut. You have the validation accuracy of each stage, several seeds of each.


# %% tags=["exercise", "02.b"]
def best_cut(validation):
    """Dict, stage -> list of accuracies -> the name of the stage with the highest mean."""
    ### BEGIN SOLUTION
    return max(validation, key=lambda stage: sum(validation[stage]) / len(validation[stage]))
    ### END SOLUTION


tl.check("02.b", best_cut)

# %% [markdown]
# **02.c** BatchNorm as it must run when it is frozen: subtract the stored mean, divide by the stored
# deviation (the square root of the variance), multiply by gamma and add beta. Leave out the small number
# that Keras adds to the variance.


# %% tags=["exercise", "02.c"]
def frozen_batch_norm(x, mean, variance, gamma, beta):
    """(n, channels) -> the same shape, by the stored mean and variance of each channel."""
    ### BEGIN SOLUTION
    return (x - mean) / variance**0.5 * gamma + beta
    ### END SOLUTION


tl.check("02.c", frozen_batch_norm)

# %% [markdown]
# ## Key points
#
# - Four ways: scratch, head only, fine-tuned at once, head first. A solved head needs few pictures;
#   fine-tuning needs more, and helps more, the farther the target is from the source.
# - Solve the head before you unfreeze: a random head distorts what is below it.
# - Where to cut is a question for validation pictures. Look at a random network too before you call a stage
#   specific.
# - A frozen BatchNorm runs on its stored statistics. In training mode a picture's answer depends on its
#   companions.
# - Wrong preprocessing costs points and raises no error.
# - A rival that uses no network belongs in every comparison of tables.
#
# ## Further reading
#
# - Donahue et al. 2014, *DeCAF: A Deep Convolutional Activation Feature for Generic Visual Recognition*.
# - Yosinski et al. 2014, *How transferable are features in deep neural networks?*
# - Alain and Bengio 2017, *Understanding intermediate layers using linear classifier probes*.
# - Kumar et al. 2022, *Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution*.
# - Ioffe and Szegedy 2015, *Batch Normalization*.
# - Iandola et al. 2016, *SqueezeNet*.
# - Street, Wolberg and Mangasarian 1993, *Nuclear feature extraction for breast tumor diagnosis*.
