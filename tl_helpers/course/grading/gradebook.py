"""Grades into an nbgrader gradebook, for those who go on with its formgrader."""

from pathlib import Path

from ..assignments import Assignment
from ..with_nbgrader import nbgrader
from .grade import Grade


def import_grades(assignment: Assignment, grades: list[Grade], db: Path) -> int:
    """Write the graded ones into a gradebook, which is made where there is none.

    Students, assignment, notebook and cells are added where they are missing; a grade that is
    there is replaced, but not what a person has set by hand.

    Returns:
        How many students' grades were written.

    Raises:
        CourseError: nbgrader is not installed.
    """
    name, notebook = f"assignment-{assignment.number}", assignment.path.stem
    written = 0
    with nbgrader().api.Gradebook(f"sqlite:///{Path(db).resolve()}") as book:
        book.update_or_create_assignment(name)
        book.update_or_create_notebook(notebook, name)
        cells = {f"{e.number.replace('.', '-')}-test": e for e in assignment.exercises}
        for cell, exercise in cells.items():
            book.update_or_create_grade_cell(
                cell, notebook, name, max_score=exercise.points, cell_type="code"
            )
        for one in grades:
            if one.result is None:
                continue
            who = one.submission.student
            book.update_or_create_student(who)
            book.update_or_create_submission(name, who)
            points = {e["exercise"]: e["points"] for e in one.result["exercises"]}
            for cell, exercise in cells.items():
                grade = book.find_grade(cell, notebook, name, who)
                grade.auto_score = points[exercise.number]
                grade.needs_manual_grade = False
            written += 1
        book.db.commit()
    return written
