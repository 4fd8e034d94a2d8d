"""A rate is chosen, not given: train at several, and see what validation pictures prefer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import keras

from ..data.dataset import Dataset
from .recipe import Result, fine_tune


@dataclass(frozen=True, eq=False)
class Trial:
    """A model trained at one rate."""

    rate: float | slice
    model: keras.Model
    result: Result


def tune(
    make: Callable[[], keras.Model], data: Dataset, rates: Iterable[float | slice], **recipe
) -> list[Trial]:
    """Fine-tune a new model at each rate; the best by `data.val` comes first.

    The test set is not touched. Rates that do equally well stay in the order given.

    Args:
        make: gives a model from `attach_head` each time it is called, the same each time.
        data: as in `fine_tune`.
        rates: peak rates, as `fine_tune` takes them for `base_lr`.
        recipe: everything else that `fine_tune` takes.

    Raises:
        ValueError: no rates.
    """
    rates = list(rates)
    if not rates:
        raise ValueError("tune() needs at least one rate, such as (2e-3, 2e-2)")
    trials = []
    for rate in rates:
        model = make()
        trials.append(Trial(rate, model, fine_tune(model, data, base_lr=rate, **recipe)))
    return sorted(trials, key=lambda trial: -trial.result.val_accuracy)
