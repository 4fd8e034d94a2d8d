"""Lessons in JupyterLab: they run, their widgets live, and people can use them.

CI has one lesson for each kind of widget, and the others are for make nightly.
"""

import json
import re

import pytest

from tl_helpers.course.sources import lesson_sources

from .hands import try_canvas, try_dials
from .lab import Book, serve

pytestmark = pytest.mark.browser
SOURCES = lesson_sources()
EVERY_WIDGET = ("01", "04", "05", "06")  # among them they have all kinds
NAMES = [
    pytest.param(s.stem, marks=[] if s.stem.startswith(EVERY_WIDGET) else pytest.mark.slow)
    for s in SOURCES
]
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab whose notebooks run a step a fit."""
    with serve(tmp_path_factory.mktemp("lab"), TL_SMOKE="1") as address:
        yield address


@pytest.fixture
def wide(page):
    """A page as wide as a student's."""
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def ours(book):
    """The cells that show a widget of this course, with the widget brought into view."""
    found = [o["cell"] for o in book.outputs() if {"text/html", WIDGET} <= set(o["kinds"])]
    for index in dict.fromkeys(found):
        book.show(index)
        for widget in book.page.locator(f"{cell(index)} .tl-widget[role=group]").all():
            widget.scroll_into_view_if_needed()
            yield index, widget


def cell(index):
    """Where a cell is on the page."""
    return f'[data-windowed-list-index="{index}"]'


def kinds(widget):
    """The class that says which widget it is."""
    return widget.get_attribute("class").split()


def widgets_of(source):
    """What a lesson imports from the widgets."""
    imported = re.search(r"^from tl_helpers\.widgets import (.+)$", source.read_text(), re.M)
    return set(imported[1].split(", "))


def test_ci_has_each_kind_of_widget():
    every = set.union(*map(widgets_of, SOURCES)) - {"predictions"}
    chosen = [widgets_of(s) for s in SOURCES if s.stem.startswith(EVERY_WIDGET)]
    assert set.union(*chosen) >= every


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_in_jupyterlab(lab, wide, axe, screen, name):
    book = Book(wide, lab, f"{name}.ipynb")
    book.run_all()
    assert book.problems() == []
    count = 0
    for index, widget in ours(book):
        count += 1
        try_dials(widget)
        axe(wide, f"{cell(index)} .tl-widget")
        if "tl-canvas" in kinds(widget):
            try_canvas(widget)
        if "tl-explorer" in kinds(widget):
            screen(wide, f"lab-{name}")
    assert count > 3
    wide.evaluate(
        "jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    wide.locator("[data-jp-theme-light=false]").wait_for(state="attached")
    for index, _ in ours(book):
        axe(wide, f"{cell(index)} .tl-widget")
    screen(wide, f"lab-{name}-dark")
    book.close()


def test_lesson_00_in_full_with_a_prediction(tmp_path, wide, screen):
    with serve(tmp_path, TL_STRICT="1") as address:  # a claim that does not hold is an error
        book = Book(wide, address, "00_start_here.ipynb")
        book.run_to("predict")
        question = wide.locator(".tl-predict").first
        question.get_by_role("button").click()
        assert "Choose an answer first" in question.inner_text()
        question.get_by_role("slider").focus()
        for _ in range(3):
            wide.keyboard.press("ArrowRight")
        guess = question.locator("output").inner_text()
        question.get_by_role("button").press("Enter")
        question.get_by_text(f"Locked in: {guess}.").wait_for()
        book.run_all()  # with that cell once more: what is locked in stays so
        assert book.problems() == []
        assert f"You said {guess}; measured" in question.inner_text()
        (kept,) = map(json.loads, (tmp_path / "predictions.jsonl").read_text().splitlines())
        assert kept["key"] == "00.shapes"
        assert guess == f"{kept['predicted']:.0f} points"
        for _, widget in ours(book):
            try_dials(widget)
        screen(wide, "lab-00-full")
        book.close()
