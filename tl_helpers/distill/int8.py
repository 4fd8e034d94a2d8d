"""Eight bits a weight, after training (Krishnamoorthi 2018: a scale for each output channel).

`keras.Model.quantize("int8")` does it to dense layers, and the networks here are convolutions. So
Keras' own quantiser is asked for every kernel; biases and BatchNorm stay as they are. What is
computed with stays 32 bits: this saves storage, not time.
"""

import keras
import numpy as np
from keras import ops

SCALE = "/scale"


def to_int8(model: keras.Model) -> dict[str, np.ndarray]:
    """What to store of a model, by `np.savez` for one: its kernels as int8, all else as it is.

    Returns:
        A weight's path -> its values; of an int8 kernel also path + "/scale" -> what its values are
        to be divided by, one number an output channel.
    """
    kernels = {id(kernel) for kernel in _kernels(model)}
    stored = {}
    for weight in model.weights:
        if id(weight) in kernels:
            around = tuple(range(len(weight.shape) - 1))
            whole, scale = keras.quantizers.abs_max_quantize(weight, axis=around)
            stored[weight.path] = ops.convert_to_numpy(whole)
            stored[weight.path + SCALE] = ops.convert_to_numpy(scale)
        else:
            stored[weight.path] = ops.convert_to_numpy(weight)
    return stored


def from_int8(model: keras.Model, stored) -> None:
    """Give a model of the same build the weights that `to_int8` stored.

    Raises:
        ValueError: they are those of another network; the model is left as it was.
    """
    found = {}
    for weight in model.weights:
        values = stored.get(weight.path)
        if values is None or values.shape != tuple(weight.shape):
            has = "nothing" if values is None else f"shape {values.shape}"
            raise ValueError(
                f"these are the weights of another network: of {weight.path}, "
                f"{tuple(weight.shape)}, there is {has}"
            )
        found[weight.path] = values / stored.get(weight.path + SCALE, 1)
    for weight in model.weights:
        weight.assign(found[weight.path])


def _kernels(model):
    layers = model._flatten_layers(include_self=False)
    kernels = [getattr(layer, "kernel", None) for layer in layers]
    return [kernel for kernel in kernels if kernel is not None]
