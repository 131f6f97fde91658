"""The bug clinic, played: a fault is planted, pointed at, named and told, and never mistaken for training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer
from engine.mistakes.clinic import LEVELS, level
from engine.parts import Part
from gui.files.clinic import ClinicDesk
from gui.style.theme import DARK
from gui.training.tasks import Tasks
from gui.views.check_numbers.numbers_table import Number
from gui.views.clinic import ClinicView
from tests.gui.files.test_own_numbers import frame_of

LEFT = Qt.MouseButton.LeftButton


class Clinic:
    """The clinic over an empty window, with its thread."""

    def __init__(self, qtbot: QtBot, seed: int = 3) -> None:
        self.bot = qtbot
        self.view = ClinicView()
        qtbot.addWidget(self.view)
        self.tasks = Tasks()
        self.desk = ClinicDesk(self.view, self.tasks)
        self.desk.seed = seed
        self.frame = frame_of()
        self.view.show_frame(self.frame)
        self.tasks.start()
        self.give(self.view.show)

    def give(self, act: Callable[[], object]) -> None:
        with self.bot.waitSignal(self.tasks.ended, timeout=60_000):
            act()

    def press(self, name: str) -> None:
        button = self.view.findChild(QPushButton, name)
        assert button.isEnabled(), name
        self.bot.mouseClick(button, LEFT)

    def choose(self, name: str) -> None:
        planted = self.view.planted
        assert planted is not None
        place = planted.choices.index(name)
        self.view.findChild(QRadioButton, f"clinicChoice{place}").click()


@pytest.fixture
def clinic(qtbot: QtBot) -> Iterator[Clinic]:
    clinic = Clinic(qtbot)
    yield clinic
    clinic.view.close()
    clinic.tasks.shut_down()


def rows_of(view: ClinicView) -> list[list[Any]]:
    model = view.table.numbers
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def test_a_round_is_played_and_won(clinic: Clinic) -> None:
    view, planted = clinic.view, clinic.view.planted
    assert planted is not None and view.is_sealed
    assert not view.findChild(QPushButton, "clinicCommit").isEnabled()
    first = planted.verdict.first_wrong
    assert first is not None
    worst = planted.verdict[first].worst
    assert worst is not None
    view.table.choose(Number(first, worst))
    clinic.press("clinicPoint")
    clinic.choose(planted.name)
    clinic.press("clinicCommit")
    assert not view.is_sealed
    assert f"✓ {first} is the first wrong quantity" in view.said and "named rightly" in view.said
    assert "2 of 2 points. Rounds: 1" in view.score
    assert view.network.canvas.graph.rings is not None
    clinic.desk.seed = 4
    clinic.give(lambda: clinic.press("clinicNext"))
    assert view.is_sealed and view.planted is not planted
    assert "2 of 2 points" in view.score, "the score goes on"


def test_a_wrong_answer_is_told_what_it_was(clinic: Clinic) -> None:
    view, planted = clinic.view, clinic.view.planted
    assert planted is not None
    right = next(q for q in planted.verdict.quantities if q.agrees)
    view.table.choose(Number(right.name, (0,) * right.given.ndim))
    clinic.press("clinicPoint")
    clinic.choose(next(name for name in planted.choices if name != planted.name))
    clinic.press("clinicCommit")
    assert f"✗ The first wrong quantity is {planted.verdict.first_wrong}" in view.said
    assert "It is another mistake" in view.said and "0 of 2 points" in view.score


def test_nothing_is_told_before_one_commits(clinic: Clinic) -> None:
    view, planted = clinic.view, clinic.view.planted
    assert planted is not None
    rows = rows_of(view)
    assert {row[2] for row in rows if row[0].startswith("  ")} == {"?"}
    assert {row[3] for row in rows} == {""} and not any("✗" in str(cell) for row in rows for cell in row)
    assert view.network.canvas.graph.rings is None and not view.said
    first = planted.verdict.first_wrong
    assert first is not None and planted.verdict[first].worst is not None
    view.table.choose(Number(first, planted.verdict[first].worst))  # type: ignore[arg-type]
    colours = {
        view.table.numbers.index(row, 1).data(Qt.ItemDataRole.ForegroundRole).name()
        for row in range(view.table.numbers.rowCount())
    }
    assert len(colours) == 1, "colour tells nothing either"
    assert view.network.findChild(QPushButton, "checkGradientsButton") is None
    menu = view.network.menu(Part("weight", 1, 0, 0))
    assert not [action for action in menu.actions() if "Check" in action.text() or "Edit" in action.text()]


def test_what_the_code_claims_goes_into_a_number_is_shown_without_its_sum(clinic: Clinic) -> None:
    view, planted = clinic.view, clinic.view.planted
    assert planted is not None
    view.table.choose(Number("dW2", (1, 0)))
    values = view._claims.values
    assert len(values) == planted.case.B
    np.testing.assert_allclose([row[1] for row in values], planted.values["a1"][:, 1])
    np.testing.assert_allclose([row[2] for row in values], planted.values["delta2"][:, 0])
    for number in (
        Number("db1", (0,)),
        Number("delta1", (2, 1)),
        Number("delta3", (0, 0)),
        Number("z1", (0, 0)),
    ):
        view.table.choose(number)
        assert view._claims.values, number
    for number in (Number("a2", (0, 0)), Number("loss", ()), Number("W1", (0, 0)), Number("b2", (1,))):
        view.table.choose(number)
        assert view._claims.values, number


def test_another_step_has_other_numbers_and_the_same_mistake(clinic: Clinic) -> None:
    planted = clinic.view.planted
    assert planted is not None
    clinic.give(lambda: clinic.press("clinicStep"))
    again = clinic.view.planted
    assert again is not None and again.name == planted.name and again.choices == planted.choices
    np.testing.assert_allclose(again.case.W[1], planted.values["W1"])


def test_the_faulty_steps_are_counted_on_and_said_once(clinic: Clinic) -> None:
    for step in (21, 22, 23):
        assert clinic.view._frame is not None and clinic.view._frame.record.step == step
        assert clinic.view._legend._note.endswith(f"in step {step}.")
        clinic.give(lambda: clinic.press("clinicStep"))
    clinic.give(lambda: clinic.press("clinicNew"))
    assert clinic.view._legend._note.endswith("in step 21.")


@pytest.mark.usefixtures("dressed")
def test_the_table_has_room_for_all_of_its_columns(clinic: Clinic) -> None:
    clinic.view.resize(1280, 720)
    clinic.bot.waitUntil(lambda: clinic.view.table.viewport().width() > 300)
    assert clinic.view.table.horizontalScrollBar().maximum() == 0


def test_a_fault_is_drawn_by_level_or_chosen(clinic: Clinic) -> None:
    view = clinic.view
    for number in LEVELS:
        view._level.setCurrentIndex(view._level.findData(number))
        view._level.activated.emit(view._level.currentIndex())
        names = [view._fault.itemData(i) for i in range(1, view._fault.count())]
        assert names and {level(name) for name in names} == {number}
        clinic.give(lambda: clinic.press("clinicNew"))
        assert view.planted is not None and level(view.planted.name) == number
    view._level.setCurrentIndex(0)
    view._level.activated.emit(0)
    view._fault.setCurrentIndex(view._fault.findData("error_sign"))
    clinic.give(lambda: clinic.press("clinicNew"))
    assert view.planted is not None and view.planted.name == "error_sign"


def test_a_fault_that_does_not_show_is_refused_in_words(clinic: Clinic) -> None:
    clinic.give(lambda: clinic.view.fault_wanted.emit(None, "l2_missing"))
    assert "No mistake of this kind shows" in clinic.view.message.text


def test_it_is_never_mistaken_for_training(clinic: Clinic) -> None:
    view = clinic.view
    assert "Bug clinic" in view.windowTitle()
    assert "not your training" in view._banner.text()
    assert clinic.frame.record.step == 21 and view._frame is not clinic.frame
    image = view.grab().toImage()
    bad = [image.pixelColor(x, 1).name() for x in range(0, image.width(), 3)]
    assert bad.count("#b42318") > 100, "a frame all around"
    view.set_theme(DARK)
    view.grab()


def test_a_part_of_the_graph_is_pointed_at(clinic: Clinic) -> None:
    clinic.view.focus.select(Part("bias", 2, 1))
    assert clinic.view._number == Number("db2", (1,))
    clinic.view.focus.select(Part("weight", 1, 2, 0))
    assert clinic.view._number == Number("dW1", (0, 2))


def test_it_works_in_a_network_of_classes(qtbot: QtBot) -> None:
    clinic = Clinic(qtbot)
    try:
        net = Experiment((Layer(5, "relu"), Layer(3, "sigmoid")), "squared_error", "adam", learning_rate=0.02)
        clinic.view.show_frame(frame_of(net))
        clinic.give(lambda: clinic.press("clinicNew"))
        assert clinic.view.planted is not None and clinic.view.planted.case.L == 2
    finally:
        clinic.view.close()
        clinic.tasks.shut_down()
