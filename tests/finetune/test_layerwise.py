"""`layerwise`: each stage as if it had an optimizer of its own, with its own rate."""

import keras
import numpy as np
import pytest
from keras import optimizers

from tl_helpers.finetune import attach_head, layerwise, unfreeze
from tl_helpers.finetune.layerwise import Layerwise, layerwise_class, multipliers

NAMES = ["stem", "stage1", "stage2", "head"]
MAKE = {
    "sgd": lambda rate: optimizers.SGD(rate, momentum=0.9, nesterov=True, weight_decay=0.1),
    "adam": lambda rate: optimizers.Adam(rate),
    "adamw": lambda rate: optimizers.AdamW(rate, weight_decay=0.1),
    "nadam": lambda rate: optimizers.Nadam(rate),
    "rmsprop": lambda rate: optimizers.RMSprop(rate, momentum=0.5),
    "lion": lambda rate: optimizers.Lion(rate, weight_decay=0.1),
    "muon": lambda rate: optimizers.Muon(rate, weight_decay=0.1, adam_weight_decay=0.2),
}


@pytest.fixture
def model(mini):
    model = attach_head(mini(), 2, dropout=0)
    unfreeze(model)
    return model


def stage(variable) -> str:
    return variable.path.split("/")[0].split("_")[0]


def gradients(variables, steps):
    rng = np.random.default_rng(0)
    return [[rng.normal(size=v.shape).astype("float32") for v in variables] for _ in range(steps)]


# The multipliers


def test_decay_multiplies_from_the_head_down():
    assert multipliers(NAMES, decay=0.5, lr=None) == {
        "head": 1,
        "stage2": 0.5,
        "stage1": 0.25,
        "stem": 0.125,
    }


def test_a_slice_spreads_the_rates_by_equal_factors():
    made = multipliers(NAMES, None, slice(1e-5, 1e-2))
    assert made == pytest.approx({"head": 1, "stage2": 0.1, "stage1": 0.01, "stem": 0.001})


def test_a_slice_of_one_rate_gives_a_tenth_to_all_but_the_head():
    assert multipliers(NAMES, None, slice(1e-2)) == {
        "head": 1,
        "stage2": 0.1,
        "stage1": 0.1,
        "stem": 0.1,
    }


def test_a_slice_sets_the_rate_of_an_optimizer_with_a_number_and_not_of_a_schedule(model):
    assert float(layerwise(optimizers.SGD(5.0), model, lr=slice(1e-2)).learning_rate) == (
        pytest.approx(1e-2)
    )
    schedule = optimizers.schedules.ExponentialDecay(0.25, 10, 0.5)
    made = layerwise(optimizers.SGD(schedule), model, lr=slice(1e-3, 1e-2))
    assert float(made.learning_rate) == pytest.approx(0.25)


# The oracle: one optimizer a stage


@pytest.mark.core
@pytest.mark.parametrize("kind", MAKE)
def test_it_updates_as_one_optimizer_a_stage_would(model, mini, kind):
    other = attach_head(mini(), 2)
    unfreeze(other)
    made = layerwise(MAKE[kind](0.01), model, decay=0.5)
    made.build(model.trainable_variables)
    rates = {s: 0.01 * m for s, m in multipliers(NAMES, 0.5, None).items()}
    for name, rate in rates.items():
        mine = [v for v in other.trainable_variables if stage(v) == name]
        single = MAKE[kind](rate)
        single.build(mine)
        for grads in gradients(other.trainable_variables, 5):
            pairs = zip(grads, other.trainable_variables, strict=True)
            single.apply([g for g, v in pairs if stage(v) == name], mine)
    for grads in gradients(model.trainable_variables, 5):
        made.apply(grads, model.trainable_variables)
    for a, b in zip(model.trainable_variables, other.trainable_variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5, atol=1e-6, err_msg=a.path)


@pytest.mark.core
def test_scaling_the_gradients_instead_would_not_do_under_adam(model):
    """What `layerwise` is for: Adam takes the same step, however small the gradients are."""
    kernel = model.get_layer("stem_conv").kernel
    steps = []
    for optimizer, scale in (
        (optimizers.Adam(0.01), 1.0),
        (optimizers.Adam(0.01), 0.125),
        (layerwise(optimizers.Adam(0.01), model, decay=0.5), 1.0),
    ):
        before = kernel.numpy()
        optimizer.build(model.trainable_variables)
        grads = [np.full(v.shape, scale, "float32") for v in model.trainable_variables]
        optimizer.apply(grads, model.trainable_variables)
        steps.append(float(np.abs(kernel.numpy() - before).mean()))
    assert steps == pytest.approx([0.01, 0.01, 0.00125], rel=1e-3)


@pytest.mark.core
def test_a_scheduler_moves_all_rates_together(model, easy):
    keras.utils.set_random_seed(0)
    made = layerwise(optimizers.SGD(1.0), model, decay=0.5)
    model.compile(made, "sparse_categorical_crossentropy", jit_compile=False)
    quiet = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0 if epoch else 1e-9)
    before = [v.numpy() for v in model.trainable_variables]
    model.fit(easy.train.x, easy.train.y, epochs=2, callbacks=[quiet], verbose=0)
    for v, old in zip(model.trainable_variables, before, strict=True):
        np.testing.assert_allclose(v.numpy(), old, atol=1e-6)
    assert float(made.learning_rate) == 0


@pytest.mark.core
def test_a_schedule_counts_steps_once(model):
    schedule = optimizers.schedules.PiecewiseConstantDecay([0], [1.0, 0.5])
    made = layerwise(optimizers.SGD(schedule), model, decay=0.5)
    made.build(model.trainable_variables)
    head = model.get_layer("head").bias
    before = head.numpy()
    for _ in range(3):
        ones = [np.ones(v.shape, "float32") for v in model.trainable_variables]
        made.apply(ones, model.trainable_variables)
    np.testing.assert_allclose(head.numpy(), before - 2.0, rtol=1e-6)  # 1 + 0.5 + 0.5


# Weight decay


@pytest.mark.core
def test_weight_decay_follows_the_rate_and_spares_what_is_excluded(model):
    for v in model.trainable_variables:
        v.assign(np.ones(v.shape))
    plain = optimizers.AdamW(0.1, weight_decay=0.5)
    plain.exclude_from_weight_decay(var_names=["bias"])
    made = layerwise(plain, model, decay=0.5)
    made.build(model.trainable_variables)
    zeros = [np.zeros(v.shape, "float32") for v in model.trainable_variables]
    made.apply(zeros, model.trainable_variables)
    factors = multipliers(NAMES, 0.5, None)
    for v in model.trainable_variables:
        expected = 1 if "bias" in v.path else 1 - 0.05 * factors[stage(v)]
        np.testing.assert_allclose(v.numpy(), expected, rtol=1e-6, err_msg=v.path)


# Going on


@pytest.mark.core
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_what_joins_late_starts_anew_and_what_trained_before_goes_on(model, mini, kind):
    """Two phases; the oracle is one optimizer for the early variables and one for the late ones."""
    other = attach_head(mini(), 2)
    unfreeze(other)
    late = {"stem", "stage1"}
    made = None
    for phase in range(2):
        mine = [v for v in model.trainable_variables if phase or stage(v) not in late]
        earlier, made = made, layerwise(MAKE[kind](0.01), model, decay=0.5)
        made.build(mine)
        if earlier:
            made.take_over(earlier)
        for grads in gradients(model.trainable_variables, 4):
            pairs = list(zip(grads, model.trainable_variables, strict=True))
            made.apply([g for g, v in pairs if any(v is m for m in mine)], mine)
    for joined, steps in ((False, 8), (True, 4)):
        theirs = [v for v in other.trainable_variables if (stage(v) in late) == joined]
        oracle = layerwise(MAKE[kind](0.01), other, decay=0.5)
        oracle.build(theirs)
        for grads in (gradients(other.trainable_variables, 4) * 2)[:steps]:
            pairs = zip(grads, other.trainable_variables, strict=True)
            oracle.apply([g for g, v in pairs if (stage(v) in late) == joined], theirs)
    for a, b in zip(model.trainable_variables, other.trainable_variables, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5, atol=1e-6, err_msg=a.path)


@pytest.mark.core
@pytest.mark.parametrize("kind", MAKE)
def test_it_survives_saving_and_loading(model, easy, tmp_path, kind):
    optimizer = MAKE[kind](0.01)
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(layerwise(optimizer, model, decay=0.5), loss, jit_compile=False)
    model.fit(easy.train.x, easy.train.y, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is type(model.optimizer)
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    assert loaded.optimizer.multipliers["stem_conv/kernel"] == 0.125
    assert "head/bias" in loaded.optimizer.undecayed
    for each in (model, loaded):
        keras.utils.set_random_seed(1)
        each.fit(easy.train.x, easy.train.y, shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_every_keras_optimizer_has_its_class():
    for name in SOME:
        made = layerwise_class(getattr(optimizers, name))
        assert issubclass(made, Layerwise)
        assert keras.saving.get_registered_object(f"tl_helpers>Layerwise{name}") is made


SOME = {"SGD", "RMSprop", "Adam", "AdamW", "Adagrad", "Adafactor", "Nadam", "Ftrl", "Lion", "Lamb"}


def test_an_optimizer_of_ones_own(model, easy):
    class Slow(optimizers.SGD):
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient, variable, learning_rate / 2)

    made = layerwise(Slow(1.0), model, decay=0.5)
    made.build(model.trainable_variables)
    kernel = model.get_layer("stage2_conv").kernel
    before = kernel.numpy()
    ones = [np.ones(v.shape, "float32") for v in model.trainable_variables]
    made.apply(ones, model.trainable_variables)
    np.testing.assert_allclose(kernel.numpy(), before - 0.25, rtol=1e-5)


# What makes no sense


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give one of decay and lr"),
        ({"decay": 0.5, "lr": slice(1e-3)}, "give one of decay and lr"),
        ({"decay": 0.0}, "decay must be positive, got 0.0"),
        ({"lr": 1e-3}, "lr is slice"),
        ({"lr": slice(None)}, "lr is slice"),
        ({"lr": slice(1e-3, 1e-2, 2)}, "lr is slice"),
        ({"lr": slice(1e-2, 1e-3)}, "the lowest first"),
        ({"lr": slice(0, 1e-3)}, "must be positive"),
    ],
)
def test_settings(model, options, message):
    with pytest.raises(ValueError, match=message):
        layerwise(optimizers.Adam(1e-3), model, **options)


def test_what_is_no_optimizer_that_updates(model):
    for wrong in ("adam", optimizers.LossScaleOptimizer(optimizers.Adam(1e-3))):
        with pytest.raises(TypeError, match="a Keras optimizer that updates weights itself"):
            layerwise(wrong, model, decay=0.5)


def test_an_optimizer_in_use(model):
    used = optimizers.Adam(1e-3)
    used.build(model.trainable_variables)
    with pytest.raises(ValueError, match="has been used already"):
        layerwise(used, model, decay=0.5)


def test_another_model(model):
    made = layerwise(optimizers.Adam(1e-3), model, decay=0.5)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="other")])
    with pytest.raises(ValueError, match=r"made by layerwise\(\) for another .*other/kernel"):
        made.build(other.trainable_variables)


def test_a_model_without_stages():
    with pytest.raises(ValueError, match="has no stages"):
        layerwise(optimizers.Adam(1e-3), keras.Sequential([keras.Input((3,))]), decay=0.5)
