"""What libraries and the system say does not go into Chinese sentences in English."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.errors import ExperimentError, SessionError
from gui.style.appearance import Appearance
from gui.text.errors import localized
from gui.text.foreign import reason


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    appearance = Appearance(qapp, "zh_CN", "light", remember=False)
    yield
    appearance.set_language("en")


def said(fail: Callable[[], object]) -> str:
    with pytest.raises((OSError, ValueError, SyntaxError)) as caught:
        fail()
    error = caught.value
    return getattr(error, "strerror", None) or getattr(error, "msg", None) or str(error)


FAILURES: list[Callable[[], object]] = [
    lambda: Path("/there/is/none").read_text(),
    lambda: Path("/").read_text(),
    lambda: tomllib.loads("a ="),
    lambda: tomllib.loads("a b"),
    lambda: tomllib.loads("a = [1, 2"),
    lambda: tomllib.loads("a = 1\na = 2"),
    lambda: tomllib.loads('a = "x'),
    lambda: json.loads('{"a" 1}'),
    lambda: json.loads("[1, 2"),
    lambda: json.loads("{a: 1}"),
    lambda: compile("def f(:\n", "x", "exec"),
    lambda: compile("if x\n  y", "x", "exec"),
    lambda: compile("f(1", "x", "exec"),
]


@pytest.mark.parametrize("fail", FAILURES)
def test_what_libraries_say_is_told_in_chinese(fail: Callable[[], object], chinese: None) -> None:
    told = reason(said(fail))
    assert re.search("[\u4e00-\u9fff]", told)
    assert not re.search("[A-Za-z]{2,}", told)
    assert told != reason("nobody has ever said this")


def test_what_nobody_knows_is_not_quoted(chinese: None) -> None:
    message, _ = localized(SessionError("cannot_read", name="a.bplab", reason="frobnicator overflow"))
    assert message == "无法读取 a.bplab：其内容不合规定。"
    assert reason("ZeroDivisionError: division by zero") == "ZeroDivisionError"


def test_an_error_within_an_error_is_told_in_chinese(chinese: None) -> None:
    inner = ExperimentError("out_of_range", field="learning_rate", value=0, allowed="above 0")
    outer = SessionError("does_not_fit", name="a", member="b", field="experiments[0]", reason=inner)
    message, _ = localized(outer)
    assert "学习率" in message and "must" not in message and "above" not in message


def test_in_english_it_is_quoted(qapp: QApplication) -> None:
    assert reason("frobnicator overflow") == "frobnicator overflow"
    assert reason(said(FAILURES[2])) == said(FAILURES[2])
