# %% [markdown]
# # Assignment 07 · Distillation
#
# Four exercises on lesson 07, about an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's may
# be others. Each check answers at once and as often as you like; it says what is wrong, and not all that will be graded.

# %%
try:
    import tl_helpers as tl
except ModuleNotFoundError:  # on Colab: install the course, and leave everything else as it is
    import subprocess
    import sys

    package = "tl-helpers @ git+{{REPOSITORY}}@v{{VERSION}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", package], check=True)
    import tl_helpers as tl

# %%
import numpy as np

STUDENT = ""  # your id, as your instructor knows you
me = tl.course.enrol("07", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="07.1"
# ## 07.1 · Another way to be near a teacher · 4 points, 15 minutes
#
# **Objective.** Write a loss that compares what a teacher and a student say, at a temperature.
#
# The lesson took KL(teacher ‖ student). Yours is another one, which the cell prints. P and Q are the shares of teacher and student, softmax(logits / T). The loss is
# the mean over the pictures, times T². Logarithms are natural. Logits may be hundreds apart: the loss has to stay finite.
#
# <details><summary>A hint</summary>log softmax(z) is z − max(z) − log Σ exp(z − max(z)). Compute with logarithms of shares, and never take the logarithm of a share that may be zero.</details>

# %% exercise="07.1"
NEAR = me.choose("07.1", ["the reverse", "half and half", "standardised"])
print(
    {
        "the reverse": "Yours is KL(Q ‖ P): the student's shares say how much each class counts.",
        "half and half": "Yours is the Jensen-Shannon divergence, ½ KL(P ‖ M) + ½ KL(Q ‖ M), with M = ½ (P + Q).",
        "standardised": "Yours is KL(P ‖ Q), but of logits that are standardised first: of each picture, minus their mean, "
        "divided by their standard deviation (that of n, not n − 1) plus 1e-6. Teacher and student apart.",
    }[NEAR]
)


def nearness(student, teacher, temperature):
    """(n, classes) logits of both, a number -> one number."""

    ### BEGIN SOLUTION
    def log_shares(z):
        if NEAR == "standardised":
            z = (z - z.mean(1, keepdims=True)) / (z.std(1, keepdims=True) + 1e-6)
        z = z / temperature
        z = z - z.max(1, keepdims=True)
        return z - np.log(np.exp(z).sum(1, keepdims=True))

    def kl(a, b):
        return (np.exp(a) * (a - b)).sum(1).mean()

    p, q = log_shares(teacher), log_shares(student)
    if NEAR == "the reverse":
        near = kl(q, p)
    elif NEAR == "half and half":
        m = np.logaddexp(p, q) - np.log(2)
        near = (kl(p, m) + kl(q, m)) / 2
    else:
        near = kl(p, q)
    return temperature**2 * near
    ### END SOLUTION


# %% exercise="07.1"
tl.check("07.1", nearness, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, classes, spread, temperature):
        student, teacher = spread * rng.normal(size=(2, n, classes))
        return {"student": student, "teacher": teacher, "temperature": temperature}

    return {
        "at 1": inputs(6, 5, 2.0, 1.0),
        "hot": inputs(9, 4, 5.0, float(rng.uniform(3, 20))),
        "one picture, two classes": inputs(1, 2, 1.0, 2.0),
        "logits far apart": inputs(5, 7, 400.0, 1.0),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="07.2"
# ## 07.2 · Where it looks · 4 points, 15 minutes
#
# **Objective.** Pass on where a network is active when teacher and student differ in channels, and in size.
#
# Make one map of a stage's feature maps: the mean over the channels of |value| to a power, which your variant gives. The teacher's map is twice as high and wide as the
# student's: average it over squares of two by two. Then lay each picture's map out as a vector and divide it by its norm, which your variant gives, too; a map that is zero
# everywhere stays zero. The loss of a picture is the sum of the squared differences of the two vectors; return the mean over the pictures.
#
# <details><summary>A hint</summary>`map.reshape(n, h, 2, w, 2).mean((2, 4))` averages squares of two by two. The power comes before the mean over the channels, the squares after it.</details>

# %% exercise="07.2"
POWER, NORM = me.choose("07.2", [(1, "sum"), (3, "length"), (4, "sum"), (1, "length")])
print(f"Yours takes |value| to the power {POWER}, and divides by the vector's {NORM}.")
print({"sum": "(The sum of its entries.)", "length": "(Its Euclidean length.)"}[NORM])


def attention_loss(student, teacher):
    """(n, h, w, c), (n, 2h, 2w, d) -> one number."""

    ### BEGIN SOLUTION
    def vectors(maps):
        flat = maps.reshape(len(maps), -1)
        norm = flat.sum(1) if NORM == "sum" else np.linalg.norm(flat, axis=1)
        return flat / np.where(norm > 0, norm, 1.0)[:, None]

    mine = (np.abs(student) ** POWER).mean(-1)
    large = (np.abs(teacher) ** POWER).mean(-1)
    n, h, w = mine.shape
    theirs = large.reshape(n, h, 2, w, 2).mean((2, 4))
    return ((vectors(mine) - vectors(theirs)) ** 2).sum(1).mean()
    ### END SOLUTION


# %% exercise="07.2"
tl.check("07.2", attention_loss, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, h, w, c, d):
        return {
            "student": rng.normal(size=(n, h, w, c)),
            "teacher": rng.normal(size=(n, 2 * h, 2 * w, d)),
        }

    dead = inputs(3, 2, 2, 4, 4)
    dead["student"][1] = 0
    return {
        "other channels": inputs(5, 3, 4, 2, 7),
        "one picture": inputs(1, 4, 4, 3, 3),
        "one that is dead": dead,
    }


### END HIDDEN TESTS

# %% [markdown] exercise="07.3"
# ## 07.3 · A few bits, and where zero is · 4 points, 15 minutes
#
# **Objective.** Quantise weights that do not lie about zero alike.
#
# The lesson's bytes went from −127 to 127, with zero in the middle. Weights that are mostly positive waste half of that. Yours are whole numbers from 0 to 2ᵇ − 1, with a **zero point**.
# Of a group of weights let lo be the least of them and 0, hi the largest of them and 0. Then
#
# > scale = (hi − lo) / (2ᵇ − 1), zero = round(−lo / scale), q = round(w / scale) + zero, cut to 0 … 2ᵇ − 1
#
# and what is computed with is (q − zero) · scale. Your variant says b, and what is a group. Return what is computed with. A group of zeros stays zero.
#
# <details><summary>A hint</summary>`np.min(w, axis=0, keepdims=True)` for a group that is a column. Where the scale would be 0, put 1.</details>

# %% exercise="07.3"
BITS, GROUP = me.choose("07.3", [(4, "column"), (3, "row"), (5, "row"), (3, "column")])
print(f"Yours has {BITS} bits, and each {GROUP} is a group.")


def coarse(kernel):
    """(inputs, outputs) -> (inputs, outputs), as it is computed with."""
    ### BEGIN SOLUTION
    axis = 0 if GROUP == "column" else 1
    lo = np.minimum(kernel.min(axis, keepdims=True), 0)
    hi = np.maximum(kernel.max(axis, keepdims=True), 0)
    top = 2**BITS - 1
    scale = np.where(hi > lo, hi - lo, top) / top
    zero = np.round(-lo / scale)
    q = np.clip(np.round(kernel / scale) + zero, 0, top)
    return (q - zero) * scale
    ### END SOLUTION


# %% exercise="07.3"
tl.check("07.3", coarse, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    one_side = rng.uniform(0.5, 2, (9, 6))
    zeros = rng.normal(size=(5, 7))
    zeros[2], zeros[:, 3] = 0, 0
    return {
        "about zero": {"kernel": rng.normal(size=(12, 5))},
        "all positive": {"kernel": one_side},
        "all negative": {"kernel": -rng.uniform(0.1, 3, (6, 8))},
        "groups of zeros": {"kernel": zeros},
    }


### END HIDDEN TESTS

# %% [markdown] exercise="07.4"
# ## 07.4 · A student who sees less · 4 points, 20 minutes
#
# **Objective.** Distil on data of your own, choose the temperature honestly, and keep the control.
#
# The cell draws data of your own: a teacher's logits for 400 pictures, and ten features of each, all that the student sees. Labels are there for the first 100 alone. The student
# is a ridge regression onto shares: W = (XᵀX + I)⁻¹ XᵀS, with a column of ones appended to the features; it answers the largest entry of its features, ones included, times W.
#
# - **Taught** at T: learn softmax(teacher / T) of pictures 50 to 399. Try each T of `HEAT`; choose by the accuracy on the first 50, by their labels. Then learn all 400 at that T.
# - **The control**: learn the labels of the first 100, one-hot, from these alone.
#
# Report T, and both accuracies on the test, 0 to 1.
#
# <details><summary>A hint</summary>If two temperatures tie, take the larger one. The test is looked at once for each of the two.</details>

# %% exercise="07.4"
HEAT = (1.0, 3.0, 10.0, 30.0)
rng = me.rng("07.4")
kinds = rng.normal(size=(6, 10))
labels = rng.integers(0, 6, 1000)
features = kinds[labels] + 1.3 * rng.normal(size=(1000, 10))
teacher = 12 * np.eye(6)[labels] + features @ kinds.T + 4 * rng.normal(size=(1000, 6))
x, teacher_says, y = features[:400], teacher[:400], labels[:100]
test_x, test_y = features[400:], labels[400:]

student = {"temperature": None, "taught": None, "control": None}
### BEGIN SOLUTION


def with_ones(x):
    return np.hstack([x, np.ones((len(x), 1))])


def learn(x, shares):
    x = with_ones(x)
    return np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ shares)


def accuracy(weights, x, y):
    return float(((with_ones(x) @ weights).argmax(1) == y).mean())


def shares_at(temperature):
    z = teacher_says / temperature
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


val = {t: accuracy(learn(x[50:], shares_at(t)[50:]), x[:50], y[:50]) for t in HEAT}
best = max(HEAT, key=lambda t: (val[t], t))
student = {
    "temperature": best,
    "taught": accuracy(learn(x, shares_at(best)), test_x, test_y),
    "control": accuracy(learn(x[:100], np.eye(6)[y]), test_x, test_y),
}
### END SOLUTION

# %% exercise="07.4"
tl.check("07.4", student, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your data": {}}


def same(got, right, inputs):
    parts = [float(got["temperature"]) == right["temperature"]]
    parts += [abs(float(got[part]) - right[part]) < 0.004 for part in ("taught", "control")]
    return sum(parts) / 3


### END HIDDEN TESTS
