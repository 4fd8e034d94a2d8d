"""Assignment 00: gaps by luck, a head of class centres, a fair control, a claim of your own."""

from numbers import Real

import numpy as np

from . import NOTHING


def by_luck(answer, me) -> str | None:
    """00.1: no gap, gaps all of one sign, and seven gaps of which the shares are known."""
    than = np.array([0.5, 0.4, 0.6])
    got = answer(than.copy(), than.copy())
    if got is None:
        return NOTHING
    if np.ndim(got) != 0 or not np.isreal(got):
        return f"it should be one number, it gives {got!r}"
    if not np.isclose(got, 1):
        return "without any gap every way is as large as the gaps are: the share should be 1"
    better = than + np.array([0.1, 0.2, 0.4])
    got = answer(better.copy(), than.copy())
    if np.isclose(got, 0):
        return "the way that flips none is one of the ways, and as large as itself: never 0"
    if got > 0.5:
        return "where `better` wins on every seed, luck should be rare: gaps are better − than"
    than = np.array([41, 37, 52, 45, 33, 58, 49]) / 100
    better = np.array([46, 39, 49, 56, 39, 67, 45]) / 100
    got = answer(better.copy(), than.copy())
    order = [3, 0, 6, 1, 5, 2, 4]
    if not np.isclose(got, answer(better[order], than[order])):
        return "the order of the seeds should not count"
    if not np.isclose(got * 128, round(float(got) * 128)):
        if np.isclose(got * 127, round(float(got) * 127)):
            return "seven gaps can be flipped in 128 ways, yours are 127: none flipped is one, too"
        return "seven gaps can be flipped in 128 ways: the share should be a whole number of 128ths"
    summary = me.choose("00.1", ["the mean", "the median", "the trimmed mean"])
    shares = {"the mean": 10, "the median": 8, "the trimmed mean": 13}  # of 128
    found = round(float(got) * 128)
    if found == shares[summary]:
        return None
    if found == 2 * shares[summary]:
        return "that counts both sides; only summaries as large as yours count, not as small ones"
    if (summary, found) in (("the mean", 9), ("the trimmed mean", 12)):
        return "rounding loses a way that is as large: count what lies less than 1e-9 below, too"
    others = [name for name, share in shares.items() if share == found]
    if others:
        return f"that could be the share for {others[0]}; yours is {summary}"
    return f"for seven gaps it gives {found} of 128 ways: see what {summary} of each way is"


def head_by_centres(answer, me) -> str | None:
    """00.2: with one feature, kernel and bias say of which centre and spread they were made."""
    centre = me.choose("00.2", ["the median", "the shrunk mean", "the most central picture"])
    x = np.array([[1.0], [2], [9], [10], [12], [18], [20], [42]])
    y = np.array([0, 0, 0, 2, 2, 2, 2, 2])
    given = x.copy()
    got = answer(given, y, 3)
    if got is None:
        return NOTHING
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        return "return two arrays: the kernel, and the bias"
    if not np.array_equal(given, x):
        return "the features that were passed in have changed: make new arrays"
    kernel, bias = (np.asarray(part, float) for part in got)
    if (kernel.shape, bias.shape) != ((1, 3), (3,)):
        return (
            "one feature and three classes: the shapes should be (1, 3) and (3,), "
            f"they are {kernel.shape} and {bias.shape}"
        )
    if bias[1] != -np.inf or kernel[0, 1] != 0:
        return "class 1 has no picture here: its kernel should be 0 and its bias −∞"
    kernel, bias = kernel[0, [0, 2]], bias[[0, 2]]
    if not np.isfinite([kernel, bias]).all() or (kernel <= 0).any():
        return "classes 0 and 2 have pictures with features above 0: their kernels should be, too"
    if (bias >= 0).any():
        return "where a centre is not 0 the bias is below 0: look at the sign of −(x − centre)²"
    # c / v and −c² / 2v say what c and v are.
    c, v = -2 * bias / kernel, -2 * bias / kernel**2
    known = {
        "the median": [2, 18],
        "the shrunk mean": [10.40625, 17.325],
        "the most central picture": [2, 18],
    }[centre]
    if np.allclose(c, 2 * np.array(known), rtol=1e-3):
        return "the bias is twice as large as it should be, beside the kernel: half the sum"
    if not np.allclose(c, known, rtol=1e-3):
        return (
            f"by your kernel and bias the centre of features 1, 2 and 9 is {c[0]:.2f}, that of "
            f"10, 12, 18, 20 and 42 is {c[1]:.2f}: yours is {centre} (the mean of all is 14.25)"
        )
    if not np.isclose(v[0], v[1], rtol=1e-3):
        return "the classes have spreads of their own: one v for a feature, from all pictures"
    squares = (x[:, 0] - np.where(y == 0, *c)) ** 2
    if np.isclose(v[0], np.sqrt(squares.mean()), rtol=1e-2):
        return "v is the mean squared difference itself, not its root"
    if not np.isclose(v[0], squares.mean(), rtol=1e-3):
        return (
            f"by your kernel v is {v[0]:.2f}: take each picture's squared difference to the "
            "centre of its own class, and divide by the number of pictures"
        )
    kernel, _ = answer(np.full((4, 1), 2.0), np.array([0, 1, 1, 1]), 2)
    if not np.allclose(kernel, 2000, rtol=1e-3):
        return "a feature that is 2 in all pictures has v = 0.001, and a kernel of 2 / 0.001"
    x = np.array([[1.0, 9], [2, 1], [6, 3], [10, 24], [18, 15], [12, 16]])
    kernel, _ = answer(x, np.array([0, 0, 0, 1, 1, 1]), 2)
    kernel = np.asarray(kernel, float)
    known = {
        "the median": [2 / 12, 3 / 16],
        "the shrunk mean": [0.61649, 0.62388],
        "the most central picture": [6 / 12, 3 / 16],
    }[centre]
    if not np.allclose(kernel[:, 0] / kernel[:, 1], known, rtol=1e-3):
        if centre == "the most central picture":
            return "with two features the centre is one picture, by Euclidean distances over both"
        return f"with one feature it is right, with two it is not: take {centre} of each by itself"
    return None


def fair_control(answer, me) -> str | None:
    """00.3: test accuracies that say of which rate, epoch and seed they are."""
    validation = np.array(
        [
            [[0.30, 0.72, 0.40], [0.71, 0.60, 0.55], [0.50, 0.50, 0.73], [0.55, 0.55, 0.50]],
            [[0.58, 0.62, 0.60], [0.58, 0.66, 0.626], [0.60, 0.74, 0.64], [0.58, 0.60, 0.62]],
            [[0.80, 0.82, 0.84], [0.85, 0.86, 0.84], [0.90, 0.88, 0.86], [0.20, np.nan, 0.2]],
        ]
    )
    rate, epoch, seed = np.indices(validation.shape)
    # Of the rates without NaN, the first one's last epoch is the best here, and by no other rule.
    test = (100 * np.array([1, 0, 2])[rate] + 10 * epoch + seed) / 1000
    test[2, 3, 1] = np.nan
    given = validation.copy(), test.copy()
    got = answer(*given)
    if got is None:
        return NOTHING
    if not all(np.array_equal(a, b, True) for a, b in zip(given, (validation, test), strict=True)):
        return "the arrays that were passed in have changed: leave them as they are"
    got = np.asarray(got, float)
    if got.shape != (3,):
        return f"three seeds: it should give an array of shape (3,), it gives {got.shape}"
    if np.isnan(got).any():
        return "there is a NaN in what it gives: a rate at which a run diverged cannot be chosen"
    if np.isin(got.round(6), validation.round(6)).all():
        return "these are accuracies on validation pictures: choose by them, report those on test"
    code = np.round(1000 * got).astype(int)
    if not np.allclose(got, code / 1000):
        return "what it gives are no entries of `test`: no means, one entry for each seed"
    rate, epoch, seed = np.array([1, 0, 2])[code // 100], code // 10 % 10, code % 10
    if (seed != np.arange(3)).any():
        return "seed 0's accuracy should come first, then those of seeds 1 and 2"
    if (rate == 2).any():
        return "a run diverged at the third of three rates: it cannot be chosen, good as it began"
    if ((rate == 0) & (epoch == 3)).all():
        return "that is what is best on the test pictures: choose by validation alone"
    chance = me.choose(
        "00.3", ["one training for all seeds", "each seed stops by itself", "no longer than needed"]
    )
    if chance == "each seed stops by itself":
        if (rate != rate[0]).any():
            return "the seeds have different rates: only the number of epochs is each seed's own"
        if rate[0] != 0:
            return "look at the mean of the seeds' best accuracies, at each rate, once more"
        if (epoch == epoch[0]).all():
            return "the seeds all stop together: each stops at its own best epoch"
        right = [1, 0, 2]
    else:
        if (rate != rate[0]).any() or (epoch != epoch[0]).any():
            return "the seeds have different rates or epochs: yours has one choice for all seeds"
        if rate[0] == 0 and chance == "no longer than needed" and epoch[0] == 1:
            return "two rates are good enough after so few epochs: take that with the higher mean"
        if rate[0] != 1:
            return "look at the mean over the seeds, at each rate and epoch, once more"
        right = 2 if chance == "one training for all seeds" else 1
    if (epoch != right).any():
        told = ", ".join(f"{number + 1}" for number in epoch)
        return f"the rate is right; the seeds stop after {told} epochs: look at yours, {chance!r}"
    return None


def found(answer, me) -> str | None:
    """00.4: that it can be, and that the verdict follows from the numbers."""
    names = ("transfer", "control", "luck", "supported")
    if not isinstance(answer, dict) or set(answer) != set(names):
        return f"`found` should be a dict with {', '.join(names)}"
    if any(answer[name] is None for name in names):
        return "put your results in place of None"
    if not isinstance(answer["supported"], (bool, np.bool_)):
        return "`supported` should be True or False"
    for name in names[:3]:
        if not isinstance(answer[name], Real) and np.ndim(answer[name]) != 0:
            return f"`{name}` should be one number"
        if not 0 <= answer[name] <= 1:
            return f"`{name}` should be from 0 to 1"
    transfer, control, luck = (float(answer[name]) for name in names[:3])
    if abs(transfer * 2400 - round(transfer * 2400)) > 1e-6:
        return "`transfer` is no mean of eight shares of 300 pictures"
    if abs(luck * 256 - round(luck * 256)) > 1e-6:
        return "eight seeds have 256 ways: `luck` should be a whole number of 256ths"
    if bool(answer["supported"]) != (transfer - control >= 0.05 and luck <= 0.05):
        return "`supported` does not follow from your three numbers and the rule"
    return None


CHECKS = {"00.1": by_luck, "00.2": head_by_centres, "00.3": fair_control, "00.4": found}
