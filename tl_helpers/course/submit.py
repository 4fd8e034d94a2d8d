"""Hand in: a copy that is whole or not there, and a receipt to hold against it later."""

import ast
import contextlib
import datetime
import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat

from .personal import is_id, normalised
from .sources import CourseError

LONGEST = 100_000  # characters of a cell that is read


@dataclass(frozen=True)
class Receipt:
    """What was handed in: the SHA-256 of the notebook's bytes says exactly which.

    Attributes:
        assignment: its number.
        student: the id that stands in the notebook.
        sha256: of the file.
        size: bytes.
        handed_in: when, UTC.
        file: what it is called where it was put.
    """

    assignment: str
    student: str
    sha256: str
    size: int
    handed_in: str
    file: str


def submit(notebook: Path, to: Path) -> tuple[Receipt, Path]:
    """Copy a notebook into a folder, and leave a receipt beside the notebook.

    Args:
        notebook: the student's.
        to: the folder for what is handed in; made where it is missing.

    Returns:
        The receipt, and its file.

    Raises:
        CourseError: it is no assignment, has no id, or cannot be written; nothing is handed in.
    """
    notebook, to = Path(notebook), Path(to)
    try:
        data = notebook.read_bytes()
    except OSError as error:
        raise CourseError(f"cannot read {notebook}: {error.strerror}") from None
    assignment, student, _ = declared(data)
    if not assignment:
        raise CourseError(
            f"{notebook.name} is no assignment of this course, or is not saved yet: save it in "
            "JupyterLab, then hand it in"
        )
    if not student:
        raise CourseError(f'{notebook.name} says of no one whose it is: fill in STUDENT = ""')
    digest = hashlib.sha256(data).hexdigest()
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    safe = re.sub(r"[^\w.@-]", "-", student, flags=re.ASCII)[:80]
    if safe != student:  # two ids may look alike so
        safe += f"-{hashlib.sha256(student.encode()).hexdigest()[:6]}"
    name = f"{assignment}_{safe}_{digest[:12]}.ipynb"
    receipt = Receipt(assignment, student, digest, len(data), now, name)
    told = notebook.with_name(f"{notebook.stem}.receipt-{digest[:12]}.json")
    try:
        to.mkdir(parents=True, exist_ok=True)
        write_whole(to / name, data, mode=0o644)
        write_whole(told, (json.dumps(asdict(receipt), indent=1) + "\n").encode())
    except OSError as error:
        raise CourseError(
            f"could not hand in {notebook.name}: {error.strerror} ({error.filename}). Nothing is "
            "lost: your notebook is where it was"
        ) from None
    return receipt, told


def verify(receipt: Path, notebook: Path) -> bool:
    """Whether a notebook is, byte for byte, the one of a receipt.

    Raises:
        CourseError: one of them cannot be read, or the receipt is none.
    """
    try:
        said = json.loads(Path(receipt).read_text(encoding="utf-8"))["sha256"]
        return hashlib.sha256(Path(notebook).read_bytes()).hexdigest() == said
    except OSError as error:
        raise CourseError(f"cannot read {error.filename}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{receipt} is no receipt") from None


def declared(data: bytes) -> tuple[str | None, str | None, str | None]:
    """Assignment, student and release's word, as a notebook names them; it is not run."""
    try:
        notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
        codes = [str(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    except Exception:  # nbformat raises what it pleases
        return None, None, None
    assignment = student = word = None
    for code in codes:
        if ("enrol" not in code and "STUDENT" not in code) or len(code) > LONGEST:
            continue
        try:
            nodes = list(ast.walk(ast.parse(code)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in nodes:
            match node:
                case ast.Assign(targets=[ast.Name("STUDENT")], value=ast.Constant(str() as given)):
                    student = student or normalised(given) or None
                case ast.Call(func=ast.Attribute(attr="enrol"), args=given):
                    texts = [n.value if isinstance(n, ast.Constant) else None for n in given]
                    if texts and re.fullmatch(r"\d\d", str(texts[0])):
                        assignment = assignment or texts[0]
                    if len(texts) > 2 and isinstance(texts[2], str):
                        word = word or texts[2]
    return assignment, student if is_id(student) else None, word


def write_whole(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file that is there whole or not at all, also after a power cut.

    Grades and what was handed in are for their owner's eyes, unless `mode` says otherwise.
    """
    number, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, mode)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    # The name, too, where the folder may be looked into (one may be for putting in only).
    with contextlib.suppress(OSError, AttributeError):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
