# %% [markdown]
# # 07 · Distillation: a small network learns from a large one
#
# **Question.** The network that you fine-tuned is good, and too large for the device it must run on. No pretrained weights exist
# at the size you need, and a small network that starts from nothing learns little from few labels. Can the large one teach it? And what does it pass on?
#
# **You will**
#
# - **see** what a teacher says besides its answer, and make it say more by a temperature
# - **weigh** labels against the teacher, in recorded runs at three sizes
# - **teach** a small network by pictures that have no labels, against fair rivals
# - **ask** a student about a class that it never saw
# - **meet** teachers that are too sure, wrong, or right about something else
# - **shrink** the student once more, to a byte a weight
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

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="07").seed  # first: it also silences the backend's start-up

import io
from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pandas as pd
from keras import ops
from scipy.special import softmax

from tl_helpers.gradients import gradients
from tl_helpers.widgets import Explorer, Predict, predictions

# %% tags=["config"]
DIGITS = tl.pick(cpu=90, gpu=90, smoke=8)  # pictures of each digit, sections 1 and 5
LEARN = tl.pick(cpu=8, gpu=10, smoke=1)  # the teacher's epochs on them
PER_CLASS = tl.pick(cpu=20, gpu=20, smoke=4)  # labelled drawings of each kind, section 4
THERE = tl.pick(cpu=100, gpu=100, smoke=4)  # drawings of each kind without labels
EPOCHS = tl.pick(cpu=5, gpu=10, smoke=1)  # passes over all of them
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition
AGAIN = tl.pick(cpu=True, gpu=True, smoke=False)  # whether a recorded run is made again

# %% [markdown]
# ## 1 · What a teacher says
#
# A **teacher** is a good network: here `tiny-resnet`, 1.2 million weights, pretrained, and fine-tuned on scikit-learn's handwritten digits. Asked about a picture
# it gives ten numbers, the **logits**; a softmax turns them into shares that sum to one. The largest is its answer. What are the other nine good for?

# %%
digits = tl.data.load("digits", per_class=DIGITS, seed=SEED)
knows_ten = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), 10, seed=SEED)
tl.finetune.fine_tune(knows_ten, digits, "lp-ft", LEARN, 2e-3, seed=SEED)
logits = knows_ten.predict(digits.test.x, batch_size=100, verbose=0)  # (n, 10)
print(f"The teacher names {100 * (logits.argmax(1) == digits.test.y).mean():.1f} % rightly.")

# %% tags=["predict"]
predict_second = Predict(
    "As the teacher gives them: in what percentage of the pictures is the second largest share above one in a hundred?",
    (0, 100, 1),
    key="07.second",
    unit="%",
)
predict_second

# %% tags=["predict"]
predict_nine = Predict(
    "On average over all pictures of a 9, made audible by a temperature as below: which digit gets the largest share, besides the 9?",
    [*map(str, range(9)), "about equal"],
    key="07.nine",
)
predict_nine

# %% [markdown]
# Divide all ten logits by a **temperature** T before the softmax: the order stays, and the shares come nearer to each other. How hot it has to be depends on how far
# apart the logits lie, and this teacher's lie far apart:

# %% tags=["run"]
at = {t: softmax(logits / t, axis=1) for t in (1, 4, 20, 40)}
best_two = np.sort(logits, axis=1)[:, -2:]
print(f"The largest logit is {np.median(np.diff(best_two)):.0f} above the next (median).")
for t, shares in at.items():
    said = 100 * (np.sort(shares, axis=1)[:, -2] > 0.01).mean()
    print(
        f"T = {t:2}: the second largest share is above one in a hundred in {said:4.1f} % of pictures"
    )

# %% [markdown]
# At T = 40 what it only hinted at becomes readable. For each digit, the picture that it is least sure of:

# %% tags=["run"]
HOT = 40
second = np.sort(at[HOT], axis=1)[:, -2]
least = [np.flatnonzero(digits.test.y == k)[second[digits.test.y == k].argmax()] for k in range(10)]


def hints(row):
    """The three largest shares when it is hot."""
    best = at[HOT][row].argsort()[::-1][:3]
    return ", ".join(f"{k}: {100 * at[HOT][row, k]:.0f} %" for k in best)


tl.plots.pictures(
    digits.test.x[least],
    [hints(row) for row in least],
    columns=5,
    alt="Ten digits, the least sure of each kind, with the teacher's three largest shares at temperature 40.",
)

# %% tags=["look"]
means = pd.DataFrame(
    [100 * at[HOT][digits.test.y == k].mean(0).astype(float) for k in range(10)],
    index=[f"a {k}" for k in range(10)],
    columns=[str(k) for k in range(10)],
)
predict_second.reveal(
    tl.evaluate.interval(100 * (np.sort(at[1], axis=1)[:, -2] > 0.01)),
    f"Over pictures, one teacher. At T = {HOT}: {100 * (second > 0.01).mean():.0f} %.",
)
nines = pd.DataFrame(at[HOT][digits.test.y == 9][:, :9].astype(float), columns=means.columns[:9])
nines = nines.rename_axis("seed").reset_index()  # a picture stands where a seed does
predict_nine.reveal(
    tl.evaluate.leading(nines.melt("seed", var_name="condition", value_name="share"), "share"),
    "Over pictures. " + ", ".join(f"{k}: {means.loc['a 9', str(k)]:.1f} %" for k in range(9)) + ".",
)
means.round(1)

# %% [markdown]
# Each row is a digit, each column what the teacher sees in it, in percent at T = 40. No label ever said that some digits look like others. The teacher found it,
# and its answers carry it: **dark knowledge**, as Hinton called it. The shares at a temperature are the **soft targets** from which a **student** can learn.
#
# But does a student learn from *that*, or from the first answer alone? Recorded, with another teacher: `tiny-resnet`, fine-tuned on fifty labelled photographs of each of ten kinds,
# augmented. The students are `tiny-resnet-s`, a sixth of its weights, from random weights. All have the labels; one learns besides them the teacher's **names**, its first answers alone; one also **how sure** it is of each, with all other kinds alike; one **all that it says**.

# %% tags=["look"]
runs = tl.evaluate.recorded("distilled")
if AGAIN:
    again = runs.rerun(SEED, width=0.25, condition="labels", temperature=4.0, alpha=0.9)
    print(f"The smallest student, a quarter as wide, labels alone. {again}")
whole = runs.select(width=1.0)
at_four = whole[(whole["temperature"] == 4) & (whole["alpha"] == 0.9)].copy()
at_four.attrs["kind"] = "recorded"
dark = at_four[at_four["condition"].isin(["labels", "names", "how sure", "distilled"])]
dark = dark.replace({"condition": {"labels": "labels alone", "distilled": "all that it says"}})
dark.attrs["kind"] = "recorded"
tl.plots.compared(
    dark, title="The same photographs, the same teacher: what is passed on?", chance=0.1
)

# %% [markdown]
# The names alone add nothing to the labels that five seeds could show; how sure it is, perhaps a point. What pays is the rest, **what else it
# might be**: four points above the names (2.3 to 6.1). That part is the dark knowledge, and it is not small here, where the teacher itself is right in 58 of a hundred.
# On drawings, where the teacher is nearly always right, names alone will do nearly as well (section 4).

# %% tags=["conclude"]
tl.claim(
    "What the teacher says besides its first answer is worth something",
    dark,
    better="all that it says",
    than="names",
    by=0.02,
)

# %% [markdown]
# ## 2 · Temperature, and how much to believe
#
# Two numbers are to be chosen: the temperature T, for the teacher and for the student while it learns, and α, how much the teacher counts:
#
# > loss = (1 − α) · cross-entropy with the labels + α · **T²** · KL(teacher ‖ student, both at T)
#
# **Cross-entropy** is minus the logarithm of the share of the right class. **KL**, the Kullback-Leibler divergence, says how far the student's shares are from the teacher's: 0 where they are the same. Why T²? Where T is large against
# the distance of the logits, the gradient falls as 1 / T². The factor keeps it as large, so that α keeps its meaning whatever the temperature. (At α = 1 there is nothing to weigh
# against, and with Adam, which divides by the gradient's size, the factor makes no difference.)

# %%
chosen = np.random.default_rng(SEED).permutation(len(logits))[:64]
teacher_says = ops.convert_to_tensor(logits[chosen])
student_says = [ops.convert_to_tensor(0.1 * np.roll(logits[chosen], 1, axis=0))]  # of another mind
for temperature in (1, 4, 16, 64, 256, 1024, 4096):
    loss = tl.distill.SoftTargets(temperature)
    (back,) = gradients(lambda v, loss=loss: loss(teacher_says, v[0]), student_says)
    length = 1000 * float(ops.norm(back))
    print(
        f"at {temperature:4}: gradient {length / temperature**2:9.4f} without T², {length:5.0f} with it"
    )

# %% [markdown]
# At T = 1 the teacher's first answer decides. The further T is beyond the distance of these logits, the nearer the loss comes to half the
# mean squared distance of the two sets of logits, each about its mean: all classes count alike, and with T² the gradient hardly depends on T any more.
#
# Recorded, on the photographs of section 1, all **labelled** and augmented. The student is `tiny-resnet-s` from random weights, 0.2 million of them. (Pretrained weights exist for it, and section 3
# shows what they would do. It stands for the sizes that have none.) Five temperatures, three weights.

# %% tags=["predict"]
predict_dials = Predict(
    "All pictures have labels. How many points does the best of the fifteen settings, chosen by validation, gain on the labels alone?",
    (-10, 40, 1),
    key="07.dials",
    unit="points",
)
predict_dials

# %% tags=["predict"]
predict_hot = Predict(
    "At α = 0.9, which temperature is best, as far as five seeds can tell?",
    ["1", "2", "4", "8", "16", "about equal"],
    key="07.hot",
)
predict_hot

# %% tags=["run"]
print(f"Recorded by: {runs.record['command']}")
dialled = whole[whole["condition"] == "distilled"]
dials = dialled[["temperature", "alpha"]].drop_duplicates()
without = whole[whole["condition"].isin(["labels", "smoothed"])]
without = without.drop(columns=["temperature", "alpha"]).merge(dials, how="cross")

# %% tags=["look"]
Explorer.from_table(
    pd.concat([dialled, without], ignore_index=True),
    {"temperature": "temperature", "alpha": "weight of the teacher"},
    title="Fifty labelled photographs of each kind",
    command=runs.record["command"],
    weights_hash=runs.weights,
)

# %% tags=["look"]
by_dial = dialled.groupby(["alpha", "temperature"])[["val", "accuracy"]].mean() * 100
alone = 100 * whole[whole["condition"] == "labels"]["accuracy"].mean()
best = by_dial["val"].idxmax()
at_best = dialled[(dialled["alpha"] == best[0]) & (dialled["temperature"] == best[1])]
gained = (
    at_best.set_index("seed")["accuracy"]
    - whole[whole["condition"] == "labels"].set_index("seed")["accuracy"]
)
predict_dials.reveal(
    tl.evaluate.interval(100 * gained),
    f"By validation: α = {best[0]:g}, T = {best[1]:g}, {by_dial.loc[best, 'accuracy']:.1f} % on the test; "
    f"best on the test, by hindsight, {by_dial['accuracy'].max():.1f} %; labels {alone:.1f} %.",
)
hot = dialled[dialled["alpha"] == 0.9]
hot = hot.assign(condition=hot["temperature"].map("{:g}".format))
predict_hot.reveal(
    tl.evaluate.leading(hot),
    ", ".join(f"T = {t:g}: {v:.1f} %" for t, v in by_dial.loc[0.9, "accuracy"].items()) + ".",
)
by_dial["accuracy"].unstack().round(1)

# %% [markdown]
# - **All fifteen means are above the labels alone**; from T = 4 on five seeds can tell, below not. From 4 on it hardly matters how hot, and neither does whether the labels
#   have half of the say, a tenth or none. (On the pictures without labels of section 4, T = 1 does as well as 4.)
# - So do not search long. What is written everywhere, T = 4 and α = 0.9, is as good as the best here.

# %% tags=["conclude"]
tl.claim(
    "With a label on every picture, a teacher still adds to them, where pictures are augmented",
    at_four,
    better="distilled",
    than="labels",
    by=0.03,
)

# %% [markdown]
# ## 3 · Three sizes, several ways
#
# The same student as wide as it comes, half as wide and a quarter. And other things to pass on:
#
# | Way | What the student learns besides the labels |
# |---|---|
# | **smoothed** | that no class is impossible: a teacher who knows nothing has a tenth of the say (Szegedy et al. 2016) |
# | **distilled** | the teacher's answers |
# | **hint** | also the feature maps of its stage3, through a projection, a small layer that makes the shapes fit, which is learned and thrown away (Romero et al. 2015, *FitNets*) |
# | **attention** | also *where* stage3 is active, over all channels (Zagoruyko and Komodakis 2017) |
# | **relations** | also how far apart the pictures of a batch lie there, and at what angles (Park et al. 2019) |
# | **itself** | the answers of a student of its own size, that has learned the labels (Furlanello et al. 2018, *born again*) |
# | **fine-tuned** | no teacher: the pretrained weights of its own size, where there are any. And *fine-tuned, distilled*: both |
#
# Rates, and how much hints count, are those that did best on validation pictures of other seeds. All learn for 48 epochs; *fine-tuned* for 15, and *fine-tuned, distilled* for as long as the
# teacher takes and 15 more.

# %% tags=["predict"]
predict_quarter = Predict(
    "A quarter as wide, a fifteenth of the weights: how many points does the way called distilled gain on the labels alone?",
    (-10, 40, 1),
    key="07.quarter",
    unit="points",
)
predict_quarter

# %% tags=["predict"]
WORTH = ["the teacher", "the pretrained weights"]
predict_worth = Predict(
    "At full width there are pretrained weights. What is worth more to a student: starting from these, or the teacher?",
    [*WORTH, "about equal"],
    key="07.worth",
)
predict_worth

# %% tags=["run"]
ways = runs.table[(runs.table["temperature"] == 4) & (runs.table["alpha"] == 0.9)].copy()
ways.attrs["kind"] = "recorded"
full = at_four.replace({"condition": {"labels": "labels, from scratch"}})
full.attrs["kind"] = "recorded"

# %% tags=["look"]
tl.plots.compared(
    full[~full["condition"].str.contains("four times")],
    title="Fifty labelled photographs of each kind, a student as wide as it comes",
    chance=0.1,
)

# %% tags=["look"]
table = 100 * ways.pivot_table("accuracy", "condition", "width", sort=False)
narrow = tl.evaluate.paired(ways[ways["width"] == 0.25], "distilled", "labels")
predict_quarter.reveal(
    tl.evaluate.interval(100 * narrow),
    f"Labels {table.loc['labels', 0.25]:.1f} %, distilled {table.loc['distilled', 0.25]:.1f} %.",
)
lead = tl.evaluate.paired(ways[ways["width"] == 1.0], "fine-tuned", "distilled")
predict_worth.reveal(
    tl.evaluate.placed(lead, [0], WORTH, what="Fine-tuned minus distilled:"),
    f"Fine-tuned {table.loc['fine-tuned', 1.0]:.1f} %, distilled from scratch {table.loc['distilled', 1.0]:.1f} %.",
)
table.round(1)

# %% [markdown]
# - **Without somebody who knows more, nothing more is learned.** Smoothed labels, and a student of its own size, add nothing that could be seen.
# - **Where it is active** (attention) and **how pictures lie** (relations) add a point or so to the answers, within what five seeds can tell. **The feature maps themselves add seven**
#   (3.6 to 10.8). With a hint, a network from random weights comes within three points of its teacher, and does at least as well as one of its size that was pretrained. Perhaps the teacher's pretraining is passed on with its maps: a teacher without
#   pretraining would tell, and was not tried.
# - **The narrower, the less.** Half as wide, a student gains four to six points; a quarter as wide, one by the answers, which is too little to be seen, and three and a half by
#   *relations*. Perhaps it has no room for more.
#
# Is a good student one that answers as the teacher does? *agree* says how often they give the same answer, *agree_wrong* says the same for the pictures where the teacher is wrong. And were they taught long enough?

# %% tags=["look"]
(100 * full.groupby("condition", sort=False)[["accuracy", "agree", "agree_wrong"]].mean()).round(1)

# %% [markdown]
# Even the best student gives another answer than the teacher to a third of the pictures; where the teacher is wrong, it repeats the mistake in half. It is no copy (Stanton et al. 2021 found so, too). And there is patience: **four times as
# long**, the labels bring nothing more, and the teacher's answers four points, as much as pretrained weights do (Beyer et al. 2022: *a good teacher is patient*).
#
# And what does it save? Weights; kilobytes as a file; and the time of an answer, here and now, in a batch of 64.

# %% tags=["look"]


def file_kb(arrays):
    """The size of these arrays as a file."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.tell() / 1000


def weights_of(model):
    """Path to array."""
    return {w.path: ops.convert_to_numpy(w) for w in model.weights}


networks = {"teacher": knows_ten} | {
    f"{width:g} as wide": tl.finetune.attach_head(
        tl.backbones.load("tiny-resnet-s", weights=None, width=width), 10
    )
    for width in (1.0, 0.5, 0.25)
}
batch = digits.test.x[:64]
rows = []
for name, network in networks.items():
    cost = tl.backbones.cost(network, batch)
    row = {"network": name, "weights, thousands": cost.parameters / 1000}
    row |= {"kB": file_kb(weights_of(network)), "ms a picture": cost.ms}
    width = None if name == "teacher" else float(name.split()[0])
    row["labels, %"] = np.nan if width is None else table.loc["labels", width]
    row["distilled, %"] = np.nan if width is None else table.loc["distilled", width]
    rows.append(row)
saved = pd.DataFrame(rows)
saved.round(2)

# %% tags=["look"]
points = saved.melt(["network", "kB"], ["labels, %", "distilled, %"], "way", "accuracy, %").dropna()
points["way"] = points["way"].str.removesuffix(", %")
of_teacher = {"network": "teacher", "kB": saved["kB"][0], "way": "teacher"}
of_teacher["accuracy, %"] = 100 * whole["teacher"].mean()
points = pd.concat([points, pd.DataFrame([of_teacher])], ignore_index=True)
tl.plots.scattered(
    points,
    "kB",
    "accuracy, %",
    "network",
    "way",
    title="What it takes on disk, and how good it is",
    subtitle="Recorded, mean of five seeds",
    log_x=True,
)

# %% [markdown]
# At full width the student takes a sixth of the teacher's disk; at a quarter of the width a seventieth. Of its time it takes more than that. (Time
# shrinks less than weights do: calling a layer takes its time, however little it multiplies.) What distillation moves is the height of a point in this picture. Where it stands, left or right,
# the architecture decides.

# %% tags=["conclude"]
tl.claim(
    "A teacher's feature maps teach more than its answers alone",
    full,
    better="hint",
    than="distilled",
    by=0.03,
)

# %% tags=["conclude"]
tl.claim(
    "Where pretrained weights of its size exist, they are worth much to a student",
    full,
    better="fine-tuned",
    than="labels, from scratch",
    by=0.05,
)

# %% [markdown]
# ## 4 · Few with labels, many without
#
# This is where distillation pays most: the pictures that nobody labelled are yours, and the teacher speaks of them at the price of one pass. Live: twenty labelled drawings of each
# kind and a hundred without, the teacher fine-tuned on the labelled ones. The student can learn the labels; or also what the teacher says of the same drawings; or also
# what it says of a thousand more. All for as many steps.

# %% tags=["predict"]
predict_soft = Predict(
    "The same 200 drawings: how many points does the teacher add to the labels?",
    (-20, 60, 1),
    key="07.soft",
    unit="points",
)
predict_soft

# %% tags=["predict"]
predict_more = Predict(
    "And with a thousand more drawings, without labels?", (-20, 80, 1), key="07.more", unit="points"
)
predict_more

# %% tags=["run"]


RATE, RATE_OF_LABELS = 3e-2, 1e-1  # those of the recorded runs below


@cache
def drawings(seed):
    """Labelled drawings, and others of the same kinds."""
    return tl.data.load("formula10", per_class=PER_CLASS + THERE, seed=seed).divide(PER_CLASS, seed)


@cache
def teacher_of(seed):
    """Fine-tuned on the labelled ones."""
    few, _ = drawings(seed)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), few.num_classes, seed=seed)
    tl.finetune.fine_tune(model, few, "lp-ft", 6, 2e-3, seed=seed)
    return model


@cache
def student_of(seed, unlabelled=True, alpha=0.9, epochs=EPOCHS):
    """A student at T = 4; alpha 0 has no teacher."""
    few, more = drawings(seed)
    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=seed)
    student = tl.finetune.attach_head(backbone, few.num_classes, dropout=0.0, seed=seed)
    tl.distill.distill(
        student,
        teacher_of(seed) if alpha else None,
        few,
        alpha=alpha,
        unlabelled=more.train.x if unlabelled else None,
        epochs=epochs,
        base_lr=RATE if alpha else RATE_OF_LABELS,
        seed=seed,
    )
    return student


def taught(**settings):
    """A function of a seed: accuracy of a student on the test."""
    return lambda seed: {
        "accuracy": tl.evaluate.accuracy(student_of(seed, **settings), drawings(seed)[0].test)
    }


LONGER = EPOCHS * (PER_CLASS + THERE) // PER_CLASS  # as many steps on fewer pictures
lessons = tl.evaluate.compare(
    {
        "labels": taught(unlabelled=False, alpha=0.0, epochs=LONGER),
        "teacher": taught(unlabelled=False, epochs=LONGER),
        "teacher, also without labels": taught(),
        "the teacher itself": lambda seed: {
            "accuracy": tl.evaluate.accuracy(teacher_of(seed), drawings(seed)[0].test)
        },
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(lessons, title="Twenty labelled drawings of each kind", chance=0.1)

# %% tags=["look"]
gained = {
    way: tl.evaluate.interval(100 * tl.evaluate.paired(lessons, way, "labels"))
    for way in ("teacher", "teacher, also without labels")
}
predict_soft.reveal(gained["teacher"], "With as many steps.")
predict_more.reveal(gained["teacher, also without labels"], "With as many steps, too.")

# %% [markdown]
# On the drawings that have labels the teacher adds nothing that these seeds could show: it learned these very labels, and says them again. A thousand more drawings
# are another matter. But is that distillation, or is it the thousand pictures? A fair rival gets the same ones. Without any teacher, a student can name them itself: it learns
# the labelled ones, names the rest, and another student learns both (**pseudo-labels**, Lee 2013). Or the teacher names them, one name each (**teacher's names**). Or the pretrained network of the student's own size,
# fine-tuned on the labelled ones, does (**small one's names**). *Own sure labels* keeps only the names of which the student is 90 % sure; *teacher, labelled* hears the teacher on the
# labelled ones alone; *true labels* is what all labels would have been worth. Recorded, fifty labelled pictures of each class; five hundred without, 350 of photographs, which are augmented:

# %% tags=["predict"]
predict_own = Predict(
    "Drawings: a student names 500 others of each kind itself, and another learns those names, too. How many percent does it get right?",
    (0, 100, 1),
    key="07.own",
    unit="%",
)
predict_own

# %% tags=["predict"]
predict_names = Predict(
    "And if the teacher names them, one name each, not how sure it is?",
    (0, 100, 1),
    key="07.names",
    unit="%",
)
predict_names

# %% tags=["run"]
others = tl.evaluate.recorded("unlabelled")
drawn, photos = (others.select(data=data) for data in ("formula10", "photos10"))

# %% tags=["look"]
Explorer.from_table(
    others.table.replace(
        {"data": {"formula10": "drawings", "mnist": "MNIST", "photos10": "photographs"}}
    ),
    {"data": "pictures"},
    title="Fifty with labels, hundreds without",
    command=others.record["command"],
    weights_hash=others.weights,
)

# %% tags=["look"]
heard = 100 * others.table.pivot_table(["accuracy", "right"], "condition", "data", sort=False)
on_drawings = 100 * drawn.set_index("condition")["accuracy"]
predict_own.reveal(
    tl.evaluate.interval(on_drawings["own labels"]),
    f"The labels alone: {heard.loc['labels', ('accuracy', 'formula10')]:.1f} %. "
    f"Of its names {heard.loc['own labels', ('right', 'formula10')]:.0f} % were right.",
)
named = heard.loc["teacher's names", ("right", "formula10")]
predict_names.reveal(
    tl.evaluate.interval(on_drawings["teacher's names"]),
    f"Of its names {named:.0f} % were right.",
)
heard.round(1)

# %% [markdown]
# - **A teacher makes unlabelled pictures worth something.** On drawings 29 points above the labels alone, and on MNIST, where little is left to gain, two and a half. On photographs seven and a half; but six and a half
#   of these come from the labelled ones, and what the unlabelled add there (one point, −0.9 to 2.9) five seeds cannot show.
# - **One's own names do far less.** On drawings the student names little more than half of the others rightly, and learns nothing from them that could be seen. To keep only the sure names
#   does not help there; on photographs it makes 62 of a hundred right instead of 41, and is worth three points (1.0 to 5.1).
# - **Names, or all that it says?** On drawings the teacher is nearly always right, and its names do nearly as well; both do better than true labels seem to, which is within what five seeds
#   scatter. On photographs four in ten of its names are wrong, and to hear all that it says, of each augmented view, is worth two points more (1.2 to 3.5).
# - **The same pictures again.** On photographs the teacher helps with the labelled ones, too: augmented, they are never twice the same, and it does not know them by heart. On drawings,
#   which are not augmented, it hardly does.
# - **Pretrained weights of the student's own size, where there are any, beat all of this** on drawings and photographs; on MNIST the teacher wins, by less than a point. And taught
#   by it, they gain one to three points more.

# %% tags=["conclude"]
tl.claim(
    "A student that a teacher tells of pictures without labels beats one that has the labels alone",
    lessons,
    better="teacher, also without labels",
    than="labels",
    by=0.2,
)

# %% tags=["conclude"]
tl.claim(
    "Told by a teacher, unlabelled drawings are worth far more than by the student's own names for them",
    drawn,
    better="teacher at 4",
    than="own sure labels",
    by=0.1,
)

# %% tags=["conclude"]
tl.claim(
    "On photographs, too, a teacher does more than the student's own names for the unlabelled ones",
    photos,
    better="teacher at 4",
    than="own sure labels",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "Where the teacher is often wrong, all that it says is worth more than its names",
    photos,
    better="teacher at 4",
    than="teacher's names",
    by=0.01,
)

# %% [markdown]
# ## 5 · The class it never saw
#
# A student is trained on nine digits, by a teacher who knows ten. No picture of a 3 is shown to it in training, and no label says 3. But the teacher, looking at
# an 8, says *a little like a 3*. Is that enough to know one? (Hinton, Vinyals and Dean 2015 tried it so on MNIST, with T = 20: 98.6 % of the test's 3s were right, once
# the bias of that class was set.)

# %% tags=["predict"]
predict_missing = Predict(
    "MNIST, recorded, T = 20: what percentage of the test's pictures of the missing digit does the student name rightly?",
    (0, 100, 1),
    key="07.missing",
    unit="%",
)
predict_missing

# %% tags=["predict"]
predict_raised = Predict(
    "The last layer adds one number to each class, its bias. No label ever pushed the missing one's up. Raise it until the class is named as often as it is there. What percentage of them now?",
    (0, 100, 1),
    key="07.raised",
    unit="%",
)
predict_raised

# %% tags=["run"]
GONE = 3
nine = replace(digits, train=digits.train[np.flatnonzero(digits.train.y != GONE)])
told = tl.finetune.features(knows_ten, nine.train.x)  # (n, 10), the teacher's logits of the nine
untold = told.copy()
untold[:, GONE] = told[:, GONE].mean()  # of a 3 it says the same of every picture
is_gone, rest = digits.test.y == GONE, np.arange(10) != GONE
rows = {}
for name, source in {"the teacher": told, "constant": untold}.items():
    backbone = tl.backbones.load("tiny-resnet-s", weights=None, seed=SEED)
    pupil = tl.finetune.attach_head(backbone, 10, dropout=0.0, seed=SEED)
    tl.distill.distill(pupil, source, nine, 20.0, 1.0, epochs=2 * LEARN, seed=SEED)
    val, test = (pupil.predict(p.x, batch_size=100, verbose=0) for p in (digits.val, digits.test))
    lacks = val[:, rest].max(1) - val[:, GONE]  # how much the missing class lacks to be the answer
    for share in (0, 0.02, 0.05, 0.1, 0.2):
        bias = np.quantile(lacks, share) if share else 0.0
        hit = (test + bias * ~rest).argmax(1) == digits.test.y
        row = rows.setdefault(f"raised until {100 * share:.0f} % are named {GONE}", {})
        row[name, f"of the {GONE}s"] = 100 * hit[is_gone].mean()
        row[name, "of the others"] = 100 * hit[~is_gone].mean()
right = pd.DataFrame.from_dict(rows, orient="index").rename(
    {f"raised until 0 % are named {GONE}": "as it is"}
)
right.columns = pd.MultiIndex.from_tuples(right.columns)
right.round(0)

# %% [markdown]
# (A tenth of the pictures are 3s. Setting the bias so needs a mixed pile of pictures, without labels, and the knowledge of how common the class is.) Beside the student stands another,
# *constant*, whose teacher says of the 3 the same for every picture, and so tells nothing of it. It does about as well: remember that below.
#
# What looks unlike the nine might find its way into the tenth class without any word of the teacher's. So the recorded runs, in which each of the ten digits was missing
# once, have controls:
#
# - **labels**, **smoothed**: no teacher at all;
# - **teacher of nine**: one who never saw the tenth digit either;
# - **constant**: of the tenth, the teacher says of every picture what it says on average;
# - **scrambled**: what it says of the tenth is dealt out anew over the pictures.

# %% tags=["look"]
missing = tl.evaluate.recorded("missing_class")
on_mnist = missing.select(data="mnist")
half = on_mnist[on_mnist["condition"] == "teacher at 20"].assign(
    condition="half of them", missing_raised=0.5
)
against_half = pd.concat([on_mnist, half])
against_half.attrs["kind"] = "recorded"
parts = ["missing", "missing_raised", "seen", "seen_raised"]
found = 100 * missing.table.pivot_table(parts, "condition", "data", sort=False)[parts]
mnist = found.xs("mnist", axis=1, level=1)
shown = dict(zip(parts, ["the missing one", "raised", "the other nine", "raised "], strict=True))
by_digit = 100 * on_mnist[on_mnist["condition"] == "teacher at 20"][["missing", "missing_raised"]]
predict_missing.reveal(tl.evaluate.interval(by_digit["missing"]), "Mean of ten digits.")
predict_raised.reveal(
    tl.evaluate.interval(by_digit["missing_raised"]),
    f"Constant: {mnist.loc['constant', 'missing_raised']:.1f} %, scrambled {mnist.loc['scrambled', 'missing_raised']:.1f} %.",
)
found.rename(columns=shown).round(1)

# %% [markdown]
# - **As it is, MNIST:** told at T = 20, a student that never saw the digit names 36 of a hundred of its pictures, from one in twenty of the 6s to nine in ten of the 0s. At T = 4 and below hardly one:
#   there the tenth share is too small to hear. And of scikit-learn's digits none, although that teacher is as good; these runs do not say why.
# - **Raised:** nine in ten. But labels alone give 57 of a hundred, and a smoothed student 66: a picture that is unlike all nine is the first to be named the tenth when the bias rises. That much the student finds without having been told, and with a teacher of
#   nine no more. With *constant* and *scrambled* it finds 72. **The last eighteen points are what the
#   teacher knew and told.**
# - **On scikit-learn's digits nobody needs to tell:** 75, and 76 with *constant*. Had we measured there, without controls, we would have praised the teacher for what the
#   student does alone. Perhaps in eight by eight pixels a tenth digit stands out anyhow.

# %% tags=["conclude"]
tl.claim(
    "A student finds more than half of the pictures of a class that it was never shown",
    against_half,
    better="teacher at 20",
    than="half of them",
    by=0.3,
    metric="missing_raised",
)

# %% tags=["conclude"]
tl.claim(
    "What the teacher says of nine digits tells of the tenth: more is found than by a teacher that always says the same of it",
    on_mnist,
    better="teacher at 20",
    than="constant",
    by=0.1,
    metric="missing_raised",
)

# %% [markdown]
# ## 6 · Teachers to beware of
#
# So far teachers were good. Better networks are not always better ones: a large network may be beyond a small one (Cho and Hariharan 2019), and one that was trained to be modest, by label smoothing, has
# forgotten which classes are alike (Müller, Kornblith and Hinton 2019). And a wrong one? Recorded, on a hundred labelled drawings of each kind, T = 4. What a good teacher adds there is too little for five seeds to show, and what a bad one does is all the clearer:
#
# | | Teacher |
# |---|---|
# | **too sure** | *brief*, *tuned*, *long*: tiny-resnet, fine-tuned for one epoch, six, sixty; *long, softer*: at the temperature where it is as unsure as *tuned* |
# | **other** | *smoothed*: trained with label smoothing; *smaller*: tiny-resnet-s; *scratch*: from random weights, sixty epochs, so that it knows these drawings alone |
# | **elsewhere** | *sketches*: fine-tuned on sketches of the same kinds |
# | **wrong** | *wrong 20 %* to *80 %*: so many of the labels that it was given name the next kind |
# | **controls** | *none*; *knows nothing*: all answers alike; *names*: first answers alone; *scrambled*: as sure of each picture, but what it says of the other nine kinds is dealt out anew |

# %% tags=["predict"]
predict_long = Predict(
    "The teacher is fine-tuned for sixty epochs instead of six: how many points does its student gain?",
    (-20, 20, 0.5),
    key="07.long",
    unit="points",
)
predict_long

# %% tags=["predict"]
BAD = ["20 %", "40 %", "60 %", "80 %", "not even with 80 %"]
predict_bad = Predict(
    "From how many wrong labels on is the teacher worse than none, at α = 0.9?", BAD, key="07.bad"
)
predict_bad

# %% tags=["run"]
school = tl.evaluate.recorded("teachers")
believed = school.table[school.table["alpha"] != 0.5].copy()  # 0.9, and none
believed.attrs["kind"] = "recorded"
by_teacher = (
    100
    * believed.groupby("condition", sort=False)[
        ["teacher", "right", "confidence", "accuracy", "follows", "holds"]
    ].mean()
)
half_believed = school.table[school.table["alpha"] == 0.5].groupby("condition")["accuracy"].mean()
by_teacher.insert(4, "accuracy at 0.5", 100 * half_believed)

# %% tags=["look"]
tl.plots.compared(
    believed, title="The same student, α = 0.9: whose answers did it learn?", chance=0.1
)

# %% tags=["look"]
student = by_teacher["accuracy"]
longer = 100 * tl.evaluate.paired(believed, "long", "tuned")
predict_long.reveal(tl.evaluate.interval(longer), f"Tuned: {student['tuned']:.1f} %.")
harm = {share: tl.evaluate.paired(believed, "none", f"wrong {share}") for share in BAD[:4]}
predict_bad.reveal(
    tl.evaluate.earliest(harm, BAD[4]),
    f"20 % wrong costs {tl.evaluate.interval(harm['20 %']).text('points')}.",
)
by_teacher.round(1)

# %% [markdown]
# (*right*: of what it says of the training pictures; *confidence*: its answers there, softened; *follows* and *holds*: where its answer is wrong, how often the student gives
# that one in the end, and how often the label.)
#
# - **Good ones are alike.** One epoch or sixty, sure or softened, trained with label smoothing or without: five seeds cannot tell their students apart, and hardly from one without
#   a teacher. *Scrambled* is among them: on labelled drawings that are not augmented, what it says of the wrong kinds is worth nothing that could be seen.
# - **One stands out, the smaller network:** its students are seven points above none (3.8 to 10.4), and four above those of *tuned* (−0.4 to 8.4). It is the best of eight, so look again before
#   you believe it. Unlike *itself* in section 3 it is pretrained. Mirzadeh et al. 2020 also saw that a teacher can be too large, and put a network of middle size between.
# - **The most accurate teacher**, the one with label smoothing (99.4 %), has no better students than the others. That they are worse, as Müller, Kornblith and Hinton 2019 found, these seeds
#   cannot show.
# - **Right about something else:** of the answers of *sketches* 92 in a hundred are right here, and its student is no worse than alone, but nearly four points behind *tuned* (1.5 to 6.0).
# - **A wrong teacher is believed.** At α = 0.9 the student gives the teacher's wrong answer nearly every time, although the right one stands beside it; with one wrong in five it is
#   already worse off than without a teacher. At α = 0.5, one wrong in five costs too little to be seen; two wrong in five cost eight points.
# - **A loud teacher who knows nothing does harm, too**: at α = 0.9 *knows nothing* costs fourteen points, at 0.5 hardly any.
#
# How right a teacher is on *new* pictures does not say how good it is as one: *wrong 20 %* and *sketches* both name 90 of a hundred, and only the first does harm; *scratch* names 69, and harms
# nobody. What tells more is how right it is about the very pictures that the student learns from (*right*). Where their labels are in doubt, look at some yourself.

# %% tags=["conclude"]
tl.claim(
    "A teacher who is wrong one time in five is already worse than none, if it is believed",
    believed,
    better="none",
    than="wrong 20 %",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "A pretrained teacher of the student's own size helps",
    believed,
    better="smaller",
    than="none",
    by=0.03,
)

# %% [markdown]
# ## 7 · A byte a weight
#
# The student is small. Each of its weights takes four bytes, far finer than it needs to be. **Quantise** them: store whole numbers from −127 to 127, and a scale for each output
# channel (Krishnamoorthi 2018). Keras does so for dense layers; this network has one; all else is convolutions, and BatchNorm, which stays as it is. So `tl.distill.to_int8` asks Keras' quantiser for each
# kernel. It saves storage and **not** time: what is computed with stays 32 bits.

# %% tags=["predict"]
predict_lost = Predict(
    "How many points does the student of section 4 lose by a byte a weight?",
    (-10, 50, 0.5),
    key="07.lost",
    unit="points",
)
predict_lost

# %% tags=["predict"]
BITS = (8, 4, 3, 2)
predict_bits = Predict(
    "A byte has eight bits. What is the smallest number of bits that costs less than five points?",
    [str(b) for b in sorted(BITS)],
    key="07.bits",
)
predict_bits

# %% tags=["run"]


@cache
def copy_of(seed):
    """A network like the student of section 4, to try weights in."""
    return keras.models.clone_model(student_of(seed))


def in_bytes(seed):
    """The same student, a byte a weight."""
    copy = copy_of(seed)
    tl.distill.from_int8(copy, tl.distill.to_int8(student_of(seed)))
    return copy


def in_bits(seed, bits, each_channel):
    """The same, by hand: every kernel in whole numbers, a scale for each channel or for all."""
    copy = copy_of(seed)
    copy.set_weights(student_of(seed).get_weights())
    for variable in copy.trainable_variables:
        if variable.name == "kernel":
            kernel = ops.convert_to_numpy(variable)
            axes = tuple(range(kernel.ndim - 1)) if each_channel else None
            largest = np.abs(kernel).max(axis=axes, keepdims=True)
            step = largest / (2 ** (bits - 1) - 1)  # what one is worth
            variable.assign(step * np.round(kernel / step))
    return copy


def measured(make, *how):
    """A function of a seed: accuracy on the test."""
    return lambda seed: {"accuracy": tl.evaluate.accuracy(make(seed, *how), drawings(seed)[0].test)}


coarse = tl.evaluate.compare(
    {"four bytes": measured(student_of), "a byte": measured(in_bytes)}
    | {f"{bits} bits": measured(in_bits, bits, True) for bits in BITS}
    | {f"{bits} bits, one scale": measured(in_bits, bits, False) for bits in BITS},
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(coarse, title="The distilled student of section 4, ever coarser", chance=0.1)

# %% tags=["look"]
by_bits = 100 * coarse.groupby("condition")["accuracy"].mean()
cost = {
    name: 100 * tl.evaluate.paired(coarse, "four bytes", name)
    for name in by_bits.index.drop("four bytes")
}
predict_lost.reveal(tl.evaluate.interval(cost["a byte"]), "Mean of all seeds.")
predict_bits.reveal(
    tl.evaluate.earliest({str(b): 5 - cost[f"{b} bits"] for b in sorted(BITS)}),
    ", ".join(f"{b} bits {by_bits[f'{b} bits']:.1f} %" for b in BITS) + ".",
)
student = student_of(SEED)
for name, arrays in {
    "four bytes": weights_of(student),
    "one byte": tl.distill.to_int8(student),
}.items():
    print(f"{name}: {file_kb(arrays):.0f} kB")
print(f"the teacher: {file_kb(weights_of(teacher_of(SEED))):.0f} kB")

# %% [markdown]
# A byte costs nothing, by the library and by hand. With four bits these seeds show no loss, with three perhaps a few points; with two, when a weight can be −1, 0 or 1 times its scale, the network is gone. (Unless it is trained so: Hubara et al. 2016.) A scale for each
# channel hardly counts here. Where BatchNorm is multiplied into the kernels, as on phones, channels differ more in size, and it does (Krishnamoorthi 2018).

# %% tags=["conclude"]
tl.claim(
    "Half a byte a weight still works; a quarter, rounded after training, does not",
    coarse,
    better="4 bits",
    than="2 bits",
    by=0.3,
)

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **07.a** Soft targets: a teacher's logits at a temperature, as shares.


# %% tags=["exercise", "07.a"]
def soft_targets(logits, temperature):
    """(n, classes) -> (n, classes), rows that sum to 1."""
    ### BEGIN SOLUTION
    import numpy as np

    z = logits / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


tl.check("07.a", soft_targets)

# %% [markdown]
# **07.b** The loss of distillation: alpha T² times the Kullback-Leibler divergence from the teacher's soft targets to the student's, plus
# 1 − alpha times the cross-entropy with the labels; the mean over the pictures.


# %% tags=["exercise", "07.b"]
def distillation_loss(student, teacher, y, temperature, alpha):
    """(n, classes) logits of both, (n,) labels, two numbers -> one number."""
    ### BEGIN SOLUTION
    import numpy as np
    from scipy.special import softmax

    p, q = softmax(teacher / temperature, axis=1), softmax(student / temperature, axis=1)
    soft = (p * np.log(p / q)).sum(axis=1).mean()
    hard = -np.log(softmax(student, axis=1)[np.arange(len(y)), y]).mean()
    return alpha * temperature**2 * soft + (1 - alpha) * hard
    ### END SOLUTION


tl.check("07.b", distillation_loss)

# %% [markdown]
# **07.c** A dense kernel in eight bits: whole numbers from −127 to 127 (the largest of each column, whatever its sign, becomes one of these two),
# and for each column what a step of one is worth, so that whole numbers times scale is about the kernel.


# %% tags=["exercise", "07.c"]
def to_int8(kernel):
    """(inputs, outputs) float -> (inputs, outputs) int8, (outputs,) scales."""
    ### BEGIN SOLUTION
    import numpy as np

    scale = np.abs(kernel).max(axis=0) / 127
    return np.round(kernel / scale).astype(np.int8), scale
    ### END SOLUTION


tl.check("07.c", to_int8)

# %% [markdown]
# ## Looking back: how your intuition moved
#
# Every prediction that you locked in, in this lesson and in the ones before it, is kept with its answer in `predictions.jsonl`, in the folder of your notebooks. (On Colab and
# Binder that folder goes with the session.) Of each question the first one counts. Below, 0 is what was measured, and the grey bar is how far off blind guesses would be on the same
# questions.
#
# Questions differ, so compare your mean with the grey bar of the same lesson. Where were you no better than chance, and what did you believe there? And did you come closer
# over the course, or did you become careful and guess in the middle?

# %%
kept = predictions()
tl.plots.intuition(kept)

# %%
for row in kept.sort_values("off", ascending=False).head(10).itertuples():
    print(f"{row.question}\n    you: {row.predicted}, measured: {row.measured}")

# %% [markdown]
# ## Key points
#
# - A teacher says more than its answer: how sure it is, and what else it might be. A temperature makes that audible; how hot depends on how far apart its logits lie.
# - Pictures without labels can be worth most. A teacher makes much of them; a student's own names for them do far less.
# - With a label on every picture it adds, too, where pictures are augmented: they are never twice the same. Have patience, and pass on feature maps besides answers.
# - Pretrained weights of the student's own size, where there are any, are a strong rival, and a teacher still adds to them. Where there are none, patience or its feature maps can do as much.
# - Keep the controls. Most of a digit that was never shown was found by students whom nobody had told of it.
# - A wrong teacher is believed. Ask how right it is about the pictures that the student will learn from.
# - A byte a weight is free. Two bits, rounded after training, are not.
#
# ## Further reading
#
# - Hinton, Vinyals and Dean 2015, *Distilling the Knowledge in a Neural Network*.
# - Buciluă, Caruana and Niculescu-Mizil 2006, *Model Compression* (the idea, with unlabelled data made up).
# - Romero et al. 2015, *FitNets: Hints for Thin Deep Nets*.
# - Zagoruyko and Komodakis 2017, *Paying More Attention to Attention*.
# - Park et al. 2019, *Relational Knowledge Distillation*.
# - Furlanello et al. 2018, *Born-Again Neural Networks*.
# - Mirzadeh et al. 2020, *Improved Knowledge Distillation via Teacher Assistant*; Müller, Kornblith and Hinton 2019, *When Does Label Smoothing Help?*
# - Cho and Hariharan 2019, *On the Efficacy of Knowledge Distillation* (a better network, a worse teacher).
# - Beyer et al. 2022, *Knowledge Distillation: A Good Teacher Is Patient and Consistent*; Stanton et al. 2021, *Does Knowledge Distillation Really Work?*
# - Lee 2013, *Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural Networks*.
# - Szegedy et al. 2016, *Rethinking the Inception Architecture* (label smoothing).
# - Krishnamoorthi 2018, *Quantizing deep convolutional networks for efficient inference: A whitepaper*; Hubara et al. 2016, *Quantized Neural Networks* (trained in few bits).
