"""Gradual unfreezing: one more stage a phase, and nothing that is frozen runs twice."""

import importlib

import keras
import numpy as np
import pytest

from tl_helpers.data.augment import flip_shift
from tl_helpers.finetune import attach_head, fine_tune, freeze_to, prefix
from tl_helpers.finetune.batches import Batches
from tl_helpers.finetune.compiled import adamw, compile_for, warm_cosine

features = importlib.import_module("tl_helpers.finetune.features")
PHASES = ["head", "stage2", "stage1", "stem"]


def test_phases_share_the_epochs_and_the_last_ones_get_the_rest(mini, hard):
    result = fine_tune(attach_head(mini(), 3), hard, "gradual", epochs=6)
    assert result.history["stage"].tolist() == [
        "head",
        "stage2",
        "stage1",
        "stage1",
        "stem",
        "stem",
    ]
    assert result.history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    short = fine_tune(attach_head(mini(), 3), hard, "gradual", epochs=3, down_to="stage1")
    assert short.history["stage"].tolist() == ["head", "stage2", "stage1"]


@pytest.mark.core
@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_weights_are_those_of_the_plain_way(mini, hard, batch_norm):
    """The oracle: the whole network in every step, frozen by `trainable`, with one optimizer each
    phase that goes on with the moments of the last."""
    fast, plain = attach_head(mini(), 3), attach_head(mini(), 3)
    options = {"batch_size": 16, "batch_norm": batch_norm, "seed": 3}
    fine_tune(fast, hard, "gradual", epochs=8, base_lr=0.02, decay=0.5, **options)

    keras.utils.set_random_seed(3)
    optimizer = None
    for phase, stage in enumerate(PHASES):
        freeze_to(plain, stage, batch_norm)
        batches = Batches(hard.train, 16, seed=3 + phase)
        earlier = optimizer
        optimizer = adamw(plain, warm_cosine(2 * len(batches), 0.02), 1e-3, decay=0.5)
        compile_for(plain, optimizer)
        if earlier:
            optimizer.take_over(earlier)
        plain.fit(batches, epochs=2, shuffle=False, verbose=0)
    start = attach_head(mini(), 3).get_weights()
    for a, b, old in zip(fast.get_weights(), plain.get_weights(), start, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
        assert batch_norm is False or not np.allclose(a, old, atol=1e-3)


def test_moments_and_ages_pass_from_phase_to_phase(mini, hard):
    model = attach_head(mini(), 3)
    fine_tune(model, hard, "gradual", epochs=8, batch_size=16)
    steps = len(hard.train) // 16 * 2  # a phase
    ages = model.optimizer.ages
    assert ages["head/kernel"] == 3 * steps
    assert ages["stage2_conv/kernel"] == 2 * steps
    assert ages["stage1_conv/kernel"] == steps
    assert "stem_conv/kernel" not in ages


@pytest.fixture
def runs(monkeypatch):
    """Pictures that each prefix ran on: depth of the prefix -> a list of counts."""
    counts = {}
    original = prefix.features

    def counting(extract, x):
        counts.setdefault(len(extract.layers), []).append(len(x))
        return original(extract, x)

    monkeypatch.setattr(prefix, "features", counting)
    monkeypatch.setattr(features, "features", counting)
    return counts


def test_the_frozen_part_runs_once_a_phase(mini, hard, runs):
    fine_tune(attach_head(mini(), 3), hard, "gradual", epochs=12)
    assert len(runs) == 3  # below the head, stage2 and stage1; nothing lies below the stem
    assert all(counts == [60, 60] for counts in runs.values())  # validation and training pictures


def test_augmentation_is_not_frozen_by_the_cache(mini, hard, runs):
    seen = []

    def augment(x, rng):
        seen.append(x.shape)
        return flip_shift(x, rng)

    model = attach_head(mini(), 3)
    fine_tune(model, hard, "gradual", epochs=12, augment=augment, views=2, down_to="stage1")
    assert all(counts == [60] * 3 for counts in runs.values())  # validation, and two views
    assert seen == [hard.train.x.shape] * 6


def test_the_last_phase_augments_pictures_where_nothing_is_frozen(mini, hard):
    seen = []
    fine_tune(
        attach_head(mini(), 3),
        hard,
        "gradual",
        epochs=4,
        batch_size=20,
        augment=lambda x, rng: seen.append(len(x)) or x,
    )
    assert seen[:3] == [60] * 3
    assert set(seen[3:]) == {20}  # Keras may ask for more batches than it trains on


def test_a_smoke_run_takes_one_step_a_phase(mini, hard, monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    model = attach_head(mini(), 3)
    result = fine_tune(model, hard, "gradual", epochs=8)
    assert result.history["stage"].tolist() == PHASES
    assert int(model.optimizer.iterations) == 1


# The cut


@pytest.mark.core
@pytest.mark.parametrize("stage", PHASES[:-1])
def test_prefix_and_suffix_together_are_the_network(mini, hard, stage):
    model = attach_head(mini(), 3)
    below, above = prefix.cut_below(model, stage)
    whole = model.predict(hard.val.x, verbose=0)
    parts = above.predict(below.predict(hard.val.x, verbose=0), verbose=0)
    np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-5)
    assert all(any(v is w for w in model.variables) for v in above.variables)


def test_below_the_lowest_stage_lies_nothing(mini):
    assert prefix.cut_below(attach_head(mini(), 3), "stem") is None
