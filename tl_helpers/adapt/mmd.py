"""Maximum mean discrepancy with several kernels: DAN's alignment (Long et al. 2015).

Two sets of features come from the same distribution when their means agree in the space of a kernel
(Gretton et al. 2012). The kernel here is a mean of Gaussians, whose widths double around the mean
distance of the features at hand, so that some of them fit.
"""

from keras import ops

from .aligned import Aligned

WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the mean squared distance


def mmd(source, target):
    """The squared maximum mean discrepancy, the biased estimate: 0 or more.

    Args:
        source, target: (n, d) and (m, d) features.
    """
    n = ops.shape(source)[0]
    both = ops.concatenate([source, target])
    distances = squared_distances(both)  # (n + m, n + m)
    # The widths only set a scale: no gradient flows through them.
    scale = ops.stop_gradient(ops.mean(distances)) + 1e-12
    kernel = sum(ops.exp(-distances / (width * scale)) for width in WIDTHS) / len(WIDTHS)
    within = ops.mean(kernel[:n, :n]) + ops.mean(kernel[n:, n:])
    return within - 2 * ops.mean(kernel[:n, n:])


def squared_distances(x):
    """Between all rows of (n, d): (n, n)."""
    squares = ops.sum(x**2, axis=1)
    return ops.maximum(squares[:, None] + squares[None, :] - 2 * x @ ops.transpose(x), 0.0)


class MMD(Aligned):
    """Task loss plus `strength` times the discrepancy of the features."""

    def alignment(self, source, target):
        return self.strength * mmd(source, target)
