"""Notebook 7: a lesson runs, and its widgets live."""

import json
import time

import pytest

from .hands import try_dials
from .lab import serve

pytestmark = pytest.mark.browser
NAME = "04_should_i_transfer.ipynb"


def ran(path):
    """Whether every code cell of a saved notebook was executed; errors fail at once."""
    code = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
    errors = [o for cell in code for o in cell["outputs"] if o["output_type"] == "error"]
    assert errors == []
    return all(cell["execution_count"] for cell in code)


def test_a_lesson_in_notebook_7(tmp_path, browser, axe, screen):
    page = browser.new_page(viewport={"width": 1100, "height": 900})
    problems = []
    # One of its own add-ons fails when it starts; what is not its own must not.
    page.on("pageerror", lambda e: "notebook_core" in (e.stack or "") or problems.append(str(e)))
    with serve(tmp_path, "notebook", TL_SMOKE="1") as address:
        page.goto(f"{address}/{NAME}")
        page.get_by_role("heading", name="04 · Should I transfer?").wait_for(timeout=60_000)
        page.locator("[data-status=idle]").first.wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        end = time.monotonic() + 300
        while not ran(tmp_path / NAME):
            assert time.monotonic() < end, "the lesson did not come to its end"
            page.wait_for_timeout(3000)
            page.keyboard.press("Control+s")
        seen = set()
        panel = page.locator(".jp-WindowedPanel-outer").first
        while True:  # what is far from the screen is not on the page
            for widget in page.locator(".jp-OutputArea .tl-widget[role=group]").all():
                name = widget.get_attribute("aria-labelledby")
                if not name or name in seen or not widget.is_visible():
                    continue
                widget.scroll_into_view_if_needed()
                widget.locator(".tl-title").first.click()  # its cell is the active one, and stays
                seen.add(name)
                try_dials(widget)
                axe(page, f"[aria-labelledby={name}]")
                if "tl-map" in widget.get_attribute("class"):
                    screen(page, "notebook-04")
            before = panel.evaluate("(panel) => panel.scrollTop")
            panel.evaluate("(panel) => panel.scrollBy(0, 500)")
            page.wait_for_timeout(200)
            if panel.evaluate("(panel) => panel.scrollTop") == before:
                break
        page.goto("about:blank")
    page.close()
    assert len(seen) > 10
    assert problems == []
