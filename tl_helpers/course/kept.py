"""Executed lessons that are kept, so that what is made of them need not execute them again.

A kept lesson is its executed notebook; the run, with its claims, is in the notebook's metadata, and
so is a hash of all that it was made from: the lesson's text, the library, the data, the packages
that compute, and the environment that steers lessons. Where the hash is another one, the lesson is
executed again.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat

from ..data.registry import datasets_folder
from ..locks import locked
from .execute import Run, execute
from .sources import student_notebook

KEY = "tl_course"
STEERING = ("KERAS_BACKEND", "TL_PROFILE", "TL_SEED", "TL_SMOKE")
# Of course/, most makes, shows or grades lessons, and does not change what comes out of them.
OF_COURSE = ("course/check", "course/execute.py")


def keep(run: Run, source: Path, folder: Path) -> Path:
    """Write a run's notebook into `folder`."""
    facts = {name: value for name, value in asdict(run).items() if name != "notebook"}
    notebook = nbformat.from_dict(run.notebook)
    notebook.metadata[KEY] = {"made_from": made_from(source), **facts}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source.stem}.ipynb"
    part = path.with_suffix(".part")
    nbformat.write(notebook, part)
    part.replace(path)
    return path


def kept(source: Path, folder: Path) -> Run | None:
    """The run that is kept of a lesson; None where there is none, it failed or is out of date."""
    try:
        text = (folder / f"{source.stem}.ipynb").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    notebook = nbformat.reads(text, as_version=4)
    facts = dict(notebook.metadata.get(KEY, {}))
    if facts.pop("made_from", None) != made_from(source) or facts["error"]:
        return None
    return Run(**facts, notebook=notebook)


def kept_or_executed(source: Path, folder: Path) -> Run:
    """The run that is kept, or else a new one, strict, which is then kept.

    Two processes that ask for the same lesson execute it once.
    """
    run = kept(source, folder)
    if run is None:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / source.stem):
            run = kept(source, folder)  # another one may have made it meanwhile
            if run is None:
                run = execute(source, folder / "claims" / f"{source.name[:2]}.jsonl")
                keep(run, source, folder)
    return run


def made_from(source: Path) -> str:
    """A hash of what a lesson's outcome follows from."""
    environment = {name: os.environ.get(name, "") for name in STEERING}
    environment["real data"] = bool(os.environ.get("TL_DATA_HOME"))
    parts = [student_notebook(source), _library(), json.dumps([environment, _packages()])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@cache
def _packages() -> dict[str, str]:
    """The versions of what computes and draws."""
    names = ("keras", "tensorflow", "tensorflow-cpu", "jax", "numpy", "scikit-learn", "plotly")
    found = {}
    for name in names:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


@cache
def _library() -> str:
    """A hash of the files of the library and of the data that lies beside it."""
    found = hashlib.sha256()
    for root in (Path(__file__).parents[1], datasets_folder()):
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            of_lessons = name.startswith(OF_COURSE) or not name.startswith(("course/", "cli.py"))
            if path.is_file() and of_lessons and "__pycache__" not in name:
                found.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
