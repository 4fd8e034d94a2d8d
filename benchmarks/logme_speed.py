"""LogME for all classes at once, against the loop over classes of the paper's algorithm.

The loop is You et al. 2021, algorithm 1, as its authors run it: one singular value decomposition of
the features, then for each class a projection and an iteration of its own.

python benchmarks/logme_speed.py
"""

import time

import numpy as np
from _report import report, spread

from tl_helpers.evaluate import logme
from tl_helpers.evaluate.logme import CLOSE, STEPS

PICTURES, FEATURES, CLASSES, ROUNDS = 5000, 1000, 100, 5


def loop(f, y):
    """A class at a time."""
    n, d = f.shape
    u, s, _ = np.linalg.svd(f, full_matrices=False)
    squares, found = s**2, []
    for label in np.unique(y):
        target = (y == label).astype(np.float64)
        z = u.T @ target
        unseen = target @ target - z @ z
        alpha = beta = 1.0
        for _ in range(STEPS):
            precision = alpha + beta * squares
            gamma = (beta * squares / precision).sum()
            weights2 = (beta**2 * squares * z**2 / precision**2).sum()
            residual2 = (alpha**2 * z**2 / precision**2).sum() + unseen
            before = alpha / beta
            alpha, beta = gamma / weights2, (n - gamma) / residual2
            if abs(alpha / beta - before) <= CLOSE * before:
                break
        precision = alpha + beta * squares
        weights2 = (beta**2 * squares * z**2 / precision**2).sum()
        residual2 = (alpha**2 * z**2 / precision**2).sum() + unseen
        evidence = n * np.log(beta) + d * np.log(alpha) - n * np.log(2 * np.pi)
        evidence -= np.log(precision).sum() + beta * residual2 + alpha * weights2
        found.append(evidence / 2 / n)
    return float(np.mean(found))


def main():
    """Time both by turns."""
    rng = np.random.default_rng(0)
    y = np.arange(PICTURES) % CLASSES
    means = 0.3 * rng.normal(size=(CLASSES, FEATURES))
    f = np.maximum(rng.normal(size=(PICTURES, FEATURES)) + means[y], 0)  # after a ReLU
    seconds, scores = {"loop": [], "at_once": []}, {}
    for _ in range(ROUNDS):
        for way, score in {"loop": loop, "at_once": logme}.items():
            start = time.perf_counter()
            scores[way] = score(f, y)
            seconds[way].append(time.perf_counter() - start)
    ratios = [a / b for a, b in zip(seconds["loop"], seconds["at_once"], strict=True)]
    report(
        __file__,
        size={"pictures": PICTURES, "features": FEATURES, "classes": CLASSES},
        seconds={way: spread(s) for way, s in seconds.items()},
        times_faster=spread(ratios),
        scores={way: round(s, 6) for way, s in scores.items()},
    )


if __name__ == "__main__":
    main()
