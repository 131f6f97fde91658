"""The decision surface: class regions or heights over two inputs, with the rows of the data over it."""

from __future__ import annotations

import math
import time

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.arrays import FloatArray, IntArray
from engine.data.dataset import has_classes, target_classes
from engine.data.preparation import Prepared
from engine.parts import Part
from engine.records import StepRecord
from gui.document.focus import Focus
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import class_names, feature_names, output_names, part_name
from gui.text.plain import Label, enumerated, tooltip
from gui.training.messages import Frame, Status
from gui.training.probe import (
    LIVE_COST,
    REST_COST,
    Asker,
    Probe,
    ProbeResult,
    affordable_rows,
)
from gui.views.surface.axes import AxesPanel, inputs_of
from gui.views.surface.colours import (
    class_colours,
    class_picture,
    class_shares,
    finer,
    height_colour,
    height_picture,
    placed,
    unit_picture,
)
from gui.views.surface.legend import Legend
from gui.views.surface.line import Line
from gui.views.surface.maps import TIP_SIDE, UnitMaps
from gui.views.surface.plane import Plane, mean_of_known, telling_order, value_at
from gui.views.surface.plot import (
    Curve,
    Marks,
    SurfacePlot,
    mark_pixmap,
    outlined_pixmap,
    ring_pixmap,
    shape_of,
    value_pixmap,
)

LIVE_SIDE, REST_SIDE, MAP_SIDE, LEAST_SIDE = 60, 140, 32, 8
"""Nodes along an edge of the grid: while running, at rest, of the units' maps, and at least."""

CURVE_NODES = 300
PICTURE_SIDE, LIVE_PICTURE_SIDE = 200, 160
"""Cells along an edge of the drawn image, between which it is smooth: at rest, and while running."""

LEAST_MARKS, MOST_MARKS = 200, 2_000
SAMPLE = 20_000
"""Rows that ranges and means are taken from, evenly spaced, when there are more."""

TELLING_ROWS = 2_000
"""Rows that decide which two inputs vary at first."""

MARGIN = 0.08
HEIGHT_HUES = 24
WANTED_SECONDS = 3.0
"""How long the units' maps go on being asked for after one was wanted elsewhere."""

ROWS_SECONDS = 1.0
"""How often the rows are asked about while running, when each time takes long."""

FEW_OUTPUTS = 12
READ_OUT_CLASSES = 4
LEGEND_CLASSES = 10
WIDE = 1.35
"""Times as wide as high, and legend and maps stand beside the plot instead of below it."""

ROOM_FOR_MAPS = 330
"""Pixels of height from which on there are maps below the plot."""


class SurfaceView(QWidget):
    """The network's outputs over two inputs, live, and below them the maps of all units.

    A unit that is pointed at, among the maps or in the graph, fills the large picture for as long; one
    whose map is clicked, until it is clicked again.

    Parameters
    ----------
    focus : Focus
        Of which the shown sample is ringed, and the selected unit framed among the maps.

    Signals
    -------
    probe_requested(Probe)
        The view wants to know what the network makes of some inputs; `show_probe` takes the answer.
    """

    probe_requested = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("surfaceView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = LIGHT
        self._latest: Frame | None = None
        self._frame: Frame | None = None  # the one that axes, marks and answers are about
        self._data: object = None
        self._state: tuple[StepRecord, bool, bool] | None = None
        self._prepared: Prepared | None = None
        self._rows_asker, self._grid_asker, self._maps_asker = (
            Asker(self.probe_requested.emit) for _ in range(3)
        )
        self._plane: Plane | None = None
        self._grid: FloatArray = np.empty((0, 0, 0))
        self._maps_plane: Plane | None = None
        self._kept: Part | None = None
        self._explained: object = None
        self._step = 0
        self._ranges: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))
        self._classes: IntArray | None = None
        self._pointer: QPointF | None = None
        self._wanted_until = 0.0
        self._rows_asked_at = 0.0

        self.axes = AxesPanel()
        self.axes.axes_changed.connect(self._axes_changed)
        self.axes.pins_changed.connect(self._pins_changed)
        self.axes.sample_wanted.connect(self._pin_sample)
        self.plot = SurfacePlot()
        self.plot.range_changed.connect(self._ask_grid_and_maps)
        self.plot.pointed.connect(self._point)
        self.plot.clicked.connect(focus.show_row)
        focus.sample_changed.connect(self._show_sample)
        focus.row_changed.connect(self._show_sample)
        focus.hovered_changed.connect(self._look_closer)
        self.maps = UnitMaps(focus)
        self.maps.hovered.connect(focus.hover)
        self.maps.clicked.connect(self._keep)
        self._legend = Legend()
        self._head = Line("surfaceTitle", heading=True)
        self._read_out = Line("surfaceReadOut", heading=False)
        self._note = Label()
        self._note.setObjectName("surfaceNote")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setWordWrap(True)
        self._whole_button, self._axes_button = QPushButton(), QPushButton()
        self._whole_button.setObjectName("surfaceWholeButton")
        self._axes_button.setObjectName("surfaceAxesButton")
        for button in (self._whole_button, self._axes_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._axes_button.setProperty("role", "link")
        self._whole_button.clicked.connect(self.show_whole)
        self._axes_button.clicked.connect(self._open_axes)
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setObjectName("surfaceAxesPopup")
        self._lay_out()
        self._retranslate()
        self.set_theme(LIGHT)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._popup)
        inside.setContentsMargins(12, 10, 6, 10)
        inside.addWidget(self.axes)
        self.axes.add_below_axes(self._whole_button)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._read_out, 1)
        below.addWidget(self._axes_button)
        self._pictured = pictured = QWidget()
        pictured.setObjectName("surfacePictured")
        column = QVBoxLayout(pictured)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._head)
        column.addWidget(self._note)
        column.addWidget(self.plot, 1)
        self._side = QWidget()
        self._side.setObjectName("surfaceSide")
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addWidget(self._legend)
        side.addLayout(below)
        side.addWidget(self.maps, 1)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._parts.setContentsMargins(10, 6, 10, 6)
        self._parts.setSpacing(6)
        self._parts.addWidget(pictured, 3)
        self._parts.addWidget(self._side, 1)

    # -- what comes in -----------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Ask what the frame's network makes of the plane."""
        self._latest = frame
        if self.isVisible():
            self._follow(frame)
        elif self._maps_wanted:
            self._take_up(frame)
            self._ask_maps()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._latest = self._frame = None
        for asker in (self._rows_asker, self._grid_asker, self._maps_asker):
            asker.forget()
        self._state = self._prepared = self._classes = self._plane = self._maps_plane = self._kept = None
        self.axes.follows = True
        self.maps.clear()
        self.plot.set_image(None, QRectF())
        self.plot.set_curves([])
        self.plot.set_batch(np.empty(0, np.int64))

    def show_probe(self, result: ProbeResult) -> None:
        """Take in the answer to a question; those to others' questions are passed over."""
        if self._rows_asker.accept(result):
            self._take_rows(result)
        elif self._grid_asker.accept(result):
            self._take_grid(result)
        elif self._maps_asker.accept(result):
            self._take_maps(result)

    def miss_probe(self, probe: Probe) -> None:
        """Wait no longer for the answer to a question."""
        for asker in (self._rows_asker, self._grid_asker, self._maps_asker):
            asker.miss(probe)

    def unit_map(self, layer: int, unit: int) -> QPixmap | None:
        """The map of unit `unit` (from 0) of layer 1..L over the plane; None when there is none yet.

        For a while after, the maps are kept live even while the view is hidden.
        """
        self._wanted_until = time.monotonic() + WANTED_SECONDS
        picture = self.maps.picture(layer, unit, TIP_SIDE)
        if picture is None and self._latest is not None and not self._maps_asker.waits:
            self._take_up(self._latest)
            self._ask_maps()
        return picture

    def show_whole(self) -> None:
        """See all rows of the data again."""
        if self._frame is None:
            return
        low, high = self._ranges
        x, y = self.axes.across, self.axes.up
        left, right = _wider(low[x], high[x])
        bottom, top = _wider(low[y], high[y]) if y is not None else self._curve_range()
        self.plot.show_range(left, right, bottom, top)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for drawn in (self.plot, self._head, self._read_out):
            drawn.set_theme(theme)
        self.maps.set_theme(theme)
        self._draw_grid()
        self._draw_marks()
        self._draw_legend()

    # -- frames ------------------------------------------------------------------------------------

    def _follow(self, frame: Frame) -> None:
        self._take_up(frame)
        self._show_sample()
        state = (frame.record, frame.updated, self._running)
        if self._state is None or state[0] is not self._state[0] or state[1:] != self._state[1:]:
            self._state = state
            self._ask_rows()
            if self._prepared is not None:
                self._ask_grid_and_maps()

    def _take_up(self, frame: Frame) -> None:
        """Be about this frame; of another network, with the axes and rows of its data."""
        is_new = self._frame is None
        self._frame = frame
        if is_new and frame.dataset is not self._data:
            self._data = frame.dataset
            self._take_data(frame)
        elif is_new:
            self._draw_marks()
            self._draw_legend()

    def _take_data(self, frame: Frame) -> None:
        data = frame.dataset
        sample = data.inputs[:: max(1, len(data.inputs) // SAMPLE)]
        low, high = np.zeros(sample.shape[1]), np.ones(sample.shape[1])
        known = ~np.isnan(sample).all(axis=0)
        low[known], high[known] = np.nanmin(sample[:, known], axis=0), np.nanmax(sample[:, known], axis=0)
        self._ranges = (low, high)
        outputs = output_names(data) if not has_classes(data.kind) else ()
        columns = inputs_of(data.groups, data.feature_names, low, high)
        few = np.linspace(0, len(data.inputs) - 1, min(len(data.inputs), TELLING_ROWS)).astype(np.int64)
        telling = telling_order(data.inputs[few], data.targets[few])
        self.axes.set_inputs(columns, feature_names(data), outputs, telling)
        self._axes_changed()

    @Slot()
    def _show_sample(self) -> None:
        """Ring the shown sample, outline its mini-batch, and pin the other inputs where it has them."""
        frame = self._frame
        if frame is None:
            return
        indices = frame.record.indices
        row = int(indices[min(self.focus.sample_in(frame), len(indices) - 1)])
        self.plot.set_batch(np.asarray(indices, np.int64))
        self.plot.set_highlight(row)
        if self.axes.follows and not self._running:
            self._pin_sample()
        self._draw_legend()

    @Slot()
    def _pin_sample(self) -> None:
        row = self.plot.highlight
        if self._frame is not None and row is not None:
            self.axes.pin(self._frame.dataset.inputs[row])
        self._say_where()

    def _pins_changed(self) -> None:
        self._say_where()
        self._ask_grid_and_maps()

    def _say_where(self) -> None:
        """Say what varies, and where the other inputs stand."""
        if self._frame is None:
            return
        others, row = self.axes.others, self.plot.highlight
        self._note.setVisible(others > 0)
        if self.axes.follows and row is not None:
            text = self.tr("over {names}, the others as in row {row}")
        elif self.axes.at_mean:
            text = self.tr("over {names}, the others at their mean")
        else:
            text = self.tr("over {names}, the others as pinned")
        names = feature_names(self._frame.dataset)
        varied = [names[place] for place in (self.axes.across, self.axes.up) if place is not None]
        text = text.format(names=enumerated(varied), row=0 if row is None else row + 1)
        self._note.setText(text)
        self._note.setToolTip(tooltip(text))

    def _axes_changed(self) -> None:
        if self._frame is None:
            return
        names = feature_names(self._frame.dataset)
        y = self.axes.up
        self.plot.set_axis_names(names[self.axes.across], names[y] if y is not None else self._output_name())
        self._draw_marks()
        self._draw_legend()
        self.plot.set_image(None, QRectF())
        self.plot.set_curves([])
        self._plane = None
        self._say_where()
        self.show_whole()
        self._ask_grid_and_maps()

    def _output_name(self) -> str:
        assert self._frame is not None
        data = self._frame.dataset
        return output_names(data)[self.axes.output] if not has_classes(data.kind) else self.tr("share")

    # -- asking ------------------------------------------------------------------------------------

    @property
    def _running(self) -> bool:
        return self._frame is not None and self._frame.status is Status.RUNNING

    @property
    def _cells(self) -> int:
        return LIVE_PICTURE_SIDE if self._running else PICTURE_SIDE

    def _affordable(self) -> int:
        assert self._frame is not None
        return affordable_rows(self._frame.record.sizes, LIVE_COST if self._running else REST_COST)

    def _marked_rows(self) -> IntArray:
        assert self._frame is not None
        count = len(self._frame.dataset.inputs)
        shown = min(count, MOST_MARKS, max(LEAST_MARKS, affordable_rows(self._frame.record.sizes, REST_COST)))
        return np.linspace(0, count - 1, shown).astype(np.int64) if shown else np.empty(0, np.int64)

    def _ask_rows(self) -> None:
        """Ask what the network makes of the rows that are drawn; the answer also says how it is fed."""
        assert self._frame is not None
        marks = self.plot.marks
        rows = marks.rows if marks is not None else self._marked_rows()
        now = time.monotonic()
        costly = len(rows) > self._affordable()
        if self._prepared is None or not costly or now - self._rows_asked_at > ROWS_SECONDS:
            self._rows_asked_at = now
            self._rows_asker.ask(Probe(self._frame.generation, rows=rows.copy()))

    def _ask_grid_and_maps(self) -> None:
        if self._frame is None or self._prepared is None or not self.isVisible():
            return
        plane = self._plane_in_view()
        if plane.y is None:
            columns, rows = min(CURVE_NODES, self._affordable()), 1
        else:
            side = min(LIVE_SIDE if self._running else REST_SIDE, math.isqrt(self._affordable()))
            columns = rows = max(LEAST_SIDE, side)
        probe = Probe(self._frame.generation, inputs=plane.nodes(columns, rows))
        self._grid_asker.ask(probe, (plane, columns, rows))
        self._ask_maps()

    @property
    def _maps_wanted(self) -> bool:
        return time.monotonic() < self._wanted_until

    def _ask_maps(self) -> None:
        """Ask for the units' activations, where they are seen or wanted elsewhere."""
        enlarged = self._kept is not None or self.focus.hovered is not None
        seen = self.isVisible() and (self.maps.isVisible() or enlarged)
        if self._frame is None or not (seen or self._maps_wanted):
            return
        if self._prepared is None:
            if not self._rows_asker.waits:
                self._ask_rows()
            return
        side = max(LEAST_SIDE, min(MAP_SIDE, math.isqrt(self._affordable())))
        plane = self._plane_in_view()
        columns, rows = (side, side) if plane.y is not None else (side, 1)
        probe = Probe(self._frame.generation, inputs=plane.nodes(columns, rows), layers=True)
        self._maps_asker.ask(probe, (plane, columns, rows))

    def _plane_in_view(self) -> Plane:
        bounds = self.plot.bounds
        return Plane(
            self.axes.across,
            self.axes.up,
            self.axes.pins,
            bounds.left(),
            bounds.right(),
            bounds.top(),
            bounds.bottom(),
        )

    # -- answers -----------------------------------------------------------------------------------

    def _take_rows(self, result: ProbeResult) -> None:
        first = self._prepared is None
        self._prepared = result.prepared
        self._classes = result.classes
        if first:
            self._take_mean(result.prepared)
            self._draw_marks()
            self._ask_grid_and_maps()
            self._ask_maps()
        self._show_read_out()

    def _take_mean(self, prepared: Prepared) -> None:
        assert self._frame is not None
        rows = prepared.train_rows
        sample = self._frame.dataset.inputs[rows[:: max(1, len(rows) // SAMPLE)]]
        self.axes.set_mean(mean_of_known(sample))

    def _take_grid(self, result: ProbeResult) -> None:
        self._plane, columns, rows = self._grid_asker.about
        self._grid = result.outputs.astype(np.float64).reshape(rows, columns, -1)
        self._step = result.step
        self._draw_grid()
        self._show_read_out()

    def _take_maps(self, result: ProbeResult) -> None:
        self._maps_plane, columns, rows = self._maps_asker.about
        self.maps.show_layers(tuple(a.reshape(rows, columns, -1) for a in result.activations), result.step)
        if self._looked_at is not None:
            self._draw_grid()

    # -- one unit ----------------------------------------------------------------------------------

    @property
    def _looked_at(self) -> Part | None:
        """The unit that fills the large picture: the one pointed at, or else the one kept."""
        part = self.focus.hovered
        if part is None or part.kind != "unit" or not part.layer:
            part = self._kept
        layers = self.maps.layers
        there = part is not None and part.layer <= len(layers) and part.unit < layers[part.layer - 1].shape[2]
        return part if there else None

    @Slot()
    def _look_closer(self) -> None:
        if self.isVisible():
            if not self.maps.isVisible() and self.focus.hovered is not None:
                self._ask_maps()
            self._draw_grid()

    def _keep(self, part: Part) -> None:
        """Let a unit fill the picture from now on, or no longer."""
        self._kept = None if part == self._kept else part
        self.focus.select(part)
        self._draw_grid()

    def _draw_unit(self, part: Part) -> None:
        plane, theme = self._maps_plane, self._theme
        assert plane is not None
        values, limit = self.maps.values(part)
        self.plot.set_bar(None)
        if plane.y is None:
            x = np.linspace(plane.left, plane.right, values.shape[1])
            self.plot.set_image(None, QRectF())
            self.plot.set_curves([Curve(x, values[0].astype(np.float64), QColor(theme.positive))])
            return
        fine = finer(placed(values[:, :, None], -limit, limit), self._cells, self._cells)[:, :, 0]
        at = QRectF(plane.left, plane.bottom, plane.right - plane.left, plane.top - plane.bottom)
        self.plot.set_curves([])
        self.plot.set_image(unit_picture(fine, theme), at)

    def _say_title(self) -> None:
        """Say what the large picture is."""
        part, frame = self._looked_at, self._frame
        text = self.tr("Decision surface")
        if frame is not None and not has_classes(frame.dataset.kind):
            text = self.tr("Network output")
        if part is not None and frame is not None:
            text = part_name(frame, part)
        moments = self.tr("live · after step {step}"), self.tr("after step {step}")
        step = numbers.grouped(self._step)
        known = self._plane is not None
        self._head.say(text, *(moment.format(step=step) for moment in moments if known))

    # -- drawing -----------------------------------------------------------------------------------

    @Slot()
    def _draw_grid(self) -> None:
        plane, frame, part = self._plane, self._frame, self._looked_at
        self._say_title()
        if frame is not None and part is not None and self._maps_plane is not None:
            self._draw_unit(part)
            return
        if plane is None or frame is None:
            return
        data = frame.dataset
        grid: FloatArray = self._grid
        if plane.y is None:
            self._draw_curves(plane)
            return
        self.plot.set_curves([])
        at, cells = (
            QRectF(plane.left, plane.bottom, plane.right - plane.left, plane.top - plane.bottom),
            self._cells,
        )
        if not has_classes(data.kind):
            low, high = self._heights()
            places = finer(placed(grid[:, :, self.axes.output, None], low, high), cells, cells)[:, :, 0]
            self.plot.set_image(height_picture(places, self._theme), at)
            self.plot.set_bar((low, high))
            return
        if grid.shape[2] <= FEW_OUTPUTS:
            cells = cells if grid.shape[2] <= 4 else cells // 2
            grid = finer(grid, cells, cells)
        shares = class_shares(grid, frame.experiment.loss.threshold)
        colours = class_colours(shares.shape[2], self._theme)
        self.plot.set_image(class_picture(shares, colours, self._theme), at)
        self.plot.set_bar(None)

    def _draw_curves(self, plane: Plane) -> None:
        assert self._frame is not None
        data = self._frame.dataset
        x = np.linspace(plane.left, plane.right, self._grid.shape[1])
        self.plot.set_image(None, QRectF())
        self.plot.set_bar(None)
        if not has_classes(data.kind):
            heights = self._grid[0, :, self.axes.output].astype(np.float64)
            self.plot.set_curves([Curve(x, heights, QColor(self._theme.positive))])
            return
        shares = class_shares(self._grid[0], self._frame.experiment.loss.threshold)
        colours = class_colours(shares.shape[1], self._theme)
        self.plot.set_curves(
            [Curve(x, shares[:, i].astype(np.float64), colour) for i, colour in enumerate(colours)]
        )

    def _draw_marks(self) -> None:
        if self._frame is None:
            return
        data = self._frame.dataset
        rows = self._marked_rows()
        inputs, targets = data.inputs[rows], data.targets[rows]
        held_out = np.zeros(len(rows), dtype=np.bool_)
        if self._prepared is not None:
            held_out = np.isin(rows, self._prepared.validation_rows)
        if not has_classes(data.kind):
            heights = targets[:, self.axes.output]
            share = 0.5 * (placed(heights, *self._heights()) + 1.0)
            groups = np.clip(np.rint(share * (HEIGHT_HUES - 1)), 0, HEIGHT_HUES - 1).astype(np.int64)
            steps = np.linspace(0.0, 1.0, HEIGHT_HUES).tolist()
            colours = [height_colour(step, 0.0, 1.0, self._theme) for step in steps]
        else:
            groups = target_classes(data.kind, targets)
            colours = class_colours(len(data.class_names), self._theme)
            heights = groups.astype(np.float64) if data.kind == "binary" else np.ones(len(rows))
        y = heights if self.axes.up is None else inputs[:, self.axes.up]
        marks = Marks(rows, inputs[:, self.axes.across], y, groups, colours, held_out, has_classes(data.kind))
        self.plot.set_marks(marks)

    def _heights(self) -> tuple[float, float]:
        """The range of the shown output's targets: fixed, so that colours mean the same all along."""
        assert self._frame is not None
        targets = self._frame.dataset.targets
        column = targets[:: max(1, len(targets) // SAMPLE), self.axes.output]
        low, high = float(column.min()), float(column.max())
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def _curve_range(self) -> tuple[float, float]:
        assert self._frame is not None
        if has_classes(self._frame.dataset.kind):
            return -MARGIN, 1.0 + MARGIN
        return _wider(*self._heights())

    def _draw_legend(self) -> None:
        if self._frame is None:
            return
        frame, theme = self._frame, self._theme
        names, sample = class_names(frame.dataset), self.focus.sample_in(frame)
        key = (names, theme, bool(frame.experiment.validation), sample, self.tr("this batch"))
        if key == self._explained:
            return
        self._explained = key
        colours = class_colours(len(names), theme)
        entries = [
            (
                mark_pixmap(colour, shape_of(group, len(names)), False, theme),
                self.tr("class {name}").format(name=name)
                if name.isdigit() and len(names) <= READ_OUT_CLASSES
                else name,
            )
            for group, (name, colour) in enumerate(zip(names, colours, strict=True))
        ]
        if (more := len(entries) - LEGEND_CLASSES) > 0:
            entries[LEGEND_CLASSES:] = [
                (QPixmap(), self.tr("and {count} more").format(count=numbers.grouped(more)))
            ]
        if len(names) == 2:  # the positive one first
            entries.reverse()
        ink, blank = QColor(theme.muted), QColor(theme.surface)
        if frame.experiment.validation:
            stamp = mark_pixmap(ink, 0, True, theme) if names else value_pixmap(ink, 0, True, theme)
            entries.append((stamp, self.tr("validation")))
        entries.append((outlined_pixmap(blank, 0, theme), self.tr("this batch")))
        shown = self.tr("sample {number}").format(number=sample + 1)
        entries.append((ring_pixmap(theme.selection), shown))
        self._legend.show_entries(entries, theme)

    # -- the mouse ---------------------------------------------------------------------------------

    def _point(self, at: QPointF | None) -> None:
        self._pointer = at
        self._show_read_out()

    @property
    def read_out(self) -> str:
        """What is said of the place under the mouse."""
        return self._read_out_text()

    def _show_read_out(self) -> None:
        text = self._read_out_text()
        moment = self.tr("The network with the parameters after step {0}").format(numbers.grouped(self._step))
        self._read_out.say(text, tip=f"{text}\n{moment}")

    def _read_out_text(self) -> str:
        frame, at = self._frame, self._pointer
        if frame is None or at is None or self._plane is None or not self._grid.size:
            return self.tr("Unit maps: hover or click")
        data, plane = frame.dataset, self._plane
        inputs = feature_names(data)
        text = f"{inputs[plane.x]} {numbers.short(at.x(), 3)}"
        if plane.y is not None:
            text += f" · {inputs[plane.y]} {numbers.short(at.y(), 3)}"
        across, up = plane.place(at.x(), at.y() if plane.y is not None else plane.bottom)
        outputs = value_at(self._grid, across, up)
        if not has_classes(data.kind):
            told = f"{output_names(data)[self.axes.output]} {numbers.short(float(outputs[self.axes.output]))}"
        else:
            shares = class_shares(outputs, frame.experiment.loss.threshold)
            best = np.argsort(-shares, kind="stable")[:READ_OUT_CLASSES].tolist()
            told = " · ".join(f"{class_names(data)[i]} {numbers.short(float(shares[i]), 2)}" for i in best)
        return f"{text}  →  {told}{self._mark_text(at)}"

    def _mark_text(self, at: QPointF) -> str:
        assert self._frame is not None
        mark, marks, data = self.plot.mark_at(at), self.plot.marks, self._frame.dataset
        if mark is None or marks is None:
            return ""
        row = int(marks.rows[mark])
        if not has_classes(data.kind):
            target = numbers.short(float(data.targets[row, self.axes.output]))
            return "   " + self.tr("row {0}: target {1}").format(row + 1, target)
        name = class_names(data)[int(marks.groups[mark])]
        if self._classes is None:
            return "   " + self.tr("row {0}: {1}").format(row + 1, name)
        predicted = class_names(data)[int(self._classes[mark])]
        return "   " + self.tr("row {0}: {1}, predicted {2}").format(row + 1, name, predicted)

    # -- Qt ----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Behind the layout, which says how large the plot is
        QTimer.singleShot(0, self, self._catch_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > WIDE * self.height()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(across if wide else down)
        over = self._head.sizeHint().height() + (self._note.height() if self._note.isVisible() else 0) + 8
        self._pictured.setMaximumHeight(16_777_215 if wide else max(self.width() + over, 1))
        room = wide or self.height() >= px(ROOM_FOR_MAPS)
        self.maps.setVisible(room)
        self._parts.setStretch(1, 2 if wide else int(room))

    def _open_axes(self) -> None:
        """Show what varies, and where the other inputs are pinned, over the plot."""
        self.axes.fill()
        self._popup.adjustSize()
        height = min(max(self.axes.sizeHint().height(), px(240)), self.window().height() - 40)
        self._popup.resize(self._popup.sizeHint().width(), height)
        button = self._axes_button
        corner = button.mapToGlobal(QPoint(button.width(), 0))
        self._popup.move(corner - QPoint(self._popup.width(), self._popup.height() + 4))
        self._popup.show()

    def _catch_up(self) -> None:
        if self._latest is not None and self.isVisible():
            self._state = None
            self._follow(self._latest)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Decision surface"))
        self.plot.setAccessibleName(self.tr("The network's output over two inputs"))
        self.plot.setToolTip(self.tr("The wheel zooms, dragging moves; click a row to trace it"))
        self.maps.setAccessibleName(self.tr("Maps of the units"))
        self._whole_button.setText(self.tr("All data"))
        self._whole_button.setToolTip(self.tr("See all rows again"))
        self._whole_button.setAccessibleName(self.tr("See all rows"))
        self._axes_button.setText(self.tr("Axes…"))
        self._axes_button.setToolTip(self.tr("Choose which inputs vary, and where the others stand"))
        self._say_title()
        self._say_where()
        self._draw_legend()
        self._show_read_out()


def _wider(low: float, high: float) -> tuple[float, float]:
    """A range with some margin, and of some width."""
    margin = MARGIN * (high - low) if high > low else 0.5
    return float(low - margin), float(high + margin)
