"""Colours of classes and of heights, and what a plane of outputs looks like in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from engine.arrays import AnyArray, BoolArray, FloatArray, IntArray
from gui.style.theme import Theme
from gui.views.surface.pictures import SHADES, Words, pack, shade, signed_shades

_LIGHT = (
    *("#0b6fb8", "#b45309", "#1a8a55", "#b0378f", "#a88200"),
    *("#12919e", "#c23a31", "#8a5a3a", "#67751d", "#55607a"),
)
_DARK = (
    *("#63b8f5", "#f5a55c", "#4cc38a", "#e077c4", "#e8d24f"),
    *("#45c7d3", "#ff7b6e", "#c99a78", "#b4c455", "#a9b4cc"),
)
_GOLDEN = 0.618034

REGION = 0.62
"""How strong the colour of a sure class is over the background."""

LEVELS = 10
"""Bands of equal height; a line is drawn where one ends."""

FAR = 1e30
"""Of what is placed, the largest: far enough for any colour, and no float32 is too small for it."""

_BAND = 0.72
"""What is left of a colour where a line is between bands of height."""


def class_colours(count: int, theme: Theme) -> list[QColor]:
    """Give each class its colour: of two, the second is the positive one."""
    if count == 2:
        return [QColor(theme.negative), QColor(theme.positive)]
    named = [QColor(name) for name in (_DARK if theme.dark else _LIGHT)]
    saturation, value = (0.5, 0.92) if theme.dark else (0.75, 0.7)
    more = [
        QColor.fromHsvF((place * _GOLDEN) % 1.0, saturation, value) for place in range(count - len(named))
    ]
    return [*named, *more][:count]


def class_shares(outputs: FloatArray, threshold: float) -> FloatArray:
    """How much each class has of a place, (..., classes), from outputs (..., k); each place sums to 1.

    One output stands for the second of two classes; its threshold says which range it has: 0.5 that
    from 0 to 1, and 0 that from -1 to 1.
    """
    finite = np.isfinite(outputs).all()
    known = outputs if finite else np.nan_to_num(outputs, nan=0.0, posinf=1.0, neginf=0.0)
    if known.shape[-1] == 1:
        second = known if threshold == 0.5 else 0.5 * (known + 1.0)
        second = np.clip(second, 0.0, 1.0)
        return np.concatenate((1.0 - second, second), axis=-1)
    shares = np.maximum(known, 0.0)
    with np.errstate(over="ignore"):
        total = shares.sum(axis=-1, keepdims=True)
    if not np.isfinite(total).all():
        shares /= np.maximum(shares.max(axis=-1, keepdims=True), 1.0)
        total = shares.sum(axis=-1, keepdims=True)
    nothing = total <= 0
    if nothing.any():
        shares = np.where(nothing, 1.0, shares)
        total = shares.sum(axis=-1, keepdims=True)
    shares /= total
    return shares


def class_picture(shares: FloatArray, colours: Sequence[QColor], theme: Theme) -> Words:
    """Mix the colours of the classes by their shares (rows, columns, classes), with a line between them.

    Of two, neither has any colour where both are equal.
    """
    if shares.shape[-1] == 2:
        words = shade(2.0 * shares[..., 1] - 1.0, 1.0, height_shades(theme, REGION), 0)
        return _bounded(words, shares[..., 1] > shares[..., 0], theme)
    palette = _over(theme, colours, REGION).astype(shares.dtype)
    rgb = shares[..., 0, None] * palette[0]
    for place in range(1, len(palette)):
        rgb += shares[..., place, None] * palette[place]
    return _bounded(pack(rgb), shares.argmax(axis=-1), theme)


def placed(values: FloatArray, low: float, high: float) -> FloatArray:
    """Where values are between `low`, which becomes -1, and `high`, which becomes 1.

    However large they are, this has a size that `finer` reckons with; what is infinite or unknown stays so.
    """
    middle, half = 0.5 * low + 0.5 * high, 0.5 * high - 0.5 * low
    finite = np.isfinite(values)
    if not half > 0:
        return np.where(finite, 0.0, values)
    with np.errstate(over="ignore"):
        share = (np.where(finite, values, 0.0) - middle) / half
    return np.where(finite, np.clip(share, -FAR, FAR), values)


def height_picture(places: FloatArray, theme: Theme) -> Words:
    """Colour heights (rows, columns) by where they are, with a line from band to band."""
    words = shade(places, 1.0, height_shades(theme), QColor(theme.grid).rgb())
    known = np.nan_to_num(places, nan=0.0, posinf=1.0, neginf=-1.0)
    edge = _edges(np.floor((np.clip(known, -1.0, 1.0) + 1.0) * (0.5 * LEVELS)))
    text = np.array(QColor(theme.text).getRgb()[:3], dtype=np.float64)  # type: ignore[index]
    words[edge] = pack(_apart(words[edge]) * _BAND + text * (1.0 - _BAND))
    return words


@lru_cache(maxsize=8)
def height_shades(theme: Theme, strength: float = 0.8) -> Words:
    """The colours of heights, from lowest to highest."""
    surface = np.array(QColor(theme.surface).getRgb()[:3], dtype=np.float64)  # type: ignore[index]
    shades = pack(surface + (_apart(signed_shades(theme)) - surface) * strength)
    shades.setflags(write=False)
    return shades


def unit_picture(places: FloatArray, theme: Theme) -> Words:
    """What a unit makes of a plane (rows, columns), by where its values are."""
    return shade(places, 1.0, signed_shades(theme), QColor(theme.bad).rgb())


def height_colour(value: float, low: float, high: float, theme: Theme) -> QColor:
    """The colour of one height."""
    share = (value - low) / (high - low) if high > low else 0.5
    place = round(min(max(share, 0.0), 1.0) * (SHADES - 1)) if share == share else 0
    return QColor(int(signed_shades(theme)[place]))


def finer(values: FloatArray, height: int, width: int) -> npt.NDArray[np.float32]:
    """Interpolate values at the nodes of a grid (rows, columns, k) to the cells of a finer one.

    Elementwise, for a matrix product would wait for the training's.
    """
    with np.errstate(all="ignore"):  # a network that diverged is drawn, too
        coarse = values.astype(np.float32)
        low, high, part = _between(values.shape[0], height)
        rows = coarse[low] + (coarse[high] - coarse[low]) * part[:, None, None]
        low, high, part = _between(values.shape[1], width)
        left = np.take(rows, low, axis=1)
        fine: npt.NDArray[np.float32] = left + (np.take(rows, high, axis=1) - left) * part[None, :, None]
    return fine


def _between(nodes: int, cells: int) -> tuple[IntArray, IntArray, npt.NDArray[np.float32]]:
    """The nodes on both sides of each cell's middle, and how far it is from the first to the second."""
    place = (np.arange(cells) + 0.5) / cells * (nodes - 1)
    low = np.minimum(place.astype(np.intp), max(nodes - 2, 0))
    return low, np.minimum(low + 1, nodes - 1), (place - low).astype(np.float32)


def _over(theme: Theme, colours: Sequence[QColor], share: float) -> FloatArray:
    surface = np.array(QColor(theme.surface).getRgb()[:3], dtype=np.float64)  # type: ignore[index]
    wanted = np.array([colour.getRgb()[:3] for colour in colours], dtype=np.float64)  # type: ignore[index]
    mixed: FloatArray = surface + (wanted - surface) * share
    return mixed


def _apart(words: Words) -> FloatArray:
    """Red, green and blue of packed colours, (..., 3)."""
    return np.stack([words >> 16 & 255, words >> 8 & 255, words & 255], axis=-1).astype(np.float64)


def _bounded(words: Words, region: AnyArray, theme: Theme) -> Words:
    """Draw a line where a region ends."""
    words[_edges(region)] = QColor(theme.text).rgb()
    return words


def _edges(region: AnyArray) -> BoolArray:
    """Where a region ends."""
    edge = np.zeros(region.shape, dtype=np.bool_)
    edge[:-1] |= region[:-1] != region[1:]
    edge[:, :-1] |= region[:, :-1] != region[:, 1:]
    return edge
