"""Pause when…: conditions are added, changed, switched and removed as a person does it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer
from engine.data.builtin import builtin
from engine.parts import Part
from engine.records import Scalars
from engine.training.conditions import (
    CONDITIONS,
    BiasCrosses,
    Breakpoint,
    GradientBelow,
    LossBelow,
    StepReached,
    UnitDead,
    UnitSaturated,
    ValidationStalled,
    WeightCrosses,
)
from engine.training.watcher import Hit
from gui.document.focus import Focus
from gui.panels.breakpoints import BreakpointsPanel, condition_text, hit_text
from gui.style.theme import DARK
from gui.training.messages import Frame, Status
from gui.widgets.number_box import NumberBox
from tests.gui.language import quoted, spoken


def a_frame(validation: float = 0.2) -> Frame:
    layers = (Layer(5, "tanh"), Layer(4, "relu"), Layer(3, "softmax"))
    experiment = Experiment(layers, "cross_entropy", batch_size=10, validation=validation)
    trainer = Trainer(experiment, builtin("iris"))
    return Frame(1, trainer.dataset, trainer.step(), None, Scalars.empty(3), False, Status.PAUSED)


class Panel:
    """The panel in a window where Space does something else."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QMainWindow()
        self.panel = BreakpointsPanel(Focus())
        self.window.setCentralWidget(self.panel)
        self.spaces: list[bool] = []
        action = QAction(self.window)
        action.setShortcut(QKeySequence(Qt.Key.Key_Space))
        action.triggered.connect(self.spaces.append)
        self.window.addAction(action)
        self.told: list[tuple[Breakpoint, ...]] = []
        self.panel.conditions_changed.connect(self.told.append)
        self.panel.show_frame(a_frame())
        qtbot.addWidget(self.window)
        self.window.resize(420, 700)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def pick(self, name: str) -> None:
        combo = self.panel.add_combo
        index = 1 + [*CONDITIONS].index(name)
        combo.setCurrentIndex(index)
        combo.activated.emit(index)

    def box(self, index: int, parameter: str) -> NumberBox:
        found = self.panel.findChild(NumberBox, f"condition{index}.{parameter}")
        assert isinstance(found, NumberBox)
        return found

    def type(self, index: int, parameter: str, text: str) -> None:
        box = self.box(index, parameter)
        box.setFocus()
        box.selectAll()
        self.qtbot.keyClicks(box, text)
        self.qtbot.keyClick(box, Qt.Key.Key_Return)

    def button(self, name: str) -> QAbstractButton:
        found = self.panel.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton)
        return found

    def says(self, text: str) -> bool:
        labels = self.panel.findChildren(QLabel)
        return any(text in label.text() and label.isVisible() for label in labels)


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    return Panel(qtbot)


def test_empty_says_what_it_is_for(panel: Panel) -> None:
    assert panel.panel.breakpoints == ()
    assert panel.says("Add a condition")
    panel.pick("loss_below")
    assert not panel.says("Add a condition")


@pytest.mark.parametrize("name", [*CONDITIONS])
def test_every_condition_can_be_added_changed_and_removed(panel: Panel, name: str) -> None:
    panel.pick(name)
    default = CONDITIONS[name]()
    assert panel.told == [(Breakpoint(default),)]
    assert panel.panel.add_combo.currentIndex() == 0
    parameter = default.parameters()[-1]
    panel.type(0, parameter.name, "3")
    (breakpoint,) = panel.told[-1]
    shift = 1 if parameter.name in ("unit", "source") else 0
    assert getattr(breakpoint.condition, parameter.name) == 3 - shift
    assert type(breakpoint.condition) is CONDITIONS[name]
    panel.qtbot.mouseClick(panel.button("condition0.remove"), Qt.MouseButton.LeftButton)
    assert panel.told[-1] == panel.panel.breakpoints == ()


def test_the_number_can_be_typed_at_once(panel: Panel) -> None:
    panel.pick("step_reached")
    box = panel.box(0, "step")
    panel.qtbot.waitUntil(box.hasFocus)
    panel.qtbot.keyClicks(box, "250")
    panel.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert panel.told[-1] == (Breakpoint(StepReached(250)),)


def test_switched_off_and_on_by_mouse_and_key(panel: Panel) -> None:
    panel.panel.set_breakpoints((Breakpoint(LossBelow(0.5)), Breakpoint(UnitDead(), False)))
    assert panel.told == []
    box = panel.button("condition0.on")
    panel.qtbot.mouseClick(
        box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().center() * 0.9
    )
    assert [each.on for each in panel.told[-1]] == [False, False]
    other = panel.button("condition1.on")
    other.setFocus()
    panel.qtbot.keyClick(other, Qt.Key.Key_Space)
    assert [each.on for each in panel.told[-1]] == [False, True]
    assert panel.spaces == []


@pytest.mark.parametrize(
    ("condition", "parameter", "typed", "says"),
    [
        (UnitDead(), "steps", "0", "at least 1"),
        (UnitDead(), "steps", "2.5", "a whole number"),
        (GradientBelow(), "value", "-1", "at least 0"),
        (LossBelow(), "value", "1e", "a number"),
        (WeightCrosses(), "unit", "0", "at least 0"),
    ],
)
def test_what_cannot_be_is_explained(
    panel: Panel, condition: UnitDead, parameter: str, typed: str, says: str
) -> None:
    panel.panel.set_breakpoints((Breakpoint(condition),))
    panel.type(0, parameter, typed)
    assert panel.told == []
    assert panel.says(says)
    panel.type(0, parameter, "2")
    assert not panel.says(says)
    assert len(panel.told) == 1


def test_units_are_counted_from_1(panel: Panel) -> None:
    panel.panel.set_breakpoints((Breakpoint(WeightCrosses(2, 3, 0, 0.5)),))
    assert (panel.box(0, "source").value, panel.box(0, "unit").value) == (4, 1)
    assert panel.box(0, "layer").value == 2


@pytest.mark.parametrize(
    ("selection", "name", "expected"),
    [
        (Part("weight", 2, 3, 1), "weight_crosses", WeightCrosses(2, 1, 3)),
        (Part("bias", 2, 3), "bias_crosses", BiasCrosses(2, 3)),
        (Part("unit", 3, 2), "gradient_below", GradientBelow(3)),
        (Part("layer", 2), "gradient_below", GradientBelow(2)),
        (Part("bias", 2, 3), "weight_crosses", WeightCrosses()),
        (Part("unit", 0, 1), "bias_crosses", BiasCrosses()),
        (Part("loss"), "gradient_below", GradientBelow()),
        (None, "weight_crosses", WeightCrosses()),
    ],
)
def test_the_selected_part_is_the_place(
    panel: Panel, selection: Part | None, name: str, expected: WeightCrosses
) -> None:
    panel.panel.focus.select(selection)
    panel.pick(name)
    assert panel.told == [(Breakpoint(expected),)]


def test_a_place_that_is_not_there_is_said(panel: Panel) -> None:
    panel.panel.set_breakpoints((Breakpoint(GradientBelow(4)),))
    assert panel.says("no such place")
    panel.type(0, "layer", "3")
    assert not panel.says("no such place")


def test_nothing_held_out_is_said(panel: Panel, qtbot: QtBot) -> None:
    panel.panel.set_breakpoints((Breakpoint(ValidationStalled()),))
    assert not panel.says("held out")
    other = BreakpointsPanel(Focus())
    qtbot.addWidget(other)
    other.set_breakpoints((Breakpoint(ValidationStalled()),))
    other.show_frame(a_frame(validation=0.0))
    labels = [label.text() for label in other.findChildren(QLabel) if not label.isHidden()]
    assert any("held out" in text for text in labels)


def test_the_one_that_fired_is_shown_and_takes_one_there(panel: Panel) -> None:
    fired = UnitSaturated(0.01, 5)
    panel.panel.set_breakpoints((Breakpoint(LossBelow()), Breakpoint(fired)))
    panel.panel.show_hit(Hit(1204, fired, Part("unit", 2, 1), 0.004))
    hit = panel.button("condition1.hit")
    assert "Hidden 2 · unit 2" in hit.text() and "0.004" in hit.text()
    assert not panel.button("condition0.hit").isVisible()
    with panel.qtbot.waitSignal(panel.panel.focus.part_changed) as told:
        panel.qtbot.mouseClick(hit, Qt.MouseButton.LeftButton)
    assert told.args == [Part("unit", 2, 1)]
    panel.panel.show_hit(None)
    assert not hit.isVisible()


def test_every_widget_has_a_name(panel: Panel) -> None:
    panel.panel.set_breakpoints(tuple(Breakpoint(rule()) for rule in CONDITIONS.values()))
    panel.panel.set_theme(DARK)
    interactive = [
        *panel.panel.findChildren(QAbstractButton),
        *panel.panel.findChildren(NumberBox),
        *panel.panel.findChildren(QCheckBox),
    ]
    named = [widget for widget in interactive if widget.isVisible()]
    assert len(named) > 3 * len(CONDITIONS)
    assert all(widget.objectName() and widget.accessibleName() for widget in named)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (LossBelow(0.05), "loss < 0.05"),
        (GradientBelow(2, 1e-4), "‖∂L/∂W⁽²⁾‖ < 0.0001"),
        (WeightCrosses(2, 2, 0), "w⁽²⁾₃₁ changes sign"),
        (BiasCrosses(1, 1, -0.5), "b⁽¹⁾₂ crosses −0.5"),
        (StepReached(12_000), "step 12\u202f000"),
    ],
)
def test_conditions_in_words(condition: LossBelow, text: str) -> None:
    assert condition_text(condition) == text


def test_all_conditions_have_words() -> None:
    assert all(condition_text(rule()) for rule in CONDITIONS.values())


def test_a_hit_in_words() -> None:
    frame = a_frame()
    hit = Hit(1204, LossBelow(0.1), Part("loss"), 0.0998)
    assert hit_text(hit, frame) == "Step 1\u202f204: 0.0998"
    assert hit_text(Hit(10, StepReached(10), Part("loss"), 10.0), frame) == "Step 10"


def test_another_language_changes_every_text(panel: Panel) -> None:
    panel.panel.set_breakpoints((Breakpoint(UnitSaturated()), Breakpoint(GradientBelow(9))))
    with spoken(quoted):
        texts = [label.text() for label in panel.panel.findChildren(QLabel) if label.text()]
        texts += [button.text() for button in panel.panel.findChildren(QCheckBox)]
        assert len(texts) >= 7
        assert all(text.startswith("«") for text in texts)
        combo = panel.panel.add_combo
        assert all(combo.itemText(index).startswith("«") for index in range(combo.count()))
