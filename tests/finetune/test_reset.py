"""`reset`: random weights above, the pretrained ones below."""

import keras
import numpy as np
import pytest

from tl_helpers.finetune import attach_head, freeze_to, reset, stages, unfreeze


def weights(model):
    return {v.path: keras.ops.convert_to_numpy(v) for v in model.weights}


def changed(model, before):
    return {path for path, w in weights(model).items() if not np.array_equal(w, before[path])}


@pytest.mark.core
def test_what_is_above_is_new_and_what_is_below_stays(mini):
    model = attach_head(mini(), 2, seed=0)
    before = weights(model)
    reset(model, "stage2", seed=1)
    # gamma and beta are what they were: they had not been trained
    assert changed(model, before) == {
        "stage2_conv/kernel",
        "stage2_bn/moving_mean",
        "stage2_bn/moving_variance",
    }
    assert np.array_equal(weights(model)["stage2_bn/moving_variance"], np.ones(16))


def test_the_seed(mini):
    kernels = []
    for seed in (1, 1, 2):
        model = attach_head(mini(), 2)
        reset(model, "stage1", seed=seed)
        kernels.append(weights(model)["stage1_conv/kernel"])
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[0], kernels[2])
    assert 0.3 < kernels[2].std() / kernels[0].std() < 3  # as its initialiser has it


@pytest.mark.core
def test_new_batch_norm_trains_and_the_old_keeps_its_statistics(mini, tmp_path):
    model = attach_head(mini(), 2)
    reset(model, "stage1")
    model.save(tmp_path / "model.keras")
    for one in (model, keras.models.load_model(tmp_path / "model.keras")):
        unfreeze(one)
        bns = [x for x in one.layers if isinstance(x, keras.layers.BatchNormalization)]
        assert [bn.trainable for bn in bns] == [False, True, True]
        freeze_to(one, "stage2")
        assert [bn.trainable for bn in bns] == [False, False, True]


def test_twice(mini):
    model = attach_head(mini(), 2)
    reset(model, "stage1")
    reset(model, "stage2", seed=1)  # what stage1 has is still random
    unfreeze(model)
    bns = [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]
    assert [bn.trainable for bn in bns] == [False, True, True]


def test_an_unknown_stage(mini):
    model = attach_head(mini(), 2)
    with pytest.raises(ValueError, match="unknown stage 'stage7'; this model has stem"):
        reset(model, "stage7")
    assert list(stages(model))[-1] == "head"
