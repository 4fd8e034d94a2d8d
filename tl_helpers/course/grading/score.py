"""What a student is graded on, and what their answers are worth.

The hidden part of an exercise defines

    cases(rng)               name of a case -> its inputs: a dict of numbers, texts, lists, arrays;
                             rng follows from the secret key and the student's id
    probe(answer, **inputs)  how the answer is called, in the sandbox; returns numbers, texts,
                             arrays, lists or dicts of these. Imports what it needs. Without one,
                             a function is called with the inputs in order, and a variable is its
                             own value
    same(got, right, inputs) how much of a case is right, 0 to 1; without one, `close`

What is right is what the instructor's answer gives for the same inputs. All cases of an exercise
count alike.
"""

import ast
import contextlib
import copy
import io
import json
from dataclasses import dataclass

import numpy as np

from ..assignments import Assignment, Exercise
from ..personal import Student
from ..sources import CourseError
from .artefacts import Artefacts, settled
from .inside import plain
from .keys import grading_rng, release_word

RTOL, ATOL = 1e-3, 1e-5


@dataclass
class Graded:
    """What one exercise is graded on: the job for the sandbox, and what is right."""

    exercise: Exercise
    cases: dict
    probe: str | None
    right: dict
    same: object


def prepare(assignment: Assignment, key: bytes, student: str) -> list[Graded]:
    """Draw the student's cases and solve them with the instructor's answers.

    Raises:
        CourseError: an answer of the instructor's fails on a case of the assignment; says which.
    """
    namespace = reference(
        assignment, Student(assignment.number, student, release_word(key, assignment.number))
    )
    graded = []
    for exercise in assignment.exercises:
        scope = dict(namespace)
        exec(compile(exercise.hidden, f"<hidden part of {exercise.number}>", "exec"), scope)
        cases = scope["cases"](grading_rng(key, assignment.number, student, exercise.number))
        right = {}
        for name, inputs in cases.items():
            probe = scope.get("probe", plain)
            try:
                right[name] = settled(probe(namespace[exercise.name], **copy.deepcopy(inputs)))
            except Exception as error:
                raise CourseError(
                    f"{assignment.path.name}: the instructor's answer to {exercise.number} fails "
                    f"on its case {name!r}: {type(error).__name__}: {error}"
                ) from error
        graded.append(
            Graded(
                exercise, cases, _source(exercise.hidden, "probe"), right, scope.get("same", close)
            )
        )
    return graded


def reference(assignment: Assignment, student: Student) -> dict:
    """The names that the instructor's notebook defines for this student; runs its cells."""
    namespace = {"__name__": "reference"}
    for cell in assignment.notebook.cells:
        if cell.cell_type != "code" or cell.metadata.nbgrader["grade"]:
            continue
        code = own(cell.source, student)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, f"<{assignment.path.name}, {cell['id']}>", "exec"), namespace)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            raise CourseError(
                f"{assignment.path.name}: the instructor's code fails: {told}"
            ) from error
    return namespace


def own(code: str, student: Student) -> str:
    """The instructor's code as this student has it."""
    code = code.replace('STUDENT = ""', f"STUDENT = {student.id!r}")
    return code.replace("{{RELEASE}}", student.release)


def score(graded: list[Graded], found: Artefacts, stopped: str | None) -> list[dict]:
    """Points by exercise, with a reason where some are missing.

    Args:
        graded: what `prepare` made.
        found: what the sandbox gave.
        stopped: why it was stopped, if it was.
    """
    results = []
    for one in graded:
        number, cases = one.exercise.number, {}
        for name, right in one.right.items():
            of, reason, share = (number, name), None, 0.0
            if of in found.values:
                share, reason = _share(one.same, found.values[of], right, one.cases[name])
            elif of in found.failed:
                error = found.failed[of]
                reason = f"{error['type']}: {_shown(error['text'], one.exercise.hidden)}"
                reason += f" (line {error['line']} of your cell)" if error["line"] else ""
            elif stopped:
                reason = f"not reached: {stopped}"
            elif found.broken:
                reason = "not reached: an answer before it could not be read"
            elif not found.ended:
                reason = "not reached: the notebook's process ended early"
            else:
                reason = f"there is no {one.exercise.name} in the notebook"
            cases[name] = {"right": share, "reason": reason}
        share = sum(case["right"] for case in cases.values()) / len(cases)
        points = round(one.exercise.points * share, 2)
        results.append(
            {"exercise": number, "points": points, "of": one.exercise.points, "cases": cases}
        )
    return results


def close(got, right, inputs=None) -> bool:
    """Whether two values are the same but for rounding; of arrays the shapes, too."""
    if isinstance(right, dict):
        return (
            isinstance(got, dict)
            and got.keys() == right.keys()
            and all(close(got[k], right[k]) for k in right)
        )
    if isinstance(right, str) or right is None or isinstance(got, (str, dict)) or got is None:
        return type(got) is type(right) and got == right
    if isinstance(right, list) and not _numbers(right):
        return (
            isinstance(got, list)
            and len(got) == len(right)
            and all(close(g, r) for g, r in zip(got, right, strict=True))
        )
    try:
        got, right = np.asarray(got, float), np.asarray(right, float)
    except (TypeError, ValueError, OverflowError):
        return False
    scale = float(np.abs(right[np.isfinite(right)]).max(initial=0.0))
    return got.shape == right.shape and bool(
        np.allclose(got, right, rtol=RTOL, atol=ATOL + 1e-5 * scale, equal_nan=True)
    )


def _share(same, got, right, inputs):
    """How much of a case is right, and what to tell where it is not all."""
    with np.errstate(all="ignore"):
        try:
            given = got if same is close else aligned(got, right)
            share = float(np.clip(float(same(given, right, inputs)), 0.0, 1.0))
        except Exception:  # whatever a strange answer does to a comparison, it is not right
            share = 0.0
    if not np.isfinite(share):
        share = 0.0
    if share == 1.0:
        return share, None
    return share, _difference(got, right) if share == 0.0 else "right in part"


def aligned(got, right):
    """An answer for `same` to compare: what has another shape than is right becomes NaN.

    NumPy stretches shapes to fit, and finds nothing wrong in what is empty.
    """
    if isinstance(right, dict) and isinstance(got, dict):
        return {k: aligned(v, right[k]) for k, v in got.items() if k in right}
    if isinstance(right, list) and not _numbers(right):
        if isinstance(got, list) and len(got) == len(right):
            return [aligned(g, r) for g, r in zip(got, right, strict=True)]
        return got
    if isinstance(right, (np.ndarray, list)):
        try:
            array = np.asarray(got, float)
        except (TypeError, ValueError, OverflowError):
            return np.full(np.shape(right), np.nan)
        return array if array.shape == np.shape(right) else np.full(np.shape(right), np.nan)
    if isinstance(right, (bool, int, float)) and (np.ndim(got) or isinstance(got, (str, dict))):
        return np.nan
    return got


def _difference(got, right) -> str:
    """What is different, without telling what is right."""
    if got is None:
        return "it gives None"
    if isinstance(got, dict) and any(value is None for value in got.values()):
        return "some of it is still None"
    if isinstance(right, np.ndarray):
        shape = getattr(got, "shape", None)
        if shape is None:
            return f"it gives {_kind(got)}, not an array"
        if shape != right.shape:
            return f"an array of shape {right.shape} is expected, it gives {shape}"
        if got.dtype.kind == "f" and not np.isfinite(got).all() and np.isfinite(right).all():
            return "some of its numbers are not finite"
    elif _kind(got) != _kind(right):
        return f"{_kind(right)} is expected, it gives {_kind(got)}"
    return "it gives another answer"


def _kind(value) -> str:
    if isinstance(value, np.ndarray):
        return "a number" if value.ndim == 0 else "an array"
    if isinstance(value, (bool, int, float)):
        return "a number"
    return {str: "a text", list: "a list", dict: "a dict"}.get(type(value), "None")


def _numbers(values) -> bool:
    return all(
        isinstance(v, (bool, int, float)) or (isinstance(v, list) and _numbers(v)) for v in values
    )


def _shown(text: str, hidden: str) -> str:
    """An error's text, unless the hidden part stands in it (a student's code can look up there)."""
    lines = {line.strip() for line in hidden.splitlines()}
    return "(not shown)" if any(len(line) >= 12 and line in text for line in lines) else text


def _source(code: str, name: str) -> str | None:
    """The text of a function of this name, or None."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_source_segment(code, node)
    return None


def inputs_of(graded: list[Graded]) -> tuple[dict, dict]:
    """What the sandbox gets of the exercises: for JSON, and the arrays that it names."""
    exercises, arrays = {}, {}
    for one in graded:
        cases = {}
        for name, inputs in one.cases.items():
            cases[name] = {}
            for of, value in inputs.items():
                if isinstance(value, np.ndarray):
                    label = f"{len(arrays)}"
                    arrays[label] = value
                    cases[name][of] = {"array": label}
                else:
                    json.dumps(value)
                    cases[name][of] = {"json": value}
        exercises[one.exercise.number] = {
            "name": one.exercise.name,
            "probe": one.probe,
            "cases": cases,
        }
    return exercises, arrays
