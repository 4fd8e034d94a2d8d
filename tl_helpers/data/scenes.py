"""Pictures without an object: fallen leaves and warped waves, each class a random program.

Photographs are full of edges where one thing hides another, and of patterns that fill a surface.
Dead leaves (Lee, Mumford and Huang 2001) have the first, small shader-like programs the second;
networks learn from both (Baradad et al. 2021 and 2022). What stays the same in a class is which
leaves fall, of what form and size, or which wave bends which; place, colours and light change.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEAVES = 28  # a picture: enough to cover it
WAVES = 4
DISC, SQUARE, BLADE, RING = range(4)


@dataclass(frozen=True)
class Scene:
    """One class. Lengths in half picture widths, angles in radians."""

    is_leaves: bool
    form: np.ndarray  # (2,) of the four forms: one for about two thirds of the leaves, one else
    spread: float  # largest over smallest leaf
    largest: float
    tilt: float  # of the leaves' long axis
    loose: float  # deviation of the tilt
    frequency: np.ndarray  # (WAVES,) radians per unit length
    angle: np.ndarray  # (WAVES,)
    bend: np.ndarray  # (WAVES,) how far the wave before moves this one's phase
    folded: np.ndarray  # (WAVES,) bool: |sin| in place of sin


@lru_cache(maxsize=4096)
def scene(class_id: int) -> Scene:
    """The program of a class: even ids are leaves, odd ids waves."""
    rng = np.random.default_rng([int(class_id), 2001])
    return Scene(
        is_leaves=class_id % 2 == 0,
        form=rng.integers(0, 4, 2),
        spread=rng.uniform(1.5, 6),
        largest=rng.uniform(0.25, 0.75),
        tilt=rng.uniform(0, np.pi),
        loose=rng.choice([0.1, 0.4, 3.0]),
        frequency=rng.uniform(2, 14, WAVES),
        angle=rng.uniform(0, np.pi, WAVES),
        bend=rng.uniform(0.3, 2.5, WAVES),
        folded=rng.random(WAVES) < 0.35,
    )


def draw_scenes(class_ids, rng: np.random.Generator, size: int) -> np.ndarray:
    """One picture for every class, without light and grain: (n, 3, pixels) floats, about 0 to 1."""
    scenes = [scene(int(i)) for i in class_ids]
    picture = np.empty((len(scenes), 3, size * size), np.float32)
    leaves = np.array([s.is_leaves for s in scenes])
    for rows, paint in ((leaves, fallen_leaves), (~leaves, warped_waves)):
        if rows.any():
            picture[rows] = paint([s for s, r in zip(scenes, rows, strict=True) if r], rng, size)
    return picture


def fallen_leaves(scenes, rng: np.random.Generator, size: int) -> np.ndarray:
    """Leaves that hide each other, lit from one side: (n, 3, pixels) floats, about 0 to 1."""
    n, (x, y) = len(scenes), _grid(size)
    form = np.array([s.form for s in scenes])
    form = np.where(rng.random((n, LEAVES)) < 0.65, form[:, :1], form[:, 1:])  # (n, LEAVES)
    spread = np.array([s.spread for s in scenes])[:, None]
    largest = np.array([s.largest for s in scenes])[:, None]
    # A density of sizes that falls as r**-3: the same picture near and far. Large ones lie below.
    radius = np.sort(largest / np.sqrt(rng.uniform(1, spread**2, (n, LEAVES))))[:, ::-1]
    tilt = np.array([s.tilt for s in scenes])[:, None]
    tilt = tilt + np.array([s.loose for s in scenes])[:, None] * rng.standard_normal((n, LEAVES))
    place = rng.uniform(-1.1, 1.1, (2, n, LEAVES))
    base = rng.uniform(0.1, 0.9, (n, 1, 1)) + rng.normal(0, 0.15, (n, 1, 3))
    ink = base + rng.normal(0, 0.2, (n, LEAVES, 1)) + rng.normal(0, 0.1, (n, LEAVES, 3))
    shade = rng.uniform(-0.25, 0.25, (n, LEAVES))
    c, s = np.cos(tilt) / radius, np.sin(tilt) / radius
    ink, shade, c, s, px, py, soft = (
        a.astype(np.float32) for a in (ink, shade, c, s, *place, radius * (size / 2))
    )
    # A blade is a disc drawn out along its axis.
    along, across = np.where(form == BLADE, 0.6, 1.0), np.where(form == BLADE, 2.2, 1.0)
    along, across = along.astype(np.float32), across.astype(np.float32)
    picture = np.repeat(base[:, 0, :, None].astype(np.float32), size * size, 2)
    for k in range(LEAVES):
        dx, dy = x - px[:, k, None], y - py[:, k, None]
        u = dx * c[:, k, None] + dy * s[:, k, None]  # (n, pixels)
        v = dy * c[:, k, None] - dx * s[:, k, None]
        distance = np.hypot(u * along[:, k, None], v * across[:, k, None])
        square, ring = form[:, k] == SQUARE, form[:, k] == RING
        distance[square] = np.maximum(np.abs(u[square]), np.abs(v[square])) * 1.1
        cover = np.clip((1 - distance) * soft[:, k, None] + 0.5, 0, 1)
        cover[ring] *= np.clip((distance[ring] - 0.55) * soft[ring, k, None] + 0.5, 0, 1)
        colour = ink[:, k, :, None] + (shade[:, k, None] * u)[:, None]
        picture += cover[:, None] * (colour - picture)
    return picture


def warped_waves(scenes, rng: np.random.Generator, size: int) -> np.ndarray:
    """Waves that bend each other, between three colours: (n, 3, pixels) floats."""
    n = len(scenes)
    x, y = _grid(size)
    turn = (np.exp(1j * rng.normal(0, 0.2, n)) * rng.uniform(0.8, 1.25, n))[:, None]
    grid = (x + 1j * y) * turn.astype(np.complex64)
    frequency = np.array([s.frequency for s in scenes], np.float32)
    angle = np.exp(-1j * np.array([s.angle for s in scenes])).astype(np.complex64)
    bend = np.array([s.bend for s in scenes], np.float32)
    folded = np.array([s.folded for s in scenes])
    phase = rng.uniform(0, 2 * np.pi, (n, WAVES)).astype(np.float32)
    wave, waves = np.float32(0), []
    for k in range(WAVES):
        along = (grid * angle[:, k, None]).real * frequency[:, k, None]
        wave = np.sin(along + bend[:, k, None] * wave + phase[:, k, None])  # (n, pixels)
        wave = np.where(folded[:, k, None], 2 * np.abs(wave) - 1, wave)
        waves.append(wave)
    first, last = (0.5 + 0.5 * waves[k] for k in (-2, -1))
    ink = rng.uniform(0.1, 0.9, (n, 3, 1)) + rng.normal(0, 0.2, (n, 3, 3))
    a, b, c = (ink[:, k, :, None].astype(np.float32) for k in range(3))
    mix = a + (b - a) * last[:, None]
    return mix + (c - mix) * (first * first)[:, None]


def _grid(size):
    axis = (np.arange(size, dtype=np.float32) + 0.5) / (size / 2) - 1
    return np.tile(axis, size), np.repeat(axis, size)  # x and y of each pixel
