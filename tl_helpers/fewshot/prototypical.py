"""Prototypical networks: the class of the nearest mean (Snell et al. 2017)."""

from keras import ops

from .episodic import Episodic


def prototypes(support):
    """The mean of each class's examples: (tasks, way, shot, d) to (tasks, way, d)."""
    return ops.mean(support, axis=2)


def squared_distances(query, points):
    """Squared Euclidean distances of (tasks, m, d) and (tasks, k, d): (tasks, m, k)."""
    square = ops.sum(query**2, axis=-1)[:, :, None] + ops.sum(points**2, axis=-1)[:, None]
    return square - 2 * ops.matmul(query, ops.transpose(points, (0, 2, 1)))


class PrototypicalNetwork(Episodic):
    """Logits are minus the squared distances to the classes' means."""

    def read(self, support):
        return prototypes(support)

    def score(self, known, query):
        return -squared_distances(query, known)
