"""The mini-batch sample by sample: bars in its order, to be clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.arrays import FloatArray
from engine.explain import Explanation
from gui.style.fonts import px, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, short
from gui.text.plain import tooltip
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section
from gui.widgets.table import UNKNOWN

WIDEST = 48.0
"""Pixels of a bar at most."""


class ShareBars(QWidget):
    """Bars of the samples, in the order of the mini-batch; a click or the arrow keys choose one.

    What is negative hangs hollow and dashed, so that its sign is not its colour alone.

    Signals
    -------
    sample_chosen(int)
        Its row in the mini-batch.
    """

    sample_chosen = Signal(int)
    HEIGHT, LEAST = 76, 46

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._values: FloatArray = np.empty(0)
        self._sample = -1
        self._low = False
        self._height = px(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def sample(self) -> int:
        """The sample that is marked; -1 if none is."""
        return self._sample

    def set_values(self, values: FloatArray, sample: int) -> None:
        """Show each sample's value, (B,), and mark a sample."""
        self._values, self._sample = values, sample
        self.update()

    @property
    def values(self) -> FloatArray:
        """What is shown."""
        return self._values

    def be_low(self, low: bool) -> None:
        """Take little room, or the usual."""
        self._low = low
        height = px(self.LEAST if low else self.HEIGHT)
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.be_low(self._low)

    def place_of(self, sample: int) -> QPointF:
        """The middle of a sample's bar."""
        return QPointF((sample + 0.5) * self.width() / len(self._values), self._height / 2)

    def _sample_at(self, x: float) -> int | None:
        count = len(self._values)
        return min(max(int(x * count / max(1, self.width())), 0), count - 1) if count else None

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._values)
        if not count:
            return
        theme, painter = self._theme, QPainter(self)
        values = self._values.astype(np.float64)
        slot = self.width() / count
        if slot < 1.0:
            # no more bars than pixels: of those that share a pixel the largest is drawn
            first = np.linspace(0, count, self.width() + 1).astype(int)[:-1]
            upper, lower = np.maximum.reduceat(values, first), np.minimum.reduceat(values, first)
            values, slot = np.where(upper > -lower, upper, lower), 1.0
        font = tabular(self.font(), 0.85)
        metrics = QFontMetricsF(font)
        named = slot >= metrics.horizontalAdvance(str(count)) + 4
        foot = metrics.height() if named else 0.0
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        span = high - low or 1.0
        height = self._height - 8.0 - foot
        zero = round(4.0 + high / span * height) + 0.5
        width = min(slot * 0.8, WIDEST) if slot > 4.0 else slot
        sizes = np.abs(values) / span * height
        lefts = np.arange(len(values)) * slot + (slot - width) / 2.0
        self._paint_bars(painter, values, zero, width, sizes, lefts)
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        if named:
            painter.setFont(font)
            for sample in range(count):
                text = str(sample + 1)
                middle = (sample + 0.5) * slot - metrics.horizontalAdvance(text) / 2
                painter.drawText(QPointF(middle, self._height - metrics.descent() - 3), text)
        if 0 <= self._sample < count:
            wide = min(max(self.width() / count - 2, 4.0), 1.25 * WIDEST)
            left = min(max(self.place_of(self._sample).x() - wide / 2, 1.0), self.width() - wide - 1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.selection), 3.0 if self.hasFocus() else 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(left, 1, wide, self._height - 2), 3, 3)

    def _paint_bars(
        self,
        painter: QPainter,
        values: FloatArray,
        zero: float,
        width: float,
        sizes: FloatArray,
        lefts: FloatArray,
    ) -> None:
        above = values > 0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.positive))
        bars = zip(lefts[above].tolist(), sizes[above].tolist(), strict=True)
        painter.drawRects([QRectF(x, zero - size, width, max(size, 1.0)) for x, size in bars])
        below = values < 0
        colour = QColor(self._theme.negative)
        if width >= 6.0:
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.CustomDashLine))
            pen = painter.pen()
            pen.setDashPattern([3.0, 2.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setBrush(colour)
        bars = zip(lefts[below].tolist(), sizes[below].tolist(), strict=True)
        painter.drawRects([QRectF(x + 0.5, zero, width - 1, max(size, 1.0)) for x, size in bars])

    def tip(self, sample: int) -> str:
        """What is said of a sample on hover."""
        value = full(float(self._values[sample]))
        return self.tr("sample {sample}: {value}").format(sample=sample + 1, value=value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            sample = self._sample_at(event.pos().x())
            if sample is not None:
                QToolTip.showText(event.globalPos(), tooltip(self.tip(sample)), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sample = self._sample_at(event.position().x())
        if sample is not None and event.button() == Qt.MouseButton.LeftButton:
            self.sample_chosen.emit(sample)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or self._sample < 0:
            super().keyPressEvent(event)
        else:
            self.sample_chosen.emit(min(max(self._sample + step, 0), len(self._values) - 1))


class SharesSection(Section):
    """Each sample's share of the gradient or the loss."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bars = ShareBars()
        self.bars.setObjectName("chainRuleShares")
        self.fill(self.bars)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.bars.set_theme(theme)

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        self._show(e.samples, known.samples, sample)
        total = short(e.gradient) if known.batch else UNKNOWN
        self.set_title(
            self.tr("Each sample's share, summing to {sum}").format(sum=total),
            brief=self.tr("Shares, summing to {sum}").format(sum=total),
        )

    def show_losses(self, frame: Frame, samples: int, total: str, sample: int) -> None:
        """Show the samples' losses, of the first `samples` that have been through the network."""
        self._show(frame.record.sample_losses, range(samples), sample)
        if frame.experiment.reduction == "mean":
            self.set_title(
                self.tr("Each sample's loss, their mean {mean}").format(mean=total),
                brief=self.tr("Losses, mean {mean}").format(mean=total),
            )
        else:
            self.set_title(
                self.tr("Each sample's loss, summing to {sum}").format(sum=total),
                brief=self.tr("Losses, summing to {sum}").format(sum=total),
            )

    def _show(self, values: FloatArray, samples: range, sample: int) -> None:
        self.bars.setAccessibleName(self.tr("Shares of the samples"))
        shown = np.zeros_like(values)
        shown[samples.start : samples.stop] = values[samples.start : samples.stop]
        self.bars.set_values(shown, sample if sample in samples else -1)
