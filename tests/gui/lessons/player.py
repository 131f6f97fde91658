"""Somebody who goes through a lesson in a window, with whatever answers a test gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from engine.errors import EngineError
from engine.lessons.judging import judge, slips_of
from engine.lessons.keys import Keys
from engine.lessons.lesson import Blank, Choose, Fault, Goal, Order, Point, Predict, Question
from engine.lessons.materials import FormulaWithValues
from engine.parts import Part
from gui.lessons.answers import (
    BlanksAnswer,
    ChoiceAnswer,
    FactorAnswer,
    NumberAnswer,
    OrderAnswer,
    PlaceAnswer,
    SignAnswer,
)
from gui.lessons.cards import QuestionCard, State
from gui.lessons.stage import part_of
from gui.training.messages import Granularity, Run, SetParameter
from tests.gui.driver import Driver


class Player:
    """Opens lessons, answers and looks."""

    def __init__(self, window: Driver) -> None:
        self.window, self.main = window, window.main
        self.lessons, self.page = window.main.lessons, window.main.lessons.page
        self.stage = self.lessons.stage

    def wait(self, until: Callable[[], bool]) -> None:
        self.window.wait(until)

    def open(self, path: Path) -> None:
        self.lessons.open(path)
        self.wait(lambda: self.lessons.course is not None and self.lessons.course.path == path)
        self.settle()

    def settle(self) -> None:
        self.wait(lambda: self.stage.is_settled)

    def go_to(self, page: int) -> None:
        self.lessons.go_to(page)
        self.settle()

    @property
    def course(self) -> Any:
        assert self.lessons.course is not None
        return self.lessons.course

    @property
    def keys(self) -> Keys:
        """Keys of the test's own: those of the window belong to its second thread."""
        course = self.course
        return Keys(course.lesson, course.keys.folder, course.keys.seed)

    @property
    def cards(self) -> list[QuestionCard]:
        return [item for item in self.page.items if isinstance(item, QuestionCard)]

    def card(self, id: str) -> QuestionCard:
        return next(card for card in self.cards if card.question.id == id)

    # -- answering ---------------------------------------------------------------------------------

    def give(self, card: QuestionCard, answer: Any) -> None:
        """Give an answer with the card's own fields and buttons, or in the window; and have it judged."""
        widget = card.answer
        self.pose(card)
        if isinstance(widget, NumberAnswer):
            widget.field.clear()
            QTest.keyClicks(widget.field, str(answer))
        elif isinstance(widget, BlanksAnswer):
            for field, number in zip(widget.fields, answer, strict=True):
                field.clear()
                QTest.keyClicks(field, str(number))
        elif isinstance(widget, SignAnswer):
            self.press(card, f"lessonSign{widget.SIGNS.index(answer)}")
        elif isinstance(widget, ChoiceAnswer):
            self.press(card, f"lessonChoice{answer}")
        elif isinstance(widget, OrderAnswer):
            self.sort(card, widget, answer)
        elif isinstance(widget, FactorAnswer):
            names = ["upstream", "slope", "activation"]
            self.press(card, f"lessonFactor{names.index(answer[0])}")
        elif isinstance(widget, PlaceAnswer):
            self.point(widget.kind, answer)
        seen = len(self.tries(card))
        assert card.check.isEnabled() and not card.check.isHidden()
        card.check.click()
        self.wait(lambda: len(self.tries(card)) > seen)

    def pose(self, card: QuestionCard) -> None:
        """Go where a question is, if it says that it is elsewhere."""
        if not card.posed:
            card.pose.click()
            self.settle()

    def tries(self, card: QuestionCard) -> list[dict[str, Any]]:
        return self.lessons.progress.of(card.question.id).tries

    def press(self, card: QuestionCard, name: str) -> None:
        button = card.findChild(QPushButton, name) or card.findChild(object, name)  # type: ignore[call-overload]
        assert button is not None, name
        button.click()

    def sort(self, card: QuestionCard, widget: OrderAnswer, order: tuple[int, ...]) -> None:
        for place, item in enumerate(order):
            while widget.given.index(item) > place:
                self.press(card, f"lessonOrderUp{widget.given.index(item)}")
        assert widget.given == tuple(order)

    def point(self, kind: str, place: tuple[int | str, ...]) -> None:
        focus = self.main.focus
        if kind == "sample":
            other = 1 if place[0] == 1 else 0
            focus.show_sample(other)
            focus.show_sample(int(place[0]) - 1)
        else:
            focus.select(None)
            focus.select(part_of(place))

    def reach(self, card: QuestionCard) -> None:
        """Bring a goal about in the way that its author gave."""
        goal = card.question
        assert isinstance(goal, Goal)
        self.pose(card)
        material = self.course.materials[goal.experiment]
        for change in goal.solve:
            if isinstance(material, FormulaWithValues):
                assert self.stage.lab is not None
                self.stage.lab.functions.set_value(change.path, float(change.value))
            elif change.path.startswith(("w[", "b[")):
                numbers = tuple(int(n) for n in change.path[2:-1].split(","))
                layer, *units = numbers
                part = Part("bias", layer, units[0] - 1)
                if change.path[0] == "w":
                    part = Part("weight", layer, units[1] - 1, units[0] - 1)
                self.main.edits.set_parameter(SetParameter(part, float(change.value)))
            else:
                value: Any = change.value
                try:
                    value = float(value)
                    value = int(value) if value == int(value) and "units" in change.path else value
                except ValueError:
                    pass
                self.main.document.set_value(change.path, value)
        if goal.within > 1 and not isinstance(material, FormulaWithValues):
            self.main.submit(Run(Granularity.BATCH, None, goal.within - 1))
        self.wait(lambda: card.state is State.RIGHT)

    def find(self, card: QuestionCard, *, right: bool) -> None:
        """Find a fault in the clinic, or name another."""
        planted = self.course.asked[card.question.id].planted
        card.clinic.click()  # type: ignore[attr-defined]
        clinic = self.main.pages.views["clinic"]
        first = planted.verdict.first_wrong
        quantity = planted.verdict[first]
        from gui.views.check_numbers.numbers_table import Number

        clinic._go_to(Number(first, quantity.worst))
        clinic._point_here()
        wanted = planted.choices.index(planted.name)
        place = wanted if right else (wanted + 1) % len(planted.choices)
        clinic._rows[place].button.click()
        seen = len(self.tries(card))
        clinic._commit.click()
        self.wait(lambda: len(self.tries(card)) > seen)
        clinic.hide()


def right_answer(keys: Keys, question: Question) -> Any:
    """What is to be answered."""
    key = keys.key(question)
    if isinstance(question, Predict):
        number = key.numbers[0]
        if question.ask == "sign":
            return "+" if number > 0 else "-" if number < 0 else "0"
        return repr(number)
    if isinstance(question, Blank):
        return tuple(map(repr, key.numbers))
    if isinstance(question, Choose):
        return key.order[0]
    if isinstance(question, Order):
        return key.order
    assert isinstance(question, Point)
    return key.places[0]


def wrong_answer(keys: Keys, question: Question) -> Any:
    """Something else that can be answered."""
    right = right_answer(keys, question)
    if isinstance(question, Predict):
        if question.ask == "sign":
            return "-" if right == "+" else "+"
        return repr(3.0 * abs(float(right)) + 7.7123)
    if isinstance(question, Blank):
        return tuple(repr(3.0 * abs(float(number)) + 7.7123) for number in right)
    if isinstance(question, Choose):
        return (right + 1) % len(question.items)
    if isinstance(question, Order):
        return tuple(reversed(right)) if tuple(reversed(right)) != right else (*right[1:], right[0])
    assert isinstance(question, Point)
    places = set(keys.key(question).places)
    return next(place for place in keys.places(question) if place not in places)


def typical_mistake(keys: Keys, question: Question) -> str | None:
    """A number that a slip gives, if one is near that can be told apart."""
    if not isinstance(question, Predict) or question.ask == "sign":
        return None
    right = keys.key(question).numbers[0]
    for _, value in slips_of(keys, question, question.target, right):
        if value == value and abs(value) < 1e12:
            try:
                verdict = judge(keys, question, repr(value))
            except EngineError:
                continue
            if not verdict.right and verdict.slips and verdict.slips[0].name != "more_digits":
                return repr(value)
    return None


def pages_of(player: Player) -> int:
    return len(player.course.lesson.pages)


__all__ = ["Fault", "Player", "Qt", "pages_of", "right_answer", "typical_mistake", "wrong_answer"]
