"""What has no room beside the others: a drawer over the right edge of a window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from gui.text.plain import tooltip
from gui.widgets.fields import Toggle

ROOM_LEFT = 0.1
"""Of the window, what the drawer never covers."""


class Drawer(QFrame):
    """Holds the content of a dock while that is closed: a handle at the edge pulls it out, Esc puts it in.

    Parameters
    ----------
    window : QMainWindow
    dock : QDockWidget
        Has its content back when the drawer is not wanted any more.
    """

    def __init__(self, window: QMainWindow, dock: QDockWidget) -> None:
        super().__init__(window)
        self.setObjectName("drawer")
        self._window, self._dock = window, dock
        self._content, self._stand_in = dock.widget(), QWidget(self)
        self._stand_in.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        self._bar = QToolBar(window)
        self._bar.setObjectName("drawerBar")
        self._bar.setMovable(False)
        self._handle = Toggle()
        self._handle.setObjectName("drawerHandle")
        self._handle.setProperty("role", "rail")
        self._handle.setText("‹")
        self._handle.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._handle.toggled.connect(self._pull)
        self._bar.addWidget(self._handle)
        self._bar.toggleViewAction().setVisible(False)
        window.addToolBar(Qt.ToolBarArea.RightToolBarArea, self._bar)
        self._bar.hide()
        self.hide()
        window.installEventFilter(self)
        dock.installEventFilter(self)
        dock.windowTitleChanged.connect(self._name)

    @property
    def is_open(self) -> bool:
        """Whether it is pulled out."""
        return not self.isHidden()

    @property
    def handle(self) -> Toggle:
        """What it is pulled by."""
        return self._handle

    def offer(self, offered: bool) -> None:
        """Have a handle at the edge, or give the content back to its dock."""
        self._bar.setVisible(offered)
        if not offered:
            self._handle.setChecked(False)

    def _name(self, title: str) -> None:
        self._handle.setToolTip(tooltip(title))
        self._handle.setAccessibleName(title)

    def _pull(self, out: bool) -> None:
        if out == self.is_open:
            return
        self._handle.setText("›" if out else "‹")
        self.setVisible(out)
        layout = self.layout()
        assert layout is not None
        if out:
            self._dock.setWidget(self._stand_in)  # a dock without a widget takes no size
            layout.addWidget(self._content)
            self._content.show()
            self._place()
            self.raise_()
            self._content.setFocus()
        else:
            layout.removeWidget(self._content)
            self._stand_in.setParent(self)
            self._stand_in.hide()
            self._dock.setWidget(self._content)

    def _place(self) -> None:
        window, centre = self._window, self._window.contentsRect()
        if (central := window.centralWidget()) is not None:
            centre = central.geometry()
        width = max(self._content.minimumSizeHint().width(), self._content.minimumWidth())
        width = min(width + 2, round((1 - ROOM_LEFT) * window.width()))
        right = self._bar.x() if self._bar.isVisible() else window.width()
        self.setGeometry(QRect(right - width, centre.y(), width, centre.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._handle.setChecked(False)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            if self.is_open:
                self._place()
        elif watched is self._dock and event.type() == QEvent.Type.Show:
            self.offer(False)
        return super().eventFilter(watched, event)
