"""`paired`: labelled source, unlabelled target; `two_tasks`: labels of both."""

from itertools import chain

import numpy as np
import pytest

from tl_helpers.data import load, paired, two_tasks
from tl_helpers.data.dataset import Split


def numbered(n, start=0):
    x = np.zeros((n, 2, 2, 3), np.uint8)
    x[:, 0, 0, 0] = start + np.arange(n)
    return Split(x, np.arange(n, dtype=np.int32))


def seen(batches, part):
    return [batches[i][0][part][:, 0, 0, 0].tolist() for i in range(len(batches))]


def test_each_epoch_is_a_pass_over_the_source_and_labels_stay_with_their_pictures():
    batches = paired(numbered(10), numbered(7, 100).x, batch_size=4, seed=1)
    assert len(batches) == 2
    first = list(chain(*seen(batches, "source")))
    assert len(set(first)) == 8
    x, y = batches[0]
    assert x["source"][:, 0, 0, 0].tolist() == y.tolist()
    batches.on_epoch_end()
    assert list(chain(*seen(batches, "source"))) != first


def test_a_smaller_target_comes_round_again():
    batches = paired(numbered(12), numbered(3, 100).x, batch_size=3)
    assert all(sorted(part) == [100, 101, 102] for part in seen(batches, "target"))


def test_a_larger_target_is_seen_in_part_and_in_other_parts_later():
    batches = paired(numbered(4), numbered(50, 100).x, batch_size=4)
    parts = []
    for _ in range(20):
        parts += seen(batches, "target")[0]
        batches.on_epoch_end()
    assert len(set(parts)) > 35


def test_the_seed():
    a, b, c = (paired(numbered(9), numbered(9).x, 3, seed=s) for s in (0, 0, 1))
    assert seen(a, "target") == seen(b, "target") != seen(c, "target")


def test_target_labels_are_turned_away():
    data = load("formula10", per_class=1)
    with pytest.raises(TypeError, match="without labels"):
        paired(data.train, data.test)
    with pytest.raises(TypeError, match=r"one split, such as data\.train, not Dataset"):
        paired(data, data.test.x)


def test_pictures_of_two_sizes():
    with pytest.raises(ValueError, match=r"of one size.*\(2, 2, 3\).*\(4, 8, 8, 3\)"):
        paired(numbered(4), np.zeros((4, 8, 8, 3)))


def test_two_tasks_have_the_labels_of_both():
    batches = two_tasks(numbered(10), numbered(7, 100), batch_size=4, seed=1)
    x, y = batches[1]
    assert x["source"][:, 0, 0, 0].tolist() == y["source"].tolist()
    assert x["target"][:, 0, 0, 0].tolist() == (y["target"] + 100).tolist()
    assert seen(batches, "target") == seen(paired(numbered(10), numbered(7, 100).x, 4, 1), "target")


def test_the_second_task_needs_labels():
    with pytest.raises(TypeError, match="a split with labels, not ndarray"):
        two_tasks(numbered(4), numbered(4).x)
