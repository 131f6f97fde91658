"""The lesson that is open: its page, what stands around it, and what is wrong with its file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.document.focus import Focus
from gui.lessons.cards import Card
from gui.lessons.shelf import Shelf
from gui.lessons.text import LessonText
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped
from gui.text.plain import Label
from gui.widgets.fields import Button
from gui.widgets.focus_ring import FocusRing

WIDTH = 400
"""Of the page beside the graph, in pixels at the usual size of text."""

PRESENTED = 0.46
"""Of the window's width, what the page has where it is presented."""


class Pips(QWidget):
    """The pages as a row of short strokes: those gone through, the present one, those to come.

    Signals
    -------
    chosen(int)
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonPips")
        self._done: tuple[bool, ...] = ()
        self._at = 0
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_pages(self, done: Sequence[bool], at: int) -> None:
        """Show which pages are done, and which one it is."""
        self._done, self._at = tuple(done), at
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(16))

    def _place(self, index: int) -> QRectF:
        gap, count = px(4), max(1, len(self._done))
        width = (self.width() - gap * (count - 1)) / count
        return QRectF(index * (width + gap), (self.height() - px(6)) / 2, width, px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        for index, done in enumerate(self._done):
            place = self._place(index).adjusted(0.5, 0.5, -0.5, -0.5)
            here = index == self._at
            painter.setPen(QPen(QColor(theme.text if here or done else theme.control), 1))
            painter.setBrush(QColor(theme.text if here else theme.control if done else theme.surface))
            painter.drawRoundedRect(place, px(3), px(3))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at: QPointF = event.position()
        for index in range(len(self._done)):
            place = self._place(index)
            if place.left() <= at.x() <= place.right():
                self.chosen.emit(index)


class LessonsPage(QWidget):
    """The shelf, or the lesson that was taken from it.

    Parameters
    ----------
    focus : Focus
        A question may be answered by what is selected.

    Signals
    -------
    page_wanted(int)
        Another page of the lesson.
    close_requested()
        The lesson is to be closed.
    language_changed()
    """

    page_wanted = Signal(int)
    close_requested = Signal()
    language_changed = Signal()

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("lessonsPage")
        self._theme = LIGHT
        self._at = 0
        self._done: tuple[bool, ...] = ()
        self._items: list[QWidget] = []
        self.shelf = Shelf(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.shelf)
        self._stack.addWidget(self._build())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._retranslate()
        self.set_theme(LIGHT)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> QWidget:
        inside = QWidget(self)
        inside.setObjectName("lessonInside")
        self.title, self._place = Label(inside), Label(inside)
        self.title.setObjectName("lessonTitle")
        self.title.setWordWrap(True)
        self._place.setProperty("role", "note")
        self.close_button = Button(inside)
        self.close_button.setObjectName("closeLessonButton")
        self.close_button.setProperty("role", "quiet")
        self.close_button.clicked.connect(self.close_requested)
        self.pips = Pips(inside)
        self.pips.chosen.connect(self.page_wanted)
        self._problems = LessonText(inside)
        self._problems.setObjectName("lessonProblems")
        self._problems.hide()
        self._aside = Label(inside)
        self._aside.setObjectName("lessonAside")
        self._aside.setWordWrap(True)
        self.back_to_it = Button(inside)
        self.back_to_it.setObjectName("lessonAgainButton")
        self.body = QWidget(inside)
        self.body.setObjectName("lessonBody")
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(px(12), px(8), px(12), px(14))
        self._column.setSpacing(px(10))
        self._column.addStretch(1)
        self.area = QScrollArea(inside)
        self.area.setObjectName("lessonArea")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.body)
        self.back, self.next = Button(inside), Button(inside)
        self.back.setObjectName("lessonBack")
        self.next.setObjectName("lessonNext")
        FocusRing(self.next)
        self.back.clicked.connect(lambda: self.page_wanted.emit(self._at - 1))
        self.next.clicked.connect(lambda: self.page_wanted.emit(self._at + 1))
        self._space = Label(inside)
        self._space.setProperty("role", "note")
        head = QVBoxLayout()
        head.setContentsMargins(px(12), px(8), px(8), px(4))
        head.setSpacing(px(4))
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(row)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, px(4), 0)
        row.addWidget(self.pips, 1)
        row.addWidget(self._place)
        head.addLayout(row)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(12), px(6), px(12), px(8))
        foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self._space)
        foot.addSpacing(px(8))
        foot.addWidget(self.next)
        warning = QHBoxLayout()
        warning.setContentsMargins(px(12), 0, px(12), px(4))
        warning.addWidget(self._aside, 1)
        warning.addWidget(self.back_to_it)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._problems)
        column.addLayout(warning)
        column.addWidget(self.area, 1)
        column.addLayout(foot)
        self.set_astray(False)
        self.set_presented(False)
        return inside

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether a lesson is shown, and not the shelf."""
        return self._stack.currentIndex() == 1

    @property
    def items(self) -> list[QWidget]:
        """What stands on the page, from top to bottom."""
        return list(self._items)

    @property
    def problems(self) -> str:
        """What is said to be wrong with the lesson's file."""
        return "" if self._problems.isHidden() else self._problems.markdown

    def show_shelf(self) -> None:
        """Show all lessons there are."""
        self._stack.setCurrentIndex(0)
        self.show_page([], 0, ())
        self.show_problems("")

    def show_lesson(self, title: str) -> None:
        """Show a lesson; its page comes with `show_page`."""
        self.title.setText(title)
        self._stack.setCurrentIndex(1)

    def show_page(
        self, items: Sequence[QWidget], at: int, done: Sequence[bool], *, stay: bool = False
    ) -> None:
        """Show these parts of a page; `stay` keeps the place that was scrolled to."""
        scrolled = self.area.verticalScrollBar().value() if stay else 0
        for item in self._items:
            self._column.removeWidget(item)
            item.hide()
            item.deleteLater()
        self._items = list(items)
        for place, item in enumerate(items):
            item.setParent(self.body)
            self._column.insertWidget(place, item)
            item.show()
            if isinstance(item, Card | LessonText):
                item.set_theme(self._theme)
        self._at = at
        self.show_done(done)
        self.area.verticalScrollBar().setValue(scrolled)

    def show_done(self, done: Sequence[bool]) -> None:
        """Show which pages are done with."""
        self._done = tuple(done)
        self.pips.show_pages(self._done, self._at)
        self._name()

    def show_problems(self, text: str) -> None:
        """Say what is wrong with the lesson's file; nothing takes it away."""
        self._problems.set_markdown(text)
        self._problems.setVisible(bool(text))

    def set_astray(self, astray: bool) -> None:
        """Say that what the window shows is not the lesson's network, and offer to go back to it."""
        self._aside.setVisible(astray)
        self.back_to_it.setVisible(astray)

    def set_presented(self, presented: bool) -> None:
        """Leave out what is not for the class, and say what Space does."""
        self.close_button.setVisible(not presented)
        self._space.setVisible(presented)

    def say_space(self, text: str) -> None:
        """Say what Space does."""
        self._space.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.pips.set_theme(theme)
        self._problems.set_theme(theme)
        for item in self._items:
            if isinstance(item, Card | LessonText):
                item.set_theme(theme)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH), px(600))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(280), px(200))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.language_changed.emit()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Lesson"))
        self.shelf.retranslate()
        self.close_button.setText(self.tr("Close lesson"))
        self.close_button.setToolTip(self.tr("Go back to your own work; how far you are is kept"))
        self.back.setText(self.tr("Back"))
        self._aside.setText(self.tr("What the window shows is not the lesson's network."))
        self.back_to_it.setText(self.tr("Back to it"))
        for item in self._items:
            if isinstance(item, Card):
                item.retranslate()
        self._name()

    def _name(self) -> None:
        count = len(self._done)
        text = self.tr("page {number} of {count}")
        self._place.setText(text.format(number=grouped(self._at + 1), count=grouped(count)) if count else "")
        self.back.setEnabled(self._at > 0)
        last = self._at >= count - 1
        self.next.setText(self.tr("Finish") if last else self.tr("Next"))
