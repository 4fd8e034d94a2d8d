"""Lesson 03: layer-wise rates, the phases of gradual unfreezing, the penalty of L2-SP."""

import numpy as np

from . import NOTHING

STAGES = ["stem", "stage1", "stage2", "head"]


def stage_rates(answer) -> str | None:
    """03.a: each stage at `decay` times the rate of the one above it."""
    got = answer(list(STAGES), 0.8, 0.5)
    if got is None:
        return NOTHING
    if not isinstance(got, dict) or set(got) != set(STAGES):
        return f"it should return a dict with a rate for each of {STAGES}; it returned {got!r}"
    right = dict(zip(STAGES, (0.1, 0.2, 0.4, 0.8), strict=True))
    rates = np.array([got[stage] for stage in STAGES], float)
    if np.allclose(rates, list(right.values())):
        return None
    if np.allclose(rates, list(right.values())[::-1]):
        return "upside down: the head, the last of the list, has the full rate"
    if np.allclose(rates, np.array(list(right.values())) / 2):
        return "one power too many: the head has the full rate"
    return "the head has `rate`, the stage below it rate * decay, the next rate * decay**2, ..."


def phases(answer) -> str | None:
    """03.b: the head, then one more stage at a time."""
    got = answer(list(STAGES), "stage1")
    if got is None:
        return NOTHING
    right = [["head"], ["stage2", "head"], ["stage1", "stage2", "head"]]
    try:
        found = [list(phase) for phase in got]
    except TypeError:
        return f"it should return a list of lists, a phase each; it returned {got!r}"
    if found == right:
        whole = [list(phase) for phase in answer(list(STAGES), "stem")]
        if whole == [*right, STAGES]:
            return None
        return "right down to stage1; down to the first stage it should have one phase more"
    if found == right[::-1]:
        return "the phases are right, in the wrong order: the head trains first"
    if [set(phase) for phase in found] == [set(phase) for phase in right]:
        return "keep the stages of a phase in the order of the network"
    if found == [["head"], ["stage2"], ["stage1"]]:
        return "what was unfrozen stays so: a phase trains its stage and all above it"
    if found == right[1:]:
        return "the first phase trains the head alone"
    return "first ['head'], then one stage more in each phase, down to `lowest` and no further"


def l2_sp(answer) -> str | None:
    """03.c: half the strength times the squared distance from the start."""
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    weights = [s + rng.normal(size=s.shape) for s in start]
    got = answer([w.copy() for w in weights], [s.copy() for s in start], 0.2)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    squared = [((w - s) ** 2).sum() for w, s in zip(weights, start, strict=True)]
    right = 0.1 * sum(squared)
    if np.isclose(got, right):
        return None
    if np.isclose(got, 2 * right):
        return "half of the strength"
    if np.isclose(got, 0.1 * sum((w**2).sum() for w in weights)):
        return "that draws to zero, as ordinary weight decay; draw to the start"
    if np.isclose(got, 0.1 * sum(s**0.5 for s in squared)):
        return "the distance is squared: leave the root out"
    if np.isclose(
        got, 0.1 * sum(((w - s) ** 2).mean() for w, s in zip(weights, start, strict=True))
    ):
        return "sum over the weights; that is their mean"
    return "strength / 2, times the sum of all (weight - start)**2"


CHECKS = {"03.a": stage_rates, "03.b": phases, "03.c": l2_sp}
