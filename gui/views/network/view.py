"""The network view: header, graph, legend and tooltip, where parts are selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QBoxLayout, QMenu, QVBoxLayout, QWidget

from engine.parts import Part
from engine.phases import PhaseKind
from gui.document.focus import Focus
from gui.style.theme import LIGHT, Theme
from gui.text import symbols
from gui.text.numbers import for_programs, grouped, short
from gui.text.parts import class_names, feature_names, layer_name, output_names, part_name
from gui.text.settings import word
from gui.training.messages import Frame, Freeze, SetParameter, Status
from gui.views.network.arrangement import MOST_CIRCLES, Arrangement, arrange, has_matrices
from gui.views.network.canvas import Canvas
from gui.views.network.choices import Choices, StrongestChoice
from gui.views.network.editor import ValueEditor
from gui.views.network.factors import lit_parts
from gui.views.network.facts import facts, gradient_of, moment, number_of
from gui.views.network.flow import Flow, waves
from gui.views.network.graph import ANTIALIASED, Mark, MarkStyle, Words
from gui.views.network.hover_tip import HoverTip
from gui.views.network.legend import JOINT, Explanation, Legend
from gui.views.network.navigation import Move, moved
from gui.views.network.quantities import Picture, Quantity
from gui.views.network.rings import Ring, Rings
from gui.views.network.search import Finder

ROOM_FOR_DIGITS, BESIDE = 16.0, "0.0·10⁻¹⁰"
"""Radius of outputs below which their numbers are beside their names, and the room for one."""
SETTLE = 200
"""Milliseconds of rest after which many lines are drawn antialiased."""
TICK = 33
"""Milliseconds from one picture of the flow to the next."""
HURRIED, FOLLOWED = 0.25, 0.5
"""Seconds between phases below which nothing flows, and from which it has all its time."""
SECONDS, QUICK = 0.6, 0.2
"""How long a flow runs, and when phases follow each other sooner; through all layers longer."""
PACES = {"on": 1.0, "slow": 2.5, "off": 0.0}
"""How much more time it takes, by the name of the choice; none is no flow at all."""


class NetworkView(QWidget):
    """The network as a graph.

    The mouse: the wheel zooms, dragging pans, hovering shows a part's numbers, a click selects it,
    Shift and a click choose a second part to compare with, a click on nothing clears, a double click
    edits a weight or bias, the right button has a menu.

    The keyboard, once the graph has the focus: Up and Down go to the next unit, bias or incoming
    weight; W and Shift+W go through the weights into a unit; B selects its bias and goes back; L selects
    its layer; C keeps what is selected for comparing, so that the next is compared with it; Return
    edits; K freezes and unfreezes; Escape clears. Shift+Left and Shift+Right go to the layer beside, or
    to the ends of a weight; without Shift they step the training.

    Parameters
    ----------
    focus : Focus
        What is looked at, here as elsewhere.
    read_only : bool
        Whether nothing can be done to weights and biases, because what is shown is a frozen copy.

    Signals
    -------
    parameter_edited(SetParameter), freeze_requested(Freeze)
        What the user wants to be done to a weight or bias.
    check_requested(Part)
        Its gradient is to be checked with finite differences.
    animation_changed()
    """

    parameter_edited = Signal(object)
    freeze_requested = Signal(object)
    check_requested = Signal(object)
    animation_changed = Signal()

    def __init__(self, focus: Focus, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self.focus = focus
        self._read_only = read_only
        self.setObjectName("networkView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._drawn: Frame | None = None
        self._theme = LIGHT
        self._quantity = Quantity.WEIGHTS
        self._batch = False
        self._hurried = self._passed = False
        self._hovered: Part | None = None
        self._veiled = False
        self._arranged: object = None
        self._pace = PACES["on"]
        self._last_frame = 0.0
        self._edited: Part | None = None

        header = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        header.setContentsMargins(14, 10, 14, 6)
        header.setSpacing(6)
        self._choices = Choices(self)
        self._choices.sample_chosen.connect(self._on_sample_chosen)
        self._choices.quantity_chosen.connect(self.set_quantity)
        header.addWidget(self._choices)
        header.addStretch(1)

        self._strongest = StrongestChoice(self)
        self._strongest.chosen.connect(self._on_strongest_chosen)
        self._canvas = Canvas(self)
        self._graph = self._canvas.graph
        self._tip = HoverTip(self._canvas)
        self.unit_map: Callable[[int, int], QPixmap | None] | None = None
        self._editor = ValueEditor(self._canvas)
        self._editor.committed.connect(self._on_committed)
        self._finder = Finder(self._canvas)
        self._finder.found.connect(self._on_found)
        self._legend = Legend(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self._strongest)
        column.addWidget(self._canvas, 1)
        column.addWidget(self._legend)

        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLE)
        self._rest.timeout.connect(self._settle)
        self._canvas.resized.connect(self._on_resized)
        self._canvas.view_changed.connect(self._stir)
        self._canvas.pointed.connect(self._on_pointed)
        self._canvas.clicked.connect(self._on_clicked)
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK)
        self._ticker.timeout.connect(self._tick)
        self._canvas.double_clicked.connect(self.edit)
        self._canvas.number_clicked.connect(self.edit)
        self._canvas.menu_requested.connect(self._show_menu)
        self._canvas.freeze_pressed.connect(self._on_freeze_pressed)
        self._canvas.move_requested.connect(self._on_move)
        self._canvas.edit_pressed.connect(self._on_edit_pressed)
        self._canvas.compare_pressed.connect(self._on_compare_pressed)
        self._canvas.clear_pressed.connect(self._clear)
        focus.part_changed.connect(self._on_selected)
        focus.comparison_changed.connect(self._mark)
        focus.sample_changed.connect(self._on_sample_changed)
        self.set_theme(LIGHT)
        self._follow_font()
        self._retranslate()

    # state

    @property
    def quantity(self) -> Quantity:
        """What colour and width mean."""
        return self._quantity

    @property
    def finder(self) -> Finder:
        """Where the name of what is looked for is typed."""
        return self._finder

    @property
    def strongest(self) -> StrongestChoice:
        """Where it is chosen how many lines there are where weights stand as matrices."""
        return self._strongest

    @property
    def whole_batch(self) -> bool:
        """Whether circles show the whole mini-batch, and not one sample of it."""
        return self._batch

    @property
    def choices(self) -> Choices:
        """Where it is chosen whose values circles show, and what lines show."""
        return self._choices

    @property
    def hovered(self) -> Part | None:
        """What is under the pointer."""
        return self._hovered

    @property
    def canvas(self) -> Canvas:
        """The pyqtgraph view."""
        return self._canvas

    @property
    def legend(self) -> Legend:
        """What explains colours and widths."""
        return self._legend

    @property
    def tip(self) -> HoverTip:
        """The live tooltip."""
        return self._tip

    @property
    def editor(self) -> ValueEditor:
        """Where a value is typed."""
        return self._editor

    @property
    def animated(self) -> bool:
        """Whether pulses show which way values and deltas go, when phases follow each other slowly."""
        return self._pace > 0

    @property
    def animation(self) -> str:
        """How they do: "on", "slow" or "off"."""
        return next(name for name, pace in PACES.items() if pace == self._pace)

    @property
    def is_flowing(self) -> bool:
        """Whether pulses are under way."""
        return self._ticker.isActive()

    # what to show

    def show_frame(self, frame: Frame) -> None:
        """Draw `frame`; a hidden view draws the latest when it is shown."""
        before, self._frame = self._frame, frame
        self._drop_lost(frame)
        now = perf_counter()
        pause, self._last_frame = now - self._last_frame, now
        # at full speed more pass before the next is read, however long that takes
        self._hurried = frame.status is Status.RUNNING and (frame.phase is None or pause < FOLLOWED)
        if self.isVisible():
            if self._drawn is None or self._passed or _pictured(frame) != _pictured(self._drawn):
                self._draw()
            if before is None or (frame.record, frame.phase) != (before.record, before.phase):
                self._flow(pause)

    def show_passing(self, frame: Frame) -> None:
        """Draw `frame`, but leave what is written: it passes faster than it can be read."""
        if self._drawn is None or not self.isVisible() or self._veiled:
            return
        self._passed = True
        sample = self.focus.sample_in(frame)
        self._graph.show_passing(Picture.of(frame, self._quantity, sample, batch=self._batch))
        self._stir()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._drawn = self._hovered = self._edited = None
        self._stop_flow()
        self._editor.close_editor()
        self._graph.set_marks(())
        self._update_tip()

    def set_rings(self, rings: Sequence[Ring]) -> None:
        """Say of weights, biases and units whether they agree, by rings around them."""
        self._graph.set_rings(Rings(rings) if rings else None)

    @Slot(bool)
    def set_animated(self, on: bool) -> None:
        """Let pulses show which way values and deltas go, or not."""
        self.set_animation("on" if on else "off")

    @Slot(str)
    def set_animation(self, name: str) -> None:
        """Let pulses run as fast as they do ("on"), in more time ("slow"), or not at all ("off")."""
        self._pace = PACES[name]
        if not self._pace:
            self._stop_flow()
        self.animation_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._canvas.setBackground(theme.canvas)
        self._canvas.focus_colour = theme.text
        self._graph.set_theme(theme)
        self._legend.set_theme(theme)

    def set_quantity(self, quantity: Quantity) -> None:
        """Choose what colour and width mean."""
        self._choices.show_quantity(quantity)
        if quantity is not self._quantity:
            self._quantity = quantity
            self._redraw()

    def show_whole_batch(self, on: bool) -> None:
        """Let circles show the whole mini-batch, or the one sample that is looked at."""
        if on is not self._batch:
            self._batch = on
            self._redraw()

    def set_veiled(self, veiled: bool) -> None:
        """Hide what the pass computes, so that it can be predicted; or show it again."""
        if veiled != self._veiled:
            self._veiled = veiled
            self._redraw()

    def point_out(self, part: Part | None) -> None:
        """Light a part as if the pointer were on it, until the pointer is on something."""
        self._hovered = part
        self._mark()

    @Slot()
    def find_unit(self) -> None:
        """Ask for the name of a unit or layer, and go there."""
        if self._drawn is not None:
            self._finder.open(self._drawn)

    @Slot()
    def fit(self) -> None:
        """Show the whole network."""
        self._canvas.fit()
        self._stir()

    # drawing

    def _draw(self) -> None:
        frame = self._frame
        assert frame is not None
        # first, for the canvas gets another size with it
        self._strongest.setVisible(has_matrices(frame.record.sizes))
        self._arrange()
        sample = self.focus.sample_in(frame)
        picture = Picture.of(frame, self._quantity, sample, batch=self._batch)
        if self._veiled:
            picture = picture.veiled(self._quantity)
        self._set_words(frame)
        self._graph.show_picture(picture, hurried=self._hurried)
        self._passed = False
        running = waves(frame, self._graph.arrangement, picture, self._graph.edges.limit, self.focus.part)
        self._strongest.show_count(self._graph.edges.strong, self._graph.edges.in_matrices)
        self._graph.set_arrows(() if self._hurried else running)
        self._choices.show_frame(
            frame, None if self._batch else sample, all_rows=frame.status is not Status.RUNNING
        )
        self._drawn = frame
        self._stir()
        self._mark()
        known = any(edges is not None for edges in picture.edges)
        self._legend.show_scale(self._graph.edges.limit if known else None, self._explanation(frame))
        self._update_tip()
        if frame.status is not Status.RUNNING:
            self._describe()

    def _redraw(self) -> None:
        if self._frame is not None and self.isVisible():
            self._draw()

    def _arrange(self) -> None:
        """Lay the network out, if it or its room is another than last time."""
        assert self._frame is not None
        frame, dataset = self._frame, self._frame.dataset
        size = self._canvas.viewport().size()
        key = (
            frame.record.sizes,
            size.width(),
            size.height(),
            dataset.feature_names,
            dataset.target_names,
            dataset.image_shape,
            frame.experiment.layers,
            frame.experiment.loss,
        )
        if key == self._arranged:
            return
        same_network = isinstance(self._arranged, tuple) and self._arranged[0] == key[0]
        old, seen = self._graph.arrangement.bounds, self._canvas.box.viewRect()
        self._arranged = key
        writing = self._graph.writing
        metrics = writing.metrics(writing.measures.small)
        widths = [
            max((metrics.horizontalAdvance(name) for name in some[:200]), default=0.0) + 4.0
            for some in (feature_names(dataset), self._output_names(frame))
        ]
        titles = self._titles(frame)
        arrangement = self._arranged_in(size, titles, (widths[0], widths[1]))
        outputs, beside = arrangement.layers[-1], 0.0
        if (
            outputs.grid is None
            and outputs.units > 1
            and outputs.radius < writing.measures.px(ROOM_FOR_DIGITS)
        ):
            beside = metrics.horizontalAdvance(BESIDE)
            arrangement = self._arranged_in(size, titles, (widths[0], widths[1] + beside + 6.0))
            if arrangement.names_above[1] or arrangement.names[1] < widths[1] + beside:
                beside = 0.0
        self._graph.set_arrangement(arrangement, beside)
        if self._canvas.fitted or not same_network:
            self._canvas.fit()
        else:
            x, y = arrangement.bounds.width / old.width, arrangement.bounds.height / old.height
            self._canvas.box.setRange(
                QRectF(seen.x() * x, seen.y() * y, seen.width() * x, seen.height() * y), padding=0.0
            )

    def _arranged_in(
        self, size: QSize, titles: Sequence[tuple[str, str, str, str]], names: tuple[float, float]
    ) -> Arrangement:
        """The network in a canvas of this size; over its layers one line, or two where names want them."""
        assert self._frame is not None
        writing = self._graph.writing
        head = writing.metrics(writing.measures.title, bold=True)
        for lines in (1, 2):
            arrangement = arrange(
                self._frame.record.sizes,
                size.width(),
                size.height(),
                names,
                self._frame.dataset.image_shape,
                not self._read_only,
                writing.measures,
                lines,
            )
            if all(
                head.horizontalAdvance(words[0]) <= place.title.width - 4
                for words, place in zip(titles, arrangement.layers, strict=True)
            ):
                break
        return arrangement

    def _titles(self, frame: Frame) -> list[tuple[str, str, str, str]]:
        layers = frame.experiment.layers
        name = layer_name(0, len(layers))
        titles = [(name, name, self._inputs_text(frame), self.tr("In"))]
        for number, layer in enumerate(layers, start=1):
            name, what = layer_name(number, len(layers)), word(layer.activation.name)
            brief = self.tr("H{number}").format(number=number)
            brief = self.tr("Out") if number == len(layers) else brief
            if layer.units > MOST_CIRCLES:
                text = self.tr("{activation} · {units} units", "", layer.units)
                what = text.format(activation=what, units=grouped(layer.units))
            both = self.tr("{layer} · {activation}").format(layer=name, activation=what)
            titles.append((both, name, what, brief))
        return titles

    def _output_names(self, frame: Frame) -> tuple[str, ...]:
        names = output_names(frame.dataset)
        if len(names) == 1 and frame.dataset.kind == "binary":  # the class whose probability it is
            return (self.tr("class {name}").format(name=names[0]),)
        return names

    def _set_words(self, frame: Frame) -> None:
        sample = self.focus.sample_in(frame)
        self._graph.set_words(
            Words(
                self._titles(frame),
                feature_names(frame.dataset),
                self._output_names(frame),
                self.tr("Loss of the batch"),
                ("", "")
                if self._batch
                else (self._sample_loss_text(sample), self._target_text(frame, sample)),
            )
        )

    def _sample_loss_text(self, sample: int) -> str:
        text = self.tr("sample {number}: {loss}")
        return text.format(number=sample + 1, loss="{loss}")

    def _target_text(self, frame: Frame, sample: int) -> str:
        """What the outputs should be: the class, or the numbers."""
        targets, names = frame.record.targets[sample], frame.dataset.class_names
        if frame.dataset.kind == "multiclass" and len(names) == len(targets) and targets.max() == 1.0:
            shown = class_names(frame.dataset)[int(np.argmax(targets))]
        else:
            shown = ", ".join(short(float(target), 3) for target in targets[:4])
            if len(targets) > 4:
                shown += ", …"
        if frame.record.target_scale is not None:
            return self.tr("scaled target {value}").format(value=shown)
        return self.tr("target {value}").format(value=shown)

    def _inputs_text(self, frame: Frame) -> str:
        count = frame.record.sizes[0]
        return self.tr("{count} features", "", count).format(count=grouped(count))

    def _explanation(self, frame: Frame) -> Explanation:
        record, phase, edges = frame.record, frame.phase, self._graph.edges
        step, batch = grouped(record.step), grouped(record.batch)
        mean = frame.experiment.reduction == "mean" and record.batch > 1
        if self._batch:
            above = self.tr("a: activation, mean of the batch of {batch}, step {step}").format(
                batch=batch, step=step
            )
            below = self.tr("δ = ∂L/∂z, sum over the batch")
        else:
            above = self.tr("a: activation, sample {number} of {batch}, step {step}").format(
                number=self.focus.sample_in(frame) + 1, batch=batch, step=step
            )
            below = (
                self.tr("δ = ∂L/∂z, with the mean's 1/{batch}").format(batch=batch)
                if mean
                else self.tr("δ = ∂L/∂z of the sample")
            )
        if self._quantity is Quantity.WEIGHTS:
            lines = self.tr("lines: w, b after step {step}").format(step=grouped(frame.step))
        elif self._quantity is Quantity.UPDATES:
            lines = self.tr("lines: Δw, Δb, what step {step} adds").format(step=step)
        elif phase is not None and phase.sample is not None:
            lines = self.tr("lines: ∂L/∂w, ∂L/∂b, share of sample {number}").format(number=phase.sample + 1)
        else:
            lines = self.tr("lines: ∂L/∂w, ∂L/∂b of the batch, step {step}").format(step=step)
        lines += JOINT + self.tr("solid +, dashed −")
        how = []
        if edges.in_matrices:
            how.append(self.tr("matrices: rows from, columns to, hatched −"))
        elif len(edges) < edges.total:
            strongest = self.tr("strongest {shown} of {total}")
            how.insert(0, strongest.format(shown=grouped(len(edges)), total=grouped(edges.total)))
        if self._graph.arrows:
            forward = phase is not None and phase.kind in (PhaseKind.FORWARD, PhaseKind.LOSS)
            how.append(
                self.tr("▶ the way a goes in this phase")
                if forward
                else self.tr("▶ the way δ goes in this phase")
            )
        how += [self.tr("? not known yet"), self.tr("thicker = larger")]
        if edges.in_matrices:
            how.append(self.tr("joined cells show the largest"))
        return Explanation(above, below, lines, JOINT.join(how))

    def _stir(self) -> None:
        """Something moves: draw many lines plainly until it rests."""
        if len(self._graph.edges) > ANTIALIASED:
            self._graph.moving = True
            self._rest.start()

    def _settle(self) -> None:
        self._graph.moving = False
        self._graph.update()

    def _on_resized(self) -> None:
        self._stop_flow()
        self._editor.close_editor()
        self._redraw()

    # what flows

    def _flow(self, pause: float) -> None:
        """Let the values or deltas of the phase run, if phases follow each other slowly enough."""
        self._stop_flow()
        frame, picture = self._frame, self._graph.picture
        if not self._pace or pause < HURRIED or frame is None or picture is None:
            return
        running = waves(frame, self._graph.arrangement, picture, self._graph.edges.limit, self.focus.part)
        if running:
            longest = self._pace * SECONDS
            seconds = longest * (1.0 + 0.3 * (len(running) - 1)) if pause >= FOLLOWED else QUICK
            self._graph.set_flow(Flow(running, perf_counter(), seconds))
            self._ticker.start()

    def _tick(self) -> None:
        flow = self._graph.flow
        if flow is not None and flow.advance(perf_counter()):
            self._graph.update()
        else:
            self._stop_flow()

    def _stop_flow(self) -> None:
        if self._ticker.isActive():
            self._ticker.stop()
            self._graph.set_flow(None)

    # hovering and selecting

    def _mark(self) -> None:
        if self._drawn is None:  # nothing is laid out that could be marked
            return
        lit = lit_parts(self._drawn, self.focus.part, self.focus.sample_in(self._drawn))
        styles = (
            *((part, MarkStyle.LIT) for part in lit),
            (self._hovered, MarkStyle.HOVERED),
            (self.focus.comparison, MarkStyle.COMPARED),
            (self.focus.part, MarkStyle.SELECTED),
        )
        self._graph.set_marks(Mark(part, style) for part, style in styles if part is not None)

    def _drop_lost(self, frame: Frame) -> None:
        """Forget parts that the network no longer has."""
        sizes = frame.record.sizes
        if self._edited is not None and not self._edited.exists(sizes):
            self._editor.close_editor()
        if self._hovered is not None and not self._hovered.exists(sizes):
            self._hovered = None

    def _on_selected(self) -> None:
        self._mark()
        self._describe()

    def _on_pointed(self, part: Part | None) -> None:
        if part != self._hovered:
            self._hovered = part
            self.focus.hover(part)
            self._mark()
        self._update_tip()

    def _update_tip(self) -> None:
        if self._hovered is None or self._drawn is None:
            self._tip.hide()
            return
        frame, part = self._drawn, self._hovered
        wanted = self.unit_map is not None and part.kind == "unit" and part.layer > 0
        picture = self.unit_map(part.layer, part.unit) if wanted and self.unit_map else None
        sample = self.focus.sample_in(frame)
        title, when, numbers = part_name(frame, part), moment(frame, sample), facts(frame, part, sample)
        self._tip.show_facts(title, when, numbers, self._canvas.pointer, picture)

    def _on_clicked(self, part: Part | None, shift: bool) -> None:
        if part is None:
            self._clear()
        elif shift and self.focus.part is not None:
            self.focus.compare(None if part == self.focus.comparison else part)
        else:
            self.focus.select(part)

    def _clear(self) -> None:
        self.focus.compare(None)
        self.focus.select(None)

    def _on_move(self, move: Move) -> None:
        if self._drawn is not None:
            self.focus.select(moved(self.focus.part, move, self._drawn.record.sizes))
            self._show_selection()

    # editing

    @Slot(object)
    def edit(self, part: Part) -> None:
        """Open the field for the value of a weight or bias."""
        frame = self._drawn
        if frame is None or self._read_only or part.kind not in ("weight", "bias"):
            return
        self._edited = part
        largest = float(np.finfo(frame.experiment.dtype).max)
        name = part_name(frame, part)
        self._tip.hide()
        self._editor.open(
            symbols.part_plain(part), name, frame.parameter(part), largest, self._place_of(part)
        )

    def _place_of(self, part: Part) -> QPoint:
        """The pixel of the middle of a line, a square, a unit, a title or the loss."""
        layers = self._graph.arrangement.layers
        if part.kind == "loss":
            return self._canvas.pixel(*self._graph.arrangement.loss.centre)
        place = layers[part.layer]
        if part.kind == "layer":
            return self._canvas.pixel(*place.title.centre)
        if part.kind == "weight":
            middle = (layers[part.layer - 1].centres[part.source] + place.centres[part.unit]) / 2
            return self._canvas.pixel(*middle.tolist())
        spots = place.biases if part.kind == "bias" else place.centres
        return self._canvas.pixel(*spots[part.unit].tolist())

    def _on_committed(self, value: float) -> None:
        frame, part = self._drawn, self._edited
        self._edited = None
        if frame is not None and part is not None and part.exists(frame.record.sizes):
            self.parameter_edited.emit(SetParameter(part, value))

    def _on_edit_pressed(self) -> None:
        if self.focus.part is not None:
            self.edit(self.focus.part)

    def _on_freeze_pressed(self) -> None:
        part, frame = self.focus.part, self._drawn
        if part is not None and frame is not None and part.is_parameter and not self._read_only:
            self.freeze_requested.emit(Freeze(part, not frame.is_frozen(part)))

    # the menu

    def _show_menu(self, part: Part | None, at: QPoint) -> None:
        if part is None and self.focus.part is not None:
            part = self.focus.part
            at = self._canvas.viewport().mapToGlobal(self._place_of(part))
        if part is not None and self._drawn is not None:
            self.menu(part).popup(at)

    def menu(self, part: Part) -> QMenu:
        """What can be done with a part of the network."""
        frame = self._drawn
        assert frame is not None
        menu = QMenu(self)
        menu.setObjectName("networkMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_parameter = part.is_parameter and not self._read_only
        sample = self.focus.sample_in(frame)
        if is_parameter:
            held = frame.is_frozen(part)
            menu.addAction(self.tr("Edit value…"), lambda: self.edit(part))
            menu.addAction(
                self.tr("Unfreeze") if held else self.tr("Freeze"),
                lambda: self.freeze_requested.emit(Freeze(part, not held)),
            )
            menu.addSeparator()
        for text, number in (
            (self.tr("Copy number"), number_of(frame, part, sample)),
            (self.tr("Copy gradient"), gradient_of(frame, part, sample)),
        ):
            copied = "" if number is None else for_programs(number)
            action = menu.addAction(text, partial(QGuiApplication.clipboard().setText, copied))
            action.setEnabled(number is not None)
        menu.addSeparator()
        following = menu.addMenu(self.tr("Select next"))
        for text, move in (
            (self.tr("Incoming weight (W)"), Move.NEXT_WEIGHT),
            (self.tr("Bias (B)"), Move.BIAS),
            (self.tr("Layer (L)"), Move.LAYER),
            (self.tr("To the left"), Move.LEFT),
            (self.tr("To the right"), Move.RIGHT),
        ):
            to = moved(part, move, frame.record.sizes)
            action = following.addAction(text, partial(self.focus.select, to))
            action.setEnabled(to != part)
        if self.focus.part is not None and part != self.focus.part:
            menu.addAction(self.tr("Compare with selection"), lambda: self.focus.compare(part))
        if is_parameter:
            check = menu.addAction(self.tr("Check this gradient"), lambda: self._check(part))
            check.setEnabled(gradient_of(frame, part, sample) is not None)
        return menu

    def _check(self, part: Part) -> None:
        self.focus.select(part)
        self.check_requested.emit(part)

    def _on_compare_pressed(self) -> None:
        self.focus.compare(None if self.focus.part == self.focus.comparison else self.focus.part)

    def _show_selection(self) -> None:
        """Pan so far that the selected unit can be seen."""
        part = self.focus.part
        if part is None or part.kind in ("layer", "loss") or self._canvas.fitted:
            return
        x, y = self._graph.arrangement.layers[part.layer].centres[part.unit].tolist()
        seen = self._canvas.box.viewRect()
        if not seen.contains(x, y):
            self._canvas.box.translateBy(x=x - seen.center().x(), y=y - seen.center().y())
            self._stir()

    def _describe(self) -> None:
        """Say what is selected to who cannot see it."""
        frame, part, text = self._frame, self.focus.part, ""
        if part is not None and frame is not None:
            sample = self.focus.sample_in(frame)
            value, gradient = number_of(frame, part, sample), gradient_of(frame, part, sample)
            text = part_name(frame, part)
            if value is not None:
                text = self.tr("{part}, {value}").format(part=text, value=short(value))
            if gradient is not None:
                text = self.tr("{part}, gradient {gradient}").format(part=text, gradient=short(gradient))
            if frame.is_frozen(part):
                text = self.tr("{part}, frozen").format(part=text)
            text = self.tr("{part}, selected").format(part=text)
        self._canvas.setAccessibleDescription(text)

    def _on_sample_chosen(self, sample: int | None) -> None:
        self.show_whole_batch(sample is None)
        if sample is not None:
            self.focus.show_sample(sample)
        self._redraw()

    def _on_strongest_chosen(self, most: int | None) -> None:
        self._graph.show_strongest(most)
        self._strongest.show_count(self._graph.edges.strong, self._graph.edges.in_matrices)
        self._stir()

    def _on_found(self, part: Part) -> None:
        self.focus.select(part)
        self._show_selection()

    def _on_sample_changed(self) -> None:
        self._batch = False
        self._redraw()

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the latest frame."""
        super().showEvent(event)
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget the pointer."""
        super().hideEvent(event)
        self._rest.stop()
        self._stop_flow()
        self._editor.close_editor()
        self._on_pointed(None)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._follow_font()
            self._arranged = None
            self._redraw()

    def _follow_font(self) -> None:
        self._graph.set_font(self.font())
        self._legend.set_measures(self._graph.measures)

    def _retranslate(self) -> None:
        self._canvas.setAccessibleName(self.tr("Network graph"))
        self._canvas.setWhatsThis(
            self.tr(
                "Wheel: zoom. Drag: pan. F: fit. Click: select. Shift+click: compare. Click on a number, or "
                "double click: edit. "
                "Right button: menu. "
                "With the keyboard: Up and Down go to the next unit, bias or weight; W and Shift+W go "
                "through the weights into a unit; B selects its bias; L selects its layer; C keeps the "
                "selection for comparing; Return edits; K freezes; Escape clears. Shift+Left and "
                "Shift+Right go from layer to layer."
            )
        )
        self._arranged = None
        self._redraw()


def _pictured(frame: Frame) -> tuple[object, ...]:
    """What of a frame is in the picture: it is drawn anew when that is another."""
    return frame.record, frame.phase, frame.status, frame.dataset
