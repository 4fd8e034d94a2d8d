"""Running lessons: claims are collected, failures are reported, pages need no internet."""

import re

import pytest

from tl_helpers.course.execute import execute_all

GOOD = """# %% [markdown]
# # 07 · A <b>lesson</b>

# %%
import pandas as pd
import tl_helpers as tl
from tl_helpers import session

print("seed", session.base_seed())
rows = [("a", s, 0.5 + s / 100) for s in range(3)] + [("b", s, 0.3) for s in range(3)]
table = pd.DataFrame(rows, columns=["condition", "seed", "accuracy"])
tl.claim("a beats b", table, better="{better}", than="{than}", by=0.1)

# %%
tl.plots.compared(table, title="A and b")

# %%
from tl_helpers.data.fetch import data_home

print("data home:", data_home())
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    def write(**names):
        folder = tmp_path / "lessons" / "source"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "07_a_lesson.py").write_text(GOOD.format(**names))
        monkeypatch.chdir(tmp_path)
        return execute_all([], tmp_path / "out")[0]

    return write


def test_a_lesson_leaves_its_page_its_claims_and_a_summary(lesson, tmp_path):
    run = lesson(better="a", than="b")
    assert run.ok
    assert [c["supported"] for c in run.claims] == [True]
    assert run.claims[0]["mean"] == pytest.approx(0.21)
    page = (tmp_path / "out" / "07_a_lesson.html").read_text()
    assert 'aria-label="A and b: a 51.0 % (48.5 to 53.5); b 30.0 %' in page
    summary = (tmp_path / "out" / "index.html").read_text()
    assert "a beats b" in summary
    assert "21.0 points" in summary
    assert '<a href="07_a_lesson.html">' in summary
    assert "A &lt;b&gt;lesson" in summary


def test_pages_load_nothing_from_elsewhere(lesson, tmp_path):
    lesson(better="a", than="b")
    page = (tmp_path / "out" / "07_a_lesson.html").read_text()
    loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?([^\"' >]+)", page)
    assert "figures.js" in loaded
    assert not [x for x in loaded if x.startswith(("http", "//"))]
    assert (tmp_path / "out" / "plotly.min.js").stat().st_size > 1_000_000


def test_a_claim_that_does_not_hold_fails_the_run_and_the_page_shows_it(lesson, tmp_path):
    run = lesson(better="b", than="a")
    assert not run.ok
    assert "ClaimNotSupported" in run.error
    assert [c["supported"] for c in run.claims] == [False]
    summary = (tmp_path / "out" / "index.html").read_text()
    assert "not supported" in summary


def test_tl_seed_reaches_the_lesson(lesson, monkeypatch):
    monkeypatch.setenv("TL_SEED", "7")
    assert lesson(better="a", than="b").notebook.cells[1].outputs[0].text == "seed 7\n"


def test_a_relative_data_folder_is_meant_from_where_the_run_began(lesson, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("TL_DATA_HOME", "here")
    run = lesson(better="a", than="b")
    assert run.ok, run.error
    assert run.notebook.cells[-1].outputs[0].text == f"data home: {tmp_path / 'here'}\n"
