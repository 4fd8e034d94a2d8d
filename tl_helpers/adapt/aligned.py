"""The one idea behind most of adaptation: learn the task, and make the domains look alike inside.

    loss = task loss on the labelled source + alignment of source and target features

A method says what alignment is; everything else is here.
"""

import keras
from keras import ops


class Aligned(keras.Model):
    """A classifier in training on `tl.data.paired(source, target_x)`.

    `compile` and `fit` it as any model. `.classifier` is the adapted network, a plain Keras model
    that shares its layers; `predict` and `evaluate` on pictures go through it.

    Args:
        classifier: from `tl.finetune.attach_head`, or any functional model that ends in a dense
            layer; the features are what goes into that. Trained in place.
        strength: weight of the alignment; 0 trains on the source alone.
        apart: False sends both domains through the network as one batch, so that BatchNorm in
            training mode sees their mixture. True sends one after the other: each is normalised by
            its own statistics in training; what is stored for later is a mixture all the same
            (`adabn` replaces it by the target's).
    """

    def __init__(self, classifier, strength: float = 1.0, apart: bool = False, **kwargs):
        super().__init__(**kwargs)
        if strength < 0:
            raise ValueError(f"strength is 0 or more, got {strength}")
        self.classifier, self.strength, self.apart = classifier, strength, apart
        self.extract, self.head = trunk_and_head(classifier, type(self).__name__)
        self.seen = self.add_weight(name="seen", initializer="zeros", trainable=False)
        self.planned = self.add_weight(name="planned", initializer="ones", trainable=False)

    def alignment(self, source, target):
        """What is added to the task's loss, a scalar; source and target are (n, d) features."""
        raise NotImplementedError

    @property
    def progress(self):
        """How far training has come, 0 to 1."""
        return ops.minimum(self.seen / self.planned, 1.0)

    def call(self, x, training=None):
        if not isinstance(x, dict):
            return self.classifier(x, training=training)
        source, target = x["source"], x["target"]
        if self.apart:
            fs, ft = (self.extract(part, training=training) for part in (source, target))
        else:
            n = ops.shape(source)[0]
            both = self.extract(ops.concatenate([source, target]), training=training)
            fs, ft = both[:n], both[n:]
        if training:
            self.add_loss(self.alignment(fs, ft))
            self.seen.assign_add(1.0)
        return self.head(fs)

    def fit(self, x, *args, epochs: int = 1, **kwargs):
        """As `keras.Model.fit`; x is `tl.data.paired(source, target_x)`."""
        self.seen.assign(0.0)
        self.planned.assign(float(epochs * len(x)))
        return super().fit(x, *args, epochs=epochs, **kwargs)


def trunk_and_head(classifier, method: str):
    """The model from pictures to features, (n, d), and the dense layer on them."""
    head = classifier.layers[-1]
    if not isinstance(head, keras.layers.Dense):
        raise ValueError(
            f"{method} takes a classifier that ends in a dense layer, such as attach_head makes; "
            f"{classifier.name} ends in {type(head).__name__}"
        )
    return keras.Model(classifier.input, head.input, name="features"), head
