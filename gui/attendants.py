"""Who works on the second thread for the views that have a window of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.training.aside import Aside
from gui.training.messages import Frame, Seek
from gui.training.tasks import Tasks

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Attendants(QObject):
    """Gives each such view its desk when it is made, and shows in the main window what it asks for.

    Parameters
    ----------
    window : MainWindow
    tasks : Tasks
    aside : Aside
    remember : bool
        Whether something may be kept for the next start.
    """

    def __init__(self, window: MainWindow, tasks: Tasks, aside: Aside, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._tasks, self._aside, self._remember = window, tasks, aside, remember
        window.pages.made.connect(self._attend)

    def _attend(self, view: QWidget) -> None:
        views = self._window.pages.views
        if view is views.get("check_numbers"):
            from gui.files.own_numbers import OwnNumbersDesk

            desk = OwnNumbersDesk(view, self._tasks, remember=self._remember)  # type: ignore[arg-type]
            desk.show_wanted.connect(self._show_factor)
        elif view is views.get("clinic"):
            from gui.files.clinic import ClinicDesk

            ClinicDesk(view, self._tasks)  # type: ignore[arg-type]
        elif view is views.get("predict_view"):
            from gui.files.predict import PredictDesk

            predict = PredictDesk(view, self._tasks, self._aside, remember=self._remember)  # type: ignore[arg-type]
            predict.lacking.connect(self._window.notices.say_lacking)

    def _show_factor(self, frame: Frame, part: Part, phase: Phase, sample: int | None) -> None:
        """Go to a factor of the pass of a step that was shown, and select what it is about."""
        window = self._window
        shown = window.frame
        if shown is None or frame.generation != shown.generation or not window.edits.may_edit():
            return
        step = frame.record.step
        window.submit(Seek(step) if phase.kind is PhaseKind.UPDATE else Seek(step - 1, phase))
        window.focus.select(part)
        if sample is not None:
            window.focus.show_sample(sample)
        window.raise_()
        window.activateWindow()
