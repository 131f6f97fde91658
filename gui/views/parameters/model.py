"""The rows of the table: one a parameter, looked up when they are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from engine.arrays import IntArray
from engine.parts import Part
from gui.text.numbers import full, short
from gui.text.parts import unit_label
from gui.training.messages import Freeze, SetParameter, Status
from gui.views.parameters.moment import NUMBERS, Column, Moment

Index = QModelIndex | QPersistentModelIndex

FEW_ROWS = 20_000
"""So many rows are sorted anew for every frame; more only when training rests."""

VALUE_DIGITS = 6
"""Digits of a value: enough to see a small step."""

_HERE = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class ParametersModel(QAbstractTableModel):
    """The parameters of the latest frame; only what is asked for is looked up.

    Signals
    -------
    edited(SetParameter)
    freeze_requested(Freeze)
    """

    edited = Signal(object)
    freeze_requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.moment: Moment | None = None
        self.layer = 0
        self.order: IntArray = np.arange(0)
        self._sorting: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)
        self.titles: tuple[str, ...] = ("",) * len(Column)
        self.tips: tuple[str, ...] = ("",) * len(Column)

    # -- what it shows -----------------------------------------------------------------------------

    def show(self, moment: Moment, *, keep_order: bool = False) -> None:
        """Show another moment; `keep_order` leaves the rows where they are."""
        before, self.moment = self.moment, moment
        if before is None or before.record.sizes != moment.record.sizes:
            if self.layer >= len(moment.record.sizes):
                self.layer = 0
            self._reset()
            return
        resting = moment.frame.status is not Status.RUNNING
        if self._sorting[0] >= 0 and not keep_order and (len(self.order) <= FEW_ROWS or resting):
            self.sort(*self._sorting)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.order) - 1, len(Column) - 1))

    def forget(self) -> None:
        """Show nothing."""
        self.moment = None
        self._reset()

    def show_layer(self, layer: int) -> None:
        """Show only the parameters of one layer; 0 shows all."""
        if layer != self.layer:
            self.layer = layer
            self._reset()

    def part_at(self, row: int) -> Part | None:
        """The parameter in a row."""
        if self.moment is None or not 0 <= row < len(self.order):
            return None
        return self.moment.numbering.part(int(self.order[row]))

    def row_of(self, part: Part | None) -> int | None:
        """The row a parameter is in, if it is shown."""
        number = None if self.moment is None else self.moment.numbering.number(part)
        if number is None:
            return None
        found = np.flatnonzero(self.order == number)
        return int(found[0]) if len(found) else None

    @property
    def present_column(self) -> Column:
        """Where the parameters' values of this moment stand."""
        updated = self.moment is not None and self.moment.revealed.update
        return Column.AFTER if updated else Column.VALUE

    def _reset(self) -> None:
        self.beginResetModel()
        self.order = self._sorted()
        self.endResetModel()

    def _sorted(self) -> IntArray:
        moment = self.moment
        if moment is None:
            return np.arange(0)
        numbers = moment.numbering.of_layer(self.layer)
        plain = np.arange(numbers.start, numbers.stop)
        column, direction = self._sorting
        if column < 0:
            return plain
        keys = moment.column(Column(column))[plain].astype(np.float64)
        if direction is Qt.SortOrder.DescendingOrder:
            keys = -keys
        return plain[np.argsort(keys, kind="stable")]

    # -- Qt's questions ----------------------------------------------------------------------------

    def rowCount(self, parent: Index = _HERE) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _HERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tips[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        moment, part = self.moment, self.part_at(index.row())
        if moment is None or part is None:
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if column is Column.FROZEN:
            if role == Qt.ItemDataRole.CheckStateRole:
                held = moment.frame.is_frozen(part)
                return Qt.CheckState.Checked if held else Qt.CheckState.Unchecked
            return None
        if column not in NUMBERS:
            return self.name(column, part) if role == Qt.ItemDataRole.DisplayRole else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole):
            return None
        value = moment.number(column, part)
        if value is None:
            return "–" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.ToolTipRole:
            return full(value)
        return short(value, VALUE_DIGITS if column in (Column.VALUE, Column.AFTER) else 4)

    def name(self, column: Column, part: Part) -> str:
        """The layer, or the unit a parameter leads from or to."""
        assert self.moment is not None
        kind, layer, unit, source = part
        if column is Column.LAYER:
            return str(layer)
        if column is Column.FROM and kind == "bias":
            return self.tr("bias")
        at, number = (layer - 1, source) if column is Column.FROM else (layer, unit)
        return unit_label(self.moment.frame, at, number)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.column() == Column.FROZEN:
            return _FLAGS | Qt.ItemFlag.ItemIsUserCheckable
        return _FLAGS | Qt.ItemFlag.ItemIsEditable if index.column() == self.present_column else _FLAGS

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        part = self.part_at(index.row())
        if part is None or self.moment is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            held = Qt.CheckState(value) is Qt.CheckState.Checked
            self.freeze_requested.emit(Freeze(part, held))
        elif float(value) != self.moment.frame.parameter(part):
            self.edited.emit(SetParameter(part, float(value)))
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorting = (column, order)
        new = self._sorted()
        if np.array_equal(new, self.order):
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        numbers = self.order[[index.row() for index in old]]
        rows = np.empty(0 if self.moment is None else len(self.moment.numbering), np.intp)
        rows[new] = np.arange(len(new))
        self.order = new
        moved = [self.index(int(rows[n]), index.column()) for n, index in zip(numbers, old, strict=True)]
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()


def _alignment(column: Column) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
