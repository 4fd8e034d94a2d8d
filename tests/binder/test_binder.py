"""Binder: what binder/ asks for, installed alone, runs lessons 00 and 02 on one core in 2 GB.

The steps are repo2docker's, in its order: from the repository's root, `pip install -r
binder/requirements.txt` into a new environment, then `binder/postBuild` with that environment
first in the path. Then the lessons run under mybinder.org's limits. The environment is that of the
Python that the tests run on; CI has the one of runtime.txt among its own.
"""

import html
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from .limited import run_limited

ROOT = Path(__file__).parents[2]
MEMORY_GB, CORES = 2.0, 1  # what mybinder.org gives


def test_runtime_is_of_a_form_that_repo2docker_knows():
    text = (ROOT / "binder" / "runtime.txt").read_text().strip()
    python = re.fullmatch(r"python-(3\.\d+)", text)[1]
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"{python}.0" in SpecifierSet(needs)
    assert f'"{python}"' in (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def test_post_build_can_be_executed_and_stops_at_the_first_error():
    path = ROOT / "binder" / "postBuild"
    assert os.access(path, os.X_OK)
    assert re.search(r"^set -e", path.read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """The environment variables in which a built Binder runs."""
    folder = tmp_path_factory.mktemp("binder")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / "bin"
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("TL_", "PYTHON", "JUPYTER"))}
    install = [programs / "pip", "install", "-q", "-r", "binder/requirements.txt"]
    subprocess.run(install, cwd=ROOT, env=keep, check=True, capture_output=True)
    (folder / "home").mkdir()
    env = {
        **keep,
        "HOME": str(folder / "home"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "BINDER_SERVICE_HOST": "here",
    }
    if os.environ.get("TL_DATA_HOME"):  # stands for what postBuild downloads
        env["TL_DATA_HOME"] = os.environ["TL_DATA_HOME"]
    # A test downloads nothing but packages. Without the data postBuild must go on all the same.
    offline = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    built = subprocess.run(
        ["./binder/postBuild"], cwd=ROOT, env={**env, **offline}, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return env


@pytest.mark.parametrize(
    "smoke",
    [pytest.param(True, id="smoke"), pytest.param(False, id="full", marks=pytest.mark.slow)],
)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what processes share")
def test_lessons_00_and_02_run(binder, smoke, tmp_path, capsys):
    env = {**binder, "TL_SMOKE": "1" if smoke else "0"}
    command = ["tl-course", "run", "00", "02", "--out", str(tmp_path / "out")]
    with open(tmp_path / "log", "w") as log:
        done = run_limited(command, memory_gb=MEMORY_GB, cores=CORES, log=log, env=env, cwd=ROOT)
    text = (tmp_path / "log").read_text()
    assert done.code == 0, text[-3000:]
    for lesson in ("00", "02"):
        assert re.search(rf"^{lesson} · .*: ran in", text, re.MULTILINE)
    page = html.unescape(next((tmp_path / "out").glob("00_*.html")).read_text())
    assert "Ready: profile 'cpu' on CPU with tensorflow, in Binder" in page
    with capsys.disabled():
        print(f"\nBinder, {'smoke' if smoke else 'full'}: peak {done.peak_gb:.2f} GB")
