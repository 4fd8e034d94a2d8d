"""Choosing an adapted model without labels of the target."""

import inspect

import keras
import numpy as np
import pytest

from tl_helpers.adapt import criteria, reverse_accuracy, select, separate
from tl_helpers.finetune import fine_tune

rng = np.random.default_rng(0)
Y = np.arange(300) % 3
CENTRES = np.eye(3)[:, [0, 1, 2]] * 4
SOURCE, TARGET = (CENTRES[Y] + rng.normal(shift, 1, (300, 3)) for shift in (0, 0.5))


def pooled():
    """A reference that no classifier shares: the picture, made smaller."""
    start = keras.Input((8, 8, 3))
    return keras.Model(start, keras.layers.Flatten()(keras.layers.AveragePooling2D(2)(start)))


def test_right_labels_come_back_right_and_mixed_up_ones_do_not():
    right = reverse_accuracy(Y, TARGET, SOURCE, Y)
    turned = reverse_accuracy((Y + 1) % 3, TARGET, SOURCE, Y)  # every class called by another name
    assert right > 0.9
    assert turned < 0.1
    assert reverse_accuracy(np.zeros(300, int), TARGET, SOURCE, Y) == pytest.approx(1 / 3)


def test_a_shift_of_the_features_as_a_whole_does_not_count():
    moved = 3 * TARGET + 100
    assert reverse_accuracy(Y, moved, SOURCE, Y) == reverse_accuracy(Y, TARGET, SOURCE, Y) > 0.9


def test_the_better_model_is_chosen(classifier, domains):
    source, far = domains
    target = far.map(lambda x: np.clip(x.astype(int) - 45, 0, 255).astype(np.uint8))
    good, bad = classifier(), classifier(seed=1)
    fine_tune(good, source, epochs=12, base_lr=1e-2, seed=0)
    table = criteria({"bad": bad, "good": good}, source.val, target.train.x, pooled())
    assert table["model"].tolist() == ["bad", "good"]
    assert select(table) == select(table, by="distance") == "good"
    assert table["source"].tolist()[1] > 0.9


def test_each_domain_may_have_a_model_of_its_own(classifier, domains):
    """Such as one network with two sets of statistics."""
    source, target = domains
    model = classifier()
    fine_tune(model, source, epochs=12, base_lr=1e-2, seed=0)
    pair = separate(model, source.train.x, target.train.x)
    found = criteria({"one": model, "two": pair}, source.val, target.train.x, pooled())
    assert found.loc[1, "a_distance"] < found.loc[0, "a_distance"]
    alone = criteria({"home": pair[0]}, source.val, target.train.x, pooled())
    assert found.loc[1, "source"] == alone.loc[0, "source"]


def test_no_label_of_the_target_can_enter():
    assert list(inspect.signature(criteria).parameters) == [
        "models",
        "source",
        "target_x",
        "reference",
    ]


def test_what_does_not_work(classifier, domains):
    with pytest.raises(ValueError, match="at least one model"):
        criteria({}, domains[0].val, domains[1].train.x, None)
    with pytest.raises(ValueError, match="reverse, distance; got 'accuracy'"):
        select(None, by="accuracy")
