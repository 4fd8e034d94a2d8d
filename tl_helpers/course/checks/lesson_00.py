"""Lesson 00: prepare as in pretraining, the size of a head, a fair gap."""

import numpy as np

from . import NOTHING
from .hints import FIXED, misfit, numbers, usual


def prepare(answer) -> str | None:
    """00.a: bring pictures of 0 to 255 to the -1 to 1 of pretraining."""
    # The second is a grey one: an answer that stretches what it is given is right on the first.
    for values in ([0, 51, 255], [30, 51, 90]):
        x = np.array(values, np.uint8).reshape(1, 1, 1, 3)
        got = answer(x.copy())
        if got is None:
            return NOTHING
        if hint := misfit(got, x.shape):
            return hint
        got = np.asarray(got)
        if got.dtype.kind != "f":
            return f"the result should be floating-point numbers, it is {got.dtype}"
        # float16 is within this tolerance; dividing by 128 is not (255 becomes 0.992).
        if np.allclose(got, x / 127.5 - 1, rtol=0, atol=0.002):
            continue
        wraps = "uint8 numbers wrap around beyond 0 and 255: turn them into floats first"
        own = "the same grey should become the same number in every picture: use no picture's own"
        low, high = x.min().astype(float), x.max().astype(float)
        mistakes = [
            (
                "that is 0 to 1, the habit of many tutorials; this network was shown -1 to 1",
                x / 255,
            ),
            ("nearly: 255 becomes 0.992, and should become 1. What is half of 255?", x / 128 - 1),
            ("nearly: 0 and 255 should become just -1 and 1. What is half of 255?", x / 127 - 1),
            ("that is 0 to 2: as wide as it should be, but its middle is not 0", x / 127.5),
            (
                "that is -0.5 to 0.5: the middle is right, but it should be twice as wide",
                x / 255 - 0.5,
            ),
            ("that is -1 to 0: it should be twice as wide", x / 255 - 1.0),
            ("that is upside down: black, 0, should become -1", 1 - x / 127.5),
            ("the middle is right; now make it narrower, from -1 to 1", x - 127.5),
            (f"{own} mean and deviation", (x - x.mean()) / x.std()),
            (f"{own} smallest and largest", (x - low) / (high - low) * 2 - 1),
            (f"{own} smallest and largest", (x - low) / (high - low)),
            (f"{own} largest", x / high * 2 - 1),
            (wraps, x * np.uint8(2) / 255 - 1),
            (wraps, (x - np.uint8(128)) / 128),
            (wraps, (x - np.uint8(128)) / 127.5),
            (wraps, (x - np.uint8(127)) / 127.5),
            (wraps, (x - np.uint8(127)) / 128),
        ]
        shown = got.ravel().round(3).tolist()
        return usual(got, mistakes, rtol=0, atol=0.002) or (
            "0 should become -1 and 255 should become 1, in a straight line between; "
            f"{values} became {shown}"
        )
    return None


def head_parameters(answer) -> str | None:
    """00.b: the number of parameters of a dense head."""
    for features, classes in ((256, 10), (7, 3)):
        got = answer(features=features, classes=classes)
        if got is None:
            return NOTHING
        if hint := misfit(got, ()):
            return hint
        weights = features * classes
        if got == weights + classes:
            continue
        mistakes = [
            ("you have the weights; each class also has one bias", weights),
            ("one bias for each class, not one for each feature", weights + features),
            ("that is one bias in all: each class has one of its own", weights + 1),
            (
                "that is a bias for each feature, too: only the classes have one",
                weights + features + classes,
            ),
            (
                "that is a bias for each feature, too: only the classes have one",
                (features + 1) * (classes + 1),
            ),
            (
                "each class has a weight for each feature: that is more than their sum",
                features + classes,
            ),
            (FIXED, 2570),
        ]
        return usual(got, mistakes, rtol=0) or (
            "a weight for every pair of feature and class, and a bias for every class"
        )
    return None


def fair_gap(answer) -> str | None:
    """00.c: the mean paired difference in points."""
    # Gaps of -3, 10.5 and 30: their mean is neither their median nor the mean of their sizes.
    tuned, scratch = {0: 0.50, 1: 0.605, 2: 0.70}, {2: 0.40, 0: 0.53, 1: 0.50}
    got = answer(dict(tuned), dict(scratch))
    if got is None:
        return NOTHING
    single = numbers(list(got.values()) if isinstance(got, dict) else got)
    if single is not None and single.shape == (3,):
        return "that is one gap for each seed; one number is asked for, the mean of these gaps"
    if hint := misfit(got, ()):
        return hint
    pairs = np.array([[tuned[s], scratch[s]] for s in tuned])
    gaps = 100 * (pairs[:, 0] - pairs[:, 1])
    mean = gaps.mean()
    median = "that is the median, the gap in the middle; the exercise asks for the mean"
    sizes = "that drops the signs: where scratch is better, the gap is negative and stays so"
    relative = "that is in percent of scratch; a point is a hundredth, whatever scratch reaches"
    one = "that is the gap of one seed; take the mean over all that both have"
    mistakes = [
        ("that is a fraction of 1; the question asks for points, hundredths", mean / 100),
        ("the sign is turned: a positive gap should mean that fine-tuning is better", -mean),
        (median, np.median(gaps)),
        (median, np.median(gaps) / 100),
        (median, 100 * (np.median(pairs[:, 0]) - np.median(pairs[:, 1]))),
        (sizes, abs(gaps).mean()),
        (sizes, abs(gaps).mean() / 100),
        ("that is the sum of the gaps; the mean is wanted", gaps.sum()),
        ("that is the sum of the gaps; the mean is wanted, in points", gaps.sum() / 100),
        ("the mean divides by the number of seeds, not by one less", gaps.sum() / 2),
        ("that compares the best seed of each; every seed counts", 100 * np.ptp(pairs.max(0))),
        *((one, gap) for gap in gaps),
        (relative, 100 * (pairs[:, 0] / pairs[:, 1] - 1).mean()),
        (relative, 100 * (pairs[:, 0].mean() / pairs[:, 1].mean() - 1)),
        ("nearly: do not round to whole points", np.floor(mean)),
        ("nearly: do not round to whole points", np.ceil(mean)),
    ]
    if abs(got - mean) > 1e-3:
        return usual(got, mistakes) or (
            "for each seed fine-tuned minus from scratch, in points; then the mean of these gaps"
        )
    for more in (({3: 0.9, **tuned}, dict(scratch)), (dict(tuned), {3: 0.1, **scratch})):
        try:
            got = answer(*more)
        except (KeyError, IndexError, ValueError):  # looks for the partner, or pairs by place
            got = np.nan
        if misfit(got, ()) or abs(got - mean) > 1e-3:
            return "a seed that only one of the two has cannot be paired: leave it out"
    got = answer({5: 0.5}, {5: 0.3})
    return FIXED if misfit(got, ()) or abs(got - 20) > 1e-3 else None


CHECKS = {"00.a": prepare, "00.b": head_parameters, "00.c": fair_gap}
