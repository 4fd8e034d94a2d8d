"""JupyterLab, or Notebook, on a copy of the lessons, driven as a student would."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

LESSONS = Path(__file__).parents[2] / "lessons"
RUN = 300_000  # milliseconds that a lesson may take here, however busy the machine
BOOK = "window.jupyterapp?.shell?.currentWidget"


@contextlib.contextmanager
def serve(folder: Path, app: str = "lab", **env: str):
    """Start a server on `folder`, with all lessons in it; gives its address, and stops it.

    app: "lab", or "notebook" for Notebook 7, or "classic" for Notebook 6.
    """
    for path in LESSONS.glob("*.ipynb"):
        shutil.copy(path, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    classic = app == "classic"
    server = "NotebookApp" if classic else "ServerApp"
    settings = {
        f"{server}.ip": "127.0.0.1",
        f"{server}.port": port,
        "NotebookApp.token" if classic else "IdentityProvider.token": "",
        f"{server}.allow_root": True,
        "LabApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "jupyter", "lab" if app == "lab" else "notebook"]
    command += ["--no-browser"]
    command += [f"--{key}={value}" for key, value in settings.items()]
    fresh = {"JUPYTER_CONFIG_DIR": str(folder / ".config"), "HOME": str(folder)}
    # Where `jupyter` looks for its commands.
    fresh["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for own in ("TL_DATA_HOME", "TL_CACHE"):  # notebooks run in another folder
        if os.environ.get(own):
            fresh[own] = str(Path(os.environ[own]).resolve())
    log = folder / ".server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **fresh, **env}, stdout=out, stderr=out
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api", server, log)
        yield f"{address}/{'lab/tree' if app == 'lab' else 'notebooks'}"
    finally:
        server.terminate()  # and with it its kernels
        server.wait(30)


def _wait_for(address, server, log):
    for _ in range(240):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address).close()
            return
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


class Book:
    """One open notebook."""

    def __init__(self, page, address: str, name: str):
        self.page = page
        # JupyterLab would open again what was open before.
        page.goto(f"{address}/{name}?reset", wait_until="commit")
        page.wait_for_function(f"{BOOK}?.content?.widgets?.length > 3", timeout=60_000)
        kernel = f"{BOOK}.sessionContext.session?.kernel?.status"
        page.wait_for_function(f"{kernel} === 'idle'", timeout=60_000)

    def run_all(self):
        """Run All Cells, from the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self.wait()

    def run_to(self, tag: str):
        """Run all cells above the first of a tag, and that cell, from the menu."""
        self.show(self.index(tag))
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Above Selected Cell").click()
        self.wait(self.index(tag))
        self.show(self.index(tag))
        self.page.keyboard.press("Shift+Enter")
        self.wait(self.index(tag) + 1)

    def wait(self, end: int | None = None):
        """Wait until every code cell (before the one at `end`) has run, or one has failed."""
        done = f"""() => {{
          const cells = {BOOK}.content.widgets.slice(0, {"undefined" if end is None else end});
          const code = cells.map((cell) => cell.model).filter((model) => model.type === "code");
          const failed = (model) => model.outputs.toJSON().some((o) => o.output_type === "error");
          const done = (model) => model.executionState === "idle" && model.executionCount;
          return code.every(done) || code.some(failed);
        }}"""
        self.page.wait_for_function(done, timeout=RUN)

    def index(self, tag: str) -> int:
        """The place of the first cell with a tag."""
        return self.page.evaluate(
            f"(tag) => {BOOK}.content.widgets.findIndex("
            "(cell) => cell.model.getMetadata('tags')?.includes(tag))",
            tag,
        )

    def show(self, index: int):
        """Scroll to a cell, and select it."""
        self.page.evaluate(
            f"""async (index) => {{
              const book = {BOOK}.content;
              book.activeCellIndex = index;
              await book.scrollToItem(index, "start");
            }}""",
            index,
        )

    def outputs(self) -> list[dict]:
        """Every output: {"cell", "type", "name", "text", "kinds"}."""
        return self.page.evaluate(
            f"""() => {BOOK}.content.widgets.flatMap((cell, index) =>
              cell.model.type !== "code" ? [] : cell.model.outputs.toJSON().map((output) => ({{
                cell: index,
                type: output.output_type,
                name: output.name,
                text: [output.ename, output.evalue, output.text].flat().join(" "),
                kinds: Object.keys(output.data ?? {{}}),
              }})))"""
        )

    def problems(self) -> list[str]:
        """What a cell wrote to stderr, and errors."""
        return [o["text"] for o in self.outputs() if o["type"] == "error" or o["name"] == "stderr"]

    def close(self):
        """Shut the kernel down, for a few of them would fill the memory, and leave."""
        self.page.evaluate(f"{BOOK}.sessionContext.shutdown()")
        self.page.goto("about:blank")
