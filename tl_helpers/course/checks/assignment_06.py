"""Assignment 06: prototypes, one of these or none, the gradient of a start, and strangers."""

import numpy as np

from . import NOTHING

GUARDED = ["shrunk", "weighted", "trimmed"]
TARGETS = ["one variance", "variances alone", "all examples"]
STEPPED = ["with momentum", "held back", "with every step counted"]
NONES = (10.0, 20.0, 30.0, 45.0, 70.0)


def prototypes(answer, me) -> str | None:
    """06.1: what must not matter, and small classes by hand."""
    guarded = me.choose("06.1", GUARDED)
    rng = np.random.default_rng(0)
    y = np.array([2, 0, 0, 1, 2, 0, 0, 1, 2, 1, 0])
    support = rng.normal(0, 2, (11, 3))
    given = support.copy(), y.copy()
    got = answer(*given, 3)
    if got is None:
        return NOTHING
    if not (np.array_equal(given[0], support) and np.array_equal(given[1], y)):
        return "an array that was passed in has changed: make a new one"
    if np.shape(got) != (3, 3) or np.shape(answer(support[:, :2], y, 3)) != (3, 2):
        return "a prototype for each class, with as many features as an example: (way, d)"
    order = rng.permutation(11)
    if not np.allclose(got, answer(support[order], y[order], 3)):
        return "the order of the examples should not matter"
    if not np.allclose(np.asarray(got) + 10, answer(support + 10, y, 3)):
        return "with all examples moved by 10, prototypes should move by 10, too"
    if np.allclose(got, np.stack([support[y == k].mean(0) for k in range(3)])):
        return "these are the plain means so far"

    def line(values, of, way):
        """Of examples with one feature."""
        return np.asarray(answer(np.array(values, float)[:, None], np.array(of), way), float)[:, 0]

    try:
        empty = line([0, 0, 1, 7], [0, 0, 0, 2], 3)
    except (ValueError, ZeroDivisionError):
        empty = np.full(3, np.nan)
    if not np.isfinite(empty).all():
        return "a class without examples has no mean of its own: it gets the mean of all examples"
    if not np.isclose(empty[1], 2):
        return (
            "of examples 0, 0, 1 of one class and 7 of another the mean is 2: a class without "
            f"examples gets it, with yours {empty[1]:g}"
        )
    if guarded == "shrunk":
        first = line([0, 0, 0, 8], [0, 0, 0, 1], 2)[0]
        if np.isclose(first, 8 / 5):
            return "the mean of all examples, in which a class with more of them has more weight"
        if np.isclose(first, 1):
            return "a class's own mean and that of all are halved so far: count its examples, too"
        if not np.isclose(first, 4 / 5):
            return (
                "three examples at 0 of one class and one at 8 of another have their mean at 2: "
                f"the first class is as if it had 0, 0, 0, 2, 2; yours is at {first:g}"
            )
        return None
    if not np.allclose(line([0, 9], [0, 1], 2), [0, 9]):
        return "where a class has a single example, that is its prototype"
    near, far = (line([0, 1, 2, 3, away], [0] * 5, 1)[0] for away in (100.0, 1000.0))
    if abs(far - near) > 5:
        return "one example that moves from 100 to 1000 pulls the prototype along"
    values = [0, 8, 8, 11, 16.5]
    if not np.isclose(
        line(values + [100] * 9, [0] * 5 + [1] * 9, 2)[0], line(values, [0] * 5, 1)[0]
    ):
        return "the median is that of a class's own examples: another class should not matter"
    if guarded == "weighted":
        first = line([0, 1, 3], [0, 0, 0], 1)[0]
        if np.isclose(first, 2 / (1 / 2 + 1 + 1 / 3)):
            return "the distance is squared in the weight, 1 / (1 + r²)"
        if not np.isclose(first, 1.6 / 1.7):
            return (
                "take examples 0, 1 and 3: the median is 1 and they weigh 1/2, 1 and 1/5; a "
                f"weighted mean is divided by the sum of the weights; yours is at {first:.3f}"
            )
        if not np.isclose(answer(np.array([[0.0, 0], [3, 4], [0, 0]]), [0] * 3, 1)[0][1], 4 / 53):
            return "an example has one weight for all its features, by its Euclidean distance"
        return None
    if not np.isclose(line([0, 4], [0, 0], 1)[0], 2):
        return "of two examples none is left out: their mean"
    first = line(values, [0] * 5, 1)[0]
    if np.isclose(first, 43.5 / 4):
        return "of 0, 8, 8, 11 and 16.5 the last is the farthest from their median, not the first"
    if not np.isclose(first, 27 / 4):
        return (
            f"of 0, 8, 8, 11 and 16.5 the last is left out, and the mean is of the rest: {first:g}?"
        )
    five = np.array([[0.0, 0], [0, 0], [-1, -1], [3, 3], [0, 5]])  # the median is (0, 0)
    if not np.allclose(answer(five, np.zeros(5, int), 1), [[0.5, 0.5]]):
        return "one example is left out whole: the one at the largest Euclidean distance"
    return None


def one_or_none(answer, me) -> str | None:
    """06.2: that its rows are distributions, and the distances that follow from them."""
    target = me.choose("06.2", TARGETS)
    rng = np.random.default_rng(1)
    y = np.array([0, 0, 1, 2, 2, 2])
    points = np.array([[0.0, 0.0], [3.0, 1.0], [-2.0, 4.0]])
    support, query = points[y] + rng.normal(size=(6, 2)), rng.normal(0, 2, (5, 2))
    given = [part.copy() for part in (support, y, points, query)]
    got = answer(*given, 0.5, 6.0)
    if got is None:
        return NOTHING
    if not all(
        np.array_equal(a, b) for a, b in zip(given, (support, y, points, query), strict=True)
    ):
        return "an array that was passed in has changed: make a new one"
    if np.shape(got) != (5, 4):
        return (
            f"five queries, three classes and none: the shape should be (5, 4), not {np.shape(got)}"
        )
    got = np.asarray(got, float)
    if not np.allclose(got.sum(1), 1) or (got < 0).any():
        return "each row holds probabilities, those of the classes and of none: it sums to 1"
    away = np.asarray(answer(support, y, points, 1e4 * query, 0.5, 1e7), float)
    if not np.isfinite(away).all():
        return "for queries far away some rows are nan: subtract each row's largest before exp"
    if not np.allclose(np.asarray(answer(support, y, points, query, 0.5, 1e9))[:, -1], 0):
        return "when `none` is enormous its probability, the last of a row, should vanish"
    if not np.allclose(away[:, -1], 1):
        return "queries much farther from all classes than `none` should be none of them, the last"

    def distances(support, y, points, query, share):
        """Which they must be for these probabilities; `none` has 3."""
        odds = np.asarray(answer(support, y, points, query, share, 3.0), float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return 3 - 2 * np.log(odds[:, :-1] / odds[:, -1:])

    # Each example at its prototype: S is 0, and A of a share of 0 is 0.1 I.
    exact = np.array([[0.0], [1.0]]), np.array([0, 1])
    (found,) = distances(*exact, exact[0], np.array([[0.3]]), 0.0)
    if np.allclose(2 * np.array([0.9, 4.9]) - found, 3, atol=1e-6):
        return "it is minus half the squared distance that goes into the softmax, not all of it"
    if not np.allclose(found, [0.9, 4.9], atol=1e-6):
        return (
            "where each example is its prototype and share is 0, A is 0.1 · I: a query at 0.3 then "
            "has a squared distance of 0.9 from 0 and of 4.9 from 1"
        )
    one = np.array([[2.0], [4.0]]), np.zeros(2, int), np.array([[1.0]]), np.array([[2.0]])
    found = float(distances(*one, 0.0)[0, 0])
    if np.isclose(found, 1 / 1.1):
        return "S is about the prototypes that are passed in; yours is about the means"
    if np.isclose(found, 1 / 10.1):
        return "S is a mean over the examples: divide by how many there are, yours divides by less"
    if not np.isclose(found, 1 / 5.1):
        return (
            "with one feature, examples 2 and 4 and their prototype at 1, S is (1 + 9) / 2, and "
            f"with a share of 0 A is 5.1: a query at 2 is at 1 / 5.1, yours at {found:.4f}"
        )
    pairs = np.array([[2.0, 1], [-2, -1], [12, 1], [8, -1]]), np.array([0, 0, 1, 1])
    pairs += (np.array([[0.0, 0], [10, 0]]), np.array([[1.0, -1]]))
    if not np.isclose(distances(*pairs, 0.0)[0, 0], 9.2 / 0.51, rtol=1e-3):
        return (
            "with errors of (2, 1) and (−2, −1) S is [[4, 2], [2, 1]], off its diagonal, too: "
            "solve with all of A"
        )
    full, shape = {
        "one variance": (2 / 2.6, "[[2.5, 0], [0, 2.5]]"),
        "variances alone": (1 / 4.1 + 1 / 1.1, "[[4, 0], [0, 1]]"),
        "all examples": (34.2 / 28.01, "[[29, 2], [2, 1]]"),
    }[target]
    if not np.isclose(distances(*pairs, 1.0)[0, 0], full, rtol=1e-3):
        return (
            "classes at (0, 0) and (10, 0) with errors of (2, 1) and (−2, −1) have "
            f"S = [[4, 2], [2, 1]] and in yours T = {shape}: it is all that counts at a share of "
            "1, beside 0.1 · I"
        )
    return None


def outer_gradient(answer, me) -> str | None:
    """06.3: means that must not change, and one weight by hand."""
    stepped = me.choose("06.3", STEPPED)
    rng = np.random.default_rng(2)
    theta = rng.normal(size=3)
    x, y = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5))
    far_x, far_y = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4))
    given = [part.copy() for part in (theta, x, y, far_x, far_y)]
    got = answer(*given, 0.1, 2)
    if got is None:
        return NOTHING
    if not all(
        np.array_equal(a, b) for a, b in zip(given, (theta, x, y, far_x, far_y), strict=True)
    ):
        return "an array that was passed in has changed: `-=` does that, write w = w - ..."
    if np.shape(got) != (3,):
        return f"three weights: the gradient's shape should be (3,), it is {np.shape(got)}"
    twice = [np.concatenate([part] * 2) for part in (x, y, far_x, far_y)]
    if not np.allclose(got, answer(theta, *twice, 0.1, 2)):
        return "the same tasks once more should not change it: the mean over tasks, not the sum"
    twice = [np.concatenate([part] * 2, axis=1) for part in (x, y)]
    if not np.allclose(got, answer(theta, *twice, far_x, far_y, 0.1, 2)):
        return "every example twice should not change it: the inner loss is a mean over examples"
    twice = [np.concatenate([part] * 2, axis=1) for part in (far_x, far_y)]
    if not np.allclose(got, answer(theta, x, y, *twice, 0.1, 2)):
        return "every query twice should not change it: the outer loss is a mean over queries"
    alone = [
        answer(theta, *(part[k : k + 1] for part in (x, y, far_x, far_y)), 0.1, 2) for k in (0, 1)
    ]
    if not np.allclose(got, np.mean(alone, axis=0)):
        return "a task's steps should not depend on the task before it: begin each at θ"

    def small(rate, steps):
        """One weight, which begins at 3; one example, 2 -> 1; one query, 1 -> 0."""
        parts = (np.array([[[2.0]]]), np.ones((1, 1)), np.ones((1, 1, 1)), np.zeros((1, 1)))
        return float(np.ravel(answer(np.array([3.0]), *parts, rate, steps))[0])

    example = "one weight at 3, an example of 2 with a target of 1, a query of 1 with a target of 0"
    start, first = small(0.0, 1), small(0.1, 1)
    if np.isclose(start, 6) or np.isclose(first, 0.2):
        return "a loss is the sum of the squared errors over 2 n: half of their mean"
    if not np.isclose(start, 3):
        return (
            f"take {example}: with a rate of 0 nothing is stepped, and the gradient is that of the "
            f"query's loss, 3; yours gives {start:g}"
        )
    if np.isclose(first, 2):
        return "that is first order: w moves with θ, by 1 − rate · 4 where the one example is a 2"
    if stepped == "held back" and np.isclose(first, 1):
        return "θ stands in the inner loss itself, so it has a part in the derivative"
    if not np.isclose(first, 1.2):
        return (
            f"take {example}: a step with a rate of 0.1 has a gradient of 10 and ends at w = 2, "
            f"and the derivative of w is 1 − 0.1 · 4; yours gives {first:g}"
        )
    second = small(0.1, 2)
    right, first_order = {
        "with momentum": (0.144, 0.9),
        "held back": (0.6, 1.5),
        "with every step counted": (0.852, 1.7),
    }[stepped]
    if np.isclose(second, right):
        return None
    if np.isclose(second, 0.504):
        return f"that is plain MAML's from the second step on: yours steps {stepped}"
    if np.isclose(second, first_order):
        return "over two steps it is first order: carry the derivative of w along"
    if stepped == "with momentum" and np.isclose(second, 0.324):
        return "v has a derivative with respect to θ, too, which is carried along"
    if stepped == "with every step counted" and np.isclose(second, 2 * right):
        return "the mean over the steps, not the sum"
    where = {
        "with momentum": "v is 10, then 11, and w is 2, then 0.9",
        "held back": "the gradients are 10, then 6 − 1, and w is 2, then 1.5",
        "with every step counted": "w is 2, then 1.4, and its derivative 0.6, then 0.36",
    }[stepped]
    return f"take {example}, and two steps with a rate of 0.1: {where}; yours gives {second:g}"


def chosen(answer, me) -> str | None:
    """06.4: that it can be."""
    if not isinstance(answer, dict) or set(answer) != {"none", "accuracy", "gain", "within"}:
        return "`chosen` should be a dict with none, accuracy, gain and within"
    if any(value is None for value in answer.values()):
        return "put your four numbers in place of None"
    if answer["none"] not in NONES:
        return "`none` should be one of NONES"
    if not 0 <= answer["accuracy"] <= 1:
        return "the accuracy should be from 0 to 1"
    if abs(answer["accuracy"] * 6000 - round(answer["accuracy"] * 6000)) > 1e-5:
        return "that is no mean accuracy of 200 tasks of 30 queries"
    if answer["accuracy"] - answer["gain"] > 25 / 30:
        return "without the last place no stranger can be right: at most 25 of 30 are"
    if abs(answer["gain"]) > 1 or abs(answer["gain"] * 6000 - round(answer["gain"] * 6000)) > 1e-5:
        return "the gain is a difference of two mean accuracies, from −1 to 1"
    if answer["within"] <= 0:
        return "half an interval is above 0"
    if answer["within"] > 0.05:
        return "half the interval of a mean over 200 tasks: divide the deviation by the root of 200"
    return None


CHECKS = {
    "06.1": prototypes,
    "06.2": one_or_none,
    "06.3": outer_gradient,
    "06.4": chosen,
}
