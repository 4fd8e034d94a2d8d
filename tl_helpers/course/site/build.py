"""Make the site: execute lessons, lay out its sources, run Sphinx over them."""

import importlib.util
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from ...locks import locked
from ..kept import kept_or_executed
from ..pages import write_scripts
from ..sources import CourseError, lesson_sources, lessons_folder
from .api import write_api
from .claims import write_claims
from .lessons import write_lessons
from .pages import write_pages
from .recorded import write_recorded
from .style import write_style
from .tree import Tree

SMOKE = (
    "A trial of the site: its lessons ran with a step a fit, to see that everything runs. "
    "No figure of theirs here is a result."
)


def build_site(smoke: bool = False, build: Path | None = None) -> Path:
    """Make the site, and return its folder, `site` in `build`.

    Lessons that are kept in `build`/lessons and up to date are not executed again.

    Args:
        smoke: lessons run on their `gpu` path with a step a fit and claims off, and each page says
            so. Everything of it has a name of its own: `site-smoke`, `lessons-smoke`.
        build: the folder for all that is made; default: build/ in the checkout.

    Raises:
        CourseError: a lesson failed, a link leads nowhere, or Sphinx has something to say.
    """
    if importlib.util.find_spec("myst_nb") is None or importlib.util.find_spec("furo") is None:
        raise CourseError('the site is made by Sphinx: pip install "tl-helpers[docs]"')
    root = lessons_folder().parent
    build, kind = (build or root / "build").resolve(), "-smoke" if smoke else ""
    runs = smoke_runs(build) if smoke else executed(build / "lessons")
    site = build / f"site{kind}"
    with locked(site):  # two at once would write over each other's pages
        tree = Tree(root, build / f"site{kind}-sources")
        write_pages(tree)
        write_lessons(tree, runs)
        write_claims(tree, runs)
        write_recorded(tree)
        write_api(tree)
        tree.prune()
        write_scripts(site / "_static")
        write_style(site / "_static")
        _sphinx(root / "docs", tree.out, site, SMOKE if smoke else "")
    return site


def smoke_runs(build: Path, sources=None) -> list:
    """Every lesson's short form, or that of `sources`: a step a fit, on the path of a GPU."""
    # Nothing is measured, so two may run at once.
    return executed(build / "lessons-smoke", sources, at_once=2, TL_SMOKE="1", TL_PROFILE="gpu")


def executed(folder: Path, sources=None, at_once: int = 1, **environment) -> list:
    """The runs of all lessons, or of `sources`, each kept in `folder` or made now."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        with ThreadPoolExecutor(at_once) as pool:
            make = partial(kept_or_executed, folder=folder)
            runs = list(pool.map(make, sources or lesson_sources()))
    finally:
        os.environ.clear()
        os.environ.update(before)
    for run in runs:
        if not run.ok:
            raise CourseError(f"lesson {run.lesson} failed: {run.error}")
    return runs


def _sphinx(settings: Path, sources: Path, site: Path, announcement: str) -> None:
    """Run Sphinx; its warnings are errors."""
    kept = site.with_name(f"{site.name}-doctrees")
    say = ["-D", f"html_theme_options.announcement={announcement}"] if announcement else []
    options = ["-W", "--keep-going", "-q", "-b", "html", "-c", settings, "-d", kept, *say]
    command = [sys.executable, "-m", "sphinx", *options, sources, site]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    told = subprocess.run(list(map(str, command)), env=environment, text=True, capture_output=True)
    if told.returncode:
        raise CourseError(f"Sphinx could not make the site:\n{told.stdout}{told.stderr}")
