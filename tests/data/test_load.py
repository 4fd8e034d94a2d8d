"""`load`: the same seed the same arrays, and splits that never share a picture."""

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tl_helpers.data import DataError, UnknownDataset, available, load, sources

SPLITS = ("train", "val", "test")
LAYOUTS = {
    "no splits": {"": 20},
    "train and test": {"train": 10, "test": 4},
    "train and val": {"train": 10, "val": 3},
    "all three": {"train": 8, "valid": 2, "test": 3},
}


@pytest.fixture
def folder(tmp_path):
    """A function that writes an image folder of random pictures: {split: pictures a class}."""

    def write(counts, classes=("ant", "bee"), where="mine"):
        rng = np.random.default_rng(0)
        for split, count in counts.items():
            for label in classes:
                here = tmp_path / where / split / label
                here.mkdir(parents=True)
                for i in range(count):
                    picture = rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
                    Image.fromarray(picture).save(here / f"{i:02}.png")
        return tmp_path / where

    return write


def same(a, b):
    return np.array_equal(a.x, b.x) and np.array_equal(a.y, b.y)


def pictures(split):
    return [p.tobytes() for p in split.x]


def per_class(split):
    return np.bincount(split.y).tolist()


def assert_nothing_shared(data):
    everything = [p for name in SPLITS for p in pictures(getattr(data, name))]
    assert len(set(everything)) == len(everything)
    return everything


# formula10


def test_formula10_by_default():
    data = load("formula10")
    assert (data.name, data.num_classes, data.card["kind"]) == ("formula10", 10, "formula")
    assert per_class(data.train) == [100] * 10
    assert per_class(data.val) == [20] * 10
    assert per_class(data.test) == [50] * 10
    for name in SPLITS:
        split = getattr(data, name)
        assert split.x.shape == (len(split), 32, 32, 3)
        assert (split.x.dtype, split.y.dtype) == (np.uint8, np.int32)
    assert_nothing_shared(data)


def test_source50_is_of_the_pretraining_and_formula10_is_not():
    from tl_helpers.backbones.recipes import RECIPES

    def programs(name):
        return {int(c.removeprefix("program ")) for c in load(name, per_class=1).classes}

    for recipe in (recipes["default"] for recipes in RECIPES.values()):
        seen = set(recipe.class_ids.tolist())
        assert programs("source50") <= seen
        assert not programs("formula10") & seen
    strokes = sum(program % 3 == 2 for program in programs("source50"))
    assert strokes == 17


def test_formula10_is_drawn_by_the_seed():
    data, again, other = (load("formula10", per_class=3, seed=s) for s in (4, 4, 5))
    for name in SPLITS:
        assert same(getattr(data, name), getattr(again, name))
        assert not set(pictures(getattr(data, name))) & set(pictures(getattr(other, name)))


@pytest.mark.parametrize("as_many_as", ["val", "test"])
def test_formula10_never_draws_a_picture_for_two_splits(as_many_as):
    count = {"val": 20, "test": 50}[as_many_as]
    assert_nothing_shared(load("formula10", per_class=count))


@pytest.mark.parametrize("name", ["formula10", "digits"])
def test_per_class_changes_the_training_pictures_only(name):
    few, more = load(name, per_class=3, seed=1), load(name, per_class=5, seed=1)
    assert per_class(few.train) == [3] * 10
    assert per_class(more.train) == [5] * 10
    assert same(few.val, more.val)
    assert same(few.test, more.test)


# digits


def test_digits():
    data = load("digits")
    assert data.classes == tuple("0123456789")
    assert [len(getattr(data, name)) for name in SPLITS] == [1008, 250, 539]
    assert (data.train.x == data.train.x[..., :1]).all()
    assert (data.train.x.min(), data.train.x.max()) == (0, 255)


def test_a_few_digits_are_some_of_many():
    few, many = load("digits", per_class=5), load("digits", per_class=20)
    assert set(pictures(few.train)) < set(pictures(many.train))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), count=st.one_of(st.none(), st.integers(1, 95)))
def test_digits_are_never_shared_and_the_test_set_is_fixed(seed, count):
    data = load("digits", per_class=count, seed=seed)
    assert_nothing_shared(data)
    assert same(data.test, load("digits").test)


def test_the_seed_moves_training_and_validation_digits():
    a, b = load("digits", per_class=5), load("digits", per_class=5, seed=1)
    assert not same(a.train, b.train)
    assert not same(a.val, b.val)


def test_the_test_digits_are_the_same_in_every_process():
    before = load("digits").test
    sources.digits.cache_clear()
    assert same(load("digits").test, before)


def test_writing_into_a_loaded_set_does_not_change_the_next():
    load("digits").train.x[:] = 7
    assert load("digits").train.x.std() > 0


# Your own pictures


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("counts", LAYOUTS.values(), ids=LAYOUTS)
def test_an_image_folder_or_zip(folder, counts, zipped):
    path = folder(counts)
    if zipped:
        path = shutil.make_archive(str(path), "zip", path)
    data = load(path, seed=1)
    assert (data.name, data.classes) == ("mine", ("ant", "bee"))
    everything = assert_nothing_shared(data)
    assert len(everything) == 2 * sum(counts.values())
    assert all(len(set(per_class(getattr(data, name)))) == 1 for name in SPLITS)


def folder_labels(path, split=""):
    """The label of each picture in a folder, by its bytes."""
    return {
        np.asarray(Image.open(file)).tobytes(): file.parent.name
        for file in (path / split).rglob("*.png")
    }


def test_every_picture_keeps_its_class(folder):
    path = folder({"": 20})
    data, labels = load(str(path)), folder_labels(path)
    for name in SPLITS:
        split = getattr(data, name)
        assert [labels[p] for p in pictures(split)] == [data.classes[y] for y in split.y]


def test_a_folder_without_splits_gives_a_fifth_to_test_and_a_fifth_of_the_rest_to_val(folder):
    path = folder({"": 20})
    data, other = load(path), load(path, seed=1)
    assert [len(getattr(data, name)) for name in SPLITS] == [26, 6, 8]
    assert same(data.test, other.test)
    assert not same(data.val, other.val)


def test_published_splits_stay_whatever_the_seed(folder):
    path = folder(LAYOUTS["all three"])
    for seed in (0, 1):
        data = load(path, per_class=4, seed=seed)
        assert set(pictures(data.val)) == set(folder_labels(path, "valid"))
        assert set(pictures(data.test)) == set(folder_labels(path, "test"))
        assert set(pictures(data.train)) < set(folder_labels(path, "train"))
        assert per_class(data.train) == [4, 4]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_per_class_leaves_val_and_test_of_a_folder_alone(folder, layout):
    path = folder(LAYOUTS[layout])
    few, everything = load(path, per_class=2), load(path)
    assert per_class(few.train) == [2, 2]
    assert same(few.val, everything.val)
    assert same(few.test, everything.test)


def test_a_folder_that_changed_is_read_again(folder):
    path = folder({"": 5})
    before = load(path)
    Image.new("RGB", (32, 32), "red").save(path / "ant" / "new.png")
    after = load(path)
    assert sum(len(getattr(after, name)) - len(getattr(before, name)) for name in SPLITS) == 1


def test_own_pictures_name_their_place_on_the_card(folder):
    path = folder({"": 5})
    assert str(path) in load(path).card["title"]


@pytest.mark.parametrize("size", [(48, 40), [16, 16]])
def test_size_is_height_and_width(folder, size):
    for source in (folder({"": 5}), "digits", "formula10"):
        assert load(source, per_class=1, size=size).train.x.shape[1:] == (*size, 3)


# What a lesson's smoke run does


def test_smoke_shrinks_the_training_set(monkeypatch):
    test = load("digits").test
    monkeypatch.setenv("TL_SMOKE", "1")
    assert per_class(load("digits").train) == [8] * 10
    assert per_class(load("formula10", per_class=50).train) == [8] * 10
    assert per_class(load("digits", per_class=3).train) == [3] * 10
    assert same(load("digits").test, test)


# Errors


@pytest.mark.parametrize(
    ("typed", "meant"), [("formular10", "formula10"), ("photo10", "photos10"), ("digit", "digits")]
)
def test_an_unknown_name_suggests_a_close_one(typed, meant):
    with pytest.raises(UnknownDataset, match=f"no data set is called '{typed}'.*did you mean.*"):
        load(typed)
    with pytest.raises(UnknownDataset, match=f"did you mean (.* or )?'{meant}'"):
        available(typed)


def test_a_name_like_no_other_lists_all():
    with pytest.raises(UnknownDataset, match=r"is there; Names: .*digits.*formula10"):
        load("zzzzzz")


@pytest.mark.parametrize("count", [0, -3, True])
def test_per_class_below_1(count):
    with pytest.raises(ValueError, match=f"per_class must be a whole number.*got {count}"):
        load("formula10", per_class=count)


def test_too_few_pictures_names_the_class_and_what_is_left():
    with pytest.raises(DataError, match=r"class '0' has 125 .* 25 of them.* at most 100 a class"):
        load("digits", per_class=101)
    assert per_class(load("digits", per_class=96).train) == [96] * 10


def test_too_few_pictures_of_ones_own_name_the_class(folder):
    path = folder({"": 1})
    with pytest.raises(DataError, match=r"class 'ant' has 1 examples to draw from.*none is left"):
        load(path)


def test_one_class_is_none(folder):
    path = folder({"": 20})
    shutil.rmtree(path / "bee")
    with pytest.raises(DataError, match=r"one class, 'ant': .* at least two"):
        load(path)


def test_a_size_that_is_one_number():
    with pytest.raises(ValueError, match=r"such as \(32, 32\), got 32"):
        load("digits", size=32)


def test_the_card_is_a_copy():
    load("formula10", per_class=1).card["licence"] = "mine"
    assert load("formula10", per_class=1).card["licence"] != "mine"
