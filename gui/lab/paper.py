"""A working on paper: a PDF file, its formulas as sharp as its text."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from engine.explain.expression.page import blocks
from gui.style.equation import equation_size, paint_equation
from gui.style.fonts import families

DPI = 1200
_SIZES = {"title": 18.0, "heading": 13.0, "text": 10.5, "formula": 13.0}
_SPACE = {"title": 8.0, "heading": 10.0, "text": 4.0, "formula": 6.0}
"""Points: of the letters, and above each kind of block."""


def write_pdf(page: str, path: str) -> bool:
    """Print a page of Markdown, as `engine.explain.expression.page` writes it, on A4; whether that worked."""
    writer = QPdfWriter(path)
    writer.setResolution(DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20.0, 20.0, 20.0, 20.0), QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(writer):
        return False
    point = DPI / 72.0
    width, height = float(writer.width()), float(writer.height())
    y = 0.0
    for kind, text in blocks(page):
        size = _SIZES[kind] * point
        if kind == "formula":
            wide, _, _ = equation_size(text, size)
            size *= min(1.0, width / max(wide, 1.0))
            _, tall, baseline = equation_size(text, size)
        else:
            font = QFont()
            font.setFamilies(families())
            font.setPixelSize(round(size))
            font.setBold(kind in ("title", "heading"))
            said = text.replace("**", "")
            box = QFontMetricsF(font, writer).boundingRect(
                QRectF(0.0, 0.0, width, height), int(Qt.TextFlag.TextWordWrap), said
            )
            tall = box.height()
        y += _SPACE[kind] * point
        if y + tall > height:
            writer.newPage()
            y = 0.0
        if kind == "formula":
            paint_equation(painter, text, QPointF(2.0 * size, y + baseline), size, "#000000")
        else:
            painter.setFont(font)
            painter.drawText(QRectF(0.0, y, width, tall + size), int(Qt.TextFlag.TextWordWrap), said)
        y += tall
    return painter.end()
