"""In a fresh process: importing is light, and the set-up cell writes nothing to stderr."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

import tl_helpers

HEAVY = "tensorflow", "jax", "keras", "numpy", "pandas", "plotly", "ipywidgets", "sklearn", "PIL"


def fresh(code, **environment):
    """Run Python code in a new process; CI and friends, which name a place, are not set there."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "KERAS_", "CI"))}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def loaded_by(code):
    done = fresh(f"{code}\nimport sys\nprint(*sys.modules)")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code", ["import tl_helpers", "import tl_helpers as tl; tl.session, tl.pick(cpu=1, gpu=2)"]
)
def test_importing_loads_nothing_heavy(code):
    loaded = loaded_by(code)
    assert "tl_helpers" in loaded
    assert not loaded & set(HEAVY)


def test_data_and_plots_need_no_backend_and_no_notebook():
    loaded = loaded_by(
        "import tl_helpers as tl; tl.plots.colour('x'); tl.data.load('formula10', per_class=1)"
    )
    assert "tl_helpers.data.formula" in loaded
    assert not loaded & {"tensorflow", "jax", "keras", "plotly", "ipywidgets", "pandas"}


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(AttributeError, match=r"no attribute 'nonsense'; it has .*'finetune'"):
        tl_helpers.nonsense  # noqa: B018


@pytest.mark.parametrize("name", tl_helpers.__all__)
def test_every_public_name_is_there(name):
    assert getattr(tl_helpers, name) is not None
    assert name in dir(tl_helpers)


@pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow not installed")
def test_setup_writes_one_line_and_nothing_to_stderr():
    done = fresh(
        "import tl_helpers as tl; tl.setup(seed=7, profile='cpu')", KERAS_BACKEND="tensorflow"
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert re.fullmatch(
        r"Ready: profile 'cpu' on [CG]PU with tensorflow, in [\w ]+, seed 7\.\n", done.stdout
    )
