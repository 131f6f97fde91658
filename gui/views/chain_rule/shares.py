"""The mini-batch sample by sample: bars, sorted, to be clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.arrays import FloatArray
from engine.explain import Explanation
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, short
from gui.text.plain import tooltip
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section
from gui.widgets.table import UNKNOWN

WIDEST = 48.0
"""Pixels of a bar at most."""


class ShareBars(QWidget):
    """Bars of the samples, sorted; a click or the arrow keys choose one.

    Signals
    -------
    sample_chosen(int)
        Its row in the mini-batch.
    """

    sample_chosen = Signal(int)
    HEIGHT = 84

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._values: FloatArray = np.empty(0)
        self._order = np.empty(0, dtype=np.intp)
        self._sample = -1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def order(self) -> list[int]:
        """The samples from left to right."""
        return [int(sample) for sample in self._order]

    @property
    def sample(self) -> int:
        """The sample that is marked; -1 if none is."""
        return self._sample

    def set_values(self, values: FloatArray, sample: int) -> None:
        """Show each sample's value, (B,), smallest first, and mark a sample."""
        self._values, self._sample = values, sample
        self._order = np.argsort(values, kind="stable")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.HEIGHT)

    def place_of(self, sample: int) -> QPointF:
        """The middle of a sample's bar."""
        rank = int(np.flatnonzero(self._order == sample)[0])
        return QPointF((rank + 0.5) * self.width() / len(self._order), self.HEIGHT / 2)

    def _sample_at(self, x: float) -> int | None:
        count = len(self._order)
        if not count:
            return None
        return int(self._order[min(max(int(x * count / max(1, self.width())), 0), count - 1)])

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._order)
        if not count:
            return
        theme, painter = self._theme, QPainter(self)
        values = self._values[self._order].astype(np.float64)
        slot = self.width() / count
        if slot < 1.0:
            # no more bars than pixels: of those that share a pixel the largest is drawn
            first = np.linspace(0, count, self.width() + 1).astype(int)[:-1]
            upper, lower = np.maximum.reduceat(values, first), np.minimum.reduceat(values, first)
            values, slot = np.where(upper > -lower, upper, lower), 1.0
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        span = high - low or 1.0
        height = self.HEIGHT - 12.0
        zero = round(6.0 + high / span * height) + 0.5
        width = min(slot * 0.8, WIDEST) if slot > 4.0 else slot
        sizes = np.abs(values) / span * height
        lefts = np.arange(len(values)) * slot + (slot - width) / 2.0
        painter.setPen(Qt.PenStyle.NoPen)
        for sign, colour in ((1.0, theme.positive), (-1.0, theme.negative)):
            here = values * sign > 0
            tops = zero - sizes[here] if sign > 0 else np.full(np.count_nonzero(here), zero)
            bars = zip(lefts[here].tolist(), tops.tolist(), sizes[here].tolist(), strict=True)
            painter.setBrush(QColor(colour))
            painter.drawRects([QRectF(x, y, width, max(size, 1.0)) for x, y, size in bars])
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        if self._sample in self._order:
            wide = min(max(self.width() / count, 4.0), 1.25 * WIDEST)
            left = min(max(self.place_of(self._sample).x() - wide / 2, 1.0), self.width() - wide - 1.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.selection), 2.0 if self.hasFocus() else 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(left, 2, wide, self.HEIGHT - 4), 3, 3)

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
        if step is None or self._sample not in self._order:
            super().keyPressEvent(event)
            return
        rank = int(np.flatnonzero(self._order == self._sample)[0]) + step
        self.sample_chosen.emit(int(self._order[min(max(rank, 0), len(self._order) - 1)]))


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
        self.set_title(self.tr("Each sample's share, summing to {sum}"), sum=total)

    def show_losses(self, frame: Frame, samples: int, total: str, sample: int) -> None:
        """Show the samples' losses, of the first `samples` that have been through the network."""
        self._show(frame.record.sample_losses, range(samples), sample)
        if frame.experiment.reduction == "mean":
            self.set_title(self.tr("Each sample's loss, their mean {mean}"), mean=total)
        else:
            self.set_title(self.tr("Each sample's loss, summing to {sum}"), sum=total)

    def _show(self, values: FloatArray, samples: range, sample: int) -> None:
        self.bars.setAccessibleName(self.tr("Shares of the samples"))
        shown = np.zeros_like(values)
        shown[samples.start : samples.stop] = values[samples.start : samples.stop]
        self.bars.set_values(shown, sample if sample in samples else -1)
