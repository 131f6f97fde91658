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

ROOMS = (8_888_888, 88_888, 8_888)
"""Epochs whose numbers there may be room for from the start: as many digits as fit, and no more."""

GAP, NARROW_GAP = 14, 9
"""Pixels between two numbers; where their moments are said in short, fewer."""

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
    evaluated_epoch : int
        That epoch; 0 is the start.
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
    evaluated_epoch: int
    under_way: bool
    scales_targets: bool

    @property
    def is_validated(self) -> bool:
        """Whether the metric is of the validation rows."""
        return self.evaluated is not None


class ReadOuts(QWidget):
    """Four numbers, each under its name and its moment, in places of fixed width: nothing moves.

    An epoch of more digits than there was room for is said in fewer words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readOuts")
        self._values: Values | None = None
        self._brief = False
        self._room = ROOMS[-1]
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(8, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(1)
        self._names: dict[str, SteadyLabel] = {}
        self._numbers: dict[str, SteadyLabel] = {}
        for column, key in enumerate(("step", "loss", "validation", "metric")):
            name, number = SteadyLabel(), SteadyLabel(NOTHING)
            name.setProperty("role", "note")
            name.setObjectName(f"{key}Caption")
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

    @property
    def epoch(self) -> int:
        """The latest that is named."""
        return 0 if self._values is None else self._values.epoch

    def hold_room(self, epoch: int) -> None:
        """Keep room for the number of this epoch."""
        if epoch != self._room:
            self._room = epoch
            self._hold_room()

    def set_brief(self, brief: bool) -> None:
        """Shorten the moments, "(end of epoch 22)" to "(ep. 22)", or say them in full."""
        if brief != self._brief:
            self._brief = brief
            self._grid.setHorizontalSpacing(NARROW_GAP if brief else GAP)
            self._show()
            self._hold_room()

    def set_shown(self, *keys: str) -> None:
        """Show only these of step, loss, validation and metric."""
        for key, number in self._numbers.items():
            number.setVisible(key in keys)
            self._names[key].setVisible(key in keys)

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

    # -- names with their moments --------------------------------------------------------------------

    def _step_name(self, under_way: bool, epoch: str, brief: bool) -> str:
        if brief:
            text = self.tr("in step · ep. {epoch}") if under_way else self.tr("after step · ep. {epoch}")
        else:
            text = self.tr("in step · epoch {epoch}") if under_way else self.tr("after step · epoch {epoch}")
        return text.format(epoch=epoch)

    def _of_batch(self, name: str) -> str:
        return self.tr("{name} (this batch)").format(name=name)

    def _of_epoch(self, name: str, epoch: int, brief: bool) -> str:
        if not epoch and not brief:
            return self.tr("{name} (at the start)").format(name=name)
        text = self.tr("{name} (ep. {epoch})") if brief else self.tr("{name} (end of epoch {epoch})")
        return text.format(name=name, epoch=grouped(epoch))

    def _metric_name(self, is_accuracy: bool, epoch: int | None, brief: bool) -> str:
        if epoch is None:
            return self._of_batch(self.tr("accuracy") if is_accuracy else self.tr("R²"))
        name = self.tr("validation accuracy") if is_accuracy else self.tr("validation R²")
        return self._of_epoch(name, epoch, brief)

    def _show(self) -> None:
        values = self._values
        is_accuracy = values is None or values.is_accuracy
        epoch = values.evaluated_epoch if values is not None and values.is_validated else None
        validation = self.tr("validation loss")
        under_way = values is not None and values.under_way
        now = NOTHING if values is None else grouped(values.epoch)
        for brief in (self._brief, True):
            names = {
                "step": self._step_name(under_way, now, brief),
                "loss": self._of_batch(self.tr("loss")),
                "validation": validation if epoch is None else self._of_epoch(validation, epoch, brief),
                "metric": self._metric_name(is_accuracy, epoch, brief),
            }
            if brief is self._brief:
                full = names
            if self.epoch <= self._room:
                break
        least = self.tr("ep. {epoch}")
        shortest = dict.fromkeys(names, "" if epoch is None else least.format(epoch=grouped(epoch)))
        shortest["step"] = least.format(epoch=now)
        for key, text in full.items():
            self._numbers[key].setAccessibleName(text)
            if self.epoch > self._room:
                text = next(filter(self._names[key].has_room_for, (text, names[key])), shortest[key] or text)
            self._names[key].setText(text)
        if values is None:
            return
        self._explain(values)
        self._numbers["step"].setText(grouped(values.step))
        self._numbers["loss"].setText(_or_nothing(values.loss))
        self._numbers["validation"].setText(_or_nothing(values.validation_loss))
        if values.metric is not None and math.isnan(values.metric):
            self._numbers["metric"].setText(self.tr("undefined"))
        elif values.metric is None or not values.is_accuracy:
            self._numbers["metric"].setText(_or_nothing(values.metric))
        else:
            self._numbers["metric"].setText(self.tr("{percent} %").format(percent=percent(values.metric)))

    def _explain(self, values: Values) -> None:
        """Say on hover what each number is of."""
        step = grouped(values.step)
        of_batch = self.tr("Of the mini-batch of step {step}, before its update").format(step=step)
        of_validation = self.tr("Of the validation rows, at an epoch's end")
        if values.evaluated is not None:
            of_validation = self.tr("Of the validation rows after step {step}, an epoch's end")
            of_validation = of_validation.format(step=grouped(values.evaluated))
        made = self.tr("The parameters have been updated {step} times", "", values.step).format(step=step)
        under_way = self.tr("The step that is under way: its update has not been made")
        of_losses = [of_batch, of_validation]
        if values.scales_targets:
            of_losses = [sentences(text, self.tr("The loss is of scaled targets.")) for text in of_losses]
        about_metric = of_validation if values.is_validated else of_batch
        if values.metric is not None and math.isnan(values.metric):
            about_metric = self.tr("Not defined: the targets are all equal, so there is nothing to explain")
        for key, tip in (
            ("step", under_way if values.under_way else made),
            ("loss", of_losses[0]),
            ("validation", of_losses[1]),
            ("metric", about_metric),
        ):
            self._numbers[key].setToolTip(tooltip(tip))

    def _hold_room(self) -> None:
        """Give every name and number the room of the widest it will have, so that nothing moves."""
        for key, text in (
            ("step", grouped(8_888_888)),
            ("loss", _WIDEST_LOSS),
            ("validation", _WIDEST_LOSS),
        ):
            self._numbers[key].hold(text)
        self._numbers["metric"].hold("100.0 %", short(-0.88888), self.tr("undefined"))
        epochs, brief = (0, self._room), self._brief
        self._names["step"].hold(*(self._step_name(way, grouped(self._room), brief) for way in (True, False)))
        self._names["validation"].hold(
            *(self._of_epoch(self.tr("validation loss"), each, brief) for each in epochs)
        )
        self._names["metric"].hold(
            *(self._metric_name(*which, brief) for which in product((True, False), (None, *epochs)))
        )


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
        evaluated_epoch=0 if latest is None else _epoch_of_end(frame, int(near.evaluated_steps[latest])),
        under_way=under_way,
        scales_targets=record.target_scale is not None,
    )


def _epoch_of_end(frame: Frame, evaluated: int) -> int:
    """The epoch that ended with step `evaluated`, the latest that did; 0 is the start.

    Reckoned from the record's own epoch: the steps of an epoch are others after another batch size.
    """
    if evaluated == 0:
        return 0
    return frame.record.epoch - (evaluated != frame.record.step)


def _or_nothing(value: float | None) -> str:
    return NOTHING if value is None else short(value)
