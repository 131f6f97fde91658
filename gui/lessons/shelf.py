"""The shelf: all lessons there are, with how far each has been gone through, to choose one from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.style.fonts import px
from gui.text.numbers import grouped
from gui.text.plain import Label, caption
from gui.widgets.fields import Button


class Offered(NamedTuple):
    """A lesson on the shelf.

    Attributes
    ----------
    path : Path
    title : str
        In the language of the window, if the lesson speaks it.
    minutes : int
    share : float
        Of its questions, how many have been answered; 1 once it is finished.
    """

    path: Path
    title: str
    minutes: int
    share: float


class Shelf(QWidget):
    """Lessons one below the other.

    Signals
    -------
    chosen(Path)
    open_requested()
        A lesson from elsewhere is wanted.
    """

    chosen = Signal(object)
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonShelf")
        self._offered: tuple[Offered, ...] = ()
        self._intro = Label(self)
        self._intro.setWordWrap(True)
        self._intro.setProperty("role", "note")
        self._open = Button(self)
        self._open.setObjectName("openLessonButton")
        self._open.clicked.connect(self.open_requested)
        body = QWidget(self)
        body.setObjectName("lessonShelfBody")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(2))
        column = QVBoxLayout(body)
        column.setContentsMargins(px(12), px(8), px(12), px(12))
        column.setSpacing(px(8))
        column.addWidget(self._intro)
        column.addLayout(self._rows)
        row = QHBoxLayout()
        row.addWidget(self._open)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("lessonShelfArea")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        self.retranslate()

    @property
    def offered(self) -> tuple[Offered, ...]:
        """The lessons on it."""
        return self._offered

    def offer(self, lessons: Sequence[Offered]) -> None:
        """Put these on the shelf."""
        if tuple(lessons) == self._offered:
            return
        self._offered = tuple(lessons)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, lesson in enumerate(self._offered):
            self._rows.addWidget(self._row(place, lesson))

    def _row(self, place: int, lesson: Offered) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        number, button, time = Label(grouped(place + 1), row), Button(row), Label(row)
        number.setProperty("role", "note")
        number.setMinimumWidth(px(18))
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        button.setObjectName(f"lesson{place + 1}Button")
        button.setProperty("role", "lesson")
        button.setText(caption(lesson.title))
        button.clicked.connect(partial(self._choose, lesson.path))
        done = "✓" if lesson.share >= 1 else f"{round(100 * lesson.share)} %" if lesson.share > 0 else ""
        minutes = self.tr("{minutes} min").format(minutes=lesson.minutes)
        time.setText(f"{done}   {minutes}" if done else minutes)
        time.setProperty("role", "note")
        line.addWidget(number)
        line.addWidget(button, 1)
        line.addWidget(time)
        return row

    def _choose(self, path: Path, checked: bool = False) -> None:
        self.chosen.emit(path)

    def retranslate(self) -> None:
        """Say it in the language that is spoken now."""
        self._intro.setText(
            self.tr(
                "Each lesson runs on its own network. Your own work is put aside, and comes back when the "
                "lesson is closed."
            )
        )
        self._open.setText(self.tr("Open lesson…"))
        offered, self._offered = self._offered, ()
        self.offer(offered)
