"""Curves of the gradient's size in every layer, and of the update's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.records import Scalars
from gui.style.theme import Theme
from gui.text.parts import layer_name
from gui.training.messages import Frame
from gui.views.curves.chart import Chart, RunCurve
from gui.views.curves.line import Line, ink
from gui.views.curves.points import Points

MOST_WAITING = 200_000
"""Steps that are put by before they are taken in although nobody looks."""

UPDATE_DASH = (2, 3)
RUN_DASH = (6, 2)

PALETTES = {
    "light": ("#0077bb", "#cc3311", "#007d73", "#aa3377", "#8a6d00", "#44546a"),
    "dark": ("#66b3ff", "#ff8a70", "#33ccbb", "#ee99cc", "#ddcc55", "#b4c0d0"),
}
"""Colours that are told apart without red or green, too (after Tol's), at least 3 : 1 on their ground."""

DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (2, 2), (8, 3, 2, 3))
MARKERS = ("circle", "square", "triangle", "diamond")
"""With the colours they repeat after twelve layers; a layer is told from its neighbours by all three."""


class GradientsView(Chart):
    """The norm of each layer's gradient, its biases included, and of the update of all parameters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("gradientsView", parent)
        self._waiting: list[Frame] = []
        self._set_layers(0)
        self.set_log_y(True)
        self.set_theme(self._theme)

    @property
    def steps_kept(self) -> int:
        """Steps received since the last restart."""
        waiting = sum(len(frame.scalars) for frame in self._waiting)
        return waiting + (0 if self._restarts else len(self._own_lines[-1].series))

    @property
    def _restarts(self) -> bool:
        return bool(self._waiting) and self._waiting[0].restart

    def clear(self) -> None:
        """Forget all steps."""
        self._waiting = []
        self._forget(*self._own_lines)

    def show_frame(self, frame: Frame) -> None:
        """Take in the frame's scalars, and show the steps that are complete.

        As long as nobody looks they are only put by: taking them in costs the training a twentieth.
        """
        if frame.restart:
            self._waiting = []
        self._waiting.append(frame)
        if self.isVisible() or sum(len(each.scalars) for each in self._waiting) > MOST_WAITING:
            self._take_in_waiting()

    def show_passing(self, frame: Frame) -> None:
        """Go on with each frame, for it has the scalars since the last."""
        self.show_frame(frame)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self.clear()
        self.set_marks(())

    def showEvent(self, event: QShowEvent) -> None:
        self._take_in_waiting()
        super().showEvent(event)

    def _take_in_waiting(self) -> None:
        if self._waiting:
            scalars = Scalars.join([frame.scalars for frame in self._waiting])
            frame = replace(self._waiting[-1], scalars=scalars, restart=self._restarts)
            self._waiting = []
            self._take_in(frame)

    def _take_in(self, frame: Frame) -> None:
        new = frame.scalars
        if frame.restart:
            self.clear()
        if (layers := new.gradient_norms.shape[1]) != len(self._own_lines) - 1:
            self._set_layers(layers)
        series = (*new.gradient_norms.T, new.update_norm)
        for line, values in zip(self._own_lines, series, strict=True):
            line.series.extend(new.steps, values)
        self._set_window(frame, *self._own_lines)
        self._show_moment(frame, max(0, frame.step))

    def _run_curves(self, scalars: Scalars) -> list[RunCurve]:
        return [(scalars.steps, scalars.update_norm, RUN_DASH)]

    def _set_layers(self, layers: int) -> None:
        series = [Points(every_step=True) for _ in range(layers + 1)]
        lines = [
            Line(
                f"layer{layer}",
                series[layer],
                partial(_colour, layer),
                DASHES[(layer - 1) % len(DASHES)],
                MARKERS[(layer - 1) % len(MARKERS)],
            )
            for layer in range(1, layers + 1)
        ]
        self._set_lines([*lines, Line("update", series[0], ink, dash=UPDATE_DASH, band=False)])
        self._retranslate()

    def _retranslate(self) -> None:
        self._empty_text = self.tr("Press Step or Run: the gradient norms appear here")
        last = len(self._own_lines) - 1
        for number, line in enumerate(self._own_lines[:-1], start=1):
            line.name = layer_name(number, last)
            line.short_name = "" if number in (1, last) else str(number)
        self._own_lines[-1].name = self.tr("update")
        super()._retranslate()


def _colour(layer: int, theme: Theme) -> QColor:
    palette = PALETTES["dark" if theme.dark else "light"]
    return QColor(palette[(layer - 1) % len(palette)])
