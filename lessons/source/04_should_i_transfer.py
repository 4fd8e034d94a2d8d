# %% [markdown]
# # 04 · Should I transfer? Fair evaluation, negative transfer, choosing a network
#
# **Question.** Everyone fine-tunes. When is it worth it, when does it hurt, and which of many pretrained networks should
# you take? Can you know before you train?
#
# **You will**
#
# - **compare** fairly: the same architecture from scratch, with rates and epochs of its own
# - **fool yourself** with a test set, once, on purpose
# - **find** where a pretrained network hurts, on a map of nearly nine hundred runs, and try what helps
# - **rank** twelve pretrained networks without training them, and see which score to trust
# - **weigh** accuracy against memory and time
# - **decide**, with a protocol that says how sure it is, and test the protocol
#
# **You need** lessons 00 and 02. No GPU, no internet.
#
# **Time** about a minute and a half of computing, about an hour of reading and trying.

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="04").seed  # first: it also silences the backend's start-up

from functools import cache

import numpy as np
import pandas as pd
from scipy.special import softmax
from scipy.stats import t as student
from scipy.stats import weightedtau
from sklearn.linear_model import RidgeClassifier

from tl_helpers.widgets import Explorer, Predict, TransferMap

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # sketches of each kind in sections 1, 2 and 5
EPOCHS = tl.pick(
    cpu=10, gpu=10, smoke=2
)  # passes over them; from scratch up to three times as many
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition
REAL = tl.pick(
    cpu=[], gpu=["mobilenetv2", "resnet50v2", "efficientnetv2b0", "convnexttiny"]
)  # section 5

# %% [markdown]
# ## 1 · A fair comparison
#
# "Transfer gained thirty points" says nothing without its control. A fair one has the **same architecture**, sees the **same
# pictures**, and gets **rates and epochs of its own**, since it has more to learn. All of that is chosen on **validation**
# pictures. The test pictures are looked at once, at the end. And if the best rate is the largest that was tried, a larger one
# ought to be tried.
#
# The target: ten kinds of sketches, ten of each. The network: `tiny-resnet-s`, 0.2 million weights. Both ways try two
# rates. Scratch tries as many epochs as fine-tuning has, and three times as many. (There are 200 validation pictures, twice as many as for
# training, so that choosing costs little here. You may have fewer.)

# %% tags=["predict"]
predict_gap = Predict(
    "Fine-tuned minus scratch, each with the best rate and epochs it has tried: how many points?",
    (-80, 80, 1),
    key="04.gap",
    unit="points",
)
predict_gap

# %% tags=["predict"]
SURE = ["fine-tuned", "scratch"]
predict_sure = Predict(
    "Whose confidence is more honest: right as often as it says it is?",
    [*SURE, "about equal"],
    key="04.sure",
)
predict_sure

# %% tags=["run"]
RATES = {"fine-tuned": (2e-3, 1e-2), "scratch": (5e-2, 2e-1)}


@cache
def sketches(seed):
    data = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
    return tl.data.shift(data, "sketch", seed=seed)


@cache
def trained(way, epochs, seed):
    """At the best of the rates by validation: accuracy there, logits of both splits, the rate."""
    data = sketches(seed)
    weights, strategy = (None, "full") if way == "scratch" else ("default", "lp-ft")
    backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    recipe = {"batch_size": 20, "batch_norm": True, "seed": seed}
    tuned = tl.finetune.fine_tune(model, data, strategy, epochs, RATES[way], **recipe)
    # The test's logits are kept unread until a budget is chosen.
    logits = [model.predict(part.x, 100, verbose=0) for part in (data.val, data.test)]
    return tuned.val_accuracy, *logits, tuned.rate


def report_on(way, *budgets):
    """A function of a seed: the best budget by validation, and what it does on the test."""

    def run(seed):
        _, val, test, rate = max((trained(way, n, seed) for n in budgets), key=lambda row: row[0])
        data = sketches(seed)
        heat = tl.evaluate.temperature(val, data.val.y)
        return {
            "accuracy": float((test.argmax(1) == data.test.y).mean()),
            "rate": rate,
            "confidence": float(softmax(test, axis=1).max(axis=1).mean()),
            "calibration error": calibration_error(test, data.test.y),
            "with temperature": calibration_error(test / heat, data.test.y),
        }

    return run


def calibration_error(logits, y):
    return tl.evaluate.calibration(softmax(logits, axis=1), y).error


fair = tl.evaluate.compare(
    {
        "fine-tuned": report_on("fine-tuned", EPOCHS),
        "scratch, as many epochs": report_on("scratch", EPOCHS),
        "scratch": report_on("scratch", EPOCHS, 3 * EPOCHS),
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.evaluate.report(fair, "Sketches, ten of each kind: is transfer worth it?")

# %% tags=["look"]
gap = 100 * tl.evaluate.paired(fair, "fine-tuned", "scratch")
equal = 100 * tl.evaluate.paired(fair, "fine-tuned", "scratch, as many epochs").mean()
predict_gap.reveal(tl.evaluate.interval(gap), f"With as many epochs for both: {equal:.1f} points.")
fair.pivot(index="condition", columns="seed", values="rate")

# %% [markdown]
# The table shows the rates that validation chose. Where it is the largest that was tried, as for scratch here, a larger one ought to
# be tried as well: the gap may then come out smaller.
#
# The page above can be saved (`.save("page.html")`, or as Markdown) and sent to whoever asked. It says what the seeds cover
# and what they do not.
#
# Its last column is **paired**: in each seed both ways get the same sketches, so a draw that is hard for both does not count as a
# difference. What if you forget that?

# %% tags=["look"]
ours, control = (
    fair[fair["condition"] == way]["accuracy"].to_numpy() for way in ("fine-tuned", "scratch")
)
n = len(ours)
quantile = student.ppf(0.975, [n - 1, 2 * n - 2])
with_pairs = quantile[0] * (ours - control).std(ddof=1) / n**0.5
without = quantile[1] * np.sqrt((ours.var(ddof=1) + control.var(ddof=1)) / n)
print(f"Half an interval: paired {100 * with_pairs:.1f} points, unpaired {100 * without:.1f}.")

# %% [markdown]
# Either can come out narrower here. Pairing pays where a draw that is hard for one way is hard for the other, as for two
# pretrained networks on the same photographs. On these sketches, a fine-tuned network and one from scratch do not seem to share
# their hard draws. Pairing is right either way; it leaves fewer degrees of freedom, so it wants more seeds than three.
#
# Accuracy is not all. Is a network right as often as it says it is? Sort its answers into groups by how sure they are; in each,
# take mean confidence minus accuracy; average the sizes of these gaps, each by how many answers its group has. That is the **expected calibration error** (Guo et al. 2017; you will
# write it in Practice). A remedy: divide all logits by one number, a **temperature**, found on validation pictures. It changes
# no answer.

# %% tags=["look"]
COLUMNS = ["accuracy", "confidence", "calibration error", "with temperature"]
errors = 100 * fair.groupby("condition")[COLUMNS].mean()
two = fair[fair["condition"].isin(SURE)]
predict_sure.reveal(
    tl.evaluate.leading(two, "calibration error", lowest=True),
    "The gap is in calibration error; the table is in percent.",
)
errors.round(1)

# %% [markdown]
# On average scratch is **too sure**: it has fitted its few training pictures, and gives strange ones the same confident look. But its runs
# differ so much that three seeds do not show it beyond doubt, as the interval above says. Run by run, in points:

# %% tags=["look"]
errors_of = ["calibration error", "with temperature"]
(100 * two.pivot(index="seed", columns="condition", values=errors_of)).round(1)

# %% [markdown]
# In each of these runs scratch is further off. One number, the temperature, takes it down to a few points, and leaves it as wrong as it
# was.

# %% tags=["conclude"]
tl.claim(
    "Transfer pays here, also against scratch with a budget of its own",
    fair,
    better="fine-tuned",
    than="scratch",
    by=0.2,
)

# %% [markdown]
# ## 2 · The test set, once
#
# You tried forty ways, and looked at the test pictures each time. You report the best. What is wrong with that?
#
# Let us do it on purpose. Forty probes on frozen features differ only in chance: each is fitted to a random half of the
# training pictures. We choose the one that is best on **fifty test pictures**, and then look at the 450 others; all of it a
# hundred times, since which fifty is chance as well.

# %% tags=["predict"]
predict_curse = Predict(
    "On the pictures it was chosen by, minus on others: how many points for the chosen probe?",
    (-25, 25, 1),
    key="04.fresh",
    unit="points",
)
predict_curse

# %% tags=["run"]
TRIES, PEEKED, DRAWS = 40, 50, 100  # DRAWS: which fifty is chance, too, so we average over it


@cache
def peek(seed):
    """The chosen probe's accuracy on the pictures it was chosen by, and on the others."""
    data, rng = sketches(seed), np.random.default_rng(seed)
    model = tl.backbones.load("tiny-resnet-s").features()
    seen, test = (tl.finetune.features(model, split.x) for split in (data.train, data.test))
    right = []
    for _ in range(TRIES):
        half = rng.permutation(len(seen))[: len(seen) // 2]
        probe = RidgeClassifier().fit(seen[half], data.train.y[half])
        right.append(probe.predict(test) == data.test.y)
    right = np.stack(right)  # (tries, test pictures)
    found = []
    for _ in range(DRAWS):
        order = rng.permutation(len(test))
        peeked, fresh = right[:, order[:PEEKED]].mean(1), right[:, order[PEEKED:]].mean(1)
        found.append([peeked.max(), fresh[peeked.argmax()]])
    return np.mean(found, axis=0)


chosen = tl.evaluate.compare(
    {
        "where it was chosen": lambda seed: {"accuracy": peek(seed)[0]},
        "on fresh pictures": lambda seed: {"accuracy": peek(seed)[1]},
    },
    seeds=SEEDS,
)

# %% tags=["look"]
lower = 100 * tl.evaluate.paired(chosen, "where it was chosen", "on fresh pictures")
predict_curse.reveal(tl.evaluate.interval(lower), f"Forty tries, chosen on {PEEKED} pictures.")

# %% [markdown]
# Nobody cheated. The largest of forty noisy numbers is large partly because its noise is. That is the **winner's curse**. It
# shrinks as the set grows: put 400 for `PEEKED` and run the section again. (Recht et al. 2019 looked for it in ten years of ImageNet,
# whose test has 50,000 pictures, and found little.) So: choose on validation pictures, as many as you can spare, and keep the
# test for the end.

# %% tags=["conclude"]
tl.claim(
    "What was chosen on fifty test pictures looks better there than it is, by three points or more",
    chosen,
    better="where it was chosen",
    than="on fresh pictures",
    by=0.03,
)

# %% [markdown]
# ## 3 · A map of transfer
#
# `tiny-resnet-s` was pretrained on pictures whose colours are drawn anew each time: colour says nothing of the kind.
# What if your kinds differ in colour?
#
# Twelve new kinds, then. The **distance** is the share of them that differ in their colours alone; each of the rest has a
# shape of its own, in any colours. So at distance 0 the target asks for what the source asked for, and at 1 for something else.
# (It also changes how hard the task is, so compare ways at one distance, not distances.)

# %%
tl.plots.pictures(
    tl.data.drawn_kinds(4, 6, by_palette=0, seed=SEED + 2).train.x,
    columns=6,
    alt="Distance 0: four rows, a kind each. In a row, six pictures of one shape in any colours.",
)

# %%
tl.plots.pictures(
    tl.data.drawn_kinds(4, 6, by_palette=1, seed=SEED + 2).train.x,
    columns=6,
    alt="Distance 1: four rows, a kind each. In a row, six pictures of any shapes in the same colours.",
)

# %% [markdown]
# Each row is a kind: above at distance 0, below at distance 1.
#
# The map below has a place for each way to train, number of images a class, and distance: five runs each, nearly nine hundred
# in all. Every way that trains has as many steps, scratch too, tries three rates (0.002, 0.02 and 0.2) and takes the one that validation pictures
# prefer. (The head alone is solved, and needs no rate.) Equal steps favour transfer where the source fits, so part of a gain is owed
# to them. Where it does not fit they may favour scratch: section 4 shows why pretrained filters turn more slowly.
#
# Validation also chose the solid frame, around the best way to **transfer** in each column. Scratch has a row of its own and is never
# framed: look whether it is above.

# %% tags=["predict"]
predict_hurt = Predict(
    "Distance 1, five images a class: how many points is the best transfer ahead of scratch (negative: behind)?",
    (-80, 80, 1),
    key="04.one",
    unit="points",
)
predict_hurt

# %% tags=["predict"]
WAYS = ["head only", "stage4 up", "stage3 up", "stage2 up", "stage1 up", "everything", "scratch"]
predict_way = Predict(
    "And half way, at 0.5, with 25 images a class: which way is best?",
    [*WAYS, "about equal"],
    key="04.way",
)
predict_way

# %% tags=["run"]
runs = tl.evaluate.recorded("map")
atlas = TransferMap(
    runs,
    title="Which part of the network to train, or none of it?",
    columns=("per_class", "images a class"),
    dial=("distance", "distance"),
    seed=SEED,
    best_by="validation",
)
atlas

# %% [markdown]
# Press the button, and the place you chose is run again, now, on this machine. Or in a cell:

# %%
print(runs.rerun(SEED, distance=0.5, per_class=5, condition="head only"))

# %% tags=["look"]


def best_transfer(table):
    """The way with the best mean accuracy on validation pictures, scratch aside."""
    return table.groupby("condition")["validation"].mean().drop("scratch").idxmax()


five = runs.select(distance=1.0, per_class=5)
hurt = 100 * tl.evaluate.paired(five, best_transfer(five), "scratch")
predict_hurt.reveal(
    tl.evaluate.interval(hurt), f"The best way to transfer is {best_transfer(five)} there."
)

# %% tags=["look"]
half = runs.select(distance=0.5, per_class=25)
means = 100 * half.groupby("condition")["accuracy"].mean()
predict_way.reveal(
    tl.evaluate.leading(half), ", ".join(f"{way} {means[way]:.1f} %" for way in WAYS) + "."
)

# %% [markdown]
# At distance 1 and five images transfer loses by 18 points. Both took 0.2 there, the largest rate tried, in all five runs, so the size
# of that loss is not sure. With 50 and 100 images 0.02 is best for both, and the loss is four and two points: there transfer
# does hurt. Half way, with 25 images, training everything is five points ahead of scratch and four of the head alone; *stage1 up* is
# about equal to it.
#
# Which way is best in each of the 25 columns? Validation says:

# %% tags=["look"]
mean_of = runs.table.groupby(["distance", "per_class", "condition"])["validation"].mean().unstack()
mean_of.idxmax(axis=1).unstack()

# %% [markdown]
# From top to bottom it goes from **the head alone**, over **everything**, to **scratch**; more images move it from the head to everything.
# (Where two names meet, five draws often cannot say which is right.) Look for the four ways between, which freeze the lower
# stages and train the upper: validation **never picks them**; in ten of 25 columns one is statistically tied with the winner. Freezing
# a part saves time and memory (lesson 02); on this map it is nowhere clearly better than freezing all or nothing. But all
# distance here is in colour, which the lowest layers look past (section 4). Another kind of distance may want another cut.
#
# At 0.75 the head alone goes from 30 to 34 % with twenty times as many images, and scratch from 50 to 80. There is hardly any
# colour in these features to be found.
#
# And the rates? At 25 images a class, on validation pictures:

# %% tags=["look"]
ends = runs.table[runs.table["distance"].isin([0.0, 1.0]) & (runs.table["per_class"] == 25)]
both = ends.pivot_table(["gentle", "validation"], "condition", "distance", sort=False)
(100 * both.rename(columns={"validation": "best rate", "gentle": "lowest rate"})).round(1)

# %% [markdown]
# At distance 0 the lowest of the three rates is as good as any, but for scratch. At distance 1 whoever tries only that one
# finds *everything* fifty points below where scratch can be; at the best rate it is seven (and that rate, 0.2, was the largest
# tried).
#
# A last measure of what transfer is worth: **how many images a class** until a threshold is reached?

# %% tags=["look"]
at_home = runs.select(distance=0.0)
tl.evaluate.data_efficiency(at_home, "per_class").round(3)

# %% [markdown]
# *Jump start* is the gain over scratch at the smallest size, for the head alone 79 points, and *asymptote* that at the largest, still 39. (Both
# with an interval, as shares of one. Scratch has not levelled off, so the second is no true asymptote yet.) *Effort* is the number of images a class
# at which a way is where scratch is with a hundred, and *fewer* by what factor that is less. Every way to transfer is there with
# five, the smallest on the map: twenty times fewer or better, **for this many steps**. A scratch that is trained for longer would set a
# higher mark.

# %% tags=["conclude"]
tl.claim(
    "Where the target asks for what the source asked for, a probe beats scratch at five images a class",
    runs.select(distance=0.0, per_class=5),
    better="head only",
    than="scratch",
    by=0.5,
)

# %% tags=["conclude"]
tl.claim(
    "Half way, with 100 images a class, a pretrained network whose every stage trains is ahead of scratch",
    runs.select(distance=0.5, per_class=100),
    better="everything",
    than="scratch",
    by=0.05,
)

# %% tags=["conclude"]
tl.claim(
    "Where it asks for what the source taught to ignore, and five images a class, scratch beats the best way to transfer",
    five,
    better="scratch",
    than=best_transfer(five),
    by=0.1,
)

# %% [markdown]
# ## 4 · What helps where it hurts?
#
# Nobody sabotaged the pretraining: that colours say nothing is what makes `tiny-resnet-s` good at shapes. What helps then?
# Four remedies come to mind:
#
# - **fewer stages**: the low ones are general, they say. Keep those, and give all above new random weights
#   (`tl.finetune.reset`)
# - **a higher rate**: let go of what was learned
# - **more pictures** of the target
# - **another source** (section 5)
#
# The first three, recorded, at distance 1. In every way the head is random and all stages train, for as many steps.

# %% tags=["predict"]
FEWER = ["about where scratch is", "half way between", "about where keeping all stages is"]
predict_keep = Predict(
    "25 images a class, a rate of 0.02. Keeping all stages ends about 20 points below scratch. Keep the pretrained stem, the first "
    "convolution, and nothing else: where do you end?",
    FEWER,
    key="04.keep",
)
predict_keep

# %% tags=["run"]
fewer = tl.evaluate.recorded("fewer_stages")
Explorer.from_table(
    fewer.table,
    {"per_class": "images a class", "base_lr": "learning rate"},
    title="Kinds that differ in colour alone: how much of the network to keep?",
    command=fewer.record["command"],
    weights_hash=fewer.weights,
)

# %%
print(fewer.rerun(SEED, condition="keep to stage3", per_class=5, base_lr=0.02))

# %% tags=["look"]
middle = fewer.select(per_class=25, base_lr=0.02)
means = 100 * middle.groupby("condition")["accuracy"].mean()
by_seed = middle.pivot(index="seed", columns="condition", values="accuracy")
stem, every, none = (by_seed[way] for way in ("keep the stem", "keep all stages", "scratch"))
way_up = (stem - every) / (none - every)  # 0: as if all were kept; 1: as if nothing were
predict_keep.reveal(
    tl.evaluate.placed(
        way_up,
        [1 / 3, 2 / 3],
        FEWER[::-1],
        what="From keeping all (0) to scratch (1) it stands at",
        unit="",
    ),
    ", ".join(f"{way} {value:.1f} %" for way, value in means.items()) + ".",
)

# %% [markdown]
# The stem alone costs about as much as all stages (and *keep to stage1* even more; we do not know why). Is that because of what it learned? Look at its filters: how much of
# their weight is the same in red, green and blue, and so blind to a change of colour?

# %% tags=["look"]
for name, weights in (("pretrained", "default"), ("random", None)):
    backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=SEED)
    kernel = backbone.model.get_layer("stem_a_conv").get_weights()[0]  # (3, 3, RGB, 12)
    blind = 3 * (kernel.mean(axis=2) ** 2).sum() / (kernel**2).sum()
    print(f"{name}: {100 * blind:.0f} % blind to colour; norm {np.sqrt((kernel**2).sum()):.1f}")

# %% [markdown]
# Both may matter. The filters mostly look past colour, so little of it reaches the stages above until training turns them. And they are
# **large**: behind a BatchNorm layer only the direction of a filter counts, and the same step turns a large one less (van
# Laarhoven 2017). So a pretrained filter also learns more slowly at the same rate, whatever it has learned. (To tell the two apart
# one would shrink the pretrained filters to the norm of random ones: an experiment for you.) Turn the dials
# above to other rates; here is every way at 25 images a class:

# %% tags=["look"]
tl.plots.along(
    fewer.select(per_class=25).rename(columns={"base_lr": "learning rate"}),
    "learning rate",
    title="Kinds that differ in colour alone, 25 images a class",
    chance=1 / 12,
)

# %% [markdown]
# **The rate decides.** 0.02 suits scratch. At 0.002, which suits related targets, every network that kept something is far
# below scratch; at 0.2 most of the gap is gone. So "pretraining hurts by fifty points" can mean: by fifty points at a rate that
# was chosen for another task. That is why the map lets validation choose among rates for each place. At each size, at
# the rate that validation prefers:

# %% tags=["look"]
mean_of = fewer.table.groupby(["condition", "per_class", "base_lr"], sort=False)[
    ["validation", "accuracy"]
].mean()
chosen_rate = mean_of.groupby(["condition", "per_class"], sort=False)["validation"].idxmax()
at_best = 100 * mean_of.loc[chosen_rate, "accuracy"].reset_index("base_lr", drop=True)
at_best.unstack().round(1)

# %% [markdown]
# With five images a class, **fewer stages do not help**, and two of the four cuts are clearly worse than keeping all: the usual
# picture, general layers below and specific ones above, misleads where the lowest layer is the one that looks past what you
# need. With 25 or 100 every cut is a little above keeping all, none beyond doubt. **More pictures** shrink the gap to scratch from 21 points to four;
# with 25, a bold rate alone does as much.

# %% tags=["conclude"]
tl.claim(
    "With five images a class, keeping nothing but the stem does not spare you: scratch is well ahead",
    fewer.select(per_class=5, base_lr=0.2),
    better="scratch",
    than="keep the stem",
    by=0.15,
)

# %% tags=["conclude"]
tl.claim(
    "With 25, a bolder rate helps a pretrained network, and helps it more than one from scratch",
    fewer.change("base_lr", 0.02, 0.2, per_class=25),
    better="keep all stages",
    than="scratch",
    by=0.03,
    metric="change",
)

# %% [markdown]
# ## 5 · Which network?
#
# Pretraining can be had from many sources. Here is a **zoo**: twelve networks, eleven of them of one architecture, that differ in
# what they were pretrained on, for how long, and by what question. Each was pretrained once, so only large differences count.
#
# | Network | Source |
# |---|---|
# | `tiny-resnet`, `tiny-resnet-s` | shapes, pen strokes and scenes, 1,050 kinds; large and small, the longest training |
# | `plain` | the same in small: 525 kinds, and what the next ones are compared with |
# | `brief` | as plain, a third of the training |
# | `few-kinds` | twenty kinds of shapes and strokes |
# | `contours`, `strokes`, `scenes` | one sort of picture only |
# | `new-kinds` | other kinds, among them the ten of section 1 |
# | `coloured` | as plain, but colour gives the kind away |
# | `palettes` | tells palettes, whatever the shape |
# | `rotations` | no labels but one it makes itself: by how much was the picture turned? Forty kinds |
#
# Five targets, three of them real: our **sketches**, drawn kinds that differ in **palettes** alone, **photographs**, handwritten
# **characters** and **digits**. On each, every network was fine-tuned from a solved head, and its architecture trained from scratch,
# for as many steps, each at the best of three rates by validation pictures, five draws of each. (Equal steps again: gains are
# perhaps too large.)
#
# First, how much does it matter what the source was? For the sketches, from near to far:

# %% tags=["predict"]
RELATED = {
    "new-kinds": "the same kinds",
    "plain": "the same factors",
    "scenes": "unrelated",
    "palettes": "misleading",
    "scratch": "scratch",
}
PLACES = ["below scratch", "above scratch"]
predict_source = Predict(
    "Sketches: where does the source that asked for palettes, whatever the shape, end up?",
    [*PLACES[::-1], "about equal"],
    key="04.source",
)
predict_source

# %% tags=["run"]
zoo = tl.evaluate.recorded("zoo")
print(f"Recorded by: {zoo.record['command']}")
print(zoo.rerun(SEED, target="sketches", backbone="tiny-resnet-s", condition="scratch"))

table = zoo.table.assign(network=zoo.table["backbone"].str.removeprefix("tiny-resnet-s."))
table["architecture"] = table["backbone"].str.partition(".")[0]
WHERE = ["target", "seed", "architecture"]
scratch = table[table["condition"] == "scratch"].set_index(WHERE)
tuned = table[(table["condition"] == "fine-tuned") & (table["backbone"] != "squeezenet")]
tuned = tuned.join(scratch["accuracy"].rename("scratch"), on=WHERE)
tuned["gain"] = tuned["accuracy"] - tuned["scratch"]
tuned["leep_above"] = tuned["leep"] - tuned["leep_chance"]


def by_source(target, names):
    """Runs on a target, a condition a source, and scratch."""
    rows = tuned[tuned["target"] == target]
    control = rows[rows["network"] == "plain"].assign(
        network="scratch", accuracy=lambda t: t["scratch"]
    )
    rows = pd.concat([rows, control])
    rows = rows.assign(condition=rows["network"].map(names)).dropna(subset="condition")
    rows = rows.sort_values("network", key=lambda network: network.map(list(names).index))
    rows.attrs["kind"] = "recorded"
    return rows


# %% tags=["look"]
near = by_source("sketches", RELATED)
tl.plots.compared(near, title="Sketches, ten of each: sources from near to far", chance=0.1)

# %% tags=["look"]
means = near.groupby("condition")["accuracy"].mean()
predict_source.reveal(
    tl.evaluate.placed(
        tl.evaluate.paired(near, "misleading", "scratch"), [0], PLACES, what="Minus scratch:"
    ),
    ", ".join(f"{name} {100 * means[name]:.1f} %" for name in RELATED.values()) + ".",
)

# %% [markdown]
# From near to far it goes down. That the ten kinds themselves were among the 525 of the source makes next to no difference;
# that the source asked for **shapes** does (even twenty kinds of them, `few-kinds`, beat 150 of scenes by 17 points). And the worst
# source is not clearly better than none.
#
# Now another target, kinds that differ in palettes alone, as at distance 1 on the map:

# %% tags=["predict"]
TURNED = {
    "palettes": "asks for palettes",
    "coloured": "colour as a hint",
    "plain": "looks past colour",
    "scenes": "unrelated",
    "scratch": "scratch",
}
predict_turned = Predict(
    "And where the kinds differ in palettes alone: which is best?",
    [*sorted(TURNED.values()), "about equal"],
    key="04.turned",
)
predict_turned

# %% tags=["look"]
far = by_source("palettes", TURNED)
tl.plots.compared(far, title="Kinds that differ in palettes alone", chance=0.1)

# %% tags=["look"]
predict_turned.reveal(tl.evaluate.leading(far), "The order has turned round.")

# %% [markdown]
# The worst is the best now. *Colour as a hint* is ahead of scratch, too; *unrelated* cannot be told from it, and `plain` is clearly below. **Near and far is not a matter of how pictures look,
# but of what is asked of them.** This is also the last remedy of section 4, another source: on such targets, the one that ends
# ahead of scratch.
#
# The gain over scratch, in points, for every network and target:

# %% tags=["look"]
(100 * tuned.pivot_table("gain", "network", "target", sort=False)).round(1)

# %% [markdown]
# Scratch took 0.2, the largest rate, in all runs on characters, in most on palettes, and for the small network on sketches: gains
# there are perhaps too large. On palettes so did every network that had not learned from colours, and both sides are capped.
#
# Read the rows. `strokes`, pretrained on nothing but lines that a pen drew, is a little ahead of `plain` on characters, which are such
# lines, perhaps on digits (four points each, too few for one pretraining to prove), and clearly behind it on sketches. `palettes` is of no clear use to any real target. No row is best everywhere, so there is
# something to choose. (From here on we compare accuracies: a gain is over the network's own architecture from scratch, and
# the two architectures differ in that.)

# %% tags=["conclude"]
tl.claim(
    "A source that asked for shapes serves the sketches better than an unrelated one",
    near,
    better="the same factors",
    than="unrelated",
    by=0.1,
)

# %% tags=["conclude"]
tl.claim(
    "Where palettes are asked for, the source that asked for them beats scratch",
    far,
    better="asks for palettes",
    than="scratch",
    by=0.03,
)

# %% [markdown]
# ### Scores before training
#
# Fine-tuning all twelve to find the best is expensive: three rates each, and some hundred steps for each of them. Scores promise to
# rank them for one look at the target's training pictures:
#
# | Score | Asks | Needs |
# |---|---|---|
# | **LEEP** (Nguyen et al. 2020) | do the source's own labels, as the network gives them, say which target label it is? | the source's head |
# | **LogME** (You et al. 2021) | how likely are the labels under all linear models of the features? | features |
# | **H-score** (Bao et al. 2019) | how far apart do class means lie, for the spread of the features? | features |
# | **similarity** (Cui et al. 2018) | how far must the source's pictures be carried to become the target's? | pictures of the source, through one network for all (`tiny-resnet`) |
# | **folds** | the plainest: how good is a linear classifier in five folds of the training pictures? | features |
#
# LEEP takes a few lines. Here the source's labels are fifty of the kinds that `tiny-resnet-s` was pretrained on, by a head
# that is solved for them (in the record it is all the labels of each source, by a head that is made as sure as it is right):

# %%
data = sketches(SEED)
backbone = tl.backbones.load("tiny-resnet-s")
source_head = tl.finetune.linear_probe(backbone, tl.data.load("source50", per_class=10, seed=SEED))
seen = tl.finetune.features(backbone.features(), data.train.x)  # (100, 104)
logits = seen @ source_head.kernel + source_head.bias
theta = softmax(logits, axis=1)  # (100, 50): which of the fifty kinds does a sketch look like?

joint = np.stack([theta[data.train.y == k].sum(0) for k in range(10)]) / len(theta)  # (10, 50)
given = joint / joint.sum(0)  # how likely each of our kinds is, given a source kind
by_hand = np.log((theta * given[data.train.y]).sum(1)).mean()
print(f"by hand {by_hand:.4f}, tl.evaluate.leep {tl.evaluate.leep(theta, data.train.y):.4f}")

# %% [markdown]
# Is that much? With more source labels LEEP is higher even where the target's labels are shuffled, and nothing can be told.
# So the record also has it for shuffled labels, as a control, and *LEEP above chance* for the difference.

# %%
shuffled = np.random.default_rng(SEED).permutation(data.train.y)
print(f"the same with shuffled labels: {tl.evaluate.leep(theta, shuffled):.4f}")

# %% tags=["predict"]
SCORES = {
    "leep": "LEEP",
    "leep_chance": "LEEP, shuffled labels",
    "leep_above": "LEEP above chance",
    "logme": "LogME",
    "h_score": "H-score",
    "similarity": "similarity",
    "folds": "folds",
}
RIVALS = [name for score, name in SCORES.items() if score != "leep_chance"]
predict_score = Predict(
    "Which score will rank the networks best, on average over the targets?",
    [*RIVALS, "about equal"],
    key="04.score",
)
predict_score

# %% tags=["run"]
rows = []
for name in dict.fromkeys(tuned["backbone"]):
    network, _, weights = name.partition(".")
    extract = tl.backbones.load(network, weights=weights or "default").features()
    seen = tl.finetune.features(extract, data.train.x)
    rows.append(
        {
            "network": weights or network,
            "LogME": tl.evaluate.logme(seen, data.train.y),
            "LogME, shuffled labels": tl.evaluate.logme(seen, shuffled),
            "H-score": tl.evaluate.h_score(seen, data.train.y),
            "H-score, shuffled labels": tl.evaluate.h_score(seen, shuffled),
        }
    )
scored = pd.DataFrame(rows).set_index("network")
scored.round(2)

# %% tags=["look"]
sketched = tuned[tuned["target"] == "sketches"]
reached = 100 * sketched.groupby("network")["accuracy"].mean()
tl.plots.scattered(
    scored.join(reached.rename("fine-tuned, %")).reset_index().dropna(),
    "LogME",
    "fine-tuned, %",
    "network",
    title="Sketches: what LogME says before training, and what fine-tuning reaches",
    subtitle="Accuracy recorded, mean of five draws",
)

# %% [markdown]
# How well does a score order the networks? **Weighted Kendall's tau** counts pairs that it has in the right order, minus those in the
# wrong one, from −1 to 1; pairs near the top of the true order count more, since you will take one from there. The true order is
# that of the accuracies after fine-tuning.
#
# Two rows to compare with. **Four other draws**: how well the accuracies found on four other draws order those of this one, a
# yardstick for how sure the truth is. **Four other targets**: the order by mean accuracy on the others, for which you need no
# score, only somebody's table.

# %% tags=["look"]


def over_targets(runs, metric):
    """Means over the targets, a row a condition and draw."""
    rows = runs.groupby(["condition", "seed"], sort=False)[metric].mean().reset_index()
    rows.attrs["kind"] = "recorded"
    return rows


def tau(truth, score):
    """Weighted Kendall's tau, -1 to 1; the weights are by the rank in the truth."""
    return weightedtau(truth, score, rank=None).statistic


DRAWS_4, TARGETS_4 = "four other draws", "four other targets"
ranked = []
for (target, seed), rows in tuned.groupby(["target", "seed"], sort=False):
    about = {"target": target, "seed": seed}
    ranked += [
        {**about, "condition": name, "tau": tau(rows["accuracy"], rows[score])}
        for score, name in SCORES.items()
    ]
    same, this = tuned["target"] == target, tuned["seed"] == seed
    for name, others in ((DRAWS_4, tuned[same & ~this]), (TARGETS_4, tuned[~same])):
        known = others.groupby("network")["accuracy"].mean()[rows["network"]]
        ranked.append({**about, "condition": name, "tau": tau(rows["accuracy"], known)})
ranked = pd.DataFrame(ranked)
shown = ranked.pivot_table("tau", "condition", "target", sort=False)
shown.assign(mean=shown.mean(axis=1)).round(2)

# %% tags=["look"]
whole = over_targets(ranked, "tau")
rivals = whole[whole["condition"].isin(RIVALS)]
means = rivals.groupby("condition", sort=False)["tau"].mean()
predict_score.reveal(
    tl.evaluate.leading(rivals, "tau", unit="of tau"),
    ", ".join(f"{name} {value:.2f}" for name, value in means.items()) + ".",
)

# %% [markdown]
# LogME, the H-score, LEEP and the folds are about equal, as far as five draws can tell. **When to trust none?** On digits the truth is
# unsure itself: most networks end within a few points of each other, and another draw does not order them well either. On
# photographs it is sure, and a plain list of what did well elsewhere is better than any score. On palettes that list is
# worse than none, and the scores save you. And no score says a word about **scratch**: on palettes most of the networks are
# below it, and every score ranks them regardless.
#
# Similarity is not what it seems. It compares pictures, through one network that looks past colour, so it cannot know what a
# source **asked**, only what it looked like. That is the same mistake about near and far.
#
# Now the control. **LEEP of shuffled labels** knows nothing of the target's classes, and still gets a tau of nearly a half. It says how
# many labels a source had and how sure the network is of them, and in this zoo sources with many labels are good ones. So
# LEEP is right in part for a reason that has nothing to do with your target. Subtracting that, which sounds wise, also
# removes what happened to be useful: *above chance* is worse on average.
# In the table of the live scores above, **LogME of shuffled labels** is the same for every network: it does ask about your target.
# The H-score's is higher for `tiny-resnet`, which has more features, so compare it among networks of one width. Ask of every score
# what it would say of shuffled labels.
#
# A tau is an abstract thing. So: take the network that a score puts first. How many points below the best one do you end?

# %% tags=["look"]
picked = []
for (target, seed), rows in tuned.groupby(["target", "seed"], sort=False):
    picks = {name: rows.loc[rows[score].idxmax(), "accuracy"] for score, name in SCORES.items()}
    picks["any network"] = rows["accuracy"].mean()
    picks["always tiny-resnet"] = rows.set_index("network").loc["tiny-resnet", "accuracy"]
    best = rows["accuracy"].max()
    picked += [
        {"target": target, "seed": seed, "condition": name, "accuracy": a, "lost": 100 * (best - a)}
        for name, a in picks.items()
    ]
picked = pd.DataFrame(picked)
lost = picked.pivot_table("lost", "condition", "target", sort=False)
lost.assign(mean=lost.mean(axis=1)).round(1)

# %% [markdown]
# Always taking the largest network with the longest training is not a bad rule, until a target asks for something else. A
# score sees that, for the price of one look at your training pictures.

# %% tags=["conclude"]
tl.claim(
    "Taking the network that LogME puts first beats always taking the largest",
    over_targets(picked, "accuracy"),
    better="LogME",
    than="always tiny-resnet",
    by=0.015,
)

# %% tags=["conclude"]
tl.claim(
    "LogME, which looks through each network, orders them better than similarity of the pictures",
    over_targets(ranked, "tau"),
    better="LogME",
    than="similarity",
    by=0.1,
    metric="tau",
    unit="of tau",
)

# %% [markdown]
# ### Real networks
#
# With a GPU and internet (profile `gpu`) the next cell ranks networks of `keras.applications`, pretrained on ImageNet, for
# photographs, 25 of each class, and fine-tunes each to see. Elsewhere it only says so.

# %% tags=["run"]
ranks = []
for name in REAL:
    if absent := tl.absent(name, "photos10"):
        print(absent)
        continue
    photos = tl.data.load("photos10", per_class=25, seed=SEED)
    backbone = tl.backbones.load(name)
    seen = tl.finetune.features(backbone.features(), photos.train.x)
    model = tl.finetune.attach_head(backbone, photos.num_classes, seed=SEED)
    tl.finetune.fine_tune(model, photos, "lp-ft", 8, (1e-4, 1e-3), augment=True, seed=SEED)
    ranks.append(
        {
            "network": name,
            "LogME": tl.evaluate.logme(seen, photos.train.y),
            "H-score": tl.evaluate.h_score(seen, photos.train.y),
            "fine-tuned, %": 100 * tl.evaluate.accuracy(model, photos.test),
        }
    )
print(pd.DataFrame(ranks).round(2).to_string() if ranks else "No real networks in this run.")

# %% [markdown]
# ## 6 · What does it cost?
#
# The most accurate network may be too large for the machine, or too slow for the user. So look at what each costs: weights
# to store, memory that training keeps for each picture, and the time of an answer, measured here and now. Two of ours, and
# squeezenet, which was pretrained on ImageNet's photographs and sees each picture at 96×96.

# %% tags=["predict"]
predict_times = Predict(
    "How many times longer than for tiny-resnet-s do you wait for squeezenet's answer?",
    (1, 100, 1),
    key="04.times",
    unit="times",
)
predict_times

# %% tags=["run"]
SIZES = ["tiny-resnet-s", "tiny-resnet", "squeezenet"]
fine = table[(table["condition"] == "fine-tuned") & table["backbone"].isin(SIZES)]
photos = fine[fine["target"] == "photographs"]
accuracy = 100 * photos.groupby("backbone")["accuracy"].mean()
pictures = np.random.default_rng(SEED).integers(0, 256, (64, 32, 32, 3), dtype=np.uint8)
networks = {name: tl.backbones.load(name, weights=None) for name in SIZES}
rows = [
    {"network": name, "turn": turn, **vars(tl.backbones.cost(network, pictures))}
    for turn in range(3)  # a machine is not always as quick
    for name, network in networks.items()
]
turns = pd.DataFrame(rows).pivot(index="turn", columns="network", values="ms")
costs = pd.DataFrame(rows[: len(SIZES)]).drop(columns="turn")
costs["ms"] = costs["network"].map(turns.mean())
costs["accuracy, %"] = costs["network"].map(accuracy)
costs.round(2)

# %% tags=["look"]
tl.plots.scattered(
    costs.rename(columns={"ms": "milliseconds a picture"}),
    "milliseconds a picture",
    "accuracy, %",
    "network",
    title="Photographs, 25 a class: what an answer costs, and how good it is",
    subtitle="Time on this machine; accuracy recorded, mean of five draws",
    log_x=True,
)

# %% tags=["look"]
predict_times.reveal(
    tl.evaluate.interval(turns["squeezenet"] / turns["tiny-resnet-s"]),
    "Measured three times in this run, on this machine.",
)
photos = photos.assign(condition=photos["backbone"])
photos.attrs["kind"] = "recorded"
real = fine[fine["target"].isin(["photographs", "characters", "digits"])]
(100 * real.pivot_table("accuracy", "backbone", "target", sort=False)).round(1)

# %% [markdown]
# For photographs it is worth its price. On characters, which pens drew, the network of 1.3 million photographs is behind both of ours. Which of the
# differences did it, its pretraining, its size, its larger pictures? This comparison cannot tell: it has no control of
# squeezenet's own architecture, and it had a quarter of the epochs, as it is slow to train on two cores.

# %% tags=["conclude"]
tl.claim(
    "On photographs, a network pretrained on photographs is more accurate than either of ours",
    photos,
    better="squeezenet",
    than="tiny-resnet",
    by=0.04,
)

# %% [markdown]
# ## 7 · Decide
#
# A checklist, from cheap to expensive.
#
# 1. **Score** the networks at hand on your training pictures (section 5), and keep the best two or three.
# 2. **Probe** them: an exact head on the frozen network. Minutes.
# 3. **Fine-tune** the best, head first, at a gentle and a bold rate. If the best rate is the largest you tried, try a larger one.
# 4. **Train from scratch**, with a budget of its own. Skip it only if you can bear not to know whether transfer hurts.
# 5. Take the **cheapest** way that is about as good as the best. Ask how sure that is, given how many validation pictures you had.
# 6. Pictures from **elsewhere** (another camera, another clinic), and good accuracy at home? Then adapt: lesson 05.
# 7. The **test set**, once.
#
# `tl.evaluate.decide` is steps 5 and 6. It takes accuracies on validation pictures, and their number.

# %%
print(
    tl.evaluate.decide({"probe": 0.71, "fine-tune": 0.80, "train from scratch": 0.43}, pictures=200)
)
print()
print(
    tl.evaluate.decide({"probe": 0.78, "fine-tune": 0.80, "train from scratch": 0.77}, pictures=60)
)
print()
print(
    tl.evaluate.decide(
        {"probe": 0.55, "fine-tune": 0.57, "train from scratch": 0.40},
        pictures=200,
        at_home=0.85,
        unlabelled=5_000,
    )
)

# %% [markdown]
# Is the protocol any good? Its one number, two points as "about as good", was fixed before the zoo was recorded, and nothing in
# it was fitted to these runs. So the zoo is a test: twelve networks on five targets, five draws. Each time `decide` sees what
# the probe, fine-tuning and scratch reach on 50 to 250 validation pictures, chooses, and
# gets the test accuracy of its choice. Beside it: always the same way, and the best on validation, whatever it costs.

# %% tags=["predict"]
predict_decide = Predict(
    "How many points above always fine-tuning will `decide` end, on average?",
    (-20, 20, 0.5),
    key="04.decide",
    unit="points",
)
predict_decide

# %% tags=["run"]
OPTIONS = ("probe", "fine-tune", "train from scratch")
rows = []
for run in tuned.to_dict("records"):
    rival = scratch.loc[tuple(run[key] for key in WHERE)]
    seen = dict(zip(OPTIONS, (run["probe"], run["validation"], rival["validation"]), strict=True))
    test = dict(
        zip(OPTIONS, (run["probe_accuracy"], run["accuracy"], rival["accuracy"]), strict=True)
    )
    decision = tl.evaluate.decide(seen, pictures=int(run["pictures"]))
    about = {key: run[key] for key in ("target", "network", "seed")}
    about |= {"sure": decision.sure, "choice": decision.choice}
    about["right"] = max(test.values()) - test[decision.choice] <= 0.02
    policies = {
        "decided": decision.choice,
        "best on validation": max(seen, key=seen.get),
        "always probe": "probe",
        "always fine-tune": "fine-tune",
        "always scratch": "train from scratch",
    }
    rows += [
        {**about, "condition": policy, "accuracy": test[way], "trains": way != "probe"}
        for policy, way in policies.items()
    ]
decided = pd.DataFrame(rows)

# %% tags=["look"]
by_target = decided.pivot_table("accuracy", "condition", "target", sort=False)
keeps = decided.groupby("condition", sort=False)["trains"].mean()
(100 * by_target.assign(mean=by_target.mean(axis=1), **{"own network": keeps})).round(1)

# %% [markdown]
# *Own network* is how often, in percent, you end with a network of your own to store and run, instead of a head of a few
# thousand numbers on one that all your tasks can share. That is what cheap means here.

# %% tags=["look"]
choices = decided[decided["condition"] == "decided"]
pd.crosstab(choices["target"], choices["choice"])

# %% tags=["look"]
groups = pd.cut(
    choices["sure"],
    [0, 0.8, 0.95, 1.0],
    labels=["at most 80 %", "to 95 %", "above 95 %"],
    include_lowest=True,
)
choices.groupby(["choice", groups.rename("said to be sure")], observed=True).agg(
    sure=("sure", "mean"), right=("right", "mean"), cases=("right", "size")
).round(2)

# %% tags=["look"]
per_seed = over_targets(decided, "accuracy")
ahead = 100 * tl.evaluate.paired(per_seed, "decided", "always fine-tune")
predict_decide.reveal(tl.evaluate.interval(ahead), "On twelve networks and five targets.")

# %% [markdown]
# Less than a point, and where it comes from matters more. On palettes, where pretraining hurts, the protocol notices, because it has
# a control from scratch: it is five points ahead there. Elsewhere it gives up about a point, and spares you a network of your
# own in one case of three. (So the average depends on the mix: one target of five hurts here.) Taking merely the best on
# validation is about as good (0.2 points, −0.0 to 0.4), and takes the probe in two cases of ten where the protocol takes it in three. That is all
# the rule adds. What both owe their gain to is the **control from scratch**.
#
# *How sure* is about right where fine-tuning or scratch is taken, and too much where the probe is: when it says at most 80 % there,
# 63 % on average, the probe is within two points of the best in 39 % of the cases. (Twelve networks share five draws, so this is rough.) A likely
# reason: a probe is taken just where validation happens to flatter it, the winner's curse of section 2 again. We did not test
# that. If the number is low and the choice is expensive, label more pictures.

# %% tags=["conclude"]
tl.claim(
    "Where pretraining hurts, the protocol notices, and beats always fine-tuning",
    over_targets(decided[decided["target"] == "palettes"], "accuracy"),
    better="decided",
    than="always fine-tune",
    by=0.03,
)

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **04.a** How many pictures are enough? From sizes in rising order and the accuracy at each, the smallest size from which a
# threshold is reached; `None` if it never is.


# %% tags=["exercise", "04.a"]
def enough(sizes, accuracies, threshold):
    """Two lists and a number -> one of the sizes, or None."""
    ### BEGIN SOLUTION
    reached = [size for size, a in zip(sizes, accuracies, strict=True) if a >= threshold]
    return reached[0] if reached else None
    ### END SOLUTION


tl.check("04.a", enough)

# %% [markdown]
# **04.b** The expected calibration error. Sort answers into ten groups by confidence: 0 to 0.1, 0.1 to 0.2, and so on. In each,
# take the gap between mean confidence and the share of right answers; then average the gaps, each as often as its group has
# answers.


# %% tags=["exercise", "04.b"]
def expected_calibration_error(confidence, right):
    """(n,) confidences below 1 and (n,) True where the answer is right -> one number, 0 to 1."""
    ### BEGIN SOLUTION
    group = (confidence * 10).astype(int)
    gaps = [abs((confidence - right)[group == k].sum()) for k in range(10)]
    return sum(gaps) / len(confidence)
    ### END SOLUTION


tl.check("04.b", expected_calibration_error)

# %% [markdown]
# **04.c** The rule of `decide`: options stand from cheap to dear; take the first that is at most `near` below the best.


# %% tags=["exercise", "04.c"]
def cheapest(accuracy, near):
    """A dict, option -> accuracy, and a number -> one of the options."""
    ### BEGIN SOLUTION
    best = max(accuracy.values())
    return next(option for option, a in accuracy.items() if a >= best - near)
    ### END SOLUTION


tl.check("04.c", cheapest)

# %% [markdown]
# ## Key points
#
# - No gain without its control: the same architecture from scratch, with rates and epochs of its own, on the same draws.
# - Choose on validation pictures. What is chosen on the test looks better there than it is, and nobody needs to cheat.
# - Transfer hurts where the source taught to ignore what the target asks for. Which layers are general depends on that, too.
# - A rate that suits related targets makes harm look worse than it is. Let validation choose among rates far apart.
# - For a wrong source there are remedies that limit the damage. To end ahead of scratch it took another source.
# - LogME, the H-score and LEEP rank networks well, in seconds. Ask how sure the truth is, and what they say of shuffled labels;
#   and they do not know what scratch would do.
# - The cheapest way that is about as good as the best, and how sure you are, given how many validation pictures you had.
#
# ## Further reading
#
# - Taylor and Stone 2009, *Transfer Learning for Reinforcement Learning Domains: A Survey* (jump-start, asymptote).
# - Wang, Dai, Póczos and Carbonell 2019, *Characterizing and Avoiding Negative Transfer*.
# - He, Girshick and Dollár 2019, *Rethinking ImageNet Pre-training* (scratch with a budget of its own).
# - Kornblith, Shlens and Le 2019, *Do Better ImageNet Models Transfer Better?*
# - Raghu et al. 2019, *Transfusion: Understanding Transfer Learning for Medical Imaging* (the low stages only).
# - Nguyen et al. 2020, *LEEP: A New Measure to Evaluate Transferability of Learned Representations*.
# - You et al. 2021, *LogME: Practical Assessment of Pre-trained Models for Transfer Learning*.
# - Bao et al. 2019, *An Information-Theoretic Approach to Transferability in Task Transfer Learning* (H-score).
# - Cui et al. 2018, *Large Scale Fine-Grained Categorization and Domain-Specific Transfer Learning* (similarity).
# - Guo et al. 2017, *On Calibration of Modern Neural Networks*.
# - Recht et al. 2019, *Do ImageNet Classifiers Generalize to ImageNet?*
# - van Laarhoven 2017, *L2 Regularization versus Batch and Weight Normalization* (why the size of weights sets the rate).
# - Dodge et al. 2019, *Show Your Work: Improved Reporting of Experimental Results*.
