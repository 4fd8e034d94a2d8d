"""Features of a frozen network, computed once.

While the backbone stands still, its features of a picture stay the same, so a head that trains for
ten epochs needs them once and not ten times. Arrays are kept by a hash of the network and of the
pictures: change either, and they are computed anew.

Random augmentation changes the pictures each time, and caching one draw would freeze it. `draws`
therefore keeps several draws of each picture, of which training takes a random one (`Views`).
"""

import hashlib
import os
from collections import OrderedDict

import keras
import numpy as np

from ..backbones import Backbone
from ..data.fetch import cache_dir
from ..data.resume import disk_error
from .freezing import stages

BATCH = 64  # pictures a step: with 256, squeezenet takes twice as long on two cores
MEMORY = 256 << 20  # bytes of features kept in memory, oldest use out first
SHARE = 4  # an array larger than MEMORY / SHARE lies in a file instead

_kept: OrderedDict[str, np.ndarray] = OrderedDict()


def features(extract: keras.Model, x: np.ndarray) -> np.ndarray:
    """The features of pictures, from memory or a file where they were computed before.

    Args:
        extract: from pictures to one array a picture, vectors as `Backbone.features(stage)` gives
            them or feature maps. It runs in inference mode: no dropout, BatchNorm on its stored
            statistics.
        x: (n, h, w, 3).

    Returns:
        (n, channels) or (n, h, w, channels) float32, read-only. Larger than a quarter of `MEMORY`,
        it is a memory-mapped file in the cache folder, which `clear_features` removes.
    """
    key = _key(extract, x)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    width = int(np.prod(extract.output_shape[1:]))
    if 4 * len(x) * width > MEMORY // SHARE:
        return _on_disk(key, extract, x)
    _kept[key] = _predict(extract, x)
    _kept[key].flags.writeable = False
    while sum(array.nbytes for array in _kept.values()) > MEMORY:
        _kept.popitem(last=False)
    return _kept[key]


def extractor(network, stage: str | None = None) -> tuple[keras.Model, str]:
    """A model from pictures to one vector a picture, cut at a stage, and that stage's name.

    Args:
        network: a `Backbone`, or a model from `attach_head`.
        stage: default the last before the head.
    """
    if isinstance(network, Backbone):
        stage = network.check_stage(stage)
        return network.features(stage), stage
    groups = stages(network)
    if stage is None:
        *_, stage, _ = groups  # the last before "head"
    elif stage not in groups or stage == "head":
        raise ValueError(f"unknown stage {stage!r}; this model has {', '.join(groups)}")
    pooled = keras.layers.GlobalAveragePooling2D()(groups[stage][-1].output)
    return keras.Model(network.input, pooled), stage


class Views:
    """Several draws of each picture's features, as a split's `x`: `[index]` chooses pictures."""

    def __init__(self, drawn: list[np.ndarray], index: np.ndarray | None = None):
        self.drawn, self.index = drawn, np.arange(len(drawn[0])) if index is None else index

    def __len__(self):
        return len(self.index)

    def __getitem__(self, index):
        return Views(self.drawn, self.index[index])

    def pick(self, rng: np.random.Generator) -> np.ndarray:
        """A random draw of each picture, (n, ...) float32: what `Batches` takes as its augment."""
        which = rng.integers(0, len(self.drawn), len(self))
        return np.stack([self.drawn[k][i] for k, i in zip(which, self.index, strict=True)])


def draws(extract: keras.Model, x: np.ndarray, augment, count: int, seed: int) -> Views:
    """The features of `count` augmented draws of each picture.

    Args:
        extract, x: as for `features`.
        augment: `(x, rng) -> x`.
        count: draws of each picture.
        seed: of the draws.
    """
    return Views(
        [features(extract, augment(x, np.random.default_rng([seed, k, 6]))) for k in range(count)]
    )


def clear_features() -> None:
    """Forget all cached features, in memory and on disk."""
    _kept.clear()
    for path in _folder().glob("*.npy*"):
        path.unlink()


def _predict(extract, x):
    # Full batches only: TensorFlow would trace the network again for a smaller last one.
    whole = np.resize(x, (-(-len(x) // BATCH) * BATCH, *x.shape[1:]))
    return np.asarray(extract.predict(whole, batch_size=BATCH, verbose=0), np.float32)[: len(x)]


def _on_disk(key, extract, x):
    path = _folder() / f"{key}.npy"
    if not path.exists():
        part = path.with_suffix(f".npy.part{os.getpid()}")
        try:
            shape = (len(x), *extract.output_shape[1:])
            out = np.lib.format.open_memmap(part, mode="w+", dtype=np.float32, shape=shape)
            for start in range(0, len(x), 64 * BATCH):
                out[start : start + 64 * BATCH] = _predict(extract, x[start : start + 64 * BATCH])
            out.flush()
            part.replace(path)  # complete or not there
        except OSError as error:
            part.unlink(missing_ok=True)
            raise disk_error(error, path) from error
    return np.load(path, mmap_mode="r")


def _folder():
    folder = cache_dir() / "features"
    folder.mkdir(exist_ok=True)
    return folder


def _key(extract, x) -> str:
    """A hash of all that the features depend on: layers, weights, backend and pictures."""
    sha = hashlib.blake2b(digest_size=16)
    sha.update(f"{keras.backend.backend()}{x.shape}{x.dtype}".encode())
    sha.update(_graph(extract).encode())
    for variable in extract.variables:
        sha.update(np.ascontiguousarray(variable))
    sha.update(np.ascontiguousarray(x))
    return sha.hexdigest()


def _graph(extract) -> str:
    """What is computed, from layer to layer, without what does not matter for it."""
    config = extract.get_config()
    names = []
    for layer in config["layers"]:
        layer["config"].pop("trainable", None)
        names.append(layer["config"].get("name"))
    text = repr({key: value for key, value in config.items() if key not in ("name", "trainable")})
    # Keras numbers unnamed layers anew with every network: their place is their name here.
    for place, name in enumerate(names):
        text = text.replace(f"'{name}'", f"'{place}'")
    return text
