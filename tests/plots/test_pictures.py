"""A grid of pictures: the pixels arrive, and a reader without eyes is told what they are."""

import base64
import io
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

import tl_helpers.plots
from tl_helpers.plots import pictures

X = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), dtype=np.uint8)


class Page(HTMLParser):
    """The tags with their attributes, and the text, of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def page(*args, **kwargs):
    return Page(pictures(*args, **kwargs)._repr_html_())


def test_every_picture_arrives_pixel_by_pixel():
    images = page(X, alt="noise").all("img")
    assert len(images) == 3
    for image, picture in zip(images, X, strict=True):
        head, _, body = image["src"].partition(",")
        assert head == "data:image/png;base64"
        sent = Image.open(io.BytesIO(base64.b64decode(body)))
        assert np.array_equal(np.asarray(sent), picture)


def test_alt_names_the_grid_and_stands_below_it():
    it = page(X, alt="Three pictures of noise")
    (grid,) = [attrs for attrs in it.all("div") if attrs.get("role") == "img"]
    assert grid["aria-label"] == "Three pictures of noise"
    assert it.text == ["Three pictures of noise"]
    assert repr(pictures(X, alt="noise")) == "3 pictures: noise"


def test_captions_stand_in_order():
    assert page(X, ["cat", "dog", 3], alt="pets").text == ["cat", "dog", "3", "pets"]


def test_captions_and_alt_are_text_and_never_html():
    rude = '<script>alert("x")</script> & co'
    it = page(X[:1], [rude], alt=f'"{rude}')
    assert it.all("script") == []
    assert "".join(it.text) == f'{rude}"{rude}'
    (grid,) = [attrs for attrs in it.all("div") if attrs.get("role") == "img"]
    assert grid["aria-label"] == f'"{rude}'


@pytest.mark.parametrize(("columns", "used"), [(2, 2), (10, 3)])
def test_columns_and_size(columns, used):
    it = page(X, alt="noise", columns=columns, size=40)
    assert f"repeat({used},40px)" in it.all("div")[0]["style"]
    assert all((image["width"], image["height"]) == ("40", "40") for image in it.all("img"))


def test_no_pictures_make_an_empty_grid():
    assert page(X[:0], alt="nothing").all("img") == []


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (X / 255, r"float64 \(3, 8, 8, 3\)"),
        (X[0], r"uint8 \(8, 8, 3\)"),
        (X[..., :1], r"uint8 \(3, 8, 8, 1\)"),
    ],
)
def test_other_shapes_and_types_are_named(x, got):
    with pytest.raises(ValueError, match=r"must be \(n, h, w, 3\) uint8, got " + got):
        pictures(x, alt="noise")


def test_captions_must_be_as_many_as_pictures():
    with pytest.raises(ValueError, match="3 pictures need 3 captions, got 2"):
        pictures(X, ["a", "b"], alt="noise")


def test_alt_cannot_be_left_out():
    with pytest.raises(TypeError, match="alt"):
        pictures(X)


def test_an_unknown_plot_lists_those_there_are():
    with pytest.raises(AttributeError, match=r"no attribute 'pie'; it has .*'compared'"):
        tl_helpers.plots.pie  # noqa: B018
