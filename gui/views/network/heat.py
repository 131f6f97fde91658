"""Numbers as cells of colour: layers that are too large for circles, and weights too many for lines.

Negative cells are hatched, for colour alone does not tell a sign. A hatch takes some pixels: where there are
more numbers than cells of that size, a cell stands for several and shows the largest of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.arrays import FloatArray, IntArray
from engine.parts import Part
from gui.style.theme import Theme, blend
from gui.views.network.arrangement import Box, LayerPlace
from gui.views.network.buckets import FIRST, NOT_FINITE, UNKNOWN, Buckets, Palette, buckets
from gui.views.network.lens import Lens, around
from gui.views.network.storeys import MOST_NUMBERS, UNKNOWN_SIGN, Shown, Written
from gui.views.network.writing import Writing

FINE = 6
"""Pixels of the image a cell is wide, some of which are those of the hatch."""
LEAST_CELL = 4.0
"""Pixels of the screen of the smallest cell whose hatch is seen."""
READABLE_CELL = 34.0
"""Pixels of a cell's height from which its number is written in it."""

Words = npt.NDArray[np.uint32]


class Heat:
    """Paints cells; pictures of them are kept until there are other numbers.

    Parameters
    ----------
    theme : Theme
    palette : Palette
    """

    def __init__(self, theme: Theme, palette: Palette) -> None:
        self._theme = theme
        self._plain = palette.cell_words()
        hatch = [blend(colour, theme.canvas, 0.55) for colour in palette.cells]
        self._hatch = np.array([colour.rgb() for colour in hatch], dtype=np.uint32)
        self._canvas = QColor(theme.canvas).rgb()
        self._images: dict[object, QImage] = {}

    def forget(self) -> None:
        """The numbers are others now."""
        self._images.clear()

    def _image(self, cells: Buckets) -> QImage:
        """A picture of cells (rows, columns); below 0 is nothing."""
        words = np.where(cells < 0, np.uint32(self._canvas), self._plain[cells])
        large = _enlarged(cells)
        negative = (large >= FIRST) & (large < NOT_FINITE) & ((large - FIRST) % 2 == 1)
        at = np.add.outer(np.arange(large.shape[0]), np.arange(large.shape[1])) % FINE < 2
        words = np.where(at & negative, self._hatch[np.maximum(large, 0)], _enlarged(words))
        rows, columns = words.shape
        # copied, for the image does not keep the array alive
        return QImage(
            np.ascontiguousarray(words).data, columns, rows, 4 * columns, QImage.Format.Format_RGB32
        ).copy()

    # layers

    def paint_layer(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: LayerPlace,
        shown: Shown,
        hidden: frozenset[tuple[int, str]],
    ) -> None:
        """Draw a layer as a block: what each unit passes on, and beside it its delta."""
        assert place.grid is not None
        rows, columns = place.grid
        storeys = [("x" if layer == 0 else "a", shown.a, shown.a_buckets)]
        if layer:
            storeys.append(("delta", shown.delta, shown.delta_buckets))
        awaited = tuple(name for name, *_ in storeys if (layer, name) in hidden)
        box, cell = lens.rect(place.box), 2 * place.radius * lens.scale
        shape = _most(box.height()), _most(box.width() / len(storeys))
        key = (layer, awaited, min(shape[0], rows), min(shape[1], columns))
        if key not in self._images:
            sides = []
            for name, _, bucket in storeys:
                cells = np.full(rows * columns, -1)
                cells[: place.units] = UNKNOWN if name in awaited else bucket
                sides.append(strongest(cells.reshape(rows, columns), *shape))
            self._images[key] = self._image(np.stack(sides, axis=2).reshape(len(sides[0]), -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(box, self._images[key])
        if cell >= 6:
            painter.setPen(QPen(QColor(self._theme.canvas), 1.0 if cell < 20 else 2.0))
            for column in range(1, columns):
                x = box.left() + box.width() * column / columns
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            for row in range(1, rows):
                y = box.top() + box.height() * row / rows
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        known = any(values is not None for _, values, _ in storeys) or shown.in_phase
        outline = self._theme.text if known else self._theme.muted
        painter.setPen(QPen(QColor(outline), 3.2 if shown.in_phase else 1.0))
        painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 3, 3)

    def write_layer(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: LayerPlace,
        shown: Shown,
        writing: Writing,
        written: Written,
        hidden: frozenset[tuple[int, str]],
    ) -> None:
        """Write the numbers of a layer into its block, where they can be read."""
        points, reach = lens.points(place.centres), place.radius * lens.scale
        seen = lens.inside(points, 2 * reach)
        if 2 * reach < READABLE_CELL or len(seen) > MOST_NUMBERS:
            return
        small, theme = writing.measures.smallest_digits, self._theme
        sides = [("a", -reach, shown.a), ("delta", reach, shown.delta)]
        for name, shift, values in sides if layer else [("x", 0.0, shown.a)]:
            if values is None or (layer, name) in hidden:
                continue
            for unit in seen.tolist():
                fitted = writing.fitted(float(values[unit]), 2 * reach - 6, small + 2, small)
                if fitted is None:
                    continue
                x, y = points[unit].tolist()
                text, size = fitted
                box = around(QPointF(x + shift, y), reach)
                width = writing.metrics(size).horizontalAdvance(text) + 4
                # on a plate of its own: a cell's colour goes from pale to full, and negative ones are hatched
                plate = QRectF(x + shift - width / 2, y - 0.7 * size, width, 1.4 * size)
                painter.fillRect(plate, QColor(theme.surface))
                painter.setPen(QColor(theme.text))
                writing.write(painter, text, box, size)
                written[Part("unit", layer, unit), name] = text

    # weights

    def paint_weights(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: Box,
        values: FloatArray | None,
        limit: float,
        in_phase: bool,
        writing: Writing,
    ) -> None:
        """Draw the weights into a layer as a matrix: rows are where they come from, columns where they go."""
        box = lens.rect(place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if values is None:
            painter.fillRect(box, QColor(self._theme.surface))
            painter.setPen(QColor(self._theme.muted))
            writing.write(painter, UNKNOWN_SIGN, box, writing.measures.title)
        else:
            shape = _most(box.height()), _most(box.width())
            key = ("weights", layer, *map(min, shape, values.shape))
            if key not in self._images:
                self._images[key] = self._image(buckets(largest(values, *shape), limit))
            painter.drawImage(box, self._images[key])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colour = self._theme.text if in_phase or values is not None else self._theme.muted
        painter.setPen(QPen(QColor(colour), 3.2 if in_phase else 1.0))
        painter.drawRect(box.adjusted(-1, -1, 1, 1))


def largest(values: FloatArray, rows: int, columns: int) -> FloatArray:
    """`values` in at most so many rows and columns, each the one of largest magnitude of those it is for."""
    for axis, most in ((0, rows), (1, columns)):
        if values.shape[axis] > most:
            starts = _starts(values.shape[axis], most)
            high = np.maximum.reduceat(values, starts, axis=axis)
            low = np.minimum.reduceat(values, starts, axis=axis)
            values = np.where(high >= -low, high, low)
    return values


def strongest(cells: Buckets, rows: int, columns: int) -> Buckets:
    """`cells` in at most so many rows and columns, each the strongest of those it is for."""
    for axis, most in ((0, rows), (1, columns)):
        if cells.shape[axis] > most:  # buckets are numbered by their strength
            cells = np.maximum.reduceat(cells, _starts(cells.shape[axis], most), axis=axis)
    return cells


def _starts(count: int, most: int) -> IntArray:
    """Where each of `most` groups of `count` things begins."""
    return (np.arange(most) * count) // most


def _most(pixels: float) -> int:
    """How many cells there is room for."""
    return max(int(pixels / LEAST_CELL), 1)


def _enlarged(cells: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.repeat(np.repeat(cells, FINE, axis=0), FINE, axis=1)
