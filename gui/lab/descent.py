"""Gradient descent on the function that is typed: its path on curve or contours, and each step's sum."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QPen, QShowEvent, QTransform
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QSpinBox, QSplitter, QVBoxLayout, QWidget

from engine.arrays import FloatArray
from engine.explain.expression import Graph
from engine.explain.expression.descent import MOST_STEPS, Descent, descend
from engine.explain.expression.latex import name_plain
from gui.lab.plot import ticks
from gui.lab.variables import ANY
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.numbers import agreeing, full, grouped, short, tick
from gui.text.plain import Label, tooltip
from gui.widgets.number_box import NumberBox
from gui.widgets.table import Cell, Row, Table

POINTS = 401
SIDE = 61
LEVELS = 11
ROWS = 200
"""Steps that are written out."""
REACH = 1e6
"""How far from the beginning a path is drawn; what runs away further is only counted."""


class DescentView(QWidget):
    """Settings of the descent, its path, and its arithmetic."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("descentView")
        self._theme = LIGHT
        self._asked: tuple[Graph | None, str, dict[str, tuple[float, float]]] = (None, "", {})
        self._descent: Descent | None = None
        self._along = QComboBox(self)
        self._along.setObjectName("descentAlong")
        self._along.activated.connect(self._draw)
        self._rate = NumberBox(ANY, characters=6, parent=self)
        self._rate.setObjectName("descentRate")
        self._momentum = NumberBox(ANY, characters=5, parent=self)
        self._momentum.setObjectName("descentMomentum")
        self._steps = QSpinBox(self)
        self._steps.setObjectName("descentSteps")
        self._steps.setRange(0, MOST_STEPS)
        self._labels = [Label(self) for _ in range(4)]
        self._build()
        self._retranslate()

    @property
    def descent(self) -> Descent | None:
        """The path that is drawn."""
        return self._descent

    @property
    def table(self) -> Table:
        """The arithmetic of its steps."""
        return self._table

    @property
    def text(self) -> str:
        """What came of it."""
        return self._said.text()

    @property
    def path(self) -> tuple[FloatArray, FloatArray]:
        """The points of the path as they are drawn."""
        x, y = self._path.getData()
        return np.asarray(x), np.asarray(y)

    def show_graph(self, graph: Graph | None, name: str, limits: dict[str, tuple[float, float]]) -> None:
        """Go down from the point of a graph, along this variable or it and another one."""
        self._asked = graph, name, limits
        names = [] if graph is None else list(graph.formula.variables)
        choices = [name] + [f"{name}, {other}" for other in names if other != name] if name else []
        with QSignalBlocker(self._along):
            chosen = self._along.currentText()
            if choices != [self._along.itemText(k) for k in range(self._along.count())]:
                self._along.clear()
                self._along.addItems(choices)
                self._along.setCurrentIndex(max(0, self._along.findText(chosen)))
        if self.isVisible():
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._table.set_theme(theme)
        self._plot.setBackground(theme.surface)
        for axis in ("bottom", "left"):
            self._plot.getPlotItem().getAxis(axis).setTextPen(theme.muted)
            self._plot.getPlotItem().getAxis(axis).setPen(theme.border)
        self._curve.setPen(_pen(theme.positive, 2.0))
        self._path.setPen(_pen(theme.selection, 1.8))
        self._path.setSymbolPen(_pen(theme.selection, 1.0))
        self._path.setSymbolBrush(QColor(theme.selection))
        for level in self._levels:
            level.setPen(_pen(theme.muted, 1.0))
        self._start.setBrush(QColor(theme.surface))
        self._start.setPen(_pen(theme.selection, 2.0))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        settings = QHBoxLayout()
        settings.setContentsMargins(14, 8, 14, 8)
        settings.setSpacing(6)
        for label, field in zip(
            self._labels, (self._along, self._rate, self._momentum, self._steps), strict=True
        ):
            label.setBuddy(field)
            settings.addWidget(label)
            settings.addWidget(field)
            settings.addSpacing(8)
        settings.addStretch(1)
        self._rate.set_value(0.1)
        self._momentum.set_value(0.0)
        self._steps.setValue(10)
        self._rate.edited.connect(partial(self._set, self._rate))
        self._momentum.edited.connect(partial(self._set, self._momentum))
        self._steps.valueChanged.connect(self._draw)
        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setObjectName("descentPlot")
        self._plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        item = self._plot.getPlotItem()
        item.ctrlMenu.setParent(self, Qt.WindowType.Popup)
        item.getViewBox().setMouseEnabled(False, False)
        for side in ("bottom", "left"):
            item.getAxis(side).enableAutoSIPrefix(False)
            item.getAxis(side).setStyle(tickFont=tabular(self.font(), 0.9))
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        item.addItem(self._curve)
        self._levels = [pg.IsocurveItem() for _ in range(LEVELS)]
        for level in self._levels:
            item.addItem(level, ignoreBounds=True)
        self._path = pg.PlotDataItem(symbol="o", symbolSize=5, antialias=True)
        item.addItem(self._path, ignoreBounds=True)
        self._start = pg.ScatterPlotItem(size=10)
        item.addItem(self._start, ignoreBounds=True)
        self._said = Label(self)
        self._said.setObjectName("descentText")
        self._said.setWordWrap(True)
        self._table = Table("lr", self)
        self._table.setObjectName("descentTable")
        inner = QWidget()
        inner.setObjectName("descentInner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._said)
        column.addWidget(self._table)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("descentScroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("descentSplit")
        split.setChildrenCollapsible(False)
        split.addWidget(self._plot)
        split.addWidget(area)
        split.setSizes([270, 340])  # the arithmetic of a step fits into its row
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(settings)
        whole.addWidget(split, 1)

    def _retranslate(self) -> None:
        texts = (self.tr("Along"), self.tr("η"), self.tr("Momentum"), self.tr("Steps"))
        tips = (
            self.tr("The variables that move; the others stay"),
            self.tr("Learning rate: x ← x − η·v"),
            self.tr("v ← momentum·v + gradient; 0 is plain gradient descent"),
            self.tr("How many steps are made"),
        )
        fields = (self._along, self._rate, self._momentum, self._steps)
        for label, text, tip, field in zip(self._labels, texts, tips, fields, strict=True):
            label.setText(text)
            field.setToolTip(tooltip(tip))
            field.setAccessibleName(tip)
        self._plot.setAccessibleName(self.tr("Path of the descent"))
        self._draw()

    # -- drawing -----------------------------------------------------------------------------------

    def _set(self, box: NumberBox, typed: object) -> None:
        box.set_value(float(typed) if isinstance(typed, int | float) else box.value)
        self._draw()

    def _names(self) -> tuple[str, ...]:
        return tuple(part for part in self._along.currentText().split(", ") if part)

    def _draw(self, *_changed: object) -> None:
        graph, _, limits = self._asked
        names = self._names()
        if graph is None or not names or not all(name in graph.given for name in names):
            self._descent = None
            self._clear()
            return
        rate, momentum = self._rate.value, self._momentum.value
        if not (rate > 0.0 and 0.0 <= momentum < 1.0):
            self._descent = None
            self._clear()
            self._said.setText(
                self.tr("The learning rate has to be above 0, the momentum from 0 to below 1.")
            )
            return
        self._descent = descend(graph, names, rate, momentum, self._steps.value())
        self._draw_path(graph, self._descent, [limits.get(name, (-3.0, 3.0)) for name in names])
        self._draw_table(graph, self._descent)

    def _clear(self) -> None:
        self._curve.setData([], [])
        self._path.setData([], [])
        self._start.setData([], [])
        for level in self._levels:
            level.setData(None)
        self._table.set_rows([])
        self._said.setText(
            self.tr("Nothing goes down: type a function of a variable.") if self._asked[0] is None else ""
        )

    def _draw_path(self, graph: Graph, descent: Descent, limits: Sequence[tuple[float, float]]) -> None:
        item = self._plot.getPlotItem()
        at = [graph.given[name] for name in descent.names]
        points = [at, *(step.next for step in descent.steps)]
        shown = np.array([p for p in points if max(map(abs, p)) < REACH], dtype=float).reshape(-1, len(at))
        spans = [_span(limit, shown[:, k]) for k, limit in enumerate(limits)]
        colour = {"color": self._theme.muted}
        item.getAxis("bottom").setLabel(name_plain(descent.names[0]), **colour)
        if len(at) == 1:
            for level in self._levels:
                level.setData(None)
            x = np.linspace(*spans[0], POINTS)
            y = graph.sweep(descent.names[0], x)
            self._curve.setData(x, y)
            heights = graph.sweep(descent.names[0], shown[:, 0])
            self._path.setData(shown[:, 0], heights)
            self._start.setData(shown[:1, 0], heights[:1])
            item.getAxis("left").setLabel(name_plain(graph.formula.output_name), **colour)
            both = np.concatenate([y, heights])
            both = both[np.isfinite(both)]
            low, high = (both.min(), both.max()) if len(both) else (-1.0, 1.0)
            margin = 0.06 * (high - low) or 1.0
            self._show_range(spans[0], (low - margin, high + margin))
            return
        self._curve.setData([], [])
        xs, ys = (np.linspace(*span, SIDE) for span in spans)
        heights = graph.surface(descent.names[0], descent.names[1], xs, ys)
        self._draw_levels(heights, spans)
        self._path.setData(shown[:, 0], shown[:, 1])
        self._start.setData(shown[:1, 0], shown[:1, 1])
        item.getAxis("left").setLabel(name_plain(descent.names[1]), **colour)
        self._show_range(spans[0], spans[1])

    def _show_range(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        item = self._plot.getPlotItem()
        item.getViewBox().setRange(xRange=across, yRange=up, padding=0)
        for side, span, count in (("bottom", across, 5), ("left", up, 7)):
            item.getAxis(side).setTicks([[(place, tick(place)) for place in ticks(*span, count)]])

    def _draw_levels(self, heights: FloatArray, spans: Sequence[tuple[float, float]]) -> None:
        finite = heights[np.isfinite(heights)]
        filled = np.where(np.isfinite(heights), heights, finite.max() if len(finite) else 0.0)
        # as many lines in the valley as on the slopes: by rank, not by height
        places = np.linspace(0.02, 0.9, LEVELS)
        levels = np.quantile(finite, places) if len(finite) else np.zeros(LEVELS)
        place = QTransform()
        place.translate(spans[0][0], spans[1][0])
        place.scale((spans[0][1] - spans[0][0]) / (SIDE - 1), (spans[1][1] - spans[1][0]) / (SIDE - 1))
        for item, level in zip(self._levels, levels, strict=True):
            item.setData(filled.T.copy() if len(finite) else None, float(level))
            item.setTransform(place)

    def _draw_table(self, graph: Graph, descent: Descent) -> None:
        rows: list[Row] = []
        for step in descent.steps[:ROWS]:
            for k, name in enumerate(descent.names):
                before, moved, after = step.point[k], step.velocity[k], step.next[k]
                terms, result = agreeing(
                    lambda x, rate, v: x - rate * v, (before, descent.rate, moved), after
                )
                x, rate, v = (
                    f"({term})" if place and term.startswith("\u2212") else term
                    for place, term in enumerate(terms)
                )
                tip = "\n".join(
                    (
                        self.tr("gradient {gradient}").format(gradient=full(step.gradient[k])),
                        self.tr("velocity {velocity}").format(velocity=full(moved)),
                    )
                )
                rows.append(
                    (
                        Cell(f"{name_plain(name)} ← {x} \u2212 {rate}·{v} = {result}", after, tip=tip),
                        Cell(short(step.value), step.value) if k == 0 else Cell(" "),
                    )
                )
        output = name_plain(graph.formula.output_name)
        header: Row = (Cell(self.tr("x ← x \u2212 η·v")), Cell(output))
        self._table.set_rows(rows, header)
        said = []
        if descent.last is not None and descent.steps:
            said.append(
                self.tr("{output}: {first} before the first step, {last} after the last.").format(
                    output=output, first=short(descent.steps[0].value), last=short(descent.last)
                )
            )
        if descent.stopped is not None:
            said.append(self.tr("It ends there:"))
            said.extend(filter(None, localized(descent.stopped)))
        if len(descent.steps) > ROWS:
            said.append(self.tr("The first {count} steps are written out.").format(count=grouped(ROWS)))
        self._said.setText("\n".join(said))


def _span(limits: tuple[float, float], points: FloatArray) -> tuple[float, float]:
    """The usual range of a variable, wider where the path leaves it."""
    low, high = min(limits[0], float(points.min())), max(limits[1], float(points.max()))
    margin = 0.05 * (high - low) if (low, high) != limits else 0.0
    return low - margin, high + margin


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen
