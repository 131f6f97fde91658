"""How a layer's weights, activations and gradients are spread, as a ridge for each of several steps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QToolTip

from engine.diagnose import Quantity, Ridges, ridges
from gui.style.fonts import tabular
from gui.style.theme import blend
from gui.text.numbers import grouped, short, tick
from gui.text.parts import layer_name
from gui.text.plain import tooltip
from gui.training.aside import Work
from gui.training.messages import Frame
from gui.views.diagnosis.section import Picture, Section

QUANTITIES: tuple[Quantity, ...] = ("weights", "activations", "gradients")
LEFT, RIGHT, FOOT = 78.0, 14.0, 18.0
OVERLAP = 2.2
"""How many rows high a ridge may be."""


class RidgePlot(Picture):
    """Histograms behind one another, the newest in front."""

    def __init__(self) -> None:
        super().__init__("ridgePlot")
        self._ridges: Ridges | None = None
        self._step_name = "{step}"
        self._tip = "{step} {low} {high} {count} {all}"

    def show_ridges(self, found: Ridges, step_name: str, tip: str) -> None:
        """Show these."""
        self._ridges, self._step_name, self._tip = found, step_name, tip
        self.update()

    @property
    def _area(self) -> QRectF:
        return QRectF(LEFT, 6, max(1.0, self.width() - LEFT - RIGHT), max(1.0, self.height() - FOOT - 10))

    def draw(self, painter: QPainter) -> None:
        found, theme, area = self._ridges, self.theme, self._area
        if found is None or not len(found.steps):
            return
        painter.setFont(tabular(self.font(), 0.85))
        metrics = QFontMetricsF(painter.font())
        count, bins = found.counts.shape
        high = area.height() / (count - 1 + OVERLAP) * OVERLAP
        row = high / OVERLAP
        x = area.left() + area.width() * np.arange(bins + 1) / bins
        every = max(1, math.ceil(metrics.height() / max(row, 1.0)))
        low_end, high_end = float(found.edges[0]), float(found.edges[-1])
        for number, counts in enumerate(found.counts):
            base = area.top() + high + number * row
            most = max(1, int(counts.max()))
            top = base - counts / most * high * 0.95
            points = [QPointF(area.left(), base)]
            for left, right, y in zip(x[:-1].tolist(), x[1:].tolist(), top.tolist(), strict=True):
                points += [QPointF(left, y), QPointF(right, y)]
            points.append(QPointF(area.right(), base))
            painter.setBrush(blend(theme.surface, theme.positive, 0.15 + 0.35 * number / max(1, count - 1)))
            painter.setPen(QPen(QColor(theme.text), 1.0))
            painter.drawPolygon(QPolygonF(points))
            if (count - 1 - number) % every == 0:
                painter.setPen(QColor(theme.muted))
                box = QRectF(0, base - metrics.height() * 0.75, LEFT - 8, metrics.height())
                text = self._step_name.format(step=grouped(int(found.steps[number])))
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(theme.muted))
        base = area.bottom() + metrics.ascent() + 4
        for value in (low_end, 0.0, high_end) if low_end < 0 < high_end else (low_end, high_end):
            at = area.left() + area.width() * (value - low_end) / (high_end - low_end)
            text = "0" if value == 0 else short(value, 3) if value in (low_end, high_end) else tick(value)
            wide = metrics.horizontalAdvance(text)
            left = min(max(at - wide / 2, area.left()), area.right() - wide)
            if value == 0:
                painter.setPen(QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
                painter.setPen(QColor(theme.muted))
                if not area.left() + 70 < at < area.right() - 70:
                    continue
            painter.drawText(QPointF(left, base), text)

    def text_at(self, place: QPointF) -> str:
        """What the bin under the mouse holds, of the ridge whose foot is next below it."""
        found, area = self._ridges, self._area
        if found is None or not len(found.steps) or not area.contains(place):
            return ""
        count, bins = found.counts.shape
        high = area.height() / (count - 1 + OVERLAP) * OVERLAP
        number = int(np.clip(np.ceil((place.y() - area.top() - high) / (high / OVERLAP)), 0, count - 1))
        bin_ = min(bins - 1, int((place.x() - area.left()) / area.width() * bins))
        return self._tip.format(
            step=grouped(int(found.steps[number])),
            low=short(float(found.edges[bin_])),
            high=short(float(found.edges[bin_ + 1])),
            count=grouped(int(found.counts[number, bin_])),
            all=grouped(int(found.counts[number].sum())),
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if text := self.text_at(event.position()):
            QToolTip.showText(event.globalPosition().toPoint(), tooltip(text), self)


class RidgesSection(Section):
    """A layer and a quantity to choose, and their ridges."""

    def __init__(self) -> None:
        self._plot = RidgePlot()
        super().__init__("ridgesSection", self._plot)
        self._layer, self._quantity = QComboBox(), QComboBox()
        self._layer.setObjectName("ridgesLayer")
        self._quantity.setObjectName("ridgesQuantity")
        for box in (self._layer, self._quantity):
            self.choices.addWidget(box)
            box.activated.connect(self.wanted)

    def title(self) -> str:
        return self.tr("Histograms")

    def explained(self) -> str:
        return self.tr("One ridge a step, the newest in front, each as high as its fullest bin.")

    def show_frame(self, frame: Frame) -> None:
        last = len(frame.record.z)
        names = [layer_name(layer, last) for layer in range(1, last + 1)]
        if names != [self._layer.itemText(i) for i in range(self._layer.count())]:
            chosen = max(0, self._layer.currentIndex())
            self._layer.clear()
            self._layer.addItems(names)
            self._layer.setCurrentIndex(min(chosen, last - 1))
        super().show_frame(frame)

    def retranslate(self) -> None:
        chosen = max(0, self._quantity.currentIndex())
        self._quantity.clear()
        self._quantity.addItems([self.tr("weights, biases"), self.tr("activations"), self.tr("gradients")])
        self._quantity.setCurrentIndex(chosen)
        self._layer.setAccessibleName(self.tr("Layer"))
        self._quantity.setAccessibleName(self.tr("Quantity"))
        if self.frame is not None:
            self._layer.clear()
            self.show_frame(self.frame)
        super().retranslate()

    def work(self) -> Work:
        layer, quantity = self._layer.currentIndex() + 1, QUANTITIES[max(0, self._quantity.currentIndex())]
        return lambda trainer, stop: ridges(trainer, max(1, layer), quantity, stop=stop)

    def draw(self, result: Any) -> str:
        found: Ridges = result
        if not found.counts.any():
            return self.tr("No number here is finite.")
        tip = self.tr("After step {step}: {count} of {all} from {low} to {high}")
        self._plot.show_ridges(found, self.tr("step {step}"), tip)
        return ""
