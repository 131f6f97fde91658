"""The title of a dock in one slim line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from gui.text.plain import Label, tooltip

MARGINS = 12, 2, 4, 0
"""Of a title, in pixels, as Qt counts them."""


class DockTitle(QWidget):
    """What a dock is called, and two buttons: to take it out of the window, and to close it.

    Parameters
    ----------
    dock : QDockWidget
        Gets this as its title.
    """

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._name = Label(self)
        self._name.setProperty("role", "heading")
        self._float, self._close = QToolButton(self), QToolButton(self)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(*MARGINS)
        row.setSpacing(0)
        row.addWidget(self._name, 1)
        for button, kind in ((self._float, "float"), (self._close, "close")):
            button.setProperty("role", kind)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setFixedSize(QSize(24, 24))
            row.addWidget(button)
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close.clicked.connect(dock.close)
        dock.windowTitleChanged.connect(self._name.setText)
        dock.setTitleBarWidget(self)
        self._retranslate()

    def set_bare(self, bare: bool) -> None:
        """Take no room above what is too narrow for a title, or be a title again."""
        for widget in (self._name, self._float, self._close):
            widget.setHidden(bare)
        self._row.setContentsMargins(*((0, 0, 0, 0) if bare else MARGINS))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        for button, said in (
            (self._float, self.tr("Take out of the window, or back")),
            (self._close, self.tr("Close")),
        ):
            button.setToolTip(tooltip(said))
            button.setAccessibleName(said)
