"""`fine_tune`: every strategy learns, and does what its name says."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from tl_helpers.finetune import (
    STRATEGIES,
    attach_head,
    fine_tune,
    linear_probe,
    recipe,
    trainable_stages,
)
from tl_helpers.finetune.compiled import adamw, compile_for, warm_cosine

FAST = {"epochs": 6, "base_lr": 0.1, "batch_size": 16}
BACKBONE = ("stem", "stage1", "stage2")


@pytest.fixture(scope="module")
def runs(mini, easy, state):
    """One run of every strategy: strategy -> result, model, its weights before and after."""
    made = {}
    for strategy in STRATEGIES:
        model = attach_head(mini(), 2)
        before = state(model)
        result = fine_tune(model, easy, strategy, **FAST)
        made[strategy] = result, model, before, state(model)
    return made


@pytest.mark.core
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_it_tells_bright_from_dark(runs, easy, strategy):
    result, model, *_ = runs[strategy]
    assert result.strategy == strategy
    assert result.val_accuracy > 0.9
    share = (model.predict(easy.val.x, verbose=0).argmax(1) == easy.val.y).mean()
    assert result.val_accuracy == pytest.approx(share)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_history_has_a_row_an_epoch(runs, strategy):
    result = runs[strategy][0]
    assert {"epoch", "loss", "accuracy"} <= set(result.history.columns)
    assert result.history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert result.history["accuracy"].iloc[-1] > 0.8
    assert result.seconds > 0


def changed(before, after):
    return {path for path in before if not np.array_equal(before[path], after[path])}


@pytest.mark.core
def test_head_leaves_the_backbone_bit_equal(runs):
    assert changed(*runs["head"][2:]) == {"head/kernel", "head/bias"}


@pytest.mark.parametrize("strategy", ["full", "lp-ft", "gradual"])
def test_the_other_strategies_train_every_stage(runs, strategy):
    _, model, *weights = runs[strategy]
    assert trainable_stages(model) == [*BACKBONE, "head"]
    assert {f"{stage}_conv/kernel" for stage in BACKBONE} <= changed(*weights)


@pytest.mark.core
@pytest.mark.parametrize("strategy", ["full", "lp-ft", "gradual"])
def test_what_lies_below_down_to_stays_bit_equal(mini, easy, state, strategy):
    model = attach_head(mini(), 2)
    before = state(model)
    fine_tune(model, easy, strategy, down_to="stage2", batch_norm=True, **FAST)
    assert {path.split("_")[0].split("/")[0] for path in changed(before, state(model))} == {
        "stage2",
        "head",
    }
    assert trainable_stages(model) == ["stage2", "head"]


@pytest.mark.core
def test_rates_by_stage(mini, easy, state):
    """So small a rate below the head that nothing moves there, by a factor and by a slice."""
    for options in ({"base_lr": 0.1, "decay": 1e-9}, {"base_lr": slice(1e-12, 0.1)}):
        model = attach_head(mini(), 2)
        before = state(model)
        fine_tune(model, easy, "full", epochs=2, weight_decay=0.0, **options)
        after = state(model)
        assert not np.allclose(after["head/kernel"], before["head/kernel"], atol=1e-3)
        np.testing.assert_allclose(after["stem_conv/kernel"], before["stem_conv/kernel"], atol=1e-6)


@pytest.mark.core
@pytest.mark.parametrize("strategy", ["full", "gradual"])
def test_patience_ends_early_at_the_best_epoch(mini, hard, strategy):
    model = attach_head(mini(), 3)
    options = {"epochs": 120, "base_lr": 0.05, "patience": 2, "down_to": "stage2"}
    history = fine_tune(model, hard, strategy, **options).history
    share = 120 if strategy == "full" else 60  # the head, and stage2
    phases = [phase["val_loss"] for _, phase in history.groupby("stage")]
    assert all(len(loss) == min(loss.argmin() + 3, share) for loss in phases)
    assert any(len(loss) < share for loss in phases)
    loss = model.evaluate(hard.val.x, hard.val.y, verbose=0)[0]
    assert loss == pytest.approx(history[history["stage"] == "stage2"]["val_loss"].min(), rel=1e-3)


def test_few_pictures_do_not_touch_the_batch_norm_of_a_pretrained_network(runs):
    for strategy in STRATEGIES:
        assert not any("_bn/" in path for path in changed(*runs[strategy][2:]))


@pytest.mark.parametrize("batch_norm", [True, None])
def test_many_pictures_train_the_batch_norm_too(mini, easy, state, monkeypatch, batch_norm):
    if batch_norm is None:
        monkeypatch.setattr(recipe, "BATCH_NORM_FROM", len(easy.train))
    model = attach_head(mini(), 2)
    before = state(model)
    fine_tune(model, easy, "full", epochs=1, batch_size=16, batch_norm=batch_norm)
    assert changed(before, state(model)) == set(before)


def test_a_network_from_scratch_trains_its_batch_norm(mini, easy, state):
    model = attach_head(mini(pretrained=False), 2)
    before = state(model)
    fine_tune(model, easy, "full", epochs=1, batch_size=16)
    after = state(model)
    assert changed(before, after) == set(before)


@pytest.mark.core
def test_the_same_seed_gives_the_same_result(mini, easy):
    def losses(seed):
        model = attach_head(mini(), 2)
        options = {"epochs": 2, "batch_size": 16, "augment": True, "seed": seed}
        return fine_tune(model, easy, "full", **options).history["loss"].to_numpy()

    first, again, other = losses(0), losses(0), losses(1)
    np.testing.assert_allclose(again, first, rtol=1e-4)
    assert not np.allclose(other, first, rtol=1e-3)


@pytest.mark.core
def test_lp_ft_starts_from_the_probe(mini, hard):
    probe = linear_probe(mini(), hard)
    model = attach_head(mini(), 3)
    result = fine_tune(model, hard, "lp-ft", epochs=1, base_lr=1e-9)
    assert result.val_accuracy == pytest.approx(probe.val_accuracy)
    np.testing.assert_allclose(model.get_layer("head").get_weights()[0], probe.kernel, atol=1e-4)


def test_a_smoke_run_takes_one_step(mini, easy, monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    model = attach_head(mini(), 2)
    result = fine_tune(model, easy, "full", **FAST)
    assert int(model.optimizer.iterations) == 1
    assert len(result.history) == 1


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="JAX traces another way")
def test_tensorflow_traces_the_training_step_once(mini, easy, monkeypatch):
    model, traces = attach_head(mini(), 2), []
    step = model.train_step
    monkeypatch.setattr(model, "train_step", lambda data: traces.append(1) or step(data))
    fine_tune(model, easy, "full", epochs=2, base_lr=1e-3)
    assert len(traces) == 1  # twice would be double the time and the memory of every short run


def test_a_single_step_is_enough_for_the_schedule(mini, easy, state):
    """Warm-up and cosine have no step left to share."""
    model = attach_head(mini(), 2)
    fine_tune(model, replace(easy, train=easy.train[:8]), "full", epochs=1, batch_size=8)
    assert int(model.optimizer.iterations) == 1
    assert all(np.isfinite(value).all() for value in state(model).values())


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_model_can_be_evaluated_and_trained_on(mini, easy, strategy):
    model = attach_head(mini(), 2)
    fine_tune(model, easy, strategy, **FAST)
    assert model.evaluate(easy.val.x, easy.val.y, verbose=0)[1] > 0.9
    model.fit(easy.train.x, easy.train.y, verbose=0)


def test_augmentation_reaches_the_training_pictures(mini, easy):
    seen = []

    def note(x, rng):
        seen.append(x.shape)
        return np.zeros_like(x)  # nothing to tell apart

    model = attach_head(mini(), 2)
    result = fine_tune(model, easy, "full", epochs=1, base_lr=1e-9, batch_size=16, augment=note)
    assert set(seen) == {(16, 8, 8, 3)}
    assert result.history["accuracy"].iloc[0] < 0.8


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"strategy": "fast"}, "'fast'; strategies are head, full"),
        ({"decay": 0.0}, r"epochs and decay must be positive, got 8 and 0.0"),
        ({"epochs": 0}, "must be positive, got 0"),
        ({"base_lr": 0.0}, "base_lr is a positive number"),
        ({"base_lr": -1e-3}, "base_lr is a positive number"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"patience": -1}, "patience must be at least 1, got -1"),
        ({"augment": "flip"}, "a function .* got 'flip'"),
        (
            {"strategy": "gradual", "epochs": 3},
            r"4 phases here \(head, stage2, .* got 3: give more",
        ),
        ({"down_to": "stage9"}, r"down_to='stage9': .* one of stem, stage1, stage2$"),
        ({"strategy": "gradual", "down_to": "head"}, "down_to='head': .* one of stem, stage1"),
        ({"strategy": "head", "down_to": "stage1"}, "trains nothing below the head: leave down_to"),
        ({"base_lr": slice(1e-2, 1e-3)}, "the lowest first"),
        ({"base_lr": slice(None)}, "base_lr is a positive number"),
    ],
)
def test_settings_that_make_no_sense(mini, easy, wrong, message):
    with pytest.raises(ValueError, match=message):
        fine_tune(attach_head(mini(), 2), easy, **wrong)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_head_for_another_number_of_classes(mini, easy, strategy):
    with pytest.raises(ValueError, match=r"head has 5 classes, easy has 2: .*data.num_classes"):
        fine_tune(attach_head(mini(), 5), easy, strategy, **FAST)


def test_what_is_no_data_set(mini, easy):
    with pytest.raises(TypeError, match=r"a whole data set .*, not a Split"):
        fine_tune(attach_head(mini(), 2), easy.train, **FAST)


def test_a_backbone_without_a_head(mini, easy):
    with pytest.raises(ValueError, match=r"Backbone 'mini' has no stages: .*attach_head"):
        fine_tune(mini(), easy, **FAST)


# Rate and decay


@pytest.mark.core
def test_the_rate_warms_up_over_a_tenth_and_falls_along_a_cosine(mini):
    model = attach_head(mini(), 2)
    compile_for(model, adamw(model, warm_cosine(100, 0.5), 0.0, decay=1.0))
    rate = model.optimizer._learning_rate
    at = {step: float(rate(step)) for step in (0, 5, 10, 55, 99, 100)}
    assert at[0] == pytest.approx(0.005)
    assert at[5] == pytest.approx((0.005 + 0.5) / 2)
    assert at[10] == pytest.approx(0.5)
    assert at[55] == pytest.approx(0.25)  # half of the 90 steps that are left
    assert 0 < at[99] < 0.001
    assert at[100] == pytest.approx(0, abs=1e-6)


@pytest.mark.core
def test_decay_shrinks_kernels_and_spares_batch_norm_and_biases(mini):
    model = attach_head(mini(pretrained=False), 2)
    for v in model.trainable_variables:
        v.assign(np.ones(v.shape))
    compile_for(model, adamw(model, warm_cosine(1, 0.1), 0.5, decay=1.0))
    zeros = [np.zeros(v.shape, "float32") for v in model.trainable_variables]
    model.optimizer.apply(zeros, model.trainable_variables)
    for v in model.trainable_variables:
        expected = 0.95 if "kernel" in v.path else 1
        np.testing.assert_allclose(v.numpy(), expected, rtol=1e-5, err_msg=v.path)
