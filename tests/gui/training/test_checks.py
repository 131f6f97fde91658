"""The checks of gradients beside training: what each found is told, or that it will not be."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin
from engine.explain.gradient_check import check_parameter
from engine.parts import Part
from engine.records import Scalars
from gui.training.checks import Checks
from gui.training.messages import Frame, Status
from gui.training.tasks import Tasks

PART = Part("weight", 1, 0, 2)


class Asked:
    """Checks, and what they told."""

    def __init__(self) -> None:
        self.tasks = Tasks()
        self.checks = Checks(self.tasks)
        self.told: list[tuple[Any, ...]] = []
        for name in ("checked", "reported", "progressed", "cancelled", "failed"):
            getattr(self.checks, name).connect(lambda *what, name=name: self.told.append((name, *what)))
        self.tasks.start()

    @property
    def names(self) -> list[str]:
        return [name for name, *_ in self.told]


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.tasks.shut_down()


@pytest.fixture(scope="module")
def frame() -> Frame:
    trainer = Trainer(
        Experiment((Layer(3, "tanh"), Layer(3, "softmax")), loss="cross_entropy"), builtin("iris")
    )
    record = trainer.step()
    return Frame(1, trainer.dataset, record, None, Scalars.empty(2), False, Status.PAUSED)


def test_one_part_of_the_step_that_is_shown(asked: Asked, frame: Frame, qtbot: QtBot) -> None:
    asked.checks.check_part(PART)  # nothing is shown yet
    asked.checks.show_frame(frame)
    asked.checks.check_part(PART)
    qtbot.waitUntil(lambda: bool(asked.told))
    assert asked.told == [("checked", check_parameter(frame.experiment, frame.record, PART), frame, PART)]


def test_all_gradients_with_progress(asked: Asked, frame: Frame, qtbot: QtBot) -> None:
    asked.checks.check_all(frame)
    qtbot.waitUntil(lambda: "reported" in asked.names)
    assert asked.names[-1] == "reported" and set(asked.names) <= {"progressed", "reported"}
    shares = [share for name, share in asked.told if name == "progressed"]
    assert shares == sorted(shares) and shares[-1] <= 1
    assert asked.told[-1][1].max_relative_error < 1e-6


@pytest.mark.parametrize("way, told", [("cancel", ["cancelled"]), ("forget", [])])
def test_a_check_that_is_not_wanted_any_more(
    way: str, told: list[str], asked: Asked, frame: Frame, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    monkeypatch.setattr("gui.training.checks.check_record", lambda *_: go_on.wait(20))
    with qtbot.waitSignal(asked.tasks.ended):
        asked.checks.check_all(frame)
        getattr(asked.checks, way)()
        go_on.set()
    assert asked.names == told


def test_an_error_is_told_and_that_there_will_be_no_report(
    asked: Asked, frame: Frame, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.training.checks.check_record", lambda *_: 1 / 0)
    asked.checks.check_all(frame)
    qtbot.waitUntil(lambda: "failed" in asked.names)
    assert asked.names == ["cancelled", "failed"]
