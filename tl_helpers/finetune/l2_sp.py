"""L2-SP: weights are drawn back to where pretraining left them, not to zero (Li et al. 2018).

Ordinary weight decay says that a good weight is a small one. For a pretrained network a good weight
is one near the pretrained one, and a small target set is no reason to go far from it.
"""

import keras
import numpy as np
from keras import ops

from .freezing import stages


def l2_sp(model, strength: float = 0.01, head: float = 0.01) -> None:
    """Add a penalty to the loss: distance from the present weights, and the size of the head's.

    `strength / 2 * |w - w0|^2` over the kernels of the backbone and `head / 2 * |w|^2` over the
    head's. Call it before training, and compile afterwards; `fine_tune` then wants
    `weight_decay=0`. It belongs to this model in memory: a saved model does not keep it.

    Args:
        model: from `attach_head`.
        strength: 0 takes the penalty off the backbone again.
        head: 0 takes it off the head.
    """
    if strength < 0 or head < 0:
        raise ValueError(f"penalties cannot be negative, got {strength} and {head}")
    for stage, layers in stages(model).items():
        for layer in layers:
            if not hasattr(layer, "kernel"):
                continue
            start = np.zeros(layer.kernel.shape, "float32")
            if stage != "head":
                start = keras.ops.convert_to_numpy(layer.kernel).copy()
            weight = head if stage == "head" else strength
            layer.kernel.regularizer = FromStart(start, weight) if weight else None


class FromStart(keras.regularizers.Regularizer):
    """`strength / 2` times the squared distance from a starting point."""

    def __init__(self, start: np.ndarray, strength: float):
        self.start, self.strength = start, strength

    def __call__(self, x):
        return self.strength / 2 * ops.sum(ops.square(x - self.start))
