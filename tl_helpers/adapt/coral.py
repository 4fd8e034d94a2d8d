"""Deep CORAL: make the features of both domains vary alike (Sun and Saenko 2016).

The paper aligns covariances, of features whose means it takes to be near zero. Features after a
ReLU have means of their own, so here those are aligned as well, as in DomainBed (Gulrajani and
Lopez-Paz 2021).
"""

from keras import ops

from .aligned import Aligned


def coral(source, target):
    """The squared distance of two covariance matrices, over 4 d squared.

    Args:
        source, target: (n, d) and (m, d) features, at least two rows each.
    """
    d = source.shape[-1]
    return ops.sum((covariance(source) - covariance(target)) ** 2) / (4 * d**2)


def covariance(x):
    """The unbiased covariance of rows, (d, d)."""
    centred = x - ops.mean(x, axis=0)
    return ops.transpose(centred) @ centred / (ops.cast(ops.shape(x)[0], x.dtype) - 1)


def mean_gap(source, target):
    """The mean squared distance of two means, over their d entries."""
    return ops.mean((ops.mean(source, axis=0) - ops.mean(target, axis=0)) ** 2)


class DeepCORAL(Aligned):
    """Task loss plus `strength` times the sum of the CORAL loss and the gap of the means."""

    def alignment(self, source, target):
        return self.strength * (coral(source, target) + mean_gap(source, target))
