from __future__ import annotations

import importlib.util

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.lab import ExpressionView, closed_form
from gui.lab.closed_form import ClosedForm, Question

QUESTION = Question("y = x^2", "x", ("x",))
ECHO = "import sys, json; print(json.dumps(' '.join(json.loads(sys.stdin.read())[:2])))"


def test_answers_with_its_question(qtbot: QtBot) -> None:
    finder = ClosedForm(program=ECHO)
    with qtbot.waitSignal(finder.answered) as caught:
        finder.ask(QUESTION)
    assert caught.args == [QUESTION, "y = x^2 x"]


def test_a_new_question_takes_the_place_of_the_old(qtbot: QtBot) -> None:
    finder = ClosedForm(program=ECHO)
    answers: list[Question] = []
    finder.answered.connect(lambda question, latex: answers.append(question))
    other = QUESTION._replace(name="z")
    finder.ask(QUESTION)
    finder.ask(other)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [other]


@pytest.mark.parametrize("program", ["import time; time.sleep(600)", "raise SystemExit(3)"])
def test_no_answer_in_time_is_none(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(closed_form, "PATIENCE", 300)
    finder = ClosedForm(program=program)
    with qtbot.waitSignal(finder.answered) as caught:
        finder.ask(QUESTION)
    assert caught.args == [QUESTION, None]


def note(view: ExpressionView) -> str:
    label = view.findChild(QLabel, "expressionClosedFormNote")
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_without_sympy_it_says_how_to_get_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_form, "available", lambda: False)
    view = ExpressionView(remember=False)
    qtbot.addWidget(view)
    view.show()
    assert "pip install sympy" in note(view)


def test_answer_is_shown_beside_the_numbers(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closed_form, "available", lambda: True)
    monkeypatch.setattr(ClosedForm, "ask", lambda self, question: self.answered.emit(question, "2 x \\cos u"))
    view = ExpressionView(remember=False)
    qtbot.addWidget(view)
    view.show()
    assert note(view) == "Looking for it…"
    qtbot.waitUntil(lambda: bool(view.inspector.closed_form.latex))
    assert view.inspector.closed_form.latex == r"\frac{dy}{dx} = 2 x \cos u"
    assert note(view) == ""
    # another variable or text: the old answer must not stay
    view.set_text("y = sin(t)")
    assert view.inspector.closed_form.latex == ""
    monkeypatch.setattr(ClosedForm, "ask", lambda self, question: self.answered.emit(question, None))
    qtbot.waitUntil(lambda: note(view).startswith("There is none"))


@pytest.mark.skipif(importlib.util.find_spec("sympy") is None, reason="SymPy is not installed")
def test_sympy_finds_it(qtbot: QtBot) -> None:
    view = ExpressionView(remember=False)
    qtbot.addWidget(view)
    view.show()
    view.set_text("y = sin(x^2 + 1)")
    qtbot.waitUntil(lambda: bool(view.inspector.closed_form.latex))
    assert r"\cos" in view.inspector.closed_form.latex
    view.inspector.stop()
