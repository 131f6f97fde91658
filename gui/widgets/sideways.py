"""What stands side by side and may need more width than there is: it scrolls sideways then."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.fitting import FRAME, room_on_screen

AROUND = 16
"""Pixels of a window beside its columns, at most."""


class Sideways(QScrollArea):
    """Holds columns whole, and asks for no more width for them than the screen has.

    Parameters
    ----------
    content : QWidget
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is reached with Tab is brought to the eye
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = content
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:
        least, screen = self._content.minimumSizeHint(), room_on_screen(self.window())
        most = screen.width() - FRAME.width() - AROUND
        bar = self.horizontalScrollBar().sizeHint().height() if least.width() > most else 0
        return QSize(min(least.width(), most), least.height() + bar)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
