# %% [markdown]
# # 00 · Start here: what transfer learning is
#
# **Question.** A network has learned to tell a thousand kinds of drawn pictures apart. Is that worth
# anything when you ask it about ten kinds it has never seen, or about photographs?
#
# **You will**
#
# - **run** the five steps of transfer learning, in ten lines
# - **measure** what pretraining is worth, against a fair network trained from scratch
# - **tell apart** inductive, transductive and unsupervised transfer, by running one case of each
# - **judge** a claim by several runs and not by one
#
# **You need** Python and a first idea of what a neural network is. No GPU, no internet.
#
# **Time** about a minute of computing, about forty of reading and trying. Every section asks
# you to predict first. Write down what you believe, even when you have no idea: a prediction that
# turns out wrong is what you will remember. What you locked in is kept beside this notebook
# once the answer is out, and lesson 07 shows you how your intuition moved. (On Colab and Binder it goes
# with the session.)

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="00").seed  # first: it also silences the backend's start-up

import keras
import numpy as np

from tl_helpers.widgets import Explorer, Predict

# %% [markdown]
# Everything that makes this lesson larger or smaller stands in the next cell. Change a number and
# run the notebook again.

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # training pictures of each new kind
EPOCHS = tl.pick(cpu=6, gpu=10)  # passes over them when fine-tuning
SCRATCH_EPOCHS = tl.pick(cpu=24, gpu=100)  # from scratch it has more to learn
SEEDS = tl.pick(cpu=3, gpu=5)  # runs of each condition
SHIFT, STRENGTH = "blur", 0.8  # what the camera of section 3 does to pictures; strength 0 to 1

# %% [markdown]
# ## The idea on one page
#
# A network that was trained on one task, the **source**, has learned features: edges, textures,
# parts. **Transfer learning** reuses them for another task, the **target**, for which you have few
# pictures. The trained network without its last layer is called the **backbone**; the last layer,
# which names the classes, is the **head**.
#
# | Step | What you do | What goes wrong without it |
# |---|---|---|
# | 1. Choose | take a backbone whose source has something in common with your target | features that fit nothing |
# | 2. Prepare | feed pictures exactly as in pretraining: size, range, channel order | a silent loss of accuracy |
# | 3. New head | replace the last layer by one for your classes | wrong classes |
# | 4. Freeze and train | keep the backbone fixed, train the head | a random head sends large, random corrections into good features |
# | 5. Unfreeze and fine-tune | train everything, gently | features that stay good for the source only |
#
# The kinds of transfer differ in where labels are known (Pan and Yang 2010):
#
# | Kind | Labels in the source | Labels in the target | Here |
# |---|---|---|---|
# | **inductive** | yes or no | yes, few | sections 1 and 2: new classes |
# | **transductive** | yes | none; same task, another domain | section 3: the same classes, another camera |
# | **unsupervised** | none needed | none | section 4: groups without names |

# %% [markdown]
# ## 1 · Inductive: ten kinds of shapes it has never seen
#
# Our backbone is called `tiny-resnet`. It was trained on pictures that a formula drew, no
# photographs at all: a random program for each of 1,050 classes, new colours for every picture. Here
# are ten programs it has never seen.

# %%
new = tl.data.load("formula10", per_class=PER_CLASS, seed=SEED)
one_each = np.searchsorted(new.test.y, np.arange(new.num_classes))
tl.plots.pictures(
    np.concatenate([new.test.x[one_each], new.test.x[one_each + 1]]),
    [f"kind {c}" for c in range(10)] * 2,
    alt="Ten kinds of drawn shapes, two pictures of each. The shape makes the kind: colours, "
    "backgrounds and positions change from picture to picture.",
)

# %% [markdown]
# You get **ten pictures of each kind** to learn from. Guessing gives 10 %.

# %% tags=["predict"]
predict_shapes = Predict(
    "By how many points will the pretrained network beat the same network trained from scratch?",
    (-20, 90, 1),
    key="00.shapes",
    unit="points",
)
predict_shapes

# %% [markdown]
# Now run it. `fine_tuned` is the five steps. `scratch` is its **control**: the same network and the same
# pictures, but a random start. It gets a learning rate ten times as high and more epochs, since it
# has more to learn. Without a fair control you would not know whether the pictures were easy.
#
# While it trains you see how far it is. In JupyterLab *Stop here* ends it early: then only finished runs
# are counted.
#
# Every run has a **seed**, a number that draws the training pictures, the random start and the order
# of training. Both conditions run with the same seeds, so that their runs come in pairs.

# %% tags=["run"]
models = {}


def fine_tuned(seed):
    data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
    backbone = tl.backbones.load("tiny-resnet")  # 1. choose; 2. preprocessing is inside
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)  # 3. a new head
    tl.finetune.freeze(model)  # 4. freeze the backbone, and solve for the head
    tl.finetune.linear_probe(model, data).install(model)
    probe = tl.evaluate.accuracy(model, data.test)
    tl.finetune.fine_tune(model, data, "full", EPOCHS, 3e-4, batch_size=16, seed=seed)  # 5. gently
    models[seed] = model
    return {"accuracy": tl.evaluate.accuracy(model, data.test), "head only": probe}


def scratch(seed):
    data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
    backbone = tl.backbones.load("tiny-resnet", weights=None, seed=seed)  # random weights
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    tl.finetune.fine_tune(model, data, "full", SCRATCH_EPOCHS, 3e-3, batch_size=16, seed=seed)
    return {"accuracy": tl.evaluate.accuracy(model, data.test)}


shapes = tl.evaluate.compare({"fine-tuned": fine_tuned, "scratch": scratch}, seeds=SEEDS)
shapes.round(3)

# %% tags=["look"]
tl.plots.compared(shapes, title="Ten new kinds of shapes, ten pictures of each", chance=0.1)

# %% tags=["look"]
gap = tl.evaluate.paired(shapes, "fine-tuned", "scratch")
predict_shapes.reveal(
    tl.evaluate.interval(100 * gap),
    "That is the mean of the gaps, each taken between two runs of the same seed.",
)

# %% [markdown]
# A **claim** is a sentence with a number in it, and it can fail. It is supported when the mean gap is
# at least what was claimed, and the **lower bound** lies above zero: the gap that these seeds still
# vouch for, with 95 % confidence, when you allow for how much they differ. (It is one-sided, so a little
# higher than the lower end of an interval.) Gaps are in points:
# from 30 % to 50 % is 20 points.

# %% tags=["conclude"]
tl.claim(
    "On ten new kinds of shapes, fine-tuning beats training from scratch",
    shapes,
    better="fine-tuned",
    than="scratch",
    by=0.40,
)

# %% [markdown]
# **What is behind the two steps.** `freeze` sets `trainable = False` on every layer below the head.
# What is left to train is one weight for each pair of feature and class, and one bias for each
# class. The backbone gives 256 features. How many numbers are left for ten classes? Work it out, then
# run the cell.

# %%
model = models[SEED]
tl.finetune.freeze(model)
left = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
tl.finetune.unfreeze(model)
print(f"Left to train: {left:,} of {model.count_params():,} numbers")

# %% [markdown]
# With the backbone frozen, the best head is the solution of a convex problem, logistic regression.
# So `linear_probe` **solves** it, and there is no learning rate to get wrong. The column `head only`
# of the table above is the accuracy after step 4 (NaN for `scratch`, which has no step 4). What did
# step 5 add to it?

# %%
tuned = shapes[shapes["condition"] == "fine-tuned"]
added = tl.evaluate.interval(tuned["accuracy"] - tuned["head only"])
print(f"Step 5 changes the accuracy by {added.text('points')}.")

# %% [markdown]
# In brackets stands the 95 % interval: what the mean could be, as far as these seeds can tell. Where it
# holds zero, they show no change. On kinds so close to the source the head alone is enough; the farther
# the target, the more there is for step 5 to do, and section 2 goes far.

# %% [markdown]
# ## 2 · Inductive, and far away: real photographs
#
# Shapes drawn by a formula have little in common with photographs of cats and ships. Does the
# backbone still help? And there is a rival: **augmentation**, which mirrors and shifts the training
# pictures and so makes more of them, for free.

# %% tags=["predict"]
predict_photos = Predict(
    "100 photographs of each of ten things, both networks with augmentation: by how many points "
    "does fine-tuning beat scratch?",
    (-10, 30, 1),
    key="00.photos",
    unit="points",
)
predict_photos

# %% [markdown]
# Many runs of 15 to 160 epochs take more than a coffee break, so they were **recorded**: the explorer
# shows real runs, and the line below it names the command that made them. To keep it to one
# difference, everything but the start is equal here: both networks get a random head, the same rate
# and no step 4. Turn the dials.

# %% tags=["run"]
photos = tl.evaluate.recorded("photos10", network="tiny-resnet")
two = photos.table[photos.table["condition"].isin(["fine-tuned", "scratch"])]  # more in lesson 02
explorer = Explorer.from_table(
    two.replace({"augment": {True: "yes", False: "no"}}),
    {"per_class": "photographs a class", "augment": "augmentation"},
    title="Real photographs: fine-tuned against scratch, as many epochs each",
    command=photos.record["command"],
    weights_hash=photos.weights,
)
explorer.select(photographs_a_class=100, augmentation="yes")

# %% [markdown]
# Recorded runs can go stale. So here is one of them again, live, where the photographs are at hand;
# and the head alone, as after step 4, beside the recorded runs of the same size. (Without the
# photographs the lesson goes on; nothing is downloaded unless you run the line that says so.)

# %% tags=["run"]
print(photos.rerun(SEED, condition="fine-tuned", per_class=10, augment=True))
if tl.data.available("photos10"):
    hundred = tl.data.load("photos10", per_class=100, seed=SEED)
    head = tl.finetune.linear_probe(tl.backbones.load("tiny-resnet"), hundred)
    tuned = photos.select(condition="fine-tuned", per_class=100, augment=False)["accuracy"].mean()
    print(
        "100 photographs a class, no augmentation:\n"
        f"head alone {head.accuracy(hundred.test):.1%} (one run now), "
        f"everything fine-tuned {tuned:.1%} (mean of the recorded runs)."
    )

# %% tags=["look"]
with_augmentation = photos.select(per_class=100, augment=True)

# 15 epochs or 60? The better control is chosen on validation pictures, never on the test set.
validation = with_augmentation.groupby("condition")["validation"].mean()
best_scratch = validation[["scratch", "scratch, longer"]].idxmax()


def photo_gap(per_class, augment, than="scratch"):
    runs = photos.select(per_class=per_class, augment=augment)
    return tl.evaluate.interval(100 * tl.evaluate.paired(runs, "fine-tuned", than))


best_gap = photo_gap(100, True, best_scratch)
print(f"At the best budget for scratch, {best_scratch!r}, the gap is {best_gap.mean:.1f} points.")
table = photos.summary().drop(columns=["head only", "head first"])
table["gap"] = [photo_gap(row.per_class, row.augment).mean for row in table.itertuples()]
table.round(1).map(str).replace("nan", "")

# %% tags=["look"]
predict_photos.reveal(
    photo_gap(100, True),
    f"Without augmentation the gap is {photo_gap(100, False).mean:.1f} points.",
)

# %% [markdown]
# Two lessons in one table. Features from drawn shapes **do** help with photographs. And part of what
# pretraining seems to give, a better control gets without it: at 100 photographs a class,
# augmentation helps scratch more than it helps the fine-tuned network, and so narrows the gap by a few
# points. Longer training narrows it by a few more. When somebody shows you a gain from transfer, ask
# what the control was allowed to do.

# %% tags=["conclude"]
tl.claim(
    "On photographs, with augmentation for both, fine-tuning beats scratch at equal budget",
    with_augmentation,
    better="fine-tuned",
    than="scratch",
    by=0.12,
)

# %% tags=["conclude"]
tl.claim(
    "Fine-tuning still beats scratch on photographs when scratch may train four times as long",
    with_augmentation,
    better="fine-tuned",
    than=best_scratch,
    by=0.09,
)

# %% tags=["conclude"]
tl.claim(
    "At 100 photographs a class, augmentation helps scratch more than it helps fine-tuning",
    photos.change("augment", before=False, after=True, per_class=100),
    better="scratch",
    than="fine-tuned",
    by=0.01,
    metric="change",
)

# %% [markdown]
# ## 3 · Transductive: the same kinds, another camera
#
# Now the classes stay, and the **domain** changes: your fine-tuned network from section 1 meets its
# ten kinds through a cheap camera that is out of focus. You have blurred pictures, but nobody
# has labelled them.

# %%
clean = new.test.x[one_each]
tl.plots.pictures(
    np.concatenate([clean, tl.data.shift(clean, SHIFT, STRENGTH)]),
    ["clean"] * 10 + ["blurred"] * 10,
    alt="The same ten pictures from a good camera, and below them out of focus. Large shapes can "
    "still be told apart, their outlines and fine textures hardly.",
)

# %% tags=["predict"]
ANSWERS = [
    "no, without labels nothing can be learned",
    "yes, by a few points",
    "yes, by 10 points or more",
]
predict_blurred = Predict(
    "Can unlabelled blurred pictures help the network with blurred pictures?",
    ANSWERS,
    key="00.blurred",
)
predict_blurred

# %% [markdown]
# A BatchNorm layer rescales its input by the mean and deviation it saw in training. Blur changes
# both. **AdaBN** (Li et al. 2017) measures them again on target pictures. It needs no label and no
# gradient:


# %% tags=["run"]
def adabn(model, pictures):
    adapted = keras.models.clone_model(model)
    adapted.set_weights(model.get_weights())
    for layer in adapted.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = True
            layer.momentum = 0.0  # forget the old statistics at once
    adapted(pictures, training=True)  # one look at the target, nothing else changes
    return adapted


def through_lens(seed, adapt):
    data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
    unlabelled = tl.data.shift(data.val.x, SHIFT, STRENGTH, seed=seed)
    target_x = tl.data.shift(data.test.x, SHIFT, STRENGTH, seed=seed + 1)
    model = adabn(models[seed], unlabelled) if adapt else models[seed]
    return {"accuracy": tl.evaluate.accuracy(model, tl.data.Split(target_x, data.test.y))}


blurred = tl.evaluate.compare(
    {"as it is": lambda s: through_lens(s, False), "adapted": lambda s: through_lens(s, True)},
    seeds=shapes["seed"].nunique(),
)

# %% tags=["look"]
tl.plots.compared(blurred, title="The same kinds, blurred, no blurred label used", chance=0.1)

# %% tags=["look"]
blurred_gap = tl.evaluate.paired(blurred, "adapted", "as it is")
predict_blurred.reveal(
    tl.evaluate.placed(blurred_gap, [0.01, 0.10], ANSWERS, what="Adapted minus as it is:")
)

# %% tags=["conclude"]
tl.claim(
    "New BatchNorm statistics from unlabelled blurred pictures help with blurred pictures",
    blurred,
    better="adapted",
    than="as it is",
    by=0.05,
)

# %% [markdown]
# The control here is not a network from scratch: without labels there is nothing to train one on.
# It is the same network, not adapted. Does this always help? Put `"hue"` or `"sketch"` in place of
# `"blur"` in the cell of numbers at the top, and find a shift where there is nothing to gain.

# %% [markdown]
# ## 4 · Unsupervised: groups without names
#
# Last, no labels at all. You have a heap of pictures and want them sorted into ten groups. K-means
# groups vectors that lie close to each other. Which vectors? Raw pixels, the features of a random
# network, or those of the pretrained one. **Agreement** (normalised mutual information) is 100 % when
# the groups are the kinds, and 0 % when they have nothing to do with each other; the true kinds serve
# only to measure it.

# %% tags=["predict"]
predict_groups = Predict(
    "Whose groups agree best with the true kinds?",
    ["pixels", "random features", "pretrained features", "about equal"],
    key="00.groups",
)
predict_groups

# %% tags=["run"]
from sklearn.cluster import KMeans
from sklearn.metrics import normalized_mutual_info_score


def agreement(vectors, y, seed):
    """How well groups agree with the kinds: 0 not at all, 1 entirely (mutual information)."""
    vectors = (vectors - vectors.mean(0)) / (vectors.std(0) + 1e-6)
    groups = KMeans(10, n_init=4, random_state=seed).fit_predict(vectors)
    return {"agreement": normalized_mutual_info_score(y, groups)}


def grouped(seed, weights):
    heap = tl.data.load("formula10", per_class=PER_CLASS, seed=seed).test
    features = tl.backbones.load("tiny-resnet", weights=weights, seed=seed).features()
    return agreement(features.predict(heap.x, verbose=0), heap.y, seed)


def grouped_pixels(seed):
    heap = tl.data.load("formula10", per_class=PER_CLASS, seed=seed).test
    return agreement(heap.x.reshape(len(heap), -1) / 255.0, heap.y, seed)


groups = tl.evaluate.compare(
    {
        "pretrained features": lambda s: grouped(s, "default"),
        "random features": lambda s: grouped(s, None),
        "pixels": grouped_pixels,
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(groups, metric="agreement", title="Groups made without labels, against the kinds")

# %% tags=["look"]
predict_groups.reveal(tl.evaluate.leading(groups, "agreement"))

# %% tags=["conclude"]
tl.claim(
    "Without any label, pretrained features group new kinds better than random features do",
    groups,
    better="pretrained features",
    than="random features",
    by=0.10,
    metric="agreement",
)

# %% [markdown]
# The source did have labels: the number of the program that drew each picture. But no person gave
# them. When the labels of the source come for free, from the data itself, the field speaks of
# self-supervised pretraining.

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **00.a** Prepare exactly as in pretraining. `tiny-resnet` was shown numbers from -1 to 1. Bring pictures
# of 0 to 255 to that range. (Inside the backbone this is done for you; elsewhere it will be your job.)


# %% tags=["exercise", "00.a"]
def prepare(pictures):
    """uint8 pictures, 0 to 255 -> floats, -1 to 1."""
    ### BEGIN SOLUTION
    return pictures / 127.5 - 1
    ### END SOLUTION


tl.check("00.a", prepare)

# %% [markdown]
# **00.b** How many parameters does a new head have?


# %% tags=["exercise", "00.b"]
def head_parameters(features, classes):
    """Parameters of a dense layer with bias, from `features` inputs to `classes` outputs."""
    ### BEGIN SOLUTION
    return features * classes + classes
    ### END SOLUTION


tl.check("00.b", head_parameters)

# %% [markdown]
# **00.c** A fair gap is paired: subtract seed by seed, then average. Leave out a seed that only one of
# the two conditions has. Give points: 0.15 is 15 points.


# %% tags=["exercise", "00.c"]
def fair_gap(tuned, scratch):
    """Two dicts, seed -> accuracy (0 to 1) -> mean difference in points."""
    ### BEGIN SOLUTION
    seeds = tuned.keys() & scratch.keys()
    return 100 * sum(tuned[s] - scratch[s] for s in seeds) / len(seeds)
    ### END SOLUTION


tl.check("00.c", fair_gap)

# %% [markdown]
# ## Key points
#
# - Transfer learning reuses what a network learned on a source. The five steps: choose, prepare,
#   new head, freeze and train, unfreeze and fine-tune.
# - A gain from transfer is a **difference to a control** of the same architecture that was given a fair
#   chance. Augmentation and more epochs are part of that chance.
# - Inductive transfer has target labels, transductive has a labelled source and an unlabelled
#   target, unsupervised has none.
# - One run is an anecdote. A claim here is a paired difference over seeds. Seeds cover the draw of
#   the training pictures and the training itself; they do not cover another pretraining or another
#   test set.
#
# ## Further reading
#
# - Pan and Yang 2010, *A Survey on Transfer Learning*: the three kinds.
# - Yosinski et al. 2014, *How transferable are features in deep neural networks?*
# - Kataoka et al. 2020, *Pre-training without Natural Images*; Takashima et al. 2023, *Visual Atoms*.
# - Kumar et al. 2022, *Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution*:
#   why step 4 comes before step 5.
# - Li et al. 2017, *Revisiting Batch Normalization for Practical Domain Adaptation*.
# - Kornblith et al. 2019, *Do Better ImageNet Models Transfer Better?*
