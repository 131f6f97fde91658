"""Gradient health: how large each layer's gradient is, and where the slopes are flattest."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.phases import Revealed
from gui.document.document import Document
from gui.panels.setup.sections import Section
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, grouped, rounded, short, superscript
from gui.text.parts import layer_name, unit_label
from gui.text.plain import sentences, tooltip
from gui.text.settings import word
from gui.training.messages import Frame
from gui.widgets.one_line import OneLine
from gui.widgets.sentence import Sentence
from gui.widgets.table import UNKNOWN

DECADES = 3
"""Powers of ten that the scale has at least."""

MOST_DECADES = 16
"""More are not told apart: what is smaller has no bar."""

ROW = 1.5
"""Height of a row, in heights of a letter."""


class Bar(NamedTuple):
    """A layer and the norm of its gradient; None is not known yet."""

    name: str
    norm: float | None

    @property
    def text(self) -> str:
        """The number as it is shown."""
        return UNKNOWN if self.norm is None else short(self.norm)


class HealthBars(QWidget):
    """A bar a layer over powers of ten, its number beside it; the scale is only ever widened."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._bars: tuple[Bar, ...] = ()
        self._scale: tuple[int, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown, from the first layer to the last."""
        return self._bars

    @property
    def scale(self) -> tuple[int, int] | None:
        """The powers of ten at the ends; None before there is a number."""
        return self._scale

    def set_bars(self, bars: tuple[Bar, ...]) -> None:
        """Show these."""
        if bars == self._bars:
            return
        count, self._bars = len(self._bars), bars
        self._widen([bar.norm for bar in bars if bar.norm and math.isfinite(bar.norm)])
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.text}" for bar in bars))
        if count != len(bars):
            self.updateGeometry()
        self.update()

    def forget(self) -> None:
        """Begin with a new scale."""
        self._scale = None

    def _widen(self, norms: list[float]) -> None:
        if not norms:
            return
        low, high = math.floor(math.log10(min(norms))), math.ceil(math.log10(max(norms)) + 1e-9)
        if self._scale is not None:
            low, high = min(low, self._scale[0]), max(high, self._scale[1])
        low = max(min(low, high - DECADES), high - MOST_DECADES)
        self._scale = low, high

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    @property
    def _line(self) -> float:
        return round(ROW * QFontMetricsF(self.font()).height())

    def sizeHint(self) -> QSize:
        return QSize(150, round((len(self._bars) + 0.8) * self._line))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _columns(self) -> tuple[float, float]:
        """Left and right end of the bars."""
        metrics = QFontMetricsF(self.font())
        numbers = QFontMetricsF(tabular(self.font(), bold=True)).horizontalAdvance("8.888·10⁻⁸⁸")
        names = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0.0)
        return min(names, 0.4 * self.width()) + 8, self.width() - numbers - 6

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        left, right = self._columns()
        plain, strong = self.font(), tabular(self.font(), bold=True)
        metrics, bold = QFontMetricsF(plain), QFontMetricsF(strong)
        line = self._line
        for index, bar in enumerate(self._bars):
            top = index * line
            baseline = top + (line + metrics.ascent() - metrics.descent()) / 2
            painter.setFont(plain)
            painter.setPen(QColor(theme.text))
            name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, left - 8)
            painter.drawText(QPointF(0, baseline), name)
            box = QRectF(left, top + 0.22 * line, right - left, 0.56 * line)
            painter.fillRect(box, QColor(theme.grid))
            share = self._share(bar.norm)
            painter.fillRect(QRectF(box.left(), box.top(), share * box.width(), box.height()), theme.positive)
            painter.setFont(strong)
            painter.setPen(QColor(theme.muted if bar.norm is None else theme.text))
            painter.drawText(QPointF(self.width() - bold.horizontalAdvance(bar.text), baseline), bar.text)
        self._paint_scale(painter, left, right, len(self._bars) * line)

    def _share(self, norm: float | None) -> float:
        if norm is None or self._scale is None or not norm > 0:
            return 0.0
        low, high = self._scale
        return float(np.clip((math.log10(min(norm, 1e300)) - low) / (high - low), 0.0, 1.0))

    def _paint_scale(self, painter: QPainter, left: float, right: float, top: float) -> None:
        if self._scale is None:
            return
        low, high = self._scale
        font = tabular(self.font(), 0.85)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        every = math.ceil((high - low) / max(1.0, (right - left) // (metrics.horizontalAdvance("10⁻⁸⁸") + 3)))
        for power in range(high, low - 1, -every):
            x = left + (right - left) * (power - low) / (high - low)
            painter.setPen(QPen(QColor(self._theme.muted), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, top + 3))
            text = "1" if power == 0 else f"10{superscript(power)}"
            half = metrics.horizontalAdvance(text) / 2
            painter.drawText(
                QPointF(min(max(x, half), self.width() - half) - half, top + 4 + metrics.ascent()), text
            )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = int(event.pos().y() // self._line)
            if 0 <= index < len(self._bars) and (norm := self._bars[index].norm) is not None:
                QToolTip.showText(event.globalPos(), tooltip(f"{self._bars[index].name}: {full(norm)}"), self)
                return True
        return super().event(event)


class HealthSection(Section):
    """Each layer's gradient in the last whole step, and what to see in it."""

    name = "health"

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._frame: Frame | None = None
        self._moment = OneLine(scale=0.9)
        self._moment.setObjectName("healthMoment")
        self.bars = HealthBars()
        self.bars.setObjectName("healthBars")
        self._sentence = Sentence(lines=3)
        self._sentence.setObjectName("healthSentence")
        font = self._sentence.font()
        font.setPointSizeF(0.9 * font.pointSizeF())
        self._sentence.setFont(font)
        self.add(self._moment, self.bars, self._sentence)

    @property
    def title(self) -> str:
        return self.tr("Gradient health")

    @property
    def contents(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What is to be seen."""
        return self._sentence.text

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.bars.set_theme(theme)
        self._say()

    def show_frame(self, frame: Frame) -> None:
        """Show the last whole step that is known at this moment."""
        self._frame = frame
        if self.isVisible():
            self._say()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say()  # nobody saw what the frames said meanwhile

    def forget(self) -> None:
        """Forget what was derived of the network before."""
        self._frame = None
        self.bars.forget()

    def read(self) -> None:
        self._say()
        super().read()

    def _say(self) -> None:
        self.bars.setAccessibleName(self.title)
        layers = len(self.document.experiment.layers)
        names = [layer_name(layer, layers) for layer in range(1, layers + 1)]
        norms, frame = [], self._frame
        if frame is not None and len(frame.record.z) == layers:
            norms = gradient_norms(frame)
        known: list[float | None] = [*norms] if norms else [None] * layers
        self.bars.set_bars(tuple(map(Bar, names, known)))
        step = UNKNOWN if frame is None or not norms else grouped(frame.step)
        moment = self.tr("‖∂L/∂W, ∂L/∂b‖ in step {step}").format(step=step)
        about = self.tr(
            "How large the gradient of each layer is: the root of the sum of the squares over weights and "
            "biases, of the mini-batch of the last whole step."
        )
        self._moment.show_text(moment, tip=about)
        text = self.tr("The gradients come with the first step.")
        if frame is not None and norms:
            text = sentences(self._about_norms(names, norms), self._flattest(frame))
        self._sentence.show_text(text, self._theme.text)
        self.summary.show_text(text)

    def _about_norms(self, names: list[str], norms: list[float]) -> str:
        for name, norm in zip(names, norms, strict=True):
            if not math.isfinite(norm):
                return self.tr("The gradient of {layer} is not finite.").format(layer=name)
            if norm == 0:
                return self.tr("The gradient of {layer} is 0.").format(layer=name)
        if len(norms) == 1:
            return self.tr("There is one layer.")
        factor = max(norms) / min(norms)
        shown = short(rounded(factor, 2), 2)
        return self.tr("The norms are within a factor of {factor}.").format(factor=shown)

    def _flattest(self, frame: Frame) -> str:
        found = flattest_unit(frame)
        if found is None:
            return ""
        layer, unit, slope = found
        return self.tr("Flattest unit: {layer} · {unit}, mean {activation}′ {slope} in this batch.").format(
            layer=layer_name(layer, len(frame.record.z)),
            unit=unit_label(frame, layer, unit),
            activation=word(frame.experiment.layers[layer - 1].activation.name),
            slope=short(slope),
        )


def gradient_norms(frame: Frame) -> list[float]:
    """Each layer's norm in the last whole step; none before the first."""
    near = frame.scalars if frame.near is None else frame.near
    here = np.flatnonzero(near.steps == frame.step)
    return [] if not len(here) else [float(norm) for norm in near.gradient_norms[here[-1]]]


def flattest_unit(frame: Frame) -> tuple[int, int, float] | None:
    """Layer, unit and mean slope over the batch, where that is least against the greatest slope there is.

    Of hidden layers whose slopes are known by now and not the same everywhere; None if there are none.
    """
    record = frame.record
    reached = Revealed.by(frame.phase, len(record.z)).forward
    found: list[tuple[float, int, int, float]] = []
    for index, z in enumerate(record.z[:-1]):
        rule = frame.experiment.layers[index].activation
        if not rule.elementwise or index + 1 > reached:
            continue
        with np.errstate(all="ignore"):
            slopes = rule.slope(z).mean(axis=0)
        if not np.isfinite(slopes).all():
            continue
        unit = int(np.argmin(slopes))
        greatest = float(rule.slope(np.linspace(-4.0, 4.0, 81)).max())
        if slopes[unit] < (1 - 1e-9) * greatest:
            found.append((float(slopes[unit]) / greatest, index + 1, unit, float(slopes[unit])))
    return min(found)[1:] if found else None
