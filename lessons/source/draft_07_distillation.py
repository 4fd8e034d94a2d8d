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
from functools import cache

import keras
import numpy as np
from scipy.special import softmax

from tl_helpers.widgets import Predict

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
# (Recorded: `distilled`.)
#
# ## 3 · Three sizes, several ways
#
# (Recorded: `distilled`; cost by `tl.backbones.cost`.)
#
# ## 4 · Fifty with labels, five hundred without
#
# (Recorded: `unlabelled`.)
#
# ## 5 · The class it never saw
#
# (Recorded: `missing_class`.)
#
# ## 6 · Teachers to beware of
#
# (Recorded: `teachers`.)
#
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
