"""Alphabets that nobody writes, drawn with a pen: hundreds of characters, many drawers.

A character is a small program of strokes, as people are thought to see them (Lake et al. 2015): how
many, of which form, and how each one hangs on those before it. The characters of an alphabet have
its taste in forms and directions in common. A drawer has a slant, proportions and a pen; each
drawing differs from the last. Ink on paper, 32x32, as Omniglot's are loaded.
"""

import numpy as np

from .dataset import Split
from .pen import ink

STROKES = 5
POINTS = 48  # samples along a stroke: less than a pixel apart at 32x32
FORMS = {"straight": 2.5, "corners": 1.5, "bow": 1.2, "hook": 1.0, "wave": 0.5, "loop": 1.0}
CHARACTERS = (18, 40)  # in an alphabet, the fewest and the most
SIZE = 32
_CHUNK = 64  # pictures rendered at once: small enough for the caches


def drawn_alphabets(alphabets: int = 30, drawings: int = 20, seed: int = 0) -> Split:
    """Characters of drawn alphabets; another seed, other alphabets.

    Args:
        alphabets: how many, of 18 to 40 characters each.
        drawings: of each character, each by another drawer of its alphabet.
        seed: of everything.

    Returns:
        Pictures of 32x32, dark ink on light paper; the labels number the characters, alphabet by
        alphabet.
    """
    if min(alphabets, drawings) < 1:
        raise ValueError(f"at least one alphabet and drawing, got {alphabets} and {drawings}")
    characters, owner = [], []
    for k in range(alphabets):
        rng = np.random.default_rng([seed, k, 10])
        taste = _taste(rng)
        count = rng.integers(CHARACTERS[0], CHARACTERS[1] + 1)
        characters += [_character(taste, rng) for _ in range(count)]
        owner += [k] * count
    pens, owner = np.stack(characters), np.array(owner)  # (characters, STROKES, POINTS)
    y = np.repeat(np.arange(len(pens), dtype=np.int32), drawings)
    drawer = np.tile(np.arange(drawings), len(pens))
    rng = np.random.default_rng([seed, 11])
    hands = _hands(rng, alphabets, drawings)  # one for each drawer of each alphabet
    x = np.empty((len(y), SIZE, SIZE, 3), np.uint8)
    for start in range(0, len(y), _CHUNK):
        some = slice(start, start + _CHUNK)
        hand = {name: values[owner[y[some]], drawer[some]] for name, values in hands.items()}
        x[some] = _draw(pens[y[some]], hand, rng)
    return Split(x, y)


def _taste(rng):
    """What the characters of an alphabet have in common."""
    angles = [np.arange(4) * np.pi / 2, np.arange(8) * np.pi / 4, rng.uniform(0, 2 * np.pi, 6)]
    return {
        "strokes": rng.dirichlet([1.5, 4.0, 4.0, 2.0, 1.0]),
        "form": rng.dirichlet(list(FORMS.values())),
        "angles": angles[rng.integers(3)],
        "attached": rng.uniform(0.5, 0.95),
        "length": rng.uniform(0.7, 1.3),
        "bend": rng.uniform(0.6, 1.4),
    }


def _character(taste, rng):
    """Strokes as complex points, (STROKES, POINTS); nan for those that it does not have."""
    count = 1 + rng.choice(STROKES, p=taste["strokes"])
    strokes = np.full((STROKES, POINTS), np.nan, complex)
    for k in range(count):
        line = _form(rng.choice(list(FORMS), p=taste["form"]), taste["bend"], rng)
        angle = rng.choice(taste["angles"]) + rng.normal(0, 0.1)
        line = line * taste["length"] * rng.uniform(0.5, 1.4) * np.exp(1j * angle)
        if k and rng.random() < taste["attached"]:
            # At the start, the end or along one of those before; by its own start or middle.
            other = strokes[rng.integers(k)]
            start = other[rng.choice([0, POINTS - 1, rng.integers(POINTS)])]
            by = line[rng.choice([0, 0, POINTS // 2])]
        else:
            start, by = rng.uniform(-0.7, 0.7, 2) @ [1, 1j], line.mean()
        strokes[k] = line - by + start
    drawn = strokes[:count]
    low, high = (f(drawn.real) + 1j * f(drawn.imag) for f in (np.min, np.max))
    reach = max((high - low).real, (high - low).imag) / 2
    return (strokes - (low + high) / 2) * (rng.uniform(0.6, 0.78) / reach)


def _form(kind, bend, rng):
    """A stroke of length about one from left to right, (POINTS,) complex."""
    t = np.linspace(0, 1, POINTS)
    turn = bend * rng.choice([-1, 1])
    match kind:
        case "straight":
            return t + 0j
        case "corners":
            turns = np.sign(turn) * rng.choice([np.pi / 2, 2.0, 2.4], 2) * rng.choice([1, -1], 2)
            where = np.sort(rng.uniform(0.2, 0.8, 2))
            heading = turns[0] * (t > where[0]) + turns[1] * (t > where[1]) * (rng.random() < 0.5)
            return np.cumsum(np.exp(1j * heading)) / POINTS * 1.3
        case "bow":
            return t + 1j * turn * rng.uniform(0.2, 0.7) * np.sin(np.pi * t)
        case "hook":  # straight, and then round the corner
            heading = (
                turn * rng.uniform(1.2, 2.6) / (1 + np.exp(-14 * (t - rng.uniform(0.45, 0.8))))
            )
            return np.cumsum(np.exp(1j * heading)) / POINTS
        case "wave":
            return t + 1j * turn * rng.uniform(0.12, 0.3) * np.sin(2 * np.pi * t)
        case _:  # nearly closed, or more than closed
            around = np.sign(turn) * rng.uniform(1.5, 2.1) * np.pi
            return (np.exp(1j * around * t) - 1) * rng.uniform(0.2, 0.4)


def _hands(rng, alphabets, drawers):
    """What stays of a drawer from character to character: (alphabets, drawers) each."""
    shape = (alphabets, drawers)
    return {
        "slant": rng.normal(0, 0.21, shape),
        "turn": rng.normal(0, 0.105, shape),
        "wide": np.exp(rng.normal(0, 0.18, shape)),
        "large": np.exp(rng.normal(0, 0.15, shape)),
        "width": rng.uniform(0.045, 0.068, shape),
        "care": 1.5 * np.exp(rng.normal(0, 0.35, shape)),  # more is hastier
    }


def _draw(pens, hand, rng):
    """Pictures (n, SIZE, SIZE, 3) of characters (n, STROKES, POINTS), each by one drawer."""
    n = len(pens)
    care = hand["care"][:, None, None]

    def noise(spread, *shape):
        return spread * (rng.normal(0, 1, (n, STROKES, *shape, 2)) @ [1, 1j])

    # Each stroke is put down somewhere near, a little turned and stretched, and trembles slowly.
    middle = pens.mean(-1, keepdims=True)
    reach = np.nan_to_num(np.abs(pens - middle).max(-1, keepdims=True))  # (n, STROKES, 1)
    pens = middle + (pens - middle) * np.exp(care * noise(0.09, 1)) + care * noise(0.04, 1)
    t = np.linspace(0, 1, POINTS)
    waves = np.stack([np.cos(np.pi * k * t + 0.7 * k) / k for k in (1, 2, 3)])  # (3, POINTS)
    pens = pens + care * reach * (noise(0.06, 3) @ waves)
    one = {name: values[:, None, None] for name, values in hand.items()}
    x, y = pens.real * one["wide"], pens.imag / one["wide"]
    pens = (x + one["slant"] * y + 1j * y) * one["large"] * np.exp(1j * one["turn"])
    pens = pens + (rng.normal(0, 0.05, (n, 2)) @ [1, 1j])[:, None, None]
    grid = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    place = (grid[None, :] + 1j * grid[:, None]).ravel().astype(np.complex64)
    place = np.broadcast_to(place, (n, SIZE * SIZE))
    width = hand["width"][:, None].astype(np.float32)
    cover = ink(pens.reshape(n, -1), place, width, SIZE).reshape(n, SIZE, SIZE, 1)
    return np.rint(255 * (1 - np.repeat(cover, 3, axis=-1))).astype(np.uint8)
