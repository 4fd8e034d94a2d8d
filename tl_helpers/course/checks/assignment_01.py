"""Assignment 01: what a unit can see, being alike, preferring a class, a network of one's own."""

from numbers import Real

import numpy as np

from . import NOTHING

STAGES = ("stem", "stage1", "stage2", "stage3", "stage4")


def sight(answer, me) -> str | None:
    """01.1: stacks so small that one sees with a pencil what their unit sees."""
    padding = me.choose("01.1", ["none", "as Keras does", "half a kernel"])
    got = answer([[3, 1, 1]], 7, 3)
    if got is None:
        return NOTHING
    if np.shape(got) != (7,):
        return f"seven pixels: the shape should be (7,), it is {np.shape(got)}"
    got = np.asarray(got, float)
    if not np.isclose(got.sum(), 1):
        return f"the shares of all pixels should add up to 1, they add up to {got.sum():.2f}"
    if np.flatnonzero(got).tolist() != ([3, 4, 5] if padding == "none" else [2, 3, 4]):
        return (
            "of one layer, kernel 3, place 3 of seven should see three pixels, of which the first "
            f"is i · stride − left; yours sees {np.flatnonzero(got).tolist()}"
        )
    got = np.asarray(answer([[3, 1, 1], [3, 1, 1]], 9, 4), float)
    shares = got[got > 0]
    if np.allclose(shares, 1 / 5):
        return "of two layers, the middle pixel has three paths, the outermost has one: count them"
    if len(shares) != 5 or not np.allclose(9 * shares, [1, 2, 3, 2, 1]):
        return (
            "two layers, kernel 3: the five pixels of a place in the middle should have 1, 2, 3, 2 "
            f"and 1 of nine paths; yours have shares {shares.round(2).tolist()}"
        )
    got = np.asarray(answer([[3, 1, 1], [1, 3, 1]], 12, 2), float)
    if len(np.flatnonzero(got)) != 3 or (np.diff(np.flatnonzero(got)) != 1).any():
        return "kernel 3, above it stride 3: three neighbours are seen; the lowest layer is first"
    start = np.flatnonzero(got)[0]
    if start != (6 if padding == "none" else 5):
        return (
            "kernel 3, and above it kernel 1, stride 3: place 2 sees place 6 of the layer below; "
            f"yours sees pixels from {start} on"
        )
    got = np.asarray(answer([[3, 1, 3]], 13, 6), float)
    if (np.diff(np.flatnonzero(got)) != 3).any():
        return "with a dilation of 3 the pixels that a place sees lie three apart"
    got = np.asarray(answer([[3, 2, 1]], 8, 1), float)
    if np.flatnonzero(got)[0] != (1 if padding == "half a kernel" else 2):
        return (
            "kernel 3, stride 2, eight pixels: work out how many zeros lie before them; yours sees "
            f"pixels from {np.flatnonzero(got)[0]} on at place 1"
        )
    got = np.asarray(answer([[3, 1, 1]], 7, 0), float)
    if not np.isclose(got.sum(), 1):
        return "at the border some paths end in zeros: shares are of those that begin at a pixel"
    got = np.asarray(answer([[3, 1, 1], [3, 1, 1]], 9, 0), float)
    if np.allclose(got[:3] * 6, [3, 2, 1]):
        return "zeros lie between the layers, too: no path goes on at a place below 0"
    if padding != "none" and not np.allclose(got[:3] * 5, [2, 2, 1]):
        return "two layers, kernel 3, place 0: draw the paths, and strike out those through a zero"
    return None


def alike(answer, me) -> str | None:
    """01.2: what must not matter, and one pair whose value is known for each measure."""
    measure = me.choose("01.2", ["kernel CKA", "Procrustes", "shared neighbours"])
    x = np.array([[0, 3], [11, 20], [25, 1], [32, 39], [48, 12], [61, 26], [77, 4], [94, 31]]) / 10
    y = np.array([[2, 51], [19, 4], [9, 22], [36, 73], [57, 13], [41, 62], [90, 34], [66, 95]]) / 10
    given = x.copy(), y.copy()
    got = answer(*given)
    if got is None:
        return NOTHING
    if not (np.array_equal(given[0], x) and np.array_equal(given[1], y)):
        return "the representations that were passed in have changed: make new arrays"
    if np.ndim(got) != 0:
        return f"it should be one number, it has shape {np.shape(got)}"
    itself = answer(x, x.copy())
    if not np.isclose(itself, 1):
        return f"a representation is entirely like itself: 1, yours gives {itself:.3f}"
    if not np.isclose(got, answer(y, x)):
        return "x and y should be able to change places"
    turn = np.array([[0.6, 0.8, 0.0], [-0.8, 0.6, 0.0]])  # and a feature more, of zeros
    for other, what in (
        (x + np.array([100, -50]), "a constant that is added to a feature"),
        (7 * x, "the scale of a representation"),
        (x @ turn, "a rotation of the features, or one more feature that is 0 always,"),
    ):
        if not np.isclose(got, answer(other, y)):
            return f"{what} should not matter"
    try:
        maps = answer(x.reshape(8, 1, 1, 2), y[..., None])
    except (ValueError, IndexError):
        maps = np.nan
    if not np.isclose(got, maps):
        return "flatten what follows the first axis: maps are representations, too"
    known = {"kernel CKA": 0.732650, "Procrustes": 0.784867, "shared neighbours": 0.9}
    for name, value in known.items():
        if np.isclose(got, value, atol=2e-4):
            return None if name == measure else f"that would be {name}; yours is {measure}"
    if np.isclose(got, known[measure] ** 2, atol=2e-4):
        return "that is the square of it"
    mistakes = {
        0.711423: "that is linear CKA, as in the lesson",
        0.733810: "the median is over pairs of different pictures: not the zeros of the diagonal",
        0.738208: "the distance is squared, halved, and divided by the square of w",
        0.959453: "centre both tables, over rows and over columns",
        0.669210: "add up the singular values themselves, not the root of their squares",
        0.430266: "that is how far they are from each other, not how alike",
        0.75: "a picture is not one of its own neighbours: five others",
        0.916667: "a picture is not one of its own neighbours: five others",
        0.833333: "the share is of five, not of those that either of the two has",
    }
    for number, mistake in mistakes.items():
        if np.isclose(got, number, atol=2e-4):
            return mistake
    return f"something in {measure} is different: go through its three steps on eight pictures"


def class_selectivity(answer, me) -> str | None:
    """01.3: units whose answers are plain to see."""
    index = me.choose("01.3", ["best against the rest", "sparseness", "entropy"])
    y = np.array([0, 0, 1, 2, 3, 3])
    answers = np.array(
        [[2, 1, 1, 0], [3, 3, 3, 3], [0, 0, 5, 0], [0, 0, 0, 0]]
    ).T  # (classes, units)
    maps = np.zeros((6, 2, 2, 4))
    maps[:, 0, 1] = 4 * answers[y]  # at one place of four: the mean over places is as above
    given = maps.copy()
    got = answer(given, y)
    if got is None:
        return NOTHING
    if not np.array_equal(given, maps):
        return "the activations that were passed in have changed: make a new array"
    if np.shape(got) != (4,):
        return f"four units: the shape should be (4,), it is {np.shape(got)}"
    got = np.asarray(got, float)
    if not np.isclose(got[1], 0, atol=1e-6):
        return f"a unit that answers to all classes alike should have 0, yours has {got[1]:.3f}"
    if not np.isclose(got[2], 1):
        return f"a unit that answers to one class alone should have 1, yours has {got[2]:.3f}"
    if not np.isclose(got[3], 0, atol=1e-6):
        return f"a unit that never answers should have 0, yours has {got[3]}"
    known = {"best against the rest": 1 / 2, "sparseness": 4 / 9, "entropy": 1 / 4}
    if not np.isclose(got[0], known[index]):
        for name, value in known.items():
            if np.isclose(got[0], value):
                return f"that would be {name}; yours is {index}"
        if np.isclose(got[0], 1 / 3) and index == "best against the rest":
            return "m is the mean of the others: neither the best of them, nor the mean of all"
        return f"a unit answers 2, 1, 1 and 0: its index is not {got[0]:.3f}, try it by hand"
    often = np.array([0, 0, 0, 0, 1, 2, 2, 3, 4, 5])
    if not np.allclose(got, answer(maps[often], y[often]), atol=1e-6):
        return "a class shown twice as often should count as before: the mean of each class first"
    if not np.allclose(got, answer(maps, 2 * y), atol=1e-6):
        return (
            "class numbers without pictures should be left out: with 0, 2, 4 and 6, C is still four"
        )
    mixed = maps.copy()
    mixed[0], mixed[1], mixed[2] = 0, 2 * maps[1], maps[2].mean((0, 1))
    if not np.allclose(got, answer(mixed, y), atol=1e-6):
        return "the mean over a class's pictures and places is the answer, not their largest"
    return None


def read(answer, me) -> str | None:
    """01.4: that it can be."""
    names = ("stage", "accuracy", "changed", "beyond_chance")
    if not isinstance(answer, dict) or set(answer) != set(names):
        return f"`read` should be a dict with {', '.join(names)}"
    if any(answer[name] is None for name in names):
        return "put your results in place of None"
    for name in ("stage", "changed"):
        if not isinstance(answer[name], str) or answer[name] not in STAGES:
            return f"`{name}` should be the name of a stage, one of STAGES"
    for name in ("accuracy", "beyond_chance"):
        if not isinstance(answer[name], Real) and np.ndim(answer[name]) != 0:
            return f"`{name}` should be one number"
    accuracy, beyond = float(answer["accuracy"]), float(answer["beyond_chance"])
    if not 0 <= accuracy <= 1:
        return "the accuracy should be from 0 to 1"
    if abs(100 * accuracy - round(100 * accuracy)) > 1e-6:
        return "that accuracy is no share of 100 pictures"
    if not -1 <= beyond <= 1:
        return "`beyond_chance` is a difference of two means, each from 0 to 1"
    if beyond <= 0:
        return "at a good stage units prefer classes more than shuffled ones: which less which?"
    return None


CHECKS = {"01.1": sight, "01.2": alike, "01.3": class_selectivity, "01.4": read}
