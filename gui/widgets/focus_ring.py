"""The ring of what has the focus and has no edge of its own to tell it: filled buttons, pages to scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

INSET = 2
"""Pixels between the button's edge and the ring."""


class FocusRing(QWidget):
    """Seen inside a widget while it has the focus: around one filled with the text's colour no ring is.

    Parameters
    ----------
    button : QWidget
    """

    def __init__(self, button: QWidget) -> None:
        super().__init__(button)
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(button.hasFocus())
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect().adjusted(INSET, INSET, -INSET, -INSET))
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setVisible(event.type() == QEvent.Type.FocusIn)
        return False
