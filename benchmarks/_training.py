"""Training steps of small networks, for benchmarks that compare two ways in one run."""

import statistics
import time

import keras
import numpy as np
from keras import layers

from tl_helpers.data import Dataset, Split

PICTURES, BATCH, ROUNDS = 1280, 128, 5


def noise(count, side):
    """A data set of random pictures in ten classes; a quarter of them to validate on."""
    rng = np.random.default_rng(0)
    y = np.arange(count, dtype=np.int32) % 10
    train = Split(rng.integers(0, 256, (count, side, side, 3), dtype=np.uint8), y)
    quarter = train[: count // 4]
    return Dataset("noise", train, quarter, quarter, tuple("0123456789"), {})


def classifier(build, jit_compile):
    """A compiled classifier around `build`, a function from input tensor to feature map."""
    keras.utils.set_random_seed(0)
    x = keras.Input((32, 32, 3))
    y = layers.GlobalAveragePooling2D()(build(layers.Rescaling(1 / 127.5, -1)(x)))
    model = keras.Model(x, layers.Dense(10)(y))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01), loss, jit_compile=jit_compile)
    return model


def compared(models: dict) -> dict:
    """Train two models in turn, so that a machine whose speed drifts treats them alike.

    Returns:
        "first_epoch_seconds" (it compiles) and, of the later ones, "pictures_per_second", each by
        model; "ratio", how much faster the first model is, by the wall clock and by the seconds
        of all cores together, which a neighbour on the machine disturbs less. Medians.
    """
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (PICTURES, 32, 32, 3), dtype=np.uint8)
    y = rng.integers(0, 10, PICTURES)
    wall, cores = {n: [] for n in models}, {n: [] for n in models}
    for _ in range(ROUNDS + 1):
        for name, model in models.items():
            start = time.perf_counter(), time.process_time()
            model.fit(x, y, batch_size=BATCH, verbose=0)
            wall[name].append(time.perf_counter() - start[0])
            cores[name].append(time.process_time() - start[1])

    def ratio(seconds):
        first, second = (values[1:] for values in seconds.values())
        return round(statistics.median(b / a for a, b in zip(first, second, strict=True)), 2)

    return {
        "first_epoch_seconds": {n: round(v[0], 1) for n, v in wall.items()},
        "pictures_per_second": {
            n: round(PICTURES / statistics.median(v[1:])) for n, v in wall.items()
        },
        "ratio": {"wall": ratio(wall), "cores": ratio(cores)},
    }
