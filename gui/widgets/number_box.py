"""A field for one number: typed with a point or a comma, or stepped by keys and wheel."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from engine.functions.table import Range
from gui.text.numbers import MINUS, exact_percent, full, typed_number

_TYPEABLE = frozenset("0123456789.,eE+-− %/·×*^⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SMALLEST_STEP = 1e-5

FIELD_PADDING = 9
"""Of all fields, so that they are of one height: pixels beside the line of text."""


BESIDE_TEXT = 26
"""Pixels of a field beside its number: frame, arrows, and what a line of text keeps free."""

INDENT = 5
"""Pixels between a field's frame and its number; the style sheet has no say in that."""


class SpinBox(QSpinBox):
    """A whole number that keeps away from its frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(INDENT, 0, 0, 0)


class NumberBox(QAbstractSpinBox):
    """A number with the range it may have.

    What was typed is handed on as a number, or as the text where it is none, when the field is left or
    Enter is pressed; whoever listens says what is wrong with it. Steps are handed on at once. They are
    1 for whole numbers, 5 % for shares, 1-2-5-10 for numbers of any magnitude, and one of the last
    digit for numbers that are small by nature, like 0.9 in a range from 0 to 1.

    Attributes
    ----------
    edited : Signal(int, float or str)
        By the user, never by `set_value`.
    """

    edited = Signal(object)

    def __init__(
        self,
        numbers: Range,
        *,
        whole: bool = False,
        percent: bool = False,
        characters: int = 7,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._range = numbers
        self._whole = whole
        self._percent = percent
        self._characters = characters
        self._value: float = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._is_typing = False
        self.lineEdit().setTextMargins(INDENT, 0, 0, 0)
        self.lineEdit().installEventFilter(self)
        self.lineEdit().textEdited.connect(self._type)
        self.editingFinished.connect(self._finish)

    @property
    def value(self) -> float:
        """The number as last set."""
        return self._value

    def set_range(self, numbers: Range) -> None:
        """Say which numbers may be stepped to."""
        self._range = numbers

    def set_value(self, value: float) -> None:
        """Show `value`, whatever is being typed."""
        self._value = value
        self._show(value)

    def _show(self, value: float) -> None:
        self.lineEdit().setText(_text(value, self._percent))
        self._is_typing = False
        self.updateGeometry()

    def _type(self) -> None:
        self._is_typing = True

    def _finish(self) -> None:
        if self._is_typing:
            self._is_typing = False
            self.edited.emit(self._typed())

    def _typed(self) -> float | str:
        text = self.lineEdit().text()
        plain = text.replace("%", "").replace(MINUS, "-").replace(" ", "")
        if plain.lstrip("+-").isdecimal() and not self._percent:
            return int(plain)  # of any length: a seed may have more digits than a float holds
        number = typed_number(plain).value
        if number is None:
            return text
        if self._percent:
            return number / 100
        return int(number) if self._whole and number == int(number) else number

    def stepBy(self, steps: int) -> None:
        typed = self._typed()
        start = self._value if isinstance(typed, str) else typed
        value = self._stepped(start, steps)
        if value in self._range and value != start:
            self._show(value)
            self.lineEdit().selectAll()
            self.edited.emit(value)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        for steps, flag in (
            (1, QAbstractSpinBox.StepEnabledFlag.StepUpEnabled),
            (-1, QAbstractSpinBox.StepEnabledFlag.StepDownEnabled),
        ):
            value = self._stepped(self._value, steps)
            if value in self._range and value != self._value:
                enabled |= flag
        return enabled

    def _stepped(self, value: float, steps: int) -> float:
        low, high = self._range.low, self._range.high
        if self._whole:
            return int(min(max(value + steps, low), high))
        if self._percent:
            share = 100 * value
            fives = math.floor(share / 5 + 1e-9) if steps > 0 else math.ceil(share / 5 - 1e-9)
            return min(max((fives + steps) * 5 / 100, low), high)
        if low >= 0 and high > 1:
            for _ in range(abs(steps)):
                value = _next_125(value) if steps > 0 else _previous_125(value)
            return min(max(value, low), high)
        decimals = next(n for n in range(13) if n == 12 or round(value, n) == round(value, 12))
        return min(max(round(value + steps * 10.0 ** -max(decimals, 1), 12), low), high)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        valid = _TYPEABLE.issuperset(text)
        return (QValidator.State.Acceptable if valid else QValidator.State.Invalid, text, position)

    def sizeHint(self) -> QSize:
        text = max("8" * self._characters, self.lineEdit().text(), key=len)
        self.ensurePolished()
        content = QSize(
            self.fontMetrics().horizontalAdvance(text) + INDENT + 1,
            self.lineEdit().sizeHint().height(),
        )
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        hint = self.style().sizeFromContents(QStyle.ContentsType.CT_SpinBox, option, content, self)
        # the style keeps room for larger arrows than those of the style sheet
        width = min(hint.width(), content.width() + BESIDE_TEXT)
        return QSize(width, self.fontMetrics().height() + FIELD_PADDING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The wheel over a field that has not been chosen is meant for the panel.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return self._is_undo_of_document(event) or super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if self._is_undo_of_document(event):
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.set_value(self._value)
            return True
        return super().event(event)

    def _is_undo_of_document(self, event: QEvent) -> bool:
        """Let undo and redo through to the window when there is no half-typed text to undo."""
        if event.type() != QEvent.Type.ShortcutOverride or self._is_typing:
            return False
        keys = QKeySequence.StandardKey
        if event.matches(keys.Undo) or event.matches(keys.Redo):  # type: ignore[attr-defined]
            event.ignore()
            return True
        return False


def _text(value: float, percent: bool) -> str:
    if percent:
        return exact_percent(value)
    return str(value).replace("-", MINUS) if isinstance(value, int) else full(value)


def _next_125(value: float) -> float:
    if value < _SMALLEST_STEP:
        return _SMALLEST_STEP
    exponent = math.floor(math.log10(value) + 1e-9)
    mantissa = value / 10.0**exponent
    return float(f"{next(m for m in (1, 2, 5, 10) if m > mantissa * (1 + 1e-9))}e{exponent}")


def _previous_125(value: float) -> float:
    if value <= _SMALLEST_STEP:
        return 0.0
    exponent = math.floor(math.log10(value) - 1e-9)
    mantissa = value / 10.0**exponent
    return float(f"{next(m for m in (5, 2, 1) if m < mantissa * (1 - 1e-9))}e{exponent}")
