"""Which pictures excite a unit most."""

from typing import NamedTuple

import numpy as np

from .activations import activations, chosen_units


class Exciting(NamedTuple):
    """For each unit the pictures that excite it most, the strongest first."""

    units: np.ndarray  # (units,), channel numbers
    index: np.ndarray  # (units, count), into the pictures
    value: np.ndarray  # (units, count)
    place: np.ndarray  # (units, count, 2), row and column in the feature map; zeros for vectors
    peak: np.ndarray  # (units, n), the largest activation in every picture


def exciting(network, x: np.ndarray, where: str, units=None, count: int = 9) -> Exciting:
    """The pictures with the largest activation, anywhere in the picture.

    Args:
        network: as for `activations`.
        where: one stage or layer; a feature map, (n, h, w, channels), or vectors.
        x: (n, h, w, 3).
        units: which channels; default all.
        count: pictures a unit.
    """
    values = activations(network, x, where)
    if not 1 <= count <= len(values):
        raise ValueError(f"count is from 1 to the {len(values)} pictures, got {count}")
    channels = values.shape[-1]
    units = chosen_units(units, where, channels)
    width = values.shape[2] if values.ndim == 4 else 1
    flat = values.reshape(len(values), -1, channels)  # (n, places, channels)
    peak, place = flat.max(1).T[units], flat.argmax(1).T[units]  # (units, n)
    index = np.argsort(-peak, axis=1, kind="stable")[:, :count]
    place = np.take_along_axis(place, index, 1)
    return Exciting(
        units,
        index,
        np.take_along_axis(peak, index, 1),
        np.stack([place // width, place % width], -1),
        peak,
    )
