"""Training in JupyterLab: how far it is, and a button that stops it while the cell runs."""

import re

import nbformat
import pytest

from .lab import Book, serve

pytestmark = pytest.mark.browser

CELLS = [
    "import time; from pathlib import Path",
    "import tl_helpers as tl",
    """
from tl_helpers.session.progress import Stopped, part

def run(seed):  # what a fit does; it waits to be seen, and from the second seed on to be stopped
    with part("training", 10) as told:
        told.fit(10)
        for epoch in range(10):
            time.sleep(0.3)  # what is done within a second is not shown
            while epoch == 5 and not (told.stop if seed else Path("seen").exists()):
                time.sleep(0.05)
            if told.stop:
                raise Stopped
            told.fitted({"accuracy": epoch / 10, "loss": 1.0})
    return {"accuracy": seed / 100}

table = tl.evaluate.compare({"fine-tuned": run, "scratch": run}, seeds=100)
""",
    "print(len(table), tl.claim('a beats b', table, 'fine-tuned', 'scratch'))",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = spec
    nbformat.write(notebook, folder / "training.ipynb")
    with serve(folder) as address:
        yield address, folder


def test_it_grows_and_can_be_stopped(served, page, axe, screen):
    address, folder = served
    page.set_viewport_size({"width": 1100, "height": 900})
    book = Book(page, address, "training.ipynb")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    shown = page.locator(".tl-training")
    said = shown.locator(".tl-said")
    shown.get_by_text("Run 1 of 200: fine-tuned").wait_for(timeout=60_000)
    first = shown.locator("progress").evaluate("(bar) => bar.value")
    (folder / "seen").touch()
    shown.get_by_text("Run 3 of 200: fine-tuned").wait_for(timeout=60_000)
    assert "left." in said.inner_text()
    assert shown.locator("progress").evaluate("(bar) => bar.value") > first
    shown.locator("polyline").nth(2).wait_for(timeout=60_000)
    words = shown.locator("svg[role=img]").get_attribute("aria-label")
    assert re.match(r"Learning curves: accuracy on training pictures; [a-z-]+ is at \d+ %", words)
    axe(page, ".tl-training")
    screen(page, "training")
    shown.get_by_role("button", name="Stop here").press("Enter")
    book.wait()
    assert book.problems() == []
    assert said.inner_text().startswith("Stopped after ")
    assert shown.get_by_role("button", name="Stop here").is_hidden()
    # Who pressed the button is not sent to the top of the page when it goes away.
    page.wait_for_function("document.activeElement.className === 'tl-said'")
    texts = [o["text"].strip() for o in book.outputs() if o["text"].strip()]
    assert texts[0].startswith("Stopped: ")
    assert texts[1].startswith("2 ")  # a whole pair, and the notebook goes on
    assert texts[1].endswith("Not judged: 1 live seed, and it takes 3.")
    shown.get_by_text("Learning curves").click()
    assert shown.locator("polyline").first.is_visible()
    book.close()
