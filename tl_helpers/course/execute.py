"""Execute lessons: progress, claims, executed pages."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tqdm import tqdm

from ..session import base_seed
from .sources import lesson_sources, lessons_folder, student_notebook

CELL_TIMEOUT = 600  # seconds


@dataclass(frozen=True)
class Run:
    """One execution of a lesson."""

    lesson: str
    page: str  # the executed page's file name
    title: str
    error: str | None
    seconds: float
    peak_gb: float | None
    claims: list[dict]
    notebook: nbformat.NotebookNode

    @property
    def ok(self) -> bool:
        """Whether every cell ran and every claim held."""
        return self.error is None


def execute(source: Path, claims_file: Path, strict: bool = True, seed: int | None = None) -> Run:
    """Execute one lesson as a student gets it, in a kernel of its own.

    Args:
        source: the lesson's text source.
        claims_file: where its claims are written, JSON lines; replaced.
        strict: whether an unsupported claim stops the lesson.
        seed: what is added to every seed; default: what `TL_SEED` says.
    """
    notebook = nbformat.reads(student_notebook(source), as_version=4)
    claims_file.parent.mkdir(parents=True, exist_ok=True)
    claims_file.unlink(missing_ok=True)
    env = {
        **os.environ,
        **_anchored("TL_DATA_HOME", "TL_CACHE"),
        "TL_CLAIMS": str(claims_file.resolve()),
        "TL_STRICT": "1" if strict else "0",
        "TL_SEED": str(base_seed() if seed is None else seed),
    }
    bar = tqdm(total=len(notebook.cells), desc=source.stem, unit="cell", leave=True)
    peak = None

    def after_cell(cell, cell_index, **_):
        nonlocal peak
        bar.update(cell_index + 1 - bar.n)
        peak = _peak_gb(client)

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(lessons_folder())}},
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        on_cell_complete=after_cell,
    )
    start, error = time.perf_counter(), None
    try:
        client.execute(env=env)
    except CellExecutionError as failure:
        error = str(failure)
    bar.update(len(notebook.cells) - bar.n)
    bar.close()
    claims = []
    if claims_file.exists():
        claims = [json.loads(line) for line in claims_file.read_text().splitlines()]
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    seconds = time.perf_counter() - start
    page = f"{source.stem}.html"
    return Run(source.name[:2], page, title, error, seconds, peak, claims, notebook)


def execute_all(numbers, out: Path) -> list[Run]:
    """Execute lessons strictly and leave notebooks, a page each, and a summary in `out`."""
    from .kept import keep
    from .pages import write_page, write_summary

    runs = []
    for source in lesson_sources(numbers):
        run = execute(source, out / "claims" / f"{source.name[:2]}.jsonl")
        keep(run, source, out)
        write_page(run, out / run.page)
        runs.append(run)
    write_summary(runs, out / "index.html")
    return runs


def _anchored(*names) -> dict[str, str]:
    """Folders from the environment, made absolute: the kernel runs in another one."""
    return {n: str(Path(os.environ[n]).expanduser().resolve()) for n in names if os.environ.get(n)}


def _peak_gb(client) -> float | None:
    """The kernel's peak memory, where the system tells (Linux)."""
    pid = getattr(client.km.provisioner, "pid", None)
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    line = next((x for x in status.splitlines() if x.startswith("VmHWM:")), None)
    return int(line.split()[1]) * 1024 / 1e9 if line else None
