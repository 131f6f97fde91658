"""The way to the lessons: nothing that they need is imported before somebody wants one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.training.messages import Frame

if TYPE_CHECKING:
    from gui.lessons.desk import Lessons
    from gui.lessons.page import LessonsPage
    from gui.main_window import MainWindow
    from gui.training.tasks import Tasks


class LessonsDoor(QObject):
    """Makes the desk of the lessons when it is first asked for, or their page is seen.

    Signals
    -------
    open_changed(bool), changed()
        As the desk's.
    """

    open_changed = Signal(bool)
    changed = Signal()

    def __init__(self, window: MainWindow, tasks: Tasks, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._tasks, self._remember = window, tasks, remember
        self._desk: Lessons | None = None
        self._frame: Frame | None = None
        self._presented = False
        self.page: LessonsPage = window.pages.views["lessons_page"]  # type: ignore[assignment]
        window.pages.docks["lessons_page"].visibilityChanged.connect(self._seen)

    @property
    def desk(self) -> Lessons:
        """What opens lessons, and asks and judges."""
        if self._desk is None:
            from gui.lessons.desk import Lessons

            desk = self._desk = Lessons(self._window, self._tasks, remember=self._remember)
            desk.open_changed.connect(self.open_changed)
            desk.changed.connect(self.changed)
            if self._frame is not None:
                desk.show_frame(self._frame)
                self._frame = None
            if self._presented:
                desk.present(True)
        return self._desk

    @property
    def is_open(self) -> bool:
        """Whether there is a lesson."""
        return self._desk is not None and self._desk.is_open

    def _seen(self, visible: bool) -> None:
        if visible and self._desk is None:
            self.desk.take_room(visible)

    def show_frame(self, frame: Frame) -> None:
        """Let an open lesson look at a moment."""
        if self._desk is None:
            self._frame = frame
        else:
            self._desk.show_frame(frame)

    def show_passing(self, frame: Frame) -> None:
        """Let it look at each moment that is drawn, as goals are reached in any."""
        if self._desk is not None:
            self._desk.show_passing(frame)

    # -- the menu ----------------------------------------------------------------------------------

    def fill_shelf(self) -> None:
        """Find out what there is, with how far somebody is."""
        self.desk.fill_shelf()

    def open(self, path: Path) -> None:
        """Open a lesson."""
        self.desk.open(path)

    def choose(self) -> None:
        """Ask for a lesson, and open it."""
        self.desk.choose()

    def choose_seed(self) -> None:
        """Ask whose numbers are to be drawn."""
        self.desk.choose_seed()

    def start_again(self) -> None:
        """Forget what was answered."""
        self.desk.start_again()

    def print_worksheet(self) -> None:
        """Ask how the open lesson is to be put on paper."""
        self.desk.print_worksheet()

    def save_results(self) -> None:
        """Ask where results are to be written."""
        self.desk.save_results()

    def close(self) -> None:
        """Close the open lesson."""
        self.desk.close()

    # -- the whole screen --------------------------------------------------------------------------

    def present(self, presented: bool) -> None:
        """Be read from the back row, or no longer."""
        self._presented = presented
        if self._desk is not None:
            self._desk.present(presented)

    def fit_presented(self) -> None:
        """Take the share of what is presented."""
        if self._desk is not None:
            self._desk.fit_presented()

    def space(self) -> None:
        """Reveal what is sealed, or turn the page."""
        if self._desk is not None:
            self._desk.space()

    def shut_down(self) -> None:
        """Give one's own work back before the window closes."""
        if self._desk is not None:
            self._desk.shut_down()
