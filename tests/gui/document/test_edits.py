"""Edits of the network that is shown: taken where it is still the document's, refused else."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import Trainer
from engine.parts import Part
from engine.records import Scalars
from gui.document.document import Document
from gui.document.edits import Edits
from gui.training.messages import Change, Frame, Freeze, SetParameter, Status

PART = Part("weight", 1, 0, 0)


class Desk:
    """A document and its edits, what was submitted, and what was told."""

    def __init__(self) -> None:
        self.document = Document()
        self.submitted: list[Any] = []
        self.told: list[tuple[str, Any]] = []
        self.edits = Edits(self.document, self.submit)
        self.edits.refused.connect(lambda error: self.told.append(("refused", error.kind)))
        self.edits.not_undone.connect(lambda step: self.told.append(("not_undone", step)))
        self.edits.taken_back.connect(lambda: self.told.append(("taken_back", None)))
        self.trainer = Trainer(self.document.experiment, self.document.dataset)
        self.record = self.trainer.step()

    def submit(self, command: Any) -> int:
        self.submitted.append(command)
        return len(self.submitted)

    def show(self, generation: int, request: int = 99) -> None:
        scalars = Scalars.empty(2)
        data, record = self.document.dataset, self.record
        frame = Frame(generation, data, record, None, scalars, False, Status.PAUSED, request=request)
        self.edits.show_frame(frame)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_an_edit_of_what_is_shown_goes_to_the_worker(desk: Desk) -> None:
    desk.show(desk.document.generation)
    desk.edits.set_parameter(SetParameter(PART, 0.25))
    assert isinstance(desk.submitted[-1], SetParameter) and desk.submitted[-1].value == 0.25
    assert desk.told == []


def test_an_edit_of_a_network_that_is_replaced_already_is_refused(desk: Desk) -> None:
    desk.show(desk.document.generation - 1)
    desk.edits.set_parameter(SetParameter(PART, 0.25))
    desk.edits.freeze(Freeze(PART, True))
    assert desk.submitted == [] and desk.told == [("refused", "other_network")] * 2


def test_before_anything_is_shown_there_is_nothing_to_edit(desk: Desk) -> None:
    desk.edits.set_parameter(SetParameter(PART, 0.25))
    assert desk.submitted == [] and desk.told == []


def test_a_rate_is_taken_or_refused(desk: Desk) -> None:
    desk.edits.take_rate(0.125)
    assert desk.document.experiment.learning_rate == 0.125
    assert isinstance(desk.submitted[-1], Change)
    desk.edits.take_rate(-1.0)
    assert desk.document.experiment.learning_rate == 0.125
    ((name, _),) = desk.told
    assert name == "refused"


def test_until_a_change_is_done_frames_do_not_take_it_back(desk: Desk) -> None:
    desk.show(desk.document.generation)
    desk.edits.take_rate(0.125)
    desk.show(desk.document.generation, request=0)  # computed before the change
    assert desk.document.experiment.learning_rate == 0.125
    desk.show(desk.document.generation, request=1)  # gone back to where another rate was in force
    assert desk.document.experiment.learning_rate == 0.5


def test_undo_tells_that_it_is_done(desk: Desk) -> None:
    desk.document.new_seed()
    desk.edits.undo()
    assert desk.told == [("taken_back", None)]
