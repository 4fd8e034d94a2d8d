"""A grader as one writes it first: student and tests in one process, which owns everything.

Run in a folder with submission.ipynb, course/90_tiny.py, key and gradebook.db. What an attack is
worth is measured against it.
"""

import contextlib
import json
import os
import sqlite3
from pathlib import Path

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from tl_helpers.course.assignments import read_assignment
from tl_helpers.course.grading import score
from tl_helpers.course.grading.keys import read_key


def main():
    os.environ["SECRET_KEY"] = Path("key").read_text()
    assignment = read_assignment("course/90_tiny.py")
    graded = score.prepare(assignment, read_key(Path("key")), "mallory")
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.showtraceback = lambda *args, **kwargs: None
    for cell in json.loads(Path("submission.ipynb").read_text())["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"]))
    shell.user_ns["same_as"] = same_as
    told, points = [], 0
    for one in graded:
        answer = shell.user_ns.get(one.exercise.name)
        for case, right in one.right.items():
            try:
                got = answer(*one.cases[case].values()) if callable(answer) else answer
                shell.user_ns |= {"_got": got, "_right": right}
                same = shell.run_cell("assert same_as(_got, _right)").success
            except Exception:
                same = False
            with contextlib.suppress(Exception):
                told.append(float(np.ravel(np.asarray(got, float))[0]))
            points += same * one.exercise.points / len(one.right)
    Path("told.json").write_text(json.dumps(told))
    if Path("answers.npz").exists():  # artefacts, as a careless grader takes them
        for value in np.load("answers.npz", allow_pickle=True).values():
            value.tolist()
    with sqlite3.connect("gradebook.db") as book:
        book.execute("INSERT OR IGNORE INTO grade VALUES ('mallory', 0)")
        book.execute("UPDATE grade SET points = points + ? WHERE student = 'mallory'", (points,))


def same_as(got, right):
    return bool(got == right) if np.ndim(right) == 0 else not np.any(np.abs(got - right) > 1e-6)


if __name__ == "__main__":
    main()
