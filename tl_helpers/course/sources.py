"""From a lesson's text source to the notebook that students open."""

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import jupytext
import nbformat

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BLANK = "...  # your code here"


class CourseError(Exception):
    """A lesson, or the checkout it should lie in, is not as expected."""


def lessons_folder() -> Path:
    """The lessons/ folder of the checkout that this package runs from, or that we stand in."""
    for root in (Path.cwd(), *Path.cwd().parents, Path(__file__).parents[2]):
        if (root / "lessons" / "source").is_dir():
            return root / "lessons"
    raise CourseError("no lessons/ folder here or above: run tl-course in a checkout of the course")


def lesson_sources(numbers=()) -> list[Path]:
    """The text sources of the given lessons ("00", "2"), or of all."""
    every = sorted((lessons_folder() / "source").glob("[0-9][0-9]_*.py"))
    if not numbers:
        return every
    wanted = [f"{n:0>2}" for n in numbers]
    missing = [n for n in wanted if not any(p.name.startswith(f"{n}_") for p in every)]
    if missing:
        raise CourseError(
            f"no lesson {', '.join(missing)}; there are {', '.join(p.name[:2] for p in every)}"
        )
    return [p for p in every if p.name[:2] in wanted]


def read_source(path: Path) -> nbformat.NotebookNode:
    """The lesson with its solutions, as a notebook without outputs."""
    notebook = jupytext.reads(filled(path.read_text(encoding="utf-8")), fmt="py:percent")
    for cell in notebook.cells:
        # Before a function a source has blank lines (PEP 8), also where a cell begins with it.
        cell.source = cell.source.lstrip("\n")
    return notebook


def student_notebook(path: Path) -> str:
    """The notebook of a source, as JSON text: solutions blanked, ids stable, no outputs."""
    notebook = read_source(path)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{path.name[:2]}-{number:03d}"
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.NotebookNode({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.source = blank(cell.source)
    notebook.metadata = nbformat.NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


def blank(code: str) -> str:
    """Replace what stands between the solution markers by a place to write."""
    lines, inside = [], False
    for line in code.split("\n"):
        if line.strip() == BEGIN:
            if inside:
                raise CourseError(f"two {BEGIN!r} without {END!r} between them")
            inside = True
            lines.append(re.match(r"\s*", line)[0] + BLANK)
        elif line.strip() == END:
            if not inside:
                raise CourseError(f"{END!r} without {BEGIN!r}")
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise CourseError(f"{BEGIN!r} without {END!r}")
    return "\n".join(lines)


def build(check: bool = False) -> list[Path]:
    """Write every lesson's notebook; with `check`, only say which differ from their source."""
    changed = []
    for source in lesson_sources():
        target = lessons_folder() / f"{source.stem}.ipynb"
        text = student_notebook(source)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            changed.append(target)
            if not check:
                target.write_text(text, encoding="utf-8")
    return changed


def filled(text: str) -> str:
    """A source's text with the course's address and version where it leaves room for them."""
    return text.replace("{{REPOSITORY}}", repository()).replace("{{VERSION}}", version())


def repository() -> str:
    """The course's address, from pyproject.toml; the one place that a fork changes."""
    address = _project().get("urls", {}).get("Repository")
    if not address:
        raise CourseError("pyproject.toml has no Repository under [project.urls]")
    return address.rstrip("/").removesuffix(".git")


def version() -> str:
    """The version in pyproject.toml; its release is tagged v and this."""
    return _project()["version"]


def _project() -> dict:
    """The checkout's pyproject.toml, [project]; without a checkout, what the installation says."""
    try:
        file = lessons_folder().parent / "pyproject.toml"
        return tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    except (CourseError, OSError, KeyError):
        about = metadata("tl-helpers")
        urls = (line.partition(", ") for line in about.get_all("Project-URL") or ())
        return {"version": about["Version"], "urls": {label: url for label, _, url in urls}}
