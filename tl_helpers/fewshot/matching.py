"""Matching networks: attention over the examples (Vinyals et al. 2016)."""

import keras
from keras import ops

from .episodic import Episodic, positive

READS = 3  # steps of the query's reading in full context


class MatchingNetwork(Episodic):
    """A class's probability is the attention that its examples get, by cosine similarity.

    Args:
        embed: see `Episodic`; to vectors.
        full_context: embed each example in the light of all others, by a bidirectional LSTM over
            them, and each query in the light of the examples, by an LSTM that reads them.
        scale: of the similarities, 1 in the paper. Between -1 and 1 they leave attention nearly
            even over many examples; 10 lets it choose (Gidaris and Komodakis 2018).
    """

    def __init__(self, embed, full_context: bool = False, scale: float = 1.0, **kwargs):
        super().__init__(embed, **kwargs)
        self.scale = positive(scale)
        self.full_context = full_context
        if full_context:
            d = embed.output_shape[-1]
            both_ways = keras.layers.LSTM(d, return_sequences=True)
            self.among_examples = keras.layers.Bidirectional(both_ways, merge_mode="sum")
            self.among_examples.build((None, None, d))
            self.reader = keras.layers.LSTMCell(d)
            self.reader.build((None, 2 * d))

    def read(self, support):
        tasks, way, shot, d = ops.shape(support)
        flat = ops.reshape(support, (tasks, way * shot, d))
        if self.full_context:
            flat = flat + self.among_examples(flat)
        return ops.reshape(flat, (tasks, way, shot, d))

    def score(self, known, query):
        tasks, way, shot, d = ops.shape(known)
        flat = ops.reshape(known, (tasks, way * shot, d))
        if self.full_context:
            query = self._in_context(query, flat)
        attention = ops.softmax(self.scale * _cosine(query, flat))  # (tasks, m, way * shot)
        of_class = ops.reshape(attention, (tasks, -1, way, shot))
        return ops.log(ops.sum(of_class, axis=-1) + keras.config.epsilon())

    def _in_context(self, query, examples):
        """The paper's attention LSTM; r, what was read last, stands beside the input."""
        tasks, m, d = ops.shape(query)
        start = ops.reshape(query, (-1, d))
        h, c, r = start, ops.zeros_like(start), ops.zeros_like(start)
        for _ in range(READS):
            out, (_, c) = self.reader(ops.concatenate([start, r], axis=-1), [h, c])
            h = out + start
            now = ops.reshape(h, (tasks, m, d))
            read = ops.matmul(ops.softmax(_cosine(now, examples)), examples)
            r = ops.reshape(read, (-1, d))
        return ops.reshape(h, (tasks, m, d))


def _cosine(a, b):
    """Cosine similarities of (tasks, m, d) and (tasks, k, d): (tasks, m, k)."""
    a, b = (ops.normalize(x, axis=-1) for x in (a, b))
    return ops.matmul(a, ops.transpose(b, (0, 2, 1)))
