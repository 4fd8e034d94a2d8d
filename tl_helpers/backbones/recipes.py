"""What the weights that come with the package were trained on, and how.

Beside its default weights tiny-resnet-s has a zoo: the same network from other sources, larger and
smaller, nearer to and further from what one may want to do with it. Lesson 04 chooses among them.
"""

from dataclasses import dataclass

import numpy as np

from ..data.formula import NEW, SCENES, draw

PALETTES = 100
TASKS = ("kind", "palette", "rotation")


@dataclass(frozen=True)
class Recipe:
    """What makes the weights; stored in the card beside them.

    `task` is what the network learns to tell:

    - "kind": which program drew the picture;
    - "palette": which of 100 palettes its shapes are coloured with, whatever the program;
    - "rotation": by how many quarter turns it was turned (Gidaris et al. 2018).
    """

    shapes: int = 900  # classes of filled contours and, every third, of pen strokes
    strokes: bool = True  # False: contours in place of the strokes
    contours: bool = True  # False: strokes in place of the contours
    new: bool = False  # True: shapes that the other recipes keep for targets, formula10 first
    scenes: int = 150  # classes without an object: fallen leaves and warped waves
    class_colours: bool = False  # True: colour gives the class away
    task: str = "kind"
    pictures: int = 2_400_000
    batch: int = 128
    peak_rate: float = 0.1
    warmup: float = 0.05  # share of all steps
    momentum: float = 0.9
    weight_decay: float = 5e-4
    seed: int = 0

    def __post_init__(self):
        if self.task not in TASKS:
            raise ValueError(f"task must be one of {TASKS}, got {self.task!r}")
        if self.task == "palette" and self.scenes:
            raise ValueError("scenes have no palette: a recipe for palettes has scenes=0")

    @property
    def class_ids(self) -> np.ndarray:
        """The classes that are drawn, as `tl_helpers.data.formula.draw` knows them."""
        ids = np.arange(3 * self.shapes) + NEW * self.new
        is_strokes = ids % 3 == 2
        shapes = ids[np.where(is_strokes, self.strokes, self.contours)][: self.shapes]
        return np.concatenate([shapes, SCENES + np.arange(self.scenes)])

    @property
    def labels(self) -> int:
        """How many labels the network learns to tell apart."""
        return {"kind": len(self.class_ids), "palette": PALETTES, "rotation": 4}[self.task]


def batch(recipe: Recipe, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (count, 32, 32, 3) uint8 of random classes, and their labels (count,) int32."""
    ids = recipe.class_ids
    y = rng.integers(0, len(ids), count)
    drawn, palettes = ids[y], ids[y] if recipe.class_colours else None
    if recipe.task == "palette":
        y = palettes = rng.integers(0, PALETTES, count)
    x = draw(drawn, rng, palettes=palettes)
    if recipe.task == "rotation":
        y = rng.integers(0, 4, count)
        x = np.stack([np.rot90(picture, turns) for picture, turns in zip(x, y, strict=True)])
    return x, y.astype(np.int32)


_ZOO = {"shapes": 450, "scenes": 75, "pictures": 480_000}
# What `tl-course pretrain NETWORK --weights NAME` runs.
RECIPES = {
    "tiny-resnet": {"default": Recipe()},
    "tiny-resnet-s": {
        "default": Recipe(pictures=1_200_000),
        "plain": Recipe(**_ZOO),  # what the others are compared with
        "brief": Recipe(**_ZOO | {"pictures": 160_000}),
        "few-kinds": Recipe(**_ZOO | {"shapes": 20, "scenes": 0}),
        "contours": Recipe(**_ZOO | {"strokes": False, "scenes": 0}),
        "strokes": Recipe(**_ZOO | {"contours": False, "scenes": 0}),
        "scenes": Recipe(**_ZOO | {"shapes": 0, "scenes": 150}),
        "new-kinds": Recipe(**_ZOO | {"new": True}),
        "coloured": Recipe(**_ZOO, class_colours=True),
        "palettes": Recipe(**_ZOO | {"scenes": 0}, task="palette"),
        # Of 525 kinds it learned no kind's upright position in this time; of forty it does.
        "rotations": Recipe(**_ZOO | {"shapes": 40, "scenes": 0}, task="rotation"),
    },
}
