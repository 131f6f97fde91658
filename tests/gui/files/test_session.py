"""Sessions in the window: saved, opened, recovered, and what is said when that cannot be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin
from engine.data.load import load
from engine.data.options import ReadOptions
from engine.files.autosave import Orphan, autosave_folder, orphans
from engine.files.session import capture, read_session, read_summary, write_session
from engine.parts import Part
from engine.suitable import first_experiment
from engine.training.conditions import Breakpoint, LossBelow, StepReached
from gui.document.examples import FIRST
from gui.main_window import MainWindow
from gui.training.cursor import start_from
from gui.training.messages import Frame, Granularity, PinRun, RenameRun, RunKey, Status
from gui.widgets.message_bar import Tone
from tests.gui.driver import Driver

BUTTONS = QMessageBox.StandardButton


def first_trainer(**changes: object) -> Trainer:
    """Train the network of the first launch, with other settings."""
    trainer = Trainer(FIRST.experiment.changed(**changes), FIRST.dataset)
    start_from(trainer, FIRST.start)
    return trainer


class Window(Driver):
    """A main window and short ways to press what is in it."""

    def __init__(self, qtbot: QtBot, file: Path | None = None, *, remember: bool = True) -> None:
        super().__init__(qtbot, file, remember=remember)

    @property
    def desk(self) -> Any:
        return self.main.session_desk

    def steps(self, count: int) -> Frame:
        self.choose(Granularity.BATCH)
        goal = self.frame.step + count
        while (before := self.frame.step) < goal:
            self.action("stepAction").trigger()
            self.wait(lambda: self.frame.step > before)
        return self.frame

    def run_for_a_while(self, steps: int = 1000) -> Frame:
        self.full_speed()
        self.press("runAction", lambda frame: frame.step > steps)
        return self.press("runAction", lambda frame: frame.status is Status.PAUSED)

    def save(self, path: Path) -> None:
        """Save, and wait until it is."""
        self.action("saveSessionAction").trigger()
        self.wait(lambda: self.desk.path == path and not self.main.isWindowModified())

    def open(self, path: Path) -> None:
        """Open a file, and wait for its network or a message."""
        generation = self.frame.generation
        self.bar.hide()
        self.main.open_file(path)
        self.wait(lambda: self.frame.generation > generation or bool(self.bar.text))

    def take_offer(self) -> None:
        button = self.bar.findChild(QPushButton, "messageActionButton")
        assert button is not None and button.isVisible()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[..., Window]]:
    """Open windows; all of them are closed at the end."""
    windows: list[Window] = []

    def make(file: Path | None = None, **options: bool) -> Window:
        windows.append(Window(qtbot, file, **options))
        return windows[-1]

    yield make
    for window in windows:
        window.close()


@pytest.fixture
def window(opened: Callable[..., Window]) -> Window:
    return opened()


@pytest.fixture
def where(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Answer the file dialogs."""

    def answer(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "exec", lambda self: 1)
        monkeypatch.setattr(QFileDialog, "selectedFiles", lambda self: [str(path)])
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args, **kwargs: (str(path), ""))

    return answer


class Question:
    """Answers the question about unsaved changes, and counts how often it is asked."""

    def __init__(self, answer: QMessageBox.StandardButton) -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self, *args: Any) -> QMessageBox.StandardButton:
        self.asked += 1
        return self.answer


@pytest.fixture(autouse=True)
def question(monkeypatch: pytest.MonkeyPatch) -> Question:
    question = Question(BUTTONS.Discard)
    monkeypatch.setattr(QMessageBox, "exec", question)
    return question


@pytest.fixture(autouse=True)
def no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a folder of its own for copies against a crash."""
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))


def practical(**settings: Any) -> Trainer:
    """A training whose last bits depend on everything a session has to keep."""
    experiment = Experiment(
        (Layer(5, "tanh", dropout=0.2), Layer(3, "softmax")),
        loss="cross_entropy",
        optimizer="adam",
        learning_rate=0.01,
        batch_size=7,
        **{"validation": 0.2, "seed": 3, **settings},
    )
    return Trainer(experiment, builtin("iris"))


def saved(trainer: Trainer, path: Path, view: dict[str, Any] | None = None) -> Path:
    write_session(capture(trainer, view), path)
    return path


# -- save and open ---------------------------------------------------------------------------------


def test_saved_closed_and_opened_it_goes_on_bit_for_bit(
    opened: Callable[..., Window], where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "mine.bplab"
    source = saved(practical(), tmp_path / "start.bplab")
    first = opened(source)
    first.wait(lambda: first.desk.name == "start")
    first.steps(7)
    where(path)
    first.action("saveSessionAsAction").trigger()
    first.wait(lambda: first.desk.path == path)
    first.main.close()
    second = opened(path)
    second.wait(lambda: second.desk.name == "mine" and second.frame.step == 7)
    went_on = second.steps(40)
    never_stopped = practical()
    never_stopped.run(46)
    record = never_stopped.step()
    assert went_on.step == 47
    for mine, theirs in zip(went_on.record.weights_after, record.weights_after, strict=True):
        assert np.array_equal(mine, theirs)
    losses = second.main.curves_view.steps_kept
    assert losses == 47
    assert np.array_equal(
        np.concatenate([f.scalars.loss for f in second.frames if f.generation == went_on.generation]),
        never_stopped.scalars.loss,
    )


def test_an_edit_by_hand_is_shown_when_it_is_opened(window: Window, tmp_path: Path) -> None:
    trainer = practical()
    trainer.run(5)
    weights = [w.copy() for w in trainer.weights]
    weights[0][0, 0] = 0.125
    trainer.set_parameters(weights, trainer.biases)
    window.open(saved(trainer, tmp_path / "edited.bplab"))
    assert window.frame.parameter(Part("weight", 1, 0, 0)) == 0.125
    assert window.frame.step == 5
    frame = window.steps(1)
    assert np.array_equal(frame.record.weights_after[0], trainer.step().weights_after[0])


def test_a_training_that_diverged_can_be_opened(window: Window, tmp_path: Path) -> None:
    data = builtin("circles")
    experiment = Experiment(
        (Layer(4, "relu"), Layer(1, "linear")),
        loss="mean_squared_error",
        learning_rate=1e6,
        batch_size="full",
    )
    trainer = Trainer(experiment, data)
    with pytest.raises(Exception, match="gave"):
        trainer.run(1000)
    assert trainer.completed
    window.open(saved(trainer, tmp_path / "diverged.bplab"))
    assert window.frame.step == trainer.completed
    assert window.bar.text == ""


def test_what_was_looked_at_comes_back(
    opened: Callable[..., Window], where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "looked at.bplab"
    first = opened(saved(practical(), tmp_path / "start.bplab"))
    first.wait(lambda: first.desk.name == "start")
    first.steps(3)
    network = first.main.document.state.network
    part = Part("weight", 1, 2, 3)
    breakpoints = (Breakpoint(LossBelow(1e-9)), Breakpoint(StepReached(999), on=False))
    first.main.focus.select(part)
    first.main.focus.show_sample(4)
    first.main.breakpoints_panel.set_breakpoints(breakpoints)
    first.main.run_controls.speed = 2
    first.main.timeline.set_bookmarks((1, 3))
    first.choose(Granularity.SAMPLE)
    first.main.tabs.setCurrentWidget(first.main.gradients_view)
    for command in (RenameRun(RunKey(network, 0), "careful"), PinRun(RunKey(network, 0), True)):
        first.main.submit(command)
    first.wait(lambda: any(run.name == "careful" and run.pinned for run in first.main.runs_panel.runs))
    where(path)
    first.action("saveSessionAsAction").trigger()
    first.wait(lambda: first.desk.path == path)
    second = opened(path)
    second.wait(lambda: second.frame.step == 3)
    main = second.main
    assert main.focus.part == part
    assert main.focus.sample == 4
    assert main.breakpoints_panel.breakpoints == breakpoints
    assert main.run_controls.speed == 2
    assert main.timeline.bookmarks == (1, 3)
    assert [moment.step for moment in main.timeline.moments if moment.kind == "bookmark"] == [1, 3]
    assert main.run_controls.granularity is Granularity.SAMPLE
    assert main.tabs.currentWidget() is main.gradients_view
    second.wait(lambda: any(run.name == "careful" and run.pinned for run in main.runs_panel.runs))


def test_what_was_typed_in_the_lab_comes_back(
    opened: Callable[..., Window], where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "typed.bplab"
    first = opened(saved(practical(), tmp_path / "start.bplab"))
    first.wait(lambda: first.desk.name == "start")
    first.action("expressionLabAction").trigger()
    lab = first.main.pages.views["expression_lab"]
    lab.functions.set_text("y = x sin 3x", {"x": 0.25})
    lab.matrices.set_text("W: 2x2; L = sum(W^2)")
    lab.pages.setCurrentIndex(1)
    where(path)
    first.action("saveSessionAsAction").trigger()
    first.wait(lambda: first.desk.path == path)
    second = opened(path)
    second.wait(lambda: second.desk.name == "typed")
    second.action("expressionLabAction").trigger()
    again = second.main.pages.views["expression_lab"]
    second.wait(lambda: again.matrices.text == "W: 2x2; L = sum(W^2)")
    assert (again.functions.text, again.functions.values) == ("y = x sin 3x", {"x": 0.25})
    assert again.matrices.text == "W: 2x2; L = sum(W^2)"
    assert again.pages.currentIndex() == 1
    second.desk.open(tmp_path / "start.bplab")
    second.wait(lambda: second.desk.name == "start")
    assert again.functions.text == "y = x sin 3x", "a session that knows of none leaves what is typed"


def test_a_bookmark_is_a_change_to_be_saved(window: Window, tmp_path: Path) -> None:
    window.open(saved(practical(), tmp_path / "marked.bplab"))
    assert window.main.timeline.bookmarks == () and not window.desk.is_dirty
    button = window.main.timeline.findChild(QAbstractButton, "bookmarkButton")
    assert button is not None
    button.click()
    assert window.main.timeline.bookmarks == (window.frame.step,)
    assert window.desk.is_dirty


def test_the_breakpoints_of_a_session_pause_it(window: Window, tmp_path: Path) -> None:
    view = {"breakpoints": [Breakpoint(StepReached(123)).plain()]}
    window.open(saved(practical(), tmp_path / "pauses.bplab", view))
    window.main.run_controls.speed = 10
    frame = window.press("runAction", lambda frame: frame.hit is not None)
    assert frame.step == 123


def test_a_view_that_makes_no_sense_is_passed_over(window: Window, tmp_path: Path) -> None:
    views: tuple[dict[str, Any], ...] = (
        {"selection": ["weight", 1, 2], "sample": "x", "speed": -1, "granularity": 3, "tab": None},
        {"selection": ["weight", 9, 99, 99], "sample": 10**9, "speed": 10**9, "runs": [1, {"run": "x"}]},
        {"selection": ["moon", 0, 0, 0], "breakpoints": [{"name": "moon"}, 7, {}], "runs": {}},
        {"selection": [["weight"], {}, None, 0], "breakpoints": "x", "tab": ["x"]},
        {"bookmarks": 3},
        {"bookmarks": [None, "2", True, -1, 10**12, [1]]},
    )
    for number, view in enumerate(views):
        window.open(saved(practical(), tmp_path / f"odd{number}.bplab", view))
        assert window.main.focus.part is None, view
        window.choose(Granularity.BATCH)
        assert window.press("stepAction", lambda frame: frame.step == 1).step == 1
        assert window.bar.text == "", view
        window.wait(lambda: window.main.notices.task is None)


def test_the_runs_of_another_session_are_gone(window: Window, tmp_path: Path) -> None:
    window.steps(3)
    trainer = practical()
    trainer.run(9)
    window.open(saved(trainer, tmp_path / "other.bplab"))
    window.wait(lambda: [run.steps for run in window.main.runs_panel.runs] == [9])


def test_failed_save_leaves_everything(window: Window, where: Callable[[Path], None], tmp_path: Path) -> None:
    good, taken = tmp_path / "good.bplab", tmp_path / "taken.bplab"
    where(good)
    window.steps(2)
    window.save(good)
    before = good.read_bytes()
    taken.mkdir()  # a folder in its place: refused whoever runs this
    window.steps(1)
    where(taken)
    window.action("saveSessionAsAction").trigger()
    window.wait(lambda: bool(window.bar.text))
    assert window.bar.tone is Tone.ERROR and "taken.bplab cannot be written" in window.bar.text
    assert window.main.isWindowModified() and window.desk.path == good
    assert good.read_bytes() == before and sorted(tmp_path.glob(".*")) == []
    assert window.steps(1).step == 4


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may write everywhere")
def test_read_only_folder(window: Window, where: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    window.steps(1)
    where(folder / "mine.bplab")
    window.action("saveSessionAction").trigger()
    window.wait(lambda: "cannot be written" in window.bar.text)
    assert window.main.isWindowModified() and list(folder.iterdir()) == []


def test_foreign_file_is_explained_and_the_running_session_goes_on(window: Window, tmp_path: Path) -> None:
    window.steps(2)
    foreign = tmp_path / "foreign.bplab"
    for count, content in enumerate((b"", b"PK\x03\x04 and then nothing", b"no zip at all"), 1):
        foreign.write_bytes(content)
        window.open(foreign)
        assert window.bar.tone is Tone.ERROR and "foreign.bplab" in window.bar.text, content
        assert window.desk.path is None
        assert window.steps(1).step == 2 + count


def test_truncated_file_is_explained(window: Window, tmp_path: Path) -> None:
    path = saved(practical(), tmp_path / "whole.bplab")
    cut = tmp_path / "cut.bplab"
    cut.write_bytes(path.read_bytes()[:-40])
    window.open(cut)
    assert window.bar.tone is Tone.ERROR and "cut.bplab" in window.bar.text
    assert window.frame.dataset.name == builtin("article").name


def test_data_file_that_moved_is_located(
    window: Window, where: Callable[[Path], None], tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    rows = np.random.default_rng(0).normal(size=(40, 3))
    table.write_text("x,y,z\n" + "\n".join(",".join(map(str, row)) for row in rows.tolist()) + "\n")
    experiment = Experiment((Layer(3, "tanh"), Layer(1)), loss="mean_squared_error", batch_size=8)
    trainer = Trainer(experiment, load(table, ReadOptions()))
    trainer.run(5)
    path = tmp_path / "refers.bplab"
    write_session(capture(trainer), path, embed=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = table.rename(elsewhere / "renamed.csv")
    window.open(path)
    assert window.bar.tone is Tone.ERROR and "table.csv" in window.bar.text
    where(moved)
    window.take_offer()
    window.wait(lambda: window.desk.path == path and window.frame.step == 5)
    record = window.steps(1).record
    assert np.array_equal(record.weights_after[0], trainer.step().weights_after[0])


def test_a_session_of_another_machine_is_opened_with_a_warning(window: Window, tmp_path: Path) -> None:
    session = capture(practical())
    changed = {**session.arithmetic, next(iter(session.arithmetic)): "0.0.1"}
    path = tmp_path / "foreign.bplab"
    write_session(type(session)(session.dataset, session.training, arithmetic=changed), path)
    window.open(path)
    window.wait(lambda: window.bar.tone is Tone.WARNING and "0.0.1" in window.bar.text)
    assert window.desk.name == "foreign"


# -- what is not saved -----------------------------------------------------------------------------


def test_dirty_mark_and_name_in_the_title(
    window: Window, where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "mine.bplab"
    where(path)
    assert not window.main.isWindowModified()
    window.steps(1)
    assert window.main.isWindowModified()
    window.save(path)
    assert window.main.windowTitle().startswith("mine[*] · ")
    window.press("stepBackAction")
    window.press("stepAction")
    assert not window.main.isWindowModified()  # the same step again is not new
    window.main.document.set_value("learning_rate", 0.25)
    assert window.main.isWindowModified()
    window.press("undoAction")
    assert not window.main.isWindowModified()
    window.steps(1)
    assert window.main.isWindowModified()
    window.save(path)
    assert read_summary(path).steps == 2


def test_what_is_edited_while_it_is_being_saved_is_not_saved(
    window: Window, where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "mine.bplab"
    where(path)
    window.action("saveSessionAction").trigger()
    window.main.document.set_value("learning_rate", 0.25)
    window.wait(lambda: window.desk.path == path)
    assert window.main.isWindowModified()
    assert read_session(path).experiment.learning_rate == 0.5


def test_saved_while_it_runs(window: Window, where: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "running.bplab"
    where(path)
    window.main.run_controls.speed = 10
    window.press("runAction", lambda frame: frame.step > 100)
    window.action("saveSessionAction").trigger()
    window.wait(lambda: window.desk.path == path)
    step = window.frame.step
    window.wait(lambda: window.frame.step > step)
    assert window.main.isWindowModified()
    trainer = read_session(path).restore()
    again = first_trainer()
    again.run(trainer.completed)
    assert np.array_equal(trainer.weights[0], again.weights[0])


def test_new_asks_once(
    window: Window, question: Question, where: Callable[[Path], None], tmp_path: Path
) -> None:
    window.main.document.new_seed()
    window.steps(2)
    question.answer = BUTTONS.Cancel
    window.action("newSessionAction").trigger()
    assert question.asked == 1 and window.frame.step == 2
    question.answer = BUTTONS.Save
    path = tmp_path / "kept.bplab"
    where(path)
    generation = window.frame.generation
    window.action("newSessionAction").trigger()
    window.wait(lambda: window.frame.generation > generation and window.frame.step == 0)
    assert question.asked == 2
    assert read_summary(path).steps == 2
    assert window.main.document.experiment == first_experiment()
    assert window.desk.name == "" and not window.main.isWindowModified()
    assert not window.action("undoAction").isEnabled()
    generation = window.frame.generation
    window.action("newSessionAction").trigger()
    window.wait(lambda: window.frame.generation > generation)
    assert question.asked == 2


def test_open_asks_and_discards(window: Window, question: Question, tmp_path: Path) -> None:
    path = saved(practical(), tmp_path / "other.bplab")
    window.steps(2)
    question.answer = BUTTONS.Cancel
    window.main.open_file(path)
    window.wait(lambda: question.asked == 1)
    assert window.desk.path is None and window.frame.step == 2
    question.answer = BUTTONS.Discard
    window.main.open_file(path)
    window.wait(lambda: window.desk.path == path)
    assert question.asked == 2


def test_closing_asks_once_and_saves_first(
    window: Window, question: Question, where: Callable[[Path], None], tmp_path: Path
) -> None:
    window.main.confirm_close = True
    window.main.run_controls.speed = 10
    window.press("runAction", lambda frame: frame.step > 100)
    question.answer = BUTTONS.Cancel
    assert not window.main.close()
    assert question.asked == 1 and window.main.isVisible()
    question.answer = BUTTONS.Save
    path = tmp_path / "closed.bplab"
    where(path)
    assert not window.main.close()
    window.wait(lambda: not window.main.isVisible())
    assert question.asked == 2
    assert read_summary(path).steps > 100


def test_closing_without_changes_does_not_ask(window: Window, question: Question) -> None:
    window.main.confirm_close = True
    assert window.main.close()
    assert question.asked == 0


# -- two windows on one file -----------------------------------------------------------------------


@pytest.fixture
def two(opened: Callable[..., Window], tmp_path: Path) -> tuple[Window, Window, Path]:
    """Two windows that have opened one session, of which the first has saved a change since."""
    trainer = practical()
    trainer.run(30)
    path = saved(trainer, tmp_path / "shared.bplab")
    first, second = opened(), opened()
    for each in (first, second):
        each.open(path)
        each.wait(lambda each=each: each.desk.path == path and each.frame.step == 30)  # type: ignore[misc]
    first.main.document.set_value("learning_rate", 0.125)
    first.steps(2)
    first.save(path)
    second.main.document.set_value("learning_rate", 0.0625)
    second.steps(1)
    return first, second, path


def choose(window: Window, text: str) -> None:
    """Press one of the things that the bar offers."""
    buttons = window.bar.findChildren(QPushButton)
    (button,) = (each for each in buttons if each.isVisible() and each.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_later_save_does_not_overwrite_what_another_window_saved(
    two: tuple[Window, Window, Path], where: Callable[[Path], None], tmp_path: Path
) -> None:
    _, second, path = two
    theirs = path.read_bytes()
    second.action("saveSessionAction").trigger()
    second.wait(lambda: "shared.bplab has been changed elsewhere" in second.bar.text)
    assert path.read_bytes() == theirs
    assert second.main.isWindowModified() and second.desk.path == path
    choose(second, "See what differs")
    second.wait(lambda: "in the file" in second.bar.text)
    assert second.bar.text.splitlines() == [
        "Step: 32 in the file, 31 here.",
        "Steps of the run: 32 in the file, 31 here.",
        "Learning rate η: 0.125 in the file, 0.0625 here.",
        "The weights are not the same.",
    ]
    assert path.read_bytes() == theirs
    where(tmp_path / "mine.bplab")
    choose(second, "Save session as…")
    second.wait(lambda: second.desk.path == tmp_path / "mine.bplab" and not second.main.isWindowModified())
    assert path.read_bytes() == theirs
    assert read_summary(tmp_path / "mine.bplab").steps == 31


def test_it_is_overwritten_when_that_is_said(two: tuple[Window, Window, Path]) -> None:
    first, second, path = two
    second.action("saveSessionAction").trigger()
    second.wait(lambda: "changed elsewhere" in second.bar.text)
    choose(second, "Overwrite")
    second.wait(lambda: not second.main.isWindowModified())
    assert read_summary(path).steps == 31
    second.steps(1)
    second.save(path)  # its own file again
    first.steps(1)
    first.action("saveSessionAction").trigger()
    first.wait(lambda: "changed elsewhere" in first.bar.text)
    assert read_summary(path).steps == 32


def test_closing_does_not_overwrite_either(two: tuple[Window, Window, Path], question: Question) -> None:
    _, second, path = two
    theirs = path.read_bytes()
    question.answer = BUTTONS.Save
    second.main.confirm_close = True
    second.main.close()
    second.wait(lambda: "changed elsewhere" in second.bar.text)
    assert second.main.isVisible() and path.read_bytes() == theirs
    choose(second, "Overwrite")
    second.wait(lambda: not second.main.isVisible())
    assert read_summary(path).steps == 31


def test_a_file_that_was_only_touched_or_is_gone_is_saved_without_a_word(
    window: Window, tmp_path: Path
) -> None:
    path = saved(practical(), tmp_path / "s.bplab")
    window.open(path)
    window.wait(lambda: window.desk.path == path)
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)  # another file, of another time, with the same in it
    window.steps(1)
    window.save(path)
    path.unlink()
    window.steps(1)
    window.save(path)
    assert window.bar.text == ""
    path.write_bytes(b"not a session")
    window.steps(1)
    window.action("saveSessionAction").trigger()
    window.wait(lambda: "changed elsewhere" in window.bar.text)
    choose(window, "See what differs")
    window.wait(lambda: "not a session" in window.bar.text)


# -- against a crash -------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from engine.files.autosave import Orphan, autosave_folder
from gui.main_window import MainWindow
application = QApplication([])
window = MainWindow()
window.document.set_value("learning_rate", 0.25)
window.begin(None, 500)
timer = QTimer()
def look():
    for path in autosave_folder().glob("*.bplab"):
        if Orphan(path, 0.0).summary().steps < 500:
            continue
        edited = any('"edits"' in each.read_text() for each in path.parent.glob("*.journal"))
        if not sys.argv[1:] or edited:
            os.kill(os.getpid(), signal.SIGKILL)
        if not window.session_desk.copies.is_copying:
            window.document.set_value("learning_rate", 0.125)  # what only the journal tells
timer.timeout.connect(look)
timer.start(5)
window.show()
application.exec()
"""


def killed(*arguments: str) -> Orphan:
    """What a window leaves behind that is killed after 500 steps."""
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", KILLED, *arguments]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": root}, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = orphans()
    return left


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_work_of_a_killed_window_is_offered_and_goes_on_bit_for_bit(
    opened: Callable[..., Window], where: Callable[[Path], None], tmp_path: Path
) -> None:
    left = killed()
    window = opened()
    window.wait(lambda: "up to step 500" in window.bar.text)
    window.take_offer()
    window.wait(lambda: window.frame.step == 500)
    assert window.main.isWindowModified() and window.desk.path is None
    assert orphans() == []  # ours now
    frame = window.steps(1)
    trainer = first_trainer(learning_rate=0.25)
    trainer.run(500)
    assert np.array_equal(frame.record.weights_after[0], trainer.step().weights_after[0])
    where(tmp_path / "kept.bplab")
    window.save(tmp_path / "kept.bplab")
    window.wait(lambda: not left.path.exists())


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_an_edit_of_the_last_second_but_one_is_not_lost(opened: Callable[..., Window]) -> None:
    left = killed("edit")
    assert read_summary(left.path).experiment.learning_rate == 0.25
    window = opened()
    window.wait(lambda: "up to step 500" in window.bar.text)
    window.take_offer()
    window.wait(lambda: window.frame.settings.learning_rate == 0.125)
    assert window.main.document.experiment.learning_rate == 0.125
    trainer = first_trainer(learning_rate=0.25)
    trainer.run(500)
    trainer.change(trainer.experiment.changed(learning_rate=0.125))
    trainer.run(3)
    goal = trainer.step()
    window.choose(Granularity.BATCH)
    while window.frame.record.step < 504:
        window.press("stepAction")
    assert np.array_equal(window.frame.record.weights_after[0], goal.weights_after[0])


def test_another_network_begins_another_journal(window: Window) -> None:
    window.steps(1)
    window.desk.copies.note()
    window.wait(lambda: bool(list(autosave_folder().glob("*.bplab"))))
    (copy,) = autosave_folder().glob("*.bplab")
    window.wait(lambda: not window.desk.copies.is_copying)
    window.main.document.set_value("layers[0].units", 5)
    window.wait(lambda: window.frame.record.sizes[1] == 5)
    window.desk.copies.note()
    window.wait(lambda: read_summary(copy).experiment.layers[0].units == 5)
    window.wait(lambda: not window.desk.copies.is_copying)
    window.steps(2)
    window.desk.copies.note()
    left = Orphan(copy, 0.0)
    window.wait(lambda: left.summary().steps == 2)
    window.wait(lambda: len(list(copy.parent.glob("*.journal"))) == 1)
    assert read_summary(copy).steps < 2 and left.read()[1].completed == 2


def test_a_copy_is_kept_at_pause_and_gone_at_a_good_end(window: Window) -> None:
    steps = window.run_for_a_while().step
    window.wait(lambda: [read_summary(copy).steps for copy in autosave_folder().glob("*.bplab")] == [steps])
    assert orphans() == []  # it is not left behind: we are here
    window.main.close()
    assert list(autosave_folder().iterdir()) == []


def test_a_copy_remembers_the_file_of_its_session(
    opened: Callable[..., Window], where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "mine.bplab"
    where(path)
    first = opened()
    first.save(path)
    first.run_for_a_while()
    first.wait(lambda: bool(list(autosave_folder().glob("*.bplab"))))
    (copy,) = autosave_folder().glob("*.bplab")
    left = copy.with_name("left.bplab")
    first.wait(lambda: not first.desk.copies.is_copying)
    left.write_bytes(copy.read_bytes())
    second = opened()
    second.wait(lambda: "left behind" in second.bar.text)
    second.take_offer()
    second.wait(lambda: second.desk.path == path)
    assert second.main.isWindowModified()


def test_nothing_is_copied_twice_or_when_it_is_saved(
    window: Window, where: Callable[[Path], None], tmp_path: Path
) -> None:
    window.desk.copies.keep()
    window.steps(2)
    window.desk.copies.keep()
    window.wait(lambda: bool(list(autosave_folder().glob("*.bplab"))))
    (copy,) = autosave_folder().glob("*.bplab")
    window.wait(lambda: not window.desk.copies.is_copying)
    before = copy.stat().st_mtime_ns
    window.desk.copies.keep()
    assert not window.desk.copies.is_copying
    where(tmp_path / "mine.bplab")
    window.save(tmp_path / "mine.bplab")
    window.wait(lambda: not copy.exists())
    window.desk.copies.keep()
    assert not window.desk.copies.is_copying and before


def test_a_window_that_remembers_nothing_keeps_no_copy(opened: Callable[..., Window]) -> None:
    window = opened(remember=False)
    window.run_for_a_while()
    window.desk.copies.keep()
    window.main.close()
    assert not autosave_folder().exists()


def test_a_folder_that_cannot_be_made_is_told_once(window: Window, tmp_path: Path) -> None:
    autosave_folder().parents[1].mkdir(parents=True, exist_ok=True)
    autosave_folder().parent.write_text("in the way")
    window.steps(1)
    window.desk.copies.keep()
    window.wait(lambda: "against a crash" in window.bar.text)
    window.bar.hide()
    window.steps(1)
    window.desk.copies.keep()
    window.wait(lambda: not window.desk.copies.is_copying)
    assert window.bar.text == ""
    autosave_folder().parent.unlink()


# -- experiments, and ways in ----------------------------------------------------------------------


def test_toml_round_trip(window: Window, where: Callable[[Path], None], tmp_path: Path) -> None:
    document = window.main.document
    document.set_value("layers[0].units", 6)
    document.set_value("optimizer", "adam")
    experiment = document.experiment
    path = tmp_path / "mine.toml"
    where(path)
    window.action("saveExperimentAction").trigger()
    window.wait(path.exists)
    document.set_value("layers[0].units", 2)
    window.action("openSessionAction").trigger()
    window.wait(lambda: document.experiment == experiment)
    window.wait(lambda: window.frame.record.sizes == (4, 6, 2))
    window.press("undoAction", lambda frame: frame.record.sizes == (4, 2, 2))


def test_wrong_experiment_is_refused_with_its_line(window: Window, tmp_path: Path) -> None:
    text = first_experiment().to_toml()
    path = tmp_path / "wrong.toml"
    for wrong, right, says in (
        ("learning_rate = 0.5", "learning_rate = -0.5", "learning rate"),
        ("units = 2", "units = 5", "Give the output layer 2 units"),
        ("learning_rate = 0.5", "learning_rate = = 0.5", "TOML"),
    ):
        assert text.count(wrong) == 1
        path.write_text(text.replace(wrong, right))
        window.open(path)
        line = next(i for i, row in enumerate(path.read_text().splitlines(), 1) if right in row)
        assert window.bar.tone is Tone.ERROR
        assert f"wrong.toml, line {line}:" in window.bar.text and says.lower() in window.bar.text.lower()
        assert window.main.document.experiment == first_experiment()


def test_session_dropped_on_the_window(window: Window, tmp_path: Path) -> None:
    path = saved(practical(), tmp_path / "dropped.bplab")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), copy, mime, left, none)
    window.main.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.main.dropEvent(QDropEvent(QPointF(50, 50), copy, mime, left, none))
    window.wait(lambda: window.desk.path == path and window.frame.record.sizes == (4, 5, 3))


def test_open_data_set_takes_a_session_too(
    window: Window, where: Callable[[Path], None], tmp_path: Path
) -> None:
    path = saved(practical(), tmp_path / "session.bplab")
    where(path)
    window.action("openDatasetAction").trigger()
    window.wait(lambda: window.desk.path == path)


def test_file_of_the_command_line_is_trained_on(opened: Callable[..., Window], tmp_path: Path) -> None:
    trainer = practical()
    trainer.run(5)
    path = saved(trainer, tmp_path / "session.bplab")
    window = opened()
    window.main.begin(path, 20)
    window.wait(lambda: window.frame.step == 25 and window.frame.status is Status.PAUSED)


@pytest.mark.usefixtures("dressed")
def test_a_picture_of_a_session_and_of_none(tmp_path: Path) -> None:
    trainer = practical()
    trainer.run(5)
    path = saved(trainer, tmp_path / "session.bplab")
    root = str(Path(__file__).parents[3])

    def picture(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-c",
                "from gui.app import run; run()",
                str(file),
                "--screenshot",
                str(tmp_path / "picture.png"),
                *more,
            ],
            env={**os.environ, "PYTHONPATH": root},
            cwd=tmp_path,
            timeout=120,
            check=False,
            capture_output=True,
            text=True,
        )

    assert picture(tmp_path / "missing.bplab").returncode == 1
    unknown = picture(path, "--select", "9,9,9")
    assert unknown.returncode == 1
    sizes = "-".join(map(str, trainer.packing.sizes))
    assert unknown.stderr.strip() == f"There is no weight 9,9,9 in this network. Its layers are {sizes}."
    assert not (tmp_path / "picture.png").exists()
    assert picture(path).returncode == 0
    assert (tmp_path / "picture.png").exists()


@pytest.mark.parametrize("steps", [None, 3])
@pytest.mark.usefixtures("dressed")
def test_the_picture_is_of_the_session_and_what_is_selected_in_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int | None
) -> None:
    """Not of the network that is there at first, however long the session takes to be read."""
    trainer = practical()
    trainer.run(5)
    view = {"selection": ["bias", 1, 0, 0]}
    path = tmp_path / "session.bplab"
    write_session(capture(trainer, view), path)
    may_read, read = threading.Event(), read_session

    def late(*args: Any, **options: Any) -> Any:
        may_read.wait()
        return read(*args, **options)

    monkeypatch.setattr("gui.files.session.read_session", late)
    main = MainWindow(remember=False)
    frames: list[Frame] = []
    pictured: list[tuple[Frame, object]] = []
    main.frame_shown.connect(frames.append)
    main.frame_shown.connect(lambda: QTimer.singleShot(100, may_read.set))
    monkeypatch.setattr(main._errand, "_save_picture", lambda: pictured.append((frames[-1], main.focus.part)))
    main.save_picture_when_done(tmp_path / "picture.png")
    main.begin(path, steps, (2, 1, 2))
    main.show()
    try:
        qtbot.waitUntil(lambda: bool(pictured))
        (frame, selection), *more = pictured
        assert (frame.step, frame.experiment) == (5 + (steps or 0), trainer.experiment)
        assert selection == Part("weight", 2, 2, 1)
        assert not more
    finally:
        may_read.set()
        main.close()
        main.deleteLater()


def test_selecting_a_part_that_is_not_there_is_said(window: Window) -> None:
    for part in ((1, 0, 99), (0, 0, 0), (1, -1, 0), (3, None, 5)):
        window.bar.hide()
        window.main.begin(None, None, part)
        assert window.bar.tone is Tone.ERROR
        assert "4-3-2" in window.bar.text
        assert window.main.focus.part is None


def test_recent_sessions(window: Window, where: Callable[[Path], None], tmp_path: Path) -> None:
    paths = [saved(practical(), tmp_path / f"{name}.bplab") for name in ("first", "second")]
    menu = window.main.findChild(QMenu, "recentSessionsMenu")
    assert menu is not None
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    for path in paths:
        window.open(path)
    where(tmp_path / "third.bplab")
    window.action("saveSessionAsAction").trigger()
    window.wait(lambda: window.desk.name == "third")
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["third", "second", "first"]
    paths[1].unlink()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["third", "first"]
    menu.actions()[1].trigger()
    window.wait(lambda: window.desk.name == "first")


def test_shortcuts_are_each_used_once(window: Window) -> None:
    keys = {
        "newSessionAction": "Ctrl+N",
        "openSessionAction": "Ctrl+Alt+O",
        "saveSessionAction": "Ctrl+S",
        "saveSessionAsAction": "Ctrl+Shift+S",
    }
    for name, text in keys.items():
        same = [a for a in window.main.findChildren(QAction) if a.shortcut().toString() == text]
        assert [action.objectName() for action in same] == [name]
