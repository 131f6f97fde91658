"""Small pictures of numbers: grey ones of image data, two-coloured ones of signed numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap

from engine.arrays import FloatArray
from gui.style.theme import Theme

Words = npt.NDArray[np.uint32]
SHADES = 255
"""Odd, so that exactly zero has a shade of its own, the background."""


def grey_picture(values: FloatArray, side: int) -> QPixmap:
    """Draw a picture (rows, columns), its least value black and its largest white, `side` pixels high."""
    known = np.nan_to_num(values, nan=0.0)
    low, high = float(known.min()), float(known.max())
    grey = ((known - low) * (255.0 / (high - low) if high > low else 0.0)).astype(np.uint32)
    return scaled(words_image(np.uint32(0xFF000000) | grey * np.uint32(0x010101)), side)


def words_image(words: Words) -> QImage:
    """Make an image of 32-bit colours 0xffrrggbb (rows, columns), which are copied."""
    words = np.ascontiguousarray(words, dtype=np.uint32)
    height, width = words.shape
    return QImage(words.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def scaled(image: QImage, height: int) -> QPixmap:
    """Scale an image to a height, each of its cells staying a sharp rectangle."""
    width = max(1, round(height * image.width() / max(1, image.height())))
    return QPixmap.fromImage(
        image.scaled(
            width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation
        )
    )


def signed_shades(theme: Theme, middle: str = "") -> Words:
    """`SHADES` colours from the negative one over the background, or `middle`, to the positive one."""
    background = _rgb(middle or theme.surface)
    share = np.linspace(-1.0, 1.0, SHADES)[:, None]
    ends = np.where(share < 0, _rgb(theme.negative), _rgb(theme.positive))
    return pack(background + (ends - background) * np.abs(share))


def shade(values: FloatArray, limit: float, shades: Words, unknown: int) -> Words:
    """The colour of each value, from -limit to limit; `unknown` where it is not a number."""
    finite = np.isfinite(values)
    known = np.where(finite, values, 0.0)
    with np.errstate(over="ignore"):  # beyond the limit, however far, it is the colour of the limit
        share = known / limit if limit > 0 else np.zeros_like(known)
    place = np.clip((share + 1.0) * (0.5 * (SHADES - 1)) + 0.5, 0, SHADES - 1).astype(np.intp)
    words = shades[place]
    if not finite.all():
        words = np.where(finite, words, np.uint32(unknown))
    return words


def pack(rgb: FloatArray) -> Words:
    """Colours (..., 3) from 0 to 255 as 32-bit words."""
    whole = np.clip(rgb + 0.5, 0, 255).astype(np.uint32)
    red, green, blue = (whole[..., place] << np.uint32(shift) for place, shift in ((0, 16), (1, 8), (2, 0)))
    packed: Words = np.uint32(0xFF000000) | red | green | blue
    return packed


def _rgb(colour: str) -> FloatArray:
    return np.array(QColor(colour).getRgb()[:3], dtype=np.float64)  # type: ignore[index]
