"""What is made and not written in the README and in CITATION.cff: links, times, the version.

The lessons' one-line descriptions are written in the README's table, and only there; a lesson's
time is what the lesson itself says. Everything with an address in it follows from pyproject.toml.
"""

import re
from pathlib import Path

from .links import binder, colab, site
from .sources import CourseError, lesson_sources, lessons_folder, read_source, repository, version

ROW = re.compile(r"^\| (?P<number>\d\d) \| (?P<about>[^|]+) \|", re.MULTILINE)
TIME = re.compile(r"\*\*Time\*\* (?P<time>about [^,]+) of computing")
BADGES = {
    "Binder": "https://mybinder.org/badge_logo.svg",
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
}


def build(check: bool = False) -> list[Path]:
    """Bring the README and CITATION.cff up to date; with `check`, only say which are not."""
    root, changed = lessons_folder().parent, []
    for name, made in (("README.md", readme), ("CITATION.cff", citation)):
        path = root / name
        old = path.read_text(encoding="utf-8")
        new = made(old)
        if new != old:
            changed.append(path)
            if not check:
                path.write_text(new, encoding="utf-8")
    return changed


def readme(text: str) -> str:
    """The README's text with its badges, its table of lessons and its addresses made again."""
    text = _between(text, "badges", _badges())
    text = _between(text, "lessons", _table(text))
    return _line(
        _line(text, r"git clone \S+", f"git clone {repository()}"),
        r"cd \S+",
        f"cd {repository().rsplit('/', 1)[1]}",
    )


def citation(text: str) -> str:
    """The text of CITATION.cff with the version and the address of pyproject.toml."""
    text = _line(text, r"version: .*", f"version: {version()}")
    return _line(text, r"repository-code: .*", f'repository-code: "{repository()}"')


def lessons(text: str) -> list[tuple[str, str, str, Path]]:
    """Number, description, time of computing and notebook of every lesson.

    Args:
        text: the README's, which has the descriptions; a lesson that is not in its table yet is
            described by its title.

    Raises:
        CourseError: a lesson does not say how long it computes.
    """
    about = {row["number"]: row["about"] for row in ROW.finditer(text)}
    found = []
    for source in lesson_sources():
        number, opening = source.name[:2], read_source(source).cells[0].source
        time = TIME.search(opening)
        if time is None:
            raise CourseError(f"{source.name} does not say '**Time** about ... of computing'")
        title = opening.splitlines()[0].partition(" · ")[2]
        notebook = Path("lessons", f"{source.stem}.ipynb")
        found.append((number, about.get(number, title), time["time"], notebook))
    return found


def _table(text) -> str:
    rows = ["| | Lesson | Computing | Open |", "|---|---|---|---|"]
    for number, about, time, notebook in lessons(text):
        rows.append(f"| {number} | {about} | {time} | {_open(notebook)} |")
    return "\n".join(rows)


def _badges() -> str:
    ci = f"{repository()}/actions/workflows/ci.yml"
    first = Path("lessons", f"{lesson_sources()[0].stem}.ipynb")
    state = f"[![CI]({ci}/badge.svg?branch=main)]({ci})"
    return f"{state} {_open(first)}\n[The course as pages]({site()})"


def _open(notebook: Path) -> str:
    links = {"Binder": binder(notebook.as_posix()), "Colab": colab(notebook.as_posix())}
    return " ".join(f"[![Open in {name}]({BADGES[name]})]({at})" for name, at in links.items())


def _between(text, name, made) -> str:
    """Put what was made between the comments that hold its place."""
    begin, end = f"<!-- {name}: made by tl-course build -->", f"<!-- end of {name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise CourseError(f"README.md needs the lines {begin!r} and {end!r}, once each")
    head, rest = text.split(begin)
    return f"{head}{begin}\n{made}\n{end}{rest.split(end)[1]}"


def _line(text, pattern, made) -> str:
    """Replace the one line that is of a form."""
    new, times = re.subn(rf"^{pattern}$", lambda _: made, text, flags=re.MULTILINE)
    if times != 1:
        raise CourseError(f"expected one line like {made!r}, found {times}")
    return new
