# %% [markdown]
# # 06 · Few-shot learning: new classes from a handful of examples
#
# **Question.** Five characters that nobody has seen before, and one example of each. Which one is the next picture? Fine-tuning needs
# tens of labelled pictures a class; here there is one.
#
# **You will**
#
# - **solve** one such task by hand, with features that were never made for it
# - **measure** how it depends on ways and shots, with the intervals that papers give
# - **meta-train** a network on hundreds of small tasks, and see what that adds to plain transfer, and what it costs elsewhere
# - **take** a second-order gradient, and watch a network learn a task in three steps
# - **draw** a character of your own, and have it named
#
# **You need** lessons 00 and 02. No GPU, no internet; results on real handwriting are recorded, and where Omniglot is on this machine
# you can make runs again.
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

SEED = tl.setup(seed=0, lesson="06").seed  # first: it also silences the backend's start-up

from functools import cache, partial

import keras
import numpy as np
import pandas as pd
from keras import ops
from scipy.special import softmax

from tl_helpers.gradients import gradients
from tl_helpers.widgets import Canvas, Explorer, LiveRun, Predict, Steps

# %% tags=["config"]
ALPHABETS = tl.pick(cpu=10, gpu=60, smoke=2)  # to train on
TASKS = tl.pick(cpu=1000, gpu=1000, smoke=20)  # to test on
META = tl.pick(cpu=80, gpu=1200, smoke=2)  # tasks of twenty classes to train on
STEPS = tl.pick(cpu=150, gpu=1200, smoke=2)  # of MAML, four tasks each
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition
AGAIN = tl.pick(cpu=["centred"], gpu=["centred"], smoke=[])  # of section 2, made again here
PAPERS = tl.pick(
    cpu=0, gpu=24, smoke=0
)  # times 500 tasks of sixty classes, at the end of section 3

# %% [markdown]
# ## 1 · One task, by hand
#
# The pictures are characters of **drawn alphabets**: a program makes them up, nobody writes them (after Lake et al. 2015). Each character is a few
# strokes; each of twenty made-up drawers has a slant, a haste and a pen of their own. A **task** has **N ways**, classes that are drawn at random, and **K shots**, examples of each. They are the
# **support set**. The **queries** are other pictures of the same classes, to be named. (Vinyals et al. 2016 call it an
# *episode*.) Here is a task of five ways and one shot; the first column is the support set:

# %%


@cache
def alphabets(seed, many=5):
    """Characters to test on; another seed, other alphabets."""
    return tl.data.drawn_alphabets(many, seed=500 + seed)


new = alphabets(SEED)
task, labels = tl.fewshot.TaskSampler(new, n_way=5, n_shot=1, n_query=5, n_tasks=1, seed=SEED)[0]
support, query = task["support"][0], task["query"][0]  # (way, shot, h, w, 3), (way * 5, h, w, 3)
tl.plots.pictures(
    np.concatenate(
        [np.concatenate([s, q]) for s, q in zip(support, np.split(query, 5), strict=True)]
    ),
    [f"{'example' if not k else 'query'} {row + 1}" for row in range(5) for k in range(6)],
    columns=6,
    alt="Five characters, a row each: one example, and five queries by other drawers.",
)

# %% [markdown]
# No classifier can be trained on that. But `tiny-resnet` has learned elsewhere what makes pictures alike: on drawings in colour. So take
# its **features**, and give each query the class whose mean lies nearest. Nothing is trained.

# %% tags=["predict"]
predict_five = Predict(
    "Five ways, one shot: how many queries does the nearest mean of pretrained features name rightly? (Guessing gives 20 %.)",
    (0, 100, 1),
    key="06.five",
    unit="%",
)
predict_five

# %% tags=["predict"]
predict_random = Predict(
    "And with the features of the same network with random weights?",
    (0, 100, 1),
    key="06.random",
    unit="%",
)
predict_random

# %% tags=["run"]
backbone = tl.backbones.load("tiny-resnet")
embed = backbone.features()  # pictures to 256 numbers each
near, far = (embed.predict(x, verbose=0) for x in (support[:, 0], query))
distances = ((far[:, None] - near[None]) ** 2).sum(-1)  # (queries, ways)
right = (distances.argmin(1) == labels[0]).mean()
print(f"By hand, this task: {100 * right:.0f} % of {len(query)} queries")


def accuracies(network, seed, n_way=5, n_shot=1):
    """Of each of many tasks."""
    part = alphabets(seed)
    features = tl.finetune.features(network.features(), part.x)
    return tl.fewshot.nearest_mean_accuracies(
        features, part.y, n_way, n_shot, n_tasks=TASKS, seed=seed
    )


def nearest_mean(weights):
    """A function of a seed: the mean over its tasks."""

    def run(seed):
        network = tl.backbones.load("tiny-resnet", weights=weights, seed=seed)
        return {"accuracy": accuracies(network, seed).mean()}

    return run


plain = tl.evaluate.compare(
    {"pretrained features": nearest_mean("default"), "random features": nearest_mean(None)},
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(plain, title="Five ways, one shot: characters of other alphabets", chance=1 / 5)

# %% tags=["look"]
by_features = 100 * plain.pivot(index="seed", columns="condition", values="accuracy")
predict_five.reveal(tl.evaluate.interval(by_features["pretrained features"]), "Over seeds.")
predict_random.reveal(tl.evaluate.interval(by_features["random features"]), "Over seeds.")

# %% [markdown]
# One task says little: it is 25 or 75 answers, and some tasks are hard. So papers give the mean over many tasks, plus and minus 1.96 standard
# deviations of their accuracies divided by the square root of how many tasks there were:

# %% tags=["look"]
each = accuracies(backbone, SEED)
mean, within = tl.fewshot.interval(each)
by_hand = 1.96 * each.std(ddof=1) / len(each) ** 0.5
print(
    f"{len(each):,} tasks: {100 * mean:.1f} ± {100 * within:.1f} %; by hand ± {100 * by_hand:.1f}"
)
print(
    f"ten tasks:   {100 * each[:10].mean():.1f} ± {100 * tl.fewshot.interval(each[:10])[1]:.1f} %"
)
print(f"the worst task {100 * each.min():.0f} %, the best {100 * each.max():.0f} %")

# %% [markdown]
# That interval speaks of **other tasks** with the same network and the same alphabets, and of nothing else. Other alphabets, other
# handwriting, another training run are not in it. Compare it with the dots above: each seed has other alphabets.

# %% tags=["conclude"]
tl.claim(
    "Features that were learned on drawings in colour tell new characters apart by one example",
    plain,
    better="pretrained features",
    than="random features",
    by=0.3,
)

# %% [markdown]
# ## 2 · Ways, shots and plain transfer
#
# Before anything clever: how good can fixed features be? Two small changes cost nothing. **Centre and shorten**: what all pictures share cannot
# tell them apart, so subtract the mean of other pictures' features, and bring each to length one (Wang et al. 2019,
# *SimpleShot*). Or train a linear **head** on each task's examples, as Chen et al. 2019 do in their *Baseline*.

# %% tags=["predict"]
predict_ways = Predict(
    "One shot, centred features: 20 ways instead of five. How many percent are right now?",
    (0, 100, 1),
    key="06.ways",
    unit="%",
)
predict_ways

# %% tags=["predict"]
MORE = ["one more", "four more, or nine", "not even nine more"]
predict_shots = Predict(
    "How many more examples of each of the 20 does it take to be as good as with five ways and one shot?",
    [*MORE, "about equal"],
    key="06.shots",
)
predict_shots

# %% tags=["run"]
WAYS, SHOTS = (2, 5, 10, 20), (1, 2, 5, 10)
features = tl.finetune.features(embed, new.x)
centre = tl.finetune.features(embed, alphabets(SEED + 100, many=2).x).mean(0)  # of other characters
centred = tl.fewshot.unit_features(features, centre)
rows = []
for way in WAYS:
    for shot in SHOTS:
        tasks = {"n_way": way, "n_shot": shot, "n_query": 10, "seed": SEED}
        nearest = partial(tl.fewshot.nearest_mean_accuracies, **tasks, n_tasks=TASKS)
        found = {
            "plain": nearest(features, new.y),
            "centred": nearest(centred, new.y),
            # Trained anew for every task, so there are fewer, and 30 steps where the record has 100.
            "head": tl.fewshot.head_accuracies(
                centred, new.y, **tasks, n_tasks=TASKS // 10, steps=30
            ),
        }
        for condition, each in found.items():
            mean, within = tl.fewshot.interval(each)
            row = {"ways": way, "shots": shot, "condition": condition, "seed": SEED}
            rows.append(row | {"accuracy": mean, "within": within})
dials = pd.DataFrame(rows)

# %% tags=["look"]
Explorer.from_table(
    dials,
    {"ways": "ways", "shots": "shots"},
    title="Characters of new alphabets, by fixed features",
    command="run in the cell above",
    weights_hash=tl.backbones.read_card("tiny-resnet")["weights"],
)

# %% tags=["look"]
by_dial = dials[dials["condition"] == "centred"]
table = 100 * by_dial.pivot_table("accuracy", "ways", "shots")
within = 100 * by_dial.pivot_table("within", "ways", "shots")


def over_tasks(mean, half):
    return tl.evaluate.Interval(mean, mean - half, mean + half)


def ahead_with(shots):
    """Twenty ways and so many shots, minus five ways and one."""
    half = np.hypot(within.loc[20, shots], within.loc[5, 1])
    return over_tasks(table.loc[20, shots] - table.loc[5, 1], half)


predict_ways.reveal(
    over_tasks(table.loc[20, 1], within.loc[20, 1]), "Centred, nearest mean; over tasks."
)
predict_shots.reveal(
    tl.evaluate.earliest({MORE[0]: ahead_with(2), MORE[1]: ahead_with(10)}, MORE[2]),
    "Shots, with twenty ways: "
    + ", ".join(f"{k}: {v:.0f} %" for k, v in table.loc[20].items())
    + f"; five ways, one shot: {table.loc[5, 1]:.0f} %.",
)
pd.concat({"%": table.round(1), "±": within.round(1)}, axis=1)

# %% [markdown]
# Ways cost, shots pay. A mean of two examples has half the variance of one, so the second example pays more than the eight from the third to the
# tenth, unless there is nothing left to gain. State ways and shots with every number; *“90 % few-shot accuracy”* alone says nothing.
#
# With one shot, *head* and *centred* agree as well as the head's hundred tasks can tell, and that is arithmetic: the first gradient step from zero makes the weights of each class its
# example less the mean of all examples. With ten shots they can part.
#
# Now on real handwriting, recorded: **Omniglot** (Lake et al. 2015), where the same network and the same arithmetic meet pens and
# people. It is the publisher's small part, 136 characters of five alphabets. All seeds are tested on the same pictures and tasks there, so
# their spread is that of training; *plain* trains nothing, and its five dots are one number.

# %% tags=["look"]
runs = tl.evaluate.recorded("few_shot")
print(f"Recorded by: {runs.record['command']}")
for way in AGAIN:  # about forty seconds
    print(f"{way}: {runs.rerun(SEED, condition=way, metric='drawn, 5 ways, 1 shot')}")
PLACES = ["drawn", "omniglot", "kinds", "photographs"]
KINDS = ["5 ways, 1 shot", "5 ways, 5 shots", "20 ways, 1 shot"]
NAMES = {
    "classes": "fine-tuned on classes",
    "classes, from scratch": "classes, from scratch",
    "four convolutions": "four convolutions, prototypical",
}
named = runs.table.replace({"condition": NAMES})
long = pd.concat(
    [
        named[["condition", "seed"]].assign(
            place=place,
            tasks=kind,
            accuracy=named[f"{place}, {kind}"],
            within=named[f"{place}, {kind}, within"],
        )
        for place in PLACES
        for kind in KINDS
        if f"{place}, {kind}" in named
    ],
    ignore_index=True,
).dropna()


def of(place, kind, *conditions):
    """The recorded runs on one kind of task."""
    rows = long[(long["place"] == place) & (long["tasks"] == kind)]
    rows = rows[rows["condition"].isin(conditions or rows["condition"])].copy()
    rows.attrs["kind"] = "recorded"
    return rows


PLAIN = ["plain", "centred", "head"]
pd.concat(
    {
        kind: 100 * of("omniglot", kind, *PLAIN).groupby("condition")["accuracy"].mean()
        for kind in KINDS
    },
    axis=1,
).round(1)

# %% [markdown]
# Those are the numbers to beat: plain transfer, without a single task of training. Centring gains a little here; on drawn characters two points:

# %% tags=["conclude"]
tl.claim(
    "On drawn characters, centred features at length one do better than the features as they are",
    of("drawn", "5 ways, 1 shot"),
    better="centred",
    than="plain",
    by=0.01,
)

# %% [markdown]
# ## 3 · Learning to compare
#
# **Meta-training**: if at the test there will be small tasks, train on small tasks. Draw a task of training characters, answer it, take the gradient
# of the loss on its queries, draw the next. No class keeps its number from task to task, so the numbers cannot be learned; what can be is how to
# compare. All its methods share one shape:
#
# ```python
# known = model.process_support_set(support)      # what is kept of the examples
# logits = model.name_queries(known, query)       # how queries are scored by it
# ```
#
# | Method | It keeps | A query's logit for a class |
# |---|---|---|
# | **prototypical** (Snell et al. 2017) | the mean of each class | minus the squared distance to it |
# | **matching** (Vinyals et al. 2016) | every example; *in context*: an LSTM reads all examples, and each is changed by the others | log of the attention that its examples get, by cosine |
# | **relation** (Sung et al. 2018) | the mean of each class | what a small network says of the pair |
# | **fine-tuned on classes** (trained as Chen et al. 2019, asked as Wang et al. 2019) | the mean of each class, centred, at length one | minus the squared distance to it |
#
# The last is the control: **no task at all in training**. The network learned to name all training characters, like any other classifier, from as many pictures.
# If it does as well, it was the pictures, not the tasks.
#
# (Against the papers: distances between pretrained features are in the tens, so they are multiplied by 0.1 to begin with and cosines by 10, else a softmax of
# them is sure of itself before anything is learned (Oreshkin et al. 2018). The relation network compares pooled features, and learns by cross-entropy.)

# %% tags=["predict"]
predict_meta = Predict(
    "Omniglot, 20 ways, one shot: how many points does a prototypical network, meta-trained on drawn alphabets, gain on plain features?",
    (-10, 20, 0.5),
    key="06.meta",
    unit="points",
)
predict_meta

# %% tags=["predict"]
ORDER = ["fine-tuned on classes", "prototypical"]
predict_tasks = Predict(
    "The same tasks: prototypical, against a network fine-tuned on classes, which never saw a task?",
    [*ORDER, "about equal"],
    key="06.tasks",
)
predict_tasks

# %% tags=["run"]
train = tl.data.drawn_alphabets(ALPHABETS, seed=SEED)  # no character of the test among them
learner = tl.backbones.load("tiny-resnet").features()
learner.trainable = True
prototypical = tl.fewshot.PrototypicalNetwork(learner, scale=0.1)
prototypical.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, META)),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
tasks = tl.fewshot.TaskSampler(train, n_way=20, n_shot=1, n_query=5, n_tasks=META, seed=SEED)
prototypical.fit(
    tasks, shuffle=False, verbose=0, callbacks=[tl.finetune.Live("learning to compare")]
)
embedded = tl.finetune.features(learner, new.x)
for way in (5, 20):
    for when, known in {"before": features, f"after {META} tasks": embedded}.items():
        each = tl.fewshot.nearest_mean_accuracies(known, new.y, way, 1, n_tasks=TASKS, seed=SEED)
        mean, within = (100 * value for value in tl.fewshot.interval(each))
        print(f"drawn, {way} ways, one shot, {when}: {mean:.1f} ± {within:.1f} %")

# %% [markdown]
# What did it change? Here are five new characters, all their drawings, in the two directions in which their features vary most. The *spread* is the mean
# squared distance from a character's own mean, over that of the means from each other:

# %% tags=["look"]
five = np.isin(new.y, np.unique(new.y)[:5])
tl.plots.clouds(
    {"before": features[five], "after": embedded[five]},
    [f"character {k + 1}" for k in np.searchsorted(np.unique(new.y)[:5], new.y[five])],
    title="Five new characters, twenty drawings of each",
)

# %%
print(f"The recorded networks saw {1200 / META:.0f} times as many tasks, of sixty alphabets.")

# %% tags=["look"]
TRAINED = ["fine-tuned on classes", "prototypical", "matching", "in context", "relation"]
tl.plots.compared(
    of("omniglot", "20 ways, 1 shot", *PLAIN, *TRAINED),
    title="Trained on drawn characters, tested on Omniglot: 20 ways, one shot",
    chance=1 / 20,
)

# %% tags=["look"]
hard = of("omniglot", "20 ways, 1 shot")
gained = 100 * tl.evaluate.paired(hard, "prototypical", "plain")
ahead = tl.evaluate.paired(hard, "prototypical", "fine-tuned on classes")
predict_meta.reveal(tl.evaluate.interval(gained), "Mean of five recorded seeds.")
predict_tasks.reveal(tl.evaluate.placed(ahead, [0], ORDER, what="Prototypical minus classes:"))
(
    100
    * long[long["place"] == "omniglot"].pivot_table(
        ["accuracy", "within"], "condition", "tasks", sort=False
    )
).round(1)

# %% [markdown]
# Four things to read there.
#
# - **Training on characters pays**: with twenty ways and one shot four to five points, on handwriting that it never saw.
# - **Tasks are not the reason**, for a pretrained network: the one *fine-tuned on classes* saw the same pictures and never a task, and is within a
#   point of *prototypical*. What was learned is characters; how they were asked about comes second. (Chen et al. 2019 and Tian et al. 2020 found so on photographs, at a
#   larger scale.)
# - **How a query is compared** matters as little, as long as little has to be learned for it: the three that compare by a distance or a cosine lie within two
#   points. A relation network must learn the comparison itself, from drawn characters alone. On these it is nearly as good; on handwriting it is no better than plain transfer.
# - **From random weights tasks do matter.** In the table, *prototypical* from scratch is five points ahead of *classes* from scratch, and both are far
#   behind the pretrained ones.
#
# Far behind, with as many pictures. A fair control gets a rate of its own and four times as many (recorded, `few_shot_scratch`):

# %% tags=["look"]
longer = tl.evaluate.recorded("few_shot_scratch").select()
longer = longer.assign(accuracy=longer["omniglot, 20 ways, 1 shot"])
against_scratch = pd.concat([hard, longer])
against_scratch.attrs["kind"] = "recorded"
SCRATCH = "classes, from scratch, four times as long"
tl.plots.compared(
    against_scratch[
        against_scratch["condition"].isin(
            ["fine-tuned on classes", "classes, from scratch", SCRATCH, "centred"]
        )
    ],
    title="What pretraining is worth here: Omniglot, 20 ways, one shot",
    chance=1 / 20,
)

# %% [markdown]
# That closes about two fifths of the gap and leaves ten points, and it stays below plain transfer, for which nobody trained anything on characters.

# %% tags=["conclude"]
tl.claim(
    "Meta-trained on drawn alphabets, a network reads real handwriting better than by plain transfer",
    hard,
    better="prototypical",
    than="centred",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "So does one that learned to name drawn characters and never saw a task",
    hard,
    better="fine-tuned on classes",
    than="centred",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "From random weights, a network stays behind, also with four times as many pictures and a rate of its own",
    against_scratch,
    better="fine-tuned on classes",
    than="classes, from scratch, four times as long",
    by=0.05,
)

# %% [markdown]
# **An episode of your own.** Four new characters, three drawings of each; the fifth you make up. Draw it on the first sheet, once: that is its one example.
# The table says which of the four it is most like. (Keys: Tab to the sheet, arrows to move, space to put the pen down and lift it.)

# %%
EPISODE = 1  # another number, other characters
shown, _ = tl.fewshot.TaskSampler(new, 4, 3, 1, n_tasks=1, seed=SEED + EPISODE)[0]
four = shown["support"][0]  # (4, 3, h, w, 3)
means = learner.predict(np.concatenate(four), verbose=0).reshape(4, 3, -1).mean(1)


def shares(picture, means):
    """Of each mean, by the network that was trained above."""
    far = ((learner.predict(picture[None], verbose=0) - means) ** 2).sum(1)
    return softmax(-prototypical.scale * far)


examples = {f"character {k + 1}": x for k, x in enumerate(four)}
mine = Canvas(
    lambda picture: shares(picture, means), examples, title="Make up a fifth character, and draw it"
)
mine

# %% [markdown]
# Now draw any of the five on the second sheet, yours too: what is on the first sheet is its mean.

# %%


def name(picture):
    """Shares of the four and of what is on the first sheet, if anything is."""
    if not mine.strokes:
        return [*shares(picture, means), 0.0]
    own = learner.predict(mine.picture()[None], verbose=0)
    return shares(picture, np.concatenate([means, own]))


nothing = np.full((1, *four.shape[2:]), 255, np.uint8)
Canvas(name, {**examples, "yours": nothing}, title="Draw one of the five")

# %% [markdown]
# It must choose one of the five, and the shares sum to one whatever you draw: they do not know how to say *none of these*.

# %% [markdown]
# ### The papers' setting
#
# *98.8 %, five ways, one shot* (Snell et al. 2017) is the answer to another question: no pretraining, but 1,200 of Omniglot's own characters to
# meta-train on, each turned by quarters into four, in tasks of sixty classes. With a GPU and all of Omniglot (profile `gpu`) the next cell asks
# it; elsewhere it only says so. It should come near 98.8 % with five ways and 96.0 % with twenty. (**Not yet verified:** no run on a GPU has been
# recorded. Unlike the paper, the rate falls along a cosine, the characters are the first 1,200 of the publisher's folders, and one network is asked for
# one shot and for five, where the paper trains one for each.)

# %% tags=["run"]
BOTH = ("omniglot", "omniglot_evaluation")
if PAPERS and all(map(tl.data.available, BOTH)):
    to_train, to_test = tl.data.rotated_omniglot()
    x = begin = keras.Input((28, 28, 3))
    x = keras.layers.Rescaling(-1 / 255, 1)(x)  # ink is 1
    for _ in range(4):
        x = keras.layers.Conv2D(64, 3, padding="same")(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        x = keras.layers.MaxPooling2D()(x)
    paper = keras.Model(begin, keras.layers.Flatten()(x))
    model = tl.fewshot.PrototypicalNetwork(paper)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, 500 * PAPERS)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    sixty = tl.fewshot.TaskSampler(to_train, 60, 1, 5, n_tasks=500, seed=SEED)
    model.fit(sixty, epochs=PAPERS, shuffle=False, verbose=0, callbacks=[tl.finetune.Live()])
    turned = tl.finetune.features(paper, to_test.x)
    for way, shot in ((5, 1), (5, 5), (20, 1)):
        each = tl.fewshot.nearest_mean_accuracies(
            turned, to_test.y, way, shot, n_tasks=TASKS, seed=SEED
        )
        mean, within = (100 * value for value in tl.fewshot.interval(each))
        print(f"{way} ways, {shot} shots: {mean:.1f} ± {within:.1f} %")
else:
    print(f"Not in this run. {tl.absent(*BOTH)}")

# %% [markdown]
# ## 4 · How far does it travel?
#
# Meta-training on characters is training like any other: it adapts a network to a domain. Four places to ask it: other drawn alphabets; real
# handwriting; new kinds of drawings in colour, the domain in which the network was pretrained; photographs, foreign to all.

# %% tags=["predict"]
predict_kinds = Predict(
    "New kinds of drawings in colour, five ways, one shot: plain features are right in "
    f"{100 * of('kinds', KINDS[0], 'plain')['accuracy'].mean():.0f} of 100. The prototypical network?",
    (0, 100, 1),
    key="06.kinds",
    unit="%",
)
predict_kinds

# %% tags=["run"]
Explorer.from_table(
    long[["condition", "seed", "place", "tasks", "accuracy"]][
        long["condition"].isin(["plain", "centred", *TRAINED])
    ],
    {"place": "tested on", "tasks": "ways and shots"},
    title="Trained on drawn characters, tested elsewhere",
    command=runs.record["command"],
    weights_hash=runs.weights,
)

# %% [markdown]
# Make one of these runs yourself: a minute for *plain*, *centred* and *head*, two to six for what is trained. It needs Omniglot and the photographs on this
# machine; where they are not, it says what brings them.

# %%
LiveRun(
    runs,
    {"condition": "way"},
    title="Make one of these runs yourself",
    seed=SEED,
    metric="drawn, 5 ways, 1 shot",
)

# %% tags=["look"]
coloured = of("kinds", "5 ways, 1 shot")
kept = 100 * coloured.groupby("condition")["accuracy"].mean()
predict_kinds.reveal(
    tl.evaluate.interval(100 * coloured.loc[coloured["condition"] == "prototypical", "accuracy"]),
    f"Plain features: {kept['plain']:.1f} %.",
)
own = 100 * named.groupby("condition", sort=False)[[f"{place}, own" for place in PLACES]].mean()
pd.concat(
    {
        "as it is": 100
        * long[long["tasks"] == "5 ways, 1 shot"].pivot_table(
            "accuracy", "condition", "place", sort=False
        ),
        "own statistics": own.rename(columns=lambda c: c.removesuffix(", own")),
    },
    axis=1,
).dropna().round(1)

# %% [markdown]
# On drawings in colour, which the network left alone tells apart almost without fail, every one that was trained on characters lost more
# than half. Was it overwritten? The right half of the table says: mostly not. It asks the same networks with BatchNorm's statistics taken anew from
# the place, without a label (AdaBN, lesson 05), and *prototypical* is back at more than four fifths. So most of what it lost lay in the statistics, which had gone over to black on
# white; the rest, and more of it in *matching* and *relation*, is forgetting proper (lesson 03). (*Own* uses all pictures of the place, queries included. A single task of five
# pictures does not have these.)
#
# It is not the tasks that narrow a network, either: the one *fine-tuned on classes* lost as much. And on photographs, foreign to all, nobody is
# far above guessing; training on characters costs one to five points there, and with statistics of the place next to none.
#
# So go by what you know of the tasks to come. If they are like those at hand, train on these. If not, or if you cannot know, keep the features as they are. If there are
# unlabelled pictures of the place, keep the trained weights and renew the statistics.

# %% tags=["conclude"]
tl.claim(
    "Back in the domain of its pretraining, a network that was meta-trained on characters loses to the one left alone",
    coloured,
    better="plain",
    than="prototypical",
    by=0.3,
)

# %% tags=["conclude"]
tl.claim(
    "And so does the control that never saw a task: it is not the tasks that narrow",
    coloured,
    better="plain",
    than="fine-tuned on classes",
    by=0.3,
)

# %% [markdown]
# ## 5 · Learning to adapt: MAML
#
# The other idea: do not compare, **adapt**. From random weights, a few gradient steps on five pictures go some of the way. Look for a start from which
# they go further (Finn et al. 2017, *model-agnostic meta-learning*):
#
# > **inner** steps, on the examples: θ' = θ − α ∇ loss(support; θ), a few times
# >
# > **outer** step, on the queries: move θ along the gradient of loss(query; θ') with respect to **θ**
#
# The outer one is the gradient of something that has a gradient in it: **second order**. **First-order** MAML takes the inner gradient as if it were a
# constant. In one number, with half squared distances as losses, so that everything can be done by hand. From θ = 2, one inner step goes to θ' = 1.55:

# %%
alpha, theta, near_by, far_off, bend = 0.1, ops.array(2.0), 0.5, -1.0, 3.0


def adapted(w, second_order=True):
    """One inner step on bend / 2 · (w - near_by)², whose second derivative is `bend`."""
    (back,) = gradients(lambda v: bend / 2 * (v[0] - near_by) ** 2, [w])
    return w - alpha * (back if second_order else ops.stop_gradient(back))


gap = 2.0 - alpha * bend * (2.0 - near_by) - far_off
for order, text, number in (
    (True, "second order: (θ' - far) (1 - α bend)", gap * (1 - alpha * bend)),
    (False, "first order:   θ' - far", gap),
):
    (outer,) = gradients(lambda v, o=order: (adapted(v[0], o) - far_off) ** 2 / 2, [theta])
    print(f"{text} = {number:.3f} by hand, {float(outer):.3f} by the library")

# %% [markdown]
# The network: four small convolutions as in the paper, half as wide, 30 thousand weights, from scratch. We can afford some thousand tasks; the paper's own code takes
# over a million, of Omniglot itself, and reaches 98.7 %. So read the figures below as what MAML learns **from little**.

# %% tags=["predict"]
predict_steps = Predict(
    "Drawn characters, five ways, one shot: from random weights, three gradient steps on the five examples bring "
    f"{100 * runs.table.set_index('condition').loc['untrained', 'step 3'].mean():.0f} % of the queries right. From MAML's start?",
    (0, 100, 1),
    key="06.steps",
    unit="%",
)
predict_steps

# %% tags=["predict"]
BETTER = ["comparing embeddings", "MAML"]
predict_adapt = Predict(
    "The same four convolutions, MAML against a prototypical network, five ways, one shot, drawn characters: which is better?",
    [*BETTER, "about equal"],
    key="06.adapt",
)
predict_adapt

# %% tags=["run"]


def four_convolutions(seed):
    """Pictures to logits of five classes."""
    keras.utils.set_random_seed(seed)
    x = begin = keras.Input((32, 32, 3))
    x = keras.layers.Rescaling(1 / 127.5, -1)(x)
    for _ in range(4):
        x = keras.layers.Conv2D(32, 3, strides=2, padding="same")(x)
        x = keras.layers.ReLU()(tl.fewshot.TransductiveBatchNorm()(x))
    return keras.Model(begin, keras.layers.Dense(5)(keras.layers.Flatten()(x)))


maml = tl.fewshot.MAML(four_convolutions(SEED), rate=0.1, steps=3)
untrained = tl.fewshot.MAML(four_convolutions(SEED), rate=0.1, steps=3)
maml.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, STEPS)),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
tasks = tl.fewshot.TaskSampler(train, 5, 1, 15, n_tasks=4 * STEPS, batch_size=4, seed=SEED)
history = maml.fit(tasks, shuffle=False, verbose=0, callbacks=[tl.finetune.Live("MAML")])

# %% [markdown]
# Watch it learn the task of section 1, from its start and from the random one it had itself. Each column is a query, each row one of the five names;
# it was trained for three steps, and the other three show whether it goes on. Press *Play*, or move the slider:


# %% tags=["look"]
def path(model, support, query, steps=6):
    """What is said of the queries, before any step and after each: (steps + 1, n, 5)."""
    trained_for, model.steps = model.steps, steps
    along = model.path(ops.convert_to_tensor(support))
    model.steps = trained_for
    said = [ops.convert_to_numpy(model.logits(w, query)) for w in along]
    return softmax(np.stack(said), axis=-1)


truth = np.repeat(np.arange(5), 5)
characters = [f"character {k + 1}" for k in range(5)]
Steps(path(maml, support, query), truth, characters, title="From MAML's start")

# %% tags=["look"]
Steps(path(untrained, support, query), truth, characters, title="From random weights")

# %% [markdown]
# At step 0 both can only guess: the five outputs have no meaning yet. What do the steps change? By how much each kernel moves, of its own length, in three:

# %% tags=["look"]
before, *_, after = maml.path(ops.convert_to_tensor(support))
for variable, a, b in zip(maml.classifier.trainable_variables, before, after, strict=True):
    if variable.name == "kernel":
        moved = float(ops.sqrt(ops.sum((b - a) ** 2) / ops.sum(a**2)))
        print(f"{variable.path}: {100 * moved:.0f} %")

# %% [markdown]
# The first of those steps by hand:

# %% tags=["look"]
start = [v.value for v in maml.classifier.trainable_variables]


def loss(weights):
    """Of the five examples."""
    said = maml.classifier.stateless_call(weights, [], support[:, 0], training=True)[0]
    return ops.mean(ops.sparse_categorical_crossentropy(np.arange(5), said, from_logits=True))


stepped = [w - 0.1 * g for w, g in zip(start, gradients(loss, start), strict=True)]
library = maml.path(ops.convert_to_tensor(support))[1]
apart = [float(ops.max(ops.abs(a - b))) for a, b in zip(stepped, library, strict=True)]
print(f"largest difference: {max(apart):.1e}")

# %% [markdown]
# Over many tasks, recorded. **ANIL** (Raghu et al. 2020) adapts the head alone; **Reptile** (Nichol et al. 2018) has no outer gradient: it moves the
# start a little towards where each task's steps end. Beside them the same four convolutions, trained to compare. Who sees what:
#
# | | pictures a step of training | asked with |
# |---|---|---|
# | MAML, first-order, ANIL | 4 tasks of 5 classes: 1 example and 15 queries each | BatchNorm by the pictures of the task, all queries at once, as in the paper: its answer to one depends on the others (Bronskill et al. 2020) |
# | Reptile | 4 tasks of 5 classes, 10 examples each | the same |
# | four convolutions, prototypical | 1 task of 20 classes: 1 example and 5 queries each | stored statistics |
#
# All for 1,200 steps. *Untrained* adapts from random weights, by the same rate.

# %% tags=["look"]
STEPWISE = ["MAML", "first-order", "ANIL", "Reptile", "untrained"]
stepwise = runs.table[runs.table["condition"].isin(STEPWISE)]
stepwise = stepwise.melt(
    ["condition", "seed"], [f"step {k}" for k in range(11)], "step", "accuracy"
)
stepwise["step"] = stepwise["step"].str.removeprefix("step ")
tl.plots.along(
    stepwise, "step", title="Drawn characters, five ways, one shot: after each step", chance=1 / 5
)

# %% tags=["look"]
SMALL = [*STEPWISE, "four convolutions, prototypical"]
third = stepwise[stepwise["step"] == "3"].copy()
third.attrs["kind"] = "recorded"
drawn = of("drawn", "5 ways, 1 shot")
compared = tl.evaluate.paired(drawn, "MAML", SMALL[-1])
predict_steps.reveal(
    tl.evaluate.interval(100 * third.loc[third["condition"] == "MAML", "accuracy"]),
    "Mean of five recorded seeds.",
)
predict_adapt.reveal(tl.evaluate.placed(compared, [0], BETTER, what="MAML minus prototypical:"))
pd.concat(
    {
        place: 100
        * of(place, "5 ways, 1 shot", *SMALL).groupby("condition", sort=False)["accuracy"].mean()
        for place in PLACES
    },
    axis=1,
).round(1)

# %% [markdown]
# - **The first step does nearly all.** From MAML's start, one step names three of four queries rightly, and the second to the tenth add little. From random weights all ten
#   do not get to half.
# - **First order** is within a point of second order, for less computing. **ANIL**, which adapts the head alone, is no worse: what was learned is mostly features that
#   serve all tasks, less a readiness to change them (Raghu et al. 2020). Reptile stays behind at this budget.
# - **Comparing beats adapting**, with as few tasks as here: by eight points on drawn characters, by twelve on handwriting. Neither of them, trained from scratch on characters, knows
#   anything of colours or photographs.

# %% tags=["conclude"]
tl.claim(
    "From MAML's start, three steps go further than from random weights",
    third,
    better="MAML",
    than="untrained",
    by=0.1,
)

# %% tags=["conclude"]
tl.claim(
    "But with few tasks to learn from, the same small network does better by comparing",
    of("omniglot", "5 ways, 1 shot"),
    better="four convolutions, prototypical",
    than="MAML",
    by=0.05,
)

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **06.a** Logits of a prototypical network: minus the squared distance of each query to each class's mean.


# %% tags=["exercise", "06.a"]
def prototypical_logits(support, query):
    """(way, shot, d) and (m, d) features -> (m, way)."""
    ### BEGIN SOLUTION
    means = support.mean(axis=1)
    return -((query[:, None] - means[None]) ** 2).sum(axis=-1)
    ### END SOLUTION


tl.check("06.a", prototypical_logits)

# %% [markdown]
# **06.b** Draw a task with `rng`, as rows of a data set: `way` classes, and of each `shot` examples and `n_query` others. No class and no row twice.


# %% tags=["exercise", "06.b"]
def draw_task(y, way, shot, n_query, rng):
    """(n,) labels -> rows (way, shot) of the examples, rows (way, n_query) of the queries."""
    ### BEGIN SOLUTION
    import numpy as np

    classes = rng.choice(np.unique(y), way, replace=False)
    rows = np.stack(
        [rng.choice(np.flatnonzero(y == k), shot + n_query, replace=False) for k in classes]
    )
    return rows[:, :shot], rows[:, shot:]
    ### END SOLUTION


tl.check("06.b", draw_task)

# %% [markdown]
# **06.c** Matching: each query attends to the examples by cosine similarity (a softmax over all of them), and a class's probability is the attention
# that its examples get.


# %% tags=["exercise", "06.c"]
def matching_probabilities(support, query):
    """(way, shot, d) and (m, d) features -> (m, way), rows that sum to 1."""
    ### BEGIN SOLUTION
    import numpy as np

    way, shot, d = support.shape
    examples = support.reshape(way * shot, d)
    examples = examples / np.linalg.norm(examples, axis=1, keepdims=True)
    query = query / np.linalg.norm(query, axis=1, keepdims=True)
    attention = np.exp(query @ examples.T)
    attention = attention / attention.sum(axis=1, keepdims=True)
    return attention.reshape(len(query), way, shot).sum(axis=2)
    ### END SOLUTION


tl.check("06.c", matching_probabilities)

# %% [markdown]
# ## Key points
#
# - A few-shot figure needs its ways, its shots, and an interval over tasks; and that interval says nothing of another training run.
# - Try plain transfer first: pretrained features, centred, at length one, nearest mean. It is a line of code, and what everything else must be measured against.
# - Meta-training on tasks helps where the test is like them. So does plain training on the same pictures: keep that control.
# - It narrows, too: what it was not trained on it may no longer tell apart, mostly because of statistics, which can be renewed without labels.
# - MAML learns a start from which a few steps go far. With few tasks to learn from, comparing goes further.
#
# ## Further reading
#
# - Vinyals et al. 2016, *Matching Networks for One Shot Learning* (episodes).
# - Snell, Swersky and Zemel 2017, *Prototypical Networks for Few-shot Learning*.
# - Sung et al. 2018, *Learning to Compare: Relation Network for Few-Shot Learning*.
# - Finn, Abbeel and Levine 2017, *Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks*.
# - Nichol, Achiam and Schulman 2018, *On First-Order Meta-Learning Algorithms* (Reptile).
# - Raghu et al. 2020, *Rapid Learning or Feature Reuse? Towards Understanding the Effectiveness of MAML* (ANIL).
# - Chen et al. 2019, *A Closer Look at Few-shot Classification* (baselines).
# - Wang et al. 2019, *SimpleShot: Revisiting Nearest-Neighbor Classification for Few-Shot Learning*.
# - Tian et al. 2020, *Rethinking Few-Shot Image Classification: A Good Embedding Is All You Need?*
# - Guo et al. 2020, *A Broader Study of Cross-Domain Few-Shot Learning*; Triantafillou et al. 2020, *Meta-Dataset* (far from the training classes).
# - Oreshkin, Rodriguez and Lacoste 2018, *TADAM* (the scale of distances).
# - Bronskill et al. 2020, *TaskNorm: Rethinking Batch Normalization for Meta-Learning*.
# - Lake, Salakhutdinov and Tenenbaum 2015, *Human-level concept learning through probabilistic program induction* (Omniglot).
