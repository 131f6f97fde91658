"""A second thread for reading, checking and exporting, so that neither window nor training waits.

Tasks are functions of frozen values. They are done one after another; each can tell how far it is and
can be cancelled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import Signal

from engine.errors import EngineError, UnexpectedError
from gui.training.daemon import Daemon

LAST_SECONDS = 2.0
"""How long a task that has been cancelled is waited for when the window closes."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Task:
    """Something to be done in the background.

    Attributes
    ----------
    label : str
        What it does, in the user's language.
    function : callable
        Called with the task itself, for `progress` and `cancelled`; its result goes to `then`.
    then : callable
        Called in the GUI thread with the result.
    otherwise : callable
        Called in the GUI thread with the `EngineError` it ended with, an `UnexpectedError` for whatever
        else was raised; not when it was cancelled.
    quiet : bool
        Whether nobody waits for it: no signal tells of it.
    """

    label: str
    function: Callable[[Task], Any]
    then: Callable[[Any], None]
    otherwise: Callable[[EngineError], None]
    quiet: bool = False
    _cancelled: bool = field(default=False, init=False)
    _report: Callable[[float], None] = field(default=lambda share: None, init=False)

    def progress(self, share: float) -> None:
        """Say how much is done, 0 to 1."""
        self._report(share)

    def cancelled(self) -> bool:
        """Whether it should stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask it to stop; its result is dropped."""
        self._cancelled = True


class Tasks(Daemon):
    """Does tasks in its own thread, which goes on whatever becomes of one.

    Signals
    -------
    started_task(Task), progressed(Task, float), ended(Task)
        In this order for each task; `ended` whatever became of it.
    """

    started_task = Signal(object)
    progressed = Signal(object, float)
    ended = Signal(object)
    _outcome = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__("taskThread")
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._current: Task | None = None
        self._closing = False
        self._outcome.connect(self._deliver)

    def submit(self, task: Task) -> None:
        """Do it when those before it are done."""
        self._queue.put(task)

    def shut_down(self) -> None:
        """Cancel what is being done and wait for the thread to end; one that is blocked is left behind."""
        self._closing = True
        current = self._current
        if current is not None:
            current.cancel()
        self._queue.put(None)
        self.wait(LAST_SECONDS)

    def run(self) -> None:
        """Serve tasks until `shut_down`, in the new thread."""
        while (task := self._queue.get()) is not None and not self._closing:
            self._current = task
            task._report = partial(self._report, task)
            if not task.quiet:
                self.started_task.emit(task)
            result: Any = None
            error: EngineError | None = None
            if not task.cancelled():
                try:
                    result = task.function(task)
                except EngineError as raised:
                    error = raised
                except Exception as raised:  # noqa: BLE001 - the barrier of this thread
                    _log.exception("The task '%s' ended with what nobody expected", task.label)
                    error = UnexpectedError.of(raised)
            self._current = None
            if not self._closing:
                self._outcome.emit(task, result, error)

    def _report(self, task: Task, share: float) -> None:
        if not self._closing and not task.quiet:
            self.progressed.emit(task, share)

    def _deliver(self, task: Task, result: Any, error: EngineError | None) -> None:
        if self._closing:  # what it was for may be gone
            return
        if not task.quiet:
            self.ended.emit(task)
        if task.cancelled():
            return
        if error is not None:
            task.otherwise(error)
        else:
            task.then(result)
