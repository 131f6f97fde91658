"""A page that scrolls, or says what it is for while there is nothing to show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.widgets.focus_ring import FocusRing


class ScrolledPage(QStackedWidget):
    """The whole of a view: its content, or an empty state.

    Parameters
    ----------
    content : QWidget
    area : str
        What the scroll area is called.
    empty : QLabel
        Says what the view is for.
    view : QWidget
        Is filled with the page.
    """

    def __init__(self, content: QWidget, area: str, empty: QLabel, view: QWidget) -> None:
        super().__init__(view)
        self.area = QScrollArea(view)
        self.area.setObjectName(area)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidget(content)
        FocusRing(self.area)
        self.empty = empty
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        empty.setMargin(16)
        self.addWidget(empty)
        self.addWidget(self.area)
        whole = QVBoxLayout(view)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)

    @property
    def is_empty(self) -> bool:
        """Whether it only says what it is for."""
        return self.currentWidget() is self.empty

    def show_content(self, there_is_some: bool) -> None:
        """Show the content, if there is some."""
        self.setCurrentWidget(self.area if there_is_some else self.empty)
