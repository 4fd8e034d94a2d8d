"""Domain-adversarial training: features from which no one can tell the domain (Ganin et al. 2016).

A discriminator learns to tell the domains apart by their features. Between the features and it the
gradient is turned round, so the features learn to fool it. It sees each feature standardised over
the batch of both domains, so that it learns as fast for any network, and shrinking features does
not fool it.
"""

import keras
from keras import ops

from .aligned import Aligned

STEEP = 10.0  # of the schedule, as in the paper


def reverse_gradient(x, strength):
    """The same numbers; what flows back through them is multiplied by -strength."""
    return (1 + strength) * ops.stop_gradient(x) - strength * x


def ramp(progress):
    """The paper's schedule, from 0 to 1 as progress goes from 0 to 1: the task comes first."""
    return 2 / (1 + ops.exp(-STEEP * progress)) - 1


class DANN(Aligned):
    """Task loss plus the loss of a domain discriminator behind a gradient reversal.

    The reversed gradient grows from 0 to `strength`. At full strength, 1 in the paper, it can align
    the domains and mix the classes up; smaller values are safer.

    Args:
        classifier, strength, apart: see `Aligned`.
        units: of the discriminator's hidden layer.
    """

    def __init__(self, classifier, strength=0.3, apart=False, units: int = 64, **kwargs):
        super().__init__(classifier, strength, apart, **kwargs)
        self.discriminator = keras.Sequential(
            [
                keras.layers.BatchNormalization(epsilon=1e-6, center=False, scale=False),
                keras.layers.Dense(units, activation="relu"),
                keras.layers.Dense(1),
            ],
            name="discriminator",
        )
        self.discriminator.build((None, self.extract.output_shape[-1]))

    def alignment(self, source, target):
        both = ops.concatenate([source, target])
        turned = reverse_gradient(both, self.strength * ramp(self.progress))
        logits = self.discriminator(turned, training=True)[:, 0]  # above 0: "from the target"
        n, m = ops.shape(source)[0], ops.shape(target)[0]
        domain = ops.concatenate([ops.zeros((n,)), ops.ones((m,))])
        return ops.mean(ops.binary_crossentropy(domain, logits, from_logits=True))
