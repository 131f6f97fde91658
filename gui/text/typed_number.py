"""Numbers as people type them: with a point or a comma, any minus, as a power of ten or as a fraction."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP

_DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?", re.ASCII)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞|nan)")


class TypedNumber(NamedTuple):
    """What was typed: a finite number, or None and why it is none, in the user's language."""

    value: float | None
    reason: str = ""


def typed_number(text: str) -> TypedNumber:
    """Read `text` as a number such as ``0.25``, ``−3,5``, ``2e-3`` or ``1/3``."""
    plain = re.sub(r"\s", "", text).replace("−", "-").replace(",", ".").lower()
    if not plain:
        return TypedNumber(
            None, _say(QT_TRANSLATE_NOOP("typed_number", "Type a number, for example 0.25 or 1/3."))
        )
    if _INFINITE.fullmatch(plain):
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' is not finite. Type a finite number."))
        return TypedNumber(None, said.format(text=text))
    match = _NUMBER.fullmatch(plain)
    if match is None:
        said = _say(
            QT_TRANSLATE_NOOP("typed_number", "'{text}' is not a number. Type one, for example 0.25 or 1/3.")
        )
        return TypedNumber(None, said.format(text=text))
    value, below = float(match[1]), float(match[2] or 1)
    if below == 0:
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' divides by zero."))
        return TypedNumber(None, said.format(text=text))
    value /= below
    if not math.isfinite(value):
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' is too large: type a number below 1.8e308."))
        return TypedNumber(None, said.format(text=text))
    return TypedNumber(value)


def _say(text: str) -> str:
    return QCoreApplication.translate("typed_number", text)
