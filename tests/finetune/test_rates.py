"""Several rates in one `fine_tune`: each as if alone, and validation pictures decide."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from tl_helpers.data.dataset import Split
from tl_helpers.finetune import STRATEGIES, attach_head, fine_tune

RECIPE = {"epochs": 4, "batch_size": 16, "seed": 1}
RATES = [1e-5, 0.1]


@pytest.fixture
def model(mini):
    return attach_head(mini(), 2, dropout=0.2, seed=3)


@pytest.mark.core
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("rates", [RATES, RATES[::-1]])
def test_each_rate_trains_as_it_would_alone(mini, model, easy, state, strategy, rates):
    both = fine_tune(model, easy, strategy, base_lr=rates, **RECIPE)
    for rate in rates:
        single = attach_head(mini(), 2, dropout=0.2, seed=3)
        alone = fine_tune(single, easy, strategy, base_lr=rate, **RECIPE)
        assert alone.tried == {rate: alone.val_accuracy}
        assert both.tried[rate] == pytest.approx(alone.val_accuracy, abs=1e-6)
        if rate == both.rate:
            weights, chosen = state(single), state(model)
            assert all(np.allclose(weights[path], chosen[path], atol=1e-4) for path in weights)
            assert np.allclose(both.history["loss"], alone.history["loss"], rtol=1e-3, atol=1e-5)


def test_so_it_does_where_an_earlier_rate_stopped_early(mini, model, easy, state):
    recipe = RECIPE | {"epochs": 12, "patience": 1}
    both = fine_tune(model, easy, "gradual", base_lr=[0.5, 0.02], **recipe)
    single = attach_head(mini(), 2, dropout=0.2, seed=3)
    alone = fine_tune(single, easy, "gradual", base_lr=0.02, **recipe)
    assert both.tried[0.02] == pytest.approx(alone.val_accuracy, abs=1e-6)


@pytest.mark.core
def test_the_model_ends_with_the_best_by_validation(model, easy):
    result = fine_tune(model, easy, base_lr=RATES, **RECIPE)
    assert result.rate == 0.1
    assert result.val_accuracy == max(result.tried.values()) > 0.9 > min(result.tried.values())
    said = model.predict(easy.val.x, verbose=0).argmax(1)
    assert (said == easy.val.y).mean() == pytest.approx(result.val_accuracy)


def test_labels_of_the_validation_pictures_choose(model, easy):
    turned = replace(easy, val=Split(easy.val.x, 1 - easy.val.y))
    assert fine_tune(model, turned, base_lr=RATES, **RECIPE).rate == 1e-5


def test_of_equals_the_first_is_taken(model, easy):
    assert fine_tune(model, easy, base_lr=[0.1, 0.11], **RECIPE).rate == 0.1


def test_a_slice_is_one_choice(model, easy):
    result = fine_tune(model, easy, base_lr=slice(1e-3, 0.1), **RECIPE)
    assert result.rate == slice(1e-3, 0.1)
    assert result.tried == {0.1: result.val_accuracy}


def test_a_step_is_traced_once_for_all_rates(model, easy, monkeypatch):
    compiled = []
    original = keras.Model.compile
    monkeypatch.setattr(
        keras.Model, "compile", lambda self, *a, **k: compiled.append(1) or original(self, *a, **k)
    )
    fine_tune(model, easy, base_lr=[1e-3, 1e-2, 1e-1], **RECIPE)
    assert len(compiled) == 2  # and once more at the end, for what comes after


@pytest.mark.parametrize("rates", [[], [1e-3, -1.0], [1e-3, "fast"], "fast", None])
def test_rates_that_are_none(model, easy, rates):
    with pytest.raises(ValueError, match="base_lr is a positive number"):
        fine_tune(model, easy, base_lr=rates)


def test_in_mixed_precision_keras_wraps_the_optimizer(mini, easy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = attach_head(mini(), 2, seed=3)
        result = fine_tune(model, easy, base_lr=[*RATES, 1e6, 0.11], **RECIPE)
    finally:
        keras.config.set_dtype_policy(before)
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    assert min(result.tried[0.1], result.tried[0.11]) > 0.9  # also after one that overflows
    assert result.tried[1e-5] < 0.9
