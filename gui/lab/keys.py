"""Keys that are shortcuts of the main window belong to what has the focus in the lab."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

_KEYS_OF_THE_WINDOW = frozenset(
    {Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_F}
)


class OwnKeys(QObject):
    """Keeps these keys for the widget it is installed on.

    A filter, as a window that is destroyed while it is shown crashes in an overridden `event`.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and Qt.Key(event.key()) in _KEYS_OF_THE_WINDOW
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)
