"""AdaBN: give BatchNorm the statistics of the target (Li et al. 2017). No labels, no gradients."""

import keras
import numpy as np


def adabn(model: keras.Model, x: np.ndarray, batch_size: int = 100, seed: int = 0) -> int:
    """Replace the stored statistics of every BatchNorm layer by those of these pictures.

    They are averaged over batches of one pass, in which each layer already sees what the layers
    below make of the target when each batch is normalised by its own statistics.

    Args:
        model: any model with BatchNorm; changed in place, its weights are not.
        x: (n, h, w, 3) target pictures, in any order.
        batch_size: at least as many go into a batch, if there are; large ones estimate the
            variance better.
        seed: of the batches, which are mixed: pictures often come class by class, and a class has
            statistics of its own.

    Returns:
        How many layers it changed.

    Raises:
        ValueError: no pictures, or a model without BatchNorm, which this cannot help.
    """
    norms = batch_norms(model, x)
    order = np.random.default_rng(seed).permutation(len(x))
    batches = np.array_split(order, max(1, len(x) // batch_size))
    before = [(layer.trainable, layer.momentum) for layer in norms]
    try:
        for k, rows in enumerate(batches):
            for layer in norms:
                layer.trainable = True  # a frozen one would run on what it has stored
                layer.momentum = k / (k + 1)  # after the last batch: the mean of all
            model(x[rows], training=True)
    finally:
        for layer, (trainable, momentum) in zip(norms, before, strict=True):
            layer.trainable, layer.momentum = trainable, momentum
    return len(norms)


def separate(model: keras.Model, source: np.ndarray, target: np.ndarray) -> tuple:
    """One network for two domains, each normalised by statistics of its own (Chang et al. 2019).

    Args:
        model: any model with BatchNorm; left as it is.
        source, target: (n, h, w, 3) and (m, h, w, 3) pictures, without labels.

    Returns:
        Two copies, for the source and for the target. They differ in their statistics alone.
    """
    pair = []
    for x in (source, target):
        copy = keras.models.clone_model(model)
        copy.set_weights(model.get_weights())
        adabn(copy, x)
        pair.append(copy)
    return tuple(pair)


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
