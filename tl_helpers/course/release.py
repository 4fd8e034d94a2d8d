"""The student edition of an assignment, and proof that nothing is in it that should not be."""

import html
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import nbformat
from traitlets.config import Config

from .assignments import BEGIN_HIDDEN, END_HIDDEN, Assignment, read_assignment, without
from .grading.keys import read_key, release_word
from .links import binder, colab
from .personal import PRACTICE
from .sources import BEGIN, BLANK, END, CourseError, blank, repository
from .with_nbgrader import nbgrader

TELLING = 12  # characters of a line of code, without spaces around it, that say something


def release(which: str, out: Path, key: Path | None = None, at: str = "assignments") -> list[Path]:
    """Make the student edition of an assignment: a notebook, a page of links, and a zip of both.

    Args:
        which: the assignment's number, or its source's path.
        out: the folder; made where it is missing.
        key: the secret key's file; made where there is none.
        at: where in the repository you will publish the notebook; the links point there.

    Returns:
        The files, the zip last.

    Raises:
        CourseError: nbgrader is missing, the assignment is not as it should be, or something of
            the instructor's is left in the edition; then nothing is written.
    """
    assignment, secret = read_assignment(which), read_key(key, create=True)
    word = release_word(secret, assignment.number)
    name = f"{assignment.path.stem}.ipynb"
    with tempfile.TemporaryDirectory(prefix="tl-release-") as folder:
        made = Path(folder, "edition")
        made.mkdir()
        (made / name).write_text(student_edition(assignment, word), encoding="utf-8")
        (made / "README.md").write_text(_links(assignment, name, at), encoding="utf-8")
        with zipfile.ZipFile(
            made / f"{assignment.path.stem}.zip", "w", zipfile.ZIP_DEFLATED
        ) as archive:
            for file in (name, "README.md"):
                archive.write(made / file, file)
        leaks = find_leaks(made, assignment, secret)
        if leaks:
            raise CourseError(
                "not released, because students would see what they should not:\n  "
                + "\n  ".join(leaks)
            )
        out = Path(out)
        out.mkdir(parents=True, exist_ok=True)
        files = sorted(made.iterdir(), key=lambda path: path.suffix == ".zip")
        return [Path(shutil.copy(file, out / file.name)) for file in files]


def student_edition(assignment: Assignment, word: str = PRACTICE) -> str:
    """The notebook without answers and hidden parts, made by nbgrader, as JSON text.

    Raises:
        CourseError: nbgrader is missing, or finds something wrong.
    """
    api = nbgrader().apps.NbGraderAPI
    notebook = nbformat.from_dict(assignment.notebook)
    with tempfile.TemporaryDirectory(prefix="tl-nbgrader-") as folder:
        name = f"assignment-{assignment.number}"
        source = Path(folder, "source", name, f"{assignment.path.stem}.ipynb")
        source.parent.mkdir(parents=True)
        nbformat.write(notebook, source)
        config = Config()
        config.CourseDirectory.root = folder
        config.ClearSolutions.code_stub = {"python": BLANK}
        config.ClearSolutions.enforce_metadata = False
        told = api(config=config).generate_assignment(name)
        if not told["success"]:
            raise CourseError(
                f"nbgrader made no student edition: {told.get('log') or told.get('error')}"
            )
        text = (Path(folder, "release", name) / source.name).read_text(encoding="utf-8")
    edition = nbformat.reads(text, as_version=4)
    for cell in edition.cells:
        cell.source = cell.source.replace("{{RELEASE}}", word)
    return nbformat.writes(edition) + "\n"


def find_leaks(folder: Path, assignment: Assignment, key: bytes) -> list[str]:
    """What in these files, and in zips among them, is the instructor's alone; a line each."""
    leaks = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for entry in archive.namelist():
                    leaks += _leaks(f"{path.name}, {entry}", archive.read(entry), assignment, key)
        else:
            leaks += _leaks(path.name, path.read_bytes(), assignment, key)
    return leaks


def _leaks(name, data, assignment, key) -> list[str]:
    raw = data.decode("utf-8", errors="replace")
    text = raw
    if name.endswith(".ipynb"):
        cells = nbformat.reads(raw, as_version=4).cells
        text = "\n".join([cell.source for cell in cells])
        if any(cell.get("outputs") for cell in cells):
            return [f"{name}: a cell with outputs"]
    leaks = [
        f"{name}: a marker, {mark}"
        for mark in (BEGIN, END, BEGIN_HIDDEN, END_HIDDEN)
        if mark in raw
    ]
    if key in data or key.hex() in raw.lower():
        leaks.append(f"{name}: the secret key")
    visible = "\n".join(
        without(blank(cell.source), BEGIN_HIDDEN, END_HIDDEN)
        if cell.cell_type == "code"
        else cell.source
        for cell in assignment.notebook.cells
    )
    shown = {line.strip() for line in visible.splitlines()}
    for exercise in assignment.exercises:
        solved = re.findall(rf"{BEGIN}\n(.*?)\n\s*{END}", exercise.answer, flags=re.S)
        for kind, code in (("a solution", "\n".join(solved)), ("what is graded", exercise.hidden)):
            lines = {line.strip() for line in code.splitlines()}
            for line in sorted(lines - shown):
                if len(line) >= TELLING and line in text:
                    leaks.append(f"{name}: {kind} of {exercise.number}: {line}")
    return leaks


def _links(assignment, name, at) -> str:
    place = "/".join(part for part in (at.strip("/"), name) if part)
    minutes = sum(one.minutes for one in assignment.exercises)
    lines = [
        f"# {assignment.title}",
        "",
        f"{assignment.points} points, about {minutes} minutes.",
        "",
    ]
    lines += ["| Exercise | Points | Minutes |", "|---|---|---|"]
    lines += [
        f"| {e.number} · {html.escape(e.title)} | {e.points} | {e.minutes} |"
        for e in assignment.exercises
    ]
    lines += [
        "",
        # You publish it, so the link goes to your main branch and not to a release of the course.
        f"Open it in [Binder]({binder(place)}), [Colab]({colab(place, 'main')}) or JupyterLab: "
        f"`jupyter lab {name}`.",
        "",
    ]
    lines += ["Fill in your id, save, and hand in the notebook as you are told. `tl-course submit "]
    lines[-1] += f"{name} --to FOLDER` hands it in to a folder and gives you a receipt."
    published = f"`{place}` of {repository()}"
    lines += ["", f"(The links work once the notebook is published as {published}.)", ""]
    return "\n".join(lines)
