from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QTableView
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.records import Scalars, StepRecord
from gui.document.focus import Focus
from gui.style.theme import DARK, Theme
from gui.text.numbers import full
from gui.training.messages import Frame, Freeze, SetParameter, Status
from gui.views.parameters import ParametersView
from gui.views.parameters.moment import Column, Moment

KEYS = Qt.Key
ROLE = Qt.ItemDataRole


def make_trainer(*layers: Layer, rows: int = 6, inputs: int = 3, **settings: Any) -> Trainer:
    rng = np.random.default_rng(1)
    outputs = layers[-1].units
    data = Dataset.from_arrays(
        rng.normal(size=(rows, inputs)),
        rng.normal(size=(rows, outputs)),
        feature_names=[f"feature {i}" for i in range(inputs)],
    )
    return Trainer(Experiment(layers, **settings), data)


def make_frame(
    trainer: Trainer, record: StepRecord, phase: Phase | None = None, status: Status = Status.PAUSED
) -> Frame:
    scalars = Scalars.empty(len(record.z))
    return Frame(1, trainer.dataset, record, phase, scalars, False, status)


@pytest.fixture
def trainer() -> Trainer:
    return make_trainer(Layer(4, "tanh"), Layer(2), reduction="sum", bias_reduction="mean")


@pytest.fixture
def view(qtbot: QtBot) -> ParametersView:
    view = ParametersView(Focus())
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    return view


def table(view: ParametersView) -> QTableView:
    found = view.findChild(QTableView, "parametersTable")
    assert found is not None
    return found


def text(view: ParametersView, row: int, column: Column) -> Any:
    return view.model.index(row, column).data()


def value(view: ParametersView, row: int, column: Column) -> Any:
    return view.model.index(row, column).data(ROLE.EditRole)


def place(view: ParametersView, row: int, column: Column) -> QPoint:
    return table(view).visualRect(view.model.index(row, column)).center()


def double_click(qtbot: QtBot, view: ParametersView, row: int, column: Column) -> QLineEdit:
    """Double-click a cell and return the field that opens."""
    at, viewport = place(view, row, column), table(view).viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    editor = view.findChild(QLineEdit, "parameterEditor")
    assert editor is not None
    return editor


def enter(qtbot: QtBot, view: ParametersView, editor: QLineEdit) -> None:
    """Press Return and wait until the field is gone."""
    qtbot.keyClick(editor, KEYS.Key_Return)
    qtbot.waitUntil(lambda: table(view).state() is QTableView.State.NoState)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def sort(view: ParametersView, column: Column, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
    table(view).horizontalHeader().setSortIndicator(column, order)


def column_of(view: ParametersView, column: Column) -> list[Any]:
    return [value(view, row, column) for row in range(view.model.rowCount())]


def test_lists_every_parameter_layer_by_layer(view: ParametersView, trainer: Trainer) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    assert view.model.rowCount() == (3 + 1) * 4 + (4 + 1) * 2
    rows = [
        [text(view, row, column) for column in (Column.LAYER, Column.FROM, Column.TO)] for row in range(26)
    ]
    assert rows[0] == ["1", "feature 0", "unit 1"]
    assert rows[3] == ["1", "bias", "unit 1"]
    assert rows[16] == ["2", "unit 1", "y1"]
    assert rows[25] == ["2", "bias", "y2"]
    for row in range(26):
        kind, layer, unit, source = view.model.part_at(row) or Part("loss")
        at: Any = (source, unit) if kind == "weight" else unit
        of = "weight" if kind == "weight" else "bias"
        before = getattr(record, "weights_before" if kind == "weight" else "biases_before")[layer - 1][at]
        after = getattr(record, "weights_after" if kind == "weight" else "biases_after")[layer - 1][at]
        assert value(view, row, Column.VALUE) == before
        assert value(view, row, Column.AFTER) == after
        assert value(view, row, Column.UPDATE) == after - before
        assert value(view, row, Column.GRADIENT) == getattr(record, f"{of}_grads")[layer - 1][at]
        assert view.model.index(row, Column.VALUE).data(ROLE.ToolTipRole) == full(before)


@pytest.mark.parametrize(
    ("phase", "gradients", "updated"),
    [
        (Phase(PhaseKind.INPUT), (False, False), False),
        (Phase(PhaseKind.FORWARD, 2), (False, False), False),
        (Phase(PhaseKind.LOSS), (False, False), False),
        (Phase(PhaseKind.BACKWARD, 2), (False, True), False),
        (Phase(PhaseKind.BACKWARD, 1), (True, True), False),
        (Phase(PhaseKind.UPDATE), (True, True), True),
        (None, (True, True), True),
    ],
)
def test_shows_only_what_the_phase_has_revealed(
    view: ParametersView, trainer: Trainer, phase: Phase | None, gradients: tuple[bool, bool], updated: bool
) -> None:
    view.show_frame(make_frame(trainer, trainer.peek(), phase))
    assert [text(view, row, Column.GRADIENT) != "–" for row in (0, 16)] == list(gradients)
    assert (text(view, 0, Column.UPDATE) != "–") is updated
    assert (text(view, 0, Column.AFTER) != "–") is updated
    assert text(view, 0, Column.VALUE) != "–"


@pytest.mark.parametrize("column", [Column.LAYER, Column.FROM, Column.TO, Column.VALUE, Column.GRADIENT])
def test_every_cell_agrees_with_its_column(view: ParametersView, trainer: Trainer, column: Column) -> None:
    moment = Moment(make_frame(trainer, trainer.peek(), Phase(PhaseKind.BACKWARD, 0, 2)))
    for number, whole in enumerate(moment.column(column).tolist()):
        selection = moment.numbering.part(number)
        assert moment.numbering.number(selection) == number
        if column is Column.LAYER:
            assert whole == selection.layer
        elif column is Column.TO:
            assert whole == selection.unit
        elif column is Column.FROM:
            below = moment.record.sizes[selection.layer - 1]
            assert whole == (selection.source if selection.kind == "weight" else below)
        else:
            assert whole == moment.number(column, selection)


def test_one_samples_share_and_all_of_them(view: ParametersView, trainer: Trainer) -> None:
    record = trainer.peek()
    shares = []
    for sample in range(record.batch):
        view.show_frame(make_frame(trainer, record, Phase(PhaseKind.BACKWARD, 0, sample)))
        shares.append(column_of(view, Column.GRADIENT))
    view.show_frame(make_frame(trainer, record))
    assert np.sum(shares, axis=0) == pytest.approx(column_of(view, Column.GRADIENT), rel=1e-9, abs=1e-12)


def test_sorts_by_every_column_and_back(view: ParametersView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    plain = column_of(view, Column.VALUE)
    for column in (Column.VALUE, Column.GRADIENT, Column.UPDATE, Column.AFTER):
        sort(view, column)
        assert column_of(view, column) == sorted(column_of(view, column))
        sort(view, column, Qt.SortOrder.DescendingOrder)
        assert column_of(view, column) == sorted(column_of(view, column), reverse=True)
    sort(view, Column.FROM)
    assert [text(view, row, Column.FROM) for row in range(4)] == ["feature 0"] * 4
    table(view).horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    assert column_of(view, Column.VALUE) == plain


def test_stays_sorted_and_keeps_the_selection_while_it_trains(view: ParametersView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    sort(view, Column.GRADIENT)
    chosen = Part("weight", 2, 1, 3)
    view.focus.select(chosen)
    for _ in range(5):
        view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
        assert column_of(view, Column.GRADIENT) == sorted(column_of(view, Column.GRADIENT))
        assert view.model.part_at(table(view).currentIndex().row()) == chosen


def test_filters_by_layer(view: ParametersView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    layers = view.findChild(QComboBox, "parametersLayer")
    assert layers is not None and layers.count() == 3
    layers.setCurrentIndex(2)
    assert view.model.rowCount() == 10
    assert {text(view, row, Column.LAYER) for row in range(10)} == {"2"}
    view.focus.select(Part("bias", 1, 3))
    assert view.model.rowCount() == 16
    assert view.model.part_at(table(view).currentIndex().row()) == Part("bias", 1, 3)


def test_selection_goes_both_ways(qtbot: QtBot, view: ParametersView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    found: list[Part] = []
    view.focus.part_changed.connect(found.append)
    view.focus.select(Part("weight", 1, 2, 1))
    assert found.pop() == Part("weight", 1, 2, 1) and not found
    assert table(view).currentIndex().row() == 2 * 4 + 1
    qtbot.mouseClick(table(view).viewport(), Qt.MouseButton.LeftButton, pos=place(view, 11, Column.FROM))
    assert found == [Part("bias", 1, 2)] == [view.focus.part]
    qtbot.keyClick(table(view), KEYS.Key_Down)
    assert found[-1] == Part("weight", 1, 3, 0)
    view.focus.select(Part("unit", 1, 0))
    assert not table(view).selectionModel().hasSelection()
    view.focus.select(Part("weight", 9, 9, 9))
    assert not table(view).selectionModel().hasSelection()


def test_the_keyboard_coming_to_the_table_selects_nothing(view: ParametersView, trainer: Trainer) -> None:
    view.focus.select(Part("unit", 1, 0))
    view.show_frame(make_frame(trainer, trainer.step()))
    view.activateWindow()
    table(view).setFocus(Qt.FocusReason.TabFocusReason)
    assert table(view).hasFocus() and view.focus.part == Part("unit", 1, 0)
    view.focus.select(Part("weight", 1, 0, 0))
    view.focus.select(None)
    view.setFocus()
    table(view).setFocus(Qt.FocusReason.OtherFocusReason)
    assert table(view).hasFocus() and view.focus.part is None


def test_a_value_is_typed_wherever_its_row_is_double_clicked(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.peek(), Phase(PhaseKind.INPUT)))
    edits: list[SetParameter] = []
    view.parameter_edited.connect(edits.append)
    editor = double_click(qtbot, view, 1, Column.GRADIENT)
    qtbot.keyClicks(editor, "1/3")
    enter(qtbot, view, editor)
    assert edits == [SetParameter(Part("weight", 1, 0, 1), 1 / 3)]
    editor = double_click(qtbot, view, 3, Column.VALUE)
    qtbot.keyClicks(editor, "-0,5")
    enter(qtbot, view, editor)
    assert edits[1:] == [SetParameter(Part("bias", 1, 0), -0.5)]


def test_after_the_update_the_new_value_is_edited(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    editor = double_click(qtbot, view, 0, Column.VALUE)
    assert editor.text() == full(record.weights_after[0][0, 0])
    with qtbot.assertNotEmitted(view.parameter_edited):
        enter(qtbot, view, editor)


@pytest.mark.parametrize(
    ("typed", "said"), [("abc", "not a number"), ("inf", "finite"), ("1/0", "zero"), ("", "number")]
)
def test_what_is_no_value_is_explained_and_changes_nothing(
    qtbot: QtBot, view: ParametersView, trainer: Trainer, typed: str, said: str
) -> None:
    view.show_frame(make_frame(trainer, trainer.peek(), Phase(PhaseKind.INPUT)))
    with qtbot.assertNotEmitted(view.parameter_edited):
        editor = double_click(qtbot, view, 2, Column.VALUE)
        qtbot.keyClick(editor, KEYS.Key_Delete)
        qtbot.keyClicks(editor, typed)
        qtbot.keyClick(editor, KEYS.Key_Return)
        assert said in view.message
        assert view.findChild(QLineEdit, "parameterEditor") is editor
    with qtbot.waitSignal(view.parameter_edited) as caught:
        qtbot.keyClicks(editor, "0.75")
        assert view.message == ""
        qtbot.keyClick(editor, KEYS.Key_Return)
    assert caught.args == [SetParameter(Part("weight", 1, 0, 2), 0.75)]


def test_frames_do_not_disturb_what_is_being_typed(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
    sort(view, Column.AFTER)
    meant = view.model.part_at(4)
    assert meant is not None
    editor = double_click(qtbot, view, 4, Column.AFTER)
    qtbot.keyClicks(editor, "1.5")
    for _ in range(3):
        view.show_frame(make_frame(trainer, trainer.step(), status=Status.RUNNING))
    assert editor.text() == "1.5"
    with qtbot.waitSignal(view.parameter_edited) as caught:
        qtbot.keyClick(editor, KEYS.Key_Return)
    assert caught.args == [SetParameter(meant, 1.5)]


def test_holds_and_lets_go(qtbot: QtBot, view: ParametersView, trainer: Trainer) -> None:
    trainer.freeze(biases=[(1, 0)])
    view.show_frame(make_frame(trainer, trainer.step()))
    held: list[Freeze] = []
    view.freeze_requested.connect(held.append)
    states = [view.model.index(row, Column.FROZEN).data(ROLE.CheckStateRole) for row in (2, 3)]
    assert states == [Qt.CheckState.Unchecked, Qt.CheckState.Checked]
    assert value(view, 3, Column.UPDATE) == 0.0
    table(view).setCurrentIndex(view.model.index(2, Column.FROZEN))
    qtbot.keyClick(table(view), KEYS.Key_Space)
    table(view).setCurrentIndex(view.model.index(3, Column.FROZEN))
    qtbot.keyClick(table(view), KEYS.Key_Space)
    assert held == [Freeze(Part("weight", 1, 0, 2), True), Freeze(Part("bias", 1, 0), False)]


def copied(separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter=separator))


def test_copies_the_selected_rows_with_every_digit(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    viewport = table(view).viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place(view, 4, Column.FROM))
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, shift, pos=place(view, 6, Column.FROM))
    qtbot.keyClick(table(view), KEYS.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = copied("\t")
    assert len(rows) == 4
    assert [row[1] for row in rows[1:]] == ["feature 0", "feature 1", "feature 2"]
    assert [float(row[3]) for row in rows[1:]] == record.weights_before[0][:, 1].tolist()
    assert [float(row[4]) for row in rows[1:]] == record.weight_grads[0][:, 1].tolist()


def test_copies_everything_as_csv_and_leaves_out_what_is_not_known(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.peek(), Phase(PhaseKind.INPUT)))
    menu = view.findChild(QMenu)
    assert menu is not None
    action = next(a for a in menu.actions() if a.objectName() == "parametersCopyAllCsv")
    action.trigger()
    qtbot.waitUntil(lambda: not view.is_copying)
    rows = copied(",")
    assert len(rows) == 27
    assert [float(row[3]) for row in rows[1:]] == column_of(view, Column.VALUE)
    assert {row[4] for row in rows[1:]} == {""}


def test_follows_a_network_that_is_rebuilt(view: ParametersView, trainer: Trainer) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.focus.select(Part("weight", 2, 1, 3))
    view.findChild(QComboBox, "parametersLayer").setCurrentIndex(2)  # type: ignore[union-attr]
    smaller = make_trainer(Layer(1))
    view.show_frame(make_frame(smaller, smaller.step()))
    assert view.model.rowCount() == 4
    assert not table(view).selectionModel().hasSelection()
    view.show_frame(make_frame(trainer, trainer.step()))
    assert view.model.part_at(table(view).currentIndex().row()) == Part("weight", 2, 1, 3)


def test_a_hidden_table_shows_the_latest_frame_when_it_is_shown(
    view: ParametersView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    view.hide()
    record = trainer.step()
    view.show_frame(make_frame(trainer, record))
    assert value(view, 0, Column.AFTER) != record.weights_after[0][0, 0]
    view.show()
    assert value(view, 0, Column.AFTER) == record.weights_after[0][0, 0]


@pytest.mark.usefixtures("dressed")
def test_looks_up_only_what_is_visible(view: ParametersView, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = make_trainer(Layer(128, "relu"), Layer(10), inputs=400)
    looked_up: list[Part] = []
    number = Moment.number

    def counted(moment: Moment, column: Column, selection: Part) -> float | None:
        looked_up.append(selection)
        return number(moment, column, selection)

    monkeypatch.setattr(Moment, "number", counted)
    view.show_frame(make_frame(trainer, trainer.step()))
    QApplication.processEvents()
    view.grab()
    assert view.model.rowCount() == 401 * 128 + 129 * 10
    assert 0 < len(set(looked_up)) < 100


def test_keys_of_the_table_come_before_the_windows(
    qtbot: QtBot, view: ParametersView, trainer: Trainer
) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    taken = []
    for key in (KEYS.Key_Right, KEYS.Key_Home, KEYS.Key_Space):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(table(view), event)
        taken.append(event.isAccepted())
    assert taken == [True, True, False]


@pytest.mark.usefixtures("dressed")
def test_theme_and_language(view: ParametersView, trainer: Trainer, dress: Callable[[Theme], None]) -> None:
    view.show_frame(make_frame(trainer, trainer.step()))
    light = view.grab().toImage().pixelColor(400, 48).lightness()
    dress(DARK)
    assert view.grab().toImage().pixelColor(400, 48).lightness() < 60 < light
    QApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    assert view.model.rowCount() == 26
