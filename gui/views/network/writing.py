"""How text is written on the graph: in few fonts, and numbers in as many digits as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gui.style.fonts import tabular
from gui.text.numbers import short
from gui.views.network.measures import Measures

DIGITS = (4, 3, 2)
"""Significant digits of a number, as many as there is room for; with one it would be read as exact."""
SPACING = 96.0
"""Percent of the usual distance between letters: it gives way before digits do."""
SHRUNK = 0.84
"""How small digits may get, of their usual size, before there are fewer."""
_ALIKE = str.maketrans("123456789", "000000000")
"""Digits are of one width."""


class Writing:
    """The fonts of the graph, all made of one.

    Parameters
    ----------
    font : QFont
        Of the window.
    """

    def __init__(self, font: QFont) -> None:
        self.measures = Measures.of(font)
        self._font = tabular(font)
        self._font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, SPACING)
        self._fonts: dict[tuple[int, bool], tuple[QFont, QFontMetricsF]] = {}
        self._widths: dict[tuple[int, bool, str], float] = {}

    def font(self, pixels: float, bold: bool = False) -> QFont:
        """The font at a size."""
        return self._sized(pixels, bold)[0]

    def metrics(self, pixels: float, bold: bool = False) -> QFontMetricsF:
        """Its metrics."""
        return self._sized(pixels, bold)[1]

    def _sized(self, pixels: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        key = (max(int(pixels), 1), bold)
        found = self._fonts.get(key)
        if found is None:
            font = QFont(self._font)
            font.setPixelSize(key[0])
            font.setBold(bold)
            found = self._fonts[key] = (font, QFontMetricsF(font))
        return found

    def width(self, text: str, pixels: float, bold: bool = False) -> float:
        """The width of a number: of digits, whose widths are all one, and few other signs."""
        key = (int(pixels), bold, text.translate(_ALIKE))
        found = self._widths.get(key)
        if found is None:
            metrics = self._sized(pixels, bold)[1]
            found = self._widths[key] = sum(map(metrics.horizontalAdvance, key[2]))
        return found

    def fitted(
        self,
        value: float,
        room: float,
        pixels: float,
        smallest: float,
        bold: bool = False,
        digits: Sequence[int] = DIGITS,
    ) -> tuple[str, int] | None:
        """`value` in as many digits as `room` holds, and their size; None if there is room for none.

        Digits get smaller before they get fewer.
        """
        sizes = [int(pixels)]
        while sizes[-1] - 1 >= max(smallest, SHRUNK * pixels):
            sizes.append(sizes[-1] - 1)
        before = ""
        for count in digits:
            text = short(value, count)
            if text == before:
                continue
            before = text
            for size in sizes:
                if self.width(text, size, bold) <= room:
                    return text, size
        text = before
        if self.width(text, smallest, bold) <= room:
            return text, int(smallest)
        return None

    def write(
        self,
        painter: QPainter,
        text: str,
        box: QRectF,
        pixels: float,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
        *,
        bold: bool = False,
    ) -> None:
        """Write `text` on one line in `box`, its end replaced by … where it does not fit."""
        font, metrics = self._sized(pixels, bold)
        painter.setFont(font)
        painter.drawText(box, align, metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))
