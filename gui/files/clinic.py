"""Plants the faults of the bug clinic, on the second thread, in a copy of the step that is shown."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from engine.mistakes.batch import Batch, experiment_of
from engine.mistakes.clinic import Planted, plant, plantable
from engine.mistakes.reference import Case
from engine.mistakes.replayed import after, record_of
from gui.training.messages import Frame
from gui.training.tasks import Task, Tasks
from gui.views.clinic import ClinicView


class ClinicDesk(QObject):
    """The clinic and what it needs; no run, session or export ever sees what is planted here.

    Parameters
    ----------
    view : ClinicView
    tasks : Tasks
    """

    def __init__(self, view: ClinicView, tasks: Tasks) -> None:
        super().__init__(view)
        self.view, self._tasks = view, tasks
        self._like: Frame | None = None
        self.seed: int | None = None
        """Of the next fault; drawn where it is None."""
        view.fault_wanted.connect(self._plant)
        view.step_wanted.connect(self._step)

    def _plant(self, hardness: int | None, name: str | None) -> None:
        frame = self.view.frame
        if frame is None:
            return
        case = Batch.of(frame.record).case(experiment_of(frame.record))
        seed = random.randrange(2**31) if self.seed is None else self.seed

        def work(task: Task) -> tuple[Planted, tuple[str, ...]]:
            return plant(case, seed, hardness, name), plantable(case)

        def use(found: tuple[Planted, tuple[str, ...]]) -> None:
            self._like = frame
            self.view.show_faults(found[1])
            self.view.show_planted(found[0], frame_of(found[0], frame))

        self._submit(work, use)

    def _step(self) -> None:
        planted, like = self.view.planted, self._like
        if planted is None or like is None:
            return

        def work(task: Task) -> Planted:
            case: Case = after(planted.case, (planted.name,))
            return replace(plant(case, 0, None, planted.name), choices=planted.choices)

        def use(found: Planted) -> None:
            self._like = replace(like, record=replace(like.record, step=like.record.step + 1))
            self.view.show_planted(found, frame_of(found, self._like), same=True)

        self._submit(work, use)

    def _submit(self, work: Any, use: Any) -> None:
        self._tasks.submit(Task(self.tr("Planting a mistake"), work, use, self.view.show_error))


def frame_of(planted: Planted, like: Frame) -> Frame:
    """The faulty step as a frame, for the clinic's graph alone."""
    record = record_of(planted.case, planted.values, like.record)
    return replace(like, record=record, phase=None, hit=None, error=None, near=None, in_force=None)
