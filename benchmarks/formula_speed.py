"""How many formula-drawn pictures one core draws in a second, at 32x32.

python benchmarks/formula_speed.py
"""

import os
import time

import numpy as np
from _report import report, spread

from tl_helpers.data import SHIFTS, shift
from tl_helpers.data.formula import draw

PICTURES = 4500


def main():
    """Draw on one core, plainly and with each domain shift."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ids = np.arange(PICTURES) % 450
    draw(ids[:450], np.random.default_rng(0))  # makes the programs
    speeds = {"plain": [], **{kind: [] for kind in SHIFTS}}
    for _ in range(3):
        for kind, values in speeds.items():
            start = time.perf_counter()
            pictures = draw(ids, np.random.default_rng(0))
            if kind != "plain":
                shift(pictures, kind, 0.8)
            values.append(PICTURES / (time.perf_counter() - start))
    report(__file__, pictures_per_second={k: spread(v) for k, v in speeds.items()})


if __name__ == "__main__":
    main()
