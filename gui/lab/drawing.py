"""The graph as a picture: painted on the screen, on paper, or into a file, by the same strokes."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from engine.explain.expression import Edge, Formula, Graph
from gui.lab.arrangement import BOX_HEIGHT, Arrangement, Place, Route, arrange, shown_terms
from gui.lab.reveal import Mode, Reveal, Share
from gui.lab.symbols import operation, symbol
from gui.style.fonts import tabular
from gui.style.theme import Theme
from gui.text.numbers import MINUS, short

LEAST_WIDTH, MOST_WIDTH = 74.0, 132.0
PADDING = 8.0
CORNER = 7.0
HEADER = 19.0
DETAIL = 0.42
"""Scale below which there are no words: they could not be read."""

MOST_SHARES = 3
"""Terms of a sum that are written out under a box."""

_SAMPLES = 24


class Label(NamedTuple):
    """What stands in the head of a box."""

    symbol: str
    operation: str
    named: bool


class Box(NamedTuple):
    """A box as it is drawn: its frame, the strip its derivative stands on, and the two words of its head."""

    frame: QRectF
    strip: QPainterPath
    symbol: str
    symbol_at: QPointF
    operation: str
    operation_at: QPointF
    named: bool


class Line(NamedTuple):
    """A route as it is drawn: its path, where the number stands, and points along it for the mouse."""

    route: Route
    path: QPainterPath
    label: QPointF
    samples: tuple[tuple[float, float], ...]
    start: QPointF
    end: QPointF
    reach: QRectF


class Fonts:
    """The fonts of a picture, in pixels, with figures of one width."""

    def __init__(self, base: QFont) -> None:
        self.name = self._font(base, 12, bold=True)
        self.plain = self._font(base, 12)
        self.small = self._font(base, 11)
        self.name_metrics = QFontMetricsF(self.name)
        self.plain_metrics = QFontMetricsF(self.plain)
        self.small_metrics = QFontMetricsF(self.small)

    @staticmethod
    def _font(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
        font = tabular(base, bold=bold)
        font.setPixelSize(pixels)
        return font


class Drawing:
    """What does not change while the values do: places, lines and labels of one formula."""

    def __init__(self, graph: Graph, fonts: Fonts) -> None:
        formula = graph.formula
        self.formula: Formula = formula
        self.fonts = fonts
        self.labels = {
            i: Label(symbol(graph, i), operation(formula, i, graph.values), _is_named(formula, i))
            for i in shown_terms(formula)
        }
        self.arrangement: Arrangement = arrange(
            formula, {i: self._width(label) for i, label in self.labels.items()}
        )
        self.boxes = {i: _box(self.labels[i], place, fonts) for i, place in self.arrangement.places.items()}
        twins = Counter((r.source, r.target) for r in self.arrangement.routes)
        self.lines = tuple(
            _line(route, twins[route.source, route.target]) for route in self.arrangement.routes
        )

    def _width(self, label: Label) -> float:
        head = self.fonts.name_metrics.horizontalAdvance(label.symbol)
        if label.operation:
            head += PADDING + self.fonts.plain_metrics.horizontalAdvance(label.operation)
        return min(max(LEAST_WIDTH, head + 2 * PADDING), MOST_WIDTH)

    @cached_property
    def bounds(self) -> QRectF:
        """The whole picture."""
        return QRectF(0.0, 0.0, self.arrangement.width, self.arrangement.height)

    def node_at(self, x: float, y: float) -> int | None:
        """The node whose box is at a point."""
        for i, place in self.arrangement.places.items():
            if abs(x - place.x) <= place.width / 2 and abs(y - place.y) <= BOX_HEIGHT / 2:
                return i
        return None

    def line_at(self, x: float, y: float, reach: float) -> int | None:
        """The number of the line within `reach` of a point."""
        nearest, found = reach * reach, None
        for number, line in enumerate(self.lines):
            for a, b in line.samples:
                distance = (a - x) ** 2 + (b - y) ** 2
                if distance < nearest:
                    nearest, found = distance, number
        return found


def _is_named(formula: Formula, index: int) -> bool:
    return bool(formula.terms[index].name) or index == formula.output


def _box(label: Label, place: Place, fonts: Fonts) -> Box:
    frame = QRectF(place.x - place.width / 2, place.y - BOX_HEIGHT / 2, place.width, BOX_HEIGHT)
    rounded, lower = QPainterPath(), QPainterPath()
    rounded.addRoundedRect(frame, CORNER, CORNER)
    lower.addRect(QRectF(frame.left(), frame.bottom() - HEADER, frame.width(), HEADER))
    metrics, plain = fonts.name_metrics if label.named else fonts.plain_metrics, fonts.plain_metrics
    baseline, room = frame.top() + 14.5, frame.width() - 2 * PADDING
    # where both are too long for the box, each gets a half
    both = metrics.horizontalAdvance(label.symbol) + PADDING
    right = Qt.TextElideMode.ElideRight
    operation = (
        plain.elidedText(label.operation, right, room - min(both, 0.5 * room)) if label.operation else ""
    )
    width = plain.horizontalAdvance(operation)
    symbol_text = metrics.elidedText(label.symbol, right, room - width - (4 if operation else 0))
    left = frame.left() + PADDING
    if not operation:
        left = frame.center().x() - metrics.horizontalAdvance(symbol_text) / 2
    return Box(
        frame,
        rounded.intersected(lower),
        symbol_text,
        QPointF(left, baseline),
        operation,
        QPointF(frame.right() - PADDING - width, baseline),
        label.named,
    )


def _line(route: Route, twins: int) -> Line:
    points = [QPointF(*p) for p in route.points]
    path = QPainterPath(points[0])
    # two lines between the same boxes part, so that their numbers do not lie on each other
    bow = 30.0 * (route.position - (twins - 1) / 2) if twins > 1 else 0.0
    pieces = []
    for number, (a, b) in enumerate(itertools.pairwise(points)):
        piece = QPainterPath(a)
        reach = max((b.x() - a.x()) * 0.5, 8.0)
        for drawn in (path, piece):
            if number % 2:
                drawn.lineTo(b)
            else:
                drawn.cubicTo(QPointF(a.x() + reach, a.y() + bow), QPointF(b.x() - reach, b.y() + bow), b)
        pieces.append(piece)
    last = pieces[-1]  # the gap which is this line's own more than any other
    # piece by piece: a point of the whole path is searched from its beginning, which takes seconds in all
    along = []
    for k in range(_SAMPLES + 1):
        number = min(k * len(pieces) // _SAMPLES, len(pieces) - 1)
        along.append(pieces[number].pointAtPercent(k * len(pieces) / _SAMPLES - number))
    return Line(
        route,
        path,
        last.pointAtPercent(0.46),
        tuple((p.x(), p.y()) for p in along),
        points[0],
        points[-1],
        # a straight line's own is empty, and meets nothing
        path.controlPointRect().adjusted(-24, -8, 24, 8),
    )


@dataclass(frozen=True)
class Picture:
    """All that is to be seen at one moment.

    Attributes
    ----------
    path : frozenset of Edge
        A path that is pointed out.
    selected : int or None
    stale : bool
        The numbers are of an earlier moment, as there are none now.
    """

    drawing: Drawing
    graph: Graph
    reveal: Reveal
    path: frozenset[Edge] = frozenset()
    selected: int | None = None
    stale: bool = False


def paint(painter: QPainter, picture: Picture, theme: Theme, scale: float = 1.0) -> None:
    """Paint the picture in its own coordinates; `scale` says how large they are on the device."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _Brush(painter, picture, theme, detail=scale >= DETAIL).paint()
    if picture.stale:
        veil = QColor(theme.canvas)
        veil.setAlphaF(0.6)
        painter.fillRect(picture.drawing.bounds, veil)


class _Brush:
    def __init__(self, painter: QPainter, picture: Picture, theme: Theme, detail: bool) -> None:
        self.painter, self.picture, self.theme, self.detail = painter, picture, theme, detail
        self.fonts = picture.drawing.fonts
        self.ink = QColor(theme.text)
        self.muted = QColor(theme.muted)
        self.border = QColor(theme.border)
        self.surface = QColor(theme.surface)
        self.canvas = QColor(theme.canvas)
        self.selection = QColor(theme.selection)
        self.signs = {1: QColor(theme.positive), -1: QColor(theme.negative), 0: self.muted}
        self.fills = {1: QColor(theme.positive_fill), -1: QColor(theme.negative_fill), 0: self.surface}
        self.view = painter.worldTransform().inverted()[0].mapRect(QRectF(painter.viewport()))

    def paint(self) -> None:
        reveal, edges = self.picture.reveal, self.picture.graph.edges
        lines = self.picture.drawing.lines
        now = frozenset(reveal.edges)
        above = []
        labels = []
        for line, edge in zip(lines, edges, strict=True):
            if not self.view.intersects(line.reach):
                continue
            if edge in now or edge in self.picture.path:
                above.append((line, edge))
            else:
                self._line(line, edge)
            if self.detail and self._known(edge):
                labels.append((line, edge))
        for line, edge in above:
            self._marked_line(line, edge, edge in now)
        for line, edge in labels:
            self._line_label(line, edge, edge in now or edge in self.picture.path)
        for i, box in self.picture.drawing.boxes.items():
            if self.view.intersects(box.frame.adjusted(-40, -4, 40, 20)):
                self._box(i, box)

    def _known(self, edge: Edge) -> bool:
        return edge.target in self.picture.reveal.evaluated

    # lines

    def _line(self, line: Line, edge: Edge) -> None:
        passed = edge in self.picture.reveal.passed
        if passed:
            pen = self._pen(self.signs[_sign(edge.local)], 1.8, edge.local < 0)
        else:
            pen = self._pen(self.muted if self._known(edge) else self.border, 1.1, False)
        self.painter.strokePath(line.path, pen)

    def _marked_line(self, line: Line, edge: Edge, now: bool) -> None:
        self.painter.strokePath(line.path, self._pen(self.selection, 2.8 if now else 2.4, edge.local < 0))
        if now:
            backward = self.picture.reveal.mode is Mode.REVERSE
            self._arrow(line.start if backward else line.end, -1.0 if backward else 1.0)

    def _arrow(self, tip: QPointF, direction: float) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.selection)
        x, y = tip.x(), tip.y()
        head = [QPointF(x, y), QPointF(x - 10 * direction, y - 5.5), QPointF(x - 10 * direction, y + 5.5)]
        self.painter.drawPolygon(QPolygonF(head))

    def _line_label(self, line: Line, edge: Edge, marked: bool) -> None:
        text = short(edge.local, 3)
        metrics = self.fonts.small_metrics
        width, height = metrics.horizontalAdvance(text), metrics.ascent()
        at = line.label
        ground = QRectF(at.x() - width / 2 - 2, at.y() - height / 2 - 1, width + 4, height + 2)
        self.painter.fillRect(ground, self.canvas)
        passed = edge in self.picture.reveal.passed
        colour = self.selection if marked else self.signs[_sign(edge.local)] if passed else self.muted
        self._text(self.fonts.small, colour, QPointF(at.x() - width / 2, at.y() + height / 2 - 1), text)

    def _pen(self, colour: QColor, width: float, dashed: bool) -> QPen:
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([9.0 / width, 4.0 / width])
        return pen

    # boxes

    def _box(self, i: int, box: Box) -> None:
        picture, reveal, painter = self.picture, self.picture.reveal, self.painter
        frame = box.frame
        evaluated = i in reveal.evaluated
        derivative = reveal.derivatives.get(i)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.surface)
        painter.drawRoundedRect(frame, CORNER, CORNER)
        if derivative:
            painter.setBrush(self.fills[_sign(derivative)])
            painter.drawPath(box.strip)
        painter.setPen(self._outline(i, evaluated))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, CORNER, CORNER)
        if not self.detail:
            return
        fonts = self.fonts
        ink = self.ink if evaluated else self.muted
        font = fonts.name if box.named else fonts.plain
        self._text(font, ink if box.named else self.muted, box.symbol_at, box.symbol)
        if box.operation:
            self._text(fonts.plain, ink, box.operation_at, box.operation)
        middle = frame.center().x()
        if evaluated:
            self._centred(middle, frame.top() + HEADER + 14, short(picture.graph.values[i]), self.ink)
        if derivative is not None:
            baseline = frame.bottom() - (HEADER - fonts.plain_metrics.ascent()) / 2 - 1
            known = self.ink if i in reveal.complete else self.muted
            self._centred(middle, baseline, short(derivative), known)
            self._shares(i, frame)

    def _outline(self, i: int, evaluated: bool) -> QPen:
        picture = self.picture
        if i == picture.selected:
            return QPen(self.selection, 2.6)
        if i == picture.reveal.node:
            return QPen(self.selection, 2.2)
        if not evaluated:
            return QPen(self.border, 1.2)
        return QPen(self.ink, 2.2 if i == picture.graph.formula.output else 1.2)

    def _shares(self, i: int, frame: QRectF) -> None:
        """Write the sum out under a box where several lines meet."""
        shares = self.picture.reveal.shares.get(i, ())
        if len(shares) < 2:
            return
        arrived = [s for s in shares if s.arrived]
        if len(shares) <= MOST_SHARES:
            text = "".join(_term(s, first=s is shares[0]) for s in shares)
        else:
            text = f"Σ {len(arrived)}/{len(shares)}"
        metrics = self.fonts.small_metrics
        width = metrics.horizontalAdvance(text)
        if width > frame.width() + 36:
            text = f"Σ {len(arrived)}/{len(shares)}"
            width = metrics.horizontalAdvance(text)
        left, top = frame.center().x() - width / 2, frame.bottom() + 2
        ground = QRectF(left - 3, top, width + 6, metrics.ascent() + metrics.descent())
        self.painter.fillRect(ground, self.canvas)
        self._text(self.fonts.small, self.muted, QPointF(left, top + metrics.ascent() + 1), text)

    def _centred(self, middle: float, baseline: float, text: str, colour: QColor) -> None:
        width = self.fonts.plain_metrics.horizontalAdvance(text)
        self._text(self.fonts.plain, colour, QPointF(middle - width / 2, baseline), text)

    def _text(self, font: QFont, colour: QColor, at: QPointF, text: str) -> None:
        self.painter.setFont(font)
        self.painter.setPen(colour)
        self.painter.drawText(at, text)


def _term(share: Share, *, first: bool) -> str:
    text = short(share.product, 3) if share.arrived else "…"
    if first:
        return text
    return f" {MINUS} {text[1:]}" if text.startswith(MINUS) else f" + {text}"


def _sign(number: float) -> int:
    return 0 if number == 0 else int(math.copysign(1, number))


def ground(painter: QPainter, theme: Theme, area: QRectF) -> None:
    """Fill what lies behind the picture."""
    painter.fillRect(area, QBrush(QColor(theme.canvas)))
