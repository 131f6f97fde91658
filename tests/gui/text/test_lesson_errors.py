"""What is wrong with a lesson, in Chinese to its last word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.errors import EngineError
from engine.lessons.checking import check
from engine.lessons.folder import Folder, open_lesson
from engine.lessons.wording import speaking
from gui.text.errors import localized
from tests.gui.language import spoken

GUIDE = Path(__file__).resolve().parents[2] / "data" / "lessons" / "by-the-guide"


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    with spoken(speaking("zh_CN")):
        yield


def fault(old: str, new: str) -> EngineError:
    folder = open_lesson(GUIDE)
    text = folder.text("lesson.md")
    assert text.count(old) >= 1
    files = {name: content for name, content in folder.files.items() if ".zh_CN" not in name}
    (problem,) = check(Folder("a", GUIDE, {**files, "lesson.md": text.replace(old, new, 1).encode()}))
    return problem


@pytest.mark.parametrize(
    ("old", "new", "message", "mend"),
    [
        ("minutes = 12", "minutes = -12", "第 4 行第 1 列：minutes 是 -12。", "必须是 1 到 600 的整数。"),
        ('language = "en"', "language = 3", "第 3 行第 1 列：language 是 3。", "必须是 文本。"),
        (
            "tolerance=1%\nWhat",
            "tolerance=x\nWhat",
            "tolerance 是“x”。",
            "必须是 像 2% 这样的比例，或像 0.005 这样的数。",
        ),
        ("view=network", "view=net", "view 是“net”。", "必须是 其中之一：network, chain_rule"),
        ("learning_rate = 40.0", "learning_rate = -1.0", "实验“fast”不对：", "请改正。"),
        ('solve="x=0"', 'solve="x:0"', "“x:0”不是一个修改：缺少 =。", "请写成"),
    ],
)
def test_faults_are_told_in_chinese(chinese: None, old: str, new: str, message: str, mend: str) -> None:
    said, help_ = localized(fault(old, new))
    assert message in said and help_.startswith(mend)
