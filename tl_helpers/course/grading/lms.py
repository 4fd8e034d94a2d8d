"""Grades as LMSs read them, and as a table for everything else."""

import csv
import io
from pathlib import Path

from ..assignments import Assignment
from ..submit import write_whole
from .grade import Grade


def write_tables(assignment: Assignment, grades: list[Grade], out: Path) -> list[Path]:
    """Write grades.csv, and canvas.csv and moodle.csv where students came from there.

    grades.csv has a line a student, whatever became of them; the LMSs' have those who are graded,
    because an LMS takes an empty grade for a zero.
    """
    out.mkdir(parents=True, exist_ok=True)
    numbers = [one.number for one in assignment.exercises]
    header = ["student", "lms", "lms_id", "name", "state", "points", "of", *numbers]
    header += ["sandboxed", "reason", "file", "sha256"]
    lines = []
    for one in grades:
        done, what = one.result, one.submission
        line = [what.student, what.lms, what.lms_id, what.person, one.state]
        if done:
            line += [done["points"], done["of"], *(e["points"] for e in done["exercises"])]
            line += [done["sandboxed"], "; ".join(filter(None, (done["reason"], one.reason)))]
        else:
            line += [None, assignment.points, *(None for _ in numbers), None, one.reason]
        lines.append([*line, what.name, what.sha256])
    written = [_write(out / "grades.csv", [header, *lines])]
    if canvas := [one for one in grades if one.submission.lms == "canvas" and one.result]:
        title = f"Assignment {assignment.number}"
        table = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]]
        table += [["    Points Possible", "", "", "", "", assignment.points]]
        table += [
            [g.submission.person, g.submission.lms_id, "", "", "", g.result["points"]]
            for g in canvas
        ]
        written.append(_write(out / "canvas.csv", table))
    if moodle := [one for one in grades if one.submission.lms == "moodle" and one.result]:
        table = [["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]]
        table += [
            [
                f"Participant {g.submission.lms_id}",
                g.submission.person,
                g.result["points"],
                assignment.points,
                "; ".join(
                    f"{e['exercise']}: {e['points']:g} of {e['of']}" for e in g.result["exercises"]
                ),
            ]
            for g in moodle
        ]
        written.append(_write(out / "moodle.csv", table))
    return written


def _write(path, lines) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([[_plain(value) for value in line] for line in lines])
    write_whole(path, text.getvalue().encode("utf-8", "replace"))
    return path


def _plain(value):
    """A text that a spreadsheet would take for a formula is no longer one."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
