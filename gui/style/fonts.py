"""Fonts: which families, and for numbers digits of one width, so that nothing jitters while it runs."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

BUNDLED = "DejaVu Sans"

SIMPLIFIED = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "HarmonyOS Sans SC", "MiSans"),
    *("Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimHei"),
)
"""Fonts with Simplified glyphs, the best first.

Left to itself Qt goes by the system's locale, and writes Chinese with the Japanese forms of its letters
on a Japanese system.
"""


def families() -> list[str]:
    """The families that text is set in: the bundled one, then those for Chinese that are installed."""
    return [BUNDLED, *filter(QFontDatabase.hasFamily, SIMPLIFIED)]


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
