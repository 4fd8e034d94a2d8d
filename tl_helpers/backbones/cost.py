"""What a network costs: weights to store, memory to train, time to answer."""

import time
from dataclasses import dataclass

import keras
import numpy as np

from .backbone import Backbone

BYTES = 4  # of a float32
MB = 1e6


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    parameters: how many.
    weights_mb: they take so many megabytes, as float32.
    training_mb: megabytes that training all of it keeps for each picture of a batch: the outputs of
        all layers, which the way back needs again. An estimate: backends save some of it.
    ms: milliseconds a picture on this machine, now, in a batch.
    """

    parameters: int
    weights_mb: float
    training_mb: float
    ms: float


def cost(model: Backbone | keras.Model, x: np.ndarray, repeats: int = 5) -> Cost:
    """Measure what a network costs on pictures like these.

    Args:
        model: a backbone or a plain functional model.
        x: (n, h, w, 3) pictures: one batch. Their number is the batch size of the timing.
        repeats: of the timing; the median counts. A first pass compiles and is not timed.
    """
    model = model.model if isinstance(model, Backbone) else model
    if len(x) < 1 or repeats < 1:
        raise ValueError(f"at least one picture and one repeat, got {len(x)} and {repeats}")
    inner = [x for x in model.layers if not isinstance(x, keras.layers.InputLayer)]
    one = keras.KerasTensor((1, *x.shape[1:]), dtype=model.input.dtype)
    kept = keras.Model(model.input, [x.output for x in inner]).compute_output_spec(one)
    kept = kept if isinstance(kept, list) else [kept]
    numbers = sum(int(np.prod(tensor.shape)) for tensor in kept)
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        model.predict_on_batch(x)
        times.append(time.perf_counter() - start)
    parameters = model.count_params()
    return Cost(
        parameters,
        parameters * BYTES / MB,
        numbers * BYTES / MB,
        1000 * float(np.median(times[1:])) / len(x),
    )
