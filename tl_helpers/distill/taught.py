"""What a teacher says of pictures, computed once, in batches to learn from."""

import keras
import numpy as np

from ..data.augment import flip_shift
from ..finetune import features


class Taught(keras.utils.PyDataset):
    """Batches of pictures with labels and the teacher's outputs, reshuffled every epoch.

    The teacher stands still, so it sees each picture once, not once an epoch. With augmentation it
    sees `views` draws of each, and an epoch takes the next of them, with the outputs that belong to
    it (Beyer et al. 2022: teacher and student must see the same picture). Where no output comes
    from a model, pictures are drawn anew in every epoch.

    Args:
        x: (n, h, w, 3) pictures.
        y: (n,) labels, `UNKNOWN` where there is none.
        outputs: name -> a model from pictures to what is kept of each, or an array of n rows.
        batch_size: pictures a batch; an epoch's last, smaller one is left out.
        augment: False, True for `flip_shift`, or a function `(x, rng) -> x`.
        views: draws of each picture that a model sees.
        seed: of order and augmentation.
    """

    def __init__(self, x, y, outputs, batch_size=32, augment=False, views=10, seed=0):
        super().__init__()
        self.augment = flip_shift if augment is True else augment
        self.drawn = [x]
        if augment and any(isinstance(of, keras.Model) for of in outputs.values()):
            augment, self.augment = self.augment, False  # here, and not in every epoch
            rngs = (np.random.default_rng([seed, k, 7]) for k in range(views))
            self.drawn = [augment(x, rng) for rng in rngs]
        self.kept = [
            {name: answers(of, drawn) for name, of in outputs.items()} for drawn in self.drawn
        ]
        self.y, self.batch_size = y, min(batch_size, len(x))
        self.seed, self.epoch = seed, 0
        self._shuffle()

    def __len__(self):
        return len(self.y) // self.batch_size

    def __getitem__(self, i):
        rows = self.order[i * self.batch_size : (i + 1) * self.batch_size]
        view = self.epoch % len(self.drawn)
        kept = {name: array[rows] for name, array in self.kept[view].items()}
        x = self.drawn[view][rows]
        if self.augment:
            x = self.augment(x, np.random.default_rng([self.seed, self.epoch, i, 7]))
        return x, {"labels": self.y[rows], **kept}

    def on_epoch_end(self):
        self.epoch += 1
        self._shuffle()

    def _shuffle(self):
        self.order = np.random.default_rng([self.seed, self.epoch, 8]).permutation(len(self.y))


def answers(of, x) -> np.ndarray:
    """A model's outputs for pictures, computed once for the same ones; or an array as it is."""
    return features(of, x) if isinstance(of, keras.Model) else of
