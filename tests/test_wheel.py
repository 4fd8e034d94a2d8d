"""The wheel, installed alone in a clean environment outside the checkout, runs lesson 00's code.

It is made from the sdist, so that this has in it what a wheel is made of. `TL_DIST` names a folder
with one that is there already: the one that a release publishes.
"""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tl_helpers.course.sources import filled, lesson_sources, version

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = ROOT / os.environ["TL_DIST"] if os.environ.get("TL_DIST") else None
    if out is None:
        out = tmp_path_factory.mktemp("wheel")
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_it_is_of_the_version_that_lessons_install(wheel):
    assert wheel.name.split("-")[1] == version()


def test_the_wheel_holds_weights_manifests_cards_and_recorded_runs(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "tl_helpers/backbones/weights/tiny-resnet.npz",
        "tl_helpers/_datasets/photos10.toml",
        "tl_helpers/_datasets/photos10.md",
        "tl_helpers/_datasets/runs/photos10/results.csv",
        "tl_helpers/widgets/explorer.js",
    ):
        assert part in names
    assert wheel.stat().st_size < 8e6


def test_lesson_00_runs_outside_the_checkout(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip = [python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt"]
    subprocess.run([*pip, f"{wheel}[tf-cpu]"], check=True, capture_output=True)
    code = filled(lesson_sources(["00"])[0].read_text())
    (tmp_path / "lesson.py").write_text(
        f"{code}\nprint('IN', tl.__file__, tl.data.datasets_folder())\n"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TL_", "PYTHON"))}
    done = subprocess.run(
        [python, "lesson.py"],
        cwd=tmp_path,
        env={**env, "TL_SMOKE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    used = done.stdout.splitlines()[-1].split()
    assert used[0] == "IN"
    assert all(str(tmp_path) in path for path in used[1:])
