"""The phases of the step as a row of boxes: where it is, and the way to any other phase of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import Enum
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from engine.functions.table import Range
from engine.phases import Phase, PhaseKind, phases_by_layer
from gui.style.theme import LIGHT, Theme, blend
from gui.text.parts import layer_name
from gui.text.plain import tooltip
from gui.training.messages import Frame, Reveal, Status
from gui.widgets.number_box import NumberBox

SIDE = 10
"""Pixels at both ends of the row, beside the room for a box's own ring."""

RING = 4.0
"""Pixels around a box, for the ring of the one that has the keyboard."""

POINTER = 8.0
"""Height of what points from the present phase down to its formula."""

BOX = 2.2
"""Height of a box against that of its text."""

PADDING = 3.0
TICK = "✓ "
FEWEST_JOINED = 3
"""Layers from which on the boxes of a direction may be joined to one."""

STEADY = 0.4
"""Seconds that a phase lasts at least to be shown while running: quicker ones would only flash."""

DIMMED = 0.5


class State(Enum):
    """What has become of a phase."""

    DONE = "done"
    PRESENT = "present"
    TO_COME = "to come"


class Fit(NamedTuple):
    """How the boxes are written where there is less room: the next is taken where one does not fit."""

    ticks: bool = True
    whole_words: bool = True
    joined: bool = False
    own_box: bool = True


FITS = (
    Fit(),
    Fit(ticks=False),
    Fit(ticks=False, whole_words=False),
    Fit(joined=True),
    Fit(ticks=False, joined=True),
    Fit(ticks=False, whole_words=False, joined=True),
    Fit(ticks=False, whole_words=False, joined=True, own_box=False),
)


def stops(layers: int) -> tuple[Phase, ...]:
    """The phases of a step that have a box each."""
    return Phase(PhaseKind.INPUT), *phases_by_layer(layers)


def stop_of(phase: Phase | None, layers: int) -> int:
    """The place among `stops` of the one that a phase of any granularity belongs to."""
    if phase is None:
        return 2 * layers + 2
    if phase.kind is PhaseKind.FACTOR:
        return 2 * layers + 2 - phase.layer
    if phase.kind is PhaseKind.FORWARD and not phase.layer:  # all layers at once
        return layers
    if phase.kind is PhaseKind.BACKWARD and not phase.layer:
        return 2 * layers + 1
    return stops(layers).index(phase._replace(sample=None))


class PhaseRibbon(QWidget):
    """A box for each phase: done ones have a tick, the present one is dark, those to come are dashed.

    A click goes to a phase, within the step that is shown. Where the layers are too many for the width,
    those of a direction share a box with a field for the layer's number, and the present one has a box
    of its own beside it. Whatever it shows, it asks for no width, and its height is always the same.

    Signals
    -------
    command(Reveal)
        What brings the worker to a phase.
    """

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phaseRibbon")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._frame: Frame | None = None
        self._layers = 0
        self._at: int | None = None
        self._asked: int | None = None
        self._running = False
        self._shown_at = 0.0
        self._theme = LIGHT
        self._fit = Fit()
        self._boxes: list[_Box] = []
        self._joined = {kind: _Joined(self, kind) for kind in (PhaseKind.FORWARD, PhaseKind.BACKWARD)}
        for joined in self._joined.values():
            joined.hide()
            joined.clicked.connect(self._clicked)
            joined.chosen.connect(self.go)

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def fit(self) -> Fit:
        """How the boxes are written at this width."""
        return self._fit

    @property
    def states(self) -> tuple[State, ...]:
        """What has become of each of the `stops`."""
        return tuple(self._state(index) for index in range(2 * self._layers + 3 if self._layers else 0))

    def box(self, index: int) -> QAbstractButton:
        """The box of a phase, by its place among `stops`."""
        return self._boxes[index]

    def joined_box(self, kind: PhaseKind) -> QAbstractButton:
        """The box that the layers of a direction share where there is no room for theirs."""
        return self._joined[kind]

    def show_frame(self, frame: Frame) -> None:
        """Show where the phase of `frame` is among the others."""
        now = time.monotonic()
        quick, self._shown_at = now - self._shown_at < STEADY, now
        self._frame, self._asked = frame, None
        self._running = frame.status is Status.RUNNING
        layers = len(frame.record.z)
        if layers != self._layers:
            self._make_boxes(layers)
        hidden = frame.phase is None or (self._running and quick)
        self._at = None if hidden else stop_of(frame.phase, layers)
        self._show()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._asked = None

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for box in self._all():
            box.theme = theme
            box.update()

    def _all(self) -> Iterator[_Box]:
        yield from self._boxes
        yield from self._joined.values()

    def _state(self, index: int) -> State:
        if self._at is None or index < self._at:
            return State.DONE
        return State.PRESENT if index == self._at else State.TO_COME

    def _make_boxes(self, layers: int) -> None:
        for box in self._boxes:
            box.hide()
            box.deleteLater()
        self._layers = layers
        self._boxes = [_Box(self, index) for index in range(2 * layers + 3)]
        for box in self._boxes:
            box.theme = self._theme
            box.clicked.connect(self._clicked)
        for kind, joined in self._joined.items():
            forward = kind is PhaseKind.FORWARD
            joined.set_layers(range(1, layers + 1) if forward else range(layers + 2, 2 * layers + 2), layers)
        before: QWidget | None = None
        for box in self._in_order():  # the keyboard goes through them as they lie
            if before is not None:
                QWidget.setTabOrder(before, box)
            before = box.last_widget
        self._name()
        self._lay_out()

    def _in_order(self) -> Iterator[_Box]:
        layers = self._layers
        yield self._boxes[0]
        yield self._joined[PhaseKind.FORWARD]
        yield from self._boxes[1 : layers + 2]
        yield self._joined[PhaseKind.BACKWARD]
        yield from self._boxes[layers + 2 :]

    def _show(self) -> None:
        """Give each box what has become of its phase."""
        for box in self._boxes:
            box.show_state(self._state(box.index), self._running)
        for joined in self._joined.values():
            joined.show_place(self._at, self._running, own_box=self._fit.own_box)
        if self._fit.joined:
            self._place()

    # -- going there -------------------------------------------------------------------------------

    @Slot()
    def next_phase(self) -> None:
        """Go one phase further, within this step."""
        self._go_on(1)

    @Slot()
    def previous_phase(self) -> None:
        """Go one phase back, within this step."""
        self._go_on(-1)

    def _go_on(self, by: int) -> None:
        if self._frame is None:
            return
        at = stop_of(self._frame.phase, self._layers) if self._asked is None else self._asked
        if 0 <= at + by < len(self._boxes):
            self.go(at + by)

    @Slot(int)
    def go(self, index: int) -> None:
        """Go to a phase, by its place among `stops`; nothing is asked twice."""
        frame = self._frame
        if frame is None or index == self._asked:
            return
        phase = stops(self._layers)[index]
        if self._asked is None and not self._running and phase == frame.phase:
            return
        self._asked = index
        self.command.emit(Reveal(phase))

    @Slot()
    def _clicked(self) -> None:
        box = self.sender()
        assert isinstance(box, _Box)
        self.go(box.index)

    # -- the layout --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(0, round(RING + BOX * QFontMetricsF(self.font()).height() + POINTER + 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Find how the boxes can be written in this width, and put them there."""
        if not self._boxes:
            return
        joinable = self._layers >= FEWEST_JOINED
        fits = [fit for fit in FITS if joinable or not fit.joined]
        self._fit = next((fit for fit in fits if sum(self._widths(fit)) <= self.width() - 2 * SIDE), fits[-1])
        for box in self._all():
            box.fit = self._fit
        for joined in self._joined.values():
            joined.setVisible(self._fit.joined)
        self._show()
        self._place()

    def _row(self, fit: Fit) -> list[_Box]:
        """The boxes that are seen, from left to right."""
        if not fit.joined:
            return self._boxes
        layers, row = self._layers, [self._boxes[0]]
        for joined, single in (
            (self._joined[PhaseKind.FORWARD], self._boxes[layers + 1]),
            (self._joined[PhaseKind.BACKWARD], self._boxes[-1]),
        ):
            row.append(joined)
            if fit.own_box:
                row.append(self._boxes[joined.own])
            row.append(single)
        return row

    def _widths(self, fit: Fit) -> list[int]:
        """What each box of the row needs; one that stands for any layer, what the widest of them does."""
        row, layers = self._row(fit), self._layers
        widths = [box.width_of(fit) for box in row]
        if fit.joined and fit.own_box:
            for place, first in ((2, 1), (5, layers + 2)):
                widths[place] = max(box.width_of(fit) for box in self._boxes[first : first + layers])
        return widths

    def _place(self) -> None:
        row, widths = self._row(self._fit), self._widths(self._fit)
        spare, rest = divmod(self.width() - 2 * SIDE - sum(widths), len(row))
        seen, left = set(row), SIDE
        for box in self._boxes:
            box.setVisible(box in seen)
        for place, (box, needed) in enumerate(zip(row, widths, strict=True)):
            width = max(needed + spare + (place < rest), round(2 * RING) + 8)
            box.setGeometry(left, 0, width, self.height())
            left += width

    # -- words -------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            if self._boxes:
                self._name()
            self._lay_out()
        elif event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._lay_out()
        super().changeEvent(event)

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Phases of the step"))
        names = {
            PhaseKind.INPUT: (self.tr("Data"), self.tr("Data")),
            PhaseKind.FORWARD: (self.tr("Forward {number}"), self.tr("Fwd {number}")),
            PhaseKind.LOSS: (self.tr("Loss"), self.tr("Loss")),
            PhaseKind.BACKWARD: (self.tr("Backward {number}"), self.tr("Bwd {number}")),
            PhaseKind.UPDATE: (self.tr("Update"), self.tr("Update")),
        }
        tips = {
            PhaseKind.INPUT: self.tr("Data: the rows of the mini-batch, as they are fed in"),
            PhaseKind.FORWARD: self.tr("Forward {number}: what {layer} makes of what comes in"),
            PhaseKind.LOSS: self.tr("Loss: how far the outputs are from the targets"),
            PhaseKind.BACKWARD: self.tr("Backward {number}: the δ of {layer} and its gradients"),
            PhaseKind.UPDATE: self.tr("Update: every weight and bias takes its step"),
        }
        states = {
            State.DONE: self.tr("{phase}, done"),
            State.PRESENT: self.tr("{phase}, shown now"),
            State.TO_COME: self.tr("{phase}, still to come"),
        }
        keys = self.tr("Alt+← and Alt+→ go from phase to phase.")
        for box, phase in zip(self._boxes, stops(self._layers), strict=True):
            number, layer = phase.layer, layer_name(phase.layer, self._layers) if phase.layer else ""
            long, short = (name.format(number=number) for name in names[phase.kind])
            box.name(long, short, states)
            box.setToolTip(tooltip(f"{tips[phase.kind].format(number=number, layer=layer)}\n{keys}"))
        for kind, joined in self._joined.items():
            forward = kind is PhaseKind.FORWARD
            numbers = f"1…{self._layers}" if forward else f"{self._layers}…1"
            long, short = (name.format(number=numbers) for name in names[kind])
            joined.name(long, short, states)
            joined.setToolTip(tooltip(f"{long}\n{keys}"))
            field = self.tr("Layer of the forward pass") if forward else self.tr("Layer of the backward pass")
            joined.field.setAccessibleName(field)
            joined.field.setToolTip(tooltip(field))


class _Box(QAbstractButton):
    """The box of a phase."""

    def __init__(self, parent: QWidget, index: int) -> None:
        super().__init__(parent)
        self.index = index
        self.theme, self.fit = LIGHT, Fit()
        self.state = State.TO_COME
        self._dimmed = False
        self._long = self._short = ""
        self._states: dict[State, str] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def last_widget(self) -> QWidget:
        """The last in it that the keyboard goes to."""
        return self

    def name(self, long: str, short: str, states: dict[State, str]) -> None:
        """Say what it is called, and what is said of it in each state."""
        self._long, self._short, self._states = long, short, states
        self._speak()

    def show_state(self, state: State, dimmed: bool) -> None:
        """Show what has become of the phase."""
        if (state, dimmed) != (self.state, self._dimmed):
            self.state, self._dimmed = state, dimmed
            self._speak()
            self.update()

    def _speak(self) -> None:
        self.setText(self._long)
        said = self._states.get(self.state, "{phase}").format(phase=self._long)
        if said != self.accessibleName():
            self.setAccessibleName(said)

    def written(self, fit: Fit) -> str:
        """What stands in it."""
        return self._long if fit.whole_words else self._short

    def width_of(self, fit: Fit) -> int:
        """What it needs, in whatever state: the present phase is bold, one that is done has a tick."""
        written, tick = self.written(fit), TICK if fit.ticks else ""
        bold = QFontMetricsF(_bold(self.font())).horizontalAdvance(written)
        done = QFontMetricsF(self.font()).horizontalAdvance(tick + written)
        return ceil(max(bold, done) + 2 * (PADDING + RING))

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.fit), 40)

    @property
    def area(self) -> QRectF:
        """The box itself, without its ring and pointer."""
        return QRectF(self.rect()).adjusted(RING, RING, -RING, -POINTER - 2.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, box = QPainter(self), self.theme, self.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._dimmed:
            painter.setOpacity(DIMMED)
        present, done = self.state is State.PRESENT, self.state is State.DONE
        line = QPen(QColor(theme.accent if present else theme.muted), 1.0)
        if self.state is State.TO_COME:
            line.setStyle(Qt.PenStyle.CustomDashLine)
            line.setDashPattern([3.0, 3.0])
        fill = QColor(theme.accent) if present else QColor(theme.surface)
        if done:
            fill = blend(theme.surface, theme.muted, 0.16)
        if self.underMouse() and not present:
            fill = blend(fill, theme.muted, 0.12)
        painter.setPen(line)
        painter.setBrush(fill)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6.0, 6.0)
        if present:
            x, y = box.center().x(), box.bottom()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            tip = (QPointF(x - POINTER, y - 1), QPointF(x + POINTER, y - 1), QPointF(x, y + POINTER - 1))
            painter.drawPolygon(QPolygonF(tip))
        painter.setFont(_bold(self.font()) if present else self.font())
        painter.setPen(QColor(theme.accent_text if present else theme.text if done else theme.muted))
        self._paint_text(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.text), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-3.0, -3.0, 3.0, 3.0), 8.0, 8.0)

    def _paint_text(self, painter: QPainter, box: QRectF) -> None:
        ticked = self.state is State.DONE and self.fit.ticks
        text = f"{TICK}{self.written(self.fit)}" if ticked else self.written(self.fit)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, round(box.width()) - 4)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class _Joined(_Box):
    """The box that the layers of one direction share, with a field for the number of one.

    Signals
    -------
    chosen(int)
        A phase, by its place among the stops.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget, kind: PhaseKind) -> None:
        super().__init__(parent, 0)
        self.setObjectName(f"{kind.value}Joined")
        self._stops = range(0)
        self._layers = 0
        self.own = 0
        """The stop that has a box of its own beside it."""
        self.field = NumberBox(Range(1, 1), whole=True, characters=2, parent=self)
        self.field.setObjectName(f"{kind.value}Layer")
        self.field.edited.connect(self._typed)

    @property
    def last_widget(self) -> QWidget:
        return self.field

    def set_layers(self, stops: range, layers: int) -> None:
        """Stand for these stops of a network."""
        self._stops, self._layers = stops, layers
        self.field.set_range(Range(1, layers))
        self.index = self.own = stops.start

    def show_place(self, at: int | None, dimmed: bool, *, own_box: bool) -> None:
        """Show how far the direction has come; `at` is the present stop, None if all are done."""
        first, last = self._stops.start, self._stops.stop - 1
        self.own = self.index = last if at is None else min(max(at, first), last)
        layer = self._layer_of(self.own)
        if layer != self.field.value:
            self.field.set_value(layer)
        state = State.DONE if at is None or at > last else State.TO_COME
        if at is not None and first <= at <= last and not own_box:
            state = State.PRESENT
        self.show_state(state, dimmed)

    def _layer_of(self, stop: int) -> int:
        return stop if self._stops.start == 1 else 2 * self._layers + 2 - stop

    def _typed(self, value: float | str) -> None:
        if isinstance(value, str) or not 1 <= value <= self._layers or value != round(value):
            self.field.set_value(self._layer_of(self.own))
            return
        layer = round(value)
        self.chosen.emit(layer if self._stops.start == 1 else 2 * self._layers + 2 - layer)

    def width_of(self, fit: Fit) -> int:
        return super().width_of(fit) + self.field.sizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        box, width = self.area, self.field.sizeHint().width()
        height = min(self.field.sizeHint().height(), round(box.height()) - 4)
        top = round(box.center().y() - height / 2)
        self.field.setGeometry(round(box.right()) - width - 3, top, width, height)

    def _paint_text(self, painter: QPainter, box: QRectF) -> None:
        super()._paint_text(painter, box.adjusted(0, 0, -self.field.width() - 3, 0))


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
