# %% [markdown]
# # 03 · Gradual unfreezing: learning without wrecking what is there
#
# **Question.** Fine-tuning changes weights that took a long pretraining. What is lost on the way? And what do a
# gentle rate, a rate for each stage, a warm-up, and unfreezing one stage at a time change about that?
#
# **You will**
#
# - **measure** forgetting: how well a network still does its source task after it has learned another
# - **destroy** a network with one learning rate, and rescue it in two ways
# - **test** why training starts with a warm-up, and drop one popular explanation
# - **build** gradual unfreezing so that nothing frozen is computed twice
# - **compare** strategies on real photographs, also dark, noisy or blurred ones, and on a real ImageNet network
# - **choose** what holds a network back when there are few pictures
#
# **You need** lessons 00 and 02. No GPU, no internet; where the real photographs are on this machine, you can
# make some of the recorded runs again.
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

SEED = tl.setup(seed=0, lesson="03").seed  # first: it also silences the backend's start-up

import time
from dataclasses import replace
from functools import cache

import keras
import numpy as np
import pandas as pd

from tl_helpers.widgets import Explorer, LiveRun, Predict

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=10, gpu=10)  # sketches of each kind in sections 1 to 3
EPOCHS = tl.pick(cpu=8, gpu=8, smoke=4)  # passes over them; from scratch twice as many
SEEDS = tl.pick(cpu=3, gpu=5)  # runs of each condition
TOO_FAST, FAST, GENTLE = 1e-2, 5e-3, 1e-3  # learning rates in sections 1 to 3
BATCH = 25  # pictures a step, there

# %% [markdown]
# ## 1 · What is forgotten?
#
# **The old task.** `tiny-resnet` was pretrained to tell drawn kinds apart. We take fifty of them, and solve a head for
# them on the frozen network, once: the **old head**.
#
# **The new task.** Ten other kinds, and you get ten **sketches** of each. Pretraining showed filled shapes and strokes of a
# pen, but no shape as a drawing of its outlines. So the new task is near the old one, and not the same.
#
# When the new task has been learned, the old head is put back on, as it was, and sees the same pictures as before. Has
# the network below it changed so that it cannot read it any more? Losing an old task in learning a new one is called
# **catastrophic forgetting**, or interference (McCloskey and Cohen 1989).

# %%
old_task = tl.data.load("source50", per_class=10, seed=SEED)
old_task = replace(old_task, test=old_task.test[::10])  # five of each kind are enough here
old_head = tl.finetune.linear_probe(tl.backbones.load("tiny-resnet"), old_task)
BEFORE = old_head.accuracy(old_task.test)
print(f"The old task, before anything: {BEFORE:.1%} of {len(old_task.test)} pictures.")


@cache
def new_task(seed):
    kinds = tl.data.load("formula10", per_class=PER_CLASS, seed=seed)
    return tl.data.shift(kinds, "sketch", seed=seed)


def still_known(backbone):
    """The old head's accuracy on the old task, on a network's features as they are now."""
    features = np.array(backbone.features()(old_task.test.x))  # (pictures, 256)
    scores = features @ old_head.kernel + old_head.bias  # (pictures, 50)
    return float((scores.argmax(1) == old_task.test.y).mean())


some = np.random.default_rng(SEED).permutation(len(old_task.test))[:8]
tl.plots.pictures(
    np.concatenate([old_task.test.x[some], new_task(SEED).test.x[::62][:8]]),
    columns=8,
    alt="Above, eight pictures of the old task, in colour; below, eight sketches of the new one.",
)

# %% [markdown]
# Four ways to learn it. The BatchNorm layers of the pretrained network keep their stored statistics throughout (lesson
# 02), so what is forgotten is forgotten in the convolutions.
#
# | Way | Head at the start | What trains | Rate |
# |---|---|---|---|
# | **scratch**, the control | random | everything, from random weights, twice the epochs | 0.005 |
# | **at once, fast** | random | everything | 0.005 |
# | **head first, gently** | solved on the frozen network | everything | 0.001 |
# | **head only** | solved on the frozen network | nothing more | |

# %% tags=["predict"]
predict_left = Predict(
    f"The old head was right on {BEFORE:.0%} of its pictures. On how many is it right after the network has "
    "learned the sketches at once, fast? (Guessing: 2 %.)",
    (0, 100, 1),
    key="03.left",
    unit="%",
)
predict_left

# %% tags=["predict"]
WAYS = ["scratch", "at once, fast", "head first, gently", "head only"]
predict_best = Predict(
    "Which way does best on the new task?", [*WAYS, "about equal"], key="03.best"
)
predict_best

# %% tags=["run"]


def learn(strategy, base_lr, weights="default", epochs=EPOCHS):
    """A function of a seed: learn the new task, then look at both."""

    def run(seed):
        data = new_task(seed)
        backbone = tl.backbones.load("tiny-resnet", weights=weights, seed=seed)
        model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
        tl.finetune.fine_tune(model, data, strategy, epochs, base_lr, batch_size=BATCH, seed=seed)
        new = tl.evaluate.accuracy(model, data.test)
        return {"accuracy": new, "old task": still_known(backbone)}

    return run


def head_only(seed):
    data, backbone = new_task(seed), tl.backbones.load("tiny-resnet")
    new = tl.finetune.linear_probe(backbone, data).accuracy(data.test)
    return {"accuracy": new, "old task": still_known(backbone)}


learned = tl.evaluate.compare(
    {
        "scratch": learn("full", FAST, weights=None, epochs=2 * EPOCHS),
        "at once, fast": learn("full", FAST),
        "head first, gently": learn("lp-ft", GENTLE),
        "head only": head_only,
    },
    seeds=SEEDS,
)

# %% tags=["look"]
tl.plots.compared(learned, title="The new task: ten kinds of sketches", chance=0.1)

# %% tags=["look"]
pretrained = learned[learned["condition"] != "scratch"]  # it never knew the old task
tl.plots.compared(
    pretrained, "old task", title="The old task afterwards, through its old head", chance=0.02
)

# %% tags=["look"]
left = 100 * learned.groupby("condition")["old task"].mean()
predict_left.reveal(
    tl.evaluate.interval(100 * learned.loc[learned["condition"] == "at once, fast", "old task"]),
    f"Head first, gently: {left['head first, gently']:.1f} %.",
)

# %% tags=["look"]
means = 100 * learned.groupby("condition")["accuracy"].mean()
predict_best.reveal(
    tl.evaluate.leading(learned), ", ".join(f"{way} {means[way]:.1f} %" for way in WAYS) + "."
)

# %% [markdown]
# Three things to see.
#
# - **Forgetting can be large, and nothing tells you**: nobody asks for the old task while the new one is learned.
#   From seed to seed it differs much, so mind the small dots.
# - **It buys nothing here.** *Head first, gently* loses a small part of the old task, and learns the new one better than *at
#   once, fast*, which loses most of it. Two things differ between them, the head and the rate; section 4 takes them apart.
# - **Head only** forgets nothing, since nothing below the head moves. On a task so near to the source it is as good as any.
#   (On photographs it is not: lesson 02.)
#
# Is the knowledge gone, or can only the old head no longer read it? These numbers cannot tell. (Solve a new head for
# the old task on the changed network, and look.) If you still need the old task, with the old head, it makes no difference.

# %% tags=["conclude"]
tl.claim(
    "Even learned fast and at once, the pretrained network beats the same network from scratch",
    learned,
    better="at once, fast",
    than="scratch",
    by=0.25,
)

# %% tags=["conclude"]
tl.claim(
    "Head first, gently, keeps much more of the old task",
    learned,
    better="head first, gently",
    than="at once, fast",
    by=0.3,
    metric="old task",
)

# %% tags=["conclude"]
tl.claim(
    "That is not paid for with the new task: head first, gently, learns it better, too",
    learned,
    better="head first, gently",
    than="at once, fast",
    by=0.03,
)

# %% [markdown]
# ## 2 · A rate that destroys, and a rate for each stage
#
# How large may a rate be? The **range test** (Smith 2017; here in the form that fastai made popular) asks the network:
# train for a hundred steps, with a rate that grows from far too small to far too large, and look at the loss.

# %%
data = new_task(SEED)
backbone = tl.backbones.load("tiny-resnet")
model = tl.finetune.attach_head(backbone, data.num_classes, seed=SEED)
tl.finetune.unfreeze(model)
found = tl.finetune.lr_find(model, data.train, batch_size=BATCH, seed=SEED)
tl.plots.range_test(found)

# %% [markdown]
# From left to right: the loss stands still, falls, turns, and explodes. `valley` is the middle of the longest
# fall, `steep` the place where it falls fastest; users of fastai know both names. Here they point to the gentle rate or a
# little below. Up to a rate of 0.01 the loss still falls: the test comes to each rate slowly, after a hundred careful
# steps, and so it does not show what happens when training *starts* there. Let us see that.
#
# And let us see a remedy. Low stages know edges (lesson 01), which sketches need as well. High stages are shaped to the
# source, and have more to change. So give each stage its own rate: the head the full one, and each stage `decay` times the
# rate of the one above it. Howard and Ruder (2018) call this **discriminative fine-tuning**; fastai writes the rates as
# a range, `slice(lowest, highest)`.
#
# How does one optimizer have six rates, for the stem, four stages and the head? With plain gradient descent you could multiply the
# **gradients** by a factor. Under Adam that does nothing: it divides each gradient by the gradient's own typical size, and the
# factor cancels.

# %%
for factor in (1, 0.01):
    weights = keras.Variable([1.0, 1.0, 1.0])
    gradient = keras.ops.convert_to_tensor([0.3, -0.2, 5.0])
    keras.optimizers.Adam(0.1).apply([factor * gradient], [weights])
    print(f"gradients times {factor}: each weight was 1, and is now {weights.numpy().round(3)}")

# %% [markdown]
# (The cell shows something else, too: in Adam's **first step** every weight moves by the full rate, whether its gradient is
# large or small. Keep that in mind.)
#
# So the **rate** itself has to be multiplied, weight by weight, and the weight decay with it. That is what
# `tl.finetune.layerwise` does with any Keras optimizer. One step, and how far the weights of each stage have moved:

# %%
DECAY = 0.4
LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tl.finetune.layerwise(keras.optimizers.Adam(TOO_FAST), model, decay=DECAY)
model.compile(optimizer, LOSS, jit_compile=False)


def weights_by_stage():
    groups = tl.finetune.stages(model)  # stage -> its layers, from the input up
    return {
        stage: [v.numpy().copy() for layer in layers for v in layer.trainable_weights]
        for stage, layers in groups.items()
    }


then = weights_by_stage()
some = np.random.default_rng(SEED).permutation(len(data.train))[:BATCH]
model.fit(data.train.x[some], data.train.y[some], batch_size=BATCH, verbose=0)
now = weights_by_stage()
for stage in now:
    far = [np.abs(a - b).mean() for a, b in zip(now[stage], then[stage], strict=True)]
    print(f"{stage:7} weights moved by {np.mean(far):.5f} on average")

# %% [markdown]
# From stage to stage the step grows by about 1 / 0.4 = 2.5, up to 0.01 in the head. (A little less where a weight had no
# gradient at all.)
#
# Now the new task at twice the fast rate, and from the first step on: the training is written out here, with a dial for
# each remedy, since every `fine_tune` warms up (section 3).

# %% tags=["predict"]
predict_step = Predict(
    f"One rate for all stages, {TOO_FAST}: on how many pictures of the old task is the old head right after ONE step on "
    f"{BATCH} sketches?",
    (0, 100, 1),
    key="03.step",
    unit="%",
)
predict_step

# %% tags=["predict"]
predict_rescued = Predict(
    "In the end, on the new task: how many points better than one rate for all is a rate for each stage, with "
    f"{TOO_FAST} in the head and decay {DECAY}?",
    (-20, 90, 1),
    key="03.rescued",
    unit="points",
)
predict_rescued

# %% tags=["run"]
AFTER = [1, 4, 16]  # steps


class WatchOldTask(keras.callbacks.Callback):
    """Notes how well the old head does after some of the steps."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone, self.steps, self.known = backbone, 0, {}

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if self.steps in AFTER:
            self.known[f"after {self.steps}"] = still_known(self.backbone)


def too_fast(decay=1.0, warmup=0.0, solved=False):
    """A function of a seed. `warmup` is a share of the steps; `solved`: the head, before we start."""

    def run(seed):
        data = new_task(seed)
        backbone = tl.backbones.load("tiny-resnet")
        model = tl.finetune.attach_head(backbone, data.num_classes, seed=seed)
        if solved:
            tl.finetune.linear_probe(model, data).install(model)
        tl.finetune.unfreeze(model)
        steps = EPOCHS * (len(data.train) // BATCH)
        slow = round(warmup * steps)
        rate = keras.optimizers.schedules.CosineDecay(
            TOO_FAST / 100 if slow else TOO_FAST,
            steps - slow,
            warmup_target=TOO_FAST if slow else None,
            warmup_steps=slow,
        )
        optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3)
        model.compile(tl.finetune.layerwise(optimizer, model, decay), LOSS, jit_compile=False)
        keras.utils.set_random_seed(seed)
        watch = WatchOldTask(backbone)
        fit = {"batch_size": BATCH, "epochs": EPOCHS, "verbose": 0, "callbacks": [watch]}
        model.fit(data.train.x, data.train.y, **fit)
        new = tl.evaluate.accuracy(model, data.test)
        return {"accuracy": new, **watch.known, "old task": still_known(backbone)}

    return run


rates = tl.evaluate.compare(
    {"one rate": too_fast(), "a rate for each stage": too_fast(decay=DECAY)}, seeds=SEEDS
)

# %% tags=["look"]


def by_step(table):
    """The old task before, after some of the steps, and in the end, a row each."""
    when = {f"after {n}": f"{n} step{'s' * (n > 1)}" for n in AFTER} | {"old task": "the end"}
    start = table[["condition", "seed"]].assign(after="before", known=BEFORE)
    rest = table.melt(["condition", "seed"], list(when), "after", "known")
    rows = pd.concat([start, rest.replace({"after": when})], ignore_index=True)
    return rows.rename(columns={"known": "old task"})


tl.plots.along(by_step(rates), "after", "old task", title="The old task, step by step", chance=0.02)

# %% tags=["look"]
tl.plots.compared(rates, title=f"The new task at a rate of {TOO_FAST}", chance=0.1)

# %% tags=["look"]
first = 100 * rates.groupby("condition")["after 1"].mean()
predict_step.reveal(
    tl.evaluate.interval(100 * rates.loc[rates["condition"] == "one rate", "after 1"]),
    f"With a rate for each stage: {first['a rate for each stage']:.1f} %.",
)

# %% tags=["look"]
rescued = 100 * tl.evaluate.paired(rates, "a rate for each stage", "one rate")
predict_rescued.reveal(
    tl.evaluate.interval(rescued), "The same pictures, the same steps, the same rate in the head."
)

# %% [markdown]
# **One step** on 25 pictures, and the old head is down to guessing. The training that follows does not recover: on
# the new task the network ends near guessing. Too few sketches are not the reason: the same hundred are enough when the low
# stages move less. The new task is rescued so; what is left of the old one differs much from seed to seed.
#
# Is it the *differences* between the stages that help, or that most rates are lower now? The gentle rate of section 1, the same
# for all stages (under a solved head, and with a warm-up), did as well on the sketches, and forgot far less. So a rate for each
# stage makes a high rate bearable; it need not be better than a rate that was right from the start.

# %% tags=["conclude"]
tl.claim(
    "At a rate at which one rate for all learns next to nothing, lower rates for lower stages learn the new task",
    rates,
    better="a rate for each stage",
    than="one rate",
    by=0.3,
)

# %% [markdown]
# ## 3 · Why start slowly?
#
# The other remedy is a **warm-up** (Goyal et al. 2017 for large batches; Liu et al. 2020 for Adam): the rate grows from
# nearly nothing to its full height over the first steps. Every `fine_tune` warms up over a tenth of them; here it takes three
# tenths, to a rate of 0.01, the same for all stages.
#
# But why is a first step at the full rate so bad? Two explanations:
#
# - **the random head**: it knows nothing, and sends the whole network in random directions. Then a *solved* head, at the
#   full rate from the first step on, should do no harm.
# - **the step itself**: in Adam's first step only each gradient's sign counts, since Adam has seen no other to judge its size by.
#   So all 1.2 million weights move by 0.01 at once, whether it matters or not. Then a solved head is no help.

# %% tags=["predict"]
WHY = ["the random head", "the step itself"]
predict_why = Predict(
    "A solved head, 0.01 from the first step on: if the network is fine after that, it was the random head; if it is "
    "destroyed all the same, the step itself. Which is it?",
    WHY,
    key="03.why",
)
predict_why

# %% tags=["predict"]
predict_warm = Predict(
    "A random head and a warm-up to the same rate: what will the accuracy on the new task be?",
    (0, 100, 1),
    key="03.warm",
    unit="%",
)
predict_warm

# %% tags=["run"]
slowly = tl.evaluate.compare(
    {"one rate, warm-up": too_fast(warmup=0.3), "one rate, solved head": too_fast(solved=True)},
    seeds=rates["seed"].nunique(),
)
of_both = rates["seed"].isin(slowly["seed"])
starts = pd.concat([rates[of_both], slowly], ignore_index=True)

# %% tags=["look"]
tl.plots.along(
    by_step(starts), "after", "old task", title="The old task, step by step", chance=0.02
)

# %% tags=["look"]
tl.plots.compared(starts, title=f"The new task at a rate of {TOO_FAST}", chance=0.1)

# %% tags=["look"]
means = starts.groupby("condition")[["after 1", "accuracy"]].mean()
solved = starts.loc[starts["condition"] == "one rate, solved head", "after 1"]
predict_why.reveal(
    tl.evaluate.placed(
        100 * solved,
        [50 * BEFORE],
        WHY[::-1],
        what="After one step the old head is right on",
        unit="%",
    ),
    f"Before it, {100 * BEFORE:.1f} %.",
)

# %% tags=["look"]
warm = starts.loc[starts["condition"] == "one rate, warm-up", "accuracy"]
predict_warm.reveal(
    tl.evaluate.interval(100 * warm),
    f"Without a warm-up: {means.loc['one rate', 'accuracy']:.1%}.",
)

# %% [markdown]
# A good head does not save the network from a bad first step. The warm-up does. Liu et al. explain it so: in the small
# first steps Adam sees gradient after gradient, and learns how large each typically is, before the rate is high.
#
# The two remedies differ. A rate for each stage holds the low stages back all the time. A warm-up only puts the large steps
# off: in the end the old task is nearly as lost as without it. **Neither saves the old task at this rate.** *At once, fast* in
# section 1 had half the rate and a warm-up over a tenth of the steps: enough to learn the sketches, and not enough to remember.

# %% tags=["conclude"]
tl.claim(
    "With a warm-up the network learns the new task at this rate, and next to nothing without one",
    starts,
    better="one rate, warm-up",
    than="one rate",
    by=0.3,
)

# %% tags=["conclude"]
tl.claim(
    "It is not the random head: with a solved one, and no warm-up, the network is destroyed as well",
    starts,
    better="one rate, warm-up",
    than="one rate, solved head",
    by=0.3,
)

# %% [markdown]
# ## 4 · One stage at a time
#
# **Gradual unfreezing** (Howard and Ruder 2018) takes *head first* further. First the head trains alone, on a
# frozen network. Then the last stage joins in, then the one before it, and so on: when a stage is unfrozen, those above
# it have already adapted.
#
# Each phase has a frozen part below and a part that trains above. The frozen part gives the same output for the same
# picture in every epoch, as long as its BatchNorm runs on stored statistics and the pictures are not augmented. So run it
# **once**, keep the feature maps, and train the part above on them, as a model of its own. Keras lets you cut a model
# anywhere, and the pieces share their layers: train the piece, and the whole has learned.
#
# One phase both ways, `stage4` and the head on a frozen network, on the pictures of section 2:

# %%
shuffled = np.random.default_rng(SEED).permutation(len(data.train))
x, y = data.train.x[shuffled], data.train.y[shuffled]


def one_phase(model, stage, cached):
    """Train a stage and all above it; return the seconds."""
    start = time.perf_counter()
    tl.finetune.freeze_to(model, stage)
    part, seen = model, x
    if cached:
        groups = tl.finetune.stages(model)
        names = list(groups)
        last = groups[names[names.index(stage) - 1]][-1].output  # of the last frozen layer
        seen = keras.Model(model.input, last).predict(x, verbose=0)  # once: (n, 4, 4, 128)
        part = keras.Model(last, model.output)
    part.compile(keras.optimizers.Adam(GENTLE), LOSS, jit_compile=False)
    # nothing by chance, so that the two can be compared weight by weight
    part.fit(seen, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
    return time.perf_counter() - start


ended = {}
for way in ("whole", "cached"):
    twin = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), data.num_classes, dropout=0)
    seconds = one_phase(twin, "stage4", cached=way == "cached")
    ended[way] = twin.get_weights()
    print(f"{way}: {seconds:.1f} s, compiling and caching included")
apart = max(np.abs(a - b).max() for a, b in zip(ended["whole"], ended["cached"], strict=True))
print(f"The largest difference between the weights of the two: {apart:.1e}")

# %% [markdown]
# The same weights, up to rounding. On so few pictures most of the time is compiling, so little is gained here; with more
# epochs there is more that need not run twice.
#
# `fine_tune(strategy="gradual")` does this for every phase. It also takes Adam's memory of past gradients over from phase to
# phase, and where pictures are augmented it keeps several augmented views of each (keep one, and the augmentation is
# frozen too).
#
# Does it forget less? For an answer we leave the sketches: recorded runs on **real photographs**, 25 of each of ten kinds,
# with augmentation, at three rates and over five draws. All ways have as many epochs, and in the end all of their stages
# have trained: in *gradual* from the head to the stem in six phases, in *layer-wise* all at once, each stage at 0.6 times the
# rate of the one above it, in *head first* all at once under a solved head. The old task and its head are as above.

# %% tags=["predict"]
ORDER = ["less", "more"]
predict_order = Predict(
    "At the rate 0.006: is more of the old task left with gradual unfreezing than with all stages at once?",
    [*ORDER[::-1], "about equal"],
    key="03.order",
)
predict_order

# %% tags=["run"]
tiny = tl.evaluate.recorded("strategies", network="tiny-resnet")
by_rate = tiny.select(per_class=25)
by_rate = by_rate[~by_rate["condition"].isin(["scratch", "head only"])]
print(f"Recorded by: {tiny.record['command']}, weights {tiny.weights}")
print(tiny.rerun(SEED, condition="head only", base_lr=0.006, per_class=10))  # a head by steps

# %% tags=["look"]
tl.plots.along(
    by_rate, "base_lr", "source", title="The old task, after the photographs", chance=0.02
)

# %% tags=["look"]
tl.plots.along(by_rate, "base_lr", title="The photographs themselves", chance=0.1)

# %% tags=["look"]
middle = tiny.select(per_class=25, base_lr=0.006)
more = tl.evaluate.paired(middle, "gradual", "all at once", "source")
predict_order.reveal(tl.evaluate.placed(more, [0], ORDER, what="Gradual minus all at once:"))

# %% [markdown]
# Read both figures together.
#
# - **Forgetting is above all a matter of the rate.** At the lowest, every way keeps most of the old task; at the highest,
#   every way has lost most of it.
# - **At the same rate gradual unfreezing forgets less**: a stage that is unfrozen late has fewer steps to go astray in.
#   A rate for each stage forgets least, at the two higher rates. And a solved head? In section 1 it was ahead, with the gentle rate. At the same rate
#   it does not forget less than a random one, with 25 photographs a class.
# - **On the photographs it is at no rate ahead of all stages at once.** What has fewer steps to go astray in also has fewer to
#   learn in. It is cheaper, since nothing frozen runs twice, and in the time saved it could train longer. But if you want to
#   forget little, a rate for each stage or a lower rate is the shorter way.
#
# The idea comes from language models (ULMFiT), where it was introduced together with a rate for each stage and a rate that
# rises and falls. In its authors' tests, too, gradual unfreezing **alone** did about as well as everything at once; most of
# the gain came from the other two.

# %% tags=["conclude"]
tl.claim(
    "At the same rate, gradual unfreezing forgets less than all stages at once",
    middle,
    better="gradual",
    than="all at once",
    by=0.2,
    metric="source",
)

# %% tags=["conclude"]
tl.claim(
    "It does not learn the photographs better: at the same rate, head first is ahead of it",
    middle,
    better="head first",
    than="gradual",
    by=0.03,
)

# %% [markdown]
# ## 5 · On photographs: which strategy, at which rate?
#
# Which of them would you take for your own pictures? Here are all 270 recorded runs on `tiny-resnet`: six ways, three rates,
# with 10, 25 and 100 photographs per class. (*Head by steps* trains a head from a random start, in as many epochs; the
# **head only** of lesson 02, solved to its end, stands beside it below.) For each run the record also has the same test photographs **seen badly**: at
# night, with noise, out of focus.

# %% tags=["predict"]
TUNED = ["all at once", "layer-wise", "head first", "gradual", "head only"]
predict_way = Predict(
    "tiny-resnet, ten photographs a class, each way at the rate that validation pictures prefer: which is best on the test?",
    [*TUNED, "about equal"],
    key="03.way",
)
predict_way

# %% tags=["predict"]
predict_random = Predict(
    "squeezenet, whose features are ImageNet's, 100 photographs a class: how many points better is head first than all at "
    "once, with as many epochs?",
    (-10, 40, 1),
    key="03.random",
    unit="points",
)
predict_random

# %% tags=["run"]
imagenet = tl.evaluate.recorded("strategies", network="squeezenet")
depth = tl.evaluate.recorded("depth")
STEPS = {"condition": {"head only": "head by steps"}}
WORDS = {"base_lr": "learning rate", "per_class": "photographs a class"}
explorer = Explorer.from_table(
    tiny.table.replace(STEPS),
    WORDS,
    title="Ways to fine-tune tiny-resnet on photographs, with augmentation",
    command=tiny.record["command"],
    weights_hash=tiny.weights,
)
explorer

# %%
LiveRun(tiny, WORDS, title="Make one of these runs yourself (up to half a minute)", seed=SEED)

# %% tags=["look"]


def best_rates(table):
    """Each way's runs at the rate with the highest mean accuracy on validation pictures."""
    validation = table.groupby(["condition", "base_lr"])["validation"].mean()
    best = set(validation.groupby("condition").idxmax())
    return table[[pair in best for pair in zip(table["condition"], table["base_lr"], strict=True)]]


def with_solved_head(recorded, network, per_class):
    """The runs at their best rates, and the solved head, which needs no rate."""
    runs = best_rates(recorded.select(per_class=per_class)).replace(STEPS)
    solved = depth.select(network=network, per_class=per_class, cut=5, condition="pretrained")
    runs = pd.concat([runs, solved.assign(condition="head only")])
    runs.attrs["kind"] = "recorded"
    return runs


ten = with_solved_head(tiny, "tiny-resnet", 10)
tl.plots.compared(ten, title="Ten photographs a class, each way at its best rate", chance=0.1)

# %% tags=["look"]
means = 100 * ten.groupby("condition")["accuracy"].mean()
predict_way.reveal(
    tl.evaluate.leading(ten[ten["condition"].isin(TUNED)]),
    ", ".join(f"{way} {means[way]:.1f} %" for way in TUNED) + ".",
)

# %% [markdown]
# How far is *head first* ahead of each, at every size, in points?

# %% tags=["look"]


def lead_of_head_first(metric):
    """By how much head first is ahead of the other ways, each at its best rate."""
    rows = {}
    for size in (10, 25, 100):
        runs = best_rates(tiny.select(per_class=size))
        mean = 100 * runs.loc[runs["condition"] == "head first", metric].mean()
        rows[size] = {"head first, %": f"{mean:.1f}"}
        for way in ("all at once", "layer-wise", "gradual"):
            ahead = tl.evaluate.paired(runs, "head first", way, metric)
            rows[size][f"ahead of {way}"] = tl.evaluate.interval(ahead).text("points")
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("per class")


lead_of_head_first("accuracy")

# %% [markdown]
# Turn the dials, and look for four things.
#
# - **Head first** is the best way at each size, at its best rate.
# - **A rate for each stage** still trains at rates that break the others. If you cannot try rates, that is worth something.
# - **Gradual unfreezing** is not ahead at any size.
# - **Ways differ in their best rate**: layer-wise needs a higher one. Compare two ways at one rate, and you may compare nothing but
#   the rates.
#
# On photographs **seen badly** all ways lose a lot:

# %% tags=["look"]
lead_of_head_first("seen badly")

# %% [markdown]
# With 10 and 25 per class *head first* is ahead of each; with 100 it is about equal to *all at once* and *layer-wise*.

# %% [markdown]
# And on a **real pretrained network**? `squeezenet` has no BatchNorm and was trained on ImageNet's photographs. The same six ways,
# each at the better of two rates, ten epochs, without augmentation; *gradual* goes down to `fire6`.

# %% tags=["look"]
hundred = with_solved_head(imagenet, "squeezenet", 100)
rows = hundred.groupby("condition", sort=False)
100 * rows[["accuracy", "seen badly"]].mean().round(3)

# %% tags=["look"]
tl.plots.compared(hundred, title="squeezenet, 100 photographs a class", chance=0.1)

# %% tags=["look"]
cost = 100 * tl.evaluate.paired(hundred, "head first", "all at once")
predict_random.reveal(
    tl.evaluate.interval(cost), "All at once is the only one of the two with a random head."
)

# %% [markdown]
# Here the start of the head decides.
#
# - **A random head costs a lot**: the network is the same, so are the pictures and the epochs, and *all at once* ends far behind
#   *head first*. (With four times the epochs it catches up in part: lesson 02.)
# - **Here gradual unfreezing does help**, and so does a rate for each stage: both hold the features back while the head
#   is still random. A solved head does it better than either.
# - *Head by steps* is not finished: ten epochs are too few for a head that starts at random. *Head only*, solved on the same
#   frozen features, is 13 points better (10.9 to 15.3), and ahead of *all at once*. (*Seen badly* was not recorded for it.)
# - **Seen badly**, *head first* keeps its lead. Kumar et al. (2022), from whom it comes, found the lead larger on pictures unlike
#   those of the training than on others. Here it is smaller; but all accuracies are lower, too.

# %% tags=["conclude"]
tl.claim(
    "With ten photographs a class, each way at its best rate, head first is ahead of gradual unfreezing",
    ten,
    better="head first",
    than="gradual",
    by=0.02,
)

# %% tags=["conclude"]
tl.claim(
    "On the real ImageNet network, head first beats all at once, in as many epochs",
    hundred,
    better="head first",
    than="all at once",
    by=0.1,
)

# %% tags=["conclude"]
tl.claim(
    "Its lead holds on photographs seen badly, which neither has trained on",
    hundred,
    better="head first",
    than="all at once",
    by=0.08,
    metric="seen badly",
)

# %% tags=["conclude"]
tl.claim(
    "Under a random head, gradual unfreezing beats all at once on the ImageNet network",
    hundred,
    better="gradual",
    than="all at once",
    by=0.04,
)

# %% [markdown]
# ## 6 · Few pictures: what holds a network back?
#
# A network with 1.2 million weights learns 50 photographs by heart in no time. What keeps it from that?
#
# | Remedy | What it does |
# |---|---|
# | **early stopping** | ends training when the loss on validation pictures has not fallen for five epochs, and goes back to the best |
# | **dropout** | drops a part of the features at random, so that no few of them decide |
# | **weight decay** | draws weights to zero |
# | **L2-SP** (Li et al. 2018) | draws weights back to *where pretraining left them* |
# | **augmentation** | never shows the same picture twice: mirrored, shifted |
#
# Recorded runs on `tiny-resnet`, all stages at once; *plain* has none of the five. Where a remedy has a strength, it is the
# best of three, tried on seeds that are not in the record.

# %% tags=["predict"]
REMEDIES = ["early stopping", "dropout", "weight decay", "L2-SP", "augmentation"]
predict_remedy = Predict(
    "Ten photographs a class: which remedy helps most?",
    [*REMEDIES, "about equal"],
    key="03.remedy",
)
predict_remedy

# %% tags=["run"]
regularisation = tl.evaluate.recorded("regularisation")
explorer = Explorer.from_table(
    regularisation.table,
    {"per_class": "photographs a class"},
    title="What holds fine-tuning back from learning photographs by heart",
    command=regularisation.record["command"],
    weights_hash=regularisation.weights,
)
explorer.select(photographs_a_class=10)

# %%
LiveRun(
    regularisation,
    {"per_class": "photographs a class"},
    title="Make one of these runs yourself (ten seconds)",
    seed=SEED,
)

# %% tags=["look"]
print("Right on the training pictures, %:")
regularisation.summary("training")

# %% tags=["look"]
few = regularisation.select(per_class=10)
means = 100 * few.groupby("condition")["accuracy"].mean()
predict_remedy.reveal(
    tl.evaluate.leading(few[few["condition"].isin(REMEDIES)]),
    f"Plain {means['plain']:.1f} %; " + ", ".join(f"{r} {means[r]:.1f} %" for r in REMEDIES) + ".",
)

# %% [markdown]
# How many points does each remedy add to *plain*?

# %% tags=["look"]
rows = {}
for size in (5, 10, 25):
    runs = regularisation.select(per_class=size)
    rows[size] = {
        remedy: tl.evaluate.interval(tl.evaluate.paired(runs, remedy, "plain")).text("points")
        for remedy in REMEDIES
    }
pd.DataFrame.from_dict(rows).rename_axis("remedy").rename_axis("per class", axis=1)

# %% [markdown]
# Turn the dial, and read it beside the training accuracy.
#
# - **Dropout and the two penalties** do not keep the network from learning the pictures by heart. But of the many networks that
#   have them by heart they find a slightly better one: about two points each with ten photographs per class. With 25 that is gone.
# - **L2-SP** costs points with 25. Photographs are far from what `tiny-resnet` was pretrained on, and then to stay near the
#   start is not what it takes. Li et al. had sources much nearer to their targets.
# - **Augmentation** makes the pictures harder to learn by heart. With 25 it is far ahead of everything else. With ten it helps,
#   and is about equal to dropout and the penalties: these runs name no winner there. With five they cannot say whether it helps
#   or harms; in so few steps the network has not even learned the pictures it was shown.
# - **Early stopping loses.** It stops where the loss on validation pictures is lowest, and the accuracy on the same pictures
#   would still have grown. If you stop early, stop by what you want to have.

# %% tags=["look"]
photos = tl.evaluate.recorded("photos10", network="tiny-resnet")
ways = photos.table[photos.table["condition"].isin(["fine-tuned", "scratch"])]
adds = ways.pivot_table("accuracy", ["condition", "per_class"], "augment", aggfunc="mean")
(100 * (adds[True] - adds[False])).unstack("per_class").round(1)

# %% [markdown]
# Points of accuracy that augmentation adds, by photographs a class (from the runs behind lessons 00 and 02). It adds at every
# size; with ten photographs a class, on which the network is right on few, eight points are a lot. And it helps a network **from
# scratch** nearly as much there, and with 100 more. So it is a rival of pretraining as well as a
# helper, and a fair comparison gives it to both.

# %% tags=["conclude"]
tl.claim(
    "With 25 photographs a class, augmentation does more than any of the others, such as weight decay",
    regularisation.select(per_class=25),
    better="augmentation",
    than="weight decay",
    by=0.04,
)

# %% tags=["conclude"]
tl.claim(
    "With ten, drawing the weights back to where pretraining left them helps a little",
    few,
    better="L2-SP",
    than="plain",
    by=0.01,
)

# %% tags=["conclude"]
tl.claim(
    "Stopping early, by the loss on validation pictures, ends with a worse network than going on",
    few,
    better="plain",
    than="early stopping",
    by=0.03,
)

# %% tags=["conclude"]
tl.claim(
    "With augmentation for both, pretraining still pays: ten photographs a class",
    photos.select(augment=True, per_class=10),
    better="fine-tuned",
    than="scratch",
    by=0.04,
)

# %% [markdown]
# ## Practice
#
# Replace the dots, run the cell, and read the answer. Nothing is graded.
#
# **03.a** A rate for each stage: the head, last in the list, has the full rate, each stage below it `decay` times the
# rate of the one above.


# %% tags=["exercise", "03.a"]
def stage_rates(stages, rate, decay):
    """Names from the input up, the head last -> a dict, stage -> its learning rate."""
    ### BEGIN SOLUTION
    return {stage: rate * decay**i for i, stage in enumerate(reversed(stages))}
    ### END SOLUTION


tl.check("03.a", stage_rates)

# %% [markdown]
# **03.b** The phases of gradual unfreezing: which stages train in each? The head alone first, then one stage
# more, down to `lowest`.


# %% tags=["exercise", "03.b"]
def phases_of(stages, lowest):
    """Names from the input up -> a list of lists, a phase each, in the order of the network."""
    ### BEGIN SOLUTION
    end = stages.index(lowest)
    return [stages[start:] for start in range(len(stages) - 1, end - 1, -1)]
    ### END SOLUTION


tl.check("03.b", phases_of)

# %% [markdown]
# **03.c** The penalty of L2-SP: half the strength, times the squared distance of all weights from where they
# started.


# %% tags=["exercise", "03.c"]
def l2_sp(weights, start, strength):
    """Two lists of arrays, of the same shapes -> one number."""
    ### BEGIN SOLUTION
    return strength / 2 * sum(((w - s) ** 2).sum() for w, s in zip(weights, start, strict=True))
    ### END SOLUTION


tl.check("03.c", l2_sp)

# %% [markdown]
# ## Key points
#
# - Fine-tuning forgets, silently. Keep the old head, and measure it.
# - Forgetting is not the price of learning: here a gentle rate under a solved head learned better, and kept most of the old
#   task. That is measured on two related tasks; on photographs the rate decided.
# - Adam's first step moves every weight by the full rate. That is one reason to start with a warm-up.
# - A rate for each stage is a factor on the *rate*. A factor on the gradients does nothing under Adam.
# - What is frozen is computed once, so gradual unfreezing is cheap. It helped under a random head; a solved head helped more.
# - Compare strategies each at its own best rate, chosen on validation pictures.
# - With few pictures: augmentation, if there are steps enough; penalties add little; do not stop by the loss.
#
# ## Further reading
#
# - McCloskey and Cohen 1989, *Catastrophic Interference in Connectionist Networks*.
# - Goyal et al. 2017, *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour* (warm-up).
# - Liu et al. 2020, *On the Variance of the Adaptive Learning Rate and Beyond* (warm-up and Adam).
# - Smith 2017, *Cyclical Learning Rates for Training Neural Networks* (the range test).
# - Howard and Ruder 2018, *Universal Language Model Fine-tuning for Text Classification* (ULMFiT).
# - Li, Grandvalet and Davoine 2018, *Explicit Inductive Bias for Transfer Learning with Convolutional Networks* (L2-SP).
# - Kumar et al. 2022, *Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution* (LP-FT).
