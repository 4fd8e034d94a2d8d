# %% [markdown]
# # Assignment 03 · Gradual unfreezing
#
# Four exercises on lesson 03, a little more than an hour. What you write is graded on data that you do not see here, and the variants are your own:
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
me = tl.course.enrol("03", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="03.1"
# ## 03.1 · Rates that climb with depth · 3 points, 10 minutes
#
# **Objective.** Give each stage a learning rate that follows from how deep it lies.
#
# The lesson's rates grow by the same factor from stage to stage, whether a stage has one layer or twenty. Yours count **layers**. The height of a stage
# is the number of layers below it, divided by the number of layers below the head; so it goes from 0 to 1. The lowest stage has the rate `lowest`, the
# head has `highest`, and the cell prints how yours climb between them.
#
# The `frozen` lowest stages have a rate of 0 and do not count: the first stage above them is then the lowest, and the layers are counted from there. If
# the head is all that is left, it has `highest`.
#
# <details><summary>A hint</summary>The layers below each stage: a sum that runs along, without the stage itself. How many layers the head has never matters.</details>

# %% exercise="03.1"
CLIMB = me.choose("03.1", ["along a straight line", "by a constant factor", "along half a cosine"])
print(f"Yours climb {CLIMB}, with h for the height:")
print(
    {
        "along a straight line": "the same increase of h always adds the same to the rate.",
        "by a constant factor": "the same increase of h always multiplies the rate by the same.",
        "along half a cosine": "lowest + (highest - lowest) · (1 - cos(π h)) / 2.",
    }[CLIMB]
)


def rates_by_depth(layers, lowest, highest, frozen):
    """How many layers each stage has, from the input up, the head last -> (stages,) rates."""
    ### BEGIN SOLUTION
    free = np.array(layers[frozen:])
    below = np.cumsum(free) - free
    h = below / below[-1] if len(free) > 1 else np.ones(1)
    if CLIMB == "along a straight line":
        rates = lowest + (highest - lowest) * h
    elif CLIMB == "by a constant factor":
        rates = lowest * (highest / lowest) ** h
    else:
        rates = lowest + (highest - lowest) * (1 - np.cos(np.pi * h)) / 2
    return np.concatenate([np.zeros(frozen), rates])
    ### END SOLUTION


# %% exercise="03.1"
tl.check("03.1", rates_by_depth, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(stages, frozen):
        lowest, factor = rng.uniform(0.001, 0.01), rng.uniform(5, 50)
        layers = [int(n) for n in rng.permutation(9)[:stages] + 1]
        return {"layers": layers, "lowest": lowest, "highest": lowest * factor, "frozen": frozen}

    return {
        "six stages": inputs(6, 0),
        "two of them frozen": inputs(6, 2),
        "four stages": inputs(4, 0),
        "the head alone": inputs(4, 3),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="03.2"
# ## 03.2 · Who trains when · 4 points, 20 minutes
#
# **Objective.** Turn a way of unfreezing into a plan, in which each stage has a warm-up of its own.
#
# The plan is a table with a row for each step and a column for each stage, the head last. It says by what a stage's rate is multiplied: by 0 while it
# is frozen. The cell prints your phases. Each has as many steps as another; what is left over goes to the first phases, one step each.
#
# One warm-up at the beginning is over before the last stage is unfrozen. So in the k-th step in which a stage trains, its factor is k / warm, and 1
# from k = warm on. A stage that was frozen in between does not begin again: it counts on.
#
# <details><summary>A hint</summary>Make a table of phases first, with 1 where a stage trains. `np.repeat` with `axis=0` makes steps of it, and the running sum of a column is k.</details>

# %% exercise="03.2"
WAY = me.choose("03.2", ["chain-thaw", "from the bottom up", "one at a time from the top"])
print(
    {
        "chain-thaw": "Chain-thaw (Felbo et al. 2017): first the head alone; then each of the other stages "
        "alone, from the input up;\nlast, all together.",
        "from the bottom up": "From the bottom up: first the head alone; then the head and the lowest stage; then "
        "the head and the two lowest;\nand so on, until all train.",
        "one at a time from the top": "One at a time from the top: first the head alone; then the head and the stage "
        "below it; then the head and\nthe stage below that one, which is frozen again; and so on down to the input. "
        "Last, all together.",
    }[WAY]
)


def plan(stages, steps, warm):
    """How many stages, the head among them, how many steps, the warm-up's -> (steps, stages)."""
    ### BEGIN SOLUTION
    alone, every = np.eye(stages), np.ones((1, stages))
    if WAY == "chain-thaw":
        phases = np.vstack([alone[-1:], alone[:-1], every])
    elif WAY == "one at a time from the top":
        phases = np.vstack([alone[-1:], alone[-2::-1] + alone[-1], every])
    else:
        phases = np.tri(stages, k=-1)
        phases[:, -1] = 1
    share, over = divmod(steps, len(phases))
    trains = np.repeat(phases, share + (np.arange(len(phases)) < over), axis=0)
    return trains * np.minimum(1, trains.cumsum(0) / warm)
    ### END SOLUTION


# %% exercise="03.2"
tl.check("03.2", plan, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(stages, steps, warm):
        return {"stages": stages, "steps": int(steps), "warm": int(warm)}

    return {
        "phases of equal length": inputs(4, 20 * rng.integers(2, 6), 1),
        "steps left over, a warm-up": inputs(6, 84 + rng.integers(3, 6), rng.integers(3, 7)),
        "a warm-up longer than a phase": inputs(3, 24, rng.integers(9, 12)),
        "fewer steps than phases": inputs(7, rng.integers(4, 6), 2),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="03.3"
# ## 03.3 · One step, at the rate and the age of each stage · 5 points, 20 minutes
#
# **Objective.** Write a step of Adam in which every stage has a rate and an age of its own, and its weights are pulled.
#
# All weights w lie in one row, and `stage` says of each which stage it belongs to. `state` has three rows: w, and the two means that Adam keeps, m and
# v. With g for the gradient, a stage that trains gets
#
# ```text
# m ← 0.9 m + 0.1 g
# v ← 0.999 v + 0.001 g²
# w ← w − rate · (m / (1 − 0.9ᵗ)) / (√(v / (1 − 0.999ᵗ)) + 10⁻⁷) − pull
# ```
#
# Here t is the **age of its stage**: in how many steps the stage has trained, with this one. `ages` has them without this one; return them with it. The
# pull is weight decay, apart from Adam's own step; the cell prints yours. It is taken from w as it was before the step. A stage with a rate of **0 is
# frozen**: its w, m, v and age stay as they are.
#
# <details><summary>A hint</summary>`rates[stage]` is a rate for each weight, and `ages[stage]` an age. Return new arrays, and leave those that were passed in unchanged.</details>

# %% exercise="03.3"
PULLED = me.choose(
    "03.3",
    ["to zero, by the rate", "to zero, whatever the rate", "to the start, by the rate"],
)
print(f"Yours are pulled {PULLED}:")
print(
    {
        "to zero, by the rate": "pull = rate · strength · w, as in the usual AdamW.",
        "to zero, whatever the rate": "pull = strength · w, as in the paper on AdamW (Loshchilov and "
        "Hutter 2019), in every stage that trains.",
        "to the start, by the rate": "pull = rate · strength · (w - start), an L2-SP apart from Adam's own step.",
    }[PULLED]
)


def adam_step(state, gradient, start, stage, ages, rates, strength):
    """(3, n), three times (n,), twice (stages,), and a number -> state and ages after the step."""
    ### BEGIN SOLUTION
    w, m, v = state
    rate, t = rates[stage], ages[stage] + 1
    m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
    move = rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    pull = {
        "to zero, by the rate": rate * strength * w,
        "to zero, whatever the rate": strength * w,
        "to the start, by the rate": rate * strength * (w - start),
    }[PULLED]
    after = np.stack([w - move - pull, m, v])
    return np.where(rate > 0, after, state), ages + (rates > 0)
    ### END SOLUTION


# %% exercise="03.3"
tl.check("03.3", adam_step, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(ages, frozen=(), gradients=1.0):
        n, ages = 24, np.array(ages)
        stage = rng.permutation(np.arange(n) % len(ages))
        means = np.stack([rng.normal(size=n), rng.uniform(0.5, 2, n)])
        means = np.where(
            ages[stage] > 0, means * (1 - np.array([[0.9], [0.999]]) ** ages[stage]), 0
        )
        rates = rng.uniform(0.02, 0.2, len(ages))
        rates[list(frozen)] = 0
        return {
            "state": np.vstack([rng.normal(0, 2, (1, n)), means]),
            "gradient": gradients * rng.normal(size=n) * (np.arange(n) > 0),
            "start": rng.normal(0, 2, n),
            "stage": stage,
            "ages": ages,
            "rates": rates,
            "strength": float(rng.uniform(0.05, 0.2)),
        }

    return {
        "the first step": inputs([0, 0, 0], gradients=0.01),
        "each at its own age": inputs([0, 2, 9, 60]),
        "two stages frozen": inputs([0, 5, 0, 30], frozen=[0, 1]),
        "no gradient": inputs([1, 4], gradients=0.0),
    }


def same(got, right, inputs):
    # By what has changed: most of a step is small beside the weights.
    changes = [np.asarray(one[0], float) - inputs["state"] for one in (got, right)]
    alike = [np.allclose(*rows, rtol=1e-3, atol=1e-6) for rows in zip(*changes, strict=True)]
    return 0.6 * alike[0] + 0.2 * (alike[1] and alike[2]) + 0.2 * np.array_equal(got[1], right[1])


### END HIDDEN TESTS

# %% [markdown] exercise="03.4"
# ## 03.4 · Your own network, and what it forgets · 4 points, 15 minutes
#
# **Objective.** Fine-tune with a plan, choose a rate on validation pictures, and measure what was forgotten.
#
# The cell makes a network of your own, which has learned an old task, and gives it a new head for a new one. Fine-tune it from `start` with each
# `highest` of `RATES`: 60 steps of your 03.3, each on all 120 pictures of `train` and with a strength of 0.01. The rates are those of your 03.1, with a
# tenth of `highest` for `lowest` and nothing frozen, times the row of your 03.2 for the step, with a warm-up of 5. Each run begins with means m and v
# of zero and ages of 0.
#
# The lower the rate, the less is forgotten. So take the **smallest** rate that has at most five validation pictures fewer right than the best. Report
# it; how many pictures of `test` its network has right; and how many of `old_test`, once `old_head` stands in the place of its head again.
#
# <details><summary>A hint</summary>`gradient_of(state[0], *train)` is the gradient, and `right(weights, *val)` counts. The head's weights are those where `stage == 3`. `test` is looked at once.</details>

# %% exercise="03.4"
RATES = (0.003, 0.01, 0.03, 0.1)
LAYERS = [1, 2, 1, 1]  # of the four stages, the head last
SHAPES = [(16, 24), (24, 24), (24, 24), (24, 20), (20, 6)]  # of the five layers' weights
SIZES = [a * b for a, b in SHAPES]
stage = np.repeat(np.repeat(np.arange(4), LAYERS), SIZES)  # (2436,)
rng = me.rng("03.4")


def layers_of(weights):
    parts = np.split(weights, np.cumsum(SIZES)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)]


def outputs(weights, x):
    """Of each layer, (n, 16) first, the six scores last."""
    seen = [x]
    *below, head = layers_of(weights)
    for layer in below:
        seen.append(np.tanh(seen[-1] @ layer))
    return [*seen, seen[-1] @ head]


def gradient_of(weights, x, y):
    *seen, scores = outputs(weights, x)
    p = np.exp(scores - scores.max(1, keepdims=True))
    back, found = (p / p.sum(1, keepdims=True) - np.eye(6)[y]) / len(x), []
    for layer, below in zip(layers_of(weights)[::-1], seen[::-1], strict=True):
        found.append((below.T @ back).ravel())
        back = back @ layer.T * (1 - below**2)
    return np.concatenate(found[::-1])


def right(weights, x, y):
    """How many pictures it has right."""
    return int((outputs(weights, x)[-1].argmax(1) == y).sum())


def drawn(centres, n):
    y = rng.integers(0, 6, n)
    return centres[y] + 1.3 * rng.normal(size=(n, 16)), y


old_kinds = rng.normal(size=(6, 16))
new_kinds = 0.4 * old_kinds + 0.9 * rng.normal(size=(6, 16))
old_train, old_test = drawn(old_kinds, 300), drawn(old_kinds, 300)
train, val, test = (drawn(new_kinds, n) for n in (120, 200, 400))
pretrained = np.concatenate([rng.normal(size=a * b) / a**0.5 for a, b in SHAPES])
for _ in range(300):
    pretrained = pretrained - 0.3 * gradient_of(pretrained, *old_train)
old_head = pretrained[stage == 3]
start = np.where(stage == 3, rng.normal(size=len(stage)) / 20**0.5, pretrained)
print(f"Before: {right(pretrained, *old_test)} of {len(old_test[1])} pictures of the old task.")

tuned = {"rate": None, "new": None, "old": None}
### BEGIN SOLUTION


def fine_tuned(highest):
    state, ages = np.stack([start, 0 * start, 0 * start]), np.zeros(4, int)
    rates = rates_by_depth(LAYERS, highest / 10, highest, 0)
    for factors in plan(4, 60, 5):
        gradient = gradient_of(state[0], *train)
        state, ages = adam_step(state, gradient, start, stage, ages, rates * factors, 0.01)
    return state[0]


ended = {highest: fine_tuned(highest) for highest in RATES}
counts = {highest: right(weights, *val) for highest, weights in ended.items()}
rate = min(highest for highest in RATES if counts[highest] >= max(counts.values()) - 5)
with_old_head = ended[rate].copy()
with_old_head[stage == 3] = old_head
tuned = {"rate": rate, "new": right(ended[rate], *test), "old": right(with_old_head, *old_test)}
### END SOLUTION

# %% exercise="03.4"
tl.check("03.4", tuned, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your network": {}}


def same(got, right, inputs):
    near = [abs(float(got[of]) - right[of]) <= 1 for of in ("new", "old")]  # one by rounding
    return 0.25 * (float(got["rate"]) == right["rate"]) + 0.375 * near[0] + 0.375 * near[1]


### END HIDDEN TESTS
