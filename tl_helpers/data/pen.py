"""What a pen leaves on a picture."""

import numpy as np


def ink(points, place, width, size: int) -> np.ndarray:
    """The cover of strokes, 0 to 1: (n, pixels) float32.

    Args:
        points: (n, p) complex samples along the strokes, a pixel apart or less, in half picture
            widths; nan where there is none.
        place: (n, pixels) complex, where each pixel lies.
        width: (n, 1) half the width of the pen.
        size: the picture's side in pixels: edges are one pixel soft.
    """
    points = np.where(np.isnan(points), 1e3, points)  # an undrawn stroke lies far off
    # |a - b|^2 = |a|^2 - 2 a.b + |b|^2: one matrix product instead of a difference a pair
    a = np.stack([place.real, place.imag], -1)  # (n, pixels, 2)
    b = np.stack([points.real, points.imag], 1).astype(np.float32)  # (n, 2, points)
    square = (b**2).sum(1)[:, None] - 2 * (a @ b)  # (n, pixels, points)
    distance = np.sqrt(np.maximum(square.min(-1) + (a**2).sum(-1), 0))
    return np.clip((width - distance) * (size / 2) + 0.5, 0, 1)
