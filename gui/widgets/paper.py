"""A page on paper: a PDF file, its formulas as sharp as its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from engine.errors import SessionError
from engine.explain.paper import blocks, runs, sides
from gui.style.equation import equation_size, paint_equation
from gui.style.fonts import families

DPI = 1200
_SIZES = {"title": 18.0, "heading": 13.0, "subheading": 11.5, "text": 10.5, "formula": 13.0, "table": 9.5}
_SPACE = {"title": 8.0, "heading": 10.0, "subheading": 8.0, "text": 4.0, "formula": 6.0, "table": 6.0}
"""Points: of the letters, and above each kind of block."""

_INLINE = 1.2
"""How much larger a formula is set than the words beside it."""

_WORD = re.compile(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+|\s+")
"""What is kept together: a word, the space between two, one Chinese character."""


class _Word(NamedTuple):
    """Something to be set on a line, with its extent."""

    text: str
    width: float
    ascent: float
    descent: float
    is_formula: bool
    font: QFont


class _Line(NamedTuple):
    words: list[_Word]

    @property
    def width(self) -> float:
        return sum(word.width for word in self.words)

    @property
    def ascent(self) -> float:
        return max((word.ascent for word in self.words), default=0.0)

    @property
    def height(self) -> float:
        return self.ascent + max((word.descent for word in self.words), default=0.0)


def pdf(
    page: str,
    progress: Callable[[float], object] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """Print a page of Markdown, as `engine.explain.paper` takes it apart, on A4.

    Raises
    ------
    SessionError
        ``cancelled``.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20.0, 20.0, 20.0, 20.0), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    sheet, pieces = _Sheet(writer, painter), blocks(page)
    for count, (kind, text, rows) in enumerate(pieces):
        progress(count / len(pieces))
        if cancelled():
            painter.end()
            raise SessionError("cancelled")
        sheet.y += _SPACE[kind] * sheet.point
        if kind == "formula":
            sheet.formula(text)
        elif kind == "table":
            sheet.table(rows)
        else:
            sheet.text(text, kind)
    painter.end()
    buffer.close()
    return bytes(content.data())


class _Sheet:
    """The paper, and how far down it is written on."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self.writer, self.painter = writer, painter
        self.point = DPI / 72.0
        self.width, self.height = float(writer.width()), float(writer.height())
        self.y = 0.0

    def formula(self, text: str) -> None:
        """Set a formula on a line of its own; what is too wide gets a line for each of its sides."""
        size = _SIZES["formula"] * self.point
        parts = sides(text)
        if equation_size(text, size)[0] + 2 * size > self.width and len(parts) > 2:
            first, *others = parts
            lines = [f"{first} = {others[0]}", *(f"{{}} = {other}" for other in others[1:])]
        else:
            lines = [text]
        for place, line in enumerate(lines):
            left = (2.0 if place == 0 else 4.0) * _SIZES["formula"] * self.point
            wide, _, _ = equation_size(line, size)
            fitting = size * min(1.0, (self.width - left) / max(wide, 1.0))
            _, tall, baseline = equation_size(line, fitting)
            self._room(tall)
            paint_equation(self.painter, line, QPointF(left, self.y + baseline), fitting, "#000000")
            self.y += tall + (0.3 * size if place < len(lines) - 1 else 0.0)

    def text(self, text: str, kind: str) -> None:
        """Set a paragraph or a heading."""
        size = _SIZES[kind] * self.point
        for line in self._lines(text, size, self.width, kind != "text"):
            self._room(line.height)
            self._draw(line, 0.0, line.ascent)
            self.y += line.height

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Set a table; letters get smaller where it is too wide."""
        size, gap = _SIZES["table"] * self.point, self.point * 12.0

        def set_with(size: float) -> tuple[list[list[_Line]], list[float]]:
            cells = [[self._one_line(cell, size, i == 0) for cell in row] for i, row in enumerate(rows)]
            return cells, [max(line.width for line in column) for column in zip(*cells, strict=True)]

        cells, widths = set_with(size)
        whole = sum(widths) + gap * (len(widths) - 1)
        if whole > self.width:
            cells, widths = set_with(size * (self.width / whole) * 0.98)
            gap *= self.width / whole * 0.98
        for i, row in enumerate(cells):
            ascent = max(line.ascent for line in row)
            height = (ascent + max(line.height - line.ascent for line in row)) * 1.2
            self._room(height)
            left = 0.0
            for place, (line, width) in enumerate(zip(row, widths, strict=True)):
                self._draw(line, left + (0.0 if place == 0 else width - line.width), ascent)
                left += width + gap
            self.y += height
            if i == 0:
                self.painter.drawLine(QPointF(0.0, self.y), QPointF(left - gap, self.y))
                self.y += 2.0 * self.point

    # -- lines -------------------------------------------------------------------------------------

    def _room(self, tall: float) -> None:
        if self.y + tall > self.height and self.y > 0.0:
            self.writer.newPage()
            self.y = 0.0

    def _words(self, text: str, size: float, strong: bool) -> list[_Word]:
        found = []
        for run in runs(text):
            font = QFont()
            font.setFamilies(families())
            font.setPixelSize(max(1, round(size)))
            font.setBold(strong or run.is_strong)
            if run.is_formula:
                wide, tall, baseline = equation_size(run.text, size * _INLINE)
                found.append(_Word(run.text, wide, baseline, tall - baseline, True, font))
                continue
            metrics = QFontMetricsF(font, self.writer)
            for word in _WORD.findall(run.text):
                width = metrics.horizontalAdvance(word)
                found.append(_Word(word, width, metrics.ascent(), metrics.descent(), False, font))
        return found

    def _one_line(self, text: str, size: float, strong: bool) -> _Line:
        return _Line(self._words(text, size, strong))

    def _lines(self, text: str, size: float, width: float, strong: bool) -> list[_Line]:
        lines: list[_Line] = []
        line: list[_Word] = []
        for word in self._words(text, size, strong):
            if line and sum(each.width for each in line) + word.width > width:
                lines.append(_Line(line))
                line = []
            if line or not word.text.isspace():
                line.append(word)
        return [*lines, _Line(line)]

    def _draw(self, line: _Line, left: float, ascent: float) -> None:
        for word in line.words:
            at = QPointF(left, self.y + ascent)
            if word.is_formula:
                size = word.font.pixelSize() * _INLINE
                paint_equation(self.painter, word.text, at, size, "#000000")
            else:
                self.painter.setFont(word.font)
                self.painter.drawText(at, word.text)
            left += word.width
