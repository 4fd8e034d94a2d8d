"""Weights of eight bits."""

import keras
import numpy as np
import pytest

from tl_helpers.distill import from_int8, to_int8


def network(seed=0, width=6):
    keras.utils.set_random_seed(seed)
    x = begin = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(width, 3, name="conv")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(begin, keras.layers.Dense(4, name="head")(x))


@pytest.mark.core
def test_kernels_are_whole_numbers_and_all_else_is_kept():
    model = network()
    stored = to_int8(model)
    whole = {path for path, values in stored.items() if values.dtype == np.int8}
    assert whole == {"conv/kernel", "head/kernel"}
    assert stored["conv/kernel/scale"].shape == (1, 1, 1, 6)
    assert stored["head/kernel/scale"].shape == (1, 4)
    assert {path for path in stored if not path.endswith("/scale")} == {
        weight.path for weight in model.weights
    }


@pytest.mark.core
def test_what_comes_back_is_within_half_a_step():
    model, other = network(), network(seed=1)
    stored = to_int8(model)
    from_int8(other, stored)
    for was, now in zip(model.weights, other.weights, strict=True):
        step = 1 / stored.get(was.path + "/scale", np.inf)
        was, now = (keras.ops.convert_to_numpy(v) for v in (was, now))
        assert (np.abs(was - now) <= 0.501 * step).all()
    x = np.random.default_rng(0).uniform(0, 1, (5, 8, 8, 3))
    said, says = (m.predict(x, verbose=0) for m in (model, other))
    np.testing.assert_allclose(says, said, atol=0.02)
    assert not np.array_equal(says, said)


def test_it_survives_a_file_at_a_quarter_of_the_size(tmp_path):
    model = network(width=200)
    np.savez(tmp_path / "int8.npz", **to_int8(model))
    np.savez(tmp_path / "float32.npz", **{w.path: np.array(w) for w in model.weights})
    sizes = {name: (tmp_path / f"{name}.npz").stat().st_size for name in ("int8", "float32")}
    assert sizes["int8"] < 0.5 * sizes["float32"]
    other = network(seed=1, width=200)
    with np.load(tmp_path / "int8.npz") as stored:
        from_int8(other, stored)
    x = np.zeros((1, 8, 8, 3))
    np.testing.assert_allclose(other.predict(x, verbose=0), model.predict(x, verbose=0), atol=0.02)


def test_another_network_is_refused_and_left_as_it_was():
    model = network(width=7)
    before = [np.array(w) for w in model.weights]
    with pytest.raises(ValueError, match=r"conv/kernel, \(3, 3, 3, 7\), there is shape"):
        from_int8(model, to_int8(network()))
    with pytest.raises(ValueError, match="there is nothing"):
        from_int8(model, {})
    assert all(np.array_equal(a, np.array(b)) for a, b in zip(before, model.weights, strict=True))
