"""The timeline: it follows training, and asks for the step it is dragged to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from engine import Experiment, Finding, Layer, Scalars, Trainer, builtin
from gui.panels.timeline import Timeline
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Seek, Status


@pytest.fixture
def timeline(qtbot: QtBot) -> Iterator[Timeline]:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(800, 50)
    timeline.show()
    yield timeline


@pytest.fixture(scope="module")
def frame() -> Frame:
    experiment = Experiment((Layer(3, "tanh"), Layer(2)))
    trainer = Trainer(experiment, builtin("article"))
    trainer.run(199)
    record = trainer.step()
    return Frame(1, trainer.dataset, record, None, Scalars.empty(2), False, Status.PAUSED, furthest=400)


def test_it_shows_the_moment_and_says_nothing(timeline: Timeline, frame: Frame, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(timeline.command):
        timeline.show_frame(frame)
    assert (timeline.slider.value(), timeline.slider.maximum()) == (200, 400)
    assert timeline._place.text() == "200 / 400"


def test_pressing_and_dragging_seek(timeline: Timeline, frame: Frame, qtbot: QtBot) -> None:
    timeline.show_frame(frame)
    asked: list[Seek] = []
    timeline.command.connect(asked.append)
    slider = timeline.slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(int(slider._x(100)), middle))
    assert abs(asked[-1].step - 100) <= 1
    qtbot.mouseMove(slider, QPoint(int(slider._x(330)), middle))
    assert abs(asked[-1].step - 330) <= 1
    timeline.show_frame(frame)  # an answer that comes while the knob is held does not take it away
    assert abs(slider.sliderPosition() - 330) <= 1
    qtbot.mouseMove(slider, QPoint(slider.width() + 500, middle))
    assert asked[-1].step == 400
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() + 500, middle))
    timeline.show_frame(frame)
    assert slider.value() == 200


def test_step_keys_stay_the_windows(timeline: Timeline, frame: Frame, qtbot: QtBot) -> None:
    timeline.show_frame(frame)
    timeline.slider.setFocus()
    with qtbot.assertNotEmitted(timeline.command):
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home):
            qtbot.keyClick(timeline.slider, key)
    with qtbot.waitSignal(timeline.command):
        qtbot.keyClick(timeline.slider, Qt.Key.Key_PageUp)


def test_edits_are_marked(timeline: Timeline, frame: Frame) -> None:
    timeline.show_frame(frame)
    before = timeline.slider.grab().toImage()
    timeline.show_frame(replace(frame, edited_at=(300,)))
    assert timeline.slider.grab().toImage() != before


def test_where_a_fault_began_is_marked_told_and_gone_to(
    timeline: Timeline, frame: Frame, qtbot: QtBot
) -> None:
    timeline.show_frame(frame)
    causes = [("learning_rate_too_high", 120), ("symmetric_units", 0), ("dead_units", 0)]
    timeline.show_verdict(
        Verdict(1, 200, tuple(Finding(cause, {}, since, None, None, "", "") for cause, since in causes))
    )
    slider = timeline.slider
    below = slider._middle + 6
    place = QPoint(round(slider._x(120)) + 3, round(below))
    assert slider.finding_at(QPointF(place)) == (120, "Since step 120: Learning rate too high")
    told = slider.finding_at(QPointF(slider._x(0), below))
    assert told == (0, "Since step 0: Units that are alike\nSince step 0: Dead units")
    assert slider.finding_at(QPointF(slider._x(60), below)) is None
    assert slider.finding_at(QPointF(slider._x(120), slider._middle)) is None  # the knob's line
    with qtbot.waitSignal(timeline.command) as asked:
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [Seek(120)]
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place)
    timeline.show_verdict(None)
    assert slider.findings == ()
