"""What stands on a page of a lesson: text, something to look at, and questions with all that follows them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.lessons.answers import Answer, NoAnswer
from gui.lessons.text import LessonText
from gui.style.fonts import px
from gui.style.sheet import mark
from gui.style.theme import Theme
from gui.text.numbers import grouped
from gui.text.plain import Label
from gui.widgets.fields import Button, Note
from gui.widgets.focus_ring import FocusRing

if TYPE_CHECKING:
    from engine.lessons.lesson import Question


class State(Enum):
    """How far a question is."""

    OPEN = "open"
    RIGHT = "right"
    SHOWN = "shown"
    """Answered for the learner, who wanted to see it."""


class Card(QFrame):
    """A framed part of a page: a word for what it is, and its text."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonCard")
        self.setProperty("kind", kind)
        self.kind = kind
        self.head, self.text = Label(self), LessonText(self)
        self.head.setProperty("role", "heading")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(px(12), px(9), px(12), px(10))
        self.column.setSpacing(px(7))
        self.column.addWidget(self.head)
        self.column.addWidget(self.text)
        self.head.hide()

    def set_head(self, text: str) -> None:
        """Say what it is."""
        self.head.setText(text)
        self.head.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        for text in self.findChildren(LessonText):
            text.set_theme(theme)

    def retranslate(self) -> None:
        """Say it in the language that is spoken now."""


class ShowCard(Card):
    """Something in the window to look at, with a button that goes there.

    Signals
    -------
    wanted()
    """

    wanted = Signal()

    def __init__(self, words: str, run: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__("show", parent)
        self._run = run
        self.text.set_markdown(words)
        self.text.setVisible(bool(words))
        self.button = Button(self)
        self.button.setObjectName("lessonShow")
        self.button.clicked.connect(self.wanted)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.retranslate()

    def retranslate(self) -> None:
        if self._run is None:
            self.button.setText(self.tr("Show it"))
        else:
            self.button.setText(self.tr("Train {count} steps").format(count=grouped(self._run)))


class QuestionCard(Card):
    """A question, what it is answered with, and what becomes of the answer.

    Signals
    -------
    answered()
        What is given is to be judged.
    shown()
        The learner wants to see the answer.
    pose_wanted()
        The window is to show what the question is about.
    """

    answered = Signal()
    shown = Signal()
    pose_wanted = Signal()

    def __init__(self, question: Question, words: str, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(question.kind, parent)
        self.question = question
        self.text.set_markdown(words)
        self.text.setVisible(bool(words))
        self.answer = answer
        self.state = State.OPEN
        self._error, self._hints = Note("error", self), LessonText(self)
        self._verdict, self._beside = Label(self), LessonText(self)
        self._reveal = LessonText(self)
        self._told = ("", "", "")
        self._verdict.setObjectName("lessonVerdict")
        self._verdict.setWordWrap(True)
        self._hints.setProperty("role", "hint")
        self._beside.setProperty("role", "beside")
        self.check, self.show_answer, self.pose = Button(self), Button(self), Button(self)
        self.pose.setObjectName("lessonPose")
        self.pose.clicked.connect(self.pose_wanted)
        self.posed = True
        self.check.setObjectName("lessonCheck")
        self.show_answer.setObjectName("lessonShowAnswer")
        self.show_answer.setProperty("role", "link")
        self._row = QHBoxLayout()
        self._row.addWidget(self.pose)
        self._row.addWidget(self.check)
        self._row.addWidget(self.show_answer)
        self._row.addStretch(1)
        for widget in (answer, self._error, self._verdict, self._hints):
            self.column.addWidget(widget)
        self.column.addLayout(self._row)
        self.column.addWidget(self._beside)
        self.column.addWidget(self._reveal)
        FocusRing(self.check)
        for empty in (self._verdict, self._hints, self._beside, self._reveal):
            empty.hide()
        answer.changed.connect(self._changed)
        answer.entered.connect(self._enter)
        self.check.clicked.connect(self._enter)
        self.show_answer.clicked.connect(self.shown)
        self.sealed = False
        self.retranslate()
        self._changed()

    # -- what it says ------------------------------------------------------------------------------

    @property
    def verdict(self) -> str:
        """What is said of the last answer."""
        return self._verdict.text() if not self._verdict.isHidden() else ""

    @property
    def hints(self) -> str:
        """The hints that have been given."""
        return self._hints.markdown if not self._hints.isHidden() else ""

    @property
    def revealed(self) -> str:
        """What is told once it has been answered."""
        return self._reveal.markdown if not self._reveal.isHidden() else ""

    @property
    def beside(self) -> str:
        """The answer beside the guess."""
        return self._beside.markdown if not self._beside.isHidden() else ""

    def say(self, text: str, tone: str) -> None:
        """Say what becomes of the answer; `tone` is "good", "bad" or "note"."""
        self._verdict.setText(text)
        mark(self._verdict, "tone", tone)
        self._verdict.setVisible(bool(text))

    def hint(self, texts: Sequence[str]) -> None:
        """Give these hints."""
        self._hints.set_markdown("\n\n".join(texts))
        self._hints.setVisible(bool(texts))

    def reveal(self, guess: str, right: str, text: str) -> None:
        """Tell the answer beside the guess, and what is to be said of it."""
        self._told = guess, right, text
        rows = [(self.tr("Your first answer"), guess), (self.tr("The answer"), right)]
        lines = [f"{name}: {one}" for name, one in rows if one]
        self._beside.set_markdown("\n\n".join(lines))
        self._beside.setVisible(bool(lines))
        self._reveal.set_markdown(text)
        self._reveal.setVisible(bool(text))

    def set_state(self, state: State) -> None:
        """Be open, or answered."""
        self.state = state
        mark(self, "state", state.value)
        is_open = state is State.OPEN
        self.answer.set_open(is_open and not self.sealed)
        self._changed()

    def set_posed(self, posed: bool) -> None:
        """Say whether the window shows what it is about."""
        self.posed = posed
        self._changed()

    def set_sealed(self, sealed: bool) -> None:
        """Keep the answer to whoever says it aloud: nothing is typed, and Space reveals."""
        self.sealed = sealed
        self.set_state(self.state)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.answer.set_theme(theme)

    def retranslate(self) -> None:
        self.answer.retranslate()
        self.check.setText(self.tr("Check"))
        self.check.setToolTip(self.tr("Seal this answer and see what becomes of it"))
        self.show_answer.setText(self.tr("Show the answer"))
        self.pose.setText(self.tr("Go there"))
        self.pose.setToolTip(self.tr("Have the window show what this question is about"))
        if self.state is not State.OPEN:
            self.reveal(*self._told)

    @property
    def is_given(self) -> bool:
        """Whether an answer is given on the card, and not in the window."""
        return not isinstance(self.answer, NoAnswer)

    # -- the learner's doing -----------------------------------------------------------------------

    def _enter(self) -> None:
        if self.state is State.OPEN and self.answer.given is not None:
            self.answered.emit()

    def _changed(self) -> None:
        is_open = self.state is State.OPEN
        self._error.show_text(self.answer.missing if is_open else "")
        self.check.setVisible(is_open and not self.sealed and self.is_given)
        self.check.setEnabled(is_open and self.answer.given is not None)
        self.show_answer.setVisible(is_open and not self.sealed)
        self.pose.setVisible(is_open and not self.posed)


class GoalCard(QuestionCard):
    """Something to bring about in the window.

    Signals
    -------
    over_wanted()
        To begin again at step 0.
    """

    over_wanted = Signal()

    def __init__(self, question: Question, words: str, answer: Answer, parent: QWidget | None = None) -> None:
        self.over = Button()
        self._locks = Label()
        super().__init__(question, words, answer, parent)
        self.over.setObjectName("lessonStartOver")
        self.over.clicked.connect(self.over_wanted)
        self._locks.setProperty("role", "note")
        self._locks.setWordWrap(True)
        self._lock = Label(self)
        self._lock.setProperty("role", "lock")
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(self._lock)
        row.addWidget(self._locks, 1)
        self.column.insertLayout(2, row)
        self._row.insertWidget(0, self.over)
        self.set_locks("")

    def set_locks(self, text: str) -> None:
        """Say what may not be changed."""
        self._locks.setText(text)
        for label in (self._lock, self._locks):
            label.setVisible(bool(text))

    def retranslate(self) -> None:
        super().retranslate()
        self.pose.setText(self.tr("Begin"))
        self.over.setText(self.tr("Start over"))
        self.over.setToolTip(self.tr("Back to step 0, with the settings as they are now"))

    def _changed(self) -> None:
        super()._changed()
        self.over.setVisible(self.state is State.OPEN and not self.sealed and self.posed)


class ClinicCard(QuestionCard):
    """A mistake to be found in the bug clinic.

    Signals
    -------
    clinic_wanted()
    """

    clinic_wanted = Signal()

    def __init__(self, question: Question, words: str, answer: Answer, parent: QWidget | None = None) -> None:
        self.clinic = Button()
        super().__init__(question, words, answer, parent)
        self.clinic.setObjectName("lessonClinic")
        self.clinic.clicked.connect(self.clinic_wanted)
        FocusRing(self.clinic)
        self._row.insertWidget(0, self.clinic)

    def retranslate(self) -> None:
        super().retranslate()
        self.clinic.setText(self.tr("Open the bug clinic"))

    def _changed(self) -> None:
        super()._changed()
        self.clinic.setVisible(self.state is State.OPEN)
