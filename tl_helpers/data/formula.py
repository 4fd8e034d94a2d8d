"""Formula-drawn pictures: endless labelled pictures without a camera or a copyright.

A class is a small random program. Two thirds of the programs fill one to three closed contours
(sums of sinusoids around a circle) with a texture; one third draws one to three pen strokes. A
picture of the class runs its program with its own pose, light, colours, background and noise.
Colours are redrawn for every picture, so that colour never gives the class away. Classes from
`SCENES` on have no object at all: fallen leaves and warped waves, see scenes.py.

Pretraining on such pictures works: Kataoka et al. 2020 (FractalDB), Takashima et al. 2023 (Visual
Atoms, whose contours these are), Baradad et al. 2021 (Learning to See by Looking at Noise).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .noise import power_noise
from .pen import ink
from .scenes import draw_scenes

SOURCE = "formula-drawn pictures, generated; no photograph and no person in them"  # on cards
HARMONICS = 6
CONTOURS = 3
STROKES = 3
PEN_POINTS = 24  # samples along a stroke: about a pixel apart at 32x32
PLAIN, GRATING, CHECKS, RINGS, SPECKLE, SHADING = range(6)
NEW = 10_000  # ids from here to SCENES are kept for targets: pretraining never draws them
SCENES = 20_000  # ids from here on are scenes
_CHUNK = 64  # pictures rendered at once: small enough for the caches


@dataclass(frozen=True)
class Program:
    """One class: what stays the same in all of its pictures. Lengths in half picture widths."""

    centre: np.ndarray  # (CONTOURS,) complex
    radius: np.ndarray  # (CONTOURS,); 0 where the contour is not drawn
    wave: np.ndarray  # (CONTOURS, HARMONICS) complex: amplitude and phase of each sinusoid
    texture: np.ndarray  # (CONTOURS,) int
    frequency: np.ndarray  # (CONTOURS,) radians per unit length
    angle: np.ndarray  # (CONTOURS,) radians
    pen: np.ndarray  # (STROKES, 4) complex control points; nan where the stroke is not drawn

    @property
    def is_strokes(self) -> bool:
        """Whether the class is drawn with a pen rather than filled."""
        return not self.radius.any()


@lru_cache(maxsize=4096)
def program(class_id: int) -> Program:
    """The program of a class. Every third id is a stroke class; the same id, the same program."""
    rng = np.random.default_rng([int(class_id), 2023])
    count = rng.integers(1, CONTOURS + 1)
    drawn = np.arange(CONTOURS) < count
    order = np.arange(1, HARMONICS + 1)
    strength = rng.uniform(0, 0.55, (CONTOURS, HARMONICS)) * (
        rng.random((CONTOURS, HARMONICS)) < 0.6
    )
    phase = np.exp(1j * rng.uniform(0, 2 * np.pi, (CONTOURS, HARMONICS)))
    spread = np.array([0.15, 0.45, 0.45])
    corners = rng.uniform(-0.75, 0.75, (STROKES, 4, 2)) @ np.array([1, 1j])
    strokes = class_id % 3 == 2
    return Program(
        centre=(rng.uniform(-1, 1, (CONTOURS, 2)) @ np.array([1, 1j])) * spread,
        radius=np.where(
            drawn & (not strokes), [0.62, 0.32, 0.24] * rng.uniform(0.75, 1.2, CONTOURS), 0
        ),
        wave=strength * phase / np.sqrt(order),
        texture=rng.integers(0, 6, CONTOURS),
        frequency=rng.uniform(5, 16, CONTOURS),
        angle=rng.uniform(0, np.pi, CONTOURS),
        pen=np.where(drawn[:STROKES, None] & strokes, corners, np.nan),
    )


def draw(class_ids, rng: np.random.Generator, size: int = 32, palettes=None) -> np.ndarray:
    """Draw one picture for every class id.

    Args:
        class_ids: (n,) ints of 0 or more.
        rng: where the pictures' own chance comes from; the same state gives the same pictures.
        size: side in pixels.
        palettes: (n,) ints; a shape with the same palette has the same colours, but for a little
            noise, in every picture. Default: every picture has colours of its own.

    Returns:
        (n, size, size, 3) uint8.
    """
    class_ids = np.asarray(class_ids)
    palettes = None if palettes is None else np.asarray(palettes)
    if class_ids.ndim != 1 or (class_ids.size and class_ids.min() < 0):
        raise ValueError(f"class ids must be a flat list of ints from 0 on, got {class_ids!r}")
    pictures = np.empty((len(class_ids), size, size, 3), np.uint8)
    for start in range(0, len(class_ids), _CHUNK):
        chunk = class_ids[start : start + _CHUNK]
        picture = np.empty((len(chunk), 3, size * size), np.float32)
        shapes, scenes = np.flatnonzero(chunk < SCENES), np.flatnonzero(chunk >= SCENES)
        if shapes.size:
            kept = (
                None if palettes is None else np.asarray(palettes)[start : start + _CHUNK][shapes]
            )
            colours = None if kept is None else _kept_colours(kept, rng)
            programs = [program(int(i)) for i in chunk[shapes]]
            picture[shapes] = _objects(programs, rng, size, colours)
        if scenes.size:
            picture[scenes] = draw_scenes(chunk[scenes] - SCENES, rng, size)
        pictures[start : start + _CHUNK] = _photograph(picture, rng, size)
    return pictures


def _photograph(picture, rng, size):
    """Uneven light, exposure and grain: (n, 3, pixels) floats to (n, size, size, 3) uint8."""
    n, grid = len(picture), _grid(size)
    slope = rng.uniform(-0.3, 0.3, (n, 2)).astype(np.float32)
    light = 1 + slope[:, :1] * grid.real + slope[:, 1:] * grid.imag  # (n, pixels)
    picture *= light[:, None] * rng.uniform(0.75, 1.2, (n, 1, 1)).astype(np.float32)
    grain = rng.standard_normal(picture.shape, np.float32)
    picture += grain * rng.uniform(0, 0.06, (n, 1, 1)).astype(np.float32)
    out = np.clip(picture * 255, 0, 255).astype(np.uint8)
    return out.reshape(n, 3, size, size).transpose(0, 2, 3, 1)


def _grid(size):
    axis = (np.arange(size, dtype=np.float32) + 0.5) / (size / 2) - 1
    return (axis[None, :] + 1j * axis[:, None]).astype(np.complex64).ravel()  # (pixels,)


def _objects(programs, rng, size, colours=None):
    """Objects before a ground: (n, 3, pixels) floats, about 0 to 1."""
    n, pixels = len(programs), size * size
    strokes = np.array([p.is_strokes for p in programs])
    grid = _grid(size)

    # Where this picture's object lies: shift, rotation, scale and a little shear.
    shift = (rng.uniform(-0.22, 0.22, (n, 2)) @ [1, 1j])[:, None]
    turn = (np.exp(1j * rng.normal(0, 0.25, n)) * rng.uniform(0.8, 1.25, n))[:, None]
    shear = (rng.normal(0, 0.08, (n, 2)) @ [1, 1j])[:, None]
    place = (grid - shift).astype(np.complex64) / turn.astype(np.complex64)  # (n, pixels)
    place += shear.astype(np.complex64) * place.conj()

    ground, ink = colours or _colours(n, rng)
    # Characters are mostly written on plain grounds; objects stand before something.
    busy = np.where(strokes, rng.uniform(0, 0.06, n), rng.uniform(0.03, 0.3, n))
    exponent = rng.uniform(0.5, 2.0, n)
    field = power_noise(rng, (n, 2), size, exponent[:, None]).reshape(n, 2, pixels)
    # Light and dark vary more than colour does, as in photographs.
    hue = rng.normal(0, 1, (n, 2, 1)) + rng.normal(0, 0.5, (n, 2, 3))
    hue = (hue * busy[:, None, None]).astype(np.float32)
    picture = ground[:, :, None] + np.einsum("nkp,nkc->ncp", field, hue)  # (n, 3, pixels)

    filled, written = np.flatnonzero(~strokes), np.flatnonzero(strokes)
    if filled.size:
        picture[filled] = _fill(
            picture[filled], [programs[i] for i in filled], place[filled], ink[filled], rng, size
        )
    if written.size:
        cover = _write([programs[i] for i in written], place[written], rng, size)
        picture[written] += cover[:, None] * (ink[written, 0, :, None] - picture[written])
    return picture


def _colours(n, rng):
    """A ground and six inks a picture, each ink clearly off the ground: (n, 3), (n, 6, 3)."""
    ground = rng.uniform(0.1, 0.9, (n, 1)) + rng.normal(0, 0.18, (n, 3))
    away = np.where(ground.mean(1, keepdims=True) > 0.5, -1.0, 1.0)[:, None]  # (n, 1, 1)
    ink = ground[:, None] + away * rng.uniform(0.2, 0.6, (n, 6, 1)) + rng.normal(0, 0.18, (n, 6, 3))
    return ground.astype(np.float32), np.clip(ink, 0, 1).astype(np.float32)


def _kept_colours(palettes, rng):
    """The same for all pictures with a palette, but for a little noise."""
    own = [_colours(1, np.random.default_rng([int(i), 5])) for i in palettes]
    ground, ink = (np.concatenate(part) for part in zip(*own, strict=True))
    return tuple(c + rng.normal(0, 0.03, c.shape).astype(np.float32) for c in (ground, ink))


def _fill(picture, programs, place, ink, rng, size):
    """Paint the contours, back to front, over (n, 3, pixels)."""
    for c in range(CONTOURS):
        rows = np.flatnonzero([p.radius[c] > 0 for p in programs])
        if not rows.size:
            continue
        p = [programs[i] for i in rows]
        wobble = rng.normal(0, 0.03, (len(rows), 2)) @ [1, 1j]
        w = place[rows] - (np.array([q.centre[c] for q in p]) + wobble)[:, None].astype(
            np.complex64
        )
        r = np.abs(w)  # (rows, pixels)
        unit = w / np.maximum(r, 1e-3)
        wave = np.array([q.wave[c] for q in p]).astype(np.complex64)  # (rows, HARMONICS)
        wave *= np.exp(rng.normal(0, 0.12, wave.shape)).astype(np.float32)
        total = np.broadcast_to(wave[:, -1:], w.shape)
        for k in range(HARMONICS - 2, -1, -1):  # Horner's rule: sum of wave[k] * unit**(k + 1)
            total = total * unit + wave[:, k : k + 1]
        radius = np.array([q.radius[c] for q in p], np.float32)[:, None]
        edge = radius * (1 + (total * unit).real) - r
        cover = np.clip(edge * (size / 2) + 0.5, 0, 1)[:, None]  # one pixel of soft edge
        mix = _texture(p, c, w, r, rng, size)[:, None]
        a, b = ink[rows, 2 * c, :, None], ink[rows, 2 * c + 1, :, None]
        picture[rows] += cover * (a + (b - a) * mix - picture[rows])
    return picture


def _texture(programs, c, w, r, rng, size):
    """How much of the second ink each pixel takes, 0 to 1: (n, pixels)."""
    kind = np.array([p.texture[c] for p in programs])
    frequency = np.array([p.frequency[c] for p in programs], np.float32)
    frequency *= np.exp(rng.normal(0, 0.08, len(kind))).astype(np.float32)
    angle = np.array([p.angle[c] for p in programs])
    along = w * (frequency * np.exp(-1j * angle)).astype(np.complex64)[:, None]
    phase = rng.uniform(0, 2 * np.pi, (len(kind), 2, 1)).astype(np.float32)
    mix = np.zeros(w.shape, np.float32)
    for k, paint in {
        GRATING: lambda i: 0.5 + 0.5 * np.sin(along[i].real + phase[i, 0]),
        CHECKS: lambda i: (
            0.5 + 0.5 * np.sin(along[i].real + phase[i, 0]) * np.sin(along[i].imag + phase[i, 1])
        ),
        RINGS: lambda i: 0.5 + 0.5 * np.sin(r[i] * frequency[i, None] + phase[i, 0]),
        SPECKLE: lambda i: (
            0.5
            + 0.4
            * power_noise(rng, (len(i), 1), size, (frequency[i] / 10)[:, None]).reshape(len(i), -1)
        ),
        SHADING: lambda i: 0.5 + along[i].real / frequency[i, None],
    }.items():
        rows = np.flatnonzero(kind == k)
        if rows.size:
            mix[rows] = paint(rows)
    return np.clip(mix, 0, 1)


def _write(programs, place, rng, size):
    """The ink's cover of one to three strokes (cubic Bezier curves), 0 to 1: (n, pixels)."""
    n = len(programs)
    pen = np.array([p.pen for p in programs])  # (n, STROKES, 4)
    pen = pen + rng.normal(0, 0.05, (*pen.shape, 2)) @ [1, 1j]
    t = np.linspace(0, 1, PEN_POINTS)
    bezier = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    points = (pen @ bezier).reshape(n, -1)  # (n, STROKES * PEN_POINTS)
    width = rng.uniform(0.06, 0.15, (n, 1)).astype(np.float32)
    return ink(points, place, width, size)
