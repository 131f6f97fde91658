"""The strip that says what the phase computes: as a formula, and the same with the real numbers put in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from engine.data.preparation import Prepared
from engine.phases import Phase, PhaseKind, phases_by_layer, phases_by_sample
from gui.document.focus import Focus
from gui.panels.phases.arithmetic import Number, Piece, Symbol, Worked, in_words, work_out
from gui.panels.phases.formulas import phase_formula, phase_text
from gui.style.equation import draw_equation, equation_size, typeset_soon
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import DOTS
from gui.text.plain import tooltip
from gui.training.messages import Frame
from gui.training.probe import Asker, Probe, ProbeResult

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

NUMBER = 1.12
"""Size of the numbers against the text beside them."""

AHEAD, BETWEEN = 300, 20
"""Milliseconds after which the formulas of the other phases are laid out, one after the other.

None is blank then when its phase comes.
"""

SMALLEST = 0.75
"""How small a line of numbers may be drawn that does not fit otherwise."""


def in_a_line(formula: str) -> str:
    """A formula as it is written within a line of text: low fractions, and beside a sum what it goes over."""
    return r"\textstyle " + formula.replace(r"\sum_", r"{\sum}_") if formula else ""


class FormulaStrip(QWidget):
    """The phase of the step that is shown: its formula, and below the same of one unit with its numbers.

    That unit is the selected one, or the first of the phase; likewise the weight or bias of an update.
    Two lines of fixed height, whatever stands in them: nothing below jumps from phase to phase.

    Parameters
    ----------
    focus : Focus

    Signals
    -------
    probe_requested(Probe)
        It wants to know how the data were prepared; `show_probe` takes the answer.
    """

    probe_requested = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formulaStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._focus = focus
        self._frame: Frame | None = None
        self._asker = Asker(self.probe_requested.emit)
        self._prepared: Prepared | None = None
        self._theme = LIGHT
        self._text = self._formula = self._hint = ""
        self._worked: Worked | None = None
        self._veiled = self._brief = False
        self._laid_out: object = None
        self._to_lay_out: list[Phase] = []
        self._unseen = QWidget(self)
        """Is told of formulas that are laid out ahead: they are no reason to paint."""
        self._unseen.hide()
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.timeout.connect(self._lay_out_ahead)
        self._lines: list[tuple[Piece, ...]] = []
        self._painted: tuple[Piece, ...] = ()
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
    def worked(self) -> Worked | None:
        """The same with numbers."""
        return self._worked

    @property
    def painted(self) -> str:
        """The line of numbers as there was room for it when it was painted last."""
        return in_words(self._painted)

    @property
    def hint(self) -> str:
        """What is said of how the steps go; mostly nothing."""
        return self._hint

    def set_hint(self, text: str) -> None:
        """Say this beside the formula."""
        if text != self._hint:
            self._hint = text
            self._describe()

    def set_brief(self, brief: bool) -> None:
        """Take one line for the phase and its numbers, or for the formula where there are none; or two."""
        self._brief = brief
        self.updateGeometry()
        self.update()

    def set_veiled(self, veiled: bool) -> None:
        """Leave the numbers out, so that they can be predicted; or show them again."""
        self._veiled = veiled
        self._say()
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Say what the phase of `frame` computes."""
        self._frame = frame
        if self._prepared is None and self._scales and not self._asker.waits:
            self._asker.ask(Probe(frame.generation, rows=np.asarray(frame.record.indices[:1], np.int64)))
        self._say()
        if (about := (frame.experiment, frame.record.batch)) != self._laid_out:
            self._laid_out = about
            layers = len(frame.record.z)
            self._to_lay_out = [*phases_by_sample(layers, 1), *phases_by_layer(layers)]
            self._ahead.start(AHEAD)

    def _lay_out_ahead(self) -> None:
        """Lay out what one more of the phases will show."""
        frame = self._frame
        if frame is None or not self._to_lay_out:
            return
        frame, part = replace(frame, phase=self._to_lay_out.pop(0)), self._focus.part
        typeset_soon(in_a_line(phase_formula(frame, part)), self._unseen)
        for piece in chain(*work_out(frame, part, self._focus.sample_in(frame), self._prepared).lines()):
            if isinstance(piece, Symbol):
                typeset_soon(piece.latex, self._unseen)
        self._ahead.start(BETWEEN)

    @property
    def _scales(self) -> bool:
        """Whether the shown phase is that of the data."""
        phase = None if self._frame is None else self._frame.phase
        return phase is not None and phase.kind is PhaseKind.INPUT

    def show_probe(self, result: ProbeResult) -> None:
        """Take in how the data were prepared."""
        if self._asker.accept(result):
            self._prepared = result.prepared
            self._say()

    def miss_probe(self, probe: Probe) -> None:
        """Wait no longer for the answer to a question."""
        self._asker.miss(probe)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._prepared = self._worked = None
        self._asker.forget()
        self._lines, self._to_lay_out, self._laid_out = [], [], None
        self._text = self._formula = ""
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    @Slot()
    def _say(self) -> None:
        frame, part = self._frame, self._focus.part
        if frame is None:
            return
        said = (self._text, self._formula, self._worked and (self._worked.about, self._lines[:1]))
        self._text, self._formula = phase_text(frame), phase_formula(frame, part)
        self._worked = work_out(frame, part, self._focus.sample_in(frame), self._prepared)
        self._lines = [] if self._veiled else list(self._worked.lines())
        if said != (self._text, self._formula, (self._worked.about, self._lines[:1])):
            self._describe()

    def _describe(self) -> None:
        """Say it to who points at it, and to who cannot see it."""
        about, spoken = ("", "") if self._worked is None else (self._worked.about, self._worked.spoken)
        self.setAccessibleName(self._text)
        self.setAccessibleDescription(f"{about}: {spoken}" if about else "")
        self.setToolTip(tooltip("\n".join(filter(None, (self._text, self._hint, about, spoken)))))
        self.update()

    # -- drawing -----------------------------------------------------------------------------------

    def _line_height(self) -> float:
        return float(round(LINE * QFontMetricsF(self.font()).height()))

    def sizeHint(self) -> QSize:
        return QSize(0, round((1 if self._brief else 2) * self._line_height()) + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._frame is None:
            return
        painter, theme = QPainter(self), self._theme
        bold = QFont(self.font())
        bold.setBold(True)
        line, room = self._line_height(), NAME_SHARE * self.width()
        first, second = BASELINE * line, line + BASELINE * line - 2.0
        about = "" if self._worked is None else self._worked.about
        names = [(self._text, bold, theme.text, first), (about, self.font(), theme.muted, second)]
        if self._brief:
            second = first
            del names[1]
        widest = 0.0
        for text, font, colour, baseline in names:
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(SIDE, baseline), text)
            widest = max(widest, metrics.horizontalAdvance(text))
        left = SIDE + max(widest, self._usual_name_width(bold)) + 18.0
        width = self.width() - left - SIDE
        end = left
        if not (self._brief and self._lines):
            end += self._draw_formula(painter, QPointF(left, first), width)
        self._draw_numbers(painter, QPointF(left, second), width)
        if self._hint:
            painter.setFont(self.font())
            painter.setPen(QColor(theme.muted))
            metrics = QFontMetricsF(self.font())
            hint = metrics.elidedText(
                self._hint, Qt.TextElideMode.ElideRight, self.width() - end - 18.0 - SIDE
            )
            painter.drawText(QPointF(self.width() - SIDE - metrics.horizontalAdvance(hint), first), hint)

    def _usual_name_width(self, bold: QFont) -> float:
        """What most phases' names take, so that the formulas begin at one place."""
        metrics = QFontMetricsF(bold)
        usual = QCoreApplication.translate("phases", "Backward {number}").format(number=2)
        return min(metrics.horizontalAdvance(usual), NAME_SHARE * self.width())

    def _draw_formula(self, painter: QPainter, at: QPointF, width: float) -> float:
        """The formula on the baseline of the phase's name; one that is too large is drawn smaller."""
        formula = in_a_line(self._formula)
        if not formula or not typeset_soon(formula, self):
            return 0.0
        size = FORMULA * QFontMetricsF(self.font()).ascent()
        _, height, baseline = equation_size(formula, size)
        above, below = at.y() - 1.0, self._line_height() * (1.0 - BASELINE) + 1.0
        size *= min(1.0, above / max(baseline, 1.0), below / max(height - baseline, 1.0))
        return draw_equation(painter, formula, at, size, self._theme.text, self, max_width=width)

    def _draw_numbers(self, painter: QPainter, at: QPointF, width: float) -> None:
        """The longest line that fits; where none does, the shortest, smaller and without its beginning."""
        if not self._lines:
            return
        fitting = (line for line in self._lines if self._width_of(line, 1.0) <= width)
        chosen = next(fitting, self._lines[-1])
        scale = min(1.0, max(SMALLEST, width / max(self._width_of(chosen, 1.0), 1.0)))
        rest = chosen
        while len(rest) > 1 and self._width_of(chosen, scale) > width + 1.0:  # a number is whole or not there
            rest = rest[1:]
            chosen = (f"{DOTS} ", *rest)
        self._painted = chosen
        painter.save()
        painter.setClipRect(0, 0, int(at.x() + width), self.height())
        usual, bold = self._number_fonts(scale)
        x, size = at.x(), self._symbol_size(scale)
        theme = self._theme
        for piece in chosen:
            if isinstance(piece, Symbol):
                x += draw_equation(painter, piece.latex, QPointF(x, at.y()), size, theme.text, self)
                continue
            number = isinstance(piece, Number)
            text = piece.text if isinstance(piece, Number) else piece
            font = bold if number else usual
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(self._colour_of(piece)))
            painter.drawText(QPointF(x, at.y()), text)
            advance = metrics.horizontalAdvance(text)
            if isinstance(piece, Number) and piece.is_result:
                painter.setPen(QPen(QColor(theme.text), 2.0))
                below = at.y() + metrics.descent() - 0.5
                painter.drawLine(QPointF(x, below), QPointF(x + advance, below))
            x += advance
        painter.restore()

    def _colour_of(self, piece: Piece) -> str:
        theme = self._theme
        if not isinstance(piece, Number) or not piece.value:
            return theme.text
        return theme.positive if piece.value > 0 else theme.negative

    def _number_fonts(self, scale: float) -> tuple[QFont, QFont]:
        scale *= NUMBER
        return tabular(self.font(), scale), tabular(self.font(), scale, bold=True)

    def _symbol_size(self, scale: float) -> float:
        return FORMULA * scale * QFontMetricsF(self.font()).ascent()

    def _width_of(self, pieces: tuple[Piece, ...], scale: float) -> float:
        usual, bold = (QFontMetricsF(font) for font in self._number_fonts(scale))
        width, size = 0.0, self._symbol_size(scale)
        for piece in pieces:
            if isinstance(piece, Symbol):
                width += equation_size(piece.latex, size)[0] if typeset_soon(piece.latex, self) else 0.0
            elif isinstance(piece, Number):
                width += bold.horizontalAdvance(piece.text)
            else:
                width += usual.horizontalAdvance(piece)
        return width

    # -- Qt ----------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._frame is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        spoken = "" if self._worked is None else self._worked.spoken
        copy = QGuiApplication.clipboard().setText
        menu.addAction(self.tr("Copy as LaTeX"), partial(copy, self._formula))
        menu.addAction(self.tr("Copy the numbers"), partial(copy, spoken))
        menu.popup(event.globalPos())
