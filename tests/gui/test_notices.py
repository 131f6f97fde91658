"""What is said in the bar: each thing in its words, and no longer than it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import Dataset
from engine.errors import DatasetError, ExperimentError, UnexpectedError
from gui.notices import Notices
from gui.text.numbers import grouped
from gui.training.tasks import Task, Tasks
from gui.widgets.message_bar import MessageBar, Tone


class Said:
    """Notices without a window, and what was taken of their offers."""

    def __init__(self, qtbot: QtBot, tasks: Tasks) -> None:
        self.bar = MessageBar()
        qtbot.addWidget(self.bar)
        self.kept = True
        self.log: Path | None = None
        self.notices = Notices(self.bar, tasks, lambda: self.kept, lambda: self.log)
        self.taken: list[Any] = []
        for name in ("save_requested", "anew_requested"):
            getattr(self.notices, name).connect(lambda name=name: self.taken.append(name))
        for signal in (self.notices.restart_requested, self.notices.import_requested):
            signal.connect(self.taken.append)

    @property
    def offers(self) -> list[str]:
        buttons = [self.bar._offer] if self.bar._choice.isHidden() else self.bar._choices
        return [button.text() for button in buttons if not button.isHidden()]


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    tasks.start()
    yield tasks
    tasks.shut_down()


@pytest.fixture
def said(qtbot: QtBot, tasks: Tasks) -> Said:
    return Said(qtbot, tasks)


ERROR = ExperimentError("other_network")


def test_what_is_said_about_something_is_taken_back_with_it(said: Said) -> None:
    said.notices.say_check_failed(ERROR)
    assert said.bar.text and said.bar.tone is Tone.ERROR
    said.notices.take_back_undo()
    assert said.bar.text
    said.notices.take_back_check()
    assert said.bar.text == ""


def test_what_was_said_since_stays(said: Said) -> None:
    said.notices.say_not_undone(12_345)
    assert grouped(12_345) in said.bar.text
    said.notices.say_missed("Train first.")
    said.notices.take_back_undo()
    assert said.bar.text == "Train first." and said.bar.tone is Tone.WARNING


def test_an_unexpected_error_says_whether_the_work_is_here(said: Said, tmp_path: Path) -> None:
    error = UnexpectedError.of(ZeroDivisionError("by zero"))
    run = object()
    said.log = tmp_path / "log.txt"
    said.notices.say_unexpected(error, True, run)  # type: ignore[arg-type]
    assert "Your work is still here." in said.bar.text and str(said.log) in said.bar.text
    assert said.offers == ["Go on", "Save session", "Restart training"]
    said.bar._choices[2].click()
    said.kept = False
    said.notices.say_error(error)
    assert "What was trained is lost" in said.bar.text and said.offers == ["Begin anew"]
    said.bar._offer.click()
    assert said.taken == [run, "anew_requested"]


def test_a_file_that_cannot_be_read_can_be_imported(said: Said, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    said.notices.say_not_read(DatasetError("no_rows"), path)
    assert said.bar.text.startswith("own.csv: ") and said.offers == []
    path.touch()
    said.notices.say_not_read(DatasetError("no_rows"), path)
    said.bar._offer.click()
    assert said.taken == [path]


def test_a_session_that_cannot_be_opened_is_named_with_the_line(said: Said) -> None:
    error = ExperimentError("bad_toml", field="", reason="x", file="own.toml", line=3)
    said.notices.say_not_opened(error, Path("own.toml"), None)
    assert said.bar.text.startswith("own.toml, line 3: ")


def test_good_data_end_what_was_said(said: Said) -> None:
    said.notices.say_missed("Train first.")
    said.notices.say_read(Dataset.from_arrays([[1.0], [2.0]], [1.0, 2.0]))
    assert said.bar.text == ""


def test_what_was_written_is_named(said: Said) -> None:
    said.notices.say_exported((Path("a.png"),))
    assert said.bar.text == "Written: a.png" and said.offers == ["Open folder"]
    said.notices.say_exported((Path("a.png"), Path("b.png"), Path("c.png")))
    assert said.bar.text == "Written: a.png and 2 more"


def test_closing_is_allowed_at_the_second_time_while_something_is_done(
    said: Said, tasks: Tasks, qtbot: QtBot
) -> None:
    assert said.notices.lets_close()
    go_on = Event()
    with qtbot.waitSignal(tasks.ended):
        tasks.submit(Task("Writing", lambda task: go_on.wait(20), lambda _: None, lambda _: None))
        qtbot.waitUntil(lambda: said.notices.task is not None)
        assert not said.notices.lets_close()
        assert "Writing" in said.bar.text
        assert said.notices.lets_close()
        go_on.set()
    assert said.notices.lets_close()


def test_only_a_task_that_takes_long_shows_its_progress(said: Said, tasks: Tasks, qtbot: QtBot) -> None:
    go_on = Event()

    def work(task: Task) -> None:
        task.progress(0.25)
        go_on.wait(20)

    with qtbot.waitSignal(tasks.ended):
        tasks.submit(Task("Writing", work, lambda _: None, lambda _: None))
        qtbot.waitUntil(lambda: said.notices._share == 0.25)
        assert said.notices._patience.isActive() == (said.bar.text == "")
        qtbot.waitUntil(lambda: said.bar.text == "Writing")
        assert said.bar._progress.value() == 250
        go_on.set()
    assert said.bar.text == ""
