"""The loss in one low line, for where there is no room for the curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip
from gui.views.curves.chart import Axis
from gui.views.curves.line import draw_line, pen_of
from gui.views.curves.points import Points

HEIGHT = 24
EDGE = 3
PARTS = 60
"""The smoothed loss goes over so large a part of all steps."""


class Spark(QWidget):
    """The smoothed loss of all steps, over the timeline and on its axis.

    Attributes
    ----------
    losses : Points, optional
        Of the training that is shown; followed elsewhere.

    Signals
    -------
    clicked()
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossSpark")
        self.losses: Points | None = None
        self._theme, self._axis, self._step = LIGHT, Axis(0, 1, 0, 1), 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(px(HEIGHT))
        self._retranslate()

    def show_step(self, step: int, axis: Axis) -> None:
        """Show where training is, on an axis: beyond the step the line is pale."""
        self._step, self._axis = step, axis
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        left, right, first, last = self._axis
        if self.losses is None or len(self.losses) < 2 or last <= first:
            return
        columns = max(2, int(right - left) // 2)
        curve = self.losses.curve(first, last, last, columns, max(1, len(self.losses) // PARTS))
        known = curve.mean[np.isfinite(curve.mean)]
        if not len(known):
            return
        low, high = float(known.min()), float(known.max())
        with np.errstate(over="ignore", invalid="ignore"):
            share = (curve.mean - low) / (high - low) if high > low else np.full(len(curve.mean), 0.5)
        x = left + (right - left) * (curve.step - first) / (last - first)
        y = self.height() - EDGE - share * (self.height() - 2 * EDGE)
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reached = int(np.searchsorted(curve.step, self._step, side="right"))
        painter.setPen(pen_of(QColor(theme.muted), width=1.2))
        draw_line(painter, x[max(0, reached - 1) :], y[max(0, reached - 1) :])
        painter.setPen(pen_of(QColor(theme.positive), width=1.6))
        draw_line(painter, x[:reached], y[:reached])
        at = left + (right - left) * (self._step - first) / (last - first)
        painter.setPen(pen_of(QColor(theme.text), width=1.5))
        painter.drawLine(QPointF(at, 0), QPointF(at, self.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(px(HEIGHT))
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Loss"))
        self.setToolTip(
            tooltip(self.tr("The smoothed loss of all steps. A click shows the curves (Ctrl+2)."))
        )
