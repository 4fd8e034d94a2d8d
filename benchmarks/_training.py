"""Training steps of tiny-resnet, for benchmarks that compare two ways in one run."""

import time

import keras
import numpy as np
from keras import layers

PICTURES, BATCH, ROUNDS = 1280, 128, 5


def classifier(build, jit_compile):
    """A compiled classifier around `build`, a function from input tensor to feature map."""
    keras.utils.set_random_seed(0)
    x = keras.Input((32, 32, 3))
    y = layers.GlobalAveragePooling2D()(build(layers.Rescaling(1 / 127.5, -1)(x)))
    model = keras.Model(x, layers.Dense(10)(y))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01), loss, jit_compile=jit_compile)
    return model


def pictures_per_second(models: dict) -> dict[str, list[float]]:
    """Train the models in turn, so that a machine whose speed drifts treats them alike."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (PICTURES, 32, 32, 3), dtype=np.uint8)
    y = rng.integers(0, 10, PICTURES)
    speeds = {name: [] for name in models}
    for round_ in range(ROUNDS + 1):
        for name, model in models.items():
            start = time.perf_counter()
            model.fit(x, y, batch_size=BATCH, verbose=0)
            if round_:  # the first one compiles
                speeds[name].append(PICTURES / (time.perf_counter() - start))
    return speeds
