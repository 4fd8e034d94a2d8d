"""AdaBN and Tent: what becomes of BatchNorm."""

import keras
import numpy as np
import pytest

from tl_helpers.adapt import adabn, separate, tent
from tl_helpers.evaluate import accuracy
from tl_helpers.finetune import freeze


def norms(model):
    return [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]


def trained(classifier, source):
    model = classifier()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, jit_compile=False)
    model.fit(source.train.x, source.train.y, epochs=12, verbose=0)
    return model


@pytest.mark.core
def test_the_first_layer_gets_the_mean_and_variance_of_the_target(classifier, domains):
    model, x = classifier(), domains[1].train.x
    assert adabn(model, x, batch_size=96) == 2
    before = keras.Model(model.input, norms(model)[0].input).predict(x, verbose=0)
    read = keras.ops.convert_to_numpy
    np.testing.assert_allclose(
        read(norms(model)[0].moving_mean), before.mean((0, 1, 2)), rtol=1e-3, atol=1e-4
    )
    np.testing.assert_allclose(
        read(norms(model)[0].moving_variance), before.var((0, 1, 2)), rtol=1e-3, atol=1e-4
    )


@pytest.mark.core
def test_batches_are_averaged_and_nothing_else_changes(classifier, domains):
    model, x = classifier(), domains[1].train.x
    freeze(model)
    weights = [keras.ops.convert_to_numpy(v) for v in model.trainable_variables]
    momenta = [n.momentum for n in norms(model)]
    adabn(model, x, batch_size=48)
    halves = []
    order = np.random.default_rng(0).permutation(96)
    for part in (x[order[:48]], x[order[48:]]):
        other = classifier()
        adabn(other, part, batch_size=48)
        halves.append(keras.ops.convert_to_numpy(norms(other)[1].moving_variance))
    found = keras.ops.convert_to_numpy(norms(model)[1].moving_variance)
    np.testing.assert_allclose(found, np.mean(halves, axis=0), rtol=1e-4)
    assert [n.momentum for n in norms(model)] == momenta
    assert [n.trainable for n in norms(model)] == [False, False]
    for a, b in zip(weights, model.trainable_variables, strict=True):
        np.testing.assert_array_equal(a, keras.ops.convert_to_numpy(b))


@pytest.mark.core
def test_pictures_class_by_class_are_no_different_and_none_is_left_out(classifier, domains):
    target = domains[1].train[:90]
    by_class = target.x[np.argsort(target.y, kind="stable")]
    found = []
    for x in (target.x, by_class):
        model = classifier()
        adabn(model, x, batch_size=40)
        found.append(keras.ops.convert_to_numpy(norms(model)[0].moving_mean))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-3)  # the mean over all 90 pictures
    brighter = by_class.copy()
    brighter[-1] = 255
    other = classifier()
    adabn(other, brighter, batch_size=40)
    assert (keras.ops.convert_to_numpy(norms(other)[0].moving_mean) != found[1]).any()


@pytest.mark.core
def test_it_repairs_a_brighter_domain(classifier, domains):
    source, target = domains
    model = trained(classifier, source)
    before = accuracy(model, target.test)
    adabn(model, target.train.x, batch_size=96)
    assert accuracy(model, target.test) >= before
    assert accuracy(model, target.test) > 0.9


@pytest.mark.core
def test_tent_becomes_surer_and_moves_batch_norm_alone(classifier, domains):
    source, target = domains
    model = trained(classifier, source)
    read = {v.path: keras.ops.convert_to_numpy(v) for v in model.variables}
    log = tent(model, target.test.x, epochs=4, learning_rate=0.01, batch_size=24)
    assert log[-1] < log[0]
    moved = {v.path for v in model.variables if not np.array_equal(v, read[v.path])}
    assert moved <= {path for path in read if "_bn/" in path}
    assert any(path.endswith("gamma") for path in moved)
    assert all(layer.trainable for layer in model.layers)


def test_a_model_without_batch_norm(domains):
    start = keras.Input((8, 8, 3))
    model = keras.Model(start, keras.layers.Dense(2)(keras.layers.Flatten()(start)), name="mine")
    for function in (adabn, tent):
        with pytest.raises(ValueError, match="mine has no BatchNorm"):
            function(model, domains[1].train.x)


def test_no_pictures(classifier, domains):
    with pytest.raises(ValueError, match="needs pictures"):
        adabn(classifier(), domains[1].train.x[:0])


@pytest.mark.core
def test_separate_statistics_serve_each_domain(classifier, domains):
    source, target = domains
    model = trained(classifier, source)
    before = [keras.ops.convert_to_numpy(v) for v in model.weights]
    pair = separate(model, source.train.x, target.train.x)
    for one, x in zip(pair, (source.train.x, target.train.x), strict=True):
        alone = classifier()
        alone.set_weights(model.get_weights())
        adabn(alone, x)
        for a, b in zip(one.weights, alone.weights, strict=True):
            np.testing.assert_allclose(
                keras.ops.convert_to_numpy(a), keras.ops.convert_to_numpy(b), rtol=1e-5
            )
    for a, b in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(a, keras.ops.convert_to_numpy(b))
