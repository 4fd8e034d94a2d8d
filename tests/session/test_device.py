"""Which backend, how it is compiled, and what to do where there is none."""

import importlib.util
import os
import sys

import keras
import numpy as np
import pytest

from tl_helpers.session import device, ensure_backend, jit_compile


@pytest.fixture
def installed(monkeypatch):
    """A function that says which packages there are, in a process that has not loaded Keras."""
    find = importlib.util.find_spec

    def only(*names):
        def spec(name, package=None):
            if name in ("tensorflow", "jax", "torch"):
                return name if name in names else None
            return find(name, package)

        monkeypatch.setattr(importlib.util, "find_spec", spec)

    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.setenv("KERAS_BACKEND", "")  # so that what a test sets is undone
    monkeypatch.delenv("KERAS_BACKEND")
    return only


def test_the_backend_of_a_loaded_keras_stays():
    assert ensure_backend() == keras.backend.backend()


@pytest.mark.parametrize(
    ("there", "chosen"),
    [(("tensorflow",), "tensorflow"), (("jax",), "jax"), (("tensorflow", "jax"), "tensorflow")],
)
def test_tensorflow_first_and_jax_where_it_is_missing(there, chosen, installed):
    installed(*there)
    assert ensure_backend() == chosen
    assert os.environ.get("KERAS_BACKEND", "tensorflow") == chosen


def test_keras_backend_wins(installed, monkeypatch):
    installed("tensorflow", "jax")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert ensure_backend() == "jax"


@pytest.mark.parametrize(
    ("there", "wanted", "extra"),
    [((), None, "tf-cpu"), (("tensorflow",), "jax", "jax"), (("jax",), "tensorflow", "tf-cpu")],
)
def test_no_backend_names_the_extra_that_installs_it(there, wanted, extra, installed, monkeypatch):
    installed(*there)
    if wanted:
        monkeypatch.setenv("KERAS_BACKEND", wanted)
    name = wanted or "tensorflow"
    with pytest.raises(device.NoBackend) as error:
        ensure_backend()
    assert f"{name!r} is not installed" in str(error.value)
    assert f'pip install "tl-helpers[{extra}]"' in str(error.value)
    assert isinstance(error.value, ImportError)


@pytest.mark.parametrize(
    ("backend", "gpu", "policy"),
    [
        ("tensorflow", False, False),
        ("tensorflow", True, "auto"),
        ("jax", False, "auto"),
        ("jax", True, "auto"),
    ],
)
def test_xla_is_off_only_on_a_cpu_under_tensorflow(backend, gpu, policy, monkeypatch):
    monkeypatch.setattr(device, "ensure_backend", lambda: backend)
    monkeypatch.setattr(device, "has_gpu", lambda: gpu)
    assert jit_compile() == policy


def test_warm_up_hides_what_the_first_operation_writes_and_gives_stderr_back(monkeypatch, capfd):
    asked = []

    def noisy(shape):
        os.write(2, b"start-up note")
        asked.append(shape)
        return np.ones(shape)

    monkeypatch.setattr(keras.ops, "ones", noisy)
    device.warm_up()
    os.write(2, b"after")
    assert asked
    assert capfd.readouterr().err == "after"


def test_warm_up_gives_stderr_back_after_an_error(monkeypatch, capfd):
    monkeypatch.setattr(keras.ops, "ones", lambda shape: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        device.warm_up()
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"
