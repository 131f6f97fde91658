"""The field a formula is typed in; what is wrong is underlined where it is wrong."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme

LEAST_LINES, MOST_LINES = 4, 12


class FormulaEditor(QPlainTextEdit):
    """Several lines of text, as tall as they are.

    Signals
    -------
    left() : the focus went elsewhere
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionEditor")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFont(tabular(self.font()))
        self._theme = LIGHT
        self._error: tuple[int, int] | None = None
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())

    @property
    def text(self) -> str:
        """What is typed."""
        return self.toPlainText()

    def replace(self, text: str) -> None:
        """Put another text in the place of all; it can be undone."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    @property
    def underlined(self) -> str:
        """The part of the text that is marked as wrong."""
        selections = self.extraSelections()
        return selections[0].cursor.selectedText() if selections else ""

    def mark_error(self, place: tuple[int, int] | None) -> None:
        """Underline what begins at a line and column, both from 1; None for nothing."""
        self._error = place
        selections = []
        if place is not None:
            start, end = _word_at(self.text, *place)
            selection = QTextEdit.ExtraSelection()
            cursor = self.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(QColor(self._theme.bad))
            tint = QColor(self._theme.bad)
            tint.setAlpha(30)
            form.setBackground(tint)
            selection.cursor, selection.format = cursor, form
            selections.append(selection)
        self.setExtraSelections(selections)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.mark_error(self._error)

    def sizeHint(self) -> QSize:
        lines = self.document().size().height()  # a plain text's is counted in lines
        lines = min(max(math.ceil(lines), LEAST_LINES), MOST_LINES)
        line = math.ceil(QFontMetricsF(self.font()).lineSpacing())
        height = lines * line + 2 * self.document().documentMargin() + 10
        return QSize(200, round(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def _word_at(text: str, line: int, column: int) -> tuple[int, int]:
    """The word or sign that begins at a place, in Qt's units; what is before it where nothing does."""
    lines = text.split("\n")
    line = min(line, len(lines))
    before = sum(len(part) + 1 for part in lines[: line - 1])
    here = lines[line - 1]
    start = min(column - 1, len(here))
    if start == len(here) and start > 0:
        start -= 1
    end = start + 1
    if start < len(here) and (here[start].isalnum() or here[start] == "_"):
        while end < len(here) and (here[end].isalnum() or here[end] in "_."):
            end += 1
    return _units(text[: before + start]), _units(text[: min(before + end, len(text))])


def _units(text: str) -> int:
    """How many of Qt's characters a text has: those beyond the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2
