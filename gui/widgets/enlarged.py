"""A tab on the whole screen, until Escape."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget


class Enlarged(QWidget):
    """Takes what is in a tab onto the whole screen, with all keys of the window; puts it back when closed.

    Parameters
    ----------
    tabs : QTabWidget
    index : int
        The tab.

    Signals
    -------
    put_back()
    """

    put_back = Signal()

    def __init__(self, tabs: QTabWidget, index: int) -> None:
        window = tabs.window()
        super().__init__(window, Qt.WindowType.Window)
        self.setObjectName("enlargedTab")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view = tabs.widget(index)
        assert view is not None
        self._tabs, self.view = tabs, view
        self._title, self._tip = tabs.tabText(index), tabs.tabToolTip(index)
        self.setWindowTitle(self._title)
        self._blank = QWidget()
        tabs.insertTab(index, self._blank, self._title)
        tabs.removeTab(index + 1)
        tabs.setCurrentIndex(index)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        view.show()
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self.close)
        self.addActions(
            [action for action in window.findChildren(QAction) if not action.shortcut().isEmpty()]
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        index = self._tabs.indexOf(self._blank)
        if index >= 0:
            self._tabs.insertTab(index, self.view, self._title)
            self._tabs.setTabToolTip(index, self._tip)
            self._tabs.setCurrentIndex(index)
            self._tabs.removeTab(index + 1)
            self._blank.deleteLater()
            self.put_back.emit()
        super().closeEvent(event)
