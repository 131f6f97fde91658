"""The factors as cards with a sign of multiplication between them, and the headline above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from gui.style.equation import draw_equation, equation_size, typeset_soon
from gui.style.fonts import tabular
from gui.style.spoken import spoken
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import for_programs, full, full_latex, short
from gui.text.plain import tooltip
from gui.widgets.table import UNKNOWN

PADDING = 5.0
OPERATOR = 20.0
SMALLER = 0.75
"""How small a number may be drawn to have all its digits."""

LARGEST, SYMBOL = 1.55, 1.28
"""Sizes of the headline's number against plain text, and of its symbol against the number."""


def sign_colour(theme: Theme, value: float | None) -> str:
    """The colour of a number, which has its minus besides."""
    if value is None:
        return theme.muted
    return theme.positive if value > 0 else theme.negative if value < 0 else theme.text


class Card(NamedTuple):
    """One factor: its symbol (LaTeX), its number (None is not known yet), and a word on it."""

    symbol: str
    value: float | None
    caption: str
    tip: str = ""
    text: str = ""
    """How the number is written where there is room, so that the product comes out."""

    @property
    def written(self) -> str:
        """The number as it is shown where there is room."""
        return UNKNOWN if self.value is None else self.text or short(self.value)


class Headline(QWidget):
    """A symbol, its number in large type, and a word behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._symbol, self._value, self._suffix, self._brief = "", None, "", ""
        self._lit = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fonts()

    _value: float | None

    @property
    def symbol(self) -> str:
        """What is shown, LaTeX."""
        return self._symbol

    @property
    def value(self) -> float | None:
        """Its number."""
        return self._value

    @property
    def text(self) -> str:
        """The number as it is shown."""
        return UNKNOWN if self._value is None else short(self._value)

    @property
    def suffix(self) -> str:
        """The word behind the number."""
        return self._suffix

    def set_content(
        self, symbol: str, value: float | None, suffix: str, *, brief: str = "", lit: bool = False
    ) -> None:
        """Show this, the number in colour if the phase is about it; a `brief` word where it must be."""
        self._symbol, self._value, self._suffix, self._lit = symbol, value, suffix, lit
        self._brief = brief or suffix
        self.setAccessibleDescription(f"{spoken(symbol)}: {self.text} {suffix}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _fonts(self) -> None:
        self._small = tabular(self.font())

    def sizeHint(self) -> QSize:
        return QSize(200, round(QFontMetricsF(tabular(self.font(), LARGEST, bold=True)).height() * 1.38))

    def _scale(self, suffix: float) -> float:
        """How large symbol and number may be, so that the word behind them has room."""
        for step in range(5):
            scale = LARGEST - 0.1 * step
            large = QFontMetricsF(tabular(self.font(), scale, bold=True))
            width, _, _ = equation_size(self._symbol + " =", SYMBOL * large.ascent())
            if width + large.horizontalAdvance(self.text) + suffix + 16 <= self.width():
                break
        return scale

    def paintEvent(self, event: QPaintEvent) -> None:
        if not typeset_soon(self._symbol + " =", self):
            return
        painter, theme = QPainter(self), self._theme
        small = QFontMetricsF(self._small)
        font = tabular(self.font(), self._scale(small.horizontalAdvance(self._suffix)), bold=True)
        large = QFontMetricsF(font)
        baseline = (self.height() + large.ascent() - large.descent()) / 2
        size = SYMBOL * large.ascent()
        x = draw_equation(painter, self._symbol + " =", QPointF(0, baseline), size, theme.text, self) + 7
        painter.setFont(font)
        known = self._value is not None
        painter.setPen(QColor(theme.selection if self._lit and known else sign_colour(theme, self._value)))
        painter.drawText(QPointF(x, baseline), self.text)
        # the word stands still whatever the number's length, if there is room
        number = large.horizontalAdvance(self.text)
        steady = number if not known else max(number, large.horizontalAdvance("−0.00000"))
        fits = x + steady + 8 + small.horizontalAdvance(self._suffix) <= self.width()
        x += (steady if fits else number) + 8
        painter.setFont(self._small)
        painter.setPen(QColor(theme.muted))
        room = max(0.0, self.width() - x + 1)
        suffix = self._suffix if small.horizontalAdvance(self._suffix) <= room else self._brief
        painter.drawText(QPointF(x, baseline), small.elidedText(suffix, Qt.TextElideMode.ElideRight, room))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            parts = ["" if self._value is None else full(self._value), self._suffix]
            QToolTip.showText(event.globalPos(), tooltip("\n".join(filter(None, parts))), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fonts()
            self.updateGeometry()
        super().changeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        value, symbol = self._value, self._symbol
        if value is not None:
            number = for_programs(value)
            menu.addAction(self.tr("Copy number"), lambda: QGuiApplication.clipboard().setText(number))
            typeset = f"{symbol} = {full_latex(value)}"
            menu.addAction(self.tr("Copy as LaTeX"), lambda: QGuiApplication.clipboard().setText(typeset))
        else:
            menu.addAction(self.tr("Copy as LaTeX"), lambda: QGuiApplication.clipboard().setText(symbol))
        menu.popup(event.globalPos())


class FactorCards(QWidget):
    """One card a factor, side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._cards: list[Card] = []
        self._painted: list[str] = []
        self._operator = "×"
        self._lit = range(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fonts()

    @property
    def cards(self) -> list[Card]:
        """What is shown, from left to right."""
        return list(self._cards)

    @property
    def painted(self) -> list[str]:
        """The numbers as they were written when they were last painted."""
        return list(self._painted)

    @property
    def lit(self) -> range:
        """Which cards the phase is about."""
        return self._lit

    def set_cards(self, cards: Sequence[Card], operator: str = "×", lit: range = range(0)) -> None:
        """Show these, with `operator` between them; the `lit` ones in colour."""
        self._cards, self._operator, self._lit = list(cards), operator, lit
        said = (f"{spoken(c.symbol)}: {c.written}, {c.caption}" for c in cards)
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _fonts(self) -> None:
        self._strong = tabular(self.font(), 1.12, bold=True)
        self._small = tabular(self.font(), 0.86)
        strong, small = QFontMetricsF(self._strong), QFontMetricsF(self._small)
        self._height = round(2 * PADDING + 2.45 * strong.height() + small.height())

    def sizeHint(self) -> QSize:
        return QSize(200, self._height + 2)

    def _places(self) -> list[QRectF]:
        count = max(1, len(self._cards))
        width = (self.width() - 1 - OPERATOR * (count - 1)) / count
        return [
            QRectF(0.5 + index * (width + OPERATOR), 0.5, width, self._height)
            for index in range(len(self._cards))
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        strong, small = QFontMetricsF(self._strong), QFontMetricsF(self._small)
        painted = self._painted = []
        for index, (card, place) in enumerate(zip(self._cards, self._places(), strict=True)):
            lit = index in self._lit
            painter.setPen(QPen(QColor(theme.selection if lit else theme.border), 2 if lit else 1))
            painter.setBrush(blend(theme.surface, theme.selection, 0.1) if lit else QColor(theme.surface))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5) if lit else place, 8, 8)
            middle, room = place.center().x(), place.width() - 10
            symbol_line = place.top() + PADDING + 1.25 * strong.ascent()
            at = QPointF(middle, symbol_line)
            draw_equation(painter, card.symbol, at, 1.2 * strong.ascent(), theme.text, self, 0.5, room)
            number_line = symbol_line + 1.35 * strong.height()
            text = UNKNOWN if card.value is None else self._fitting(card, card.value, room)
            painter.setPen(QColor(sign_colour(theme, card.value)))
            painted.append(self._centred(painter, text, self._strong, middle, number_line, room))
            painter.setPen(QColor(theme.muted))
            self._centred(
                painter, card.caption, self._small, middle, number_line + 1.25 * small.height(), room
            )
            if index:
                painter.setFont(self._small)
                width = small.horizontalAdvance(self._operator)
                painter.drawText(
                    QPointF(place.left() - OPERATOR / 2 - width / 2, place.center().y() + small.ascent() / 2),
                    self._operator,
                )

    def _fitting(self, card: Card, value: float, room: float) -> str:
        """A number with as many digits as there is room for."""
        metrics = QFontMetricsF(self._strong)
        texts = [card.text or short(value), *(short(value, digits) for digits in (4, 3, 2))]
        return next((text for text in texts if metrics.horizontalAdvance(text) <= room / SMALLER), texts[-1])

    def _centred(
        self, painter: QPainter, text: str, font: QFont, middle: float, baseline: float, room: float
    ) -> str:
        """Draw a text, a little smaller if there is no room, shortened if that does not do; return it."""
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) > room:
            font = tabular(font, max(SMALLER, room / metrics.horizontalAdvance(text)), bold=font.bold())
            metrics = QFontMetricsF(font)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 4)
        painter.setFont(font)
        painter.drawText(QPointF(middle - metrics.horizontalAdvance(text) / 2, baseline), text)
        return text

    def _card_at(self, point: QPointF) -> Card | None:
        for card, place in zip(self._cards, self._places(), strict=True):
            if place.contains(point):
                return card
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            card = self._card_at(QPointF(event.pos()))
            parts = (
                []
                if card is None
                else [card.tip, "" if card.value is None else full(card.value), card.caption]
            )
            QToolTip.showText(event.globalPos(), tooltip("\n".join(filter(None, parts))), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fonts()
            self.updateGeometry()
        super().changeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        card = self._card_at(QPointF(event.pos()))
        if card is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if card.value is not None:
            number = for_programs(card.value)
            menu.addAction(self.tr("Copy number"), lambda: QGuiApplication.clipboard().setText(number))
        symbol = card.symbol
        menu.addAction(self.tr("Copy as LaTeX"), lambda: QGuiApplication.clipboard().setText(symbol))
        menu.popup(event.globalPos())
