"""The table of somebody's numbers beside the right ones: looked up when it is drawn, however many."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.arrays import FloatArray, IntArray
from engine.mistakes.verdict import Quantity
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import full, short
from gui.views.check_numbers.wording import place_text, relation, state_text, symbol

Index = QModelIndex | QPersistentModelIndex
PLACE, YOURS, TRUE, RELATION = range(4)
SEALED = "?"


class Number(NamedTuple):
    """A number of the table: its quantity, and its place in it."""

    name: str
    place: tuple[int, ...]


class NumbersModel(QAbstractTableModel):
    """A row for each quantity, and under it a row for each of its numbers that was given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.titles = ("", "", "", "")
        self.sealed = False
        """Whether only what was given is shown, and not whether it is right."""
        self._quantities: tuple[Quantity, ...] = ()
        self._precision: dict[str, FloatArray] = {}
        self._known: dict[str, IntArray] = {}
        self._starts: IntArray = np.zeros(1, np.int64)
        self._first: str | None = None
        self._plain, self._bold = QFont(), QFont()

    def show(
        self,
        quantities: tuple[Quantity, ...],
        first: str | None,
        half: dict[str, FloatArray],
        sealed: bool = False,
    ) -> None:
        """Show these; `half` is half a unit of each number's last digit, infinite where there is none."""
        self.beginResetModel()
        self._quantities, self._first, self.sealed = quantities, first, sealed
        self._precision, self._known = half, {}
        counts = []
        for quantity in quantities:
            known = np.arange(quantity.given.size)
            if quantity.name in half:
                known = known[np.isfinite(half[quantity.name].ravel())]
            self._known[quantity.name] = known
            counts.append(1 + len(known))
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.endResetModel()

    @property
    def heads(self) -> list[int]:
        """The rows of the quantities themselves."""
        return [int(row) for row in self._starts[:-1]]

    def unseal(self) -> None:
        """Show what is right, too."""
        self.sealed = False
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, RELATION))

    def set_theme(self, theme: Theme, font: QFont) -> None:
        """Draw in these colours and this font."""
        self.theme, self._plain, self._bold = theme, tabular(font), tabular(font, bold=True)
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, RELATION))

    # -- where things are --------------------------------------------------------------------------

    def _at(self, row: int) -> tuple[Quantity, int]:
        """The quantity of a row, and its number, counted flat; -1 is the quantity itself."""
        index = int(np.searchsorted(self._starts, row, side="right")) - 1
        quantity, below = self._quantities[index], row - int(self._starts[index]) - 1
        return quantity, -1 if below < 0 else int(self._known[quantity.name][below])

    def number_at(self, row: int) -> Number | None:
        """The number in a row, if it is one."""
        if not 0 <= row < self.rowCount():
            return None
        quantity, flat = self._at(row)
        if flat < 0:
            return None
        return Number(quantity.name, tuple(int(i) for i in np.unravel_index(flat, quantity.given.shape)))

    def row_of(self, number: Number) -> int | None:
        """The row of a number."""
        for index, quantity in enumerate(self._quantities):
            if quantity.name != number.name or len(quantity.given.shape) != len(number.place):
                continue
            if any(i >= n for i, n in zip(number.place, quantity.given.shape, strict=True)):
                return None
            flat = int(np.ravel_multi_index(number.place, quantity.given.shape)) if number.place else 0
            place = int(np.searchsorted(self._known[quantity.name], flat))
            known = self._known[quantity.name]
            if place < len(known) and known[place] == flat:
                return int(self._starts[index]) + 1 + place
        return None

    # -- Qt's questions ----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else int(self._starts[-1])

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section != PLACE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        quantity, flat = self._at(index.row())
        column = index.column()
        heads = flat < 0
        if role == Qt.ItemDataRole.DisplayRole:
            return self._head(quantity, column) if heads else self._text(quantity, flat, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return symbol(quantity.name) if heads else self._tip(quantity, flat, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == PLACE else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if heads or column == YOURS else self._plain
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._colour(quantity, flat, column))
        marked = not self.sealed and quantity.name == self._first and (heads or quantity.wrong.flat[flat])
        if role == Qt.ItemDataRole.BackgroundRole and marked:
            return blend(self.theme.surface, self.theme.bad, 0.12)
        return None

    def _head(self, quantity: Quantity, column: int) -> str:
        if column == PLACE:
            return quantity.name
        return state_text(quantity, self._first) if column == YOURS and not self.sealed else ""

    def _value(self, quantity: Quantity, flat: int, column: int) -> float | None:
        if column == YOURS:
            return float(quantity.given.flat[flat])
        expected = quantity.expected
        if (
            column == TRUE
            and not self.sealed
            and expected is not None
            and expected.shape == quantity.given.shape
        ):
            return float(expected.flat[flat])
        return None

    def _text(self, quantity: Quantity, flat: int, column: int) -> str:
        if column == PLACE:
            place = np.unravel_index(flat, quantity.given.shape)
            return "  " + (place_text("", [int(i) for i in place]) or symbol(quantity.name))
        if column in (YOURS, TRUE):
            value = self._value(quantity, flat, column)
            return SEALED if value is None else short(value)
        true = self._value(quantity, flat, TRUE)
        if true is None:
            return ""
        yours = float(quantity.given.flat[flat])
        half = self._precision.get(quantity.name)
        share = 0.0 if half is None or not yours else float(half.flat[flat]) / abs(yours)
        return relation(yours, true, bool(quantity.wrong.flat[flat]), share)

    def _tip(self, quantity: Quantity, flat: int, column: int) -> str:
        value = self._value(quantity, flat, column)
        return "" if value is None else full(value)

    def _colour(self, quantity: Quantity, flat: int, column: int) -> str:
        theme = self.theme
        if self.sealed or quantity.agrees is None:
            return theme.text
        wrong = quantity.agrees is False if flat < 0 else bool(quantity.wrong.flat[flat])
        if flat < 0:
            return (theme.bad if wrong else theme.good) if column == YOURS else theme.text
        if column == YOURS:
            return theme.bad if wrong else theme.good
        return theme.text if column == TRUE else theme.muted


class NumbersTable(QTableView):
    """The table.

    Signals
    -------
    chosen(Number)
        The user went to a number.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numbersTable")
        self.numbers = NumbersModel(self)
        self.setModel(self.numbers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.setVisible(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setStretchLastSection(True)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.numbers.modelReset.connect(self._span)
        self.set_theme(LIGHT)
        self._retranslate()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.numbers.set_theme(theme, self.font())
        self._fit()

    def choose(self, number: Number) -> None:
        """Go to a number."""
        row = self.numbers.row_of(number)
        if row is not None:
            self.selectRow(row)
            self.scrollTo(self.numbers.index(row, 0))

    def _span(self) -> None:
        """Let what is said of a quantity have the room of its row."""
        self.clearSpans()
        for row in self.numbers.heads:
            self.setSpan(row, YOURS, 1, RELATION - YOURS + 1)

    def _moved(self, current: QModelIndex) -> None:
        number = self.numbers.number_at(current.row()) if current.isValid() else None
        if number is not None:
            self.chosen.emit(number)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Numbers"))
        self.numbers.titles = ("", self.tr("yours"), self.tr("true"), self.tr("yours is"))
        self.numbers.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, RELATION)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 4)
        number = QFontMetrics(tabular(self.font(), bold=True)).horizontalAdvance("−8.888·10⁻⁸") + 16
        for column, width in (
            (PLACE, metrics.horizontalAdvance("  [88, 88]") + 10),
            (YOURS, number),
            (TRUE, number),
        ):
            self.setColumnWidth(column, width)
