"""The graph as one item of a pyqtgraph view: it paints, and finds what lies at a point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from engine.arrays import FloatArray, IntArray
from engine.parts import Part
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme, blend
from gui.text.numbers import short
from gui.views.network.arrangement import Arrangement, Box, LayerPlace, arrange
from gui.views.network.buckets import FIRST, NOT_FINITE, UNKNOWN, Buckets, Palette, buckets, robust_limit
from gui.views.network.edges import Edges
from gui.views.network.flow import Flow
from gui.views.network.quantities import Picture
from gui.views.network.rings import Rings

ANTIALIASED = 500
"""Up to so many lines are always antialiased; more only while nothing moves."""
DASHED = 120
"""Up to so many lines, negative ones are dashed."""
READABLE_CELL = 34.0
"""Side in pixels from which a cell shows its number."""
MOST_NUMBERS = 400
DIGITS = (4, 3, 2)
"""Significant digits of a number, as many as there is room for; with one it would be read as exact."""
LARGEST, COMFORTABLE, SMALLEST = 15.0, 9.0, 8.0
"""Pixels of the largest number, of one that is given all its digits, and of the smallest."""
FINE = 10
"""Pixels of the image a cell is wide; `CHIP` of them, at the lower left, are the bias."""
CHIP = 3
LOCK_AT = 0.68
"""Where on its way a frozen weight has its lock."""


class Words(NamedTuple):
    """The words on the graph, in the user's language.

    Attributes
    ----------
    titles : sequence of (str, str, str)
        Of each layer, the inputs first: its name, a very short one, and what it is.
    inputs, outputs : sequence of str
        Names beside the units of the first and the last layer; may be empty.
    loss : (str, str)
        Over the loss of a mini-batch, and over that of one sample.
    """

    titles: Sequence[tuple[str, str, str]]
    inputs: Sequence[str]
    outputs: Sequence[str]
    loss: tuple[str, str]


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
    widths at any zoom, and lines take the painter's fast path.
    """

    def __init__(self) -> None:
        super().__init__()
        self.edges = Edges()
        self.moving = False
        """While it is, only few lines are antialiased."""
        self.arrangement: Arrangement = arrange((1, 1), 400.0, 300.0)
        self._picture: Picture | None = None
        self._words = Words((), (), (), ("", ""))
        self._marks: tuple[Mark, ...] = ()
        self._written: dict[Part, str] = {}
        self._unit_buckets: list[Buckets] = []
        self._chip_buckets: list[Buckets] = []
        self._images: dict[int, QImage] = {}
        self._stamps: dict[tuple[int, int, float, bool], QPixmap] = {}
        self._pens: dict[tuple[int, bool], Sequence[QPen]] = {}
        self._flow: Flow | None = None
        self._rings: Rings | None = None
        self._lines_key: object = None
        self._lines: QPixmap | None = None
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self.set_font(QFont())
        self.set_theme(LIGHT)

    # what is shown

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme, self._palette = theme, Palette(theme)
        self._cell_words = self._palette.cell_words()
        self._stamps.clear()
        self._pens.clear()
        self._lines_key = None
        if self._picture is not None:
            self._images = dict(self._draw_blocks())
        self.update()

    def set_font(self, font: QFont) -> None:
        """Write in this font, in digits of one width."""
        self._font = tabular(font)
        self._fonts.clear()
        self.update()

    def set_words(self, words: Words) -> None:
        """Write these names."""
        self._words = words
        self.update()

    @property
    def loss_caption(self) -> str:
        """What the loss in the picture is of."""
        return "" if self._picture is None else self._words.loss[self._picture.loss_of_sample]

    @property
    def written(self) -> dict[Part, str]:
        """The numbers that are on the picture, as they were written when it was last painted."""
        return dict(self._written)

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Draw these parts over all others; the last one on top."""
        marks = tuple(marks)
        if marks != self._marks:
            self._marks = marks
            self.update()

    @property
    def flow(self) -> Flow | None:
        """What runs along the edges."""
        return self._flow

    def set_flow(self, flow: Flow | None) -> None:
        """Let dots run along the edges."""
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

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """Draw the network at this place; `show_picture` has to follow."""
        self.prepareGeometryChange()
        self.arrangement = arrangement
        self.edges.arrange(arrangement)
        self._picture = None

    def show_picture(self, picture: Picture) -> None:
        """Draw these numbers."""
        self._picture = picture
        self.edges.show(picture.edges, picture.biases)
        # inputs are in units of their own, which would pale all others
        unit_limit = robust_limit(picture.units[1:])
        limits = [robust_limit(picture.units[:1])] + [unit_limit] * (len(picture.units) - 1)
        sizes = self.arrangement.sizes
        self._unit_buckets = [
            _known_buckets(values, limit, n)
            for values, limit, n in zip(picture.units, limits, sizes, strict=True)
        ]
        self._chip_buckets = [
            _known_buckets(values, self.edges.limit, n)
            for values, n in zip(picture.biases, sizes[1:], strict=True)
        ]
        self._images = dict(self._draw_blocks())
        self._lines_key = None
        self.update()

    def _draw_blocks(self) -> Iterable[tuple[int, QImage]]:
        for index, place in enumerate(self.arrangement.layers):
            if place.grid is None:
                continue
            rows, columns = place.grid
            pixels = np.full((rows * columns), QColor(self._theme.canvas).rgb(), dtype=np.uint32)
            pixels[: place.units] = self._cell_words[self._unit_buckets[index]]
            if index == 0:
                yield index, _image(pixels.reshape(rows, columns))
                continue
            fine = np.repeat(np.repeat(pixels.reshape(rows, columns), FINE, axis=0), FINE, axis=1)
            chips = np.full((rows * columns), QColor(self._theme.canvas).rgb(), dtype=np.uint32)
            chips[: place.units] = self._cell_words[self._chip_buckets[index - 1]]
            cells = fine.reshape(rows, FINE, columns, FINE)
            cells[:, FINE - CHIP - 1 :, :, : CHIP + 1] = QColor(self._theme.canvas).rgb()
            cells[:, FINE - CHIP :, :, :CHIP] = chips.reshape(rows, 1, columns, 1)
            yield index, _image(fine)

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
        return Part("weight", edge[0], edge[2], edge[1]) if edge else None

    @staticmethod
    def _unit_at(place: LayerPlace, layer: int, x: float, y: float) -> Part | None:
        slack = place.chip
        box = place.box
        if not Box(box.left - slack, box.top - slack, box.right + slack, box.bottom + slack).contains(x, y):
            return None
        point = np.array([x, y])
        if layer > 0:
            off = np.abs(place.chips - point).max(axis=1)
            unit = int(np.argmin(off))
            if off[unit] <= place.chip / 2 + (0.0 if place.grid else 1.0):
                return Part("bias", layer, unit)
        apart = place.centres - point
        distance = np.abs(apart).max(axis=1) if place.grid else np.hypot(apart[:, 0], apart[:, 1])
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
        view = _View(scale, dx, dy, visible)
        painter.save()
        painter.resetTransform()
        self._written = {}
        self._paint_picture(painter, view)
        if self._flow is not None:
            self._flow.paint(painter, scale, dx, dy, self._theme)
        painter.restore()

    def _paint_lines(self, painter: QPainter, view: _View) -> None:
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
            self._lines = QPixmap(area.size() * ratio)
            self._lines.setDevicePixelRatio(ratio)
            self._lines.fill(Qt.GlobalColor.transparent)
            onto = QPainter(self._lines)
            self._paint_edges(onto, view._replace(dx=view.dx - area.left(), dy=view.dy - area.top()), smooth)
            onto.end()
        painter.drawPixmap(area.topLeft(), self._lines)

    def _paint_edges(self, painter: QPainter, view: _View, smooth: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        self.edges.paint(painter, view.scale, view.dx, view.dy, self._edge_pens(view.scale))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_picture(self, painter: QPainter, view: _View) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for mark in self._marks:
            if mark.style is MarkStyle.LIT:
                self._paint_glow(painter, view, mark.part)
        self._paint_lines(painter, view)
        for mark in self._marks:
            if mark.part.kind == "weight" and mark.style is not MarkStyle.LIT:
                self._paint_marked_edge(painter, view, mark)
        for index, place in enumerate(self.arrangement.layers):
            if place.grid is None:
                self._paint_circles(painter, view, index, place)
            else:
                self._paint_block(painter, view, index, place)
        self._paint_names(painter, view)
        self._paint_loss(painter, view)
        self._paint_locks(painter, view)
        if self._rings is not None:
            self._rings.paint(
                painter, self.arrangement, view.scale, view.dx, view.dy, self._theme, self._font
            )
        for mark in self._marks:
            if mark.style is not MarkStyle.LIT:
                self._paint_mark(painter, view, mark)

    def _edge_pens(self, scale: float) -> Sequence[QPen]:
        count = len(self.edges)
        radius = min(place.radius for place in self.arrangement.layers)
        if count <= ANTIALIASED:
            widest = min(5.0, max(1.6, 0.24 * radius)) * min(max(scale, 1.0), 1.6)
        else:
            widest = 1.6 if scale < 2 else 2.6
        key = (round(2 * widest), count <= DASHED)
        if key not in self._pens:
            self._pens[key] = self._palette.pens(key[0] / 2, key[1])
        return self._pens[key]

    def _paint_circles(self, painter: QPainter, view: _View, index: int, place: LayerPlace) -> None:
        assert self._picture is not None
        points = view.points(place.centres)
        radius = place.radius * view.scale
        shown = view.inside(points, radius + 12)
        emphasised = self._picture.emphasis == index
        ratio = painter.device().devicePixelRatioF()
        size, bucket = max(round(2 * radius), 4), self._unit_buckets[index].tolist()
        half = size / 2 + _RIM
        for unit, (x, y) in zip(shown.tolist(), points[shown].tolist(), strict=True):
            painter.drawPixmap(
                QPointF(round(x - half), round(y - half)), self._stamp(size, bucket[unit], ratio, emphasised)
            )
        values = self._picture.units[index]
        if values is not None and radius >= 10.5 and len(shown) <= MOST_NUMBERS:
            self._paint_numbers(painter, index, points, values, shown, radius, self._theme.text)
        if index:
            self._paint_chips(painter, view, place, index, shown)

    def _stamp(self, size: int, bucket: int, ratio: float, emphasised: bool) -> QPixmap:
        """A circle of `size` pixels, drawn once: pasting it is several times faster than drawing it."""
        key = (size, bucket, ratio, emphasised)
        stamp = self._stamps.get(key)
        if stamp is None:
            if len(self._stamps) > 1_000:
                self._stamps.clear()
            whole = size + 2 * _RIM
            stamp = QPixmap(math.ceil(whole * ratio), math.ceil(whole * ratio))
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            known = bucket != UNKNOWN
            outline = self._theme.accent if known or emphasised else self._theme.border
            width = 3.0 if emphasised else (1.4 if size > 16 else 1.0)
            painter.setPen(QPen(QColor(outline), width))
            painter.setBrush(self._palette.circles[bucket])
            painter.drawEllipse(QRectF(_RIM, _RIM, size, size))
            painter.end()
            self._stamps[key] = stamp
        return stamp

    def _paint_chips(
        self, painter: QPainter, view: _View, place: LayerPlace, index: int, shown: IntArray
    ) -> None:
        side = max(place.chip * view.scale, 4.0)
        corners = view.points(place.chips[shown]) - side / 2
        bucket = self._chip_buckets[index - 1][shown].tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self._theme.muted if side >= 8 else self._theme.surface), 1.0))
        for (x, y), b in zip(corners.tolist(), bucket, strict=True):
            painter.setBrush(self._palette.cells[b])
            painter.drawRect(round(x), round(y), round(side), round(side))
        if side >= 9:
            # a stroke says minus, two say plus: the sign is not in the colour alone
            painter.setPen(QPen(QColor(self._theme.surface), 1.0 if side < 14 else 2.0))
            for (x, y), b in zip(corners.tolist(), bucket, strict=True):
                if FIRST + 4 <= b < NOT_FINITE:
                    left, top, s = round(x), round(y), round(side)
                    mid, arm = s // 2, s // 2 - 2
                    painter.drawLine(left + mid - arm, top + mid, left + mid + arm, top + mid)
                    if b % 2 == 0:
                        painter.drawLine(left + mid, top + mid - arm, left + mid, top + mid + arm)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_numbers(
        self,
        painter: QPainter,
        layer: int,
        points: FloatArray,
        values: FloatArray,
        units: IntArray,
        radius: float,
        colour: str,
    ) -> None:
        painter.setPen(QColor(colour))
        for unit, (x, y), value in zip(
            units.tolist(), points[units].tolist(), values[units].tolist(), strict=True
        ):
            box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
            self._write_number(painter, Part("unit", layer, unit), value, box, 0.52 * radius)

    def _write_number(
        self, painter: QPainter, of: Part, value: float, box: QRectF, pixels: float, bold: bool = False
    ) -> None:
        """Write a number in the middle of `box`, with as many digits as there is room for, if for any."""
        metrics = QFontMetricsF(self._sized(100.0, bold))
        for digits in DIGITS:
            text = short(value, digits)
            room = 100.0 * (box.width() - 4) / metrics.horizontalAdvance(text)
            if room >= (COMFORTABLE if digits > DIGITS[-1] else SMALLEST):
                painter.setFont(self._sized(min(max(pixels, COMFORTABLE), room, LARGEST), bold))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                self._written[of] = text
                return

    def _paint_block(self, painter: QPainter, view: _View, index: int, place: LayerPlace) -> None:
        assert self._picture is not None
        box = view.rect(place.box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(box, self._images[index])
        cell = 2 * place.radius * view.scale
        emphasised = self._picture.emphasis == index
        if cell >= 6:
            painter.setPen(QPen(QColor(self._theme.canvas), 1.0 if cell < 20 else 2.0))
            rows, columns = place.grid or (1, 1)
            for column in range(1, columns):
                x = box.left() + box.width() * column / columns
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            for row in range(1, rows):
                y = box.top() + box.height() * row / rows
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        known = self._picture.units[index] is not None or emphasised
        outline = self._theme.accent if known else self._theme.border
        painter.setPen(QPen(QColor(outline), 2.5 if emphasised else 1.0))
        painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 3, 3)
        values = self._picture.units[index]
        if values is not None and cell >= READABLE_CELL:
            points = view.points(place.centres)
            shown = view.inside(points, cell / 2)
            if len(shown) <= MOST_NUMBERS:
                strong = self._unit_buckets[index][shown] >= FIRST + 16
                for some, colour in ((strong, self._theme.surface), (~strong, self._theme.text)):
                    self._paint_numbers(painter, index, points, values, shown[some], cell / 2, colour)

    def _sized(self, pixels: float, bold: bool = False) -> QFont:
        key = (int(pixels), bold)
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = QFont(self._font)
            font.setPixelSize(key[0])
            font.setBold(bold)
        return font

    def _paint_names(self, painter: QPainter, view: _View) -> None:
        assert self._picture is not None
        layers = self.arrangement.layers
        title, detail, name = self._sized(13, bold=True), self._sized(12), self._sized(12)
        metrics = QFontMetricsF(title)
        narrow = any(
            metrics.horizontalAdvance(head) > view.scale * place.title.width - 4
            for place, (head, _, _) in zip(layers, self._words.titles, strict=False)
        )
        for index, (place, (head, brief, what)) in enumerate(zip(layers, self._words.titles, strict=False)):
            box = view.rect(place.title)
            emphasised = self._picture.emphasis == index
            head = brief if narrow else head
            painter.setPen(QColor(self._theme.text))
            _write(painter, title, QRectF(box.left() + 2, box.top(), box.width() - 4, 18), head)
            if emphasised:
                width = min(metrics.horizontalAdvance(head), box.width() - 4)
                painter.fillRect(
                    QRectF(box.center().x() - width / 2, box.top() + 17, width, 2), QColor(self._theme.accent)
                )
            painter.setPen(QColor(self._theme.muted))
            _write(painter, detail, QRectF(box.left() + 2, box.top() + 19, box.width() - 4, 17), what)
        painter.setPen(QColor(self._theme.muted))
        sides = (
            (layers[0], self._words.inputs, self.arrangement.left_names, Qt.AlignmentFlag.AlignRight),
            (layers[-1], self._words.outputs, self.arrangement.right_names, Qt.AlignmentFlag.AlignLeft),
        )
        for place, names, width, align in sides:
            if place.grid is not None or not names or 2.2 * place.radius * view.scale < 12:
                continue
            points = view.points(place.centres)
            radius, width = place.radius * view.scale, width * view.scale
            for unit in view.inside(points, radius + width).tolist():
                x, y = points[unit].tolist()
                left = x + radius + 8 if align == Qt.AlignmentFlag.AlignLeft else x - radius - 8 - width
                _write(
                    painter,
                    name,
                    QRectF(left, y - 9, width, 18),
                    names[unit],
                    align | Qt.AlignmentFlag.AlignVCenter,
                )

    def _paint_loss(self, painter: QPainter, view: _View) -> None:
        assert self._picture is not None
        outputs, loss = self.arrangement.layers[-1].box, self.arrangement.loss
        if not loss.width:
            return
        value = self._picture.loss
        x, top, bottom = loss.left - 16, outputs.top + 4, outputs.bottom - 4
        middle = loss.centre[1]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.border), 1.5))
        for a, b in (
            ((x - 6, top), (x, top)),
            ((x, top), (x, bottom)),
            ((x - 6, bottom), (x, bottom)),
            ((x, middle), (loss.left, middle)),
        ):
            painter.drawLine(view.point(*a), view.point(*b))
        box = view.rect(loss)
        painter.setPen(QPen(QColor(self._theme.accent if value is not None else self._theme.border), 1.4))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QColor(self._theme.muted))
        half, word = box.height() / 2, self.loss_caption
        if value is None:
            _write(painter, self._sized(12), box, word)
            return
        _write(painter, self._sized(12), QRectF(box.left(), box.top() + 2, box.width(), half), word)
        painter.setPen(QColor(self._theme.text))
        lower = QRectF(box.left() + 2, box.top() + half - 2, box.width() - 4, half)
        self._write_number(painter, Part("loss"), value, lower, 13.0, bold=True)

    def _paint_locks(self, painter: QPainter, view: _View) -> None:
        """Mark what is frozen: a lock on the line, nearer to the unit it leads to, or beside the square."""
        assert self._picture is not None
        layers = self.arrangement.layers
        for kind, layer, unit, source in self._picture.held:
            place = layers[layer]
            if kind == "weight":
                start, end = layers[layer - 1].centres[source], place.centres[unit]
                spot = start + LOCK_AT * (end - start)
            else:
                spot = place.chips[unit] + np.array([-0.5, 0.5]) * place.chip
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

    def _paint_glow(self, painter: QPainter, view: _View, part: Part) -> None:
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
                    (place.chips, place.chip / 2) if part.kind == "bias" else (place.centres, place.radius)
                )
                around = _around(view.point(*spot[part.unit].tolist()), reach * view.scale + spread)
                if part.kind == "bias" or place.grid:
                    painter.drawRoundedRect(around, spread, spread)
                else:
                    painter.drawEllipse(around)

    def _mark_pen(self, style: MarkStyle, width: float) -> QPen:
        colour = self._theme.text if style is MarkStyle.HOVERED else self._theme.selection
        pen = QPen(QColor(colour), width)
        if style is MarkStyle.COMPARED:
            pen.setDashPattern([3.0, 1.6])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _paint_marked_edge(self, painter: QPainter, view: _View, mark: Mark) -> None:
        layer, unit, source = mark.part.layer, mark.part.unit, mark.part.source
        layers = self.arrangement.layers
        start = view.point(*layers[layer - 1].centres[source].tolist())
        end = view.point(*layers[layer].centres[unit].tolist())
        width = 2.4 if mark.style is MarkStyle.HOVERED else 4.2
        painter.setPen(QPen(QColor(self._theme.canvas), width + 3))
        painter.drawLine(start, end)
        painter.setPen(self._mark_pen(mark.style, width))
        painter.drawLine(start, end)

    def _paint_mark(self, painter: QPainter, view: _View, mark: Mark) -> None:
        kind, layer, unit = mark.part.kind, mark.part.layer, mark.part.unit
        width = 1.6 if mark.style is MarkStyle.HOVERED else 3.0
        painter.setPen(self._mark_pen(mark.style, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if kind == "loss":
            painter.drawRoundedRect(view.rect(self.arrangement.loss).adjusted(-3, -3, 3, 3), 10, 10)
            return
        place = self.arrangement.layers[layer]
        if kind == "layer":
            painter.drawRoundedRect(view.rect(place.box).adjusted(-9, -9, 9, 9), 10, 10)
        elif kind == "bias":
            side = max(place.chip * view.scale, 4.0) / 2 + 2
            painter.drawRect(_around(view.point(*place.chips[unit].tolist()), side))
        else:
            self._paint_unit_mark(painter, view, place, unit)
            if kind == "weight":
                self._paint_unit_mark(painter, view, self.arrangement.layers[layer - 1], mark.part.source)

    @staticmethod
    def _paint_unit_mark(painter: QPainter, view: _View, place: LayerPlace, unit: int) -> None:
        around = _around(view.point(*place.centres[unit].tolist()), max(place.radius * view.scale, 3.0) + 1)
        if place.grid:
            painter.drawRect(around)
        else:
            painter.drawEllipse(around)


class _View(NamedTuple):
    """From world coordinates to pixels."""

    scale: float
    dx: float
    dy: float
    visible: QRectF

    def points(self, world: FloatArray) -> FloatArray:
        return world * self.scale + (self.dx, self.dy)

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(x * self.scale + self.dx, y * self.scale + self.dy)

    def rect(self, box: Box) -> QRectF:
        return QRectF(self.point(box.left, box.top), self.point(box.right, box.bottom))

    def inside(self, points: FloatArray, reach: float) -> IntArray:
        """Indices of the points that can be seen, or lie within `reach` of what can."""
        box = self.visible
        x, y = points[:, 0], points[:, 1]
        seen = (x > box.left() - reach) & (x < box.right() + reach)
        seen &= (y > box.top() - reach) & (y < box.bottom() + reach)
        return np.flatnonzero(seen)


_RIM = 2
"""Pixels around a stamped circle for its outline."""


def _known_buckets(values: FloatArray | None, limit: float, units: int) -> Buckets:
    return np.full(units, UNKNOWN) if values is None else buckets(values, limit)


def _image(words: npt.NDArray[np.uint32]) -> QImage:
    rows, columns = words.shape
    # copied, for the image does not keep the array alive
    return QImage(
        np.ascontiguousarray(words).data, columns, rows, 4 * columns, QImage.Format.Format_RGB32
    ).copy()


def _around(centre: QPointF, reach: float) -> QRectF:
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)


def _write(
    painter: QPainter,
    font: QFont,
    box: QRectF,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Write `text` on one line in `box`, its end replaced by … where it does not fit."""
    painter.setFont(font)
    painter.drawText(
        box, align, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    )
