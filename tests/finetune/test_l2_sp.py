"""L2-SP: the penalty by hand, and what it does to training."""

import keras
import numpy as np
import pytest

from tl_helpers.finetune import attach_head, fine_tune, l2_sp, unfreeze


@pytest.fixture
def model(mini):
    model = attach_head(mini(), 2)
    unfreeze(model)
    return model


@pytest.mark.core
def test_the_penalty_is_the_distance_from_the_start_and_the_size_of_the_head(model):
    head = model.get_layer("head").kernel
    l2_sp(model, strength=0.5, head=0.25)
    expected = 0.125 * (np.asarray(head) ** 2).sum()
    assert sum(map(float, model.losses)) == pytest.approx(expected, rel=1e-5)
    stem = model.get_layer("stem_conv").kernel
    stem.assign(stem + 0.1)
    expected += 0.25 * 0.01 * np.prod(stem.shape)
    assert sum(map(float, model.losses)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.core
@pytest.mark.parametrize("strategy", ["full", "gradual"])
def test_it_keeps_training_near_the_start(mini, hard, strategy):
    def moved(strength):
        model = attach_head(mini(), 3)
        before = keras.ops.convert_to_numpy(model.get_layer("stage2_conv").kernel).copy()
        if strength:
            l2_sp(model, strength)
        fine_tune(model, hard, strategy, epochs=8, base_lr=0.02, weight_decay=0.0)
        return float(np.abs(np.asarray(model.get_layer("stage2_conv").kernel) - before).mean())

    assert moved(100.0) < 0.3 * moved(0)


@pytest.mark.core
def test_the_loss_that_training_shows_has_it(model, easy):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    l2_sp(model, strength=1.0, head=0.0)
    stem = model.get_layer("stem_conv").kernel
    stem.assign(stem + 0.1)
    model.compile(keras.optimizers.SGD(0.0), loss, jit_compile=False)
    x, y = easy.val.x, easy.val.y
    shown = model.evaluate(x, y, verbose=0)
    plain = float(loss(y, model.predict(x, verbose=0)))
    assert shown - plain == pytest.approx(0.5 * 0.01 * np.prod(stem.shape), rel=1e-3)


def test_zero_takes_it_off(model):
    l2_sp(model)
    assert len(model.losses) == 4
    l2_sp(model, 0.0)
    assert len(model.losses) == 1
    l2_sp(model, 0.0, 0.0)
    assert not model.losses


def test_negative_penalties(model):
    with pytest.raises(ValueError, match=r"cannot be negative, got -1\.0 and 0\.01"):
        l2_sp(model, -1.0)
