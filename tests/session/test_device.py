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


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's")
def test_keras_reads_data_without_autotuning(monkeypatch):
    from keras.src.trainers.data_adapters import array_data_adapter, py_dataset_adapter

    class Pictures(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return np.full((2, 4), i, "float32"), np.full((2, 1), i, "float32")

    x = np.repeat(np.arange(3, dtype="float32"), 2)[:, None]
    adapters = {
        array_data_adapter.ArrayDataAdapter: lambda of: of(x, batch_size=2),
        py_dataset_adapter.PyDatasetAdapter: lambda of: of(Pictures(), shuffle=False),
    }
    for of in adapters:  # as Keras has it
        read = of.get_tf_dataset
        monkeypatch.setattr(of, "get_tf_dataset", getattr(read, "__wrapped__", read))
    for of, make in adapters.items():
        assert make(of).get_tf_dataset().options().autotune.enabled is not False
    for _ in range(2):  # the second time changes nothing
        device.no_autotune()
    for of, make in adapters.items():
        data = make(of).get_tf_dataset()
        assert data.options().autotune.enabled is False
        assert [int(batch[0].numpy().flat[0]) for batch in data] == [0, 1, 2]
        assert not hasattr(of.get_tf_dataset.__wrapped__, "__wrapped__")


def test_a_keras_without_these_readers_stays_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras.src.trainers.data_adapters", None)
    device.no_autotune()
