"""The strip that says what the phase computes: as a formula."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.document.focus import Focus
from gui.panels.phases.formulas import phase_formula, phase_text
from gui.style.equation import draw_equation, equation_size, typeset_soon
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip
from gui.training.messages import Frame

SIDE = 14.0
"""Pixels at both ends."""

FORMULA = 1.4
"""Size of a formula against the text beside it."""

LINE = 1.75
"""Height of a line against that of its text: room for a fraction, drawn a little smaller."""

BASELINE = 0.68
"""Where in a line its text stands."""

NAME_SHARE = 0.27
"""Of the width, what the name of the phase may take at most."""


class FormulaStrip(QWidget):
    """The phase of the step that is shown, and its formula, which may be about what is selected.

    Two lines of fixed height, whatever stands in them: nothing below jumps from phase to phase.

    Parameters
    ----------
    focus : Focus
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formulaStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._focus = focus
        self._frame: Frame | None = None
        self._theme = LIGHT
        self._text = self._formula = self._hint = ""
        focus.part_changed.connect(self._say)
        focus.sample_changed.connect(self._say)

    @property
    def text(self) -> str:
        """The phase in words."""
        return self._text

    @property
    def formula(self) -> str:
        """Its formula, LaTeX."""
        return self._formula

    @property
    def hint(self) -> str:
        """What is said of how the steps go; mostly nothing."""
        return self._hint

    def set_hint(self, text: str) -> None:
        """Say this under the phase."""
        if text != self._hint:
            self._hint = text
            self._describe()

    def show_frame(self, frame: Frame) -> None:
        """Say what the phase of `frame` computes."""
        self._frame = frame
        self._say()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None
        self._text = self._formula = ""
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    @Slot()
    def _say(self) -> None:
        frame = self._frame
        if frame is None:
            return
        text, formula = phase_text(frame), phase_formula(frame, self._focus.part)
        if (text, formula) != (self._text, self._formula):
            self._text, self._formula = text, formula
            self._describe()

    def _describe(self) -> None:
        """Say it to who points at it, and to who cannot see it."""
        self.setAccessibleName(self._text)
        self.setToolTip(tooltip("\n".join(filter(None, (self._text, self._hint)))))
        self.update()

    # -- drawing -----------------------------------------------------------------------------------

    def _line_height(self) -> float:
        return float(round(LINE * QFontMetricsF(self.font()).height()))

    def sizeHint(self) -> QSize:
        return QSize(0, round(2 * self._line_height()) + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None:
            return
        painter, theme = QPainter(self), self._theme
        bold = QFont(self.font())
        bold.setBold(True)
        metrics = QFontMetricsF(bold)
        line = self._line_height()
        room = NAME_SHARE * self.width()
        baseline = 2.0 + BASELINE * line
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        name = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(SIDE, baseline), name)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.muted))
        below = QRectF(SIDE, 2.0 + line, self.width() - 2 * SIDE, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._hint)
        left = SIDE + min(metrics.horizontalAdvance(self._text), room) + 18.0
        self._draw_formula(painter, QPointF(left, baseline), self.width() - left - SIDE)

    def _draw_formula(self, painter: QPainter, at: QPointF, width: float) -> None:
        """The formula on the baseline of the phase's name; one that is too large is drawn smaller."""
        if not self._formula or not typeset_soon(self._formula, self):
            return
        size = FORMULA * QFontMetricsF(self.font()).ascent()
        _, height, baseline = equation_size(self._formula, size)
        above, below = at.y() - 2.0, self._line_height() * (1.0 - BASELINE) + 2.0
        size *= min(1.0, above / max(baseline, 1.0), below / max(height - baseline, 1.0))
        draw_equation(painter, self._formula, at, size, self._theme.text, self, max_width=width)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.update()
        super().changeEvent(event)
