"""Why it does not learn: what was found, the root first, with its evidence, its place and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError
from gui.document.focus import Focus
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.findings import advice, evidence, label, lesson, sentence
from gui.text.numbers import grouped, percent, short
from gui.text.parts import part_name
from gui.text.plain import Label, sentences, tooltip
from gui.training.aside import Question, Work
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Status
from gui.training.trials import TRIAL_SECONDS, Trial, with_cure, with_few_rows
from gui.views.diagnosis.plot import Curve, Mark, Plot, axis, thinned
from gui.widgets.table import Cell, Table

if TYPE_CHECKING:
    from engine.diagnose import Attempt, Finding

MARGIN = 12
MOST_ROWS = 3
"""Findings that are seen at once; more are scrolled to."""

LEARNED_BY_HEART = 0.05
"""Of the loss of the best constant: what is left where a few numbers are learned by heart."""


class DiagnosisPage(QWidget):
    """The findings, one of them at length, and what can be tried.

    Parameters
    ----------
    focus : Focus
        What the user wants to see of a finding is looked at.

    Signals
    -------
    question_asked(Question)
        A trial to be made on a copy of the training.
    instruments_requested()
        The user wants to measure more.
    seek_requested(int)
        The user wants to see where it began.
    cure_taken(Finding)
        The user wants to train with the cure.
    """

    question_asked = Signal(object)
    instruments_requested = Signal()
    seek_requested = Signal(int)
    cure_taken = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("diagnosisView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._verdict: Verdict | None = None
        self._question: Question | None = None
        self._trial: Trial | None = None
        self._build()
        self._retranslate()
        self.set_theme(LIGHT)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        foot = self._build_list()
        body = self._build_finding()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, 6, 0, 6)
        whole.setSpacing(6)
        upper = QHBoxLayout()
        upper.setContentsMargins(
            0, 0, MARGIN, 0
        )  # what is scrolled below reaches the edge, the list does not
        upper.addWidget(self._list)
        whole.addLayout(upper)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)

    def _build_list(self) -> QHBoxLayout:
        self._list = QListWidget()
        self._list.setObjectName("findingsList")
        self._list.ensurePolished()  # its rows are measured when they are put in
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._list.currentRowChanged.connect(self._choose)
        self._overfit = QPushButton()
        self._overfit.setObjectName("overfitButton")
        self._overfit.clicked.connect(self._try_ten_rows)
        self._instruments = QPushButton()
        self._instruments.setObjectName("instrumentsButton")
        self._instruments.clicked.connect(self.instruments_requested)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._overfit)
        foot.addWidget(self._instruments)
        foot.addStretch(1)
        return foot

    def _build_finding(self) -> QWidget:
        self._sentence, self._advice = Label(), Label()
        for text, name in ((self._sentence, "findingSentence"), (self._advice, "findingAdvice")):
            text.setObjectName(name)
            text.setWordWrap(True)
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._build_buttons()
        self._lesson = Label()
        self._lesson.setObjectName("findingLesson")
        self._lesson.setWordWrap(True)
        self._lesson.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._result = Label()
        self._result.setObjectName("trialResult")
        self._result.setWordWrap(True)
        self._result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._cancel = QPushButton()
        self._cancel.setObjectName("cancelTrialButton")
        self._cancel.clicked.connect(self._cancel_trial)
        self._plot = Plot("trialPlot")
        self._plot.setFixedHeight(160)
        self._evidence_heading = Label()
        self._evidence = Table("lr")
        self._evidence.setObjectName("findingEvidence")
        body = QWidget()
        body.setObjectName("findingBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, MARGIN, 4)
        column.setSpacing(6)
        for widget in (
            self._sentence,
            self._advice,
            self._buttons,
            self._lesson,
            self._result,
            self._cancel,
            self._plot,
            self._evidence_heading,
            self._evidence,
        ):
            column.addWidget(widget)
        column.setAlignment(self._cancel, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return body

    def _build_buttons(self) -> None:
        self._go, self._show, self._try, self._take, self._explain = (QPushButton() for _ in range(5))
        for button, name in (
            (self._go, "goToBeginningButton"),
            (self._show, "showFindingButton"),
            (self._try, "tryCureButton"),
            (self._take, "takeCureButton"),
            (self._explain, "explainFindingButton"),
        ):
            button.setObjectName(name)
        self._explain.setCheckable(True)
        self._go.clicked.connect(self._go_to_beginning)
        self._show.clicked.connect(self._show_part)
        self._try.clicked.connect(self._try_cure)
        self._take.clicked.connect(self._take_cure)
        self._explain.toggled.connect(self._show_lesson)
        self._buttons = QWidget()
        self._rows = QGridLayout(self._buttons)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)
        for button in (self._go, self._show, self._try, self._take, self._explain):
            button.setParent(self._buttons)

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def finding(self) -> Finding | None:
        """The one that is shown at length."""
        findings = () if self._verdict is None else self._verdict.findings
        row = self._list.currentRow()
        return findings[row] if 0 <= row < len(findings) else None

    def show_frame(self, frame: Frame) -> None:
        """Know the moment that is shown."""
        before, self._frame = self._frame, frame
        if before is None or _moment_kind(before) != _moment_kind(frame):
            self._show_finding()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show what an examination has found; the finding that is being read stays, if it is found again."""
        read = self.finding
        self._verdict = verdict
        findings = () if verdict is None else verdict.findings
        causes = [finding.cause for finding in findings]
        row = causes.index(read.cause) if read is not None and read.cause in causes else 0
        if read is None or read.cause not in causes:
            self._forget_trial()
        self._fill_list(row)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._verdict = None
        self._forget_trial()
        self._fill_list(0)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._plot.set_theme(theme)
        self._evidence.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._list.setAccessibleName(self.tr("What was found, the root first"))
        self._overfit.setText(self.tr("Can it learn ten rows?"))
        self._overfit.setToolTip(
            tooltip(
                self.tr(
                    "Trains a copy on ten rows alone, without penalty, dropout and validation: a sound "
                    "network learns them by heart"
                )
            )
        )
        self._instruments.setText(self.tr("Instruments…"))
        self._instruments.setToolTip(
            tooltip(self.tr("Noise, sharpness, gradients over depth, histograms, learning rates, confusion"))
        )
        self._show.setText(self.tr("Show"))
        self._try.setText(self.tr("Try the cure"))
        self._try.setToolTip(tooltip(self.tr("Train a copy with the cure beside it as it is, and compare")))
        self._take.setText(self.tr("Train with it"))
        self._take.setToolTip(tooltip(self.tr("Begin anew with the cure; Undo brings this network back")))
        self._explain.setText(self.tr("Explain"))
        self._explain.setToolTip(tooltip(self.tr("What this is, how it is told, and what to do")))
        self._cancel.setText(self.tr("Cancel"))
        self._evidence_heading.setText(self.tr("Evidence"))
        self._fill_list(max(0, self._list.currentRow()))
        self._show_trial()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.doItemsLayout()  # rows are as high as the sheet makes them
        self._fit_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_buttons()

    def _arrange_buttons(self) -> None:
        """Put the buttons into a row, or into as many as they need."""
        room = self._scroll.viewport().width() - MARGIN
        row, column, used = 0, 0, 0
        for button in (self._go, self._show, self._try, self._take, self._explain):
            self._rows.removeWidget(button)
            if button.isHidden():
                continue
            width = button.sizeHint().width() + self._rows.spacing()
            if column and used + width > room:
                row, column, used = row + 1, 0, 0
            self._rows.addWidget(button, row, column, Qt.AlignmentFlag.AlignLeft)
            column, used = column + 1, used + width

    def _fill_list(self, row: int) -> None:
        findings = () if self._verdict is None else self._verdict.findings
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for place, finding in enumerate(findings):
            kind = self.tr("root") if place == 0 else self.tr("follows, or adds to it")
            text = self.tr("{cause}\n{kind}, since step {step}").format(
                cause=label(finding), kind=kind, step=grouped(finding.since)
            )
            self._list.addItem(QListWidgetItem(text))
        if findings:
            self._list.setCurrentRow(min(row, len(findings) - 1))
        self._list.blockSignals(blocked)
        self._list.setVisible(bool(findings))
        self._fit_list()
        self._show_finding()

    def _fit_list(self) -> None:
        rows = min(self._list.count(), MOST_ROWS)
        self._list.setFixedHeight(rows * max(1, self._list.sizeHintForRow(0)) + 4)

    def _choose(self, row: int) -> None:
        if self._trial is not None and self._trial.finding is not None:
            self._forget_trial()
        self._show_finding()

    def _show_finding(self) -> None:
        finding = self.finding
        self._sentence.setText(self._state() if finding is None else sentence(finding))
        self._advice.setText("" if finding is None else sentences(advice(finding), self._tried(finding)))
        for widget in (self._advice, self._buttons, self._evidence_heading, self._evidence):
            widget.setVisible(finding is not None)
        if finding is not None:
            self._go.setText(self.tr("Go to step {step}").format(step=grouped(finding.since)))
            self._go.setToolTip(tooltip(self.tr("Where it began")))
            self._show.setVisible(finding.where is not None or finding.row is not None)
            self._show.setToolTip(tooltip(self._place(finding)))
            can_try = finding.remedy is not None or finding.cure is not None
            self._try.setVisible(can_try)
            remedy = finding.remedy
            whole = remedy is None or not (remedy.release or remedy.longer > 1)
            self._take.setVisible(can_try and whole)
            rows = [(Cell(name), Cell(short(value), value, "strong")) for name, value in evidence(finding)]
            self._arrange_buttons()
            self._evidence.forget_widths()
            self._evidence.set_rows(rows)
        self._show_lesson()
        self._show_trial()

    def _state(self) -> str:
        """What there is to say where nothing was found."""
        ended = self._frame is not None and self._frame.status is Status.DIVERGED
        if ended and self._verdict is not None:
            return self.tr("A number is no longer finite, and no cause of it was proved.")
        if self._frame is None or (self._frame.step == 0 and not ended):
            return self.tr("There is nothing to examine yet: make some steps.")
        if self._verdict is None:
            return self.tr("The training is being examined.")
        text = self.tr("After step {step} nothing was found that keeps it from learning.")
        return text.format(step=grouped(self._verdict.step))

    def _place(self, finding: Finding) -> str:
        if finding.row is not None:
            return self.tr("Row {row}").format(row=grouped(finding.row + 1))
        if finding.where is None or self._frame is None:
            return ""
        return part_name(self._frame, finding.where)

    def _tried(self, finding: Finding) -> str:
        """What became of the examination's own short trial."""
        tried = finding.tried
        if tried is None:
            return ""
        text = self.tr(
            "In a trial of {steps} steps from the start the loss fell to {after} of that of the best "
            "constant prediction; as it is, it stands at {before}.",
            "",
            tried.steps,
        )
        return text.format(
            steps=grouped(tried.steps), after=short(tried.after, 3), before=short(tried.before, 3)
        )

    def _show_lesson(self) -> None:
        finding = self.finding
        self._lesson.setVisible(finding is not None and self._explain.isChecked())
        if finding is not None:
            meaning, signs, mend = lesson(finding)
            told = self.tr("How it is told: {signs}").format(signs=signs)
            do = self.tr("What to do: {advice}").format(advice=mend)
            self._lesson.setText("\n\n".join((meaning, told, do)))

    # -- where it is -------------------------------------------------------------------------------

    def _go_to_beginning(self) -> None:
        if self.finding is not None:
            self.seek_requested.emit(self.finding.since)

    def _show_part(self) -> None:
        finding = self.finding
        if finding is not None and finding.row is not None:
            self.focus.show_row(finding.row)
        elif finding is not None and finding.where is not None:
            self.focus.select(finding.where)

    def _take_cure(self) -> None:
        if self.finding is not None:
            self.cure_taken.emit(self.finding)

    # -- trials ------------------------------------------------------------------------------------

    def _try_cure(self) -> None:
        finding = self.finding
        if finding is None:
            return

        self._ask(with_cure(finding), finding)

    def _try_ten_rows(self) -> None:
        self._ask(with_few_rows, None)

    def _ask(self, work: Work, finding: Finding | None) -> None:
        self._forget_trial()
        self._trial = Trial(finding)
        self._question = Question(work, self._take_trial, self._miss_trial)
        self._show_trial()
        self.question_asked.emit(self._question)

    def _take_trial(self, trial: Trial) -> None:
        self._question, self._trial = None, trial
        self._show_trial()
        QTimer.singleShot(0, self, self._bring_trial_into_sight)

    def _bring_trial_into_sight(self) -> None:
        """Once there is room for it."""
        for widget in (self._result, self._plot):
            self._scroll.ensureWidgetVisible(widget, 0, 4)
        self._scroll.horizontalScrollBar().setValue(0)

    def _miss_trial(self, error: EngineError | None) -> None:
        self._question, self._trial = None, None
        self._show_trial()
        if error is not None:
            self._result.setText(sentences(*localized(error)))
            self._result.show()

    def _cancel_trial(self) -> None:
        self._forget_trial()
        self._show_trial()

    def _forget_trial(self) -> None:
        if self._question is not None:
            self._question.cancel()
        self._question = self._trial = None

    def _show_trial(self) -> None:
        trial = self._trial
        attempt = None if trial is None else trial.attempt
        self._cancel.setVisible(self._question is not None)
        self._plot.setVisible(attempt is not None)
        self._overfit.setEnabled(self._frame is not None and self._question is None)
        self._try.setEnabled(self._question is None)
        text = ""
        if trial is not None and self._question is not None:
            text = self.tr("A copy is being trained…")
        elif trial is not None and attempt is None:
            text = self.tr("There is nothing to try.")
        elif trial is not None and attempt is not None:
            text = (
                self._cure_text(attempt, trial.finding)
                if trial.finding is not None
                else self._rows_text(attempt, trial.rows)
            )
            self._draw(attempt, trial.finding is not None)
        self._result.setText(text)
        self._result.setVisible(bool(text))

    def _cure_text(self, attempt: Attempt, finding: Finding) -> str:
        before, after = attempt.score_before, attempt.score_after
        steps = grouped(_last_step(attempt))
        if attempt.diverged:
            first = self.tr(
                "With the cure a number is no longer finite after step {steps}: it does not help."
            )
        elif finding.remedy is not None and finding.remedy.dataset is not None:  # losses of other numbers
            first = self.tr(
                "The loss is {before} of the best constant prediction's as it is, and {after} with the cure, "
                "after step {steps}."
            )
            first = first.format(before=short(before.relative), after=short(after.relative), steps=steps)
        else:
            first = self.tr(
                "The loss over all training rows is {before} as it is, and {after} with the cure after step "
                "{steps}."
            )
            first = first.format(before=short(before.loss), after=short(after.loss), steps=steps)
        return sentences(first.format(steps=steps), self._recall_text(attempt), self._whole_text(attempt))

    def _recall_text(self, attempt: Attempt) -> str:
        before, after = attempt.score_before.recall, attempt.score_after.recall
        if before is None or after is None:
            return ""
        text = self.tr("Rows told rightly, as the mean over the classes: {before} %, then {after} %.")
        text = text.format(before=percent(before), after=percent(after))
        return text.replace(" %", "\N{NO-BREAK SPACE}%")

    def _whole_text(self, attempt: Attempt) -> str:
        if attempt.whole:
            return ""
        seconds = round(TRIAL_SECONDS)
        text = self.tr("It was stopped before its end, after {seconds} seconds.", "", seconds)
        return text.format(seconds=grouped(seconds))

    def _rows_text(self, attempt: Attempt, rows: int) -> str:
        after = attempt.score_after
        learned = after.relative <= LEARNED_BY_HEART or after.recall == 1.0
        if attempt.diverged:
            text = self.tr(
                "No: after step {steps} a number is no longer finite. Lower the learning rate before "
                "anything else."
            )
        elif learned:
            text = self.tr(
                "Yes: after {steps} steps it has learned {rows} rows by heart, loss {before} → {after}. "
                "Network and training work; look for the fault in the data, the size or a penalty.",
                "",
                rows,
            )
        else:
            text = self.tr(
                "No: after {steps} steps it has not learned even {rows} rows, loss {before} → {after}. "
                "The fault lies in the network or in how it is trained, not in the amount of data.",
                "",
                rows,
            )
        text = text.format(
            steps=grouped(_last_step(attempt)),
            rows=grouped(rows),
            before=short(attempt.score_before.loss),
            after=short(after.loss),
        )
        return sentences(text, self._recall_text(attempt), self._whole_text(attempt))

    def _draw(self, attempt: Attempt, both: bool) -> None:
        runs = [(self.tr("with the cure") if both else self.tr("these rows alone"), attempt.after)]
        if both:
            runs.insert(0, (self.tr("as it is"), attempt.before))
        curves, span = [], 1
        for name, scalars in runs:
            x, y, span = thinned(scalars.steps.astype(np.float64), scalars.loss)
            new = scalars is attempt.after
            curves.append(Curve(name, x, y, _new if new else _old, () if new else (4.0, 2.0)))
        positive = all(bool((curve.y[np.isfinite(curve.y)] > 0).all()) for curve in curves)
        name = self.tr("loss of the mini-batch")
        if span > 1:
            name = self.tr("loss, means of {count} steps").format(count=grouped(span))
        marks = [Mark(float(attempt.began), self.tr("branches off"))] if both and attempt.began else []
        x_axis = axis(self.tr("step"), [curve.x for curve in curves])
        self._plot.show_curves(
            x_axis, axis(name, [curve.y for curve in curves], log=positive, margin=0.05), curves, marks
        )


def _new(theme: Theme) -> str:
    return theme.positive


def _old(theme: Theme) -> str:
    return theme.muted


def _moment_kind(frame: Frame) -> tuple[bool, bool]:
    """What of a moment decides on what is said where nothing was found."""
    return frame.step == 0, frame.status is Status.DIVERGED


def _last_step(attempt: Attempt) -> int:
    steps = attempt.after.steps
    return int(steps[-1]) if len(steps) else 0
