"""The relative errors of all gradients as a heat-map, one block a layer, and its legend."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine.arrays import FloatArray
from engine.explain.gradient_check import AGREE, GradientReport
from engine.parts import Part
from engine.records import StepRecord
from gui.document.focus import Focus
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import MINUS, superscript
from gui.text.parts import layer_name

LOWEST, HIGHEST = -12, 0
"""Powers of ten at the ends of the scale."""

AGREES_BELOW = round(math.log10(AGREE))
LARGEST_CELL = 34.0
LEGIBLE = 22.0
"""Pixels of a cell from which its power of ten is written into it."""

HATCHED = 5.0
"""Pixels of a cell from which a kink is hatched; smaller ones are grey."""

EASY_TO_HIT = 12.0
LEAST_HEIGHT = 160.0
"""Pixels of the tallest block; fewer where its cells are easy to hit all the same."""

MARGIN, GAP = 12.0, 22.0

Powers = FloatArray


class Block(NamedTuple):
    """One layer: its weights and, as the last row, its biases.

    Attributes
    ----------
    errors : (n_{l-1} + 1, n_l)
        Relative errors, NaN at kinks.
    differences, gradients : of the same shape
    """

    layer: int
    errors: FloatArray
    differences: FloatArray
    gradients: FloatArray

    @classmethod
    def of(cls, layer: int, report: GradientReport, record: StepRecord) -> Block:
        """Put weights and biases of a layer together."""
        index = layer - 1
        return cls(
            layer,
            np.vstack([report.weight_errors[index], report.bias_errors[index]]),
            np.vstack([report.weight_differences[index], report.bias_differences[index]]),
            np.vstack([record.weight_grads[index], record.bias_grads[index]]),
        )

    def part(self, row: int, column: int) -> Part:
        """The parameter of a cell."""
        if row == len(self.errors) - 1:
            return Part("bias", self.layer, column)
        return Part("weight", self.layer, column, row)


def powers_of_ten(errors: FloatArray) -> Powers:
    """The powers of ten of relative errors, within the scale; NaN at kinks."""
    with np.errstate(divide="ignore"):
        powers: Powers = np.clip(np.log10(errors.astype(np.float64)), LOWEST, HIGHEST)
    return powers


def colour(power: float, theme: Theme) -> QColor:
    """The colour of a power of ten: paler the smaller, and another hue where the two do not agree."""
    if power <= AGREES_BELOW:
        share = (power - LOWEST) / (AGREES_BELOW - LOWEST)
        return blend(theme.surface, theme.good, 0.12 + 0.5 * share)
    return blend(theme.surface, theme.bad, 0.55 + 0.45 * (power - AGREES_BELOW) / (HIGHEST - AGREES_BELOW))


class HeatMap(QWidget):
    """The blocks of all layers side by side.

    Parameters
    ----------
    focus : Focus
        Of which the selected weight or bias is framed; a click or an arrow selects another.

    Signals
    -------
    hovered(Part or None)
    """

    hovered = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus = focus
        focus.part_changed.connect(self._mark)
        self.setObjectName("checkHeatMap")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = LIGHT
        self._blocks: tuple[Block, ...] = ()
        self._places: list[QRectF] = []
        self._images: list[QImage] = []
        self._kink = "kink"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is shown."""
        return self._blocks

    def set_blocks(self, blocks: tuple[Block, ...]) -> None:
        """Show these layers, in less height than which they would not be told apart."""
        self._blocks = blocks
        tallest = max((len(block.errors) for block in blocks), default=0)
        least = self._top + min(tallest * EASY_TO_HIT, LEAST_HEIGHT) + MARGIN if blocks else 0
        self.setMinimumHeight(math.ceil(least))
        self._lay_out()

    def set_theme(self, theme: Theme, kink: str) -> None:
        """Draw in these colours, with this word for kinks."""
        self._theme, self._kink = theme, kink
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(600, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    def cell_place(self, part: Part) -> QRectF:
        """Where a parameter is drawn."""
        block, place = self._blocks[part.layer - 1], self._places[part.layer - 1]
        rows, columns = block.errors.shape
        row = rows - 1 if part.kind == "bias" else part.source
        wide, high = place.width() / columns, place.height() / rows
        return QRectF(place.left() + part.unit * wide, place.top() + row * high, wide, high)

    def at(self, point: QPointF) -> Part | None:
        """The parameter at a point."""
        for block, place in zip(self._blocks, self._places, strict=True):
            if place.contains(point):
                rows, columns = block.errors.shape
                row = int((point.y() - place.top()) / place.height() * rows)
                column = int((point.x() - place.left()) / place.width() * columns)
                return block.part(min(row, rows - 1), min(column, columns - 1))
        return None

    # -- laying out --------------------------------------------------------------------------------

    @property
    def _top(self) -> float:
        """Where the blocks begin, below their names."""
        return MARGIN + QFontMetricsF(self.font()).height() + 4

    def _lay_out(self) -> None:
        """Give all layers cells of one size, as large as there is room; too large a layer is squeezed."""
        self._places, self._images = [], []
        if not self._blocks:
            self.update()
            return
        top = self._top
        room = self.width() - 2 * MARGIN - GAP * (len(self._blocks) - 1)
        height = max(1.0, self.height() - top - MARGIN)
        shapes = [block.errors.shape for block in self._blocks]
        name = QFontMetricsF(self.font()).horizontalAdvance("Mm 88")  # no layer is narrower than its name
        high = min(LARGEST_CELL, height / max(rows for rows, _ in shapes))
        # Flat cells are made wide enough for the mouse, if there is room.
        wide = min(max(high, EASY_TO_HIT), room / sum(columns for _, columns in shapes), LARGEST_CELL)
        left = MARGIN
        for block, (rows, columns) in zip(self._blocks, shapes, strict=True):
            width = columns * wide
            place = QRectF(left, top, max(width, 1.0), max(rows * high, 1.0))
            self._places.append(place)
            self._images.append(self._image(block, place))
            left += max(width, min(name, room / len(self._blocks))) + GAP
        self.update()

    def _image(self, block: Block, place: QRectF) -> QImage:
        """One pixel a cell; of a block with more cells than pixels the largest error of each pixel."""
        powers = powers_of_ten(block.errors)
        powers = _pooled(powers, math.ceil(place.height()), 0)
        powers = _pooled(powers, math.ceil(place.width()), 1)
        steps = np.linspace(LOWEST, HIGHEST, 64)
        shades = [colour(float(power), self._theme).rgb() for power in steps]
        words = np.array([*shades, QColor(self._theme.border).rgb()], dtype=np.uint32)
        scaled = (powers - LOWEST) / (HIGHEST - LOWEST) * 63
        pixels = np.ascontiguousarray(words[np.where(np.isnan(powers), 64, scaled.round()).astype(np.intp)])
        rows, columns = pixels.shape
        return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()

    # -- drawing -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        for block, place, image in zip(self._blocks, self._places, self._images, strict=True):
            painter.setPen(QColor(self._theme.muted))
            at = QPointF(place.left(), place.top() - 6)
            painter.drawText(at, layer_name(block.layer, len(self._blocks)))
            painter.drawImage(place, image)
            self._paint_cells(painter, block, place)
        if (part := self._focus.part) is not None and self.shows(part):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.selection), 2.0))
            painter.drawRect(self.cell_place(part).adjusted(-1, -1, 1, 1))

    def _paint_cells(self, painter: QPainter, block: Block, place: QRectF) -> None:
        rows, columns = block.errors.shape
        wide, high = place.width() / columns, place.height() / rows
        if min(wide, high) < HATCHED:
            return
        painter.setPen(QPen(QColor(self._theme.surface), 1.0))
        for row in range(1, rows):
            # the biases stand apart
            thick = 3.0 if row == rows - 1 else 1.0
            painter.setPen(QPen(QColor(self._theme.surface), thick))
            y = place.top() + row * high
            painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
        painter.setPen(QPen(QColor(self._theme.surface), 1.0))
        for column in range(1, columns):
            x = place.left() + column * wide
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        font = tabular(self.font(), 0.8)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        powers = powers_of_ten(block.errors)
        legible = min(wide, high * 1.6) >= LEGIBLE
        hatch = QBrush(QColor(self._theme.muted), Qt.BrushStyle.BDiagPattern)
        for row, column in zip(*np.nonzero(np.isnan(powers)), strict=True):
            cell = QRectF(place.left() + column * wide, place.top() + row * high, wide, high)
            painter.fillRect(cell, QColor(self._theme.canvas))
            painter.fillRect(cell, hatch)
        if legible:
            for row in range(rows):
                for column in range(columns):
                    cell = QRectF(place.left() + column * wide, place.top() + row * high, wide, high)
                    power = powers[row, column]
                    text = self._kink if np.isnan(power) else _power_text(float(power))
                    wrong = power > AGREES_BELOW
                    painter.setPen(QColor(self._theme.surface if wrong else self._theme.text))
                    if (needed := metrics.horizontalAdvance(text)) <= wide:
                        if np.isnan(power):  # not over the hatching
                            x, y = cell.center().x(), cell.center().y()
                            around = QRectF(x - needed / 2, y - 7, needed, 14)
                            painter.fillRect(around, QColor(self._theme.canvas))
                        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(self.font())

    def shows(self, part: Part) -> bool:
        """Whether there is a cell for it."""
        if not part.is_parameter or not 1 <= part.layer <= len(self._blocks):
            return False
        rows, columns = self._blocks[part.layer - 1].errors.shape
        return part.unit < columns and (part.kind == "bias" or part.source < rows - 1)

    def _mark(self) -> None:
        self.update()

    # -- mouse and keys ----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        part = self.at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if part else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(part)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        part = self.at(event.position())
        if part is not None and event.button() is Qt.MouseButton.LeftButton:
            self._focus.select(part)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() in _ARROWS)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or not self._blocks:
            super().keyPressEvent(event)
            return
        part = self._focus.part
        if part is None or not self.shows(part):
            self._focus.select(Part("weight", 1, 0, 0))
            return
        kind, layer, unit, source = part
        rows, columns = self._blocks[layer - 1].errors.shape
        row = rows - 1 if kind == "bias" else source
        across, down = step
        unit += across
        if not 0 <= unit < columns and 1 <= layer + across <= len(self._blocks):
            layer += across
            rows, columns = self._blocks[layer - 1].errors.shape
            unit = 0 if across > 0 else columns - 1
        row, unit = min(max(row + down, 0), rows - 1), min(max(unit, 0), columns - 1)
        self._focus.select(self._blocks[layer - 1].part(row, unit))


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Legend(QWidget):
    """The scale of the colours, with what they mean in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._words = ("", "", "")
        self.setFixedHeight(round(QFontMetricsF(self.font()).height() * 1.6))

    def set_look(self, theme: Theme, agrees: str, differs: str, kink: str) -> None:
        self._theme, self._words = theme, (agrees, differs, kink)
        self.setAccessibleName("; ".join(self._words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetricsF(self.font())
        agrees, differs, kink = self._words
        base, x = (self.height() + metrics.ascent() - metrics.descent()) / 2, MARGIN
        top, high = (self.height() - 10) / 2, 10.0

        def say(text: str, gap: float = 6.0) -> None:
            nonlocal x
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QPointF(x, base), text)
            x += metrics.horizontalAdvance(text) + gap

        def ramp(low: int, high_power: int) -> None:
            nonlocal x
            for power in range(low, high_power):
                painter.fillRect(QRectF(x, top, 11, high), colour(power + 0.5, self._theme))
                x += 11
            x += 6

        say(f"10{superscript(LOWEST)}")
        ramp(LOWEST, AGREES_BELOW)
        say(f"10{superscript(AGREES_BELOW)}")
        say(agrees, 16)
        ramp(AGREES_BELOW, HIGHEST)
        say("1")
        say(differs, 16)
        painter.fillRect(QRectF(x, top, 16, high), QColor(self._theme.canvas))
        hatch = QBrush(QColor(self._theme.muted), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(QRectF(x, top, 16, high), hatch)
        x += 22
        say(kink)


def _pooled(powers: Powers, most: int, axis: int) -> Powers:
    """At most `most` rows or columns, each the largest of those it stands for; kinks if nothing else."""
    length = powers.shape[axis]
    if length <= most:
        return powers
    starts = np.arange(most) * length // most
    known = np.where(np.isnan(powers), -np.inf, powers)
    pooled: Powers = np.maximum.reduceat(known, starts, axis=axis)
    pooled[np.isneginf(pooled)] = np.nan
    return pooled


def _power_text(power: float) -> str:
    """Give the power of ten in few characters; at the low end it may be smaller still."""
    return "≈0" if power <= LOWEST else str(math.floor(power)).replace("-", MINUS)
