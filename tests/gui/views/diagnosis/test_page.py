"""The page behind the strip: every finding with its evidence and its place, and cures that can be tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Finding, Layer, Trainer, diagnose
from engine.errors import UnexpectedError
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.theme import DARK, LIGHT
from gui.text.numbers import grouped, short
from gui.training.aside import Question
from gui.training.examiner import Verdict
from gui.training.messages import Status
from gui.views.diagnosis.page import MARGIN, DiagnosisPage
from gui.views.diagnosis.plot import Plot
from gui.widgets.table import Table
from tests.gui.views.diagnosis.test_strip import frame_of, twins


class Aside:
    """Does what it is asked when the test says so."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.questions: list[Question] = []

    def answer(self) -> None:
        question = self.questions.pop()
        result = question.work(self.trainer.copy(), lambda: question.cancelled)
        if not question.cancelled:
            question.then(result)


class Page:
    def __init__(self, qtbot: QtBot, trainer: Trainer) -> None:
        self.qtbot, self.trainer, self.aside = qtbot, trainer, Aside(trainer)
        self.view = DiagnosisPage(Focus())
        self.view.question_asked.connect(self.aside.questions.append)
        qtbot.addWidget(self.view)
        self.view.resize(700, 260)
        self.view.show()
        self.findings = tuple(diagnose(trainer))
        self.view.show_frame(frame_of(trainer))
        self.view.show_verdict(Verdict(1, trainer.completed, self.findings))

    def button(self, name: str) -> QAbstractButton:
        found = self.view.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton)
        return found

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def text(self, name: str) -> str:
        label = self.view.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text() if label.isVisibleTo(self.view) else ""

    @property
    def plot(self) -> Plot:
        found = self.view.findChild(Plot, "trialPlot")
        assert isinstance(found, Plot)
        return found


@pytest.fixture(scope="module")
def sick() -> Trainer:
    return twins()


@pytest.fixture
def page(qtbot: QtBot, sick: Trainer) -> Page:
    return Page(qtbot, sick)


def test_a_finding_with_its_evidence(page: Page) -> None:
    assert page.text("findingSentence").startswith("4 of the 4 units of Hidden 1 begin with the same")
    assert "Draw the parameters at random, with a Xavier or He initializer." in page.text("findingAdvice")
    tried = page.findings[0].tried
    assert tried is not None
    assert f"fell to {short(tried.after, 3)} of that" in page.text("findingAdvice")
    table = page.view.findChild(Table, "findingEvidence")
    assert table is not None
    assert table.texts == [["units that are alike", "4"], ["units of the layer", "4"]]
    listed = page.view.findChild(QListWidget, "findingsList")
    assert listed is not None
    assert listed.item(0).text() == "Units that are alike\nroot, since step 0"


@pytest.mark.usefixtures("dressed")
def test_the_list_has_as_much_room_on_its_right_as_on_its_left(page: Page) -> None:
    found = page.view.findChild(QListWidget, "findingsList")
    assert found is not None
    assert page.view.width() - found.geometry().right() - 1 == found.geometry().left() == MARGIN


def test_where_it_is_and_where_it_began(page: Page, qtbot: QtBot) -> None:
    assert page.button("goToBeginningButton").text() == "Go to step 0"
    with qtbot.waitSignal(page.view.seek_requested) as told:
        page.press("goToBeginningButton")
    assert told.args == [0]
    with qtbot.waitSignal(page.view.focus.part_changed) as told:
        page.press("showFindingButton")
    assert told.args == [Part("layer", 1)]


def test_the_lesson_of_its_cause(page: Page) -> None:
    assert page.text("findingLesson") == ""
    page.press("explainFindingButton")
    text = page.text("findingLesson")
    assert "however many there are, they count as one" in text
    assert "How it is told: Units of a layer begin with equal weights" in text
    assert "What to do: Draw the parameters at random" in text


def test_the_cure_is_tried_and_both_curves_are_shown(page: Page, sick: Trainer) -> None:
    page.press("tryCureButton")
    assert page.text("trialResult") == "A copy is being trained…"
    assert not page.button("tryCureButton").isEnabled()
    page.aside.answer()
    before, after = page.plot.curves
    np.testing.assert_array_equal(before.y, sick.scalars.loss)
    cure = page.findings[0].cure
    assert cure is not None
    cured = Trainer(cure, sick.dataset)
    cured.run(sick.completed)
    np.testing.assert_array_equal(after.y, cured.scalars.loss)
    text = page.text("trialResult")
    assert "with the cure after step 300" in text
    assert "75.0\N{NO-BREAK SPACE}%, then 100.0\N{NO-BREAK SPACE}%" in text


def test_the_cure_is_taken(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.view.cure_taken) as told:
        page.press("takeCureButton")
    assert told.args == [page.findings[0]]


def test_a_trial_that_is_cancelled_says_nothing(page: Page) -> None:
    page.press("tryCureButton")
    question = page.aside.questions[-1]
    page.press("cancelTrialButton")
    assert question.cancelled
    assert page.text("trialResult") == ""
    assert page.button("tryCureButton").isEnabled()


@pytest.mark.parametrize("end", [lambda page: page.view.forget(), lambda page: page.view.show_verdict(None)])
def test_a_trial_about_what_is_not_shown_any_more_is_dropped(page: Page, end: Callable[[Page], None]) -> None:
    page.press("tryCureButton")
    question = page.aside.questions[-1]
    end(page)
    assert question.cancelled
    assert page.text("trialResult") == ""


def test_a_trial_that_fails_says_why(page: Page) -> None:
    page.press("tryCureButton")
    page.aside.questions.pop().otherwise(UnexpectedError("no_memory"))
    assert page.text("trialResult").startswith("There is not enough memory for this.")
    assert page.button("tryCureButton").isEnabled()


def test_ten_rows_by_heart(page: Page, sick: Trainer) -> None:
    page.press("overfitButton")
    page.aside.answer()
    text = page.text("trialResult")
    assert text.startswith(f"No: after {grouped(2000)} steps it has not learned even 4 rows, loss ")
    assert [curve.name for curve in page.plot.curves] == ["these rows alone"]


def test_a_sound_network_learns_ten_rows(qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(40, 2))
    data = Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(int), kind="binary")
    layers = (Layer(8, "tanh"), Layer(1, "sigmoid"))
    trainer = Trainer(Experiment(layers, "binary_cross_entropy", learning_rate=1.0), data)
    trainer.run(20)
    page = Page(qtbot, trainer)
    page.press("overfitButton")
    page.aside.answer()
    assert page.text("trialResult").startswith("Yes: ")
    assert "10 rows by heart" in page.text("trialResult")


def test_what_there_is_to_say_where_nothing_was_found(qtbot: QtBot, sick: Trainer) -> None:
    page = Page(qtbot, sick)
    page.view.show_verdict(Verdict(1, 300, ()))
    assert page.text("findingSentence") == "After step 300 nothing was found that keeps it from learning."
    assert not page.button("tryCureButton").isVisibleTo(page.view)
    page.view.show_verdict(None)
    assert page.text("findingSentence") == "The training is being examined."


def test_a_training_that_ended_in_infinity_is_not_said_to_have_nothing(qtbot: QtBot, sick: Trainer) -> None:
    page = Page(qtbot, sick)
    page.view.show_verdict(Verdict(1, 300, ()))
    page.view.show_frame(replace(frame_of(sick), status=Status.DIVERGED))
    assert page.text("findingSentence") == "A number is no longer finite, and no cause of it was proved."
    page.view.forget()
    assert page.text("findingSentence") == "There is nothing to examine yet: make some steps."
    assert not page.button("overfitButton").isEnabled()


def test_the_finding_that_is_being_read_stays(page: Page, sick: Trainer) -> None:
    root = page.findings[0]
    other = Finding("saturated_units", {"flat_share": 0.5}, 7, Part("layer", 1), None, "Something.", "")
    page.view.show_verdict(Verdict(1, 300, (root, other)))
    listed = page.view.findChild(QListWidget, "findingsList")
    assert listed is not None
    listed.setCurrentRow(1)
    assert page.view.finding is other
    assert page.button("goToBeginningButton").text() == "Go to step 7"
    assert not page.button("tryCureButton").isVisibleTo(page.view)  # there is no cure
    page.view.show_verdict(Verdict(1, 310, (root, other)))
    assert page.view.finding is other
    page.view.show_verdict(Verdict(1, 320, (root,)))
    assert page.view.finding is root


def test_a_row_of_the_data_is_shown(page: Page, qtbot: QtBot) -> None:
    finding = Finding("contradictory_rows", {"rows": 3}, 0, None, None, "Something.", "", row=5)
    page.view.show_verdict(Verdict(1, 300, (finding,)))
    assert page.button("showFindingButton").toolTip() == "Row 6"
    with qtbot.waitSignal(page.view.focus.row_wanted) as told:
        page.press("showFindingButton")
    assert told.args == [5]


@pytest.mark.usefixtures("dressed")
def test_both_themes(page: Page) -> None:
    for theme in (LIGHT, DARK):
        page.view.set_theme(theme)
        assert not page.view.grab().isNull()
