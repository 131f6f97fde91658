"""A JSON object from a file that may hold anything: each value is checked as it is taken."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from engine.errors import QT_TRANSLATE_NOOP, SessionError

LARGEST = 2**53

Blame = Callable[[str, str], SessionError]
"""Makes the error for a field that is not what was expected, from its path and what that is."""


class Fields:
    """The fields of one object.

    Parameters
    ----------
    value : any
        What JSON gave; it must be an object.
    path : str
        Its place in the document.
    blame : callable

    Raises
    ------
    SessionError
        From every method, for a field that is missing or not of its type.
    """

    def __init__(self, value: Any, path: str, blame: Blame) -> None:
        self.path, self._blame = path, blame
        if not isinstance(value, dict):
            raise blame(path or "the document", QT_TRANSLATE_NOOP("errors", "an object"))
        self.plain: dict[str, Any] = value

    def place(self, key: str) -> str:
        """The path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def _take(self, key: str, kind: type | tuple[type, ...], expected: str) -> Any:
        value = self.plain.get(key)
        wrong = isinstance(value, bool) and kind is not bool
        if wrong or not isinstance(value, kind):
            raise self._blame(self.place(key), expected)
        return value

    def whole(self, key: str, low: int = 0, high: int = LARGEST) -> int:
        """A whole number from `low` to `high`."""
        value: int = self._take(key, int, QT_TRANSLATE_NOOP("errors", "a whole number"))
        if not low <= value <= high:
            raise self._blame(self.place(key), f"from {low} to {high}")
        return value

    def optional_number(self, key: str) -> float | None:
        """A finite number, or null."""
        if self.plain.get(key) is None:
            return None
        value = self._take(key, (int, float), QT_TRANSLATE_NOOP("errors", "a number"))
        if not math.isfinite(value):
            raise self._blame(self.place(key), QT_TRANSLATE_NOOP("errors", "a number"))
        return float(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value: bool = self._take(key, bool, QT_TRANSLATE_NOOP("errors", "true or false"))
        return value

    def text(self, key: str) -> str:
        """A text."""
        value: str = self._take(key, str, QT_TRANSLATE_NOOP("errors", "a text"))
        return value

    def values(self, key: str) -> list[Any]:
        """A list of anything."""
        value: list[Any] = self._take(key, list, QT_TRANSLATE_NOOP("errors", "a list"))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.values(key)
        if not all(isinstance(value, str) for value in values):
            raise self._blame(self.place(key), QT_TRANSLATE_NOOP("errors", "a list of texts"))
        return tuple(values)

    def wholes(self, key: str, low: int, high: int) -> list[int]:
        """A list of whole numbers from `low` to `high`."""
        values = self.values(key)
        if not all(isinstance(v, int) and not isinstance(v, bool) and low <= v <= high for v in values):
            raise self._blame(self.place(key), QT_TRANSLATE_NOOP("errors", "a list of whole numbers"))
        return values

    def object(self, key: str) -> Fields:
        """An object."""
        return Fields(self.plain.get(key), self.place(key), self._blame)

    def objects(self, key: str) -> list[Fields]:
        """A list of objects."""
        return [
            Fields(value, f"{self.place(key)}[{index}]", self._blame)
            for index, value in enumerate(self.values(key))
        ]
