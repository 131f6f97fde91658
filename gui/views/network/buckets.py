"""From a number to a colour and a width, in few steps: 32 opaque pens draw fast, and are told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from engine.arrays import FloatArray, IntArray
from gui.style.theme import Theme, blend, contrast

LEVELS = 16
UNKNOWN, ZERO, FIRST = 0, 1, 2
"""Buckets: not revealed, exactly zero, then the levels from weak to strong, each positive and negative."""
NOT_FINITE = FIRST + 2 * LEVELS
BUCKETS = NOT_FINITE + 1
PERCENTILE = 0.98
THINNEST = 1.0
"""Pixels of the weakest line."""
FAINTEST = 0.76
"""Share of its sign's colour that the weakest line has: it is thin, and still to be seen."""
DEEPEST = 0.28
"""Share of its sign's colour that the strongest storey has: digits stand on it."""
READABLE = 4.5
"""Contrast of text with the ground it stands on, at least."""

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


def _deepest(ground: str, colour: str) -> float:
    """How much of `colour` may lie on `ground` for digits in that same colour to stand on it."""
    share = DEEPEST
    while share > 0.0 and contrast(colour, blend(ground, colour, share)) < READABLE:
        share -= 0.01
    return max(share, 0.0)


def thickness(values: FloatArray, limit: float) -> FloatArray:
    """How thick the line of each value is: 0 the thinnest, 1 the thickest."""
    level = (buckets(values, limit) - FIRST) // 2
    share: FloatArray = np.clip(level, 0, LEVELS - 1) / (LEVELS - 1)
    return share


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
    lines, cells, above, below : list of QColor
        Of a weight's line, of a cell or a bias's square, and the fills of the storeys of a circle (pale,
        for numbers stand on them; in the lower one in the colour of their sign); one a bucket.
    pale_lines : list of QColor
        As `lines`, for where there are so many that weak ones would hide the strong.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.above = _shades(theme, theme.surface, 0.03, DEEPEST)
        deepest = min(_deepest(theme.surface, colour) for colour in (theme.positive, theme.negative))
        self.below = _shades(theme, theme.surface, 0.02, deepest)
        self.above[UNKNOWN] = self.below[UNKNOWN] = QColor(theme.surface)
        self.cells = _shades(theme, theme.surface, 0.12, 1.0)
        self.cells[UNKNOWN] = blend(theme.canvas, theme.grid, 0.6)
        self.lines = _shades(theme, theme.canvas, FAINTEST, 1.0)
        self.pale_lines = _shades(theme, theme.canvas, 0.22, 1.0)
        for lines in (self.lines, self.pale_lines):
            lines[ZERO] = lines[UNKNOWN] = QColor(theme.border)

    def pens(self, widest: float, many: bool) -> Sequence[QPen]:
        """The pen of each bucket for lines up to `widest` pixels, dashed for negative numbers.

        Of `many` lines the weak are pale and their dashes short.
        """
        pens = []
        for bucket, colour in enumerate(self.pale_lines if many else self.lines):
            if bucket == UNKNOWN and many:
                colour = blend(self.theme.canvas, self.theme.border, 0.5)
            level = (bucket - FIRST) // 2 if FIRST <= bucket < NOT_FINITE else 0
            width = THINNEST + (widest - THINNEST) * level / (LEVELS - 1)
            pen = QPen(colour, {NOT_FINITE: widest, ZERO: 1.0}.get(bucket, width))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if bucket == UNKNOWN and not many:
                pen.setDashPattern([2.0, 4.0])
            elif FIRST <= bucket < NOT_FINITE and bucket % 2:
                # a dash is counted in widths of the line: keep its length on screen
                on, off = (9.0, 5.0) if many else (max(10.0, 1.5 * width), max(4.5, 0.8 * width))
                pen.setDashPattern([on / width, off / width])
            pens.append(pen)
        return pens

    def cell_words(self) -> npt.NDArray[np.uint32]:
        """`cells` as 32-bit words of an RGB32 image."""
        return np.array([colour.rgb() for colour in self.cells], dtype=np.uint32)
