import base64
import io
import json
import re

import numpy as np
import pytest
import traitlets
from PIL import Image

from tl_helpers.inspect.exciting import Exciting
from tl_helpers.widgets import LayerExplorer, static_html

RNG = np.random.default_rng(0)
# Pictures of one colour each, which survive JPEG.
X = np.broadcast_to(RNG.integers(0, 256, (30, 1, 1, 3)).astype(np.uint8), (30, 32, 32, 3))
KINDS = [f"kind {i % 3}" for i in range(30)]


def unit(units=(0, 5), peak=None, first=50):
    """Wishes and favourite pictures of some units, as `tl.inspect` makes them."""
    peak = RNG.uniform(1, 9, (len(units), 30)) if peak is None else np.asarray(peak)
    index = np.argsort(-peak, 1)[:, :4]
    wishes = np.zeros((len(units), 32, 32, 3), np.uint8)
    wishes[:] = (10 * np.arange(len(units)) + first)[:, None, None, None]
    value = np.take_along_axis(peak, index, 1)
    return wishes, Exciting(np.array(units), index, value, np.zeros((*index.shape, 2)), peak)


def networks():
    """Two networks of two layers; every wish has a grey of its own."""
    return {
        "pretrained": {"stem": unit(first=30), "top": unit(first=80)},
        "random": {"stem": unit(first=130), "top": unit(first=180)},
    }


def explorer():
    return LayerExplorer(X, KINDS, networks(), title="Units")


def on_sheet(made, index):
    """The mean colour of a picture of the sheet."""
    sheet = np.asarray(Image.open(io.BytesIO(made.sheet)))
    (h, w), columns = made.spec["side"], made.spec["columns"]
    row, column = divmod(index, columns)
    return sheet[row * h : row * h + h, column * w : column * w + w].mean((0, 1))


def test_every_unit_shows_its_own_pictures():
    units = networks()
    made = LayerExplorer(X, KINDS, units, title="Units")
    assert len(made.spec["units"]) == 2 * 2 * 2
    for network, layers in units.items():
        for layer, (wishes, found) in layers.items():
            for k, number in enumerate(found.units):
                shown = made.select(network=network, layer=layer, unit=int(number))._chosen()
                np.testing.assert_allclose(on_sheet(made, shown["wish"]), wishes[k, 0, 0], atol=3)
                for (place, kind, value), i, v in zip(
                    shown["top"], found.index[k], found.value[k], strict=True
                ):
                    np.testing.assert_allclose(on_sheet(made, place), X[i, 0, 0], atol=3)
                    assert (kind, value) == (KINDS[i], f"{v:.3g}")
                assert sum(shown["counts"]) == len(X)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        # picture i is of kind i % 3
        (
            {0: 4, 3: 3, 6: 2, 1: 1},
            "of 2 kinds, 3 of them kind 0. It is silent on 26 of 30 pictures.",
        ),
        ({0: 4, 3: 3, 6: 2}, "are all kind 0. It is silent on 27 of 30 pictures."),
        ({}, "it answers to none of 30 pictures."),
        ({i: -1 - i for i in range(30)}, "are of 3 kinds, 2 of them kind 0."),  # before a ReLU
    ],
)
def test_the_sentence_counts_kinds_and_silence(answers, said):
    peak = np.zeros((1, 30))
    peak[0, list(answers)] = list(answers.values())
    made = LayerExplorer(X, KINDS, {"net": {"top": unit((7,), peak)}}, title="Units")
    assert made.summary().startswith("net, top, unit 7: it")
    assert made.summary().endswith(said)
    assert made.summary() in made._plain()
    assert len(made._chosen()["top"]) == min(4, len(answers))


def test_a_static_page_holds_the_sheet():
    made = explorer()
    state = re.search(r'-state">\n(.*?)\n</script>', static_html(made), re.S)[1]
    assert base64.b64decode(json.loads(state)["sheet"]["base64"]) == made.sheet


def test_dials_are_checked():
    made = explorer()
    with pytest.raises(ValueError, match="'layer' has no level 'head'; it has"):
        made.select(layer="head")
    with pytest.raises(ValueError, match="unknown dial 'depth'"):
        made.select(depth=1)
    with pytest.raises(traitlets.TraitError, match="outside the dials"):
        made.position = [0, 0, 9]


@pytest.mark.parametrize(
    ("x", "kinds", "units", "words"),
    [
        (X[0], KINDS, {"a": {"top": unit()}}, "n, h, w, 3"),
        (X / 255, KINDS, {"a": {"top": unit()}}, "uint8; got float64"),
        (X, KINDS[:3], {"a": {"top": unit()}}, "30 kinds, got 3"),
        (X, KINDS, {}, "no units to show"),
        (X, KINDS, {"a": {"top": unit()}, "b": {"stem": unit()}}, "same layers"),
        (X, KINDS, {"a": {"top": unit(), "stem": unit((1, 2))}}, "same units"),
        (X[:, :16], KINDS, {"a": {"top": unit()}}, "as large as the pictures"),
        (X[:20], KINDS[:20], {"a": {"top": unit()}}, "shown 30 pictures, and x has 20"),
    ],
)
def test_bad_input(x, kinds, units, words):
    with pytest.raises(ValueError, match=words):
        LayerExplorer(x, kinds, units, title="Units")


def test_too_many_pictures_for_a_page(monkeypatch):
    monkeypatch.setattr("tl_helpers.widgets.layers.MAX_BYTES", 1000)
    with pytest.raises(ValueError, match="show fewer units"):
        explorer()
