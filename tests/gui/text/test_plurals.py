"""What is counted is counted in the forms of the language: 1 step, 2 steps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from gui.style.appearance import Appearance
from resources.i18n.update import HERE, sources
from tests.test_translations import messages


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    appearance = Appearance(qapp, "en", "light", remember=False)
    yield appearance
    appearance.set_language("en")


@pytest.mark.parametrize(
    ("language", "one", "two"), [("en", "1 step/s", "2 steps/s"), ("zh_CN", "1 步/秒", "2 步/秒")]
)
def test_one_is_no_plural(appearance: Appearance, language: str, one: str, two: str) -> None:
    appearance.set_language(language)
    said = [QCoreApplication.translate("StatusBar", "{0} steps/s", "", n).format(n) for n in (1, 2)]
    assert said == [one, two]


def test_english_has_both_forms_of_whatever_is_counted() -> None:
    for message in messages(HERE / "en.ts"):
        one, several = message.translations
        assert several == message.source and one not in ("", several), message.source


def test_no_text_chooses_its_form_itself() -> None:
    """A language may have more forms than two, or none: Qt chooses, given the count."""
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if re.search("[!=]= 1", text) else ():
            if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
                is_equal = isinstance(node.test.ops[0], ast.Eq | ast.NotEq)
                asks_for_one = is_equal and ast.unparse(node.test.comparators[0]) == "1"
                both = (ast.unparse(node.body), ast.unparse(node.orelse))
                assert not (asks_for_one and all(".tr(" in each for each in both)), f"{path}:{node.lineno}"
