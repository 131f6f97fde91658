"""A small plot of a few curves, with axes that are linear or logarithmic, marks, and values on hover."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.arrays import FloatArray
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import short, tick
from gui.text.plain import tooltip

LEFT, RIGHT, TOP, BOTTOM = 62.0, 14.0, 8.0, 34.0
DECADES = 12.0
"""A logarithmic axis reaches so many below the largest of each curve: a number near 0 flattens nothing."""

MOST_POINTS = 800
"""Of a curve with more points each pixel or so shows a mean."""


class Curve(NamedTuple):
    """Points joined by a line.

    Attributes
    ----------
    name : str
    x, y : (n,)
        Where y is not finite the line is broken.
    colour : function of the theme
    dash : tuple of float
    dots : bool
        Whether the points are drawn and not joined.
    """

    name: str
    x: FloatArray
    y: FloatArray
    colour: Callable[[Theme], str]
    dash: tuple[float, ...] = ()
    dots: bool = False


class Mark(NamedTuple):
    """A vertical line at `x`, with what it is."""

    x: float
    name: str


class Axis(NamedTuple):
    """What one axis is, and its ends as they are drawn: powers of ten where it is logarithmic."""

    name: str
    low: float
    high: float
    log: bool = False

    def place(self, values: FloatArray) -> FloatArray:
        """Where values are, 0 at the low end and 1 at the high one; nan where there is no place."""
        with np.errstate(all="ignore"):
            shown = np.log10(values) if self.log else np.asarray(values, dtype=np.float64)
            found: FloatArray = (shown - self.low) / (self.high - self.low)
        return np.where(np.isfinite(found), found, np.nan)

    def value(self, place: float) -> float:
        """The value at a place."""
        shown = self.low + place * (self.high - self.low)
        return float(10.0**shown) if self.log else shown


def axis(name: str, values: Sequence[FloatArray], log: bool = False, margin: float = 0.0) -> Axis:
    """An axis that holds all finite values; a logarithmic one not those far below the rest of their curve."""
    with np.errstate(all="ignore"):
        parts = [np.ravel(np.log10(v) if log else v) for v in values]
    parts = [found for part in parts if len(found := part[np.isfinite(part)])]
    flat = np.concatenate(parts) if parts else np.empty(0)
    low, high = (float(flat.min()), float(flat.max())) if len(flat) else (0.0, 1.0)
    if log and parts:
        low = max(low, min(float(part.max()) for part in parts) - DECADES)
    if high - low < 1e-12 * max(1.0, abs(high)):
        half = 0.5 if log else max(abs(high) * 0.1, 1e-9)
        low, high = low - half, high + half
    room = margin * (high - low)
    return Axis(name, low - room, high + room, log)


def thinned(x: FloatArray, y: FloatArray, most: int = MOST_POINTS) -> tuple[FloatArray, FloatArray, int]:
    """A curve as means of so many of its points, and how many each stands for."""
    span = max(1, -(-len(x) // most))
    if span == 1:
        return x, y, 1
    starts = np.arange(0, len(x), span)
    counts = np.diff(np.append(starts, len(x)))
    with np.errstate(all="ignore"):
        return np.add.reduceat(x, starts) / counts, np.add.reduceat(y, starts) / counts, span


class Plot(QWidget):
    """Curves over one x axis.

    Parameters
    ----------
    name : str
        Its objectName.
    takes : bool
        Whether a click takes the value of x under the mouse.

    Signals
    -------
    taken(float)
    """

    taken = Signal(float)

    def __init__(self, name: str, parent: QWidget | None = None, *, takes: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMouseTracking(True)
        self._takes = takes
        self._theme = LIGHT
        self._x, self._y = Axis("", 0, 1), Axis("", 0, 1)
        self._curves: tuple[Curve, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._mouse: float | None = None
        self._chosen: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if takes:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._curves

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is marked."""
        return self._marks

    def show_curves(self, x: Axis, y: Axis, curves: Sequence[Curve], marks: Sequence[Mark] = ()) -> None:
        """Draw these."""
        self._x, self._y, self._curves, self._marks = x, y, tuple(curves), tuple(marks)
        self._mouse = None
        self.setAccessibleDescription("; ".join([*(c.name for c in curves), *(m.name for m in marks)]))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 110)

    @property
    def _area(self) -> QRectF:
        legend = QFontMetricsF(self.font()).height() + 2
        return QRectF(LEFT, TOP + legend, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM - legend)

    def place_of(self, x: float) -> QPointF:
        """Where a value of x is, half way up."""
        area = self._area
        share = float(self._x.place(np.array([x]))[0])
        return QPointF(area.left() + share * area.width(), area.center().y())

    def _value_at(self, x: float) -> float | None:
        area = self._area
        share = (x - area.left()) / max(1.0, area.width())
        return self._x.value(share) if -0.01 <= share <= 1.01 else None

    # -- drawing -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        if not self._curves:
            return
        painter.setFont(tabular(self.font(), 0.88))
        area = self._area
        self._paint_axes(painter, area)
        self._paint_legend(painter, area)
        painter.save()
        painter.setClipRect(area.adjusted(-4, -4, 4, 4))
        for curve in self._curves:
            self._paint_curve(painter, area, curve)
        painter.restore()
        for mark in self._marks:
            self._paint_line(painter, area, mark.x, self._theme.text, Qt.PenStyle.DashLine)
        if self._mouse is not None:
            self._paint_line(painter, area, self._mouse, self._theme.selection, Qt.PenStyle.SolidLine)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.text), 1.5))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        ticks_y = _ticks(self._y, area.height() / 34)
        ticks_x = _ticks(self._x, area.width() / 80)
        for shown, text in ticks_y:
            y = area.bottom() - area.height() * (shown - self._y.low) / (self._y.high - self._y.low)
            painter.setPen(QColor(self._theme.grid))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self._theme.muted))
            box = QRectF(0, y - 8, LEFT - 8, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(self._theme.muted))
        for shown, text in ticks_x:
            x = area.left() + area.width() * (shown - self._x.low) / (self._x.high - self._x.low)
            width = metrics.horizontalAdvance(text) + 4
            left = min(max(x - width / 2, 0.0), self.width() - width)
            box = QRectF(left, area.bottom() + 3, width, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        box = QRectF(area.left(), area.bottom() + 17, area.width(), 15)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._x.name)

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        """Name the curves and the y axis above the area; what there is no room for is left to hover."""
        metrics = QFontMetricsF(painter.font())
        x, base = area.left(), area.top() - 8
        for curve in self._curves:
            width = metrics.horizontalAdvance(curve.name)
            if x + 24 + width > self.width():
                break
            painter.setPen(_pen(QColor(curve.colour(self._theme)), curve.dash))
            y = base - metrics.ascent() / 2 + 1
            if curve.dots:
                painter.setBrush(QColor(curve.colour(self._theme)))
                painter.drawEllipse(QPointF(x + 9, y), 2.5, 2.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            else:
                painter.drawLine(QPointF(x, y), QPointF(x + 18, y))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QPointF(x + 23, base), curve.name)
            x += 23 + width + 16
        width = metrics.horizontalAdvance(self._y.name)
        if x + width <= self.width():
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QPointF(self.width() - width - 4, base), self._y.name)
        painter.setPen(QColor(self._theme.muted))
        for number, mark in enumerate(self._marks):
            place = self.place_of(mark.x).x()
            width = metrics.horizontalAdvance(mark.name)
            if area.left() <= place <= area.right():
                left = min(max(place + 4, area.left()), area.right() - width)
                y = area.top() + metrics.ascent() + number * metrics.height()  # names do not overlap
                painter.drawText(QPointF(left, y), mark.name)

    def _paint_curve(self, painter: QPainter, area: QRectF, curve: Curve) -> None:
        x = area.left() + self._x.place(curve.x) * area.width()
        y = area.bottom() - np.clip(self._y.place(curve.y), -3.0, 4.0) * area.height()
        colour = QColor(curve.colour(self._theme))
        known = np.isfinite(x) & np.isfinite(y)
        if curve.dots:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for px, py in zip(x[known].tolist(), y[known].tolist(), strict=True):
                painter.drawEllipse(QPointF(px, py), 2.5, 2.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            return
        painter.setPen(_pen(colour, curve.dash))
        ends = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(np.int8), [0]])))
        for start, stop in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
            points = [
                QPointF(a, b) for a, b in zip(x[start:stop].tolist(), y[start:stop].tolist(), strict=True)
            ]
            if len(points) == 1:
                painter.drawPoint(points[0])
            else:
                painter.drawPolyline(QPolygonF(points))

    def _paint_line(
        self, painter: QPainter, area: QRectF, value: float, colour: str, style: Qt.PenStyle
    ) -> None:
        x = self.place_of(value).x()
        if area.left() - 1 <= x <= area.right() + 1:
            painter.setPen(QPen(QColor(colour), 1.2, style))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    # -- mouse and keys ----------------------------------------------------------------------------

    def read_out(self, x: float) -> list[str]:
        """What the curves are at x, or next to it."""
        lines = [f"{self._x.name}: {short(x)}"]
        for curve in self._curves:
            if not len(curve.x):
                continue
            with np.errstate(all="ignore"):
                away = np.abs(self._x.place(curve.x) - self._x.place(np.array([x])))
            if np.isfinite(away).any():
                at = int(np.nanargmin(away))
                lines.append(f"{curve.name}: {short(float(curve.y[at]))} ({short(float(curve.x[at]))})")
        return lines

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = self._value_at(event.position().x()) if self._curves else None
        if self._mouse is not None:
            QToolTip.showText(
                event.globalPosition().toPoint(), tooltip("\n".join(self.read_out(self._mouse))), self
            )
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self.update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        value = self._value_at(event.position().x()) if self._curves else None
        if self._takes and value is not None and event.button() is Qt.MouseButton.LeftButton:
            self.taken.emit(value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._takes:
            event.setAccepted(event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._takes or not self._curves:
            super().keyPressEvent(event)
            return
        middle = self._x.value(0.5)
        at = self._mouse if self._mouse is not None else middle
        share = float(self._x.place(np.array([at]))[0])
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 0.02 if event.key() == Qt.Key.Key_Right else -0.02
            self._mouse = self._x.value(min(max(share + step, 0.0), 1.0))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(at)
        else:
            super().keyPressEvent(event)


def _pen(colour: QColor, dash: tuple[float, ...]) -> QPen:
    pen = QPen(colour, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern(list(dash))
    return pen


def _ticks(axis: Axis, count: float) -> list[tuple[float, str]]:
    """Round places of an axis, at most about so many, as it draws them."""
    low, high = axis.low, axis.high
    if axis.log and high - low >= 1:
        every = max(1, math.ceil((high - low) / max(1.0, count)))
        powers = range(math.ceil(low / every) * every, math.floor(high) + 1, every)
        return [(float(power), tick(10.0**power)) for power in powers]
    if axis.log:
        return [(shown, short(10.0**shown, 3)) for shown in np.linspace(low, high, 3).tolist()]
    rough = (high - low) / max(1.0, count)
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    every_value = next((m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough), power)
    first, last = math.ceil(low / every_value), math.floor(high / every_value)
    return [(number * every_value, tick(number * every_value)) for number in range(first, last + 1)]
