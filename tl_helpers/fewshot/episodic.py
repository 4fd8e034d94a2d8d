"""What every few-shot method here shares: read the examples of a task, then name the queries.

    known = model.process_support_set(examples)
    logits = model.name_queries(known, pictures)

All arrays have tasks first, so that a whole batch of tasks is one step.
"""

import keras
from keras import ops

from .traced_once import TracedOnce


class Episodic(TracedOnce):
    """A few-shot classifier on an embedding. Compile it; `fit` and `evaluate` on a `TaskSampler`.

    A method says what it keeps of a support set (`read`) and how it scores queries by it (`score`).

    Args:
        embed: a model from pictures (n, h, w, 3) to vectors (n, d), or to maps where a method says
            so. Trained in place.
    """

    def __init__(self, embed: keras.Model, **kwargs):
        super().__init__(**kwargs)
        self.embed = embed

    def read(self, support):
        """What is kept of embedded examples (tasks, way, shot, d)."""
        raise NotImplementedError

    def score(self, known, query):
        """Logits (tasks, m, way) of embedded queries (tasks, m, d)."""
        raise NotImplementedError

    def process_support_set(self, support):
        """What is kept of the examples (tasks, way, shot, h, w, 3)."""
        return self.read(self._embedded(support))

    def name_queries(self, known, query):
        """Logits (tasks, m, way) of pictures (tasks, m, h, w, 3)."""
        return self.score(known, self._embedded(query))

    def call(self, x, training=None):
        # In one pass: BatchNorm in training sees a task's examples and queries together.
        support, query = x["support"], x["query"]
        both = [ops.reshape(part, (-1, *part.shape[-3:])) for part in (support, query)]
        n = ops.shape(both[0])[0]
        embedded = self.embed(ops.concatenate(both), training=training)
        known = self.read(_like(embedded[:n], support))
        return self.score(known, _like(embedded[n:], query))

    def _embedded(self, pictures):
        pictures = ops.convert_to_tensor(pictures)
        flat = self.embed(ops.reshape(pictures, (-1, *pictures.shape[-3:])), training=False)
        return _like(flat, pictures)


def _like(flat, pictures):
    """Embeddings (n, ...) in the order of pictures (tasks, ..., h, w, 3)."""
    # By ops.shape, here and in the methods: a model that has met other tasks is traced for any.
    return ops.reshape(flat, (*ops.shape(pictures)[:-3], *flat.shape[1:]))


def positive(scale: float) -> float:
    """The scale, or an error."""
    if not scale > 0:
        raise ValueError(f"scale must be above 0, got {scale}")
    return scale
