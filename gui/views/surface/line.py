"""A line of text that may change at every frame without anything around it being laid out anew."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip

SMALL = 0.88
GAP = 8.0


class Line(QWidget):
    """What something is, at the left, and a word on it at the right; the left is cut off first.

    Parameters
    ----------
    name : str
        The object's.
    heading : bool
        Whether the left is a heading, or as muted as the right.
    """

    def __init__(self, name: str, *, heading: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._heading = heading
        self._theme = LIGHT
        self._left = ""
        self._right: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is said at the left, whole."""
        return self._left

    def say(self, left: str, *right: str, tip: str = "") -> None:
        """Say this; at the right the first that there is room for, or else the last."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.setAccessibleName(", ".join(filter(None, (left, *right[:1]))))
            self.update()
        self.setToolTip(tooltip(tip or left))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        small = tabular(self.font(), SMALL)
        return (tabular(self.font(), bold=True) if self._heading else small), small

    def sizeHint(self) -> QSize:
        return QSize(0, round(max(QFontMetricsF(font).height() for font in self._fonts())) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, width = QPainter(self), float(self.width())
        font, small = self._fonts()
        metrics, lesser = QFontMetricsF(font), QFontMetricsF(small)
        room = width - metrics.horizontalAdvance(self._left) - GAP
        said = next((text for text in self._right if lesser.horizontalAdvance(text) <= room), "")
        said = said or (self._right[-1] if self._right else "")
        baseline = (self.height() + metrics.capHeight()) / 2
        taken = lesser.horizontalAdvance(said) if said else 0.0
        painter.setFont(small)
        painter.setPen(QColor(self._theme.muted))
        place = QRectF(width - taken - 1, baseline - lesser.ascent(), taken + 2, lesser.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, said)
        painter.setFont(font)
        if self._heading:
            painter.setPen(QColor(self._theme.text))
        left = metrics.elidedText(
            self._left, Qt.TextElideMode.ElideRight, width - (taken + GAP if said else 0.0)
        )
        place = QRectF(0.0, baseline - metrics.ascent(), width, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, left)
