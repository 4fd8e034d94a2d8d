"""Features of a frozen network are computed once, and anew when anything they depend on changes."""

import importlib

import keras
import numpy as np
import pytest

from tl_helpers.data import DataError
from tl_helpers.data.augment import flip_shift
from tl_helpers.finetune import attach_head, clear_features, fine_tune, freeze
from tl_helpers.finetune.batches import Batches
from tl_helpers.finetune.compiled import adamw, compile_for, warm_cosine

module = importlib.import_module("tl_helpers.finetune.features")
X = np.random.default_rng(0).integers(0, 256, (10, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def computed(tmp_path, monkeypatch):
    """An empty cache, and the sizes of what is computed from here on."""
    monkeypatch.setenv("TL_CACHE", str(tmp_path))
    clear_features()
    sizes, predict = [], module._predict
    monkeypatch.setattr(module, "_predict", lambda m, x: sizes.append(len(x)) or predict(m, x))
    yield sizes
    clear_features()


@pytest.mark.core
def test_they_are_what_the_network_gives(mini, computed):
    extract = mini().features()
    expected = keras.ops.convert_to_numpy(extract(X, training=False))
    np.testing.assert_allclose(module.features(extract, X), expected, rtol=1e-4, atol=1e-5)


def test_the_same_network_loaded_twice_computes_once(mini, computed):
    first, again = module.features(mini().features(), X), module.features(mini().features(), X)
    assert computed == [10]
    np.testing.assert_array_equal(first, again)


def test_another_stage_other_pictures_other_weights_or_preprocessing_compute_anew(mini, computed):
    module.features(mini().features(), X)
    module.features(mini().features("stage1"), X)
    module.features(mini().features(), X[:5])
    other = X.copy()
    other[3, 2, 1, 0] ^= 1
    module.features(mini().features(), other)
    for change in ("weight", "statistics", "preprocessing"):
        backbone = mini()
        if change == "weight":
            kernel = backbone.model.get_layer("stage2_conv").kernel
            kernel.assign(kernel + 1e-3)
        elif change == "statistics":
            mean = backbone.model.get_layer("stem_bn").moving_mean
            mean.assign(mean + 1e-3)
        else:
            backbone.model.get_layer("preprocess").mean = 100.0
        module.features(backbone.features(), X)
    assert computed == [10, 10, 5, 10, 10, 10, 10]


def test_operations_that_are_no_layers_count_too(mini, computed):
    model = mini().model
    for power in (1, 2):
        made = keras.Model(model.input, keras.ops.mean(model.output**power, axis=(1, 2)))
        expected = keras.ops.convert_to_numpy(made(X, training=False))
        np.testing.assert_allclose(module.features(made, X), expected, rtol=1e-4, atol=1e-5)
    assert computed == [10, 10]


def test_what_is_kept_cannot_be_changed_by_accident(mini, computed):
    with pytest.raises(ValueError, match="read-only"):
        module.features(mini().features(), X)[0] = 0


def test_memory_has_a_budget_and_the_longest_unused_goes_first(mini, computed, monkeypatch):
    monkeypatch.setattr(module, "SHARE", 1)
    monkeypatch.setattr(module, "MEMORY", 2 * 10 * 16 * 4)  # two arrays of ten 16-vectors
    extract, (a, b, c) = mini().features(), (X, X + 1, X + 2)
    for x in (a, b, a, c, a):  # c pushes b out, which was not used since
        module.features(extract, x)
    assert computed == [10] * 3
    module.features(extract, b)
    assert computed == [10] * 4


def test_past_the_budget_they_lie_in_a_file(mini, computed, monkeypatch, tmp_path):
    expected = np.array(module.features(mini().features(), X))
    module._kept.clear()
    monkeypatch.setattr(module, "MEMORY", 100)
    monkeypatch.setattr(module, "BATCH", 1)
    on_disk = module.features(mini().features(), X)
    assert isinstance(on_disk, np.memmap)
    np.testing.assert_allclose(on_disk, expected, rtol=1e-5)
    assert [p.suffix for p in (tmp_path / "features").iterdir()] == [".npy"]


def test_a_file_is_found_again_by_the_next_process(mini, computed, monkeypatch):
    monkeypatch.setattr(module, "MEMORY", 100)
    module.features(mini().features(), X)
    module._kept.clear()
    module.features(mini().features(), X)
    assert computed == [10]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(mini, computed, monkeypatch, tmp_path):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "MEMORY", 100)
    monkeypatch.setattr(module, "_predict", full)
    with pytest.raises(DataError, match="features"):
        module.features(mini().features(), X)
    assert not list((tmp_path / "features").iterdir())


def test_clear_forgets_memory_and_files(mini, computed, monkeypatch, tmp_path):
    module.features(mini().features(), X)
    monkeypatch.setattr(module, "MEMORY", 100)
    module.features(mini().features(), X + 1)
    clear_features()
    assert not module._kept
    assert not list((tmp_path / "features").iterdir())


def test_draws_differ_and_follow_the_seed(mini, computed):
    extract = mini().features()
    drawn = module.draws(extract, X, flip_shift, 3, seed=0)
    assert len(drawn) == 10
    assert [each.shape for each in drawn.drawn] == [(10, 16)] * 3
    assert not np.allclose(drawn.drawn[0], drawn.drawn[1])
    again, other = (module.draws(extract, X, flip_shift, 3, seed=s) for s in (0, 1))
    np.testing.assert_array_equal(drawn.drawn, again.drawn)
    assert not np.allclose(drawn.drawn, other.drawn)


def test_a_random_view_of_each_chosen_picture_is_picked():
    views = module.Views([np.arange(20.0).reshape(10, 2) + 100 * k for k in range(3)])
    few = views[np.array([7, 2, 4])]
    assert len(few) == 3
    picked = [few.pick(np.random.default_rng(seed)) for seed in range(20)]
    np.testing.assert_array_equal(np.array(picked) % 100, [[[14, 15], [4, 5], [8, 9]]] * 20)
    assert {int(p) // 100 for p in np.array(picked)[:, 0, 0]} == {0, 1, 2}


@pytest.mark.core
def test_a_head_on_cached_features_ends_where_one_on_pictures_does(mini, hard, computed):
    """The oracle: ordinary training of the frozen network, on the same batches."""
    cached, plain = attach_head(mini(), 3), attach_head(mini(), 3)
    fine_tune(cached, hard, "head", epochs=4, base_lr=0.05, batch_size=16, seed=3)
    freeze(plain)
    keras.utils.set_random_seed(3)
    batches = Batches(hard.train, 16, seed=3)
    compile_for(plain, adamw(plain, warm_cosine(4 * len(batches), 0.05), 1e-3, decay=1.0))
    plain.fit(batches, epochs=4, shuffle=False, verbose=0)
    for a, b in zip(cached.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)
    assert computed[0] == len(hard.train)


def test_no_views_are_an_error(mini, easy):
    with pytest.raises(ValueError, match="views must be at least 1, got 0"):
        fine_tune(attach_head(mini(), 2), easy, "head", augment=True, views=0)


def test_augmentation_is_not_frozen_by_the_cache(mini, easy, computed):
    seen = []

    def augment(x, rng):
        seen.append(len(x))
        return flip_shift(x, rng)

    fine_tune(attach_head(mini(), 2), easy, "head", epochs=9, augment=augment, views=4)
    assert seen == [len(easy.train)] * 4
    seen.clear()
    fine_tune(attach_head(mini(), 2), easy, "head", epochs=2, augment=augment, views=4, seed=1)
    assert seen == [len(easy.train)] * 2  # no more draws than epochs
