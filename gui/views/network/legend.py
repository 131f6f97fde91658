"""The strip under the graph that says what circles and lines show, and of which moment."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip
from gui.views.network.buckets import FIRST, LEVELS, Palette
from gui.views.network.measures import Measures

START = 12.0
"""Pixels at both ends."""
GAP = 22.0
"""Pixels between the two columns."""
JOINT = " · "
"""Between things said on one line."""


class Explanation(NamedTuple):
    """What the graph shows, in words: the storeys of a circle, what lines are, and how they show it."""

    above: str
    below: str
    lines: str
    how: str


def _fitted(text: str, width: float, metrics: QFontMetricsF) -> str:
    """As much of a text as fits: what is joined to it goes whole, from the end."""
    while metrics.horizontalAdvance(text) > width and JOINT in text:
        text = text.rpartition(JOINT)[0]
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


class Legend(QWidget):
    """Two lines of explanation in two columns: of circles, with a small one, and of lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkLegend")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._limit: float | None = None
        self._said = Explanation("", "", "", "")
        self.set_theme(LIGHT)

    @property
    def limit(self) -> float | None:
        """The number of the thickest line; None while nothing is revealed."""
        return self._limit

    @property
    def text(self) -> str:
        """The whole explanation."""
        return JOINT.join(part for part in self._said if part)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme, self._palette = theme, Palette(theme)
        self.update()

    def set_measures(self, measures: Measures) -> None:
        """Write in this size."""
        font = self.font()
        if font.pixelSize() != measures.small:
            font.setPixelSize(measures.small)
            self.setFont(font)
            self.updateGeometry()

    def show_scale(self, limit: float | None, said: Explanation) -> None:
        """Explain a scale that ends at `limit`."""
        if (limit, said) != (self._limit, self._said):
            self._limit, self._said = limit, said
            self.setAccessibleName(self.text)
            self.setToolTip(tooltip(self.text))
            self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(400, 2 * self.fontMetrics().height() + 10)

    def columns(self) -> tuple[float, float]:
        """Where the text of the two columns begins."""
        metrics = QFontMetricsF(self.font())
        first = START + 2 * metrics.height()
        above, below, lines, how = map(metrics.horizontalAdvance, self._said)
        left, right = max(above, below), max(lines, how)
        room = self.width() - first - START - GAP
        if left + right > room:  # of which moment it is comes before how it is drawn
            left, right = (above, lines) if below > above or how > lines else (left, right)
        # what both want is shared where there is not enough for both; the left one ends in its moment
        wide = left if left + right <= room else max(min(left, 0.55 * room), room - right)
        return first, first + wide + GAP

    @property
    def shown(self) -> Explanation:
        """What of the explanation there is room for."""
        metrics = QFontMetricsF(self.font())
        first, second = self.columns()
        widths = (second - GAP - first, self.width() - START - second)
        return Explanation(*(_fitted(text, widths[k // 2] + 1, metrics) for k, text in enumerate(self._said)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(self.font())
        line = metrics.height()
        first, second = self.columns()
        top = (self.height() - 2 * line) / 2
        self._paint_circle(painter, QRectF(START, self.height() / 2 - 0.8 * line, 1.6 * line, 1.6 * line))
        painter.setPen(QColor(self._theme.muted))
        for place, text in enumerate(self.shown):
            x = second if place // 2 else first
            box = QRectF(x, top + place % 2 * line, self.width() - x, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_circle(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        strongest = FIRST + 2 * (LEVELS - 1)
        for colour, start in ((self._palette.above[strongest], 0), (self._palette.below[FIRST], 180 * 16)):
            painter.setBrush(colour)
            painter.drawChord(box, start, 180 * 16)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.text), 1.3))
        painter.drawEllipse(box)
        middle = box.center().y()
        painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
