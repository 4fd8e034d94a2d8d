"""The static site, in its short form: complete, light, and whole in itself."""

import json
import re
import types
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

import tl_helpers
from tl_helpers.course.pages import PLOTLY
from tl_helpers.course.site import build
from tl_helpers.course.site.build import smoke_runs
from tl_helpers.course.site.tree import Tree
from tl_helpers.course.sources import CourseError, lesson_sources
from tl_helpers.evaluate import recorded, recorded_names

from .pages_of import broken, pages

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(smoke_site):
    return smoke_site.resolve()


@pytest.fixture(scope="module")
def runs():
    return smoke_runs(ROOT / "build")


def outputs(run):
    return [o.get("data", {}) for cell in run.notebook.cells for o in cell.get("outputs", ())]


@pytest.mark.parametrize("source", lesson_sources(), ids=lambda p: p.stem)
def test_a_lesson_has_its_figures_and_its_widgets(site, runs, source):
    run = next(run for run in runs if run.lesson == source.name[:2])
    page = pages(site)[site / "lessons" / f"{source.stem}.html"]
    figures = sum(PLOTLY in data for data in outputs(run))
    widgets = sum('class="tl-static"' in data.get("text/html", "") for data in outputs(run))
    assert figures
    assert widgets
    assert page.source.count('class="tl-plotly"') == figures
    assert page.source.count('class="tl-static"') == widgets
    assert page.source.count('mount(render, "tl-') == widgets
    assert "&lt;div" not in page.source
    assert run.title in page.text
    for words in (f"executed in {run.seconds:.0f} seconds", "No figure of theirs here is a result"):
        assert words in page.text


def test_solutions_are_blank(site):
    for source in lesson_sources():
        text = (site / "lessons" / f"{source.stem}.html").read_text(encoding="utf-8")
        assert "your code here" in text
        assert "BEGIN SOLUTION" not in text


def test_every_address_on_the_site_leads_somewhere(site):
    assert len(pages(site)) > 40
    assert broken(site) == []


def test_nothing_is_loaded_from_elsewhere(site):
    for path, page in pages(site).items():
        for address in page.loaded:
            assert not re.match(r"(https?:)?//", address), f"{path} loads {address}"
    for path in site.rglob("*.css"):
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", path.read_text("utf-8")):
            assert not re.match(r"(https?:)?//", address), f"{path} loads {address}"


def test_no_page_has_an_id_twice(site):
    for path, page in pages(site).items():
        twice = [name for name, count in Counter(page.ids).items() if count > 1]
        assert twice == [], path


def test_the_widgets_style_is_there_once(site):
    assert (site / "_static" / "widget.css").is_file()
    for path in [*(site / "lessons").glob("*.html"), site / "runs.html", site / "map.html"]:
        assert "_static/widget.css" in "".join(pages(site)[path].loaded)
        assert ".tl-widget {" not in pages(site)[path].source


def test_it_is_light(site):
    assert sum(path.stat().st_size for path in site.rglob("*")) < 60_000_000
    for path in site.rglob("*.html"):
        assert path.stat().st_size < 5_000_000, path
    assert not list(site.rglob("*.ipynb"))
    assert len(list(site.rglob("plotly*.js"))) == 1


def test_all_claims_stand_in_one_table(site, runs):
    page = pages(site)[site / "claims.html"]
    told = [claim["text"] for run in runs for claim in run.claims]
    assert len(told) > 40
    for text in told:
        assert " ".join(re.sub(r"[`*'’]", "", text).split()) in re.sub(r"[`*'’]", "", page.text)
    assert page.source.count("<tr") == len(told) + 1
    assert page.text.count("not judged") == len(told)


def test_every_public_name_is_in_the_reference(site):
    for package in tl_helpers.__all__:
        found = getattr(tl_helpers, package)
        if not isinstance(found, types.ModuleType):
            assert f"tl.{package}" in pages(site)[site / "api" / "index.html"].text
            continue
        page = pages(site)[site / "api" / f"{package}.html"]
        for name in import_module(f"tl_helpers.{package}").__all__:
            assert f"tl_helpers.{package}.{name}" in page.ids


def test_the_reference_says_what_docstrings_say(site):
    page = pages(site)[site / "api" / "finetune.html"]
    assert "the peak rate, or several to choose from" in page.text
    assert "base_lr – " in page.text  # as one of a list of arguments
    widgets = pages(site)[site / "api" / "widgets.html"].text
    assert "dials – name -> levels, in the order of the leading axes." in widgets


def test_every_record_is_there_to_explore(site):
    page = pages(site)[site / "runs.html"]
    for name in recorded_names():
        title = recorded(name).experiment.__doc__.strip().splitlines()[0].rstrip(".")
        assert re.sub(r"['’]", "", title) in re.sub(r"['’]", "", page.text)
    explored = re.findall(r'mount\(render, "tl-runs-(\w+)"\)', page.source)
    drawn = page.source.count('aria-label="Chart"')
    assert len(explored) + drawn == len(recorded_names()) - 1  # the map has a page of its own
    assert 'mount(render, "tl-map")' in pages(site)[site / "map.html"].source


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("index.html", "lessons are falsifiable experiments"),
        ("instructors.html", "A timetable"),
        ("contributing.html", "A recorded run"),
        ("licence.html", "Apache License"),
        ("licence.html", "Creative Commons Attribution"),
        ("library.html", "finetune.layerwise"),
        ("data/omniglot_evaluation.html", "omniglot"),
        ("networks/tiny-resnet.html", "Known limits"),
    ],
)
def test_the_written_pages_are_there(site, page, words):
    assert words in pages(site)[site / page].text


def test_cards_of_all_data_and_networks_are_there(site):
    for folder, to in (("datasets", "data"), ("tl_helpers/backbones/weights", "networks")):
        for card in (ROOT / folder).glob("*.md"):
            assert (site / to / f"{card.stem}.html").is_file()


def test_search_knows_words_of_lessons_and_of_the_reference(site):
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    found = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))

    def where(word):
        names = set()
        for kind in ("terms", "titleterms"):  # a word of a page's headings is not among its terms
            at = found[kind].get(word, [])
            names |= {found["docnames"][i] for i in ([at] if isinstance(at, int) else at)}
        return names

    assert any(name.startswith("lessons/07") for name in where("temperatur"))
    assert "api/evaluate" in where("logm")


def test_the_link_check_finds_what_is_broken(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">x</a><a href="#here">x</a><img src="gone.png"><a href="../out.html">x</a>'
        '<a href="c.html#there">x</a><a href="https://example.org">x</a><p id="x">'
    )
    (tmp_path / "c.html").write_text('<a href="a.html#x">x</a>')
    assert [line.split(": ")[1].split()[0] for line in broken(tmp_path)] == [
        "b.html",
        "#here",
        "../out.html",
        "c.html#there",
        "gone.png",
    ]


def test_links_of_the_checkout_become_links_of_the_site(tmp_path):
    tree = Tree(ROOT, tmp_path)
    text = (
        "[card](tiny-resnet.md#known-limits) ![![badge](https://x.org/b.svg)](https://x.org)"
        "[file](../load.py) [top](../../../README.md)\n```\n[kept](nowhere.md)\n```\n"
    )
    linked = tree.linked(text, "tl_helpers/backbones/weights/tiny-resnet-s.md")
    assert "[card](/networks/tiny-resnet.md#known-limits)" in linked
    assert "https://x.org/b.svg" not in linked
    assert "/blob/main/tl_helpers/backbones/load.py)" in linked
    assert "[top](/index.md)" in linked
    assert "[kept](nowhere.md)" in linked
    shown = tree.linked('<img src="site-icon.svg" alt="x">', "docs/static/x.md")
    assert shown == '<img src="/_parts/site-icon.svg" alt="x">'
    with pytest.raises(CourseError, match=r"links to gone\.md, which is not there"):
        tree.linked("[a](gone.md)", "README.md")


def test_what_is_no_longer_written_leaves_the_sources(tmp_path):
    Tree(ROOT, tmp_path).write("old.md", "old")
    tree = Tree(ROOT, tmp_path)
    tree.write("new.md", "new")
    tree.prune()
    assert [path.name for path in tmp_path.iterdir()] == ["new.md"]


def test_a_warning_of_sphinx_is_an_error(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conf.py").write_text("extensions = ['myst_parser']\n")
    page = tmp_path / "docs" / "index.md"
    page.write_text("# A page\n")
    build._sphinx(tmp_path / "docs", tmp_path / "docs", tmp_path / "out", "")
    page.write_text("# A page\n\n[lost](/gone.md)\n")
    with pytest.raises(CourseError, match=r"gone\.md"):
        build._sphinx(tmp_path / "docs", tmp_path / "docs", tmp_path / "out", "")
