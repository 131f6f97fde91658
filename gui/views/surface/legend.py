"""What the marks stand for."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip

ICON = 19
BETWEEN = 14
LONGEST = 150


class Legend(QWidget):
    """Pictures with names, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surfaceLegend")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._entries: list[tuple[QPixmap, str]] = []
        self._theme = LIGHT

    def show_entries(self, entries: list[tuple[QPixmap, str]], theme: Theme) -> None:
        """Show other pictures and names."""
        self._entries, self._theme = entries, theme
        self.setToolTip(tooltip(", ".join(name for _, name in entries)))
        self._fit()
        self.update()

    def _line_height(self) -> int:
        return self.fontMetrics().height() + 3

    def _places(self) -> Iterator[tuple[QPixmap, str, int, int]]:
        """Each picture with its text, cut to the room there is, and its left and top."""
        metrics, left, top = self.fontMetrics(), 0, 0
        for pixmap, name in self._entries:
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, LONGEST)
            width = ICON + metrics.horizontalAdvance(text)
            if left and left + width > self.width():
                left, top = 0, top + self._line_height()
            yield pixmap, text, left, top
            left += width + BETWEEN

    def _fit(self) -> None:
        lines = [top for *_, top in self._places()]
        self.setFixedHeight(lines[-1] + self._line_height() if lines else 0)

    def sizeHint(self) -> QSize:
        return QSize(LONGEST, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.text))
        for pixmap, text, left, top in self._places():
            side = pixmap.height() / pixmap.devicePixelRatio()
            painter.drawPixmap(QPointF(left, top + (self._line_height() - side) / 2), pixmap)
            place = QRectF(left + ICON, top, self.width(), self._line_height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
