"""All of the Hessian of a small network, as a picture, and its eigenvalues, as a table."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolTip, QVBoxLayout, QWidget

from engine.diagnose import MOST_PARAMETERS, Spectrum, spectrum
from engine.parts import Part
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import grouped, short
from gui.text.plain import tooltip
from gui.text.symbols import part_plain
from gui.training.aside import Work
from gui.training.messages import Frame
from gui.views.diagnosis.section import Picture, Section
from gui.widgets.table import Cell, Table, number


class HessianPicture(Picture):
    """One cell for each pair of parameters: blue where the curvature is positive, orange where negative."""

    def __init__(self) -> None:
        super().__init__("hessianPicture")
        self._spectrum: Spectrum | None = None
        self._scale = 1.0

    def show_matrix(self, found: Spectrum) -> None:
        """Show a Hessian."""
        self._spectrum = found
        sizes = np.abs(found.hessian)
        sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
        self._scale = float(np.percentile(sizes, 98)) if len(sizes) else 1.0
        self.update()

    @property
    def _area(self) -> QRectF:
        side = min(self.width(), self.height()) - 4
        return QRectF(2, 2, side, side)

    def draw(self, painter: QPainter) -> None:
        if self._spectrum is None:
            return
        theme, area = self.theme, self._area
        matrix = self._spectrum.hessian
        n = len(matrix)
        shades = [blend(theme.surface, theme.negative, 1 - k / 32).rgb() for k in range(32)]
        shades += [blend(theme.surface, theme.positive, k / 32).rgb() for k in range(33)]
        words = np.array(shades, dtype=np.uint32)
        with np.errstate(all="ignore"):
            scaled = np.sign(matrix) * np.sqrt(np.minimum(np.abs(matrix) / self._scale, 1.0))
        pixels = np.ascontiguousarray(words[np.nan_to_num(32 + 32 * scaled).round().astype(np.intp)])
        image = QImage(pixels.data, n, n, 4 * n, QImage.Format.Format_RGB32).copy()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, image)
        painter.setPen(QPen(QColor(theme.muted), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
        for end in self._spectrum.layer_ends[:-1]:
            at = area.left() + area.width() * end / n
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))

    def text_at(self, place: QPointF) -> str:
        """Which two parameters a cell is of, and their second derivative."""
        area = self._area
        if self._spectrum is None or not area.contains(place):
            return ""
        n = len(self._spectrum.hessian)
        row = min(n - 1, int((place.y() - area.top()) / area.height() * n))
        column = min(n - 1, int((place.x() - area.left()) / area.width() * n))
        names = [part_plain(parameter(self._spectrum.sizes, index)) for index in (row, column)]
        return f"∂²L/∂{names[0]}∂{names[1]} = {short(float(self._spectrum.hessian[row, column]))}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if text := self.text_at(event.position()):
            QToolTip.showText(event.globalPosition().toPoint(), tooltip(text), self)


def parameter(sizes: tuple[int, ...], index: int) -> Part:
    """The parameter at a place of the flat vector: layer after layer, the biases last in each."""
    for layer in range(1, len(sizes)):
        below, units = sizes[layer - 1], sizes[layer]
        if index < (below + 1) * units:
            row, unit = divmod(index, units)
            return Part("bias", layer, unit) if row == below else Part("weight", layer, unit, row)
        index -= (below + 1) * units
    raise IndexError(index)


class _Panel(QWidget):
    """The picture, and the table beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.picture, self.table = HessianPicture(), Table("rrr")
        body = QWidget()
        body.setObjectName("spectrumBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 0, 8, 0)
        column.addWidget(self.table)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.picture, 1)
        row.addWidget(scroll, 1)
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.table.set_theme(theme)


class SpectrumSection(Section):
    """Curvature in all directions."""

    on_demand = True

    def __init__(self) -> None:
        self._panel = _Panel()
        super().__init__("spectrumSection", self._panel)

    def title(self) -> str:
        return self.tr("Curvature")

    def explained(self) -> str:
        return self.tr(
            "The second derivatives of the loss over the training rows by each pair of parameters, lines "
            "between layers, and the eigenvalues λ. Gradient descent is stable where λ · η is below 2."
        )

    def refusal(self, frame: Frame) -> str:
        sizes = frame.record.sizes
        count = sum((below + 1) * units for below, units in pairwise(sizes))
        if count >= MOST_PARAMETERS:
            text = self.tr("The network has {count} parameters; this is written out for fewer than {most}.")
            return text.format(count=grouped(count), most=grouped(MOST_PARAMETERS))
        return ""

    def work(self) -> Work:
        return lambda trainer, stop: spectrum(trainer)

    def draw(self, result: Any) -> str:
        found: Spectrum = result
        if not np.isfinite(found.hessian).all():
            return self.tr("Not all second derivatives are finite.")
        self._panel.picture.show_matrix(found)
        header = (Cell("", role="muted"), Cell("λ", role="muted"), Cell("λ · η", role="muted"))
        rows = [
            (Cell(grouped(place), role="muted"), number(value), number(value * found.learning_rate))
            for place, value in enumerate(found.eigenvalues[::-1].tolist(), 1)
        ]
        self._panel.table.forget_widths()
        self._panel.table.set_rows(rows, header)
        return ""
