"""A second thread for reading, checking and exporting, so that neither window nor training waits.

Tasks are functions of frozen values. They are done one after another; each can tell how far it is and
can be cancelled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QThread, Signal

from engine.errors import EngineError


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
        Called in the GUI thread with the `EngineError` it ended with; not when it was cancelled.
    """

    label: str
    function: Callable[[Task], Any]
    then: Callable[[Any], None]
    otherwise: Callable[[EngineError], None]
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


class Tasks(QThread):
    """Does tasks in its own thread.

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
        super().__init__()
        self.setObjectName("taskThread")
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._current: Task | None = None
        self._outcome.connect(self._deliver)

    def submit(self, task: Task) -> None:
        """Do it when those before it are done."""
        self._queue.put(task)

    def shut_down(self) -> None:
        """Cancel what is being done and wait for the thread to end."""
        if self._current is not None:
            self._current.cancel()
        self._queue.put(None)
        self.quit()
        self.wait()

    def run(self) -> None:
        """Serve tasks until `shut_down`; called by Qt in the new thread."""
        while (task := self._queue.get()) is not None:
            self._current = task
            task._report = partial(self.progressed.emit, task)
            self.started_task.emit(task)
            result, error = None, None
            if not task.cancelled():
                try:
                    result = task.function(task)
                except EngineError as raised:
                    error = raised
            self._current = None
            self._outcome.emit(task, result, error)

    def _deliver(self, task: Task, result: Any, error: EngineError | None) -> None:
        self.ended.emit(task)
        if task.cancelled():
            return
        if error is not None:
            task.otherwise(error)
        else:
            task.then(result)
