"""True ÷ yours, number by number: a factor is a line, and a mistake of one unit or row shows its pattern."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.mistakes.verdict import Quantity
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import grouped, short
from gui.text.plain import tooltip
from gui.views.check_numbers.wording import place_text

MOST_POINTS = 3_000
"""Points drawn; of more numbers, these many spread over all."""

LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 26.0, 22.0
RADIUS = 4.0


class RatioPlot(QWidget):
    """A point a number: filled green agrees, filled red the first wrong quantity, hollow red later ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ratioPlot")
        self.setMouseTracking(True)
        self._theme = LIGHT
        self._ratios: FloatArray = np.empty(0)
        self._wrong: BoolArray = np.empty(0, bool)
        self._first: BoolArray = np.empty(0, bool)
        self._names: list[str] = []
        self._ends: list[int] = []
        self._quantities: tuple[Quantity, ...] = ()
        self._of: IntArray = np.empty(0, np.int64)
        self._flat: IntArray = np.empty(0, np.int64)
        self._count = 0

    def sizeHint(self) -> QSize:
        return QSize(500, 120)

    @property
    def ratios(self) -> FloatArray:
        """The points, in the order of the table."""
        return self._ratios

    def show_quantities(
        self, quantities: tuple[Quantity, ...], first: str | None, half: dict[str, FloatArray]
    ) -> None:
        """Show these."""
        ratios, wrong, firsts, of, flats = [], [], [], [], []
        shown = [q for q in quantities if q.expected is not None and q.expected.shape == q.given.shape]
        self._names, self._ends, end = [], [], 0
        for index, quantity in enumerate(shown):
            assert quantity.expected is not None
            flat = np.arange(quantity.given.size)
            if quantity.name in half:
                flat = flat[np.isfinite(half[quantity.name].ravel())]
            yours, true = quantity.given.ravel()[flat], quantity.expected.ravel()[flat]
            with np.errstate(all="ignore"):
                ratio = np.where((yours == 0) & (true == 0), 1.0, true / yours)
            is_wrong = quantity.wrong.ravel()[flat]
            ratios.append(np.where(is_wrong, ratio, 1.0))
            wrong.append(is_wrong)
            firsts.append(np.full(len(flat), quantity.name == first))
            of.append(np.full(len(flat), index))
            flats.append(flat)
            end += len(flat)
            self._names.append(quantity.name)
            self._ends.append(end)
        self._quantities = tuple(shown)
        self._count = end
        join = np.concatenate
        self._ratios = join(ratios) if ratios else np.empty(0)
        self._wrong = join(wrong) if wrong else np.empty(0, bool)
        self._first = join(firsts) if firsts else np.empty(0, bool)
        self._of = join(of).astype(np.int64) if of else np.empty(0, np.int64)
        self._flat = join(flats).astype(np.int64) if flats else np.empty(0, np.int64)
        self.setAccessibleName(self._title())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _title(self) -> str:
        return self.tr("true ÷ yours, number by number ({count})").format(count=grouped(self._count))

    # -- the scale ---------------------------------------------------------------------------------

    def _range(self) -> tuple[float, float]:
        """The lowest and the highest ratio that is drawn in its place; others stand at the edge."""
        finite = self._ratios[np.isfinite(self._ratios)]
        if not len(finite):
            return 0.0, 2.0
        low, high = (float(x) for x in np.percentile(finite, (2, 98)))
        low, high = min(low, 1.0), max(high, 1.0)
        if high - low < 1e-3:
            return low - 1.0, high + 1.0
        room = 0.12 * (high - low)
        return low - room, high + room

    def _ticks(self, low: float, high: float) -> list[float]:
        """1, and the ratios that occur most often."""
        finite = self._ratios[np.isfinite(self._ratios)]
        ticks = [1.0]
        apart = (high - low) * self.fontMetrics().height() / max(self.height() - TOP - BOTTOM, 1.0)
        if len(finite):
            values, counts = np.unique(np.round(finite, 6), return_counts=True)
            for value in values[np.argsort(-counts, kind="stable")][:6].tolist():
                if counts.max() > 1 and all(abs(value - tick) > apart for tick in ticks):
                    ticks.append(value)
        for share in (0.1, 0.9) if len(ticks) < 2 else ():
            value = low + share * (high - low)
            if all(abs(value - tick) > apart for tick in ticks):
                ticks.append(value)
        return [tick for tick in ticks[:4] if low <= tick <= high]

    def _places(self) -> tuple[FloatArray, FloatArray, IntArray]:
        """Pixels of the points that are drawn, and which numbers they are."""
        count = len(self._ratios)
        chosen = np.arange(count)
        if count > MOST_POINTS:
            chosen = np.linspace(0, count - 1, MOST_POINTS).astype(np.int64)
        low, high = self._range()
        width, height = self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM
        x = LEFT + width * (chosen + 0.5) / max(count, 1)
        ratios = np.nan_to_num(self._ratios[chosen], nan=high, posinf=high, neginf=low)
        share = (np.clip(ratios, low, high) - low) / (high - low)
        return x, TOP + height * (1.0 - share), chosen

    # -- drawing -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(theme.surface))
        if not len(self._ratios):
            return
        metrics = QFontMetricsF(self.font())
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(12.0, metrics.ascent() + 5), self._title())
        painter.setFont(self.font())
        low, high = self._range()
        height = self.height() - TOP - BOTTOM
        for tick in self._ticks(low, high):
            y = TOP + height * (1.0 - (tick - low) / (high - low))
            painter.setPen(QPen(QColor(theme.grid), 1))
            painter.drawLine(QPointF(LEFT, y), QPointF(self.width() - RIGHT, y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, y - 9, LEFT - 8, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short(tick, 3))
        self._paint_names(painter, metrics)
        x, across, chosen = self._places()
        wrong, first = self._wrong[chosen], self._first[chosen]
        good, bad = QColor(theme.good), QColor(theme.bad)
        room = (self.width() - LEFT - RIGHT) / max(len(chosen), 1)
        radius = max(1.6, min(RADIUS, 0.42 * room))
        for some, pen, brush in (
            (~wrong, QPen(Qt.PenStyle.NoPen), good),
            (wrong & ~first, QPen(bad, 1.3), blend(theme.surface, theme.bad, 0.0)),
            (wrong & first, QPen(Qt.PenStyle.NoPen), bad),
        ):
            painter.setPen(pen)
            painter.setBrush(brush)
            for px, py in zip(x[some].tolist(), across[some].tolist(), strict=True):
                painter.drawEllipse(QPointF(px, py), radius, radius)

    def _paint_names(self, painter: QPainter, metrics: QFontMetricsF) -> None:
        width, start, free = self.width() - LEFT - RIGHT, 0, LEFT
        for name, end in zip(self._names, self._ends, strict=True):
            left, right = LEFT + width * start / self._count, LEFT + width * end / self._count
            painter.setPen(QPen(QColor(self._theme.grid), 1))
            if start:
                painter.drawLine(QPointF(left, TOP), QPointF(left, self.height() - BOTTOM))
            needed = metrics.horizontalAdvance(name)
            middle = (left + right) / 2
            if middle - needed / 2 >= free and middle + needed / 2 <= self.width():
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(QPointF(middle - needed / 2, self.height() - 6), name)
                free = middle + needed / 2 + 6
            start = end

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not len(self._ratios):
            return
        x, y, chosen = self._places()
        at = event.position()
        near = int(np.argmin((x - at.x()) ** 2 + (y - at.y()) ** 2))
        if math.hypot(float(x[near]) - at.x(), float(y[near]) - at.y()) > 12:
            QToolTip.hideText()
            return
        number = int(chosen[near])
        quantity = self._quantities[int(self._of[number])]
        place = [int(i) for i in np.unravel_index(int(self._flat[number]), quantity.given.shape)]
        text = f"{place_text(quantity.name, place)}: {short(float(self._ratios[number]), 6)}"
        QToolTip.showText(event.globalPosition().toPoint(), tooltip(text), self)
