"""How far long training is, for whoever watches it, and whether they asked it to stop."""

import importlib
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tqdm import tqdm

__all__ = ["Piece", "Progress", "Stopped", "begin_alone", "current", "part", "watched"]


class Stopped(Exception):
    """Training ends because whoever watches it asked for that."""

    def _render_traceback_(self):
        """In a notebook: what it says, without the way through the library."""
        return [f"Stopped: {self}"]


@dataclass
class Piece:
    """The part of a run's learning curve that one fit drew."""

    metric: str = "loss"
    values: list[float] = field(default_factory=list)


class Progress:
    """A row of runs, and how far each is. This one tells nobody; what shows it derives from it.

    runs: what each of them is, in their order; runs of one name take about as long.
    within: a row that this one is a part of; who stops that one stops this.
    """

    def __init__(self, runs: Sequence[str], within: "Progress | None" = None):
        self.runs = list(runs)
        self.took: list[float] = []  # seconds of each run that is done
        self.curves: list[list[Piece]] = []  # of each run
        self.epochs = (0, 0)  # of the run: done, and how many there will be, as far as is known
        self.share = 0.0  # of the epoch that is running
        self.alone = False  # one training, which may end where it is
        self.along = False  # whether a point is a part of an epoch, and not a whole one
        self._within = within
        self._began = time.perf_counter()

    @property
    def stop(self) -> bool:
        """Whether it shall stop."""
        return self._within is not None and self._within.stop

    def begin(self) -> None:
        """The next run begins."""
        self.curves.append([])
        self._began = time.perf_counter()
        self.changed()

    def expect(self, epochs: int) -> None:
        """So many epochs more will come in this run, in one fit or in several."""
        self.epochs = (self.epochs[0], self.epochs[0] + epochs)

    def fit(self, epochs: int) -> None:
        """A fit of so many epochs begins."""
        done, of = self.epochs
        self.epochs = (done, max(of, done + epochs))
        self.curves[-1].append(Piece())
        self.changed()

    def step(self, share: float) -> None:
        """So much of an epoch is done, 0 to 1."""
        self.share = share
        self.changed()

    def fitted(self, logs: dict) -> None:
        """An epoch is done; `logs` are Keras'."""
        self.epochs, self.share = (self.epochs[0] + 1, self.epochs[1]), 0.0
        self.point(logs)

    def point(self, logs: dict) -> None:
        """The curve goes on, where there is something to draw."""
        metric = next((name for name in ("accuracy", "loss") if name in logs), None)
        if metric:
            piece = self.curves[-1][-1]
            piece.metric = metric
            piece.values.append(float(logs[metric]))
        self.changed()

    def end(self) -> None:
        """The run is done."""
        now = time.perf_counter()
        self.took.append(now - self._began)
        self._began, self.epochs, self.share = now, (0, 0), 0.0
        self.changed()

    def left(self) -> float | None:
        """Seconds until all is done: as long as runs of the same name took; None: who knows?"""
        done = len(self.took)
        if done == len(self.runs):
            return 0.0
        spent = time.perf_counter() - self._began
        over = self.epochs[0] + self.share
        if self.took:
            mean = sum(self.took) / done
            by_name: dict[str, list[float]] = {}
            for name, seconds in zip(self.runs, self.took, strict=False):
                by_name.setdefault(name, []).append(seconds)
            each = [by_name.get(name, [mean]) for name in self.runs[done:]]
            expected = [sum(seconds) / len(seconds) for seconds in each]
        elif over:
            expected = [spent * self.epochs[1] / over] * len(self.runs)
        else:
            return None
        return max(expected[0] - spent, 0.0) + sum(expected[1:])

    def changed(self) -> None:
        """Something is new: show it."""

    def close(self) -> None:
        """All is done, or stopped, or has failed."""


class BarProgress(Progress):
    """A line in a terminal."""

    def __init__(self, runs: Sequence[str]):
        super().__init__(runs)
        self._bar = tqdm(total=len(self.runs), desc="runs", leave=False)

    def end(self) -> None:
        """The run is done."""
        super().end()
        self._bar.update()

    def close(self) -> None:
        """Take the line away."""
        self._bar.close()


_current: Progress | None = None


@contextmanager
def watched(runs: Sequence[str] = (), show: bool = True, by: Progress | None = None):
    """Watch a row of runs, each of which counts only when it is complete: what `compare` makes.

    In a notebook a widget shows them, else a line in the terminal; or `by`, if given. Within
    another row that is watched, it is not shown itself.
    """
    global _current
    before = _current
    if by is None:
        by = _new(runs, BarProgress) if show and before is None else Progress(runs, within=before)
    _current = by
    try:
        yield by
    finally:
        _current = before
        by.close()


@contextmanager
def part(name: str, epochs: int):
    """Watch one training: as a part of what is watched already, or by itself, in a notebook.

    Gives what is told of it. Where that says `stop`: a part raises `Stopped`, and its run counts
    for nothing; what is `alone` ends where it is.

    epochs: of all its fits together.
    """
    if _current is not None:
        _current.expect(epochs)
        yield _current
        return
    with watched(by=begin_alone(name)) as told:
        told.expect(epochs)
        yield told
        if not told.stop:
            told.end()


def begin_alone(name: str) -> Progress:
    """One training that is no part of anything, begun; shown in a notebook only."""
    told = _new([name], Progress)
    told.alone = True
    told.begin()
    return told


def current() -> Progress | None:
    """What is watched now, if anything is."""
    return _current


def _new(runs, elsewhere) -> Progress:
    """What shows runs in a notebook, or `elsewhere`."""
    ipython = sys.modules.get("IPython")
    if ipython and getattr(ipython.get_ipython(), "kernel", None):
        # By name: the library below the widgets does without them where there is no page.
        return importlib.import_module("..widgets.training", __package__).WidgetProgress(runs)
    return elsewhere(runs)
