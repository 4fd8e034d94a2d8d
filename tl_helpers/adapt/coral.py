"""Deep CORAL: make the features of both domains vary alike (Sun and Saenko 2016)."""

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


class DeepCORAL(Aligned):
    """Task loss plus `strength` times the CORAL loss of the features."""

    def alignment(self, source, target):
        return self.strength * coral(source, target)
