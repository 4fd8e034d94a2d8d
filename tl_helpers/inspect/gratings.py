"""Gratings, and how choosy a unit is about them: orientation and colour measured, not looked at.

Stripes of every orientation and phase are what visual physiology has shown to cells since Hubel and
Wiesel; a unit that is an edge detector answers to one orientation and not to the one across.
"""

import numpy as np

# Pairs of opponent colours, 0 to 1: the first differ in luminance alone (Rec. 601), the others not.
COLOURS = {
    "grey": ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0)),
    "red-green": ((0.9, 0.3, 0.5), (0.1, 0.7, 0.5)),
    "blue-yellow": ((0.436, 0.436, 1.0), (0.564, 0.564, 0.0)),
}


def gratings(
    orientations: int = 8,
    periods=(4.0, 8.0, 16.0),
    phases: int = 4,
    colours=tuple(COLOURS),
    side: int = 32,
) -> np.ndarray:
    """Sinusoidal stripes in every combination.

    Args:
        orientations: how many, evenly over half a turn.
        periods: of the stripes, in pixels.
        phases: how many, evenly over a period.
        colours: names in `COLOURS`.
        side: of the pictures, in pixels.

    Returns:
        (colours, orientations, periods, phases, side, side, 3) uint8.
    """
    angle = np.pi * np.arange(orientations) / orientations
    row, column = np.mgrid[:side, :side]
    along = np.cos(angle)[:, None, None] * column + np.sin(angle)[:, None, None] * row
    shift = 2 * np.pi * np.arange(phases) / phases
    wave = 2 * np.pi * along[:, None, None] / np.array(periods)[:, None, None, None]
    share = 0.5 + 0.5 * np.cos(wave + shift[:, None, None])  # (orientations, periods, phases, h, w)
    light, dark = (np.array([COLOURS[c][k] for c in colours]) for k in (0, 1))  # (colours, 3)
    light, dark = (x[:, None, None, None, None, None] for x in (light, dark))
    picture = share[None, ..., None] * light + (1 - share[None, ..., None]) * dark
    return np.round(255 * picture).astype(np.uint8)


def selectivity(response: np.ndarray) -> np.ndarray:
    """How choosy units are about orientation: 1 for one orientation alone, 0 for none preferred.

    The length of the mean response as a vector at twice the angle (1 minus the circular variance;
    Ringach et al. 2002).

    Args:
        response: (orientations, units), not negative; evenly over half a turn.

    Returns:
        (units,), NaN for a unit that never answers.
    """
    response = np.asarray(response, float)
    if (response < 0).any():
        raise ValueError("responses must not be negative: take them after a ReLU")
    turn = np.exp(2j * np.pi * np.arange(len(response)) / len(response))  # twice the angle
    total = response.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.abs(turn @ response) / total


def colour_preference(response: np.ndarray) -> np.ndarray:
    """How much more units answer to colours without luminance than to grey.

    Args:
        response: (colours, units), the strongest answer to each; grey first; not negative.

    Returns:
        (units,) from -1 (grey alone) to 1 (colour alone), NaN for a unit that never answers.
    """
    grey, colour = response[0], response[1:].max(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (colour - grey) / (colour + grey)
