"""What is kept from one start to the next: all of it by name, and the only place that reads and writes it.

What was kept by another version, or edited by hand, may be anything: what cannot be read as what it should
be is as if it had never been kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One thing that is kept.

    Attributes
    ----------
    name : str
        What it is called in the settings of the system.
    default : T
        What it is as long as it has not been kept.
    read : callable
        Makes it of what the settings hold; raises ValueError or TypeError if that is something else.
    write : callable
        What the settings are to hold of it.
    """

    name: str
    default: T
    read: Callable[[Any], T]
    write: Callable[[T], object] = lambda value: value


def _truth(stored: object) -> bool:
    return {"true": True, "false": False}[str(stored).lower()]


def _pace(stored: object) -> str:
    return {name: name for name in ("on", "slow", "off")}[str(stored)]


def _percent(stored: object) -> int:
    return min(max(int(str(stored)), 100), 250)


def _share(stored: object) -> float:
    share = float(str(stored))
    if not share <= 1.0:  # NaN, too
        raise ValueError
    return share


def _state(stored: object) -> QByteArray:
    if not isinstance(stored, QByteArray):
        raise TypeError
    return stored


def _entries(stored: object) -> list[Any]:
    entries = json.loads(str(stored))
    if not isinstance(entries, list):
        raise TypeError
    return entries


def _table(stored: object) -> dict[str, Any]:
    table = json.loads(str(stored))
    if not isinstance(table, dict):
        raise TypeError
    return table


def _json(entries: list[Any] | dict[str, Any]) -> str:
    return json.dumps(entries, ensure_ascii=False)


def _word(name: str) -> Key[str]:
    return Key(name, "", str)


LANGUAGE, THEME = _word("language"), _word("theme")
GRANULARITY = _word("granularity")
MATRICES = _word("expression/matrices")
"""What was typed last in matrix notation."""
SPEED = Key("speed", -1, int)
"""Place of the slider; -1 if it was never moved."""
LAUNCHED = Key("launched", False, _truth)
"""Whether the program has been there before."""
TEXT_SIZE = Key("textSize", 100, _percent)
ANIMATION = Key("animation", "on", _pace)
BESIDE_SHARE = Key("besideShare", -1.0, _share)
"""Of the centre's width, what lies beside the graph has; below 0 if nobody has chosen it."""
GEOMETRY, WINDOW_STATE = (Key(name, QByteArray(), _state) for name in ("geometry", "windowState"))
DATA_FOLDER, SESSION_FOLDER, EXPORT_FOLDER, NUMBERS_FOLDER, LESSON_FOLDER = map(
    _word, ("folder", "sessionFolder", "exportFolder", "numbersFolder", "lessonFolder")
)
"""The folders that were chosen last; empty for the one the program was started in."""
LESSONS = Key[dict[str, Any]]("lessons", {}, _table, _json)
"""How far somebody is in each lesson; see `gui.lessons.progress`."""
LESSON_SEED = Key("lessonSeed", 1, int)
"""Of the numbers that lessons draw."""
FOLDED = Key[list[Any]]("setup/folded", ["more"], _entries, _json)
"""The sections of the setup that are folded, by their names."""
WISHES = Key[list[Any]]("wishes", [], _entries, _json)
"""What was opened or closed by hand, whatever the size of the window; see `gui.fitting`."""
RECENT_FILES, RECENT_SESSIONS, EXPRESSIONS = (
    Key[list[Any]](name, [], _entries, _json)
    for name in ("recentFiles", "recentSessions", "expression/history")
)
"""Lists, the newest first; who reads them looks at each entry."""


class Kept:
    """What is kept; nothing if it is not wanted.

    Parameters
    ----------
    wanted : bool
        Whether anything is kept at all.
    """

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted

    def get(self, key: Key[T]) -> T:
        """What was kept, or else the default."""
        if not self._wanted or not (settings := QSettings()).contains(key.name):
            return key.default
        try:
            return key.read(settings.value(key.name))
        except (ValueError, TypeError, KeyError):
            return key.default

    def keep(self, key: Key[T], value: T) -> None:
        """Keep it for the next start."""
        if self._wanted:
            QSettings().setValue(key.name, key.write(value))

    def drop(self, key: Key[Any]) -> None:
        """Keep it no longer."""
        if self._wanted:
            QSettings().remove(key.name)
