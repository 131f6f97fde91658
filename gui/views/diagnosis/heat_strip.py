"""The size of each layer's gradient over all steps, as a strip of shades: layers by steps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip

from engine.diagnose import Finding, GradientStrip, gradient_strip
from gui.style.fonts import tabular
from gui.style.theme import Theme, blend
from gui.text.findings import label
from gui.text.numbers import grouped, short, tick
from gui.text.parts import layer_name
from gui.text.plain import tooltip
from gui.training.aside import Work
from gui.views.diagnosis.section import Picture, Section

LEGEND = 120.0
SHADES = 64


def shades(theme: Theme) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """From pale, the least, to the colour of text, the greatest."""
    colours = [blend(theme.surface, theme.text, 0.06 + 0.94 * k / (SHADES - 1)).rgb() for k in range(SHADES)]
    return np.array(colours, dtype=np.uint32)


class HeatStrip(Picture):
    """Rows of shades.

    Signals
    -------
    step_chosen(int)
    """

    step_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("gradientStrip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._strip: GradientStrip | None = None
        self._births: tuple[tuple[int, int, str], ...] = ()
        self._names: tuple[str, ...] = ()
        self._step_name = ""
        self._tip = ("", "")

    @property
    def births(self) -> tuple[tuple[int, int, str], ...]:
        """The layer, the step and the name of what is marked; layer 0 is all of them."""
        return self._births

    def show_strip(
        self,
        strip: GradientStrip,
        births: tuple[tuple[int, int, str], ...],
        step_name: str,
        tip: tuple[str, str],
    ) -> None:
        """Show a strip, with marks where something began."""
        self._strip, self._births, self._step_name, self._tip = strip, births, step_name, tip
        last = len(strip.powers)
        self._names = tuple(layer_name(layer, last) for layer in range(1, last + 1))
        self.update()

    @property
    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self.font())
        left = max((metrics.horizontalAdvance(name) for name in self._names), default=40.0) + 10
        return QRectF(left, 4, max(1.0, self.width() - left - LEGEND), max(1.0, self.height() - 30))

    @property
    def range(self) -> tuple[float, float]:
        """Powers of ten of the palest and the darkest shade."""
        assert self._strip is not None
        known = self._strip.powers[np.isfinite(self._strip.powers)]
        if not len(known):
            return -1.0, 0.0
        low, high = math.floor(float(known.min())), math.ceil(float(known.max()))
        return float(low), float(high if high > low else low + 1)

    def draw(self, painter: QPainter) -> None:
        strip, theme, area = self._strip, self.theme, self._area
        if strip is None or not len(strip.first):
            return
        painter.setFont(tabular(self.font(), 0.88))
        low, high = self.range
        layers = len(strip.powers)
        row = area.height() / layers
        scaled = np.clip((strip.powers - low) / (high - low), 0, 1) * (SHADES - 1)
        words = np.append(shades(theme), np.uint32(QColor(theme.canvas).rgb()))
        known = np.isfinite(strip.powers)
        place = np.where(known, np.nan_to_num(scaled).round(), SHADES).astype(np.intp)
        pixels = np.ascontiguousarray(words[place])
        image = QImage(
            pixels.data, pixels.shape[1], layers, 4 * pixels.shape[1], QImage.Format.Format_RGB32
        ).copy()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, image)
        hatch = QBrush(QColor(theme.muted), Qt.BrushStyle.BDiagPattern)
        wide = area.width() / pixels.shape[1]
        for layer, column in zip(*np.nonzero(~known), strict=True):
            cell = QRectF(area.left() + column * wide, area.top() + layer * row, wide + 0.5, row)
            painter.fillRect(cell, hatch)
        every = max(1, math.ceil(QFontMetricsF(painter.font()).height() / row))
        for layer, name in enumerate(self._names):
            top = area.top() + layer * row
            painter.setPen(QPen(QColor(theme.surface), 1.5))
            painter.drawLine(QPointF(area.left(), top), QPointF(area.right(), top))
            if layer % every == 0 or layer == layers - 1:
                painter.setPen(QColor(theme.text))
                box = QRectF(0, top - row, area.left() - 8, 3 * row)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        self._draw_births(painter, area, row)
        self._draw_foot(painter, area)
        self._draw_legend(painter, area, low, high)

    def _draw_births(self, painter: QPainter, area: QRectF, row: float) -> None:
        painter.setPen(QPen(QColor(self.theme.surface), 1.5))
        painter.setBrush(QColor(self.theme.text))
        for layer, step, _ in self._births:
            x = self.x_of(step)
            y = area.top() + (layer - 0.5) * row if layer else area.top() + area.height() / 2
            corners = ((x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))

    def _draw_foot(self, painter: QPainter, area: QRectF) -> None:
        assert self._strip is not None
        metrics = QFontMetricsF(painter.font())
        last = int(self._strip.last[-1])
        painter.setPen(QColor(self.theme.muted))
        base = area.bottom() + metrics.ascent() + 3
        painter.drawText(QPointF(area.left(), base), f"{self._step_name} 1")
        end = grouped(last)
        painter.drawText(QPointF(area.right() - metrics.horizontalAdvance(end), base), end)

    def _draw_legend(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        box = QRectF(area.right() + 16, area.top() + 4, 14, max(10.0, area.height() - 8))
        for number, shade in enumerate(shades(self.theme).tolist()):
            y = box.bottom() - (number + 1) * box.height() / SHADES
            painter.fillRect(QRectF(box.left(), y, box.width(), box.height() / SHADES + 1), QColor(shade))
        painter.setPen(QColor(self.theme.muted))
        for power, y in ((high, box.top() + 8), (low, box.bottom())):
            painter.drawText(QPointF(box.right() + 6, y), tick(10.0**power))

    def x_of(self, step: int) -> float:
        """Where a step is."""
        assert self._strip is not None
        area = self._area
        return area.left() + area.width() * min(
            1.0, max(0.0, (step - 0.5) / max(1, int(self._strip.last[-1])))
        )

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """The layer (from 1) and the column under the mouse."""
        strip, area = self._strip, self._area
        if strip is None or not len(strip.first) or not area.contains(place):
            return None
        layers, columns = strip.powers.shape
        layer = int((place.y() - area.top()) / area.height() * layers)
        column = int((place.x() - area.left()) / area.width() * columns)
        return min(layer, layers - 1) + 1, min(column, columns - 1)

    def text_at(self, layer: int, column: int) -> str:
        """What a cell says."""
        assert self._strip is not None
        strip = self._strip
        steps = grouped(int(strip.first[column]))
        if strip.first[column] != strip.last[column]:
            steps = f"{steps}–{grouped(int(strip.last[column]))}"
        power, zeros = float(strip.powers[layer - 1, column]), float(strip.zeros[layer - 1, column])
        size = short(10.0**power) if math.isfinite(power) else short(0.0 if zeros else math.nan)
        lines = [self._tip[0].format(layer=self._names[layer - 1], steps=steps, size=size)]
        if 0 < zeros < 1:
            lines.append(self._tip[1].format(share=short(100 * zeros, 3)))
        lines += [
            text
            for at, step, text in self._births
            if at in (0, layer) and strip.first[column] <= max(step, 1) <= strip.last[column]
        ]
        return "\n".join(lines)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None:
            QToolTip.showText(event.globalPosition().toPoint(), tooltip(self.text_at(*cell)), self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and self._strip is not None and event.button() is Qt.MouseButton.LeftButton:
            self.step_chosen.emit(int(self._strip.last[cell[1]]))


class StripSection(Section):
    """Log |gradient| of each layer over all steps, with what began where."""

    def __init__(self) -> None:
        self.strip = HeatStrip()
        self._findings: tuple[Finding, ...] = ()
        super().__init__("stripSection", self.strip)

    def title(self) -> str:
        return self.tr("Gradient sizes")

    def explained(self) -> str:
        return self.tr(
            "The norm of each layer's gradient at every step, darker where it is larger; hatched where it is "
            "exactly 0. A diamond marks where a fault began; a click goes to the step."
        )

    def work(self) -> Work:
        return lambda trainer, stop: gradient_strip(trainer)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Mark where these began."""
        self._findings = findings
        self._show()

    def draw(self, result: Any) -> str:
        strip: GradientStrip = result
        births = tuple(
            (0 if f.where is None else f.where.layer, f.since, self._birth(f)) for f in self._findings
        )
        tip = (
            self.tr("{layer}, steps {steps}: mean size of the gradient {size}"),
            self.tr("exactly 0 in {share} % of the steps"),
        )
        self.strip.show_strip(strip, births, self.tr("step"), tip)
        return ""

    def _birth(self, finding: Finding) -> str:
        text = self.tr("Since step {step}: {cause}")
        return text.format(step=grouped(finding.since), cause=label(finding))
