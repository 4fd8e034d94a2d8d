"""Run conditions side by side over seeds."""

import time
from collections.abc import Callable, Iterable, Mapping
from numbers import Real

import pandas as pd

from ..data.dataset import Split
from ..session import base_seed, smoke, tidy
from ..session.progress import Stopped, watched


def accuracy(model, split: Split, batch_size: int = 100) -> float:
    """Share of a split's pictures that a model classifies correctly, 0 to 1.

    Data sets of this course come in hundreds: no last batch is smaller, for which TensorFlow would
    compile `predict` once more.
    """
    if not isinstance(split, Split):
        raise TypeError(
            f"accuracy() takes one split of a data set, such as data.test, not a "
            f"{type(split).__name__}"
        )
    prediction = model.predict(split.x, batch_size=batch_size, verbose=0)  # (n, classes)
    return float((prediction.argmax(-1) == split.y).mean())


def compare(
    conditions: Mapping[str, Callable[[int], Mapping[str, float]]],
    seeds: int | Iterable[int] = 5,
    progress: bool = True,
) -> pd.DataFrame:
    """Run every condition on every seed, paired: seed s means the same data for all of them.

    Args:
        conditions: name -> function of a seed that returns metrics, e.g. {"accuracy": 0.47}.
        seeds: how many, from 0 on, or which. `TL_SEED` is added to each.
        progress: show how far it is: in a notebook with a learning curve, the time left and a
            button to stop, which JupyterLab hears at once; else a bar.

    Returns:
        A tidy table: condition, seed, the metrics, and seconds. Stopped by that button, it has the
        seeds on which every condition was run to its end, and says so.

    Raises:
        Stopped: it was stopped before there was one such seed.
    """
    if not conditions:
        raise ValueError("compare() needs at least one condition: {'scratch': function, ...}")
    seeds = list(range(seeds) if isinstance(seeds, int) else seeds)
    if not seeds:
        raise ValueError("compare() needs at least one seed, and a claim at least three")
    if smoke():
        seeds = seeds[:2]
    rows = []
    # Seeds outside, conditions inside: what is there when it is stopped is still paired.
    runs = [(base_seed() + seed, name) for seed in seeds for name in conditions]
    with watched([name for _, name in runs], progress) as told:
        for seed, name in runs:
            told.begin()
            start = time.perf_counter()
            try:
                metrics = conditions[name](seed)
            except Stopped:
                break
            seconds = time.perf_counter() - start
            if seconds > 1:  # it takes a third of one, and a quick run has trained nothing
                tidy()
            rows.append({"condition": name, "seed": seed, **_checked(name, metrics)})
            rows[-1]["seconds"] = round(seconds, 2)
            told.end()
            if told.stop:
                break
    return pd.DataFrame(rows) if len(rows) == len(runs) else _whole_seeds(rows, len(conditions))


def _whole_seeds(rows, conditions: int) -> pd.DataFrame:
    """The runs of a comparison that was stopped, without a seed that some conditions lack."""
    whole = len(rows) // conditions
    if whole == 0:
        raise Stopped(
            "not every condition has run once, so there is nothing to compare, and the cells below "
            "wait. Run this one again, or with fewer or smaller runs"
        )
    print(f"Stopped: {whole} seed{'s' if whole > 1 else ''} of each condition.")
    return pd.DataFrame(rows[: whole * conditions])


def _checked(name, metrics) -> dict[str, float]:
    if not isinstance(metrics, Mapping) or not metrics:
        raise TypeError(
            f"condition {name!r} must return a dict of metrics like {{'accuracy': 0.5}}, "
            f"it returned {metrics!r}"
        )
    for key, value in metrics.items():
        if not isinstance(value, Real):
            raise TypeError(f"condition {name!r}: metric {key!r} must be a number, got {value!r}")
    return {key: float(value) for key, value in metrics.items()}
