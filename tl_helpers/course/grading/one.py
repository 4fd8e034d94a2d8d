"""The job of grading one submission; where it runs is `tl_helpers.jobs`' affair."""

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

import nbformat
import numpy as np

from ..assignments import Assignment, read_assignment
from ..sources import CourseError
from . import artefacts, sandbox, score
from .keys import fingerprint, read_key
from .limits import Limits

LARGEST = 20_000_000  # bytes of a notebook


class Infrastructure(CourseError):
    """Not the student's doing; the job is to be tried again."""


def grade_one(
    assignment: str, submission: str, student: str, key: str | None = None, protected: bool = True
) -> dict:
    """Grade a notebook.

    Args:
        assignment: its number.
        submission: the notebook's path.
        student: the id that variants and cases follow from.
        key: the secret key's file; default as `read_key`.
        protected: whether the student's code runs in a sandbox.

    Returns:
        points, of, exercises (see `score`), reason (why the run was stopped, or None), errors (of
        cells), sandboxed, seconds, peak (bytes of memory).

    Raises:
        Infrastructure: the run did not begin; nothing is said of the submission.
    """
    work = read_assignment(assignment)
    graded = score.prepare(work, read_key(Path(key) if key else None), student)
    try:
        cells = cells_of(Path(submission), work)
    except CourseError as error:
        return _result(work, graded, artefacts.Artefacts(ended=True), str(error), None, protected)
    limits = Limits()
    exercises, arrays = score.inputs_of(graded)
    with tempfile.TemporaryDirectory(prefix="tl-grade-") as folder:
        job = {"cells": cells, "exercises": exercises, "limits": asdict(limits)}
        job["limits"]["rlimits"] = sandbox.rlimits(limits)
        Path(folder, "job.json").write_text(json.dumps(job), encoding="utf-8")
        np.savez(Path(folder, "inputs.npz"), **arrays)
        shutil.copy(sandbox.INSIDE, folder)
        sandbox.hand_over(folder)
        ended = sandbox.run(Path(folder), limits, protected)
    wanted = {(one.exercise.number, case) for one in graded for case in one.cases}
    found = artefacts.read(ended.artefacts, wanted)
    if not found.began:  # nothing of the student's has run yet, whatever stopped it
        raise Infrastructure(
            f"the run of {Path(submission).name} did not begin (exit code {ended.code}): "
            f"{ended.reason or ended.printed[-500:].strip() or 'it says nothing'}"
        )
    return _result(work, graded, found, _reason(found, ended), ended, protected)


def cells_of(path: Path, assignment: Assignment) -> list[dict]:
    """The code of a notebook, and at which cells an exercise's answer is taken.

    Raises:
        CourseError: this is no notebook.
    """
    if path.stat().st_size > LARGEST:
        raise CourseError(f"the notebook is larger than {LARGEST / 1e6:g} MB")
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        texts = [str(cell.source) for cell in cells]
    except Exception as error:  # nbformat raises what it pleases
        raise CourseError(f"this is no notebook: {type(error).__name__}") from None
    tests = {f"{e.number.replace('.', '-')}-test": e.number for e in assignment.exercises}
    found = []
    for at, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        marks = cell.metadata.get("nbgrader")
        named = marks.get("grade_id") if isinstance(marks, dict) else None
        of = tests.pop(named, None) if isinstance(named, str) else None
        found.append({"id": f"{at + 1}", "code": text, "test_of": of})
    return found


@cache
def version() -> str:
    """What a grade depends on besides the submission and the assignment: the grader's own text."""
    text = hashlib.sha256()
    above = [Path(__file__).parents[1] / name for name in ("assignments.py", "personal.py")]
    ours = [*sorted(Path(__file__).parent.glob("*.py")), *above]
    for path in ours:
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


def salt(assignment: Assignment, submission: Path, key: bytes) -> str:
    """What makes a grade another one: submission, assignment, grader, key."""
    hashes = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (submission, assignment.path)]
    return " ".join([*hashes, version(), fingerprint(key)])


def _reason(found, ended) -> str | None:
    if ended.reason:
        return ended.reason
    if found.ended:
        return None
    if ended.code in (-9, 137):
        return "its process was killed, most likely for want of memory"
    return f"its process ended early (exit code {ended.code})"


def _result(work, graded, found, reason, ended, protected) -> dict:
    exercises = score.score(graded, found, reason)
    return {
        "points": round(sum(one["points"] for one in exercises), 2),
        "of": work.points,
        "exercises": exercises,
        "reason": reason,
        "errors": found.errors,
        "sandboxed": protected,
        "seconds": round(ended.seconds, 2) if ended else 0.0,
        "peak": ended.peak if ended else 0,
    }
