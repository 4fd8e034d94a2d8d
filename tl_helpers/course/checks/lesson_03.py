"""Lesson 03: layer-wise rates, the phases of gradual unfreezing, the penalty of L2-SP."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual

STAGES = ["stem", "stage1", "stage2", "head"]


def stage_rates(answer) -> str | None:
    """03.a: each stage at `decay` times the rate of the one above it."""
    # No decay of one half: there decay and 1 - decay are the same.
    for stages, rate, decay in ((STAGES, 0.8, 0.25), (["body", "top", "head"], 0.1, 0.6)):
        got = answer(list(stages), rate, decay)
        if got is None:
            return NOTHING
        if not isinstance(got, dict):
            return (
                f"it should return a dict with a rate for each of {stages}; it returned "
                f"a {type(got).__name__}"
            )
        if set(got) != set(stages):
            return f"the dict should have a rate for each of {stages}; it has {list(got)}"
        rates = [got[stage] for stage in stages]
        if hint := misfit(rates, (len(stages),), "a number for each stage"):
            return f"of the rates: {hint}"
        below = np.arange(len(stages))[::-1]  # how many stages below the head
        right = rate * decay**below
        if np.allclose(rates, right):
            continue
        if stages is not STAGES:
            return FIXED
        mistakes = [
            ("upside down: the head, the last of the list, has the full rate", right[::-1]),
            ("one power too many: the head has the full rate", right * decay),
            ("one power too many: the head has the full rate", right[::-1] * decay),
            ("every stage has the same rate so far", np.full(len(stages), rate)),
            ("the rate is missing: these are the factors", decay**below),
            ("`decay` is the factor itself, not what is taken off", rate * (1 - decay) ** below),
            ("multiply by `decay`: yours divides, so that the rate rises", rate / decay**below),
            (
                "multiply by `decay` once more for each stage, not by decay times a number",
                np.where(below, rate * decay * below, rate),
            ),
            (
                "all stages below the head have the same rate so far: it falls with each stage",
                np.where(below, rate * decay, rate),
            ),
            ("each rate is `decay` times the one above, not `decay` less", rate - decay * below),
            ("`decay` is a factor, not a rate of exponential decay", rate * np.exp(-decay * below)),
            ("`decay` is a factor: do not divide by 1 + decay", rate / (1 + decay * below)),
        ]
        return usual(rates, mistakes, atol=1e-8) or (
            "the head has `rate`, the stage below it rate * decay, the next rate * decay**2, ..."
        )
    return None


def phases(answer) -> str | None:
    """03.b: the head, then one more stage at a time."""
    got = answer(list(STAGES), "stage1")
    if got is None:
        return NOTHING
    right = [["head"], ["stage2", "head"], ["stage1", "stage2", "head"]]
    try:
        found = [phase if isinstance(phase, str) else list(phase) for phase in got]
    except TypeError:
        return f"it should return a list of lists, a phase each; it returned {got!r}"
    if any(isinstance(phase, str) for phase in found):
        return "each phase is a list of names, even where it has only one: ['head']"
    if not all(isinstance(stage, str) for phase in found for stage in phase):
        return f"a phase lists the names of its stages; yours are {found}"
    if found == right:
        whole = [list(phase) for phase in answer(list(STAGES), "stem")]
        if whole != [*right, STAGES]:
            return "right down to stage1; down to the first stage it should have one phase more"
        if [list(phase) for phase in answer(list(STAGES), "head")] != right[:1]:
            return "down to the head, there is one phase: the head alone"
        short = [list(phase) for phase in answer(["body", "top"], "body")]
        return FIXED if short != [["top"], ["body", "top"]] else None
    if found == right[::-1]:
        return "the phases are right, in the wrong order: the head trains first"
    if [set(phase) for phase in found] == [set(phase) for phase in right]:
        return "keep the stages of a phase in the order of the network"
    if found in (
        [["head"], ["stage2"], ["stage1"]],
        [["head"], ["stage2", "head"], ["stage1", "head"]],
    ):
        return "what was unfrozen stays so: a phase trains its stage and all above it"
    if found == right[1:]:
        return "the first phase trains the head alone"
    if found == right[:-1]:
        return "it stops one stage early: the last phase should have `lowest` in it"
    if found == [*right, STAGES]:
        return "it goes one stage too far: the last phase ends with `lowest`"
    if found == right[-1:]:
        return "that is the last phase alone; list those before it, too"
    if found and found[0][:1] == ["stem"]:
        return "the stages stand from the input up: the head is the last name, and trains first"
    return "first ['head'], then one stage more in each phase, down to `lowest` and no further"


def l2_sp(answer) -> str | None:
    """03.c: half the strength times the squared distance from the start."""
    rng = np.random.default_rng(0)
    for shapes, strength in ((((3, 2), (4,)), 0.2), (((2,), (2, 5), (3,)), 0.6)):
        start = [rng.normal(size=shape) for shape in shapes]
        weights = [s + rng.normal(size=s.shape) for s in start]
        got = answer([w.copy() for w in weights], [s.copy() for s in start], strength)
        if got is None:
            return NOTHING
        if np.shape(numbers(got)) == (len(shapes),):
            return "that is one number for each array: add them up to one number"
        if hint := misfit(got, ()):
            return hint
        gaps = [w - s for w, s in zip(weights, start, strict=True)]
        flat = np.concatenate([gap.ravel() for gap in gaps])
        half, squared = strength / 2, (flat**2).sum()
        if np.isclose(got, half * squared, rtol=1e-4):
            continue
        if len(shapes) != 2:
            return FIXED
        root = "the distance is squared: leave the root out"
        mean = "sum over the weights; that is their mean"
        first = "that is one of the arrays only: add up all of them"
        mistakes = [
            ("half of the strength", strength * squared),
            ("the strength is missing: half of it times your sum", squared),
            ("the strength is missing: you have half the sum", squared / 2),
            ("the strength enters once, not squared", strength**2 / 2 * squared),
            (
                "that draws to zero, as ordinary weight decay; draw to the start",
                half * sum((w**2).sum() for w in weights),
            ),
            (
                "that draws to zero, as ordinary weight decay; draw to the start",
                strength * sum((w**2).sum() for w in weights),
            ),
            (
                "that uses the start alone: take how far the weights are from it",
                half * sum((s**2).sum() for s in start),
            ),
            (root, half * sum(np.sqrt((gap**2).sum()) for gap in gaps)),
            (root, half * np.sqrt(squared)),
            (root, strength * np.sqrt(squared)),
            (mean, half * sum((gap**2).mean() for gap in gaps)),
            (mean, half * (flat**2).mean()),
            (mean, half * np.mean([(gap**2).sum() for gap in gaps])),
            ("square each difference; yours takes its size, as in L1", half * abs(flat).sum()),
            (
                "square each difference first, then sum: yours squares the sum",
                half * sum(gap.sum() ** 2 for gap in gaps),
            ),
            (
                "square each difference first, then sum: yours squares the sum",
                half * flat.sum() ** 2,
            ),
            ("square the differences: yours adds them up as they are", half * flat.sum()),
            (
                "subtract first, then square: yours subtracts the squares",
                half
                * sum((w**2).sum() - (s**2).sum() for w, s in zip(weights, start, strict=True)),
            ),
            ("the sign is turned: being far from the start costs", -half * squared),
            (first, half * (gaps[0] ** 2).sum()),
            (first, half * (gaps[-1] ** 2).sum()),
        ]
        return usual(got, mistakes) or ("strength / 2, times the sum of all (weight - start)**2")
    return None


CHECKS = {"03.a": stage_rates, "03.b": phases, "03.c": l2_sp}
