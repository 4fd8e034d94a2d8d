"""Practice exercises: an instant answer, and a hint instead of the solution."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class CheckResult:
    """The answer to one attempt."""

    exercise: str
    passed: bool
    message: str

    def __str__(self):
        return f"{'Right' if self.passed else 'Not yet'} ({self.exercise}): {self.message}"

    def _repr_html_(self):
        colour = "#009E73" if self.passed else "#E69F00"
        return (
            f'<div style="border-left:4px solid {colour};padding:.3em .8em;margin:.4em 0">'
            f"{escape(str(self))}</div>"
        )


def check(exercise: str, answer: Callable) -> CheckResult:
    """Check the function written for a practice exercise.

    Nothing is graded here and nothing is recorded: try as often as you like. An error in the
    answer is part of the result, so that a notebook goes on.

    Args:
        exercise: its number, e.g. "02.a".
        answer: the function.

    Raises:
        ValueError: no such exercise; lists those of the lesson.
    """
    checks = exercises_of(exercise.split(".")[0])
    if exercise not in checks:
        raise ValueError(f"no exercise {exercise!r}; there are {', '.join(checks) or 'none'}")
    if not callable(answer):
        raise TypeError(
            f"give the function itself, tl.check({exercise!r}, my_function), not what it returns"
        )
    try:
        hint = checks[exercise](answer)
    except Exception as error:  # the student's own, whatever it is
        hint = f"your function stopped with {type(error).__name__}: {error}"
    return CheckResult(exercise, hint is None, hint or "that is it.")


def exercises_of(lesson: str) -> dict[str, Callable]:
    """Exercise number -> its check, which takes the answer and returns a hint, or None if right."""
    if not re.fullmatch(r"\d\d", lesson):
        raise ValueError(f"an exercise is named like '02.a'; {lesson!r} is no lesson number")
    try:
        module = importlib.import_module(f".checks.lesson_{lesson}", __package__)
    except ModuleNotFoundError:
        return {}
    return module.CHECKS
