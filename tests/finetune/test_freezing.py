"""Freezing by stage, and what becomes of BatchNorm."""

import keras
import numpy as np
import pytest

from tl_helpers.backbones import Preprocess, load
from tl_helpers.finetune import (
    attach_head,
    freeze,
    freeze_to,
    stages,
    trainable_stages,
    unfreeze,
)

ALL = ["stem", "stage1", "stage2", "head"]


def fit(model, split):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss, jit_compile=False)
    model.fit(split.x, split.y, batch_size=16, epochs=1, verbose=0)


def batch_norms(model):
    return [x for x in model.layers if isinstance(x, keras.layers.BatchNormalization)]


def training(model) -> set[str]:
    return {v.path for v in model.trainable_variables}


# The table of stages


def test_every_layer_stands_in_one_stage_and_in_order():
    model = attach_head(load("tiny-resnet", weights=None), 3)
    table = stages(model)
    assert list(table) == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    listed = [layer for members in table.values() for layer in members]
    assert [layer.name for layer in listed] == [layer.name for layer in model.layers]
    for stage, members in table.items():
        own = [layer.name for layer in members if layer.name not in ("pictures", "preprocess")]
        if stage == "head":
            assert own == ["pool", "dropout", "head"]
        else:
            assert own[-1] == stage
            assert all(name == stage or name.startswith(f"{stage}_") for name in own)


def test_a_model_without_stages():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)], name="mine")
    for function in (stages, freeze, unfreeze, trainable_stages):
        with pytest.raises(ValueError, match=r"'mine' has no stages.*attach_head"):
            function(model)


# What is frozen


@pytest.mark.parametrize("pretrained", [True, False])
def test_freeze_to_trains_from_a_stage_on(mini, pretrained):
    model = attach_head(mini(pretrained), 2)
    for first in [*ALL, "stem"]:  # the last: also back again
        freeze_to(model, first)
        assert trainable_stages(model) == ALL[ALL.index(first) :]


def test_freeze_leaves_the_head_alone(mini):
    model = attach_head(mini(pretrained=False), 2)
    freeze(model)
    assert training(model) == {"head/kernel", "head/bias"}


def test_unknown_stage_lists_the_stages(mini):
    model = attach_head(mini(), 2)
    with pytest.raises(ValueError, match=f"'stage9'; this model has {', '.join(ALL)}"):
        freeze_to(model, "stage9")
    assert trainable_stages(model) == ALL


# BatchNorm


@pytest.mark.parametrize(
    ("pretrained", "batch_norm", "trained"),
    [
        (True, None, False),
        (False, None, True),
        (True, True, True),
        (False, False, False),
    ],
)
def test_batch_norm_is_trained_where_there_are_no_statistics_to_lose(
    mini, pretrained, batch_norm, trained
):
    model = attach_head(mini(pretrained), 2)
    unfreeze(model, batch_norm=batch_norm)
    assert [bn.trainable for bn in batch_norms(model)] == [trained] * 3
    assert {"stem_conv/kernel", "head/bias"} <= training(model)
    freeze_to(model, "stage2", batch_norm=batch_norm)
    assert [bn.trainable for bn in batch_norms(model)] == [False, False, trained]


def test_preprocessing_never_counts_as_trainable_or_frozen(mini):
    model = attach_head(mini(), 2)
    freeze(model)
    [entry] = [x for x in model.layers if isinstance(x, Preprocess)]
    assert not entry.weights
    assert "stem" not in trainable_stages(model)


@pytest.mark.core
def test_frozen_weights_and_statistics_stay_bit_equal_and_the_others_move(mini, easy, state):
    model = attach_head(mini(), 2, dropout=0.0)
    freeze_to(model, "stage2", batch_norm=True)
    before = state(model)
    fit(model, easy.train)
    after = state(model)
    moved = {path for path in before if not np.array_equal(before[path], after[path])}
    # moving statistics are no trainable variables: they move where their layer is not frozen
    assert moved == {
        "stage2_conv/kernel",
        *(f"stage2_bn/{v}" for v in ("gamma", "beta", "moving_mean", "moving_variance")),
        "head/kernel",
        "head/bias",
    }


@pytest.mark.core
def test_a_frozen_batch_norm_uses_its_statistics_in_training(mini, easy):
    model = attach_head(mini(), 2, dropout=0.0)
    x = easy.train.x

    def difference():
        a, b = (keras.ops.convert_to_numpy(model(x, training=t)) for t in (True, False))
        return np.abs(a - b).max()

    unfreeze(model, batch_norm=True)
    assert difference() > 0.1
    unfreeze(model)
    assert difference() == 0


@pytest.mark.core
def test_unfreezing_a_pretrained_network_keeps_all_statistics(mini, easy, state):
    model = attach_head(mini(), 2)
    unfreeze(model)
    before = state(model)
    fit(model, easy.train)
    after = state(model)
    same = {path for path in before if np.array_equal(before[path], after[path])}
    assert {path for path in before if "_bn/" in path} <= same
    assert {"stem_conv/kernel", "stage1_conv/kernel", "head/kernel"}.isdisjoint(same)
