"""A training step's graph goes when its model goes."""

import gc

import keras
import pytest

from tl_helpers.finetune import attach_head, fine_tune


def graphs() -> int:
    gc.collect()
    return sum(type(o).__name__ == "FuncGraph" for o in gc.get_objects())


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="graphs are TensorFlow's")
def test_a_fit_leaves_no_graph_behind(mini, hard):
    fine_tune(attach_head(mini(), 3), hard, epochs=1)
    before = graphs()
    for _ in range(2):
        fine_tune(attach_head(mini(), 3), hard, epochs=1)
    assert graphs() == before


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="replicas are TensorFlow's")
def test_with_several_replicas_gradients_are_summed(mini, monkeypatch):
    from tl_helpers.finetune import layerwise, one_replica

    asked = []
    base = keras.optimizers.Adam
    monkeypatch.setattr(
        base, "_all_reduce_sum_gradients", lambda self, pairs: asked.append(1) or list(pairs)
    )
    model = attach_head(mini(), 3)
    optimizer = layerwise(base(), model, decay=0.5)
    pairs = [(keras.ops.ones_like(v), v) for v in model.trainable_variables]
    optimizer._all_reduce_sum_gradients(pairs)
    assert not asked
    monkeypatch.setattr(one_replica, "_replicas", lambda: 2)
    optimizer._all_reduce_sum_gradients(pairs)
    assert asked
