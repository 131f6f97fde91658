"""Rings on the graph that say of each number whether it agrees: an overlay, drawn over a network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.parts import Part
from gui.style.theme import Theme, blend
from gui.views.network.arrangement import Arrangement

MOST_CHIPS = 150
"""Weights up to which each has its ring; of more, only those that are wrong first."""

MOST_MARKS = 600
"""Rings drawn at all; of more, those of what is wrong first."""

ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.35, 0.65, 0.45, 0.55)
"""Where on its line a number may stand, the best place first."""

PIXELS = 11
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
    """A number's place in pixels; without text it is a dot."""

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
        self._key: object = None
        self._chips: list[_Chip] = []

    @property
    def chips(self) -> list[tuple[Part, str]]:
        """The numbers that had a place when they were last painted."""
        return [(chip.ring.part, chip.ring.text) for chip in _written(self._chips)]

    def paint(
        self,
        painter: QPainter,
        arrangement: Arrangement,
        scale: float,
        dx: float,
        dy: float,
        theme: Theme,
        font: QFont,
    ) -> None:
        """Draw them in pixels: world times `scale` plus (dx, dy) is used."""
        small = QFont(font)
        small.setPixelSize(PIXELS)
        key = (id(arrangement), scale, dx, dy)
        if key != self._key:
            self._key = key
            self._chips = self._placed(arrangement, scale, dx, dy, QFontMetricsF(small))
            for step in range(max((len(ring.briefer) for ring in self.rings), default=0)):
                if len(_written(self._chips)) == len(self._chips):
                    break
                # Digits go before numbers do
                fewer = [
                    ring._replace(text=ring.briefer[step]) if ring.briefer else ring for ring in self.rings
                ]
                brief = self._placed(arrangement, scale, dx, dy, QFontMetricsF(small), fewer)
                if len(_written(brief)) > len(_written(self._chips)):
                    self._chips = brief
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for ring in self.rings:
            if ring.part.kind == "unit":
                self._paint_unit(painter, arrangement, scale, dx, dy, theme, ring)
        bold = QFont(small)
        bold.setBold(True)
        for box, ring in reversed(self._chips):  # what is wrong first lies on top
            painter.setPen(pen_of(ring.kind, theme))
            painter.setBrush(fill_of(ring.kind, theme))
            if not ring.text:
                painter.drawEllipse(box)
                continue
            painter.drawRoundedRect(box, 4, 4)
            wrong = ring.kind in (RingKind.FIRST, RingKind.LATER)
            painter.setPen(QColor(theme.bad if wrong else theme.text))
            painter.setFont(bold if ring.kind is RingKind.FIRST else small)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, ring.text)

    @staticmethod
    def _paint_unit(
        painter: QPainter,
        arrangement: Arrangement,
        scale: float,
        dx: float,
        dy: float,
        theme: Theme,
        ring: Ring,
    ) -> None:
        place = arrangement.layers[ring.part.layer]
        x, y = place.centres[ring.part.unit].tolist()
        reach = max(place.radius * scale, 3.0) + 4.0
        around = QRectF(x * scale + dx - reach, y * scale + dy - reach, 2 * reach, 2 * reach)
        painter.setPen(pen_of(ring.kind, theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if place.grid:
            painter.drawRect(around)
        else:
            painter.drawEllipse(around)

    def _placed(
        self,
        arrangement: Arrangement,
        scale: float,
        dx: float,
        dy: float,
        metrics: QFontMetricsF,
        rings: Sequence[Ring] | None = None,
    ) -> list[_Chip]:
        """Find a place for every number, clear of circles and of each other; without one it is a dot."""
        offset = np.array([dx, dy])
        circles = [
            (place.centres * scale + offset, place.radius * scale)
            for place in arrangement.layers
            if place.grid is None
        ]
        taken: list[tuple[float, float, float, float]] = []
        chips: list[_Chip] = []
        for ring in sorted(rings or self.rings, key=lambda ring: ring.part.kind != "bias"):
            kind, layer, unit, source = ring.part
            if kind not in ("weight", "bias"):
                continue
            place = arrangement.layers[layer]
            end = place.centres[unit] * scale + offset
            text = ring.text
            width, height = metrics.horizontalAdvance(text) * 1.06 + 8, metrics.height() + 2
            if kind == "bias":
                width = width if text else height
                below = place.radius * scale + height / 2 + 6
                pitch = place.box.height * scale / max(place.units, 1)
                if place.grid is not None or (
                    place.units > 1 and pitch < 2 * place.radius * scale + height + 4
                ):
                    continue  # the next unit stands there
                found: npt.NDArray[np.float64] | None = end + np.array([0.0, below])
            else:
                start = arrangement.layers[layer - 1].centres[source] * scale + offset
                found = next(
                    (
                        spot
                        for share in ALONG
                        if text
                        and _is_free(spot := start + share * (end - start), width, height, taken, circles)
                    ),
                    None,
                )
            if found is None:
                x, y = (start + 0.5 * (end - start)).tolist()
                chips.append(_Chip(QRectF(x - DOT, y - DOT, 2 * DOT, 2 * DOT), ring._replace(text="")))
                continue
            x, y = found.tolist()
            taken.append((x, y, width, height))
            chips.append(_Chip(QRectF(x - width / 2, y - height / 2, width, height), ring))
        order = list(RingKind)
        return sorted(chips, key=lambda chip: order.index(chip.ring.kind))


def _without_most_weights(rings: Sequence[Ring]) -> list[Ring]:
    """The rings of a network with many weights: of those that are wrong first, some, and of no others."""
    weights = [ring for ring in rings if ring.part.kind == "weight" and ring.kind is RingKind.FIRST]
    return [*(ring for ring in rings if ring.part.kind != "weight"), *weights[:MOST_CHIPS]]


def _written(chips: Sequence[_Chip]) -> list[_Chip]:
    return [chip for chip in chips if chip.ring.text]


def _is_free(
    spot: npt.NDArray[np.float64],
    width: float,
    height: float,
    taken: list[tuple[float, float, float, float]],
    circles: list[tuple[npt.NDArray[np.float64], float]],
) -> bool:
    x, y = spot.tolist()
    for other_x, other_y, other_width, other_height in taken:
        if (
            abs(x - other_x) < (width + other_width) / 2 + 2
            and abs(y - other_y) < (height + other_height) / 2 + 2
        ):
            return False
    for centres, radius in circles:
        apart = np.maximum(np.abs(centres - spot) - (width / 2, height / 2), 0.0)
        if math.sqrt(float((apart * apart).sum(axis=1).min())) < radius + 3:
            return False
    return True
