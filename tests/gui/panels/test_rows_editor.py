from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, builtin
from gui.panels.rows_editor import MOST_ROWS, RowsEditor
from gui.style.theme import DARK


@pytest.fixture
def editor(qtbot: QtBot) -> RowsEditor:
    editor = RowsEditor()
    qtbot.addWidget(editor)
    editor.set_dataset(Dataset.from_arrays([[0.05, 0.10]], [[0.01, 0.99]]))
    editor.show()
    return editor


@pytest.fixture
def made(editor: RowsEditor) -> list[Dataset]:
    made: list[Dataset] = []
    editor.dataset_edited.connect(made.append)
    return made


def table(editor: RowsEditor) -> QTableWidget:
    found = editor.findChild(QTableWidget, "rowsTable")
    assert found is not None
    return found


def type_in(qtbot: QtBot, editor: RowsEditor, row: int, column: int, text: str) -> None:
    """Type a cell as a person does: click it, type, press Tab."""
    rows = table(editor)
    item = rows.item(row, column)
    assert item is not None
    rows.setCurrentCell(-1, -1)
    place = rows.visualItemRect(item).center()
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    field = QApplication.focusWidget()
    if not isinstance(field, QLineEdit):
        fields = [f for f in rows.findChildren(QLineEdit) if f.isVisible()]
        assert len(fields) == 1
        field = fields[0]
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows.state() is QTableWidget.State.NoState)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def press(editor: RowsEditor, name: str) -> None:
    button = editor.findChild(QPushButton, name)
    assert button is not None
    button.click()


def spin(editor: RowsEditor, name: str) -> QSpinBox:
    box = editor.findChild(QSpinBox, name)
    assert box is not None
    return box


def choose_kind(editor: RowsEditor, kind: str) -> None:
    combo = editor.findChild(QComboBox, "rowsKind")
    assert combo is not None
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


def test_shows_the_rows_with_every_digit(editor: RowsEditor, made: list[Dataset]) -> None:
    assert editor.texts == [["0.05", "0.1", "0.01", "0.99"]]
    data = Dataset.from_arrays([[1 / 3, -2.0], [np.nan, 1e-9]], [[0.1], [5.0]], feature_names=["a", "b"])
    editor.set_dataset(data)
    assert editor.texts == [["0.3333333333333333", "−2", "0.1"], ["", "1·10⁻⁹", "5"]]
    assert [table(editor).horizontalHeaderItem(c).text() for c in range(3)] == ["a", "b", "y"]  # type: ignore[union-attr]
    assert made == []


def test_every_valid_edit_makes_a_data_set(qtbot: QtBot, editor: RowsEditor, made: list[Dataset]) -> None:
    type_in(qtbot, editor, 0, 0, "1/3")
    type_in(qtbot, editor, 0, 3, "-0,5")
    assert len(made) == 2
    assert made[0].inputs.tolist() == [[1 / 3, 0.10]]
    assert made[1].targets.tolist() == [[0.01, -0.5]]
    assert made[1].kind == "regression"
    assert not made[1].inputs.flags.writeable
    type_in(qtbot, editor, 0, 3, "-0.50")
    assert len(made) == 2  # the same number again


@pytest.mark.parametrize(
    ("text", "said"), [("abc", "x2: 'abc' is not a number"), ("inf", "finite"), ("1/0", "zero"), ("", "x2")]
)
def test_a_wrong_cell_is_explained_beside_it(
    qtbot: QtBot, editor: RowsEditor, made: list[Dataset], text: str, said: str
) -> None:
    type_in(qtbot, editor, 0, 1, text)
    assert made == []
    assert said in editor.problems[0]
    type_in(qtbot, editor, 0, 0, "7")
    assert made == []
    type_in(qtbot, editor, 0, 1, "8")
    assert editor.problems == [""]
    assert [data.inputs.tolist() for data in made] == [[[7.0, 8.0]]]


def test_rows_are_added_and_removed(qtbot: QtBot, editor: RowsEditor, made: list[Dataset]) -> None:
    press(editor, "rowsAdd")
    qtbot.waitUntil(lambda: len(editor.texts) == 2)
    assert made == []
    for column, text in enumerate(("1", "2", "3", "4")):
        type_in(qtbot, editor, 1, column, text)
    assert len(made) == 1
    assert made[0].inputs.tolist() == [[0.05, 0.10], [1.0, 2.0]]
    assert made[0].targets.tolist() == [[0.01, 0.99], [3.0, 4.0]]
    table(editor).clearSelection()
    table(editor).selectRow(0)
    press(editor, "rowsRemove")
    assert made[-1].inputs.tolist() == [[1.0, 2.0]]
    button = editor.findChild(QPushButton, "rowsRemove")
    assert button is not None and not button.isEnabled()


def test_the_shape_changes_and_what_was_typed_stays(
    qtbot: QtBot, editor: RowsEditor, made: list[Dataset]
) -> None:
    spin(editor, "rowsInputs").setValue(3)
    assert editor.texts == [["0.05", "0.1", "", "0.01", "0.99"]]
    assert made == []
    type_in(qtbot, editor, 0, 2, "0.2")
    assert made[-1].feature_names == ("x1", "x2", "x3")
    spin(editor, "rowsOutputs").setValue(1)
    assert made[-1].targets.tolist() == [[0.01]]
    spin(editor, "rowsInputs").setValue(1)
    assert made[-1].inputs.tolist() == [[0.05]]


def test_binary_targets_are_two_classes(qtbot: QtBot, editor: RowsEditor, made: list[Dataset]) -> None:
    choose_kind(editor, "binary")
    assert made == []
    assert "0, 1" in editor.problems[0]
    type_in(qtbot, editor, 0, 2, "1")
    assert made[-1].kind == "binary"
    assert made[-1].targets.tolist() == [[1.0]]
    assert not spin(editor, "rowsOutputs").isEnabled()


def test_classes_are_typed_by_name(qtbot: QtBot, editor: RowsEditor, made: list[Dataset]) -> None:
    classes = ["cat", "dog", "owl"]
    data = Dataset.from_arrays([[1.0], [2.0]], ["cat", "dog"], "multiclass", class_names=classes)
    editor.set_dataset(data)
    assert editor.texts == [["1", "cat"], ["2", "dog"]]
    type_in(qtbot, editor, 0, 1, "cow")
    assert "cat, dog, owl" in editor.problems[0]
    type_in(qtbot, editor, 0, 1, "owl")
    assert made[-1].targets.tolist() == [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    assert list(made[-1].class_names) == classes
    spin(editor, "rowsOutputs").setValue(4)
    assert list(made[-1].class_names) == [*classes, "4"]


def test_a_large_data_set_says_that_its_first_rows_are_shown(
    qtbot: QtBot, editor: RowsEditor, made: list[Dataset]
) -> None:
    editor.set_dataset(builtin("iris"))
    assert len(editor.texts) == MOST_ROWS
    assert "150" in editor.note
    type_in(qtbot, editor, 0, 0, "9")
    assert len(made[-1].inputs) == MOST_ROWS
    assert made[-1].name != "iris"
    assert editor.note == ""


def test_the_shape_can_be_kept(editor: RowsEditor) -> None:
    editor.set_dataset(builtin("article"), keep_shape=True)
    assert not spin(editor, "rowsInputs").isEnabled() and not spin(editor, "rowsOutputs").isEnabled()
    editor.set_dataset(builtin("article"))
    assert spin(editor, "rowsInputs").isEnabled() and spin(editor, "rowsOutputs").isEnabled()


@pytest.mark.usefixtures("dressed")
def test_theme_and_language_keep_what_was_typed(
    qtbot: QtBot, editor: RowsEditor, made: list[Dataset]
) -> None:
    type_in(qtbot, editor, 0, 0, "wrong")
    editor.set_theme(DARK)
    QApplication.sendEvent(editor, QEvent(QEvent.Type.LanguageChange))
    assert editor.texts[0][0] == "wrong"
    assert editor.problems[0]
    assert made == []


def test_labels_are_0_or_1(qtbot: QtBot) -> None:
    editor = RowsEditor()
    qtbot.addWidget(editor)
    data = Dataset.from_arrays([[0.5], [1.5]], [[0, 1], [1, 1]], "multilabel", target_names=("wet", "cold"))
    editor.set_dataset(data)
    edited: list[Dataset] = []
    editor.dataset_edited.connect(edited.append)
    table = editor.findChild(QTableWidget, "rowsTable")
    assert table is not None
    for text in ("0.5", "two", ""):
        table.item(0, 1).setText(text)
        assert "0 or 1" in editor.problems[0] and not edited
    table.item(0, 1).setText("1")
    assert editor.problems == ["", ""]
    assert edited[-1].kind == "multilabel" and edited[-1].targets.tolist() == [[1, 1], [1, 1]]
