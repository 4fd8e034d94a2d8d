"""Two tasks on one trunk."""

import keras
import numpy as np
import pytest

from tl_helpers.adapt import MultiTask
from tl_helpers.data import two_tasks
from tl_helpers.data.dataset import Split
from tl_helpers.evaluate import accuracy


def compiled(model, rate=0.1):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, jit_compile=False)
    return model


def turned(split, classes):
    """The same pictures with labels of another task: the class called by its next number."""
    return Split(split.x, (split.y + 1) % classes)


@pytest.mark.core
def test_each_task_is_learned_by_its_own_head(classifier, domains):
    source, target = domains
    model = compiled(MultiTask(classifier(), classes=3))
    model.fit(two_tasks(source.train, turned(target.train, 3)), epochs=12, verbose=0)
    assert accuracy(model.classifier, source.test) > 0.9
    assert accuracy(model.second, turned(target.test, 3)) > 0.9
    assert model.second.output_shape == (None, 3)


@pytest.mark.core
def test_one_task_has_one_head(classifier, domains):
    source, target = domains
    model = compiled(MultiTask(classifier()))
    assert model.second is model.classifier
    model.fit(two_tasks(source.train, target.train), epochs=12, verbose=0)
    assert min(accuracy(model.classifier, d.test) for d in domains) > 0.9


@pytest.mark.core
def test_the_loss_is_a_weighted_sum(classifier, domains):
    source, target = domains
    model = compiled(MultiTask(classifier(), weight=0.25), rate=0.0)
    for layer in model.classifier.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # the same numbers in training as in predict
    compiled(model, rate=0.0)
    batches = two_tasks(source.train, target.train, batch_size=32)
    measured = model.fit(batches, epochs=1, shuffle=False, verbose=0).history["loss"][0]
    batches.epoch = 0
    batches._shuffle()
    expected = []
    for x, y in (batches[i] for i in range(len(batches))):
        logits = [model.classifier.predict(x[part], verbose=0) for part in ("source", "target")]
        odds = [a - np.log(np.exp(a).sum(1, keepdims=True)) for a in logits]
        loss = [-a[np.arange(32), y[part]].mean() for a, part in zip(odds, y, strict=True)]
        expected.append(loss[0] + 0.25 * loss[1])
    assert measured == pytest.approx(np.mean(expected), rel=1e-3)


def test_what_does_not_work(classifier):
    with pytest.raises(ValueError, match="weight is 0 or more"):
        MultiTask(classifier(), weight=-1)
    with pytest.raises(ValueError, match="at least two classes, got 0"):
        MultiTask(classifier(), classes=0)
    start = keras.Input((4,))
    model = keras.Model(start, keras.layers.ReLU()(start), name="mine")
    with pytest.raises(ValueError, match=r"MultiTask takes .* mine ends in ReLU"):
        MultiTask(model)
