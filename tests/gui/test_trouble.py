"""What nobody caught: written down, told in the window's thread, and survived with the work."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Trainer
from engine.errors import ExperimentError, UnexpectedError
from engine.files.session import capture, read_session, write_session
from engine.parts import Part
from engine.series import Series
from gui.document.examples import FIRST
from gui.panels.breakpoints import BreakpointsPanel
from gui.training.cursor import Walk
from gui.training.messages import Frame, Granularity, Run, Status, Step
from gui.trouble import LOG_BYTES, Trouble, log_file
from gui.widgets.message_bar import Tone
from tests.gui.driver import Driver

HERE = "Your work is still here."


class Ear(QObject):
    """Hears in the thread it was made in."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[Exception, int]] = []

    @Slot(object)
    def hear(self, error: Exception) -> None:
        self.heard.append((error, threading.get_ident()))


@pytest.fixture
def ear(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Trouble, Ear]]:
    ear = Ear()
    with Trouble(tmp_path / "folder" / "log.txt") as trouble:
        trouble.told.connect(ear.hear, Qt.ConnectionType.QueuedConnection)
        yield trouble, ear


def test_the_log_lies_among_the_programs_own_data() -> None:
    assert log_file().parent.name == "backprop-lab"


def test_an_error_of_any_thread_is_told_in_the_windows_and_written_down(
    ear: tuple[Trouble, Ear], qtbot: QtBot
) -> None:
    trouble, hears = ear

    def fail() -> None:
        raise ZeroDivisionError("in another thread")

    thread = threading.Thread(target=fail, name="worker of a test")
    thread.start()
    thread.join()
    assert hears.heard == []  # nothing has been touched from there
    qtbot.waitUntil(lambda: bool(hears.heard))
    (error, where), *others = hears.heard
    assert (str(error), where, others) == ("in another thread", threading.get_ident(), [])
    assert trouble.log is not None
    text = trouble.log.read_text()
    assert "in another thread" in text and "test_trouble.py" in text and "worker of a test" in text


def test_an_error_in_a_finalizer_is_written_down(ear: tuple[Trouble, Ear]) -> None:
    class Falls:
        def __del__(self) -> None:
            raise KeyError("at the end")

    Falls()
    assert ear[0].log is not None and "at the end" in ear[0].log.read_text()
    assert ear[1].heard == []


def test_the_log_is_bounded_and_the_last_one_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    for _ in range(2):
        with Trouble(log):
            for _ in range(40):
                sys.excepthook(ValueError, ValueError("x" * 50_000), None)
        assert LOG_BYTES // 2 < log.stat().st_size <= LOG_BYTES + 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log-before.txt", "log.txt"]


def test_where_no_log_can_be_written_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Trouble(tmp_path / "file" / "log.txt") as trouble:
        assert trouble.log is None
    assert sys.excepthook is sys.__excepthook__ and threading.excepthook is threading.__excepthook__


def test_a_crash_leaves_the_stacks_of_all_threads_in_the_log(tmp_path: Path) -> None:
    script = (
        "import faulthandler, pathlib, sys\n"
        "from gui.trouble import Trouble\n"
        "def falls():\n    faulthandler._sigsegv()\n"
        "with Trouble(pathlib.Path(sys.argv[1])):\n    falls()\n"
    )
    log = tmp_path / "log.txt"
    done = subprocess.run([sys.executable, "-c", script, str(log)], cwd=Path(__file__).parents[2])
    assert done.returncode != 0
    assert "falls" in log.read_text()


# -- the window --------------------------------------------------------------------------------------


class Window(Driver):
    """A main window, what it shows and what can be pressed."""

    @property
    def offers(self) -> dict[str, QPushButton]:
        buttons = self.bar.findChildren(QPushButton)
        return {b.text(): b for b in buttons if b.isVisible()}


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


@pytest.fixture
def save(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Trainer]:
    """Press the offer to save, and read what was saved."""
    path = tmp_path / "saved.bplab"
    monkeypatch.setattr(QFileDialog, "exec", lambda dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda dialog: [str(path)])

    def press() -> Trainer:
        window.offers["Save session"].click()
        window.wait(lambda: window.main.session_desk.path == path)
        return read_session(path).restore()

    return press


def fresh(frame: Frame, steps: int) -> Trainer:
    trainer = Trainer(frame.record.experiment, frame.dataset)
    assert FIRST.start is not None
    trainer.set_parameters(FIRST.start.weights, FIRST.start.biases)
    trainer.run(steps)
    return trainer


def test_an_error_in_the_window_says_so_and_offers_how_to_go_on(
    window: Window, save: Callable[[], Trainer], tmp_path: Path
) -> None:
    window.main.log = tmp_path / "log.txt"
    window.run(20)
    window.main.show_unexpected(ZeroDivisionError("just so"))
    assert window.bar.tone is Tone.ERROR
    for part in ("just so", HERE, str(tmp_path / "log.txt")):
        assert part in window.bar.text
    assert list(window.offers) == ["Go on", "Save session", "Restart training"]
    window.offers["Go on"].click()
    assert window.bar.text == ""
    window.main.show_unexpected(ZeroDivisionError("again"))
    assert np.array_equal(save().weights[0], fresh(window.frame, 20).weights[0])


@pytest.mark.parametrize("name", ["check_parameter", "check_record"])
def test_an_error_in_a_check_says_so_until_a_check_succeeds(
    name: str, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.main.log = tmp_path / "log.txt"
    window.run(5)

    def check() -> None:
        if name == "check_parameter":
            window.main.chain_rule_view.check_requested.emit(Part("weight", 1, 0, 0))
        else:
            window.main.tabs.setCurrentWidget(window.main.check_map_view)
            window.main.check_map_view.check_requested.emit()

    with monkeypatch.context() as patch:
        patch.setattr(f"gui.training.checks.{name}", lambda *args: 1 / 0)
        check()
        window.wait(lambda: "division by zero" in window.bar.text)
    assert HERE in window.bar.text and str(tmp_path / "log.txt") in window.bar.text
    assert list(window.offers) == ["Go on", "Save session", "Restart training"]
    check()
    window.wait(lambda: window.bar.text == "")
    window.main.show_unexpected(ZeroDivisionError("something else"))
    with window.qtbot.waitSignal(window.main._tasks.ended):
        check()
    assert "something else" in window.bar.text  # a check says nothing about that


def test_an_error_in_reading_says_that_the_work_is_here(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.csv").write_text("x,y\n1,2\n2,3\n")
    monkeypatch.setattr("engine.data.load.load", lambda *args, **more: 1 / 0)
    window.main.open_file(tmp_path / "own.csv")
    window.wait(lambda: "division by zero" in window.bar.text)
    assert HERE in window.bar.text and "Save session" in window.offers


def test_a_full_disk_in_the_window(
    window: Window, save: Callable[[], Trainer], monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Series.append

    def refuse(series: Series, values: object) -> None:
        if len(series) >= 3000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(series, values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Series, "append", refuse)
        window.main.submit(Run(Granularity.BATCH, None))
        window.wait(lambda: HERE in window.bar.text)
        assert "disk is full" in window.bar.text
        window.wait(lambda: window.frame.status is Status.PAUSED)
        shown = window.frame.step
        assert np.array_equal(save().weights[0], fresh(window.frame, shown).weights[0])
        window.main.submit(Run(Granularity.BATCH, None))
        window.wait(lambda: HERE in window.bar.text)
    window.offers["Restart training"].click()
    window.wait(lambda: window.frame.step > 5000 and window.frame.status is Status.RUNNING)
    window.main.run_controls.run_action.trigger()
    window.wait(lambda: window.frame.status is Status.PAUSED)
    record = window.frame.record
    assert np.array_equal(record.weights_after[0], fresh(window.frame, record.step).weights[0])


def test_where_the_work_is_lost_it_is_not_said_to_be_here(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.run(5)
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "go_back_to", lambda *args: 1 / 0)
        patch.setattr(Walk, "advance", lambda *args: 1 / 0)
        window.main.submit(Step(Granularity.BATCH))
        window.wait(lambda: window.bar.text != "")
    assert HERE not in window.bar.text and "lost" in window.bar.text
    window.main.show_unexpected(ZeroDivisionError("later"))
    assert HERE not in window.bar.text
    assert list(window.offers) == ["Begin anew"]
    window.offers["Begin anew"].click()
    window.wait(lambda: window.frame.step == 0)
    assert window.run(5).step == 5
    window.main.show_unexpected(ZeroDivisionError("later still"))
    assert HERE in window.bar.text


def test_saving_what_is_lost_says_so(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "there.bplab"
    window.main.session_desk._path = path
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "go_back_to", lambda *args: 1 / 0)
        patch.setattr(Walk, "advance", lambda *args: 1 / 0)
        window.main.submit(Step(Granularity.BATCH))
        window.wait(lambda: "lost" in window.bar.text)
    window.action("saveSessionAction").trigger()
    window.wait(lambda: "no training any more" in window.bar.text)
    assert not path.exists()


def test_one_views_error_keeps_the_frame_from_no_other_and_the_next_one_comes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(panel: BreakpointsPanel, frame: Frame) -> None:
        raise IndexError("in a view")

    monkeypatch.setattr(BreakpointsPanel, "show_frame", fail)
    with qtbot.capture_exceptions() as caught:
        window = Window(qtbot)
        window.run(3)
        assert window.main.export_desk._frame is window.frame  # it comes after the panel
    assert {kind for kind, _, _ in caught} == {IndexError}
    window.close()


def test_a_session_that_cannot_be_shown_leaves_what_was_there(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.bplab"
    trainer = fresh(window.frame, 30)
    write_session(capture(trainer), path)
    before = window.main.document.state
    window.main.session_desk.save_as = lambda: None
    with monkeypatch.context() as patch:
        patch.setattr(Walk, "of", lambda trainer: 1 / 0)
        generation = window.frame.generation
        window.main.open_file(path)
        window.wait(lambda: window.frame.generation > generation)
    assert window.main.document.state is before
    assert window.main.session_desk.path is None  # nothing is saved over the other
    assert HERE in window.bar.text
    assert window.run(4).step == 4


def test_a_network_without_room_is_refused_and_the_one_before_goes_on(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.run(5)

    def refuse(experiment: Experiment, dataset: Dataset) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("gui.training.worker.Trainer", refuse)
        generation = window.frame.generation
        window.main.document.set_value("layers[0].units", 50)
        window.wait(lambda: window.frame.generation > generation)
    assert "not enough memory" in window.bar.text and HERE in window.bar.text
    assert window.main.document.experiment.layers[0].units == 3
    assert window.run(2).step == 7


def test_errors_of_the_program_keep_what_raised_them() -> None:
    cause = KeyError("gelu")
    error = UnexpectedError.of(cause)
    assert error.__cause__ is cause and "KeyError" in str(error)
    assert not isinstance(error, ExperimentError)


def test_a_save_that_ends_late_gives_no_place_to_what_is_open_by_then(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "first.bplab"
    desk = window.main.session_desk
    generation = window.frame.generation
    desk._save_to(path, lambda: None)
    desk.new()
    window.wait(lambda: window.frame.generation > generation and path.exists())
    window.wait(lambda: window.main.notices.task is None)
    assert desk.path is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_opened_in_the_window_is_refused(window: Window, tmp_path: Path) -> None:
    for step, name in enumerate(("pipe.csv", "pipe.bplab", "pipe.toml"), 1):
        os.mkfifo(tmp_path / name)
        window.main.open_file(tmp_path / name)
        window.wait(lambda name=name: name in window.bar.text)  # type: ignore[misc]
        assert "pipe or a device" in window.bar.text
        assert window.run(1).step == step
