"""The static site in a real browser: alive without a kernel, and whole without the internet."""

import re

import pytest

from tl_helpers.course.sources import lesson_sources

from .narrow import narrowed, problems
from .served import served

# One worker: it is one site.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

LESSON = "lessons/00_start_here.html"
DRAWN = "[...document.querySelectorAll('.tl-plotly')].every((box) => box.querySelector('svg'))"


@pytest.fixture(scope="module")
def address(smoke_site):
    """The site's address, on this machine."""
    with served(smoke_site) as address:
        yield address


@pytest.fixture
def open_site(page, address):
    """Open a page of the site; any request to elsewhere fails the test."""
    elsewhere = []

    def watch(route):
        if route.request.url.startswith(address):
            return route.continue_()
        elsewhere.append(route.request.url)
        return route.abort()

    page.context.route("**/*", watch)

    def opened(name, **media):
        page.emulate_media(**media)
        page.goto(address + name)
        page.wait_for_function(DRAWN)
        return page

    yield opened
    assert elsewhere == []


@pytest.mark.parametrize("source", lesson_sources(), ids=lambda p: p.stem)
def test_a_lesson_is_alive(open_site, source):
    page = open_site(f"lessons/{source.stem}.html")
    for box in page.locator(".tl-plotly").all():
        assert box.locator("svg").first.bounding_box()["height"] > 100
        assert not box.locator("p").first.is_visible()  # the words that stood for the figure
        assert len(box.get_attribute("aria-label")) > 20
    # A widget is alive when its module has taken the place of its words.
    for widget in page.locator(".tl-static").all():
        assert widget.locator(".tl-widget").count() == 1
        assert widget.locator("[role=group], .tl-predict, button, input, .tl-result").count()
    assert page.get_by_role("button", name="Stop here").count() == 0  # nothing runs here
    assert page.evaluate("document.documentElement.scrollWidth") <= 760
    assert problems(narrowed(page)) == {}


def seen(page):
    explorer = page.locator(".tl-explorer").first
    return explorer.locator(".tl-summary").inner_text(), explorer.locator("> svg").inner_html()


def test_a_dial_moves_by_keyboard_and_by_mouse(open_site):
    page = open_site(LESSON)
    slider = page.locator(".tl-explorer").first.get_by_role("slider").first
    before = seen(page)
    slider.press("ArrowLeft")
    by_key = seen(page)
    box = slider.bounding_box()
    slider.click(position={"x": 3, "y": box["height"] / 2})
    by_mouse = seen(page)
    for old, new in ((before, by_key), (by_key, by_mouse)):
        assert old[0] != new[0]
        assert old[1] != new[1]


def test_the_map_answers(open_site):
    page = open_site("map.html")
    summary = page.locator(".tl-summary")
    before = summary.inner_text()
    page.get_by_role("slider", name="distance").press("End")
    assert summary.inner_text() != before
    assert "distance 1" in summary.inner_text()


def test_every_record_has_dials_that_answer(open_site):
    page = open_site("runs.html")
    explorers = page.locator(".tl-explorer")
    assert explorers.count() > 10
    for explorer in explorers.all():
        summary = explorer.locator(".tl-summary")
        before = summary.inner_text()
        dial = explorer.locator(".tl-dial").first
        if dial.locator("select").count():
            dial.locator("select").select_option(index=2)
        elif dial.get_by_role("radio").count():
            dial.locator("input:not(:checked)").first.check()
        else:
            slider = dial.get_by_role("slider")
            slider.press("End" if slider.input_value() == "0" else "Home")
        assert summary.inner_text() != before


@pytest.mark.parametrize(
    ("word", "found"), [("distillation", "07 · Distillation"), ("layerwise", "layerwise")]
)
def test_search_finds(open_site, word, found):
    page = open_site("index.html")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_placeholder("Search").fill(word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html*")
    page.locator("#search-results li a", has_text=found).first.click()
    page.wait_for_load_state()
    assert word in page.locator("article").inner_text().lower()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    ["index", LESSON.removesuffix(".html"), "claims", "map", "runs", "api/finetune", "search"],
)
def test_no_serious_accessibility_violation(open_site, axe, screen, name, scheme):
    page = open_site(f"{name}.html", color_scheme=scheme)
    if name == "index":  # where the list of pages has room beside the page
        page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
    screen(page, f"site-{name.replace('/', '-')}-{scheme}")


def test_the_themes_switch_takes_widgets_and_figures_along(open_site):
    page = open_site(LESSON, color_scheme="light")

    def colours():
        return page.evaluate(
            """() => [
              getComputedStyle(document.querySelector(".tl-widget")).backgroundColor,
              getComputedStyle(document.querySelector(".tl-plotly .gtitle")).fill,
            ]"""
        )

    light = colours()
    page.set_viewport_size({"width": 1280, "height": 900})
    for _ in range(3):  # the switch goes through three states
        if page.evaluate("document.body.dataset.theme") == "dark":
            break
        page.locator(".theme-toggle:visible").first.click()
    page.wait_for_function(
        "old => getComputedStyle(document.querySelector('.tl-plotly .gtitle')).fill !== old",
        arg=light[1],
    )
    assert light[0] == "rgb(255, 255, 255)"
    assert colours()[0] != light[0]


def test_paper_has_the_lesson_and_nothing_else(open_site, screen):
    page = open_site(LESSON)
    folded = page.locator("article details:not([open])").count()
    assert folded
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open])").count() == 0
    for part in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages"):
        assert not any(node.is_visible() for node in page.locator(part).all())
    assert page.locator(".tl-plotly svg").first.is_visible()
    assert page.locator(".tl-explorer svg").first.is_visible()
    screen(page, "site-print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article details:not([open])").count() == folded


@pytest.mark.parametrize("jump", ["from the contents", "by its address"])
def test_a_link_leads_to_its_section(open_site, page, jump):
    page.set_viewport_size({"width": 1400, "height": 900})
    lesson = "lessons/04_should_i_transfer.html"  # a long one
    open_site(f"{lesson}#practice" if jump == "by its address" else lesson)
    if jump == "from the contents":
        page.locator(".toc-drawer").get_by_role("link", name="Practice").click()
    top = "document.querySelector('#practice').getBoundingClientRect().top"
    page.wait_for_function(f"Math.abs({top} - 30) < 70")  # with room for a bar above it
    page.wait_for_timeout(1000)
    assert abs(page.evaluate(top) - 30) < 70  # and stays there


def test_without_javascript_words_stand_for_pictures(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + LESSON)
    for box in page.locator(".tl-plotly").all():
        assert box.locator("p").is_visible()
    words = page.locator(".tl-static .tl-widget").all_text_contents()
    assert any(re.search(r"over \d+ seeds", text) for text in words)
    context.close()
