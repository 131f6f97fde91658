"""Fonts for numbers: digits of one width, so that nothing jitters while it runs."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF


def tabular(base: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """`base` with digits of one width, `scale` times as large."""
    font = QFont(base)
    font.setFeature(QFont.Tag("tnum"), 1)
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * scale)
    else:
        font.setPixelSize(max(1, round(font.pixelSize() * scale)))
    font.setBold(bold)
    return font


def line_height(font: QFont) -> float:
    """The height of a row of text, with room around it."""
    return round(QFontMetricsF(font).height() * 1.25)


def px(pixels: float) -> int:
    """So many pixels, whole."""
    return max(1, round(pixels)) if pixels > 0 else 0
