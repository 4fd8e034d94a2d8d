"""Notebooks are built from their sources, blank and without outputs."""

import json

import pytest

from tl_helpers.course import sources
from tl_helpers.course.sources import CourseError, blank, build, lesson_sources, student_notebook

SOURCE = """# %% [markdown]
# # 07 · A lesson

# %% tags=["exercise", "07.a"]
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "lessons" / "source").mkdir(parents=True)
    (tmp_path / "lessons" / "source" / "07_a_lesson.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lessons"


def test_the_student_gets_no_solution(course):
    text = student_notebook(lesson_sources()[0])
    assert "2 * x" not in text
    assert "SOLUTION" not in text
    cell = json.loads(text)["cells"][1]
    assert "    ...  # your code here" in "".join(cell["source"])
    assert cell["metadata"]["tags"] == ["exercise", "07.a"]
    assert cell["outputs"] == []


def test_build_writes_then_finds_nothing_to_do_then_sees_a_change(course):
    assert [p.name for p in build()] == ["07_a_lesson.ipynb"]
    assert build(check=True) == []
    (course / "07_a_lesson.ipynb").write_text("{}")
    assert [p.name for p in build(check=True)] == ["07_a_lesson.ipynb"]
    assert (course / "07_a_lesson.ipynb").read_text() == "{}"


def test_building_twice_gives_the_same_bytes(course):
    path = lesson_sources()[0]
    assert student_notebook(path) == student_notebook(path)


@pytest.mark.parametrize(
    "code",
    ["### BEGIN SOLUTION\nx", "x\n### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n"],
)
def test_unmatched_markers_are_an_error(code):
    with pytest.raises(CourseError, match="SOLUTION"):
        blank(code)


def test_lessons_are_found_by_number(course):
    assert lesson_sources(["7"]) == lesson_sources(["07"]) == lesson_sources()
    with pytest.raises(CourseError, match=r"no lesson 08; there are 07"):
        lesson_sources(["08"])


def test_outside_a_checkout_the_error_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    with pytest.raises(CourseError, match="run tl-course in a checkout"):
        sources.lessons_folder()


def test_the_repository_is_the_one_in_pyproject():
    assert sources.repository().startswith("https://")
