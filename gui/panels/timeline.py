"""The timeline: drag it to any step that has been made."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QToolBar, QToolTip, QWidget

from gui.panels.breakpoints import hit_text
from gui.style.theme import LIGHT, Theme
from gui.text.findings import label
from gui.text.numbers import grouped
from gui.text.plain import Label, SteadyLabel, tooltip
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Seek

WIDEST = 8_888_888
"""A step that there is room for from the start."""

KNOB = 8
MARK = 4
REACH = 8
"""Pixels from a finding's mark at which it is meant."""


class TimelineSlider(QSlider):
    """A slider over steps with marks over it; the knob goes where one presses."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("timelineSlider")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTracking(True)
        self._theme = LIGHT
        self._marks: tuple[int, ...] = ()
        self._pauses: tuple[int, ...] = ()
        self._findings: tuple[tuple[int, str], ...] = ()

    def sizeHint(self) -> QSize:
        return QSize(300, 2 * KNOB + 12)

    def set_marks(self, edits: tuple[int, ...], pauses: tuple[int, ...]) -> None:
        """Show at which steps something was changed by hand, and where a condition paused."""
        if (edits, pauses) != (self._marks, self._pauses):
            self._marks, self._pauses = edits, pauses
            self.update()

    @property
    def findings(self) -> tuple[tuple[int, str], ...]:
        """Where something began that keeps the network from learning, and what."""
        return self._findings

    def set_findings(self, findings: tuple[tuple[int, str], ...]) -> None:
        """Show under the line where something began that keeps the network from learning."""
        if findings != self._findings:
            self._findings = findings
            self.update()

    def finding_at(self, place: QPointF) -> tuple[int, str] | None:
        """The finding whose mark is under the mouse; of several at one step all that began there."""
        if place.y() < self._middle + 3:
            return None
        near = [(abs(self._x(step) - place.x()), step) for step, _ in self._findings]
        away, step = min(near, default=(math.inf, 0))
        if away > REACH:
            return None
        return step, "\n".join(text for at, text in self._findings if at == step)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    @property
    def _middle(self) -> float:
        return self.height() / 2 + 2

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and (found := self.finding_at(QPointF(event.pos()))) is not None:
            QToolTip.showText(event.globalPos(), tooltip(found[1]), self)
            return True
        return super().event(event)

    def _x(self, step: int) -> float:
        room = self.width() - 2 * KNOB - 2
        return KNOB + 1 + room * step / max(1, self.maximum())

    def _step(self, x: float) -> int:
        room = max(1, self.width() - 2 * KNOB - 2)
        return round(min(max((x - KNOB - 1) / room, 0.0), 1.0) * self.maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            found = self.finding_at(event.position())
            self.setSliderPosition(self._step(event.position().x()) if found is None else found[0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._step(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Left and Right are Step back and Step wherever the focus is
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._middle
        at = self._x(self.sliderPosition())
        enabled = self.maximum() > 0
        painter.setPen(QPen(QColor(theme.border), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(0), middle), QPointF(self._x(max(1, self.maximum())), middle))
        if enabled:
            painter.setPen(QPen(QColor(theme.text), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(self._x(0), middle), QPointF(at, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        marks = [(step, theme.selection) for step in self._marks]
        for step, colour in [*marks, *((step, theme.negative) for step in self._pauses)]:
            painter.setBrush(QColor(colour))
            x, top = self._x(step), middle - 6 - 2 * MARK
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x - MARK, top),
                        QPointF(x + MARK, top),
                        QPointF(x, top + 1.6 * MARK),
                    ]
                )
            )
        painter.setBrush(QColor(theme.text))
        for step, _ in self._findings:
            x, tip = self._x(step), middle + 4
            corners = ((x, tip), (x + MARK, tip + MARK), (x, tip + 2 * MARK), (x - MARK, tip + MARK))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setBrush(QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.text if enabled else theme.border), 2.5))
        painter.drawEllipse(QRectF(at - KNOB + 1, middle - KNOB + 1, 2 * KNOB - 2, 2 * KNOB - 2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.selection), 1))
            painter.drawEllipse(QRectF(at - KNOB - 0.5, middle - KNOB - 0.5, 2 * KNOB + 1, 2 * KNOB + 1))


class Timeline(QToolBar):
    """The slider, and the step that is shown of how many.

    Signals
    -------
    command(Seek)
    """

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setMovable(False)
        self._frame: Frame | None = None
        self._pauses: dict[int, str] = {}
        self._name = Label()
        self.slider = TimelineSlider()
        self.slider.setRange(0, 0)
        self._place = SteadyLabel()
        self._place.setObjectName("timelinePlace")
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(12)
        row.addWidget(self._name)
        row.addWidget(self.slider, 1)
        row.addWidget(self._place)
        self.addWidget(content)
        self.slider.valueChanged.connect(self._moved)
        self._retranslate()

    def show_frame(self, frame: Frame) -> None:
        """Show how far training has come and which moment is shown."""
        self._frame = frame
        if frame.restart:
            self._pauses = {}
        if frame.hit is not None:
            self._pauses[frame.hit.step] = hit_text(frame.hit, frame)
        if self.slider.isSliderDown():
            return
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, min(frame.furthest, 2**31 - 1))
        self.slider.setPageStep(max(1, frame.furthest // 20))
        self.slider.setValue(frame.step)
        self.slider.blockSignals(blocked)
        self.slider.set_marks(frame.edited_at, tuple(self._pauses))
        self._show_place(frame.step)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame, self._pauses = None, {}
        self.slider.set_findings(())

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Mark where each of the findings began."""
        findings = () if verdict is None else verdict.faults
        text = self.tr("Since step {step}: {cause}")
        self.slider.set_findings(
            tuple((f.since, text.format(step=grouped(f.since), cause=label(f))) for f in findings)
        )

    @property
    def pauses(self) -> tuple[tuple[int, str], ...]:
        """Where conditions have paused this run, and what they said."""
        return tuple(self._pauses.items())

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.slider.set_theme(theme)

    def _moved(self, step: int) -> None:
        self._show_place(step)
        self.command.emit(Seek(step))

    def _show_place(self, step: int) -> None:
        text = f"{grouped(step)} / {grouped(self.slider.maximum())}"
        self._place.setText(text)
        tip = self.tr("After step {step} of {all} that have been made")
        self._place.setToolTip(tooltip(tip.format(step=grouped(step), all=grouped(self.slider.maximum()))))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._name.setText(self.tr("Timeline"))
        self.setWindowTitle(self.tr("Timeline"))
        self._place.hold(f"{grouped(WIDEST)} / {grouped(WIDEST)}")
        self.slider.setAccessibleName(self.tr("Timeline"))
        self.slider.setToolTip(self.tr("Drag to any step that has been made"))
