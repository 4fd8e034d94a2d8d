"""Every attack works on an unprotected grader, and gains nothing and harms nothing here."""

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tl_helpers.course.assignments import read_assignment
from tl_helpers.course.grading import artefacts, one, sandbox
from tl_helpers.course.grading.keys import read_key
from tl_helpers.course.grading.limits import Limits

from ..handed_in import edition, hand_in
from .attacks import ATTACKS, HARM, POINTS

HERE = Path(__file__).parent
SECONDS = 8  # after which an unprotected run counts as going on for ever
pytestmark = pytest.mark.sandbox


@pytest.fixture
def desk(tmp_path):
    """A grader's folder, with somebody listening; calls in are noted there as `heard`."""
    tmp_path.chmod(0o755)
    (tmp_path / "course").mkdir()
    (tmp_path / "course/90_tiny.py").write_text((HERE / "90_tiny.py").read_text())
    (tmp_path / "other").mkdir()
    (tmp_path / "other/bob.ipynb").write_text("{}")
    read_key(tmp_path / "key", create=True)
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        book.execute("CREATE TABLE grade (student TEXT PRIMARY KEY, points REAL)")
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with socket.socket() as ear, datagrams, socket.socket(socket.AF_UNIX) as local:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        datagrams.bind(ear.getsockname())
        os.chdir(tmp_path)
        local.bind("socket")
        local.listen()
        threading.Thread(target=_listen, args=(ear, tmp_path), daemon=True).start()
        threading.Thread(target=_receive, args=(datagrams, tmp_path), daemon=True).start()
        (tmp_path / "port").write_text(str(ear.getsockname()[1]))
        yield tmp_path
        os.chdir(HERE)


def _listen(ear, folder):
    while True:
        try:
            caller, _ = ear.accept()
        except OSError:
            return
        (folder / "heard").write_bytes(caller.recv(100))
        caller.close()


def _receive(datagrams, folder):
    try:
        (folder / "heard").write_bytes(datagrams.recv(100))
    except OSError:
        return


def submission(attack, desk):
    assignment = read_assignment(desk / "course/90_tiny.py")
    code = attack.code.replace("FOLDER", str(desk)).replace("PORT", (desk / "port").read_text())
    notebook = edition(assignment, "mallory", desk / "key", solved=False, replaced={"90.1": code})
    return hand_in(notebook, desk / "submission.ipynb")


def worked(attack, desk, told, hung):
    """Whether harm is done, by what the attack says of itself."""
    if attack.hangs:
        return hung
    if attack.told is None and attack.left is None:
        with sqlite3.connect(desk / "gradebook.db") as book:
            row = book.execute("SELECT points FROM grade WHERE student = 'mallory'").fetchone()
        return bool(row and row[0] > 0)
    seen = bool(attack.told and told and attack.told(told[0]))
    return seen or bool(attack.left and attack.left(desk))


def test_there_are_forty_and_each_has_its_name():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 40
    assert len(POINTS) >= 15
    assert len(HARM) >= 25


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_works_where_nothing_protects(attack, desk):
    submission(attack, desk)
    env = dict(os.environ, HOME=str(desk), USER="instructor", IPYTHONDIR=str(desk / "ipython"))
    runner = subprocess.Popen(
        [sys.executable, str(HERE / "unprotected.py")],
        cwd=desk,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    hung = False
    try:
        runner.wait(SECONDS if attack.hangs else 60)
    except subprocess.TimeoutExpired:
        hung = True
    if "stays" in attack.name:
        time.sleep(3)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(runner.pid, 9)
    runner.wait()
    told = desk / "told.json"
    told = json.loads(told.read_text()) if told.exists() else []
    assert worked(attack, desk, told, hung)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_gains_nothing_and_harms_nothing(attack, desk, monkeypatch):
    path = submission(attack, desk)
    limits = replace(Limits(), seconds=12, cell_seconds=5)
    monkeypatch.setattr(one, "Limits", lambda: limits)
    monkeypatch.setenv("SECRET_KEY", "not to be seen")
    seen = []
    read = artefacts.read
    monkeypatch.setattr(one.artefacts, "read", lambda *data: seen.append(read(*data)) or seen[0])
    began = time.monotonic()
    result = one.grade_one(str(desk / "course/90_tiny.py"), str(path), "mallory", str(desk / "key"))
    took = time.monotonic() - began
    if "stays" in attack.name:
        time.sleep(3)
    value = seen[0].values.get(("90.1", "one"))
    told = [float(value.ravel()[0])] if hasattr(value, "ravel") else []
    assert result["points"] == 0
    assert not worked(attack, desk, told, took > limits.seconds + 8)
    assert result["peak"] < 2 * limits.memory  # what can be taken between two looks
    for _ in range(50):  # the kernel takes a moment to bury them
        alive = [p for p in Path("/proc").iterdir() if p.name.isdigit() and _is_ours(p)]
        if not alive:
            break
        time.sleep(0.1)
    assert not alive
    if attack.hangs:
        assert result["reason"] or any("TimeoutError" in str(e) for e in _reasons(result))


DENIED = """
import errno, socket, mmap
found = []
for family in (38, 40):  # the kernel's ciphers, a virtual machine's host
    try: socket.socket(family, socket.SOCK_STREAM)
    except OSError as error: found.append(error.errno)
try: mmap.mmap(-1, 4096)
except OSError as error: found.append(error.errno)
mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)[:3] = b"abc"
with socket.socketpair()[0] as one: pass
def weighted(x, w): return np.full(x.shape[1], float(found == [errno.EPERM] * 3))
"""


def test_the_filter_denies_what_it_should_and_no_more(desk, monkeypatch):
    from .attacks import Attack

    path, seen, read = submission(Attack("", DENIED), desk), [], artefacts.read
    monkeypatch.setattr(one.artefacts, "read", lambda *data: seen.append(read(*data)) or seen[0])
    one.grade_one(str(desk / "course/90_tiny.py"), str(path), "mallory", str(desk / "key"))
    assert seen[0].values["90.1", "one"][0] == 1


def _reasons(result):
    return [e["type"] for e in result["errors"]] + [
        case["reason"] for e in result["exercises"] for case in e["cases"].values()
    ]


def _is_ours(process):
    """Whether a process of a sandbox of this grader is still there."""
    try:
        owner = process.stat().st_uid
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    if state == "Z":  # dead, and only to be counted by the machine's first process
        return False
    return os.geteuid() == 0 and owner == sandbox.USERS[os.getpid() % len(sandbox.USERS)]
