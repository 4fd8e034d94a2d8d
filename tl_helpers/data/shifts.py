"""Controlled domain shifts: the same pictures, seen under other conditions, on a dial.

Each takes uint8 pictures and a strength from 0 (unchanged) to 1, so that a lesson can dial the
distance between two domains. The kinds follow the corruption benchmarks of Hendrycks and
Dietterich 2019, and PACS' sketches (Li et al. 2017).
"""

from dataclasses import replace

import numpy as np
from scipy import ndimage

from .dataset import SPLITS, Dataset, Split

GREY = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601 luma


def shift(x, kind: str, strength: float = 1.0, seed: int = 0):
    """Move pictures to another domain.

    Args:
        x: (n, h, w, 3) uint8, or a `Dataset`, whose splits then share no noise; left as it is.
        kind: one of `KINDS`.
        strength: 0 (returns the same pictures) to 1.
        seed: of what is random in noise, night and clutter; the same seed, the same pictures.

    Returns:
        (n, h, w, 3) uint8, or a `Dataset`.

    Raises:
        ValueError: unknown kind, strength outside 0 to 1, or pictures of another shape or type.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown shift {kind!r}; shifts are {', '.join(KINDS)}")
    if not 0 <= strength <= 1:
        raise ValueError(f"strength goes from 0 to 1, got {strength}")
    if isinstance(x, Dataset):
        parts = {name: getattr(x, name) for name in SPLITS}
        moved = {
            name: Split(_moved(part.x, kind, strength, [seed, k, 7]), part.y)
            for k, (name, part) in enumerate(parts.items())
        }
        return replace(x, **moved)
    return _moved(np.asarray(x), kind, strength, [seed, 7])


def _moved(x, kind, strength, seed):
    if x.dtype != np.uint8 or x.ndim != 4 or x.shape[-1] != 3:
        raise ValueError(
            f"a shift takes uint8 pictures of shape (n, h, w, 3), got {x.dtype} {x.shape}"
        )
    if strength == 0 or not len(x):
        return x.copy()
    moved = KINDS[kind](x.astype(np.float32), float(strength), np.random.default_rng(seed))
    return np.clip(np.rint(moved), 0, 255).astype(np.uint8)


def sketch(x, s, rng):
    """Dark lines where brightness changes, on paper; the dial blends the photograph out."""
    grey = ndimage.gaussian_filter(x @ GREY, (0, 0.6, 0.6))
    edge = np.hypot(_slope(grey, 1), _slope(grey, 2))  # (n, h, w)
    # By each picture's own contrast: a faint one is sketched as boldly as a strong one.
    edge /= np.maximum(np.quantile(edge, 0.95, axis=(1, 2), keepdims=True), 5)
    paper = 245 - 225 * np.clip(edge, 0, 1)
    return (1 - s) * x + s * paper[..., None]


def _slope(grey, axis):
    """Sobel's filter, along height or width. SciPy's would also smooth from picture to picture."""
    across = 3 - axis
    return ndimage.correlate1d(ndimage.correlate1d(grey, [-1, 0, 1], axis), [1, 2, 1], across)


def inverted(x, s, rng):
    """A photographic negative, reached by way of solarisation.

    Blending with the negative would pass through plain grey at one half. Here the pixels above a
    threshold are inverted, and the threshold falls from white to black.
    """
    return np.where(x >= 255 * (1 - s), 255 - x, x)


def night(x, s, rng):
    """Darker, bluer, less saturated, and grainy, as a camera sees at night."""
    grey = (x @ GREY)[..., None]
    dim = (1 - 0.6 * s) * x + 0.6 * s * grey
    dim = 255 * (dim / 255) ** (1 + 0.5 * s)
    dim = dim * (1 - s * np.array([0.7, 0.62, 0.45], np.float32))
    return dim + rng.standard_normal(x.shape, np.float32) * (14 * s)


def blur(x, s, rng):
    """Out of focus: a Gaussian of up to a sixteenth of the picture's side."""
    return ndimage.gaussian_filter(x, (0, s * x.shape[1] / 16, s * x.shape[2] / 16, 0))


def noise(x, s, rng):
    """Gaussian noise of a deviation of up to 70 of 255."""
    return x + rng.standard_normal(x.shape, np.float32) * (70 * s)


def clutter(x, s, rng):
    """Up to eight patches of other pictures of the batch, pasted over this one."""
    n, h, w, _ = x.shape
    out, side = x.copy(), max(2, round(0.28 * min(h, w)))
    patch = np.arange(side)
    for k in range(8):
        # Chance is drawn for all eight whatever the dial says, so that a higher strength adds
        # patches to those of a lower one.
        other = rng.permutation(n)
        top, left = rng.integers(0, [h - side + 1, w - side + 1], (n, 2)).T
        if k < round(8 * s):
            rows = (top[:, None] + patch)[:, :, None]
            columns = (left[:, None] + patch)[:, None, :]
            i = np.arange(n)[:, None, None]
            out[i, rows, columns] = x[other[:, None, None], rows, columns]
    return out


def hue(x, s, rng):
    """Every colour turned by up to 180 degrees around the grey axis; brightness stays."""
    to_yiq = np.array([GREY, [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    c, q = np.cos(np.pi * s), np.sin(np.pi * s)
    turn = np.array([[1, 0, 0], [0, c, -q], [0, q, c]])
    return x @ (np.linalg.inv(to_yiq) @ turn @ to_yiq).T.astype(np.float32)


KINDS = {f.__name__: f for f in (sketch, inverted, night, blur, noise, clutter, hue)}
