"""Execute lessons: progress, claims, executed pages."""

import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_output
from tqdm import tqdm
from traitlets.config import Config

from ..session import base_seed
from .sources import lesson_sources, lessons_folder, student_notebook

CELL_TIMEOUT = 600  # seconds
TIMED_OUT = "CellTimedOut"


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

    Whatever breaks it, what ran until then is in the run's notebook, and its error says what broke.

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
    start = time.perf_counter()
    with _transport() as config:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            interrupt_on_timeout=True,  # so that the page shows what the cell was at
            error_on_timeout={"ename": TIMED_OUT, "evalue": "", "traceback": []},
            kernel_name="python3",
            resources={"metadata": {"path": str(lessons_folder())}},
            store_widget_state=False,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            config=config,
        )
        error, peak = _run_cells(client, env, source.stem)
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


def _run_cells(client, env, name) -> tuple[str | None, float | None]:
    """Run cells until one breaks, which then shows why; the error and the peak memory in GB."""
    cells, peak = client.nb.cells, None
    with ExitStack() as stack:
        bar = stack.enter_context(tqdm(total=len(cells), desc=name, unit="cell"))
        try:
            # Not client.execute, which would take Ctrl-C for a kernel that died.
            stack.enter_context(client.setup_kernel(env=env))
            info = client.wait_for_reply(client.kc.kernel_info())
            client.nb.metadata.language_info = info["content"]["language_info"]
        except Exception as reason:  # of any type: between here and a kernel lies much
            told = f"No kernel could be started: {reason}. Install what is missing: `make lessons`."
            first = next((cell for cell in cells if cell.cell_type == "code"), None)
            return _shown(first, "NoKernel", told), None
        for index, cell in enumerate(cells):
            number = client.code_cells_executed + 1  # as the page shows it
            try:
                client.execute_cell(cell, index, execution_count=number)
            except CellExecutionError as failure:
                peak = _peak_gb(client) or peak
                if failure.ename != TIMED_OUT:
                    return str(failure), peak
                kind = TIMED_OUT
                told = f"{_named(cell, number)} ran longer than {client.timeout} s and was stopped."
                break
            except DeadKernelError:
                kind, where = "KernelDied", _named(cell, number)
                told = f"the kernel died in {where}: out of memory is the usual reason."
                break
            except KeyboardInterrupt:
                client.shutdown_kernel = "immediate"  # it is busy, and would not listen
                raise
            peak = _peak_gb(client) or peak
            bar.update()
        else:
            return None, peak
    # Not before the kernel has ended: until then the cell's own last words may come.
    cell.execution_count = number
    return _shown(cell, kind, told[0].upper() + told[1:]), peak


def _named(cell, number) -> str:
    """A cell's number, and the beginning of its first line."""
    line = cell.source.strip().splitlines()[0]
    return f"cell {number} (`{line if len(line) <= 40 else line[:37] + '...'}`)"


def _shown(cell, name, told) -> str:
    """What happened, after making it an output of the cell where it did."""
    if cell is not None:
        cell.outputs.append(new_output("error", ename=name, evalue=told, traceback=[told]))
    return told


@contextmanager
def _transport() -> Iterator[Config]:
    """How to reach a kernel: over sockets in a folder of their own, which is then removed.

    Without a network, a machine or a sandbox may lack even the loopback interface. Where no folder
    takes sockets (Windows; a path of over 107 characters; some file systems), over TCP.
    """
    with ExitStack() as stack:
        for parent in (tempfile.gettempdir(), "/tmp") if hasattr(socket, "AF_UNIX") else ():
            try:
                folder = stack.enter_context(
                    tempfile.TemporaryDirectory(
                        prefix="tl-kernel-", dir=parent, ignore_cleanup_errors=True
                    )
                )
                with socket.socket(socket.AF_UNIX) as trial:
                    trial.bind(f"{folder}/k-0")
            except OSError:
                continue
            yield Config(KernelManager={"transport": "ipc", "ip": f"{folder}/k"})
            return
        yield Config()


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
