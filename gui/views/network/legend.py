"""The strip under the graph that says what colours, widths and shapes mean, with the scale's numbers."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.numbers import MINUS, short
from gui.plain import tooltip
from gui.theme import LIGHT, Theme
from gui.views.network.colours import FIRST, LEVELS, ZERO, Palette

BAR = 7.0
"""Pixels of the colour bar a level."""

ICON = 14.0
"""Pixels of a line, a square and a circle before the symbol of what they show."""


class Explanation(NamedTuple):
    """What a line, a square and a circle show, as symbols, and what else there is to say.

    `words` says the first in words, for who cannot see it; `dashed` is whether negative lines are.
    """

    symbols: tuple[str, str, str]
    words: tuple[str, ...]
    more: tuple[str, ...]
    dashed: bool


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
        self._said = Explanation(("", "", ""), (), (), False)
        self.set_theme(LIGHT)

    @property
    def limit(self) -> float | None:
        """The number at the end of the bar; None while nothing is revealed."""
        return self._limit

    @property
    def text(self) -> str:
        """The explanation in words."""
        return " · ".join((*self._said.words, *self._said.more))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme, self._palette = theme, Palette(theme)
        self.update()

    def show_scale(self, limit: float | None, said: Explanation) -> None:
        """Explain a scale that ends at `limit`."""
        if (limit, said) != (self._limit, self._said):
            self._limit, self._said = limit, said
            self.setAccessibleName(self.text)
            self.setToolTip(tooltip(self.text))
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
        left = f"{MINUS}{end}" if self._limit else end
        width = max(metrics.horizontalAdvance(f"{MINUS}0.0000"), metrics.horizontalAdvance(left) + 1)
        x = 14.0
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
            gap = 2.0 if self._said.dashed and level < 0 else 0.0
            painter.fillRect(QRectF(x, middle - height / 2, BAR - gap, height), colour)
            x += BAR
        x += 6
        right = f"+{end}" if self._limit else end
        painter.drawText(
            QRectF(x, 0, width, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            right,
        )
        x = self._paint_symbols(painter, metrics, x + width + 10)
        room = self.width() - x - 12
        text = ""
        for part in self._said.more:  # the tooltip has what there is no room for
            longer = f"{text} · {part}" if text else part
            if metrics.horizontalAdvance(longer) > room:
                break
            text = longer
        painter.drawText(
            QRectF(x, 0, room, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )

    def _paint_symbols(self, painter: QPainter, metrics: QFontMetricsF, x: float) -> float:
        """Draw a line, a square and a circle, each before what it shows; return where they end."""
        theme, middle = self._theme, round(self.height() / 2)
        for place, symbol in enumerate(self._said.symbols):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, place == 2)
            painter.setPen(QPen(QColor(theme.muted), 2.0 if place == 0 else 1.0))
            painter.setBrush(QColor(theme.surface))
            if place == 0:
                painter.drawLine(QPointF(x, middle), QPointF(x + ICON, middle))
            elif place == 1:
                painter.drawRect(QRectF(x + 4, middle - 4, 8, 8))
            else:
                painter.drawEllipse(QPointF(x + 7.5, middle), 5.5, 5.5)
            painter.setPen(QColor(theme.muted))
            width = metrics.horizontalAdvance(symbol)
            painter.drawText(QRectF(x + ICON + 4, 0, width + 2, self.height()), _LEFT, symbol)
            x += ICON + 4 + width + 12
        return x


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
