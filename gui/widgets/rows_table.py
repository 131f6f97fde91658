"""A table of rows out of which whole rows are copied, as a spreadsheet takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

MOST_COPIED = 100_000
"""Cells that are copied at once: as many as are written in a moment."""


class CopiedRows(Protocol):
    """A model whose rows can be copied."""

    def columnCount(self) -> int:
        """How many columns it has."""

    def copied(self, rows: Sequence[int]) -> list[list[str]]:
        """Rows of the table with all the digits of their numbers, a row of titles before them."""


class RowsTable(QTableView):
    """Rows, of which several can be selected and copied.

    Signals
    -------
    copy_refused(int)
        So many rows are selected as would take too long; the most that can be copied.
    """

    copy_refused = Signal(int)

    def __init__(self, rows: CopiedRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            # Qt asks of each title whether all its cells are selected: seconds, where all of many rows are
            header = self.horizontalHeader()
            header.setSelectionModel(QItemSelectionModel(model, header))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected rows, with a tab between two cells."""
        selection = self.selectionModel()
        if selection is None:
            return
        count = sum(span.height() for span in selection.selection().toList())
        most = max(1, MOST_COPIED // max(1, self._rows.columnCount()))
        if count > most:
            self.copy_refused.emit(most)
            return
        rows = sorted({index.row() for index in selection.selectedRows()})
        if rows:
            lines = ["\t".join(map(_cell, row)) for row in self._rows.copied(rows)]
            QGuiApplication.clipboard().setText("\n".join(lines))


def _cell(text: str) -> str:
    """A cell that stays one: quoted where it holds what stands between cells."""
    if any(mark in text for mark in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
