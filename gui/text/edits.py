"""What was changed by hand on the way, in a few words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP
from engine.settings import Difference
from gui.text.plain import enumerated
from gui.text.settings import setting, setting_value
from gui.training.messages import EditMade

_OTHERS = {
    "parameters": QT_TRANSLATE_NOOP("edits", "values changed by hand"),
    "frozen": QT_TRANSLATE_NOOP("edits", "values held or let go"),
    "settings": QT_TRANSLATE_NOOP("edits", "settings changed"),
}


_AT_THE_START = {
    **_OTHERS,
    "parameters": QT_TRANSLATE_NOOP("edits", "given start values"),
    "frozen": QT_TRANSLATE_NOOP("edits", "values held from the start"),
}
"""Before the first step an example gives its values as somebody may by hand: both are what it starts from."""


def edit_text(edit: EditMade, layers: int, *, brief: bool = False) -> str:
    """What an edit of a network with so many weight layers changed: "η 0.1 → 0.3".

    `brief` is the first of several changes.
    """
    others = _OTHERS if edit.step else _AT_THE_START
    changes = [_change_text(change, layers, brief=brief) for change in edit.changes]
    changes += [QCoreApplication.translate("edits", others[what]) for what in edit.others]
    if brief and len(changes) > 1:
        return f"{changes[0]} …"
    return enumerated(changes)


def _change_text(change: Difference, layers: int, *, brief: bool) -> str:
    name = "η" if brief and change.path == "learning_rate" else setting(change.path, layers)
    return f"{name} {setting_value(change.first)} → {setting_value(change.second)}"
