"""Small maps of every unit's activation over the two inputs that vary."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
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
from gui.text.plain import tooltip
from gui.views.surface.pictures import shade, signed_shades, words_image

LEAST_SIDE, LARGEST_SIDE = 26, 60
"""Of a map in pixels: as large as there is room for."""

GAP = 6
MOST_UNITS = 64
"""Units of a layer that get a map."""

TIP_SIDE = 160


class UnitMaps(QScrollArea):
    """A row of maps a layer, the output layer last.

    Parameters
    ----------
    focus : Focus
        Of which the selected unit is framed; a click selects another.
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unitMaps")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._sheet = _Sheet(focus)
        self.setWidget(self._sheet)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def layers(self) -> tuple[FloatArray, ...]:
        """Activations (rows, columns, units) of every layer; empty before there are any."""
        return self._sheet.layers

    def show_layers(self, layers: tuple[FloatArray, ...], names: tuple[str, ...], step: int) -> None:
        """Draw the activations (rows, columns, units) of all layers after a step, from the bottom up."""
        self._sheet.show_layers(layers, names, step)
        self._sheet.fit(self.viewport().size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sheet.fit(self.viewport().size())

    def clear(self) -> None:
        """Show nothing: the network is another one."""
        self._sheet.show_layers((), (), 0)

    def picture(self, layer: int, unit: int, side: int = TIP_SIDE) -> QPixmap | None:
        """A map of one unit of layer 1..L, `side` pixels high; None before there is one."""
        return self._sheet.picture(layer, unit, side)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._sheet.set_theme(theme)


class _Sheet(QWidget):
    """What scrolls."""

    def __init__(self, focus: Focus) -> None:
        super().__init__()
        self._focus = focus
        focus.part_changed.connect(self._mark)
        self.setObjectName("unitMapSheet")
        self.layers: tuple[FloatArray, ...] = ()
        self._names: tuple[str, ...] = ()
        self._step = 0
        self._side = LARGEST_SIDE
        self._limits: list[float] = []
        self._pictures: list[list[QPixmap]] = []
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._shades = signed_shades(theme)
        self._draw()

    def show_layers(self, layers: tuple[FloatArray, ...], names: tuple[str, ...], step: int) -> None:
        self.layers, self._names, self._step = layers, names, step
        self._draw()

    def fit(self, room: QSize) -> None:
        """Make the maps as large as they can be in `room`."""
        if self._pictures:
            most = max(len(row) for row in self._pictures)
            across = (room.width() - self._label_width() - GAP - 2) / most
            down = (room.height() - GAP) / len(self._pictures)
            self._side = min(max(int(min(across, down)) - GAP, LEAST_SIDE), LARGEST_SIDE)
        if self.minimumSize() != self.sizeHint():
            self.setMinimumSize(self.sizeHint())
            self.update()

    def _draw(self) -> None:
        self._limits = [_limit(layer) for layer in self.layers]
        self._pictures = [
            [
                QPixmap.fromImage(words_image(self._words(layer[:, :, unit], limit)))
                for unit in range(min(layer.shape[2], MOST_UNITS))
            ]
            for layer, limit in zip(self.layers, self._limits, strict=True)
        ]
        self.update()

    def _words(self, values: FloatArray, limit: float) -> npt.NDArray[np.uint32]:
        return shade(values[::-1], limit, self._shades, QColor(self._theme.bad).rgb())

    def picture(self, layer: int, unit: int, side: int) -> QPixmap | None:
        if not (1 <= layer <= len(self.layers) and 0 <= unit < self.layers[layer - 1].shape[2]):
            return None
        values = self.layers[layer - 1][:, :, unit]
        image = words_image(self._words(values, self._limits[layer - 1]))
        smooth = image.scaled(
            side, side, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        return QPixmap.fromImage(smooth)

    def _label_width(self) -> float:
        metrics = QFontMetricsF(self.font())
        return max((metrics.horizontalAdvance(name) for name in self._names), default=0.0) + 12

    def _place(self, layer: int, unit: int) -> QRectF:
        left = self._label_width() + unit * (self._side + GAP) + 1
        return QRectF(left, GAP + layer * (self._side + GAP), self._side, self._side)

    def _unit_at(self, at: QPointF) -> tuple[int, int] | None:
        layer = int((at.y() - GAP / 2) // (self._side + GAP))
        unit = int((at.x() - self._label_width() + GAP / 2) // (self._side + GAP))
        if 0 <= layer < len(self._pictures) and 0 <= unit < len(self._pictures[layer]):
            return layer, unit
        return None

    def sizeHint(self) -> QSize:
        most = max((len(row) for row in self._pictures), default=0)
        return QSize(
            round(self._label_width()) + most * (self._side + GAP) + GAP,
            len(self._pictures) * (self._side + GAP) + GAP,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen = QRectF(event.rect())
        for layer, row in enumerate(self._pictures):
            first = self._place(layer, 0)
            if not seen.intersects(QRectF(0, first.top(), self.width(), self._side)):
                continue
            painter.setPen(QColor(self._theme.muted))
            label = QRectF(0, first.top(), first.left() - 8, self._side)
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._names[layer]
            )
            for unit, pixmap in enumerate(row):
                place = self._place(layer, unit)
                painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
                chosen = self._focus.part == Part("unit", layer + 1, unit)
                colour = self._theme.selection if chosen else self._theme.border
                painter.setPen(QPen(QColor(colour), 2.0 if chosen else 1.0))
                painter.drawRect(place)

    def _mark(self) -> None:
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._unit_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._focus.select(Part("unit", found[0] + 1, found[1]))

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
            self._names[layer],
            numbers.short(float(values.min())),
            numbers.short(float(values.max())),
            numbers.grouped(self._step),
        )


def _limit(values: FloatArray) -> float:
    """The magnitude with the full colour, shared by the maps of a layer."""
    known = values[np.isfinite(values)]
    return float(np.abs(known).max()) if known.size else 0.0
