"""The learning-rate range test as a curve; a click takes that rate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import Signal

from engine.diagnose import RangeTest, range_test
from gui.style.theme import Theme
from gui.text.numbers import grouped, short
from gui.training.aside import Work
from gui.views.diagnosis.plot import Axis, Curve, Mark, Plot, axis
from gui.views.diagnosis.section import Section


class RatesSection(Section):
    """Loss against learning rate.

    Signals
    -------
    rate_chosen(float)
        The user wants to go on with this rate.
    """

    on_demand = True
    rate_chosen = Signal(float)

    def __init__(self) -> None:
        self.plot = Plot("ratesPlot", takes=True)
        super().__init__("ratesSection", self.plot)
        self.plot.taken.connect(self._take)

    def title(self) -> str:
        return self.tr("Learning rates")

    def explained(self) -> str:
        text = self.tr("The loss over all training rows after some steps more at each rate.")
        if self._measured is not None:
            test: RangeTest = self._measured.result
            text = self.tr(
                "The loss over all training rows after {steps} steps more at each rate, lowest at "
                "{best}. A click takes the rate.",
                "",
                test.made,
            ).format(steps=grouped(test.made), best=short(test.best, 2))
        return text

    def work(self) -> Work:
        return lambda trainer, stop: range_test(trainer, stop=stop)

    def draw(self, result: Any) -> str:
        test: RangeTest = result
        if not np.isfinite(test.losses).any():
            return self.tr("At no rate is the loss still finite.")
        ceiling = 4 * max(test.before, float(np.nanmin(test.losses)))
        losses = np.where(test.losses > ceiling, np.nan, test.losses)
        shown = np.append(losses[np.isfinite(losses)], test.before)
        low, high = np.log10(test.rates[[0, -1]]).tolist()
        x = Axis(self.tr("learning rate"), low, high, log=True)
        before = np.full(len(test.rates), test.before)
        curves = [
            Curve(self.tr("as it is now"), test.rates, before, _muted, (4.0, 2.0)),
            Curve(self.tr("after the steps"), test.rates, losses, _blue),
        ]
        marks = [Mark(test.rate, self.tr("set now: {rate}").format(rate=short(test.rate)))]
        self.plot.show_curves(x, axis(self.tr("loss"), [shown], margin=0.08), curves, marks)
        return ""

    def _take(self, rate: float) -> None:
        digits = 2
        power = math.floor(math.log10(rate)) if rate > 0 else 0
        self.rate_chosen.emit(round(rate, digits - 1 - power))


def _blue(theme: Theme) -> str:
    return theme.positive


def _muted(theme: Theme) -> str:
    return theme.muted
