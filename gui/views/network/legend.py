"""The strip under the graph that says what colours, widths and shapes mean, with the scale's numbers."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import LIGHT, Theme
from gui.text.numbers import MINUS, short
from gui.text.plain import tooltip
from gui.views.network.buckets import FIRST, LEVELS, ZERO, Palette

BARS = (7.0, 6.0, 5.0, 4.0)
"""Pixels of the colour bar a level: the widest that leaves room for the words."""

_LEVELS = range(-LEVELS, LEVELS + 1, 2)

START = 12.0
"""Pixels at both ends."""

ICON = 14.0
"""Pixels of a line, a square and a circle before the symbol of what they show."""


class Explanation(NamedTuple):
    """What a line, a square and a circle show, as symbols, and what else there is to say.

    Of `more` the last is what is never left out, as the moment of what the symbols show.
    `words` says the first in words, for who cannot see it; `dashed` is whether negative lines are.
    """

    symbols: tuple[str, str, str]
    words: tuple[str, ...]
    more: tuple[str, ...]
    dashed: bool


class _Fitted(NamedTuple):
    """What there is room for: pixels of a number and of a level, and the line at the end."""

    number: float
    bar: float
    line: str


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

    @property
    def line(self) -> str:
        """What of the explanation there is room for after the symbols."""
        return self._lay_out().line

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
        left, right = self._ends()
        width, bar, text = self._lay_out()
        x = START
        painter.drawText(
            QRectF(x, 0, width, self.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            left,
        )
        x += width + 6
        for level in _LEVELS:
            strength = max(abs(level) - 1, 0)
            bucket = ZERO if level == 0 else FIRST + 2 * strength + (level < 0)
            colour = self._palette.lines[bucket]
            height = 1.5 + 9.0 * abs(level) / LEVELS
            gap = 2.0 if self._said.dashed and level < 0 else 0.0
            painter.fillRect(QRectF(x, middle - height / 2, bar - gap, height), colour)
            x += bar
        x += 6
        painter.drawText(
            QRectF(x, 0, width, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            right,
        )
        x = self._paint_symbols(painter, metrics, x + width + 10)
        painter.drawText(
            QRectF(x, 0, self.width() - x, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )

    def _ends(self) -> tuple[str, str]:
        end = "–" if self._limit is None else short(self._limit, 3)
        return (f"{MINUS}{end}", f"+{end}") if self._limit else (end, end)

    def _lay_out(self) -> _Fitted:
        """Make room for the words: the bar gives way first, then the numbers' places, then the first words.

        The tooltip has what there is no room for.
        """
        advance = QFontMetricsF(self.font()).horizontalAdvance
        symbols = sum(ICON + 4 + advance(symbol) + 12 for symbol in self._said.symbols)
        close = max(advance(end) for end in self._ends()) + 1
        number = max(advance(f"{MINUS}0.0000"), close)  # steady while it trains
        words = self._said.more
        for first in range(len(words) + 1):
            line = " · ".join(words[first:])
            for width, bar in (*((number, bar) for bar in BARS), (close, BARS[-1])):
                used = START + 2 * (width + 6) + len(_LEVELS) * bar + 10 + symbols
                if used + advance(line) <= self.width() - START or first == len(words):
                    return _Fitted(width, bar, line)
        raise AssertionError  # the empty line has been returned

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
