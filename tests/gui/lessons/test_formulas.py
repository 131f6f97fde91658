"""Formulas in a lesson's text: within a line, or on a line of their own; dollars in code are left alone."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.lessons.text import LessonText
from gui.style.equation import typeset_all
from gui.style.theme import DARK, LIGHT


def test_formulas_in_a_line_and_on_their_own(qtbot: QtBot) -> None:
    text = LessonText()
    qtbot.addWidget(text)
    text.set_markdown("Here $x$ and\n\n$$ y = x^2\n+ 1 $$\n\n`$$ code $$`")
    assert text.formulas == ["x", "y = x^2 + 1"]
    assert "$$ code $$" in text.toPlainText() and text.toPlainText().count("$$") == 2


def test_a_text_is_written_again_once_all_its_formulas_are_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = LessonText()
    qtbot.addWidget(text)
    text.show()
    written: list[bool] = []
    write = text._write

    def counted() -> None:
        write()
        written.append(text._has_blanks)

    monkeypatch.setattr(text, "_write", counted)
    text.set_markdown(" and ".join(f"$q_{{{number}}}$" for number in range(12)))
    assert written == [True]
    typeset_all()
    qtbot.waitUntil(lambda: not written[-1])
    assert written == [True, False]
    text.set_theme(LIGHT)
    assert len(written) == 2
    text.set_theme(DARK)
    assert written == [True, False, False]
