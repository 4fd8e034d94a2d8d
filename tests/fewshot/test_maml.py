"""MAML and its relatives, against derivatives worked out by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from tl_helpers.fewshot import MAML, Reptile, TaskSampler, TransductiveBatchNorm

from .test_methods import embed, pictures

WAY = 2


def linear(seed=0):
    """Pictures of one pixel to two logits, by a matrix alone."""
    keras.utils.set_random_seed(seed)
    steps = [keras.Input((1, 1, 3)), keras.layers.Flatten()]
    return keras.Sequential([*steps, keras.layers.Dense(WAY, use_bias=False)])


def tasks(n=2, shot=3, query=4):
    rng = np.random.default_rng(0)
    x = {
        "support": rng.normal(0, 1, (n, WAY, shot, 1, 1, 3)).astype(np.float32),
        "query": rng.normal(0, 1, (n, WAY * query, 1, 1, 3)).astype(np.float32),
    }
    y = np.tile(np.repeat(np.arange(WAY, dtype=np.int32), query), (n, 1))
    return x, y


def cross_entropy(w, x, y):
    """Loss and gradient of softmax regression: w (3, 2), x (n, 3), y (n,)."""
    logits = x @ w
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    onehot = np.eye(WAY)[y]
    return -np.log((p * onehot).sum(1)).mean(), x.T @ (p - onehot) / len(x)


def adapted(w, support, rate, steps):
    x, y = support.reshape(-1, 3), np.repeat(np.arange(WAY), support.shape[1])
    for _ in range(steps):
        w = w - rate * cross_entropy(w, x, y)[1]
    return w


def meta_loss(w, x, y, rate, steps):
    losses = [
        cross_entropy(adapted(w, s, rate, steps), q.reshape(-1, 3), labels)[0]
        for s, q, labels in zip(
            x["support"].astype(float), x["query"].astype(float), y, strict=True
        )
    ]
    return np.mean(losses)


def step_of(model, x, y):
    """What one step of SGD with rate 1 subtracts from the weights: the meta-gradient."""
    before = model.classifier.get_weights()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1.0), loss)
    model.train_on_batch(x, y)
    return [b - a for b, a in zip(before, model.classifier.get_weights(), strict=True)]


@pytest.mark.core
def test_the_steps_are_gradient_descent():
    x, _ = tasks()
    model = MAML(linear(), rate=0.5, steps=3)
    (w,) = model.classifier.get_weights()
    (known,) = model.process_support_set(x["support"])
    for k in range(2):
        expected = adapted(w, x["support"][k], 0.5, 3)
        np.testing.assert_allclose(ops.convert_to_numpy(known)[k], expected, atol=1e-5)
    path = model.path(ops.convert_to_tensor(x["support"][0]))
    assert len(path) == 4
    np.testing.assert_allclose(ops.convert_to_numpy(path[0][0]), w)
    logits = ops.convert_to_numpy(model.name_queries([known], x["query"]))
    np.testing.assert_allclose(
        logits[1], x["query"][1].reshape(-1, 3) @ ops.convert_to_numpy(known)[1], atol=1e-5
    )
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), logits, atol=1e-5)


@pytest.mark.core
def test_the_meta_gradient_is_of_second_order():
    """By finite differences of the whole: adapt, then ask."""
    x, y = tasks()
    model = MAML(linear(), rate=0.8, steps=2)
    (w,) = model.classifier.get_weights()
    found = step_of(model, x, y)[0]
    numeric = np.empty_like(w)
    for place in np.ndindex(w.shape):
        nudge = np.zeros(w.shape)
        nudge[place] = 1e-5
        high, low = (meta_loss(w.astype(float) + s * nudge, x, y, 0.8, 2) for s in (1, -1))
        numeric[place] = (high - low) / 2e-5
    np.testing.assert_allclose(found, numeric, atol=2e-4)
    first = step_of(MAML(linear(), rate=0.8, steps=2, second_order=False), x, y)[0]
    assert abs(first - numeric).max() > 0.01


def normalised(norm):
    """Pictures of one pixel to two logits, through a layer that is normalised by the batch."""
    keras.utils.set_random_seed(1)
    steps = [keras.Input((1, 1, 3)), keras.layers.Flatten(), keras.layers.Dense(4), norm]
    return keras.Sequential([*steps, keras.layers.Activation("tanh"), keras.layers.Dense(WAY)])


def slope_along(model, x, y, direction):
    """The meta-loss's slope, by differences."""
    start, found = model.classifier.get_weights(), []
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for sign in (1, -1):
        moved = [w + sign * 3e-3 * d for w, d in zip(start, direction, strict=True)]
        model.classifier.set_weights(moved)
        found.append(float(loss(y, model(x))))
    model.classifier.set_weights(start)
    return (found[0] - found[1]) / 6e-3


@pytest.mark.core
def test_the_meta_gradient_goes_through_batch_statistics():
    x, y = tasks()
    rng = np.random.default_rng(3)
    model = MAML(normalised(TransductiveBatchNorm()), rate=0.8, steps=2)
    start = model.classifier.get_weights()
    directions = [[rng.normal(0, 1, w.shape) for w in start] for _ in range(4)]
    numeric = [slope_along(model, x, y, d) for d in directions]
    found = step_of(model, x, y)
    exact = [sum((g * part).sum() for g, part in zip(found, d, strict=True)) for d in directions]
    np.testing.assert_allclose(exact, numeric, rtol=0.02, atol=3e-3)


@pytest.mark.core
def test_batch_normalisation_by_hand():
    x = np.random.default_rng(0).normal(3, 2, (5, 2, 2, 3)).astype(np.float32)
    layer, keras_own = TransductiveBatchNorm(1e-3), keras.layers.BatchNormalization()
    for training in (True, False):
        np.testing.assert_allclose(
            layer(x, training=training), keras_own(x, training=True), atol=1e-5
        )
    assert len(layer.weights) == 2  # no statistics that evaluation could use
    again = TransductiveBatchNorm.from_config(layer.get_config())
    assert again.epsilon == 1e-3


def test_a_wrong_second_derivative_is_refused():
    model = normalised(keras.layers.BatchNormalization())
    if keras.backend.backend() == "tensorflow":
        with pytest.raises(ValueError, match="TransductiveBatchNorm"):
            MAML(model)
    MAML(model, second_order=False)
    MAML(model, adapt="head")


@pytest.mark.core
def test_first_order_takes_the_gradient_where_the_steps_end():
    x, y = tasks()
    model = MAML(linear(), rate=0.8, steps=2, second_order=False)
    (w,) = model.classifier.get_weights()
    expected = np.mean(
        [
            cross_entropy(adapted(w, s, 0.8, 2), q.reshape(-1, 3), labels)[1]
            for s, q, labels in zip(x["support"], x["query"], y, strict=True)
        ],
        axis=0,
    )
    np.testing.assert_allclose(step_of(model, x, y)[0], expected, atol=1e-5)


@pytest.mark.core
def test_reptile_moves_towards_the_mean_end():
    x, y = tasks()
    model = Reptile(linear(), rate=0.8, steps=3)
    (w,) = model.classifier.get_weights()
    ends = [adapted(w, s, 0.8, 3) for s in x["support"]]
    np.testing.assert_allclose(step_of(model, x, y)[0], w - np.mean(ends, axis=0), atol=1e-5)


def network(seed=0, way=3):
    body = embed(8, seed=seed)
    return keras.Sequential([body, keras.layers.ReLU(), keras.layers.Dense(way)])


@pytest.mark.core
def test_anil_adapts_the_head_alone_and_trains_all():
    data = TaskSampler(pictures(), 3, 2, 4, 4, batch_size=4)
    model = MAML(network(), rate=0.3, steps=2, adapt="head")
    known = model.process_support_set(data[0][0]["support"])
    assert [tuple(part.shape) for part in known] == [(4, 8, 3), (4, 3)]
    assert all(abs(change).max() > 0 for change in step_of(model, *data[0]))


METHODS = {
    "MAML": lambda: MAML(network(), rate=0.2, steps=3),
    "first order": lambda: MAML(network(), rate=0.2, steps=3, second_order=False),
    "ANIL": lambda: MAML(network(), rate=0.2, steps=3, adapt="head"),
    "Reptile": lambda: Reptile(network(), rate=0.2, steps=3),
}


@pytest.mark.parametrize("name", METHODS)
def test_meta_training_helps_on_classes_never_seen(name):
    train, new = pictures(12, 12, seed=1), pictures(8, 12, seed=2)
    asked = TaskSampler(new, 3, 2, 4, 40, batch_size=20, seed=5)
    model = METHODS[name]()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    rate = keras.optimizers.SGD(0.5) if name == "Reptile" else keras.optimizers.Adam(1e-2)
    model.compile(rate, loss, metrics=["accuracy"])
    before = model.evaluate(asked, verbose=0, return_dict=True)
    model.fit(TaskSampler(train, 3, 2, 4, 100, batch_size=5), epochs=3, verbose=0)
    after = model.evaluate(asked, verbose=0, return_dict=True)
    assert after["loss"] < 0.9 * before["loss"]
    assert after["accuracy"] > before["accuracy"]


def test_settings_that_cannot_be():
    with pytest.raises(ValueError, match="at least 1"):
        MAML(linear(), steps=0)
    with pytest.raises(ValueError, match="one of"):
        MAML(linear(), adapt="tail")
