import dataclasses

import numpy as np
import pytest

from tl_helpers.data import DataError, Dataset, Split


def split(start, n):
    x = np.arange(start, start + n, dtype=np.uint8)[:, None, None, None]
    return Split(np.broadcast_to(x, (n, 4, 6, 3)), np.arange(n, dtype=np.int32) % 2)


def dataset():
    return Dataset("toy", split(0, 6), split(10, 2), split(20, 4), ("a", "b"), {"licence": "none"})


def test_a_split_is_indexed_pictures_and_labels_together():
    part = split(0, 6)[[4, 1]]
    assert len(part) == 2
    assert part.x[:, 0, 0, 0].tolist() == [4, 1]
    assert part.y.tolist() == [0, 1]
    assert len(split(0, 6)[2:]) == 4


def test_a_split_says_what_it_holds_instead_of_showing_it():
    assert repr(split(0, 6)) == "Split(6 pictures of 4x6x3)"


def test_a_data_set_says_how_much_it_holds():
    assert repr(dataset()) == "Dataset('toy': train 6, val 2, test 4 pictures of 2 classes)"


def test_map_changes_the_pictures_of_every_split_and_nothing_else():
    data = dataset()
    brighter = data.map(lambda x: x + 100)
    for name in ("train", "val", "test"):
        before, after = getattr(data, name), getattr(brighter, name)
        assert np.array_equal(after.x, before.x + 100)
        assert np.array_equal(after.y, before.y)
    assert data.train.x.max() == 5
    assert (brighter.name, brighter.classes, brighter.card) == ("toy", ("a", "b"), data.card)


def test_classes_are_counted():
    assert dataset().num_classes == 2


def test_a_data_set_cannot_be_changed_by_accident():
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset().train = split(0, 1)


def test_divided_data_share_no_training_picture():
    y = np.random.default_rng(0).permutation(np.repeat(np.arange(3, dtype=np.int32), 5))
    full = Split(np.arange(15, dtype=np.uint8).reshape(15, 1, 1, 1), y)
    data = Dataset("numbered", full, full, full, ("a", "b", "c"), {})
    few, many = data.divide(2, seed=1)
    assert np.bincount(few.train.y).tolist() == [2, 2, 2]
    assert sorted([*few.train.x.ravel(), *many.train.x.ravel()]) == list(range(15))
    for part in (few, many):
        assert (y[part.train.x.ravel()] == part.train.y).all()
        assert part.test is full
    assert set(data.divide(2, seed=2)[0].train.x.ravel()) != set(few.train.x.ravel())
    with pytest.raises(DataError, match="class 'a' has 5 examples"):
        data.divide(5)
