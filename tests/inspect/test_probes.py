"""`probe_by_stage` is `linear_probe`, stage by stage, on one target or several."""

from dataclasses import replace

import pytest

from tl_helpers.backbones import load
from tl_helpers.data import load as load_data
from tl_helpers.finetune import attach_head, linear_probe
from tl_helpers.inspect import probe_by_stage


@pytest.fixture(scope="module")
def data():
    whole = load_data("formula10", per_class=5)
    return replace(whole, val=whole.val[:50], test=whole.test[:100])


def test_a_row_a_target_and_stage(data):
    backbone = load("tiny-resnet-s")
    table = probe_by_stage(backbone, {"first": data, "again": data})
    assert list(table["target"]) == ["first"] * 5 + ["again"] * 5
    assert list(table["stage"]) == ["stem", "stage1", "stage2", "stage3", "stage4"] * 2
    assert list(table["depth"]) == [1, 2, 3, 4, 5] * 2
    probe = linear_probe(backbone, data, "stage2")
    row = table.iloc[2]
    assert row["accuracy"] == probe.accuracy(data.test)
    assert row["validation"] == probe.val_accuracy


def test_of_a_classifier_and_one_data_set(data):
    table = probe_by_stage(attach_head(load("tiny-resnet-s"), 10), data)
    assert set(table["target"]) == {"formula10"}
    assert list(table["stage"]) == ["stem", "stage1", "stage2", "stage3", "stage4"]
