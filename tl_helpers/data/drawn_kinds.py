"""Targets made to order: new drawn kinds, told apart by their shapes or by their colours."""

import numpy as np

from .dataset import Dataset, Split
from .formula import NEW, SOURCE, draw

POOL = 2_000  # from here on among the new programs; no other data set draws these
SHAPES, PALETTES = 1_000, 1_000  # how many there are to choose from
FIRST_PALETTE = 1_000_000  # from here on; pretraining keeps palettes below, where it keeps any


def drawn_kinds(
    kinds: int = 12,
    per_class: int = 25,
    by_palette: float = 0.0,
    seed: int = 0,
    val: int = 20,
    test: int = 40,
) -> Dataset:
    """Kinds that no network of this package was pretrained on, neither their shapes nor colours.

    The embedded networks learned that colours say nothing of the kind: theirs were drawn anew for
    every picture. `by_palette` says how far a target departs from that.

    Args:
        kinds: how many.
        per_class: training pictures of each.
        by_palette: the share of the kinds, 0 to 1, that are told from the others by their palette
            alone, and have any of the shapes. Each other kind has a shape of its own, in any
            colours.
        seed: draws the shapes, the palettes, which kinds have which, and the pictures.
        val: validation pictures of each kind.
        test: test pictures of each kind.

    Returns:
        Pictures of 32x32; the classes are named "kind 1" and so on.
    """
    counts = {"per_class": per_class, "val": val, "test": test}
    if not 2 <= kinds <= SHAPES or min(counts.values()) < 1:
        raise ValueError(
            f"kinds is 2 to {SHAPES}, and {', '.join(counts)} at least 1; got {kinds} and "
            f"{', '.join(map(str, counts.values()))}"
        )
    if not 0 <= by_palette <= 1:
        raise ValueError(f"by_palette is a share of the kinds, 0 to 1; got {by_palette!r}")
    rng = np.random.default_rng([seed, 9])
    shapes = NEW + POOL + rng.permutation(SHAPES)[:kinds]
    palettes = FIRST_PALETTE + rng.permutation(PALETTES)[:kinds]
    coloured = rng.permutation(kinds) < round(kinds * by_palette)  # (kinds,) bool

    def split(stream, each):
        # A stream a split: asking for more training pictures leaves the test set as it was.
        rng = np.random.default_rng([seed, stream, 9])
        y = np.repeat(np.arange(kinds, dtype=np.int32), each)
        shape = np.where(coloured[y], rng.choice(shapes, len(y)), shapes[y])
        any_palette = FIRST_PALETTE + PALETTES + rng.integers(0, 10**6, len(y))
        palette = np.where(coloured[y], palettes[y], any_palette)
        return Split(draw(shape, rng, palettes=palette), y)

    parts = (split(stream, each) for stream, each in enumerate(counts.values()))
    names = tuple(f"kind {k + 1}" for k in range(kinds))
    return Dataset("drawn kinds", *parts, names, {"source": SOURCE, "licence": "Apache-2.0"})
