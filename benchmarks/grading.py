"""How many submissions two processes grade in an hour, and how much memory each takes.

Reference solutions of students who have variants and data of their own: of assignment 06, which
needs NumPy alone, and of 02, one of whose exercises trains a Keras model.

python benchmarks/grading.py
"""

import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from _report import report

from tl_helpers.course.assignments import BEGIN_HIDDEN, END_HIDDEN, read_assignment, without
from tl_helpers.course.collect import collect
from tl_helpers.course.grading.grade import grade
from tl_helpers.course.grading.keys import read_key, release_word
from tl_helpers.course.grading.score import own
from tl_helpers.course.personal import Student

WORKERS = 2
CLASSES = {"NumPy only": ("06", 80), "with TensorFlow": ("02", 20)}


def main():
    rows = []
    for kind, (number, students) in CLASSES.items():
        with tempfile.TemporaryDirectory(prefix="tl-bench-") as folder:
            found = measure(number, students, Path(folder))
            rows.append({"what": kind, "assignment": number} | found)
    report(__file__, workers=WORKERS, classes=rows)


def measure(number, students, folder):
    """Grade a class; all of it but starting the processes is timed by what they finish."""
    folder.chmod(0o755)
    assignment, key = read_assignment(number), folder / "key"
    word = release_word(read_key(key, create=True), number)
    (folder / "in").mkdir()
    for n in range(students):
        who = Student(number, f"s{n}", word)
        notebook = nbformat.v4.new_notebook()
        for cell in assignment.notebook.cells:
            if cell.cell_type == "code":
                code = without(own(cell.source, who), BEGIN_HIDDEN, END_HIDDEN)
                marks = {"nbgrader": dict(cell.metadata.nbgrader)}
                notebook.cells.append(nbformat.v4.new_code_cell(code, metadata=marks))
        nbformat.write(notebook, folder / "in" / f"s{n}.ipynb")
    collect(folder / "in", number, folder / "out")
    watch = Watch()
    began = time.perf_counter()
    _, grades = grade(number, folder / "out", key=key, workers=WORKERS, progress=False)
    seconds = time.perf_counter() - began
    watch.stop()
    assert all(one.result["points"] == one.result["of"] for one in grades)
    return {
        "students": students,
        "seconds": round(seconds, 1),
        "an_hour": round(3600 * students / seconds),
        "worker_peak_gb": round(watch.worker / 1e9, 2),
        "sandbox_peak_gb": round(max(one.result["peak"] for one in grades) / 1e9, 2),
    }


class Watch:
    """The most memory that any one process below this one has had, sandboxes left out."""

    def __init__(self):
        self.worker, self.on = 0, True
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self):
        while self.on:
            for process in psutil.Process().children(recursive=True):
                try:
                    if "inside.py" not in " ".join(process.cmdline()):
                        self.worker = max(self.worker, process.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.2)

    def stop(self):
        self.on = False
        self.thread.join()


if __name__ == "__main__":
    main()
