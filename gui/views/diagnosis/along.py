"""The loss down the gradient and across the sharpest valley, with the way that training came."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.diagnose import Slice, slices
from gui.style.theme import Theme
from gui.text.numbers import short
from gui.training.aside import Work
from gui.views.diagnosis.plot import Curve, Mark, Plot, axis
from gui.views.diagnosis.section import Section


class AlongSection(Section):
    """Two plots side by side."""

    def __init__(self) -> None:
        self.plots = (Plot("gradientSlice"), Plot("sharpestSlice"))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for plot in self.plots:
            row.addWidget(plot)
        super().__init__("alongSection", both)

    def title(self) -> str:
        return self.tr("Loss along")

    def explained(self) -> str:
        return self.tr(
            "The loss over the training rows along two lines through the parameters, 0 being where they are. "
            "Dots: the last steps, which lie beside the line."
        )

    def work(self) -> Work:
        return lambda trainer, stop: slices(trainer, stop=stop)

    def draw(self, result: Any) -> str:
        found: tuple[Slice, ...] = result
        if len(found) < 2:
            return self.tr("The gradient over the rows is 0 or not finite: it gives no direction.")
        names = (self.tr("down the gradient"), self.tr("sharpest direction, curvature {value}"))
        for plot, cut, name in zip(self.plots, found, names, strict=True):
            losses = np.where(np.isfinite(cut.losses), cut.losses, np.nan)
            curves = [
                Curve(self.tr("loss"), cut.distances, losses, _blue),
                Curve(self.tr("last steps"), cut.path_distances, cut.path_losses, _text, dots=True),
            ]
            marks = [Mark(0.0, self.tr("now")), Mark(cut.next_distance, self.tr("next step"))]
            x = axis(name.format(value=short(cut.curvature)), [cut.distances])
            plot.show_curves(x, axis("", [losses, cut.path_losses], margin=0.06), curves, marks)
        return ""


def _blue(theme: Theme) -> str:
    return theme.positive


def _text(theme: Theme) -> str:
    return theme.text
