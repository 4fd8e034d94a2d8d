"""Tent: adapt at test time by becoming surer (Wang et al. 2021).

No labels and no source: on the test pictures themselves, BatchNorm takes each batch's statistics,
and its scale and shift are trained to lower the entropy of the predictions.
"""

import keras
import numpy as np
from keras import ops

from .adabn import adabn, batch_norms, flat


def entropy(logits):
    """The entropy of each row's probabilities, in nats: (n,)."""
    return -ops.sum(ops.softmax(logits) * ops.log_softmax(logits), axis=-1)


class _Surer(keras.Model):
    def __init__(self, model):
        super().__init__(name="tent")
        self.inner = model

    def call(self, x, training=None):
        logits = self.inner(x, training=training)
        self.add_loss(ops.mean(entropy(logits)))
        return logits


def tent(
    model: keras.Model,
    x: np.ndarray,
    epochs: int = 1,
    learning_rate: float = 1e-3,
    batch_size: int = 50,
    seed: int = 0,
) -> list[float]:
    """Adapt a classifier to pictures without labels.

    Args:
        model: pictures to logits, with BatchNorm; changed in place: its BatchNorm layers' scale,
            shift and statistics. Nothing else, dropout layers included, changes or is in training
            mode afterwards.
        x: (n, h, w, 3) test pictures.
        epochs: passes over them; the paper has one.
        learning_rate: of Adam, as in the paper.
        batch_size: small ones make poor statistics.
        seed: of the order.

    Returns:
        The mean entropy in each epoch, in nats. It can fall for a bad reason: all pictures called
        one class have none.
    """
    norms = batch_norms(model, x)
    before = [(layer, layer.trainable) for layer in flat(model) if not hasattr(layer, "layers")]
    keras.utils.set_random_seed(seed)
    try:
        for layer, _ in before:
            layer.trainable = layer in norms
        surer = _Surer(model)
        surer.compile(keras.optimizers.Adam(learning_rate), jit_compile=False)
        log = surer.fit(x, batch_size=min(batch_size, len(x)), epochs=epochs, verbose=0)
    finally:
        for layer, trainable in before:
            layer.trainable = trainable
    adabn(model, x, batch_size, seed)
    return [float(loss) for loss in log.history["loss"]]
