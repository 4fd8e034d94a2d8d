"""Relational distillation: how the pictures of a batch lie to each other (Park et al. 2019)."""

from dataclasses import dataclass

from keras import ops

from .match import Match

SMALL = 1e-12


@dataclass(frozen=True)
class Relations(Match):
    """Distances and angles between the pictures of a batch, in the pooled features of a stage.

    Each set of distances is divided by its mean, so that scale and width do not matter. Both losses
    are Huber's; the angles count twice as much, as in the paper.
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
    _, length = _ways(x)
    pairs = ops.cast(ops.maximum(n * (n - 1), 1), x.dtype)
    return length / ops.maximum(ops.sum(length) / pairs, SMALL)


def angles(x):
    """The cosine of the angle at j between i and k, of all rows of (n, d): (n, n, n), [j, i, k]."""
    towards, length = _ways(x)
    unit = towards / length[..., None]
    return ops.matmul(unit, ops.transpose(unit, (0, 2, 1)))


def _ways(x):
    """From row j to row i, (n, n, d), and how far that is, (n, n)."""
    towards = x[None] - x[:, None]
    # A square root has no gradient at 0, where a row meets itself.
    return towards, ops.sqrt(ops.maximum(ops.sum(towards**2, axis=-1), SMALL))


def _huber(a, b):
    gap = ops.abs(a - b)
    return ops.where(gap < 1, 0.5 * gap**2, gap - 0.5)
