"""Run conditions side by side over seeds."""

import time
from collections.abc import Callable, Iterable, Mapping
from numbers import Real

import pandas as pd
from tqdm.auto import tqdm

from ..data.dataset import Split
from ..session import base_seed, smoke, tidy


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
        progress: show a bar with the time left.

    Returns:
        A tidy table: condition, seed, the metrics, and seconds.
    """
    if not conditions:
        raise ValueError("compare() needs at least one condition: {'scratch': function, ...}")
    seeds = list(range(seeds) if isinstance(seeds, int) else seeds)
    if not seeds:
        raise ValueError("compare() needs at least one seed, and a claim at least three")
    if smoke():
        seeds = seeds[:2]
    rows = []
    # Seeds outside, conditions inside: if you stop early, what is there is still paired.
    runs = [(base_seed() + seed, name) for seed in seeds for name in conditions]
    for seed, name in tqdm(runs, desc="runs", disable=not progress, leave=False):
        start = time.perf_counter()
        metrics = conditions[name](seed)
        seconds = time.perf_counter() - start
        if seconds > 1:  # it takes a third of one, and a quick run has trained nothing
            tidy()
        rows.append({"condition": name, "seed": seed, **_checked(name, metrics)})
        rows[-1]["seconds"] = round(seconds, 2)
    return pd.DataFrame(rows)


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
