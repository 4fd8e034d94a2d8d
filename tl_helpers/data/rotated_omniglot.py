"""Omniglot as papers on few-shot learning use it: all 1,623 characters, each turned four ways."""

import numpy as np

from .dataset import Split
from .errors import DataError
from .load import load

PARTS = ("omniglot", "omniglot_evaluation")  # 30 and 20 alphabets
TRAIN = 1200  # characters, in the order of the publisher's folders
TURNS = 4


def rotated_omniglot(size: tuple[int, int] = (28, 28), train: int = TRAIN) -> tuple[Split, Split]:
    """All pictures of the characters to meta-train on, and of those to test on.

    A character turned by a quarter is another class, so that there are 4,800 to train on and 1,692
    to test on, as in Vinyals et al. 2016 and Snell et al. 2017. (Both choose among settings on 172
    of the training characters, and train once more on all of them.)

    Args:
        size: (height, width) of the pictures.
        train: characters to train on, unturned; the others are for testing.

    Raises:
        DataError: no more than `train` characters are there, as with the publisher's small part.
    """
    whole = [load(name, size=size) for name in PARTS]
    x, y, known = [], [], 0
    for data in whole:
        for part in (data.train, data.val, data.test):
            x.append(part.x)
            y.append(part.y + known)
        known += data.num_classes
    if not 0 < train < known:
        raise DataError(
            f"{known} characters were found, which leaves none beside {train} to train on: this "
            "needs both parts whole. Where TL_DATA_HOME has smaller ones, take it away; then "
            'tl.prefetch("omniglot", "omniglot_evaluation") downloads them (16 MB)'
        )
    x, y = np.concatenate(x), np.concatenate(y)
    return _turned(x, y, y < train), _turned(x, y, y >= train)


def _turned(x, y, chosen) -> Split:
    turns = [np.rot90(x[chosen], turn, axes=(1, 2)) for turn in range(TURNS)]
    names = [TURNS * y[chosen] + turn for turn in range(TURNS)]
    return Split(np.concatenate(turns), np.concatenate(names).astype(np.int32))
