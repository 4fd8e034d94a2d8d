"""Few-shot tasks: a few classes, a few examples of each, and other pictures of them to name.

Vinyals et al. 2016 call such a task an episode. N-way K-shot: N classes, K examples of each.
"""

from dataclasses import dataclass

import numpy as np

from .dataset import Split

CHUNK = 4_000_000  # random numbers at a time


@dataclass(frozen=True, eq=False)
class Episodes:
    """Tasks, as rows of a data set; within a task, the label of a picture is its place in `way`.

    classes: (tasks, way), which class each is.
    support: (tasks, way, shot), the rows of the examples.
    query: (tasks, way, n_query), the rows of the pictures to name.
    """

    classes: np.ndarray
    support: np.ndarray
    query: np.ndarray

    def __len__(self) -> int:
        return len(self.classes)


def episodes(
    y, n_way: int, n_shot: int, n_query: int, n_tasks: int, rng: np.random.Generator
) -> Episodes:
    """Draw tasks at random. Within one, no class and no picture comes twice.

    Args:
        y: (n,) classes of all pictures.
        n_way: classes a task.
        n_shot: examples of each.
        n_query: other pictures of each.
        n_tasks: how many.
        rng: the source of chance.

    Raises:
        ValueError: fewer classes than `n_way`, or a class with too few pictures.
    """
    y = np.asarray(y)
    names, place, sizes = np.unique(y, return_inverse=True, return_counts=True)
    each = n_shot + n_query
    if min(n_way, n_shot, n_query, n_tasks) < 1:
        raise ValueError(
            "a task needs at least one class, example and query, and there must be one; got "
            f"n_way={n_way}, n_shot={n_shot}, n_query={n_query}, n_tasks={n_tasks}"
        )
    if n_way > len(names) or each > sizes.min():
        raise ValueError(
            f"{n_way}-way {n_shot}-shot tasks with {n_query} queries need {n_way} classes of "
            f"{each} pictures; there are {len(names)} of at least {sizes.min()}"
        )
    # Row k: the pictures of class k, then nothing where other classes have more.
    rows = np.full((len(names), sizes.max()), -1)
    rows[np.repeat(np.arange(len(names)), sizes), _count_up(sizes)] = np.argsort(
        place, kind="stable"
    )
    classes = _choose(rng.random((n_tasks, len(names))), n_way, rng)
    chosen = np.empty((n_tasks, n_way, each), int)
    step = max(1, CHUNK // (n_way * rows.shape[1]))
    for start in range(0, n_tasks, step):
        there = rows[classes[start : start + step]]  # (some tasks, way, pictures)
        keys = np.where(there < 0, np.inf, rng.random(there.shape))
        picked = _choose(keys, each, rng)
        chosen[start : start + step] = np.take_along_axis(there, picked, axis=-1)
    return Episodes(names[classes], chosen[..., :n_shot], chosen[..., n_shot:])


def split_classes(split: Split, *shares: float, seed: int = 0) -> tuple[Split, ...]:
    """Parts that share no class, to meta-train on one and to meet new classes in another.

    Args:
        split: labelled pictures.
        shares: of the classes, such as 0.8, 0.2; they sum to 1 and each gets at least one class.
        seed: of which class goes where.

    Returns:
        A `Split` a share; labels stay as they are.
    """
    if not shares or min(shares) <= 0 or not np.isclose(sum(shares), 1):
        raise ValueError(f"shares are above 0 and sum to 1, such as 0.8, 0.2; got {shares}")
    names = np.random.default_rng(seed).permutation(np.unique(split.y))
    ends = np.rint(np.cumsum(shares) * len(names)).astype(int)
    parts = np.split(names, ends[:-1])
    if not all(map(len, parts)):
        raise ValueError(f"{len(names)} classes do not give each of {shares} at least one")
    return tuple(split[np.isin(split.y, part)] for part in parts)


def _choose(keys, n, rng):
    """The places of the n smallest keys along the last axis, in random order."""
    return rng.permuted(np.argpartition(keys, n - 1, axis=-1)[..., :n], axis=-1)


def _count_up(sizes):
    """0 to size - 1, for one size after the other."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
