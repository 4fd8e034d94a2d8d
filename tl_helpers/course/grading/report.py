"""What the instructor gets: a page on the class, on the exercises, and on what to look at."""

from pathlib import Path

import numpy as np
import pandas as pd

from ..assignments import Assignment
from ..submit import write_whole
from . import html
from .feedback import answers
from .grade import Grade
from .items import analyse
from .similar import alike

THE_COURSE = "the course's own solution"


def write_report(assignment: Assignment, grades: list[Grade], collection: Path, out: Path) -> Path:
    """Write report.html and items.csv."""
    items = analyse([one.result for one in grades if one.result])
    write_whole(out / "items.csv", items.to_csv(index=False, float_format="%.3f").encode())
    path = out / "report.html"
    write_whole(path, page(assignment, grades, collection, items).encode("utf-8", "replace"))
    return path


def page(assignment: Assignment, grades: list[Grade], collection: Path, items) -> str:
    """The page, as HTML; items: what `items.analyse` gives."""
    states = pd.Series([one.state for one in grades]).value_counts()
    parts = ["<p>" + ", ".join(f"{n} {state}" for state, n in states.items()) + ".</p>"]
    if unsafe := sum(bool(one.result and not one.result["sandboxed"]) for one in grades):
        parts.append(html.note(f"{unsafe} graded without a sandbox."))
    points = np.array([one.result["points"] for one in grades if one.result])
    if len(points):
        low, middle, high = np.quantile(points, (0.25, 0.5, 0.75))
        parts.append(
            f"<p>Of {assignment.points} points: mean {points.mean():.1f}, median {middle:.1f}, "
            f"middle half {low:.1f} to {high:.1f}, least {points.min():g}, "
            f"most {points.max():g}.</p><h2>Exercises</h2>"
        )
        shown = items.copy()
        for name in ("facility", "full", "hardest_right"):  # a space that does not break
            shown[name] = [f"{100 * share:.0f}\u00a0%" for share in items[name]]
        shown["discrimination"] = [f"{r:.2f}" if r == r else "-" for r in items["discrimination"]]
        header = [name.replace("_", " ") for name in shown]
        parts.append(html.table(header, shown.to_numpy().tolist()))
        parts.append(
            "<p>Facility: how much of its points students got. Discrimination: how its points go "
            "with those of all other exercises, -1 to 1; 0.4 is very good.</p>"
        )
    look = [(one, one.reason) for one in grades if one.reason]
    look += [(g, g.result["reason"]) for g in grades if g.result and g.result["reason"]]
    if look:
        rows = [[one.submission.name, one.state, why] for one, why in look]
        parts.append("<h2>To look at</h2>" + html.table(["File", "State", "Why"], rows))
    parts += _likeness(assignment, grades, collection)
    return html.page(f"{assignment.title}: the class", parts)


def _likeness(assignment, grades, collection) -> list[str]:
    """Answers that are alike: a reason to read both, never a verdict."""
    codes = {
        one.submission.lms_id: answers(collection / one.submission.file, assignment)
        for one in grades
        if one.result
    }
    rows = []
    for exercise in assignment.exercises:
        number = exercise.number
        theirs = {who: code[number] for who, code in codes.items() if number in code}
        theirs[THE_COURSE] = exercise.answer
        rows += [[number, a, b, f"{100 * share:.0f} %"] for a, b, share in alike(theirs)]
    if not rows:
        return ["<h2>Answers that are alike</h2><p>None beyond what most share.</p>"]
    told = (
        "<p>By their tokens, names left out. Short answers come out alike by themselves: read both "
        "before you think anything.</p>"
    )
    header = ["Exercise", "One", "Other", "Alike"]
    return ["<h2>Answers that are alike</h2>", told, html.table(header, rows)]
