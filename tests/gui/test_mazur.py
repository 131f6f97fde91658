"""Mazur's worked example in the window: typed in by hand, or as a preset; stepped; every number read off.

M. Mazur, "A step by step backpropagation example" (2015): a 2-2-2 network of sigmoids, the loss
1/2 sum (a - t)^2, learning rate 0.5, biases held. The numbers are his, with his digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableView,
    QTableWidget,
)
from pytestqt.qtbot import QtBot

from engine.parts import Part
from engine.phases import PhaseKind
from gui.panels.rows_editor import RowsEditor
from gui.training.messages import Granularity, Status
from gui.views.chain_rule import ChainRuleView
from gui.views.chain_rule.cards import FactorCards
from gui.views.parameters import ParametersView
from gui.views.parameters.moment import Column
from gui.widgets.fields import ComboBox
from gui.widgets.number_box import NumberBox
from gui.widgets.table import Table
from tests.gui.driver import Driver

LEFT = Qt.MouseButton.LeftButton

# As he writes them: w1 to w8, b1 and b2, each at its place: (layer, from, to) and (layer, unit)
WEIGHTS = {
    (1, 0, 0): "0.15",
    (1, 1, 0): "0.20",
    (1, 0, 1): "0.25",
    (1, 1, 1): "0.30",
    (2, 0, 0): "0.40",
    (2, 1, 0): "0.45",
    (2, 0, 1): "0.50",
    (2, 1, 1): "0.55",
}
BIASES = {(1, 0): "0.35", (1, 1): "0.35", (2, 0): "0.60", (2, 1): "0.60"}
NEW_WEIGHTS = {
    (1, 0, 0): 0.149780716,
    (1, 1, 0): 0.19956143,
    (1, 0, 1): 0.24975114,
    (1, 1, 1): 0.29950229,
    (2, 0, 0): 0.35891648,
    (2, 1, 0): 0.408666186,
    (2, 0, 1): 0.511301270,
    (2, 1, 1): 0.561370121,
}


def digits(value: float) -> Any:
    """A number of his, which has nine decimals at most, the last rounded or cut off."""
    return pytest.approx(value, rel=0, abs=1e-9 if len(repr(value)) > 10 else 1e-8)


class Window(Driver):
    """A main window, used by mouse and keys."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, size=(1500, 1000))
        self.inspector = self.child(ChainRuleView, "chainRuleView")
        self.parameters = self.child(ParametersView, "parametersView")
        self.rows = self.child(RowsEditor, "rowsEditor")

    def settle(self) -> None:
        """Wait until the window shows what was last asked for."""
        self.wait(lambda: self.frame.generation == self.main.document.generation)
        self.wait(lambda: self.frame.experiment == self.main.document.experiment)

    # -- typing ------------------------------------------------------------------------------------

    def type_cell(self, view: QAbstractItemView, place: QPoint, text: str, clicks: int) -> None:
        """Open a cell with a single or a double click, type, and press Return."""
        qtbot, viewport = self.qtbot, view.viewport()
        qtbot.mouseClick(viewport, LEFT, pos=place)
        if clicks == 2:
            qtbot.mouseDClick(viewport, LEFT, pos=place)
        fields = [field for field in viewport.findChildren(QLineEdit) if field.isVisible()]
        assert len(fields) == 1
        fields[0].selectAll()
        qtbot.keyClicks(fields[0], text)
        qtbot.keyClick(fields[0], Qt.Key.Key_Return)
        self.wait(lambda: view.state() is QAbstractItemView.State.NoState)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def type_row(self, *texts: str) -> None:
        """Type the only row of the data, of two inputs and two outputs."""
        self.child(QAction, "editRowsAction").trigger()
        self.wait(self.rows.isVisible)
        table = self.rows.findChild(QTableWidget, "rowsTable")
        remove = self.rows.findChild(QPushButton, "rowsRemove")
        assert table is not None and remove is not None
        for name in ("rowsInputs", "rowsOutputs"):
            box = self.rows.findChild(QSpinBox, name)
            assert box is not None
            box.setValue(2)
        while table.rowCount() > 1:
            table.selectRow(1)
            self.qtbot.mouseClick(remove, LEFT)
        for column, text in enumerate(texts):
            item = table.item(0, column)
            assert item is not None
            table.setCurrentCell(-1, -1)
            self.type_cell(table, table.visualItemRect(item).center(), text, 1)
        self.rows.close()
        self.settle()

    def type_number(self, name: str, text: str) -> None:
        """Type into a field of the setup panel."""
        field = self.child(NumberBox, name).lineEdit()
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)
        self.settle()

    def choose(self, name: str, text: str) -> None:
        """Choose in a list of the setup panel."""
        combo = self.main.setup_panel.findChild(ComboBox, name)
        assert combo is not None
        index = combo.findText(text)
        assert index >= 0, [combo.itemText(i) for i in range(combo.count())]
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        self.settle()

    def type_parameter(self, selection: Part, text: str) -> None:
        """Double-click a parameter in the table of parameters and type its value."""
        table = self.child(QTableView, "parametersTable")
        row = self.parameters.model.row_of(selection)
        assert row is not None
        index = self.parameters.model.index(row, Column.VALUE)
        table.scrollTo(index)
        self.type_cell(table, table.visualRect(index).center(), text, 2)
        self.wait(lambda: self.frame.parameter(selection) == float(text))

    def hold(self, selection: Part) -> None:
        """Tick a parameter to be held."""
        table = self.child(QTableView, "parametersTable")
        row = self.parameters.model.row_of(selection)
        assert row is not None
        table.setCurrentIndex(self.parameters.model.index(row, Column.FROZEN))
        self.qtbot.keyClick(table, Qt.Key.Key_Space)
        self.wait(lambda: self.frame.is_frozen(selection))

    # -- reading off -------------------------------------------------------------------------------

    def select(self, selection: Part) -> None:
        """Select in the graph."""
        self.main.focus.select(selection)

    def step_to(self, kind: PhaseKind, layer: int) -> None:
        frame = self.press("stepAction")
        assert frame.phase is not None and (frame.phase.kind, frame.phase.layer) == (kind, layer)

    def run_to(self, step: int) -> None:
        """Run at full speed to `step` or somewhat further, and pause."""
        slider = self.child(QSlider, "speedSlider")
        slider.setValue(slider.maximum())
        self.press("runAction", lambda frame: frame.step > step)
        self.press("runAction", lambda frame: frame.status is Status.PAUSED)

    def seek(self, step: int) -> None:
        self.child(QSlider, "timelineSlider").setValue(step)
        self.wait(lambda: self.frame.step == step)

    def error_after(self, steps: int) -> float | None:
        """The loss after so many steps: it is what the forward pass of the next one gives."""
        self.seek(steps + 1)
        return self.inspector.headline.value

    def table(self, name: str) -> list[list[float | None]]:
        return self.child(Table, name).values

    def state(self, layer: int, unit: int) -> list[float | None]:
        """z, a and delta of a unit."""
        self.select(Part("unit", layer, unit))
        return [card.value for card in self.child(FactorCards, "chainRuleState").cards]

    def factors(self, layer: int, source: int, unit: int) -> list[float | None]:
        """The factors of a weight's gradient, and the gradient."""
        self.select(Part("weight", layer, unit, source))
        return [*(card.value for card in self.inspector.cards), self.inspector.headline.value]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    combo = window.child(QComboBox, "granularityCombo")
    combo.setCurrentIndex(combo.findData(Granularity.LAYER))
    yield window
    window.close()


def read_his_article_off(window: Window) -> None:
    """Step through the first step, then to the 10,000th, and read every number of the article off."""
    # The forward pass
    window.step_to(PhaseKind.FORWARD, 1)
    assert window.state(1, 0)[:2] == [digits(0.3775), digits(0.593269992)]
    assert window.state(1, 1)[1] == digits(0.596884378)
    window.step_to(PhaseKind.FORWARD, 2)
    assert window.state(2, 0)[:2] == [digits(1.105905967), digits(0.75136507)]
    assert window.state(2, 1)[1] == digits(0.772928465)

    # The total error
    window.step_to(PhaseKind.LOSS, 0)
    window.select(Part("loss"))
    assert window.inspector.headline.value == digits(0.298371109)
    outputs = window.table("chainRuleUnits")
    assert [row[1] for row in outputs] == [digits(0.75136507), digits(0.772928465)]
    assert [row[2] for row in outputs] == [0.01, 0.99]
    parts = [row[-1] for row in window.table("chainRuleOutputLosses")]
    assert parts == [digits(0.274811083), digits(0.023560026), digits(0.298371109)]

    # The backwards pass: the output layer
    window.step_to(PhaseKind.BACKWARD, 2)
    assert window.factors(2, 0, 0) == [
        digits(0.74136507),
        digits(0.186815602),
        digits(0.593269992),
        digits(0.082167041),
    ]
    assert window.state(2, 0)[2] == digits(0.138498562)

    # The hidden layer
    window.step_to(PhaseKind.BACKWARD, 1)
    assert window.factors(1, 0, 0) == [
        digits(0.036350306),
        digits(0.241300709),
        0.05,
        digits(0.000438568),
    ]
    terms = window.table("chainRuleTerms")
    assert terms[0][1:] == [0.40, digits(0.138498562), digits(0.055399425)]
    assert [row[-1] for row in terms] == [digits(0.055399425), digits(-0.019049119), digits(0.036350306)]

    # The update, of all weights at once
    window.step_to(PhaseKind.UPDATE, 0)
    for (layer, source, unit), value in NEW_WEIGHTS.items():
        window.select(Part("weight", layer, unit, source))
        assert window.table("chainRuleUpdate")[-1][-1] == digits(value)
    for (layer, unit), text in BIASES.items():
        window.select(Part("bias", layer, unit))
        assert window.table("chainRuleUpdate")[-1][-1] == float(text)

    # The error after the first update and after 10,000, as gradient descent gives them
    window.select(Part("loss"))
    window.run_to(10_001)
    assert window.error_after(1) == pytest.approx(0.2910277737, abs=1e-10)
    assert window.error_after(10_000) == pytest.approx(0.00003510188, abs=1e-11)

    # What he prints is the output of his program, which takes the hidden delta back through weights that
    # are updated already, unlike the calculation in his text: 0.291027924, and in the end 0.000035085
    window.seek(0)
    window.choose("update_order", "output first")
    window.run_to(10_001)
    assert window.error_after(1) == digits(0.291027924)
    assert window.error_after(10_000) == pytest.approx(0.000035085, abs=5e-10)
    outputs = window.table("chainRuleUnits")
    assert [row[1] for row in outputs] == [digits(0.015912196), digits(0.984065734)]


def test_his_example_typed_in_by_hand(window: Window) -> None:
    window.type_row("0.05", "0.10", "0.01", "0.99")
    assert window.frame.dataset.inputs.tolist() == [[0.05, 0.10]]
    assert window.frame.dataset.targets.tolist() == [[0.01, 0.99]]

    while len(window.frame.experiment.layers) > 2:
        window.qtbot.mouseClick(window.child(QPushButton, "layers[0].remove"), LEFT)
        window.settle()
    window.type_number("layers[0].units", "2")
    for layer in range(2):
        window.choose(f"layers[{layer}].activation", "sigmoid")
    window.choose("loss", "squared error ½Σ")
    window.choose("optimizer", "SGD")
    window.type_number("learning_rate", "0.5")
    assert window.frame.record.sizes == (2, 2, 2)

    window.main.tabs.setCurrentWidget(window.parameters)
    for (layer, source, unit), text in WEIGHTS.items():
        window.type_parameter(Part("weight", layer, unit, source), text)
    for (layer, unit), text in BIASES.items():
        window.type_parameter(Part("bias", layer, unit), text)
        window.hold(Part("bias", layer, unit))
    read_his_article_off(window)


def test_his_example_as_a_preset(window: Window) -> None:
    window.child(QAction, "mazurExampleAction").trigger()
    window.settle()
    for (layer, source, unit), text in WEIGHTS.items():
        assert window.frame.parameter(Part("weight", layer, unit, source)) == float(text)
    for (layer, unit), text in BIASES.items():
        assert window.frame.parameter(Part("bias", layer, unit)) == float(text)
        assert window.frame.is_frozen(Part("bias", layer, unit))
    read_his_article_off(window)


def test_a_preset_begins_anew_with_its_own_parameters(window: Window) -> None:
    window.child(QAction, "mazurExampleAction").trigger()
    window.settle()
    for _ in range(6):
        window.press("stepAction")
    assert window.frame.step == 1
    frame = window.press("resetAction")
    assert frame.step == 0
    assert frame.parameter(Part("weight", 1, 0, 0)) == 0.15
    assert frame.is_frozen(Part("bias", 2, 1))
    window.press("undoAction", lambda frame: frame.record.sizes == (4, 3, 2))
    frame = window.press("redoAction", lambda frame: frame.record.sizes == (2, 2, 2))
    assert frame.parameter(Part("weight", 1, 0, 0)) == 0.15


def test_a_changed_row_is_computed_at_once_with_the_same_parameters(window: Window) -> None:
    window.child(QAction, "mazurExampleAction").trigger()
    window.settle()
    weights = window.frame.record.weights_before
    window.type_row("0.05", "0.10", "0.01", "1/4")
    assert window.frame.record.targets.tolist() == [[0.01, 0.25]]
    assert [w.tolist() for w in window.frame.record.weights_before] == [w.tolist() for w in weights]
    assert [layer.activation.name for layer in window.frame.experiment.layers] == ["sigmoid", "sigmoid"]
    assert window.frame.is_frozen(Part("bias", 1, 0))
    outputs = window.frame.record.a[2][0]
    expected = 0.5 * ((outputs[0] - 0.01) ** 2 + (outputs[1] - 0.25) ** 2)
    assert window.frame.record.data_loss == pytest.approx(expected, rel=1e-14)
