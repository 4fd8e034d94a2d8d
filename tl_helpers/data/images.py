"""Decode one picture, whatever its format and colours, into an array of a given size."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import CorruptFile

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp")
MAX_PIXELS = 100_000_000  # a file of a few kB can declare more than the memory holds


def decode(
    content: bytes, name: str, *, size: tuple[int, int] | None = None, colour: bool = True
) -> np.ndarray:
    """The picture in an image file's bytes, uint8 of shape (height, width, 3 or 1).

    Turned upright by its EXIF orientation; see-through parts are laid over white; 16-bit greys are
    scaled to 8 bits; of an animation the first frame. Every byte is decoded, so that a truncated
    file is found here and not as a grey area in a lesson.

    Args:
        content: the file's bytes.
        name: the file's name, for the error.
        size: (height, width). The picture is scaled, with antialiasing, until it just covers this,
            and what stands out is cut off on both sides alike. None keeps its own size.
        colour: 3 channels (RGB); otherwise 1 (ITU-R 601 luma).

    Raises: CorruptFile, with PIL's reason, also for more than 100 million pixels.
    """
    if not content:
        raise _corrupt(name, "it is empty")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            width, height = image.size
            if width * height <= MAX_PIXELS:
                return _array(image, size, colour)
    except UnidentifiedImageError:
        raise _corrupt(name, "its content is none of " + ", ".join(FORMATS)) from None
    # Given damaged bytes, PIL's decoders raise almost anything: OSError, SyntaxError, struct.error.
    except Exception as error:
        raise _corrupt(name, str(error) or type(error).__name__) from error
    raise _corrupt(name, f"it claims {width} x {height} pixels, more than {MAX_PIXELS:,}")


def _array(image: Image.Image, size: tuple[int, int] | None, colour: bool) -> np.ndarray:
    if size is not None:
        # JPEG can decode at 1/2, 1/4 or 1/8: many times faster for a camera's photographs. Twice
        # the size that is needed leaves the antialiasing to the resize.
        scale = 2 * max(size) / min(image.size)
        if scale < 1:
            image.draft(None, (round(image.width * scale), round(image.height * scale)))
    ImageOps.exif_transpose(image, in_place=True)
    image = _plain(image, "RGB" if colour else "L")
    if size is not None and image.size != size[::-1]:
        image = ImageOps.fit(image, size[::-1], method=Image.Resampling.BICUBIC)
    array = np.asarray(image)  # (height, width) or (height, width, 3)
    return array if colour else array[..., None]


def _plain(image: Image.Image, mode: str) -> Image.Image:
    """In `mode`, RGB or L. PIL's own convert drops transparency and clips 16 bits at 255."""
    if image.mode.startswith("I"):  # 16-bit grey, 0 to 65535 = 257 * 255
        grey = (np.asarray(image).astype(np.int64) + 128) // 257
        image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    return image if image.mode == mode else image.convert(mode)


def _corrupt(name: str, reason: str) -> CorruptFile:
    return CorruptFile(
        f"{name} cannot be read as a picture: {reason}. Expected a complete {', '.join(FORMATS)} "
        "file. Get or save it again, or remove it."
    )


def resize(x: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scale (n, h, w, 3) uint8 pictures to (n, *size, 3), cutting to the centre, bicubic."""
    fitted = [
        ImageOps.fit(Image.fromarray(p), size[::-1], method=Image.Resampling.BICUBIC) for p in x
    ]
    return np.stack([np.asarray(p) for p in fitted])
