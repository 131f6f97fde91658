"""The instruments: what can be measured of a training beside its curves, one at a time."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QWidget

from engine.errors import EngineError
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.plain import sentences
from gui.training.aside import Measured, Question, measured
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Status
from gui.views.diagnosis.along import AlongSection
from gui.views.diagnosis.classes import ClassesSection
from gui.views.diagnosis.heat_strip import StripSection
from gui.views.diagnosis.histograms import RidgesSection
from gui.views.diagnosis.rates import RatesSection
from gui.views.diagnosis.readings import ReadingsSection
from gui.views.diagnosis.section import Section
from gui.views.diagnosis.spectrum import SpectrumSection

MARGIN = 12

SETTLED_MILLISECONDS = 250
"""How long a moment has to be shown before it is measured."""

AGAIN_SECONDS = 1.0
REST = 49
"""While training runs, after what took so long it is rested so many times as long, and at least a second."""


class InstrumentsPage(QWidget):
    """A list of instruments, and the one that is looked at; nothing is measured that nobody looks at.

    Signals
    -------
    question_asked(Question)
        Something to be measured on a copy of the training.
    seek_requested(int)
        The user wants to see a step.
    rate_chosen(float)
        The user wants to go on with this learning rate.
    """

    question_asked = Signal(object)
    seek_requested = Signal(int)
    rate_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("instrumentsView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._question: Question | None = None
        self._asked_by: Section | None = None
        self._rested_until = 0.0
        strip, rates = StripSection(), RatesSection()
        self._strip = strip
        self.sections: tuple[Section, ...] = (
            ReadingsSection(),
            strip,
            RidgesSection(),
            rates,
            AlongSection(),
            SpectrumSection(),
            ClassesSection(),
        )
        strip.strip.step_chosen.connect(self.seek_requested)
        rates.rate_chosen.connect(self.rate_chosen)
        self._list = QListWidget()
        self._list.setObjectName("instrumentsList")
        self._list.ensurePolished()  # its rows are measured when they are put in
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for section in self.sections:
            self._list.addItem("")
            self._stack.addWidget(section)
            section.wanted.connect(self._measure)
        self._list.currentRowChanged.connect(self._choose)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._measure)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, MARGIN, 0, MARGIN)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addWidget(self._stack, 1)
        self._retranslate()
        self._list.setCurrentRow(0)
        self.set_theme(LIGHT)

    @property
    def section(self) -> Section:
        """The one that is looked at."""
        return self.sections[self._stack.currentIndex()]

    def show_frame(self, frame: Frame) -> None:
        """Know the moment that is shown, and measure it if somebody looks."""
        self._frame = frame
        if self.isVisible():
            self._follow()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Mark where what was found began."""
        self._strip.show_findings(() if verdict is None else verdict.faults)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._cancel()
        self._frame = None
        for section in self.sections:
            section.forget()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        for section in self.sections:
            section.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.doItemsLayout()  # rows are as high as the sheet makes them
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        self._cancel()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._list.setAccessibleName(self.tr("Instruments"))
        for row, section in enumerate(self.sections):
            section.retranslate()
            self._list.item(row).setText(section.title())
        widest = max(self._list.fontMetrics().horizontalAdvance(s.title()) for s in self.sections)
        self._list.setFixedWidth(widest + 32)

    # -- measuring ---------------------------------------------------------------------------------

    def _choose(self, row: int) -> None:
        self._cancel()
        self._stack.setCurrentIndex(max(0, row))
        if self.isVisible():
            self._follow()

    def _follow(self) -> None:
        """Let the section that is looked at know of the moment, and measure it when that is due."""
        frame, section = self._frame, self.section
        if frame is None:
            return
        section.show_frame(frame)
        if section.refusal(frame) or self._question is not None:
            return
        if section.on_demand or section.measured_step == frame.step:
            self._timer.stop()
        elif frame.status is not Status.RUNNING:
            self._timer.start(SETTLED_MILLISECONDS)
        elif not self._timer.isActive():
            rest = self._rested_until - time.monotonic()
            self._timer.start(max(SETTLED_MILLISECONDS, round(1e3 * rest)))

    def _measure(self) -> None:
        frame, section = self._frame, self.section
        if frame is None or not self.isVisible():
            return
        section.show_frame(frame)
        if section.refusal(frame):
            return
        self._cancel()
        self._asked_by = section
        self._question = Question(measured(section.work()), self._take, self._miss)
        section.set_measuring(True)
        self.question_asked.emit(self._question)

    def _take(self, found: Measured) -> None:
        section, self._question, self._asked_by = self._asked_by, None, None
        self._rested_until = time.monotonic() + max(AGAIN_SECONDS, REST * found.seconds)
        if section is not None:
            section.show_measured(found)
        self._follow()

    def _miss(self, error: EngineError | None) -> None:
        section, self._question, self._asked_by = self._asked_by, None, None
        if section is not None:
            section.show_trouble("" if error is None else sentences(*localized(error)))

    def _cancel(self) -> None:
        """Want no answer any more."""
        self._timer.stop()
        if self._question is not None:
            self._question.cancel()
        if self._asked_by is not None:
            self._asked_by.set_measuring(False)
        self._question = self._asked_by = None
