"""Graded assignments: one text source each, read into an instructor's notebook.

A source, lessons/assignments/NN_slug.py, is a notebook in jupytext's percent format. Cells of an
exercise carry its number, `# %% exercise="02.1"`, and are, in this order:

    markdown   "## 02.1 · Title · 4 points, 15 minutes", an objective, the task, hints
    code       the answer, between `### BEGIN SOLUTION` and `### END SOLUTION`
    code       `tl.check("02.1", name, me)`, the visible check, and the hidden part between
               `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`

The hidden part defines what the answer is graded on, `cases`, and where needed how it is called,
`probe`, and compared, `same`; see `grading.score`. Whatever else a notebook has is for all.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .sources import CourseError, lessons_folder, read_source

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
SCHEMA = 3  # of nbgrader's metadata
HEADING = re.compile(r"## (?P<n>\d\d\.\d) · (?P<title>.+) · (?P<p>\d+) points?, (?P<m>\d+) minutes")


@dataclass(frozen=True)
class Exercise:
    """One graded exercise.

    Attributes:
        number: "02.1".
        title: what it is called.
        points: what it is worth.
        minutes: how long it should take.
        objective: what a student can do who has solved it.
        hint: the one that stands in its text, folded away; as Markdown.
        name: the function or variable that is graded.
        answer: the code of the instructor's answer.
        hidden: the code of the hidden part.
    """

    number: str
    title: str
    points: int
    minutes: int
    objective: str
    hint: str
    name: str
    answer: str
    hidden: str


@dataclass(frozen=True)
class Assignment:
    """A graded assignment: its number, source file, title, exercises and instructor's notebook."""

    number: str
    path: Path
    title: str
    exercises: tuple[Exercise, ...]
    notebook: nbformat.NotebookNode

    @property
    def points(self) -> int:
        """What all of it is worth."""
        return sum(exercise.points for exercise in self.exercises)


def assignment_sources() -> dict[str, Path]:
    """Number -> text source of every assignment."""
    folder = lessons_folder() / "assignments"
    return {path.name[:2]: path for path in sorted(folder.glob("[0-9][0-9]_*.py"))}


def read_assignment(which: str) -> Assignment:
    """Read an assignment.

    Args:
        which: its number, "02" or "2"; or, of one that is not the course's, the path of its source.

    Raises:
        CourseError: there is none, or its source is not as it should be; says where.
    """
    if str(which).endswith(".py"):
        path = Path(which).resolve()
        number = path.name[:2]
        if not path.is_file() or not number.isdigit():
            raise CourseError(f"no assignment at {path}: expected a source called NN_slug.py")
    else:
        number, sources = f"{which:0>2}", assignment_sources()
        if number not in sources:
            raise CourseError(f"no assignment {number}; there are {', '.join(sources) or 'none'}")
        path = sources[number]
    notebook = read_source(path)
    parts = {}
    for at, cell in enumerate(notebook.cells):
        of = cell.metadata.pop("exercise", None)
        kind = None
        if of is not None:
            kind = "text" if cell.cell_type == "markdown" else "answer"
            kind = "test" if "tl.check(" in cell.source else kind
            if kind in parts.setdefault(of, {}):
                raise CourseError(f"{path.name}: exercise {of} has two cells of kind {kind}")
            parts[of][kind] = cell
        cell["id"] = f"{number}-{at:03d}"
        cell.metadata = nbformat.NotebookNode(nbgrader=_marks(number, at, of, kind, cell))
    notebook.metadata = nbformat.NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
        tl_course={"assignment": number},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    exercises = tuple(_exercise(path, of, cells) for of, cells in parts.items())
    if not exercises:
        raise CourseError(f"{path.name} has no exercise: no cell says exercise=")
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    return Assignment(number, path, title, exercises, notebook)


def without(code: str, begin: str, end: str) -> str:
    """Code without what stands between two markers, and without these."""
    return re.sub(
        rf"^[ \t]*{re.escape(begin)}\n.*?{re.escape(end)}[ \t]*\n?", "", code, flags=re.S | re.M
    )


def between(code: str, begin: str, end: str) -> str:
    """What stands between two markers."""
    found = re.search(rf"{re.escape(begin)}\n(.*?)^[ \t]*{re.escape(end)}", code, flags=re.S | re.M)
    return found[1] if found else ""


def _marks(number, at, of, kind, cell) -> dict:
    """nbgrader's metadata of a cell."""
    named = f"{of.replace('.', '-')}-{kind}" if of else f"{number}-cell-{at:03d}"
    marks = {
        "grade_id": named,
        "schema_version": SCHEMA,
        "task": False,
        "cell_type": cell.cell_type,
    }
    marks |= {"grade": kind == "test", "solution": kind == "answer"}
    marks["locked"] = kind != "answer" and "STUDENT = " not in cell.source
    if kind == "test":
        marks["points"] = 0  # until its heading is read
    return marks


def _exercise(path, of, cells) -> Exercise:
    for kind, what in (("text", "a heading"), ("answer", "an answer"), ("test", "tl.check(...)")):
        if kind not in cells:
            raise CourseError(f"{path.name}: exercise {of} has no cell with {what}")
    text, answer, test = (cells[kind].source for kind in ("text", "answer", "test"))
    heading = HEADING.match(text)
    if not heading or heading["n"] != of:
        raise CourseError(
            f"{path.name}: exercise {of} should begin with '## {of} · Title · 4 points, 15 "
            f"minutes', not {text.splitlines()[0]!r}"
        )
    objective = re.search(r"^\*\*Objective\.\*\* (.+)$", text, flags=re.M)
    hint = re.search(r"<summary>A hint</summary>(.+?)</details>", text, flags=re.S)
    called = re.search(rf'tl\.check\("{re.escape(of)}", (\w+), me\)', test)
    hidden = between(test, BEGIN_HIDDEN, END_HIDDEN)
    if (
        not objective
        or not called
        or "def cases(" not in hidden
        or "### BEGIN SOLUTION" not in answer
    ):
        raise CourseError(
            f"{path.name}: exercise {of} needs a line '**Objective.** ...', a solution between its "
            f'markers, tl.check("{of}", name, me), and a hidden part with a function cases'
        )
    ast.parse(hidden)
    cells["test"].metadata.nbgrader["points"] = int(heading["p"])
    return Exercise(
        of,
        heading["title"],
        int(heading["p"]),
        int(heading["m"]),
        objective[1],
        hint[1] if hint else "",
        called[1],
        answer,
        hidden,
    )
