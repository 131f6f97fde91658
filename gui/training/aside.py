"""Looking into a training on a copy of it, in the second thread, while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.training.trainer import Trainer
from gui.training.messages import Copy, Failure
from gui.training.tasks import Task, Tasks

Stop = Callable[[], bool]
"""Asked now and then; True ends what is being done."""

Work = Callable[[Trainer, Stop], Any]
"""What is done with the copy, in the second thread."""


class Measured(NamedTuple):
    """What was found out of a copy.

    Attributes
    ----------
    step : int
        After which step.
    result : object
    seconds : float
        What it took.
    """

    step: int
    result: Any
    seconds: float


def measured(work: Work) -> Work:
    """The same work, which tells of which moment its result is and what it took."""

    def timed(trainer: Trainer, stop: Stop) -> Measured:
        began, step = time.thread_time(), trainer.completed
        result = work(trainer, stop)
        return Measured(step, result, time.thread_time() - began)

    return timed


@dataclass(eq=False)
class Question:
    """Something to be found out of a copy of the training.

    Attributes
    ----------
    work : callable
        Called in the second thread with the copy and a `Stop`.
    then : callable
        Called in the GUI thread with what `work` gave.
    otherwise : callable
        Called in the GUI thread with why there is no answer; None where the network is another one.
    """

    work: Work
    then: Callable[[Any], None]
    otherwise: Callable[[EngineError | None], None]
    _cancelled: bool = field(default=False, init=False)

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the answer any more."""
        return self._cancelled

    def cancel(self) -> None:
        """Want no answer: neither `then` nor `otherwise` is called."""
        self._cancelled = True


class Aside(QObject):
    """Asks the worker for a copy of the training, and has the second thread look into it.

    Signals
    -------
    command(Copy)
    """

    command = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._open: set[Question] = set()

    def ask(
        self,
        work: Work,
        then: Callable[[Any], None],
        otherwise: Callable[[EngineError | None], None] = lambda error: None,
    ) -> Question:
        """Look into the training as it is when the worker comes to it."""
        question = Question(work, then, otherwise)
        self.put(question)
        return question

    def put(self, question: Question) -> None:
        """Put a question that somebody has; see `ask`."""
        self._open.add(question)
        self.command.emit(Copy(question))

    def later(
        self,
        work: Callable[[Stop], Any],
        then: Callable[[Any], None],
        otherwise: Callable[[EngineError], None] = lambda error: None,
    ) -> None:
        """Do something in the second thread that needs no other copy."""
        self._tasks.submit(Task("", lambda task: work(task.cancelled), then, otherwise, quiet=True))

    def take(self, generation: int, purpose: object, trainer: Trainer | None) -> None:
        """Take the copy that was asked for."""
        if not isinstance(purpose, Question) or purpose not in self._open:
            return
        question = purpose
        if trainer is None or question.cancelled:
            self._end(question, None)
            return
        copy = trainer

        def work(task: Task) -> Any:
            def stop() -> bool:
                return task.cancelled() or question.cancelled

            return None if stop() else question.work(copy, stop)

        def then(result: Any) -> None:
            self._open.discard(question)
            if not question.cancelled:
                question.then(result)

        self._tasks.submit(Task("", work, then, lambda error: self._end(question, error), quiet=True))

    def miss(self, failure: Failure) -> None:
        """Wait no longer for a copy that could not be made."""
        if isinstance(failure.command, Copy) and isinstance(failure.command.purpose, Question):
            self._end(failure.command.purpose, failure.error)

    def forget(self) -> None:
        """Want no answer about a network that is not shown any more."""
        for question in self._open:
            question.cancel()
        self._open.clear()

    def _end(self, question: Question, error: EngineError | None) -> None:
        self._open.discard(question)
        if not question.cancelled:
            question.otherwise(error)
