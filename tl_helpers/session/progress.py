"""How far long training is, for whoever watches it, and whether they asked it to stop."""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager

from tqdm import tqdm

__all__ = ["Progress", "Stopped", "alone", "current", "part", "shown_by", "watched"]


class Stopped(Exception):
    """Training ends because whoever watches it asked for that."""

    def _render_traceback_(self):
        """In a notebook: what it says, without the way through the library."""
        return [f"Stopped: {self}"]


class Progress:
    """A row of runs, and how far each is. This one tells nobody; what shows it derives from it.

    runs: what each of them is, in their order; runs of one name take about as long.
    """

    def __init__(self, runs: Sequence[str]):
        self.runs = list(runs)
        self.took: list[float] = []  # seconds of each run that is done
        self.metric = "accuracy"
        self.curves: list[list[float | None]] = []  # of each run, a value an epoch; None cuts it
        self.epoch = (0, 0)  # of the fit that is running: done, of
        self.share = 0.0  # of the epoch that is running
        self.along = False  # whether a point of a curve is a part of an epoch, and not a whole one
        self.alone = False  # one training, which may end where it is
        self._began = time.perf_counter()

    @property
    def stop(self) -> bool:
        """Whether it shall stop."""
        return False

    def begin(self) -> None:
        """The next run begins."""
        self.curves.append([])
        self.epoch = (0, 0)
        self._began = time.perf_counter()
        self.changed()

    def fit(self, epochs: int) -> None:
        """A fit of so many epochs begins; a run may have several."""
        self.epoch = (0, epochs)
        if self.curves[-1]:
            self.curves[-1].append(None)

    def step(self, share: float) -> None:
        """So much of an epoch is done, 0 to 1."""
        self.share = share
        self.changed()

    def fitted(self, logs: dict[str, float]) -> None:
        """An epoch is done; `logs` are Keras'."""
        self.epoch, self.share = (self.epoch[0] + 1, self.epoch[1]), 0.0
        self.point(logs)

    def point(self, logs: dict[str, float]) -> None:
        """The curve goes on."""
        self.metric = "accuracy" if "accuracy" in logs else "loss"  # while training
        self.curves[-1].append(float(logs[self.metric]))
        self.changed()

    def end(self) -> None:
        """The run is done."""
        now = time.perf_counter()
        self.took.append(now - self._began)
        self._began, self.epoch, self.share = now, (0, 0), 0.0
        self.changed()

    def left(self) -> float | None:
        """Seconds until all is done: as long as runs of the same name took; None: who knows?"""
        done = len(self.took)
        if done == len(self.runs):
            return 0.0
        spent = time.perf_counter() - self._began
        if self.took:
            mean = sum(self.took) / done
            by_name: dict[str, list[float]] = {}
            for name, seconds in zip(self.runs, self.took, strict=False):
                by_name.setdefault(name, []).append(seconds)
            each = [by_name.get(name, [mean]) for name in self.runs[done:]]
            expected = [sum(seconds) / len(seconds) for seconds in each]
        elif self.epoch[0] + self.share:
            expected = [spent * self.epoch[1] / (self.epoch[0] + self.share)] * len(self.runs)
        else:
            return None
        return max(expected[0] - spent, 0.0) + sum(expected[1:])

    def changed(self) -> None:
        """Something is new: show it."""

    def close(self) -> None:
        """All is done, or stopped, or has failed."""


class Bar(Progress):
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
_in_notebook: Callable[[Sequence[str]], Progress] | None = None


def shown_by(make: Callable[[Sequence[str]], Progress]) -> None:
    """From now on notebooks show progress by what `make(runs)` gives: the widgets say so."""
    global _in_notebook
    _in_notebook = make


@contextmanager
def watched(runs: Sequence[str] = (), show: bool = True, by: Progress | None = None):
    """Watch a row of runs, each of which counts only when it is complete: what `compare` makes.

    In a notebook a widget shows them, else a line in the terminal; or `by`, if given. What is
    inside is a part of it: see `part`.
    """
    global _current
    before = _current
    by = by or _new(runs, show and before is None, Bar)
    _current = by
    try:
        yield by
    finally:
        _current = before
        by.close()


@contextmanager
def part(name: str):
    """Watch one training: as a part of what is watched already, or by itself, in a notebook.

    Gives what is told of it. Where that says `stop`: a part raises `Stopped`, and its run counts
    for nothing; what is `alone` ends where it is.
    """
    if _current is not None:
        yield _current
        return
    with watched(by=alone(name)) as told:
        yield told
        told.end()


def alone(name: str) -> Progress:
    """One training that is no part of anything, begun; shown in a notebook only."""
    told = _new([name], True, Progress)
    told.alone = True
    told.begin()
    return told


def current() -> Progress | None:
    """What is watched now, if anything is."""
    return _current


def _new(runs, show, elsewhere) -> Progress:
    ipython = sys.modules.get("IPython")
    in_notebook = ipython and getattr(ipython.get_ipython(), "kernel", None)
    if not show:
        return Progress(runs)
    return (_in_notebook if in_notebook and _in_notebook else elsewhere)(runs)
