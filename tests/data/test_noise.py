"""Noise: its mean, its deviation, and how fast its spectrum falls, all measured."""

import numpy as np
import pytest

from tl_helpers.data.noise import power_noise

pytestmark = pytest.mark.core
SIDE = 32


def noise(exponent, n=400, seed=0, size=SIDE):
    return power_noise(np.random.default_rng(seed), (n,), size, exponent)


def slope(fields):
    """The exponent, as the fall of log amplitude over log frequency, below the corner folds."""
    power = (np.abs(np.fft.rfft2(fields)) ** 2).mean(0)  # (h, w // 2 + 1)
    fy, fx = np.fft.fftfreq(SIDE)[:, None] * SIDE, np.arange(SIDE // 2 + 1)[None]
    radius = np.hypot(fy, fx)
    inner = (radius < 12) & (fx > 0)
    return -np.polyfit(np.log(radius[inner]), np.log(power[inner]) / 2, 1)[0]


@pytest.mark.parametrize("exponent", [0, 0.5, 1, 2])
@pytest.mark.parametrize("size", [31, 32])
def test_mean_is_0_and_deviation_1(exponent, size):
    fields = noise(exponent, n=1000, size=size)
    assert np.abs(fields.mean((1, 2))).max() < 1e-5
    assert fields.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("size", [31, 32])
def test_it_varies_as_much_from_side_to_side_as_from_top_to_bottom(size):
    power = (np.abs(np.fft.fft2(noise(1, n=2000, size=size))) ** 2).mean(0)
    np.testing.assert_allclose(power[1:6, 0], power[0, 1:6], rtol=0.15)


@pytest.mark.parametrize("exponent", [0, 0.5, 1, 2])
def test_amplitude_falls_as_frequency_to_the_exponent(exponent):
    assert slope(noise(exponent)) == pytest.approx(exponent, abs=0.05)


def test_an_exponent_a_field():
    fields = power_noise(
        np.random.default_rng(0), (300, 2), SIDE, np.tile([0.5, 1.5], (300, 1))
    )  # (300, 2, side, side)
    assert slope(fields[:, 0]) == pytest.approx(0.5, abs=0.05)
    assert slope(fields[:, 1]) == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("size", [16, 31, 32])
def test_shape_and_type(size):
    fields = noise(1, n=3, size=size)
    assert fields.shape == (3, size, size)
    assert fields.dtype == np.float32


def test_same_seed_same_noise_and_another_seed_other_noise():
    assert np.array_equal(noise(1, n=2), noise(1, n=2))
    assert not np.allclose(noise(1, n=2), noise(1, n=2, seed=1))
