"""Stratified draws: exact counts, no overlap, nested in the count."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tl_helpers.data.errors import DataError
from tl_helpers.data.splits import draw_per_class

pytestmark = pytest.mark.core

labels = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(np.array)
seeds = st.integers(0, 2**32 - 1)


def draw(y, counts, seed=0, **kwargs):
    return draw_per_class(y, counts, np.random.default_rng(seed), **kwargs)


@st.composite
def labels_and_counts(draw):
    """Labels of 1 to 4 classes, and counts that every class has enough examples for."""
    classes = draw(st.integers(1, 4))
    counts = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    sizes = [sum(counts) + draw(st.integers(0, 5)) for _ in range(classes)]
    return np.array(draw(st.permutations(np.repeat(range(classes), sizes).tolist()))), counts


@given(labels_and_counts(), seeds)
def test_counts_are_exact_and_sets_never_overlap(case, seed):
    y, counts = case
    sets = draw(y, counts, seed)
    for chosen, count in zip(sets, counts, strict=True):
        assert (np.bincount(y[chosen]) == count).all()
        assert (np.diff(chosen) > 0).all()
    everything = np.concatenate(sets)
    assert len(np.unique(everything)) == len(everything)


@given(labels_and_counts(), seeds)
def test_none_takes_all_that_is_left(case, seed):
    y, counts = case
    y = np.concatenate([y, np.unique(y)])
    sets = draw(y, [*counts, None], seed)
    assert np.array_equal(np.sort(np.concatenate(sets)), np.arange(len(y)))


@given(labels_and_counts(), seeds)
def test_a_smaller_count_is_a_part_of_a_larger_ones_draw(case, seed):
    y, counts = case
    small = draw(y, [*counts[:-1], 1], seed)[-1]
    assert set(small) <= set(draw(y, counts, seed)[-1])


@given(labels_and_counts(), seeds)
def test_an_earlier_set_does_not_depend_on_later_counts(case, seed):
    y, counts = case
    alone = draw(y, counts[:1], seed)[0]
    assert np.array_equal(alone, draw(y, counts, seed)[0])


@given(labels, st.floats(0.01, 0.99), seeds)
def test_a_share_is_rounded_and_at_least_one(y, share, seed):
    (chosen,) = draw(y, [share], seed)
    for label, total in zip(*np.unique(y, return_counts=True), strict=True):
        assert (y[chosen] == label).sum() == max(1, round(share * total))


@given(labels_and_counts(), seeds)
def test_same_seed_same_draw(case, seed):
    for a, b in zip(draw(*case, seed), draw(*case, seed), strict=True):
        assert np.array_equal(a, b)


def test_another_seed_another_draw():
    y = np.repeat([0, 1], 50)
    assert not np.array_equal(draw(y, [20])[0], draw(y, [20], seed=1)[0])


@given(labels_and_counts(), seeds)
def test_too_few_names_the_class_and_how_many_are_left(case, seed):
    y, counts = case
    y = np.concatenate([y[y > 0], np.zeros(sum(counts), int)])  # class 0 has exactly enough
    names = [f"kind {i}" for i in range(4)]
    left = sum(counts) - sum(counts[:-1])
    with pytest.raises(DataError) as error:
        draw(y, [*counts[:-1], left + 1], seed, classes=names)
    assert f"class 'kind 0' has {sum(counts)} examples to draw from, {sum(counts[:-1])} of" in str(
        error
    )
    assert f"cannot draw {left + 1}; ask for at most {left} a class" in str(error)


@pytest.mark.parametrize("count", [1, None])
def test_nothing_left_to_draw(count):
    with pytest.raises(DataError, match=r"'dog' has 2 examples .*, 2 of them .* none is left"):
        draw(np.array([0, 1, 0, 1, 0]), [2, count], classes=["cat", "dog"])


def test_without_names_the_error_has_the_number():
    with pytest.raises(DataError, match="class 3 has 1 examples"):
        draw(np.array([3]), [2])


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_below_1_is_an_error(count):
    with pytest.raises(DataError, match=f"cannot draw {count};"):
        draw(np.array([0, 0]), [count])
