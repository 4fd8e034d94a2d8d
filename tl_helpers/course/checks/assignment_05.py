"""Assignment 05: a discrepancy, statistics of a stream, shares of classes, and choosing by them."""

import numpy as np

from . import NOTHING

KERNELS = ["the rational quadratic kernel", "the Laplacian kernel", "the energy distance"]
COUNTED = ["all batches alike", "the first batches most", "by how many pictures there were"]
SUMMED = ["by the likeliest class", "by its two likeliest classes", "by its squares"]


def discrepancy(answer, me) -> str | None:
    """05.1: what it must not depend on, its value far away, and one small example."""
    kernel = me.choose("05.1", KERNELS)
    rng = np.random.default_rng(0)
    source, target = rng.normal(0, 1, (9, 2)), rng.normal([1, 0], [1, 3], (5, 2))
    given = source.copy(), target.copy()
    got = answer(*given)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0 or not np.isfinite(got):
        return f"it should be one finite number, it is {got!r}"
    if not (np.array_equal(given[0], source) and np.array_equal(given[1], target)):
        return "the features that were passed in have changed: make new arrays"
    if not np.isclose(got, answer(target, source)):
        return "it should not matter which set is the source: each has its own mean within"
    if not np.isclose(got, answer(10 * source, 10 * target)):
        return "with all features ten times as large it changes: divide each r by s"
    if np.isclose(got, answer(np.repeat(source, 2, axis=0), np.repeat(target, 2, axis=0))):
        return (
            "with every row twice it should change, and does not: a row is not paired with itself, "
            "but with a row that equals it, it is"
        )
    turned = np.array([[0.6, 0.8], [-0.8, 0.6]])
    same = np.isclose(got, answer(source @ turned, target @ turned))
    if same and kernel == "the Laplacian kernel":
        return "turning both sets should change it: r is the sum of the absolute differences"
    if not same and kernel != "the Laplacian kernel":
        return "turning both sets should not change it: r is the Euclidean distance"
    far = float(answer(1e-4 * rng.normal(size=(6, 2)), 7 + 1e-4 * rng.normal(size=(2, 2))))
    expected, once = {
        "the rational quadratic kernel": (1.0, 1.5),
        "the Laplacian kernel": (2 - 2 / np.e, 2 - 1 / np.e),
        "the energy distance": (2.0, 1.0),
    }[kernel]
    if np.isclose(far, -expected, atol=0.01):
        return "two clouds far apart should be above zero: within minus across"
    if np.isclose(far, once, atol=0.01):
        return "twice the mean across is to be subtracted: there are two means within"
    if not np.isclose(far, expected, atol=0.01):
        return (
            "for two narrow clouds far apart r / s is 0 within and 1 across, so yours should be "
            f"{expected:.3f}, and is {far:.3f}: s is over pairs across alone, and each mean is "
            "over as many pairs as are in it"
        )
    small = answer(np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]]))
    value, pair = {
        "the rational quadratic kernel": (-0.32281, "1 / 2"),
        "the Laplacian kernel": (-0.25593, "exp(−1)"),
        "the energy distance": (-0.5, "−1"),
    }[kernel]
    if not np.isclose(small, value, atol=1e-4):
        return (
            "take source rows 0 and 2 and target rows 1 and 5 by hand: s is the median of 1, 1, 3 "
            f"and 5, that is 2, and the source's only pair has k = {pair}"
        )
    return None


def stream_norm(answer, me) -> str | None:
    """05.2: that the past alone counts, and single batches by hand."""
    counted = me.choose("05.2", COUNTED)
    rng = np.random.default_rng(1)
    x, mean, variance = rng.normal(3, 2, (30, 2)), np.array([1.0, -1.0]), np.array([1.0, 4.0])
    given = x.copy(), mean.copy(), variance.copy()
    got = answer(given[0], [10, 5, 15], *given[1:])
    if got is None:
        return NOTHING
    if not all(np.array_equal(a, b) for a, b in zip(given, (x, mean, variance), strict=True)):
        return "an array that was passed in has changed: `+=` does that, write mean = mean + ..."
    if np.shape(got) != x.shape:
        return (
            f"a row for each picture, in order: the shape should be {x.shape}, not {np.shape(got)}"
        )
    other = x.copy()
    other[15:] += 5
    if not np.allclose(
        np.asarray(got)[:15], np.asarray(answer(other, [10, 5, 15], mean, variance))[:15]
    ):
        return "the third batch changes what comes out for the first two, which was before it"
    one = np.ones(1)
    still = np.asarray(answer(np.zeros((4, 1)), [4], 0 * one, 0 * one))
    if not np.allclose(still, 0):
        return "where nothing varies zeros should come out: 1e-3 is added to the variance"

    eta = {"all batches alike": 0.2, "the first batches most": 0.5}.get(counted, 30 / 80)
    out = float(np.asarray(answer(np.full((30, 1), 10.0), [30], 0 * one, one))[0, 0])
    if np.isclose(out, 10, rtol=1e-3):
        return "a batch is normalised as if it had not come: first count it, then normalise"
    if np.isclose(out, (10 - 10 * eta) / np.sqrt(1 - eta), rtol=1e-2):
        return (
            "thirty pictures of 10 come to a mean of 0 and a variance of 1: two clouds that far "
            "apart vary by much more than 1 together, yours by less"
        )
    if abs(out) < 1e-6:
        return "the batch alone counts: what was stored keeps a weight of 1 − η"
    spread = np.sqrt(1 - eta + 100 * eta * (1 - eta))
    if not np.isclose(out, (10 - 10 * eta) / spread, rtol=2e-3):
        return (
            "thirty pictures of 10 come first, to a mean of 0 and a variance of 1: with η = "
            f"{eta:g} the mean becomes {10 * eta:g} and the variance {spread**2:g}"
        )

    eta = {"all batches alike": 0.2, "the first batches most": 0.5}.get(counted, 2 / 52)
    out = float(np.asarray(answer(np.array([[-1.0], [3.0]]), [2], one, one))[1, 0])
    if np.isclose(out, 2 / np.sqrt(1 + 7 * eta), rtol=2e-3):
        return "a batch's variance is divided by how many pictures it has, yours by one less"
    if not np.isclose(out, 2 / np.sqrt(1 + 3 * eta), rtol=2e-3):
        return "of two pictures, −1 and 3, the variance about their own mean is 4: weigh it by η"

    first, second, said = {
        "all batches alike": (0.2, 0.2, "0.2, as the first did"),
        "the first batches most": (0.5, 0.4, "0.5 · 0.8"),
        "by how many pictures there were": (3 / 8, 1 / 9, "10 / (50 + 40)"),
    }[counted]
    two = np.concatenate([np.zeros((30, 1)), np.full((10, 1), 10.0)])
    out = float(np.asarray(answer(two, [30, 10], 0 * one, one))[-1, 0])
    spread = np.sqrt((1 - second) * (1 - first) + 100 * second * (1 - second))
    if not np.isclose(out, (10 - 10 * second) / spread, rtol=2e-3):
        return (
            f"after a batch of 30 pictures, one of 10 should count η = {said}, and move the "
            "statistics as the first batch has left them"
        )
    return None


def shares_there(answer, me) -> str | None:
    """05.3: a target made of home's own answers, and small examples by hand."""
    summed = me.choose("05.3", SUMMED)
    home = np.array([0.8, 0.15, 0.05, 0.3, 0.6, 0.1, 0.7, 0.1, 0.2])  # of class 0
    home = np.append(home, [0.1, 0.85, 0.05, 0.1, 0.3, 0.6, 0.15, 0.8, 0.05])
    home = np.append(home, [0.1, 0.2, 0.7, 0.05, 0.15, 0.8, 0.1, 0.6, 0.3]).reshape(9, 3)
    y, of = np.repeat([0, 1, 2], 3), np.array([1, 2, 7])  # how often each class is there
    there = np.repeat(home, of[y], axis=0)
    given = home.copy(), y.copy(), there.copy()
    got = answer(*given)
    if got is None:
        return NOTHING
    if not all(np.array_equal(a, b) for a, b in zip(given, (home, y, there), strict=True)):
        return "an array that was passed in has changed: make a new one"
    if np.shape(got) != (3,):
        return f"three classes: the shape should be (3,), it is {np.shape(got)}"
    got = np.asarray(got, float)
    if not np.isclose(got.sum(), 1):
        return f"shares sum to 1, yours to {got.sum():.3f}"
    said = np.bincount(there.argmax(1), minlength=3) / len(there)
    if np.allclose(got, said) or np.allclose(got, there.mean(0)):
        return "that is how common a class is in the answers: it counts the mistakes in"
    often = of[::-1][y]
    if not np.allclose(got, answer(np.repeat(home, often, 0), np.repeat(y, often), there)):
        return (
            "it should not matter how common a class is at home: what is it that the classifier "
            "says of pictures of one class, on average?"
        )
    if not np.allclose(got, of / 10, atol=1e-3):
        return (
            "a target in which each class gets home's very answers, in shares of 0.1, 0.2 and 0.7: "
            f"these should come back, yours are {np.round(got, 3)}"
        )

    two, labels = np.array([[0.75, 0.25], [0.25, 0.75]]), np.array([0, 1])
    got = np.asarray(answer(two, labels, np.array([[2 / 3, 1 / 3]])), float)
    if summed == "by its squares":
        if np.isclose(got[0], 5 / 6, atol=1e-3):
            return "the probabilities count as they are so far: square them, in both domains"
        if np.isclose(got[0], 1, atol=1e-3):
            return "an answer of 2/3 counts like a sure one: yours keeps how sure it is"
        if not np.isclose(got[0], 7 / 8, atol=1e-3):
            return (
                "of an answer 3/4, 1/4 the squares over their sum are 0.9 and 0.1, answer by answer"
            )
    elif not np.isclose(got[0], 1, atol=1e-3):
        return "in yours only the order of the classes in an answer counts, not the probabilities"
    swapped = there.copy()
    swapped[there[:, 2] == 0.7] = [0.2, 0.1, 0.7]
    same = np.allclose(answer(home, y, there), answer(home, y, swapped))
    if same and summed == "by its two likeliest classes":
        return "which class comes second should count in yours"
    if not same and summed == "by the likeliest class":
        return "which class comes second should not count in yours"

    odd = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])
    odd, labels = np.concatenate([odd, odd[:, ::-1]]), np.repeat([0, 1], 4)
    got = np.asarray(answer(odd, labels, np.array([[0.95, 0.05]])), float)
    if not np.allclose(got, [1, 0], atol=1e-3):
        return (
            "where the target is surer than home, a weight comes out below 0: make it 0 first, "
            f"then divide by the sum; one of two classes is all there is, yours are {got.round(3)}"
        )
    try:
        got = np.asarray(answer(home[:6], y[:6], there[:9]), float)
    except np.linalg.LinAlgError:
        got = np.full(3, np.nan)
    if np.shape(got) != (3,) or not np.isfinite(got).all() or got[2] != 0:
        return "a class without labelled pictures has no mean: leave its column out, its share is 0"
    if not np.allclose(got, [1 / 3, 2 / 3, 0], atol=1e-3):
        return "with a class that has no labels, the others should still be found by least squares"
    return None


def chosen(answer, me) -> str | None:
    """05.4: that it can be."""
    if not isinstance(answer, dict) or set(answer) != {"repair", "discrepancy", "accuracy"}:
        return "`chosen` should be a dict with repair, discrepancy and accuracy"
    if any(value is None for value in answer.values()):
        return "put your way and your two numbers in place of None"
    if answer["repair"] not in ("none", "statistics", "shares"):
        return 'the repair should be "none", "statistics" or "shares"'
    if not 0 <= answer["accuracy"] <= 1:
        return "the accuracy should be from 0 to 1"
    if abs(answer["accuracy"] * 600 - round(answer["accuracy"] * 600)) > 1e-6:
        return "that is no share of 600 pictures"
    if answer["repair"] == "none":
        return "something has changed there: one of the other two should leave less of it than none"
    if abs(answer["discrepancy"]) > 0.05:
        return (
            "the right way leaves next to nothing of the discrepancy, a few hundredths at most: "
            "see that both sets are normalised, and home's rows are of the classes you mean"
        )
    if answer["accuracy"] < 0.6:
        return "repaired, more than three of five should be right: see which statistics are used"
    return None


CHECKS = {
    "05.1": discrepancy,
    "05.2": stream_norm,
    "05.3": shares_there,
    "05.4": chosen,
}
