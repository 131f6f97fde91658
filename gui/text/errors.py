"""The engine's errors in the user's language."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.data.data_warning import DataWarning
from engine.digits import fill
from engine.errors import QT_TRANSLATE_NOOP, EngineError
from engine.parts import NamedLayer
from gui.text.foreign import reason
from gui.text.parts import naming
from gui.text.plain import LONGEST_QUOTE, enumerated, one_line
from gui.text.settings import setting, word

# How the engine says which numbers are allowed, piece by piece.
_RANGES = {
    r"above (\S+)": QT_TRANSLATE_NOOP("errors", "above {0}"),
    r"at least (\S+)": QT_TRANSLATE_NOOP("errors", "at least {0}"),
    r"(?:below|less than) (\S+)": QT_TRANSLATE_NOOP("errors", "below {0}"),
    r"at most (\S+)": QT_TRANSLATE_NOOP("errors", "at most {0}"),
    r"from (\S+) to (\S+)": QT_TRANSLATE_NOOP("errors", "from {0} to {1}"),
    r"0 in the output layer": QT_TRANSLATE_NOOP("errors", "0 in the output layer"),
    r"a finite number": QT_TRANSLATE_NOOP("errors", "a finite number"),
    r"a number": QT_TRANSLATE_NOOP("errors", "a number"),
    r"a whole number from (\S+) to (\S+)": QT_TRANSLATE_NOOP("errors", "a whole number from {0} to {1}"),
    r"one of: (.+)": QT_TRANSLATE_NOOP("errors", "one of: {0}"),
    r"some of: (.+)": QT_TRANSLATE_NOOP("errors", "some of: {0}"),
    r"any, or some of: (.+)": QT_TRANSLATE_NOOP("errors", "any, or some of: {0}"),
    r"a whole number": QT_TRANSLATE_NOOP("errors", "a whole number"),
}


def localized(error: EngineError) -> tuple[str, str]:
    """Say what happened, and what to do about it, in the user's language.

    Returns
    -------
    message, mend : str
        The mend may be empty.
    """
    details = {key: _told(_detail(key, value, error)) for key, value in error.details.items()}
    message, mend = (
        fill(QCoreApplication.translate("errors", template), details) if template else ""
        for template in error.wording
    )
    return message, mend


def localized_warning(warning: DataWarning) -> str:
    """Say what was noticed in a data set, in the user's language."""
    details = {key: _told(value) for key, value in warning.details.items()}
    if warning.kind.removeprefix("ambiguous_") in ("header", "type", "missing", "date_forms", "times"):
        for key in ("first", "second"):  # which are ours there, and else what stands in the file
            details[key] = QCoreApplication.translate("errors", details[key])
    return fill(QCoreApplication.translate("errors", warning.templates[warning.kind]), details)


def _told(value: Any) -> Any:
    """What is quoted from a file, in one line and not too long."""
    return one_line(value, LONGEST_QUOTE) if isinstance(value, str) else value


def _detail(key: str, value: Any, error: EngineError) -> Any:
    if isinstance(value, Exception):  # what another error is the reason of
        return localized(value)[0] if isinstance(value, EngineError) else reason(str(value))
    if isinstance(value, NamedLayer):
        return value.name(naming)
    if not isinstance(value, str):
        return value
    if key == "reason":
        ours = QCoreApplication.translate("errors", value)
        return reason(value) if ours == value else ours
    if key == "field":
        return setting(value, error.details.get("layers", 0))
    if key in ("value", "loss", "target", "other"):
        return word(value)
    if key == "names":
        return enumerated([QCoreApplication.translate("errors", name) or name for name in value.split(", ")])
    if key == "needed":
        return _allowed(value)
    if key in ("allowed", "expected"):
        pieces = [_allowed(piece) for piece in re.split(r", | and ", value)]
        joint = QCoreApplication.translate("errors", " and ") if " and " in value else ", "
        return joint.join(pieces)
    return QCoreApplication.translate("errors", value) or value


def _allowed(text: str) -> str:
    for pattern, template in _RANGES.items():
        if match := re.fullmatch(pattern, text):
            return QCoreApplication.translate("errors", template).format(*match.groups())
    known = word(text)
    return known if known != text else QCoreApplication.translate("errors", text) or text
