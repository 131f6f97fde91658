"""Fonts: which families, and for numbers digits of one width, so that nothing jitters while it runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from gui.fitting import FRAME, room_on_screen

BUNDLED = "DejaVu Sans"

FONT_POINTS = 9.5
"""Size of the text at 100 %."""

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
    return [BUNDLED, *_installed()]


@cache
def _installed() -> tuple[str, ...]:
    """Those for Chinese; asking the system takes milliseconds, and each text of a lesson asks."""
    return tuple(filter(QFontDatabase.hasFamily, SIMPLIFIED))


def scale() -> float:
    """How large everything is, 1 at 100 %: the text's size is the one place where that is kept."""
    points = QGuiApplication.font().pointSizeF()
    return points / FONT_POINTS if points > 0 else 1.0


def px(pixels: float) -> int:
    """So many pixels at 100 %, as many as they are now."""
    return max(1, round(pixels * scale())) if pixels > 0 else 0


def open_at(window: QWidget, width: float, height: float) -> None:
    """Give a window that is about to be opened the size it has at 100 %, as large as it is now.

    The screen it is on bounds it.
    """
    window.resize(QSize(px(width), px(height)).boundedTo(room_on_screen(window) - FRAME))


def set_scale(application: QApplication, to: float, dress: Callable[[], None]) -> None:
    """Make all text `to` times as large as at 100 %; `dress` gives widgets what is to go with it.

    A widget with a font of its own keeps its proportion to the others.
    """
    ratio = to / scale()
    own: list[tuple[QWidget, QFont]] = []
    for widget in application.allWidgets():
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):
            own.append((widget, sized(widget.font(), ratio)))
    font = QFont()
    font.setFamilies(families())
    font.setPointSizeF(FONT_POINTS * to)
    application.setFont(font)
    dress()
    for widget, larger in own:
        if widget.property(_KEPT_BY_QT) is not None:
            widget.setProperty(_KEPT_BY_QT, larger)
        widget.setFont(larger)


_KEPT_BY_QT = "_q_styleSheetWidgetFont"
"""Where Qt keeps the font that a widget had before its style sheet, to give it back with the next sheet."""


def sized(base: QFont, ratio: float) -> QFont:
    """`base`, `ratio` times as large."""
    font = QFont(base)
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * ratio)
    else:
        font.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    return font


def tabular(base: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """`base` with digits of one width, `scale` times as large."""
    font = sized(base, scale)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setBold(bold)
    return font


def small(base: QFont) -> QFont:
    """`base` with digits of one width, a little smaller: for the numbers at an axis."""
    return tabular(base, 8.5 / FONT_POINTS)


def line_height(font: QFont) -> float:
    """The height of a row of text, with room around it."""
    return round(QFontMetricsF(font).height() * 1.25)
