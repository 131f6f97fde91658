"""What stands on a page of a lesson: text, something to look at, and questions with all that follows them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.lessons.answers import Answer
from gui.lessons.text import LessonText
from gui.style.fonts import px
from gui.style.sheet import mark
from gui.style.theme import Theme
from gui.text.plain import Label
from gui.widgets.fields import Button, Note


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

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__("show", parent)
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
        self.button.setText(self.tr("Show it"))


class QuestionCard(Card):
    """A question, what it is answered with, and what becomes of the answer.

    Signals
    -------
    answered()
        What is given is to be judged.
    shown()
        The learner wants to see the answer.
    """

    answered = Signal()
    shown = Signal()

    def __init__(self, kind: str, words: str, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self.text.set_markdown(words)
        self.text.setVisible(bool(words))
        self.answer = answer
        self.state = State.OPEN
        self._error, self._hints = Note("error", self), LessonText(self)
        self._verdict, self._beside = Label(self), Label(self)
        self._reveal = LessonText(self)
        for label, name in (
            (self._verdict, "lessonVerdict"),
            (self._beside, "lessonBeside"),
        ):
            label.setObjectName(name)
            label.setWordWrap(True)
        self._hints.setProperty("role", "hint")
        self.check, self.show_answer = Button(self), Button(self)
        self.check.setObjectName("lessonCheck")
        self.show_answer.setObjectName("lessonShowAnswer")
        self.show_answer.setProperty("role", "link")
        self._row = QHBoxLayout()
        self._row.addWidget(self.check)
        self._row.addWidget(self.show_answer)
        self._row.addStretch(1)
        for widget in (answer, self._error, self._verdict, self._hints):
            self.column.addWidget(widget)
        self.column.addLayout(self._row)
        self.column.addWidget(self._beside)
        self.column.addWidget(self._reveal)
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
        return self._beside.text() if not self._beside.isHidden() else ""

    def say(self, text: str, tone: str) -> None:
        """Say what becomes of the answer; `tone` is "good", "bad" or "note"."""
        self._verdict.setText(text)
        mark(self._verdict, "tone", tone)
        self._verdict.setVisible(bool(text))

    def hint(self, texts: Sequence[str]) -> None:
        """Give these hints."""
        self._hints.set_markdown("\n\n".join(texts))
        self._hints.setVisible(bool(texts))

    def reveal(self, beside: str, text: str) -> None:
        """Tell the answer beside the guess, and what is to be said of it."""
        self._beside.setText(beside)
        self._beside.setVisible(bool(beside))
        self._reveal.set_markdown(text)
        self._reveal.setVisible(bool(text))

    def set_state(self, state: State) -> None:
        """Be open, or answered."""
        self.state = state
        mark(self, "state", state.value)
        is_open = state is State.OPEN
        self.answer.set_open(is_open and not self.sealed)
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

    # -- the learner's doing -----------------------------------------------------------------------

    def _enter(self) -> None:
        if self.state is State.OPEN and self.answer.given is not None:
            self.answered.emit()

    def _changed(self) -> None:
        is_open = self.state is State.OPEN
        self._error.show_text(self.answer.missing if is_open else "")
        self.check.setVisible(is_open and not self.sealed)
        self.check.setEnabled(is_open and self.answer.given is not None)
        self.show_answer.setVisible(is_open and not self.sealed)
