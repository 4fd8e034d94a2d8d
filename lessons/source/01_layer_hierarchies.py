# %% [markdown]
# # 01 · Layer hierarchies: what a network knows, layer by layer
#
# **Question.** A pretrained network is a stack of layers. What does each of them know, where does fine-tuning
# change it, and which layers can you carry over to another task?
#
# **You will**
#
# - **measure** what low units look for, with stripes of every orientation and colour
# - **look** at single units: the picture each would like most, and the pictures it does like
# - **probe** every stage: what can be read from it, and what has been lost there
# - **find** where fine-tuning changes a network, and test by putting stages back which changes it needs
# - **decide** how many layers to transfer
# - **map** where in a picture a network sees a class, and test the map
#
# **You need** lesson 00. No GPU, no internet.
#
# **Time** about two minutes of computing, about an hour of reading and trying.

# %% tags=["setup"]
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

SEED = tl.setup(seed=0, lesson="01").seed  # first: it also silences the backend's start-up

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import softmax

from tl_helpers.widgets import Explorer, LayerExplorer, Predict

# %% tags=["config"]
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition
PICTURES = tl.pick(cpu=1000, gpu=2500, smoke=300)  # shown to the units in section 2
UNITS = tl.pick(cpu=range(8), gpu=range(24), smoke=range(2))  # of each stage, in section 2
DIGITS = tl.pick(cpu=20, gpu=20)  # training pictures of each digit, section 4
DRAWS = tl.pick(cpu=4, gpu=5, smoke=2)  # of them, a run each
SHAPES = tl.pick(cpu=25, gpu=40)  # training pictures of each kind of shape, section 6
EPOCHS = tl.pick(cpu=10, gpu=20)  # passes over them, also in section 6

# %% [markdown]
# The network is `tiny-resnet`, pretrained on pictures that a formula drew. It has a **stem** and four
# **stages**. Each gives a feature map: a grid of **places**, and at each place the same small detectors, the
# **units** (Keras calls them channels, or filters).
#
# | Stage | Places | Units at each place |
# |---|---|---|
# | stem | 16 × 16 | 32 |
# | stage1 | 16 × 16 | 32 |
# | stage2 | 8 × 8 | 64 |
# | stage3 | 4 × 4 | 128 |
# | stage4 | 2 × 2 | 256 |
#
# In sections 1 to 3, and again in 6, the same network with random weights stands beside it as the **control**.
# The rule of this lesson: **if a random network shows it too, it was not learned.**

# %%
network = tl.backbones.load("tiny-resnet")
STAGES = list(network.stages)


def random_network(seed):
    return tl.backbones.load("tiny-resnet", weights=None, seed=seed)


tl.plots.pictures(
    tl.inspect.filters(network),
    columns=16,
    size=40,
    alt="The 32 filters of the first layer, 3 by 3 pixels: some are edges in grey, some are colours.",
)

# %% [markdown]
# ## 1 · Edges and colours: what single units look for
#
# Three by three pixels say little to the eye, so let us **measure**. Physiologists show bars, and later stripes, to
# single cells of the brain, turn them, and count impulses (Hubel and Wiesel 1962). We do that with units. Two
# numbers for each:
#
# - **orientation selectivity** (Ringach et al. 2002): take the answer to each orientation as an arrow. Its length is the
#   answer, its direction *twice* the angle, since stripes at 0° and at 180° are the same. Add the arrows, and
#   divide the length of the sum by the sum of the lengths. 1: it answers to one orientation only; 0: to all alike.
# - **colour preference**: (answer to colour - answer to grey) / (sum of both). -1: it answers to light and
#   dark only; 1: only to colours that are equally bright.

# %%
stripes = tl.inspect.gratings()  # (3 colours, 8 orientations, 3 periods, 4 phases, 32, 32, 3)
tl.plots.pictures(
    stripes[:, ::2, 1, 0].reshape(-1, 32, 32, 3),
    columns=4,
    alt="Grey, red-green and blue-yellow stripes in four of the eight orientations.",
)

# %% tags=["predict"]
predict_edges = Predict(
    "Units of stage1: in the random network their mean orientation selectivity is about 0.15, and an "
    "edge filter from a textbook (Sobel's) has 0.40. And in the pretrained network?",
    (0, 1, 0.05),
    key="01.edges",
)
predict_edges

# %% tags=["run"]


def choosy(backbone):
    """Every stage's units, in the middle of the picture: how choosy, and about what."""
    seen = tl.inspect.activations(backbone, stripes.reshape(-1, 32, 32, 3), STAGES)
    rows = []
    for stage, maps in seen.items():
        middle = maps[:, maps.shape[1] // 2, maps.shape[2] // 2]  # (pictures, units)
        answer = middle.reshape(3, 8, 3, 4, -1)  # (colours, orientations, periods, phases, units)
        grey = answer[0].max((1, 2))  # at the best period and phase: (orientations, units)
        best = answer.max((1, 2, 3))  # at the best of everything: (colours, units)
        choosiness = tl.inspect.selectivity(grey)  # (units,), NaN where a unit never answers
        colour = tl.inspect.colour_preference(best)
        row = {"stage": stage, "selectivity": np.nanmean(choosiness), "spread": np.nanstd(colour)}
        each = choosiness[~np.isnan(choosiness)]
        rows.append(row | {"silent": np.isnan(choosiness).mean(), "each": each})
    return rows


pretrained = choosy(network)  # the same for every seed: only random networks differ
rows = []
for seed in range(SEED, SEED + SEEDS):
    for name, found in {"pretrained": pretrained, "random": choosy(random_network(seed))}.items():
        rows += [{"condition": name, "seed": seed, **row} for row in found]
choosiness = pd.DataFrame(rows)

# %% tags=["look"]
tl.plots.along(
    choosiness,
    "stage",
    "selectivity",
    title="How choosy units are about orientation",
    percent=False,
)

# %% tags=["look"]
stage1 = choosiness[choosiness["stage"] == "stage1"]
means = stage1.groupby("condition")["selectivity"].mean()
of_units = stage1.loc[stage1["condition"] == "pretrained", "each"].iloc[0]
predict_edges.reveal(
    tl.evaluate.interval(of_units),
    f"The interval is over its {len(of_units)} units. Random: {means['random']:.2f}.",
)

# %% [markdown]
# Nobody told the network to look for edges; it was asked to tell kinds apart. (One in six of its shapes had stripes.)
# Networks trained on photographs arrive at edges as well (Krizhevsky et al. 2012), and so does the visual cortex
# of cats. **Where** are they? Textbooks put edges at the very bottom. Here selectivity is lowest at the stem, whose
# filters are three pixels wide, and about as high at every stage from `stage1` on; everywhere it is well above that of
# random networks. So
# "low layers see edges" is too simple for this network: a stage needs a large enough piece of the picture, and a few
# layers, to tell one orientation from another.
#
# There is one pretrained network here, so the interval in the figure covers the random ones only; units that answer
# to no stripes are left out of the mean:

# %% tags=["look"]
print(f"At no stage more than {choosiness['silent'].max():.0%} of the units.")

# %% [markdown]
# Colour is another matter. The units of the pretrained network lie further apart than those of a random one: some answer mainly to light and dark, others mainly to colour. That shows in the **spread** of the
# preference (its standard deviation over the units). Is it something of the bottom, where the colours come in? Look
# at the curve:

# %% tags=["look"]
tl.plots.along(
    choosiness,
    "stage",
    "spread",
    title="How far apart units are in colour preference",
    percent=False,
)

# %% tags=["look"]
by_stage = choosiness.groupby(["condition", "stage"], sort=False)[["selectivity", "spread"]].mean()
by_stage.unstack("condition").round(2)

# %% [markdown]
# Not only: in the pretrained network the spread is as large at the top as at the stem. But the spread of random
# networks grows on the way up, so what was *learned* shows most at the stem, where the two lie furthest apart.

# %% tags=["conclude"]
tl.claim(
    "Units of stage1 have become choosy about orientation: more than random ones",
    stage1,
    better="pretrained",
    than="random",
    by=0.2,
    metric="selectivity",
    unit="",
)

# %% tags=["conclude"]
tl.claim(
    "Units of the stem divide the labour between light and colour, more than random ones do",
    choosiness[choosiness["stage"] == "stem"],
    better="pretrained",
    than="random",
    by=0.2,
    metric="spread",
    unit="",
)

# %% [markdown]
# ## 2 · Single units: what they wish, and what they get
#
# Two ways to ask a unit what it is for.
#
# **Its wish.** Start from noise, and change the picture so that the unit's activation grows: gradient ascent, on
# pixels instead of weights. It is called **activation maximisation** (Erhan et al. 2009), or feature visualisation.
# Done naively it ends in noise that no eye can read, so the picture is written as a sum of cosine waves of
# which the fine ones are weak, and moved a little at each step (after Olah et al. 2017):
#
# ```python
# picture = sigmoid(sum(strength[k] * cosine[k]))         # start: small random strengths
# pleasure = mean(stage(picture)[..., unit])              # over all places: what is to grow
# strength += rate * gradient(pleasure, strength)         # many times
# ```
#
# **Its favourites.** Show it many pictures, and keep those to which it answers most, at any place. Here they are of
# **fifty kinds** that the network was pretrained on.

# %% tags=["predict"]
predict_kinds = Predict(
    "A unit of stage4 and its nine favourites among 1,000 pictures of 50 kinds: how many of the nine "
    "are of the most common kind among them, on average? (Of nine picked blindly: 1.6.)",
    (1, 9, 0.5),
    key="01.kinds",
    unit="pictures",
)
predict_kinds

# %% tags=["run"]


def shown(seed):
    """Pictures of the fifty kinds, and their kinds."""
    kinds = tl.data.load("source50", seed=seed)
    some = np.random.default_rng(seed).permutation(len(kinds.test))[:PICTURES]
    return kinds.test.x[some], kinds.test.y[some]


def purity(favourites, y):
    """The most common kind among a unit's nine favourites: its share, averaged over the units."""
    answering = favourites.index[favourites.value[:, -1] > 0]  # those with nine favourites
    return np.mean([np.bincount(y[nine]).max() for nine in answering]) / 9


rows, blind = [], []
for seed in range(SEED, SEED + SEEDS):
    x, y = shown(seed)
    rng = np.random.default_rng(seed)
    blind += [np.bincount(rng.choice(y, 9, replace=False)).max() / 9 for _ in range(1000)]
    for name, backbone in {"pretrained": network, "random": random_network(seed)}.items():
        for stage in STAGES:
            share = purity(tl.inspect.exciting(backbone, x, stage), y)
            rows.append({"condition": name, "seed": seed, "stage": stage, "purity": share})
purities = pd.DataFrame(rows)

# %% [markdown]
# The first eight units of each stage, not chosen. Take your time with the dials. What do units of the stem
# look for, and what those of `stage4`? How many kinds are among their favourites? Does the random network wish for
# anything?

# %%
x, y = shown(SEED)
units = {"pretrained": {}, "random": {}}
for name, backbone in {"pretrained": network, "random": random_network(SEED)}.items():
    for stage in STAGES:
        wishes = tl.inspect.maximise(backbone, stage, UNITS)
        units[name][stage] = wishes, tl.inspect.exciting(backbone, x, stage, UNITS)
explorer = LayerExplorer(
    x, [f"kind {kind + 1}" for kind in y], units, title="What single units of tiny-resnet look for"
)
explorer.select(layer="stage2")

# %% [markdown]
# What many see: colours and edges at the stem, then stripes and textures, higher up curves, corners and parts of
# shapes; favourites that share a colour at the bottom, and a shape at the top. Is it so? The picture with the nicest
# story is easily the one you remember, and the two pictures do not even answer the same question: a wish pleases the
# unit *everywhere* in the picture, so it repeats itself; a favourite needs to please it at one place. That is why
# there is a number beside it.

# %% tags=["look"]
tl.plots.along(
    purities,
    "stage",
    "purity",
    title="The most common kind among a unit's nine favourites",
    chance=np.mean(blind),
)

# %% tags=["look"]
top = purities[purities["stage"] == "stage4"]
shares = top.groupby("condition")["purity"].mean()
predict_kinds.reveal(
    tl.evaluate.interval(9 * top.loc[top["condition"] == "pretrained", "purity"]),
    f"In the random network {9 * shares['random']:.1f}.",
)

# %% tags=["look"]
by_stage = purities[purities["condition"] == "pretrained"]
by_stage = by_stage.assign(condition=by_stage["stage"])  # a claim compares conditions

# %% tags=["conclude"]
tl.claim(
    "Higher up, a unit's favourites are more often of one kind",
    by_stage,
    better="stage4",
    than="stage1",
    by=0.15,
    metric="purity",
)

# %% tags=["conclude"]
tl.claim(
    "That was learned: a random network of the same depth has much less of it",
    top,
    better="pretrained",
    than="random",
    by=0.15,
    metric="purity",
)

# %% [markdown]
# ## 3 · What can be read from each stage
#
# One unit is an anecdote, so take all units of a stage together. Average each over the places, freeze everything, and
# fit a linear classifier on these features: a **linear probe** (Alain and Bengio 2017). What it can tell apart
# can be read from that stage. We ask two questions about drawn pictures:
#
# - **kind**: which of ten kinds, among those the network was trained to tell apart
# - **camera**: which of four cameras took it: a good one, or one that blurs, adds noise, or sees at night. The network
#   was never asked that. It was even taught to look past some of it: its training pictures came with noise
#   and in different light, and their kind stayed the same.

# %%
fifty = tl.data.load("source50", seed=SEED)
CAMERAS = ("good", "blur", "noise", "night")


def taken(x, camera, seed):
    """The same pictures as this camera sees them."""
    return x if camera == "good" else tl.data.shift(x, camera, strength=0.3, seed=seed)


tl.plots.pictures(
    np.concatenate([taken(fifty.test.x[::500][:4], camera, SEED) for camera in CAMERAS]),
    columns=4,
    alt="Four pictures, a row for each camera: good, blurred, noisy, at night.",
)

# %% tags=["predict"]
predict_camera = Predict(
    "At which stage of the pretrained network can a linear probe tell the cameras apart best?",
    [*STAGES, "about equal"],
    key="01.camera",
)
predict_camera

# %% tags=["run"]


def first_ten(split):
    return split[np.flatnonzero(split.y < 10)]


def by_camera(split, seed):
    """The same pictures, each taken by one of the cameras; the camera is the new label."""
    y = np.random.default_rng(seed).permutation(len(split)) % len(CAMERAS)
    x = split.x.copy()
    for number, camera in enumerate(CAMERAS):
        x[y == number] = taken(x[y == number], camera, seed)
    return replace(split, x=x, y=y.astype(np.int32))


def both_questions(seed):
    fifty = tl.data.load("source50", seed=seed)
    kinds = replace(
        fifty,
        classes=fifty.classes[:10],
        train=first_ten(fifty.train),
        val=first_ten(fifty.val),
        test=first_ten(fifty.test),
    )
    cameras = replace(
        kinds,
        classes=CAMERAS,
        train=by_camera(kinds.train, 10 * seed + 1),  # seeds that differ: so do noise and order
        val=by_camera(kinds.val, 10 * seed + 2),
        test=by_camera(kinds.test, 10 * seed + 3),
    )
    return {"kind": kinds, "camera": cameras}


rows = []
for seed in range(SEED, SEED + SEEDS):
    questions = both_questions(seed)
    for name, backbone in {"pretrained": network, "random": random_network(seed)}.items():
        found = tl.inspect.probe_by_stage(backbone, questions)
        rows.append(found.assign(seed=seed, network=name))
probes = pd.concat(rows)

# %% tags=["look"]
lines = probes.assign(condition=probes["target"] + ", " + probes["network"])
tl.plots.along(lines, "stage", title="What a linear probe reads from each stage")

# %% tags=["look"]
camera = probes[(probes["target"] == "camera") & (probes["network"] == "pretrained")]
means = camera.groupby("stage", sort=False)["accuracy"].mean()
predict_camera.reveal(
    tl.evaluate.leading(camera.assign(condition=camera["stage"])),
    ", ".join(f"{stage} {100 * v:.0f} %" for stage, v in means.items()) + ".",
)

# %% [markdown]
# (Guessing is right on 10 % of the kinds and 25 % of the cameras.) On its way up the network makes readable what it
# was asked for: the kinds. A random network hardly finds them at any stage. And the cameras, for which nobody asked?
# From its best stage to its last, how many points does each network lose?

# %% tags=["look"]
lost = {}
for name, of_network in probes[probes["target"] == "camera"].groupby("network"):
    accuracy = of_network.pivot(index="seed", columns="stage", values="accuracy")
    best = accuracy.mean().idxmax()
    lost[name] = accuracy[best] - accuracy["stage4"]
    print(f"{name}, from {best} to stage4: {tl.evaluate.interval(lost[name]).text('points')}")
more = tl.evaluate.interval(lost["pretrained"] - lost["random"])
print(f"pretrained minus random: {more.text('points')}")

# %% [markdown]
# The pretrained network lets go of the camera on the way up. But a random network loses it, too, from about 50 to
# 36 %: **depth alone does much of that**. Did the source task do more? Yes, if the interval of the last line lies
# above zero. From `stage1` up the camera can be read better from the pretrained network than from a random one.
#
# For your own target it does not matter why. If it needs what the source did not ask for, **try a lower stage**.

# %%


def change(target, before, after):
    """What the probes of one stage read more than those of another, for each network and seed."""
    found = probes[probes["target"] == target].rename(columns={"network": "condition"})
    accuracy = found.pivot(index=["condition", "seed"], columns="stage", values="accuracy")
    return (accuracy[after] - accuracy[before]).rename("change").reset_index()


# %% tags=["conclude"]
tl.claim(
    "What the source asked for becomes readable on the way up, and not by depth alone",
    change("kind", "stage1", "stage4"),
    better="pretrained",
    than="random",
    by=0.3,
    metric="change",
)

# %% tags=["conclude"]
tl.claim(
    "What the source did not ask for can be read less well at the top than at stage1 of this network",
    camera.assign(condition=camera["stage"]),
    better="stage1",
    than="stage4",
    by=0.08,
)

# %% [markdown]
# And **real photographs**? The source never asked for them, but what it learned of shapes may help. Recorded probes
# with 25 photographs a class, on the network **cut** off after its first, second, ... and last stage. Beside
# `tiny-resnet` stands `squeezenet`, a small network that was trained to tell ImageNet's thousand kinds of
# photographs apart; its stages are put together to five cuts as well.

# %% tags=["look"]
depth = tl.evaluate.recorded("depth")
photos = depth.select(per_class=25)
photos = photos[photos["condition"] != "wrong preprocessing"]
photos = photos.assign(condition=photos["network"] + ", " + photos["condition"])
tl.plots.along(photos, "cut", title="Photographs: probes by the depth of the cut", chance=0.1)

# %% [markdown]
# `squeezenet` rises to its fourth cut; between its fourth and its fifth, with 25 photographs per class, five draws
# cannot tell: 1.3 points (−0.2 to 2.8). `tiny-resnet` is best at its end, or as good there as at its third cut. "The
# middle travels furthest" is a tendency and no law; lesson 02 looks closer, and tests it.

# %% [markdown]
# ## 4 · Where fine-tuning changes a network, and which changes it needs
#
# Now let every stage train, on real **handwritten digits**, twenty of each (they come with scikit-learn). The head is
# solved first, exactly, so that its random start does no harm (`"lp-ft"`; lesson 02 has more on it). Which stages
# change? A measure for that is **CKA**, centred kernel alignment (Kornblith et al. 2019), between a stage's features
# before and after. It asks whether pictures that are alike for one network are alike for the other. 1: the same, up
# to rotation and scale; near 0: nothing in common.
#
# And which changes does the network **need**? Put some stages **back** to their pretrained weights, leave the others as
# they are now, solve the head anew, and see what accuracy is left.

# %% tags=["predict"]
BACK = ["the upper part", "the lower part"]
predict_back = Predict(
    "After fine-tuning on digits one part goes back to its pretrained weights: the lower (stem to stage2) or "
    "the upper (stage3 and stage4). Which costs more?",
    [*BACK, "about equal"],
    key="01.back",
)
predict_back

# %% tags=["run"]


def weights_of(layers):
    return [layer.get_weights() for layer in layers]


def put(layers, weights):
    for layer, values in zip(layers, weights, strict=True):
        layer.set_weights(values)


changes, needed = [], []
for seed in range(SEED, SEED + DRAWS):
    digits = tl.data.load("digits", per_class=DIGITS, seed=seed)
    digits = replace(digits, val=digits.val[:200], test=digits.test[:500])
    backbone = tl.backbones.load("tiny-resnet")
    model = tl.finetune.attach_head(backbone, digits.num_classes, seed=seed)
    stages = tl.finetune.stages(model)  # name -> layers
    before = {stage: weights_of(stages[stage]) for stage in STAGES}
    seen_before = tl.inspect.activations(backbone, digits.test.x, STAGES)

    # BatchNorm stays as it was: what moves is weights
    tl.finetune.fine_tune(model, digits, "lp-ft", EPOCHS, base_lr=3e-3, batch_norm=False, seed=seed)

    after = {stage: weights_of(stages[stage]) for stage in STAGES}
    seen_after = tl.inspect.activations(backbone, digits.test.x, STAGES)
    for stage in STAGES:
        alike = tl.inspect.cka(seen_before[stage], seen_after[stage], batch_size=250)
        changes.append({"condition": stage, "seed": seed, "alike": alike})
    for name, back in {
        "none back": [],
        "upper part back": STAGES[3:],
        "lower part back": STAGES[:3],
        "all back": STAGES,
    }.items():
        for stage in STAGES:
            put(stages[stage], before[stage] if stage in back else after[stage])
        accuracy = tl.finetune.linear_probe(backbone, digits).accuracy(digits.test)
        needed.append({"condition": name, "seed": seed, "accuracy": accuracy})
changes, needed = pd.DataFrame(changes), pd.DataFrame(needed)

# %% tags=["look"]
changes.groupby("condition", sort=False)["alike"].describe()[["mean", "min", "max"]].round(2)

# %% tags=["look"]
tl.plots.compared(needed, title="Digits: some stages back to their pretrained weights", chance=0.1)

# %% tags=["look"]
gap = tl.evaluate.paired(needed, "upper part back", "lower part back")
predict_back.reveal(
    tl.evaluate.placed(gap, [0], BACK, what="Upper part back minus lower part back:")
)

# %% [markdown]
# How much a stage changed does not say how much it matters. The features change **most at the top**, those of the
# lower part hardly at all. But take these small changes away, and accuracy falls. Does that cost more than taking the
# large ones away? Only if the interval above excludes zero.
#
# Three words of caution. A stage gets its input from those below, so what they change shows in its CKA too. Stages
# that are put back have not trained together with the others, and that alone can cost something. And the test
# says what *this* network rests on, not how far another would have come that had trained its top alone.
#
# Zhang, Bengio and Singer (2022) put layers back in this way. Lee et al. (2023) trained one part of a network at a
# time, and which part was best depended on the shift: the first layers when pictures were corrupted, middle ones for
# new subgroups, the last when the labels changed. Our digits, grey and smooth, look unlike the source's
# pictures; their classes are new as well. (Try `formula10`: it looks like the source, and only its kinds are new.)

# %% tags=["conclude"]
tl.claim(
    "Fine-tuning on digits changes the features on top more than those at the bottom",
    changes,
    better="stage1",
    than="stage4",
    by=0.1,
    metric="alike",
    unit="",
)

# %% tags=["conclude"]
tl.claim(
    "Small as they are, the network needs its changes in the lower part",
    needed,
    better="none back",
    than="lower part back",
    by=0.015,
)

# %% [markdown]
# ## 5 · How many layers travel?
#
# Yosinski et al. (2014) asked it by surgery. Two tasks, **A** and **B**, with no kind in common. A network for B
# gets its lowest stages, up to a **cut**, from a network trained on A (*other*) or on B (*own*), and random
# weights above. Then it is trained on B, with the transferred stages **frozen**, or **tuned** with the rest. What they
# saw, on ImageNet:
#
# - **specific** layers: frozen layers from A served B less well than B's own, the more, the higher the cut;
# - **broken co-adaptation**: even B's own frozen layers did worse at a cut in the middle. New layers above, they
#   explained, do not find the cooperation that the old ones had grown up with;
# - layers from A, tuned, did **better** than a network from scratch. B's own, tuned, did not: so it was not the longer
#   training;
# - even layers from a distant task were better than random ones.
#
# Here A and B are forty kinds of drawn pictures each, sixty pictures a kind, and the network is `tiny-resnet-s`, six times
# smaller. Every network learns for 15 epochs; one from scratch for 30, as many as those that were transferred have had
# altogether. Which of the four do we find?

# %% tags=["predict"]
predict_specific = Predict(
    "All five stages are frozen, and a new head is trained on B. How many points lower is B's accuracy with "
    "A's stages than with B's own? (From scratch B reaches about 48 %; guessing, 2.5 %.)",
    (-10, 50, 1),
    key="01.specific",
    unit="points",
)
predict_specific

# %% tags=["predict"]
GAIN = ["worse", "better"]
predict_gain = Predict(
    "All five stages from A, tuned on B, against B's own stages, trained on for as long:",
    [*GAIN[::-1], "about equal"],
    key="01.gain",
)
predict_gain

# %% tags=["run"]
surgery = tl.evaluate.recorded("transfer_depth")
cuts = surgery.table[surgery.table["cut"] > 0].copy()
cuts[["whose", "mode"]] = cuts["condition"].str.split(", ", expand=True)
scratch = surgery.select(condition="scratch")["accuracy"].mean()
explorer = Explorer.from_table(
    cuts.drop(columns="condition").rename(columns={"whose": "condition"}),
    {"mode": "transferred stages are"},
    x=("cut", "stages transferred"),
    title=f"A network for B gets its lowest stages from elsewhere (from scratch: {scratch:.1%})",
    command=surgery.record["command"],
    weights_hash="none: every network is trained in the experiment",
)
explorer

# %% [markdown]
# (*random*: the transferred stages are as they were before any training, and frozen.) One of these runs, made again.
# Nothing but a head is trained in it, so it is quick. Put in another condition and cut if you have a minute.

# %%
print(surgery.rerun(SEED, condition="random, frozen", cut=5))

# %% tags=["look"]
lost = 100 * tl.evaluate.paired(surgery.select(cut=5), "own, frozen", "other, frozen")
predict_specific.reveal(tl.evaluate.interval(lost), "Both heads were trained on B.")

# %% tags=["look"]
gain = tl.evaluate.paired(surgery.select(cut=5), "other, tuned", "own, tuned")
predict_gain.reveal(tl.evaluate.placed(gain, [0], GAIN, what="A's stages minus B's own:"))

# %% tags=["look"]
longer = surgery.select(condition="scratch, longer")["accuracy"].mean()
print(f"From scratch: {scratch:.1%}, and {longer:.1%} with twice the epochs. Transferred:")
(100 * cuts.pivot_table("accuracy", "cut", "condition", sort=False)).round(1)

# %% tags=["look"]
tuned = surgery.select(condition="other, tuned", cut=5).assign(condition="fine-tuned from A")
against_scratch = pd.concat([tuned, surgery.select(cut=0)])

# %% [markdown]
# One after the other:
#
# - **Specific: yes, at the top.** With all five stages frozen, those from A serve B twelve points less well than B's own.
#   At lower cuts the gap is two to four points, which five draws cannot tell from none.
# - **Broken co-adaptation: no.** B's own stages, frozen, are on average at no cut worse than the network from scratch.
#   Yosinski et al. took it for a difficulty of *training*. Here nothing is hard to fit: as long as one stage is free,
#   every network with trained stages ends up right on all of its training pictures (column `training` of
#   `surgery.table`). What is hard here is to do well on others.
# - **Better than from scratch: yes.** A's stages, tuned, beat the network from scratch, to which twice the epochs bring
#   hardly anything. And with all five stages transferred they beat B's own, trained on for as long: A's pictures taught
#   something that B's few had not.
# - But look at the lower cuts: there **B's own stages do as well**, without A. It seems that a fresh top over stages that
#   already know something helps by itself; others have made a method of that, and throw the top away again and again
#   (Zhou et al. 2022). Without B's own as a control we would have put all of the gain down to A.
# - **Better than random: yes**, at every cut.
#
# A and B are two handfuls of the same sort of pictures, and A is no larger than B. Far tasks, and sources much larger
# than the target, are another matter.

# %% tags=["conclude"]
tl.claim(
    "The top is specific: with all stages frozen, B's own serve it better than A's",
    surgery.select(cut=5),
    better="own, frozen",
    than="other, frozen",
    by=0.05,
)

# %% tags=["conclude"]
tl.claim(
    "Frozen stages from A cost more at cut 5 than at cut 1",
    surgery.change("cut", 1, 5),
    better="own, frozen",
    than="other, frozen",
    by=0.04,
    metric="change",
)

# %% tags=["conclude"]
tl.claim(
    "Frozen stages from another task are better than random ones",
    surgery.select(cut=3),
    better="other, frozen",
    than="random, frozen",
    by=0.15,
)

# %% tags=["conclude"]
tl.claim(
    "Stages from A, fine-tuned, beat a network from scratch with twice the epochs",
    against_scratch,
    better="fine-tuned from A",
    than="scratch, longer",
    by=0.04,
)

# %% tags=["conclude"]
tl.claim(
    "A itself brought part of that: B's own stages, trained on for as long, stay behind",
    surgery.select(cut=5),
    better="other, tuned",
    than="own, tuned",
    by=0.02,
)

# %% [markdown]
# **And your own network?** Nobody tells you how specific its stages are. Make the cut a setting like any other,
# and choose it on **validation** pictures; the test pictures are for the last word.

# %%
choice = cuts.groupby(["condition", "cut"])["validation"].mean().unstack()
best = choice.idxmax(axis=1).rename("best cut on validation")
on_test = cuts.groupby(["condition", "cut"])["accuracy"].mean()
pd.DataFrame({"cut": best, "test": [on_test[way, cut] for way, cut in best.items()]}).round(3)

# %% [markdown]
# ## 6 · Where does it see that?
#
# **Grad-CAM** (Selvaraju et al. 2017) asks for each unit of a stage how much the score (logit) of one class would
# grow if the unit were more active: that is a gradient. It multiplies each unit's map by it, adds up, and keeps
# what is positive. Where the sum is high, the stage sees something that speaks for the class.
#
# Some maps of this sort look just as convincing when the weights are random (Adebayo et al. 2018; Grad-CAM passed
# their test). So we test ours, on pages with **two** things, each in its own quarter. Ask for one kind, then for
# the other: does the map go to the right one? A map that only finds *some* thing is right half the time, one that is
# strong anywhere a quarter of the time. We use `stage3`, since `stage4` has four places only. The network learns
# ten new kinds from pages with **one** thing; two at a time it sees in the test only.

# %%
UPPER = LEFT = slice(0, 16)
LOWER = RIGHT = slice(16, 32)
QUARTERS = [(UPPER, LEFT), (UPPER, RIGHT), (LOWER, LEFT), (LOWER, RIGHT)]


def page(things, rng):
    """Pictures on a grey page, each at half size in a quarter of its own; and which quarters."""
    sheet = np.full((32, 32, 3), 127, np.uint8)
    chosen = rng.permutation(4)[: len(things)]
    for thing, quarter in zip(things, chosen, strict=True):
        half = thing.reshape(16, 2, 16, 2, 3).mean((1, 3))  # each 2 by 2 pixels become one
        sheet[QUARTERS[quarter]] = half.round()
    return sheet, chosen


def one_on_each(x):
    rng = np.random.default_rng(SEED)
    return np.stack([page([thing], rng)[0] for thing in x])


def two_on_each(split, seed, count=200):
    """Pages with two things of different kinds: pages, kinds (n, 2), quarters (n, 2)."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, len(split), (count, 2))
    pairs = pairs[split.y[pairs[:, 0]] != split.y[pairs[:, 1]]]
    made = [page(split.x[pair], rng) for pair in pairs]
    return np.stack([m[0] for m in made]), split.y[pairs], np.stack([m[1] for m in made])


shapes = tl.data.load("formula10", per_class=SHAPES, seed=SEED)
pages, kinds, quarters = two_on_each(shapes.test, SEED)
tl.plots.pictures(
    pages[:8], columns=8, alt="Eight grey pages with two shapes in two quarters each."
)

# %% tags=["predict"]
predict_point = Predict(
    "We ask for one of the two things on a page. In how many of the maps is its quarter the hottest?",
    (0, 100, 1),
    key="01.point",
    unit="%",
)
predict_point

# %% tags=["run"]


def hottest(model, pages, kinds):
    """The quarter with most heat in the map for each page's kind, (n,); -1 if there is none."""
    heat = tl.inspect.grad_cam(model, pages, kinds, stage="stage3")  # (n, 4, 4)
    quarters = [heat[:, r : r + 2, c : c + 2].sum((1, 2)) for r in (0, 2) for c in (0, 2)]
    return np.where(heat.any((1, 2)), np.argmax(quarters, axis=0), -1)


def covered(pages, quarters):
    """The pages, with one quarter of each in grey."""
    pages = pages.copy()
    for sheet, quarter in zip(pages, quarters, strict=True):
        sheet[QUARTERS[quarter]] = 127
    return pages


def probability(model, pages, kinds):
    """What the model gives to the kind asked for on each page."""
    return softmax(model.predict(pages, verbose=0), axis=1)[np.arange(len(pages)), kinds]


pointing, falls, right = [], [], []
for seed in range(SEED, SEED + SEEDS):
    new = tl.data.load("formula10", per_class=SHAPES, seed=seed)
    pages, kinds, quarters = two_on_each(new.test, seed)
    for name in ("trained", "random"):
        backbone = tl.backbones.load("tiny-resnet") if name == "trained" else random_network(seed)
        model = tl.finetune.attach_head(backbone, new.num_classes, seed=seed)
        if name == "trained":
            alone = new.map(one_on_each)
            tl.finetune.fine_tune(model, alone, "lp-ft", EPOCHS, base_lr=3e-3, seed=seed)
            right.append(tl.evaluate.accuracy(model, alone.test))
        found = [hottest(model, pages, kinds[:, k]) for k in (0, 1)]
        asked = np.mean([found[k] == quarters[:, k] for k in (0, 1)])
        other = np.mean([found[k] == quarters[:, 1 - k] for k in (0, 1)])
        pointing.append({"condition": f"{name}: the one asked for", "seed": seed, "share": asked})
        pointing.append({"condition": f"{name}: the other one", "seed": seed, "share": other})
        if name == "trained":
            trained = model
            warm = found[0] >= 0
            blind = np.random.default_rng(seed).integers(0, 4, len(pages))
            sheets, asked_for = pages[warm], kinds[warm, 0]
            before = probability(model, sheets, asked_for)
            for what, chosen in {"hottest covered": found[0], "any covered": blind}.items():
                after = probability(model, covered(sheets, chosen[warm]), asked_for)
                falls.append({"condition": what, "seed": seed, "fall": (before - after).mean()})
pointing, falls = pd.DataFrame(pointing), pd.DataFrame(falls)

# %% tags=["look"]


def lit(pages, kinds):
    """The pages, bright where the map for each one's kind is hot."""
    heat = tl.inspect.grad_cam(trained, pages, kinds, stage="stage3")  # (n, 4, 4), 0 to 1
    heat = heat.repeat(8, axis=1).repeat(8, axis=2)[..., None]
    return (pages * (0.2 + 0.8 * heat)).astype(np.uint8)


eight, two = pages[:8], kinds[:8]
tl.plots.pictures(
    np.concatenate([eight, lit(eight, two[:, 0]), lit(eight, two[:, 1])]),
    columns=8,
    alt="Eight pages; below, bright where the map for one of their two kinds is hot; then the other.",
)

# %% tags=["look"]
tl.plots.compared(pointing, "share", title="In whose quarter is the map strongest?", chance=0.25)

# %% tags=["look"]
shares = 100 * pointing.groupby("condition")["share"].mean()
asked = pointing.loc[pointing["condition"] == "trained: the one asked for", "share"]
predict_point.reveal(
    tl.evaluate.interval(100 * asked),
    f"The other one's quarter: {shares['trained: the other one']:.1f} %.",
)

# %% [markdown]
# Finding the thing is not yet proof that the answer **rests** on it. For that, take it away: cover the hottest quarter
# in grey, or one that was picked blindly, and see how far the probability of the class falls (Zeiler and Fergus
# 2014). Picked blindly, a quarter is often empty, or the other thing's.

# %% tags=["look"]
tl.plots.compared(falls, "fall", title="How far the probability falls when a quarter is covered")

# %% tags=["conclude"]
tl.claim(
    "Grad-CAM of a trained network goes to the thing that was asked for, not to the other one",
    pointing,
    better="trained: the one asked for",
    than="trained: the other one",
    by=0.3,
    metric="share",
)

# %% tags=["conclude"]
tl.claim(
    "The answer rests on what the map shows: covering that costs more than covering any quarter",
    falls,
    better="hottest covered",
    than="any covered",
    by=0.1,
    metric="fall",
)

# %%
print(f"On pages with one thing the network is right on {np.mean(right):.0%}.")

# %% [markdown]
# Not every map is right, as the figure shows; some because the network itself is wrong. A map is a hint where to
# look, and no proof: test it on pictures whose answer you know, as here, before you trust it on others.

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **01.a** A unit's **silence**: the share of pictures on which its activation is zero at every place.


# %% tags=["exercise", "01.a"]
def silence(maps):
    """Activations after a ReLU, (pictures, h, w, units) -> share of pictures with none, (units,)."""
    ### BEGIN SOLUTION
    return (maps.max((1, 2)) <= 0).mean(0)
    ### END SOLUTION


tl.check("01.a", silence)

# %% [markdown]
# **01.b** Linear CKA in its plain form. X and Y have a row a picture. Centre each column (subtract its mean over
# the pictures). XᵀY then says how each feature of one goes with each of the other, and
# CKA = |XᵀY|² / (|XᵀX| |YᵀY|), where |·| is the root of the sum of all squares. (With fewer pictures than features it
# comes out far too high; `tl.inspect.cka` corrects that.)


# %% tags=["exercise", "01.b"]
def linear_cka(x, y):
    """Two representations of the same pictures, (n, p) and (n, q) -> a number from 0 to 1."""
    ### BEGIN SOLUTION
    x, y = x - x.mean(0), y - y.mean(0)
    both, own_x, own_y = ((m**2).sum() for m in (x.T @ y, x.T @ x, y.T @ y))  # squared norms
    return both / (own_x * own_y) ** 0.5
    ### END SOLUTION


tl.check("01.b", linear_cka)

# %% [markdown]
# **01.c** The last step of Grad-CAM. A unit's weight is the mean of its gradient over all places; the map is the
# weighted sum of the units' activations; what speaks against the class (below zero) becomes zero.


# %% tags=["exercise", "01.c"]
def heat_map(activations, gradients):
    """One picture's activations and their gradients, both (h, w, units) -> heat, (h, w)."""
    ### BEGIN SOLUTION
    weights = gradients.mean((0, 1))
    return (activations @ weights).clip(min=0)
    ### END SOLUTION


tl.check("01.c", heat_map)

# %% [markdown]
# ## Key points
#
# - Units become choosy about orientation, at every stage; in colour they differ from random ones most at the stem. High
#   units answer more and more to kinds.
# - Always look at a random network too: if it shows the same, it was not learned.
# - On its way up a network makes readable what its source task asked for. Other things can be read less well at the
#   top; depth alone does much of that. If your target needs them, try a lower cut.
# - Where a network changed most need not be what it needs: putting stages back tells.
# - Frozen stages of another task cost most at the top. Tuned, they help. Choose the cut on validation
#   pictures.
# - A map of where a network sees a class is a hint. Test it where you know the answer.
#
# ## Further reading
#
# - Hubel and Wiesel 1962, *Receptive fields, binocular interaction and functional architecture in the cat's visual cortex*.
# - Ringach, Shapley and Hawken 2002, *Orientation Selectivity in Macaque V1*.
# - Erhan et al. 2009, *Visualizing Higher-Layer Features of a Deep Network*.
# - Krizhevsky, Sutskever and Hinton 2012, *ImageNet Classification with Deep Convolutional Neural Networks*.
# - Zeiler and Fergus 2014, *Visualizing and Understanding Convolutional Networks*.
# - Yosinski et al. 2014, *How transferable are features in deep neural networks?*
# - Alain and Bengio 2017, *Understanding intermediate layers using linear classifier probes*.
# - Olah, Mordvintsev and Schubert 2017, *Feature Visualization*.
# - Selvaraju et al. 2017, *Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization*.
# - Adebayo et al. 2018, *Sanity Checks for Saliency Maps*.
# - Kornblith et al. 2019, *Similarity of Neural Network Representations Revisited*.
# - Zhang, Bengio and Singer 2022, *Are All Layers Created Equal?*
# - Zhou et al. 2022, *Fortuitous Forgetting in Connectionist Networks*.
# - Lee et al. 2023, *Surgical Fine-Tuning Improves Adaptation to Distribution Shifts*.
