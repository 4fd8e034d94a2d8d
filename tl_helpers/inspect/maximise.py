"""Activation maximisation: the picture that a unit would most like to see (Erhan et al. 2009).

Gradient ascent on raw pixels ends in noise that no eye can read. Two remedies: write the picture as
waves of which the fine ones are weak (Olah et al. 2017; here cosines), or blur the pixels (Yosinski
et al. 2015). Both shift the picture a little at every step, so that it does not fit one pixel grid.
"""

import keras
import numpy as np
from keras import layers, ops

from ..backbones.preprocess import Preprocess
from ..session import jit_compile, smoke
from .activations import chosen_units, tap

REGULARISATIONS = ("fourier", "blur")
SHIFT = 2  # pixels, at most, each way
GREY = 127.5
LEAK = 0.1


def maximise(
    network,
    where: str,
    units,
    steps: int = 128,
    regularisation: str = "fourier",
    rate: float = 0.05,
    seed: int = 0,
    side: int | None = None,
) -> np.ndarray:
    """Pictures that maximise the mean activation of units, all of them in one compiled loop.

    What ends in a `ReLU` layer is maximised through a leaky one: there even a unit that is silent
    at the start has a slope to climb.

    Args:
        network: as for `activations`.
        where: one stage or layer.
        units: channels there.
        steps: of gradient ascent (Adam).
        regularisation: "fourier" or "blur".
        rate: of Adam.
        seed: of the start and of the shifts; the same seed gives the same pictures.
        side: of the pictures; default: that at which the network works.

    Returns:
        (units, h, w, 3) uint8.
    """
    if regularisation not in REGULARISATIONS:
        raise ValueError(f"regularisation is one of {REGULARISATIONS}, got {regularisation!r}")
    model = getattr(network, "model", network)
    output = _leaky(tap(network, where))
    units = chosen_units(units, where, output.shape[-1])
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    eye = keras.Model(model.input, output)
    shape = (side, side, 3) if side else _shape(model)
    wish = _Wish(eye, units, shape, regularisation, seed)
    steps = 2 if smoke() else steps
    wish.compile(
        keras.optimizers.Adam(rate),
        loss=lambda _, pleasure: -pleasure,
        steps_per_execution=steps,
        jit_compile=jit_compile(),
    )
    nothing = np.zeros((steps, 1), "float32")
    wish.fit(nothing, nothing, batch_size=1, shuffle=False, verbose=0)
    return np.round(255 * keras.ops.convert_to_numpy(wish.pictures())).astype(np.uint8)


def _shape(model) -> tuple[int, int, int]:
    shape = model.input_shape[1:]
    sides = [layer.side for layer in model.layers if isinstance(layer, Preprocess) and layer.side]
    if None in shape and not sides:
        raise ValueError(f"{model.name} takes pictures of any size: give the side of the wishes")
    return (sides[0], sides[0], 3) if None in shape else shape


def _leaky(tensor):
    operation, node, _ = tensor._keras_history
    if isinstance(operation, layers.ReLU) and operation.max_value is None:
        return ops.leaky_relu(operation._inbound_nodes[node].input_tensors[0], LEAK)
    return tensor


class _Wish(keras.Model):
    """Pictures as weights; the output is how much they please the units of a fixed network."""

    def __init__(self, eye, units, shape, regularisation, seed):
        super().__init__(name="wish")
        self.units = units
        # In a function, so that the network's weights do not become weights of this model.
        self.see = lambda x: eye(x, training=False)  # (n, ..., channels)
        height, width, colours = shape
        waves = regularisation == "fourier"
        self.rows, self.columns = (_cosines(s) if waves else _blur(s) for s in (height, width))
        start = np.random.default_rng(seed).normal(0, 0.1, (len(units), height, width, colours))
        self.parameter = self.add_weight(
            shape=start.shape, initializer=lambda *_, **__: ops.cast(start, "float32"), name="wish"
        )
        self.shifts = keras.random.SeedGenerator(seed)

    def pictures(self):
        """(units, h, w, 3), 0 to 1."""
        x = ops.einsum("hi,uijc->uhjc", self.rows, self.parameter)
        return ops.sigmoid(ops.einsum("wj,uhjc->uhwc", self.columns, x))

    def call(self, nothing):
        x = 255 * self.pictures()
        x = ops.pad(x, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), constant_values=GREY)
        corner = keras.random.randint((2,), 0, 2 * SHIFT + 1, seed=self.shifts)
        start = ops.concatenate([ops.zeros(1, "int32"), corner, ops.zeros(1, "int32")])
        x = ops.slice(x, start, self.parameter.shape)
        seen = self.see(x)
        mask = np.eye(seen.shape[-1], dtype=np.float32)[self.units]
        seen = ops.mean(ops.reshape(seen, (len(self.units), -1, seen.shape[-1])), 1)
        return ops.reshape(ops.sum(seen * mask), (1, 1))


def _cosines(size: int) -> np.ndarray:
    """(size, size): columns are cosine waves, each as strong as its wavelength."""
    wave = np.arange(size)
    basis = np.cos(np.pi * (wave[:, None] + 0.5) * wave / size)
    return (basis * np.sqrt(2 / np.maximum(wave, 1))).astype(np.float32)


def _blur(size: int, width: float = 1.0) -> np.ndarray:
    """(size, size): each pixel is the mean of its neighbours by a Gaussian of `width` pixels."""
    place = np.arange(size)
    kernel = np.exp(-((place[:, None] - place) ** 2) / (2 * width**2))
    return (kernel / kernel.sum(1, keepdims=True)).astype(np.float32)
