"""Executed lessons are kept, and made again only when something that they follow from changes."""

import pytest

from tl_helpers.course import kept as module
from tl_helpers.course.kept import kept, kept_or_executed
from tl_helpers.course.sources import lesson_sources

LESSON = """# %% [markdown]
# # 07 · A lesson

# %%
import pandas as pd
import tl_helpers as tl

rows = [("a", s, 0.5 + s / 100) for s in range(3)] + [("b", s, 0.3) for s in range(3)]
table = pd.DataFrame(rows, columns=["condition", "seed", "accuracy"])
tl.claim("a beats b", table, better="{better}", than="{than}", by=0.1)
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    def write(better, than):
        path = tmp_path / "lessons" / "source" / "07_a_lesson.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LESSON.format(better=better, than=than))
        monkeypatch.chdir(tmp_path)
        return lesson_sources()[0]

    return write


def test_a_lesson_is_executed_once(lesson, tmp_path, monkeypatch):
    source = lesson("a", "b")
    assert kept(source, tmp_path) is None
    made = kept_or_executed(source, tmp_path)

    def no(*args, **kwargs):
        raise RuntimeError("executed again")

    monkeypatch.setattr(module, "execute", no)
    again = kept_or_executed(source, tmp_path)
    assert again.claims == made.claims
    assert [c["supported"] for c in again.claims] == [True]
    assert (again.lesson, again.page, again.title) == ("07", "07_a_lesson.html", "07 · A lesson")
    assert again.notebook.cells[1].outputs == made.notebook.cells[1].outputs

    text = source.read_text()
    source.write_text(text + "print(1)\n")
    assert kept(source, tmp_path) is None
    source.write_text(text)
    assert kept(source, tmp_path) is not None
    for change in (("setenv", "TL_SEED", "7"), ("setattr", module, "_library", lambda: "changed")):
        with monkeypatch.context() as patch:
            getattr(patch, change[0])(*change[1:])
            assert kept(source, tmp_path) is None


def test_a_lesson_that_failed_is_not_kept(lesson, tmp_path):
    source = lesson("b", "a")
    assert "ClaimNotSupported" in kept_or_executed(source, tmp_path).error
    assert kept(source, tmp_path) is None
