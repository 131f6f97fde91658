"""The timeline: it follows training, and asks for the step it is dragged to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import Experiment, Finding, Layer, Scalars, Trainer, builtin
from engine.parts import Part
from engine.settings import Difference
from engine.training.conditions import LossBelow
from engine.training.watcher import Hit
from gui.panels.timeline import Timeline
from gui.training.examiner import Verdict
from gui.training.messages import EditMade, Frame, Seek, Status
from gui.views.curves.loss import CurvesView


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


def edited(*edits: EditMade) -> dict[str, object]:
    return {"edits": edits, "edited_at": tuple(edit.step for edit in edits)}


RATE = EditMade(120, (Difference("learning_rate", 0.1, 0.3),))


def marks(timeline: Timeline) -> list[tuple[int, str]]:
    return [(mark.moment.step, mark.moment.kind) for mark in timeline.slider.marks]


def test_moments_stand_on_the_line_say_what_they_are_and_are_gone_to(
    timeline: Timeline, frame: Frame, qtbot: QtBot
) -> None:
    hit = Hit(150, LossBelow(0.25), Part("loss"), 0.2481)
    timeline.show_frame(replace(frame, **edited(RATE), hit=hit))  # type: ignore[arg-type]
    timeline.show_frame(replace(frame, **edited(RATE)))  # type: ignore[arg-type]
    bookmark = timeline.findChild(QAbstractButton, "bookmarkButton")
    assert bookmark is not None
    qtbot.mouseClick(bookmark, Qt.MouseButton.LeftButton)
    assert marks(timeline) == [(120, "edit"), (150, "pause"), (200, "bookmark")]
    edit, pause, mine = timeline.slider.marks
    assert (edit.moment.label, edit.toolTip()) == ("η 0.1 → 0.3", "Step 120: Learning rate η 0.1 → 0.3")
    assert pause.moment.label == "paused: loss < 0.25"
    assert pause.moment.tip == "paused: loss < 0.25\nStep 150: 0.2481"
    assert mine.toolTip() == "Step 200: bookmark"
    for mark in timeline.slider.marks:
        assert min(mark.width(), mark.height()) >= 16
        assert abs(mark.x() + mark.width() / 2 - timeline.slider._x(mark.moment.step)) <= 1
        assert mark.accessibleName() == mark.moment.tip
    with qtbot.waitSignal(timeline.command) as asked:
        qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    assert asked.args == [Seek(120)]
    edit.setFocus()
    seen = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == ["editMark", "pauseMark", "bookmarkMark"]
    with qtbot.waitSignal(timeline.command) as asked:
        qtbot.keyClick(pause, Qt.Key.Key_Space)
    assert asked.args == [Seek(150)]
    qtbot.mouseClick(bookmark, Qt.MouseButton.LeftButton)
    assert marks(timeline) == [(120, "edit"), (150, "pause")]
    timeline.forget()
    assert marks(timeline) == []


def test_what_training_starts_from_is_not_said_to_be_changed_by_hand(
    timeline: Timeline, frame: Frame
) -> None:
    dropout = Difference("layers[0].dropout", 0.0, 0.5), Difference("layers[1].activation", "linear", "tanh")
    edits = EditMade(0, others=("parameters", "frozen")), EditMade(7, dropout)
    timeline.show_frame(replace(frame, **edited(*edits)))  # type: ignore[arg-type]
    start, later = timeline.slider.marks
    assert start.moment.label == "given start values …"
    assert start.moment.tip == "Step 0: given start values, values held from the start"
    assert later.moment.tip == "Step 7: Hidden 1, Dropout 0 → 0.5, Output, Activation linear → tanh"


def test_several_changes_at_a_step_are_one_mark(timeline: Timeline, frame: Frame) -> None:
    both = EditMade(
        50, (Difference("learning_rate", 0.1, 0.3), Difference("batch_size", 8, 16)), ("parameters",)
    )
    timeline.show_frame(replace(frame, **edited(both)))  # type: ignore[arg-type]
    (mark,) = timeline.slider.marks
    assert mark.moment.label == "η 0.1 → 0.3 …"
    assert mark.toolTip() == ("Step 50: Learning rate η 0.1 → 0.3, Batch size 8 → 16, values changed by hand")


def test_marks_stay_at_their_steps_while_there_are_more(timeline: Timeline, frame: Frame) -> None:
    """Where the line goes from end to end, and not under a curve, each step more moves all."""
    timeline.show_frame(frame)
    timeline.set_bookmarks((100,))
    for furthest in (400, 900, 4_000):
        timeline.show_frame(replace(frame, furthest=furthest))
        (mark,) = timeline.slider.marks
        assert mark.x() + mark.width() / 2 == pytest.approx(timeline.slider._x(100), abs=0.51)


def test_more_marks_than_can_be_pressed(timeline: Timeline, frame: Frame) -> None:
    edits = tuple(EditMade(step, others=("parameters",)) for step in range(100))
    timeline.show_frame(replace(frame, **edited(*edits)))  # type: ignore[arg-type]
    assert [step for step, _ in marks(timeline)] == list(range(40, 100))
    assert timeline.slider._more == tuple(range(40))


def test_it_shares_the_axis_of_the_curves(qtbot: QtBot, frame: Frame) -> None:
    window, timeline, curves = QWidget(), Timeline(), CurvesView()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(curves)
    column.addWidget(timeline)
    timeline.follow(curves)
    window.resize(900, 400)
    with qtbot.waitExposed(window):
        window.show()
    experiment = Experiment((Layer(3, "tanh"), Layer(2)))
    trainer = Trainer(experiment, builtin("article"))
    trainer.run(399)
    whole = Frame(
        1, trainer.dataset, trainer.step(), None, trainer.scalars, True, Status.PAUSED, furthest=400
    )
    for shown in (whole, replace(whole, scalars=Scalars.empty(2), restart=False, **edited(RATE))):  # type: ignore[arg-type]
        curves.show_frame(shown)
        timeline.show_frame(shown)

    def apart(step: int) -> float:
        axis = curves.axis
        above = axis.left + (axis.right - axis.left) * (step - axis.low) / (axis.high - axis.low)
        below = timeline.slider.mapToGlobal(QPoint(0, 0)).x() + timeline.slider._x(step)
        return abs(above - below)

    qtbot.waitUntil(lambda: max(map(apart, (0, 120, 400))) <= 1.5)
    plot = curves.findChild(pg.PlotWidget)
    assert plot is not None
    plot.getViewBox().setXRange(50, 250, padding=0)
    assert max(map(apart, (60, 120, 240))) <= 1.5, "zoomed in, too"
    assert curves._marks == ((120, "Step 120: Learning rate η 0.1 → 0.3"),)
    asked: list[Seek] = []
    timeline.command.connect(asked.append)
    x, middle = round(timeline.slider._x(180)), round(timeline.slider._middle)
    qtbot.mousePress(timeline.slider, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
    qtbot.mouseRelease(timeline.slider, Qt.MouseButton.LeftButton, pos=QPoint(x, middle))
    assert abs(asked[-1].step - 180) <= 1


def test_where_a_fault_began_is_marked_told_and_gone_to(
    timeline: Timeline, frame: Frame, qtbot: QtBot
) -> None:
    timeline.show_frame(frame)
    causes = [("learning_rate_too_high", 120), ("symmetric_units", 0), ("dead_units", 0)]
    timeline.show_verdict(
        Verdict(1, 200, tuple(Finding(cause, {}, since, None, None, "", "") for cause, since in causes))
    )
    assert marks(timeline) == [(0, "finding"), (120, "finding")]
    first, second = timeline.slider.marks
    assert first.toolTip() == "Since step 0: Units that are alike\nSince step 0: Dead units"
    assert second.toolTip() == "Since step 120: Learning rate too high"
    with qtbot.waitSignal(timeline.command) as asked:
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert asked.args == [Seek(120)]
    timeline.show_verdict(None)
    assert marks(timeline) == []
