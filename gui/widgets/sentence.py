"""A sentence in a room of fixed height: what does not fit is left out, and told on hover."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.text.plain import breakable, tooltip


class Sentence(QWidget):
    """A text of at most so many lines, in the middle of its height, which never changes."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 2) -> None:
        super().__init__(parent)
        self._lines = lines
        self._text = ""
        self._painted = ""
        self._colour = QColor()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    @property
    def painted(self) -> str:
        """What there was room for when it was painted last."""
        return self._painted

    def show_text(self, text: str, colour: str, tip: str = "") -> None:
        """Show another text, in this colour; on hover a longer one, if there is one."""
        self.setToolTip(tooltip(tip or text))
        if (text, QColor(colour)) != (self._text, self._colour):
            self._text, self._colour = text, QColor(colour)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._lines * QFontMetricsF(self.font()).lineSpacing()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetricsF(self.font())
        text = breakable(self._text)
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        lines: list[str] = []
        layout.beginLayout()
        while len(lines) < self._lines and (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            start = line.textStart()
            lines.append(text[start : start + line.textLength()].rstrip())
            if len(lines) == self._lines and start + line.textLength() < len(text):
                rest = text[start:]
                lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
        layout.endLayout()
        self._painted = " ".join(lines)
        painter = QPainter(self)
        painter.setPen(self._colour)
        y = (self.height() - len(lines) * metrics.lineSpacing()) / 2 + metrics.ascent()
        for line_text in lines:
            painter.drawText(QPointF(0, y), line_text)
            y += metrics.lineSpacing()
