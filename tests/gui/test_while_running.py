"""While training runs at full speed nothing is laid out, and no more is painted than changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, builtin
from engine.parts import Part
from engine.records import Scalars
from gui.files.pictures import svg
from gui.style.equation import typeset_all
from gui.text.numbers import short
from gui.training.messages import Frame, Status
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")

FIRST, FRAMES = 10, 50
"""As many as come in the first half second, and in some 3 after it."""


class Counted(QObject):
    """Counts the events of a kind that reach widgets, by their classes and names."""

    def __init__(self, qapp: QApplication, kind: QEvent.Type) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self._kind = kind
        qapp.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == self._kind and isinstance(watched, QWidget):
            self.found[f"{type(watched).__name__} {watched.objectName()}"] += 1
        return False


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    font, palette, sheet = qapp.font(), qapp.palette(), qapp.styleSheet()
    driver = Driver(qtbot, size=(1440, 900))
    yield driver
    driver.close()
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_another_theme_moves_nothing(window: Driver, qapp: QApplication) -> None:
    """Everything is undressed for a moment, and nobody takes that for the sizes things have."""

    def places() -> dict[str, tuple[int, ...]]:
        window.qtbot.wait(50)
        shown = [
            each
            for each in window.main.findChildren(QWidget)
            if each.isVisible() and each.objectName() != "focusRing"  # it goes with the keys
        ]
        return {f"{place} {each.objectName()}": each.geometry().getRect() for place, each in enumerate(shown)}

    before = places()
    for theme in ("dark", "light"):
        window.main.appearance.set_theme(theme)
        assert places() == before


def test_nothing_is_laid_out_while_it_runs(window: Driver, qapp: QApplication) -> None:
    # Epochs so long that their number keeps its digits: each more of them takes more room, once
    window.main.document.set_dataset(builtin("circles"))
    window.main.document.set_value("batch_size", 1)
    window.run(2_000)
    window.full_speed()
    window.action("runAction").trigger()
    seen = len(window.frames)
    window.wait(lambda: len(window.frames) >= seen + FIRST)
    counted = Counted(qapp, QEvent.Type.LayoutRequest)
    window.wait(lambda: len(window.frames) >= seen + FIRST + FRAMES)
    qapp.removeEventFilter(counted)
    counted.found.pop("TimelineSlider timelineSlider", None)  # has no layout: a finding's mark has come
    # A number that is longer than any before takes its room once
    assert max(counted.found.values(), default=0) <= 1, counted.found
    window.press("runAction", lambda frame: frame.status is Status.PAUSED)


def test_what_is_read_changes_together(window: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers are written as often as they can be read, all of one step; what moves goes on between."""
    clock = [100.0]
    monkeypatch.setattr("gui.pages.time.monotonic", lambda: clock[0])
    shown = window.run(3)
    running = replace(shown, status=Status.RUNNING, phase=None)
    main, graph = window.main, window.main.network_view
    weight = Part("weight", 1, 0, 0)

    def steps(seconds: float) -> list[tuple[int, int, str]]:
        """The steps that are read when frames of steps 11 to 20 come so many seconds apart."""
        read = []
        for step in range(11, 21):
            clock[0] += seconds
            after = [np.full_like(values, step) for values in shown.record.weights_after]
            record = replace(shown.record, step=step, weights_after=after)
            frame = replace(running, record=record, furthest=20)
            main.pages.show_frame(frame)
            graph.grab()
            drawn, values = graph.canvas.graph, main.run_controls.read_outs.values
            assert drawn.picture is not None and drawn.picture.edges[0][0, 0] == step
            assert values is not None
            read.append((values.step, main.timeline.slider.value(), drawn.written[weight, "w"]))
        return read

    often = steps(0.06)
    assert 2 <= len(set(often)) <= 4, often
    assert all(step == place and text == short(step) for step, place, text in often if step != shown.step), (
        often
    )
    assert [step for step, *_ in steps(1.0)] == list(range(11, 21))
    clock[0] += 0.01
    main.pages.show_frame(shown)
    graph.grab()
    assert main.run_controls.read_outs.values is not None
    assert main.run_controls.read_outs.values.step == shown.step
    written = graph.canvas.graph.written[weight, "w"]
    assert written == short(float(shown.record.weights_after[0][0, 0]))


def test_outputs_beside_their_names_are_of_the_step_that_is_read(window: Driver) -> None:
    """Where circles are too small for digits, too, and whatever has all be painted anew."""
    window.main.document.open_problem(
        Experiment((Layer(32, "relu"), Layer(16, "relu"), Layer(10, "softmax")), loss="cross_entropy"),
        builtin("digits"),
        None,
    )
    shown = window.run(3)
    running = replace(shown, status=Status.RUNNING, phase=None)
    graph = window.main.network_view.canvas.graph
    outputs = shown.record.a[-1]
    passing = replace(
        running, record=replace(shown.record, step=9, a=[*shown.record.a[:-1], np.full_like(outputs, 0.123)])
    )
    assert graph._beside > 0
    window.main.network_view.show_frame(running)
    window.main.network_view.show_passing(passing)
    graph.update()
    window.main.network_view.grab()
    last = len(shown.record.z)
    written = [graph.written.get((Part("unit", last, unit), "a")) for unit in range(10)]
    assert any(written) and "0.123" not in written


def test_a_picture_taken_meanwhile_has_its_text_as_text(window: Driver) -> None:
    """What is written is pasted on the screen alone."""
    shown = window.run(3)
    view = window.main.network_view
    at_rest = svg(view, "graph").count(b"<image")
    view.show_frame(replace(shown, status=Status.RUNNING, phase=None))
    view.show_passing(replace(shown, status=Status.RUNNING, phase=None))
    assert view.canvas.graph._hurried and svg(view, "graph").count(b"<image") == at_rest


def test_a_window_opened_meanwhile_shows_the_step_that_is_read(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("gui.pages.time.monotonic", lambda: clock[0])
    running = replace(window.run(3), status=Status.RUNNING, phase=None)
    pages = window.main.pages
    for step in (10, 11):
        clock[0] += 0.01
        pages.show_frame(replace(running, record=replace(running.record, step=step)))
    seen = []
    monkeypatch.setattr(
        "gui.views.predict.PredictView.show_frame", lambda view, frame: seen.append(frame.step)
    )
    pages.open("predict_view").close()
    assert seen == [10]


def test_what_moves_does_so_where_writing_is_dear(window: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames that come seldom are not all read; but numbers never stand for long."""
    clock = [100.0]
    monkeypatch.setattr("gui.pages.time.monotonic", lambda: clock[0])
    running = replace(window.run(3), status=Status.RUNNING, phase=None)
    pages, read = window.main.pages, []

    class Reader(QObject):
        def show_frame(self, frame: Frame) -> None:
            read.append(clock[0])

    reader = Reader()
    pages.tell(reader)

    def times_read(seconds: float) -> int:
        read.clear()
        for _ in range(12):
            clock[0] += seconds
            pages.show_frame(running)
        return len(read)

    assert times_read(0.1) == 3  # each fourth
    assert times_read(0.3) == 6  # half a second is too long
    assert times_read(0.6) == 12


def test_what_is_read_is_of_one_step_and_says_of_which(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first moment of a run: nothing is left of the step before it, and who hears less says so."""
    clock = [100.0]
    monkeypatch.setattr("gui.pages.time.monotonic", lambda: clock[0])
    main = window.main
    main.focus.select(Part("weight", 1, 0, 0))
    shown = window.run(3)
    running = replace(shown, status=Status.RUNNING, phase=None)
    inspector, strip, said = main.chain_rule_view, main.pages.centre.strip, window.child(QLabel, "statusText")
    for step in range(11, 40):
        clock[0] += 0.03
        frame = replace(running, record=replace(shown.record, step=step))
        main.pages.show_frame(frame)
        assert inspector.moment.startswith("after step ") and said.text() == "Running"
        read = int(inspector.moment.removeprefix("after step "))
        assert step - 7 < read <= step and read >= 11
        assert strip.worked is not None and strip.worked.about.endswith(f"step {read}")
    main.pages.show_frame(replace(shown, record=replace(shown.record, step=40)))
    assert inspector.moment == "after step 40" and said.text() == "Paused"


def test_only_what_changes_is_painted(window: Driver, qapp: QApplication) -> None:
    """A frame that says nothing new but how fast it goes is painted where that stands."""
    shown = window.run(30)
    window.qtbot.wait(300)
    typeset_all()  # a formula that comes late is painted when it comes
    window.qtbot.wait(50)
    counted = Counted(qapp, QEvent.Type.Paint)
    window.main.pages.show_frame(
        replace(shown, scalars=Scalars.empty(len(shown.experiment.layers)), steps_per_second=1234.0)
    )
    window.qtbot.wait(100)
    qapp.removeEventFilter(counted)
    found = {name.split()[-1] for name in counted.found}
    found.discard("qt_qmainwindow_extended_splitter")  # Qt's own, which comes and goes with the mouse
    assert found == {"mainWindow", "StatusBar", "speedText"}
