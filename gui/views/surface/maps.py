"""Small maps of every unit's activation over the two inputs that vary."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from engine.arrays import FloatArray
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import layer_name
from gui.text.plain import tooltip
from gui.views.surface.pictures import shade, signed_shades, words_image
from gui.widgets.focus_ring import FocusRing

LEAST_SIDE, LARGEST_SIDE = 30, 64
"""Of a map in pixels: as large as there is room for."""

GAP = 6
MOST_UNITS = 64
"""Units of a layer that get a map."""

TIP_SIDE = 160


class UnitMaps(QScrollArea):
    """The maps of all units, layer after layer, in as many rows as they need.

    Parameters
    ----------
    focus : Focus
        Of which the selected unit is framed.

    Signals
    -------
    hovered(Part or None), clicked(Part)
        A unit, by its map.
    """

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unitMaps")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sheet = _Sheet(focus)
        self._sheet.hovered.connect(self.hovered)
        self._sheet.clicked.connect(self.clicked)
        self.setWidget(self._sheet)
        FocusRing(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    @property
    def layers(self) -> tuple[FloatArray, ...]:
        """Activations (rows, columns, units) of every layer; empty before there are any."""
        return self._sheet.layers

    def values(self, part: Part) -> tuple[FloatArray, float]:
        """The activations of one unit (rows, columns), and the magnitude that has the full colour."""
        values: FloatArray = self._sheet.layers[part.layer - 1][:, :, part.unit]
        return values, self._sheet.limits[part.layer - 1]

    def show_layers(self, layers: tuple[FloatArray, ...], step: int) -> None:
        """Draw the activations (rows, columns, units) of all layers after a step, from the bottom up."""
        self._sheet.show_layers(layers, step)
        self._sheet.fit(self.viewport().size())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, LEAST_SIDE + self.fontMetrics().height() + GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sheet.fit(self.viewport().size())

    def clear(self) -> None:
        """Show nothing: the network is another one."""
        self._sheet.show_layers((), 0)

    def picture(self, layer: int, unit: int, side: int = TIP_SIDE) -> QPixmap | None:
        """A map of one unit of layer 1..L, `side` pixels high; None before there is one."""
        return self._sheet.picture(layer, unit, side)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._sheet.set_theme(theme)


class _Sheet(QWidget):
    """What scrolls."""

    hovered = Signal(object)
    clicked = Signal(object)

    def __init__(self, focus: Focus) -> None:
        super().__init__()
        self._focus = focus
        focus.part_changed.connect(self._mark)
        self.setObjectName("unitMapSheet")
        self.setMouseTracking(True)
        self.layers: tuple[FloatArray, ...] = ()
        self._step = 0
        self._side = LARGEST_SIDE
        self._starts: list[int] = []
        self.limits: list[float] = []
        self._pictures: list[list[QPixmap]] = []
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._shades = signed_shades(theme)
        self._draw()

    def show_layers(self, layers: tuple[FloatArray, ...], step: int) -> None:
        self.layers, self._step = layers, step
        self._draw()

    def fit(self, room: QSize) -> None:
        """Make the maps as large as they can be in `room`, where as many of them are seen as can be."""
        total = sum(map(len, self._pictures))

        def seen(side: int) -> int:
            rows = max(1, int(room.height() // self._row(side)))
            return min(total, rows * self._columns(side, room.width()))

        self._side = max(range(LEAST_SIDE, LARGEST_SIDE + 1), key=lambda side: (seen(side), side))
        height = self._height(self._side, room.width()) if self._pictures else 0
        if self.minimumHeight() != height:
            self.setMinimumHeight(height)
        self.update()

    def _columns(self, side: int, width: int) -> int:
        return max(1, (width + GAP) // (side + GAP))

    def _height(self, side: int, width: int) -> int:
        rows = -(-sum(map(len, self._pictures)) // self._columns(side, width))
        return round(rows * self._row(side))

    def _row(self, side: int) -> float:
        return side + QFontMetricsF(self._small_font()).height() + GAP

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(6.5, font.pointSizeF() * 0.85))
        return font

    def _draw(self) -> None:
        self.limits = [_limit(layer) for layer in self.layers]
        # of a single output the large picture is the map
        seen = self.layers[:-1] if len(self.layers) > 1 and self.layers[-1].shape[2] == 1 else self.layers
        self._pictures = [
            [
                QPixmap.fromImage(words_image(words))
                for words in np.moveaxis(self._words(layer[:, :, :MOST_UNITS], limit), 2, 0)
            ]
            for layer, limit in zip(seen, self.limits, strict=False)
        ]
        self._starts = [sum(map(len, self._pictures[:layer])) for layer in range(len(self._pictures))]
        self.update()

    def _words(self, values: FloatArray, limit: float) -> npt.NDArray[np.uint32]:
        return shade(values[::-1], limit, self._shades, QColor(self._theme.bad).rgb())

    def picture(self, layer: int, unit: int, side: int) -> QPixmap | None:
        if not (1 <= layer <= len(self.layers) and 0 <= unit < self.layers[layer - 1].shape[2]):
            return None
        values = self.layers[layer - 1][:, :, unit]
        image = words_image(self._words(values, self.limits[layer - 1]))
        smooth = image.scaled(
            side, side, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        return QPixmap.fromImage(smooth)

    def _place(self, layer: int, unit: int) -> QRectF:
        row, column = divmod(self._starts[layer] + unit, self._columns(self._side, self.width()))
        return QRectF(
            column * (self._side + GAP) + 1, row * self._row(self._side) + 1, self._side - 2, self._side - 2
        )

    def _unit_at(self, at: QPointF) -> tuple[int, int] | None:
        columns = self._columns(self._side, self.width())
        column, row = int(at.x() // (self._side + GAP)), int(at.y() // self._row(self._side))
        place = row * columns + column
        if column >= columns or at.x() < 0 or at.y() < 0:
            return None
        for layer in reversed(range(len(self._starts))):
            if place >= self._starts[layer]:
                unit = place - self._starts[layer]
                return (layer, unit) if unit < len(self._pictures[layer]) else None
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._small_font())
        seen, height = QRectF(event.rect()), painter.fontMetrics().height()
        part = self._focus.part
        for layer, row in enumerate(self._pictures):
            for unit, pixmap in enumerate(row):
                place = self._place(layer, unit)
                label = QRectF(place.left() - GAP / 2, place.bottom() + 1, place.width() + GAP, height)
                if not seen.intersects(place.united(label)):
                    continue
                painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
                chosen = part is not None and part.kind != "loss" and part.layer == layer + 1
                chosen = chosen and part is not None and part.kind != "layer" and part.unit == unit
                colour = self._theme.selection if chosen else self._theme.muted
                painter.setPen(QPen(QColor(colour), 2.0 if chosen else 1.0))
                painter.drawRect(place)
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, f"{layer + 1}·{unit + 1}")

    def _mark(self) -> None:
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._unit_at(event.position())
        self.hovered.emit(None if found is None else Part("unit", found[0] + 1, found[1]))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._unit_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(Part("unit", found[0] + 1, found[1]))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._unit_at(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
                event.ignore()
            else:
                QToolTip.showText(event.globalPos(), tooltip(self.tip(*found)), self)
            return True
        return super().event(event)

    def tip(self, layer: int, unit: int) -> str:
        """What is said of a unit under the pointer."""
        values = self.layers[layer][:, :, unit]
        return self.tr("Unit {0} of {1}: a from {2} to {3} over this plane, after step {4}").format(
            unit + 1,
            layer_name(layer + 1, len(self.layers)),
            numbers.short(float(values.min())),
            numbers.short(float(values.max())),
            numbers.grouped(self._step),
        )


def _limit(values: FloatArray) -> float:
    """The magnitude with the full colour, shared by the maps of a layer."""
    known = values[np.isfinite(values)]
    return float(np.abs(known).max()) if known.size else 0.0
