"""A chart of lines over the steps of training, which any number of steps can be taken in live."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QCoreApplication, QEvent, QLineF, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QHideEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QHBoxLayout,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from engine.arrays import AnyArray, FloatArray
from engine.records import Scalars
from engine.series import Series
from gui.style.fonts import px, small
from gui.style.theme import LIGHT, Theme, blend
from gui.text import numbers
from gui.text.plain import LONGEST_QUOTE, one_line, tooltip
from gui.training.messages import Frame, RunSeries
from gui.views.curves.legend import Legend
from gui.views.curves.line import Line, draw_line, draw_marker, pen_of, run_colour
from gui.views.curves.points import Curve, Points
from gui.views.curves.scale import LOG_LIMIT, around, decades, log_ticks, roomy, ticks


class Axis(NamedTuple):
    """Where two steps stand, in pixels."""

    left: float
    right: float
    low: float
    high: float


RunCurve = tuple[AnyArray, AnyArray, tuple[float, ...]]
"""Steps, values and dash of a line."""

LONGEST_WINDOW = 1_000
"""Steps that the smoothed line goes over, where an epoch has more."""

FUTURE = 0.6
"""How much of the background there is in the colour of a curve after the moment that is shown."""

EPOCH_SPACING = 6.0
"""Pixels between the ends of epochs from which on each is marked."""

MARKER_SPACING = 90.0
"""Pixels between two markers of a line that has them."""

MARK_SPACING = 8.0
"""Pixels between values from which on each is marked."""

_LONGEST_NAME = 140.0  # pixels of a run's name in the legend
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_REACH = 5.0  # pixels from the mouse to what it means
_WIDEST = "0.00000000"
_FAR = 20_000.0  # pixels; beyond, Qt's raster engine loses its way


@dataclass(eq=False)
class _Overlay:
    """Another run, which of the hues it has, and its lines; they share a key and a legend button."""

    run: RunSeries
    hue: int
    lines: list[Line] = field(default_factory=list)


class Chart(QWidget):
    """Lines over steps, with a legend, zoom, pan, a logarithmic scale and values under the mouse.

    The view follows the training until it is moved by hand, and again after `auto_range`. When a moment
    of the past is shown, a cursor stands there and what came later is paler.

    Parameters
    ----------
    name : str
        Its objectName; the plot's is the same with ``Plot`` behind.
    parent : QWidget, optional

    Signals
    -------
    seek_requested(int)
        The step that the cursor was dragged to, or that was pressed with Ctrl held.
    axis_changed()
        The plot, or the steps in sight, are elsewhere.
    """

    seek_requested = Signal(int)
    axis_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "chart")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = LIGHT
        self._own_lines: list[Line] = []
        self._overlays: dict[tuple[int, int], _Overlay] = {}
        self._until = 0
        self._furthest = 0
        self._past: int | None = None
        self._sought: int | None = None
        self._grip: float | None = None  # pixels from the mouse to the cursor it drags
        self._window = 1
        self._epoch_steps = 1
        self._epoch_ends = Series(1)
        self._marks: tuple[tuple[int, str], ...] = ()
        self._placed = QTimer(self)  # tells of the axis when the chart has found its place
        self._placed.setSingleShot(True)
        self._placed.timeout.connect(self.axis_changed)
        self._mouse: QPointF | None = None  # in the scene, over the curves
        self._log = False
        self._empty_text = ""
        self._font = small(self.font())

        self._legend = Legend(self, self._button)
        self._legend.toggled.connect(self._shown_changed)
        self._log_button = self._button("logScaleButton")
        self._log_button.toggled.connect(self.set_log_y)
        self._auto_button = self._button("autoRangeButton")
        self._auto_button.setChecked(True)
        self._auto_button.toggled.connect(self._auto_toggled)
        self._header = QHBoxLayout()
        self._header.setContentsMargins(0, 0, 0, 0)
        self._header.setSpacing(6)
        self._header.addWidget(self._legend.own, 1)
        self._header.addWidget(self._log_button)
        self._header.addWidget(self._auto_button)

        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setObjectName(f"{name}Plot")
        self._plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plot.hideButtons()
        item = self._plot.getPlotItem()
        item.ctrlMenu.setParent(self, Qt.WindowType.Popup)  # never shown, but made without an owner
        item.setContentsMargins(0, 4, 22, 0)
        self._x_axis, self._y_axis = item.getAxis("bottom"), item.getAxis("left")
        for axis in (self._x_axis, self._y_axis):
            axis.setPen(None)
            axis.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=6)
        self._x_axis.setStyle(hideOverlappingLabels=40)
        self._step_label = pg.LabelItem(justify="left")
        self._fit_axes()
        item.layout.addItem(self._step_label, 3, 0)
        self._y_ticks: list[tuple[float, str]] = []
        self._view = self._plot.getViewBox()
        self._view.setDefaultPadding(0)
        self._view.setLimits(minXRange=2)
        self._canvas = _Canvas(self._view, self._paint)
        self._foot = _Canvas(self._x_axis, self._paint_foot)
        self._view.sigRangeChanged.connect(self._range_changed)
        self._view.sigResized.connect(self._range_changed)
        self._view.sigRangeChangedManually.connect(self._moved_by_hand)
        self._plot.scene().sigMouseClicked.connect(self._mouse_clicked)
        self._plot.viewport().installEventFilter(self)
        self._plot.setCursor(Qt.CursorShape.CrossCursor)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(self._header)
        layout.addWidget(self._legend.runs)
        layout.addWidget(self._plot, 1)
        for key, slot in (("A", self.auto_range), ("L", self._log_button.toggle)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        self._fit()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that can be seen or switched on."""
        return tuple(self._lines)

    @property
    def cursor_step(self) -> int | None:
        """The step that is shown or sought, where more steps than that are known."""
        return self._past if self._sought is None else self._sought

    @property
    def empty_text(self) -> str:
        """What stands in the place of curves before the first step; empty afterwards."""
        return "" if self._until or self._overlays else self._empty_text

    @property
    def log_y(self) -> bool:
        """Whether the scale is logarithmic."""
        return self._log

    @property
    def follows(self) -> bool:
        """Whether the range follows the training."""
        return self._auto_button.isChecked()

    @property
    def view_range(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Steps and values in sight, the values as they are read off whatever the scale."""
        x, y = self._view.viewRange()
        low, high = (10.0 ** np.clip(y, -LOG_LIMIT, LOG_LIMIT)) if self._log else y
        return (float(x[0]), float(x[1])), (float(low), float(high))

    @property
    def axis(self) -> Axis:
        """The steps in sight, and where they stand on the screen."""
        area = self._view.mapRectToScene(self._view.rect())
        left = self._plot.viewport().mapToGlobal(self._plot.mapFromScene(area.topLeft())).x()
        low, high = self._view.viewRange()[0]
        return Axis(left, left + area.width(), float(low), float(high))

    @property
    def read_out(self) -> tuple[tuple[str, str], ...]:
        """What stands beside the mouse: name and value, the step first; empty when it is elsewhere."""
        return tuple((name, text) for _, name, text in self._rows())

    def set_overlays(self, runs: tuple[RunSeries, ...]) -> None:
        """Draw these other runs too, pale beside the one that is shown."""
        before = self._overlays
        taken = {before[run.key].hue for run in runs if run.key in before}
        free = (hue for hue in count() if hue not in taken)
        self._overlays = {run.key: before.get(run.key) or _Overlay(run, next(free)) for run in runs}
        for key, overlay in before.items():
            if key not in self._overlays:
                _clear(overlay.lines)
        for run in runs:
            overlay = self._overlays[run.key]
            old, overlay.run = overlay.run, run
            if old.scalars is not run.scalars or not overlay.lines:
                self._make_lines(overlay)
        self._lines_changed()

    def set_marks(self, marks: tuple[tuple[int, str], ...]) -> None:
        """Point out steps, each with what is to be said about it."""
        marks = tuple(sorted(marks))
        if marks != self._marks:
            self._marks = marks
            self._canvas.update()

    def set_log_y(self, log: bool) -> None:
        """Make the scale logarithmic, or linear again; the steps in sight stay."""
        if log == self._log:
            return
        self._log = log
        self._log_button.setChecked(log)
        self._fit(steps=self.follows)

    def auto_range(self) -> None:
        """Show all there is, and follow what comes."""
        self._auto_button.setChecked(True)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of `theme`."""
        self._theme = theme
        self._plot.setBackground(theme.surface)
        for axis in (self._x_axis, self._y_axis):
            axis.setTextPen(theme.muted)
        self._fit_axes()
        self._step_label.setText(self._step_label.text, color=theme.muted)
        self._draw_legend()
        self._canvas.update()
        self._foot.update()

    def _fit_axes(self) -> None:
        """Write the axes' numbers in the size of the text, and leave room for them."""
        self._font = small(self.font())
        metrics = QFontMetricsF(self._font)
        self._x_axis.setHeight(metrics.height() + px(4))
        self._y_axis.setWidth(metrics.horizontalAdvance("5.5·10⁻¹⁰") + px(8))
        for axis in (self._x_axis, self._y_axis):
            axis.setStyle(tickFont=self._font)
        self._step_label.setText(self._step_label.text, size=f"{self._font.pointSizeF()}pt")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._placed.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._placed.start()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read out what the mouse is over, and let it take the cursor along."""
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseMove:
                self._point_at(event.position())
            return self._seek(event)
        if isinstance(event, QHelpEvent):
            text = self._text_at(self._plot.mapToScene(event.pos()))
            QToolTip.showText(event.globalPos(), tooltip(text), self._plot.viewport())
            return True
        if event.type() == QEvent.Type.Leave:
            self._point_at(None)
        return super().eventFilter(watched, event)

    def _retranslate(self) -> None:
        """Set every text anew; the lines' names are the subclass's to set before."""
        self._step_label.setText(QCoreApplication.translate("Chart", "step"))
        self._log_button.setText(QCoreApplication.translate("Chart", "Log"))
        self._log_button.setToolTip(QCoreApplication.translate("Chart", "Logarithmic scale (L)"))
        self._auto_button.setText(QCoreApplication.translate("Chart", "Auto-range"))
        self._auto_button.setToolTip(
            QCoreApplication.translate("Chart", "Show every step and follow new ones (A, or double-click)")
        )
        for button in (self._log_button, self._auto_button):
            button.setAccessibleName(button.toolTip())
        self._draw_legend()
        self._canvas.update()
        self._foot.update()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def _lines(self) -> list[Line]:
        return [*self._own_lines, *(line for overlay in self._overlays.values() for line in overlay.lines)]

    def _set_lines(self, lines: list[Line]) -> None:
        """Draw these from now on, and of other runs what goes with them."""
        self._own_lines = lines
        for overlay in self._overlays.values():
            self._make_lines(overlay)
        self._lines_changed()

    def _run_curves(self, scalars: Scalars) -> list[RunCurve]:
        """Of another run: steps, values and dash of what is drawn beside the lines; one a step first."""
        raise NotImplementedError

    def _make_lines(self, overlay: _Overlay) -> None:
        scalars = overlay.run.scalars
        shown = all(line.shown for line in overlay.lines)
        _clear(overlay.lines)
        epochs = np.diff(scalars.evaluated_steps)
        window = min(int(np.median(epochs)), LONGEST_WINDOW) if len(epochs) else self._window
        overlay.lines = []
        for steps, values, dash in self._run_curves(scalars):
            every_step = not overlay.lines
            line = Line(
                "run{}-{}".format(*overlay.run.key),
                Points(every_step),
                partial(run_colour, overlay.hue),
                dash,
                window=window if every_step else 1,
                band=False,
                shown=shown,
                end=int(scalars.steps[-1]) if len(scalars) else 0,
            )
            line.series.extend(steps, values)
            overlay.lines.append(line)

    def _lines_changed(self) -> None:
        self._legend.set_lines(self._lines)
        self._legend.runs.setVisible(bool(self._overlays))
        self._draw_legend()
        self._grown()

    def _forget(self, *lines: Line) -> None:
        """Begin anew, with what is hidden still hidden; other runs stay."""
        _clear(lines)
        self._epoch_ends.clear()
        self._until = self._furthest = 0
        self._past = self._sought = self._grip = None
        self._draw_legend()
        self.auto_range()
        self._canvas.update()
        self._foot.update()

    def _show_moment(self, frame: Frame, until: int) -> None:
        """Show the steps up to `until`; in the past, all, and where in them the frame is.

        The lines have taken in the frame's scalars before.
        """
        before, seen = self.cursor_step, self._seen
        steps = self._own_lines[0].series
        known = steps.step_at(len(steps) - 1) if len(steps) else 0
        self._past = frame.step if frame.record.step < min(frame.furthest, known) else None
        self._until = min(until, known) if self._past is None else known
        self._furthest = frame.furthest
        self._epoch_steps = frame.epoch_steps
        if self._epoch_steps > 1:
            self._epoch_ends.append(frame.scalars.evaluated_steps[:, None])
        if self._grip is None:
            self._sought = None
        if self.cursor_step != before:  # for the axis is painted with it
            self._foot.update()
        if self._seen != seen or len(frame.scalars) or len(frame.scalars.evaluated_steps):
            self._grown()

    @property
    def _seen(self) -> tuple[object, ...]:
        """What beside the lines themselves is drawn of the moment."""
        return self.cursor_step, self._until, self._furthest, self._epoch_steps

    def _set_window(self, frame: Frame, *lines: Line) -> None:
        """Smooth these lines over an epoch."""
        self._window = min(frame.epoch_steps, LONGEST_WINDOW)
        if any(line.window != self._window for line in lines):
            for line in lines:
                line.window = self._window
            self._draw_legend()

    def _draw_legend(self) -> None:
        metrics = QFontMetricsF(self.font())
        for overlay in self._overlays.values():
            for line in overlay.lines:
                line.name = one_line(overlay.run.name, LONGEST_QUOTE)
                line.short_name = metrics.elidedText(line.name, Qt.TextElideMode.ElideMiddle, _LONGEST_NAME)
        self._legend.draw(self._theme)

    def _shown_changed(self) -> None:
        self._draw_legend()
        self._grown()

    def _grown(self) -> None:
        """Draw what the series have now."""
        self._legend.grow()
        if self.follows:
            self._fit()
        self._canvas.update()

    def _fit(self, steps: bool = True) -> None:
        """Show all there is, in ranges that grow by steps, so that a live curve does not tremble."""
        series = [line.series for line in self._lines if line.shown and len(line.series)]
        x, y = self._view.viewRange()
        if steps:
            last = roomy(max([10, *(s.step_at(len(s) - 1) for s in series)]))
            x = [-0.008 * last, 1.008 * last]
            self._view.setLimits(xMin=x[0], maxXRange=1e3 * last)
        if self._log:
            least = np.fmin.reduce([math.nan, *(s.least_positive for s in series)])
            most = np.fmax.reduce([math.nan, *(s.high for s in series)])
            low, high = decades(float(least), float(most))
        else:
            low, high = around(
                float(np.fmin.reduce([0.0, *(s.low for s in series)])),
                float(np.fmax.reduce([0.0, *(s.high for s in series)])),
            )
        margin = 0.04 * (high - low)
        y = [low - margin, high + margin]
        if [x, y] != self._view.viewRange():
            # The old limits go first: between ranges far apart they would leave nothing in between
            self._view.setLimits(minYRange=None, maxYRange=None)
            self._view.setRange(xRange=x, yRange=y, padding=0)
            self._view.setLimits(minYRange=1e-6 * (high - low), maxYRange=1e3 * (high - low))

    def _auto_toggled(self, follow: bool) -> None:
        if follow:
            self._fit()

    def _range_changed(self, *_: Any) -> None:
        self._foot.update()
        self.axis_changed.emit()
        area = self._view.rect()
        (left, right), (low, high) = self._view.viewRange()
        if not (right > left and high > low):
            return  # on the way from one range to a very different one
        steps = ticks(left, right, area.width() / 110, least=1.0)
        values = log_ticks if self._log else ticks
        self._y_ticks = values(low, high, area.height() / 28)
        self._x_axis.setTicks([[(step, numbers.grouped(round(step))) for step, _ in steps]])
        self._y_axis.setTicks([self._y_ticks])
        self._canvas.update()

    def _moved_by_hand(self, _: Any) -> None:
        self._auto_button.setChecked(False)

    def _point_at(self, place: QPointF | None) -> None:
        scene = None if place is None else self._plot.mapToScene(place.toPoint())
        self._mouse = scene if scene and self._view.sceneBoundingRect().contains(scene) else None
        self._canvas.update()

    def _seek(self, event: QMouseEvent) -> bool:
        """Let the mouse take the cursor along; whether the event is used up by that."""
        place = self._plot.mapToScene(event.position().toPoint())
        left_held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        controlled = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not event.buttons():
            taken = self._taken_at(place, controlled) is not None
            self._plot.setCursor(Qt.CursorShape.SizeHorCursor if taken else Qt.CursorShape.CrossCursor)
        if event.type() in _PRESSES and event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._taken_at(place, controlled)
            self._sought = None if controlled else self.cursor_step
        if self._grip is None:
            return False
        if not left_held:
            self._grip = None
            return event.type() == QEvent.Type.MouseButtonRelease
        x = self._view.mapFromScene(place).x() + self._grip
        left, right = self._view.viewRange()[0]
        step = round(left + (right - left) * x / self._view.rect().width())
        step = min(max(step, 0), self._furthest)
        if step != self._sought:
            self._sought = step
            self._canvas.update()
            self._foot.update()
            self.seek_requested.emit(step)
        return True

    def _taken_at(self, place: QPointF, controlled: bool) -> float | None:
        """How far the cursor is from the mouse if that were to take it along now, in pixels."""
        inside = self._view.sceneBoundingRect().contains(place)
        if inside and controlled and self._furthest:
            return 0.0
        if self.cursor_step is not None:
            foot = self._x_axis.mapFromScene(place)
            away = float(self._to_x(self.cursor_step, self._view.rect())) - self._view.mapFromScene(place).x()
            if (inside and abs(away) <= _REACH) or self._foot_box().contains(foot):
                return float(away)
        return None

    def _text_at(self, place: QPointF) -> str:
        """What is to be said about the marks there, or about the cursor."""
        at = self._view.mapFromScene(place)
        texts = []
        if 0 <= at.y() <= self._view.rect().height():
            texts = [
                text
                for step, text in self._marks
                if abs(float(self._to_x(step, self._view.rect())) - at.x()) <= _REACH
            ]
        if not texts and self._taken_at(place, controlled=False) is not None:
            texts = [
                QCoreApplication.translate("Chart", "Drag to another step, or press there with Ctrl held")
            ]
        return "\n".join(texts[:5]) + ("\n…" if len(texts) > 5 else "")

    def _mouse_clicked(self, event: Any) -> None:
        if event.double():
            self.auto_range()

    def _hovered_step(self) -> int | None:
        last = max([0, *(self._end(line) for line in self._lines if line.shown)])
        if self._mouse is None or not last:
            return None
        return int(min(max(round(self._view.mapSceneToView(self._mouse).x()), 1), last))

    def _end(self, line: Line) -> int:
        """The last step of a line that may be shown."""
        return self._until if line.end is None else line.end

    def _rows(self) -> list[tuple[QColor | None, str, str]]:
        """The read-out: colour, name and value; those of another run, training / validation, in one row."""
        step = self._hovered_step()
        if step is None:
            return []
        rows: list[tuple[QColor | None, str, str]] = [
            (None, QCoreApplication.translate("Chart", "step"), numbers.grouped(step))
        ]
        previous = ""
        for line, index in self._values_at(step):
            text = numbers.short(line.series.mean_at(index, line.window))
            name, made = line.said, line.series.step_at(index)
            if made != step:  # what is not measured at every step is that of an earlier one
                name = QCoreApplication.translate("Chart", "{name}, step {step}")
                name = name.format(name=line.said, step=numbers.grouped(made))
            if line.key == previous:
                text, name = f"{rows.pop()[2]} / {text}", line.name
            rows.append((line.colour(self._theme), name, text))
            previous = line.key
            if line.window > 1 and line.measured_name:
                rows.append((None, line.measured_name, numbers.short(line.series.value_at(index))))
        return rows

    def _values_at(self, step: int) -> list[tuple[Line, int]]:
        """The lines that can be seen at a step, each with the place of its last value there."""
        found = [(line, line.series.count_until(step) - 1) for line in self._lines if line.shown]
        return [(line, index) for line, index in found if index >= 0 and step <= self._end(line)]

    # What follows paints, in pixels of the view box.

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._font)
        self._paint_grid(painter, area)
        if self.empty_text:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)
            return
        self._paint_epochs(painter, area)
        (left, right), _ = self._view.viewRange()
        pixels = max(1, int(area.width() * painter.device().devicePixelRatio()))
        drawn = []
        for line in self._lines:
            if line.shown and len(line.series):
                curve = line.series.curve(left, right, self._end(line), pixels, line.window)
                x = self._to_x(curve.step, area)
                drawn += [(line, colour, curve.part(p), x[p]) for colour, p in self._times(line, curve)]
        for line, colour, curve, x in drawn:
            if line.band:
                self._paint_measured(painter, area, line, colour, curve, x)
        for line, colour, curve, x in reversed(drawn):
            self._paint_mean(painter, area, line, colour, curve, x)
        self._paint_marks(painter, area)
        self._paint_cursor(painter, area)
        self._paint_hover(painter, area)

    def _times(self, line: Line, curve: Curve) -> list[tuple[QColor, slice]]:
        """What of a curve is to be painted in which colour, in this order: the future and the past."""
        colour = line.colour(self._theme)
        length = now = len(curve.step)
        if self.cursor_step is not None and line.end is None:
            now = int(np.searchsorted(curve.step, self.cursor_step, side="right"))
        future = blend(colour, self._theme.surface, FUTURE)
        parts = [(future, slice(max(0, now - 1), length))] if now < length else []
        return [*parts, (colour, slice(0, now))] if now else parts

    def _to_x(self, steps: Any, area: QRectF) -> Any:
        left, right = self._view.viewRange()[0]
        return (steps - left) * (area.width() / (right - left))

    def _to_y(self, values: Any, area: QRectF) -> Any:
        low, high = self._view.viewRange()[1]
        if self._log:
            # What is 0 or less lies below any decade: its line leaves through the bottom.
            values = np.log10(np.where(values <= 0, 10.0**-LOG_LIMIT, values))
        with np.errstate(over="ignore"):
            return np.clip((high - values) * (area.height() / (high - low)), -_FAR, _FAR)

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(pen_of(QColor(self._theme.grid)))
        low, high = self._view.viewRange()[1]
        for tick, _ in self._y_ticks:
            y = round(area.height() * (high - tick) / (high - low)) - 0.5
            painter.drawLine(QPointF(0, y), QPointF(area.width(), y))

    def _paint_epochs(self, painter: QPainter, area: QRectF) -> None:
        """Faint ticks at the foot, where an epoch ends."""
        left, right = self._view.viewRange()[0]
        most = int(area.width() / EPOCH_SPACING)
        ends = self._epoch_ends
        if len(ends):
            first = bisect_left(range(len(ends)), max(left, 1), key=self._epoch_end)
            last = bisect_right(range(len(ends)), right, key=self._epoch_end)
            steps = ends.column(0, first, last) if first <= last <= first + most else np.empty(0)
        else:
            every = self._epoch_steps
            first, last = max(1, math.ceil(left / every)), math.floor(min(right, self._until) / every)
            steps = every * np.arange(first, min(last, first + most) + 1)
        x = np.round(self._to_x(steps, area)) + 0.5
        if self._epoch_steps > 1 and (len(x) == 1 or (np.diff(x) >= EPOCH_SPACING).all()):
            painter.setPen(pen_of(blend(QColor(self._theme.muted), self._theme.surface, 0.4)))
            foot = area.height()
            painter.drawLines([QLineF(place, foot - 4, place, foot) for place in x])

    def _epoch_end(self, number: int) -> float:
        return float(self._epoch_ends.column(0, number, number + 1)[0])

    def _paint_marks(self, painter: QPainter, area: QRectF) -> None:
        """Dotted lines that run on to the marks of the timeline."""
        painter.setPen(pen_of(QColor(self._theme.text), (2, 3)))
        steps = np.array([step for step, _ in self._marks], dtype=np.float64)
        places = np.unique(np.round(self._to_x(steps, area))) + 0.5
        inside = places[(places >= 0) & (places <= area.width())]
        painter.drawLines([QLineF(x, 0, x, area.height()) for x in inside.tolist()])

    def _paint_cursor(self, painter: QPainter, area: QRectF) -> None:
        if self.cursor_step is not None:
            x = round(float(self._to_x(self.cursor_step, area)))
            painter.fillRect(QRectF(x - 1, 0, 2, area.height()), QColor(self._theme.text))

    def _paint_foot(self, painter: QPainter, area: QRectF) -> None:
        """The step that the cursor is at, over the axis."""
        box = self._foot_box()
        if self.cursor_step is None or box.isEmpty():
            return
        painter.setFont(self._font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.text))
        painter.drawRoundedRect(box, 4, 4)
        x = round(float(self._to_x(self.cursor_step, area)))
        painter.drawRect(QRectF(x - 1, 0, 2, box.center().y()))
        painter.setPen(QColor(self._theme.surface))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, numbers.grouped(self.cursor_step))

    def _foot_box(self) -> QRectF:
        """Where in the axis the step of the cursor stands; empty if that is out of sight."""
        area = self._x_axis.rect()
        if self.cursor_step is None:
            return QRectF()
        x = float(self._to_x(self.cursor_step, area))
        metrics = QFontMetricsF(self._font)
        width = metrics.horizontalAdvance(numbers.grouped(self.cursor_step)) + 12
        if not -1 <= x <= area.width() + 1:
            return QRectF()
        return QRectF(min(max(x - width / 2, 0.0), area.width() - width), 3, width, metrics.height() + 1)

    def _paint_measured(
        self, painter: QPainter, area: QRectF, line: Line, colour: QColor, curve: Curve, x: FloatArray
    ) -> None:
        pale = blend(colour, self._theme.surface, 0.75)
        if curve.span == 1:
            if line.window > 1:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(pen_of(pale))
                draw_line(painter, x, self._to_y(curve.low, area))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            return
        # Each column reaches to the one before it, as a line through all the values would.
        low, high = curve.low.copy(), curve.high.copy()
        low[1:] = np.fmin(low[1:], np.where(np.isnan(low[1:]), np.nan, curve.high[:-1]))
        high[1:] = np.fmax(high[1:], np.where(np.isnan(high[1:]), np.nan, curve.low[:-1]))
        kept = ~np.isnan(low)
        top, bottom = self._to_y(high[kept], area), self._to_y(low[kept], area)
        width = float(x[1] - x[0]) if len(x) > 1 else 1.0
        columns = PrimitiveArray(QRectF, 4)
        columns.resize(len(top))
        columns.ndarray()[:] = np.stack(
            [x[kept] - width / 2, top - 0.5, np.full_like(top, width), bottom - top + 1.0], axis=1
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pale)
        painter.drawRects(*columns.drawargs())

    def _paint_mean(
        self, painter: QPainter, area: QRectF, line: Line, colour: QColor, curve: Curve, x: FloatArray
    ) -> None:
        y = self._to_y(curve.mean, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Qt strokes a line of one device pixel ten times as fast as a wider one: some make a wide one.
        ratio = painter.device().devicePixelRatio()
        painter.setPen(pen_of(colour, tuple(ratio * length for length in line.dash)))
        for shift in np.arange(0.0, 1.1 if line.end is None else 0.6, 0.6 / ratio):
            draw_line(painter, x, y + shift)
        if line.band and curve.span == 1 and (len(x) - 1) * MARK_SPACING <= x[-1] - x[0]:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            measured = self._to_y(curve.low, area)
            for px, py in zip(x, measured, strict=True):
                if not math.isnan(py):
                    painter.drawEllipse(QPointF(px, py), 2.2, 2.2)
        if line.marker:
            painter.setPen(pen_of(QColor(self._theme.surface)))
            painter.setBrush(colour)
            for px, py in self._marker_places(x, y):
                draw_marker(painter, line.marker, QPointF(px, py))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _marker_places(self, x: FloatArray, y: FloatArray) -> list[tuple[float, float]]:
        """A place of a line in every stretch of some pixels, the same ones while it grows."""
        known = ~np.isnan(y)
        x, y = x[known], y[known]
        _, first = np.unique(np.floor(x / MARKER_SPACING), return_index=True)
        return list(zip(x[first].tolist(), y[first].tolist(), strict=True))

    def _paint_hover(self, painter: QPainter, area: QRectF) -> None:
        step = self._hovered_step()
        if step is None:
            return
        theme = self._theme
        x = float(self._to_x(step, area))
        painter.setPen(pen_of(QColor(theme.muted)))
        painter.drawLine(QPointF(x, 0), QPointF(x, area.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line, index in self._values_at(step):
            mean = line.series.mean_at(index, line.window)
            if math.isfinite(mean):
                place = float(self._to_x(line.series.step_at(index), area))
                painter.setPen(pen_of(QColor(theme.surface), width=1.5))
                painter.setBrush(line.colour(theme))
                painter.drawEllipse(QPointF(place, float(self._to_y(np.float64(mean), area))), 4, 4)
        rows = self._rows()
        metrics = QFontMetricsF(self._font)
        middle = Qt.TextElideMode.ElideMiddle
        rows = [
            (colour, metrics.elidedText(name, middle, _LONGEST_NAME), text) for colour, name, text in rows
        ]
        height = metrics.height() + 2
        names = max(metrics.horizontalAdvance(name) for _, name, _ in rows)
        values = max(metrics.horizontalAdvance(text) for text in (_WIDEST, *(text for _, _, text in rows)))
        # In as many columns as it takes for them not to reach beyond the plot.
        together = max(1, int((area.height() - 18) / height))
        columns = -(-len(rows) // together)
        together = -(-len(rows) // columns)
        width = names + values + 38
        box = QRectF(x + 12, 6, width * columns, height * together + 10)
        if box.right() > area.right() - 2:
            box.moveRight(x - 12)
        box.moveLeft(max(2.0, box.left()))
        painter.setPen(pen_of(QColor(theme.border)))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 5, 5)
        for place, (colour, name, text) in enumerate(rows):
            column, line_number = divmod(place, together)
            left, top = box.left() + 8 + column * width, box.top() + 5 + line_number * height
            row = QRectF(left + 12, top, width - 28, height)
            if colour is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawEllipse(QPointF(left + 3, row.center().y()), 3, 3)
            painter.setPen(QColor(theme.muted))
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QColor(theme.text))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


class _Canvas(QGraphicsObject):
    """The area of a part of the plot, painted in its own pixels by `paint_area`.

    Cosmetic pens under the view box's uneven scale are a hundred times slower.
    """

    def __init__(self, part: pg.GraphicsWidget, paint_area: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__(part)
        self._part = part
        self._paint_area = paint_area
        self._area = QRectF(part.rect())
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        part.geometryChanged.connect(self._resized)

    def boundingRect(self) -> QRectF:
        """The whole of the part."""
        return self._area

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Paint the area."""
        self._paint_area(painter, self._area)

    def _resized(self) -> None:
        self.prepareGeometryChange()
        if isValid(self._part):  # a chart that is taken away may still be laid out
            self._area = QRectF(self._part.rect())


def _clear(lines: Iterable[Line]) -> None:
    for line in lines:
        line.series.clear()
