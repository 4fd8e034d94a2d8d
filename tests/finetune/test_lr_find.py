"""`lr_find`: the range test leaves no trace, and suggests where the loss falls."""

import importlib

import keras
import numpy as np
import pytest

from tl_helpers.finetune import attach_head, freeze, lr_find, unfreeze

module = importlib.import_module("tl_helpers.finetune.lr_find")


@pytest.mark.core
def test_the_suggested_rates_train_and_much_smaller_ones_do_not(mini, easy):
    def loss_after(rate):
        model = attach_head(mini(), 2)
        unfreeze(model)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.AdamW(rate), loss, jit_compile=False)
        log = model.fit(easy.train.x, easy.train.y, batch_size=16, epochs=5, verbose=0)
        return log.history["loss"][-1]

    model = attach_head(mini(), 2)
    unfreeze(model)
    found = lr_find(model, easy.train, lowest=1e-5, highest=10.0, steps=60, batch_size=16)
    for rate in (found.valley, found.steep):
        assert 1e-4 < rate < 1
        assert loss_after(rate) < 0.7 * loss_after(rate / 1000)


@pytest.mark.core
def test_weights_and_compilation_are_as_before(mini, easy, state):
    model = attach_head(mini(), 2)
    unfreeze(model, batch_norm=True)
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(easy.train.x, easy.train.y, verbose=0)
    before, optimizer = state(model), model.optimizer
    steps = int(optimizer.iterations)
    lr_find(model, easy.train, steps=20)
    for path, value in state(model).items():
        np.testing.assert_array_equal(value, before[path], err_msg=path)
    assert model.optimizer is optimizer
    assert int(optimizer.iterations) == steps


@pytest.mark.core
def test_the_table_has_the_rates_in_equal_factors_and_the_loss_of_each_batch(mini, easy):
    model = attach_head(mini(), 2)
    freeze(model)
    found = lr_find(model, easy.train, lowest=1e-9, highest=1e-7, steps=21, batch_size=48)
    assert found.table["lr"].to_numpy() == pytest.approx(1e-9 * 10 ** (np.arange(21) / 10))
    # One batch has all pictures, and so small a rate changes nothing. Dropout moves it a little.
    assert found.table["loss"].std() < 0.1 * found.table["loss"].mean()
    expected = model_loss(model, easy)
    assert found.table["loss"].mean() == pytest.approx(expected, rel=0.1)


def model_loss(model, data):
    logits = model.predict(data.train.x, verbose=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return float(loss(data.train.y, logits))


@pytest.mark.core
def test_it_stops_when_the_loss_explodes(mini, hard):
    model = attach_head(mini(), 3)
    unfreeze(model)
    found = lr_find(model, hard.train, lowest=1e-3, highest=1e6, steps=100, batch_size=16)
    assert len(found.table) < 100
    assert found.valley < found.table["lr"].iloc[-1]


def test_what_is_frozen_runs_once(mini, easy, monkeypatch):
    counts = []
    prefix = importlib.import_module("tl_helpers.finetune.prefix")
    original = prefix.features
    monkeypatch.setattr(prefix, "features", lambda m, x: counts.append(len(x)) or original(m, x))
    model = attach_head(mini(), 2)
    freeze(model)
    lr_find(model, easy.train, steps=20)
    assert counts == [len(easy.train)]


# The suggestions, on curves by hand


def test_the_valley_is_in_the_middle_of_the_longest_fall():
    #                 0    1    2    3    4    5    6    7    8
    losses = np.array([2.0, 1.9, 2.1, 1.8, 1.6, 1.4, 1.2, 1.0, 3.0])
    assert module.valley(losses) == 3  # it falls from 0 to 7
    assert module.valley(np.array([1.0, 2.0, 3.0])) == 0  # nothing falls
    longer = np.array([9.0, 1.0, 0.9, 8.0, 7.0, 6.0, 5.0, 4.0])
    assert module.valley(longer) == 3  # 9 8 7 6 5 4, and not 9 1 0.9


def test_the_longest_fall_is_the_longest_there_is():
    rng = np.random.default_rng(0)
    for _ in range(50):
        losses = rng.integers(0, 12, 8).astype(float)
        falls = [
            [i for i in range(8) if bits >> i & 1]
            for bits in range(1, 256)
            if (np.diff(losses[[i for i in range(8) if bits >> i & 1]]) < 0).all()
        ]
        most = max(map(len, falls))
        middles = {(f[0] + f[-1]) // 2 for f in falls if len(f) == most}
        assert module.valley(losses) in middles


def test_the_steepest_point_is_by_the_logarithm_of_the_rate():
    rates = np.array([1e-4, 1e-3, 2e-3, 1e-2])
    losses = np.array([2.0, 1.5, 1.2, 1.1])  # by decade: -0.5, -1.0, -0.14
    assert module.steep(rates, losses) == 1


def test_the_moving_average_is_corrected_for_its_start():
    assert module.debiased([3.0, 3.0, 3.0]) == pytest.approx([3.0] * 3)
    assert module.debiased([1.0, 2.0])[1] == pytest.approx((0.98 * 1 + 2) / 1.98)


def test_a_smoke_run_takes_two_steps(mini, easy, monkeypatch):
    monkeypatch.setenv("TL_SMOKE", "1")
    found = lr_find(attach_head(mini(), 2), easy.train)
    assert len(found.table) == 2
    assert found.valley > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lowest": 0.0}, "lowest must be positive and below highest, got 0.0 and 1.0"),
        ({"lowest": 2.0}, "below highest"),
        ({"steps": 5}, "fewer than 20 steps show no curve, got 5"),
    ],
)
def test_settings_that_make_no_sense(mini, easy, options, message):
    with pytest.raises(ValueError, match=message):
        lr_find(attach_head(mini(), 2), easy.train, **options)


def test_a_whole_data_set_or_nothing_to_train(mini, hard, easy):
    with pytest.raises(TypeError, match=r"one split, such as data\.train, not Dataset"):
        lr_find(attach_head(mini(), 3), hard)
    model = attach_head(mini(), 2)
    model.trainable = False
    with pytest.raises(ValueError, match="nothing is trainable"):
        lr_find(model, easy.train)
