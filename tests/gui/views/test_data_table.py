from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset
from engine.data.builtin import builtin
from gui.document.focus import Focus
from gui.style.theme import DARK
from gui.text import numbers
from gui.training.messages import Status
from gui.training.probe import Probe
from gui.views.data_table import DataTableView
from gui.widgets import rows_table
from tests.gui.prober import Prober


def find(view: QWidget, kind: type, name: str) -> Any:
    found = view.findChild(kind, name)
    assert found is not None, name
    return found


class Shown:
    """A view that is on screen, with a training behind it."""

    def __init__(
        self, qtbot: QtBot, data: Dataset, size: tuple[int, int] = (1200, 400), **settings: Any
    ) -> None:
        self.qtbot = qtbot
        self.view = DataTableView(Focus())
        qtbot.addWidget(self.view)
        self.prober = Prober(data, **settings)
        self.prober.watch(self.view)
        self.view.resize(*size)
        with qtbot.waitExposed(self.view):
            self.view.show()
        qtbot.wait(1)
        self.table: QTableView = find(self.view, QTableView, "dataTable")
        self.filter: QComboBox = find(self.view, QComboBox, "rowFilterCombo")

    def train(self, steps: int = 1, status: Status = Status.PAUSED) -> None:
        self.view.show_frame(self.prober.train(steps, status))
        self.prober.reply()

    def titles(self) -> list[str]:
        model = self.view.model
        return [str(model.headerData(i, Qt.Orientation.Horizontal)) for i in range(model.columnCount())]

    def column(self, title: str) -> list[str]:
        model, place = self.view.model, self.titles().index(title)
        return [str(model.index(row, place).data()) for row in range(model.rowCount())]

    def click_header(self, title: str) -> None:
        header = self.table.horizontalHeader()
        place = self.titles().index(title)
        x = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2))

    def choose_filter(self, name: str) -> None:
        self.filter.setCurrentIndex(self.filter.findData(name))


def mixed() -> Dataset:
    """Two numbers and a category, with gaps."""
    inputs = np.array(
        [[1.5, 10.0, 1.0, 0.0], [np.nan, 20.0, 0.0, 1.0], [2.5, 30.0, np.nan, np.nan], [3.5, 40.0, 1.0, 0.0]]
    )
    data = Dataset.from_arrays(
        inputs, [0, 1, 0, 1], "binary", class_names=("没有", "有"),
        feature_names=("length", "width", "colour=red", "colour=blue"),
    )  # fmt: skip
    return replace(
        data, groups=("length", "width", "colour", "colour"), row_lines=np.array([2, 3, 5, 9], dtype=np.int64)
    )


def test_cells_are_shown_as_the_file_has_them(qtbot: QtBot) -> None:
    shown = Shown(qtbot, mixed(), validation=0.0, batch_size=2)
    shown.train()
    assert shown.titles() == [
        "part", "class", "predicted", "output a", "loss", "right", "length", "width", "colour"
    ]  # fmt: skip
    assert shown.column("length") == ["1.5", "—", "2.5", "3.5"]
    assert shown.column("colour") == ["red", "blue", "—", "red"]
    assert shown.column("class") == ["没有", "有", "没有", "有"]
    lines = [shown.view.model.headerData(row, Qt.Orientation.Vertical) for row in range(4)]
    assert lines == ["2", "3", "5", "9"]


def test_cells_are_shown_as_the_network_is_fed(qtbot: QtBot) -> None:
    shown = Shown(qtbot, mixed(), validation=0.0, batch_size=2)
    shown.train()
    QTest.mouseClick(find(shown.view, QToolButton, "showNetworkButton"), Qt.MouseButton.LeftButton)
    assert shown.titles()[-4:] == ["length", "width", "colour=red", "colour=blue"]
    # z-scores of 10, 20, 30, 40, and the mean of 1.5, 2.5, 3.5 in the gap
    assert shown.column("width") == ["−1.342", "−0.4472", "0.4472", "1.342"]
    assert shown.column("length")[1] == "0"
    assert shown.column("class") == ["0", "1", "0", "1"]


def test_predictions_follow_the_training(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(1)
    first = shown.column("loss")
    shown.train(300)
    later = shown.column("loss")
    assert len(first) == 150 and all(first) and first != later
    right = shown.column("right").count("✓ right")
    assert right > 135
    assert f"{150 - right} wrong" in shown.view.counts
    agree = [t == p for t, p in zip(shown.column("class"), shown.column("predicted"), strict=True)]
    assert agree == [text == "✓ right" for text in shown.column("right")]


def test_rows_are_marked_by_their_part(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(1)
    parts = shown.column("part")
    train_rows = set(shown.prober.trainer.prepared.train_rows.tolist())
    assert {row for row, part in enumerate(parts) if part.startswith("training")} == train_rows
    assert {row for row, part in enumerate(parts) if part.endswith("•")} == set(
        shown.prober.record.indices.tolist()
    )
    assert "120 training · 30 validation" in shown.view.counts


def test_a_click_on_a_header_sorts_and_turns_round(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(50)
    values = builtin("iris").inputs[:, 0]
    shown.click_header("sepal_length")
    assert [float(text) for text in shown.column("sepal_length")] == sorted(values)
    shown.click_header("sepal_length")
    assert [float(text) for text in shown.column("sepal_length")] == sorted(values, reverse=True)
    shown.click_header("sepal_length")
    assert [float(text) for text in shown.column("sepal_length")] == list(values)


def test_sorted_by_loss_stays_sorted_while_it_learns(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(20)
    shown.click_header("loss")
    shown.train(50)
    losses = shown.view.model.findings.losses
    order = [shown.view.model.data_row(row) for row in range(150)]
    assert losses[order].tolist() == sorted(losses.tolist())


def test_missing_cells_come_last_either_way(qtbot: QtBot) -> None:
    shown = Shown(qtbot, mixed(), validation=0.0, batch_size=2)
    shown.train()
    shown.click_header("length")
    assert shown.column("length") == ["1.5", "2.5", "3.5", "—"]
    shown.click_header("length")
    assert shown.column("length") == ["3.5", "2.5", "1.5", "—"]


def test_filters(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(100)
    wrong = int((~shown.view.model.findings.right).sum())
    assert wrong > 0
    shown.choose_filter("wrong")
    assert shown.column("right") == ["✗ wrong"] * wrong
    assert f"{wrong} of 150 rows" in shown.view.counts
    shown.choose_filter("validation")
    assert len(shown.column("part")) == 30
    shown.choose_filter("training")
    assert len(shown.column("part")) == 120


def test_regression_has_a_prediction_for_each_output_and_no_wrong_rows(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("article"), validation=0.0)
    shown.train(500)
    titles = shown.titles()
    assert titles[:6] == ["part", "y1", "y1, predicted", "y2", "y2, predicted", "loss"]
    outputs = shown.prober.answer(Probe(1, rows=np.arange(5))).outputs
    assert shown.column("y1, predicted") == [numbers.short(value) for value in outputs[:, 0]]
    assert shown.column("y2, predicted") == [numbers.short(value) for value in outputs[:, 1]]
    assert shown.filter.findData("wrong") == -1


def test_a_clicked_row_is_told_also_when_sorted(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    shown.click_header("petal_width")
    row = shown.view.model.data_row(3)
    rect = shown.table.visualRect(shown.view.model.index(3, 1))
    with qtbot.waitSignal(shown.view.focus.row_wanted) as heard:
        QTest.mouseClick(shown.table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert heard.args == [row] and shown.view.focus.row == row
    shown.click_header("petal_width")
    current = shown.table.currentIndex().row()
    assert shown.view.model.data_row(current) == row


@pytest.mark.usefixtures("dressed")
def test_a_row_selected_elsewhere_is_scrolled_to(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"), size=(900, 220))
    shown.train(10)
    shown.view.focus.show_row(140)
    rect = shown.table.visualRect(shown.view.model.index(140, 0))
    assert shown.table.viewport().rect().contains(rect.center())
    assert shown.table.currentIndex().row() == 140


def test_pictures_stand_in_for_pixels(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("digits"), hidden=(8,))
    shown.train(2)
    assert shown.titles() == ["picture", "part", "class", "predicted", "output a", "loss", "right"]
    picture = shown.view.model.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
    image = picture.toImage()
    grey = np.array([[image.pixelColor(x, y).red() for x in range(2, 36, 5)] for y in range(2, 36, 5)])
    assert grey.min() == 0 and grey.max() == 255


@pytest.mark.usefixtures("dressed")
def test_of_many_rows_only_those_seen_are_asked_about(qtbot: QtBot) -> None:
    inputs = np.random.default_rng(0).normal(size=(60_000, 3))
    data = Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(float), "binary")
    shown = Shown(qtbot, data, batch_size=100)
    shown.view.show_frame(shown.prober.train(5, Status.RUNNING))
    [probe] = shown.prober.questions
    assert probe.rows is not None and 0 < len(probe.rows) < 60 and probe.rows[0] == 0
    shown.prober.reply()

    shown.table.verticalScrollBar().setValue(30_000)
    [probe] = shown.prober.questions
    assert probe.rows is not None and probe.rows[0] == 30_000
    shown.prober.reply()
    place = shown.titles().index("loss")
    assert shown.view.model.index(30_001, place).data()
    assert not shown.view.model.index(50_000, place).data()


def test_many_rows_are_gone_through_to_sort_them_by_loss(qtbot: QtBot) -> None:
    inputs = np.random.default_rng(0).normal(size=(300_000, 10))
    data = Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(float), "binary")
    shown = Shown(qtbot, data, batch_size=100)
    shown.train(50)
    shown.click_header("loss")
    asked = []
    while shown.prober.questions:
        probe = shown.prober.questions.pop(0)
        assert probe.rows is not None
        asked.append(len(probe.rows))
        shown.view.show_probe(shown.prober.answer(probe))
    assert sum(asked) == 300_000 > max(asked)
    losses = shown.view.model.findings.losses
    order = [shown.view.model.data_row(row) for row in range(0, 300_000, 1_000)]
    assert (np.diff(losses[order]) >= 0).all()
    assert shown.view.model.findings.complete


def test_a_hidden_view_asks_nothing_and_catches_up(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.view.hide()
    shown.view.show_frame(shown.prober.train(10))
    assert shown.prober.questions == []
    with qtbot.waitExposed(shown.view):
        shown.view.show()
        assert shown.view.is_asking  # not yet, but it will: what it has is of another moment
    qtbot.waitUntil(lambda: bool(shown.prober.questions))
    shown.prober.reply()
    assert not shown.view.is_asking
    assert all(shown.column("loss"))


def test_an_edit_behind_a_hidden_view_is_asked_about(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    assert not shown.view.is_asking
    shown.view.hide()
    record = shown.prober.record = replace(shown.prober.record, step=shown.prober.record.step)
    shown.view.show_frame(shown.prober.frame())  # the same step, of other parameters
    shown.view.show()
    assert shown.view.is_asking
    qtbot.waitUntil(lambda: bool(shown.prober.questions))
    assert shown.view._asked_for is not None and shown.view._asked_for[0] is record


def test_the_same_state_is_asked_about_once(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    frame = shown.prober.train(10)
    shown.view.show_frame(frame)
    assert shown.prober.reply() == 1
    shown.view.show_frame(frame)
    assert shown.prober.questions == []


def test_another_network_forgets_the_answers_of_the_old_one(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    shown.view.show_frame(shown.prober.train(10))
    stale = shown.prober.answer(shown.prober.questions.pop())
    shown.prober.generation = 2
    shown.view.forget()
    shown.prober.load(builtin("wine"))
    shown.view.show_frame(shown.prober.frame())
    shown.view.show_probe(stale)
    assert len(shown.column("part")) == 178
    assert shown.column("predicted") == [""] * 178
    shown.prober.reply()
    assert all(shown.column("predicted"))


def test_a_filter_holds_for_the_next_data_set(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    shown.choose_filter("validation")
    shown.prober.generation = 2
    shown.view.forget()
    shown.prober.load(builtin("wine"))
    shown.view.show_frame(shown.prober.frame())
    shown.prober.reply()
    assert set(shown.column("part")) == {"validation"} and len(shown.column("part")) == 36


def test_a_network_too_large_to_be_live_is_asked_about_at_rest(qtbot: QtBot) -> None:
    inputs = np.random.default_rng(0).normal(size=(2_000, 20))
    data = Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(float), "binary")
    shown = Shown(qtbot, data, hidden=(100, 100), learning_rate=0.01)
    shown.view.show_frame(shown.prober.train(3, Status.RUNNING))
    shown.prober.reply()
    assert not shown.view.model.findings.complete
    shown.view.show_frame(shown.prober.frame(Status.PAUSED))
    shown.prober.reply()
    assert shown.view.model.findings.complete and "wrong" in shown.view.counts


@pytest.mark.usefixtures("dressed")
def test_theme_and_language(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(300)
    shown.view.set_theme(DARK)
    place = shown.titles().index("right")
    colours = {
        shown.view.model.index(row, place).data(Qt.ItemDataRole.ForegroundRole).name() for row in range(150)
    }
    assert colours <= {DARK.good, DARK.bad} and DARK.good in colours
    shown.choose_filter("training")
    shown.view.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert shown.view.row_filter == "training"


@pytest.mark.parametrize("kind", ["file", "network"])
def test_every_cell_can_be_asked_for(qtbot: QtBot, kind: str) -> None:
    shown = Shown(qtbot, mixed(), validation=0.25, batch_size=2)
    shown.train()
    if kind == "network":
        find(shown.view, QToolButton, "showNetworkButton").click()
    model = shown.view.model
    for column, title in enumerate(shown.titles()):
        tips = [model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) for row in range(4)]
        assert all(isinstance(tip, str) for tip in tips), title


def test_selected_rows_are_copied_with_all_their_digits(qtbot: QtBot) -> None:
    shown = Shown(qtbot, mixed(), validation=0.0, batch_size=2)
    shown.train()
    shown.view.focus.show_row(1)
    table = shown.table
    keys = Qt.KeyboardModifier
    y = table.rowViewportPosition(2) + 5
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys.ShiftModifier, QPoint(5, y))
    qtbot.keyClick(table, Qt.Key.Key_C, keys.ControlModifier)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines] == ["row", "3", "5"]
    assert lines[0][1:3] == ["part", "class"] and lines[0][-3:] == ["length", "width", "colour"]
    assert lines[1][-3:] == ["", "20.0", "blue"] and lines[2][-3:] == ["2.5", "30.0", ""]
    losses = shown.view.model.findings.losses
    assert float(lines[1][5]) == losses[1] and float(lines[2][5]) == losses[2]


def test_too_many_rows_are_not_copied_in_part(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_table, "MOST_COPIED", 27)
    shown = Shown(qtbot, mixed(), validation=0.0, batch_size=2)
    shown.train()
    QGuiApplication.clipboard().setText("before")
    shown.table.selectAll()
    qtbot.keyClick(shown.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "before" and "At most 3 rows" in shown.view.counts


def test_each_of_several_labels_has_its_target_and_its_output(qtbot: QtBot) -> None:
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(30, 2))
    labels = np.column_stack([inputs[:, 0] > 0, inputs[:, 1] > 0]).astype(float)
    data = Dataset.from_arrays(inputs, labels, "multilabel", target_names=("wet", "cold"))
    shown = Shown(qtbot, data)
    shown.train(50)
    assert shown.titles() == ["part", "wet", "wet, predicted", "cold", "cold, predicted", "loss", "x1", "x2"]
    assert shown.column("wet") == [str(int(x)) for x in labels[:, 0]]
    outputs = shown.view.model.findings.outputs
    assert shown.column("cold, predicted") == [numbers.short(float(x)) for x in outputs[:, 1]]
    assert "wrong" not in shown.view.counts
