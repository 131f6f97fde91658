"""A table of which rows are copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.widgets.rows_table import RowsTable

pytestmark = pytest.mark.usefixtures("dressed")

Index = QModelIndex | QPersistentModelIndex


class Many(QAbstractTableModel):
    """Very many rows, which counts how often it is asked for their number."""

    asked = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        self.asked += 1
        return 50_000

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 10

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return f"{index.row()}, {index.column()}" if role == Qt.ItemDataRole.DisplayRole else None

    def copied(self, rows: Sequence[int]) -> list[list[str]]:
        return [["a", 'b "c"'], *([str(row), "x\ty"] for row in rows)]


def test_selecting_all_of_many_rows_takes_no_time(qtbot: QtBot) -> None:
    model = Many()
    table = RowsTable(model)
    table.setModel(model)
    qtbot.addWidget(table)
    with qtbot.waitExposed(table):
        table.show()
    model.asked = 0
    table.selectAll()
    table.grab()
    assert model.asked < 2_000
    with qtbot.waitSignal(table.copy_refused) as refused:
        table.copy()
    assert refused.args == [10_000]
    table.selectRow(7)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == 'a\t"b ""c"""\n7\t"x\ty"\n8\t"x\ty"'
