"""Formulas in a lesson's text: within a line, or on a line of their own; dollars in code are left alone."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.lessons.text import LessonText


def test_formulas_in_a_line_and_on_their_own(qtbot: QtBot) -> None:
    text = LessonText()
    qtbot.addWidget(text)
    text.set_markdown("Here $x$ and\n\n$$ y = x^2\n+ 1 $$\n\n`$$ code $$`")
    assert text.formulas == ["x", "y = x^2 + 1"]
    assert "$$ code $$" in text.toPlainText() and text.toPlainText().count("$$") == 2
