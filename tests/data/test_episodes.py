"""Few-shot tasks: what every one of them must be, and that none is likelier than another."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tl_helpers.data import Split, episodes, split_classes


@st.composite
def settings(draw):
    """Labels of classes of uneven sizes in any order, and tasks that they allow."""
    sizes = draw(st.lists(st.integers(3, 9), min_size=2, max_size=7))
    names = draw(st.permutations(range(20)))[: len(sizes)]
    y = np.repeat(names, sizes)
    y = np.random.default_rng(draw(st.integers(0, 99))).permutation(y)
    shot = draw(st.integers(1, min(sizes) - 1))
    query = draw(st.integers(1, min(sizes) - shot))
    return y, draw(st.integers(1, len(sizes))), shot, query, draw(st.integers(1, 30))


@given(settings(), st.integers(0, 1000))
def test_a_task_is_what_it_says(setting, seed):
    y, way, shot, query, tasks = setting
    drawn = episodes(y, way, shot, query, tasks, np.random.default_rng(seed))
    assert len(drawn) == tasks
    assert drawn.classes.shape == (tasks, way)
    assert drawn.support.shape == (tasks, way, shot)
    assert drawn.query.shape == (tasks, way, query)
    for classes, support, asked in zip(drawn.classes, drawn.support, drawn.query, strict=True):
        assert len(set(classes)) == way
        both = np.concatenate([support, asked], axis=1)
        assert len(set(both.ravel())) == both.size  # nothing twice: no query is an example
        assert (y[both] == classes[:, None]).all()


def test_the_same_seed_the_same_tasks():
    y = np.repeat(np.arange(6), 5)
    a, b, c = (episodes(y, 3, 1, 2, 4, np.random.default_rng(s)) for s in (0, 0, 1))
    np.testing.assert_array_equal(a.support, b.support)
    np.testing.assert_array_equal(a.query, b.query)
    assert (a.query != c.query).any()


def test_every_class_and_picture_is_as_likely_in_every_role():
    y = np.repeat(np.arange(5), [4, 4, 4, 4, 8])
    drawn = episodes(y, 2, 1, 2, 20_000, np.random.default_rng(0))
    for place in range(2):
        share = np.bincount(drawn.classes[:, place], minlength=5) / 20_000
        np.testing.assert_allclose(share, 1 / 5, atol=0.015)
    of_last = drawn.classes == 4
    for rows in (drawn.support[..., 0], drawn.query[..., 0], drawn.query[..., 1]):
        share = np.bincount(rows[of_last] - 16, minlength=8) / of_last.sum()
        np.testing.assert_allclose(share, 1 / 8, atol=0.02)


def test_many_tasks_are_drawn_in_pieces(monkeypatch):
    monkeypatch.setattr(sys.modules["tl_helpers.data.episodes"], "CHUNK", 50)
    y = np.repeat(np.arange(4), 6)
    drawn = episodes(y, 2, 2, 3, 25, np.random.default_rng(0))
    both = np.concatenate([drawn.support, drawn.query], axis=2)
    assert (y[both] == drawn.classes[..., None]).all()
    assert len({tuple(task) for task in both.reshape(25, -1)}) == 25


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ((7, 1, 1, 1), "there are 6 of at least 5"),
        ((2, 3, 3, 1), "there are 6 of at least 5"),
        ((2, 0, 1, 1), "n_shot=0"),
        ((2, 1, 1, 0), "n_tasks=0"),
    ],
)
def test_tasks_that_cannot_be(asked, message):
    y = np.repeat(np.arange(6), 5)
    with pytest.raises(ValueError, match=message):
        episodes(y, *asked, np.random.default_rng(0))


def test_parts_share_no_class_and_lose_no_picture():
    y = np.random.default_rng(0).permutation(np.repeat(np.arange(10), 4)).astype(np.int32)
    whole = Split(np.arange(40, dtype=np.uint8).reshape(40, 1, 1, 1), y)
    train, test = split_classes(whole, 0.7, 0.3, seed=1)
    assert len(set(train.y)) == 7
    assert len(set(test.y)) == 3
    assert not set(train.y) & set(test.y)
    assert sorted([*train.x.ravel(), *test.x.ravel()]) == list(range(40))
    assert (y[train.x.ravel()] == train.y).all()
    assert set(split_classes(whole, 0.7, 0.3, seed=2)[1].y) != set(test.y)


@pytest.mark.parametrize("shares", [(), (0.5, 0.4), (1.2, -0.2), (0.99, 0.01)])
def test_shares_that_give_no_parts(shares):
    whole = Split(np.zeros((10, 1, 1, 3), np.uint8), np.arange(10, dtype=np.int32))
    with pytest.raises(ValueError, match=r"shares|at least one"):
        split_classes(whole, *shares)
