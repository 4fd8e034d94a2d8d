"""How far training is: runs done, time left, a learning curve that grows, a button to stop."""

import math
import time
from collections.abc import Sequence
from html import escape

import traitlets as t
from IPython import get_ipython
from IPython.display import display

from ..plots.palette import colours
from ..session.progress import Progress
from .static import HERE, BaseWidget, script
from .turn import at_once

__all__ = ["Training", "TrainingBase", "WidgetProgress"]

EVERY = 0.25  # seconds from one picture to the next
PATIENCE = 1.0  # what is done sooner is not shown at all


class TrainingBase(BaseWidget):
    """A widget that shows training; `progress.js` draws what `told` says."""

    told = t.Dict().tag(sync=True)
    stop = t.Bool(False).tag(sync=True)  # whether the button was pressed
    _state_names = ("told", "stop")

    def _send(self, msg, buffers=None):
        super()._send(msg, buffers)
        at_once(self.comm)


class Training(TrainingBase):
    """What `compare`, `fine_tune` and `Live` show in a notebook."""

    _esm = script("base.js", "progress.js", "training.js")
    _css = HERE / "widget.css"

    def _plain(self) -> str:
        return self.told["said"]

    def _fallback(self) -> str:
        return f"<p>{escape(self._plain())}</p>"


class WidgetProgress(Progress):
    """Training that a widget shows.

    runs: what each is.
    by: the widget; by default one of its own, displayed when the training takes a while.
    """

    def __init__(self, runs: Sequence[str], by: TrainingBase | None = None):
        super().__init__(runs)
        self._widget, self._place = by, None
        self._shown = self._closed = False
        self._first = self._last = time.perf_counter()
        self._colours = colours(dict.fromkeys(self.runs))

    @property
    def stop(self) -> bool:
        """Whether the button was pressed."""
        return self._widget is not None and self._widget.stop

    def changed(self) -> None:
        """Show it, unless the last picture is very new."""
        now = time.perf_counter()
        if now - self._last >= EVERY and now - self._first >= PATIENCE:
            self._last = now
            self._show()

    def close(self) -> None:
        """Leave a line that says what it was, with its curves."""
        if not self._shown or self._closed:
            return
        self._closed = True
        self._show(over=True)
        if self._place:  # for who keeps the page without its kernel, it is not running any more
            self._place.update(self._widget)

    def _cell_is_over(self, result) -> None:
        get_ipython().events.unregister("post_run_cell", self._cell_is_over)
        self.close()

    def _show(self, over: bool = False) -> None:
        self._shown, told = True, self._tell(over)
        if self._widget is None:
            self._widget = Training(told=told)
            at_once(self._widget.comm)
            self._place = display(self._widget, display_id=True)
            if get_ipython():  # a training that fails in Keras' `fit` tells nobody
                get_ipython().events.register("post_run_cell", self._cell_is_over)
        self._widget.told = told

    def _tell(self, over: bool) -> dict:
        done, of = len(self.took), len(self.runs)
        passed = time.perf_counter() - self._first
        left = self.left()
        share = done / of
        if left is not None and not over:
            share = passed / max(passed + left, 1e-9)
        metric = next((p.metric for run in self.curves[::-1] for p in run[::-1] if p.values), "")
        curves = [
            {
                "name": name,
                "colour": self._colours[name],
                "pieces": [[_rounded(v) for v in p.values] for p in run if p.metric == metric],
            }
            for name, run in zip(self.runs, self.curves, strict=False)
        ]
        longest = [sum(map(len, curve["pieces"])) for curve in curves]
        return {
            "said": self._said(done, of, left, passed, over),
            "share": round(share, 3),
            "over": over,
            "metric": metric,
            "along": self.along,
            "epochs": max(self.epochs[1], *longest, 0),
            "curves": [curve for curve in curves if any(map(_seen, curve["pieces"]))],
        }

    def _said(self, done, of, left, passed, over) -> str:
        runs = f"{of} runs" if of > 1 else self.runs[0]
        epoch, epochs = self.epochs
        if over:
            if done == of:
                return f"{runs}: {_seconds(passed)}."
            where = f"{done} of {of} runs" if of > 1 else f"{epoch} of {epochs} epochs"
            return f"Stopped after {where}, {_seconds(passed)}."
        at = min(done, of - 1)
        now = f"Run {at + 1} of {of}: {self.runs[at]}" if of > 1 else self.runs[0]
        if epochs > 1:
            now += f", epoch {min(epoch + 1, epochs)} of {epochs}"
        return f"{now}. {'' if left is None else f'About {_seconds(left)} left.'}".strip()


def _seen(values) -> bool:
    return any(value is not None for value in values)


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def _seconds(value: float) -> str:
    if value < 90:
        return f"{max(value, 1):.0f} s"
    return f"{value / 60:.0f} min"
