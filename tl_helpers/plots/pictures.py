"""A row or grid of pictures, large enough to look at."""

import base64
import io
from html import escape

import numpy as np
from PIL import Image


class Grid:
    """Pictures with captions; a notebook shows them, `alt` says what they are."""

    def __init__(self, x: np.ndarray, captions, columns: int, size: int, alt: str):
        self.x, self.captions, self.columns, self.size, self.alt = x, captions, columns, size, alt

    def __repr__(self):
        return f"{len(self.x)} pictures: {self.alt}"

    def _repr_html_(self):
        cells = "".join(
            f'<div style="width:{self.size}px;text-align:center;font-size:12px;line-height:1.2">'
            f'<img src="{_png(p)}" alt="" width="{self.size}" height="{self.size}" '
            f'style="image-rendering:pixelated;display:block">{escape(str(c))}</div>'
            for p, c in zip(self.x, self.captions, strict=True)
        )
        return (
            f'<figure style="margin:.4em 0"><div role="img" aria-label="{escape(self.alt)}" '
            f'style="display:grid;gap:6px;overflow-x:auto;grid-template-columns:repeat({self.columns},'
            f'{self.size}px)">{cells}</div>'
            f'<figcaption style="font-size:13px;margin-top:.4em">{escape(self.alt)}</figcaption>'
            "</figure>"
        )


def pictures(x, captions=None, *, alt: str, columns: int = 10, size: int = 64) -> Grid:
    """Show pictures in a grid.

    Args:
        x: (n, h, w, 3) uint8.
        captions: one a picture, e.g. class names.
        alt: a sentence that says what is to be seen; it stands below the grid, too.
        columns: pictures a row.
        size: side on the screen, in pixels.
    """
    x = np.asarray(x)
    if x.ndim != 4 or x.shape[-1] != 3 or x.dtype != np.uint8:
        raise ValueError(f"pictures must be (n, h, w, 3) uint8, got {x.dtype} {x.shape}")
    captions = [""] * len(x) if captions is None else list(captions)
    if len(captions) != len(x):
        raise ValueError(f"{len(x)} pictures need {len(x)} captions, got {len(captions)}")
    return Grid(x, captions, min(columns, max(1, len(x))), size, alt)


def _png(picture) -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
