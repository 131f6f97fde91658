"""The columns of the file: what each is for and what it holds, as guessed, and to be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QTableView, QWidget

from engine.data.dataset import Column
from engine.data.dates import day_text
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import shown, shown_names
from gui.text.plain import LONGEST_QUOTE, one_line, tooltip

Index = QModelIndex | QPersistentModelIndex
NAME, ROLE, TYPE, VALUES, MISSING = range(5)
ROLES = ("feature", "target", "skip")
TYPES = ("number", "category", "date", "date_parts")
DATES = ("date", "date_parts")
SHOWN_LEVELS = 12
NAME_WIDTH = 170
ROW_HEIGHT = 24


def role_name(role: str) -> str:
    """What people call a role."""
    return {
        "feature": QCoreApplication.translate("ColumnsList", "feature"),
        "target": QCoreApplication.translate("ColumnsList", "target"),
        "skip": QCoreApplication.translate("ColumnsList", "skip"),
    }[role]


def type_name(kind: str) -> str:
    """What people call what a column holds."""
    return {
        "number": QCoreApplication.translate("ColumnsList", "number"),
        "category": QCoreApplication.translate("ColumnsList", "category"),
        "text": QCoreApplication.translate("ColumnsList", "text"),
        "date": QCoreApplication.translate("ColumnsList", "date"),
        "date_parts": QCoreApplication.translate("ColumnsList", "parts of a date"),
        "id": QCoreApplication.translate("ColumnsList", "row name"),
        "empty": QCoreApplication.translate("ColumnsList", "empty"),
    }[kind]


class ColumnsList(QTableView):
    """One row a column of the file; a click on its role or type opens a menu, for all selected rows at once.

    Signals
    -------
    role_chosen(tuple of int, str), type_chosen(tuple of int, str or None)
        For columns counted from 1; no type is to guess it again.
    """

    role_chosen = Signal(tuple, str)
    type_chosen = Signal(tuple, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("columnsList")
        self.rows = _ColumnsModel(self)
        self.setModel(self.rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(VALUES, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(NAME, NAME_WIDTH)
        self._fit_columns()
        self.clicked.connect(self._clicked)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; rows that are selected stay so."""
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        self.rows.set_columns(columns)
        flags = self.selectionModel().SelectionFlag
        for row in chosen:
            if row < len(columns):
                self.selectionModel().select(self.rows.index(row, 0), flags.Select | flags.Rows)

    def _fit_columns(self) -> None:
        """Give roles and types the room of the longest word."""
        metrics = self.fontMetrics()
        titles = [str(self.rows.headerData(place, Qt.Orientation.Horizontal)) for place in range(5)]
        for place, words in (
            (ROLE, [role_name(role) for role in ROLES]),
            (TYPE, [type_name(kind) for kind in (*TYPES, "text", "date", "id", "empty")]),
            (MISSING, [titles[MISSING]]),
        ):
            width = max(metrics.horizontalAdvance(f"{word} ▾") for word in (*words, titles[place]))
            self.horizontalHeader().resizeSection(place, round(1.12 * width) + 12)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.rows.set_theme(theme)

    def open_role_menu(self, column: int, at: QPoint) -> QMenu:
        """Open the menu of roles for a column, from 0, and those selected with it."""
        menu = self._menu("roleMenu")
        present = self.rows.columns[column].role
        for role in ROLES:
            self._entry(menu, role_name(role), role == present).triggered.connect(
                partial(_emit, self.role_chosen, self._chosen(column), role)
            )
        menu.popup(at)
        return menu

    def open_type_menu(self, column: int, at: QPoint) -> QMenu:
        """Open the menu of types for a column, from 0, and those selected with it."""
        menu = self._menu("typeMenu")
        present = self.rows.columns[column].type
        for kind in TYPES:
            self._entry(menu, type_name(kind), kind == present).triggered.connect(
                partial(_emit, self.type_chosen, self._chosen(column), kind)
            )
        menu.addSeparator()
        guess = self._entry(menu, self.tr("guess it"), False)
        guess.triggered.connect(partial(_emit, self.type_chosen, self._chosen(column), None))
        menu.popup(at)
        return menu

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName(name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _entry(self, menu: QMenu, text: str, checked: bool) -> QAction:
        action: QAction = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        return action

    def _chosen(self, column: int) -> tuple[int, ...]:
        """The selected columns, if `column` is among them, else it alone; from 1."""
        selected = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(row + 1 for row in (selected if column in selected else [column]))

    def _clicked(self, index: QModelIndex) -> None:
        modifiers = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if index.column() in (ROLE, TYPE) and not QApplication.keyboardModifiers() & modifiers:
            self._open(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu of the present cell with Enter or Space; the name's is the role's."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        index = self.currentIndex()
        if event.key() in keys and index.isValid():
            self._open(index if index.column() in (ROLE, TYPE) else index.siblingAtColumn(ROLE))
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        at = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        if index.column() == TYPE:
            self.open_type_menu(index.row(), at)
        else:
            self.open_role_menu(index.row(), at)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.rows.set_columns(self.rows.columns)
            self._fit_columns()
        super().changeEvent(event)


def _plain(value: float) -> str:
    return numbers.short(value, 6)


def _emit(signal: Any, columns: tuple[int, ...], value: str | None, checked: bool = False) -> None:
    signal.emit(columns, value)


class _ColumnsModel(QAbstractTableModel):
    """Name, role, type, values and missing cells of each column."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._muted, self._warning = QColor(theme.muted), QColor(theme.warning)

    def set_columns(self, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, place = self.columns[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(column, place)
        if role == Qt.ItemDataRole.ToolTipRole:
            if place == ROLE:
                return self.tr("Click to choose: what is learnt from, what is learnt, or neither")
            if place == TYPE:
                return self.tr(
                    "Click to choose: a number, a category with an input for each value, the days of a date, "
                    "or its year, month and weekday"
                )
            if place == VALUES and column.levels:
                return tooltip(", ".join(shown_names(column.levels[:100])))
            return tooltip(one_line(column.name, LONGEST_QUOTE))
        if role == Qt.ItemDataRole.FontRole and column.role == "target" and place in (NAME, ROLE):
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            if place == MISSING and column.missing and column.role != "skip":
                return self._warning
            return self._muted if column.role == "skip" and place != ROLE else None
        if role == Qt.ItemDataRole.TextAlignmentRole and place == MISSING:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, column: Column, place: int) -> str:
        match place:
            case 0:
                return shown(column.name)
            case 1:
                return f"{role_name(column.role)} ▾"
            case 2:
                return f"{type_name(column.type)} ▾"
            case 3 if column.levels:
                first = ", ".join(shown_names(column.levels[:SHOWN_LEVELS]))
                more = "" if len(column.levels) <= SHOWN_LEVELS else " …"
                count = len(column.levels)
                return self.tr("{0} values: {1}", "", count).format(count, first + more)
            case 3 if column.low is not None and column.high is not None and column.type in DATES:
                return self.tr("{0} to {1}").format(day_text(column.low), day_text(column.high))
            case 3 if column.low is not None and column.high is not None:
                return self.tr("{0} to {1}").format(_plain(column.low), _plain(column.high))
            case 4 if column.missing:
                return numbers.grouped(column.missing)
            case _:
                return ""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Column"), self.tr("Role"), self.tr("Type"), self.tr("Values"), self.tr("Missing"))[
            section
        ]
