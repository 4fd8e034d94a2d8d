"""Grading a class: every state, and what comes of it."""

import csv
import json
import shutil
import time

import pytest

from tl_helpers.course.assignments import read_assignment
from tl_helpers.course.collect import collect
from tl_helpers.course.grading import one, sandbox
from tl_helpers.course.grading.feedback import write_feedback
from tl_helpers.course.grading.grade import grade
from tl_helpers.course.grading.keys import read_key
from tl_helpers.course.grading.limits import Limits
from tl_helpers.course.grading.lms import write_tables
from tl_helpers.course.grading.report import write_report
from tl_helpers.course.sources import CourseError

from ..handed_in import edition, hand_in
from .tiny import ONE_CASE, TINY, WRONG, handed_in

pytestmark = pytest.mark.sandbox


def points(grades):
    return {g.submission.student: g.result and g.result["points"] for g in grades}


def test_a_class(tmp_path, key):
    students = {
        "ada": None,
        "bob": WRONG,
        "cleo": ONE_CASE,
        "dan": "import os\nos._exit(3)\n",
        "<b>eve</b>": "raise RuntimeError('<script>alert(1)</script>')\n",
    }
    source = handed_in(tmp_path / "in", key, {k.replace("/", ""): v for k, v in students.items()})
    (source / "fay.ipynb").write_text("{ damaged")
    collection = tmp_path / "out"
    collect(source, "90", collection)
    tiny, grades = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert points(grades) == {
        "ada": 6.0, "bob": 0.0, "cleo": 1.0, "dan": 0.0, "<b>eve<b>": 0.0, None: None,
    }  # fmt: skip
    by = {g.submission.student: g for g in grades}
    assert "ended early (exit code 3)" in by["dan"].result["reason"]
    assert by["<b>eve<b>"].result["errors"][0]["type"] == "RuntimeError"
    assert by[None].state == "problem"
    assert all(g.result["sandboxed"] for g in grades if g.result)

    pages = write_feedback(tiny, grades, collection, tmp_path / "feedback")
    assert len(pages) == len(set(pages)) == len(grades)
    text = {g.submission.student: p.read_text() for g, p in zip(grades, pages, strict=True)}
    assert "6 of 6 points" in text["ada"]
    assert "It could not be graded" in text[None]
    assert "<script>" not in "".join(text.values())
    assert "&lt;script&gt;" in text["<b>eve<b>"]
    for exercise in tiny.exercises:
        for line in exercise.hidden.splitlines():
            assert len(line.strip()) < 12 or line.strip() not in "".join(text.values())
    write_tables(tiny, grades, tmp_path)
    with open(tmp_path / "grades.csv", newline="") as file:
        lines = {line["student"]: line for line in csv.DictReader(file)}
    assert lines["cleo"]["points"] == "1.0"
    assert lines["cleo"]["90.1"] == "1.0"
    assert lines[""]["points"] == ""  # no zero
    assert "damaged" in lines[""]["reason"]
    report = write_report(tiny, grades, collection, tmp_path).read_text()
    assert "5 graded, 1 problem" in report
    assert "<script>" not in report


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\nos._exit(9)\n", "ended early (exit code 9)"),
        ("import os\nos.kill(os.getpid(), 9)\n", "was killed, most likely for want of memory"),
        (
            "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass\n",
            "longer than 8 s",
        ),
        ("print('x' * 2_000_000)\n", "printed more than 1 MB"),
        ("a = [bytearray(60_000_000) for _ in range(20)]\nlargest = 0\n", None),
    ],
)
def test_what_was_answered_before_the_end_counts(tmp_path, key, monkeypatch, code, reason):
    quick = {"seconds": 8, "cell_seconds": 3} if reason else {}  # memory takes time to fill
    limits = Limits(**quick, printed=1_000_000, data=900_000_000)
    monkeypatch.setattr(one, "Limits", lambda: limits)
    notebook = edition(read_assignment(TINY), "ada", key, replaced={"90.2": code})
    result = one.grade_one(str(TINY), str(hand_in(notebook, tmp_path / "a.ipynb")), "ada", str(key))
    assert [e["points"] for e in result["exercises"]] == [4, 0]
    if reason:
        assert reason in result["reason"]
    else:  # Python is told that there is no more, and the rest of the notebook runs
        assert result["reason"] is None
        assert result["errors"][0]["type"] == "MemoryError"


@pytest.mark.parametrize(
    "code",
    [
        "import os, time\nfor _ in range(6):\n"
        "    if os.fork() == 0:\n        while True: pass\ntime.sleep(50)\n",
        "import os, time\nwhile True:\n    if os.fork() == 0:\n        t = time.process_time()\n"
        "        while time.process_time() < t + 0.3: pass\n        os._exit(0)\n    os.wait()\n",
    ],
    ids=["at once", "one after another"],
)
def test_processors_are_limited_all_processes_together(tmp_path, key, monkeypatch, code):
    monkeypatch.setattr(one, "Limits", lambda: Limits(seconds=60, cell_seconds=50, cpu=6))
    notebook = edition(read_assignment(TINY), "ada", key, replaced={"90.2": code})
    result = one.grade_one(str(TINY), str(hand_in(notebook, tmp_path / "a.ipynb")), "ada", str(key))
    assert [e["points"] for e in result["exercises"]] == [4, 0]
    assert "computed for more than 6 s" in result["reason"]
    assert result["seconds"] < 30


def test_what_is_answered_just_before_the_end_is_read(tmp_path, monkeypatch):
    """The clock runs out while an answer still lies in the pipe."""
    select = sandbox.selectors.DefaultSelector.select
    monkeypatch.setattr(
        sandbox.selectors.DefaultSelector, "select", lambda self, wait: select(self, 0) and []
    )
    (tmp_path / "inside.py").write_text(
        "import os, sys, time\nos.write(int(sys.argv[2]), b'early')\ntime.sleep(60)"
    )
    monkeypatch.setattr(sandbox, "INSIDE", tmp_path / "inside.py")
    ended = sandbox.run(tmp_path, Limits(seconds=3), protected=False)
    assert ended.artefacts == b"early"
    assert "longer than 3 s" in ended.reason


def test_what_is_not_the_students_doing_is_no_zero_and_is_tried_again(tmp_path, key, monkeypatch):
    collection = tmp_path / "out"
    collect(handed_in(tmp_path / "in", key, {"ada": None, "bob": None}), "90", collection)
    run, calls = sandbox.run, []

    def broken(folder, limits, protected):
        calls.append(folder)
        return sandbox.Ended(b"", None, 1, "bwrap: no space left", 0.1, 0)

    monkeypatch.setattr(one.sandbox, "run", broken)
    _, grades = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert [g.state for g in grades] == ["not graded", "not graded"]
    assert "no space left" in grades[0].reason
    assert len(calls) == 6  # each three times
    write_tables(read_assignment(TINY), grades, tmp_path)
    assert "not graded,," in (tmp_path / "grades.csv").read_text()
    monkeypatch.setattr(one.sandbox, "run", run)
    _, grades = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert points(grades) == {"ada": 6.0, "bob": 6.0}


def test_what_is_graded_stays_and_what_changes_is_graded_anew(tmp_path, key, monkeypatch):
    collection = tmp_path / "out"
    collect(handed_in(tmp_path / "in", key, {"ada": WRONG}), "90", collection)
    ran = []
    run = sandbox.run
    monkeypatch.setattr(one.sandbox, "run", lambda *a: ran.append(1) or run(*a))
    for _ in range(2):
        _, (ada,) = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert (len(ran), ada.result["points"]) == (1, 0.0)
    time.sleep(0.01)
    collect(handed_in(tmp_path / "in", key, {"ada": None}), "90", collection)  # handed in again
    _, (ada,) = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert (len(ran), ada.result["points"]) == (2, 6.0)
    monkeypatch.setattr(one, "version", lambda: "another grader")
    grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert len(ran) == 3


def test_it_refuses_without_a_sandbox_and_says_so_where_it_is_waived(tmp_path, key, monkeypatch):
    collection = tmp_path / "out"
    collect(handed_in(tmp_path / "in", key, {"ada": None}), "90", collection)
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    sandbox.problem.cache_clear()
    try:
        with pytest.raises(CourseError, match=r"bubblewrap is not installed.*apt-get install"):
            grade(str(TINY), collection, key=key, workers=0, progress=False)
        how = {"key": key, "workers": 0, "progress": False, "protected": False}
        tiny, grades = grade(str(TINY), collection, **how)
    finally:
        monkeypatch.undo()
        sandbox.problem.cache_clear()
    assert grades[0].result["points"] == 6.0
    assert grades[0].result["sandboxed"] is False
    (page,) = write_feedback(tiny, grades, collection, tmp_path / "feedback")
    assert "without a sandbox" in page.read_text()
    assert "without a sandbox" in write_report(tiny, grades, collection, tmp_path).read_text()
    # What was graded without one is graded again with one.
    _, grades = grade(str(TINY), collection, key=key, workers=0, progress=False)
    assert grades[0].result["sandboxed"] is True


def test_half_a_character_stops_nobody(tmp_path, key):
    codes = {"ada": None, "mallory": "raise Exception('\\ud800')\nx = '\ud800'\n"}
    source = handed_in(tmp_path / "in", key, {"ada": None})
    notebook = edition(read_assignment(TINY), "mallory", key, replaced={"90.1": codes["mallory"]})
    (source / "mallory.ipynb").write_text(json.dumps(notebook))
    collect(source, "90", tmp_path / "out")
    tiny, grades = grade(str(TINY), tmp_path / "out", key=key, workers=0, progress=False)
    assert points(grades) == {"ada": 6.0, "mallory": 0.0}
    assert len(write_feedback(tiny, grades, tmp_path / "out", tmp_path / "feedback")) == 2
    write_tables(tiny, grades, tmp_path)
    write_report(tiny, grades, tmp_path / "out", tmp_path)


def test_a_notebook_of_another_release_is_reported(tmp_path, key):
    read_key(tmp_path / "other", create=True)
    source = handed_in(tmp_path / "in", key, {"ada": None})
    hand_in(edition(read_assignment(TINY), "bob", tmp_path / "other"), source / "bob.ipynb")
    collect(source, "90", tmp_path / "out")
    _, grades = grade(str(TINY), tmp_path / "out", key=key, workers=0, progress=False)
    reasons = {g.submission.student: g.reason for g in grades}
    assert reasons["ada"] is None
    assert "not of this release" in reasons["bob"]


def test_a_run_that_never_began_is_not_the_students(tmp_path, key, monkeypatch):
    monkeypatch.setattr(one, "Limits", lambda: Limits(seconds=0.01))
    path = hand_in(edition(read_assignment(TINY), "ada", key), tmp_path / "ada.ipynb")
    with pytest.raises(one.Infrastructure, match="did not begin"):
        one.grade_one(str(TINY), str(path), "ada", str(key))


def test_two_who_say_they_are_one_are_reported(tmp_path, key):
    source = handed_in(tmp_path / "in", key, {"ada": None})
    shutil.copy(source / "ada.ipynb", source / "bob.ipynb")
    collect(source, "90", tmp_path / "out")
    _, grades = grade(str(TINY), tmp_path / "out", key=key, workers=0, progress=False)
    assert all("2 submissions say that they are 'ada'" in g.reason for g in grades)


def test_grades_for_canvas_and_moodle(tmp_path, key):
    tiny = read_assignment(TINY)
    names = ["=cmd_11_5_x.ipynb", "Bob B_22_assignsubmission_file_/x.ipynb"]
    for name in names:
        hand_in(edition(tiny, name[:4], key), tmp_path / "in" / name)
    collect(tmp_path / "in", "90", tmp_path / "out")
    _, grades = grade(str(TINY), tmp_path / "out", key=key, workers=0, progress=False)
    write_tables(tiny, grades, tmp_path)
    canvas = list(csv.reader((tmp_path / "canvas.csv").read_text().splitlines()))
    assert canvas[0][-1] == "Assignment 90"
    assert canvas[1][-1] == "6"
    assert canvas[2] == ["'=cmd", "11", "", "", "", "6.0"]  # no formula
    moodle = list(csv.reader((tmp_path / "moodle.csv").read_text().splitlines()))
    assert moodle[1][:4] == ["Participant 22", "Bob B", "6.0", "6"]


def test_into_an_nbgrader_gradebook(tmp_path, key):
    pytest.importorskip("nbgrader")
    from nbgrader.api import Gradebook

    from tl_helpers.course.grading.gradebook import import_grades

    collect(
        handed_in(tmp_path / "in", key, {"ada": None, "cleo": ONE_CASE}), "90", tmp_path / "out"
    )
    tiny, grades = grade(str(TINY), tmp_path / "out", key=key, workers=0, progress=False)
    for _ in range(2):
        assert import_grades(tiny, grades, tmp_path / "gradebook.db") == 2
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions("assignment-90")}
        assert scores == {"ada": 6.0, "cleo": 1.0}
        assert book.find_assignment("assignment-90").max_score == 6
