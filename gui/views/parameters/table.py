"""The table itself: its keys come before the window's, and values are typed into it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelectionRange, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.text.numbers import full, typed_number
from gui.views.parameters.model import Index, ParametersModel
from gui.views.parameters.moment import Column


class NumberDelegate(QStyledItemDelegate):
    """Edits a number with all its digits; what is none stays in its field and is explained.

    Signals
    -------
    refused(str)
        Why; empty when the reason is gone.
    """

    refused = Signal(str)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("parameterEditor")
        editor.setAccessibleName(self.tr("New value"))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setFrame(False)
        editor.textEdited.connect(lambda: self.refused.emit(""))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # A frame of a running training must not overwrite what is being typed.
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(full(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.isModified():
            value, reason = typed_number(editor.text())
            self.refused.emit(reason)
            if value is not None:
                model.setData(index, value)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(editor, QLineEdit) and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self.refused.emit("")
            enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
            if event.type() == QEvent.Type.KeyPress and enters and editor.isModified():
                value, reason = typed_number(editor.text())
                if value is None:
                    self.refused.emit(reason)
                    editor.selectAll()
                    return True
        return super().eventFilter(editor, event)


class ParametersTable(QTableView):
    """The table, with its own keys before the window's."""

    copy_requested = Signal()
    paste_requested = Signal()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._uses(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _uses(self, event: QKeyEvent) -> bool:
        standard = QKeySequence.StandardKey
        if any(event.matches(keys) for keys in (standard.Copy, standard.Paste, standard.SelectAll)):
            return True
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            return self.currentIndex().column() == Column.FROZEN
        return key in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_editing:
            self.edit_row(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    @property
    def is_editing(self) -> bool:
        """Whether a value is being typed."""
        return self.state() is QAbstractItemView.State.EditingState

    @property
    def selected_blocks(self) -> list[QItemSelectionRange]:
        """The selected rows, in stretches."""
        return list(cast(Iterable[QItemSelectionRange], self.selectionModel().selection()))

    def edit_row(self, row: int) -> None:
        """Edit the present value of a row's parameter, whichever of its cells was meant."""
        model = self.model()
        assert isinstance(model, ParametersModel)
        index = model.index(row, model.present_column)
        if index.isValid():
            self.setCurrentIndex(index)
            self.edit(index)
