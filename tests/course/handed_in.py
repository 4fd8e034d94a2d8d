"""Notebooks as students hand them in, for tests."""

from pathlib import Path

import nbformat

from tl_helpers.course.assignments import BEGIN_HIDDEN, END_HIDDEN, Assignment, without
from tl_helpers.course.grading.keys import read_key, release_word
from tl_helpers.course.grading.score import own
from tl_helpers.course.personal import Student
from tl_helpers.course.sources import blank


def edition(assignment: Assignment, student: str, key: Path, solved=True, replaced=None):
    """A student's notebook: solved, or blank; `replaced`: exercise -> code of its answer."""
    who = Student(assignment.number, student, release_word(read_key(key), assignment.number))
    notebook = nbformat.v4.new_notebook(metadata=dict(assignment.notebook.metadata))
    for cell in assignment.notebook.cells:
        code = own(cell.source, who)
        if cell.cell_type == "code":
            code = without(code, BEGIN_HIDDEN, END_HIDDEN)
            code = code if solved else blank(code)
        of = cell.metadata.nbgrader["grade_id"].removesuffix("-answer").replace("-", ".")
        if cell.metadata.nbgrader["solution"] and of in (replaced or {}):
            code = replaced[of]
        make = (
            nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        )
        notebook.cells.append(make(code, metadata={"nbgrader": dict(cell.metadata.nbgrader)}))
    return notebook


def hand_in(notebook, path: Path) -> Path:
    """Write it; the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
