"""The pictures on the buttons of the toolbar, drawn in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

_SIZE = 16
_SCALES = (1, 2, 3, 4)


def run_icon(colour: str, disabled: str) -> QIcon:
    """A triangle."""
    return _icon(lambda painter: _triangle(painter, 4.0, 13.5), colour, disabled)


def pause_icon(colour: str, disabled: str) -> QIcon:
    """Two bars."""

    def draw(painter: QPainter) -> None:
        painter.drawRect(QRectF(3.5, 3, 3.2, 10))
        painter.drawRect(QRectF(9.3, 3, 3.2, 10))

    return _icon(draw, colour, disabled)


def step_icon(colour: str, disabled: str) -> QIcon:
    """A triangle that runs against a bar."""

    def draw(painter: QPainter) -> None:
        _triangle(painter, 3.0, 10.5)
        painter.drawRect(QRectF(11, 3.5, 2, 9))

    return _icon(draw, colour, disabled)


def step_back_icon(colour: str, disabled: str) -> QIcon:
    """The same, the other way."""

    def draw(painter: QPainter) -> None:
        _triangle(painter, 13.0, 5.5)
        painter.drawRect(QRectF(3, 3.5, 2, 9))

    return _icon(draw, colour, disabled)


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

    return _icon(draw, colour, disabled)


def _triangle(painter: QPainter, base: float, tip: float) -> None:
    painter.drawPolygon(QPolygonF([QPointF(base, 2.5), QPointF(tip, 8), QPointF(base, 13.5)]))


def _icon(draw: Callable[[QPainter], None], colour: str, disabled: str) -> QIcon:
    icon = QIcon()
    for mode, name in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for scale in _SCALES:
            pixmap = QPixmap(_SIZE * scale, _SIZE * scale)
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(name))
            draw(painter)
            painter.end()
            icon.addPixmap(pixmap, mode)
    return icon
