"""The run list: what it shows, and what a person can ask of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableWidget
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer
from gui.panels.runs import COMPARE, DIFFERS, FORKED, LOSS, NAME, PINNED, STEPS, RunsPanel
from gui.style.theme import DARK
from gui.training.messages import RunDifference, RunInfo, RunKey
from tests.gui.language import quoted, spoken

PLAIN = Experiment(
    (Layer(5, "tanh"), Layer(3, "softmax")), "cross_entropy", learning_rate=0.03, batch_size=10
)
FIRST, SECOND, THIRD = RunKey(1, 0), RunKey(1, 1), RunKey(1, 2)
RUNS = (
    RunInfo(FIRST, "", False, 1580, 0, None, False, PLAIN, "iris", 0.0421),
    RunInfo(
        SECOND, "slower", True, 12_040, 604, FIRST, False, PLAIN.changed(learning_rate=0.003), "iris", 0.31
    ),
    RunInfo(THIRD, "", False, 90_000, 604, FIRST, True, PLAIN.changed(optimizer="momentum"), "iris", 0.0088),
)


@pytest.fixture
def panel(qtbot: QtBot) -> RunsPanel:
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 260)
    panel.set_runs(RUNS)
    panel.show()
    return panel


def text(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    assert item is not None
    return item.text()


def texts(table: QTableWidget) -> list[list[str]]:
    return [
        [text(table, row, column) for column in range(table.columnCount())] for row in range(table.rowCount())
    ]


def click(qtbot: QtBot, panel: RunsPanel, row: int, column: int) -> None:
    """On the box of a cell that has one, else in its middle."""
    rect = panel.table.visualItemRect(panel.table.item(row, column))
    place = rect.center()
    if column in (COMPARE, PINNED):
        place = QPoint(rect.left() + 10, place.y())
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def press(qtbot: QtBot, panel: RunsPanel, name: str) -> None:
    button = panel.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_what_the_list_says(panel: RunsPanel) -> None:
    table = panel.table
    assert [text(table, row, NAME) for row in range(3)] == ["Run 1", "slower", "Run 3"]
    assert [text(table, row, STEPS) for row in range(3)] == ["1\u202f580", "12\u202f040", "90\u202f000"]
    assert [text(table, row, LOSS) for row in range(3)] == ["0.0421", "0.31", "0.0088"]
    assert [text(table, row, FORKED) for row in range(3)] == ["", "604 of Run 1", "604 of Run 1"]
    assert text(table, 0, DIFFERS) == "Optimizer SGD"
    assert text(table, 1, DIFFERS) == "Optimizer SGD, Learning rate η 0.003"
    assert text(table, 2, DIFFERS) == "current"


def test_networks_are_told_apart(panel: RunsPanel) -> None:
    other = replace(RUNS[0], key=RunKey(4, 0), dataset="wine", last_loss=None, steps=0)
    panel.set_runs((*RUNS, other))
    assert [text(panel.table, row, NAME) for row in (0, 3)] == ["Run 1.1", "Run 4.1"]
    assert text(panel.table, 3, DIFFERS).startswith("Data Wine")
    assert text(panel.table, 3, LOSS) == "–"


def test_a_name_is_typed(panel: RunsPanel, qtbot: QtBot) -> None:
    panel.table.setCurrentCell(0, NAME)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "  baseline ")
    with qtbot.waitSignal(panel.run_renamed) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == [FIRST, "baseline"]


def test_an_empty_name_takes_the_own_one_away(panel: RunsPanel, qtbot: QtBot) -> None:
    item = panel.table.item(1, NAME)
    assert item is not None
    with qtbot.waitSignal(panel.run_renamed) as told:
        item.setText(" ")
    assert told.args == [SECOND, ""]
    assert text(panel.table, 1, NAME) == "slower"  # until it is shown without


def test_pinning(panel: RunsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.run_pinned) as told:
        click(qtbot, panel, 0, PINNED)
    assert told.args == [FIRST, True]
    with qtbot.waitSignal(panel.run_pinned) as told:
        click(qtbot, panel, 1, PINNED)
    assert told.args == [SECOND, False]


def test_going_to_a_run_by_button_and_key(panel: RunsPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, 1, NAME)
    with qtbot.waitSignal(panel.run_selected) as told:
        press(qtbot, panel, "goToRunButton")
    assert told.args == [SECOND]
    click(qtbot, panel, 0, STEPS)
    with qtbot.waitSignal(panel.run_selected) as told:
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert told.args == [FIRST]
    click(qtbot, panel, 2, NAME)
    assert not panel.go_button.isEnabled()
    with qtbot.assertNotEmitted(panel.run_selected):
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)


def test_deleting_what_may_be_deleted(panel: RunsPanel, qtbot: QtBot) -> None:
    assert not panel.delete_button.isEnabled()
    click(qtbot, panel, 0, NAME)
    with qtbot.waitSignal(panel.run_deleted) as told:
        press(qtbot, panel, "deleteRunButton")
    assert told.args == [FIRST]
    for row, reason in ((1, "unpin it first"), (2, "go to another one first")):
        click(qtbot, panel, row, NAME)
        assert not panel.delete_button.isEnabled()
        assert reason in panel.delete_button.toolTip()
        with qtbot.assertNotEmitted(panel.run_deleted):
            qtbot.keyClick(panel.table, Qt.Key.Key_Delete)


def test_comparing(panel: RunsPanel, qtbot: QtBot) -> None:
    assert not panel.comparison.isVisible()
    with qtbot.waitSignal(panel.overlay_changed) as told:
        click(qtbot, panel, 1, COMPARE)
    assert told.args == [(SECOND,)]
    with qtbot.waitSignal(panel.overlay_changed) as told:
        click(qtbot, panel, 0, COMPARE)
    assert told.args == [(FIRST, SECOND)]
    panel.set_differences((RunDifference(THIRD, FIRST, 605), RunDifference(SECOND, THIRD, None)))
    header = [panel.comparison.horizontalHeaderItem(column) for column in range(4)]
    assert [item.text() for item in header if item is not None] == ["", "Run 3", "Run 1", "slower"]
    assert texts(panel.comparison) == [
        ["Optimizer", "momentum", "SGD", "SGD"],
        ["Learning rate η", "0.03", "0.03", "0.003"],
        ["First different step", "", "605", "none so far"],
    ]
    with qtbot.waitSignal(panel.overlay_changed) as told:
        click(qtbot, panel, 1, COMPARE)
    assert told.args == [(FIRST,)]
    assert panel.compared == (FIRST,)


def test_a_parameter_that_a_run_has_not(panel: RunsPanel) -> None:
    other = PLAIN.changed(optimizer={"name": "momentum", "momentum": 0.5})
    panel.set_runs((RUNS[0], replace(RUNS[1], experiment=other), RUNS[2]))
    for row in (0, 1):
        item = panel.table.item(row, COMPARE)
        assert item is not None
        item.setCheckState(Qt.CheckState.Checked)
    rows = texts(panel.comparison)
    assert rows[0] == ["Optimizer", "momentum", "SGD", "momentum"]
    assert rows[1][1:] == ["0.9", "–", "0.5"]
    assert rows[-1][1:] == ["", "…", "…"]  # not known yet


def test_a_run_that_becomes_current_or_goes_is_compared_no_more(panel: RunsPanel, qtbot: QtBot) -> None:
    for row in (0, 1):
        item = panel.table.item(row, COMPARE)
        assert item is not None
        item.setCheckState(Qt.CheckState.Checked)
    with qtbot.waitSignal(panel.overlay_changed) as told:
        panel.set_runs((RUNS[0], replace(RUNS[1], current=True), replace(RUNS[2], current=False)))
    assert told.args == [(FIRST,)]
    with qtbot.waitSignal(panel.overlay_changed) as told:
        panel.set_runs(panel.runs[1:])
    assert told.args == [()]


def test_growing_runs_leave_the_selection_alone(panel: RunsPanel, qtbot: QtBot) -> None:
    click(qtbot, panel, 1, NAME)
    with qtbot.assertNotEmitted(panel.run_renamed):
        panel.set_runs((*RUNS[:2], replace(RUNS[2], steps=90_001, last_loss=0.5)))
    assert panel.selected == RUNS[1]
    assert text(panel.table, 2, STEPS) == "90\u202f001"
    new = replace(RUNS[2], key=RunKey(1, 3), current=False)
    panel.set_runs((new, *panel.runs))
    assert panel.selected == RUNS[1]


def test_a_growing_run_costs_its_own_cells(panel: RunsPanel, qtbot: QtBot) -> None:
    """Each change of a cell makes Qt measure and paint: one run that goes on must not touch the others."""
    touched: set[tuple[int, int]] = set()
    panel.table.model().dataChanged.connect(lambda first, last: touched.add((first.row(), first.column())))
    panel.set_runs((*RUNS[:2], replace(RUNS[2], steps=90_001, last_loss=0.5)))
    assert touched == {(2, STEPS), (2, LOSS)}
    touched.clear()
    panel.hide()
    panel.set_runs((*RUNS[:2], replace(RUNS[2], steps=90_002, last_loss=0.4)))
    assert (touched, panel.runs[2].steps) == (set(), 90_002)
    panel.show()
    assert text(panel.table, 2, STEPS) == "90\u202f002"


def test_it_says_which_runs_are_gone(panel: RunsPanel) -> None:
    note = panel.findChild(QLabel, "droppedRunsNote")
    assert note is not None and not note.isVisible()
    panel.set_runs(RUNS, dropped=7)
    assert note.isVisible() and "new ones: 7." in note.text()


def test_alone_it_says_how_runs_come_about(qtbot: QtBot) -> None:
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.set_theme(DARK)
    panel.show()
    panel.set_runs((replace(RUNS[0], current=True),))
    assert panel.note.startswith("Go back")
    panel.set_runs(RUNS)
    assert panel.note.startswith("Tick runs")


def test_another_language_changes_every_text(panel: RunsPanel) -> None:
    item = panel.table.item(1, COMPARE)
    assert item is not None
    item.setCheckState(Qt.CheckState.Checked)
    with spoken(quoted):
        assert text(panel.table, 0, NAME) == "«Run 1»"
        assert panel.go_button.text() == "«Go to»"
        assert text(panel.comparison, 0, 0) == "«Optimizer»"
