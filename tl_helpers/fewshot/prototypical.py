"""Prototypical networks: the class of the nearest mean (Snell et al. 2017)."""

from keras import ops

from .episodic import Episodic, positive


def prototypes(support):
    """The mean of each class's examples: (tasks, way, shot, d) to (tasks, way, d)."""
    return ops.mean(support, axis=2)


def squared_distances(query, points):
    """Squared Euclidean distances of (tasks, m, d) and (tasks, k, d): (tasks, m, k)."""
    square = ops.sum(query**2, axis=-1)[:, :, None] + ops.sum(points**2, axis=-1)[:, None]
    return square - 2 * ops.matmul(query, ops.transpose(points, (0, 2, 1)))


class PrototypicalNetwork(Episodic):
    """Logits are minus the squared distances to the classes' means, times a scale.

    Args:
        embed: see `Episodic`.
        scale: of the distances, 1 in the paper. Pretrained features lie tens apart; logits as large
            leave next to nothing to learn but the hardest tasks (Oreshkin et al. 2018).
    """

    def __init__(self, embed, scale: float = 1.0, **kwargs):
        super().__init__(embed, **kwargs)
        self.scale = positive(scale)

    def read(self, support):
        return prototypes(support)

    def score(self, known, query):
        return -self.scale * squared_distances(query, known)
