"""Where numbers stand on the lines: found once for an arrangement and a zoom, whatever the numbers are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QFontMetricsF

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.parts import Part
from gui.text.numbers import MINUS
from gui.views.network.arrangement import Arrangement
from gui.views.network.measures import Measures

ALL = 8
"""Units of both layers up to which every line between them may have its number."""
MOST_LINES = 400
"""Lines between two layers up to which numbers stand clear of the lines of others."""
SHARES = np.linspace(0.12, 0.88, 27)
"""Where on its line a number may stand."""
WIDEST = (f"{MINUS}0.000000", f"{MINUS}0.00000", f"{MINUS}0.0000", f"{MINUS}0.000")
"""What room is kept for: so much that nothing moves when a number gets longer."""
FROM_MIDDLE = 3.0
"""What a place costs at the end of a line, where crossing another line costs 1."""
AT_ARROW = 1.2
"""What it costs where an arrowhead will be."""


class Spots(NamedTuple):
    """Places of numbers: parallel arrays, and the width that is kept for each.

    Attributes
    ----------
    source, unit : (k,)
    centres : (k, 2)
        Pixels, the origin where the world has it.
    room : float
    """

    source: IntArray
    unit: IntArray
    centres: FloatArray
    room: float


class Labels:
    """The places of numbers on the lines of an arrangement at one zoom.

    Parameters
    ----------
    arrangement : Arrangement
    scale : float
        Pixels a world unit.
    measures : Measures
    metrics : QFontMetricsF
        Of the numbers.
    """

    def __init__(
        self, arrangement: Arrangement, scale: float, measures: Measures, metrics: QFontMetricsF
    ) -> None:
        self._arrangement, self._scale, self._measures = arrangement, scale, measures
        self.padding = measures.px(10.0)
        self.height = measures.pill
        self.rooms = [metrics.horizontalAdvance(text) + self.padding for text in WIDEST]
        self._of_layers: dict[int, Spots] = {}
        self._of_parts: dict[Part, tuple[int, Spots]] = {}
        self._of_weights: dict[Part, tuple[float, float, float]] = {}

    def has_lines(self, layer: int) -> bool:
        """Whether the weights into `layer` are lines from circle to circle."""
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        circles = below.grid is None and here.grid is None
        return circles and self._arrangement.matrix(layer) is None

    def gap(self, layer: int) -> float:
        """Pixels between a layer and the one before it."""
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        return (here.box.left - below.box.right) * self._scale

    def of_layer(self, layer: int) -> Spots:
        """Of the weights into `layer`: all of them in a small network, else none."""
        spots = self._of_layers.get(layer)
        if spots is None:
            below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
            every = below.grid is None and here.grid is None and max(below.units, here.units) <= ALL
            source, unit = np.divmod(np.arange(below.units * here.units if every else 0), here.units)
            spots = self._of_layers[layer] = self._spread(layer, source, unit)
        return spots

    def of_unit(self, layer: int, unit: int, *, leaving: bool) -> Spots:
        """Of the weights into a unit, or out of it to the next layer."""
        part = Part("weight" if leaving else "unit", layer, unit)
        found = self._of_parts.get(part)
        if found is None:
            beside = layer + 1 if leaving else layer - 1
            count = self._arrangement.layers[beside].units
            others, own = np.arange(count), np.full(count, unit)
            into = max(layer, beside)
            spots = self._spread(into, *((own, others) if leaving else (others, own)))
            found = self._of_parts[part] = (into, spots)
        return found[1]

    def of_weight(self, part: Part) -> tuple[float, float, float]:
        """The best place of one number, whatever else stands there, and its room."""
        if part not in self._of_weights:
            self._of_weights[part] = self._place_of(part)
        return self._of_weights[part]

    def _place_of(self, part: Part) -> tuple[float, float, float]:
        source, unit, x, y = np.array([part.source]), np.array([part.unit]), 0.0, 0.0
        for room in self.rooms:
            spots = self._spread(part.layer, source, unit, rooms=[room], anyhow=True)
            x, y = spots.centres[0].tolist()
            if self._free(part.layer, spots.centres[:, None], np.array([room, self.height]) / 2).all():
                return x, y, room
        return x, y, self.rooms[0]

    def _spread(
        self,
        layer: int,
        source: IntArray,
        unit: IntArray,
        rooms: list[float] | None = None,
        *,
        anyhow: bool = False,
    ) -> Spots:
        """Find places clear of circles, biases and each other, with as much room for digits as there is."""
        places = self._arrangement.layers
        below, here = places[layer - 1], places[layer]
        start, end = below.centres[source] * self._scale, here.centres[unit] * self._scale
        gap = self.gap(layer)
        best: Spots | None = None
        for room in rooms or self.rooms:
            if len(source) == 0 or (gap < 0.8 * room and not anyhow):
                continue
            found = self._places(layer, start, end, room, anyhow=anyhow)
            seen = np.flatnonzero(np.isfinite(found[:, 0]))
            if best is None or len(seen) > len(best.source):
                best = Spots(source[seen], unit[seen], found[seen], room)
            if len(seen) == len(source):
                break
        return best or Spots(source[:0], unit[:0], np.empty((0, 2)), self.rooms[-1])

    def _places(
        self, layer: int, start: FloatArray, end: FloatArray, width: float, *, anyhow: bool
    ) -> FloatArray:
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        height, scale, m = self.height, self._scale, self._measures
        spots = start[:, None] + SHARES[None, :, None] * (end - start)[:, None]  # (k, s, 2)
        half = np.array([width / 2, height / 2])
        way = end - start
        length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
        cost = FROM_MIDDLE * 2 * np.abs(SHARES - 0.5)[None] + np.zeros((len(start), 1))
        # along its own line a number covers so much of it
        covers = np.minimum(half[0] / np.maximum(np.abs(way[:, 0] / length), 1e-9), half[0])
        for share, place in ((SHARES, below), (1 - SHARES, here)):
            left = share[None] * length[:, None] - place.radius * scale - covers[:, None]
            cost += AT_ARROW * (left < m.px(20.0))
        cost += _crossings(spots, half, start, end, self._lines(layer, start, end))
        free = self._free(layer, spots, half)
        cost = np.where(free, cost, np.inf)
        if anyhow:
            best = spots[:, int(np.argmin(cost[0]))]
            return np.asarray(best if free.any() else self._beside(layer, spots, half))
        found = np.full((len(start), 2), np.nan)
        taken: list[tuple[float, float]] = []
        # who has the fewest places to choose from comes first
        for index in np.argsort(free.sum(axis=1), kind="stable").tolist():
            for at in np.argsort(cost[index], kind="stable").tolist():
                if not np.isfinite(cost[index, at]):
                    break
                x, y = spots[index, at].tolist()
                if all(abs(x - a) >= width + 2 or abs(y - b) >= height + 2 for a, b in taken):
                    taken.append((x, y))
                    found[index] = x, y
                    break
        return found

    def _beside(self, layer: int, spots: FloatArray, half: FloatArray) -> FloatArray:
        """The middle of a line, or where nothing is hidden over or under it."""
        middle = spots[:, len(SHARES) // 2]
        radius = max(place.radius for place in self._arrangement.layers[layer - 1 : layer + 1])
        away = np.array([0.0, radius * self._scale + half[1] + self._measures.px(5.0)])
        names = max(place.title.bottom for place in self._arrangement.layers) * self._scale
        for spot in (middle - away, middle + away):
            if spot[0, 1] > names + half[1] and self._free(layer, spot[:, None], half).all():
                return np.asarray(spot)
        return np.asarray(middle)

    def _free(self, layer: int, spots: FloatArray, half: FloatArray) -> BoolArray:
        """Where (k, s) a number hides no circle, bias or name."""
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        scale, m = self._scale, self._measures
        free: BoolArray = np.ones(spots.shape[:2], dtype=bool)
        for place in (below, here):
            reach = place.radius * scale + m.px(3.0)
            free &= _clear_of_circles(spots, half, place.centres * scale, reach)
            if place.below:
                pill = np.array([m.px(34.0), m.pill / 2 + m.px(1.0)])
                free &= _clear_of_boxes(spots, half, place.biases * scale, pill)
            elif place.square and place is not self._arrangement.layers[0]:
                square = np.full(2, place.square * scale / 2 + 1.0)
                free &= _clear_of_boxes(spots, half, place.biases * scale, square)
        for index, side in ((0, below), (-1, here)):
            if self._arrangement.layers[index] is side and self._arrangement.names_above[index]:
                names = side.centres * scale - (0.0, side.radius * scale + m.px(9.5))
                name = np.array([self._arrangement.names[index] * scale / 2, m.px(8.0)])
                free &= _clear_of_boxes(spots, half, names, name)
        matrix = self._arrangement.matrix(layer)
        if matrix is not None:
            title = np.array([[matrix.centre[0] * scale, matrix.top * scale - m.px(9.0)]])
            free &= _clear_of_boxes(spots, half, title, np.array([m.px(46.0), m.px(8.0)]))
        return free

    def _lines(self, layer: int, start: FloatArray, end: FloatArray) -> FloatArray:
        """The lines (n, 4) that numbers should stand clear of."""
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        if below.units * here.units > MOST_LINES:
            return np.hstack([start, end])
        source, unit = np.divmod(np.arange(below.units * here.units), here.units)
        return np.hstack([below.centres[source], here.centres[unit]]) * self._scale


def _crossings(
    spots: FloatArray, half: FloatArray, start: FloatArray, end: FloatArray, lines: FloatArray
) -> npt.NDArray[np.float64]:
    """How many lines other than its own each number (k, s) would lie on."""
    away = lines[:, 2:] - lines[:, :2]
    normal = np.stack([-away[:, 1], away[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(normal[:, 0], normal[:, 1]), 1e-9)[:, None]
    reach = np.abs(normal) @ half
    offset = (normal * lines[:, :2]).sum(axis=1)
    across = np.abs(spots @ normal.T - offset) < reach  # (k, s, n)
    # lines go from one layer to the next: within their height they are where their equation says
    low = np.minimum(lines[:, 1], lines[:, 3]) - half[1]
    high = np.maximum(lines[:, 1], lines[:, 3]) + half[1]
    across &= (spots[..., 1:] > low) & (spots[..., 1:] < high)
    own = (lines[None, :, :2] == start[:, None]).all(axis=2) & (lines[None, :, 2:] == end[:, None]).all(
        axis=2
    )
    across &= ~own[:, None]
    return np.asarray(across.sum(axis=2), dtype=np.float64)


def _clear_of_circles(spots: FloatArray, half: FloatArray, centres: FloatArray, reach: float) -> BoolArray:
    apart = np.maximum(np.abs(spots[:, :, None] - centres) - half, 0.0)
    return np.asarray(((apart**2).sum(axis=3) >= reach * reach).all(axis=2))


def _clear_of_boxes(spots: FloatArray, half: FloatArray, centres: FloatArray, other: FloatArray) -> BoolArray:
    apart: FloatArray = np.abs(spots[:, :, None] - centres) - half - other
    return np.asarray(np.all(np.any(apart >= 0.0, axis=3), axis=2))
