"""`tune`: each rate gets the same start, and validation pictures decide."""

from dataclasses import replace

import numpy as np
import pytest

from tl_helpers.data.dataset import Split
from tl_helpers.finetune import attach_head, fine_tune, tune

RECIPE = {"epochs": 3, "batch_size": 16, "seed": 1}
RATES = (1e-5, 0.1)


@pytest.fixture(scope="module")
def make(mini):
    return lambda: attach_head(mini(), 2, seed=3)


@pytest.fixture(scope="module")
def trials(make, easy):
    return tune(make, easy, RATES, **RECIPE)


@pytest.mark.core
def test_the_best_by_validation_comes_first(trials, easy):
    assert [trial.rate for trial in trials] == [0.1, 1e-5]
    found = [trial.result.val_accuracy for trial in trials]
    assert found[0] > 0.9 > found[1]
    said = [trial.model.predict(easy.val.x, verbose=0).argmax(1) for trial in trials]
    assert found == pytest.approx([(answer == easy.val.y).mean() for answer in said])


def test_each_rate_trains_as_it_would_alone(trials, make, easy, state):
    model = make()
    fine_tune(model, easy, base_lr=1e-5, **RECIPE)
    alone, among = state(model), state(trials[-1].model)
    assert all(np.allclose(alone[path], among[path], atol=1e-6) for path in alone)


def test_labels_of_the_validation_pictures_choose(trials, make, easy):
    turned = replace(easy, val=Split(easy.val.x, 1 - easy.val.y))
    assert tune(make, turned, RATES, **RECIPE)[0].rate == 1e-5


def test_no_rates(make, easy):
    with pytest.raises(ValueError, match="at least one rate"):
        tune(make, easy, [])
