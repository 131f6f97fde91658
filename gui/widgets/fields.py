"""Fields and buttons of panels: choices with reasons, buttons that keep the space key, small notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from gui.text.plain import Label, tooltip
from gui.widgets.number_box import FIELD_PADDING

FIELD_WIDTH = 120
"""Of a field, in pixels; one whose text is longer is wider."""

WIDEST_FIELD = 200
"""Of a field whose text is longer still: a name from data."""


class Choice(NamedTuple):
    """One item of a combo box; one with a reason against it cannot be picked."""

    value: Any
    label: str
    reason: str = ""


class ComboBox(QComboBox):
    """A list of choices as wide as what is picked.

    Attributes
    ----------
    picked : Signal(object)
        The value the user picked, never one that was set.
    """

    picked = Signal(object)

    def __init__(self, minimum_width: int = FIELD_WIDTH, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._minimum_width = minimum_width
        self._choices: tuple[Choice, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(20)
        self.activated.connect(lambda index: self.picked.emit(self._choices[index].value))
        self.currentIndexChanged.connect(lambda _: self.updateGeometry())

    def set_choices(self, choices: Iterable[Choice], value: Any) -> None:
        """Offer `choices` and show the one with `value`."""
        choices = tuple(choices)
        index = next((i for i, choice in enumerate(choices) if choice.value == value), -1)
        self.blockSignals(True)
        if choices != self._choices:
            self._choices = choices
            self.clear()
            for place, choice in enumerate(choices):
                self.addItem(choice.label)
                self.setItemData(place, tooltip(choice.reason), Qt.ItemDataRole.ToolTipRole)
                if choice.reason:  # the role in which Qt's own model keeps what an entry can do
                    self.setItemData(place, 0, Qt.ItemDataRole.UserRole - 1)
            view = self.view()
            view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        self.setCurrentIndex(index)
        self.blockSignals(False)
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        metrics = self.fontMetrics()
        content = QSize(metrics.horizontalAdvance(self.currentText()) + 3, metrics.height())
        hint = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, content, self)
        width = max(min(hint.width(), WIDEST_FIELD), self._minimum_width)
        return QSize(width, metrics.height() + FIELD_PADDING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel over a field that has not been chosen is meant for the panel.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Button(QPushButton):
    """A button that is reached with Tab, and then pressed with Space whatever else Space does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        return keeps_space(event) or super().event(event)


class Toggle(QToolButton):
    """A small button that stays down; keys as in `Button`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(True)

    def event(self, event: QEvent) -> bool:
        return keeps_space(event) or super().event(event)


def keeps_space(event: QEvent) -> bool:
    """Whether an event is Space about to become a shortcut, which is the button's that has the focus."""
    if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
        event.accept()
        return True
    return False


class Note(Label):
    """Small text that wraps; in the muted colour, or as an error."""

    def __init__(self, role: str = "note", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self.setVisible(False)

    def show_text(self, text: str) -> None:
        """Show `text`, or take no room for none."""
        self.setText(text)
        self.setVisible(bool(text))
