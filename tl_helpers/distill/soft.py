"""Losses on a teacher's answers and on labels."""

import keras
from keras import ops

UNKNOWN = -1  # the label of a picture that has none


@keras.saving.register_keras_serializable("tl_helpers")
class SoftTargets(keras.losses.Loss):
    """How far the student's answers are from the teacher's, both made softer by a temperature.

    T² times the Kullback-Leibler divergence from the teacher's softmax(logits / T) to the student's
    (Hinton, Vinyals and Dean 2015). A gradient through softmax(logits / T) falls as 1 / T², so the
    factor keeps the weight of this loss, against that of the labels, the same at any temperature.
    For large T it becomes half the mean squared distance of the logits, each set about its mean.

    Args:
        temperature: T, above 0; 1 takes the answers as they are.
    """

    def __init__(self, temperature: float = 4.0, name: str = "soft_targets", **kwargs):
        super().__init__(name=name, **kwargs)
        if not temperature > 0:
            raise ValueError(f"temperature is above 0, got {temperature}")
        self.temperature = temperature

    def call(self, y_true, y_pred):
        """The teacher's logits and the student's, (n, classes) each: (n,)."""
        teacher = ops.log_softmax(y_true / self.temperature)
        student = ops.log_softmax(y_pred / self.temperature)
        return self.temperature**2 * ops.sum(ops.exp(teacher) * (teacher - student), axis=-1)

    def get_config(self):
        return {**super().get_config(), "temperature": self.temperature}


@keras.saving.register_keras_serializable("tl_helpers")
class KnownLabels(keras.losses.Loss):
    """Cross-entropy of the pictures that have labels.

    Its mean over many batches is that of all labelled pictures, each counting the same: a batch is
    divided by its size times `share`, not by how many happen to be in it.

    Args:
        share: of pictures that have labels, 0 to 1.
    """

    def __init__(self, share: float = 1.0, name: str = "known_labels", **kwargs):
        super().__init__(name=name, **kwargs)
        self.share = share

    def call(self, y_true, y_pred):
        """(n,) labels, `UNKNOWN` where there is none, and (n, classes) logits: (n,)."""
        y = ops.reshape(ops.cast(y_true, "int32"), (-1,))
        known = ops.cast(y != UNKNOWN, y_pred.dtype)
        error = keras.losses.sparse_categorical_crossentropy(
            ops.maximum(y, 0), y_pred, from_logits=True
        )
        return error * known / self.share

    def get_config(self):
        return {**super().get_config(), "share": self.share}
