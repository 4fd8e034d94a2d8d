"""Collect what was handed in, from an LMS's zip, a folder or nbgrader's exchange.

Nothing is unpacked by the names in a zip: each file's bytes are kept under their own hash, and the
name is only read. What is misnamed, damaged or too large is reported by its name, and kept.
"""

import csv
import hashlib
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from ..locks import locked
from .personal import normalised
from .sources import CourseError
from .submit import declared, write_whole

LARGEST = 20_000_000  # bytes of a notebook
ALL = 2_000_000_000  # bytes of all in a zip
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<id>\d+)_(?P<at>\d+)_(?P<file>[^/]+)")
MOODLE = re.compile(
    r"(?P<name>[^_/]+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?/?(?P<file>[^/]*)"
)
EXCHANGE = re.compile(
    r"(?P<id>[^+/]+)\+(?P<assignment>[^+/]+)\+(?P<at>[^/]+?(?: UTC)?)(?:\+[^/]*)?"
)
OURS = re.compile(r"(?P<assignment>\d\d)_(?P<id>.+)_(?P<sha>[0-9a-f]{12})\.ipynb")


@dataclass(frozen=True)
class Submission:
    """One file that was handed in.

    Attributes:
        name: as it was called.
        lms: "canvas", "moodle" or "" elsewhere.
        lms_id: the LMS's number of the student; elsewhere the folder's or file's name of them.
        person: the student's name, where the LMS gives it.
        student: the id that variants follow from: the roster's, or the one that the notebook says.
        file: where its bytes are, below the collection.
        sha256: of these.
        at: what orders several of one student: the later counts.
        problem: why it cannot be graded, or None.
        note: what an instructor should look at, though it can.
    """

    name: str
    lms: str
    lms_id: str
    person: str
    student: str | None
    file: str | None
    sha256: str | None
    at: str
    problem: str | None = None
    note: str | None = None


def collect(
    source: Path, assignment: str, out: Path, roster: Path | None = None
) -> list[Submission]:
    """Take in what was handed in, and list it in `out`/collected.json.

    A second call adds to the list: what is there already, byte for byte and by the same student, is
    not taken twice, but looked at again, by a better roster, say.

    Args:
        source: a zip of Canvas or Moodle; or a folder: of notebooks, of one folder a student, or of
            nbgrader's exchange.
        assignment: its number.
        out: where to.
        roster: a CSV with a column id, and name, canvas or moodle, by which they are known.

    Raises:
        CourseError: there is nothing at `source`, or the roster is none.
    """
    source, out = Path(source), Path(out)
    if not source.exists():
        raise CourseError(f"there is nothing at {source}")
    known = read_roster(roster) if roster else None
    (out / "files").mkdir(parents=True, exist_ok=True)
    (out / ".collected.json.lock").touch(0o600)  # whoever may open it can hold it
    with locked(out / "collected.json"):  # two at once would each leave out what the other takes
        taken = {}
        for one in read_collection(out) if (out / "collected.json").exists() else []:
            taken[one.lms, one.lms_id, one.sha256, one.name] = one
        files = _in_zip(source) if source.is_file() else _in_folder(source)
        for name, data, at, problem in files:
            one = _taken(name, data, at, problem, assignment, known, out)
            taken[one.lms, one.lms_id, one.sha256, one.name] = one  # it may be seen better now
        listed = json.dumps([asdict(one) for one in taken.values()], indent=1)
        write_whole(out / "collected.json", (listed + "\n").encode())
    return list(taken.values())


def read_collection(folder: Path) -> list[Submission]:
    """What `collect` listed there.

    Raises:
        CourseError: there is no list, or it is damaged.
    """
    path = Path(folder, "collected.json")
    try:
        return [Submission(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        raise CourseError(f"{folder} is no collection: run `tl-course collect` first") from None
    except (ValueError, TypeError) as error:
        raise CourseError(
            f"{path} is damaged ({error}): collect again into another folder"
        ) from None


def latest(submissions: list[Submission]) -> list[Submission]:
    """Of each student, the last that can be graded; where there is none, the last."""
    best = {}
    for one in submissions:
        before = best.get((one.lms, one.lms_id))
        rank = (one.problem is None, one.at)
        if before is None or rank >= (before.problem is None, before.at):
            best[one.lms, one.lms_id] = one
    return list(best.values())


def read_roster(path: Path) -> dict[tuple[str, str], str]:
    """(column, what stands there) -> id.

    Raises:
        CourseError: it cannot be read, has no column id, or the same person twice.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"cannot read the roster {path}: {error}") from None
    if not rows or "id" not in rows[0]:
        raise CourseError(
            f"the roster {path} needs a header with a column id, and a line a student"
        )
    known, doubled = {}, set()
    for row in rows:
        for column in ("id", "name", "canvas", "moodle"):
            value = normalised(row.get(column) or "")
            if not value:
                continue
            if (column, value) in known and column != "name":
                raise CourseError(f"the roster {path} has {column} {value!r} twice")
            if (column, value) in known:
                doubled.add((column, value))  # two of one name: the name tells nothing
            known[column, value] = normalised(row["id"])
    return {of: who for of, who in known.items() if of not in doubled}


def _in_zip(path) -> Iterator[tuple]:
    """Name, bytes, order and problem of each file in a zip."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise CourseError(f"{path} is no zip: {error}") from None
    total = 0
    with archive:
        for entry in archive.infolist():
            if entry.is_dir() or _is_litter(entry.filename):
                continue
            name, at = (
                entry.filename,
                "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*entry.date_time),
            )
            parts = PurePosixPath(name.replace("\\", "/")).parts
            problem = None
            if name.startswith(("/", "\\")) or ".." in parts or ":" in name:
                problem = "its name points out of the zip"
            elif (entry.external_attr >> 16) & 0o170000 == 0o120000:
                problem = "it is a link, not a file"
            elif entry.file_size > LARGEST:
                problem = f"it is larger than {LARGEST / 1e6:g} MB"
            elif total > ALL:
                problem = f"the zip holds more than {ALL / 1e9:g} GB"
            data = None
            if problem is None:
                try:
                    with archive.open(entry) as file:
                        data = file.read(LARGEST + 1)
                except Exception as error:  # damaged in any of many ways
                    problem = f"it is damaged: {error}"
                else:
                    total += len(data)
                    if len(data) > LARGEST:
                        data, problem = None, f"it is larger than {LARGEST / 1e6:g} MB"
            yield name, data, at, problem


def _in_folder(folder) -> Iterator[tuple]:
    """The same of each file in a folder, links not followed."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _is_litter(name) or (path.is_dir() and not path.is_symlink()):
            continue
        data, at, problem = None, "", None
        try:
            number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
            with open(number, "rb") as file:
                facts = os.fstat(number)
                at = f"{datetime.fromtimestamp(facts.st_mtime):%Y-%m-%d %H:%M:%S.%f}"
                if not stat.S_ISREG(facts.st_mode):
                    problem = "it is no file"
                elif facts.st_size > LARGEST:
                    problem = f"it is larger than {LARGEST / 1e6:g} MB"
                else:
                    data = file.read(LARGEST + 1)
        except OSError as error:
            problem = f"it cannot be read: {error.strerror}"
            if path.is_symlink():
                problem = "it is a link, not a file"
        yield name, data, at, problem


def _is_litter(name) -> bool:
    """Whether a program left it, and nobody handed it in."""
    parts = PurePosixPath(name).parts
    hidden = any(re.match(r"\.[^.]|__MACOSX", part) for part in parts)
    return hidden or parts[-1] == "timestamp.txt" or ".receipt-" in parts[-1]


def _taken(name, data, at, problem, assignment, known, out) -> Submission:
    """A file as a submission; its bytes are kept."""
    lms, lms_id, person, stamp = _whose(name)
    file = digest = student = note = None
    if data is not None:
        digest = hashlib.sha256(data).hexdigest()
        file = f"files/{digest}{'.ipynb' if name.endswith('.ipynb') else ''}"
        if not (out / file).exists():
            write_whole(out / file, data)
    if problem is None and not name.endswith(".ipynb"):
        problem = "it is no notebook (.ipynb)"
    if problem is None:
        number, said, _ = declared(data)
        if number is None and said is None:
            problem = "it is damaged, or no notebook of this course"
        elif number not in (None, assignment):
            problem = f"it is assignment {number}, not {assignment}"
        student = said
        if known is not None:
            listed = next(
                (
                    known[of]
                    for of in (
                        (lms, normalised(lms_id)),
                        ("id", normalised(lms_id)),
                        ("name", normalised(person)),
                    )
                    if of in known
                ),
                None,
            )
            if listed is None:
                problem = problem or f"{person or lms_id} is not on the roster"
            elif said not in (None, listed):
                note = f"the notebook says {said!r}, the roster {listed!r}; graded as {listed!r}"
            student = listed
        if student is None:
            problem = (
                problem or 'it does not say whose it is (STUDENT = ""), and there is no roster'
            )
    return Submission(
        name,
        lms,
        lms_id or PurePosixPath(name).stem,
        person,
        student,
        file,
        digest,
        stamp or at,
        problem,
        note,
    )


def _whose(name) -> tuple[str, str, str, str | None]:
    """The LMS, its id of the student, their name, and when, if the name tells it.

    The outermost folder that names somebody counts: what a student calls a file inside of it cannot
    make it somebody else's.
    """
    parts = PurePosixPath(name).parts
    for part in parts:
        if found := MOODLE.fullmatch(part):
            return "moodle", found["id"], found["name"], None
        if part is not parts[-1] and (found := EXCHANGE.fullmatch(part)):
            return "", found["id"], "", found["at"]
        if part is parts[-1] and len(parts) == 1:
            if found := CANVAS.fullmatch(part):
                return "canvas", found["id"], found["name"], None
            if found := OURS.fullmatch(part):
                return "", found["id"], "", None
    return "", (parts[0] if len(parts) > 1 else ""), "", None
