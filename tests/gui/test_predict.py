"""The predict page, in the window: rows in, predictions of a moment, out again as a file or to the graph."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from engine.data.builtin import builtin
from engine.phases import PhaseKind
from gui.training.messages import Frame
from gui.views.data_table import DataTableView
from gui.views.predict import PredictView
from gui.widgets.rows_table import RowsTable
from tests.gui.driver import Driver

ROWS = 30


def written(folder: Path, name: str = "new.csv", *, target: bool = True) -> Path:
    data = builtin("iris")
    lines = [",".join(["note", *(["species"] if target else []), *reversed(data.feature_names)])]
    for row in range(0, 150, 150 // ROWS):
        species = data.class_names[int(data.targets[row].argmax())]
        cells = [repr(float(x)) for x in reversed(data.inputs[row])]
        lines.append(",".join([f"n{row}", *([species] if target else []), *cells]))
    path = folder / name
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot)
    driver.main.document.set_dataset(builtin("iris"))
    driver.wait(lambda: driver.frame.dataset.name == "iris")
    driver.run(40)
    yield driver
    driver.close()


@pytest.fixture
def page(window: Driver) -> PredictView:
    window.action("predictViewAction").trigger()
    view = window.main.pages.views["predict_view"]
    assert isinstance(view, PredictView)
    return view


def predicted(window: Driver, page: PredictView, path: Path, *more: Path) -> None:
    before = page.predictions
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(each)) for each in (path, *more)])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
    window.wait(lambda: page.predictions is not before)


def press(window: Driver, name: str) -> None:
    button = window.child(QPushButton, name)
    assert button.isEnabled(), name
    window.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_file_that_is_dropped_is_predicted_and_stays_true(
    window: Driver, page: PredictView, tmp_path: Path
) -> None:
    assert (
        "petal_length" in page._empty.text()
        and not window.child(QPushButton, "savePredictionsButton").isEnabled()
    )
    predicted(window, page, written(tmp_path))
    found = page.predictions
    assert found is not None and found.step == 40 and len(found.rows) == ROWS
    assert "after step 40" in page.message and "now" not in page.message
    assert page.model.rowCount() == ROWS
    assert [page.model.title(field) for field in page.model.fields[:5]] == [
        "predicted", "probability", "true class", "right", "loss",
    ]  # fmt: skip
    assert page.summary.texts[0] == ["rows", str(ROWS)]
    assert page.confusion.table.texts[-1][0] == "precision"
    before = found.outputs.copy()
    window.run(25)
    window.wait(lambda: "Step 65 is shown now" in page.message)
    assert page.predictions is found and np.array_equal(found.outputs, before)
    press(window, "updatePredictionsButton")
    window.wait(lambda: page.predictions is not found)
    assert page.predictions is not None and page.predictions.step == 65
    assert not np.array_equal(page.predictions.outputs, before)
    assert "after step 65" in page.message and "is shown now" not in page.message


def test_of_several_files_that_are_dropped_the_first_is_predicted_and_it_says_so(
    window: Driver, page: PredictView, tmp_path: Path
) -> None:
    predicted(window, page, written(tmp_path), Path("other.csv"))
    assert page.predictions is not None and len(page.predictions.rows) == ROWS
    assert "2 files were dropped, and only the first is predicted." in page.message
    predicted(window, page, written(tmp_path))
    assert "dropped" not in page.message


def test_rows_are_sorted_filtered_and_copied(window: Driver, page: PredictView, tmp_path: Path) -> None:
    predicted(window, page, written(tmp_path))
    found = page.predictions
    assert found is not None and found.losses is not None and found.right is not None
    page.sort_by("loss")
    losses = [found.losses[page.model.row(row)] for row in range(ROWS)]
    assert losses == sorted(losses, reverse=True) and page.model.row(0) == found.worst(1)[0]
    combo = window.child(QComboBox, "predictionFilter")
    combo.setCurrentIndex(combo.findData("wrong"))
    assert page.model.rowCount() == int((~found.right).sum())
    combo.setCurrentIndex(combo.findData("all"))
    page.table.selectRow(0)
    window.qtbot.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    window.qtbot.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = [*csv.reader(QGuiApplication.clipboard().text().splitlines(), delimiter="\t")]
    assert len(copied) == 3 and copied[0][:2] == ["row", "predicted"]
    assert float(copied[1][5]) == found.losses[page.model.row(0)]


def test_predictions_are_saved(
    window: Driver, page: PredictView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predicted(window, page, written(tmp_path, target=False))
    out = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(out), "CSV (*.csv)"))
    press(window, "savePredictionsButton")
    window.wait(lambda: "out.csv" in page.message)
    found = page.predictions
    assert found is not None and found.labels is not None
    rows = [*csv.DictReader(out.read_text().splitlines())]
    assert [row["predicted"] for row in rows] == [*found.labels] and rows[1]["note"] == "n5"
    assert "right" not in rows[0]


@pytest.mark.parametrize("target", [True, False])
def test_a_row_is_shown_in_the_graph(target: bool, window: Driver, page: PredictView, tmp_path: Path) -> None:
    predicted(window, page, written(tmp_path, target=target))
    found = page.predictions
    assert found is not None
    page.table.selectRow(3)
    seen = len(window.frames)
    press(window, "traceRowButton")
    window.wait(lambda: any(frame.record.indices[0] == -1 for frame in window.frames[seen:]))
    frame: Frame = window.frame
    np.testing.assert_allclose(frame.record.a[-1][0], found.outputs[3], rtol=1e-12)
    assert frame.phase is not None
    assert frame.phase.kind is (PhaseKind.BACKWARD if target else PhaseKind.FORWARD)
    assert np.isfinite(frame.record.data_loss) == target
    window.press("stepAction")


def test_what_does_not_fit_is_named_and_what_was_there_stays(
    window: Driver, page: PredictView, tmp_path: Path
) -> None:
    predicted(window, page, written(tmp_path))
    found = page.predictions
    (tmp_path / "other.csv").write_text("petal_length,sepal_length,colour\n1,2,red\n")
    page.predict(tmp_path / "other.csv")
    window.wait(lambda: "petal_width" in page.message)
    assert "sepal_width" in page.message and page.predictions is found
    assert window.main.message_bar.isHidden()  # a column that is not needed is no package that is


def test_another_network_is_told_and_asked_by_update(
    window: Driver, page: PredictView, tmp_path: Path
) -> None:
    predicted(window, page, written(tmp_path))
    found = page.predictions
    window.main.document.new_seed()
    window.wait(lambda: "not shown any more" in page.message and page.frame is not None)
    assert not window.child(QPushButton, "traceRowButton").isEnabled()
    press(window, "updatePredictionsButton")
    window.wait(lambda: page.predictions is not found)
    assert page.predictions is not None and page.predictions.step == 0


def test_text_is_pasted(window: Driver, page: PredictView, tmp_path: Path) -> None:
    QGuiApplication.clipboard().setText(written(tmp_path).read_text())
    page._paste()
    window.wait(lambda: page.predictions is not None)
    assert page.predictions is not None and len(page.predictions.rows) == ROWS


@pytest.mark.parametrize("train", [True, False])
def test_a_file_of_the_same_columns_is_asked_about(
    train: bool, window: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = window.main.document.generation
    window.main.open_file(written(tmp_path))
    bar: Any = window.bar
    window.wait(lambda: "has the columns" in bar._text.text())
    assert window.main.document.generation == generation
    press(window, "messageChoiceButton1" if train else "messageChoiceButton0")
    if train:
        window.wait(lambda: window.frame.dataset.name == "new")
        assert "predict_view" not in window.main.pages.views
        return
    view = window.main.pages.views["predict_view"]
    assert isinstance(view, PredictView)
    window.wait(lambda: view.predictions is not None)
    assert window.main.document.generation == generation


def test_other_columns_are_trained_on_at_once(window: Driver, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text(
        "a,b,class\n" + "".join(f"{i},{i * i},{'uv'[i % 2]}\n" for i in range(30))
    )
    window.main.open_file(tmp_path / "other.csv")
    window.wait(lambda: window.frame.dataset.name == "other")


def test_a_test_set_is_watched_beside_the_validation(
    window: Driver, page: PredictView, tmp_path: Path
) -> None:
    predicted(window, page, written(tmp_path))
    curves = window.main.curves_view
    legend = window.child(QToolButton, "legendTest")
    assert legend.isHidden()
    press(window, "watchRowsButton")
    window.wait(lambda: window.frame.watched is not None)
    window.run(60)
    line = curves._loss_lines[3]
    assert line.dash and line.dash != curves._loss_lines[1].dash
    steps = [line.series.step_at(i) for i in range(len(line.series))]
    assert steps[0] == 40 and steps[-1] == 96 and all(step % 12 == 0 for step in steps[1:])
    assert not legend.isHidden() and legend.text() == "test" and page.watch_button.isChecked()
    press(window, "updatePredictionsButton")
    before = page.predictions
    window.wait(lambda: page.predictions is not before)
    press(window, "watchRowsButton")
    window.wait(lambda: window.frame.watched is None)
    assert len(line.series) == 0 and legend.isHidden()


def test_rows_are_pasted_behind_those_of_the_data(window: Driver) -> None:
    view = window.main.pages.views["data_view"]
    assert isinstance(view, DataTableView)
    window.main.pages.open("data_view")
    before = window.main.document.dataset
    QGuiApplication.clipboard().setText(
        "petal_width\tpetal_length\tsepal_width\tsepal_length\tclass\n"
        "0.25\t1.5\t3.25\t5\tsetosa\n1\t4\t3\t6\t\n2\t6\t3\t7\tvirginica\n"
    )
    table = window.child(RowsTable, "dataTable")
    table.setFocus()
    window.qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    window.wait(lambda: len(window.frame.dataset.inputs) == 152)
    data = window.frame.dataset
    np.testing.assert_array_equal(data.inputs[:150], before.inputs)
    np.testing.assert_array_equal(data.inputs[150:], [[5, 3.25, 1.5, 0.25], [7, 3, 6, 2]])
    assert data.targets[150:].argmax(axis=1).tolist() == [0, 2] and data.recipe is None
    assert "have no target" in window.bar._text.text()
    window.main.document.undo_stack.undo()
    window.wait(lambda: len(window.frame.dataset.inputs) == 150)
    assert window.frame.step == 40


def test_what_is_pasted_without_the_names_of_columns_is_refused(window: Driver) -> None:
    window.main.data_desk.paste_rows("1\t2\t3\t4\tsetosa\n")
    assert "petal_length" in window.bar._text.text()
    assert len(window.main.document.dataset.inputs) == 150
