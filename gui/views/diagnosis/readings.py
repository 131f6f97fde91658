"""The readings of the moment: how noisy, how far, how sharp, each with what it means."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QWidget

from engine.diagnose import Instruments, instruments
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import short
from gui.text.parts import layer_name
from gui.text.plain import Label
from gui.training.aside import Work
from gui.views.diagnosis.section import Picture, Section

LOWEST, HIGHEST = -3.0, 1.0
"""Powers of ten at the ends of the dial."""

LIMITS = (0.02, 1.5, 2.2)
"""Where creeping, good, edge and blowing up meet; see `engine.diagnose.instruments.pace`."""


class Dial(Picture):
    """A half circle with a pointer: lambda_max times the learning rate."""

    def __init__(self) -> None:
        super().__init__("sharpnessDial")
        self._value = math.nan
        self._words: tuple[str, ...] = ("", "", "", "")
        self._name = ""

    @property
    def value(self) -> float:
        """Where the pointer stands."""
        return self._value

    def show_value(self, value: float, name: str, words: tuple[str, ...]) -> None:
        """Point at a value; `words` say what the zones mean, from left to right."""
        self._value, self._name, self._words = value, name, words
        self.setAccessibleDescription(f"{name} {short(value)}: {self.word}")
        self.update()

    @property
    def word(self) -> str:
        """What the value means."""
        if math.isnan(self._value):
            return self._words[3]
        return self._words[sum(self._value > limit for limit in LIMITS)]

    def sizeHint(self) -> QSize:
        return QSize(230, 150)

    def _share(self, value: float) -> float:
        power = math.log10(value) if value > 0 else LOWEST
        return min(max((power - LOWEST) / (HIGHEST - LOWEST), 0.0), 1.0)

    def draw(self, painter: QPainter) -> None:
        theme = self.theme
        painter.setFont(tabular(self.font(), 0.85))
        metrics = QFontMetricsF(painter.font())
        foot = 2 * metrics.height() + 16
        radius = min(self.width() / 2 - 54, self.height() - foot - metrics.height() - 2)
        if radius < 20:
            return
        centre = QPointF(self.width() / 2, radius + metrics.height() + 6)
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        shades = (0.12, 0.28, 0.5, 0.85)
        ends = [0.0, *map(self._share, LIMITS), 1.0]
        for shade, start, stop in zip(shades, ends[:-1], ends[1:], strict=True):
            pen = QPen(blend(theme.surface, theme.text, shade), radius * 0.2)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(box, round(16 * 180 * (1 - start)), -round(16 * 180 * (stop - start)))
        painter.setPen(QColor(theme.muted))
        for limit in (0.001, *LIMITS, 10.0):
            angle = math.pi * (1 - self._share(limit))
            at = centre + QPointF(math.cos(angle), -math.sin(angle)) * (radius * 1.14)
            text = short(limit, 2)
            wide = metrics.horizontalAdvance(text)
            left = at.x() - wide / 2 + math.cos(angle) * wide / 2
            painter.drawText(QPointF(left, at.y() + metrics.ascent() / 2 - 3), text)
        if not math.isnan(self._value):
            angle = math.pi * (1 - self._share(self._value))
            way, side = QPointF(math.cos(angle), -math.sin(angle)), QPointF(math.sin(angle), math.cos(angle))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.text))
            corners = (centre + way * (radius * 0.98), centre + side * 4, centre - side * 4)
            painter.drawPolygon(QPolygonF([*corners]))
            painter.drawEllipse(centre, 5.0, 5.0)
        painter.setFont(tabular(self.font(), 1.0, bold=True))
        painter.setPen(QColor(theme.text))
        row = QRectF(0, centre.y() + 6, self.width(), metrics.height() + 3)
        text = f"{self._name} = {short(self._value)}"
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, text)
        painter.setFont(tabular(self.font(), 0.9))
        row.translate(0, metrics.height() + 1)
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, self.word)


class Reading(NamedTuple):
    """One number, and what it is and means."""

    value: float
    text: str


class _Panel(QWidget):
    """The dial, and beside it the other readings."""

    def __init__(self) -> None:
        super().__init__()
        self.dial = Dial()
        self.dial.setMinimumWidth(210)
        self._labels: list[tuple[Label, Label]] = []
        body = QWidget()
        body.setObjectName("readingsBody")
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(0, 2, 6, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.dial, 2)
        row.addWidget(scroll, 3)
        self.set_theme(LIGHT)

    @property
    def texts(self) -> list[tuple[str, ...]]:
        """What the readings say."""
        return [tuple(label.text() for label in labels) for labels in self._labels if labels[0].text()]

    def show_readings(self, readings: list[Reading]) -> None:
        """Show these, one a row."""
        while len(self._labels) < len(readings):
            self._add_row()
        texts = [(short(reading.value), reading.text) for reading in readings]
        texts += [("", "")] * (len(self._labels) - len(readings))
        for (value, meaning), (number, text) in zip(self._labels, texts, strict=True):
            value.setText(number)
            meaning.setText(text)

    def _add_row(self) -> None:
        value, meaning = Label(), Label()
        value.setFont(tabular(value.font(), bold=True))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        meaning.setWordWrap(True)
        row = len(self._labels)
        for column, label in enumerate((value, meaning)):
            self._grid.addWidget(label, row, column)
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 1, 1)
        self._labels.append((value, meaning))

    def set_theme(self, theme: Theme) -> None:
        self.dial.set_theme(theme)


class ReadingsSection(Section):
    """Noise, distance, sharpness."""

    def __init__(self) -> None:
        self._panel = _Panel()
        super().__init__("readingsSection", self._panel)

    @property
    def texts(self) -> list[tuple[str, ...]]:
        """What the readings say."""
        return self._panel.texts

    @property
    def dial(self) -> Dial:
        """Where the sharpness stands."""
        return self._panel.dial

    def title(self) -> str:
        return self.tr("Readings")

    def explained(self) -> str:
        return self.tr(
            "Over all training rows, or some evenly spread where they are very many. Gradient descent is "
            "stable while the largest curvature λ_max times the learning rate η is below 2."
        )

    def work(self) -> Work:
        return lambda trainer, stop: instruments(trainer)

    def draw(self, result: Any) -> str:
        r: Instruments = result
        words = (self.tr("creeping"), self.tr("good"), self.tr("on the edge"), self.tr("blowing up"))
        self._panel.dial.show_value(r.sharpness_times_rate, "λ_max · η", words)
        self._panel.show_readings(self._readings(r))
        return ""

    def _readings(self, r: Instruments) -> list[Reading]:
        assert self.frame is not None
        last = len(r.update_over_weights)
        return [
            Reading(r.noise_scale, self._noise(r.noise_scale, self.frame.record.batch)),
            Reading(r.alignment, self._alignment(r.alignment)),
            Reading(r.travelled, self.tr("way travelled, over the length of the first parameters")),
            Reading(r.distance, self.tr("distance from the start, over the same length")),
            *(
                Reading(ratio, self._ratio(ratio).format(layer=layer_name(layer, last)))
                for layer, ratio in enumerate(r.update_over_weights, 1)
            ),
        ]

    def _noise(self, scale: float, batch: int) -> str:
        if math.isinf(scale):
            text = self.tr("gradient noise scale: the gradients of all rows together cancel")
        elif scale > 3 * batch:
            text = self.tr("rows are the gradient noise scale: a batch of {batch} is mostly noise")
        elif scale < batch / 3:
            text = self.tr("rows are the gradient noise scale: a batch of {batch} is mostly signal")
        else:
            text = self.tr("rows are the gradient noise scale: a batch of {batch} is as much noise as signal")
        return text.format(batch=batch)

    def _alignment(self, alignment: float) -> str:
        if alignment < 0.1:
            return self.tr("alignment of the samples' gradients: they almost cancel")
        if alignment > 0.7:
            return self.tr("alignment of the samples' gradients: they nearly agree")
        return self.tr("alignment of the samples' gradients: 0 where they cancel, 1 where all agree")

    def _ratio(self, ratio: float) -> str:
        if ratio == 0:
            return self.tr("next update over weights, {layer}: it does not move")
        if ratio > 0.1:
            return self.tr("next update over weights, {layer}: large, much of it changes")
        if ratio < 1e-5:
            return self.tr("next update over weights, {layer}: tiny, it hardly moves")
        return self.tr("next update over weights, {layer}: usual is about 1/1000")
