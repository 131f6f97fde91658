from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QSpinBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.data.dataset import Dataset
from engine.data.options import ReadOptions
from gui.panels.data_import import ImportDialog, RecentFiles
from gui.panels.data_import.columns_list import MISSING, ROLE, TYPE, VALUES
from gui.style.theme import DARK
from gui.training.tasks import Task, Tasks
from gui.widgets.number_box import NumberBox

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
Open = Callable[..., ImportDialog]


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    tasks.start()
    yield tasks
    tasks.shut_down()


@pytest.fixture
def open_dialog(qtbot: QtBot, tasks: Tasks) -> Open:
    def open_it(source: Path | bytes | str, *arguments: Any, **keywords: Any) -> ImportDialog:
        if isinstance(source, str):
            source = CORPUS / source
        dialog = ImportDialog(source, tasks, *arguments, **keywords)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        rest(qtbot, dialog)
        return dialog

    return open_it


def rest(qtbot: QtBot, dialog: ImportDialog) -> None:
    """Wait until the file has been looked at."""
    qtbot.waitUntil(lambda: not dialog.busy)


def find(dialog: ImportDialog, kind: type, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def pick(dialog: ImportDialog, name: str, text: str) -> None:
    """Choose an item of a combo box with the keyboard."""
    combo = find(dialog, QComboBox, name)
    place = combo.findText(text, Qt.MatchFlag.MatchContains)
    assert place >= 0, [combo.itemText(i) for i in range(combo.count())]
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(combo, Qt.Key.Key_Down)


def choose_in_menu(qtbot: QtBot, dialog: ImportDialog, row: int, column: int, text: str) -> None:
    """Click a cell of the list of columns, and an entry of the menu it opens."""
    table = dialog.columns
    at = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    menu = dialog.columns.findChild(QMenu, "roleMenu" if column == ROLE else "typeMenu")
    assert isinstance(menu, QMenu) and menu.isVisible()
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    rest(qtbot, dialog)


def roles(dialog: ImportDialog) -> dict[str, str]:
    assert dialog.preview is not None
    return {column.name: column.role for column in dialog.preview.columns}


def texts(dialog: ImportDialog) -> list[str]:
    """What is noted about the file."""
    return [dialog.notes.item(row).text() for row in range(dialog.notes.count())]


def do_import(qtbot: QtBot, dialog: ImportDialog) -> tuple[Dataset, dict[str, Any]]:
    with qtbot.waitSignal(dialog.imported) as heard:
        QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    dataset, changes = heard.args
    return dataset, changes


def test_what_was_found_is_shown(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_gbk_chinese.csv")
    assert find(dialog, QLabel, "importTitle").text() == "iris_gbk_chinese.csv"
    assert find(dialog, QComboBox, "encodingCombo").currentText() == "found: gb18030"
    assert find(dialog, QComboBox, "delimiterCombo").currentText() == "found: comma ,"
    assert find(dialog, QComboBox, "headerCombo").currentText() == "found: yes"
    assert "150 rows · 4 inputs · 3 outputs" in dialog.summary
    assert "类别: classification into 3 classes (山鸢尾, 变色鸢尾, 维吉尼亚鸢尾)" in dialog.summary
    model = dialog.preview_table.rows
    assert model.rowCount() == 150 and model.columnCount() == 5
    assert model.index(0, 4).data() == "山鸢尾"
    assert model.headerData(0, Qt.Orientation.Vertical) == "2"
    assert model.headerData(4, Qt.Orientation.Horizontal).split("\n")[0] == "类别"


def test_imported_as_shown(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_gbk_chinese.csv")
    dataset, changes = do_import(qtbot, dialog)
    assert dataset.inputs.shape == (150, 4) and dataset.class_names == ("山鸢尾", "变色鸢尾", "维吉尼亚鸢尾")
    assert changes == {
        "missing": "mean", "scaling": "zscore", "validation": 0.2, "split": "stratified", "seed": 0
    }  # fmt: skip
    assert not dialog.isVisible()


def test_the_encoding_is_overruled_with_the_preview_changing(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_gbk_chinese.csv")
    pick(dialog, "encodingCombo", "latin-1")
    rest(qtbot, dialog)
    assert dialog.preview is not None
    assert dialog.preview.columns[4].name == "类别".encode("gb18030").decode("latin-1")
    assert dialog.options.encoding == "latin-1"
    pick(dialog, "encodingCombo", "found")
    rest(qtbot, dialog)
    assert dialog.options.encoding is None and dialog.preview.columns[4].name == "类别"


def test_another_delimiter_makes_other_columns(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("wine_semicolon_decimal_comma.csv")
    assert find(dialog, QComboBox, "decimalCombo").currentText() == "found: comma ,"
    dialog.set_roles((1,), "skip")
    rest(qtbot, dialog)
    pick(dialog, "delimiterCombo", "tab")
    rest(qtbot, dialog)
    assert dialog.preview is not None and len(dialog.preview.columns) == 1
    assert dialog.options.roles == {}  # what was chosen for the other columns is void
    assert not dialog.import_button.isEnabled()


def test_lines_are_skipped_and_the_header_given_up(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    box = find(dialog, QSpinBox, "skipLinesBox")
    box.setFocus()
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Up)
    pick(dialog, "headerCombo", "no")
    rest(qtbot, dialog)
    assert dialog.options.skip_lines == 2 and dialog.options.header is False
    assert dialog.preview is not None
    assert [column.name for column in dialog.preview.columns] == ["x1", "x2", "x3", "x4", "x5"]
    assert dialog.preview.lines[0] == 3 and dialog.preview.row_count == 149


def test_the_sheet_is_offered_for_workbooks_alone(open_dialog: Open) -> None:
    assert find(open_dialog("iris_basic.csv"), QComboBox, "sheetCombo").isHidden()
    workbook = open_dialog("penguins.xlsx")
    assert workbook.preview is not None
    assert find(workbook, QComboBox, "encodingCombo").isHidden()
    assert find(workbook, QComboBox, "sheetCombo").isHidden() == (len(workbook.preview.sheets) < 2)


def test_a_bad_cell_is_red_and_its_note_leads_to_it(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("bad_number.csv")
    [note] = [text for text in texts(dialog) if text.startswith("✗")]
    assert "Line 84, column 2 (sepal_width): '2.l7' is not a number." in note
    assert not dialog.import_button.isEnabled() and "2.l7" in dialog.import_button.toolTip()
    table = dialog.preview_table
    cell = next(table.rows.index(row, 1) for row in range(150) if table.rows.index(row, 1).data() == "2.l7")
    red = cell.data(Qt.ItemDataRole.BackgroundRole)
    assert isinstance(red, QColor) and red.red() > red.blue() + 30
    assert "2.l7" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert table.rows.headerData(cell.row(), Qt.Orientation.Vertical) == "⚠ 84"
    assert not table.viewport().rect().contains(table.visualRect(cell))

    notes = find(dialog, QListWidget, "importNotes")
    QTest.mouseClick(
        notes.viewport(), Qt.MouseButton.LeftButton, pos=notes.visualItemRect(notes.item(0)).center()
    )
    assert table.viewport().rect().contains(table.visualRect(cell).center())
    assert table.currentIndex().row() == cell.row()


def test_bad_rows_are_left_out_when_asked(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("bad_number.csv")
    QTest.mouseClick(find(dialog, QPushButton, "skipBadRowsButton"), Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.import_button.isEnabled()
    assert any("left out" in text for text in texts(dialog))
    dataset, _ = do_import(qtbot, dialog)
    assert len(dataset.inputs) == 149


def test_rows_of_another_length_are_shown_whole(open_dialog: Open) -> None:
    dialog = open_dialog("ragged_long.csv")
    rows = dialog.preview_table.rows
    assert rows.columnCount() == 6
    place = next(row for row in range(rows.rowCount()) if rows.index(row, 5).data())
    assert rows.headerData(place, Qt.Orientation.Vertical) == "⚠ 57"
    tip = rows.index(place, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "Line 57 has 6 fields where 5 are expected" in tip


def test_good_files_say_nothing_of_bad_rows(open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    assert texts(dialog) == []
    assert find(dialog, QPushButton, "skipBadRowsButton").isHidden()


def test_a_role_is_chosen_with_the_mouse(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    choose_in_menu(qtbot, dialog, 1, ROLE, "skip")
    assert roles(dialog)["sepal_width"] == "skip"
    assert "3 inputs" in dialog.summary
    dataset, _ = do_import(qtbot, dialog)
    assert dataset.feature_names == ("sepal_length", "petal_length", "petal_width")


def test_a_new_target_takes_the_place_of_classes(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    choose_in_menu(qtbot, dialog, 0, ROLE, "target")
    assert roles(dialog) == {
        "sepal_length": "target", "sepal_width": "feature", "petal_length": "feature",
        "petal_width": "feature", "species": "feature",
    }  # fmt: skip
    assert "6 inputs" in dialog.summary and "regression: sepal_length" in dialog.summary


def test_several_numbers_can_be_targets(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    choose_in_menu(qtbot, dialog, 0, ROLE, "target")
    choose_in_menu(qtbot, dialog, 1, ROLE, "target")
    assert "regression: sepal_length, sepal_width" in dialog.summary and "2 outputs" in dialog.summary
    dataset, _ = do_import(qtbot, dialog)
    assert dataset.targets.shape == (150, 2) and dataset.target_names == ("sepal_length", "sepal_width")


def test_a_role_goes_to_all_selected_columns(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    table = dialog.columns
    for row, modifier in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ShiftModifier)):
        at = table.visualRect(table.model().index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, at)
    QTest.keyClick(table, Qt.Key.Key_Return)
    menu = table.findChild(QMenu, "roleMenu")
    assert isinstance(menu, QMenu)
    for _ in range(3):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    rest(qtbot, dialog)
    assert [role for role in roles(dialog).values()] == ["skip", "skip", "skip", "feature", "target"]


def test_a_number_is_made_a_category(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog(
        b"size,shape,y\n" + b"".join(b"%d,%d,%d\n" % (i * i, i % 3, i * 7) for i in range(30))
    )
    assert "2 inputs" in dialog.summary
    choose_in_menu(qtbot, dialog, 1, TYPE, "category")
    assert "4 inputs" in dialog.summary
    assert dialog.columns.model().index(1, VALUES).data() == "3 values: 0, 1, 2"
    choose_in_menu(qtbot, dialog, 1, TYPE, "guess it")
    assert "2 inputs" in dialog.summary


def test_missing_cells_are_counted_and_led_to(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("penguins_missing.tsv")
    assert dialog.preview is not None
    names = [column.name for column in dialog.preview.columns]
    model = dialog.columns.model()
    counts = {name: model.index(row, MISSING).data() for row, name in enumerate(names)}
    assert counts["sex"] and counts["species"] == ""
    [note] = [text for text in texts(dialog) if "missing" in text]
    assert note.startswith("⚠")
    assert dialog.import_button.isEnabled()


def test_preparation_goes_to_the_experiment(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("penguins_missing.tsv", preparation={"validation": 0.3, "seed": 5})
    pick(dialog, "missingField", "median")
    pick(dialog, "scalingField", "min")
    pick(dialog, "splitField", "random")
    box = find(dialog, QWidget, "validationField")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    _, changes = do_import(qtbot, dialog)
    assert changes == {
        "missing": "median", "scaling": "minmax", "split": "random", "seed": 5,
        "validation": pytest.approx(0.35),
    }  # fmt: skip


def test_a_column_may_say_what_is_held_out(qtbot: QtBot, open_dialog: Open) -> None:
    rows = b"".join(b"%d,%d,%s\n" % (i, i * 2, b"test" if i % 4 == 0 else b"train") for i in range(40))
    dialog = open_dialog(b"x,y,part\n" + rows)
    dialog.set_roles((2,), "target")
    rest(qtbot, dialog)
    pick(dialog, "splitField", "column part")
    rest(qtbot, dialog)
    assert roles(dialog)["part"] == "skip"
    dataset, changes = do_import(qtbot, dialog)
    assert changes["split"] == "part" and changes["validation"] > 0
    assert dataset.split_columns["part"].sum() == 10


def test_the_split_of_the_file_is_chosen_unless_somebody_chose_another(
    qtbot: QtBot, open_dialog: Open
) -> None:
    rows = [
        f"{i * 0.37 + 4:.2f},{i * 7 % 23},{'test' if i % 4 == 0 else 'train'},{'ab'[i % 2]}"
        for i in range(40)
    ]
    text = "\n".join(["x,z,split,kind", *rows]).encode()
    dialog = open_dialog(text)
    assert dialog.preparation["split"] == "split"
    pick(dialog, "splitField", "random")
    dialog.set_types((1,), "number")  # looks again
    rest(qtbot, dialog)
    assert dialog.preparation["split"] == "random"
    assert open_dialog(text, preparation={"split": "order"}).preparation["split"] == "order"


def test_numbered_names_are_asked_about(qtbot: QtBot, open_dialog: Open) -> None:
    rows = [f"{i * 0.37 + 4:.2f},{i * 7 % 23 / 10},{i % 5}.5" for i in range(40)]
    dialog = open_dialog("\n".join(["1,2,3", *rows]).encode())
    assert "first row" in dialog.question.text and "1, 2, 3" in dialog.question.text
    QTest.mouseClick(dialog.question.second, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.options.header is True and dialog.question.text == ""
    assert list(roles(dialog)) == ["1", "2", "3"]


def test_counted_seconds_become_dates_when_asked(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(f"{1_614_556_800 + i * 86_400},{i * 0.5}\n" for i in range(40))
    dialog = open_dialog(f"timestamp,y\n{rows}".encode())
    assert "timestamp" in dialog.question.text and "1614556800" in dialog.question.text
    assert "2021-03-01" in dialog.question.second.text()
    QTest.mouseClick(dialog.question.second, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.options.types == {1: "date"} and dialog.question.text == ""


def test_dates_in_several_ways_are_left_out_when_asked(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(
        f"{'2021-03-' if i % 2 else 'March '}{i % 9 + 10}{'' if i % 2 else ', 2021'};{i * 0.5}\n"
        for i in range(40)
    )
    dialog = open_dialog(f"when;b;y\n{rows.replace(';', ';7;')}".encode())
    assert "March 10, 2021, 2021-03-11" in dialog.question.text
    QTest.mouseClick(dialog.question.second, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.options.roles == {1: "skip"} and dialog.question.text == ""


def test_mistakes_among_numbers_are_asked_about_and_other_types_stay(qtbot: QtBot, open_dialog: Open) -> None:
    odd = {4: "n.b. 7", 9: "1o.4", 13: "3.3?x", 20: "twelve", 31: "see p. 4"}
    rows = [f"{odd.get(i, round(i * 0.37 + 4, 2))},{i * 7 % 23},{'ab'[i % 2]}" for i in range(40)]
    dialog = open_dialog("\n".join(["width,z,kind", *rows]).encode(), ReadOptions(types={2: "category"}))
    assert "width" in dialog.question.text
    QTest.mouseClick(dialog.question.second, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.options.types == {1: "number", 2: "category"} and dialog.options.skip_bad_rows
    assert roles(dialog)["width"] == "feature"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty.csv", "empty"),
        ("header_only.csv", "no rows"),
        ("picture_renamed.csv", "not a text file"),
        ("corrupt.xlsx", "damaged"),
        ("object_pickle.npy", "pickled"),
        ("digits-labels-idx1-ubyte.gz", "nothing to learn from"),
    ],
)
def test_what_cannot_be_shown_says_why(open_dialog: Open, name: str, said: str) -> None:
    dialog = open_dialog(name)
    assert dialog.preview is None and not dialog.import_button.isEnabled()
    [note] = texts(dialog)
    assert note.startswith("✗") and said in note


def test_a_damaged_file_can_be_read_in_another_encoding(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("broken_utf8.csv")
    assert "Line 31" in texts(dialog)[0]
    pick(dialog, "encodingCombo", "latin-1")
    rest(qtbot, dialog)
    assert dialog.preview is not None and dialog.preview.row_count == 150
    # the stray byte lies in a number, which is still to be dealt with
    assert texts(dialog)[0].startswith("✗ Line 31, column 1")


def test_a_target_of_one_class_cannot_be_imported(open_dialog: Open) -> None:
    dialog = open_dialog("single_class.csv")
    assert not dialog.import_button.isEnabled()
    assert "one class" in texts(dialog)[0]


def test_marks_that_are_the_same_are_refused_and_nothing_is_lost(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    pick(dialog, "decimalCombo", "comma")
    rest(qtbot, dialog)
    pick(dialog, "thousandsCombo", "comma")
    rest(qtbot, dialog)
    assert "thousands" in texts(dialog)[0]
    assert dialog.preview is not None and dialog.options.thousands != ","
    assert find(dialog, QComboBox, "thousandsCombo").currentText() != "comma ,"


def test_a_bad_number_beyond_the_preview_is_told_when_it_is_met(qtbot: QtBot, open_dialog: Open) -> None:
    rows = b"".join(b"%d,%d\n" % (i, i * 3) for i in range(5_000)) + b"oops,1\n"
    dialog = open_dialog(b"a,y\n" + rows)
    assert texts(dialog) == []
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.isVisible() and "Line 5002, column 1 (a): 'oops' is not a number." in texts(dialog)[0]
    QTest.mouseClick(find(dialog, QPushButton, "skipBadRowsButton"), Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    dataset, _ = do_import(qtbot, dialog)
    assert len(dataset.inputs) == 5_000


def large() -> bytes:
    values = np.random.default_rng(0).normal(size=(60_000, 4)).round(5)
    return b"a,b,c,y\n" + b"\n".join(",".join(map(str, row)).encode() for row in values.tolist()) + b"\n"


def test_loading_is_cancelled_and_can_be_begun_again(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog(large())
    heard: list[object] = []
    dialog.imported.connect(lambda dataset, changes: heard.append(dataset))
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert dialog.busy and not dialog.import_button.isEnabled()
    assert dialog.cancel_button.text() == "Cancel reading"
    QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert not dialog.busy and dialog.isVisible() and dialog.import_button.isEnabled()
    dataset, _ = do_import(qtbot, dialog)
    assert len(dataset.inputs) == 60_000 and heard == [dataset]


def test_a_task_cancelled_elsewhere_leaves_the_dialog_usable(
    qtbot: QtBot, open_dialog: Open, tasks: Tasks
) -> None:
    dialog = open_dialog(large())
    tasks.started_task.connect(Task.cancel, Qt.ConnectionType.DirectConnection)
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    rest(qtbot, dialog)
    assert dialog.isVisible() and dialog.import_button.isEnabled()


def test_enter_ends_the_typing_of_a_number_and_no_more(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    box = find(dialog, NumberBox, "seedField")
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "42")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert dialog.isVisible() and not dialog.busy and dialog.preparation["seed"] == 42
    with qtbot.waitSignal(dialog.imported) as heard:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard.args[1]["seed"] == 42


def test_closing_drops_what_is_under_way(qtbot: QtBot, open_dialog: Open, tasks: Tasks) -> None:
    dialog = open_dialog(large())
    heard: list[object] = []
    dialog.imported.connect(lambda dataset, changes: heard.append(dataset))
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(tasks.ended):
        dialog.close()
    assert heard == [] and not dialog.isVisible()


def test_of_several_changes_in_a_row_the_newest_counts(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    looked: list[None] = []
    dialog.inspected.connect(lambda: looked.append(None))
    for delimiter in (";", "\t", "|"):
        dialog.set_option("delimiter", delimiter)
    dialog.set_option("delimiter", ",")
    rest(qtbot, dialog)
    assert len(looked) == 1
    assert dialog.preview is not None and len(dialog.preview.columns) == 5


def test_remembered_choices_are_taken_up_unless_the_file_is_another(qtbot: QtBot, open_dialog: Open) -> None:
    chosen = ReadOptions(roles={2: "skip"})
    assert roles(open_dialog("iris_basic.csv", chosen))["sepal_width"] == "skip"
    foreign = ReadOptions(roles={70: "skip"})
    dialog = open_dialog("iris_basic.csv", foreign)
    assert dialog.preview is not None and dialog.options == ReadOptions()


def test_compressed_files_say_so(open_dialog: Open, tmp_path: Path) -> None:
    path = tmp_path / "iris.csv.gz"
    path.write_bytes(gzip.compress((CORPUS / "iris_basic.csv").read_bytes()))
    dialog = open_dialog(path)
    assert find(dialog, QLabel, "importFormat").text() == "text table · utf-8 · gzip"


@pytest.mark.usefixtures("dressed")
def test_theme_and_language(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("bad_number.csv")
    dialog.set_theme(DARK)
    assert dialog.notes.item(0).foreground().color() == QColor(DARK.bad)
    dialog.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert dialog.preview_table.rows.rowCount() == 150
    assert dialog.windowTitle() == "Open data set"


def test_every_field_has_a_name(open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    for kind in (QComboBox, QPushButton, QSpinBox, QTableView, QListWidget):
        for widget in dialog.findChildren(kind):
            if widget.isVisible():
                assert widget.objectName() and widget.accessibleName(), widget


def test_a_header_click_opens_the_menu_of_its_column(qtbot: QtBot, open_dialog: Open) -> None:
    dialog = open_dialog("iris_basic.csv")
    header = dialog.preview_table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 20, 8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    menu = dialog.columns.findChild(QMenu, "roleMenu")
    assert isinstance(menu, QMenu)
    skip = menu.actions()[2]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(skip).center())
    rest(qtbot, dialog)
    assert roles(dialog)["petal_length"] == "skip"


# -- the last files --------------------------------------------------------------------------------


@pytest.fixture
def organisation(qapp: Any) -> Iterator[None]:
    qapp.setOrganizationName("Backprop Lab tests")
    qapp.setApplicationName("tests")
    yield
    QSettings().clear()


def write(path: Path, head: str = "a,b\n1,2\n") -> Path:
    path.write_text(head, encoding="utf-8")
    return path


def test_the_last_ten_files_are_remembered_with_their_options(tmp_path: Path, organisation: None) -> None:
    options = ReadOptions(
        encoding="gb18030", roles={1: "skip", "b": "target"}, types={2: "category"}, target=("b",)
    )
    recent = RecentFiles()
    for number in range(12):
        recent.add(write(tmp_path / f"{number}.csv"), options, {"scaling": "minmax", "validation": 0.25})
    recent.add(tmp_path / "5.csv", options, {"scaling": "none"})
    files = RecentFiles().files()
    assert [file.path.name for file in files[:3]] == ["5.csv", "11.csv", "10.csv"] and len(files) == 10
    assert files[0].options == options and files[0].preparation == {"scaling": "none"}
    found = RecentFiles().find(tmp_path / "9.csv")
    assert found is not None and found.preparation == {"scaling": "minmax", "validation": 0.25}


def test_a_file_that_changed_loses_its_options_and_one_that_is_gone_its_place(
    tmp_path: Path, organisation: None
) -> None:
    recent = RecentFiles()
    changed, gone = write(tmp_path / "changed.csv"), write(tmp_path / "gone.csv")
    for path in (changed, gone):
        recent.add(path, ReadOptions(header=False), {})
    write(changed, "x;y\n1;2\n")
    gone.unlink()
    [only] = recent.files()
    assert only.path == changed and only.options == ReadOptions()
    assert recent.find(gone) is None
    recent.clear()
    assert recent.files() == []


@pytest.mark.parametrize("stored", ["", "{", "[1, 2]", '{"path": 3}', '[{"path": "PATH", "head": "HEAD"}]'])
def test_settings_that_someone_spoilt_do_no_harm(tmp_path: Path, organisation: None, stored: str) -> None:
    from gui.document.recent import head_hash

    path = write(tmp_path / "a.csv")
    QSettings().setValue("recentFiles", stored.replace("PATH", str(path)).replace("HEAD", head_hash(path)))
    assert all(file.options == ReadOptions() for file in RecentFiles().files())


def test_several_columns_of_0_and_1_can_be_labels(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(f"{i / 3},{i % 2},{i % 3 % 2}\n" for i in range(30))
    dialog = open_dialog(f"x,wet,cold\n{rows}".encode())
    assert roles(dialog)["cold"] == "target"
    choose_in_menu(qtbot, dialog, 1, ROLE, "target")
    assert "2 outputs" in dialog.summary and "several: wet, cold" in dialog.summary
    dataset, _ = do_import(qtbot, dialog)
    assert dataset.kind == "multilabel" and dataset.target_names == ("wet", "cold")


def test_what_is_in_doubt_is_asked_once_in_plain_words(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(f"{4 + i * 0.37:.3f},{i % 9},{'uv'[i % 2]}\n" for i in range(40))
    dialog = open_dialog(f"a,b,k\n{rows}".encode())
    assert "4.000" in dialog.question.text
    assert (dialog.question.first.text(), dialog.question.second.text()) == ("4", "4000")
    with qtbot.waitSignal(dialog.inspected):
        dialog.question.second.click()
    assert dialog.preview is not None
    assert dialog.preview.columns[0].low == 4000.0
    assert not dialog.question.isVisibleTo(dialog)


def test_the_first_answer_keeps_what_was_guessed(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(f"{'-999' if i % 4 == 0 else 4 + i * 0.37},{i % 9},{'uv'[i % 2]}\n" for i in range(40))
    dialog = open_dialog(f"a,b,k\n{rows}".encode())
    assert "-999" in dialog.question.text
    dialog.question.first.click()
    assert dialog.question.text == ""
    assert dialog.options.missing == ()
    again = open_dialog(f"a,b,k\n{rows}".encode())
    with qtbot.waitSignal(again.inspected):
        again.question.second.click()
    assert again.preview is not None
    assert again.preview.columns[0].missing == 10


@pytest.mark.usefixtures("dressed")
def test_of_five_thousand_columns_those_that_are_seen_are_fitted(qtbot: QtBot, open_dialog: Open) -> None:
    names = ",".join(f"c{i}" for i in range(5_000))
    row = ",".join(["0.5"] * 5_000)
    dialog = open_dialog(f"{names},k\n{row},u\n{row},v\n{row},u\n".encode())
    assert dialog.preview_table.model().columnCount() == 5_001
    assert len(dialog.preview_table._fitted) <= 60
    dialog.preview_table.horizontalScrollBar().setValue(dialog.preview_table.horizontalScrollBar().maximum())
    assert max(dialog.preview_table._fitted) == 5_000


def test_ones_own_words_for_missing(qtbot: QtBot, open_dialog: Open) -> None:
    rows = "".join(
        f"{'unk' if i % 4 == 0 else 4 + i * 0.37},2021-03-{i % 28 + 1:02d},{'uv'[i % 2]}\n" for i in range(40)
    )
    dialog = open_dialog(f"a,when,k\n{rows}".encode())
    edit = find(dialog, QLineEdit, "missingWordsEdit")
    edit.setText("unk")
    with qtbot.waitSignal(dialog.inspected):
        edit.editingFinished.emit()
    assert dialog.preview is not None
    assert (dialog.preview.columns[0].type, dialog.preview.columns[0].missing) == ("number", 10)
    with qtbot.waitSignal(dialog.inspected):
        dialog.set_types((2,), "date_parts")
    assert dialog.preview.inputs == 4


def test_another_role_does_not_read_the_file_again(
    qtbot: QtBot, open_dialog: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_dialog("iris_basic.csv")
    reads: list[object] = []
    monkeypatch.setattr("engine.data.load.read", lambda *arguments: reads.append(arguments))
    dialog.set_roles((1,), "skip")
    rest(qtbot, dialog)
    assert next(iter(roles(dialog).values())) == "skip" and reads == []


def test_what_is_taken_off_cells_is_said_with_how_often(qtbot: QtBot, open_dialog: Open) -> None:
    rows = [
        f"{'--' if i % 10 == 0 else f'{4 + i * 0.37:.2f} kg'};{i % 9 + 1},{100 + i};{i * 0.5};{'ab'[i % 2]}"
        for i in range(40)
    ]
    dialog = open_dialog("\n".join(["weight;price;z;kind", *rows]).encode(), ReadOptions(thousands=","))
    said = dialog.cleaning.text().replace("\u00a0", " ")
    assert "weight: ‘--’ becomes missing (4 ×)" in said and "weight: ‘kg’ is taken off (36 ×)" in said
    assert "price: ‘,’ between thousands is taken off (40 ×)" in said and "z:" not in said
    assert not any("without their unit" in text for text in texts(dialog))
    dialog.set_roles((1, 2), "skip")
    rest(qtbot, dialog)
    assert dialog.cleaning.text() == "" and not dialog.cleaning.isVisible()


def test_nothing_is_said_of_a_clean_file(open_dialog: Open) -> None:
    assert not open_dialog("iris_basic.csv").cleaning.isVisible()
