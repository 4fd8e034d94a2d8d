"""Reptile: move the start towards where each task's steps end (Nichol et al. 2018).

No gradient of a gradient, and no queries. Half the squared distance to where the steps end has just
that direction as its gradient, so it is the loss, and `fit` does the rest.
"""

from keras import ops

from .maml import MAML


class Reptile(MAML):
    """As `MAML`, trained on the examples alone. Plain SGD with a rate up to 1 is the paper's."""

    def __init__(self, classifier, rate: float = 0.1, steps: int = 5, **kwargs):
        super().__init__(classifier, rate, steps, second_order=False, **kwargs)

    def call(self, x, training=None):
        known = self.process_support_set(x["support"])
        if training:
            self.add_loss(self._distance(known))
        return self.name_queries(known, x["query"])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        if training:
            return sum(self.losses)
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def _distance(self, known):
        """Half the squared distance of the start from each task's end, a mean over tasks."""
        trainable = self.classifier.trainable_variables
        gaps = [
            ops.sum((ops.expand_dims(trainable[k], 0) - end) ** 2)
            / ops.cast(ops.shape(end)[0], end.dtype)
            for k, end in zip(self.fast, map(ops.stop_gradient, known), strict=True)
        ]
        return sum(gaps) / 2
