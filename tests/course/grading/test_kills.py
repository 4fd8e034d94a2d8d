"""A grader that is killed at any moment loses nothing."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tl_helpers.course.collect import collect

from .tiny import ONE_CASE, TINY, WRONG, handed_in

pytestmark = pytest.mark.sandbox
SCRIPT = """
import json, sys
from tl_helpers.course.grading.grade import grade
_, grades = grade(sys.argv[1], sys.argv[2], key=sys.argv[3], workers=2, progress=False)
print(json.dumps({g.submission.lms_id: [g.state, g.result["points"]] for g in grades}))
"""


def killed_at_random(tmp_path, key, students, kills, rng):
    """Grade a class undisturbed, and again with kills; both results, and how many were left."""
    codes = [None, WRONG, ONE_CASE]
    source = handed_in(tmp_path / "in", key, {f"s{n:03}": codes[n % 3] for n in range(students)})
    for name in ("undisturbed", "killed"):
        collect(source, "90", tmp_path / name)
    command = [sys.executable, "-c", SCRIPT, str(TINY)]
    began = time.monotonic()
    calm = subprocess.run(
        [*command, str(tmp_path / "undisturbed"), str(key)], capture_output=True, check=True
    )
    took, left = time.monotonic() - began, []
    for _ in range(kills):
        run = subprocess.Popen(
            [*command, str(tmp_path / "killed"), str(key)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(rng.uniform(2, max(3, took / kills + 2)))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        left.append(_done(tmp_path / "killed"))
    last = subprocess.run(
        [*command, str(tmp_path / "killed"), str(key)], capture_output=True, check=True
    )
    return json.loads(calm.stdout), json.loads(last.stdout), left


def _done(collection):
    import sqlite3

    path = collection / "jobs.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as db:
        try:
            return db.execute("SELECT count(*) FROM jobs WHERE state = 'done'").fetchone()[0]
        except sqlite3.OperationalError:
            return 0


def test_kills_change_nothing(tmp_path, key):
    calm, killed, left = killed_at_random(tmp_path, key, 30, 4, random.Random(0))
    assert killed == calm
    assert left == sorted(left)
    assert [calm[f"s{n:03}"] for n in range(3)] == [
        ["graded", 6.0],
        ["graded", 0.0],
        ["graded", 1.0],
    ]


@pytest.mark.slow
def test_many_kills_change_nothing(tmp_path, key):
    calm, killed, left = killed_at_random(tmp_path, key, 200, 20, random.Random(1))
    assert killed == calm
    assert len(calm) == 200
    assert left == sorted(left)
