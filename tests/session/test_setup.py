"""`setup` and `pick`: what they choose, and what the environment changes about it."""

import importlib
import random
import re
import sys
import types

import keras
import numpy as np
import pytest

import tl_helpers as tl
from tl_helpers.session import lesson, pick, setup

module = importlib.import_module("tl_helpers.session.setup")


@pytest.fixture(autouse=True)
def before_setup(monkeypatch):
    """No lesson has started, on a machine without a GPU that is none of the known places."""
    monkeypatch.setattr(module, "_current", None)
    monkeypatch.setattr(module, "has_gpu", lambda: False)
    for name in ("CI", "BINDER_SERVICE_HOST", "BINDER_REPO_URL", "COLAB_RELEASE_TAG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)


def test_setup_returns_what_it_prints(capsys):
    session = setup(seed=3, lesson="07")
    backend = keras.backend.backend()
    said = f"Ready: profile 'cpu' on CPU with {backend}, in a script, seed 3.\n"
    assert capsys.readouterr().out == said == f"{session}\n"
    assert (session.profile, session.backend, session.seed) == ("cpu", backend, 3)
    assert (session.lesson, session.smoke) == ("07", False)


def test_quiet_prints_nothing(capfd):
    setup(quiet=True)
    assert capfd.readouterr() == ("", "")


def test_lesson_is_the_one_that_was_set_up():
    assert lesson() is None
    setup(lesson="04", quiet=True)
    assert lesson() == "04"


def chance():
    return [
        random.random(),
        float(np.random.uniform()),  # noqa: NPY002, the generator that Keras seeds
        float(keras.random.uniform(())),
    ]


def test_same_seed_same_chance_and_another_seed_another():
    drawn = []
    for seed in (1, 1, 2):
        setup(seed=seed, quiet=True)
        drawn.append(chance())
    assert drawn[0] == drawn[1]
    assert all(a != b for a, b in zip(drawn[0], drawn[2], strict=True))


def test_tl_seed_is_added(monkeypatch):
    setup(seed=103, quiet=True)
    expected = chance()
    monkeypatch.setenv("TL_SEED", "100")
    assert setup(seed=3, quiet=True).seed == 103
    assert chance() == expected


@pytest.mark.parametrize("text", ["-1", "1.5", "seven", str(2**31)])
def test_a_bad_tl_seed_says_so(text, monkeypatch):
    monkeypatch.setenv("TL_SEED", text)
    with pytest.raises(ValueError, match=f"TL_SEED must be a whole number .* '{re.escape(text)}'"):
        setup(quiet=True)


@pytest.mark.parametrize(
    ("argument", "variable", "gpu", "profile"),
    [
        (None, None, False, "cpu"),
        (None, None, True, "gpu"),
        (None, "gpu", False, "gpu"),
        (None, "cpu", True, "cpu"),
        ("cpu", "gpu", True, "cpu"),
        ("gpu", "cpu", False, "gpu"),
        (None, "", False, "cpu"),
    ],
)
def test_profile_by_argument_then_variable_then_machine(
    argument, variable, gpu, profile, monkeypatch
):
    monkeypatch.setattr(module, "has_gpu", lambda: gpu)
    if variable is not None:
        monkeypatch.setenv("TL_PROFILE", variable)
    session = setup(profile=argument, quiet=True)
    assert session.profile == profile
    assert session.device == ("GPU" if gpu else "CPU")
    assert pick(cpu="cpu", gpu="gpu") == profile


@pytest.mark.parametrize("by_variable", [False, True])
def test_an_unknown_profile_lists_those_there_are(by_variable, monkeypatch):
    if by_variable:
        monkeypatch.setenv("TL_PROFILE", "tpu")
    with pytest.raises(ValueError, match="unknown profile 'tpu'; profiles are cpu, gpu"):
        setup(profile=None if by_variable else "tpu", quiet=True)


def test_smoke_is_said_aloud(monkeypatch, capsys):
    monkeypatch.setenv("TL_SMOKE", "1")
    assert setup().smoke
    assert "smoke run: one step a fit, claims off" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variable", "place"),
    [("CI", "CI"), ("BINDER_SERVICE_HOST", "Binder"), ("BINDER_REPO_URL", "Binder")],
)
def test_place_by_the_environment(variable, place, monkeypatch):
    monkeypatch.setenv(variable, "true")
    assert setup(quiet=True).place == place


def test_place_in_a_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert setup(quiet=True).place == "Jupyter"


def test_colab_is_asked_to_show_widgets(monkeypatch):
    asked = []
    output = types.SimpleNamespace(enable_custom_widget_manager=lambda: asked.append("widgets"))
    colab = types.ModuleType("google.colab")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    assert setup(quiet=True).place == "Colab"
    assert asked == ["widgets"]


# pick


def test_pick_before_setup_follows_the_variable(monkeypatch):
    assert pick(cpu=8, gpu=30) == 8
    monkeypatch.setenv("TL_PROFILE", "gpu")
    assert pick(cpu=8, gpu=30) == 30
    monkeypatch.setenv("TL_PROFILE", "tpu")
    with pytest.raises(ValueError, match="unknown profile 'tpu'"):
        pick(cpu=8, gpu=30)


def test_a_smoke_run_may_have_a_value_of_its_own(monkeypatch):
    assert pick(cpu=8, gpu=30, smoke=1) == 8
    monkeypatch.setenv("TL_SMOKE", "1")
    assert pick(cpu=8, gpu=30, smoke=1) == 1
    assert pick(cpu=8, gpu=30) == 8
    with pytest.raises(ValueError, match="got"):
        pick(cpu=8, smoke=1)


@pytest.mark.parametrize("values", [{}, {"cpu": 1}, {"gpu": 1}, {"cpu": 1, "gpu": 2, "tpu": 3}])
def test_pick_needs_a_value_for_each_profile(values):
    with pytest.raises(ValueError, match=re.escape(f"got {sorted(values)}")):
        pick(**values)


def test_setup_and_pick_stand_at_the_top():
    assert tl.setup is setup
    assert tl.pick is pick
