"""What a mistake does to training: two loss curves, one of them planted, and framed so that nobody errs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.arrays import FloatArray
from engine.mistakes.replayed import TwoRuns
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped, short

LEFT, RIGHT, TOP, BOTTOM = 62.0, 14.0, 46.0, 24.0


class TwoCurves(QWidget):
    """The loss of the training rows from here on: solid of the right step, dashed with the mistake."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("twoCurves")
        self._theme = LIGHT
        self._runs: TwoRuns | None = None
        self._step = 0

    @property
    def runs(self) -> TwoRuns | None:
        """What is shown."""
        return self._runs

    def sizeHint(self) -> QSize:
        return QSize(500, 150)

    def show_runs(self, runs: TwoRuns | None, step: int) -> None:
        """Show these, from after `step` steps on."""
        self._runs, self._step = runs, step
        self.setAccessibleName(self._title())
        self.setAccessibleDescription(self._said())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _title(self) -> str:
        return self.tr("Planted on purpose: not a run of your training, and saved nowhere")

    def _said(self) -> str:
        runs = self._runs
        if runs is None:
            return ""
        steps = len(runs.right) - 1
        text = self.tr("After {steps} steps from here: right {right}, with the mistake {other}", "", steps)
        return text.format(steps=grouped(steps), right=_last(runs.right), other=_last(runs.other))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, runs = self._theme, self._runs
        painter.fillRect(self.rect(), QColor(theme.surface))
        frame = QPen(QColor(theme.bad), 2.0)
        frame.setDashPattern([5.0, 3.0])
        painter.setPen(frame)
        painter.drawRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        metrics = QFontMetricsF(self.font())
        bold = self.font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.bad))
        width = self.width() - 24.0
        title = QFontMetricsF(bold).elidedText(self._title(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(12.0, metrics.ascent() + 6), title)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.text))
        said = metrics.elidedText(self._said(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(12.0, metrics.ascent() + metrics.height() + 8), said)
        if runs is None:
            return
        finite = np.concatenate([runs.right, runs.other])
        finite = finite[np.isfinite(finite)]
        if not len(finite):
            return
        low, high = float(finite.min()), float(np.percentile(finite, 99))
        high = high if high > low else low + 1.0
        area = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value, y in ((high, area.top()), (low, area.bottom())):
            painter.setPen(QPen(QColor(theme.grid), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(4, y - 9, LEFT - 10, 18), right, short(value, 3))
        last = len(runs.right) - 1
        for number, x in ((0, area.left()), (last, area.right())):
            text = grouped(self._step + number)
            shift = 0.0 if not number else -metrics.horizontalAdvance(text)
            painter.drawText(QPointF(x + shift, self.height() - 8), text)
        painter.setClipRect(area.adjusted(-2, -3, 2, 3))
        other = QPen(QColor(theme.bad), 2.0)
        other.setDashPattern([4.0, 2.5])
        for values, pen in ((runs.right, QPen(QColor(theme.text), 2.0)), (runs.other, other)):
            painter.setPen(pen)
            painter.drawPath(_path(values, area, low, high))
        painter.setClipping(False)
        x = area.center().x() - 110
        for text, pen in (
            (self.tr("right step"), QPen(QColor(theme.text), 2.0)),
            (self.tr("with the mistake"), other),
        ):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, self.height() - 12), QPointF(x + 26, self.height() - 12))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(x + 32, self.height() - 8), text)
            x += 32 + metrics.horizontalAdvance(text) + 18


def _last(values: FloatArray) -> str:
    return short(float(values[-1]))


def _path(values: FloatArray, area: QRectF, low: float, high: float) -> QPainterPath:
    path = QPainterPath()
    begun = False
    for index, value in enumerate(values.tolist()):
        if not np.isfinite(value):
            break
        x = area.left() + area.width() * index / max(len(values) - 1, 1)
        y = area.bottom() - area.height() * (value - low) / (high - low)
        y = max(area.top() - 20.0, y)
        if begun:
            path.lineTo(x, y)
        else:
            path.moveTo(x, y)
            begun = True
    return path
