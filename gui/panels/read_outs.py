"""The read-outs: step, epoch, losses and accuracy, as far as the phase that is shown has revealed them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.phases import PhaseKind
from gui.style.fonts import tabular
from gui.text.numbers import grouped, percent, short
from gui.text.plain import SteadyLabel, sentences, tooltip
from gui.training.messages import Frame

NOTHING = "–"
_WIDEST_LOSS = short(-8.888e-88)


@dataclass(frozen=True)
class Values:
    """What there is to read at one moment; None is not known (yet).

    Attributes
    ----------
    step : int
        The step that has been made last, or the one that is under way.
    under_way : bool
        Whether the step's forward pass has begun and its update has not been made.
    loss : float or None
        Of the step's mini-batch.
    evaluated : int or None
        The step after which the validation rows were looked at last; an epoch's end.
    metric : float or None
        Accuracy or R²: of the validation rows where there are any, else of that mini-batch. NaN is R² of
        targets that are all equal: not defined.
    scales_targets : bool
        Whether the loss is of scaled targets.
    """

    step: int
    epoch: int
    loss: float | None
    validation_loss: float | None
    metric: float | None
    is_accuracy: bool
    evaluated: int | None
    under_way: bool
    scales_targets: bool

    @property
    def is_validated(self) -> bool:
        """Whether the metric is of the validation rows."""
        return self.evaluated is not None


class ReadOuts(QWidget):
    """Small names above numbers, each in a place of fixed width so that nothing moves while running."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readOuts")
        self._values: Values | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(1)
        self._names: dict[str, SteadyLabel] = {}
        self._numbers: dict[str, SteadyLabel] = {}
        for column, key in enumerate(("step", "epoch", "loss", "validation", "metric")):
            name, number = SteadyLabel(), SteadyLabel(NOTHING)
            name.setProperty("role", "note")
            number.setObjectName(f"{key}ReadOut")
            for row, label in enumerate((name, number)):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                label.setTextFormat(Qt.TextFormat.PlainText)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignRight)
            self._names[key], self._numbers[key] = name, number
        self._set_fonts()
        self._retranslate()

    @property
    def values(self) -> Values | None:
        """What is shown."""
        return self._values

    def show_frame(self, frame: Frame) -> None:
        """Show what `frame` reveals."""
        self._values = _revealed(frame)
        self._show()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._values = None

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._set_fonts()
        super().changeEvent(event)

    def _set_fonts(self) -> None:
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 0.85)
        strong = tabular(self.font(), bold=True)
        for name, number in zip(self._names.values(), self._numbers.values(), strict=True):
            name.setFont(small)
            number.setFont(strong)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Read-outs"))
        self._show()
        self._hold_room()

    def _metric_name(self, is_accuracy: bool, is_validated: bool) -> str:
        if is_validated:
            return self.tr("validation accuracy") if is_accuracy else self.tr("validation R²")
        return self.tr("batch accuracy") if is_accuracy else self.tr("batch R²")

    def _show(self) -> None:
        values = self._values
        is_accuracy = values is None or values.is_accuracy
        is_validated = values is not None and values.is_validated
        names = {
            "step": self.tr("in step") if values is not None and values.under_way else self.tr("after step"),
            "epoch": self.tr("epoch"),
            "loss": self.tr("batch loss"),
            "validation": self.tr("validation loss"),
            "metric": self._metric_name(is_accuracy, is_validated),
        }
        for key, text in names.items():
            self._names[key].setText(text)
            self._numbers[key].setAccessibleName(text)
        self._numbers["epoch"].setToolTip(self.tr("Passes over the training rows, the present one included"))
        if values is None:
            return
        step = grouped(values.step)
        of_batch = self.tr("Of the mini-batch of step {step}, before its update").format(step=step)
        of_validation = self.tr("Of the validation rows, at an epoch's end")
        if values.evaluated is not None:
            of_validation = self.tr("Of the validation rows after step {step}, an epoch's end")
            of_validation = of_validation.format(step=grouped(values.evaluated))
        made = self.tr("The parameters have been updated {step} times").format(step=step)
        under_way = self.tr("The step that is under way: its update has not been made")
        self._numbers["step"].setToolTip(tooltip(under_way if values.under_way else made))
        of_losses = [of_batch, of_validation]
        if values.scales_targets:
            of_losses = [sentences(text, self.tr("The loss is of scaled targets.")) for text in of_losses]
        self._numbers["loss"].setToolTip(tooltip(of_losses[0]))
        self._numbers["validation"].setToolTip(tooltip(of_losses[1]))
        about_metric = of_validation if values.is_validated else of_batch
        if values.metric is not None and math.isnan(values.metric):
            about_metric = self.tr("Not defined: the targets are all equal, so there is nothing to explain")
        self._numbers["metric"].setToolTip(tooltip(about_metric))
        self._numbers["step"].setText(grouped(values.step))
        self._numbers["epoch"].setText(grouped(values.epoch))
        self._numbers["loss"].setText(_or_nothing(values.loss))
        self._numbers["validation"].setText(_or_nothing(values.validation_loss))
        if values.metric is not None and math.isnan(values.metric):
            self._numbers["metric"].setText(self.tr("undefined"))
        elif values.metric is None or not values.is_accuracy:
            self._numbers["metric"].setText(_or_nothing(values.metric))
        else:
            self._numbers["metric"].setText(self.tr("{percent} %").format(percent=percent(values.metric)))

    def _hold_room(self) -> None:
        """Give every name and number the room of the widest it will have, so that nothing moves."""
        for key, text in (
            ("step", grouped(8_888_888)),
            ("epoch", grouped(888_888)),
            ("loss", _WIDEST_LOSS),
            ("validation", _WIDEST_LOSS),
        ):
            self._numbers[key].hold(text)
        self._numbers["metric"].hold("100.0 %", short(-0.88888), self.tr("undefined"))
        self._names["step"].hold(self.tr("in step"), self.tr("after step"))
        self._names["metric"].hold(*(self._metric_name(*which) for which in product((True, False), repeat=2)))


def _revealed(frame: Frame) -> Values:
    record, phase = frame.record, frame.phase
    near = frame.scalars if frame.near is None else frame.near
    # Before the forward pass the step made last is what there is to read of
    under_way = not (frame.updated or (phase is not None and phase.kind is PhaseKind.INPUT))
    step = frame.step + under_way
    here = np.flatnonzero(near.steps == step)
    loss, metric = (float(near.loss[here[0]]), float(near.metric[here[0]])) if len(here) else (None, None)
    if step == record.step:
        loss = record.data_loss
    # The loss is the whole batch's: sample by sample, it is known when all have been through.
    if under_way and phase is not None and (phase.sample is not None or phase.kind is PhaseKind.FORWARD):
        loss = metric = None
    evaluated = np.flatnonzero(near.evaluated_steps <= frame.step)
    latest = evaluated[-1] if len(evaluated) else None
    return Values(
        step=step,
        epoch=record.epoch,
        loss=loss,
        validation_loss=None if latest is None else float(near.validation_loss[latest]),
        metric=metric if latest is None else float(near.validation_metric[latest]),
        is_accuracy=frame.dataset.kind != "regression",
        evaluated=None if latest is None else int(near.evaluated_steps[latest]),
        under_way=under_way,
        scales_targets=record.target_scale is not None,
    )


def _or_nothing(value: float | None) -> str:
    return NOTHING if value is None else short(value)
