"""Shuffled, augmented batches, the same for the same seed on every backend."""

import keras
import numpy as np

from ..data.augment import flip_shift
from ..data.dataset import Split


class Batches(keras.utils.PyDataset):
    """Batches of a split, reshuffled every epoch.

    The last, smaller batch of an epoch is left out (the next shuffle brings its pictures back):
    BatchNorm statistics of a handful of pictures do harm.

    Args:
        split: pictures and labels.
        batch_size: pictures a batch; a smaller split makes one batch.
        augment: False, True for `flip_shift`, or a function `(x, rng) -> x` on (n, h, w, 3) uint8.
        seed: of order and augmentation.
    """

    def __init__(self, split: Split, batch_size: int = 32, augment=False, seed: int = 0):
        super().__init__()
        self.split, self.batch_size = split, min(batch_size, len(split))
        self.augment = flip_shift if augment is True else augment
        self.seed, self.epoch = seed, 0
        self._shuffle()

    def __len__(self):
        return len(self.split) // self.batch_size

    def __getitem__(self, i):
        batch = self.split[self.order[i * self.batch_size : (i + 1) * self.batch_size]]
        x = batch.x
        if self.augment:
            # A generator a batch: Keras may ask for batches in any order.
            x = self.augment(x, np.random.default_rng([self.seed, self.epoch, i, 5]))
        return x, batch.y

    def on_epoch_end(self):
        self.epoch += 1
        self._shuffle()

    def _shuffle(self):
        self.order = np.random.default_rng([self.seed, self.epoch, 4]).permutation(len(self.split))
