"""Colab's older stack in a browser, Notebook 6 in Colab's place: a part of `make colab`."""

import os

import pytest

from tl_helpers.course.sources import lesson_sources

from .hands import try_canvas, try_dials
from .lab import serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("TL_COLAB"), reason="for ipywidgets 7.7 and Notebook 6: make colab"
    ),
]

CELLS = "Jupyter.notebook.get_cells().filter((cell) => cell.cell_type === 'code')"
DONE = f"{CELLS}.length && {CELLS}.every((cell) => Number(cell.input_prompt_number))"
FAILED = (
    f"{CELLS}.flatMap((cell) => cell.output_area.outputs)"
    ".filter((output) => output.output_type === 'error' || output.name === 'stderr')"
)


@pytest.fixture(scope="module")
def classic(tmp_path_factory):
    """The address of a Notebook 6 whose notebooks run a step a fit."""
    with serve(tmp_path_factory.mktemp("classic"), "classic", TL_SMOKE="1") as address:
        yield address


@pytest.mark.parametrize("name", [source.stem for source in lesson_sources()])
def test_a_lesson_on_the_older_stack(classic, page, axe, screen, name):
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto(f"{classic}/{name}.ipynb")
    page.wait_for_function("window.Jupyter?.notebook?.kernel?.is_connected?.()", timeout=60_000)
    page.get_by_role("link", name="Cell", exact=True).click()
    page.get_by_role("menuitem", name="Run All", exact=True).click()
    page.wait_for_function(f"{DONE} || {FAILED}.length", timeout=300_000)
    assert page.evaluate(FAILED) == []
    assert page.locator(".tl-static").count() == 0  # alive, and not the version for a page alone
    widgets = page.locator(".tl-widget[role=group]")
    widgets.first.wait_for()
    assert widgets.count() > 2
    for widget in widgets.all():
        widget.scroll_into_view_if_needed()
        try_dials(widget)
    for canvas in page.locator(".tl-canvas").all():
        try_canvas(canvas)
    axe(page, ".tl-widget")
    screen(page, f"classic-{name}")
    page.evaluate("Jupyter.notebook.kernel.kill()")
    page.goto("about:blank")
