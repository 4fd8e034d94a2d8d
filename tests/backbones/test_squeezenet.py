"""squeezenet: its layout, its own preprocessing, and its real weights where they can be had."""

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

import tl_helpers as tl
from tl_helpers.backbones import WeightsError, available, load, squeezenet
from tl_helpers.data import DownloadError, NotHere

X = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
CHANNELS = dict(zip(squeezenet.FIRES, (128, 128, 256, 256, 384, 384, 512, 512), strict=True))


def run(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


@pytest.fixture(scope="module")
def fresh():
    return load("squeezenet", weights=None, seed=0)


@pytest.fixture
def no_home(tmp_path, monkeypatch):
    monkeypatch.delenv("TL_DATA_HOME", raising=False)
    monkeypatch.setenv("TL_CACHE", str(tmp_path / "cache"))


def as_published(model, path):
    """A file in the layout of the published one, which names each kernel and bias its own way."""
    with h5py.File(path, "w") as file:
        for i, layer in enumerate(layer for layer in model.layers if layer.weights):
            kernel, bias = layer.get_weights()
            group = file.create_group(layer.name.replace("_", "/", 1))
            group[f"uniform{i}"] = kernel
            group[f"{layer.name}_b"] = bias
    return path


def test_it_has_the_published_number_of_parameters(fresh):
    assert fresh.model.count_params() == 722_496


def test_its_stages_and_their_channels(fresh):
    assert list(fresh.stages) == ["conv1", *squeezenet.FIRES]
    for stage, channels in CHANNELS.items():
        assert fresh.model.get_layer(fresh.stages[stage]).output.shape[-1] == channels


@pytest.mark.core
def test_pictures_of_any_size_are_scaled_to_the_networks_own(fresh):
    assert run(fresh.model, X).shape == (3, 5, 5, 512)
    large = np.repeat(np.repeat(X, 3, 1), 3, 2)  # 96x96: as they are
    assert run(fresh.model, large).shape == (3, 5, 5, 512)
    small = load("squeezenet", weights=None, input_size=64)
    assert run(small.model, X).shape == (3, 3, 3, 512)


@pytest.mark.core
def test_tensorflow_trains_without_xla_which_cannot_scale_pictures(fresh):
    assert fresh.model.get_layer("preprocess").supports_jit == (keras.backend.backend() == "jax")
    assert load("tiny-resnet", weights=None).model.get_layer("preprocess").supports_jit


def test_weights_from_a_file_of_the_published_layout(fresh, tmp_path):
    path = as_published(fresh.model, tmp_path / "mine.h5")
    other = load("squeezenet", weights=path, seed=1)
    for a, b in zip(fresh.model.get_weights(), other.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert other.pretrained
    assert other.card["source"] == str(path)
    assert re.fullmatch(r"[0-9a-f]{12}", other.weights_hash)  # and not "random"
    np.testing.assert_array_equal(run(fresh.model, X), run(other.model, X))


@pytest.mark.parametrize("damage", ["missing", "no hdf5", "another network", "another shape"])
def test_a_file_that_does_not_fit_is_an_error(fresh, tmp_path, damage):
    path = tmp_path / "mine.h5"
    if damage == "no hdf5":
        path.write_bytes(b"no")
    elif damage != "missing":
        as_published(fresh.model, path)
        with h5py.File(path, "a") as file:
            if damage == "another network":
                del file["fire7"]
            else:
                del file["fire7/squeeze1x1"]
                file["fire7/squeeze1x1/uniform"] = np.zeros((1, 1, 7, 48))
                file["fire7/squeeze1x1/b"] = np.zeros(48)
    with pytest.raises(WeightsError, match=r"mine\.h5"):
        load("squeezenet", weights=path)


def test_without_the_internet_the_error_says_what_to_do(no_home, monkeypatch):
    assert not available("squeezenet")
    monkeypatch.setattr(squeezenet, "URL", "http://127.0.0.1:9/none.h5")
    monkeypatch.setattr("tl_helpers.data.resume.BACKOFF", (0, 0, 0))
    with pytest.raises(NotHere, match=r'tl\.prefetch\("squeezenet"\) downloads it once \(3 MB\)'):
        load("squeezenet")  # nobody said that it may be downloaded
    with pytest.raises(DownloadError, match=r"none\.h5|squeezenet"):
        load("squeezenet", download=True)


def test_a_smoke_run_takes_random_weights_instead_of_downloading(no_home, monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    assert not load("squeezenet").pretrained


@pytest.mark.real_data
def test_the_real_weights_are_the_published_ones():
    assert available("squeezenet")
    backbone = load("squeezenet")
    assert backbone.pretrained
    assert backbone.weights_hash == squeezenet.SHA256[:12]
    path = Path(os.environ["TL_DATA_HOME"]) / squeezenet.FILE
    assert hashlib.sha256(path.read_bytes()).hexdigest() == squeezenet.SHA256


@pytest.mark.real_data
def test_real_features_know_photographs_and_wrong_preprocessing_costs():
    """fire7 on 25 photographs a class; the same with the input that other networks want."""
    data = tl.data.load("photos10", per_class=25, seed=0)
    data = replace(data, val=data.val[::4], test=data.test[::2])  # enough to see it
    backbone = load("squeezenet")
    right = tl.finetune.linear_probe(backbone, data, "fire7").accuracy(data.test)
    entry = backbone.model.get_layer("preprocess")
    entry.mean, entry.scale, entry.bgr = 127.5, 127.5, False
    wrong = tl.finetune.linear_probe(backbone, data, "fire7").accuracy(data.test)
    assert right > 0.5
    assert wrong < right
