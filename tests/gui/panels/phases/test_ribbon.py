"""The phases of the step as a row of boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from engine import Layer
from engine.phases import FactorKind, Phase, PhaseKind, phases_by_factor, phases_by_sample
from gui.panels.phases.ribbon import Fit, PhaseRibbon, State, stop_of, stops
from gui.training.messages import Command, Frame, Granularity, Reveal, Status, Trace
from tests.gui.driver import Driver
from tests.gui.language import quoted, spoken
from tests.gui.panels.phases.frames import make_frame

pytestmark = pytest.mark.usefixtures("dressed")

DEEP = (*(Layer(3, "tanh") for _ in range(10)), Layer(3, "softmax"))


@pytest.fixture
def ribbon(qtbot: QtBot) -> PhaseRibbon:
    ribbon = PhaseRibbon()
    qtbot.addWidget(ribbon)
    ribbon.resize(1100, ribbon.sizeHint().height())
    ribbon.show()
    return ribbon


def seen(ribbon: PhaseRibbon) -> list[QAbstractButton]:
    boxes = [box for box in ribbon.findChildren(QAbstractButton) if box.isVisible()]
    return sorted(boxes, key=lambda box: box.x())


def places(ribbon: PhaseRibbon) -> list[tuple[int, int, int, int]]:
    return [box.geometry().getRect() for box in seen(ribbon)]  # type: ignore[misc]


def marks(ribbon: PhaseRibbon) -> str:
    return "".join({State.DONE: "✓", State.PRESENT: "•", State.TO_COME: "-"}[s] for s in ribbon.states)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase(PhaseKind.INPUT), "•--------"),
        (Phase(PhaseKind.FORWARD, 2), "✓✓•------"),
        (Phase(PhaseKind.LOSS), "✓✓✓✓•----"),
        (Phase(PhaseKind.BACKWARD, 3), "✓✓✓✓✓•---"),
        (Phase(PhaseKind.BACKWARD, 1), "✓✓✓✓✓✓✓•-"),
        (Phase(PhaseKind.UPDATE), "✓✓✓✓✓✓✓✓•"),
        (Phase(PhaseKind.BACKWARD, 2, sample=4), "✓✓✓✓✓✓•--"),
        (Phase(PhaseKind.FORWARD, 0, sample=1), "✓✓✓•-----"),
        (Phase(PhaseKind.BACKWARD, 0, sample=1), "✓✓✓✓✓✓✓•-"),
        (Phase(PhaseKind.FACTOR, 2, factor=FactorKind.SLOPE), "✓✓✓✓✓✓•--"),
        (None, "✓✓✓✓✓✓✓✓✓"),
    ],
)
def test_done_present_and_to_come(ribbon: PhaseRibbon, phase: Phase | None, expected: str) -> None:
    ribbon.show_frame(make_frame(phase))
    assert marks(ribbon) == expected
    texts = [box.text() for box in seen(ribbon)]
    ways = *(f"Forward {n}" for n in (1, 2, 3)), "Loss", *(f"Backward {n}" for n in (3, 2, 1))
    assert texts == ["Data", *ways, "Update"]


def test_every_phase_of_every_granularity_has_its_box() -> None:
    for layers in (1, 4):
        for phase in (*stops(layers), *phases_by_sample(layers, 3), *phases_by_factor(layers)):
            assert 0 <= stop_of(phase, layers) < len(stops(layers))


def test_each_box_says_what_it_is_and_can_be_reached(ribbon: PhaseRibbon) -> None:
    ribbon.show_frame(make_frame(Phase(PhaseKind.FORWARD, 2)))
    names = [box.accessibleName() for box in seen(ribbon)]
    assert names[1:4] == ["Forward 1, done", "Forward 2, shown now", "Forward 3, still to come"]
    assert "Output" in ribbon.box(5).toolTip() and "Alt+" in ribbon.box(5).toolTip()
    ribbon.activateWindow()
    first, *rest = seen(ribbon)
    first.setFocus()
    for box in rest:
        QTest.keyClick(ribbon.focusWidget(), Qt.Key.Key_Tab)
        assert box.hasFocus()
    with spoken(quoted):
        assert ribbon.box(1).text() == "«Forward 1»"


def test_while_running_all_are_done_and_slow_steps_are_followed(
    ribbon: PhaseRibbon, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("gui.panels.phases.ribbon.time.monotonic", lambda: now)
    running = replace(make_frame(Phase(PhaseKind.LOSS)), status=Status.RUNNING)
    for wait, expected in ((1.0, "✓✓✓✓•----"), (0.05, "✓✓✓✓✓✓✓✓✓"), (0.6, "✓✓✓✓•----")):
        now += wait
        ribbon.show_frame(running)
        assert marks(ribbon) == expected
    ribbon.show_frame(replace(running, phase=None))
    assert marks(ribbon) == "✓✓✓✓✓✓✓✓✓"


# how the boxes give way


def test_nine_boxes_have_ticks_and_whole_words_in_a_laptops_window(ribbon: PhaseRibbon) -> None:
    ribbon.show_frame(make_frame(Phase(PhaseKind.BACKWARD, 2)))
    ribbon.resize(815, ribbon.height())
    assert len(seen(ribbon)) == 9
    assert ribbon.fit.ticks and ribbon.fit.whole_words


@pytest.mark.parametrize("layers", [1, 2, 3, 5, 11, 30])
def test_boxes_lie_beside_each_other_at_every_width(ribbon: PhaseRibbon, layers: int) -> None:
    net = (*(Layer(3, "tanh") for _ in range(layers - 1)), Layer(3, "softmax"))
    frame = make_frame(Phase(PhaseKind.LOSS), layers=net)
    ribbon.show_frame(frame)
    fits = []
    for width in range(1500, 330, -30):
        ribbon.resize(width, ribbon.height())
        boxes = seen(ribbon)
        edges = [0, *(edge for box in boxes for edge in (box.x(), box.geometry().right() + 1)), width]
        assert edges == sorted(edges)
        fits.append(ribbon.fit)
        smallest = not any((ribbon.fit.ticks, ribbon.fit.whole_words)) and (
            layers < 3 or not ribbon.fit.own_box
        )
        for box in boxes:
            needed = box.width_of(ribbon.fit)  # type: ignore[attr-defined]
            assert smallest or box.width() >= needed - 1
            assert box.sizeHint().width() <= needed + 1
    assert ribbon.minimumSizeHint().width() == 0
    order = [(fit.joined, not fit.whole_words, not fit.ticks) for fit in fits]
    assert order == sorted(order)  # ticks first, then words, then boxes of their own


def test_nothing_moves_from_phase_to_phase(ribbon: PhaseRibbon) -> None:
    for layers, width in ((make_frame().experiment.layers, 1000), (DEEP, 900), (DEEP, 620)):
        ribbon.resize(width, ribbon.height())
        found, heights = set(), set()
        for phase in (*stops(len(layers)), None):
            ribbon.show_frame(make_frame(phase, layers=layers))
            found.add(tuple(places(ribbon)))
            heights.add(ribbon.sizeHint().height())
        assert len(found) == len(heights) == 1


def test_many_layers_share_a_box_with_a_field_beside_the_present_ones(
    ribbon: PhaseRibbon, qtbot: QtBot
) -> None:
    ribbon.resize(900, ribbon.height())
    asked: list[Command] = []
    ribbon.command.connect(asked.append)
    frame = make_frame(Phase(PhaseKind.FORWARD, 4), layers=DEEP)
    ribbon.show_frame(frame)
    assert ribbon.fit.joined
    names = ["Data", "Forward 1…11", "Forward 4", "Loss", "Backward 11…1", "Backward 11", "Update"]
    assert [box.text() for box in seen(ribbon)] == names
    field = ribbon.joined_box(PhaseKind.BACKWARD).field  # type: ignore[attr-defined]
    assert field.value == 11 and field.isVisible() and field.accessibleName()
    field.lineEdit().setText("7")
    field.lineEdit().textEdited.emit("7")
    QTest.keyClick(field.lineEdit(), Qt.Key.Key_Return)
    assert asked == [Reveal(Phase(PhaseKind.BACKWARD, 7))]
    metrics = QFontMetrics(field.font())
    assert field.width() >= metrics.horizontalAdvance("11") + 14
    ribbon.show_frame(make_frame(Phase(PhaseKind.BACKWARD, 7), layers=DEEP))
    assert [box.text() for box in seen(ribbon)][-2] == "Backward 7"
    ribbon.resize(480, ribbon.height())
    assert ribbon.fit == Fit(ticks=False, whole_words=False, joined=True, own_box=False)
    assert len(seen(ribbon)) == 5
    assert "shown now" in ribbon.joined_box(PhaseKind.BACKWARD).accessibleName()


# going there


def test_a_click_asks_once_and_for_nothing_that_is_there(ribbon: PhaseRibbon, qtbot: QtBot) -> None:
    asked: list[Command] = []
    ribbon.command.connect(asked.append)
    frame = make_frame(Phase(PhaseKind.BACKWARD, 2))
    ribbon.show_frame(frame)
    left = Qt.MouseButton.LeftButton
    for index in (6, 1, 1, 0, 8):
        qtbot.mouseClick(ribbon.box(index), left)
    phases = Phase(PhaseKind.FORWARD, 1), Phase(PhaseKind.INPUT), Phase(PhaseKind.UPDATE)
    assert asked == [Reveal(phase) for phase in phases]
    ribbon.show_frame(frame)
    qtbot.mouseClick(ribbon.box(8), left)
    assert len(asked) == 4


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    window = Driver(qtbot)
    yield window
    window.close()


def test_the_boxes_go_through_the_step_and_back(window: Driver) -> None:
    window.run(20)
    ribbon = window.main.pages.centre.ribbon
    whole = window.frame.record

    def go(index: int) -> Frame:
        phase = stops(2)[index]
        window.qtbot.mouseClick(ribbon.box(index), Qt.MouseButton.LeftButton)
        window.wait(lambda: window.frame.phase == phase)
        return window.frame

    for index in (4, 1, 5, 2, 0, 3):
        frame = go(index)
        assert frame.record.step == 20 and frame.step == 19
        assert (frame.record.delta[0] == whole.delta[0]).all()
        assert marks(ribbon).index("•") == index
    assert go(6).step == 20
    assert window.frame.furthest == 20
    # of a step that was never made
    window.choose(Granularity.LAYER)
    window.press("stepAction", lambda frame: frame.record.step == 21)
    assert go(6).step == 21 and window.frame.furthest == 21


def test_alt_and_the_arrows_go_from_phase_to_phase(window: Driver) -> None:
    window.run(3)
    for key, kinds in (
        ("previousPhaseAction", [PhaseKind.BACKWARD, PhaseKind.BACKWARD, PhaseKind.LOSS]),
        ("nextPhaseAction", [PhaseKind.BACKWARD, PhaseKind.BACKWARD, PhaseKind.UPDATE]),
    ):
        for kind in kinds:
            frame = window.press(key)
            assert frame.phase is not None and frame.phase.kind is kind and frame.record.step == 3
    assert window.action("nextPhaseAction").shortcut().toString() == "Alt+Right"
    assert window.action("previousPhaseAction").shortcut().toString() == "Alt+Left"
    window.action("nextPhaseAction").trigger()  # that was the last
    QCoreApplication.processEvents()
    assert window.press("previousPhaseAction").record.step == 3


def test_of_a_row_that_is_traced_all_but_the_update_can_be_gone_to(window: Driver) -> None:
    window.run(3)
    window.main.submit(Trace(2))
    window.wait(lambda: window.frame.record.batch == 1)
    record = window.frame.record
    ribbon = window.main.pages.centre.ribbon
    for index in (3, 0, 4, 1):
        window.qtbot.mouseClick(ribbon.box(index), Qt.MouseButton.LeftButton)
        window.wait(lambda index=index: window.frame.phase == stops(2)[index])
        assert window.frame.record is record
    seen = len(window.frames)
    window.qtbot.mouseClick(ribbon.box(6), Qt.MouseButton.LeftButton)
    window.wait(lambda: len(window.frames) > seen)
    assert window.frame.record is record and window.frame.phase == stops(2)[1]
