"""The read-outs: step, epoch, losses and accuracy, as far as the phase that is shown has revealed them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.records import PhaseKind
from gui.messages import Frame
from gui.numbers import MINUS, grouped, percent, short

NOTHING = "–"
_KEPT = 2
_WIDEST_LOSS = f"{MINUS}8.888·10{MINUS}⁸⁸"


@dataclass(frozen=True)
class Values:
    """What there is to read; None is not known (yet).

    Attributes
    ----------
    step : int
        Completed steps.
    loss : float or None
        Of the mini-batch of the last step whose loss is revealed.
    metric : float or None
        Accuracy or R²: of the validation rows where there are any, else of that mini-batch. NaN is R² of
        targets that are all equal: not defined.
    """

    step: int
    epoch: int
    loss: float | None
    validation_loss: float | None
    metric: float | None
    is_accuracy: bool
    is_validated: bool


class ReadOuts(QWidget):
    """Small names above numbers, each in a place of fixed width so that nothing moves while running."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readOuts")
        self._values: Values | None = None
        self._steps: _Tail = {}
        self._evaluations: _Tail = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(1)
        self._names: dict[str, QLabel] = {}
        self._numbers: dict[str, QLabel] = {}
        for column, key in enumerate(("step", "epoch", "loss", "validation", "metric")):
            name, number = QLabel(), QLabel(NOTHING)
            name.setProperty("role", "note")
            number.setObjectName(f"{key}ReadOut")
            for row, label in enumerate((name, number)):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                label.setTextFormat(Qt.TextFormat.PlainText)
                grid.addWidget(label, row, column)
            self._names[key], self._numbers[key] = name, number
        self._set_fonts()
        self._retranslate()

    @property
    def values(self) -> Values | None:
        """What is shown."""
        return self._values

    def show_frame(self, frame: Frame) -> None:
        """Show what `frame` reveals."""
        if frame.restart:
            self._steps, self._evaluations = {}, {}
        new = frame.scalars
        self._steps = _tail(self._steps, new.steps, new.loss, new.metric)
        self._evaluations = _tail(
            self._evaluations, new.evaluated_steps, new.validation_loss, new.validation_metric
        )
        self._values = self._revealed(frame)
        self._show()

    def _revealed(self, frame: Frame) -> Values:
        record, phase = frame.record, frame.phase
        # The loss is the whole batch's: sample by sample, it is known when all have been through.
        unknown = phase is not None and (
            phase.sample is not None or phase.kind in (PhaseKind.INPUT, PhaseKind.FORWARD)
        )
        loss, metric = self._steps.get(record.step - unknown, (None, None))
        if not unknown:
            loss = record.data_loss
        evaluated = [step for step in self._evaluations if step <= frame.step]
        validation = self._evaluations[max(evaluated)] if evaluated else None
        return Values(
            step=frame.step,
            epoch=record.epoch,
            loss=loss,
            validation_loss=validation[0] if validation else None,
            metric=validation[1] if validation else metric,
            is_accuracy=frame.dataset.kind != "regression",
            is_validated=validation is not None,
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._set_fonts()
            self._fit_widths()
        super().changeEvent(event)

    def _set_fonts(self) -> None:
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 0.85)
        figures = QFont(self.font())
        figures.setBold(True)
        figures.setFeature(QFont.Tag("tnum"), 1)
        for name, number in zip(self._names.values(), self._numbers.values(), strict=True):
            name.setFont(small)
            number.setFont(figures)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Read-outs"))
        self._show()
        self._fit_widths()

    def _metric_name(self, is_accuracy: bool) -> str:
        return self.tr("accuracy") if is_accuracy else self.tr("R²")

    def _show(self) -> None:
        values = self._values
        is_accuracy = values is None or values.is_accuracy
        names = {
            "step": self.tr("step"),
            "epoch": self.tr("epoch"),
            "loss": self.tr("loss"),
            "validation": self.tr("validation loss"),
            "metric": self._metric_name(is_accuracy),
        }
        for key, text in names.items():
            self._names[key].setText(text)
            self._numbers[key].setAccessibleName(text)
        of_batch = self.tr("Of the mini-batch of the last step")
        of_validation = self.tr("Of the validation rows, at the end of the last epoch")
        self._numbers["step"].setToolTip(self.tr("Parameter updates so far"))
        self._numbers["epoch"].setToolTip(self.tr("Passes over the training rows, the present one included"))
        self._numbers["loss"].setToolTip(of_batch)
        self._numbers["validation"].setToolTip(of_validation)
        if values is None:
            return
        about_metric = of_validation if values.is_validated else of_batch
        if values.metric is not None and math.isnan(values.metric):
            about_metric = self.tr("Not defined: the targets are all equal, so there is nothing to explain")
        self._numbers["metric"].setToolTip(about_metric)
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

    def _fit_widths(self) -> None:
        widest = {
            "step": grouped(8_888_888),
            "epoch": grouped(888_888),
            "loss": _WIDEST_LOSS,
            "validation": _WIDEST_LOSS,
            "metric": "100.0 %",
        }
        for key, text in widest.items():
            name, number = self._names[key], self._numbers[key]
            names = {name.text()}
            if key == "metric":
                names = {self._metric_name(True), self._metric_name(False)}
            width = QFontMetrics(number.font()).horizontalAdvance(text)
            if key == "metric":
                width = max(width, QFontMetrics(number.font()).horizontalAdvance(self.tr("undefined")))
            width = max(width, *(QFontMetrics(name.font()).horizontalAdvance(each) for each in names))
            number.setMinimumWidth(width + 2)


_Tail = dict[int, tuple[float, float]]


def _tail(known: _Tail, steps: npt.NDArray[Any], first: npt.NDArray[Any], second: npt.NDArray[Any]) -> _Tail:
    """Keep the last steps alone: that which is shown, and the one before it."""
    if len(first) == 0:
        return known
    end = slice(-_KEPT, None)
    new = zip(steps[end].tolist(), first[end].tolist(), second[end].tolist(), strict=True)
    together = {**known, **{step: (a, b) for step, a, b in new}}
    return {step: together[step] for step in sorted(together)[end]}


def _or_nothing(value: float | None) -> str:
    return NOTHING if value is None else short(value)
