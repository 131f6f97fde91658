"""What a diagnosis says, in the user's language and with numbers as the window writes them.

The causes are imported when there is one to tell of: the window opens without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from engine.digits import written_as
from engine.parts import NamedLayer
from gui.text.numbers import grouped
from gui.text.parts import naming, shown
from gui.text.plain import sentences

if TYPE_CHECKING:
    from engine.diagnose import Finding


def label(finding: Finding) -> str:
    """The cause in a few words."""
    from engine.diagnose import CAUSES

    return _translated(CAUSES[finding.cause].label)


def sentence(finding: Finding) -> str:
    """What is the matter."""
    return finding.told(_translated, written)


def advice(finding: Finding) -> str:
    """What to do about it."""
    return sentences(*map(_translated, finding.advices))


def lesson(finding: Finding) -> tuple[str, str, str]:
    """What the cause is, how it is told, and what to do about it."""
    from engine.diagnose import CAUSES

    cause = CAUSES[finding.cause]
    return _translated(cause.meaning), _translated(cause.signs), _translated(cause.advice)


def evidence(finding: Finding) -> list[tuple[str, float]]:
    """The numbers that led to it, each with what it is."""
    from engine.diagnose import LABELS

    return [(_translated(LABELS[name]), float(value)) for name, value in finding.evidence.items()]


def written(value: Any, form: str = "") -> str:
    """A value of a sentence, by the format that asks for it: ``.3g``, ``.0%``, ``.0f`` or none."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, NamedLayer):
        return value.name(naming)
    if isinstance(value, int):
        return grouped(value)
    return grouped(round(value)) if form.endswith("f") else written_as(value, form)


def _translated(text: str) -> str:
    """A text of a finding, or the name of a rule that it names."""
    own = QCoreApplication.translate("diagnose", text)
    return own if own != text else QCoreApplication.translate("catalogue", text)
