"""What is kept from one start to the next: as it was, or else as if it had never been."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication

from gui import kept
from gui.kept import ANIMATION, EXPORT_FOLDER, GEOMETRY, RECENT_FILES, SPEED, Kept, Key

KEYS = [value for value in vars(kept).values() if isinstance(value, Key)]
GUI = Path(kept.__file__).parent


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (ANIMATION, "slow"),
        (SPEED, 3),
        (EXPORT_FOLDER, "/a b/图片"),
        (GEOMETRY, QByteArray(b"\0\1x")),
        (RECENT_FILES, [{"path": "/数据.csv", "options": None}, 2]),
    ],
)
def test_it_comes_back_as_it_was(qapp: QApplication, key: Key[Any], value: Any) -> None:
    assert Kept().get(key) == key.default != value
    Kept().keep(key, value)
    QSettings().sync()
    found = Kept().get(key)
    assert found == value and type(found) is type(value)
    Kept().drop(key)
    assert Kept().get(key) == key.default


@pytest.mark.parametrize("stored", ["nonsense", "{}", "7.5", ""])
@pytest.mark.parametrize("key", [ANIMATION, SPEED, GEOMETRY, RECENT_FILES], ids=lambda key: key.name)
def test_what_makes_no_sense_was_never_kept(qapp: QApplication, key: Key[Any], stored: str) -> None:
    QSettings().setValue(key.name, stored)
    assert Kept().get(key) == key.default


def test_nothing_is_read_or_written_where_nothing_is_wanted(qapp: QApplication) -> None:
    Kept().keep(SPEED, 2)
    nothing = Kept(False)
    assert nothing.get(SPEED) == SPEED.default
    nothing.keep(SPEED, 5)
    nothing.drop(SPEED)
    assert Kept().get(SPEED) == 2


def test_each_has_a_name_of_its_own() -> None:
    names = [key.name for key in KEYS]
    assert len(names) == len(set(names)) > 10


def test_nobody_else_reads_or_writes_the_settings() -> None:
    users = [path.name for path in GUI.rglob("*.py") if "QSettings" in path.read_text(encoding="utf-8")]
    assert users == ["kept.py"]
