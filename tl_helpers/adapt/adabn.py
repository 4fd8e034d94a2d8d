"""AdaBN: give BatchNorm the statistics of the target (Li et al. 2017). No labels, no gradients."""

import keras
import numpy as np


def adabn(model: keras.Model, x: np.ndarray, batch_size: int = 100) -> int:
    """Replace the stored statistics of every BatchNorm layer by those of these pictures.

    They are averaged over batches of one pass, in which each layer already sees what the layers
    below make of the target when each batch is normalised by its own statistics.

    Args:
        model: any model with BatchNorm; changed in place, its weights are not.
        x: (n, h, w, 3) target pictures; a last batch of fewer than `batch_size` is left out.
        batch_size: large ones estimate the variance better.

    Returns:
        How many layers it changed.

    Raises:
        ValueError: no pictures, or a model without BatchNorm, which this cannot help.
    """
    norms = batch_norms(model, x)
    size = min(batch_size, len(x))
    before = [(layer.trainable, layer.momentum) for layer in norms]
    try:
        for k in range(len(x) // size):
            for layer in norms:
                layer.trainable = True  # a frozen one would run on what it has stored
                layer.momentum = k / (k + 1)  # after the last batch: the mean of all
            model(x[k * size : (k + 1) * size], training=True)
    finally:
        for layer, (trainable, momentum) in zip(norms, before, strict=True):
            layer.trainable, layer.momentum = trainable, momentum
    return len(norms)


def batch_norms(model, x) -> list:
    """The BatchNorm layers, or an error where there are none or no pictures to adapt them to."""
    norms = [layer for layer in flat(model) if isinstance(layer, keras.layers.BatchNormalization)]
    if not norms:
        raise ValueError(f"{model.name} has no BatchNorm layer: there is nothing to adapt")
    if len(x) < 2:
        raise ValueError(f"adapting BatchNorm needs pictures of the target, got {len(x)}")
    return norms


def flat(model) -> list:
    """All layers, also those of models within the model."""
    return list(model._flatten_layers(include_self=False))
