"""What the rings on the graph mean, in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import LIGHT, Theme
from gui.views.network.rings import RingKind, fill_of, pen_of


class RingLegend(QWidget):
    """A sample of each ring beside its meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._theme = LIGHT
        self._note = ""
        self._sealed = False

    def sizeHint(self) -> QSize:
        return QSize(300, 2 * self.fontMetrics().height() + 16)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def set_sealed(self, sealed: bool) -> None:
        """Whether there are no rings yet, whose meaning could be told."""
        self._sealed = sealed
        self.update()

    def set_note(self, note: str) -> None:
        """Say what the numbers on the graph are."""
        self._note = note
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme, metrics = self._theme, QFontMetricsF(self.font())
        painter.fillRect(self.rect(), QColor(theme.canvas))
        words = {
            RingKind.AGREES: self.tr("agrees"),
            RingKind.FIRST: self.tr("first wrong"),
            RingKind.LATER: self.tr("wrong after it"),
            RingKind.ABSENT: self.tr("not given"),
        }
        x, line = 14.0, metrics.height()
        kinds = () if self._sealed else (RingKind.AGREES, RingKind.FIRST, RingKind.LATER, RingKind.ABSENT)
        for kind in kinds:
            painter.setPen(pen_of(kind, theme))
            painter.setBrush(fill_of(kind, theme))
            painter.drawRoundedRect(QRectF(x, 6, 30, line - 2), 4, 4)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(x + 37, 4, 400, line + 2), words[kind])
            x += 37 + metrics.horizontalAdvance(words[kind]) + 20
        painter.setPen(QColor(theme.muted))
        room = self.width() - 28.0
        text = metrics.elidedText(self._note, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(14, line + 9, room, line + 2), text)
