"""What a student gets back: a page with their answers, their points, and reasons."""

import hashlib
import re
from pathlib import Path

import nbformat

from ..assignments import Assignment
from ..submit import write_whole
from . import html
from .grade import Grade


def write_feedback(
    assignment: Assignment, grades: list[Grade], collection: Path, out: Path
) -> list[Path]:
    """A page a student, called by what the LMS calls them; nothing in it of what is graded on."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for one in grades:
        whose = f"{one.submission.person}_{one.submission.lms_id}".strip("_")
        name = re.sub(r"[^\w.@-]", "-", whose, flags=re.ASCII)[:100]
        who = "\0".join((one.submission.lms, one.submission.lms_id)).encode("utf-8", "replace")
        path = out / f"{name}-{hashlib.sha256(who).hexdigest()[:8]}.html"
        write_whole(path, page(assignment, one, collection).encode("utf-8", "replace"))
        written.append(path)
    return written


def page(assignment: Assignment, grade: Grade, collection: Path) -> str:
    """The page of one student, as HTML."""
    done, what = grade.result, grade.submission
    whose = what.person or what.student or what.lms_id
    parts = [f"<p>{html.text(whose)}, file {html.text(what.name)}</p>"]
    if grade.state == "problem":
        parts.append(html.note("It could not be graded.", f"{grade.reason}. Hand it in again."))
    elif done is None:
        told = "The grading machine failed, not you. It will be tried again."
        parts.append(html.note("It is not graded yet.", told))
    else:
        parts.append(f"<p><strong>{done['points']:g} of {done['of']} points</strong></p>")
        if grade.reason:
            parts.append(html.note("Your instructor will look at this:", grade.reason))
        if done["reason"]:
            told = f"{done['reason']}. What was answered before that counts."
            parts.append(html.note("The run was stopped:", told))
        if not done["sandboxed"]:
            parts.append(html.note("This was graded without a sandbox."))
        for error in done["errors"]:
            line = f", line {error['line']}" if error["line"] else ""
            told = f"<code>{html.text(error['type'])}: {html.text(error['text'])}</code>"
            parts.append(f"<p>Your code cell {html.text(error['cell'])}{line} stopped: {told}</p>")
        codes = answers(collection / what.file, assignment)
        for exercise, result in zip(assignment.exercises, done["exercises"], strict=True):
            parts += _exercise(exercise, result, codes.get(exercise.number))
    if what.sha256:
        parts.append(f"<p>What was graded has the SHA-256 <code>{what.sha256}</code>.</p>")
    return html.page(assignment.title, parts)


def answers(path: Path, assignment: Assignment) -> dict[str, str]:
    """Exercise -> the student's code in its cell, where the cell is still there."""
    named = {f"{e.number.replace('.', '-')}-answer": e.number for e in assignment.exercises}
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # nbformat raises what it pleases
        return {}
    found = {}
    for cell in cells:
        marks = cell.metadata.get("nbgrader")
        of = marks.get("grade_id") if isinstance(marks, dict) else None
        if isinstance(of, str) and of in named and cell.cell_type == "code":
            found[named[of]] = str(cell.source)
    return found


def _exercise(exercise, result, code) -> list[str]:
    points = f"{result['points']:g} of {result['of']}"
    parts = [f"<h2>{exercise.number} · {html.text(exercise.title)}: {points}</h2>"]
    parts.append(f"<p>{html.text(_plain(exercise.objective))}</p>")
    rows = [
        [case, f"{100 * found['right']:.0f} %", found["reason"] or "right"]
        for case, found in result["cases"].items()
    ]
    parts.append(html.table(["Case", "Right", "Why"], rows))
    if exercise.hint and result["points"] < result["of"]:
        hint = html.text(_plain(exercise.hint))
        parts.append(f"<details><summary>A hint</summary><p>{hint}</p></details>")
    if code is not None:
        parts.append(
            f"<details><summary>Your answer</summary><pre>{html.text(code)}</pre></details>"
        )
    return parts


def _plain(markdown) -> str:
    """A sentence of Markdown without its marks."""
    return re.sub(r"[*`]|\\(?=\W)", "", markdown)
