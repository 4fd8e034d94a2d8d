# %% [markdown]
# # Assignment 00 · Start here
#
# Four exercises on lesson 00, about an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's may
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
me = tl.course.enrol("00", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="00.1"
# ## 00.1 · Could it have been luck? · 4 points, 15 minutes
#
# **Objective.** Say how easily luck gives the gaps that you measured, without assuming how gaps are distributed.
#
# The lesson's lower bound assumes that gaps are normally distributed. The **sign-flip test** (Fisher 1935) does not. If transfer did nothing, each seed's gap could as
# well have the opposite sign. So flip the signs of n gaps in all 2ⁿ ways, the way that flips none included. The answer is the share of the ways whose
# **summary** is at least as large as that of the gaps as they are. The cell prints your summary. Rounding is not luck: what lies less than 1e-9 below counts as equal.
#
# <details><summary>A hint</summary>`itertools.product([1, -1], repeat=n)` gives the ways. As an array, (2ⁿ, n), they take the gaps in one product, and their summaries in one call.</details>

# %% exercise="00.1"
SUMMARY = me.choose("00.1", ["the mean", "the median", "the trimmed mean"])
more = {
    "the mean": "",
    "the median": " (of an even number of gaps the mean of the two in the middle)",
    "the trimmed mean": " (after flipping, leave out the smallest and the largest value, and take the mean of the others)",
}
print(f"Yours summarises gaps by {SUMMARY}{more[SUMMARY]}.")


def by_luck(better, than):
    """Accuracies of two conditions on the same seeds, (n,) and (n,), n from 3 to 12 -> a share, 0 to 1."""
    ### BEGIN SOLUTION
    from itertools import product

    gaps = np.asarray(better) - np.asarray(than)
    signs = np.array(list(product([1, -1], repeat=len(gaps))))  # (2ⁿ, n), the first flips none
    ways = signs * gaps
    if SUMMARY == "the mean":
        found = ways.mean(1)
    elif SUMMARY == "the median":
        found = np.median(ways, axis=1)
    else:
        found = np.sort(ways, axis=1)[:, 1:-1].mean(1)
    return (found >= found[0] - 1e-9).mean()
    ### END SOLUTION


# %% exercise="00.1"
tl.check("00.1", by_luck, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(gaps):
        than = rng.uniform(0.3, 0.6, len(gaps))
        return {"better": than + gaps, "than": than}

    even = inputs(rng.normal(0.03, 0.04, 8))
    even["better"][3] = even["than"][3]
    points = rng.integers(30, 60, 7)
    more = points + rng.permutation(10)[:7] * rng.choice([1, 1, -1], 7)
    return {
        "three seeds": inputs(rng.uniform(0.02, 0.2, 3)),
        "eleven seeds": inputs(rng.normal(0.02, 0.04, 11)),
        "a seed without a gap": even,
        "gaps of whole points": {"better": more / 100, "than": points / 100},
        "the control wins": inputs(rng.normal(-0.02, 0.04, 8)),
    }


def same(got, right, inputs):
    return abs(float(got) - right) < 1e-6  # shares of ways: there is nothing to round


### END HIDDEN TESTS

# %% [markdown] exercise="00.2"
# ## 00.2 · A head that nobody trained · 4 points, 15 minutes
#
# **Objective.** Make a new head for a frozen backbone from statistics of its features alone.
#
# Give each class a **centre** among its pictures' features; your variant says which. One spread serves all classes: for each feature there is a v, the mean over all
# pictures of the squared difference to the centre of their own class, plus 0.001. A class's score for a picture x is minus half the sum over the features of (x − centre)² / v.
# The part with x² is the same for every class: leave it out. What remains is a **linear head**, x · kernel + bias. Return both. (Dudoit et al. 2002 call it a diagonal
# linear discriminant.)
#
# A class without a picture must never win: its kernel is 0 and its bias −∞ (`-np.inf`).
#
# <details><summary>A hint</summary>Multiply out −(x − centre)² / (2v). What stands with x is the kernel, what stands alone the bias.</details>

# %% exercise="00.2"
CENTRE = me.choose("00.2", ["the median", "the shrunk mean", "the most central picture"])
print(f"Your centre of a class is {CENTRE}:")
print(
    {
        "the median": "feature by feature, over its pictures.",
        "the shrunk mean": "the mean of its pictures and of five more, which all equal the mean of all pictures of all classes.",
        "the most central picture": "that one of its pictures whose Euclidean distances to its others have the smallest sum (the medoid).",
    }[CENTRE]
)


def head_by_centres(features, y, classes):
    """(n, d), (n,) whole numbers, how many classes -> a kernel, (d, classes), and a bias, (classes,)."""
    ### BEGIN SOLUTION
    centres = np.zeros((classes, features.shape[1]))
    there = np.isin(np.arange(classes), y)
    for c in np.flatnonzero(there):
        own = features[y == c]
        if CENTRE == "the median":
            centres[c] = np.median(own, axis=0)
        elif CENTRE == "the shrunk mean":
            centres[c] = (own.sum(0) + 5 * features.mean(0)) / (len(own) + 5)
        else:
            far = np.linalg.norm(own[:, None] - own, axis=-1).sum(1)
            centres[c] = own[far.argmin()]
    v = ((features - centres[y]) ** 2).mean(0) + 1e-3
    kernel = (centres / v).T
    bias = np.where(there, -(centres**2 / v).sum(1) / 2, -np.inf)
    return kernel, bias
    ### END SOLUTION


# %% exercise="00.2"
tl.check("00.2", head_by_centres, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(counts, d, scale=1.0):
        # No class of two: each of its pictures would be as central as the other.
        y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        features = rng.normal(size=(len(y), d)) ** 3 + 2 * rng.normal(size=(len(counts), d))[y]
        return {"features": scale * features, "y": y, "classes": len(counts)}

    silent = inputs([11, 8, 13], 4)
    silent["features"][:, int(rng.integers(4))] = 0
    return {
        "a feature that is always 0": silent,
        "a class without a picture": inputs([10, 0, 9, 14], 3),
        "a class with one picture": inputs([9, 12, 1], 5, 0.02),
        "more features than pictures": inputs([5, 7, 5, 6], 30, 0.03),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="00.3"
# ## 00.3 · A control with a fair chance · 4 points, 15 minutes
#
# **Objective.** Choose how the control is trained without looking at the test pictures.
#
# A network from scratch was trained with several rates. Its accuracy was measured after each epoch, on validation pictures and on test pictures: two arrays (rates,
# epochs, seeds). Choose the rate and the number of epochs by **validation**, as your variant says, and return the **test** accuracy of each seed there. Where two
# choices are equally good, take the first.
#
# A run that diverges is NaN from then on, in both arrays. A rate at which any run diverged cannot be chosen, at no number of epochs.
#
# <details><summary>A hint</summary>`argmax` of a table counts through its rows; `np.unravel_index` turns that into a row and a column.</details>

# %% exercise="00.3"
CHANCE = me.choose(
    "00.3", ["one training for all seeds", "each seed stops by itself", "no longer than needed"]
)
print(f"Yours: {CHANCE}.")
print(
    {
        "one training for all seeds": "The rate and number of epochs whose mean over the seeds is highest.",
        "each seed stops by itself": "At each rate take every seed's highest accuracy over the epochs. One rate for all: that whose mean of these is highest.\n"
        "With it, each seed stops after the epoch at which its own accuracy is highest.",
        "no longer than needed": "Take the mean over the seeds for each rate and number of epochs. Good enough is what is at least the highest mean, less its\n"
        "standard error: the standard deviation of its seeds (divide by n − 1), over √n. Of all that is good enough take the fewest epochs,\n"
        "and if several rates are good enough there, the one with the highest mean (Breiman et al. 1984).",
    }[CHANCE]
)


def fair_control(validation, test):
    """Two arrays (rates, epochs, seeds), accuracies from 0 to 1 or NaN, at least two seeds -> (seeds,)."""
    ### BEGIN SOLUTION
    usable = ~np.isnan(validation).any((1, 2))
    validation, test = validation[usable], test[usable]
    mean = validation.mean(2)  # (rates, epochs)
    rate, epoch = np.unravel_index(mean.argmax(), mean.shape)
    if CHANCE == "each seed stops by itself":
        rate = validation.max(1).mean(1).argmax()
        return test[rate, validation[rate].argmax(0), np.arange(test.shape[2])]
    if CHANCE == "no longer than needed":
        seeds = validation[rate, epoch]
        enough = mean >= mean[rate, epoch] - seeds.std(ddof=1) / np.sqrt(len(seeds))
        epoch = enough.any(0).argmax()
        rate = np.where(enough[:, epoch], mean[:, epoch], -np.inf).argmax()
    return test[rate, epoch]
    ### END SOLUTION


# %% exercise="00.3"
tl.check("00.3", fair_control, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(rates, epochs, seeds, diverged=()):
        speed = rng.uniform(0.2, 0.4, rates)[:, None]
        after = np.arange(1, epochs + 1)
        rise = 0.6 * (1 - np.exp(-speed * after)) - 0.006 * after  # (rates, epochs)
        draw = rng.permutation(np.linspace(-0.1, 0.1, seeds))  # of training pictures
        noise = rng.uniform(-0.03, 0.03, (2, rates, epochs, seeds))
        validation, test = rise[..., None] + draw + noise
        for rate in diverged:
            validation[rate] += 0.2  # the best, as long as it lasts
            seed, epoch = rng.integers(seeds), rng.integers(epochs // 2, epochs)
            validation[rate, epoch:, seed] = test[rate, epoch:, seed] = np.nan
        return {"validation": validation, "test": test}

    return {
        "three seeds": inputs(4, 15, 3),
        "rates that diverge": inputs(6, 12, 3, [int(rng.integers(0, 3)), int(rng.integers(3, 6))]),
        "one rate": inputs(1, 20, 5),
        "two seeds": inputs(5, 14, 2),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="00.4"
# ## 00.4 · Your own backbone, your own claim · 3 points, 15 minutes
#
# **Objective.** Compare transfer with a fair control, and judge a claim once.
#
# The cell draws a comparison of your own, over eight seeds. A backbone gives the features of 30 pictures to learn from, others for each seed, and of 300 to be judged on,
# the same for all. Of a network from scratch you get the arrays of 00.3. For each seed make a head by 00.2, and take the share of the 300 that it gets right; choose the
# control by 00.3. The claim: transfer beats the control by five points. It is **supported** when the mean gap is at least that, and luck (00.1) is at most 0.05.
#
# <details><summary>A hint</summary>`transfer` and `control` are means over the seeds. Luck needs the eight accuracies of each, in the same order.</details>

# %% exercise="00.4"
CLAIMED, SEEDS = 0.05, 8
rng = me.rng("00.4")
kinds = rng.normal(size=(5, 20))
kinds *= 2.7 / np.linalg.norm(kinds, axis=1, keepdims=True)
few_y, many_y = np.arange(30) % 5, np.arange(300) % 5
few_x = kinds[few_y] + rng.normal(size=(SEEDS, 30, 20))  # (seeds, 30, 20)
many_x = kinds[many_y] + rng.normal(size=(300, 20))
speed = np.array([0.05, 0.2, 0.5])[:, None]  # at three rates, over 25 epochs
rise = rng.uniform(0.55, 0.8) * (1 - np.exp(-speed * np.arange(1, 26)))
draw = rng.normal(0, 0.06, SEEDS)  # one seed's pictures are better than another's
validation, test = rise[..., None] + draw + rng.normal(0, 0.02, (2, 3, 25, SEEDS))
validation[2, 9:, 5] = test[2, 9:, 5] = np.nan

# Three numbers from 0 to 1, and True or False.
found = {"transfer": None, "control": None, "luck": None, "supported": None}
### BEGIN SOLUTION
transfer = np.zeros(SEEDS)
for seed in range(SEEDS):
    kernel, bias = head_by_centres(few_x[seed], few_y, 5)
    transfer[seed] = ((many_x @ kernel + bias).argmax(1) == many_y).mean()
control = fair_control(validation, test)
luck = by_luck(transfer, control)
found = {"transfer": transfer.mean(), "control": control.mean(), "luck": luck}
found["supported"] = bool((transfer - control).mean() >= CLAIMED and luck <= 0.05)
### END SOLUTION

# %% exercise="00.4"
tl.check("00.4", found, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your data": {}}


def same(got, right, inputs):
    near = {
        name: abs(float(got[name]) - right[name]) < 0.002
        for name in ("transfer", "control", "luck")
    }
    # Of two verdicts one is right by chance: it counts where it follows from its number.
    verdict = near["luck"] and bool(got["supported"]) == right["supported"]
    return (sum(near.values()) + verdict) / 4


### END HIDDEN TESTS
