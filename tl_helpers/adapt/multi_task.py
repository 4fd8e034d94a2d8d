"""Multi-task training: one trunk learns two tasks at once (Caruana 1997).

The second task may be the same one, on the few labelled pictures that there are of the target. Or
one that needs no labels, such as by how much a picture of the target was turned: the trunk then has
to see what there is in the target (Sun et al. 2019).
"""

import keras
from keras import ops

from .aligned import trunk_and_head


class MultiTask(keras.Model):
    """A classifier in training on `tl.data.two_tasks(source, target)`.

    `compile(optimizer, loss)` and `fit` it, with a `two_tasks` for validation data, if any; the
    loss is that of the source plus `weight` times that of the target. `.classifier` is the plain
    classifier of the source's task, for either domain; `.second` that of the target's. They share
    all but the head, and that, too, where `classes` is not given.

    Args:
        classifier: from `tl.finetune.attach_head`, or any functional model that ends in a dense
            layer. Trained in place.
        classes: of the target's task; default: the task is the source's.
        weight: of the target's task.
    """

    def __init__(self, classifier, classes: int | None = None, weight: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        if weight < 0:
            raise ValueError(f"weight is 0 or more, got {weight}")
        if classes is not None and classes < 2:
            raise ValueError(f"a task has at least two classes, got {classes}")
        self.extract, self.head = trunk_and_head(classifier, type(self).__name__)
        self.classifier = self.second = classifier
        self.weight = weight
        if classes is not None:
            head = keras.layers.Dense(classes, name="second_head")
            self.second = keras.Model(classifier.input, head(self.extract.output), name="second")

    def call(self, x, training=None):
        if not isinstance(x, dict):
            return self.classifier(x, training=training)
        n = ops.shape(x["source"])[0]
        both = self.extract(ops.concatenate([x["source"], x["target"]]), training=training)
        return {"source": self.head(both[:n]), "target": self.second.layers[-1](both[n:])}

    def compile(self, optimizer, loss, **kwargs):
        """As `keras.Model.compile`, with one loss for both tasks."""
        weights = {"source": 1.0, "target": self.weight}
        losses = dict.fromkeys(weights, loss)
        super().compile(optimizer, losses, loss_weights=weights, **kwargs)
