"""Batches of a split: every picture, in an order that a seed gives."""

import numpy as np
import pytest

from tl_helpers.data.augment import flip_shift
from tl_helpers.data.dataset import Split
from tl_helpers.finetune.batches import Batches


def numbered(n) -> Split:
    """Pictures of noise whose first pixel and label are their number."""
    x = np.random.default_rng(0).integers(0, 256, (n, 8, 8, 3), dtype=np.uint8)
    x[:, 0, 0, 0] = np.arange(n)
    return Split(x, np.arange(n, dtype=np.int32))


def epoch(batches) -> list[int]:
    """The numbers of an epoch's pictures, in order."""
    numbers = []
    for i in range(len(batches)):
        x, y = batches[i]
        assert np.array_equal(x[:, 0, 0, 0], y)
        numbers += y.tolist()
    batches.on_epoch_end()
    return numbers


def test_an_epoch_shows_every_picture_once():
    batches = Batches(numbered(48), 16)
    assert len(batches) == 3
    assert batches[0][0].shape == (16, 8, 8, 3)
    assert sorted(epoch(batches)) == list(range(48))


def test_the_last_small_batch_is_left_out_and_comes_back():
    batches = Batches(numbered(50), 16)
    seen = [epoch(batches) for _ in range(8)]
    for numbers in seen:
        assert len(numbers) == len(set(numbers)) == 48
    assert set().union(*seen) == set(range(50))


def test_a_split_smaller_than_a_batch_is_one_batch():
    batches = Batches(numbered(5), 32)
    assert len(batches) == 1
    assert sorted(epoch(batches)) == list(range(5))


@pytest.mark.core
def test_the_order_follows_the_seed_and_changes_every_epoch():
    a, b, c = (Batches(numbered(48), 16, seed=s) for s in (1, 1, 2))
    first, second = epoch(a), epoch(a)
    assert [epoch(b), epoch(b)] == [first, second]
    assert len({tuple(first), tuple(second), tuple(epoch(c)), tuple(range(48))}) == 4


def test_pictures_are_not_augmented_unless_asked():
    split = numbered(16)
    x, y = Batches(split, 16)[0]
    np.testing.assert_array_equal(x, split.x[y])
    assert x.dtype == np.uint8


@pytest.mark.core
def test_augmentation_follows_the_seed_but_not_the_order_of_asking():
    split = numbered(32)
    a, b, other = (Batches(split, 16, augment=True, seed=s) for s in (0, 0, 1))
    second, first = a[1], a[0]
    for given, again in zip((first, second), (b[0], b[1]), strict=True):
        np.testing.assert_array_equal(given[0], again[0])
    for x, y in (first, second, other[0]):
        assert x.shape == (16, 8, 8, 3)
        assert not np.array_equal(x, split.x[y])


def test_true_is_flip_and_shift():
    batches = Batches(numbered(16), 16, augment=True, seed=3)
    plain, y = Batches(numbered(16), 16, seed=3)[0]
    expected = flip_shift(plain, np.random.default_rng([3, 0, 0, 5]))
    np.testing.assert_array_equal(batches[0][0], expected)
    np.testing.assert_array_equal(batches[0][1], y)


def test_an_augmentation_of_ones_own():
    split, asked = numbered(16), []

    def darker(x, rng):
        asked.append((x.shape, x.dtype, rng.random()))
        return x // 2

    batches = Batches(split, 8, augment=darker)
    x, y = batches[0]
    np.testing.assert_array_equal(x, split.x[y] // 2)
    batches[1]
    batches.on_epoch_end()
    batches[0]
    assert {call[:2] for call in asked} == {((8, 8, 8, 3), np.dtype("uint8"))}
    assert len({chance for *_, chance in asked}) == 3  # another one each batch and epoch
