# %% [markdown]
# # Assignment 04 · Should I transfer?
#
# Four exercises on lesson 04, a little more than an hour. What you write is graded on data that you do not see here, and the variants are your own:
# your neighbour's may be others. Each check answers at once and as often as you like; it says what is wrong, and not all that will be graded.

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
me = tl.course.enrol("04", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="04.1"
# ## 04.1 · A score that has not seen the answer · 4 points, 20 minutes
#
# **Objective.** Score a network by its source's labels, without letting a picture vote for itself.
#
# LEEP asks how likely a picture's label is, given what the source's head takes the picture for. But that picture was among those that were counted
# before. So where the source has many labels, LEEP is high for shuffled labels, too. Yours counts, for each picture, only the **others**:
#
# - C(k, z) is a sum over the other pictures of class k: how much of each one's opinion falls on source label z.
# - P(k | z) = (C(k, z) + 1) / (the sum of C over all classes, at z, + `classes`). The 1 keeps it from being 0.
# - The likelihood of the picture is the sum over z of its opinion on z times P(its class | z).
#
# The score is the mean of the natural logarithms of these likelihoods. A class without pictures counts among `classes`, too. The cell prints what an
# **opinion** is in yours; use it wherever the word stands.
#
# <details><summary>A hint</summary>Count all pictures once. The counts without a picture differ from these at its own class alone, by its own opinion.</details>

# %% exercise="04.1"
OPINION = me.choose(
    "04.1",
    ["the most probable label", "the two most probable labels", "the square roots"],
)
print("An opinion is made from the probabilities that the source's head gives:")
print(
    {
        "the most probable label": "1 for the most probable label, 0 for all others.",
        "the two most probable labels": "the two most probable labels keep theirs, all others get 0; "
        "then the two are made to sum to 1.",
        "the square roots": "the square root of each; then all are made to sum to 1. (A softmax at a "
        "temperature of 2.)",
    }[OPINION]
)


def fair_score(probabilities, y, classes):
    """(n, source labels), (n,) whole numbers from 0, how many classes -> one number."""
    ### BEGIN SOLUTION
    kept = np.sqrt(probabilities)
    if OPINION != "the square roots":
        first = 1 if OPINION == "the most probable label" else 2
        rank = (-probabilities).argsort(1).argsort(1)
        kept = np.where(rank < first, probabilities, 0)
    opinion = kept / kept.sum(1, keepdims=True)
    counts = np.eye(classes)[y].T @ opinion  # (classes, source labels)
    of_class = counts[y] - opinion  # (n, source labels), of the others of its class
    of_all = counts.sum(0) - opinion
    likelihood = (opinion * (of_class + 1) / (of_all + classes)).sum(1)
    return np.log(likelihood).mean()
    ### END SOLUTION


# %% exercise="04.1"
tl.check("04.1", fair_score, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(y, labels, classes):
        meant = rng.normal(0, 2, (classes, labels))
        p = np.exp(meant[y] + rng.normal(0, 1, (len(y), labels)))
        return {"probabilities": p / p.sum(1, keepdims=True), "y": y, "classes": classes}

    def some(n, classes):
        return rng.permutation(np.arange(n) * classes // n)

    rare = rng.permutation(np.r_[2, rng.permutation(np.arange(24) % 2)])
    return {
        "five classes": inputs(some(60, 5), 12, 5),
        "one picture of a class, none of another": inputs(rare, 6, 4),
        "two source labels": inputs(some(30, 3), 2, 3),
        "more source labels than pictures": inputs(some(16, 2), 30, 2),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="04.2"
# ## 04.2 · How much do the classes overlap? · 4 points, 15 minutes
#
# **Objective.** Score a network's features by how well a bell curve for each class keeps the classes apart.
#
# Draw a bell around each class's pictures, with a mean and a variance for each feature. Two bells overlap by exp(−D), with the **Bhattacharyya
# distance**
#
# D = sum over the features of [ (m₁ − m₂)² / (8 v) + ½ ln(v / √(v₁ v₂)) ], where v = (v₁ + v₂) / 2.
#
# The score is minus the sum of these overlaps, each pair of classes once (Pándy et al. 2022). Classes without pictures have no bell. The cell prints
# what the variances are in yours. They are about the mean of the picture's own class, and divided by the number of pictures; add 0.1 to each, so that
# one picture has a bell, too.
#
# <details><summary>A hint</summary>`np.triu_indices(classes, 1)` names each pair once. If v₁ = v₂ the second part of D is zero.</details>

# %% exercise="04.2"
SPREAD = me.choose("04.2", ["of each class and feature", "of each class", "of each feature"])
print(f"Yours has a variance {SPREAD}:")
print(
    {
        "of each class and feature": "each class has its own for each feature.",
        "of each class": "the mean of its variances over the features, the same for all of them.",
        "of each feature": "the mean over all pictures of the squared distance to their own class's mean, "
        "the same for all classes.",
    }[SPREAD]
)


def overlap_score(features, y):
    """(n, d), (n,) whole numbers from 0, some perhaps missing -> one number, 0 or less."""
    ### BEGIN SOLUTION
    kinds, at = np.unique(y, return_inverse=True)
    means = np.stack([features[y == kind].mean(0) for kind in kinds])  # (classes, d)
    squares = (features - means[at]) ** 2
    v = np.stack([squares[y == kind].mean(0) for kind in kinds])
    if SPREAD == "of each class":
        v = v.mean(1, keepdims=True)
    if SPREAD == "of each feature":
        v = squares.mean(0, keepdims=True)
    v = np.broadcast_to(v + 0.1, means.shape)
    one, two = np.triu_indices(len(kinds), 1)
    both = (v[one] + v[two]) / 2
    moved = (means[one] - means[two]) ** 2 / (8 * both)  # (pairs, d)
    widened = np.log(both / np.sqrt(v[one] * v[two])) / 2
    return -np.exp(-(moved + widened).sum(1)).sum()
    ### END SOLUTION


# %% exercise="04.2"
tl.check("04.2", overlap_score, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(counts, d):
        y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        spread = rng.uniform(0.5, 2, (len(counts), d))
        noise = spread[y] * rng.normal(size=(len(y), d))
        return {"features": rng.normal(0, 1.2, (len(counts), d))[y] + noise, "y": y}

    return {
        "two classes": inputs([25, 25], 3),
        "five classes, more of some": inputs([int(n) for n in rng.integers(4, 30, 5)], 4),
        "one picture of a class, none of another": inputs([12, 0, 1, 18], 3),
        "one feature": inputs([9, 20, 14], 1),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="04.3"
# ## 04.3 · Does a score order networks, where it matters? · 4 points, 15 minutes
#
# **Objective.** Measure how well a score orders networks, leaving out what nobody knows.
#
# Go through all pairs of networks. A pair whose accuracies are at most `unsure` apart is **left out**: another draw may turn it. Every other pair has a
# weight, and is in the right order if the network with the higher accuracy has the higher score, too. Return
#
# (weight of the pairs in the right order − weight of those in the wrong one) / weight of all pairs that are not left out.
#
# A pair with two equal scores is in neither order, but it is not left out. If all pairs are left out, return 0. The cell prints your weight.
#
# <details><summary>A hint</summary>`a[:, None] - a` has all differences. Where it is above `unsure`, the row is the better network; so each pair comes once.</details>

# %% exercise="04.3"
WEIGHT = me.choose("04.3", ["the difference", "the rank of the better", "the lead of the better"])
print(
    {
        "the difference": "A pair's weight is how far apart its two accuracies are.",
        "the rank of the better": "A pair's weight is 1 / the rank of its better network among all: 1 for the most "
        "accurate, then 1/2, 1/3, ...\n(rank: one more than there are networks with a higher accuracy).",
        "the lead of the better": "A pair's weight is how far its better network is above the mean accuracy of "
        "all networks,\nand 0 if it is below.",
    }[WEIGHT]
)


def agreement(scores, accuracies, unsure):
    """(networks,) twice, a number from 0 -> one number, -1 to 1."""
    ### BEGIN SOLUTION
    apart = accuracies[:, None] - accuracies  # (networks, networks), above 0: the row is better
    order = np.sign(scores[:, None] - scores)
    if WEIGHT == "the difference":
        weight = apart
    elif WEIGHT == "the rank of the better":
        weight = 1 / (1 + (apart < 0).sum(1, keepdims=True))
    else:
        weight = np.maximum(0, accuracies - accuracies.mean())[:, None]
    weight = np.where(apart > unsure, weight, 0)
    return (weight * order).sum() / weight.sum() if weight.any() else 0.0
    ### END SOLUTION


# %% exercise="04.3"
tl.check("04.3", agreement, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(unsure, n=12, noise=0.6, ties=False):
        accuracies = rng.uniform(0.4, 0.9, n)
        scores = 4 * accuracies + rng.normal(0, noise, n)
        return {
            "scores": np.round(2 * scores) / 2 if ties else scores,
            "accuracies": accuracies,
            "unsure": unsure,
        }

    return {
        "twelve networks": inputs(0.02),
        "scores with ties": inputs(0.01, ties=True),
        "most pairs too close": inputs(0.2, n=10, noise=2.0),
        "all pairs too close": inputs(0.6, n=5),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="04.4"
# ## 04.4 · Your own zoo: which network, and does it help? · 4 points, 20 minutes
#
# **Objective.** Choose a score, then a network, and say with an interval whether transfer helped.
#
# The cell draws a zoo of your own, eight networks, and what they reached on four earlier targets. Each target is a dict: labels `y` of its pictures,
# four classes; `probabilities` and `features`, a list with an array for each network; `accuracies`, (8,). For the `new` target there are five draws:
# `accuracies` is (5, 8), and `scratch` (5,) is training from scratch.
#
# 1. Take the score, `"labels"` (your 04.1) or `"features"` (your 04.2), with the higher mean agreement (your 04.3, with `unsure` 0.02) over the four
#    earlier targets. Round both means to six places; if they tie, take the features.
# 2. Take the network, 0 to 7, that it puts first on the new target.
# 3. Now look at the new accuracies. `lost`: by how much is the network's mean over the draws below that of the best network?
# 4. `interval`: the 95 % interval of how far the network is above scratch, paired by draw, (low, high): the mean of the five differences ± 2.776 ·
#    their standard deviation (divided by n − 1) / √5. `verdict`: "helps" if all of it is above 0, "hurts" if all of it is below, else "cannot tell".
#
# <details><summary>A hint</summary>Both scores are the better the higher they are. Accuracies are shares of 1 throughout, and so are `lost` and the interval.</details>

# %% exercise="04.4"
rng = me.rng("04.4")


def zoo_on_a_target(draws):
    """How far each network knows what the target asks for, and all that follows."""
    y, knows = rng.integers(0, 4, 80), rng.uniform(0.2, 1, 8)
    probabilities, features = [], []
    for known in knows:
        seen = 1.3 * known * rng.normal(size=(4, 6))[y] + rng.normal(size=(80, 6))
        logits = seen @ rng.normal(size=(6, rng.integers(5, 30)))
        p = np.exp(logits - logits.max(1, keepdims=True))
        probabilities.append(p / p.sum(1, keepdims=True))
        features.append(seen)
    luck = 0.05 * rng.normal(size=(draws, 1))  # a draw's, for all that are trained on it
    own = 0.03 * rng.normal(size=8) + 0.015 * rng.normal(size=(draws, 8))
    scratch = 0.4 + 0.4 * rng.uniform(0.5, 1.1) + luck[:, 0] + 0.015 * rng.normal(size=draws)
    accuracies = np.clip(0.4 + 0.4 * knows + luck + own, 0, 1)
    target = {
        "y": y,
        "probabilities": probabilities,
        "features": features,
        "accuracies": accuracies,
    }
    return target | {"scratch": np.clip(scratch, 0, 1)}


earlier = [zoo_on_a_target(1) for _ in range(4)]
for target in earlier:
    target["accuracies"] = target["accuracies"][0]
    del target["scratch"]  # nobody trained it there
new = zoo_on_a_target(5)

chosen = {"score": None, "network": None, "lost": None, "interval": None, "verdict": None}
### BEGIN SOLUTION


def scores_of(target):
    y = target["y"]
    return {
        "features": np.array([overlap_score(f, y) for f in target["features"]]),
        "labels": np.array([fair_score(p, y, 4) for p in target["probabilities"]]),
    }


known = {
    name: round(np.mean([agreement(scores_of(t)[name], t["accuracies"], 0.02) for t in earlier]), 6)
    for name in ("features", "labels")
}
score = max(known, key=known.get)  # of equals the first
network = int(scores_of(new)[score].argmax())
reached = new["accuracies"].mean(0)
ahead = new["accuracies"][:, network] - new["scratch"]
half = 2.776 * ahead.std(ddof=1) / np.sqrt(5)
low, high = ahead.mean() - half, ahead.mean() + half
chosen = {
    "score": score,
    "network": network,
    "lost": reached.max() - reached[network],
    "interval": (low, high),
    "verdict": "helps" if low > 0 else "hurts" if high < 0 else "cannot tell",
}
### END SOLUTION

# %% exercise="04.4"
tl.check("04.4", chosen, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your zoo": {}}


def same(got, right, inputs):
    network = got["score"] == right["score"] and int(got["network"]) == right["network"]
    lost = abs(float(got["lost"]) - right["lost"]) < 1e-4
    interval = np.allclose(got["interval"], right["interval"], rtol=0, atol=1e-4)
    verdict = interval and got["verdict"] == right["verdict"]  # alone it could be guessed
    return sum(map(float, (network, lost, interval, verdict))) / 4


### END HIDDEN TESTS
