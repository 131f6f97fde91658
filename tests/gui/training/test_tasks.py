"""The second thread: results and errors come back to the window's thread, and a task can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import DatasetError, EngineError
from gui.training.tasks import Task, Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    tasks.start()
    yield tasks
    tasks.shut_down()
    assert not tasks.is_running


class Outcome:
    """What came of a task, and in which thread it was told."""

    def __init__(self) -> None:
        self.results: list[Any] = []
        self.errors: list[EngineError] = []
        self.threads: set[int] = set()

    def then(self, result: Any) -> None:
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def otherwise(self, error: EngineError) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())


def test_result_and_error_come_back_here(tasks: Tasks, qtbot: QtBot) -> None:
    outcome, worked_in = Outcome(), []

    def work(task: Task) -> int:
        worked_in.append(threading.get_ident())
        return 42

    def fail(task: Task) -> None:
        raise DatasetError("no_rows")

    tasks.submit(Task("work", work, outcome.then, outcome.otherwise))
    tasks.submit(Task("fail", fail, outcome.then, outcome.otherwise))
    qtbot.waitUntil(lambda: bool(outcome.errors))
    assert outcome.results == [42]
    assert [error.kind for error in outcome.errors] == ["no_rows"]
    assert outcome.threads == {threading.get_ident()}
    assert worked_in != [threading.get_ident()]


def test_progress_then_cancel_drops_the_result(tasks: Tasks, qtbot: QtBot) -> None:
    outcome, shares = Outcome(), []
    tasks.progressed.connect(lambda task, share: shares.append(share))

    def work(task: Task) -> str:
        task.progress(0.25)
        while not task.cancelled():
            threading.Event().wait(0.002)
        return "half done"

    task = Task("work", work, outcome.then, outcome.otherwise)
    tasks.submit(task)
    qtbot.waitUntil(lambda: shares == [0.25])
    with qtbot.waitSignal(tasks.ended):
        task.cancel()
    qtbot.wait(20)
    assert outcome.results == [] and outcome.errors == []


def test_closing_does_not_wait_for_a_long_task(qtbot: QtBot) -> None:
    tasks, outcome = Tasks(), Outcome()
    tasks.start()

    def work(task: Task) -> None:
        while not task.cancelled():
            threading.Event().wait(0.002)

    with qtbot.waitSignal(tasks.started_task):
        tasks.submit(Task("for ever", work, outcome.then, outcome.otherwise))
    tasks.shut_down()
    assert not tasks.is_running


def test_nobody_hears_of_a_quiet_task_but_who_asked(tasks: Tasks, qtbot: QtBot) -> None:
    outcome, heard = Outcome(), []
    for signal in (tasks.started_task, tasks.ended):
        signal.connect(heard.append)
    tasks.progressed.connect(lambda task, share: heard.append(share))

    def work(task: Task) -> int:
        task.progress(0.5)
        return 1

    tasks.submit(Task("", work, outcome.then, outcome.otherwise, quiet=True))
    qtbot.waitUntil(lambda: outcome.results == [1])
    assert heard == []


def test_nothing_comes_back_after_closing(qtbot: QtBot) -> None:
    tasks, outcome = Tasks(), Outcome()
    done = threading.Event()

    def work(task: Task) -> int:
        done.set()
        return 1

    tasks.start()
    tasks.submit(Task("", work, outcome.then, outcome.otherwise))
    done.wait(10)
    tasks.shut_down()  # the result waits in this thread's queue
    qtbot.wait(20)
    assert outcome.results == []
