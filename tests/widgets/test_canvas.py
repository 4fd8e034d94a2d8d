import io
import json
import threading
import types

import numpy as np
import pytest
import traitlets
from PIL import Image

from tl_helpers.widgets import Canvas, static_html


def grey(*levels):
    return np.stack([np.full((8, 8, 3), level, np.uint8) for level in levels])


EXAMPLES = {"left": grey(10, 20), "right": grey(30)}


def side(picture):
    """Whether there is more ink on the left or on the right."""
    ink = 255.0 - picture[..., 0]
    left = ink[:, : ink.shape[1] // 2].sum() / ink.sum()
    return [left, 1 - left]


def test_a_drawing_is_named():
    made = Canvas(side, EXAMPLES, title="Draw")
    assert made._plain() == "Draw\nNothing is drawn yet."
    made.strokes = [[(0.2, 0.2), (0.2, 0.8)]]
    assert made.shares == [1.0, 0.0]
    assert made.said == "Most like “left”: 100 %; then “right”: 0 %."
    made.strokes = [*made.strokes, [(0.8, 0.2), (0.8, 0.8)]]
    assert made.shares == pytest.approx([0.5, 0.5], abs=0.01)
    before = made.answered
    made.strokes = []
    assert (made.shares, made.said, made.answered) == ([], "", before + 1)


def test_the_picture_is_ink_where_the_pen_was():
    made = Canvas(side, EXAMPLES, title="Draw", size=40, pen=0.1)
    assert (made.picture() == 255).all()
    made.strokes = [[(0.25, 0.1), (0.25, 0.9)], [(0.75, 0.5)]]
    picture = made.picture()
    assert picture.shape == (40, 40, 3)
    assert picture.dtype == np.uint8
    dark = picture[..., 0] < 128
    rows, columns = np.nonzero(dark[:, :20])
    assert (rows.min(), rows.max()) == (2, 37)  # 0.1 to 0.9, and half a pen beyond
    assert (columns.min(), columns.max()) == (8, 11)  # a tenth of a half picture to both sides
    assert dark[4:36, 9:11].all()
    assert 9 <= dark[:, 20:].sum() <= 16  # a dot as wide as the pen


def test_the_examples_travel_on_one_sheet():
    made = Canvas(side, {**EXAMPLES, "many": grey(*range(40, 48))}, title="Draw")
    assert made.spec["counts"] == [2, 1, 5]
    sheet = np.asarray(Image.open(io.BytesIO(made.sheet)))
    assert sheet.shape == (3 * 8, 5 * 8, 3)
    found = [[int(sheet[8 * r, 8 * k, 0]) for k in range(5)] for r in range(3)]
    assert found == [[10, 20, 255, 255, 255], [30, 255, 255, 255, 255], [40, 41, 42, 43, 44]]
    assert json.loads(json.dumps(made.spec))["names"] == ["left", "right", "many"]
    assert "Nothing is drawn yet" in static_html(made)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda x: [1.0], "must give 2 shares"),
        (lambda x: [np.nan, 1.0], "must give 2 shares"),
        (lambda x: {}["k"], "No answer: 'k'"),
    ],
)
def test_what_goes_wrong_is_told(answer, why):
    made = Canvas(answer, EXAMPLES, title="Draw")
    made.strokes = [[(0.5, 0.5)]]
    assert why in made.said
    assert made.shares == []


def test_a_stroke_on_another_thread_waits_for_the_kernels_own(monkeypatch):
    queue = []
    kernel = types.SimpleNamespace(io_loop=types.SimpleNamespace(add_callback=queue.append))
    shell = types.SimpleNamespace(kernel=kernel)
    monkeypatch.setattr("tl_helpers.widgets.turn.get_ipython", lambda: shell)
    made = Canvas(side, EXAMPLES, title="Draw")
    stroke = [[(0.2, 0.2), (0.2, 0.8)]]
    thread = threading.Thread(target=lambda: made.set_trait("strokes", stroke))
    thread.start()
    thread.join()
    assert made.said == ""
    queue[0]()
    assert made.said.startswith("Most like “left”")


@pytest.mark.parametrize("strokes", [[[]], [[(0.5, 1.2)]], [[(0.1, 0.2, 0.3)]], [[(-0.1, 0)]]])
def test_strokes_are_checked(strokes):
    made = Canvas(side, EXAMPLES, title="Draw")
    with pytest.raises(traitlets.TraitError, match="from 0 to 1"):
        made.strokes = strokes


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ({}, "at least one name"),
        ({"a": np.zeros((8, 8, 3), np.uint8)}, "'a': pictures are"),
        ({"a": np.zeros((1, 8, 8, 3))}, "got float64"),
        ({"a": grey(1), "b": np.zeros((1, 9, 9, 3), np.uint8)}, "of one size"),
    ],
)
def test_examples_are_checked(examples, message):
    with pytest.raises(ValueError, match=message):
        Canvas(side, examples, title="Draw")
