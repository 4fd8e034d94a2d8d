"""Batches of few-shot tasks, to train and to evaluate on (Vinyals et al. 2016)."""

import keras
import numpy as np

from ..data import Split, episodes


class TaskSampler(keras.utils.PyDataset):
    """Tasks of random classes, drawn anew every epoch.

    A batch is ({"support": (tasks, way, shot, h, w, 3), "query": (tasks, way * n_query, h, w, 3)},
    labels (tasks, way * n_query)). The label of a picture is its class's place in the task.

    Args:
        data: labelled pictures, such as one part of `tl.data.split_classes`.
        n_way: classes a task.
        n_shot: examples of each.
        n_query: pictures of each to name.
        n_tasks: tasks an epoch.
        batch_size: tasks a batch; the last batch may be smaller.
        seed: of all epochs.
    """

    def __init__(
        self,
        data: Split,
        n_way: int = 5,
        n_shot: int = 1,
        n_query: int = 15,
        n_tasks: int = 100,
        batch_size: int = 1,
        seed: int = 0,
    ):
        super().__init__()
        if not isinstance(data, Split):
            raise TypeError(f"tasks are drawn from one split, not from {type(data).__name__}")
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, got {batch_size}")
        self.data, self.batch_size = data, min(batch_size, n_tasks)
        self.setting = (n_way, n_shot, n_query, n_tasks)
        self.seed, self.epoch = seed, 0
        self._draw()

    def __len__(self):
        return -(-len(self.tasks) // self.batch_size)

    def __getitem__(self, i):
        some = slice(i * self.batch_size, (i + 1) * self.batch_size)
        support, query = self.tasks.support[some], self.tasks.query[some]
        asked = query.reshape(len(query), -1)
        n_way, _, n_query, _ = self.setting
        labels = np.tile(np.repeat(np.arange(n_way, dtype=np.int32), n_query), (len(query), 1))
        return {"support": self.data.x[support], "query": self.data.x[asked]}, labels

    def on_epoch_end(self):
        self.epoch += 1
        self._draw()

    def _draw(self):
        rng = np.random.default_rng([self.seed, self.epoch, 8])
        self.tasks = episodes(self.data.y, *self.setting, rng)
