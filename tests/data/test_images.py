"""`decode`: formats, colours, scaling and damage of one picture."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from tl_helpers.data.errors import CorruptFile
from tl_helpers.data.images import decode

RED, GREEN, WHITE = [200, 0, 0], [0, 200, 0], [255, 255, 255]
KINDS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")


def plain(size=(40, 40), colour=RED) -> Image.Image:
    """A picture of one colour; size is (width, height) as in PIL."""
    return Image.new("RGB", size, tuple(colour))


def encode(image: Image.Image, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def one(image: Image.Image, kind="PNG", size=None, colour=True, **options) -> np.ndarray:
    return decode(encode(image, kind, **options), "1.png", size=size, colour=colour)


def near(a: np.ndarray, b, by=4) -> bool:
    return np.abs(a.astype(int) - np.asarray(b)).max() <= by


# Formats and colours


@pytest.mark.parametrize("kind", KINDS)
def test_formats(kind):
    x = one(plain(), kind)
    assert x.shape == (40, 40, 3)
    assert x.dtype == np.uint8
    assert near(x, RED)


def test_greyscale_both_ways():
    grey = one(Image.new("L", (8, 8), 77))
    assert grey.shape == (8, 8, 3)
    assert (grey == 77).all()
    assert (one(Image.new("L", (8, 8), 77), colour=False) == 77).all()
    luma = one(plain(), colour=False)
    assert luma.shape == (40, 40, 1)
    assert (luma == 60).all()  # 0.299 * 200
    assert (one(Image.new("1", (8, 8), 1)) == 255).all()


def test_see_through_parts_are_white():
    image = Image.new("RGBA", (2, 1), (*RED, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    assert one(image).tolist() == [[RED, WHITE]]
    assert one(Image.new("RGBA", (1, 1), (0, 0, 0, 128))).tolist() == [[[127] * 3]]
    assert one(Image.new("LA", (1, 1), (0, 0)), colour=False).tolist() == [[[255]]]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_palette_with_and_without_transparency(kind):
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *GREEN])
    image.putpixel((1, 0), 1)
    assert one(image, kind).tolist() == [[RED, GREEN]]
    assert one(image, kind, transparency=1).tolist() == [[RED, WHITE]]


def test_transparent_colour_of_an_rgb_png():
    image = plain((2, 1))
    image.putpixel((1, 0), tuple(GREEN))
    assert one(image, transparency=tuple(GREEN)).tolist() == [[RED, WHITE]]


def test_16_bits_are_scaled_not_clipped():
    values = np.array([[0, 255, 25_700, 65_535]], dtype=np.uint16)
    assert one(Image.fromarray(values), colour=False)[..., 0].tolist() == [[0, 1, 100, 255]]
    assert one(Image.fromarray(values)).tolist() == [[[0] * 3, [1] * 3, [100] * 3, [255] * 3]]


def test_cmyk():
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    assert near(one(image, "JPEG", quality=95), [255, 0, 0])
    assert near(one(image, "JPEG", quality=95, colour=False), 76)


def test_first_frame_of_an_animation():
    x = one(plain(), "GIF", save_all=True, append_images=[plain(colour=GREEN)])
    assert (x == RED).all()


def test_exif_orientation():
    image = plain((40, 20))
    image.paste(tuple(GREEN), (0, 0, 20, 20))  # green on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: green on top
    x = one(image, "JPEG", exif=exif, quality=95)
    assert x.shape == (40, 20, 3)
    assert near(x[:10], GREEN)
    assert near(x[-10:], RED)


def test_exif_that_makes_no_sense_is_ignored():
    assert near(one(plain(), "JPEG", exif=b"Exif\0\0garbage"), RED)


# Size


def test_right_size_is_left_alone():
    values = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert np.array_equal(one(Image.fromarray(values), size=(32, 32)), values)


@pytest.mark.parametrize("width", [20, 200])  # smaller and larger than what is asked for
def test_shorter_side_is_scaled_and_the_centre_kept(width):
    image = plain((width, width // 2))
    image.paste(tuple(GREEN), (width // 4, 0, 3 * width // 4, width // 2))  # the middle square
    for x in (one(image, size=(40, 40)), one(image.rotate(90, expand=True), size=(40, 40))):
        assert x.shape == (40, 40, 3)
        assert (x[8:-8, 8:-8] == GREEN).all()  # at the edges it runs into the red a little
        assert near(x, GREEN, by=100)


def test_size_is_height_and_width():
    image = plain((200, 100))
    image.paste(tuple(GREEN), (0, 25, 200, 75))  # the middle half of the height
    x = one(image, size=(10, 40))
    assert x.shape == (10, 40, 3)
    assert (x[2:-2] == GREEN).all()


def test_scaling_is_antialiased():
    stripes = np.zeros((256, 256, 3), np.uint8)
    stripes[:, ::2] = 255
    x = one(Image.fromarray(stripes), size=(16, 16))
    assert near(x[:, 2:-2], 128)  # the nearest neighbour would be 0 or 255


def test_large_jpegs_are_decoded_small_and_look_the_same(monkeypatch):
    small = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    large = Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC)
    content = encode(large, "JPEG", quality=95)
    really, decoded = JpegImageFile.draft, []

    def draft(image, *args):
        really(image, *args)
        decoded.append(image.size)

    monkeypatch.setattr(JpegImageFile, "draft", draft)
    fast = decode(content, "1.jpg", size=(32, 32))
    assert decoded == [(160, 120)]  # the next step, (80, 60), is less than twice the size
    monkeypatch.setattr(JpegImageFile, "draft", lambda *args: None)
    slow = decode(content, "1.jpg", size=(32, 32))
    assert np.abs(fast.astype(int) - slow).mean() < 2


# Damage


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_truncated(kind, part):
    values = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    whole = encode(Image.fromarray(values), kind)
    assert decode(whole, "a/b.png").shape == (40, 40, 3)
    with pytest.raises(CorruptFile, match=r"^a/b\.png cannot be read as a picture: \w"):
        decode(whole[: int(part * len(whole))], "a/b.png")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_truncated_large_picture_that_is_decoded_small():
    whole = encode(Image.effect_noise((2000, 1000), 50), "JPEG")
    with pytest.raises(CorruptFile, match="truncated"):
        decode(whole[:-1000], "1.jpg", size=(32, 32))


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "it is empty"), (b"<html>404</html>", "its content is none of JPEG, PNG")],
)
def test_no_picture_at_all(content, reason):
    with pytest.raises(CorruptFile, match=reason):
        decode(content, "1.jpg")


def test_format_that_is_not_read_under_a_name_that_is():
    with pytest.raises(CorruptFile, match="its content is none of"):
        decode(encode(plain(), "TIFF"), "1.jpg")


def claim(width: int, height: int) -> bytes:
    """A few bytes that claim to be a PNG of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("side", "reason"), [(10_001, "10001 x 10001 pixels, more than 100,000,000"), (20_000, "bomb")]
)
def test_decompression_bombs(side, reason):
    with pytest.raises(CorruptFile, match=rf"1\.png cannot be read as a picture: .*{reason}"):
        decode(claim(side, side), "1.png", size=(32, 32))
