"""Pictures of two domains side by side: what domain adaptation and multi-task training train on."""

import keras
import numpy as np

from .dataset import Split


class Paired(keras.utils.PyDataset):
    """Batches of ({"source": x, "target": x}, labels); from `paired` or `two_tasks`."""

    def __init__(self, source: Split, target: np.ndarray | Split, batch_size: int, seed: int):
        super().__init__()
        self.source, self.target = source, target
        self.batch_size = min(batch_size, len(source))
        self.seed, self.epoch = seed, 0
        self._shuffle()

    def __len__(self):
        return len(self.source) // self.batch_size

    def __getitem__(self, i):
        rows = slice(i * self.batch_size, (i + 1) * self.batch_size)
        source, target = self.source[self.order[rows]], self.target[self.others[rows]]
        if isinstance(target, Split):
            return {"source": source.x, "target": target.x}, {
                "source": source.y,
                "target": target.y,
            }
        return {"source": source.x, "target": target}, source.y

    def on_epoch_end(self):
        self.epoch += 1
        self._shuffle()

    def _shuffle(self):
        rng = np.random.default_rng([self.seed, self.epoch, 6])
        self.order = rng.permutation(len(self.source))
        # A smaller target comes round several times an epoch, in another order each time.
        rounds = -(-len(self.source) // len(self.target))
        turns = [rng.permutation(len(self.target)) for _ in range(rounds)]
        self.others = np.concatenate(turns)[: len(self.source)]


def paired(source: Split, target_x: np.ndarray, batch_size: int = 32, seed: int = 0) -> Paired:
    """Batches of a labelled source and an unlabelled target, reshuffled every epoch.

    An epoch is one pass over the source; its last, smaller batch is left out, and the next shuffle
    brings its pictures back.

    Args:
        source: labelled pictures, such as `data.train`.
        target_x: (m, h, w, 3), of the same size. No labels: adaptation must not see them.
        batch_size: pictures of each domain in a batch.
        seed: of the order.
    """
    if isinstance(target_x, Split):
        raise TypeError(
            "paired() takes the target's pictures alone, without labels: target.train.x"
        )
    target_x = np.asarray(target_x)
    _check(source, target_x, batch_size)
    return Paired(source, target_x, batch_size, seed)


def two_tasks(source: Split, target: Split, batch_size: int = 32, seed: int = 0) -> Paired:
    """Batches of two labelled sets of pictures, for `tl.adapt.MultiTask`; else as `paired`.

    Args:
        source: labelled pictures; an epoch is one pass over them.
        target: (m, h, w, 3) pictures of the same size, and labels of the same or of another task.
        batch_size: pictures of each in a batch.
        seed: of the order.
    """
    if not isinstance(target, Split):
        raise TypeError(f"the target is a split with labels, not {type(target).__name__}")
    _check(source, target.x, batch_size)
    return Paired(source, target, batch_size, seed)


def _check(source, target_x, batch_size) -> None:
    if not isinstance(source, Split):
        raise TypeError(f"the source is one split, such as data.train, not {type(source).__name__}")
    if len(target_x) < 1 or target_x.shape[1:] != source.x.shape[1:]:
        raise ValueError(
            f"both domains need pictures of one size, got {source.x.shape[1:]} in the source and "
            f"{target_x.shape} in the target"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
