"""Sets that others publish: the real files where they are, and Keras' where they are not."""

import io
import pickle
import re
import shutil
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from tl_helpers.data import (
    DataError,
    DownloadError,
    NotHere,
    available,
    data_home,
    load,
    rotated_omniglot,
    sources,
)

KEEP = {  # what Keras leaves in its folder
    "cifar10": "cifar-10-batches-py-target/cifar-10-batches-py/batches.meta",
    "cifar100": "cifar-100-python-target/cifar-100-python/meta",
    "mnist": "mnist.npz",
    "fashion_mnist": "fashion-mnist/t10k-labels-idx1-ubyte.gz",
}


@pytest.fixture
def forget():
    """Keras' data sets are kept in memory; these tests need them fresh."""
    sources.keras_set.cache_clear()
    yield
    sources.keras_set.cache_clear()


@pytest.fixture
def no_home(monkeypatch, forget):
    monkeypatch.delenv("TL_DATA_HOME", raising=False)


@pytest.fixture
def cifar(monkeypatch, no_home):
    """Random pictures in the shape of CIFAR-10: 620 to train and 5 to test on, a class."""
    rng = np.random.default_rng(0)
    y = [rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), n))[:, None] for n in (620, 5)]
    x = [rng.integers(0, 256, (len(part), 32, 32, 3), dtype=np.uint8) for part in y]
    train, test = zip(x, y, strict=True)
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: (train, test))
    return train, test


def by_bytes(x, y):
    return {picture.tobytes(): int(label) for picture, label in zip(x, y.ravel(), strict=True)}


def test_photos10_without_a_ready_file_is_a_fixed_draw_of_its_size(cifar):
    first = load("photos10", download=True)
    sources.keras_set.cache_clear()
    again = load("photos10", download=True)
    for name, count in {"train": 400, "val": 100, "test": 100}.items():
        a, b = getattr(first, name), getattr(again, name)
        assert np.bincount(a.y).tolist() == [count] * 10
        assert np.array_equal(a.x, b.x)
        assert np.array_equal(a.y, b.y)
    assert first.classes[:3] == ("airplane", "automobile", "bird")


def test_that_draw_shares_nothing_and_comes_from_the_training_part(cifar):
    data, published = load("photos10", download=True), by_bytes(*cifar[0])
    drawn = {}
    for split in (data.train, data.val, data.test):
        drawn |= by_bytes(split.x, split.y)
    assert len(drawn) == 6000
    assert drawn.items() <= published.items()


def test_its_600_a_class_are_the_same_for_every_seed(cifar):
    a, b = load("photos10", download=True), load("photos10", download=True, seed=1)
    assert np.array_equal(a.test.x, b.test.x)
    known = by_bytes(a.train.x, a.train.y) | by_bytes(a.val.x, a.val.y)
    assert known == by_bytes(b.train.x, b.train.y) | by_bytes(b.val.x, b.val.y)
    assert not np.array_equal(a.val.x, b.val.x)


def test_keras_own_test_set_stays(cifar):
    data = load("cifar10", download=True, per_class=7)
    assert by_bytes(data.test.x, data.test.y) == by_bytes(*cifar[1])
    assert np.bincount(data.train.y).tolist() == [7] * 10
    assert np.bincount(data.val.y).tolist() == [124] * 10
    assert data.classes == tuple("0123456789")


def test_grey_sets_get_three_channels_and_the_size_asked_for(monkeypatch, no_home):
    x = np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8)
    y = np.tile(np.arange(10, dtype=np.uint8), 6)
    parts = (x[:50], y[:50]), (x[50:], y[50:])
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: parts)
    data = load("mnist", download=True, size=(28, 28))
    assert np.array_equal(data.test.x, np.stack([x[50:]] * 3, axis=-1))
    assert load("mnist", download=True).test.x.shape == (10, 32, 32, 3)


@pytest.mark.parametrize("name", ["photos10", "cifar10"])
def test_no_internet_says_what_needs_none(name, monkeypatch, no_home):
    def offline():
        raise Exception("URL fetch failure: no route")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", offline)
    with pytest.raises(DownloadError, match=r"'cifar10' \(URL fetch failure.*load\('formula10'\)"):
        load(name, download=True)


def test_a_failed_download_is_tried_again(cifar, monkeypatch):
    with monkeypatch.context() as offline:
        offline.setattr(keras.datasets.cifar10, "load_data", lambda: 1 / 0)
        with pytest.raises(DownloadError, match="division by zero"):
            load("photos10", download=True)
    assert len(load("photos10", download=True).test) == 1000


# What is on this machine


@pytest.mark.parametrize("name", ["formula10", "digits"])
def test_what_needs_no_download_is_available(name, no_home):
    assert available(name)


@pytest.mark.parametrize("name", KEEP)
def test_a_keras_set_is_available_once_keras_has_it(name, tmp_path, monkeypatch, no_home):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for other in KEEP:
        if other != name:
            file = tmp_path / "datasets" / KEEP[other]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    assert not available(name)
    kept = tmp_path / "datasets" / KEEP[name]
    if kept.parent.parent == tmp_path / "datasets":
        kept.parent.mkdir()
        assert not available(name)  # all that a download that failed has left
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.touch()
    assert available(name)


@pytest.mark.parametrize("name", ["photos10", "cifar10", "cifar100", "fashion_mnist", "mnist"])
def test_nothing_is_downloaded_unless_it_is_said_that_it_may(name, tmp_path, monkeypatch, no_home):
    def never(*args, **kwargs):
        raise AssertionError("downloaded without a word")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for module in ("cifar10", "cifar100", "fashion_mnist", "mnist"):
        monkeypatch.setattr(getattr(keras.datasets, module), "load_data", never)
    monkeypatch.setattr(sources, "fetch", never)
    with pytest.raises(
        NotHere, match=rf'{name} is not on this machine; tl\.prefetch\("{name}"\)'
    ) as e:
        load(name)
    assert e.value.names == (name,)
    assert pickle.loads(pickle.dumps(e.value)).names == (name,)  # it comes from a worker, too


def test_photos10_is_available_from_either_place(tmp_path, monkeypatch, no_home):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert not available("photos10")
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    assert not available("photos10")
    (tmp_path / "photos10.zip").touch()
    assert available("photos10")
    monkeypatch.delenv("TL_DATA_HOME")
    kept = tmp_path / "datasets" / KEEP["cifar10"]
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert available("photos10")


# The real photographs


@pytest.mark.real_data
def test_photos10_from_the_ready_file(monkeypatch, forget):
    def never():
        raise AssertionError("downloaded although the file is there")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", never)
    data, small = load("photos10"), load("photos10", per_class=25)
    assert [len(s) for s in (data.train, data.val, data.test)] == [4000, 1000, 1000]
    everything = np.concatenate([data.train.x, data.val.x, data.test.x])
    assert len({p.tobytes() for p in everything}) == 6000
    assert np.bincount(small.train.y).tolist() == [25] * 10
    assert np.array_equal(small.val.x, data.val.x)
    assert np.array_equal(small.test.x, data.test.x)
    assert data.classes == tuple(data.card["class_names"])
    assert re.search("CIFAR-10", data.card["source"])
    red, _, blue = data.test.x[data.test.y == 0].mean((0, 1, 2))
    assert blue > red  # aeroplanes stand before the sky


@pytest.mark.real_data
def test_mnist_from_the_ready_files(monkeypatch, forget):
    monkeypatch.setattr(keras.datasets.mnist, "load_data", None)  # calling it would fail
    assert available("mnist")
    data, other = load("mnist"), load("mnist", per_class=100, seed=1)
    assert [len(s) for s in (data.train, data.val, data.test)] == [6400, 1600, 2000]
    assert np.bincount(other.train.y).tolist() == [100] * 10
    assert np.array_equal(data.test.x, other.test.x)
    assert data.train.x.shape[1:] == (32, 32, 3)
    ones, zeros = (data.test.x[data.test.y == k].mean() for k in (1, 0))
    assert ones < 0.6 * zeros < 60  # white ink on black, and a one takes little of it


def test_mnist_needs_both_files(tmp_path, monkeypatch, no_home):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    (tmp_path / "mnist_t10k_images.idx3.gz").touch()
    assert not available("mnist")
    (tmp_path / "mnist_t10k_labels.idx1.gz").touch()
    assert available("mnist")


# Omniglot


@pytest.mark.real_data
def test_omniglot_is_ink_on_paper_by_alphabet_and_character():
    data = load("omniglot")
    assert data.num_classes == 136  # five alphabets: the publisher's small part
    assert {name.split("/")[0] for name in data.classes} >= {"Greek", "Latin"}
    assert [len(s) for s in (data.train, data.val, data.test)] == [136 * n for n in (13, 3, 4)]
    assert data.train.x.shape[1:] == (32, 32, 3)
    assert data.train.x.mean() > 200  # white paper
    assert (data.train.x == data.train.x[..., :1]).all()
    assert load("omniglot", size=(105, 105), per_class=1).train.x.min() == 0


@pytest.fixture
def alphabets(tmp_path):
    """A zip in Omniglot's layout: two alphabets of two characters, five drawings each."""
    path = tmp_path / "small.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("A/character01", "A/character02", "B/character01", "B/character02"):
            for i in range(5):
                picture = io.BytesIO()
                Image.new("1", (105, 105), i % 2).save(picture, "PNG")
                archive.writestr(f"images_background/{name}/{i}.png", picture.getvalue())
    return path


def test_omniglot_comes_from_the_home_folder_whole_or_as_a_sample(alphabets, monkeypatch):
    monkeypatch.setenv("TL_DATA_HOME", str(alphabets.parent))
    for name in ("omniglot_background_small1.zip", "omniglot_background.zip"):
        alphabets = alphabets.rename(alphabets.with_name(name))
        assert available("omniglot")
        assert load("omniglot").classes[0] == "A/character01"


def test_both_parts_of_omniglot_turned_and_split_by_characters(alphabets, monkeypatch):
    monkeypatch.setenv("TL_DATA_HOME", str(alphabets.parent))
    for name in ("omniglot_background.zip", "omniglot_evaluation.zip"):
        shutil.copy(alphabets, alphabets.with_name(name))
    assert available("omniglot_evaluation")
    train, test = rotated_omniglot(size=(20, 20), train=5)
    assert (len(train), len(test)) == (5 * 4 * 5, 3 * 4 * 5)  # characters, turns, drawings
    assert set(train.y) == set(range(20))
    assert set(test.y) == set(range(20, 32))
    assert train.x.shape[1:] == (20, 20, 3)
    with pytest.raises(DataError, match=r'8 characters were found.*prefetch\("omniglot", '):
        rotated_omniglot()


@pytest.mark.real_data
def test_a_turned_character_is_the_character_turned(monkeypatch, tmp_path):
    sample = data_home() / "omniglot_background_small1.zip"
    for name in ("omniglot_background.zip", "omniglot_evaluation.zip"):
        (tmp_path / name).symlink_to(sample)
    monkeypatch.setenv("TL_DATA_HOME", str(tmp_path))
    train, _ = rotated_omniglot(train=2)
    upright, turned = (train.x[train.y == 4 + turn] for turn in (0, 1))
    assert (np.rot90(upright, axes=(1, 2)) == turned).all()
    assert (upright != turned).any()


def test_omniglot_is_downloaded_once_and_checked(alphabets, tmp_path, monkeypatch, no_home):
    monkeypatch.setenv("TL_CACHE", str(tmp_path / "cache"))
    asked = []

    def fetched(url, sha256, name):
        asked.append((url, sha256, name))
        return alphabets

    monkeypatch.setattr(sources, "fetch", fetched)
    assert not available("omniglot")
    with pytest.raises(NotHere, match=r'tl\.prefetch\("omniglot"\) downloads it once \(9 MB\)'):
        load("omniglot")
    assert not asked
    assert load("omniglot", download=True).num_classes == 4
    [(url, sha256, name)] = asked
    assert url.startswith("https://github.com/brendenlake/omniglot/")
    assert len(sha256) == 64
    assert name == "omniglot_background.zip"
