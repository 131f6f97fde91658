"""Curves over the steps of training: the loss and the metric, every step of them, live."""

from __future__ import annotations

import math

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from engine.phases import PhaseKind
from engine.records import Scalars
from gui.style.theme import Theme
from gui.text.plain import tooltip
from gui.training.messages import Frame
from gui.views.curves.chart import Chart, RunCurve
from gui.views.curves.line import Line, ink
from gui.views.curves.points import Points

VALIDATION_DASH = (5, 3)
TEST_DASH = (8, 3, 2, 3)


class CurvesView(Chart):
    """The loss of training and validation, or their metric."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("curvesView", parent)
        self._loss_lines = [
            Line("training", Points(every_step=True), _blue),
            Line("validation", Points(every_step=False), ink, dash=VALIDATION_DASH),
            Line("objective", Points(every_step=True), _grey, dash=(2, 3), band=False),
            Line("test", Points(every_step=False), _grey, dash=TEST_DASH),
        ]
        self._metric_lines = [
            Line("training", Points(every_step=True), _blue),
            Line("validation", Points(every_step=False), ink, dash=VALIDATION_DASH),
            Line("test", Points(every_step=False), _grey, dash=TEST_DASH),
        ]
        self._classifies = True
        self._choices = QButtonGroup(self)
        self._loss_button = self._choice("lossButton")
        self._metric_button = self._choice("metricButton")
        self._loss_button.setChecked(True)
        choices = QHBoxLayout()
        choices.setSpacing(0)
        choices.addWidget(self._loss_button)
        choices.addWidget(self._metric_button)
        self._header.insertLayout(0, choices)
        self._loss_button.toggled.connect(self._choose)
        self._name_lines()
        self._choose()
        self.set_theme(self._theme)

    @property
    def training(self) -> Points:
        """The loss of each step's mini-batch, as it was measured."""
        return self._loss_lines[0].series

    @property
    def steps_kept(self) -> int:
        """Steps received since the last restart."""
        return len(self.training)

    def clear(self) -> None:
        """Forget all steps."""
        self._forget(*self._loss_lines, *self._metric_lines)

    @property
    def empty_text(self) -> str:
        """Why there are no curves; empty where there are."""
        measured = [line.series for line in self._metric_lines if len(line.series)]
        if (
            self._metric_button.isChecked()
            and measured
            and all(math.isnan(series.high) for series in measured)
        ):
            return self.tr("R² is not defined: the targets are all equal")
        return super().empty_text

    def show_frame(self, frame: Frame) -> None:
        """Take in the frame's scalars, and show the steps whose loss it reveals."""
        if frame.restart:
            self.clear()
        if (classifies := frame.dataset.kind != "regression") != self._classifies:
            self._classifies = classifies
            self._retranslate()
        new = frame.scalars
        training, validation, objective, test = (line.series for line in self._loss_lines)
        metric, validation_metric, test_metric = (line.series for line in self._metric_lines)
        training.extend(new.steps, new.loss)
        metric.extend(new.steps, new.metric)
        validation.extend(new.evaluated_steps, new.validation_loss)
        validation_metric.extend(new.evaluated_steps, new.validation_metric)
        if len(objective) or new.penalty.any():
            objective.extend(new.steps, new.loss + new.penalty)
        watched = frame.watched
        if (watched is None and len(test)) or (watched is not None and watched.restart):
            test.clear()
            test_metric.clear()
            self._draw_legend()
        if watched is not None:
            test.extend(watched.steps, watched.loss)
            test_metric.extend(watched.steps, watched.metric)
        self._set_window(frame, self._loss_lines[0], self._loss_lines[2], self._metric_lines[0])
        self._show_moment(frame, _revealed(frame))

    def show_passing(self, frame: Frame) -> None:
        """Go on with each frame, for it has the scalars since the last."""
        self.show_frame(frame)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self.clear()
        self.set_marks(())

    def _run_curves(self, scalars: Scalars) -> list[RunCurve]:
        if self._loss_button.isChecked():
            training, validation = scalars.loss, scalars.validation_loss
        else:
            training, validation = scalars.metric, scalars.validation_metric
        return [(scalars.steps, training, ()), (scalars.evaluated_steps, validation, VALIDATION_DASH)]

    def _choice(self, name: str) -> QToolButton:
        button = self._button(name)
        button.setProperty("choice", True)
        self._choices.addButton(button)
        return button

    def _choose(self, _: bool = True) -> None:
        self._set_lines(self._loss_lines if self._loss_button.isChecked() else self._metric_lines)
        self._retranslate()

    def _retranslate(self) -> None:
        self._empty_text = self.tr("Press Step or Run: the loss appears here")
        self._loss_button.setText(self.tr("Loss"))
        self._metric_button.setText(self.tr("Accuracy") if self._classifies else self.tr("R²"))
        self._loss_button.setToolTip(self.tr("Show the loss"))
        accuracy = self.tr("Show the accuracy")
        explained = self.tr("Show R², the share of variance explained")
        self._metric_button.setToolTip(tooltip(accuracy if self._classifies else explained))
        for button in (self._loss_button, self._metric_button):
            button.setAccessibleName(button.toolTip())
        self._name_lines()
        super()._retranslate()

    def _name_lines(self) -> None:
        for line in (self._loss_lines[0], self._metric_lines[0]):
            line.name = self.tr("smoothed")
            line.measured_name = self.tr("mini-batch")
        for line in (self._loss_lines[1], self._metric_lines[1]):
            line.name = self.tr("validation")
        for line in (self._loss_lines[3], self._metric_lines[2]):
            line.name = self.tr("test")
        self._loss_lines[2].name = self.tr("loss + penalty")


def _blue(theme: Theme) -> QColor:
    return QColor(theme.positive)


def _grey(theme: Theme) -> QColor:
    return QColor(theme.muted)


def _revealed(frame: Frame) -> int:
    """The last step whose loss the frame shows: it is known from the phase of the loss on."""
    phase = frame.phase
    untold = (PhaseKind.INPUT, PhaseKind.FORWARD)
    if phase is None or (phase.sample is None and phase.kind not in untold):
        return frame.record.step
    return max(0, frame.record.step - 1)
