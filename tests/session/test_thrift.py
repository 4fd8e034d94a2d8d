"""What Keras on TensorFlow wastes, it no longer does; all else stays."""

import gc
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

import tl_helpers as tl
from tl_helpers.session import thrift

on_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="it is TensorFlow that wastes it"
)


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    parts = [
        tl.data.Split(rng.integers(0, 255, (60, 8, 8, 3), "uint8"), np.arange(60) % 3)
        for _ in range(3)
    ]
    return tl.data.Dataset("noise", *parts, ("a", "b", "c"), {})


def network():
    start = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3)(start)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(start, keras.layers.Dense(3)(x))


def fit(data):
    model = network()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, jit_compile=False)
    model.fit(data.train.x, data.train.y, verbose=0)


def distilled(data):
    tl.distill.distill(network(), network(), data, epochs=1)


def fine_tuned(data):
    network = tl.backbones.load("tiny-resnet-s", weights=None)
    parts = {part: enlarged(getattr(data, part)) for part in ("train", "val", "test")}
    tl.finetune.fine_tune(tl.finetune.attach_head(network, 3), replace(data, **parts), epochs=1)


def enlarged(split):
    return tl.data.Split(split.x.repeat(4, 1).repeat(4, 2), split.y)


def graphs() -> int:
    gc.collect()
    return sum(type(o).__name__ == "FuncGraph" for o in gc.get_objects())


@on_tensorflow
@pytest.mark.parametrize("train", [fit, distilled, fine_tuned])
def test_a_fit_leaves_no_graph_behind(train, data):
    thrift.one_replica()
    train(data)
    before = graphs()
    for _ in range(2):
        train(data)
    assert graphs() == before


@on_tensorflow
def test_with_several_replicas_gradients_are_summed(monkeypatch):
    import tensorflow as tf
    from keras.src.backend.tensorflow.optimizer import TFOptimizer

    asked = []
    monkeypatch.setattr(
        TFOptimizer, "_all_reduce_sum_gradients", lambda self, pairs: asked.append(1) or list(pairs)
    )
    thrift.one_replica()
    optimizer, pairs = keras.optimizers.Adam(), [(1, 2)]
    assert optimizer._all_reduce_sum_gradients(pairs) == pairs
    assert not asked
    strategy = type("Two", (), {"num_replicas_in_sync": 2})
    monkeypatch.setattr(tf.distribute, "get_strategy", strategy)
    assert optimizer._all_reduce_sum_gradients(pairs) == pairs
    assert asked


@on_tensorflow
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
        thrift.no_autotune()
    for of, make in adapters.items():
        data = make(of).get_tf_dataset()
        assert data.options().autotune.enabled is False
        assert [int(batch[0].numpy().flat[0]) for batch in data] == [0, 1, 2]
        assert not hasattr(of.get_tf_dataset.__wrapped__, "__wrapped__")


def test_a_keras_that_has_them_elsewhere_stays_as_it_is(monkeypatch):
    for name in ("keras.src.trainers.data_adapters", "keras.src.backend.tensorflow.optimizer"):
        monkeypatch.setitem(sys.modules, name, None)
    thrift.no_autotune()
    thrift.one_replica()


@pytest.mark.skipif(not thrift._glibc(), reason="memory is given back where there is glibc")
def test_tidy_gives_memory_back(tmp_path):
    """In a process of its own: what others have freed before would blur it."""
    code = """
import numpy as np, psutil, tl_helpers.session.thrift as thrift
thrift.keep_memory()
class Part: pass
def held(): return psutil.Process().memory_info().rss
def leave():  # 400 MB, in a cycle
    one = Part(); one.self, one.data = one, [np.ones(10_000) for _ in range(5_000)]
leave()
before = held()
thrift.tidy()
assert before - held() > 200e6, (before, held())
"""
    subprocess.run([sys.executable, "-c", code], check=True)
