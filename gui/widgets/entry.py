"""What an entry of a menu or a tool is called."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence

from gui.text.plain import tooltip


def entitle(action: QAction, text: str, tip: str = "") -> None:
    """Give an action its text, and a tooltip, the same if not another, that says its keys, too."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setText(text)
    action.setToolTip(tooltip(f"{tip or text} ({keys})" if keys else tip or text))
