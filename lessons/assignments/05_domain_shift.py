# %% [markdown]
# # Assignment 05 · Domain shift
#
# Four exercises on lesson 05, a bit more than an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's
# may be others. Each check answers at once and as often as you like; it says what is wrong, and not all that will be graded.

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
me = tl.course.enrol("05", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="05.1"
# ## 05.1 · How far apart two domains are · 4 points, 15 minutes
#
# **Objective.** Measure how far apart two sets of features are, so that two samples of one distribution are about zero apart, on average.
#
# The lesson's MMD compares how alike rows are within a domain with how alike they are across. It pairs each row with itself, too, and so it is above zero for
# any two samples. Yours is not: the mean of k over all pairs of **different** rows of the source, plus that of the target, minus twice the mean over all pairs
# across. (Two rows that happen to be equal are still two rows.) How alike a pair is, k, is your variant; the cell prints it. In it r is the distance of the
# pair, and s the median of r over all pairs across, so that features ten times as large are as far apart as before.
#
# <details><summary>A hint</summary>A table of all distances has a row for each row of one set and a column for each of the other. Within a set, leave out its diagonal.</details>

# %% exercise="05.1"
KERNEL = me.choose(
    "05.1", ["the rational quadratic kernel", "the Laplacian kernel", "the energy distance"]
)
print(f"Yours is {KERNEL}:")
print(
    {
        "the rational quadratic kernel": "k = 1 / (1 + (r / s)²), with r the Euclidean distance.",
        "the Laplacian kernel": "k = exp(−r / s), with r the sum of the absolute differences.",
        "the energy distance": "k = −r / s, with r the Euclidean distance.",
    }[KERNEL]
)


def discrepancy(source, target):
    """(n, d) and (m, d) features, at least two rows each -> one number."""
    ### BEGIN SOLUTION

    def apart(a, b):
        gaps = a[:, None] - b[None]  # (n, m, d)
        if KERNEL == "the Laplacian kernel":
            return np.abs(gaps).sum(-1)
        return np.sqrt((gaps**2).sum(-1))

    across = apart(source, target)
    s = np.median(across)

    def alike(r):
        if KERNEL == "the rational quadratic kernel":
            return 1 / (1 + (r / s) ** 2)
        return np.exp(-r / s) if KERNEL == "the Laplacian kernel" else -r / s

    within = [alike(apart(x, x))[~np.eye(len(x), dtype=bool)].mean() for x in (source, target)]
    return sum(within) - 2 * alike(across).mean()
    ### END SOLUTION


# %% exercise="05.1"
tl.check("05.1", discrepancy, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, m, d):
        spread = rng.uniform(0.5, 3, d)
        return {
            "source": rng.normal(1, spread, (n, d)),
            "target": rng.normal(rng.uniform(0, 3, d), 1.5 * spread, (m, d)),
        }

    doubled = inputs(6, 9, 3)
    doubled["source"] = np.concatenate([doubled["source"], doubled["source"][:4]])
    doubled["target"][:2] = doubled["source"][0]
    return {
        "two sets": inputs(20, 30, 5),
        "two rows against many": inputs(2, 15, 4),
        "one feature": inputs(12, 7, 1),
        "rows that are equal": doubled,
    }


### END HIDDEN TESTS

# %% [markdown] exercise="05.2"
# ## 05.2 · Statistics of what arrives · 4 points, 15 minutes
#
# **Objective.** Renew BatchNorm's statistics while the pictures arrive, and see what a running variance leaves out.
#
# AdaBN wants many pictures of the other domain at once. Yours arrive batch by batch. Each batch is **first counted, then normalised** by the statistics as they
# are then. A batch that counts η moves the mean to (1 − η) · mean + η · its own. The new variance is that **of the mixture** of two clouds: one of weight 1 − η
# with the mean and variance so far, one of weight η with the batch's. Where their means lie apart, that is more than the mean of two variances, which is all
# that Keras keeps. The cell prints your η.
#
# <details><summary>A hint</summary>The variance of a mixture is the mean of the variances plus the variance of the means. The latter vanishes at η = 0 and at η = 1.</details>

# %% exercise="05.2"
COUNTED = me.choose(
    "05.2", ["all batches alike", "the first batches most", "by how many pictures there were"]
)
print(f"Yours counts {COUNTED}:")
print(
    {
        "all batches alike": "η = 0.2.",
        "the first batches most": "η = 0.5 · 0.8ᵗ, with t = 0 for the first batch, 1 for the next, and so on.",
        "by how many pictures there were": "η = n / (50 + N), with n pictures in this batch and N so far, this batch's among them.",
    }[COUNTED]
)


def stream_norm(x, sizes, mean, variance):
    """(n, c) features, how many of them are in each batch, twice (c,) -> (n, c).

    A batch's variance is about its own mean, divided by how many it has. 1e-3 is added to the variance
    by which a batch is normalised; there is no gamma and no beta.
    """
    ### BEGIN SOLUTION
    out, seen = [], 0
    for t, n in enumerate(sizes):
        batch = x[seen : seen + n]
        seen += n
        eta = {
            "all batches alike": 0.2,
            "the first batches most": 0.5 * 0.8**t,
            "by how many pictures there were": n / (50 + seen),
        }[COUNTED]
        gap = batch.mean(0) - mean
        variance = (1 - eta) * variance + eta * batch.var(0) + eta * (1 - eta) * gap**2
        mean = mean + eta * gap
        out.append((batch - mean) / np.sqrt(variance + 1e-3))
    return np.concatenate(out)
    ### END SOLUTION


# %% exercise="05.2"
tl.check("05.2", stream_norm, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(sizes, c, scale=1.0):
        return {
            "x": scale * rng.normal(rng.uniform(1, 4, c), rng.uniform(0.5, 2, c), (sum(sizes), c)),
            "sizes": sizes,
            "mean": scale * rng.normal(size=c),
            "variance": scale**2 * rng.uniform(0.5, 2, c),
        }

    return {
        "even batches of small numbers": inputs([20] * 6, 4, scale=0.02),
        "uneven batches": inputs([int(n) for n in rng.integers(2, 40, 8)], 3),
        "one picture at a time": inputs([1] * 12, 5),
        "one batch": inputs([int(rng.integers(5, 30))], 1),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="05.3"
# ## 05.3 · How common the classes are there · 4 points, 20 minutes
#
# **Objective.** Find out how common each class is in the target, without one label of it.
#
# Under label shift a class looks as it did, so a classifier says of its pictures what it said at home, mistakes included. Sum each answer up in a vector; how
# is your variant, and the cell prints it. The mean vector of a class's labelled pictures is what this class alone would give. The mean vector of the target is a
# mixture of these, and the **shares** of the classes there are its weights. Find these by plain **least squares**. Then make those below 0 zero, and divide all
# by their sum. A class without labelled pictures is left out of the least squares; its share is 0.
#
# <details><summary>A hint</summary>Put the classes' mean vectors side by side, as columns. `np.linalg.lstsq(a, b, rcond=None)[0]` finds the weights of columns.</details>

# %% exercise="05.3"
SUMMED = me.choose(
    "05.3", ["by the likeliest class", "by its two likeliest classes", "by its squares"]
)
print(f"Yours sums an answer up {SUMMED}:")
print(
    {
        "by the likeliest class": "1 for this class, 0 for the others.",
        "by its two likeliest classes": "2/3 for the likeliest, 1/3 for the next, 0 for the others.",
        "by its squares": "its probabilities squared, and divided by the sum of the squares.",
    }[SUMMED]
)


def shares_there(probabilities, y, target_probabilities):
    """(n, classes) at home, (n,) their labels from 0, (m, classes) there -> (classes,), which sum to 1."""
    ### BEGIN SOLUTION
    classes = probabilities.shape[1]

    def summed(p):
        if SUMMED == "by its squares":
            return p**2 / (p**2).sum(1, keepdims=True)
        order = np.argsort(-p, axis=1)
        one = np.eye(classes)
        if SUMMED == "by the likeliest class":
            return one[order[:, 0]]
        return 2 / 3 * one[order[:, 0]] + 1 / 3 * one[order[:, 1]]

    home = summed(probabilities)
    labelled = np.unique(y)
    columns = np.stack([home[y == k].mean(0) for k in labelled], axis=1)  # (classes, labelled)
    weights = np.zeros(classes)
    there = summed(target_probabilities).mean(0)
    weights[labelled] = np.linalg.lstsq(columns, there, rcond=None)[0]
    weights = np.maximum(weights, 0)
    return weights / weights.sum()
    ### END SOLUTION


# %% exercise="05.3"
tl.check("05.3", shares_there, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def answers(y, classes):
        logits = 2.5 * np.eye(classes)[y] + rng.normal(size=(len(y), classes))
        odds = np.exp(logits)
        return odds / odds.sum(1, keepdims=True)

    def inputs(classes, m=150, labelled=None, sure=False):
        labelled = np.arange(classes if labelled is None else labelled)
        y = np.concatenate([np.repeat(labelled, 25), rng.choice(labelled, 60)])
        there = rng.choice(labelled, m, p=rng.dirichlet(np.ones(len(labelled))))
        p, q = answers(y, classes), answers(there, classes)
        if sure:  # surer than at home, so that the weights of the others fall below 0
            q = answers(rng.choice(2, 120, p=[0.3, 0.7]), classes)
            q = q[np.argsort(-q.max(1))[:70]]
        return {"probabilities": p, "y": y, "target_probabilities": q}

    return {
        "three classes": inputs(3),
        "six classes": inputs(6, m=300),
        "two classes there, surely named": inputs(4, sure=True),
        "a class without labels": inputs(5, labelled=4),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="05.4"
# ## 05.4 · What has changed, and what repairs it · 4 points, 20 minutes
#
# **Objective.** Choose a repair without a label of the target, and judge it once.
#
# The cell draws two domains of your own: labelled rows at home, and 600 there, in the order in which they arrive, 30 in a batch. A classifier has been trained;
# it is `stored`, which normalises by home's statistics, and `says`, which turns normalised rows into probabilities. Either the camera has changed there, or
# how common the classes are. Compare three ways, each by your discrepancy of 05.1 between rows of home and rows of there, in this order:
#
# - `"none"`: `home_x` and `there_x` through `stored`.
# - `"statistics"`: `home_x` through `stored`, `there_x` through your `stream_norm` of 05.2.
# - `"shares"`: both through `stored`, but with the classes at home as common as there. Estimate the shares by 05.3, from what the classifier says of the
#   `stored` rows. Then keep of class k its first round(200 · its share / the largest share) rows in the order of `home_x`, which has 200 of each.
#
# **Choose** the way with the smallest discrepancy, and answer for there: by `says` with the first two; with the third, by `says` times the shares. Report the
# way, its discrepancy, and the accuracy on `there_y`, 0 to 1. These labels are looked at once.
#
# <details><summary>A hint</summary>New statistics bring the domains nearer also where only the shares differ, and make the answers worse. Ask of each way what is left, not whether it helped.</details>

# %% exercise="05.4"
rng = me.rng("05.4")
gain, common = [(1.0, 0.75), (2.0, 0.25)][rng.integers(2)]
middles = 1.2 * rng.normal(size=(4, 8))
learn_y, home_y = np.repeat(np.arange(4), 100), rng.permutation(np.repeat(np.arange(4), 200))
there_y = rng.choice(4, 600, p=rng.permutation([common] + 3 * [(1 - common) / 3]))
learn_x, home_x, there_x = (
    middles[y] + rng.normal(size=(len(y), 8)) for y in (learn_y, home_y, there_y)
)
there_x = gain * there_x + 2 * (gain - 1) * rng.normal(size=8)

mean, variance = learn_x.mean(0), learn_x.var(0)


def stored(x):
    """Rows, normalised by the statistics of home."""
    return (x - mean) / np.sqrt(variance + 1e-3)


centres = np.stack([stored(learn_x[learn_y == k]).mean(0) for k in range(4)])


def says(z):
    """Normalised rows (n, 8) -> probabilities (n, 4)."""
    logits = -1.2 * ((z[:, None] - centres) ** 2).sum(-1)
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


chosen = {"repair": None, "discrepancy": None, "accuracy": None}
### BEGIN SOLUTION
at_home, there = stored(home_x), stored(there_x)
streamed = stream_norm(there_x, [30] * 20, mean, variance)
shares = shares_there(says(at_home), home_y, says(there))
keep = np.round(200 * shares / shares.max()).astype(int)
kept = np.concatenate([np.flatnonzero(home_y == k)[: keep[k]] for k in range(4)])
found = {
    "none": discrepancy(at_home, there),
    "statistics": discrepancy(at_home, streamed),
    "shares": discrepancy(at_home[kept], there),
}
repair = min(found, key=found.get)
answers = {"none": says(there), "statistics": says(streamed), "shares": says(there) * shares}
accuracy = (answers[repair].argmax(1) == there_y).mean()
chosen = {"repair": repair, "discrepancy": found[repair], "accuracy": accuracy}
### END SOLUTION

# %% exercise="05.4"
tl.check("05.4", chosen, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your data": {}}


def same(got, right, inputs):
    part = 0.25 * (got["repair"] == right["repair"])
    part += 0.25 * (
        abs(float(got["discrepancy"]) - right["discrepancy"])
        < 1e-3 * abs(right["discrepancy"]) + 1e-5
    )
    return part + 0.5 * (abs(float(got["accuracy"]) - right["accuracy"]) < 0.001)


### END HIDDEN TESTS
