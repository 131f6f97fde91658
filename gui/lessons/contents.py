"""The contents of a page: its texts, shows and questions as widgets, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from engine.errors import QT_TRANSLATE_NOOP
from engine.lessons.lesson import (
    Blank,
    Choose,
    Fault,
    Goal,
    Hint,
    Order,
    Point,
    Predict,
    Prose,
    Question,
    Reveal,
    Show,
)
from engine.mistakes.clinic import Planted
from gui.lessons.answers import (
    Answer,
    BlanksAnswer,
    ChoiceAnswer,
    FactorAnswer,
    NoAnswer,
    NumberAnswer,
    OrderAnswer,
    PlaceAnswer,
    SignAnswer,
)
from gui.lessons.cards import Card, ClinicCard, GoalCard, QuestionCard, ShowCard
from gui.lessons.course import Course
from gui.lessons.listing import ListingCard
from gui.lessons.page import LessonsPage
from gui.lessons.text import LessonText
from gui.lessons.wording import head, locks_text, place_text
from gui.training.messages import Frame
from gui.views.check_numbers.wording import meaning

_TITLE = re.compile(r"# [^\n]*\n*")
_TARGET = re.compile(
    r"^\s*(w|b|grad|share|update|z|a|delta|slope|upstream)\[(\d+),\s*(\w+)(?:,\s*(\d+))?[\],]"
)


class Contents:
    """What stands on one page of a course.

    Parameters
    ----------
    course : Course
    page : int
    parent : LessonsPage
        Of the widgets.
    frame : callable
        What the window shows, if it is of the lesson's network.

    Attributes
    ----------
    items : list of QWidget
        From top to bottom.
    questions, shows, listings
        The cards among them.
    experiment : str
        What the page is about first.
    """

    def __init__(
        self, course: Course, page: int, parent: LessonsPage, frame: Callable[[], Frame | None]
    ) -> None:
        self._course, self._frame, self._parent = course, frame, parent
        self.items: list[QWidget] = []
        self.questions: list[QuestionCard] = []
        self.shows: list[tuple[ShowCard, Show]] = []
        self.listings: list[ListingCard] = []
        self._later: dict[str, list[QWidget]] = {}
        self._before: dict[str, Show] = {}
        steps = course.lesson.pages[page]
        self.experiment = steps[0].experiment if steps else ""
        here = {step.id for step in steps if isinstance(step, Question)}
        for step in steps:
            if isinstance(step, Prose):
                self._add_text(course.text(step))
            elif isinstance(step, Show):
                self._add_show(step)
            elif isinstance(step, Question):
                self._add_question(step)
            elif isinstance(step, Reveal) and step.of not in here:
                card = Card("reveal", parent)
                card.text.set_markdown(course.text(step))
                card.hide()
                self._later.setdefault(step.of, []).append(card)
                self.items.append(card)
            elif isinstance(step, Hint):
                continue

    def _add_text(self, words: str) -> None:
        words = _TITLE.sub("", words, count=1) if _TITLE.match(words) else words
        if words.strip():
            text = LessonText(self._parent)
            text.set_markdown(words)
            self.items.append(text)

    def _add_show(self, step: Show) -> None:
        card: ShowCard
        if step.view == "listing":
            card = ListingCard(self._course.text(step), self._parent.focus, self._parent)
            self.listings.append(card)
        else:
            card = ShowCard(self._course.text(step), step.run, self._parent)
        self.shows.append((card, step))
        self.items.append(card)

    def _add_question(self, step: Question) -> None:
        asked = self._course.asked[step.id]
        answer = self._answer(step)
        card: QuestionCard
        if isinstance(step, Goal):
            card = GoalCard(step, asked.text, answer, self._parent)
            card.set_locks(locks_text(step))
        elif isinstance(step, Fault):
            card = ClinicCard(step, asked.text, answer, self._parent)
        else:
            card = QuestionCard(step, asked.text, answer, self._parent)
        card.set_head(head(step))
        if self.shows:
            self._before[step.id] = self.shows[-1][1]
        self.questions.append(card)
        self.items.append(card)

    def _answer(self, step: Question) -> Answer:
        asked = self._course.asked[step.id]
        if isinstance(step, Predict):
            return SignAnswer() if step.ask == "sign" else NumberAnswer()
        if isinstance(step, Choose):
            return ChoiceAnswer(asked.items)
        if isinstance(step, Order):
            return OrderAnswer(asked.items, asked.shuffled)
        if isinstance(step, Blank):
            return BlanksAnswer(len(step.holes))
        if isinstance(step, Point):
            if step.what == "factor":
                return FactorAnswer()
            what = step.what
            return PlaceAnswer(what, step.layer, lambda place: place_text(place, what, self._frame()))
        return NoAnswer()

    # -- what is asked of it -----------------------------------------------------------------------

    def before(self, card: QuestionCard) -> Show | None:
        """What is to be looked at when a question is asked: the last that stands before it."""
        return self._before.get(card.question.id)

    def show_answered(self, id: str) -> None:
        """Tell what was kept until a question of another page was answered."""
        for widget in self._later.get(id, ()):
            widget.show()

    def retranslate(self) -> None:
        """Say it in the language that is spoken now."""
        for card in self.questions:
            card.set_head(head(card.question))

    def looked_at_by(self, question: Question) -> tuple[int | str, ...] | None:
        """The part of the network that an answer is about."""
        source = ""
        if isinstance(question, Predict):
            source = question.target.text
        elif isinstance(question, Blank):
            if question.derivation is not None:
                return question.derivation
            source = question.holes[-1].target.text
        elif isinstance(question, Point) and question.select is not None:
            return question.select
        found = _TARGET.match(source)
        if found is None:
            return None
        name, layer, first, second = found.groups()
        if name == "b":
            return int(layer), "b", int(first)
        if second is not None:
            return int(layer), first if first == "b" else int(first), int(second)
        return (int(layer), int(first)) if first.isdecimal() and int(layer) > 0 else None

    def in_words(self, question: Question, answer: Any) -> str:
        """An answer that was given, as it is shown beside the right one."""
        asked = self._course.asked[question.id]
        if isinstance(question, Choose) and isinstance(answer, int) and 0 <= answer < len(asked.items):
            return asked.items[answer]
        if isinstance(question, Order) and isinstance(answer, list):
            return " · ".join(asked.items[place] for place in answer if place in range(len(asked.items)))
        if isinstance(question, Point) and isinstance(answer, list) and answer:
            return place_text(answer, question.what, self._frame())
        if isinstance(question, Blank) and isinstance(answer, list):
            return ", ".join(map(str, answer))
        if isinstance(question, Predict):
            return str(answer).replace("-", "−")
        return ""

    def fault_text(self, planted: Planted) -> str:
        """Which mistake it was, and where it shows first."""
        text = QCoreApplication.translate(
            "lessonPage",
            str(QT_TRANSLATE_NOOP("lessonPage", "{mistake} The first wrong quantity is {quantity}.")),
        )
        return text.format(mistake=meaning(planted.name), quantity=planted.verdict.first_wrong or "")
