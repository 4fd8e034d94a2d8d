"""Every assignment: the instructor's answers score all points, the blank none, nothing leaks."""

import ast
import zipfile

import pytest

from tl_helpers.course.assignments import assignment_sources, read_assignment
from tl_helpers.course.check import check, exercises_of
from tl_helpers.course.grading import score
from tl_helpers.course.grading.keys import read_key
from tl_helpers.course.grading.one import grade_one
from tl_helpers.course.personal import Student
from tl_helpers.course.release import find_leaks, release
from tl_helpers.course.sources import CourseError, lesson_sources

from .handed_in import edition, hand_in

NUMBERS = list(assignment_sources())
STUDENTS = [f"s{n}" for n in range(8)]  # enough that each variant is somebody's


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key"
    read_key(path, create=True)
    return path


def test_every_lesson_has_an_assignment():
    assert [path.name[:2] for path in lesson_sources()] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_has_what_a_student_is_told(number):
    assignment = read_assignment(number)
    assert 3 <= len(assignment.exercises) <= 6
    assert [one.number for one in assignment.exercises] == [
        f"{number}.{n + 1}" for n in range(len(assignment.exercises))
    ]
    assert set(exercises_of(number, graded=True)) == {e.number for e in assignment.exercises}
    texts = [c.source for c in assignment.notebook.cells if c.cell_type == "markdown"]
    for exercise in assignment.exercises:
        (text,) = (t for t in texts if t.startswith(f"## {exercise.number} "))
        assert "<summary>A hint</summary>" in text
        assert 5 <= exercise.minutes <= 45
        assert 1 <= exercise.points <= 10


@pytest.mark.parametrize("number", NUMBERS)
def test_checks_let_the_answer_pass_for_every_variant(number, key):
    assignment = read_assignment(number)
    for student in STUDENTS:
        who = Student(number, student)
        names = score.reference(assignment, who)
        for exercise in assignment.exercises:
            told = check(exercise.number, names[exercise.name], who)
            assert told.passed, (student, str(told))


@pytest.mark.parametrize("number", NUMBERS)
def test_checks_stop_what_is_blank(number):
    from tl_helpers.course.sources import blank

    assignment, names = read_assignment(number), {}
    who = Student(number, "ada")
    for cell in assignment.notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.nbgrader["grade"]:
            exec(score.own(blank(cell.source), who), names)
    for exercise in assignment.exercises:
        assert not check(exercise.number, names[exercise.name], who).passed, exercise.number


@pytest.mark.parametrize("number", NUMBERS)
def test_variants_and_cases_differ_between_students(number, key):
    assignment, secret = read_assignment(number), read_key(key)
    drawn = [score.prepare(assignment, secret, student) for student in STUDENTS[:2]]
    differs = False
    for mine, yours in zip(*drawn, strict=True):
        assert list(mine.cases) == list(yours.cases)
        differs |= not score.close(mine.right, yours.right)
        again = score.prepare(assignment, secret, STUDENTS[0])
        same = next(one for one in again if one.exercise.number == mine.exercise.number)
        assert score.close(same.right, mine.right), f"{mine.exercise.number} is not the same twice"
    assert differs


@pytest.mark.parametrize("number", NUMBERS)
def test_answers_are_not_the_librarys(number):
    # A call of the technique that the exercise asks for would answer it: variants are our own.
    assignment = read_assignment(number)
    for exercise in assignment.exercises:
        called = {
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(exercise.answer))
            if isinstance(node, ast.Call)
        }
        assert not {name for name in called if name.startswith("tl.")}, exercise.number


@pytest.mark.sandbox
@pytest.mark.parametrize("number", NUMBERS)
def test_the_instructors_answers_score_all_points(number, key, tmp_path):
    assignment = read_assignment(number)
    path = hand_in(edition(assignment, "ada", key), tmp_path / "ada.ipynb")
    result = grade_one(number, str(path), "ada", str(key))
    assert result["errors"] == []
    assert (result["points"], result["reason"]) == (assignment.points, None), result["exercises"]


@pytest.mark.sandbox
@pytest.mark.parametrize("number", NUMBERS)
def test_the_blank_release_scores_nothing(number, key, tmp_path):
    pytest.importorskip("nbgrader")
    made = release(number, tmp_path / "release", key)
    notebook = made[0].read_text().replace('STUDENT = \\"\\"', 'STUDENT = \\"ada\\"')
    path = tmp_path / "ada.ipynb"
    path.write_text(notebook)
    assert grade_one(number, str(path), "ada", str(key))["points"] == 0


@pytest.mark.parametrize("number", NUMBERS)
def test_a_planted_leak_is_found(number, key, tmp_path):
    pytest.importorskip("nbgrader")
    assignment, secret = read_assignment(number), read_key(key)
    files = release(number, tmp_path, key)
    assert find_leaks(tmp_path, assignment, secret) == []
    hidden = assignment.exercises[-1].hidden.splitlines()[1]
    inside = assignment.exercises[0].answer.split("### BEGIN SOLUTION\n")[1].splitlines()
    planted = [max(inside, key=len), hidden, secret.hex(), "### BEGIN HIDDEN TESTS"]
    sound = files[-1].read_bytes()
    for text in planted:
        (tmp_path / "planted.py").write_text(text)
        assert find_leaks(tmp_path, assignment, secret), text
        (tmp_path / "planted.py").unlink()
        with zipfile.ZipFile(files[-1], "a") as archive:
            archive.writestr("planted.py", text)
        assert find_leaks(tmp_path, assignment, secret), f"in the zip: {text}"
        files[-1].write_bytes(sound)


def test_a_release_with_a_leak_is_not_written(key, tmp_path, monkeypatch):
    pytest.importorskip("nbgrader")
    from tl_helpers.course import release as module

    assignment = read_assignment(NUMBERS[0])
    leaked = assignment.exercises[0].hidden
    monkeypatch.setattr(module, "_links", lambda *_: leaked)
    with pytest.raises(CourseError, match="what is graded"):
        release(NUMBERS[0], tmp_path / "out", key)
    assert not (tmp_path / "out").exists()
