"""Curves over the steps of training: the loss and the metric, every step of them, live."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QGraphicsItem,
    QGraphicsObject,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.records import PhaseKind
from gui import numbers
from gui.messages import Frame
from gui.theme import LIGHT, Theme
from gui.views.pyramid import Curve, Series

FloatArray = npt.NDArray[np.float64]

LONGEST_WINDOW = 1_000
"""Steps that the smoothed line goes over, where an epoch has more."""

MARK_SPACING = 8.0
"""Pixels between values from which on each is marked."""

_SWATCH = QSize(18, 12)
_WIDEST = "0.00000000"
_LOG_LIMIT = 300.0
_FAR = 20_000.0  # pixels; beyond, Qt's raster engine loses its way


@dataclass(eq=False)
class Line:
    """One curve of a chart: a pale band from least to greatest, and the mean over it.

    Attributes
    ----------
    key : str
        Names its legend button: ``legend`` and the key.
    series : Series
    colour : function of the theme
    dash : tuple of float
        Pattern in pixels; empty for a full line.
    window : int
        Values the mean goes over.
    band : bool
        Whether what was measured is drawn, and not its mean alone.
    shown : bool
    name, measured_name : str
        What the line is called; what one value is called where the line is a mean of several, or
        nothing, when it is not to be read out.
    short_name : str
        What stands in the legend, if not the name.
    """

    key: str
    series: Series
    colour: Callable[[Theme], QColor]
    dash: tuple[float, ...] = ()
    window: int = 1
    band: bool = True
    shown: bool = True
    name: str = ""
    measured_name: str = ""
    short_name: str = ""


class Chart(QWidget):
    """Lines over steps, with a legend, zoom, pan, a logarithmic scale and values under the mouse.

    The view follows the training until it is moved by hand, and again after `auto_range`.

    Parameters
    ----------
    name : str
        Its objectName; the plot's is the same with ``Plot`` behind.
    parent : QWidget, optional
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = LIGHT
        self._lines: list[Line] = []
        self._until = 0
        self._mouse: QPointF | None = None  # in the scene, over the curves
        self._log = False
        self._empty_text = ""
        self._figures = QFont(self.font())
        self._figures.setPointSizeF(max(7.0, self.font().pointSizeF() - 1))
        self._figures.setFeature(QFont.Tag("tnum"), 1)

        self._legend: dict[str, QToolButton] = {}
        # A long legend is cut off; it must not keep the window from getting narrower.
        legend = QWidget(self)
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._legend_row = QHBoxLayout(legend)
        self._legend_row.setContentsMargins(0, 0, 0, 0)
        self._legend_row.setSpacing(0)
        self._legend_row.addStretch(1)
        self._log_button = self._button("logScaleButton")
        self._log_button.toggled.connect(self.set_log_y)
        self._auto_button = self._button("autoRangeButton")
        self._auto_button.setChecked(True)
        self._auto_button.toggled.connect(self._auto_toggled)
        self._header = QHBoxLayout()
        self._header.setContentsMargins(0, 0, 0, 0)
        self._header.setSpacing(6)
        self._header.addWidget(legend, 1)
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
        self._x_axis.setHeight(QFontMetricsF(self._figures).height() + 4)
        self._y_axis.setWidth(QFontMetricsF(self._figures).horizontalAdvance("5.5·10⁻¹⁰") + 8)
        for axis in (self._x_axis, self._y_axis):
            axis.setPen(None)
            axis.setStyle(tickFont=self._figures, tickLength=0, tickAlpha=0, tickTextOffset=6)
        self._x_axis.setStyle(hideOverlappingLabels=40)
        self._step_label = pg.LabelItem(justify="left", size=f"{self._figures.pointSizeF()}pt")
        item.layout.addItem(self._step_label, 3, 0)
        self._y_ticks: list[tuple[float, str]] = []
        self._view = self._plot.getViewBox()
        self._view.setDefaultPadding(0)
        self._view.setLimits(minXRange=2)
        self._canvas = _Canvas(self._view, self._paint)
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
    def empty_text(self) -> str:
        """What stands in the place of curves before the first step; empty afterwards."""
        return "" if self._until else self._empty_text

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
        low, high = (10.0 ** np.clip(y, -_LOG_LIMIT, _LOG_LIMIT)) if self._log else y
        return (float(x[0]), float(x[1])), (float(low), float(high))

    @property
    def read_out(self) -> tuple[tuple[str, str], ...]:
        """What stands beside the mouse: name and value, the step first; empty when it is elsewhere."""
        step = self._hovered_step()
        if step is None:
            return ()
        rows = [(QCoreApplication.translate("Chart", "step"), numbers.grouped(step))]
        for line in self._lines:
            index = line.series.count_until(step) - 1
            if line.shown and index >= 0:
                rows.append((line.name, numbers.short(line.series.mean_at(index, line.window))))
                if line.window > 1 and line.measured_name:
                    rows.append((line.measured_name, numbers.short(line.series.value_at(index))))
        return tuple(rows)

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
        self._step_label.setText(self._step_label.text, color=theme.muted)
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {theme.surface}; }}"
            f"QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 2px 3px;"
            f" color: {theme.muted}; background: transparent; }}"
            f"QToolButton#logScaleButton, QToolButton#autoRangeButton, QToolButton[choice=true]"
            f" {{ border-color: {theme.border}; padding: 2px 8px; }}"
            f"QToolButton:hover {{ background: {theme.canvas}; }}"
            f"QToolButton:checked {{ color: {theme.text}; }}"
            f"QToolButton:focus {{ border-color: {theme.selection}; }}"
            f"QToolButton#logScaleButton:checked, QToolButton#autoRangeButton:checked,"
            f" QToolButton[choice=true]:checked {{ background: {theme.positive_fill}; }}"
        )
        self._draw_legend()
        self._canvas.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read out what the mouse is over."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._point_at(event.position())
        elif event.type() == QEvent.Type.Leave:
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

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _set_lines(self, lines: list[Line]) -> None:
        """Draw these from now on."""
        for button in self._legend.values():
            self._legend_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._lines = lines
        self._legend = {}
        for line in lines:
            button = self._button(f"legend{line.key.capitalize()}")
            button.setIconSize(_SWATCH)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.setChecked(line.shown)
            button.toggled.connect(self._legend_toggled)
            self._legend_row.insertWidget(self._legend_row.count() - 1, button)
            self._legend[line.key] = button
        self._draw_legend()
        self._grown()

    def _forget(self, *lines: Line) -> None:
        """Begin anew, with what is hidden still hidden."""
        for line in lines:
            line.series.clear()
        self._until = 0
        self._draw_legend()
        self.auto_range()
        self._canvas.update()

    def _set_window(self, lines: list[Line], window: int) -> None:
        if any(line.window != window for line in lines):
            for line in lines:
                line.window = window
            self._draw_legend()

    def _draw_legend(self) -> None:
        for line in self._lines:
            button = self._legend[line.key]
            button.setText(line.short_name or line.name)
            button.setAccessibleName(line.name)
            button.setToolTip(_legend_tip(line))
            button.setVisible(bool(len(line.series)))
            button.setIcon(self._swatch(line))

    def _swatch(self, line: Line) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(_SWATCH * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        colour = line.colour(self._theme) if line.shown else QColor(self._theme.border)
        if line.window > 1 and line.band:
            painter.fillRect(QRectF(0, 2, 18, 8), _blend(colour, QColor(self._theme.surface), 0.75))
        painter.setPen(_pen(colour, line.dash, 2.0))
        painter.drawLine(QPointF(0, 6), QPointF(18, 6))
        painter.end()
        return QIcon(pixmap)

    def _legend_toggled(self, _: bool) -> None:
        for line in self._lines:
            line.shown = self._legend[line.key].isChecked()
        self._draw_legend()
        self._grown()

    def _grown(self) -> None:
        """Draw what the series have now."""
        for line in self._lines:
            button = self._legend[line.key]
            if button.isHidden() and len(line.series):
                button.show()
        if self.follows:
            self._fit()
        self._canvas.update()

    def _fit(self, steps: bool = True) -> None:
        """Show all there is, in ranges that grow by steps, so that a live curve does not tremble."""
        series = [line.series for line in self._lines if line.shown and len(line.series)]
        x, y = self._view.viewRange()
        if steps:
            last = _roomy(max([10, *(s.step_at(len(s) - 1) for s in series)]))
            x = [-0.008 * last, 1.008 * last]
            self._view.setLimits(xMin=x[0], maxXRange=1e3 * last)
        if self._log:
            least = np.fmin.reduce([math.nan, *(s.least_positive for s in series)])
            most = np.fmax.reduce([math.nan, *(s.high for s in series)])
            low, high = _decades(float(least), float(most))
        else:
            low, high = _around(
                float(np.fmin.reduce([0.0, *(s.low for s in series)])),
                float(np.fmax.reduce([0.0, *(s.high for s in series)])),
            )
        margin = 0.04 * (high - low)
        y = [low - margin, high + margin]
        if [x, y] != self._view.viewRange():
            self._view.setLimits(minYRange=1e-6 * (high - low), maxYRange=1e3 * (high - low))
            self._view.setRange(xRange=x, yRange=y, padding=0)

    def _auto_toggled(self, follow: bool) -> None:
        if follow:
            self._fit()

    def _range_changed(self, *_: Any) -> None:
        area = self._view.rect()
        (left, right), (low, high) = self._view.viewRange()
        steps = _ticks(left, right, area.width() / 110, least=1.0)
        values = _log_ticks if self._log else _ticks
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

    def _mouse_clicked(self, event: Any) -> None:
        if event.double():
            self.auto_range()

    def _hovered_step(self) -> int | None:
        if self._mouse is None or not self._until:
            return None
        return int(min(max(round(self._view.mapSceneToView(self._mouse).x()), 1), self._until))

    # What follows paints, in pixels of the view box.

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(self._figures)
        self._paint_grid(painter, area)
        if self.empty_text:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty_text)
            return
        (left, right), _ = self._view.viewRange()
        pixels = max(1, int(area.width() * painter.device().devicePixelRatio()))
        drawn = []
        for line in self._lines:
            if line.shown and len(line.series):
                curve = line.series.curve(left, right, self._until, pixels, line.window)
                if len(curve.step):
                    drawn.append((line, curve, self._to_x(curve.step, area)))
        for line, curve, x in drawn:
            if line.band:
                self._paint_measured(painter, area, line, curve, x)
        for line, curve, x in reversed(drawn):
            self._paint_mean(painter, area, line, curve, x)
        self._paint_hover(painter, area)

    def _to_x(self, steps: Any, area: QRectF) -> Any:
        left, right = self._view.viewRange()[0]
        return (steps - left) * (area.width() / (right - left))

    def _to_y(self, values: Any, area: QRectF) -> Any:
        low, high = self._view.viewRange()[1]
        if self._log:
            # What is 0 or less lies below any decade: its line leaves through the bottom.
            values = np.log10(np.where(values <= 0, 10.0**-_LOG_LIMIT, values))
        with np.errstate(over="ignore"):
            return np.clip((high - values) * (area.height() / (high - low)), -_FAR, _FAR)

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(_pen(QColor(self._theme.grid)))
        low, high = self._view.viewRange()[1]
        for tick, _ in self._y_ticks:
            y = round(area.height() * (high - tick) / (high - low)) - 0.5
            painter.drawLine(QPointF(0, y), QPointF(area.width(), y))

    def _paint_measured(
        self, painter: QPainter, area: QRectF, line: Line, curve: Curve, x: FloatArray
    ) -> None:
        pale = _blend(line.colour(self._theme), QColor(self._theme.surface), 0.75)
        if curve.span == 1:
            if line.window > 1:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(_pen(pale))
                _draw_line(painter, x, self._to_y(curve.low, area))
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

    def _paint_mean(self, painter: QPainter, area: QRectF, line: Line, curve: Curve, x: FloatArray) -> None:
        colour = line.colour(self._theme)
        y = self._to_y(curve.mean, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Qt strokes a line of one device pixel ten times as fast as a wider one: some make a wide one.
        ratio = painter.device().devicePixelRatio()
        painter.setPen(_pen(colour, tuple(ratio * length for length in line.dash)))
        for shift in np.arange(0.0, 1.1, 0.6 / ratio):
            _draw_line(painter, x, y + shift)
        if line.band and curve.span == 1 and (len(x) - 1) * MARK_SPACING <= x[-1] - x[0]:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            measured = self._to_y(curve.low, area)
            for px, py in zip(x, measured, strict=True):
                if not math.isnan(py):
                    painter.drawEllipse(QPointF(px, py), 2.2, 2.2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_hover(self, painter: QPainter, area: QRectF) -> None:
        step = self._hovered_step()
        if step is None:
            return
        theme = self._theme
        x = float(self._to_x(step, area))
        painter.setPen(_pen(QColor(theme.muted)))
        painter.drawLine(QPointF(x, 0), QPointF(x, area.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._lines:
            index = line.series.count_until(step) - 1
            if line.shown and index >= 0:
                mean = line.series.mean_at(index, line.window)
                if math.isfinite(mean):
                    place = float(self._to_x(line.series.step_at(index), area))
                    painter.setPen(_pen(QColor(theme.surface), width=1.5))
                    painter.setBrush(line.colour(theme))
                    painter.drawEllipse(QPointF(place, float(self._to_y(np.float64(mean), area))), 4, 4)
        rows = self.read_out
        metrics = QFontMetricsF(self._figures)
        height = metrics.height() + 2
        names = max(metrics.horizontalAdvance(name) for name, _ in rows)
        values = max(metrics.horizontalAdvance(text) for text in (_WIDEST, *(text for _, text in rows)))
        box = QRectF(x + 12, 6, names + values + 26, height * len(rows) + 10)
        if box.right() > area.right() - 2:
            box.moveRight(x - 12)
        box.moveLeft(max(2.0, box.left()))
        painter.setPen(_pen(QColor(theme.border)))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        row = QRectF(box.left() + 8, box.top() + 5, box.width() - 16, height)
        for name, text in rows:
            painter.setPen(QColor(theme.muted))
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QColor(theme.text))
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            row.translate(0, height)


class CurvesView(Chart):
    """The loss of training and validation, or their metric."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("curvesView", parent)
        self._loss_lines = [
            Line("training", Series(every_step=True), _blue),
            Line("validation", Series(every_step=False), _orange, dash=(5, 3)),
            Line("objective", Series(every_step=True), ink, dash=(2, 3), band=False),
        ]
        self._metric_lines = [
            Line("training", Series(every_step=True), _blue),
            Line("validation", Series(every_step=False), _orange, dash=(5, 3)),
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
        self._choose()
        self.set_theme(self._theme)

    @property
    def training(self) -> Series:
        """The loss of each step's mini-batch, as it was measured."""
        return self._loss_lines[0].series

    @property
    def steps_kept(self) -> int:
        """Steps received since the last restart."""
        return len(self.training)

    def clear(self) -> None:
        """Forget all steps."""
        self._forget(*self._loss_lines, *self._metric_lines)

    def show_frame(self, frame: Frame) -> None:
        """Take in the frame's scalars, and show the steps whose loss it reveals."""
        if frame.restart:
            self.clear()
        if (classifies := frame.dataset.kind != "regression") != self._classifies:
            self._classifies = classifies
            self._retranslate()
        new = frame.scalars
        training, validation, objective = (line.series for line in self._loss_lines)
        metric, validation_metric = (line.series for line in self._metric_lines)
        training.extend(new.steps, new.loss)
        metric.extend(new.steps, new.metric)
        validation.extend(new.evaluated_steps, new.validation_loss)
        validation_metric.extend(new.evaluated_steps, new.validation_metric)
        if len(objective) or new.penalty.any():
            objective.extend(new.steps, new.loss + new.penalty)
        self._set_window(
            [self._loss_lines[0], self._loss_lines[2], self._metric_lines[0]], epoch_steps(frame)
        )
        self._until = _revealed(frame)
        self._grown()

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
        self._metric_button.setToolTip(accuracy if self._classifies else explained)
        for button in (self._loss_button, self._metric_button):
            button.setAccessibleName(button.toolTip())
        for line in (self._loss_lines[0], self._metric_lines[0]):
            line.name = self.tr("training")
            line.measured_name = self.tr("mini-batch")
        for line in (self._loss_lines[1], self._metric_lines[1]):
            line.name = self.tr("validation")
        self._loss_lines[2].name = self.tr("loss + penalty")
        super()._retranslate()


class _Canvas(QGraphicsObject):
    """The area of the curves, painted in its own pixels by `paint_area`.

    Cosmetic pens under the view box's uneven scale are a hundred times slower.
    """

    def __init__(self, view: pg.ViewBox, paint_area: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__(view)
        self._view = view
        self._paint_area = paint_area
        self._area = QRectF(view.rect())
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        view.sigResized.connect(self._resized)

    def boundingRect(self) -> QRectF:
        """The whole of the view box."""
        return self._area

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Paint the area."""
        self._paint_area(painter, self._area)

    def _resized(self, _: Any) -> None:
        self.prepareGeometryChange()
        self._area = QRectF(self._view.rect())


def _legend_tip(line: Line) -> str:
    if line.window == 1 or not line.band:
        return QCoreApplication.translate("Chart", "Click to hide or show")
    return QCoreApplication.translate(
        "Chart", "The mean over {count} steps; what each step measured is pale. Click to hide or show"
    ).format(count=numbers.grouped(line.window))


def ink(theme: Theme) -> QColor:
    """The colour of a line that is no layer's and no data set's."""
    return QColor(theme.text)


def _blue(theme: Theme) -> QColor:
    return QColor(theme.positive)


def _orange(theme: Theme) -> QColor:
    return QColor(theme.negative)


def _revealed(frame: Frame) -> int:
    """The last step whose loss the frame shows: it is known from the phase of the loss on."""
    phase = frame.phase
    told = (PhaseKind.LOSS, PhaseKind.BACKWARD, PhaseKind.UPDATE)
    if phase is None or (phase.sample is None and phase.kind in told):
        return frame.record.step
    return max(0, frame.record.step - 1)


def epoch_steps(frame: Frame) -> int:
    """Steps of an epoch, about, at most `LONGEST_WINDOW`: a mean over them is of all training samples."""
    batch = frame.experiment.batch_size
    rows = round(len(frame.dataset.inputs) * (1.0 - frame.experiment.validation))
    return 1 if batch == "full" else min(max(1, -(-rows // int(batch))), LONGEST_WINDOW)


def _ticks(low: float, high: float, count: float, least: float = 0.0) -> list[tuple[float, str]]:
    """Round numbers from `low` to `high`, at most some `count` of them, and how to write them."""
    step = max(_round_up((high - low) / max(count, 2.0), (1.0, 2.0, 2.5, 5.0, 10.0)), least)
    numbered = range(math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6) + 1)
    return [(n * step, _tick_text(n * step, step)) for n in numbered]


def _log_ticks(low: float, high: float, count: float) -> list[tuple[float, str]]:
    """Round numbers as `_ticks`, of a scale in powers of ten; positions are logarithms."""
    low, high = max(low, -_LOG_LIMIT), min(high, _LOG_LIMIT)
    every = max(1, math.ceil((high - low) / max(count, 2.0)))
    places = [float(n) for n in range(math.ceil(low), math.floor(high) + 1) if n % every == 0]
    if every == 1 and (high - low) * 3 <= count:
        places = [e + math.log10(m) for e in range(math.floor(low), math.ceil(high)) for m in (1, 2, 5)]
        places = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
    if len(places) >= 2:
        return [(place, numbers.short(10.0**place, 1)) for place in places]
    return [(math.log10(v), text) for v, text in _ticks(10.0**low, 10.0**high, count) if v > 0]


def _tick_text(value: float, step: float) -> str:
    if abs(value) < step / 2:
        return "0"
    # As many decimals as the step has, whatever the value.
    decimals = -math.floor(math.log10(step)) + (f"{step:.1e}".startswith("2.5"))
    return numbers.short(value, max(1, math.floor(math.log10(abs(value)) + 1e-9) + 1 + decimals))


def _round_up(value: float, mantissas: tuple[float, ...]) -> float:
    """The least number not below `value` that is a power of ten times one of `mantissas`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in mantissas if m * power >= value * (1 - 1e-9))


def _roomy(last: int) -> float:
    """An end of the axis that leaves `last` some room to grow into."""
    return _round_up(float(last), (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0))


def _around(low: float, high: float) -> tuple[float, float]:
    """A range of round numbers around `low` to `high`."""
    low, high = max(low, -(10.0**_LOG_LIMIT)), min(high, 10.0**_LOG_LIMIT)
    if high - low < 10.0**-_LOG_LIMIT:
        return 0.0, 1.0
    step = _round_up((high - low) / 5, (1.0, 2.0, 2.5, 5.0, 10.0))
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _decades(least: float, most: float) -> tuple[float, float]:
    """A range of 1, 2 or 5 times a power of ten around `least` to `most`, as logarithms."""
    if math.isnan(least):
        return -1.0, 0.0
    marks = [0.0, math.log10(2), math.log10(5), 1.0]
    low, high = (min(max(math.log10(v), -_LOG_LIMIT), _LOG_LIMIT) for v in (least, most))
    low = max(math.floor(low) + m for m in marks if math.floor(low) + m <= low + 1e-9)
    high = min(math.floor(high) + m for m in marks if math.floor(high) + m >= high - 1e-9)
    return low, high if high > low else low + 1.0


def _pen(colour: QColor, dash: tuple[float, ...] = (), width: float = 1.0) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen


def _blend(colour: QColor, ground: QColor, share: float) -> QColor:
    """`colour` with a `share` of `ground` in it: opaque, which paints faster than alpha."""
    red, green, blue = (
        round(part(colour) * (1 - share) + part(ground) * share)
        for part in (QColor.red, QColor.green, QColor.blue)
    )
    return QColor(red, green, blue)


def _draw_line(painter: QPainter, x: FloatArray, y: FloatArray) -> None:
    """A line through all the points that are numbers, broken where one is not."""
    known = np.flatnonzero(~np.isnan(y))
    for part in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if len(part) > 1:
            painter.drawPolyline(arrayToQPolygonF(x[part], y[part]))
        elif len(part):
            painter.drawPoint(QPointF(x[part[0]], y[part[0]]))
