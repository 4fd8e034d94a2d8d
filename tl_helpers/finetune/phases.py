"""Training through the phases of a recipe, once for each rate that is tried."""

from collections.abc import Callable

import keras
import pandas as pd

from ..data.dataset import Dataset
from ..session import smoke
from ..session.progress import Progress
from .batches import Batches
from .compiled import compile_for, warm_cosine
from .freezing import freeze_to
from .live import Live
from .prefix import cached, cut_below

PREDICT = 100  # pictures a batch, as in tl.evaluate.accuracy


class Phases:
    """The phases of `fine_tune`; what one rate traces or computes once serves the others.

    plan: of each phase the lowest stage that trains, and for how many epochs.
    optimizer: gives a new one for a schedule of rates.
    The rest as in `fine_tune`.
    """

    def __init__(
        self,
        model: keras.Model,
        data: Dataset,
        plan: list[tuple[str, int]],
        optimizer: Callable,
        batch_norm: bool | None,
        augment,
        views: int,
        seed: int,
        *,
        batch_size: int,
        patience: int | None,
        verbose,
    ):
        self._model, self._data, self._plan, self._optimizer = model, data, plan, optimizer
        self._batch_norm, self._augment, self._views, self._seed = batch_norm, augment, views, seed
        self._batch_size, self._patience, self._verbose = batch_size, patience, verbose
        self._made: dict[int, tuple] = {}  # phase -> the frozen part or None, and what trains
        self._optimizers: dict[int, keras.Optimizer] = {}
        self.steps = 0  # an epoch, of every phase
        self.end_whole = False  # whether the last phase trained the model itself, not a part of it

    def train(self, peak: float, told: Progress) -> tuple[pd.DataFrame, float]:
        """Train from where the model stands; the log, a row an epoch, and accuracy on val, 0..1."""
        earlier, logs = None, []
        for phase, (stage, epochs) in enumerate(self._plan):
            freeze_to(self._model, stage, self._batch_norm)
            first = phase not in self._made
            if first:
                self._made[phase] = cut_below(self._model, stage) or (None, self._model)
            prefix, trained = self._made[phase]
            train, val, augment = self._data.train, self._data.val, self._augment
            seed = self._seed + phase
            if prefix:
                train, augment = cached(prefix, train, augment, min(self._views, epochs), seed)
                val, _ = cached(prefix, val)
            batches = Batches(train, self._batch_size, augment, seed)
            self.steps = len(batches)
            # A traced step serves all rates, unless it has what another one left behind in it: how
            # long an earlier phase was (which stopping early decides), or the scale of the loss.
            if first or self._patience or trained.optimizer is not self._optimizers[phase]:
                self._optimizers[phase] = self._optimizer(warm_cosine(epochs * self.steps, 1.0))
                compile_for(trained, self._optimizers[phase])
            optimizer = self._optimizers[phase]
            optimizer.begin(peak)
            if earlier:
                optimizer.take_over(earlier)
            earlier = optimizer
            log = trained.fit(batches, shuffle=False, **self._fitting(epochs, val)).history
            logs.append(pd.DataFrame({"stage": stage, **log}))
            if told.stop and told.alone:
                break
        self.end_whole = trained is self._model
        # predict, not evaluate: the caller's accuracy on test pictures reuses what it compiles.
        prediction = trained.predict(val.x, batch_size=PREDICT, verbose=0)  # (n, classes)
        accuracy = float((prediction.argmax(1) == val.y).mean())
        return pd.concat(logs, ignore_index=True), accuracy

    def _fitting(self, epochs, val) -> dict:
        """What `fit` is told besides its batches."""
        once = {"epochs": 1, "steps_per_epoch": 1} if smoke() else {"epochs": epochs}
        told = {"verbose": self._verbose, "callbacks": [Live()], **once}
        if self._patience:
            stop = keras.callbacks.EarlyStopping(patience=self._patience, restore_best_weights=True)
            told["callbacks"].append(stop)
            told |= {"validation_data": (val.x, val.y), "validation_batch_size": PREDICT}
        return told
