"""A worker in a test, and all that it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from engine.files.session import Session
from engine.training.trainer import Trainer
from gui.training.messages import Capture, Failure, Frame
from gui.training.worker import Worker


class Listener:
    """Keeps all that the worker says, and acknowledges each frame as the window does."""

    def __init__(self, qtbot: QtBot, worker: Worker) -> None:
        self.qtbot, self.worker = qtbot, worker
        self.generation = 0
        self.frames: list[Frame] = []
        self.failures: list[Failure] = []
        self.sessions: list[Session] = []
        worker.frame_ready.connect(self.take)
        worker.failed.connect(self.failures.append)
        worker.captured.connect(lambda generation, purpose, session: self.sessions.append(session))

    def take(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.worker.acknowledge()

    @property
    def last(self) -> Frame:
        return self.frames[-1]

    def submit(self, command: Any) -> None:
        """Hand over a command about the network that was loaded last."""
        self.generation = getattr(command, "generation", self.generation)
        self.worker.submit(self.generation, command)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def after(self, command: Any, until: Callable[[Frame], bool] = lambda frame: True) -> Frame:
        """Submit a command and wait for the first frame after it that is wanted."""
        seen = len(self.frames)
        self.submit(command)
        self.wait(lambda: any(until(frame) for frame in self.frames[seen:]))
        return next(frame for frame in self.frames[seen:] if until(frame))

    def failure(self, command: Any) -> Failure:
        """Submit a command and wait for what it fails with."""
        seen = len(self.failures)
        self.submit(command)
        self.wait(lambda: len(self.failures) > seen)
        return self.failures[seen]

    def saved(self) -> Trainer:
        """What would be saved now."""
        seen = len(self.sessions)
        self.submit(Capture(None))
        self.wait(lambda: len(self.sessions) > seen)
        return self.sessions[-1].restore()
