"""Hints: what the teacher sees on the way, not only what it says (FitNets, Romero et al. 2015)."""

from dataclasses import dataclass

import keras
from keras import ops

from .match import Match


@dataclass(frozen=True)
class Hint(Match):
    """The teacher's feature maps, which the student's must predict through a learned projection.

    The projection is one matrix for all places, so that the widths may differ; it is trained with
    the student and thrown away. The loss is the mean squared error. (In the paper hints come first,
    and the answers after; here they are learned together.)
    """

    def of_teacher(self, x):
        return x

    def of_student(self, x, kept):
        self.check_maps(x, kept)
        return keras.layers.Dense(kept.shape[-1])(x)  # (n, h, w, channels of the teacher)

    def loss(self, kept, shown):
        return ops.mean((kept - shown) ** 2, axis=(1, 2, 3))
