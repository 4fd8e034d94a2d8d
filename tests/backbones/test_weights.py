"""Weights files: what is saved is what is read, and nothing else is taken for it."""

import re

import keras
import numpy as np
import pytest

from tl_helpers.backbones import WeightsError, load, weights


def network(name="net", filters=3):
    """A convolution and a BatchNorm, with every variable off its initial value."""
    x = keras.Input((4, 4, 2))
    y = keras.layers.Conv2D(filters, 3, name="conv")(x)
    model = keras.Model(x, keras.layers.BatchNormalization(name="bn")(y), name=name)
    rng = np.random.default_rng(filters)
    for v in model.variables:
        v.assign(rng.normal(size=v.shape))
    return model


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "net.npz"
    weights.save(network(), path)
    return path


def names_the(path):
    return pytest.raises(WeightsError, match=re.escape(str(path)))


def test_save_read_assign_gives_the_float16_values_back(file):
    model, other = network(), network()
    for v in other.variables:
        v.assign(np.zeros(v.shape))
    arrays = weights.read(file)
    assert {a.dtype for a in arrays.values()} == {np.dtype("float16")}
    weights.assign(other, arrays, file)
    assert len(other.variables) == 6
    for a, b in zip(model.variables, other.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(a).astype("float16"), np.asarray(b))


def test_save_returns_the_hash_of_what_is_read(tmp_path):
    path = tmp_path / "made" / "for" / "it" / "net.npz"
    assert weights.save(network(), path) == weights.digest(weights.read(path))


def test_seeds_are_not_weights(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dropout(0.5)])
    assert len(model.variables) == 3
    weights.save(model, tmp_path / "net.npz")
    arrays = weights.read(tmp_path / "net.npz")
    assert len(arrays) == 2
    weights.assign(model, arrays, "net.npz")


def test_saving_leaves_only_the_file(file):
    assert [p.name for p in file.parent.iterdir()] == ["net.npz"]


def test_a_save_that_is_cut_off_leaves_the_old_file(file, monkeypatch):
    before = file.read_bytes()

    def half(path, **arrays):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(OSError, match="disk full"):
        weights.save(network(filters=4), file)
    assert file.read_bytes() == before


# Files that are not ours


def test_missing_file(tmp_path):
    with names_the(tmp_path / "none.npz"):
        weights.read(tmp_path / "none.npz")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_truncated_file(file, part):
    content = file.read_bytes()
    file.write_bytes(content[: int(part * len(content))])
    with names_the(file):
        weights.read(file)


def test_one_flipped_bit(file):
    content = bytearray(file.read_bytes())
    where = content.index(weights.read(file)["conv/kernel"].tobytes())
    content[where + 5] ^= 1
    file.write_bytes(content)
    with names_the(file):
        weights.read(file)


def test_other_files(tmp_path):
    path = tmp_path / "net.npz"
    path.write_text("<html>404</html>")
    with names_the(path):
        weights.read(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))  # an .npy under the name of an .npz
    with names_the(path):
        weights.read(path)
    with names_the(tmp_path):
        weights.read(tmp_path)


def test_pickled_objects_are_not_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was opened",))

    np.savez(tmp_path / "net.npz", bomb=np.array([Trap()], dtype=object))
    with names_the(tmp_path / "net.npz"):
        weights.read(tmp_path / "net.npz")


def test_a_foreign_networks_file(file):
    with pytest.raises(
        WeightsError, match=rf"{re.escape(str(file))} belongs to another .*'tiny-resnet'"
    ):
        load("tiny-resnet", weights=file)


@pytest.mark.parametrize("change", ["missing", "besides"])
def test_one_array_too_few_or_too_many(file, change):
    arrays = weights.read(file)
    if change == "missing":
        del arrays["bn/gamma"]
    else:
        arrays["bn/delta"] = arrays["bn/gamma"]
    with pytest.raises(WeightsError, match="bn/gamma" if change == "missing" else "bn/delta"):
        weights.assign(network(), arrays, file)


def test_wrong_shapes(file):
    wider = network(filters=4)
    with pytest.raises(WeightsError, match=rf"{re.escape(str(file))}: \S+ has shape .*3.*needs"):
        weights.assign(wider, weights.read(file), file)


# The hash


@pytest.mark.core
def test_the_hash_changes_with_one_value_name_or_shape_and_not_with_the_order():
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=(2, 3)).astype("float16") for name in "abc"}
    one = weights.digest(arrays)
    assert re.fullmatch("[0-9a-f]{12}", one)
    assert weights.digest(dict(reversed(arrays.items()))) == one
    value = arrays["b"].copy()
    value[1, 2] = np.nextafter(value[1, 2], np.float16(9))
    others = [
        {**arrays, "b": value},
        {**arrays, "b": arrays["b"].reshape(3, 2)},
        {**arrays, "b": arrays["c"], "c": arrays["b"]},
        {("B" if name == "b" else name): array for name, array in arrays.items()},
    ]
    assert len({one, *map(weights.digest, others)}) == 5
