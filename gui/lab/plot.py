"""The output over one variable, with the tangent at the point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.arrays import FloatArray
from engine.explain.expression import Graph
from engine.explain.expression.latex import name_plain
from gui.lab.symbols import symbol
from gui.style.fonts import tabular
from gui.style.theme import Theme
from gui.text.numbers import MINUS, short, tick
from gui.text.plain import Label, tooltip

POINTS = 601
HALVINGS = 30
"""How often the place is halved where a curve may break off, to tell a pole from a steep flank."""
_ROOM = 0.08


class TangentPlot(QWidget):
    """A curve, its tangent, and how steep that is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionPlot")
        self._x: FloatArray = np.empty(0)
        self._y: FloatArray = np.empty(0)
        self._point: tuple[float, float] | None = None
        self._slope: float | None = None
        self._text = Label(self)
        self._text.setObjectName("expressionPlotText")
        self._curve_key, self._tangent_key, self._parabola_key = Label(self), Label(self), Label(self)
        self._parabola_key.setObjectName("expressionPlotParabola")
        self._curve_key.setObjectName("expressionPlotCurve")
        self._tangent_key.setObjectName("expressionPlotTangent")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._font = tabular(self.font(), 0.9)
        for label in (self._text, self._curve_key, self._tangent_key, self._parabola_key):
            label.setFont(self._font)

        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        item = self._plot.getPlotItem()
        item.ctrlMenu.setParent(self, Qt.WindowType.Popup)  # never shown, but made without an owner
        self._view = item.getViewBox()
        self._view.setMouseEnabled(False, False)
        self._view.setDefaultPadding(0)
        self._view.disableAutoRange()
        self._axes = (item.getAxis("bottom"), item.getAxis("left"))
        self._axes[1].setWidth(QFontMetricsF(self._font).horizontalAdvance(f"{MINUS}0.00000") + 8)
        self._axes[0].setHeight(QFontMetricsF(self._font).height() + 6)
        for axis in self._axes:
            axis.setPen(None)
            axis.setStyle(
                tickFont=self._font, tickLength=0, tickAlpha=0, tickTextOffset=6, hideOverlappingLabels=True
            )
            axis.enableAutoSIPrefix(False)
        self._grid = pg.PlotCurveItem(connect="pairs")
        self._zero = pg.PlotCurveItem(connect="pairs")
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        self._tangent = pg.PlotCurveItem(antialias=True)
        self._parabola = pg.PlotCurveItem(antialias=True)
        self._dot = pg.ScatterPlotItem(size=9, pen=None)
        for drawn in (self._grid, self._zero, self._curve, self._parabola, self._tangent, self._dot):
            item.addItem(drawn, ignoreBounds=True)

        header = QHBoxLayout()
        header.setContentsMargins(0, 0, 12, 0)
        header.setSpacing(16)
        header.addWidget(self._text, 1)
        header.addWidget(self._curve_key)
        header.addWidget(self._tangent_key)
        header.addWidget(self._parabola_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 6)
        column.setSpacing(2)
        column.addLayout(header)
        column.addWidget(self._plot, 1)
        self.setMinimumHeight(150)
        self._retranslate()

    @property
    def curve(self) -> tuple[FloatArray, FloatArray]:
        """The points of the curve; NaN where there is no value."""
        return self._x, self._y

    @property
    def point(self) -> tuple[float, float] | None:
        """Where the tangent touches."""
        return self._point

    @property
    def slope(self) -> float | None:
        """How steep the tangent is; None while that is not known."""
        return self._slope

    @property
    def parabola(self) -> tuple[FloatArray, FloatArray]:
        """The points of Taylor's parabola; empty while the derivatives are not known."""
        x, y = self._parabola.getData()
        return (np.empty(0), np.empty(0)) if x is None else (np.asarray(x), np.asarray(y))

    @property
    def text(self) -> str:
        """What is written above the curve."""
        return self._text.text()

    def show_curve(
        self, graph: Graph, name: str, limits: tuple[float, float], slope: float | None, *, known: bool
    ) -> None:
        """Draw the output over `name` from limit to limit.

        Parameters
        ----------
        slope : float or None
            The derivative at the point, None while it is not known.
        known : bool
            Whether the output's value is known yet.
        """
        x = np.linspace(*limits, POINTS)
        self._x, self._y = x, broken(graph, name, x)
        here = graph.given[name], graph.value
        self._point = here if known else None
        self._slope = slope if known else None
        output = symbol(graph, graph.formula.output)
        text = self.tr("{output} over {name}").format(output=output, name=name_plain(name))
        if self._slope is not None:
            text += " · " + self.tr("slope {slope} at {name} = {value}").format(
                slope=short(self._slope), name=name_plain(name), value=short(here[0])
            )
        self._text.setText(text)
        self._show_keys(True)
        self._curve.setData(x, self._y)
        low, high = _range(self._y, here[1] if known else None)
        self._view.setRange(xRange=limits, yRange=(low, high), padding=0)
        self._draw_grid(limits, (low, high))
        self._draw_tangent(limits)
        self._draw_parabola(graph, name, limits)

    def clear(self) -> None:
        """Draw nothing."""
        self._x = self._y = np.empty(0)
        self._point = self._slope = None
        self._text.setText("")
        for axis in self._axes:
            axis.setTicks([[]])
        self._show_keys(False)
        for drawn in (self._curve, self._tangent, self._parabola, self._grid, self._zero):
            drawn.setData([], [])
        self._dot.setData([], [])

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._plot.setBackground(theme.surface)
        for axis in self._axes:
            axis.setTextPen(theme.muted)
        self._grid.setPen(_pen(theme.grid, 1.0))
        self._zero.setPen(_pen(theme.border, 1.0))
        self._curve.setPen(_pen(theme.positive, 2.0))
        tangent = _pen(theme.selection, 1.6)
        tangent.setDashPattern([5.0, 3.0])
        self._tangent.setPen(tangent)
        parabola = _pen(theme.selection, 1.2)
        parabola.setDashPattern([1.0, 2.5])
        self._parabola.setPen(parabola)
        self._dot.setBrush(QColor(theme.selection))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Curve with its tangent"))
        self._plot.setAccessibleName(self.tr("Curve with its tangent"))
        self._curve_key.setText("— " + self.tr("curve"))
        self._tangent_key.setText("- - " + self.tr("tangent"))
        self._parabola_key.setText("··· " + self.tr("parabola"))
        self._parabola_key.setToolTip(
            tooltip(self.tr("Taylor's parabola: value, slope and second derivative"))
        )

    def _show_keys(self, shown: bool) -> None:
        for key in (self._curve_key, self._tangent_key, self._parabola_key):
            key.setVisible(shown)

    def _draw_tangent(self, limits: tuple[float, float]) -> None:
        if self._point is None:
            self._tangent.setData([], [])
            self._dot.setData([], [])
            return
        x, y = self._point
        self._dot.setData([x], [y])
        if self._slope is None:
            self._tangent.setData([], [])
            return
        ends = np.array(limits)
        with np.errstate(over="ignore", invalid="ignore"):
            line = y + self._slope * (ends - x)
        self._tangent.setData(ends, line) if np.isfinite(line).all() else self._tangent.setData([], [])

    def _draw_parabola(self, graph: Graph, name: str, limits: tuple[float, float]) -> None:
        if self._point is None or self._slope is None:
            self._parabola.setData([], [])
            return
        bend = float(graph.hessian(name)[0, 0])
        x, y = self._point
        steps = np.linspace(*limits, 201) - x
        with np.errstate(over="ignore", invalid="ignore"):
            heights = y + self._slope * steps + 0.5 * bend * steps**2
        shown = np.isfinite(heights).all() and bend != 0.0 and not any(node.kink for node in graph.nodes)
        self._parabola.setData(steps + x, heights) if shown else self._parabola.setData([], [])

    def _draw_grid(self, xs: tuple[float, float], ys: tuple[float, float]) -> None:
        width, height = max(1.0, self._view.width()), max(1.0, self._view.height())
        columns = ticks(*xs, width / 110)
        rows = ticks(*ys, height / 42)
        for axis, places in zip(self._axes, (columns, rows), strict=True):
            axis.setTicks([[(place, tick(place)) for place in places]])
        across = [(*xs, y, y) for y in rows]
        up = [(x, x, *ys) for x in columns]
        _set_pairs(self._grid, [*across, *up])
        axes = [(*xs, 0.0, 0.0)] * (ys[0] <= 0.0 <= ys[1]) + [(0.0, 0.0, *ys)] * (xs[0] <= 0.0 <= xs[1])
        _set_pairs(self._zero, axes)


def broken(graph: Graph, name: str, x: FloatArray) -> FloatArray:
    """Return the output's values over a variable, NaN where no line may lead on: beside a pole or a jump.

    Each suspicious gap is halved towards its larger part until it closes, as a steep flank does, or does
    not.
    """
    y: FloatArray = graph.sweep(name, x)
    steps = np.abs(np.diff(y))
    finite = steps[np.isfinite(steps)]
    if not len(finite):
        return y
    typical = float(np.median(finite))
    suspicious = np.flatnonzero(steps > 20.0 * typical + 1e-12 * np.nanmax(np.abs(y)))[-60:]
    if not len(suspicious):
        return y
    left, right = x[suspicious], x[suspicious + 1]
    low, high = y[suspicious], y[suspicious + 1]
    gap = np.abs(high - low)
    closed = np.zeros(len(suspicious), dtype=bool)
    for _ in range(HALVINGS):
        middle = (left + right) / 2.0
        between = graph.sweep(name, middle)
        between = np.where(np.isfinite(between), between, np.inf)
        with np.errstate(invalid="ignore"):
            first = np.abs(between - low) > np.abs(high - between)
        right, high = np.where(first, middle, right), np.where(first, between, high)
        left, low = np.where(first, left, middle), np.where(first, low, between)
        with np.errstate(invalid="ignore"):
            closed |= np.abs(high - low) < 0.25 * gap
        if closed.all():
            break
    ends = y.copy()
    ends[suspicious[~closed] + 1] = np.nan
    return ends


def _set_pairs(item: pg.PlotCurveItem, lines: Sequence[tuple[float, float, float, float]]) -> None:
    table = np.array(lines, dtype=float).reshape(-1, 4)
    item.setData(table[:, :2].ravel(), table[:, 2:].ravel())


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen


def _range(y: FloatArray, point: float | None) -> tuple[float, float]:
    """What of the values to show: all, unless a few go far beyond the rest, as at a pole."""
    finite = y[np.isfinite(y)]
    if not len(finite):
        low, high = (-1.0, 1.0) if point is None else (point - 1.0, point + 1.0)
    else:
        low, high = float(finite.min()), float(finite.max())
        inner_low, inner_high = (float(q) for q in np.percentile(finite, (4, 96)))
        spread = inner_high - inner_low
        if spread > 0:
            low, high = max(low, inner_low - spread), min(high, inner_high + spread)
        if point is not None:
            low, high = min(low, point), max(high, point)
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-12):
        reach = abs(high) / 2 or 1.0
        low, high = low - reach, high + reach
    margin = _ROOM * (high - low)
    return low - margin, high + margin


def ticks(low: float, high: float, count: float) -> list[float]:
    """Return round numbers between two limits, about so many."""
    rough = (high - low) / max(count, 2.0)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    first = np.ceil(low / step - 1e-9)
    return [float(k * step) + 0.0 for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]
