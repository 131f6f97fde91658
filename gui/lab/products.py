"""The chain rule spelled out: a sum of products, each factor with its symbol and its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.style.equation import draw_equation
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, short
from gui.text.plain import tooltip
from gui.widgets.table import UNKNOWN

CARD_HEIGHT = 58.0
LEAST_CARD = 62.0
OPERATOR = 18.0
ROW_GAP = 6.0


class FactorCard(NamedTuple):
    """One factor: its symbol (LaTeX) and its number, None while it is not known."""

    symbol: str
    value: float | None


class _Placed(NamedTuple):
    card: FactorCard
    box: QRectF
    operator: str


class ProductSum(QWidget):
    """One product a row, wrapped where it is too long, with plus signs between the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionProducts")
        self._theme = LIGHT
        self._products: list[tuple[FactorCard, ...]] = []
        self._more = False
        self._total: float | None = None
        self._fonts()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def products(self) -> list[tuple[FactorCard, ...]]:
        """What is shown."""
        return list(self._products)

    @property
    def total(self) -> float | None:
        """What they sum to."""
        return self._total

    def set_products(
        self, products: Sequence[Sequence[FactorCard]], total: float | None, *, more: bool = False
    ) -> None:
        """Show these; `more` if there are others that are not."""
        before = [len(p) for p in self._products], self._more
        self._products, self._total, self._more = [tuple(p) for p in products], total, more
        if ([len(p) for p in self._products], more) != before:
            self._fit()
        spoken = (" · ".join(f"{c.symbol} = {_text(c.value)}" for c in p) for p in self._products)
        self.setAccessibleDescription(f"{' + '.join(spoken)} = {_text(total)}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        rows = sum(len(self._wrapped(p)) for p in self._products)
        height = rows * (CARD_HEIGHT + ROW_GAP) + self._metrics.height() + 6
        return QSize(200, round(height if self._products else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())

    def _fonts(self) -> None:
        self._strong = tabular(self.font(), bold=True)
        self._metrics = QFontMetricsF(self._strong)

    def _wrapped(self, product: Sequence[FactorCard]) -> list[Sequence[FactorCard]]:
        fitting = max(1, int((self.width() + 1) // (LEAST_CARD + OPERATOR)))
        rows = -(-len(product) // fitting)
        each = -(-len(product) // max(1, rows))
        return [product[k : k + each] for k in range(0, len(product), each)]

    def _placed(self) -> list[_Placed]:
        placed, y = [], 0.5
        most = max((len(row) for p in self._products for row in self._wrapped(p)), default=1)
        width = min((self.width() - 1 - OPERATOR * most) / most, 96.0)
        for product_number, product in enumerate(self._products):
            for row_number, row in enumerate(self._wrapped(product)):
                for number, card in enumerate(row):
                    operator = "·" if number or row_number else "+" if product_number else "="
                    x = 0.5 + OPERATOR + number * (width + OPERATOR)
                    placed.append(_Placed(card, QRectF(x, y, width, CARD_HEIGHT), operator))
                y += CARD_HEIGHT + ROW_GAP
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, metrics = self._theme, self._metrics
        painter.setFont(self._strong)
        placed = self._placed()
        for card, box, operator in placed:
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(box, 7, 7)
            at = QPointF(box.center().x(), box.top() + 23)
            draw_equation(painter, card.symbol, at, 14.0, theme.text, self, 0.5, box.width() - 8)
            text = _text(card.value)
            painter.setPen(QColor(theme.muted if card.value is None else theme.text))
            room = box.width() - 6
            advance = metrics.horizontalAdvance(text)
            if advance > room:
                painter.setFont(tabular(self.font(), room / advance, bold=True))
                advance = room
            painter.drawText(QPointF(box.center().x() - advance / 2, box.bottom() - 8), text)
            painter.setFont(self._strong)
            painter.setPen(QColor(theme.muted))
            width = metrics.horizontalAdvance(operator)
            painter.drawText(
                QPointF(box.left() - OPERATOR / 2 - width / 2, box.center().y() + metrics.ascent() / 2 - 1),
                operator,
            )
        if placed:
            baseline = placed[-1].box.bottom() + ROW_GAP + metrics.ascent() + 2
            painter.setPen(QColor(theme.muted if self._total is None else theme.text))
            more = "+ …  " if self._more else ""
            painter.drawText(QPointF(4.0, baseline), f"{more}= {_text(self._total)}")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            hit = next((card for card, box, _ in self._placed() if box.contains(at)), None)
            text = "" if hit is None or hit.value is None else full(hit.value)
            QToolTip.showText(event.globalPos(), tooltip(text), self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fonts()
            self._fit()
        super().changeEvent(event)


def _text(value: float | None) -> str:
    return UNKNOWN if value is None else short(value)
