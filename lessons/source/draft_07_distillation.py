# %% [markdown]
# # 07 · Distillation: a small network learns from a large one
#
# **Question.** The network that you fine-tuned is good, and too large for where it shall run. A small one, trained on the same
# few labels, is poor. Can the large one teach it, and what does it pass on?
#
# **You will**
#
# - **see** what a teacher says besides its answer, and make it say more by a temperature
# - **teach** a network a sixth of the size, with and without pictures that have no labels
# - **weigh** labels against the teacher, over two hundred runs
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

    package = "tl-helpers @ git+{{REPOSITORY}}"
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
from tl_helpers.widgets import Explorer, Predict

# %% tags=["config"]
PER_CLASS = tl.pick(cpu=20, gpu=50)  # labelled drawings of each kind
THERE = tl.pick(cpu=100, gpu=500)  # drawings of each kind without labels
EPOCHS = tl.pick(cpu=6, gpu=10, smoke=1)  # passes over all of them
SEEDS = tl.pick(cpu=3, gpu=5, smoke=2)  # runs of each condition

# %% [markdown]
# ## 1 · What a teacher says
#
# A **teacher** is `tiny-resnet`, 1.2 million weights, fine-tuned on twenty drawings of each of ten kinds. Its answer to a picture is
# ten numbers, and only one of them is the name it gives. What are the others good for?
#
# The **student** is `tiny-resnet-s`, 0.2 million weights, all of them random. It can learn the labels of those 200 drawings. Or what
# the teacher says of them. Or what the teacher says of a thousand more, that nobody has labelled.

# %% tags=["predict"]
predict_soft = Predict(
    "The same 200 drawings: how many points better is the student that learns the teacher's answers than the one that learns labels?",
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


@cache
def drawings(seed):
    """Labelled drawings, and others of the same kinds."""
    return tl.data.load("formula10", per_class=PER_CLASS + THERE, seed=seed).divide(PER_CLASS, seed)


@cache
def teacher_of(seed):
    few, _ = drawings(seed)
    model = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), few.num_classes, seed=seed)
    tl.finetune.fine_tune(model, few, "lp-ft", 6, 2e-3, seed=seed)
    return model


@cache
def student_of(seed, unlabelled=True, alpha=0.9, epochs=EPOCHS):
    """A student; alpha 0 has no teacher."""
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
        seed=seed,
    )
    return student


def taught(**settings):
    """A function of a seed: accuracy of a student on the test."""
    return lambda seed: {
        "accuracy": tl.evaluate.accuracy(student_of(seed, **settings), drawings(seed)[0].test)
    }


LONGER = EPOCHS * (PER_CLASS + THERE) // PER_CLASS  # as many steps on fewer pictures
first = tl.evaluate.compare(
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
tl.plots.compared(first, title="Twenty labelled drawings of each kind", chance=0.1)

# %% tags=["look"]
gained = {
    way: 100 * tl.evaluate.paired(first, way, "labels").mean()
    for way in ("teacher", "teacher, also without labels")
}
predict_soft.reveal(round(gained["teacher"], 1), "With as many steps.")

# %% tags=["look"]
predict_more.reveal(
    round(gained["teacher, also without labels"], 1), "With as many steps, too, on more pictures."
)

# %% [markdown]
# (In words: to be written from the table. What are the "soft targets", and what does the temperature do to them:)

# %%
few, more = drawings(SEED)
said = tl.finetune.features(teacher_of(SEED), more.train.x)  # (1000, 10) logits
for temperature in (1, 4, 16):
    sure = np.sort(softmax(said / temperature, axis=1), axis=1)[:, ::-1].mean(axis=0)
    print(f"at {temperature:2}: first {sure[0]:.2f}, second {sure[1]:.2f}, third {sure[2]:.2f}")

# %% tags=["conclude"]
tl.claim(
    "A student that a teacher tells of pictures without labels beats one that has the labels alone",
    first,
    better="teacher, also without labels",
    than="labels",
    by=0.2,
)

# %% [markdown]
# ## 2 · Temperature, and how much to believe
#
# Divided by a **temperature** T before the softmax, the teacher's logits say more of what is unlikely; the student's are divided by the same T
# while it learns. Two numbers are to be chosen, T and the teacher's weight α:
#
# > loss = (1 − α) · cross-entropy with the labels + α · **T²** · KL(teacher ‖ student, both at T)
#
# Why T²? The gradient with respect to the student's logits falls as 1 / T². Without the factor, turning up the temperature would turn down the teacher,
# and you would not know which of the two did what:

# %%
loss_at = tl.distill.SoftTargets
answers = [ops.convert_to_tensor(student_of(SEED).predict(more.train.x[:64], verbose=0))]
teachers = ops.convert_to_tensor(said[:64])
for temperature in (1, 2, 4, 8, 16):
    (back,) = gradients(lambda v, t=temperature: loss_at(t)(teachers, v[0]), answers)
    length = float(ops.norm(back))
    print(
        f"at {temperature:2}: gradient {1000 * length / temperature**2:6.2f} without T², {1000 * length:6.2f} with it"
    )

# %% [markdown]
# At T = 1 the teacher's first answer decides. At a high temperature the loss becomes half the squared distance of the two sets of logits, each about its
# mean: all classes count alike.
#
# Recorded: a hundred drawings of each of ten kinds, all **labelled**, the same teacher and student, five temperatures, three weights.

# %% tags=["predict"]
predict_dials = Predict(
    "All pictures have labels now. How many points does the best of the fifteen settings gain on the labels alone?",
    (-10, 40, 1),
    key="07.dials",
    unit="points",
)
predict_dials

# %% tags=["predict"]
HOT = ["1", "2", "4", "8", "16"]
predict_hot = Predict("At α = 0.9, which temperature is best?", HOT, key="07.hot")
predict_hot

# %% tags=["run"]
runs = tl.evaluate.recorded("distilled")
print(runs.rerun(SEED, width=1.0, condition="distilled", temperature=4.0, alpha=0.9))
print(f"Recorded by: {runs.record['command']}")
whole = runs.select(width=1.0)
dialled = whole[whole["condition"] == "distilled"]
settings = dialled[["temperature", "alpha"]].drop_duplicates()
without = whole[whole["condition"].isin(["labels", "smoothed"])]
without = without.drop(columns=["temperature", "alpha"]).merge(settings, how="cross")

# %% tags=["look"]
Explorer.from_table(
    pd.concat([dialled, without], ignore_index=True),
    {"temperature": "temperature", "alpha": "weight of the teacher"},
    title="A hundred labelled drawings of each kind",
    command=runs.record["command"],
    weights_hash=runs.weights,
)

# %% tags=["look"]
means = 100 * dialled.pivot_table("accuracy", "alpha", "temperature")
alone = 100 * whole.groupby("condition")["accuracy"].mean()["labels"]
predict_dials.reveal(round(means.max().max() - alone, 1), f"The labels alone: {alone:.1f} %.")
predict_hot.reveal(
    f"{means.loc[0.9].idxmax():g}",
    ", ".join(f"T = {t:g}: {v:.1f} %" for t, v in means.loc[0.9].items()) + ".",
)
means.round(1)

# %% [markdown]
# DRAFT: read it. (By the test, one would choose; by validation, the same?)

# %% tags=["conclude"]
tl.claim(
    "With a label on every picture, a teacher still adds to them",
    whole[
        (whole["condition"] == "labels") | ((whole["temperature"] == 4) & (whole["alpha"] == 0.9))
    ],
    better="distilled",
    than="labels",
    by=0.05,
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
# | **hint** | also the feature maps of its stage3, through a projection that is learned and thrown away (Romero et al. 2015, *FitNets*) |
# | **attention** | also *where* stage3 is active, over all channels (Zagoruyko and Komodakis 2017) |
# | **relations** | also how the pictures of a batch lie to each other there: distances and angles (Park et al. 2019) |
# | **itself** | the answers of a student of its own size, that has learned the labels (Furlanello et al. 2018, *born again*) |

# %% tags=["predict"]
predict_quarter = Predict(
    "A quarter as wide, a sixteenth of the weights: how many points does *distilled* gain on *labels*?",
    (-10, 40, 1),
    key="07.quarter",
    unit="points",
)
predict_quarter

# %% tags=["predict"]
PASSED = ["distilled", "hint", "attention", "relations", "itself"]
predict_way = Predict("At the full width, which way is best?", PASSED, key="07.way")
predict_way

# %% tags=["run"]
WAYS = ["labels", "smoothed", *PASSED]
ways = runs.table[
    runs.table["condition"].isin(WAYS)
    & (runs.table["temperature"] == 4)
    & (runs.table["alpha"] == 0.9)
].copy()
ways.attrs["kind"] = "recorded"
batch = few.test.x[:64]
networks = {"tiny-resnet, the teacher": teacher_of(SEED)} | {
    width: tl.backbones.load("tiny-resnet-s", weights=None, width=width)
    for width in (1.0, 0.5, 0.25)
}
costs = {width: tl.backbones.cost(network, batch) for width, network in networks.items()}

# %% tags=["look"]
tl.plots.compared(
    ways[ways["width"] == 1.0],
    title="A hundred labelled drawings of each kind, a student as wide as it comes",
    chance=0.1,
)

# %% tags=["look"]
table = 100 * ways.pivot_table("accuracy", "condition", "width", sort=False)
predict_quarter.reveal(
    round(table.loc["distilled", 0.25] - table.loc["labels", 0.25], 1),
    f"Labels {table.loc['labels', 0.25]:.1f} %, distilled {table.loc['distilled', 0.25]:.1f} %.",
)
predict_way.reveal(
    table.loc[PASSED, 1.0].idxmax(),
    ", ".join(f"{way} {table.loc[way, 1.0]:.1f} %" for way in PASSED) + ".",
)
table.round(1)

# %% [markdown]
# And what does it save? Weights, kilobytes on disk, and the time of an answer, here and now:

# %% tags=["look"]
rows = [
    {
        "network": "teacher" if isinstance(width, str) else f"{way}, {width:g} as wide",
        "weights, thousands": c.parameters / 1000,
        "kB": 1000 * c.weights_mb,
        "milliseconds a picture": c.ms,
        "accuracy, %": 100 * whole["teacher"].mean()
        if isinstance(width, str)
        else table.loc[way, width],
        "way": "teacher" if isinstance(width, str) else way,
    }
    for width, c in costs.items()
    for way in (["labels", "distilled"] if not isinstance(width, str) else [""])
]
saved = pd.DataFrame(rows)
tl.plots.scattered(
    saved,
    "kB",
    "accuracy, %",
    "network",
    "way",
    title="What it takes on disk, and how good it is",
    subtitle="Recorded, mean of five seeds",
    log_x=True,
)

# %%
saved.drop(columns="way").drop_duplicates("kB").drop(columns="accuracy, %").round(2)

# %% [markdown]
# DRAFT: read it.

# %% tags=["conclude"]
tl.claim(
    "The smallest student gains, too",
    ways[ways["width"] == 0.25],
    better="distilled",
    than="labels",
    by=0.02,
)

# %% [markdown]
# ## 4 · Fifty with labels, five hundred without
#
# This is where distillation pays most: the pictures that nobody labelled are yours, and the teacher speaks of them for nothing. But a fair comparison
# gives the others the same pictures. Without any teacher, a student can name them itself: it learns the labelled ones, names the rest, and
# learns both (**pseudo-labels**, Lee 2013). Recorded, on drawings and on photographs, all with as many steps:

# %% tags=["predict"]
predict_own = Predict(
    "Drawings: the student on 50 labelled ones of each kind is right in about 40 of 100. After it has named 500 others of each itself and learned them?",
    (0, 100, 1),
    key="07.own",
    unit="%",
)
predict_own

# %% tags=["predict"]
predict_names = Predict(
    "And if the teacher names them, one name each, nothing of how sure it is?",
    (0, 100, 1),
    key="07.names",
    unit="%",
)
predict_names

# %% tags=["run"]
others = tl.evaluate.recorded("unlabelled")
print(others.rerun(SEED, data="formula10", condition="labels, a third"))
drawn, photos = (others.select(data=data) for data in ("formula10", "photos10"))

# %% tags=["look"]
tl.plots.compared(drawn, title="Drawings: 50 labelled and 500 unlabelled of each kind", chance=0.1)

# %% tags=["look"]
tl.plots.compared(
    photos, title="Photographs: 50 labelled and 500 unlabelled of each kind", chance=0.1
)

# %% tags=["look"]
both = 100 * others.table.pivot_table(
    ["accuracy", "right", "used"], "condition", "data", sort=False
)
predict_own.reveal(
    round(both.loc["own labels", ("accuracy", "formula10")], 1),
    f"The labels alone: {both.loc['labels', ('accuracy', 'formula10')]:.1f} %.",
)
predict_names.reveal(
    round(both.loc["teacher's names", ("accuracy", "formula10")], 1), "One name each."
)
both.round(1)

# %% [markdown]
# DRAFT: read it.

# %% tags=["conclude"]
tl.claim(
    "Told by a teacher, unlabelled pictures are worth far more than by the student's own names for them",
    drawn,
    better="teacher at 4",
    than="own labels",
    by=0.03,
)

# %% tags=["conclude"]
tl.claim(
    "And far more than the labels alone",
    drawn,
    better="teacher at 4",
    than="labels",
    by=0.03,
)

# %% [markdown]
# ## 5 · The class it never saw
#
# A student trained on nine digits, by a teacher who knows ten. No picture of a 3 is ever shown to it, and no label says 3. But the teacher, looking at
# an 8, says *a little like a 3*. Is that enough to know one? (Hinton, Vinyals and Dean 2015 tried it so, on MNIST.)

# %% tags=["predict"]
predict_missing = Predict(
    "At T = 20, of the test's pictures of the missing digit, how many does the student name rightly?",
    (0, 100, 1),
    key="07.missing",
    unit="%",
)
predict_missing

# %% tags=["predict"]
predict_raised = Predict(
    "The one bias of that class was never pulled up by an example. Raise it, until the class is named as often as the others. How many now?",
    (0, 100, 1),
    key="07.raised",
    unit="%",
)
predict_raised

# %% tags=["run"]
GONE = 3
digits = tl.data.load("digits", seed=SEED)
keep = digits.train.y != GONE
nine = replace(digits, train=digits.train[np.flatnonzero(keep)])
knows_ten = tl.finetune.attach_head(tl.backbones.load("tiny-resnet"), 10, seed=SEED)
tl.finetune.fine_tune(knows_ten, digits, "lp-ft", EPOCHS, 2e-3, seed=SEED)
pupil = tl.finetune.attach_head(
    tl.backbones.load("tiny-resnet-s", weights=None, seed=SEED), 10, dropout=0.0, seed=SEED
)
tl.distill.distill(pupil, knows_ten, nine, 20.0, 1.0, epochs=2 * EPOCHS, seed=SEED)
val, test = (pupil.predict(part.x, batch_size=100, verbose=0) for part in (digits.val, digits.test))
there = digits.test.y == GONE
rest = np.arange(10) != GONE
lacks = val[:, rest].max(1) - val[:, GONE]  # how much the missing class lacks to be the answer
for bias in (0.0, *np.quantile(lacks, [0.02, 0.05, 0.1, 0.2])):
    right = (test + bias * ~rest).argmax(1) == digits.test.y
    print(
        f"bias raised by {bias:4.1f}: the missing one {100 * right[there].mean():3.0f} %, the nine {100 * right[~there].mean():3.0f} %"
    )

# %% [markdown]
# What looks unlike the nine might find its way into the tenth class by itself, without any word of the teacher's. So the recorded runs have controls: **labels** alone;
# a teacher **of nine**, who never saw the tenth either; and **scrambled**, where what the teacher says of the tenth is dealt out anew over the pictures. Which digit
# is missing goes round with the seed.

# %% tags=["look"]
missing = tl.evaluate.recorded("missing_class")
parts = ["missing", "missing_raised", "seen", "seen_raised"]
by_data = 100 * missing.table.pivot_table(parts, "condition", "data", sort=False)[parts]
predict_missing.reveal(
    round(by_data.loc["teacher at 20", ("missing", "mnist")], 1), "MNIST, recorded, five digits."
)
predict_raised.reveal(
    round(by_data.loc["teacher at 20", ("missing_raised", "mnist")], 1),
    f"Scrambled: {by_data.loc['scrambled', ('missing_raised', 'mnist')]:.1f} %.",
)
by_data.round(1)

# %% [markdown]
# DRAFT: read it.

# %% tags=["conclude"]
tl.claim(
    "What the teacher says of nine digits tells the student of the tenth",
    missing.select(data="mnist"),
    better="teacher at 20",
    than="scrambled",
    by=0.05,
    metric="missing_raised",
)

# %% [markdown]
# ## 6 · Teachers to beware of
#
# Better networks are not always better teachers: one that is sure of everything says nothing but the name (Cho and Hariharan 2019). And a wrong one is
# believed as well. Recorded, on a hundred labelled drawings of each kind, at T = 4:
#
# | Teacher | |
# |---|---|
# | **brief**, **tuned**, **long** | tiny-resnet, fine-tuned for one epoch, six, sixty |
# | **scratch** | the same network from random weights, sixty epochs: it knows these drawings alone |
# | **mistaught** | six epochs, and two labels in five are wrong |
# | **sketches** | six epochs, on sketches of the same kinds: right about something else |
# | **knows nothing**, **scrambled**, **none** | controls: all answers alike; the tuned one's first answers, the others dealt out anew; no teacher |

# %% tags=["predict"]
predict_long = Predict(
    "Sixty epochs instead of six: how many points does the *student* gain?",
    (-20, 20, 0.5),
    key="07.long",
    unit="points",
)
predict_long

# %% tags=["predict"]
BAD = ["better than with none", "about as good, within a point", "worse than with none"]
predict_bad = Predict("The student of the *mistaught* one, at α = 0.9?", BAD, key="07.bad")
predict_bad

# %% tags=["run"]
school = tl.evaluate.recorded("teachers")
believed = school.table[school.table["alpha"] != 0.5].copy()  # and none
believed.attrs["kind"] = "recorded"

# %% tags=["look"]
tl.plots.compared(
    believed, title="The same student, α = 0.9: whose answers did it learn?", chance=0.1
)

# %% tags=["look"]
means = 100 * school.table.pivot_table(
    ["teacher", "right", "confidence", "accuracy"], "condition", "alpha", sort=False
)
at = 100 * believed.groupby("condition")["accuracy"].mean()
predict_long.reveal(round(at["long"] - at["tuned"], 1), f"Tuned {at['tuned']:.1f} %.")
gap = at["mistaught"] - at["none"]
predict_bad.reveal(BAD[0 if gap > 1 else 1 if gap > -1 else 2], f"By {gap:.1f} points.")
means.round(1)

# %% [markdown]
# DRAFT: read it.

# %% tags=["conclude"]
tl.claim(
    "A teacher who answers wrongly is worse than one who is right, and the student cannot tell",
    believed,
    better="tuned",
    than="sketches",
    by=0.02,
)

# %% [markdown]
# ## 7 · A byte a weight
#
# The student is small. Each of its weights takes four bytes, and says more than anybody asks: **quantise** them, to whole numbers from −127
# to 127, with a scale for each output channel (Krishnamoorthi 2018). Keras does so for dense layers; this network has one, and all
# else is convolutions. So ask Keras' quantiser for each kernel:

# %%
student = student_of(SEED)
quantised = keras.models.clone_model(student)
stored = tl.distill.to_int8(student)
tl.distill.from_int8(quantised, stored)
sizes = {}
for name, arrays in {
    "four bytes": {w.path: keras.ops.convert_to_numpy(w) for w in student.weights},
    "one byte": stored,
}.items():
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    sizes[name] = file.tell() / 1000
for name, model in {"four bytes": student, "one byte": quantised}.items():
    print(
        f"{name}: {sizes[name]:4.0f} kB, {100 * tl.evaluate.accuracy(model, few.test):.1f} % right"
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
    p, q = softmax(teacher / temperature, axis=1), softmax(student / temperature, axis=1)
    soft = (p * np.log(p / q)).sum(axis=1).mean()
    hard = -np.log(softmax(student, axis=1)[np.arange(len(y)), y]).mean()
    return alpha * temperature**2 * soft + (1 - alpha) * hard
    ### END SOLUTION


tl.check("07.b", distillation_loss)

# %% [markdown]
# **07.c** A dense kernel in eight bits: whole numbers from −127 to 127, and for each column what a step of one is worth, so that whole numbers
# times scale is about the kernel.


# %% tags=["exercise", "07.c"]
def to_int8(kernel):
    """(inputs, outputs) float -> (inputs, outputs) int8, (outputs,) scales."""
    ### BEGIN SOLUTION
    scale = np.abs(kernel).max(axis=0) / 127
    return np.round(kernel / scale).astype(np.int8), scale
    ### END SOLUTION


tl.check("07.c", to_int8)

# %% [markdown]
# ## Key points
#
# ## Further reading
#
# - Hinton, Vinyals and Dean 2015, *Distilling the Knowledge in a Neural Network*.
# - Buciluă, Caruana and Niculescu-Mizil 2006, *Model Compression* (the idea, with unlabelled data made up).
# - Romero et al. 2015, *FitNets: Hints for Thin Deep Nets*.
# - Zagoruyko and Komodakis 2017, *Paying More Attention to Attention*.
# - Park et al. 2019, *Relational Knowledge Distillation*.
# - Furlanello et al. 2018, *Born-Again Neural Networks*.
# - Cho and Hariharan 2019, *On the Efficacy of Knowledge Distillation* (a better network, a worse teacher).
# - Beyer et al. 2022, *Knowledge Distillation: A Good Teacher Is Patient and Consistent*.
# - Szegedy et al. 2016, *Rethinking the Inception Architecture* (label smoothing).
