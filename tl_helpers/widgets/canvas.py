"""Canvas: draw a picture, and a function in the kernel says what it is."""

import io
from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np
import traitlets as t
from PIL import Image

from ..data.pen import ink
from .static import HERE, BaseWidget, script
from .summary import fixed
from .turn import in_turn

__all__ = ["Canvas"]

EACH = 5  # pictures shown beside a name, at most


class Canvas(BaseWidget):
    """A sheet to draw on, with mouse, finger or keys; after each stroke it is named.

    answer: from the picture, (size, size, 3) uint8, dark ink on light paper, to a share for each
        name, 0 to 1, in the order of `examples`.
    examples: name -> (k, h, w, 3) uint8, pictures that stand beside it, such as its support set; of
        the first five.
    title: what the student is asked to do.
    size: of the picture, in pixels.
    pen: half the width of the pen, in half picture widths, as in `tl.data.drawn_alphabets`.

    `.strokes` are lists of (x, y) from the upper left corner, 0 to 1; setting them draws. Without a
    kernel one can draw, and the page says that naming needs one.
    """

    _esm = script("base.js", "canvas.js")
    _css = HERE / "widget.css"
    _state_names = ("spec", "sheet", "strokes", "shares", "said", "answered")

    spec = t.Dict().tag(sync=True)
    sheet = t.Bytes().tag(sync=True)  # the examples as one PNG, a row a name
    strokes = t.List().tag(sync=True)
    shares = t.List(t.Float()).tag(sync=True)  # of each name; empty before anything is drawn
    said = t.Unicode("").tag(sync=True)
    answered = t.Int(0).tag(sync=True)  # how often: the same answer twice is two answers

    def __init__(
        self,
        answer: Callable[[np.ndarray], Sequence[float]],
        examples: Mapping[str, np.ndarray],
        *,
        title: str,
        size: int = 32,
        pen: float = 0.056,
    ):
        if not examples:
            raise ValueError("examples: at least one name with its pictures")
        rows = {str(name): _checked(name, x)[:EACH] for name, x in examples.items()}
        if len({x.shape[1:] for x in rows.values()}) > 1:
            raise ValueError("all examples must be pictures of one size")
        self._answer, self._size, self._pen = answer, size, pen
        super().__init__(
            spec={
                "title": title,
                "names": list(rows),
                "counts": [len(x) for x in rows.values()],
                "columns": max(len(x) for x in rows.values()),
                "pen": pen,
            },
            sheet=_sheet(rows.values()),
        )

    def picture(self) -> np.ndarray:
        """What is drawn, as `answer` gets it: (size, size, 3) uint8."""
        grid = (np.arange(self._size) + 0.5) / self._size * 2 - 1
        place = (grid[None, :] + 1j * grid[:, None]).reshape(1, -1)
        points = np.concatenate([_along(stroke, self._size) for stroke in self.strokes] or [[9]])
        cover = ink(points[None], place, np.array([[self._pen]]), self._size)
        grey = np.rint(255 * (1 - cover)).astype(np.uint8).reshape(self._size, self._size, 1)
        return np.repeat(grey, 3, axis=-1)

    @t.validate("strokes")
    def _valid_strokes(self, proposal):
        found = [[tuple(map(float, point)) for point in stroke] for stroke in proposal["value"]]
        for stroke in found:
            inside = all(len(p) == 2 and min(p) >= 0 and max(p) <= 1 for p in stroke)
            if not (stroke and inside):
                raise t.TraitError("a stroke is a list of one or more (x, y), both from 0 to 1")
        return found

    @t.observe("strokes")
    def _on_strokes(self, change):
        in_turn(self._name)

    def _name(self) -> None:
        shares, said = [], ""
        if self.strokes:
            try:
                shares = np.asarray(self._answer(self.picture()), float).ravel().tolist()
                said = self._sentence(shares)
            except (Exception, KeyboardInterrupt) as error:  # told on the page
                shares, said = [], f"No answer: {str(error) or type(error).__name__}"
        with self.hold_sync():  # all at once
            self.shares, self.said, self.answered = shares, said, self.answered + 1

    def _sentence(self, shares) -> str:
        names = self.spec["names"]
        if len(shares) != len(names) or not np.isfinite(shares).all():
            raise ValueError(f"`answer` must give {len(names)} shares, got {shares}")
        best = [f"“{names[i]}”: {fixed(100 * shares[i], 0)} %" for i in np.argsort(shares)[::-1]]
        return f"Most like {'; then '.join(best[:2])}."

    def _plain(self) -> str:
        return f"{self.spec['title']}\n{self.said or 'Nothing is drawn yet.'}"

    def _fallback(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self._plain().splitlines())


def _checked(name, x) -> np.ndarray:
    x = np.asarray(x)
    if x.ndim != 4 or x.shape[-1] != 3 or x.dtype != np.uint8 or not len(x):
        raise ValueError(f"{name!r}: pictures are (k, h, w, 3) uint8, got {x.dtype} {x.shape}")
    return x


def _sheet(rows) -> bytes:
    """All pictures in one, as PNG: a row a name, filled up with white."""
    rows = list(rows)
    columns = max(map(len, rows))
    _, h, w, _ = rows[0].shape
    whole = np.full((len(rows), columns, h, w, 3), 255, np.uint8)
    for row, x in zip(whole, rows, strict=True):
        row[: len(x)] = x
    whole = whole.transpose(0, 2, 1, 3, 4).reshape(len(rows) * h, columns * w, 3)
    out = io.BytesIO()
    Image.fromarray(whole).save(out, "PNG")
    return out.getvalue()


def _along(stroke, size) -> np.ndarray:
    """Points along a stroke, less than a pixel apart: complex, -1 to 1 both ways."""
    corners = 2 * (np.asarray(stroke, float) @ [1, 1j]) - (1 + 1j)
    far = np.concatenate([[0], np.cumsum(np.abs(np.diff(corners)))])
    steps = np.linspace(0, far[-1], 1 + int(np.ceil(far[-1] * size)))
    return np.interp(steps, far, corners.real) + 1j * np.interp(steps, far, corners.imag)
