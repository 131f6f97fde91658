"""Whatever is raised in either thread is told, the thread goes on serving, and the work is still there."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin
from engine.arrays import FloatArray
from engine.errors import EngineError, UnexpectedError
from engine.parts import Part
from engine.series import Series
from gui.training.cursor import Walk
from gui.training.messages import (
    Back,
    Capture,
    Frame,
    Granularity,
    Load,
    Rebuild,
    Run,
    Seek,
    SetParameter,
    Status,
    Step,
)
from gui.training.probe import Probe
from gui.training.tasks import Task, Tasks
from gui.training.worker import Worker
from tests.gui.training.listener import Listener

EXPERIMENT = Experiment(
    layers=(Layer(4, "tanh"), Layer(3, "softmax")),
    loss="cross_entropy",
    learning_rate=0.1,
    batch_size=20,
    validation=0.2,
)
IRIS = builtin("iris")


@pytest.fixture
def listener(qtbot: QtBot) -> Iterator[Listener]:
    worker = Worker()
    listener = Listener(qtbot, worker)
    worker.start()
    listener.after(Load(1, 0, EXPERIMENT, IRIS))
    yield listener
    worker.shut_down()
    assert not worker.is_running


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks()
    tasks.start()
    yield tasks
    tasks.shut_down()
    assert not tasks.is_running


def fresh(steps: int) -> Trainer:
    trainer = Trainer(EXPERIMENT, IRIS)
    trainer.run(steps)
    return trainer


def is_paused(frame: Frame) -> bool:
    return frame.status is Status.PAUSED


def full_disk(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Let no series grow beyond so many rows."""
    append = Series.append

    def refuse(series: Series, values: FloatArray) -> None:
        if len(series) + len(values) > rows:
            append(series, values[:1])  # a part of it has been written
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(series, values)

    monkeypatch.setattr(Series, "append", refuse)


def test_a_full_disk_ends_the_run_and_not_the_work(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        full_disk(patch, 5000)
        failure = listener.failure(Run(Granularity.BATCH, None))
        run = Run(Granularity.BATCH, None)
        assert (failure.generation, failure.command, failure.kept) == (1, run, True)
        assert isinstance(failure.error, UnexpectedError) and failure.error.kind == "disk_full"
        listener.wait(lambda: is_paused(listener.frames[-1]))
        shown = listener.frames[-1].step
        assert 0 < shown <= 5000
        kept = listener.saved()
        assert kept.completed == kept.furthest == shown
        assert np.array_equal(kept.weights[0], fresh(shown).weights[0])
        assert listener.failure(Run(Granularity.BATCH, None)).error.kind == "disk_full"
    goal = listener.saved().completed + 2000
    frame = listener.after(Run(Granularity.BATCH, None, 2000), lambda frame: frame.step == goal)
    assert np.array_equal(frame.record.weights_after[0], fresh(frame.step).weights[0])
    steps = np.concatenate([frame.scalars.steps for frame in listener.frames])
    assert np.array_equal(steps, np.arange(1, frame.step + 1))


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("oh"), MemoryError(), KeyError("gelu"), RecursionError()]
)
def test_a_command_that_fails_half_way_has_changed_nothing(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    listener.after(Run(Granularity.BATCH, None, 5), is_paused)
    shown = listener.after(Step(Granularity.LAYER))
    make = Walk.edit

    def fail(walk: Walk, command: SetParameter) -> None:
        make(walk, command)
        walk.make()
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Walk, "edit", fail)
        failure = listener.failure(SetParameter(Part("weight", 1, 2, 3), 0.5))
    assert isinstance(failure.error, UnexpectedError) and failure.kept
    assert failure.error.__cause__ is error
    assert failure.error.kind == ("no_memory" if isinstance(error, MemoryError) else "unexpected")
    listener.wait(lambda: listener.frames[-1] is not shown)
    again = listener.frames[-1]
    assert again.record is shown.record and again.phase == shown.phase
    assert listener.saved().completed == 5
    frame = listener.after(Step(Granularity.BATCH), lambda frame: frame.step == 6)
    assert np.array_equal(frame.record.weights_after[0], fresh(6).weights[0])


def test_commands_behind_the_one_that_failed_are_done(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.after(Run(Granularity.BATCH, None, 5), is_paused)
    with monkeypatch.context() as patch:
        patch.setattr(Walk, "retreat", lambda *args: 1 / 0)
        show = Walk.show
        held = threading.Event()

        def wait(walk: Walk, step: int) -> None:
            held.wait(120)
            show(walk, step)

        patch.setattr(Walk, "show", wait)
        listener.submit(Seek(3))
        listener.submit(Back(Granularity.BATCH))
        listener.submit(Seek(2))
        held.set()
        listener.wait(lambda: listener.frames[-1].step == 2)
    assert [type(failure.command) for failure in listener.failures] == [Back]


def test_a_network_too_large_for_the_memory_leaves_the_one_before(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.after(Run(Granularity.BATCH, None, 5), is_paused)

    def refuse(*args: object, **keywords: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("gui.training.worker.Trainer", refuse)
        failure = listener.failure(Load(2, 1, EXPERIMENT, IRIS))
    assert failure.error.kind == "no_memory" and failure.generation == 2 and failure.kept
    listener.generation = 1
    listener.after(Step(Granularity.BATCH), lambda frame: frame.step == 6)
    assert listener.after(Load(3, 1, EXPERIMENT, IRIS)).step == 0


def test_a_probe_that_fails_changes_nothing(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = listener.after(Step(Granularity.LAYER))
    with monkeypatch.context() as patch:
        patch.setattr("gui.training.worker.answer", lambda *args, **keywords: 1 / 0)
        failure = listener.failure(Probe(1, rows=np.arange(3)))
    assert isinstance(failure.command, Probe) and failure.kept
    assert listener.after(Step(Granularity.LAYER)).record is shown.record


def test_a_frame_that_cannot_be_made_is_tried_once_and_can_still_be_saved(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("gui.training.worker.Frame", lambda **keywords: 1 / 0)
        failure = listener.failure(Step(Granularity.BATCH))
        assert failure.kept and failure.command is None
        assert listener.saved().completed == 1
        assert len(listener.failures) == 1
    assert listener.after(Step(Granularity.BATCH)).step == 2


def test_where_there_is_no_way_back_the_training_is_said_to_be_lost(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "go_back_to", lambda *args: 1 / 0)
        patch.setattr(Walk, "advance", lambda *args: 1 / 0)
        failure = listener.failure(Step(Granularity.BATCH))
    assert not failure.kept
    assert listener.failure(Capture("mine")).error.kind == "training_lost"
    assert listener.after(Load(2, 0, EXPERIMENT, IRIS)).step == 0
    assert listener.after(Step(Granularity.BATCH)).step == 1


def test_a_trainer_made_anew_goes_on_the_same(listener: Listener) -> None:
    listener.after(Run(Granularity.BATCH, None, 30), is_paused)
    listener.after(Seek(12))
    frame = listener.after(Rebuild())
    assert (frame.step, frame.furthest, frame.restart, frame.status) == (12, 30, True, Status.PAUSED)
    assert np.array_equal(frame.record.weights_after[0], fresh(12).weights[0])
    frame = listener.after(Run(Granularity.BATCH, None, 28), is_paused)
    assert np.array_equal(frame.record.weights_after[0], fresh(40).weights[0])


# -- tasks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ZeroDivisionError("oh"), "unexpected"),
        (MemoryError(), "no_memory"),
        (OSError(errno.EIO, "Input/output error"), "unexpected"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
    ],
)
def test_a_task_that_fails_tells_who_asked_and_the_next_is_done(
    tasks: Tasks, qtbot: QtBot, error: Exception, kind: str
) -> None:
    errors: list[EngineError] = []
    results: list[Any] = []

    def fail(task: Task) -> None:
        raise error

    tasks.submit(Task("fail", fail, results.append, errors.append))
    tasks.submit(Task("work", lambda task: 42, results.append, errors.append))
    qtbot.waitUntil(lambda: results == [42])
    assert [type(told) for told in errors] == [UnexpectedError]
    assert (errors[0].kind, errors[0].__cause__) == (kind, error)


def test_a_task_that_is_blocked_for_ever_does_not_keep_the_window_open(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.training.tasks.LAST_SECONDS", 0.1)
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    tasks = Tasks()
    tasks.start()
    results: list[Any] = []
    begun = threading.Event()

    def read(task: Task) -> bytes:
        begun.set()
        return pipe.read_bytes()

    tasks.submit(Task("blocked", read, results.append, results.append))
    assert begun.wait(120)
    tasks.shut_down()
    assert tasks.is_running
    with pipe.open("wb"):  # now it ends after all, and says nothing to a window that is gone
        pass
    assert tasks.wait(120)
    assert results == []


def test_a_step_that_never_ends_does_not_keep_the_window_open(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, held = Worker(), threading.Event()
    listener = Listener(qtbot, worker)
    worker.start()
    listener.after(Load(1, 0, EXPERIMENT, IRIS))
    monkeypatch.setattr("gui.training.worker.LAST_SECONDS", 0.1)
    monkeypatch.setattr(Walk, "advance", lambda *args: held.wait(120))
    listener.submit(Step(Granularity.BATCH))
    qtbot.waitUntil(lambda: worker._queue.empty())
    worker.shut_down()
    assert worker.is_running
    held.set()
    assert worker.wait(120)
