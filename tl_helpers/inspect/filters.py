"""The first layer's filters as pictures."""

import numpy as np
from keras import layers


def filters(network) -> np.ndarray:
    """What the units of the first convolution look for.

    Args:
        network: a `Backbone`, or a Keras model whose first convolution sees three colours.

    Returns:
        (units, h, w, 3) uint8. Grey is a weight of zero; each filter has its own contrast.
    """
    model = getattr(network, "model", network)
    convolutions = [la for la in model.layers if isinstance(la, layers.Conv2D)]
    if not convolutions or convolutions[0].kernel.shape[2] != 3:
        raise ValueError(f"{model.name} has no first convolution on three colours")
    kernel = np.moveaxis(np.asarray(convolutions[0].kernel), -1, 0)  # (units, h, w, 3)
    entry = [la for la in model.layers if getattr(la, "bgr", False)]
    if entry:  # show it as the eye sees the pictures, red first
        kernel = kernel[..., ::-1]
    peak = np.abs(kernel).max((1, 2, 3), keepdims=True)
    return np.round(127.5 + 127.5 * kernel / np.maximum(peak, 1e-12)).astype(np.uint8)
