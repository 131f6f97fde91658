"""The menu of the course: its lessons in order, each in the language of the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.lessons.shelving import lesson_folders
from gui.text.numbers import grouped
from gui.text.plain import caption

if TYPE_CHECKING:
    from gui.lessons.door import LessonsDoor


class LessonsMenu(QMenu):
    """All lessons that come with the program."""

    def __init__(self, lessons: LessonsDoor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("courseMenu")
        self._lessons = lessons
        self._folders = lesson_folders()
        for place, path in enumerate(self._folders):
            action = self.addAction(path.name)
            action.setObjectName(f"lesson{place + 1}Action")
            action.triggered.connect(partial(self._open, path))
        self.aboutToShow.connect(lessons.fill_shelf)
        lessons.changed.connect(self._name)
        self._retranslate()

    def _open(self, path: Path, checked: bool = False) -> None:
        self._lessons.open(path)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setTitle(self.tr("Course"))
        self._name()

    def _name(self) -> None:
        titles = {offered.path: offered for offered in self._lessons.page.shelf.offered}
        for place, (action, path) in enumerate(zip(self.actions(), self._folders, strict=True)):
            offered = titles.get(path)
            title = path.name.partition("-")[2].replace("-", " ") if offered is None else offered.title
            done = "  ✓" if offered is not None and offered.share >= 1 else ""
            action.setText(caption(f"{grouped(place + 1)}  {title}{done}"))
