"""Sheets of Markdown with LaTeX as a PDF file, by Qt's own printing.

A worked solution has hundreds of formulas. As outlines, letter by letter, they would make a file of many
megabytes; so they are pictures, finer than printers print, and one that comes again is kept once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRect, QRectF, QRegularExpression, QSizeF
from PySide6.QtGui import (
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)

from engine.digits import MINUS
from engine.errors import SessionError
from engine.lessons.paper import CLOSES, OPENS, PaperSize, body_of
from gui.style.equation import equation_size, load_typesetter, paint_equation
from gui.style.fonts import families

DPI = 600
POINTS = 10.0
PICTURE_DPI = 300
LARGER = 1.15
"""A formula's letters are smaller to the eye than a text's of the same size."""

MARGIN = 15.0
"""Millimetres around a sheet, and `EDGE` points more: what stands on an edge reaches a little over it."""

EDGE = 6.0

SINKS = 0.6
"""Font sizes that a formula within a text may reach below its line; a deeper one gets room of its own."""

_KIND = int(QTextFormat.ObjectTypes.UserObject) + 1
_LATEX = int(QTextFormat.Property.UserProperty) + 1
_DISPLAY = _LATEX + 1

_NUMBER = re.compile(r"-?\d+(\.\d+)?")

_STYLE = """
h1 { font-size: 17pt; } h2 { font-size: 13pt; } h3 { font-size: 11pt; }
table { border-collapse: collapse; border-style: solid; border-color: #888; }
table { margin-top: 4pt; margin-bottom: 6pt; } th { background-color: #eee; }
"""


class _Formulas(QPyTextObject):
    """Formulas within a document: how much room they take, and their drawing."""

    def __init__(self, letters: float, width: float, parent: QTextDocument) -> None:
        super().__init__(parent)
        self._letters, self._width = letters, width
        self._pictures: dict[str, QImage] = {}

    def _measures(self, format: QTextFormat) -> tuple[float, float, float, float]:
        """The size of its letters that leaves it as wide as the page; width, height and baseline."""
        latex, letters = str(format.property(_LATEX)), self._letters
        wide, tall, baseline = equation_size(latex, letters)
        if wide > self._width:
            letters *= self._width / wide
            wide, tall, baseline = equation_size(latex, letters)
        return letters, wide, tall, baseline

    def intrinsicSize(self, doc: QTextDocument, position: int, format: QTextFormat) -> QSizeF:
        letters, wide, tall, baseline = self._measures(format)
        stands = not format.property(_DISPLAY) and tall - baseline < SINKS * letters
        return QSizeF(wide, baseline if stands else tall)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, doc: QTextDocument, position: int, format: QTextFormat
    ) -> None:
        letters, wide, tall, baseline = self._measures(format)
        latex = str(format.property(_LATEX))
        if latex not in self._pictures:
            self._pictures[latex] = _picture(latex, letters, wide, tall, baseline)
        painter.drawImage(QRectF(rect.left(), rect.top(), wide, tall), self._pictures[latex])


def _picture(latex: str, letters: float, wide: float, tall: float, baseline: float) -> QImage:
    """A formula in grey, in the proportions that it has on paper."""
    fine = PICTURE_DPI / DPI
    picture = QImage(max(1, round(wide * fine)), max(1, round(tall * fine)), QImage.Format.Format_Grayscale8)
    picture.fill(255)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_equation(painter, latex, QPointF(0.0, baseline * fine), letters * fine, "#000000")
    painter.end()
    return picture


def print_sheets(sheets: Sequence[str], path: Path, size: PaperSize = "A4") -> None:
    """Print sheets, each on pages of its own.

    Parameters
    ----------
    sheets : sequence of str
        Markdown; formulas between dollar signs.
    path : Path
    size : {"A4", "Letter"}

    Raises
    ------
    SessionError
        ``cannot_write``.
    """
    load_typesetter()
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId[size]))
    writer.setPageMargins(QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN), QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(writer):
        raise SessionError("cannot_write", name=path.name, reason="?", obstacle="")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    room = QSizeF(writer.width(), writer.height())
    for number, sheet in enumerate(sheets):
        document = _document(sheet, writer, room)
        for page in range(document.pageCount()):
            if number or page:
                writer.newPage()
            painter.save()
            painter.translate(0.0, -page * room.height())
            document.drawContents(painter, QRectF(QPointF(0.0, page * room.height()), room))
            painter.restore()
    if not painter.end():
        raise SessionError("cannot_write", name=path.name, reason="?", obstacle="")


def _document(sheet: str, writer: QPdfWriter, room: QSizeF) -> QTextDocument:
    formulas: list[tuple[str, bool]] = []

    def hold(latex: str, display: bool) -> str:
        if not display and _NUMBER.fullmatch(latex):
            return latex.replace("-", MINUS)
        formulas.append((latex, display))
        return f"{OPENS}{len(formulas) - 1}{CLOSES}"

    body = body_of(sheet, hold)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    font = QFont()
    font.setFamilies(families())
    font.setPointSizeF(POINTS)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE)
    edge = EDGE * DPI / 72.0
    document.setDocumentMargin(edge)
    document.setHtml(body.replace("<table>", '<table border="1" cellspacing="0" cellpadding="4">'))
    letters = POINTS * LARGER * DPI / 72.0
    handler = _Formulas(letters, room.width() - 2 * edge, document)
    document.documentLayout().registerHandler(_KIND, handler)
    _put_in(document, formulas)
    document.setPageSize(room)
    return document


def _put_in(document: QTextDocument, formulas: Sequence[tuple[str, bool]]) -> None:
    """Put each formula where its number stands."""
    place = QRegularExpression(f"{OPENS}(\\d+){CLOSES}")
    cursor = document.find(place)
    while not cursor.isNull():
        latex, display = formulas[int(cursor.selectedText()[1:-1])]
        format = QTextCharFormat()
        format.setObjectType(_KIND)
        format.setProperty(_LATEX, latex)
        format.setProperty(_DISPLAY, display)
        cursor.insertText("\ufffc", format)
        cursor = document.find(place, cursor)
