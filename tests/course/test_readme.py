"""The README's links, times and addresses are made, and its descriptions are kept."""

import pytest

from tl_helpers import cli
from tl_helpers.course import readme
from tl_helpers.course.sources import CourseError, lessons_folder

LESSON = """# %% [markdown]
# # {number} · {title}
#
# **Time** about {time} of computing, about forty of reading.
"""
README = """# A course

<!-- badges: made by tl-course build -->
<!-- end of badges -->

git clone https://example.org/old/name
cd name

<!-- lessons: made by tl-course build -->
| | Lesson | Computing | Open |
|---|---|---|---|
| 00 | First steps: what, why, how | about an hour | old links |
<!-- end of lessons -->

The end.
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "lessons" / "source").mkdir(parents=True)
    for number, title, time in (("00", "First steps", "a minute"), ("01", "Second", "two minutes")):
        source = LESSON.format(number=number, title=title, time=time)
        (tmp_path / "lessons" / "source" / f"{number}_lesson.py").write_text(source)
    (tmp_path / "README.md").write_text(README)
    (tmp_path / "CITATION.cff").write_text('version: 0\nrepository-code: ""\n')
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nversion = "2.0"\n[project.urls]\nRepository = "https://github.com/ada/mine"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_descriptions_are_kept_times_and_links_are_made(course):
    changed = readme.build()
    assert [path.name for path in changed] == ["README.md", "CITATION.cff"]
    text = (course / "README.md").read_text()
    first, second = (line for line in text.splitlines() if line.startswith("| 0"))
    assert first.startswith("| 00 | First steps: what, why, how | about a minute | [![")
    assert second.startswith("| 01 | Second | about two minutes | [![")
    assert "github/ada/mine/blob/v2.0/lessons/01_lesson.ipynb" in second
    assert "git clone https://github.com/ada/mine\ncd mine\n" in text
    assert "old" not in text
    assert text.endswith("\nThe end.\n")
    cff = 'version: 2.0\nrepository-code: "https://github.com/ada/mine"\n'
    assert (course / "CITATION.cff").read_text() == cff
    assert readme.build() == []


def test_check_finds_what_is_out_of_date_and_changes_nothing(course):
    readme.build()
    made = (course / "README.md").read_text()
    (course / "README.md").write_text(made.replace("about a minute", "about a year"))
    assert [path.name for path in readme.build(check=True)] == ["README.md"]
    assert "about a year" in (course / "README.md").read_text()


def test_the_command_fails_when_the_readme_is_out_of_date(course, capsys):
    assert cli.main(["build"]) == 0
    assert cli.main(["build", "--check"]) == 0
    (course / "CITATION.cff").write_text('version: 1\nrepository-code: ""\n')
    capsys.readouterr()
    assert cli.main(["build", "--check"]) == 1
    assert capsys.readouterr().out == "out of date: CITATION.cff\n"


def test_a_readme_without_its_marks_is_an_error(course):
    (course / "README.md").write_text(README.replace("<!-- end of lessons -->", ""))
    with pytest.raises(CourseError, match="end of lessons"):
        readme.build()


def test_a_lesson_that_does_not_say_its_time_is_named(course):
    (course / "lessons" / "source" / "01_lesson.py").write_text(
        "# %% [markdown]\n# # 01 · Second\n"
    )
    with pytest.raises(CourseError, match=r"01_lesson\.py does not say"):
        readme.build()


def test_the_courses_own_are_up_to_date():
    assert readme.build(check=True) == []
    assert (lessons_folder().parent / "CITATION.cff").read_text().startswith("# The version")
