"""Exercises: an instant answer, and a hint instead of the solution."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from .personal import Student


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


def check(exercise: str, answer, me: Student | None = None) -> CheckResult:
    """Check the answer to an exercise, at once.

    Nothing is graded here and nothing is recorded: try as often as you like. An error in the
    answer is part of the result, so that a notebook goes on.

    Args:
        exercise: its number: "02.a" is practice, "02.1" is graded when you hand it in.
        answer: the function; where a graded exercise asks for a value, the value.
        me: whose variant it is, of a graded one; what `tl.course.enrol` gives.

    Raises:
        ValueError: no such exercise; lists those of the lesson.
        TypeError: a value where a function is asked for, or no `me` for a graded exercise.
    """
    lesson, _, which = exercise.partition(".")
    graded = which.isdigit()
    checks = exercises_of(lesson, graded)
    if exercise not in checks:
        raise ValueError(f"no exercise {exercise!r}; there are {', '.join(checks) or 'none'}")
    if graded and not isinstance(me, Student):
        raise TypeError(f"say whose it is: tl.check({exercise!r}, answer, me)")
    if not graded and not callable(answer):
        raise TypeError(
            f"give the function itself, tl.check({exercise!r}, my_function), not what it returns"
        )
    try:
        hint = checks[exercise](answer, me) if graded else checks[exercise](answer)
    except Exception as error:  # the student's own, whatever it is
        hint = f"your function stopped with {type(error).__name__}: {error}"
    good = "that looks right; the rest is graded on other data." if graded else "that is it."
    return CheckResult(exercise, hint is None, hint or good)


def exercises_of(lesson: str, graded: bool = False) -> dict[str, Callable]:
    """Exercise number -> its check, which takes the answer and returns a hint, or None if right.

    The check of a graded exercise takes the student, too.
    """
    if not re.fullmatch(r"\d\d", lesson):
        raise ValueError(f"an exercise is named like '02.a'; {lesson!r} is no lesson number")
    kind = "assignment" if graded else "lesson"
    try:
        module = importlib.import_module(f".checks.{kind}_{lesson}", __package__)
    except ModuleNotFoundError:
        return {}
    return module.CHECKS
