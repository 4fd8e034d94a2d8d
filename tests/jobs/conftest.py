"""A module of job functions that this process and its workers can import by name."""

import pytest

MODULE = """
import os, pathlib, threading, time

def _note(log, text):
    with open(log, "a") as file:  # one short write a line: whole lines, also from many processes
        file.write(f"{text}\\n")

def square(x, log, wait=0):
    _note(log, f"{x} {os.getpid()}")
    time.sleep(wait)
    return {"square": x * x}

def boom(x):
    raise ValueError(f"no luck with {x}")

def flaky(log, fails):
    _note(log, "try")
    if len(pathlib.Path(log).read_text().split()) <= fails:
        raise OSError("not yet")
    return "at last"

def die(log, neighbour=None):
    _note(log, "die")
    while neighbour and not pathlib.Path(neighbour).exists():
        time.sleep(0.02)
    os._exit(3)

def numbers(value):
    return {"loss": [1.0, float(value)]}

def a_set():
    return {1, 2}

def leave():
    raise SystemExit(2)

def where():
    return [os.getpid(), os.environ.get("TL_TEST_JOBS"), os.getcwd()]

def wait_for(path):
    while not pathlib.Path(path).exists():
        time.sleep(0.02)
    return "seen"
"""


@pytest.fixture(scope="session")
def module_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modules")
    (folder / "jobs_for_tests.py").write_text(MODULE)
    return folder


@pytest.fixture
def functions(module_folder, monkeypatch):
    """The prefix of the job functions' names, importable from here on."""
    monkeypatch.syspath_prepend(str(module_folder))
    return "jobs_for_tests:"


@pytest.fixture
def db(tmp_path):
    return tmp_path / "sub" / "jobs.sqlite"
