"""Gradients compared with finite differences, in the second thread, while training goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.explain.gradient_check import GradientReport, ParameterCheck, check_parameter, check_record
from engine.parts import Part
from gui.training.messages import Frame
from gui.training.tasks import Task, Tasks


class Checks(QObject):
    """Runs the checks that are asked for, and tells what each found.

    Parameters
    ----------
    tasks : Tasks
    parent : QObject, optional

    Signals
    -------
    checked(ParameterCheck, Frame, Part)
        What the check of one part of a frame's network found.
    reported(GradientReport)
        What the check of all gradients found.
    progressed(float)
        How far the check of all gradients is.
    cancelled()
        There will be no report.
    failed(EngineError)
    """

    checked = Signal(object, object, object)
    reported = Signal(object)
    progressed = Signal(float)
    cancelled = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._frame: Frame | None = None
        self._all: Task | None = None
        tasks.progressed.connect(self._progressed)
        tasks.ended.connect(self._ended)

    def show_frame(self, frame: Frame) -> None:
        """Know what is shown."""
        self._frame = frame

    def forget(self) -> None:
        """Want no answer about a network that is not shown any more."""
        self.cancel()
        self._all = self._frame = None

    def check_part(self, part: Part) -> None:
        """Compare one gradient of the step that is shown."""
        frame = self._frame
        if frame is None:
            return

        def check(task: Task) -> ParameterCheck:
            return check_parameter(frame.experiment, frame.record, part)

        def tell(found: ParameterCheck) -> None:
            self.checked.emit(found, frame, part)

        self._tasks.submit(Task(self.tr("Checking a gradient"), check, tell, self.failed.emit))

    def check_all(self, frame: Frame) -> None:
        """Compare all gradients of a step."""

        def check(task: Task) -> GradientReport | None:
            return check_record(frame.experiment, frame.record, task.progress, task.cancelled)

        label = self.tr("Checking the gradients")
        self._all = Task(label, check, self.reported.emit, self._fail)
        self._tasks.submit(self._all)

    def cancel(self) -> None:
        """Check no further."""
        if self._all is not None:
            self._all.cancel()

    def _fail(self, error: EngineError) -> None:
        self.cancelled.emit()
        self.failed.emit(error)

    def _progressed(self, task: Task, share: float) -> None:
        if task is self._all:
            self.progressed.emit(share)

    def _ended(self, task: Task) -> None:
        if task is self._all and task.cancelled():
            self.cancelled.emit()
