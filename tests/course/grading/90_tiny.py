# %% [markdown]
# # Assignment 90 · Tiny

# %%
import numpy as np

import tl_helpers as tl

STUDENT = ""
me = tl.course.enrol("90", STUDENT, "{{RELEASE}}")

# %% [markdown] exercise="90.1"
# ## 90.1 · A weighted mean · 4 points, 5 minutes
#
# **Objective.** Weigh.
#
# Your variant says how.

# %% exercise="90.1"
POWER = me.choose("90.1", [1, 2, 3])


def weighted(x, w):
    """(n, d), (n,) -> (d,)."""
    ### BEGIN SOLUTION
    v = w**POWER
    return (v[:, None] * x).sum(0) / v.sum()
    ### END SOLUTION


# %% exercise="90.1"
tl.check("90.1", weighted, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    def inputs(n, d):
        return {"x": rng.normal(size=(n, d)), "w": rng.uniform(1, 3, n)}

    return {
        "one": inputs(2, 2),
        "many": inputs(50, 3),
        "wide": inputs(4, 40),
        "long": inputs(500, 1),
    }


### END HIDDEN TESTS

# %% [markdown] exercise="90.2"
# ## 90.2 · Its largest · 2 points, 5 minutes
#
# **Objective.** Use it.

# %% exercise="90.2"
data = me.rng("90.2").normal(size=(30, 5))
largest = None
### BEGIN SOLUTION
largest = float(weighted(data, np.arange(1, 31.0)).max())
### END SOLUTION

# %% exercise="90.2"
tl.check("90.2", largest, me)


### BEGIN HIDDEN TESTS
def cases(rng):
    return {"yours": {}}


### END HIDDEN TESTS
