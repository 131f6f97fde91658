"""The setup where there is little room: a rail of icons, each of which lets its section fly out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.panels.setup.sections import Section
from gui.style import icons
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip
from gui.widgets.fields import Toggle

RAIL = 46
"""Pixels of width."""

FLYOUT = 262
ICONS: dict[str, icons.Draw] = {
    "data": icons.table,
    "network": icons.graph,
    "training": icons.descent,
    "more": icons.dots,
    "health": icons.bars,
}


class Flyout(QFrame):
    """A section beside the rail, over what is there.

    Signals
    -------
    closed()
        By Escape.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("setupFlyout")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._body = QWidget()
        self._body.setObjectName("setupFlyoutBody")
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(12, 10, 12, 12)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(self._area)
        self.hide()

    def place(self, at: QPoint, room: int) -> None:
        """Stand here, as tall as the section wants to be if there is so much room."""
        layout = self._body.layout()
        if layout is not None:
            layout.activate()
        bar = self._area.verticalScrollBar().sizeHint().width()
        wanted = self._body.minimumSizeHint()
        width = max(px(FLYOUT), wanted.width() + bar + 2)
        self.setGeometry(at.x(), at.y(), width, min(self._body.sizeHint().height() + 6, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class Rail(QWidget):
    """An icon for each section."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("setupRail")
        self.setFixedWidth(px(RAIL))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._theme = LIGHT
        self._sections: list[Section] = []
        self._flyout: Flyout | None = None
        self.buttons: dict[str, Toggle] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(5, 8, 5, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self.open_section: Section | None = None

    def set_sections(self, sections: list[Section]) -> None:
        """Have an icon for each of these."""
        self.close_flyout()
        for button in self.buttons.values():
            button.deleteLater()
        self._sections, self.buttons = sections, {}
        for place, section in enumerate(sections):
            button = Toggle()
            button.setObjectName(f"{section.name}Rail")
            button.setProperty("role", "rail")
            button.clicked.connect(lambda on, section=section: self._press(section, on))
            self.buttons[section.name] = button
            self._column.insertWidget(place, button)
        self.set_theme(self._theme)
        self.retranslate()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.setFixedWidth(px(RAIL))
        for name, button in self.buttons.items():
            button.setIconSize(QSize(px(18), px(18)))
            button.setFixedSize(px(RAIL - 10), px(RAIL - 10))
            button.setIcon(icons.drawn(ICONS[name], theme.text, theme.muted))

    def retranslate(self) -> None:
        """Name the sections in the language of the moment."""
        self.setAccessibleName(self.tr("Setup"))
        for section in self._sections:
            button = self.buttons[section.name]
            button.setToolTip(tooltip(section.title))
            button.setAccessibleName(section.title)

    @property
    def flyout(self) -> Flyout | None:
        """What has flown out."""
        return None if self._flyout is None or self._flyout.isHidden() else self._flyout

    def fly_out(self, section: Section) -> None:
        """Show a section beside the rail."""
        self.close_flyout()
        window = self.window()
        if self._flyout is None or self._flyout.parentWidget() is not window:
            self._flyout = Flyout(window)
            self._flyout.closed.connect(self._close_by_key)
        self.open_section = section
        self.buttons[section.name].setChecked(True)
        section.fly(True)
        self._flyout.column.addWidget(section)
        section.show()
        top = self.mapTo(window, QPoint(self.width(), 0))
        self._flyout.place(top, self.height())
        self._flyout.show()
        self._flyout.raise_()
        self._flyout.setFocus()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def close_flyout(self) -> None:
        """Take the section in again."""
        section, self.open_section = self.open_section, None
        if section is None:
            return
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.disconnect(self._focus_changed)
        if self._flyout is not None:
            self._flyout.hide()
        self.buttons[section.name].setChecked(False)
        section.fly(False)
        section.hide()

    def _press(self, section: Section, on: bool) -> None:
        if on:
            self.fly_out(section)
        else:
            self.close_flyout()

    def _close_by_key(self) -> None:
        section = self.open_section
        self.close_flyout()
        if section is not None:
            self.buttons[section.name].setFocus()

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """Close when the focus goes elsewhere in the window; a list of choices is a child of its field."""
        widget = now
        while widget is not None and widget not in (self, self._flyout):
            widget = widget.parentWidget()
        if now is not None and widget is None and now.window() is self.window():
            self.close_flyout()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Resize):
            self.close_flyout()
        return super().event(event)
