"""Pages on a phone, and in the dark: nothing is cut, nothing overlaps, all is legible."""

from pathlib import Path

import pytest

from tl_helpers.course.pages import write_page, write_scripts, write_summary
from tl_helpers.course.site.build import _sphinx
from tl_helpers.course.site.lessons import write_lessons
from tl_helpers.course.site.style import write_style
from tl_helpers.course.site.tree import Tree

from .narrow import PHONE, narrowed, problems, run
from .served import served

# One worker: they are made once.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("narrow")]

ROOT = Path(__file__).parents[2]
DRAWN = "[...document.querySelectorAll('.tl-plotly')].every((box) => box.querySelector('svg'))"
PAGES = ["lessons/07_small.html", "lessons/index.html", "site/lessons/07_small.html"]
BRIGHTNESS = """() => {
  const colours = [document.body, document.documentElement].map((node) =>
    getComputedStyle(node).backgroundColor.match(/[\\d.]+/g).map(Number));
  const [r, g, b] = colours.find(([, , , alpha]) => alpha !== 0) ?? [255, 255, 255];
  return (r + g + b) / 3;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A lesson's page, the summary, and the same lesson on a site of its own."""
    folder, one = tmp_path_factory.mktemp("narrow"), run()
    write_page(one, folder / "lessons" / one.page)
    write_summary([one], folder / "lessons" / "index.html")
    tree, static = Tree(ROOT, folder / "sources"), folder / "site" / "_static"
    tree.write("index.md", "# A site\n\n```{toctree}\nlessons/07_small\nclaims\n```\n")
    tree.write("claims.md", "# Claims\n")
    write_lessons(tree, [one])
    write_scripts(static)
    write_style(static)
    _sphinx(ROOT / "docs", tree.out, folder / "site", "")
    (folder / "favicon.ico").touch()  # which a browser asks for
    with served(folder) as address:
        yield address


@pytest.fixture
def open_page(page, address):
    def opened(name, scheme="light", size=PHONE):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(address + name)
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(300)
        return page

    return opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_all_of_a_page(open_page, axe, screen, name, scheme):
    page = open_page(name, scheme)
    for details in page.locator("details").all():
        details.evaluate("node => (node.open = true)")
    screen(page, f"narrow-{name.replace('/', '-').removesuffix('.html')}-{scheme}")
    assert problems(page) == {}
    assert (page.evaluate(BRIGHTNESS) < 60) == (scheme == "dark")
    axe(page)


@pytest.mark.parametrize("name", [PAGES[0], PAGES[2]])
def test_a_window_that_becomes_narrow_shows_all_of_a_page(open_page, name):
    page = open_page(name, size={"width": 1280, "height": 900})
    assert problems(page) == {}
    title = page.locator(".tl-plotly .gtitle").first
    wide = title.bounding_box()["height"]
    assert problems(narrowed(page)) == {}
    assert title.bounding_box()["height"] > wide + 10  # in more lines
