"""The strip above the curves: one sentence on what matters now, or what training does."""

from __future__ import annotations

import math
import time
from typing import NamedTuple, Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from engine.phases import PhaseKind
from engine.records import StepRecord
from gui.style.fonts import tabular
from gui.style.sheet import mark
from gui.style.theme import LIGHT, Theme
from gui.text.findings import sentence
from gui.text.numbers import grouped, short
from gui.text.plain import Label, tooltip
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Status
from gui.widgets.sentence import Sentence

STAYS_SECONDS = 2.0
"""So long a sentence stays at least while training runs."""

REFRESH_SECONDS = 1.0
"""So often at most its numbers change while training runs."""

LAST_EPOCHS = 5
MOST_STEPS = 100
"""Steps that a mean goes over where there are no epochs to compare."""


class Losses(Protocol):
    """The loss of every step, from step 1."""

    def count_until(self, step: float) -> int:
        """How many there are at or before `step`."""

    def mean_at(self, index: int, window: int) -> float:
        """The mean of `window` losses up to the one at `index`, from 0."""


class Told(NamedTuple):
    """What the strip says.

    Attributes
    ----------
    text : str
    moment : str
        Of a fault: after which step it was found.
    topic : str
        What the sentence is about; another one is another sentence, and not the same with newer numbers.
    is_fault : bool
    step : int
        That of the moment.
    """

    text: str
    moment: str = ""
    topic: str = ""
    is_fault: bool = False
    step: int = 0


class DiagnosisStrip(QFrame):
    """One sentence of fixed height, and the way to all that is behind it.

    Parameters
    ----------
    losses : Losses
        Of the training that is shown; followed elsewhere.

    Signals
    -------
    why_requested()
    """

    why_requested = Signal()

    def __init__(self, losses: Losses, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diagnosisStrip")
        self._losses = losses
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._verdict: Verdict | None = None
        self._told = Told("")
        self._told_at = self._refreshed_at = -math.inf
        self._mark = _Mark()
        self._sentence = Sentence()
        self._sentence.setObjectName("diagnosisSentence")
        self._moment = Label()
        self._moment.setObjectName("diagnosisMoment")
        self._moment.setFont(tabular(self._moment.font(), 0.9))
        self._moment.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._why = QPushButton()
        self._why.setObjectName("whyButton")
        self._why.clicked.connect(self.why_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 8, 2)
        row.setSpacing(8)
        for widget, stretch in ((self._mark, 0), (self._sentence, 1), (self._moment, 0), (self._why, 0)):
            row.addWidget(widget, stretch)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._retranslate()
        self.set_theme(LIGHT)

    @property
    def told(self) -> Told:
        """What it says now."""
        return self._told

    def show_frame(self, frame: Frame) -> None:
        """Say what there is to say of the moment of the frame."""
        self._frame = frame
        self._refresh()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Take in what an examination has found; None takes back what was told before."""
        void = verdict is None and self._verdict is not None
        self._verdict = verdict
        self._refresh(at_once=void)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._verdict = None
        self._refresh(at_once=True)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Diagnosis"))
        self._why.setText(self.tr("Why?"))
        self._why.setToolTip(tooltip(self.tr("Show the evidence, the cure and all that was found")))
        lines = self.tr("after step\n{step}").format(step=grouped(9_999_999)).split("\n")
        metrics = self._moment.fontMetrics()
        self._moment.setFixedWidth(max(metrics.horizontalAdvance(line) for line in lines))
        self._refresh(at_once=True)

    def _refresh(self, *, at_once: bool = False) -> None:
        """Say what is to be said now, unless it is too soon to be read."""
        now, running = time.monotonic(), self._frame is not None and self._frame.status is Status.RUNNING
        if running and not at_once and now - self._refreshed_at < REFRESH_SECONDS:
            return
        told = self._wanted()
        if told == self._told:
            return
        other = told.topic != self._told.topic
        if running and not at_once and other and now - self._told_at < STAYS_SECONDS:
            return
        self._refreshed_at = now
        if other:
            self._told_at = now
        self._told = told
        self._show_moment()
        self._moment.setToolTip(tooltip(self._moment_tip() if told.moment else ""))
        self._colour()
        if other and told.text:
            self._announce(told.text)

    def _show_moment(self) -> None:
        told = self._told
        text = self.tr("after step\n{step}").format(step=grouped(told.step)) if told.is_fault else ""
        self._moment.setText(text)

    def _announce(self, text: str) -> None:
        """Have a screen reader say it when it has finished with what it is saying."""
        event = QAccessibleAnnouncementEvent(self._sentence, text)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _wanted(self) -> Told:
        frame, verdict = self._frame, self._verdict
        if frame is None:
            return Told("")
        if verdict is not None and (root := verdict.fault) is not None:
            moment = self.tr("after step {step}").format(step=grouped(verdict.step))
            return Told(sentence(root), moment, root.cause, True, verdict.step)
        return Told(self._progress(frame), topic="progress")

    def _moment_tip(self) -> str:
        return self.tr("The training was examined on a copy, as it was after this step.")

    def _progress(self, frame: Frame) -> str:
        """What training does, in numbers of two moments that are named."""
        step, every = frame.step, frame.epoch_steps
        count = self._losses.count_until(step)
        if step == 0 or count < step:
            if frame.phase is None or frame.phase.kind is PhaseKind.INPUT:
                return self.tr(
                    "Press Step (→) to follow the first mini-batch phase by phase, or Run to train."
                )
            return self.tr("Press Step (→) to see the next phase of the first step, or Run to train.")
        if frame.updated and _stands_still(frame.record):
            text = self.tr("The gradient of step {step} is exactly 0 everywhere, and nothing moves.")
            return text.format(step=grouped(frame.record.step))
        if step == 1:
            return self.tr("Loss of step 1: {loss}").format(loss=short(self._losses.mean_at(0, 1)))
        epochs = step // every
        if every > 1 and epochs >= 2 and frame.record.epoch == (frame.record.step - 1) // every + 1:
            first = max(1, epochs - max(LAST_EPOCHS, epochs // 5))
            before, after = self._means(first * every, epochs * every, every)
            text = self.tr("Loss {before} → {after} from epoch {first} to epoch {last}, means of each epoch")
            return text.format(before=before, after=after, first=grouped(first), last=grouped(epochs))
        window = min(MOST_STEPS, max(1, step // 4))
        if window == 1 or every == 1:
            first = max(1, step - max(LAST_EPOCHS, step // 5))
            before, after = self._means(first, step, 1)
            text = self.tr("Loss {before} → {after} from step {first} to step {last}")
            return text.format(before=before, after=after, first=grouped(first), last=grouped(step))
        before, after = self._means(window, step, window)
        text = self.tr("Loss {before} → {after}: means of steps {first} and {last}")
        first_steps, last_steps = (f"{grouped(end - window + 1)}–{grouped(end)}" for end in (window, step))
        return text.format(before=before, after=after, first=first_steps, last=last_steps)

    def _means(self, first: int, last: int, window: int) -> tuple[str, str]:
        """Two means of losses, written with enough digits to be told apart."""
        values = [self._losses.mean_at(step - 1, window) for step in (first, last)]
        digits = 4
        while digits < 8 and values[0] != values[1] and short(values[0], digits) == short(values[1], digits):
            digits += 1
        return short(values[0], digits), short(values[1], digits)

    def _colour(self) -> None:
        theme, fault = self._theme, self._told.is_fault
        mark(self, "fault", fault)
        self._sentence.show_text(self._told.text, theme.text if fault else theme.muted)
        self._mark.show_fault(fault, theme)


def _stands_still(record: StepRecord) -> bool:
    """Whether the gradient of all parameters is 0 and the step has changed none: momentum may."""
    if any(gradient.any() for gradient in (*record.weight_grads, *record.bias_grads)):
        return False
    before = (*record.weights_before, *record.biases_before)
    after = (*record.weights_after, *record.biases_after)
    return not any((old != new).any() for old, new in zip(before, after, strict=True))


class _Mark(QWidget):
    """A circle with an exclamation mark where there is a fault; else nothing, in the same room."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = False
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_fault(self, shown: bool, theme: Theme) -> None:
        self._shown, self._theme = shown, theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.text), 1.8))
        place = QRectF(2, 2, 16, 16)
        painter.drawEllipse(place)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "!")
