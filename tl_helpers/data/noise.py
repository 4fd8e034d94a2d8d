"""Noise with a power spectrum like that of photographs."""

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=8)
def _log_frequency(size: int) -> np.ndarray:
    fy, fx = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    radius = np.hypot(fy, fx)
    radius[0, 0] = 1  # the mean; set to zero below
    return np.log(radius * size).astype(np.float32)


def power_noise(rng: np.random.Generator, shape, size: int, exponent) -> np.ndarray:
    """Noise whose amplitude falls as frequency ** -exponent, mean 0 and deviation about 1.

    Args:
        rng: the source of chance.
        shape: leading axes, e.g. `(pictures, fields)`.
        size: side in pixels.
        exponent: broadcast over `shape`; 0 is white, 1 is near photographs (Field 1987), 2 is soft.

    Returns:
        (*shape, size, size) float32.
    """
    log_f = _log_frequency(size)
    amplitude = np.exp(-np.asarray(exponent, np.float32)[..., None, None] * log_f)
    amplitude[..., 0, 0] = 0
    # The half spectrum stores two frequencies in one number, but for its two edge columns, of which
    # the inverse transform keeps only the half that makes a real picture: twice the power there.
    edges = [0, -1] if size % 2 == 0 else [0]
    amplitude[..., edges] *= np.float32(2**0.5)
    # Parseval: dividing by the spectrum's own energy gives a deviation of 1 without a second pass.
    weight = np.full(amplitude.shape[-1], 2, np.float32)
    weight[edges] = 0.5
    energy = (amplitude**2 * weight).sum((-1, -2), keepdims=True)
    amplitude *= size * size / np.sqrt(energy)
    phase = rng.standard_normal((*shape, *log_f.shape, 2), np.float32).view(np.complex64)[..., 0]
    return np.fft.irfft2(phase * (amplitude * np.float32(0.5**0.5)), s=(size, size)).astype(
        np.float32
    )
