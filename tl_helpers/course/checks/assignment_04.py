"""Assignment 04: two scores before training, how well they order networks, and a choice."""

import numpy as np

from . import NOTHING

OPINIONS = ["the most probable label", "the two most probable labels", "the square roots"]
SPREADS = ["of each class and feature", "of each class", "of each feature"]
WEIGHTS = ["the difference", "the rank of the better", "the lead of the better"]


def fair_score(answer, me) -> str | None:
    """04.1: what labels at random get, two pictures by hand, and what must not matter."""
    rng = np.random.default_rng(1)
    p = np.exp(12 * rng.normal(size=(60, 150)))
    p, y = p / p.sum(1, keepdims=True), rng.integers(0, 3, 60)
    given, got = p.copy(), answer(p, y, 3)
    if got is None:
        return NOTHING
    if not np.array_equal(given, p):
        return "the probabilities that were passed in have changed: make a new array"
    if np.ndim(got) != 0:
        return f"the score is one number, yours has the shape {np.shape(got)}"
    if not np.isfinite(got):
        return "the score should be finite: with the 1 in P no likelihood is 0"
    if got > 0:
        return "a mean of logarithms of probabilities is at most 0"
    if got > -1.02:
        return (
            f"three classes, labels at random: guessing gets −ln 3 = −1.10, and yours {got:.2f}. "
            "Does each picture still count itself, in C or in its sum over the classes?"
        )
    if got < -1.25:
        return (
            f"three classes, labels at random: guessing gets −ln 3 = −1.10, and yours {got:.2f}, "
            "much less. Are the P of all classes 1 together, and the logarithms natural ones?"
        )
    alone = answer(np.array([[0.7, 0.2, 0.1]]), np.array([0]), 4)
    if not np.isclose(alone, -np.log(4)):
        return (
            "one picture has no others: then all four classes are as likely, and the score is "
            f"−ln 4 = −1.39, not {alone:.2f}. (An opinion sums to 1.)"
        )
    return _two_by_hand(answer, me) or _does_not_matter(answer)


def _two_by_hand(answer, me) -> str | None:
    row, right = {
        "the most probable label": ([0.6, 0.3, 0.1], 2 / 3),
        "the two most probable labels": ([0.6, 0.3, 0.1], 2 / 3 * 5 / 8 + 1 / 3 * 4 / 7),
        "the square roots": ([0.8, 0.2], 2 / 3 * 5 / 8 + 1 / 3 * 4 / 7),
    }[me.choose("04.1", OPINIONS)]
    got = answer(np.array([row, row]), np.array([1, 1]), 2)
    if not np.isclose(got, np.log(right)):
        return (
            f"two pictures of one class, {row} for both, two classes: each has a likelihood of "
            f"{right:.4f}, and the score is {np.log(right):.4f}, not {got:.4f}. Look at your "
            "opinion, then at C and P"
        )
    got = answer(np.array([[1.0, 0.0]] * 3), np.array([0, 0, 1]), 2)
    if not np.isclose(got, -4 / 3 * np.log(2)):
        return (
            "three pictures of the classes 0, 0 and 1, all surely of one source label: their "
            "likelihoods are 1/2, 1/2 and 1/4, and the mean of the logarithms is −0.9242, "
            f"not {got:.4f}"
        )
    return None


def _does_not_matter(answer) -> str | None:
    rng = np.random.default_rng(2)
    y = np.arange(40) % 4
    p = np.exp(2 * rng.normal(size=(4, 9))[y] + rng.normal(size=(40, 9)))
    p /= p.sum(1, keepdims=True)
    got, order = answer(p, y, 4), rng.permutation(40)
    if not np.isclose(got, answer(p[order], y[order], 4)):
        return "the order of the pictures should not matter"
    if not np.isclose(got, answer(p[:, rng.permutation(9)], y, 4)):
        return "the order of the source labels should not matter"
    if not answer(p, y, 6) < got - 1e-3:
        return "with two more classes, without pictures, each P is smaller: see where `classes` is"
    if answer(p, rng.permutation(y), 4) > got:
        return "shuffled labels should get less than these, of which the source's say something"
    return None


def overlap_score(answer, me) -> str | None:
    """04.2: bells that are the same, far apart or alone, and which variance."""
    rng = np.random.default_rng(4)
    cloud = rng.normal(size=(10, 3)) * [0.5, 1, 3]
    y = np.repeat([0, 1, 2], 10)
    got = answer(np.vstack([cloud] * 3), y)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"the score is one number, yours has the shape {np.shape(got)}"
    if not np.isclose(got, -3):
        return (
            "three classes with the same pictures: D is 0 for each of the three pairs, each "
            f"overlaps by 1, and the score is −3, not {got:.4f}"
        )
    apart = np.vstack([cloud, cloud + 40, cloud - 40])
    if not np.isclose(answer(apart, y), 0, atol=1e-6):
        return "classes that lie far apart do not overlap: the score should be near 0"
    one = answer(np.array([[0.0], [1.0]]), np.array([0, 1]))
    if not np.isclose(one, -np.exp(-1.25)):
        return (
            "two classes with a picture each, one feature, 0 and 1: both variances are 0.1, so D "
            f"is 1 / 0.8 = 1.25 and the score −exp(−1.25) = {-np.exp(-1.25):.4f}, not {one:.4f}"
        )
    some = np.vstack([cloud, 0.3 * cloud + 1, 2 * cloud[:4] - 1])
    y = np.repeat([0, 1, 2], [10, 10, 4])
    got, order = answer(some, y), rng.permutation(24)
    if not np.isclose(answer(some, np.array([0, 2, 5])[y]), got):
        return "labels 0, 2 and 5 are three classes; those without pictures have no bell"
    if not np.isclose(answer(some[order], y[order]), got):
        return "the order of the pictures should not matter"
    if not np.isclose(answer(some + 7, y), got):
        return "the same number added to all features should change nothing"
    return _spread(answer, me, some, y, got)


def _spread(answer, me, some, y, got) -> str | None:
    """Which variances count, by what leaves the score as it is; and their size."""
    spread = me.choose("04.2", SPREADS)
    rows = np.array([-1.0, 1.0])[:, None]
    narrow_and_wide = answer(np.vstack([rows, 3 * rows]), np.array([0, 0, 1, 1]))
    alike = np.isclose(narrow_and_wide, -1)
    if alike != (spread == "of each feature"):
        told = "have two, and D is not 0" if alike else "have the same variance then, and D is 0"
        return f"yours has a variance {spread}: a narrow class and a wide one, of one mean, {told}"
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    turned = np.isclose(answer(some @ turn, y), got)
    if turned != (spread == "of each class"):
        told = "change, since they are others then" if turned else "stay as it is"
        return f"yours has a variance {spread}: with the features turned, the score should {told}"
    if spread == "of each feature":
        three = answer(np.array([[0.0], [2.0], [3.0]]), np.array([0, 0, 1]))
        if not np.isclose(three, -np.exp(-4 / 8 / (2 / 3 + 0.1))):
            return (
                "class 0 at 0 and 2, class 1 at 3, one feature: the squared distances to their "
                "class's mean are 1, 1 and 0, so the variance is 2/3 + 0.1"
            )
    elif not np.isclose(narrow_and_wide, -np.sqrt(np.sqrt(1.1 * 9.1) / 5.1)):
        return (
            "one class at −1 and 1, one at −3 and 3, one feature: the variances are 1.1 and 9.1, "
            f"D is ½ ln(5.1 / √(1.1 · 9.1)), and the score {-np.sqrt(np.sqrt(10.01) / 5.1):.4f}, "
            f"not {narrow_and_wide:.4f}"
        )
    return None


def agreement(answer, me) -> str | None:
    """04.3: the ends, what is left out, ties, and which pairs weigh more."""
    a = np.array([0.5, 0.9, 0.62, 0.71, 0.83])
    got = answer(a**3, a, 0.01)
    if got is None:
        return NOTHING
    if np.ndim(got) != 0:
        return f"the agreement is one number, yours has the shape {np.shape(got)}"
    if not np.isclose(got, 1):
        return f"scores in the order of the accuracies should give 1, not {got:.4f}"
    if not np.isclose(answer(-a, a, 0.01), -1):
        return "scores in the reverse order should give −1"
    if not np.isclose(answer(np.ones(5), a, 0.01), 0):
        return "with all scores equal no pair is in an order: 0"
    with np.errstate(all="ignore"):
        none = answer(a, a, 0.5), answer(np.ones(1), np.ones(1), 0.0)
    if not np.array_equal(none, (0, 0)):
        return "where all pairs are left out, or there is one network alone, it should be 0"
    close = np.array([0.5, 0.7, 0.9, 0.91])
    if not np.isclose(answer(np.array([1.0, 2, 4, 3]), close, 0.05), 1):
        return "accuracies of 0.90 and 0.91, `unsure` 0.05: their wrong order should not count"
    if not np.isclose(answer(np.array([1.0, 2, 3, 3]), close, 0.05), 1):
        return "a pair with equal scores that is left out should not count either"
    if answer(np.array([1.0, 2, 4, 3]), close, 0.005) > 0.9999:
        return "0.90 and 0.91 are more than 0.005 apart: with that `unsure` they should count"
    tied = answer(np.array([1.0, 2, 3, 3]), np.array([0.5, 0.6, 0.7, 0.9]), 0.01)
    if np.isclose(tied, 1):
        return "a pair of equal scores is in neither order, but its weight belongs to all weights"
    return _weights(answer, me)


def _weights(answer, me) -> str | None:
    """Which of two mistakes is worse, and how much, by hand."""
    weight = me.choose("04.3", WEIGHTS)
    a = np.array([0.4, 0.5, 0.7, 0.9])
    low, high = (answer(np.array(s), a, 0.01) for s in ([2.0, 1, 3, 4], [1.0, 2, 4, 3]))
    right = {
        "the difference": ((1 - 0.2 / 1.7, 1 - 0.4 / 1.7), "0.1 or 0.2, of 1.7 in all"),
        "the rank of the better": ((1 - 2 / 13, 1 - 6 / 13), "1/3 or 1, of 13/3 in all"),
        "the lead of the better": ((1.0, 1 - 0.55 / 0.975), "0 or 0.275, of 0.975 in all"),
    }[weight]
    if not np.allclose((low, high), right[0]):
        return (
            "accuracies 0.4, 0.5, 0.7, 0.9, and scores in their order but for the two lowest, or "
            f"but for the two highest: in yours the wrong pair weighs {right[1]}, so it is "
            f"{right[0][0]:.4f} or {right[0][1]:.4f}, not {low:.4f} or {high:.4f}"
        )
    return None


def chosen(answer, me) -> str | None:
    """04.4: that it can be, and that its parts go together."""
    names = ("score", "network", "lost", "interval", "verdict")
    if not isinstance(answer, dict) or set(answer) != set(names):
        return f"`chosen` should be a dict with {', '.join(names)}"
    empty = [name for name in names if answer[name] is None]
    if empty:
        return f"there is None for: {', '.join(empty)}"
    if answer["score"] not in ("labels", "features"):
        return 'the score is "labels" or "features"'
    if answer["network"] not in range(8):
        return "the network is a whole number from 0 to 7"
    if answer["verdict"] not in ("helps", "hurts", "cannot tell"):
        return 'the verdict is "helps", "hurts" or "cannot tell"'
    if not 0 <= answer["lost"] < 0.6:
        return "`lost` is a share from 0 to 1: the best network's mean minus that of yours"
    if np.shape(answer["interval"]) != (2,) or not answer["interval"][0] < answer["interval"][1]:
        return "the interval should be two numbers, the lower one first"
    low, high = answer["interval"]
    if high - low > 0.13:
        return (
            "the interval is wider than it should be: take five differences, draw by draw, and "
            "then their standard deviation"
        )
    verdict = "helps" if low > 0 else "hurts" if high < 0 else "cannot tell"
    if answer["verdict"] != verdict:
        return "the verdict does not go with your interval"
    return None


CHECKS = {"04.1": fair_score, "04.2": overlap_score, "04.3": agreement, "04.4": chosen}
