"""Rings on the graph that say of each number whether it agrees: an overlay, drawn over a network."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.parts import Part
from gui.style.theme import Theme, blend
from gui.views.network.arrangement import Arrangement
from gui.views.network.labels import Labels
from gui.views.network.lens import Lens, around
from gui.views.network.writing import Writing

MOST_CHIPS = 150
"""Weights up to which each has its ring; of more, only those that are wrong first."""

MOST_MARKS = 600
"""Rings drawn at all; of more, those of what is wrong first."""

DOT = 5.0


class RingKind(Enum):
    """What a ring says; each has a line of its own, so that colour alone says nothing."""

    FIRST = "first"
    LATER = "later"
    AGREES = "agrees"
    ABSENT = "absent"


class Ring(NamedTuple):
    """A ring around a weight, a bias or a unit, with the number that stands there."""

    part: Part
    kind: RingKind
    text: str = ""
    briefer: tuple[str, ...] = ()
    """The number with fewer digits, and with fewer still, where there is little room."""


class _Chip(NamedTuple):
    """A number's place in pixels, the origin where the world has it; without text it is a dot."""

    box: QRectF
    ring: Ring


def pen_of(kind: RingKind, theme: Theme) -> QPen:
    """The line of a ring."""
    colour, width, style = {
        RingKind.AGREES: (theme.good, 1.8, Qt.PenStyle.SolidLine),
        RingKind.FIRST: (theme.bad, 3.2, Qt.PenStyle.SolidLine),
        RingKind.LATER: (theme.bad, 1.2, Qt.PenStyle.DashLine),
        RingKind.ABSENT: (theme.muted, 1.0, Qt.PenStyle.DotLine),
    }[kind]
    pen = QPen(QColor(colour), width, style)
    if kind is RingKind.LATER:
        pen.setDashPattern([3.0, 2.2])
    return pen


def fill_of(kind: RingKind, theme: Theme) -> QColor:
    """The ground of a number in a ring."""
    return blend(theme.surface, theme.bad, 0.12) if kind is RingKind.FIRST else QColor(theme.surface)


class Rings:
    """The rings of a network.

    Parameters
    ----------
    rings : sequence of Ring
    """

    def __init__(self, rings: Sequence[Ring]) -> None:
        order = list(RingKind)
        ranked = sorted(rings, key=lambda ring: order.index(ring.kind))
        self.rings = tuple(ranked[:MOST_MARKS])
        if sum(ring.part.kind == "weight" for ring in self.rings) > MOST_CHIPS:
            self.rings = tuple(_without_most_weights(self.rings))
        self._placed_by: Labels | None = None
        self._chips: list[_Chip] = []

    @cached_property
    def parts(self) -> frozenset[Part]:
        """What has a ring."""
        return frozenset(ring.part for ring in self.rings)

    @property
    def chips(self) -> list[tuple[Part, str]]:
        """The numbers that had a place when they were last painted."""
        return [(chip.ring.part, chip.ring.text) for chip in self._chips if chip.ring.text]

    def paint(
        self,
        painter: QPainter,
        arrangement: Arrangement,
        lens: Lens,
        labels: Labels,
        theme: Theme,
        writing: Writing,
    ) -> None:
        """Draw them where the graph has the numbers of lines and of biases; elsewhere a line has a dot."""
        if labels is not self._placed_by:
            self._placed_by = labels
            self._chips = self._placed(arrangement, lens.scale, labels, writing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for ring in self.rings:
            if ring.part.kind == "unit":
                self._paint_unit(painter, arrangement, lens, theme, ring, writing)
        small = writing.measures.small
        for box, ring in reversed(self._chips):  # what is wrong first lies on top
            box = box.translated(lens.dx, lens.dy)
            painter.setPen(pen_of(ring.kind, theme))
            painter.setBrush(fill_of(ring.kind, theme))
            if not ring.text:
                if ring.part.kind == "bias":
                    painter.drawRect(box)
                else:
                    painter.drawEllipse(box)
                continue
            painter.drawRoundedRect(box, 4, 4)
            wrong = ring.kind in (RingKind.FIRST, RingKind.LATER)
            painter.setPen(QColor(theme.bad if wrong else theme.text))
            painter.setFont(writing.font(small, ring.kind is RingKind.FIRST))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _with_sign(ring))

    @staticmethod
    def _paint_unit(
        painter: QPainter,
        arrangement: Arrangement,
        lens: Lens,
        theme: Theme,
        ring: Ring,
        writing: Writing,
    ) -> None:
        place = arrangement.layers[ring.part.layer]
        at = lens.point(*place.centres[ring.part.unit].tolist())
        box = around(at, max(place.radius * lens.scale, 3.0) + writing.measures.px(4.5))
        painter.setPen(pen_of(ring.kind, theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if place.grid:
            painter.drawRect(box)
        else:
            painter.drawEllipse(box)

    def _placed(
        self, arrangement: Arrangement, scale: float, labels: Labels, writing: Writing
    ) -> list[_Chip]:
        """Find the place of every number."""
        small = writing.measures.small
        spots: dict[Part, tuple[float, float, float]] = {}
        for layer in {ring.part.layer for ring in self.rings if ring.part.kind == "weight"}:
            found = labels.of_layer(layer)
            for source, unit, (x, y) in zip(
                found.source.tolist(), found.unit.tolist(), found.centres.tolist(), strict=True
            ):
                spots[Part("weight", layer, unit, source)] = x, y, found.room
        chips: list[_Chip] = []
        for ring in self.rings:
            part = ring.part
            if part.kind not in ("weight", "bias"):
                continue
            place = arrangement.layers[part.layer]
            if part.kind == "bias":
                x, y = (place.biases[part.unit] * scale).tolist()
                room = writing.measures.px(80.0) if place.below else 0.0
                reach = max(place.square * scale, 4.0) / 2 + 2.0
            elif part in spots:
                x, y, room = spots[part]
                reach = DOT
            else:
                start = arrangement.layers[part.layer - 1].centres[part.source]
                x, y = ((start + place.centres[part.unit]) * scale / 2).tolist()
                room, reach = 0.0, DOT
            for text in (ring.text, *ring.briefer):  # digits go before numbers do
                named = ring._replace(text=text)
                width = (
                    writing.metrics(small, bold=True).horizontalAdvance(_with_sign(named)) + labels.padding
                )
                if text and width <= room + 1.0:
                    box = QRectF(x - width / 2, y - labels.height / 2, width, labels.height)
                    chips.append(_Chip(box, named))
                    break
            else:
                chips.append(_Chip(around(QPointF(x, y), reach), ring._replace(text="")))
        order = list(RingKind)
        return sorted(chips, key=lambda chip: order.index(chip.ring.kind))


def _with_sign(ring: Ring) -> str:
    """The number of a bias says that it is one."""
    return f"b {ring.text}" if ring.part.kind == "bias" and ring.text else ring.text


def _without_most_weights(rings: Sequence[Ring]) -> list[Ring]:
    """The rings of a network with many weights: of those that are wrong first, some, and of no others."""
    weights = [ring for ring in rings if ring.part.kind == "weight" and ring.kind is RingKind.FIRST]
    return [*(ring for ring in rings if ring.part.kind != "weight"), *weights[:MOST_CHIPS]]
