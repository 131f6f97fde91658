"""The strip under the graph that says what colours, widths and shapes mean, with the scale's numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.numbers import MINUS, short
from gui.theme import LIGHT, Theme
from gui.views.network.colours import FIRST, LEVELS, ZERO, Palette

BAR = 9.0
"""Pixels of the colour bar a level."""


class Legend(QWidget):
    """A colour bar from minus to plus the scale's limit, and a line of explanation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkLegend")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPixelSize(12)
        self.setFont(font)
        self._limit: float | None = None
        self._parts: tuple[str, ...] = ()
        self.set_theme(LIGHT)

    @property
    def limit(self) -> float | None:
        """The number at the end of the bar; None while nothing is revealed."""
        return self._limit

    @property
    def text(self) -> str:
        """The explanation."""
        return " · ".join(self._parts)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme, self._palette = theme, Palette(theme)
        self.update()

    def show_scale(self, limit: float | None, parts: tuple[str, ...]) -> None:
        """Explain a scale that ends at `limit`."""
        if (limit, parts) != (self._limit, self._parts):
            self._limit, self._parts = limit, parts
            self.setAccessibleName(self.text)
            self.setToolTip(self.text)
            self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, self.fontMetrics().height() + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar and the line."""
        painter = QPainter(self)
        metrics = QFontMetricsF(self.font())
        middle = self.height() / 2
        painter.setPen(QColor(self._theme.muted))
        end = "–" if self._limit is None else short(self._limit, 3)
        width = metrics.horizontalAdvance(f"{MINUS}0.0000")
        x = 14.0
        left = f"{MINUS}{end}" if self._limit else end
        painter.drawText(
            QRectF(x, 0, width, self.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            left,
        )
        x += width + 6
        levels = range(-LEVELS, LEVELS + 1, 2)
        for level in levels:
            strength = max(abs(level) - 1, 0)
            bucket = ZERO if level == 0 else FIRST + 2 * strength + (level < 0)
            colour = self._palette.lines[bucket]
            height = 1.5 + 9.0 * abs(level) / LEVELS
            painter.fillRect(QRectF(x, middle - height / 2, BAR, height), colour)
            x += BAR
        x += 6
        right = f"+{end}" if self._limit else end
        painter.drawText(
            QRectF(x, 0, width, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            right,
        )
        x += width + 10
        room = self.width() - x - 12
        text = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(x, 0, room, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
