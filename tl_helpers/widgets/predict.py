"""Predict: the student commits to an answer before the result is computed."""

import math
import numbers
from collections.abc import Sequence
from html import escape
from typing import ClassVar

import traitlets as t
from IPython.display import display

from ..evaluate.answers import EQUAL, Answer
from ..evaluate.intervals import Interval
from .journal import keep
from .levels import label
from .static import HERE, BaseWidget, script
from .summary import fixed

__all__ = ["Predict"]


class Revealed(str):
    """The text of `Predict.reveal`, which has been displayed and is not echoed again."""

    __slots__ = ()

    def _ipython_display_(self):
        """Display nothing: the text is already on the page."""


class _Box:
    def __init__(self, text: str):
        self.text = text

    def __str__(self) -> str:  # what `display` prints outside IPython
        return self.text

    def _repr_mimebundle_(self, **kwargs):
        style = "border-left: 4px solid #0072B2; padding: 4px 12px"
        box = f'<div class="tl-revealed" style="{style}">{escape(self.text)}</div>'
        return {"text/plain": self.text, "text/html": box}


class Predict(BaseWidget):
    """A question, and a prediction that cannot be changed once it is locked in.

    options: a list of strings to choose from, or (low, high, step) for a number with `unit`.
    key: names the prediction within the course, such as "02.gap".

    `.value` is None until the prediction is locked in. The same question asked again, as when all
    cells are run, is still locked in until its answer is shown. `.reveal(answer)` shows both; where
    nobody locks anything in, as in an automatic run, it says so and goes on. What was locked in
    is kept beside the notebook: `predictions()` has it.
    """

    _esm = script("base.js", "predict.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "value", "locked", "answer", "result")

    # key -> spec, value: locked in in this kernel, and not yet answered
    _waiting: ClassVar[dict[str, tuple[dict, object]]] = {}

    spec = t.Dict().tag(sync=True)
    value = t.Any(None, allow_none=True).tag(sync=True)
    locked = t.Bool(False).tag(sync=True)
    answer = t.Any(None, allow_none=True).tag(sync=True)
    result = t.Unicode("").tag(sync=True)

    def __init__(self, question: str, options: Sequence, *, key: str, unit: str | None = None):
        if not question or not key:
            raise ValueError("a prediction needs a question and a key, such as key='02.gap'")
        self._final = None
        spec = {"question": question, "key": key, **_describe(options, unit)}
        super().__init__(spec=spec)
        waiting = self._waiting.get(key)
        if waiting and waiting[0] == spec:
            self.lock(waiting[1])

    def lock(self, value) -> "Predict":
        """Lock in a prediction from code, as the button does."""
        if self.locked:
            raise RuntimeError(
                f"the prediction {self._words(self.value)} is locked in and cannot be changed "
                "before its answer is shown"
            )
        self.value = value
        self.locked = True
        return self

    def reveal(self, answer: Answer | Interval, explanation: str = "") -> str:
        """Show the prediction beside what was measured, and return the text.

        What lies within the interval of the runs is too close to call, and nobody is told to be
        wrong for it.

        answer: to a question with options what `tl.evaluate.leading`, `placed` or `earliest` says;
            to one with a scale an interval in its unit, from `tl.evaluate.interval`.
        """
        verdict = self._verdict(self._measured(answer))
        self._waiting.pop(self.spec["key"], None)
        options = isinstance(answer, Answer)
        # a single run has no bounds, and a page knows no NaN
        self.answer = list(answer.options) if options else [v for v in answer if v == v]
        why = getattr(answer, "why", "")
        parts = (verdict, why, explanation, self._keep(answer))
        self.result = " ".join(part for part in parts if part)
        display(_Box(self.result))
        return Revealed(self.result)

    def _keep(self, answer) -> str:
        """Keep a locked prediction in the notebook's folder; where that cannot be, say why."""
        if not self.locked:
            return ""
        off, chance = self._distance(answer)
        measured = " or ".join(answer.options) if isinstance(answer, Answer) else answer.mean
        try:
            keep(self.spec["key"], self.spec["question"], self.value, measured, off, chance)
        except OSError as error:
            return f"(It is not kept for later: {error}.)"
        return ""

    def _right(self, answer: Answer) -> list[str]:
        """The options that the runs do not rule out."""
        several = [EQUAL] if not answer.decided and EQUAL in self.spec["options"] else []
        return [*answer.options, *several]

    def _distance(self, answer) -> tuple[float, float]:
        """How far the prediction is from the answer, and a blind guess on average: 0 to 1."""
        spec = self.spec
        if spec["kind"] == "choice":
            right = self._right(answer)
            return float(self.value not in right), 1 - len(right) / len(spec["options"])
        size = spec["high"] - spec["low"]
        place = min(max((answer.mean - spec["low"]) / size, 0.0), 1.0)
        off = abs(place - (self.value - spec["low"]) / size)  # beyond the scale is at its end
        return off, (place**2 + (1 - place) ** 2) / 2

    def _verdict(self, answer) -> str:
        if self.spec["kind"] == "choice":
            return self._verdict_on_options(answer)
        measured = f"measured {self._words(answer.mean, more=1)}"
        if not math.isnan(answer.low):
            ends = answer.low, answer.high
            if self.spec["unit"] == "%":  # a share has ends, which an interval does not know
                ends = max(answer.low, self.spec["low"]), min(answer.high, self.spec["high"])
            low, high = (fixed(v, self.spec["digits"] + 1) for v in ends)
            measured += f" (95 % interval {low} to {high})"
        if not self.locked:
            return f"No prediction was locked in; {measured}."
        said = f"You said {self._words(self.value)}; {measured}"
        gap = answer.mean - self.value
        if abs(gap) <= self.spec["step"] / 2:
            return f"{said}: as close as the scale allows."
        if answer.low <= self.value <= answer.high:
            return f"{said}: too close to call, you are within the interval."
        unit = "points" if self.spec["unit"] == "%" else self.spec["unit"]
        size = fixed(abs(gap), self.spec["digits"] + 1)
        return f"{said}: {size}{' ' if unit else ''}{unit} {'more' if gap > 0 else 'less'}."

    def _verdict_on_options(self, answer: Answer) -> str:
        names = [f"“{option}”" for option in answer.options]
        measured = f"measured {names[0]}"
        if not answer.decided:
            measured = f"too close to call between {', '.join(names[:-1])} and {names[-1]}"
        if not self.locked:
            return f"No prediction was locked in; {measured}."
        said = f"You said {self._words(self.value)}; {measured}"
        if self.value not in self._right(answer):
            return f"{said}: not as predicted."
        return f"{said}: as you predicted." if answer.decided else f"{said}: you may be right."

    def _words(self, value, more: int = 0) -> str:
        """Quote an option, or write a number with its unit and `more` decimals than the scale."""
        if self.spec["kind"] == "choice":
            return f"“{value}”"
        text = fixed(value, self.spec["digits"] + more)
        return f"{text} {self.spec['unit']}".strip()

    def _measured(self, answer):
        """The answer, if it is one to this question."""
        spec = self.spec
        if spec["kind"] == "choice":
            if not isinstance(answer, Answer):
                raise TypeError(
                    f"the answer is {answer!r}; expected what tl.evaluate.leading, placed or "
                    "earliest says, which knows what lies within noise"
                )
            if unknown := [o for o in answer.options if o not in spec["options"]]:
                raise ValueError(f"answer {unknown} is not an option; expected {spec['options']}")
            return answer
        if not isinstance(answer, Interval):
            raise TypeError(
                f"the answer is {answer!r}; expected an interval over seeds, such as "
                "tl.evaluate.interval(100 * tl.evaluate.paired(...))"
            )
        if not math.isfinite(answer.mean):
            raise ValueError(f"the measured mean is {answer.mean!r}; expected a finite number")
        return answer

    def _checked(self, value):
        spec = self.spec
        if spec["kind"] == "choice":
            if value not in spec["options"]:
                raise ValueError(
                    f"prediction {value!r} is not an option; expected {spec['options']}"
                )
            return value
        if not isinstance(value, numbers.Real) or not math.isfinite(value):
            raise ValueError(f"prediction is {value!r}; expected a finite number")
        if not spec["low"] <= value <= spec["high"]:
            raise ValueError(f"prediction {value} is outside {spec['low']} to {spec['high']}")
        return float(value)

    @t.validate("value")
    def _valid_value(self, proposal):
        value = proposal["value"]
        if self._final is not None and value != self._final:
            raise t.TraitError("the prediction is locked in and cannot be changed")
        return None if value is None else self._checked(value)

    @t.validate("locked")
    def _valid_locked(self, proposal):
        if self._final is not None and not proposal["value"]:
            raise t.TraitError("the prediction is locked in and cannot be unlocked")
        if proposal["value"] and self.value is None:
            raise t.TraitError("nothing to lock in: no prediction was made")
        return proposal["value"]

    @t.observe("locked")
    def _on_locked(self, change):
        self._final = self.value
        self._waiting[self.spec["key"]] = self.spec, self.value

    def _state_text(self) -> str:
        if self.result:
            return self.result
        if self.locked:
            return f"Locked in: {self._words(self.value)}."
        return "No prediction is locked in yet."

    def _plain(self) -> str:
        return f"{self.spec['question']}\n{self._choices()}\n{self._state_text()}"

    def _choices(self) -> str:
        spec = self.spec
        if spec["kind"] == "choice":
            return "Options: " + "; ".join(spec["options"])
        return f"A number from {label(spec['low'])} to {self._words(spec['high'])}"

    def _fallback(self) -> str:
        lines = (self.spec["question"], self._choices(), self._state_text())
        return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _describe(options: Sequence, unit: str | None) -> dict:
    """Return the kind of question, with its options or its scale."""
    expected = "a list of at least two strings, or (low, high, step) for a number"
    if isinstance(options, str) or not isinstance(options, Sequence) or len(options) < 2:
        raise ValueError(f"options are {options!r}; expected {expected}")
    if all(isinstance(option, str) for option in options):
        if len(set(options)) < len(options):
            raise ValueError(f"options must differ; got {list(options)}")
        if unit:
            raise ValueError(f"unit {unit!r} goes with a number; these options are strings")
        return {"kind": "choice", "options": list(options), "unit": ""}
    numeric = all(isinstance(v, numbers.Real) and not isinstance(v, bool) for v in options)
    if not numeric or len(options) != 3:
        raise ValueError(f"options are {options!r}; expected {expected}")
    low, high, step = (float(v) for v in options)
    if not (low < high and 0 < step <= high - low):
        raise ValueError(f"(low, high, step) = {(low, high, step)}; expected low < high, step > 0")
    digits = max(len(label(v).partition(".")[2]) for v in (low, step))
    return {
        "kind": "number",
        "low": low,
        "high": high,
        "step": step,
        "digits": digits,
        "unit": unit or "",
    }
