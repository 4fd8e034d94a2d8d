# %% [markdown]
# # Assignment 01 · Layer hierarchies
#
# Four exercises on lesson 01, a little over an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's may
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
me = tl.course.enrol("01", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="01.1"
# ## 01.1 · What a unit can see · 4 points, 20 minutes
#
# **Objective.** Say which pixels reach a unit through a stack of layers, and which of them count most.
#
# A unit sees a few places of the layer below, each of these a few places of the layer below that, and so on down to the pixels. From a pixel to the unit there may be
# many **paths**. Where all weights are equal, a pixel counts as much as it has paths: the middle of what a unit can see counts most (Luo et al. 2016). One row of
# pixels shows it. Return each pixel's share of all the paths that begin at a pixel of the row.
#
# A layer is (kernel, stride, dilation). With `left` zeros before its input, place i of its output sees the places i · stride − left + t · dilation of its input, for t from 0 to
# kernel − 1. Those below 0 or beyond the input's last place are padding: no path begins or goes on there. Your variant says how many zeros there are. Every
# layer, from the lowest up, has it.
#
# <details><summary>A hint</summary>Work out the length of each layer's input on the way up. Then go down: begin with one path at the unit's place, and hand each place's number of paths to all places that it sees.</details>

# %% exercise="01.1"
PADDING = me.choose("01.1", ["none", "as Keras does", "half a kernel"])
print(f"Yours pads: {PADDING}. Of n places, kernel k, stride s and dilation d (// rounds down):")
print(
    {
        "none": "left = 0, and the output has (n − (k − 1)·d − 1) // s + 1 places. Keras calls it 'valid'.",
        "as Keras does": "the output has n / s places, rounded up: m. Keras ('same') adds z = (m − 1)·s + (k − 1)·d + 1 − n zeros, or none\n"
        "where that is below 0. Before the input go z // 2 of them: left. The rest go after it.",
        "half a kernel": "left = (k − 1)·d // 2, and as many zeros after the input; the output has (n + 2·left − (k − 1)·d − 1) // s + 1 places.\n"
        "Networks that come from PyTorch often pad so.",
    }[PADDING]
)


def sight(layers, side, place):
    """(kernel, stride, dilation) of each layer, the lowest first; pixels in the row; the unit's place -> (side,) shares."""
    ### BEGIN SOLUTION
    sizes, lefts = [side], []
    for k, s, d in layers:
        n, reach = sizes[-1], (k - 1) * d + 1
        if PADDING == "none":
            left, out = 0, (n - reach) // s + 1
        elif PADDING == "as Keras does":
            out = -(-n // s)
            left = max((out - 1) * s + reach - n, 0) // 2
        else:
            left = (reach - 1) // 2
            out = (n + 2 * left - reach) // s + 1
        sizes.append(out)
        lefts.append(left)
    paths = np.zeros(sizes[-1])
    paths[place] = 1
    for (k, s, d), n, left in reversed(list(zip(layers, sizes[:-1], lefts, strict=True))):
        below = np.zeros(n)
        for at, number in enumerate(paths):
            for seen in range(at * s - left, at * s - left + k * d, d):
                if 0 <= seen < n:
                    below[seen] += number
        paths = below
    return paths / paths.sum()
    ### END SOLUTION


# %% exercise="01.1"
tl.check("01.1", sight, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(side, share, *options):
        layers, n = [[int(v) for v in rng.choice(each)] for each in options], side
        for k, s, d in layers:
            reach = (k - 1) * d + 1
            left = (reach - 1) // 2 if PADDING == "half a kernel" else 0
            n = -(-n // s) if PADDING == "as Keras does" else (n + 2 * left - reach) // s + 1
        return {"layers": layers, "side": side, "place": round(share * (n - 1))}

    plain, wide = [[3, 1, 1], [5, 1, 1]], [[3, 1, 2], [3, 1, 3], [5, 1, 2]]
    halving, tight = [[3, 2, 1], [5, 2, 1]], [[1, 2, 1], [1, 3, 1]]
    m, share = int(rng.integers(11, 15)), float(rng.uniform(0.2, 0.8))
    return {
        "plain layers": inputs(m + 10, share, plain, plain, plain),
        "strides": inputs(4 * m, share, halving, plain, halving),
        "an odd row, and pooling": inputs(4 * m + 3, share, [[2, 2, 1]], plain, halving),
        "dilation": inputs(4 * m, share, halving, wide, wide),
        "at the lower border": inputs(4 * m, 0.0, halving, plain, wide),
        "strides past a kernel": inputs(3 * m, 1.0, plain, tight, plain),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="01.2"
# ## 01.2 · Another way to be alike · 4 points, 15 minutes
#
# **Objective.** Say how alike two representations of the same pictures are when no feature of one belongs to a feature of the other.
#
# Linear CKA, in the lesson, is one of several such measures. Write another one: the cell prints yours. Like CKA it is 1 where the two are the same up to rotation,
# scale and a constant, and it does not care how many features either has. What follows the first axis, such as places and units, is flattened to one row of
# features a picture.
#
# <details><summary>A hint</summary>All distances at once: `np.linalg.norm(x[:, None] - x, axis=-1)`. Singular values alone: `np.linalg.svd(m, compute_uv=False)`. The five smallest: `argsort`.</details>

# %% exercise="01.2"
MEASURE = me.choose("01.2", ["kernel CKA", "Procrustes", "shared neighbours"])
print(f"Yours is called {MEASURE}:")
print(
    {
        "kernel CKA": "1. For each representation a table K (n, n): exp(−d² / (2w²)), d the Euclidean distance of two pictures, and w the median of d\n"
        "   over the pairs of different pictures (each pair once, a picture with itself not at all).\n"
        "2. Centre each table: subtract the mean of its row and of its column from every entry, and add the mean of all.\n"
        "3. Multiply the centred tables entry by entry and add up; divide by the root of the sum of squares of each of them\n"
        "   (Kornblith et al. 2019).",
        "Procrustes": "1. Centre: subtract each feature's mean over the pictures.\n"
        "2. Divide each representation by the root of the sum of all its squares.\n"
        "3. Add up the singular values of XᵀY: that is how well the best rotation lays one on the other (Williams et al. 2021).",
        "shared neighbours": "1. For each picture, in each representation, the five other pictures at the smallest Euclidean distance.\n"
        "2. How many of its five the two representations have in common, as a share of five.\n"
        "3. The mean of it over the pictures (Huh et al. 2024).",
    }[MEASURE]
)


def alike(x, y):
    """Two representations of the same n pictures, at least 6, (n, ...) and (n, ...) -> a number, 0 to 1."""
    ### BEGIN SOLUTION
    x, y = x.reshape(len(x), -1), y.reshape(len(y), -1)
    if MEASURE == "Procrustes":
        x, y = x - x.mean(0), y - y.mean(0)
        turned = np.linalg.svd(x.T @ y, compute_uv=False).sum()
        return turned / (np.linalg.norm(x) * np.linalg.norm(y))
    far = [np.linalg.norm(z[:, None] - z, axis=-1) for z in (x, y)]
    if MEASURE == "shared neighbours":
        near = []
        for d in far:
            np.fill_diagonal(d, np.inf)
            near.append(np.argsort(d, axis=1)[:, :5])
        return np.mean([len(set(a) & set(b)) / 5 for a, b in zip(*near, strict=True)])
    tables = []
    for d in far:
        table = np.exp(-(d**2) / (2 * np.median(d[np.triu_indices(len(d), 1)]) ** 2))
        tables.append(table - table.mean(0) - table.mean(1)[:, None] + table.mean())
    k, m = tables
    return (k * m).sum() / (np.linalg.norm(k) * np.linalg.norm(m))
    ### END SOLUTION


# %% exercise="01.2"
tl.check("01.2", alike, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, shape_x, shape_y, noise=0.7):
        seen = rng.normal(size=(n, 3))
        made = [seen @ rng.normal(size=(3, int(np.prod(s)))) for s in (shape_x, shape_y)]
        made = [m + noise * rng.normal(size=m.shape) + rng.normal(0, 2, m.shape[1]) for m in made]
        return {"x": made[0].reshape(n, *shape_x), "y": made[1].reshape(n, *shape_y)}

    return {
        "other numbers of features": inputs(40, (3,), (8,)),
        "fewer pictures than features": inputs(13, (30,), (25,)),
        "feature maps": inputs(30, (2, 3, 4), (5,)),
        "nothing in common": inputs(50, (4,), (6,), noise=20.0),
    }


def same(got, right, inputs):
    return abs(float(got) - right) < 1e-5


### END HIDDEN TESTS

# %% [markdown] exercise="01.3"
# ## 01.3 · Units that prefer a class · 4 points, 15 minutes
#
# **Objective.** Measure how much a unit's answer depends on the class of what it is shown.
#
# The lesson measures how choosy units are about orientation. Do it for **classes**. A unit's answer r to a class is the mean of its activation over all places of all
# pictures of that class. Classes without a picture are left out; C is the number of those that have some, at least two. Your index makes one number of a unit's C answers:
# 1 where it answers to one class alone, 0 where it answers to all alike. A unit that never answers gets 0.
#
# <details><summary>A hint</summary>`np.unique(y)` names the classes that have pictures. Answers in a table, (C, units), give all units at once; look at a unit of zeros last.</details>

# %% exercise="01.3"
INDEX = me.choose("01.3", ["best against the rest", "sparseness", "entropy"])
print(f"Yours is called {INDEX}:")
print(
    {
        "best against the rest": "(b − m) / (b + m), where b is the largest r, and m the mean of the C − 1 others (Morcos et al. 2018).",
        "sparseness": "(1 − a²/q) / (1 − 1/C), where a is the mean of the C answers r, and q the mean of their squares r² (Vinje and Gallant 2000).",
        "entropy": "1 − H / log C, where p is r divided by the sum of the C answers, and H = −(sum of p log p), natural logarithm. 0 log 0 is 0.",
    }[INDEX]
)


def class_selectivity(maps, y):
    """Activations after a ReLU, (n, h, w, units), and the pictures' classes, (n,) whole numbers -> (units,)."""
    ### BEGIN SOLUTION
    seen = maps.mean((1, 2))  # (n, units)
    r = np.stack([seen[y == c].mean(0) for c in np.unique(y)])  # (C, units)
    count, silent = len(r), r.sum(0) == 0
    r = np.where(silent, 1.0, r)  # all alike: 0
    if INDEX == "best against the rest":
        b = r.max(0)
        m = (r.sum(0) - b) / (count - 1)
        return (b - m) / (b + m)
    if INDEX == "sparseness":
        return (1 - r.mean(0) ** 2 / (r**2).mean(0)) / (1 - 1 / count)
    p = r / r.sum(0)
    return 1 + (p * np.log(np.where(p > 0, p, 1))).sum(0) / np.log(count)
    ### END SOLUTION


# %% exercise="01.3"
tl.check("01.3", class_selectivity, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(counts, units):
        y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
        level = rng.normal(0, 2, (len(counts), units))[y]
        maps = np.maximum(level[:, None, None] + rng.normal(0, 1, (len(y), 3, 2, units)), 0)
        return {"maps": maps, "y": y}

    silent = inputs([5, 7, 6], 4)
    silent["maps"][..., int(rng.integers(4))] = 0
    deaf = inputs([4, 6, 5, 3], 5)
    deaf["maps"][deaf["y"] == int(rng.integers(4))] = 0
    return {
        "classes of other sizes": inputs([3, 20, 8, 1], 6),
        "a class without pictures": inputs([6, 0, 9, 0, 4], 5),
        "a silent unit": silent,
        "a class that no unit answers to": deaf,
    }


### END HIDDEN TESTS

# %% [markdown] exercise="01.4"
# ## 01.4 · Your own network, stage by stage · 3 points, 15 minutes
#
# **Objective.** Decide by measurement where to cut a network, and read what fine-tuning did to it.
#
# The cell draws feature maps of your own: of 300 pictures at five stages, `before` and `after` fine-tuning. The first 100 pictures are to learn from, the next 100 are validation,
# the last 100 the test. Report:
#
# - `stage`: where to cut the network as it is `before`. Average over the places, name pictures by `nearest_mean`, learn from the first 100, choose by validation.
#   If stages tie, the lowest.
# - `accuracy`: of that stage on the test, 0 to 1, learned from the same 100.
# - `changed`: the stage that fine-tuning changed most: on the validation pictures its maps before and after are least alike (01.2).
# - `beyond_chance`: at your stage, before, on the validation pictures: the units' mean index (01.3) with `y`, less their mean index with `shuffled` in place of y. With few
#   pictures a unit seems to prefer some class by chance.
#
# <details><summary>A hint</summary>01.2 and 01.3 take the maps as they are. Only `nearest_mean` wants one row of features a picture.</details>

# %% exercise="01.4"
STAGES = ["stem", "stage1", "stage2", "stage3", "stage4"]
LEARN, VALIDATION, TEST = slice(0, 100), slice(100, 200), slice(200, 300)
rng = me.rng("01.4")
y = rng.permutation(np.arange(300) % 5)
shuffled = rng.permutation(y[VALIDATION])
clear = 0.5 * np.exp(-np.abs(np.arange(5) - rng.uniform(1.5, 4)) / 3)
moved = rng.permutation([0.1, 0.2, 0.4, 0.8, 2.0])
before, after = {}, {}  # stage -> (300, 2, 2, 12)
for stage, signal, step in zip(STAGES, clear, moved, strict=True):
    maps = signal * rng.normal(size=(5, 12))[y][:, None, None] + rng.normal(size=(300, 2, 2, 12))
    before[stage] = np.maximum(maps, 0)
    after[stage] = np.maximum(maps + step * rng.normal(size=maps.shape), 0)


def nearest_mean(known, classes, x):
    """Features to learn from, (n, d), their classes, (n,), and others, (m, d) -> the others' classes, (m,)."""
    means = np.stack([known[classes == c].mean(0) for c in range(5)])
    return ((x[:, None] - means) ** 2).sum(-1).argmin(1)


read = {"stage": None, "accuracy": None, "changed": None, "beyond_chance": None}
### BEGIN SOLUTION


def share_right(stage, part):
    features = before[stage].mean((1, 2))
    return (nearest_mean(features[LEARN], y[LEARN], features[part]) == y[part]).mean()


best = max(STAGES, key=lambda stage: share_right(stage, VALIDATION))  # the first of equals
units = before[best][VALIDATION]
read = {
    "stage": best,
    "accuracy": share_right(best, TEST),
    "changed": min(
        STAGES, key=lambda stage: alike(before[stage][VALIDATION], after[stage][VALIDATION])
    ),
    "beyond_chance": np.mean(
        class_selectivity(units, y[VALIDATION]) - class_selectivity(units, shuffled)
    ),
}
### END SOLUTION

# %% exercise="01.4"
tl.check("01.4", read, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your data": {}}


def same(got, right, inputs):
    near = {
        name: abs(float(got[name]) - right[name]) < 0.0005 for name in ("accuracy", "beyond_chance")
    }
    stage, changed = (got[name] == right[name] for name in ("stage", "changed"))
    # The right accuracy of another stage would be luck.
    return sum([stage, changed, near["beyond_chance"], stage and near["accuracy"]]) / 4


### END HIDDEN TESTS
