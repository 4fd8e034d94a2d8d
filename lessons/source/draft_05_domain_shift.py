# %% [markdown]
# # 05 · Domain shift: measured and repaired
#
# **Question.** The classes are the same, the pictures come from elsewhere: another pen, another camera, at night. At home you
# have labels, there you have none. How far does a classifier fall, could you have known, and what brings it back?
#
# **You will**
#
# - **measure** how far two domains are apart, with and without labels, and where in the network
# - **repair** a classifier without one label: by statistics, by alignment, by its own answers
# - **reverse** a gradient in one line, and train a network to fool its critic
# - **choose** among repaired classifiers without labels, and see what a peek at them would have been worth
# - **break** it: align too hard, align what must not be aligned, believe what is merely sure
#
# **You need** lessons 00 and 02. No GPU, no internet; the real data sets are recorded, and where they are on this machine
# you can make runs again.
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

SEED = tl.setup(seed=0, lesson="05").seed  # first: it also silences the backend's start-up

from functools import cache

import keras
import numpy as np
import pandas as pd
from keras import ops

from tl_helpers.widgets import DomainExplorer, Explorer, Predict

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # labelled pictures of each kind at home
THERE = tl.pick(cpu=20, gpu=30)  # pictures of each kind in the other domain, without labels
EPOCHS = tl.pick(cpu=20, gpu=20, smoke=1)  # of learning the source
ALIGN = tl.pick(cpu=16, gpu=16, smoke=1)  # epochs of adaptation
ROUNDS = tl.pick(cpu=4, gpu=4, smoke=1)  # of self-training, in section 6
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition

# %% [markdown]
# ## 1 · How far does it fall?
#
# A scanner is replaced, a line gets new lamps, a phone is held by someone else: the task stays and the domain changes. That
# is **transductive** transfer. Ours, to begin with: **at home** are fifty kinds of drawn pictures, ten labelled ones of each, and
# a `tiny-resnet-s` that has learned them. **There** are other pictures of the same kinds, as sketches, at night, with noise. A dial
# says how far away; 0 is home.

# %% tags=["predict"]
KINDS = list(tl.data.SHIFTS)
predict_worst = Predict(
    "Which shift, at a strength of 0.7, costs the most accuracy?", KINDS, key="05.worst"
)
predict_worst

# %% tags=["predict"]
ORDER = ["in nearly the same order", "roughly", "no"]
predict_known = Predict(
    "The A-distance says how well a linear classifier tells two domains apart, from 0 to 2. It needs no labels. Does it order the "
    "shifts by what they cost?",
    ORDER,
    key="05.known",
)
predict_known

# %% tags=["run"]


@cache
def home(seed):
    return tl.data.load("source50", per_class=PER_CLASS, seed=seed)


@cache
def elsewhere(seed):
    """Another draw: no picture there is one of home's, seen otherwise."""
    return tl.data.load("source50", per_class=THERE, seed=seed + 50)


def seen(data, kind, strength, seed=SEED):
    """The same data, shifted."""
    return data.map(lambda x: tl.data.shift(x, kind, strength, seed=seed))


def learned(data, seed, weights="default"):
    """A network that has learned labelled pictures; all of it can be trained on."""
    backbone = tl.backbones.load("tiny-resnet-s", weights=weights, seed=seed)
    model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
    how, rate = ("lp-ft", 2e-3) if weights else ("full", 2e-2)
    tl.finetune.fine_tune(model, data, how, EPOCHS, rate, batch_norm=True, seed=seed)
    return model


model = learned(home(SEED), SEED)
extract = keras.Model(model.input, model.layers[-1].input)  # pictures to features
at_home = extract.predict(home(SEED).val.x[:500], batch_size=100, verbose=0)

rows = []
for kind in KINDS:
    for strength in (0.0, 0.35, 0.7, 1.0):
        far = seen(elsewhere(SEED), kind, strength)
        row = {"condition": kind, "seed": SEED, "strength": strength}
        row["accuracy"] = tl.evaluate.accuracy(model, far.test[::2])
        if strength == 0.7:
            away = extract.predict(far.train.x[::2], batch_size=100, verbose=0)
            row["A-distance"] = tl.adapt.a_distance(at_home, away)
            row["MMD"] = float(tl.adapt.mmd(at_home, away))
        rows.append(row)
fall = pd.DataFrame(rows)

# %% tags=["look"]
tl.plots.along(fall, "strength", title="The same kinds, seen otherwise", chance=1 / 50)

# %% tags=["look"]
middle = fall[fall["strength"] == 0.7].set_index("condition")
predict_worst.reveal(
    middle["accuracy"].idxmin(),
    ", ".join(f"{kind} {100 * a:.0f} %" for kind, a in middle["accuracy"].items()) + ".",
)
middle["cost"] = 100 * (fall.loc[fall["strength"] == 0, "accuracy"].mean() - middle["accuracy"])
middle[["cost", "A-distance", "MMD"]].sort_values("cost").round(2)

# %% tags=["look"]
agree = middle["cost"].corr(middle["A-distance"], method="kendall")
predict_known.reveal(
    ORDER[0 if agree > 0.8 else 1 if agree > 0.4 else 2], f"Kendall's tau is {agree:.2f}."
)

# %% [markdown]
# Two domains can be told apart without a mistake and still cost little: the discriminator may look at what the task ignores. So a
# distance without labels says that **something** changed, and not how much it matters. (The A-distance is that of Ben-David et
# al. 2007; the **MMD** beside it asks how far the means of the features lie apart in the space of a kernel.)
#
# Where does the shift sit? For each stage, how far the mean of a channel moves, in standard deviations, and by what factor
# its spread changes:

# %% tags=["look"]
stages = {
    kind: tl.adapt.shift_by_stage(
        model, home(SEED).val.x[:300], seen(elsewhere(SEED), kind, 0.7).train.x[:300]
    ).set_index("stage")
    for kind in ("sketch", "night")
}
pd.concat(stages, axis=1).round(2)

# %% [markdown]
# It is there from the first stage on. A shift of pixels is a shift of every statistic that comes of them, and the network's
# BatchNorm layers still go by those of home. Keep that in mind for section 2.
#
# Before any repair: does pretraining itself help? The same architecture from scratch, on the same labelled pictures,
# asked about sketches:

# %% tags=["run"]


def asked_about_sketches(weights):
    def run(seed):
        network = learned(home(seed), seed, weights)
        there = seen(elsewhere(seed), "sketch", 0.7, seed).test
        return {"accuracy": tl.evaluate.accuracy(network, there)}

    return run


kept = tl.evaluate.compare(
    {"fine-tuned": asked_about_sketches("default"), "scratch": asked_about_sketches(None)},
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(kept, title="Learned at home, asked about sketches", chance=1 / 50)

# %% tags=["conclude"]
tl.claim(
    "What was fine-tuned at home is better elsewhere than what was trained at home from scratch",
    kept,
    better="fine-tuned",
    than="scratch",
    by=0.1,
)

# %% [markdown]
# ## 2 · Statistics
#
# From here on it is the other way round: the labelled pictures are **sketches**, and the pictures to classify are drawings in
# colour. (Labels are often had where pictures are cheap: from a drawing program, a simulator, a lab.)
#
# A BatchNorm layer holds the mean and the spread of each channel at home. **AdaBN** (Li et al. 2017) replaces them by those of
# pictures from there, without a label and without a gradient. **Tent** (Wang et al. 2021) goes on from it: it trains the layers'
# scales and shifts until the answers on those pictures are surer.

# %% tags=["predict"]
predict_adabn = Predict(
    "How many points does AdaBN gain on drawings?", (-30, 30, 1), key="05.adabn", unit="points"
)
predict_adabn

# %% tags=["predict"]
predict_few = Predict(
    "How many pictures from there does it take to get most of it?",
    ["10", "50", "200", "1,000"],
    key="05.few",
)
predict_few

# %% tags=["run"]


@cache
def sketches(seed):
    return seen(home(seed), "sketch", 0.7, seed)


@cache
def source_only(seed):
    """A network that has learned sketches, and its weights."""
    network = learned(sketches(seed), seed)
    return network, network.get_weights()


def repaired(method):
    """A function of a seed: accuracy on drawings and at home after a method."""

    def run(seed):
        network, weights = source_only(seed)
        network.set_weights(weights)
        if method:
            method(network, elsewhere(seed).train.x)
        return {
            "accuracy": tl.evaluate.accuracy(network, elsewhere(seed).test),
            "home": tl.evaluate.accuracy(network, sketches(seed).test[::2]),
        }

    return run


by_statistics = tl.evaluate.compare(
    {
        "source only": repaired(None),
        "AdaBN": repaired(tl.adapt.adabn),
        "Tent": repaired(tl.adapt.tent),
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(by_statistics, title="Learned on sketches, asked about drawings", chance=1 / 50)

# %% tags=["look"]
gained = 100 * tl.evaluate.paired(by_statistics, "AdaBN", "source only").mean()
predict_adabn.reveal(round(gained, 1), "No label, no gradient, about a second.")
(100 * by_statistics.groupby("condition", sort=False)[["accuracy", "home"]].mean()).round(1)

# %% [markdown]
# On drawings it gains, at home it loses: the network now goes by the statistics of drawings. To serve both, keep two sets of
# statistics and one set of weights: a network with **domain-specific normalisation**.
#
# How many pictures does it take?

# %% tags=["look"]
SIZES = [10, 50, 200, 1000]
network, weights = source_only(SEED)
order = np.random.default_rng(SEED).permutation(len(elsewhere(SEED).train))
by_size = {}
for size in SIZES:
    network.set_weights(weights)
    tl.adapt.adabn(network, elsewhere(SEED).train.x[order[:size]])
    by_size[size] = 100 * tl.evaluate.accuracy(network, elsewhere(SEED).test)
start = 100 * by_statistics["accuracy"].iloc[0]
enough = next(n for n in SIZES if by_size[n] - start >= 0.8 * (by_size[1000] - start))
predict_few.reveal(
    f"{enough:,}", ", ".join(f"{size:,}: {value:.1f} %" for size, value in by_size.items()) + "."
)

# %% tags=["conclude"]
tl.claim(
    "The target's statistics, and nothing else, bring back several points",
    by_statistics,
    better="AdaBN",
    than="source only",
    by=0.08,
)

# %% [markdown]
# ## 3 · Alignment
#
# Statistics of channels are adapted one by one. **Alignment** trains the network until the features of both domains look alike
# together. All its methods share one idea:
#
# > loss = task loss on the labelled source + strength · distance of source and target features
#
# They differ in the distance. **Deep CORAL** (Sun and Saenko 2016) takes that of covariances, **MMD** (Long et al. 2015) that
# of means in the space of a kernel. **DANN** (Ganin et al. 2016) learns it: a discriminator is trained to tell the domains apart, and
# the network to fool it. Both in one step, because between them the gradient is turned round:


# %%
def reverse(x, strength):
    """Going forward nothing happens; what comes back is multiplied by -strength."""
    return (1 + strength) * ops.stop_gradient(x) - strength * x


print(reverse(ops.array([1.0, -2.0]), 0.3))

# %% [markdown]
# The first part takes no gradient. So what comes back is the derivative of the second, and forward the two add up to x.

# %% tags=["predict"]
predict_dann = Predict(
    "DANN with a strength of 0.1, on sketches to drawings: how many points above source only?",
    (-30, 30, 1),
    key="05.dann",
    unit="points",
)
predict_dann

# %% tags=["predict"]
predict_over = Predict(
    "And above AdaBN, which took a second?", (-30, 30, 1), key="05.over", unit="points"
)
predict_over

# %% tags=["run"]


class Watch(keras.callbacks.Callback):
    """The accuracy on labelled drawings after each epoch. In earnest you could not know it."""

    def __init__(self, classifier, parts):
        super().__init__()
        self.classifier, self.parts, self.log = classifier, parts, []

    def on_epoch_end(self, epoch, logs=None):
        self.log.append([tl.evaluate.accuracy(self.classifier, part) for part in self.parts])


network, weights = source_only(SEED)
network.set_weights(weights)
test = elsewhere(SEED).test
watch = Watch(network, [test[::5], test[1::5]])  # two samples of five hundred

dann = tl.adapt.DANN(network, strength=0.1)
dann.compile(
    keras.optimizers.Adam(5e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
)
both = tl.data.paired(sketches(SEED).train, elsewhere(SEED).train.x, 32, SEED)
dann.fit(both, epochs=ALIGN, shuffle=False, verbose=0, callbacks=[watch])
print(f"on drawings: {100 * tl.evaluate.accuracy(dann.classifier, test):.1f} %")

# %% [markdown]
# `dann.classifier` is an ordinary Keras model. The same for other methods and strengths, five seeds each, recorded, with
# 30 pictures of each kind instead of 20. *Apart* means that each domain is normalised by its own statistics in training, and
# that those of the target are kept; else BatchNorm sees the mixture.

# %% tags=["look"]
runs = tl.evaluate.recorded("domains")
print(f"Recorded by: {runs.record['command']}")
pair = runs.select(pair="sketches to drawings")
SHOWN = ["source only", "mixed batches", "AdaBN", "CORAL 1", "MMD 4", "DANN 0.1", "DANN 0.1 apart"]
tl.plots.compared(
    pair[pair["condition"].isin(SHOWN)],
    title="Sketches to drawings, without labels of drawings",
    chance=1 / 50,
)

# %% tags=["look"]
ahead, above = (
    100 * tl.evaluate.paired(pair, "DANN 0.1", other).mean() for other in ("source only", "AdaBN")
)
predict_dann.reveal(round(ahead, 1), "Mean of five recorded seeds.")
predict_over.reveal(round(above, 1), "Mean of five recorded seeds.")

# %% [markdown]
# (What it says, in words: to be written from the record.)
#
# Now look at it. Eight of the fifty kinds in the features of the network, flattened to the plane in which the source's kinds
# stand apart most, before and after each method. Turn the dials; colour by domain to see whether the clouds lie on each
# other, and by class to see whether it is the **right** parts that do.

# %%
views = tl.evaluate.recorded("domain_views")
of = {}
for row in views.table.to_dict("records"):
    ways = of.setdefault(row["shift"], {}).setdefault(row["strength"], {})
    ways[row["condition"]] = tl.adapt.View.from_row(row)
labels = np.repeat(np.arange(8), 12)
DomainExplorer(
    of,
    labels,
    labels,
    home(SEED).classes[:8],
    title="Learned on shifted pictures, asked about drawings (accuracy: of all fifty kinds)",
)

# %% tags=["conclude"]
tl.claim(
    "Deep CORAL brings a classifier of sketches back on drawings",
    pair,
    better="CORAL 1",
    than="source only",
    by=0.08,
)

# %% tags=["conclude"]
tl.claim(
    "So does DANN, at a small strength",
    pair,
    better="DANN 0.1",
    than="source only",
    by=0.08,
)

# %% [markdown]
# ## 4 · Real domains
#
# MNIST's digits and scikit-learn's were written by other people, with other pens, and scanned otherwise. Learn one, read the other,
# in both directions. And photographs of day and of night (real photographs, a night that was made).

# %% tags=["predict"]
WAYS = [way for way in runs.table["condition"].unique() if way not in ("few labels", "multi-task")]
predict_best = Predict(
    "Which way without labels is best, judged by its worst pair of domains?", WAYS, key="05.best"
)
predict_best

# %% tags=["run"]
table = runs.summary()
table.set_index("pair").T

# %% tags=["run"]
Explorer.from_table(
    runs.table,
    {"pair": "domains"},
    title="Adapted without labels (the last two: with five a class)",
    command=runs.record["command"],
    weights_hash=runs.weights,
)

# %%
if tl.data.available("mnist"):
    print(runs.rerun(SEED, pair="digits to mnist", condition="MMD 4"))
else:
    print("MNIST is not on this machine: `tl-course prefetch mnist` gets it, to make runs again.")

# %% tags=["look"]
gains = table.set_index("pair")[WAYS].T
gains = gains.sub(gains.loc["source only"])
gains = gains.assign(worst=gains.min(axis=1), mean=gains.mean(axis=1))
predict_best.reveal(
    gains["worst"].idxmax(), f"It gains {gains['worst'].max():.1f} points where it gains least."
)
gains.sort_values("worst", ascending=False).round(1)

# %% tags=["conclude"]
tl.claim(
    "From MNIST to digits, the kernel's distance gains far more than ten points",
    runs.select(pair="mnist to digits"),
    better="MMD 4",
    than="source only",
    by=0.1,
)

# %% [markdown]
# ## 5 · Choosing without labels
#
# The tables above were made with labels of the target. You will not have them: with labels there you would train on
# them. So how do you choose a method, its strength, the epoch to stop at?
#
# Most papers do not say, and take the best on the target's labels. Two criteria that need none:
#
# - **reverse validation**: the adapted network labels the target; a fresh probe learns those labels and is asked about
#   the labelled source. Mixed-up classes come back mixed up.
# - **source accuracy minus half the A-distance**: what it still knows at home, less how far apart the domains stay.

# %% tags=["predict"]
predict_chosen = Predict(
    "MNIST to digits: how many points above source only is the way that reverse validation chooses?",
    (-40, 40, 1),
    key="05.chosen",
    unit="points",
)
predict_chosen

# %% tags=["predict"]
predict_lie = Predict(
    "And a peek at the target's labels: how many points more, on average over the pairs?",
    (0, 20, 0.5),
    key="05.lie",
    unit="points",
)
predict_lie

# %% tags=["run"]
PEEK = "a peek at its labels"
BY = {
    "reverse": "reverse validation",
    "distance": "accuracy minus distance",
    "source": "accuracy at home",
    "accuracy": PEEK,
}
rows = []
for (name, seed), group in runs.table.groupby(["pair", "seed"], sort=False):
    without = group[group["condition"].isin(WAYS)]
    about = {"pair": name, "seed": seed}
    start = without.loc[without["condition"] == "source only", "accuracy"].item()
    rows.append({**about, "condition": "source only", "accuracy": start, "way": "source only"})
    for criterion, said in BY.items():
        best = without.loc[without[criterion].idxmax()]
        rows.append(
            {**about, "condition": said, "accuracy": best["accuracy"], "way": best["condition"]}
        )
chosen = pd.DataFrame(rows)
chosen.attrs["kind"] = "recorded"

# %% tags=["look"]
means = 100 * chosen.pivot_table("accuracy", "condition", "pair", sort=False)
means.assign(mean=means.mean(axis=1)).round(1)

# %% tags=["look"]
chosen.groupby(["pair", "condition"], sort=False)["way"].agg(
    lambda ways: ", ".join(sorted(set(ways)))
).unstack(0)

# %% tags=["look"]
pen = chosen[chosen["pair"] == "mnist to digits"]
gained = 100 * tl.evaluate.paired(pen, "reverse validation", "source only").mean()
predict_chosen.reveal(round(gained, 1), "Mean of five recorded seeds.")
lie = means.loc[PEEK].mean() - means.loc["reverse validation"].mean()
predict_lie.reveal(round(lie, 1), "That much a paper gains by not saying how it chose.")

# %% [markdown]
# The same lie is told with epochs. In section 3 the accuracy on two samples of labelled drawings was watched while DANN
# trained. Take the epoch that was best on one:

# %% tags=["look"]
first, second = 100 * np.array(watch.log).T
best = first.argmax()
print(f"The last epoch: {first[-1]:.1f} % on the first sample, {second[-1]:.1f} % on the second.")
print(f"Epoch {best + 1}, best on the first: {first[best]:.1f} % there, {second[best]:.1f} %.")

# %% [markdown]
# `tl.adapt.criteria` takes the target's pictures and no labels of them, so it cannot lie, and neither can what
# `tl.adapt.select` takes from it:

# %% tags=["look"]
candidates = {"source only": learned(sketches(SEED), SEED), "DANN 0.1": dann.classifier}
reference = tl.backbones.load("tiny-resnet").features()
found = tl.adapt.criteria(candidates, sketches(SEED).val, elsewhere(SEED).train.x, reference)
print("chosen:", tl.adapt.select(found))
found.round(2)

# %% tags=["conclude"]
tl.claim(
    "From MNIST to digits, what is chosen without labels is well ahead of source only",
    pen,
    better="reverse validation",
    than="source only",
    by=0.05,
)

# %% [markdown]
# ## 6 · How it fails
#
# **Too hard.** Nothing in an alignment says that a cat must come to lie on a cat. At its paper's full strength, DANN
# makes the domains alike, and the classes as well.
#
# **The wrong shift.** What if the pictures look as at home, and only some classes are more common there (**label shift**)?
# Then the features **should** differ. The record below has sketches in both domains; in the target three of the ten kinds make up
# 30 % (no shift), 60 or 90 %. The right repair is to estimate how common each class is, from how often the classifier
# says so and how it confuses classes at home, and to correct the answers by it (Lipton et al. 2018).

# %% tags=["predict"]
SKEW = ["gains", "about the same, within two points", "loses up to ten points", "loses more"]
predict_skew = Predict(
    "Three of ten kinds make up 90 %. What does DANN, at 0.3, do to accuracy against source only?",
    SKEW,
    key="05.skew",
)
predict_skew

# %% tags=["predict"]
SURE = ["above 40 %", "between 25 and 40 %", "about where it was", "below 15 %"]
predict_sure = Predict(
    "Self-training on noisy pictures, four rounds of believing answers that are at least 90 % sure. It starts at about 20 %. "
    "Where does it end?",
    SURE,
    key="05.sure",
)
predict_sure

# %% tags=["run"]
skewed = tl.evaluate.recorded("label_shift")
print(skewed.rerun(SEED, share=0.9, condition="corrected"))

noisy = seen(elsewhere(SEED), "noise", 0.7)
believer = learned(home(SEED), SEED)
before = 100 * tl.evaluate.accuracy(believer, noisy.test)
log = tl.adapt.self_train(
    believer,
    home(SEED),
    noisy.train.x,
    rounds=ROUNDS,
    threshold=0.9 if ROUNDS > 1 else 0.0,
    epochs=4 if ROUNDS > 1 else 1,
    base_lr=1e-3,
    batch_norm=True,
    seed=SEED,
)
after = 100 * tl.evaluate.accuracy(believer, noisy.test)

# %% tags=["look"]
dialled = runs.table[runs.table["condition"].str.fullmatch(r"DANN [\d.]+")]
dialled = dialled.assign(
    strength=dialled["condition"].str.removeprefix("DANN "), condition=dialled["pair"]
)
tl.plots.along(dialled, "strength", title="DANN: the harder, the worse")

# %% tags=["look"]
tl.plots.along(skewed.table, "share", title="Three of ten kinds make up this share of the target")

# %% tags=["look"]
end = skewed.select(share=0.9)
change = 100 * tl.evaluate.paired(end, "DANN 0.3", "source only").mean()
predict_skew.reveal(
    SKEW[0 if change > 2 else 1 if change > -2 else 2 if change > -10 else 3],
    f"It changes by {change:.1f} points; the correction, by "
    f"{100 * tl.evaluate.paired(end, 'corrected', 'source only').mean():.1f}.",
)

# %% [markdown]
# Source only does **better** with the shift, as it happens: the common kinds may be easy ones. The correction knows which are common
# and gains. Everything that makes the domains alike spreads the few kinds that are there over all ten.
#
# **Sure, not right.** Self-training believes what it is sure of, learns it, and is surer:

# %% tags=["look"]
predict_sure.reveal(
    SURE[0 if after > 40 else 1 if after > 25 else 2 if after > 15 else 3],
    f"{before:.1f} % before, {after:.1f} % after. `largest` is the share of the most common answer among those believed.",
)
log.rounds.round(2)

# %% [markdown]
# Confidence went up in every round. It went up because more and more was called the same. Whoever watches confidence, or
# the entropy that Tent lowers, sees a success. So watch the **spread of the answers**, keep as many of each class
# (`balanced=True`), and start from a classifier that is mostly right.

# %% tags=["conclude"]
tl.claim(
    "Where only the classes' shares differ, correcting the answers beats aligning the features",
    end,
    better="corrected",
    than="DANN 0.3",
    by=0.1,
)

# %% [markdown]
# ## 7 · A few labels
#
# And if someone labels five pictures of each class there? Train on from the source with those alone, or on both tasks
# together (**multi-task** training: source and target in one loss)?

# %% tags=["predict"]
predict_labels = Predict(
    "MNIST to digits: how many points do five labels a class, source and target together, gain over the best way without labels?",
    (-20, 40, 1),
    key="05.labels",
    unit="points",
)
predict_labels

# %% tags=["run"]
AT_LAST = ["source only", "few labels", "multi-task"]
labelled = runs.table[runs.table["condition"].isin(AT_LAST)]
best = chosen[chosen["condition"] == PEEK].assign(condition="best without labels")
labelled = pd.concat([labelled, best])[["pair", "seed", "condition", "accuracy"]]
labelled.attrs["kind"] = "recorded"

# %% tags=["look"]
shown = labelled.pivot_table("accuracy", "condition", "pair", sort=False)
pen = labelled[labelled["pair"] == "mnist to digits"]
gained = 100 * tl.evaluate.paired(pen, "multi-task", "best without labels").mean()
predict_labels.reveal(round(gained, 1), "Mean of five recorded seeds.")
(100 * shown).round(1)

# %% tags=["conclude"]
tl.claim(
    "With five labels a class, training on both domains beats training on those labels alone",
    labelled.groupby(["condition", "seed"])["accuracy"].mean().reset_index(),
    better="multi-task",
    than="few labels",
    by=0.01,
)

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **05.a** The CORAL distance: the squared difference of two covariance matrices, summed over all their entries, and divided by
# 4 d², with d the number of features.


# %% tags=["exercise", "05.a"]
def coral(source, target):
    """(n, d) and (m, d) features -> one number."""
    ### BEGIN SOLUTION
    gap = np.cov(source.T) - np.cov(target.T)
    return (gap**2).sum() / (4 * source.shape[1] ** 2)
    ### END SOLUTION


tl.check("05.a", coral)

# %% [markdown]
# **05.b** The A-distance, from the error of a classifier that tells the domains apart: 0 where it is no better than
# chance, 2 where it makes no mistake.


# %% tags=["exercise", "05.b"]
def a_distance(error):
    """A share of wrong answers, 0 to 1 -> 0 to 2."""
    ### BEGIN SOLUTION
    return max(0.0, 2 * (1 - 2 * error))
    ### END SOLUTION


tl.check("05.b", a_distance)

# %% [markdown]
# **05.c** Pseudo-labels for self-training: the label of each picture whose most likely class has at least the threshold's
# probability, and −1 for the others.


# %% tags=["exercise", "05.c"]
def pseudo_labels(probabilities, threshold):
    """(n, classes) and a number -> (n,) labels, -1 for those that are not believed."""
    ### BEGIN SOLUTION
    sure = probabilities.max(axis=1) >= threshold
    return np.where(sure, probabilities.argmax(axis=1), -1)
    ### END SOLUTION


tl.check("05.c", pseudo_labels)

# %% [markdown]
# ## Key points
#
# - A domain shift is a fall in accuracy. Distances without labels say that something changed, not how much it matters.
# - Try the target's statistics first (AdaBN): no labels, no gradients, a second.
# - Alignment is task loss plus a distance of features. It knows nothing of classes: small strengths, and look at what it did.
# - Choose without labels of the target, by reverse validation. A table whose best row was chosen with them says too much.
# - If classes are merely more or less common there, correct the answers, and align nothing.
# - Surer is not better. Watch the spread of the answers.
# - A few labels from there are worth more than most of the above.
#
# ## Further reading
#
# - Ben-David et al. 2007, *Analysis of Representations for Domain Adaptation* (the A-distance, and what bounds the error).
# - Ganin et al. 2016, *Domain-Adversarial Training of Neural Networks*.
# - Sun and Saenko 2016, *Deep CORAL: Correlation Alignment for Deep Domain Adaptation*.
# - Long et al. 2015, *Learning Transferable Features with Deep Adaptation Networks* (several kernels).
# - Li et al. 2017, *Revisiting Batch Normalization for Practical Domain Adaptation*.
# - Chang et al. 2019, *Domain-Specific Batch Normalization for Unsupervised Domain Adaptation*.
# - Wang et al. 2021, *Tent: Fully Test-Time Adaptation by Entropy Minimization*.
# - Lipton, Wang and Smola 2018, *Detecting and Correcting for Label Shift with Black Box Predictors*.
# - Zhao et al. 2019, *On Learning Invariant Representations for Domain Adaptation* (why alignment must fail under label shift).
# - Gulrajani and Lopez-Paz 2021, *In Search of Lost Domain Generalization* (choosing, and a fair baseline).
# - Musgrave, Belongie and Lim 2021, *Unsupervised Domain Adaptation: A Reality Check*.
