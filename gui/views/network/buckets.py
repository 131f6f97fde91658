"""From a number to a colour and a width, in few steps: 32 opaque pens draw fast, and are told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from engine.arrays import FloatArray, IntArray
from gui.style.theme import Theme, blend

LEVELS = 16
UNKNOWN, ZERO, FIRST = 0, 1, 2
"""Buckets: not revealed, exactly zero, then the levels from weak to strong, each positive and negative."""
NOT_FINITE = FIRST + 2 * LEVELS
BUCKETS = NOT_FINITE + 1
PERCENTILE = 0.98

Buckets = IntArray


def robust_limit(arrays: Iterable[FloatArray | None]) -> float:
    """The magnitude that gets the full colour: the 98th percentile, so that one outlier pales nothing.

    The largest if that percentile is 0, and 0 if everything is.
    """
    parts = [np.abs(array).ravel() for array in arrays if array is not None]
    magnitudes = np.concatenate(parts) if parts else np.empty(0)
    magnitudes = magnitudes[np.isfinite(magnitudes)]
    if not len(magnitudes):
        return 0.0
    rank = int(np.ceil(PERCENTILE * len(magnitudes))) - 1
    limit = float(np.partition(magnitudes, rank)[rank])
    return limit if limit > 0 else float(magnitudes.max())


def buckets(values: FloatArray, limit: float) -> Buckets:
    """The bucket of each value: level and sign, or `ZERO` or `NOT_FINITE`."""
    finite = np.isfinite(values)
    known = values if finite.all() else np.where(finite, values, 0.0)
    if limit > 0:
        share = np.minimum(np.abs(known) / limit, 1.0)
        level = np.minimum((share * LEVELS).astype(np.int64), LEVELS - 1)
    else:
        level = np.zeros(known.shape, dtype=np.int64)
    result = FIRST + 2 * level + (known < 0)
    result[known == 0] = ZERO
    result[~finite] = NOT_FINITE
    return result


def _shades(theme: Theme, background: str, low: float, high: float) -> list[QColor]:
    """A colour a bucket, from `low` to `high` of the sign's colour over `background`."""
    colours = [blend(background, theme.canvas, 0.6), QColor(background)]
    for level in range(LEVELS):
        share = low + (high - low) * level / (LEVELS - 1)
        colours += [blend(background, theme.positive, share), blend(background, theme.negative, share)]
    return [*colours, QColor(theme.bad)]


class Palette:
    """All colours of the graph, from one theme.

    Attributes
    ----------
    lines, cells, circles : list of QColor
        Of a weight's line, of a cell or a bias's square, and the fill of a unit drawn as a circle
        (pale, for a number stands on it); one a bucket.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.circles = _shades(theme, theme.surface, 0.05, 0.36)
        self.cells = _shades(theme, theme.surface, 0.12, 1.0)
        self.cells[UNKNOWN] = blend(theme.canvas, theme.grid, 0.6)
        self.lines = _shades(theme, theme.canvas, 0.22, 1.0)
        self.lines[ZERO] = QColor(theme.border)
        self.lines[UNKNOWN] = QColor(theme.border)

    def pens(self, widest: float, dashed: bool) -> Sequence[QPen]:
        """The pen of each bucket for lines up to `widest` pixels; `dashed` ones for negative numbers."""
        pens = []
        for bucket, colour in enumerate(self.lines):
            if bucket == UNKNOWN and not dashed:
                colour = blend(self.theme.canvas, self.theme.border, 0.5)
            level = (bucket - FIRST) // 2 if FIRST <= bucket < NOT_FINITE else 0
            width = 0.7 + (widest - 0.7) * level / (LEVELS - 1)
            pen = QPen(colour, {NOT_FINITE: widest, ZERO: 1.0}.get(bucket, width))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if dashed and bucket == UNKNOWN:
                pen.setDashPattern([2.0, 4.0])
            elif dashed and FIRST <= bucket < NOT_FINITE and bucket % 2:
                # a dash is counted in widths of the line: keep its length on screen
                pen.setDashPattern([15.0 / width, 4.0 / width])
            pens.append(pen)
        return pens

    def cell_words(self) -> npt.NDArray[np.uint32]:
        """`cells` as 32-bit words of an RGB32 image."""
        return np.array([colour.rgb() for colour in self.cells], dtype=np.uint32)
