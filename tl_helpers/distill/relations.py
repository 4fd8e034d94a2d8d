"""Relational distillation: how the pictures of a batch lie to each other (Park et al. 2019)."""

from dataclasses import dataclass

from keras import ops

from .match import Match

SMALL = 1e-12
CLOSE = 1e-6  # of the mean squared distance


@dataclass(frozen=True)
class Relations(Match):
    """Distances and angles between the pictures of a batch, in the pooled features of a stage.

    Each set of distances is divided by its mean, so that scale and width do not matter. Both losses
    are Huber's; the angles count twice as much, as in the paper. Both are small numbers: for
    classification the paper's weights are 25 for distances and 50 for angles, so `weight=25`.
    """

    def of_teacher(self, x):
        return ops.mean(x, axis=(1, 2))  # (n, channels)

    def of_student(self, x, kept):
        return ops.mean(x, axis=(1, 2))

    def loss(self, kept, shown):
        apart = ops.mean(_huber(distances(kept), distances(shown)))
        return apart + 2 * ops.mean(_huber(angles(kept), angles(shown)))


def distances(x):
    """Between all rows of (n, d), over their mean without the diagonal: (n, n)."""
    n = ops.shape(x)[0]
    _, length, apart = _ways(x)
    pairs = ops.cast(ops.maximum(n * (n - 1), 1), x.dtype)
    length = length * apart
    return length / ops.maximum(ops.sum(length) / pairs, SMALL)


def angles(x):
    """The cosine of the angle at j between i and k, of all rows of (n, d): (n, n, n), [j, i, k].

    0 where two of them coincide.
    """
    towards, length, apart = _ways(x)
    unit = towards * (apart / length)[..., None]
    return ops.matmul(unit, ops.transpose(unit, (0, 2, 1)))


def _ways(x):
    """From row j to row i, (n, n, d); how far that is, 1 where they coincide; 0 there, else 1."""
    towards = x[None] - x[:, None]
    square = ops.sum(towards**2, axis=-1)
    # The direction between rows that all but coincide means nothing, and its gradient has no bound.
    apart = square > CLOSE * ops.stop_gradient(ops.mean(square)) + SMALL
    return towards, ops.sqrt(ops.where(apart, square, 1.0)), ops.cast(apart, x.dtype)


def _huber(a, b):
    gap = ops.abs(a - b)
    return ops.where(gap < 1, 0.5 * gap**2, gap - 0.5)
