"""What `load` returns: three splits of pictures and their classes."""

from dataclasses import dataclass, field, replace

import numpy as np

from .splits import draw_per_class


@dataclass(frozen=True, eq=False)
class Split:
    """Pictures and their labels.

    x: (n, h, w, 3) uint8, as they are: a backbone preprocesses by itself.
    y: (n,) int32, indices into the data set's classes.
    """

    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, index) -> "Split":
        return Split(self.x[index], self.y[index])

    def __repr__(self):
        return f"Split({len(self)} pictures of {'x'.join(map(str, self.x.shape[1:]))})"


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set, split into train, val and test, which never share a picture.

    Choose on val, report on test; `card` says where the pictures come from and their licence.
    """

    name: str
    train: Split
    val: Split
    test: Split
    classes: tuple[str, ...]
    card: dict = field(repr=False)

    def __repr__(self):
        parts = ", ".join(f"{s} {len(getattr(self, s))}" for s in SPLITS)
        return f"Dataset({self.name!r}: {parts} pictures of {self.num_classes} classes)"

    @property
    def num_classes(self) -> int:
        """How many classes there are."""
        return len(self.classes)

    def map(self, change) -> "Dataset":
        """The same data set with `change(x)` applied to the pictures of every split."""
        return replace(
            self,
            **{s: Split(change(getattr(self, s).x), getattr(self, s).y) for s in SPLITS},
        )

    def divide(self, per_class: int, seed: int = 0) -> tuple["Dataset", "Dataset"]:
        """Two data sets that share no training picture: some of each class, and the rest.

        Args:
            per_class: training pictures of each class in the first.
            seed: of which.

        Raises:
            DataError: a class has not more than that.
        """
        parts = draw_per_class(
            self.train.y, (per_class, None), np.random.default_rng([seed, 12]), self.classes
        )
        return tuple(replace(self, train=self.train[rows]) for rows in parts)


SPLITS = ("train", "val", "test")
