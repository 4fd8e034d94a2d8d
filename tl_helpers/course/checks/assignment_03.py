"""Assignment 03: rates by depth, a plan of unfreezing, a step of Adam, and their use."""

import numpy as np

from . import NOTHING

CLIMBS = ["along a straight line", "by a constant factor", "along half a cosine"]
WAYS = ["chain-thaw", "from the bottom up", "one at a time from the top"]
PULLS = ["to zero, by the rate", "to zero, whatever the rate", "to the start, by the rate"]


def rates_by_depth(answer, me) -> str | None:
    """03.1: the two ends, what is frozen, and how it climbs where each stage has one layer."""
    got = answer([2, 1, 4, 3], 0.001, 0.1, 0)
    if got is None:
        return NOTHING
    if np.shape(got) != (4,):
        return f"four stages: the shape should be (4,), it is {np.shape(got)}"
    if not np.isclose(got[-1], 0.1):
        return "the head should have `highest`: its height is 1, however many layers it has"
    if not np.isclose(got[0], 0.001):
        return "the lowest stage should have `lowest`: no layer lies below it"
    if not (np.diff(got) > 0).all():
        return "from each stage to the next the rate should rise"
    alone = answer([2, 1, 4, 3], 0.001, 0.1, 3)
    if np.shape(alone) != (4,) or not np.allclose(alone, [0, 0, 0, 0.1]):
        return "with three of four stages frozen the rates should be three zeros and `highest`"
    part = answer([5, 2, 1, 4, 3], 0.001, 0.1, 1)
    if np.shape(part) != (5,) or part[0] != 0:
        return "a frozen stage still has its place in the array, with a rate of 0"
    if not np.allclose(part[1:], got):
        return (
            "with the lowest stage frozen the others have the rates that they would have without it"
        )
    if np.allclose(got, answer([1, 1, 1, 1], 0.001, 0.1, 0), rtol=1e-3):
        return (
            "stages with two, one, four layers have the rates of stages with one each: count layers"
        )
    if not np.allclose(answer([2, 1, 4, 9], 0.001, 0.1, 0), got):
        return "another layer in the head should change nothing: only those below it are counted"
    if not np.isclose(answer([3, 1, 2, 1], 0.001, 0.1, 0)[1], answer([2, 2, 1], 0.001, 0.1, 0)[1]):
        return "where half of the layers below the head lie below a stage, its height should be 0.5"
    climb = me.choose("03.1", CLIMBS)
    even = np.asarray(answer([1] * 7, 0.001, 0.1, 0))
    steps = np.diff(np.log(even) if climb == "by a constant factor" else even)
    if climb == "along half a cosine":
        if not np.allclose(even + even[::-1], 0.101) or not 2.5 < steps[2] / steps[0] < 4:
            return "half a cosine begins and ends slowly, and both its halves are alike"
    elif not np.allclose(steps, steps[0]):
        return f"with one layer in each stage, yours should climb {climb} from stage to stage"
    return None


def plan(answer, me) -> str | None:
    """03.2: the phases at a warm-up of one step, then the warm-up."""
    way = me.choose("03.2", WAYS)
    phases = 4 if way == "from the bottom up" else 5
    shape = (3 * phases, 4)
    got = answer(4, shape[0], 1)
    if got is None:
        return NOTHING
    if np.shape(got) != shape:
        return f"{shape[0]} steps, four stages: the shape is {shape}, yours is {np.shape(got)}"
    got = np.asarray(got, float)
    if not np.isin(got, (0, 1)).all():
        return "with a warm-up of one step all factors should be 0 or 1"
    if not np.array_equal(got[0], [0, 0, 0, 1]):
        return "in the first phase the head trains alone, and it is the last column"
    if not got[-1].all():
        return "in the last phase all stages train"
    lengths = _lengths(got)
    if len(lengths) != phases:
        return f"four stages make {phases} phases, but your rows change {len(lengths) - 1} times"
    if lengths != [3] * phases:
        return f"{shape[0]} steps for {phases} phases are three each; yours have {lengths}"
    if way == "chain-thaw" and got[3:-3].sum() != 9:
        return "between its first phase and its last, chain-thaw trains one stage, without the head"
    if way == "from the bottom up" and list(got.sum(0)) != [9, 6, 3, 12]:
        return (
            "the lowest stage joins the head first, then one more each phase; all go on to the end"
        )
    if way == "one at a time from the top":
        if not got[:, -1].all():
            return "the head trains in every phase of yours"
        if got[3:-3].sum() != 18:
            return "between the first phase and the last, one stage trains beside the head, no more"
    first = 2 if way == "one at a time from the top" else 0
    if not got[3:6, first].all():
        return "after the head alone the wrong stage comes: look at the order in your way once more"
    over = np.asarray(answer(4, shape[0] + 2, 1))
    if len(over) != shape[0] + 2 or _lengths(over) != [4, 4] + [3] * (phases - 2):
        lengths = _lengths(over)
        return f"two steps left over: one each for the first two phases; yours have {lengths}"
    few = np.asarray(answer(4, 2, 1))
    if few.shape != (2, 4) or not np.array_equal(few, got[[0, 3]]):
        return "with two steps the first two phases should have one each, and the others none"
    two, five = (np.asarray(answer(4, shape[0], warm)) for warm in (2, 5))
    return _warm(two, five, got)


def _lengths(factors) -> list[int]:
    """Of each run of equal rows, how long it is."""
    new = np.r_[True, (np.diff(factors, axis=0) != 0).any(1), True]
    return np.diff(np.flatnonzero(new)).tolist()


def _warm(two, five, trains) -> str | None:
    """What can be seen of the warm-up: of two steps, and of more than a phase has."""
    if np.array_equal(two, trains):
        return "with a warm-up of two steps some factor should be 0.5"
    if (two[trains == 0] != 0).any():
        return "a frozen stage's factor should stay 0 in the warm-up"
    for column, trained in zip(two.T, trains.T, strict=True):
        own = column[trained > 0]
        if not np.isclose(own[0], 0.5):
            return "with a warm-up of two, a stage's factor is 0.5 in the first step that it trains"
        if not np.allclose(own[1:], 1):
            return (
                "a warm-up of two is over after a stage's first step, and does not begin again; no "
                "factor is above 1"
            )
    lowest = five[:, 0][trains[:, 0] > 0]  # three steps or more, of more than one phase
    if not np.allclose(lowest[:5], np.arange(1, 6)[: len(lowest)] / 5):
        return "where a warm-up is longer than a phase, a stage goes on with it when it next trains"
    return None


def adam_step(answer, me) -> str | None:
    """03.3: a first step, ages, what is frozen, and the pull as a difference."""
    rng = np.random.default_rng(3)
    stage = np.array([0, 1, 2, 0, 1, 2])
    w, start, g = rng.normal(size=(3, 6))
    state, ages, rates = np.stack([w, 0 * w, 0 * w]), np.zeros(3, int), np.array([0.001, 0.01, 0.1])
    inputs = [state.copy(), g, start, stage, ages.copy(), rates, 0.0]
    got = answer(*inputs)
    if got is None:
        return NOTHING
    if not np.array_equal(inputs[0], state) or not np.array_equal(inputs[4], ages):
        return "the state or the ages that were passed in have changed: return new arrays"
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return "return two things: the state, and the ages"
    if np.shape(got[0]) != (3, 6) or np.shape(got[1]) != (3,):
        shapes = f"{np.shape(got[0])} and {np.shape(got[1])}"
        return f"the shapes should be (3, 6) and (3,), they are {shapes}"
    if np.allclose(np.sign(got[0][0] - w), np.sign(g)):
        return "the weights should go against the gradient"
    if not np.allclose(w - got[0][0], rates[stage] * np.sign(g), rtol=1e-3):
        return (
            "in Adam's first step, without a pull, each weight should move by the rate of its "
            "stage, whatever its gradient; t is 1 then"
        )
    if not np.array_equal(got[1], [1, 1, 1]):
        return "after the first step all three ages should be 1"
    if not np.allclose(got[0][1:], [0.1 * g, 0.001 * g**2]):
        return "keep m and v in the state as they are before you divide by 1 − 0.9ᵗ and 1 − 0.999ᵗ"
    state, ages = rng.uniform(0.5, 1, (3, 6)), np.array([3, 50, 700])
    still = np.array([0.001, 0.0, 0.1])
    after, older = answer(state.copy(), g, start, stage, ages.copy(), still, 0.5)
    after, held = np.asarray(after), stage == 1
    if not np.array_equal(after[0][held], state[0][held]):
        return "the weights of a frozen stage should stay exactly as they are: no step, and no pull"
    if not np.array_equal(after[:, held], state[:, held]):
        return "m and v of a frozen stage should stay as they are, too"
    if not np.array_equal(older, [4, 50, 701]):
        return "a stage with a rate of 0 does not grow older, and the others do by one step"
    return _ages(answer, state, g, start, stage, rates) or _pull(answer, me, g, start, stage, rates)


def _ages(answer, state, g, start, stage, rates) -> str | None:
    """That a stage's own age counts, and no other's."""
    moved = [
        state[0] - answer(state.copy(), g, start, stage, np.array(ages), rates, 0.0)[0][0]
        for ages in ([0, 0, 0], [0, 4, 0])
    ]
    same = np.isclose(*moved, rtol=1e-6)
    if not same[stage != 1].all():
        return "the age of one stage changes the step of another: each has its own t"
    if same[stage == 1].any():
        return "a stage's age should change its step: t is the age of the weight's own stage"
    return None


def _pull(answer, me, g, start, stage, rates) -> str | None:
    """The pull, as what a strength of 0.5 adds to one of 0."""
    pulled = me.choose("03.3", PULLS)
    w = start + np.array([1.0, 1.0, 1.0, -1.0, 0.0, 0.0])
    w[0] = 0.0
    g = np.where(np.isin(np.arange(6), [1, 2, 3]), g, 0)
    state, ages = np.stack([w, 0 * w, 0 * w]), np.zeros(3, int)
    ended = [answer(state.copy(), g, start, stage, ages, rates, s)[0] for s in (0.0, 0.5)]
    if not np.isfinite(ended).all():
        return "where the gradient, m and v are zero, Adam's step is zero, too: mind the 10⁻⁷"
    if not np.allclose(ended[0][1:], ended[1][1:]):
        return "the pull is apart from Adam's step: m and v should be the same with it and without"
    pull = np.asarray(ended[0][0] - ended[1][0])
    at_zero, at_start = np.isclose(pull[0], 0), np.allclose(pull[4:], 0)
    if pulled == "to the start, by the rate":
        if not at_start or at_zero:
            return "in yours a weight that is where it started is not pulled, and one at zero is"
        target = start
    else:
        if not at_zero or at_start:
            return "in yours a weight of zero is not pulled, and one that is where it started is"
        target = 0
    free = np.array([1, 2, 3])
    share = (pull / (w - target + 1e-300))[free]
    if (share < 0).any():
        return "the pull should bring a weight nearer, not take it farther away"
    by_rate = np.allclose(share / share[0], rates[stage[free]] / rates[1], rtol=1e-3)
    if pulled == "to zero, whatever the rate":
        if not np.allclose(share, share[0], rtol=1e-3):
            return (
                "your pull takes the same share of every weight that trains, at whatever rate, "
                "and of the weights as they were before the step"
            )
    elif not by_rate:
        return (
            "your pull should be proportional to the stage's rate, and be taken from the weights "
            "as they were before the step"
        )
    if not np.isclose(share[0], 0.5 * (1 if pulled == PULLS[1] else rates[1]), rtol=1e-3):
        return "the direction of your pull is right; look at its size once more"
    return None


def tuned(answer, me) -> str | None:
    """03.4: that it can be."""
    if not isinstance(answer, dict) or set(answer) != {"rate", "new", "old"}:
        return "`tuned` should be a dict with rate, new and old"
    if None in answer.values():
        return "put your rate and your two counts in place of None"
    if answer["rate"] not in (0.003, 0.01, 0.03, 0.1):
        return "the rate should be one of RATES: the `highest` that you have chosen"
    for of, pictures in (("new", 400), ("old", 300)):
        if answer[of] != round(answer[of]):
            return f"{of} is a count of pictures, and so a whole number"
        if not 0 <= answer[of] <= pictures:
            return f"{of} should be from 0 to {pictures}, as many as there are to look at"
    if answer["new"] <= 200:
        return (
            "a network that has learned has more than half of `test` right: do its weights go from "
            "step to step, and did you count on all 400?"
        )
    if answer["old"] < 75:
        return (
            "more than that is left: is the old head in the place of the new one, in the network "
            "that your rate ended with?"
        )
    return None


CHECKS = {"03.1": rates_by_depth, "03.2": plan, "03.3": adam_step, "03.4": tuned}
