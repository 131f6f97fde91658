"""A tree whose rows are a title, a formula and a number: for derivations that fold and unfold."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui.style.equation import draw_equation, equation_size, typeset_soon
from gui.style.fonts import px, tabular
from gui.style.spoken import spoken
from gui.style.theme import LIGHT, Theme

FORMULA = 15.0
SMALLEST = 0.62
"""How much smaller a formula may be drawn to fit its column, before it is cut off."""
LATEX = Qt.ItemDataRole.UserRole


class Line(NamedTuple):
    """A row: its title, its formula, its number as text, and the whole number for the tooltip."""

    title: str
    latex: str
    value: str = ""
    tip: str = ""
    strong: bool = False


class _Item(QTreeWidgetItem):
    """A row whose formula, that is drawn, is said in words."""

    def data(self, column: int, role: int) -> object:
        if column == 1 and role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(super().data(1, LATEX) or "")
        return super().data(column, role)


class FormulaTree(QTreeWidget):
    """Rows of title, formula and number, each with rows below it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.theme = LIGHT
        self.setColumnCount(3)
        self.setItemDelegate(_Formulas(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIndentation(px(16))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, px(210))
        header.resizeSection(2, px(96))

    def add(self, parent: QTreeWidgetItem | None, line: Line) -> QTreeWidgetItem:
        """Append a row, and return it."""
        item = _Item([line.title, "", line.value])
        item.setData(1, LATEX, line.latex)
        item.setToolTip(0, line.title)
        item.setToolTip(2, line.tip)
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setFont(2, tabular(self.font(), bold=line.strong))
        if line.strong:
            item.setFont(0, tabular(self.font(), bold=True))
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.viewport().update()

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """All rows in order: title, formula and number."""
        return [(item.text(0), item.data(1, LATEX), item.text(2)) for item in self.rows()]

    def rows(self) -> list[QTreeWidgetItem]:
        """All rows in order, folded or not."""
        found, waiting = [], [self.topLevelItem(k) for k in reversed(range(self.topLevelItemCount()))]
        while waiting:
            item = waiting.pop()
            assert item is not None
            found.append(item)
            waiting.extend(item.child(k) for k in reversed(range(item.childCount())))
        return found


class _Formulas(QStyledItemDelegate):
    """Paints the second column; a formula that is not laid out yet comes with the next picture."""

    def __init__(self, tree: FormulaTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        latex = index.data(LATEX)
        if index.column() != 1 or not latex:
            return
        viewport = self._tree.viewport()
        rect = option.rect.adjusted(4, 0, -4, 0)
        wanted = float(px(FORMULA))
        if not typeset_soon(latex, viewport):
            return
        width, _, _ = equation_size(latex, wanted)
        if width * SMALLEST > rect.width() and (right := right_side(latex)):
            if not typeset_soon(right, viewport):
                return
            latex = right
            width, _, _ = equation_size(latex, wanted)
        size = max(wanted * SMALLEST, min(wanted, wanted * rect.width() / max(width, 1.0)))
        _, height, baseline = equation_size(latex, size)
        theme = self._tree.theme
        painter.save()
        painter.setClipRect(option.rect)
        at = QPointF(rect.left(), rect.top() + (rect.height() - height) / 2 + baseline)
        width = draw_equation(painter, latex, at, size, theme.text, viewport)
        if width > rect.width():
            end = option.rect.adjusted(option.rect.width() - px(22), 0, 0, 0)
            chosen = option.state & QStyle.StateFlag.State_Selected
            painter.fillRect(end, QColor(theme.chosen if chosen else theme.surface))
            painter.setPen(QColor(theme.muted))
            painter.drawText(end, Qt.AlignmentFlag.AlignCenter, "…")
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        latex = self._tree.model().index(index.row(), 1, index.parent()).data(LATEX)
        return QSize(size.width(), max(size.height() + 4, px(FORMULA * _lines_high(latex or ""))))


def right_side(latex: str) -> str:
    """Return an equation without its left side: what a step makes of it, where there is no room for both."""
    left, _, right = latex.partition(" = ")
    whole = left.count("{") == left.count("}") and left.count(r"\left") == left.count(r"\right")
    return f"= {right}" if right and whole else ""


def _lines_high(latex: str) -> float:
    """How many font sizes a formula is high, about: known before it is laid out, so that no row jumps."""
    if r"\begin{cases}" in latex:
        return 2.2 + 1.2 * latex.count(r"\\")
    deep = _fractions_deep(latex)
    # powers and roots within a fraction need a little more than letters
    return (1.9, 2.6, 3.9, 4.9)[min(3, deep)] + 0.4 * (deep > 0 and ("^" in latex or r"\sqrt" in latex))


def _fractions_deep(latex: str) -> int:
    """How many fractions stand in one another."""
    deepest, depth = 0, 0
    opened: list[bool] = []
    place = 0
    arguments = 0
    while place < len(latex):
        if latex.startswith(r"\frac", place):
            arguments = 2
            place += 5
            continue
        if latex[place] == "{":
            opened.append(arguments > 0)
            depth += arguments > 0
            deepest = max(deepest, depth)
            arguments = 0
        elif latex[place] == "}" and opened:
            was_fraction = opened.pop()
            depth -= was_fraction
            # its second argument follows at once
            arguments = int(was_fraction and latex[place + 1 : place + 2] == "{")
        place += 1
    return deepest
