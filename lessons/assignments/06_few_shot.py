# %% [markdown]
# # Assignment 06 · Few-shot learning
#
# Four exercises on lesson 06, a bit more than an hour. What you write is graded on data that you do not see here, and the variants are your own: your neighbour's
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
me = tl.course.enrol("06", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="06.1"
# ## 06.1 · Prototypes that trust no example too far · 4 points, 15 minutes
#
# **Objective.** Find prototypes for classes with unequal numbers of examples, some of which are odd.
#
# The mean of a class's examples is a good prototype where there are many. With one or two it is mostly chance, and an odd example pulls it away. Your variant
# guards against one of these; the cell prints how. The examples of all classes come in one array, and some classes have more than others. A class that has
# **none** gets the mean of all examples.
#
# <details><summary>A hint</summary>`y == k` picks the examples of class k. The mean of nothing is not a number, so see to such a class first.</details>

# %% exercise="06.1"
GUARDED = me.choose("06.1", ["shrunk", "weighted", "trimmed"])
print(f"Yours are {GUARDED}:")
print(
    {
        "shrunk": "as if a class had two more examples, both at the mean of all examples of all classes.",
        "weighted": "an example weighs 1 / (1 + r²), with r its Euclidean distance from its class's median.",
        "trimmed": "the mean without the example farthest from its class's median (Euclidean); of one or two examples, the mean.",
    }[GUARDED]
)
if GUARDED != "shrunk":
    print("The median is taken in each feature by itself.")


def prototypes(support, y, way):
    """(n, d) examples, (n,) their classes from 0, how many classes -> (way, d)."""
    ### BEGIN SOLUTION
    middle = support.mean(0)
    points = np.tile(middle, (way, 1))
    for k in np.unique(y):
        x = support[y == k]
        r = np.linalg.norm(x - np.median(x, axis=0), axis=1)
        if GUARDED == "shrunk":
            points[k] = (x.sum(0) + 2 * middle) / (len(x) + 2)
        elif GUARDED == "weighted":
            points[k] = np.average(x, axis=0, weights=1 / (1 + r**2))
        else:
            kept = np.arange(len(x)) != r.argmax() if len(x) > 2 else slice(None)
            points[k] = x[kept].mean(0)
    return points
    ### END SOLUTION


# %% exercise="06.1"
tl.check("06.1", prototypes, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(shots, d=4):
        y = rng.permutation(np.repeat(np.arange(len(shots)), shots))
        support = 2 * rng.normal(size=(len(shots), d))[y] + rng.normal(size=(len(y), d))
        support[rng.random(len(y)) < 0.2] *= 3
        return {"support": support, "y": y, "way": len(shots)}

    return {
        "five examples of each": inputs([5] * 4),
        "one to nine examples": inputs([int(n) for n in rng.permutation([1, 2, 3, 4, 7, 9])], d=6),
        "one example of most": inputs([int(n) for n in rng.permutation([1, 1, 1, 6])]),
        "classes without examples": inputs([int(n) for n in rng.permutation([0, 4, 3])] + [0]),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="06.2"
# ## 06.2 · One of these, or none · 4 points, 20 minutes
#
# **Objective.** Compare queries to prototypes by a distance that knows how examples vary, and let the answer be *none of these*.
#
# In directions in which examples of one class differ anyway, a distance should count less. Let S be the mean of e eᵀ over all examples, with e an example less
# the **prototype** of its class. There are too few examples to trust S, so it is shrunk to a target T, your variant: A = (1 − share) · S + share · T + 0.1 · I.
# The squared distance of a query q from a prototype p is (q − p)ᵀ A⁻¹ (q − p). From *none of these* every query is as far: its squared distance is a number,
# `none`. Probabilities are the softmax of **minus half** the squared distances, with *none* last. Numbers that are far below zero must not turn a row into nan.
#
# <details><summary>A hint</summary>`np.linalg.solve` needs no inverse. A softmax does not change when the largest of a row is subtracted from all of it first.</details>

# %% exercise="06.2"
TARGET = me.choose("06.2", ["one variance", "variances alone", "all examples"])
print(f"Yours shrinks to {TARGET}:")
print(
    {
        "one variance": "T has the mean of S's diagonal all along its own, and 0 elsewhere.",
        "variances alone": "T has the diagonal of S, and 0 elsewhere.",
        "all examples": "T is the mean of f fᵀ over all examples, with f an example less the mean of all examples.",
    }[TARGET]
)


def one_or_none(support, y, points, query, share, none):
    """(n, d) examples, (n,) classes, (way, d) prototypes, (m, d) queries, a share of 0 to 1, a number -> (m, way + 1)."""
    ### BEGIN SOLUTION
    d = support.shape[1]
    e, f = support - points[y], support - support.mean(0)
    s = e.T @ e / len(e)
    target = {
        "one variance": np.trace(s) / d * np.eye(d),
        "variances alone": np.diag(np.diag(s)),
        "all examples": f.T @ f / len(f),
    }[TARGET]
    a = (1 - share) * s + share * target + 0.1 * np.eye(d)
    gaps = query[:, None] - points[None]  # (m, way, d)
    far = (gaps * np.linalg.solve(a, gaps.reshape(-1, d).T).T.reshape(gaps.shape)).sum(-1)
    logits = -np.hstack([far, np.full((len(query), 1), none)]) / 2
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)
    ### END SOLUTION


# %% exercise="06.2"
tl.check("06.2", one_or_none, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(shots, d, none, away=1.0, near=1.0):
        y = np.repeat(np.arange(len(shots)), shots)
        points = near * rng.normal(size=(len(shots), d))
        turn = rng.normal(size=(d, d)) / d**0.5
        support = points[y] + rng.normal(size=(len(y), d)) @ turn
        query = away * rng.normal(size=(9, d))
        share = float(rng.uniform(0.2, 0.8))
        return {
            "support": support,
            "y": y,
            "points": points,
            "query": query,
            "share": share,
            "none": none,
        }

    return {
        "unequal numbers of examples": inputs([5, 2, 8, 1], 3, float(rng.uniform(2, 5))),
        "more features than examples": inputs([2, 1, 2], 8, float(rng.uniform(5, 15))),
        "one example of each": inputs([1] * 5, 4, float(rng.uniform(3, 8))),
        "all is far away": inputs([4, 4, 3], 3, 1e6, away=60.0, near=0.02),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="06.3"
# ## 06.3 · The gradient of a start · 5 points, 20 minutes
#
# **Objective.** Derive MAML's outer gradient where the inner steps are not the plain ones.
#
# A linear model without bias says x · w. Its loss on n pictures is the sum of the squared errors over 2 n. From a start θ it takes some inner steps on a task's
# examples, each of which is w − rate · gradient in plain MAML; your variant changes something, and the cell prints what. The outer loss is that on the task's
# queries with the w that comes out. Return its gradient **with respect to θ**, through all the steps (second order), as a mean over the tasks.
#
# <details><summary>A hint</summary>Keep the derivative of w with respect to θ, a (d, d) matrix that begins as I, and carry it along from step to step. The derivative of the inner gradient with respect to w is XᵀX / n.</details>

# %% exercise="06.3"
STEPPED = me.choose("06.3", ["with momentum", "held back", "with every step counted"])
print(f"Yours steps {STEPPED}:")
print(
    {
        "with momentum": "v becomes v / 2 + gradient, and w becomes w − rate · v. Each task begins with v = 0.",
        "held back": "half the squared distance of w from θ is added to the inner loss, so w cannot go far.",
        "with every step counted": "the outer loss is the mean of the losses on the queries after the first step, the second, and so on to the last.",
    }[STEPPED]
)


def outer_gradient(theta, support_x, support_y, query_x, query_y, rate, steps):
    """(d,), (tasks, n, d), (tasks, n), (tasks, m, d), (tasks, m), a rate, how many inner steps (1 or more) -> (d,)."""
    ### BEGIN SOLUTION
    gradients = []
    for x, t, far_x, far_t in zip(support_x, support_y, query_x, query_y, strict=True):
        bend = x.T @ x / len(x)
        w, jacobian = theta, np.eye(len(theta))
        v, of_v = np.zeros_like(w), np.zeros_like(jacobian)
        after = []
        for _ in range(steps):
            back, of_back = x.T @ (x @ w - t) / len(x), bend @ jacobian
            if STEPPED == "with momentum":
                v, of_v = v / 2 + back, of_v / 2 + of_back
                back, of_back = v, of_v
            if STEPPED == "held back":
                back, of_back = back + w - theta, of_back + jacobian - np.eye(len(theta))
            w, jacobian = w - rate * back, jacobian - rate * of_back
            after.append(jacobian.T @ far_x.T @ (far_x @ w - far_t) / len(far_x))
        gradients.append(
            np.mean(after, axis=0) if STEPPED == "with every step counted" else after[-1]
        )
    return np.mean(gradients, axis=0)
    ### END SOLUTION


# %% exercise="06.3"
tl.check("06.3", outer_gradient, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(tasks, n, d, steps, m=6):
        far = rng.normal(size=(tasks, d))
        x, more = rng.normal(size=(tasks, n, d)), rng.normal(size=(tasks, m, d))
        y, more_y = (np.einsum("tnd,td->tn", part, far) for part in (x, more))
        return {
            "theta": rng.normal(size=d),
            "support_x": x,
            "support_y": y + 0.1 * rng.normal(size=y.shape),
            "query_x": more,
            "query_y": more_y,
            "rate": float(rng.uniform(0.1, 0.2)),
            "steps": steps,
        }

    return {
        "two steps": inputs(3, 8, 3, 2),
        "five steps": inputs(4, 10, 4, 5),
        "fewer examples than weights": inputs(2, 2, 5, 3),
        "two tasks, one weight": inputs(2, 4, 1, 4),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="06.4"
# ## 06.4 · Strangers among the queries · 4 points, 15 minutes
#
# **Objective.** Choose when to say *none of these* on some classes, and say with an interval what it brings on others.
#
# The cell draws tasks of your own: five classes with one to six examples each, and 30 queries, of which five are strangers, of a sixth class that has no
# examples; their `truth` is 5. A query's answer is the most likely place in `one_or_none`, by the task's `prototypes` and a share of 0.5. **Choose** `none` from
# `NONES` by the number of right answers in all tasks of `validation`; of two that tie, take the larger. Then look once at the tasks of `test`, which have other
# classes, and report, with accuracies from 0 to 1:
#
# - `none`, and the mean `accuracy`;
# - the `gain`: by how much that is above the mean accuracy of the same without the last place, where each answer is one of the five;
# - `within`, half the 95 % interval of the gain **over tasks**: 1.96 times the standard deviation (divided by tasks − 1) of each task's gain, over the square root of
#   how many tasks there are.
#
# <details><summary>A hint</summary>Take the difference in each task first. Both ways answer the same tasks, so what is hard for both cancels out.</details>

# %% exercise="06.4"
NONES = (10.0, 20.0, 30.0, 45.0, 70.0)
rng = me.rng("06.4")
middles = 1.8 * rng.normal(size=(40, 10))
spread = rng.permutation(np.geomspace(0.4, 2.5, 10))  # of a class, in each feature


def draw(classes):
    """A task of six of these classes, the last of which has no examples."""
    kinds = rng.choice(classes, 6, replace=False)
    y = np.repeat(np.arange(5), rng.integers(1, 7, 5))
    truth = np.repeat(np.arange(6), 5)
    few, asked = (middles[kinds[of]] + spread * rng.normal(size=(len(of), 10)) for of in (y, truth))
    few[rng.random(len(y)) < 0.1] += 4 * rng.normal(size=10)  # odd ones
    return {"support": few, "y": y, "query": asked, "truth": truth}


validation = [draw(np.arange(20)) for _ in range(60)]
test = [draw(np.arange(20, 40)) for _ in range(200)]

chosen = {"none": None, "accuracy": None, "gain": None, "within": None}
### BEGIN SOLUTION


def says(task, none):
    points = prototypes(task["support"], task["y"], 5)
    return one_or_none(task["support"], task["y"], points, task["query"], 0.5, none)


right = {
    n: sum((says(task, n).argmax(1) == task["truth"]).sum() for task in validation) for n in NONES
}
best = max(NONES, key=lambda n: (right[n], n))
answers = [(says(task, best), task["truth"]) for task in test]
with_none = np.array([(said.argmax(1) == truth).mean() for said, truth in answers])
without = np.array([(said[:, :5].argmax(1) == truth).mean() for said, truth in answers])
gain = with_none - without
within = 1.96 * gain.std(ddof=1) / len(gain) ** 0.5
chosen = {"none": best, "accuracy": with_none.mean(), "gain": gain.mean(), "within": within}
### END SOLUTION

# %% exercise="06.4"
tl.check("06.4", chosen, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"your tasks": {}}


def same(got, right, inputs):
    near = [abs(float(got[k]) - right[k]) < 5e-4 for k in ("accuracy", "gain")]
    near += [abs(float(got["within"]) - right["within"]) < 1e-3 * right["within"]]
    return (sum(near) + (float(got["none"]) == right["none"])) / 4


### END HIDDEN TESTS
