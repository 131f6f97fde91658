"""The pictures on the buttons of the toolbar, drawn in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

Draw = Callable[[QPainter], None]
"""Draws into a square of 16 pixels; the brush has the colour, and there is no pen."""

_SIZE = 16
_SCALES = (1, 2, 3, 4, 5)
"""Of the pictures that an icon has, for large text and fine screens: it is shown smaller, never larger."""


def run_icon(colour: str, disabled: str) -> QIcon:
    """A triangle."""
    return drawn(lambda painter: _triangle(painter, 4.0, 13.5), colour, disabled)


def pause_icon(colour: str, disabled: str) -> QIcon:
    """Two bars."""

    def draw(painter: QPainter) -> None:
        painter.drawRect(QRectF(3.5, 3, 3.2, 10))
        painter.drawRect(QRectF(9.3, 3, 3.2, 10))

    return drawn(draw, colour, disabled)


def pause_when_icon(colour: str, disabled: str) -> QIcon:
    """Two bars in a circle."""

    def draw(painter: QPainter) -> None:
        fill = painter.brush()
        painter.drawRect(QRectF(5.4, 5, 1.8, 6))
        painter.drawRect(QRectF(8.8, 5, 1.8, 6))
        painter.setPen(QPen(fill, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(1.5, 1.5, 13, 13))

    return drawn(draw, colour, disabled)


def step_icon(colour: str, disabled: str) -> QIcon:
    """A triangle that runs against a bar."""

    def draw(painter: QPainter) -> None:
        _triangle(painter, 3.0, 10.5)
        painter.drawRect(QRectF(11, 3.5, 2, 9))

    return drawn(draw, colour, disabled)


def step_back_icon(colour: str, disabled: str) -> QIcon:
    """The same, the other way."""

    def draw(painter: QPainter) -> None:
        _triangle(painter, 13.0, 5.5)
        painter.drawRect(QRectF(3, 3.5, 2, 9))

    return drawn(draw, colour, disabled)


def reset_icon(colour: str, disabled: str) -> QIcon:
    """An arrow that goes round to where it began."""

    def draw(painter: QPainter) -> None:
        fill = painter.brush()
        arc = QPainterPath()
        box = QRectF(3, 3, 10, 10)
        arc.arcMoveTo(box, 130)
        arc.arcTo(box, 130, 290)
        painter.setPen(QPen(fill, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(arc)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([QPointF(1.8, 1.8), QPointF(1.8, 7.6), QPointF(7.6, 5.6)]))

    return drawn(draw, colour, disabled)


def _triangle(painter: QPainter, base: float, tip: float) -> None:
    painter.drawPolygon(QPolygonF([QPointF(base, 2.5), QPointF(tip, 8), QPointF(base, 13.5)]))


def open_arrow(painter: QPainter) -> None:
    """A triangle that points down."""
    painter.drawPolygon(QPolygonF([QPointF(2, 4), QPointF(14, 4), QPointF(8, 13)]))


def folded_arrow(painter: QPainter) -> None:
    """A triangle that points right."""
    painter.drawPolygon(QPolygonF([QPointF(4, 2), QPointF(13, 8), QPointF(4, 14)]))


def table(painter: QPainter) -> None:
    """Rows under a head."""
    painter.drawRect(QRectF(2, 2.5, 12, 3))
    for top in (7.0, 11.0):
        for left in (2.0, 8.5):
            painter.drawRect(QRectF(left, top, 5.5, 2.5))


def graph(painter: QPainter) -> None:
    """Three units and the lines between them."""
    fill = painter.brush()
    painter.setPen(QPen(fill, 1.2))
    for place in (QPointF(3.5, 4), QPointF(3.5, 12)):
        painter.drawLine(place, QPointF(12.5, 8))
    painter.setPen(Qt.PenStyle.NoPen)
    for place in (QPointF(3.5, 4), QPointF(3.5, 12), QPointF(12.5, 8)):
        painter.drawEllipse(place, 2.6, 2.6)


def descent(painter: QPainter) -> None:
    """A curve that goes down."""
    painter.setPen(QPen(painter.brush(), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath(QPointF(2, 2.5))
    path.cubicTo(QPointF(3.5, 11), QPointF(7, 13), QPointF(14, 13))
    painter.drawPath(path)


def dots(painter: QPainter) -> None:
    """Three dots."""
    for x in (3.0, 8.0, 13.0):
        painter.drawEllipse(QPointF(x, 8), 1.7, 1.7)


def bars(painter: QPainter) -> None:
    """Three bars of different lengths."""
    for top, length in ((2.5, 12.0), (6.8, 8.0), (11.1, 5.0)):
        painter.drawRect(QRectF(2, top, length, 2.6))


def drawn(draw: Draw, colour: str, disabled: str) -> QIcon:
    """An icon in the colour of what can be pressed, and of what cannot."""
    icon = QIcon()
    for mode, name in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for scale in _SCALES:
            pixmap = QPixmap(_SIZE * scale, _SIZE * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.scale(scale, scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(name))
            draw(painter)
            painter.end()
            icon.addPixmap(pixmap, mode)
    return icon
