"""The small field over the graph that a weight or bias is typed into."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from gui.style.fonts import tabular
from gui.style.sheet import mark
from gui.text.numbers import full, short, typed_number
from gui.text.plain import Label

AWAY = 14
WIDTH = 236


class ValueEditor(QFrame):
    """A field for one number: Enter takes it, Escape leaves everything as it was.

    Signals
    -------
    committed(float)
    """

    committed = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("valueEditor")
        self._parent = parent
        self._largest = float("inf")
        self._name = Label(self)
        self._field = QLineEdit(self)
        self._field.setObjectName("valueEditorField")
        self._field.setFont(tabular(self._field.font()))
        self._hint = Label(self)
        self._hint.setObjectName("valueEditorHint")
        self._hint.setWordWrap(True)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout()
        line.addWidget(self._name)
        line.addWidget(self._field, 1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._hint)
        self._field.textEdited.connect(self._preview)
        self._field.returnPressed.connect(self._take)
        self._field.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.text()

    @property
    def hint(self) -> str:
        """What is said of it."""
        return self._hint.text()

    def open(self, symbol: str, name: str, value: float, largest: float, at: QPoint) -> None:
        """Ask for the value of `name`, up to the size `largest`, beside a point of the parent."""
        self._largest = largest
        self._name.setText(f"{symbol} =")
        self.setAccessibleName(name)
        self._field.setAccessibleName(name)
        self._field.setText(full(value))
        self._field.selectAll()
        self._say(self.tr("Enter sets it, Escape leaves it; 1/3 and 2e-3 will do."))
        self._place(at)
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_editor(self) -> None:
        """Leave everything as it was."""
        if self.isVisible():
            had_focus = self._field.hasFocus()
            self.hide()
            if had_focus:
                self._parent.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # a click elsewhere is no Enter: what was half typed must not become a weight
        passing = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if isinstance(event, QFocusEvent) and not event.gotFocus() and event.reason() not in passing:
            self.hide()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # no key typed here is meant for the graph underneath
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        event.accept()

    def _preview(self, text: str) -> None:
        """Say what a fraction comes to; what is half typed is not complained about."""
        typed = typed_number(text)
        shown = typed.value is not None and "/" in text
        self._say(f"= {short(typed.value, 6)}" if typed.value is not None and shown else "")

    def _take(self) -> None:
        typed = typed_number(self._field.text())
        if typed.value is None:
            self._say(typed.reason, wrong=True)
        elif abs(typed.value) > self._largest:
            text = self.tr("{value} is too large for this precision. Keep below {largest}.")
            self._say(text.format(value=short(typed.value), largest=short(self._largest, 2)), wrong=True)
        else:
            self.close_editor()
            self.committed.emit(typed.value)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._hint.setText(text)
        mark(self._hint, "role", "error" if wrong else "note")
        self._field.setAccessibleDescription(text)
        self.resize(WIDTH, self._column.heightForWidth(WIDTH))
        self._place(self.pos() - QPoint(AWAY, AWAY))

    def _place(self, at: QPoint) -> None:
        room = self._parent.size()
        x = min(at.x() + AWAY, room.width() - self.width() - 4)
        y = (
            at.y() + AWAY
            if at.y() + AWAY + self.height() <= room.height()
            else room.height() - self.height() - 4
        )
        self.move(max(x, 4), max(y, 4))
