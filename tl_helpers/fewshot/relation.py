"""Relation networks: learn what to compare by, too (Sung et al. 2018)."""

import keras
from keras import ops

from .episodic import Episodic


def score_error(labels, logits):
    """The paper's loss: squared errors of the scores, 0 to 1, from one for the class, zero else.

    Args:
        labels: (tasks, m).
        logits: (tasks, m, way).
    """
    wanted = ops.one_hot(ops.cast(labels, "int32"), logits.shape[-1])
    return ops.mean((ops.sigmoid(logits) - wanted) ** 2, axis=-1)


class RelationNetwork(Episodic):
    """A small network looks at a query beside the mean of a class's examples, and scores the pair.

    The paper takes their sum: the same for one number of shots, and not for another later.

    Compile it with the loss `score_error`, or with cross-entropy.

    Args:
        embed: see `Episodic`; to vectors, or to maps (n, h, w, channels), which are compared before
            they are pooled, as in the paper.
        units: width of the comparing network.
    """

    def __init__(self, embed, units: int = 64, **kwargs):
        super().__init__(embed, **kwargs)
        shape = (*embed.output_shape[1:-1], 2 * embed.output_shape[-1])
        layers = [keras.Input(shape)]
        if len(shape) == 3:
            layers += [
                keras.layers.Conv2D(units, 3, padding="same", activation="relu"),
                keras.layers.GlobalAveragePooling2D(),
            ]
        layers += [keras.layers.Dense(units, activation="relu"), keras.layers.Dense(1)]
        self.compare = keras.Sequential(layers, name="compare")

    def read(self, support):
        return ops.mean(support, axis=2)

    def score(self, known, query):
        way, m = ops.shape(known)[1], ops.shape(query)[1]
        ones = (1,) * (len(query.shape) - 2)  # the shape of a vector or map
        pairs = ops.concatenate(
            [
                ops.tile(known[:, None], (1, m, 1, *ones)),
                ops.tile(query[:, :, None], (1, 1, way, *ones)),
            ],
            axis=-1,
        )
        logits = self.compare(ops.reshape(pairs, (-1, *pairs.shape[3:])))
        return ops.reshape(logits, (-1, m, way))
