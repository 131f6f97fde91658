"""The graph as one item of a pyqtgraph view: it paints, and finds what lies at a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.arrays import FloatArray
from engine.parts import Part
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import grouped, short, superscript
from gui.views.network.arrangement import Arrangement, Box, LayerPlace, arrange
from gui.views.network.buckets import (
    THINNEST,
    UNKNOWN,
    Buckets,
    Palette,
    buckets,
    robust_limit,
)
from gui.views.network.chips import Chips
from gui.views.network.edges import Edges
from gui.views.network.flow import ARROW, CROWDED, LENGTH, Flow, Wave, paint_arrows
from gui.views.network.heat import Heat
from gui.views.network.labels import Labels
from gui.views.network.legend import JOINT
from gui.views.network.lens import Lens, around
from gui.views.network.measures import Measures
from gui.views.network.quantities import Picture
from gui.views.network.rings import Rings
from gui.views.network.storeys import UNKNOWN_SIGN, Shown, Storeys, Written, pill_box
from gui.views.network.writing import DIGITS, Writing

ANTIALIASED = 500
"""Up to so many lines are always antialiased; more only while nothing moves."""
MANY = 120
"""Lines from which weak ones are pale, so that the strong are seen."""
LOCK_AT = 0.68
"""Where on its way a frozen weight has its lock."""


class Words(NamedTuple):
    """The words on the graph, in the user's language.

    Attributes
    ----------
    titles : sequence of (str, str, str, str)
        Of each layer, the inputs first: its name with what it is, its name, what it is, and a very short
        name.
    inputs, outputs : sequence of str
        Names at the units of the first and the last layer; may be empty.
    loss : str
        Over the loss of the mini-batch.
    under_loss : (str, str)
        Of the sample that is shown: its loss, with {loss} for the number, and its target. Empty for all.
    """

    titles: Sequence[tuple[str, str, str, str]]
    inputs: Sequence[str]
    outputs: Sequence[str]
    loss: str
    under_loss: tuple[str, str]


class MarkStyle(Enum):
    """How a marked part is drawn; a lit one has a glow around it."""

    LIT = "lit"
    HOVERED = "hovered"
    COMPARED = "compared"
    SELECTED = "selected"


class Mark(NamedTuple):
    """A part of the graph drawn in another style, over all others."""

    part: Part
    style: MarkStyle


class NetworkGraph(pg.GraphicsObject):  # type: ignore[misc]
    """Units, weights and biases of a network, drawn from a `Picture`.

    World coordinates are mapped to pixels in NumPy and painted without a transform: pens keep their
    widths at any zoom, and lines take the painter's fast path. What is written lies over the lines and
    circles; while these pass faster than can be read it is pasted from a copy.
    """

    def __init__(self) -> None:
        super().__init__()
        self.edges = Edges()
        self.moving = False
        """While it is, only few lines are antialiased."""
        self.arrangement: Arrangement = arrange((1, 1), 400.0, 300.0)
        self._picture: Picture | None = None
        self._told: Picture | None = None
        """The one whose numbers are written: `_picture`, but for what passes faster than can be read."""
        self._words = Words((), (), (), "", ("", ""))
        self._marks: tuple[Mark, ...] = ()
        self._beside = 0.0
        self._written: Written = {}
        self._shown: list[Shown] = []
        self._told_shown: list[Shown] = []
        self._hurried = False
        self._over: QPixmap | None = None
        self._over_key: object = None
        self._chips = Chips()
        self._labels: Labels | None = None
        self._labels_key: object = None
        self._arrows: tuple[Wave, ...] = ()
        self._pens: dict[tuple[int, bool], Sequence[QPen]] = {}
        self._flow: Flow | None = None
        self._lens: Lens | None = None
        self._rings: Rings | None = None
        self._most: int | None = 0
        self._lines_key: object = None
        self._lines: QPixmap | None = None
        self.set_font(QFont())
        self.set_theme(LIGHT)

    # what is shown

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme, self._palette = theme, Palette(theme)
        self._heat = Heat(theme, self._palette)
        self._storeys = Storeys(theme, self._palette)
        self._pens.clear()
        self._lines_key = None
        self.update()

    def set_font(self, font: QFont) -> None:
        """Write in this font, in digits of one width."""
        self._writing = Writing(font)
        self._labels_key = None
        self.update()

    @property
    def measures(self) -> Measures:
        """All sizes, of the size of the text."""
        return self._writing.measures

    @property
    def writing(self) -> Writing:
        """The fonts."""
        return self._writing

    def set_words(self, words: Words) -> None:
        """Write these names."""
        self._words = words
        self.update()

    @property
    def written(self) -> Written:
        """The numbers that are on the picture, as they were written when it was last painted."""
        return dict(self._written)

    @property
    def picture(self) -> Picture | None:
        """The numbers that are drawn."""
        return self._picture

    def set_arrows(self, arrows: tuple[Wave, ...]) -> None:
        """Show which way the values of the phase go, as long as it lasts."""
        self._arrows = arrows
        self.update()

    @property
    def arrows(self) -> tuple[Wave, ...]:
        """Which way the values of the phase go."""
        return self._arrows

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Draw these parts over all others; the last one on top."""
        marks = tuple(marks)
        if marks != self._marks:
            self._marks = marks
            if self._picture is not None and any(self.arrangement.matrices):
                self._choose_lines()
            self.update()

    @property
    def flow(self) -> Flow | None:
        """What runs along the edges."""
        return self._flow

    def set_flow(self, flow: Flow | None) -> None:
        """Let pulses run along the edges."""
        self._flow = flow
        self.update()

    @property
    def rings(self) -> Rings | None:
        """What is said of the numbers around the parts."""
        return self._rings

    def set_rings(self, rings: Rings | None) -> None:
        """Draw these over the parts."""
        self._rings = rings
        self.update()

    def set_arrangement(self, arrangement: Arrangement, beside: float = 0.0) -> None:
        """Draw the network at this place; `show_picture` has to follow.

        The outputs' numbers have so much room `beside` their names, where they have none in the circles.
        """
        self.prepareGeometryChange()
        self.arrangement, self._beside = arrangement, beside
        self.edges.arrange(arrangement)
        self._picture = None

    def show_picture(self, picture: Picture, *, hurried: bool = False) -> None:
        """Draw these numbers, and write them; `hurried` says that others will soon pass."""
        self._take(picture)
        self._told, self._told_shown, self._hurried = picture, self._shown, hurried
        self.update()

    def show_passing(self, picture: Picture) -> None:
        """Draw these numbers, which pass faster than they can be read: what is written stays."""
        self._take(picture)
        super().update()

    def _take(self, picture: Picture) -> None:
        self._picture = picture
        self._choose_lines()
        self._shown = list(self._what_is_shown(picture))
        self._heat.forget()
        self._lines_key = None

    def update(self) -> None:
        """Paint all of it anew."""
        self._over_key = None
        super().update()

    def show_strongest(self, most: int | None) -> None:
        """Draw lines for so many of the weights that stand as matrices; None is for as many as can be."""
        self._most = most
        if self._picture is not None:
            self._choose_lines()
            self.update()

    def _choose_lines(self) -> None:
        assert self._picture is not None
        marked = tuple(mark.part for mark in self._marks if mark.style is not MarkStyle.LIT)
        self.edges.show(self._picture.edges, self._picture.biases, self._most, marked)
        self._lines_key = None

    def _what_is_shown(self, picture: Picture) -> Iterable[Shown]:
        # inputs are in units of their own, which would pale all others
        a_limit, delta_limit = robust_limit(picture.a[1:]), robust_limit(picture.delta)
        for layer, units in enumerate(self.arrangement.sizes):
            a, delta = picture.a[layer], picture.delta[layer]
            biases = picture.biases[layer - 1] if layer else None
            yield Shown(
                a,
                delta,
                biases,
                _known_buckets(a, a_limit if layer else robust_limit([a]), units),
                _known_buckets(delta, delta_limit, units),
                _known_buckets(biases, self.edges.limit, units),
                picture.emphasis == layer,
            )

    # where things are

    def boundingRect(self) -> QRectF:
        """Return the world."""
        bounds = self.arrangement.bounds
        return QRectF(bounds.left, bounds.top, bounds.width, bounds.height)

    def part_at(self, x: float, y: float, reach: float) -> Part | None:
        """What lies at a point in world coordinates; a line within `reach`."""
        arrangement = self.arrangement
        if arrangement.loss.contains(x, y):
            return Part("loss")
        for index, place in enumerate(arrangement.layers):
            unit = self._unit_at(place, index, x, y)
            if unit is not None:
                return unit
        for index, place in enumerate(arrangement.layers):
            if place.title.contains(x, y):
                return Part("layer", index)
        edge = self.edges.nearest(x, y, reach)
        if edge is not None:
            return Part("weight", edge[0], edge[2], edge[1])
        for layer, matrix in enumerate(arrangement.matrices, start=1):
            if matrix is not None and matrix.contains(x, y):
                rows, columns = arrangement.sizes[layer - 1], arrangement.sizes[layer]
                row = min(int((y - matrix.top) / matrix.height * rows), rows - 1)
                column = min(int((x - matrix.left) / matrix.width * columns), columns - 1)
                return Part("weight", layer, column, row)
        return None

    def chip_at(self, at: QPointF) -> Part | None:
        """The weight or bias whose number, in a chip or a pill, is at a pixel."""
        part = self._chips.part_at(at)
        if part is not None:
            return part
        return next((part for box, part in self._pills() if box.contains(at)), None)

    def chip_boxes(self) -> list[tuple[QRectF, Part]]:
        """Where numbers of weights and biases were painted, in pixels."""
        return [*self._chips.boxes, *self._pills()]

    def _pills(self) -> Iterable[tuple[QRectF, Part]]:
        if self._lens is None:
            return
        for part, at in self._loose_pills(self._lens):
            text = self._written.get((part, "b"), UNKNOWN_SIGN)
            yield pill_box(at.x(), at.y(), f"b {text}", self._writing), part
        if self._lens.scale <= 0.9:
            return
        for layer, place in enumerate(self.arrangement.layers):
            if place.below:
                for unit, (x, y) in enumerate(self._lens.points(place.biases).tolist()):
                    text = self._written.get((Part("bias", layer, unit), "b"), UNKNOWN_SIGN)
                    yield pill_box(x, y, f"b {text}", self._writing), Part("bias", layer, unit)

    def _loose_pills(self, lens: Lens) -> Iterable[tuple[Part, QPointF]]:
        """Where the biases of the selected and the hovered unit stand, if pills have no room of their own."""
        found: dict[Part, QPointF] = {}
        for mark in self._marks:
            kind, layer, unit = mark.part.kind, mark.part.layer, mark.part.unit
            if mark.style is MarkStyle.LIT or kind not in ("unit", "bias") or not layer:
                continue
            place = self.arrangement.layers[layer]
            if place.below and lens.scale > 0.9:
                continue
            x, y = place.centres[unit].tolist()
            away = place.radius * lens.scale + self.measures.px(6.0) + self.measures.pill / 2
            found[Part("bias", layer, unit)] = lens.point(x, y) + QPointF(0.0, away)
        return found.items()

    def _paint_loose_pills(self, painter: QPainter, view: Lens) -> None:
        assert self._told is not None
        selected = {mark.part for mark in self._marks if mark.style is MarkStyle.SELECTED}
        for part, at in self._loose_pills(view):
            values = self._told.biases[part.layer - 1]
            text = UNKNOWN_SIGN
            if values is not None:
                text = self._written[part, "b"] = short(float(values[part.unit]))
            box = pill_box(at.x(), at.y(), f"b {text}", self._writing)
            chosen = part in selected
            colour = self._theme.selection if chosen else self._theme.text
            painter.setPen(QPen(QColor(colour), 2.0 if chosen else 1.0))
            painter.setBrush(QColor(self._theme.surface))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(self._theme.text))
            self._writing.write(painter, f"b {text}", box, self.measures.small)

    def _unit_at(self, place: LayerPlace, layer: int, x: float, y: float) -> Part | None:
        reach = np.array([place.square / 2 + (0.0 if place.grid else 1.0)] * 2)
        if place.below:
            reach = np.array([self.measures.px(34.0), self.measures.pill / 2])
        slack = max(place.below + reach[1] - place.radius, *reach.tolist(), 2.0)
        box = place.box
        if not Box(box.left - slack, box.top - slack, box.right + slack, box.bottom + slack).contains(x, y):
            return None
        point = np.array([x, y])
        if layer > 0 and place.grid is None:
            off = np.abs(place.biases - point)
            unit = int(np.argmin((off - reach).max(axis=1)))
            if (off[unit] <= reach).all():
                return Part("bias", layer, unit)
        apart = place.centres - point
        if place.grid:
            distance = np.maximum(np.abs(apart[:, 0]) / place.aspect, np.abs(apart[:, 1]))
        else:
            distance = np.hypot(apart[:, 0], apart[:, 1])
        unit = int(np.argmin(distance))
        return Part("unit", layer, unit) if distance[unit] <= place.radius + 1.0 else None

    # painting

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw everything."""
        if self._picture is None:
            return
        transform = painter.worldTransform()
        scale, dx, dy = transform.m11(), transform.dx(), transform.dy()
        visible = transform.mapRect(self.boundingRect()).intersected(
            QRectF(painter.viewport()) if widget is None else QRectF(widget.rect())
        )
        view = Lens(scale, dx, dy, visible)
        self._lens = view
        painter.save()
        painter.resetTransform()
        self._paint_picture(painter, view)
        if self._hurried and widget is not None:  # what is drawn for a file is written as text
            self._paste_over(painter, view)
        else:
            self._paint_over(painter, view)
        painter.restore()

    def _paste_over(self, painter: QPainter, view: Lens) -> None:
        """Paint what is written from a copy, which is made when it is another."""
        ratio, area = painter.device().devicePixelRatioF(), view.visible.toAlignedRect()
        key = (view.scale, view.dx, view.dy, area, ratio)
        if self._over is None or key != self._over_key:
            self._over_key, self._over = key, _blank(area, ratio)
            onto = QPainter(self._over)
            onto.translate(-area.topLeft())
            self._paint_over(onto, view)
            onto.end()
        painter.drawPixmap(area.topLeft(), self._over)

    def _paint_lines(self, painter: QPainter, view: Lens) -> None:
        """Draw the edges; painted again unchanged, under a pointer or a flow, from a copy."""
        many = len(self.edges) > ANTIALIASED
        smooth = not (many and self.moving)
        ratio, area = painter.device().devicePixelRatioF(), view.visible.toAlignedRect()
        key = (view.scale, view.dx, view.dy, area, ratio, smooth)
        if key != self._lines_key:
            self._lines_key, self._lines = key, None
            if not (many and smooth):  # what moves will not be painted twice, and what is few is quick
                self._paint_edges(painter, view, smooth)
                return
        if self._lines is None:
            self._lines = _blank(area, ratio)
            onto = QPainter(self._lines)
            self._paint_edges(onto, view._replace(dx=view.dx - area.left(), dy=view.dy - area.top()), smooth)
            onto.end()
        painter.drawPixmap(area.topLeft(), self._lines)

    def _paint_edges(self, painter: QPainter, view: Lens, smooth: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        self.edges.paint(painter, view.scale, view.dx, view.dy, self._edge_pens(view.scale))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_picture(self, painter: QPainter, view: Lens) -> None:
        """Lines, circles and blocks, in their colours."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for mark in self._marks:
            if mark.style is MarkStyle.LIT:
                self._paint_glow(painter, view, mark.part)
        # few lines run over matrices and end on cells; many would hide the picture that a block may be
        for paint in (
            (self._paint_blocks, self._paint_weights, self._paint_lines)
            if any(self.arrangement.matrices)
            else (self._paint_lines, self._paint_blocks)
        ):
            paint(painter, view)
        for mark in self._marks:
            if mark.part.kind == "weight" and mark.style is not MarkStyle.LIT:
                self._paint_marked_edge(painter, view, mark)
        length = self.measures.px(ARROW)
        if self._flow is not None:
            widths = THINNEST, self._widest(view.scale)
            pulse = self.measures.px(LENGTH)
            self._flow.paint(painter, view.scale, view.dx, view.dy, self._theme, widths, pulse)
        paint_arrows(painter, self._arrows, view.scale, view.dx, view.dy, self._theme, length)
        for index, place in enumerate(self.arrangement.layers):
            if place.grid is None:
                shown = self._shown[index]
                self._storeys.paint(painter, view, index, place, shown, self._awaited)

    def _paint_over(self, painter: QPainter, view: Lens) -> None:
        """All that is written, and what lies over it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._written = {}
        for index, place in enumerate(self.arrangement.layers):
            if place.grid is None:
                self._write_circles(painter, view, index, place)
            else:
                shown = self._told_shown[index]
                self._heat.write_layer(
                    painter, view, index, place, shown, self._writing, self._written, self._awaited
                )
        self._paint_names(painter, view)
        self._paint_loss(painter, view)
        self._paint_chips(painter, view)
        self._paint_locks(painter, view)
        if self._rings is not None:
            self._rings.paint(
                painter, self.arrangement, view, self._labels_at(view.scale), self._theme, self._writing
            )
        for mark in self._marks:
            if mark.style is not MarkStyle.LIT:
                self._paint_mark(painter, view, mark)
        if self._rings is None:
            self._paint_loose_pills(painter, view)

    def _labels_at(self, scale: float) -> Labels:
        key = (id(self.arrangement), scale)
        if self._labels is None or key != self._labels_key:
            metrics = self._writing.metrics(self.measures.small, bold=True)
            self._labels = Labels(self.arrangement, scale, self.measures, metrics)
            self._labels_key = key
        return self._labels

    def _paint_chips(self, painter: QPainter, view: Lens) -> None:
        assert self._told is not None
        marked = {mark.style: mark.part for mark in self._marks}
        self._chips.paint(
            painter,
            view,
            self._labels_at(view.scale),
            self._told.edges,
            self._told.before,
            self._theme,
            self._writing,
            self._written,
            marked.get(MarkStyle.SELECTED),
            marked.get(MarkStyle.HOVERED),
            frozenset() if self._rings is None else self._rings.parts,
        )

    @property
    def _awaited(self) -> frozenset[tuple[int, str]]:
        """The storeys (layer, "a" or "delta") whose numbers are on their way."""
        return frozenset() if self._flow is None else self._flow.awaited

    def _write_circles(self, painter: QPainter, view: Lens, index: int, place: LayerPlace) -> None:
        ringed = self._rings is not None and any(
            part.kind == "bias" and part.layer == index for part in self._rings.parts
        )
        shown = self._told_shown[index]
        self._storeys.write(
            painter, view, index, place, shown, self._writing, self._written, self._awaited, not ringed
        )

    def _widest(self, scale: float) -> float:
        """Pixels of the thickest line."""
        circles = [place.radius for place in self.arrangement.layers if place.grid is None]
        radius = min(circles, default=self.measures.least_radius)
        if len(self.edges) <= ANTIALIASED:
            crowd = max(a.units * b.units for a, b in pairwise(self.arrangement.layers))
            thick = 0.2 * radius if crowd <= CROWDED else 0.14 * radius
            return min(self.measures.px(7.0), max(1.6, thick)) * min(max(scale, 1.0), 1.6)
        return 1.6 if scale < 2 else 2.6

    def _edge_pens(self, scale: float) -> Sequence[QPen]:
        key = (round(2 * self._widest(scale)), len(self.edges) > MANY)
        if key not in self._pens:
            self._pens[key] = self._palette.pens(key[0] / 2, key[1])
        return self._pens[key]

    def _paint_blocks(self, painter: QPainter, view: Lens) -> None:
        for index, place in enumerate(self.arrangement.layers):
            if place.grid is not None:
                self._heat.paint_layer(painter, view, index, place, self._shown[index], self._awaited)

    def _paint_weights(self, painter: QPainter, view: Lens) -> None:
        """Draw the weights that stand as matrices, with the rows and columns of what is marked."""
        assert self._picture is not None
        for layer, place in enumerate(self.arrangement.matrices, start=1):
            if place is not None:
                values, in_phase = self._picture.edges[layer - 1], self._picture.passed == layer
                self._heat.paint_weights(
                    painter, view, layer, place, values, self.edges.limit, in_phase, self._writing
                )
                self._write_title_of_matrix(painter, view.rect(place), layer)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for mark in self._marks:
            if mark.style is MarkStyle.LIT:
                continue
            painter.setPen(self._mark_pen(mark.style, 2.0))
            for layer, place in enumerate(self.arrangement.matrices, start=1):
                if place is not None and (box := self._in_matrix(mark.part, layer, place)) is not None:
                    painter.drawRect(view.rect(box).adjusted(-1.5, -1.5, 1.5, 1.5))

    def _write_title_of_matrix(self, painter: QPainter, box: QRectF, layer: int) -> None:
        m, sizes = self.measures, self.arrangement.sizes
        raised = superscript(f"({layer})").replace("(", "⁽").replace(")", "⁾")
        text = f"W{raised} {grouped(sizes[layer - 1])} × {grouped(sizes[layer])}"
        width = self._writing.metrics(m.small).horizontalAdvance(text) + 6
        at = QRectF(box.center().x() - width / 2, box.top() - m.px(16.0), width, m.px(14.0))
        painter.fillRect(at, QColor(self._theme.canvas))
        painter.setPen(QColor(self._theme.muted))
        self._writing.write(painter, text, at, m.small)

    def _in_matrix(self, part: Part, layer: int, place: Box) -> Box | None:
        """The row, column or cell of a part in the matrix of the weights into a layer."""
        rows, columns = self.arrangement.sizes[layer - 1], self.arrangement.sizes[layer]
        high, wide = place.height / rows, place.width / columns
        row = part.source if part.kind == "weight" else part.unit
        left, top = place.left + part.unit * wide, place.top + row * high
        if part.kind == "weight" and part.layer == layer:
            return Box(left, top, left + wide, top + high)
        if part.kind in ("unit", "bias") and part.layer == layer:
            return Box(left, place.top, left + wide, place.bottom)
        if part.kind == "unit" and part.layer == layer - 1:
            return Box(place.left, top, place.right, top + high)
        return None

    def _paint_names(self, painter: QPainter, view: Lens) -> None:
        layers, titles, m = self.arrangement.layers, self._words.titles, self.measures
        head, line = m.title, m.px(17.0)
        metrics = self._writing.metrics(head, bold=True)

        def fits(column: int) -> bool:
            return all(
                metrics.horizontalAdvance(words[column]) <= view.scale * place.title.width - 4
                for place, words in zip(layers, titles, strict=False)
            )

        whole = fits(0)
        named = whole or fits(1)
        for place, (name_and_what, name, what, brief) in zip(layers, titles, strict=False):
            box = view.rect(place.title)
            two_lines = place.title.height * view.scale > 1.6 * line
            painter.setPen(QColor(self._theme.muted))
            first = name_and_what if whole else name if named else brief
            top = box.bottom() - (2 * line if two_lines and not whole else line)
            middle = view.rect(place.box).center().x()
            rows = [(first, head, True)] + ([(what, m.small, False)] if two_lines and not whole else [])
            if rows[1:] and self._writing.metrics(m.small).horizontalAdvance(what) + 2.0 > box.width():
                # how many units there are is seen
                rows[1:] = [(what.rpartition(JOINT)[0], m.small, False)]
            for number, (text, pixels, bold) in enumerate(rows):
                # over the middle of its layer, as far as it has room there
                wide = min(self._writing.metrics(pixels, bold).horizontalAdvance(text) + 2.0, box.width())
                left = min(max(middle - wide / 2, box.left()), box.right() - wide)
                at = QRectF(left, top + number * line, wide, line)
                self._writing.write(painter, text, at, pixels, bold=bold)
        sides = ((0, self._words.inputs, "left"), (-1, self._words.outputs, "right"))
        painter.setPen(QColor(self._theme.muted))
        for index, names, side in sides:
            place = layers[index]
            if place.grid is not None or not names or place.pitch * view.scale < m.small:
                continue
            self._paint_unit_names(painter, view, place, names, index, side)

    def _paint_unit_names(
        self, painter: QPainter, view: Lens, place: LayerPlace, names: Sequence[str], index: int, side: str
    ) -> None:
        m, small = self.measures, self.measures.small
        width, above = self.arrangement.names[index] * view.scale, self.arrangement.names_above[index]
        points, radius = view.points(place.centres), place.radius * view.scale
        for unit in view.inside(points, radius + width).tolist():
            x, y = points[unit].tolist()
            if above:
                width = max(width, 2 * radius)
                box = QRectF(x - width / 2, y - radius - m.px(17.0), width, m.px(15.0))
                wide = min(self._writing.metrics(small).horizontalAdvance(names[unit]) + 4.0, width)
                ground = QRectF(x - wide / 2, box.top() + 1.0, wide, box.height() - 2.0)
                painter.fillRect(ground, QColor(self._theme.canvas))  # lines run under it
                self._writing.write(painter, names[unit], box, small)
                continue
            left = x + radius + m.px(8.0) if side == "right" else x - radius - m.px(8.0) - width
            if side == "right" and self._beside:
                room = self._beside * view.scale
                self._write_output(
                    painter, unit, QRectF(left + width - room, y - m.px(9.0), room, m.px(18.0))
                )
                painter.setPen(QColor(self._theme.muted))
                box = QRectF(left, y - m.px(9.0), width - room, m.px(18.0))
                left_centred = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                self._writing.write(painter, names[unit], box, small, left_centred)
                continue
            align = Qt.AlignmentFlag.AlignLeft if side == "right" else Qt.AlignmentFlag.AlignRight
            box = QRectF(left, y - m.px(9.0), width, m.px(18.0))
            self._writing.write(painter, names[unit], box, small, align | Qt.AlignmentFlag.AlignVCenter)

    def _write_output(self, painter: QPainter, unit: int, box: QRectF) -> None:
        """The number that an output passes on, beside its name."""
        layer, values, small = len(self._told_shown) - 1, self._told_shown[-1].a, self.measures.small
        if self._flow is not None and (layer, "a") in self._flow.awaited:
            values = None
        fitted = (
            None if values is None else self._writing.fitted(float(values[unit]), box.width(), small, small)
        )
        text = UNKNOWN_SIGN if fitted is None else fitted[0]
        if fitted is not None:
            self._written[Part("unit", layer, unit), "a"] = text
        elif values is not None:
            return
        painter.setPen(QColor(self._theme.text if fitted else self._theme.muted))
        self._writing.write(
            painter, text, box, small, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )

    def _paint_loss(self, painter: QPainter, view: Lens) -> None:
        assert self._told is not None
        loss, losses = self.arrangement.loss, self._told.losses
        if not loss.width:
            return
        known = losses.batch is not None or losses.sample is not None
        self._paint_way_to_loss(painter, view)
        box, m = view.rect(loss), self.measures
        painter.setPen(QPen(QColor(self._theme.text if known else self._theme.muted), 1.6))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRoundedRect(box, 7, 7)
        # lines of fixed height: nothing moves when a number comes; with little room the last ones go
        row = m.px(17.0)
        tops = (0.15 * row, 1.1 * row, 2.35 * row, 3.3 * row)
        rows = [_row(box, top, (1.2 if top == tops[1] else 1.0) * row) for top in tops]
        if box.height() < 2.4 * row:
            rows = [_row(box, 0.0, 0.5 * box.height()), _row(box, 0.45 * box.height(), 0.55 * box.height())]
        painter.setPen(QColor(self._theme.muted))
        self._writing.write(painter, self._words.loss, rows[0], m.small)
        painter.setPen(QColor(self._theme.text))
        self._paint_batch_loss(painter, losses.batch, rows[1])
        text, target = self._words.under_loss
        if losses.number is None or len(rows) < 4 or rows[2].bottom() > box.bottom():
            return
        said = self._sample_loss(text, losses.sample, rows[2].width())
        self._writing.write(painter, said, rows[2], m.small)
        if rows[3].bottom() <= box.bottom():
            painter.setPen(QColor(self._theme.muted))
            self._writing.write(painter, target, rows[3], m.small)

    def _sample_loss(self, text: str, value: float | None, width: float) -> str:
        """The loss of the sample in as many digits as fit; with its end elided it would be another number."""
        if value is None:
            return text.replace("{loss}", UNKNOWN_SIGN)
        said = [text.replace("{loss}", short(value, digits)) for digits in DIGITS]
        metrics = self._writing.metrics(self.measures.small)
        place = next((k for k, each in enumerate(said) if metrics.horizontalAdvance(each) <= width), None)
        number = short(value, DIGITS[-1 if place is None else place])
        self._written[Part("loss"), "sample"] = number
        return number if place is None else said[place]

    def _paint_batch_loss(self, painter: QPainter, value: float | None, box: QRectF) -> None:
        size = self.measures.px(15.0)
        if value is None:
            self._writing.write(painter, UNKNOWN_SIGN, box, size, bold=True)
            return
        fitted = self._writing.fitted(value, box.width(), size, self.measures.small, bold=True)
        if fitted is not None:
            text, size = fitted
            self._writing.write(painter, text, box, size, bold=True)
            self._written[Part("loss"), "batch"] = text

    def _paint_way_to_loss(self, painter: QPainter, view: Lens) -> None:
        """A line from the outputs to the loss, from all of them with a bracket."""
        outputs, loss, m = self.arrangement.layers[-1], self.arrangement.loss, self.measures
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.muted), 1.4))
        if self.arrangement.loss_below:
            x = outputs.box.centre[0]
            start = outputs.box.bottom + (outputs.below - outputs.radius + m.pill / 2 if outputs.below else 0)
            painter.drawLine(view.point(x, start), view.point(x, loss.top))
            return
        top, bottom, middle = outputs.box.top + 4, outputs.box.bottom - 4, loss.centre[1]
        if outputs.units == 1:
            painter.drawLine(view.point(outputs.box.right, middle), view.point(loss.left, middle))
            return
        x = loss.left - m.px(14.0)
        for a, b in (
            ((x - 6, top), (x, top)),
            ((x, top), (x, bottom)),
            ((x - 6, bottom), (x, bottom)),
            ((x, middle), (loss.left, middle)),
        ):
            painter.drawLine(view.point(*a), view.point(*b))

    def _paint_locks(self, painter: QPainter, view: Lens) -> None:
        """Mark what is frozen: a lock on the line, nearer to the unit it leads to, or beside the square."""
        assert self._told is not None
        layers = self.arrangement.layers
        for kind, layer, unit, source in self._told.held:
            place = layers[layer]
            if kind == "weight":
                start, end = layers[layer - 1].centres[source], place.centres[unit]
                spot = start + LOCK_AT * (end - start)
            else:
                spot = place.biases[unit] + np.array(
                    [-self.measures.px(40.0), 0.0]
                    if place.below
                    else [-0.5 * place.square, 0.5 * place.square]
                )
            point = view.point(*spot.tolist())
            if view.visible.contains(point):
                self._paint_lock(painter, point)

    def _paint_lock(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(QColor(self._theme.canvas), 5.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        body = QRectF(at.x() - 4.5, at.y() - 2.0, 9.0, 7.0)
        bow = QRectF(at.x() - 2.5, at.y() - 6.0, 5.0, 8.0)
        painter.drawRoundedRect(body, 1.5, 1.5)
        painter.drawArc(bow, 0, 180 * 16)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        painter.drawArc(bow, 0, 180 * 16)
        painter.setBrush(QColor(self._theme.text))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(body, 1.5, 1.5)

    # marks

    def _paint_glow(self, painter: QPainter, view: Lens, part: Part) -> None:
        """Draw a soft light around a part, under everything else."""
        layers = self.arrangement.layers
        for spread, share in ((9.0, 0.14), (5.0, 0.3)):
            light = blend(self._theme.canvas, self._theme.selection, share)
            painter.setBrush(light)
            painter.setPen(Qt.PenStyle.NoPen)
            if part.kind == "loss":
                box = view.rect(self.arrangement.loss).adjusted(-spread, -spread, spread, spread)
                painter.drawRoundedRect(box, 8 + spread, 8 + spread)
            elif part.kind == "weight":
                start = layers[part.layer - 1].centres[part.source].tolist()
                pen = QPen(light, 4 + 2 * spread * 0.7)
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                end = layers[part.layer].centres[part.unit].tolist()
                painter.drawLine(view.point(*start), view.point(*end))
            else:
                place = layers[part.layer]
                spot, reach = (
                    (place.biases, place.square / 2) if part.kind == "bias" else (place.centres, place.radius)
                )
                box = around(view.point(*spot[part.unit].tolist()), reach * view.scale + spread)
                if part.kind == "bias" and place.below:
                    middle = view.point(*spot[part.unit].tolist())
                    box = pill_box(middle.x(), middle.y(), "b −0.0000", self._writing)
                    box.adjust(-spread, -spread, spread, spread)
                if part.kind == "bias" or place.grid:
                    painter.drawRoundedRect(box, spread, spread)
                else:
                    painter.drawEllipse(box)

    def _mark_pen(self, style: MarkStyle, width: float) -> QPen:
        colour = self._theme.text if style is MarkStyle.HOVERED else self._theme.selection
        pen = QPen(QColor(colour), width)
        if style is MarkStyle.COMPARED:
            pen.setDashPattern([3.0, 1.6])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _paint_marked_edge(self, painter: QPainter, view: Lens, mark: Mark) -> None:
        """A tube around the line, which keeps its own colour, width and dash."""
        layer, unit, source = mark.part.layer, mark.part.unit, mark.part.source
        layers = self.arrangement.layers
        start = view.point(*layers[layer - 1].centres[source].tolist())
        end = view.point(*layers[layer].centres[unit].tolist())
        pen = self._edge_pen(view.scale, mark.part)
        rim, ground = (
            (2.0, blend(self._theme.canvas, self._theme.selection, 0.12))
            if mark.style is not MarkStyle.HOVERED
            else (1.2, QColor(self._theme.canvas))
        )
        room = pen.widthF() + self.measures.px(7.0)
        tube = self._mark_pen(mark.style, room + 2 * rim)
        tube.setCapStyle(Qt.PenCapStyle.FlatCap)
        if mark.style is MarkStyle.COMPARED:
            tube.setDashPattern([7.0 / tube.widthF(), 4.0 / tube.widthF()])
        for each in (tube, QPen(ground, room, c=Qt.PenCapStyle.FlatCap), pen):
            painter.setPen(each)
            painter.drawLine(start, end)

    def _edge_pen(self, scale: float, part: Part) -> QPen:
        assert self._picture is not None
        values = self._picture.edges[part.layer - 1]
        bucket = UNKNOWN
        if values is not None:
            bucket = int(buckets(values[part.source : part.source + 1, part.unit], self.edges.limit)[0])
        return self._edge_pens(scale)[bucket]

    def _paint_mark(self, painter: QPainter, view: Lens, mark: Mark) -> None:
        kind, layer, unit = mark.part.kind, mark.part.layer, mark.part.unit
        width = 1.6 if mark.style is MarkStyle.HOVERED else 3.0
        painter.setPen(self._mark_pen(mark.style, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if kind == "weight":
            return
        if kind == "loss":
            painter.drawRoundedRect(view.rect(self.arrangement.loss).adjusted(-3, -3, 3, 3), 10, 10)
            return
        place = self.arrangement.layers[layer]
        if kind == "layer":
            painter.drawRoundedRect(view.rect(place.box).adjusted(-9, -9, 9, 9), 10, 10)
        elif kind == "bias" and place.below:
            self._paint_marked_pill(painter, view.point(*place.biases[unit].tolist()), mark, layer)
        elif kind == "bias":
            side = max(place.square * view.scale, 4.0) / 2 + 2
            painter.drawRect(around(view.point(*place.biases[unit].tolist()), side))
        else:
            # outside the outline, which is a number's or the phase's own
            away = 1.0 if place.grid else self.measures.px(4.5)
            reach = max(place.radius * view.scale, 3.0) + away
            box = around(view.point(*place.centres[unit].tolist()), reach)
            if place.grid:
                wide = (place.aspect - 1.0) * place.radius * view.scale
                painter.drawRect(box.adjusted(-wide, 0.0, wide, 0.0))
            else:
                painter.drawEllipse(box)

    def _paint_marked_pill(self, painter: QPainter, at: QPointF, mark: Mark, layer: int) -> None:
        text = self._written.get((Part("bias", layer, mark.part.unit), "b"), UNKNOWN_SIGN)
        box = pill_box(at.x(), at.y(), f"b {text}", self._writing)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if mark.style is MarkStyle.SELECTED:
            painter.setBrush(QColor(self._theme.surface))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(self._theme.text))
            self._writing.write(painter, f"b {text}", box, self.measures.small, bold=True)


def _blank(area: QRect, ratio: float) -> QPixmap:
    """Something transparent of the size of an area, to paint on."""
    pixmap = QPixmap(area.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _row(box: QRectF, top: float, height: float) -> QRectF:
    return QRectF(box.left() + 3, box.top() + top, box.width() - 6, height)


def _known_buckets(values: FloatArray | None, limit: float, units: int) -> Buckets:
    return np.full(units, UNKNOWN) if values is None else buckets(values, limit)
