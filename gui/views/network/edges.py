"""The lines of the graph: which are drawn, in which pen, and which one is under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.arrays import FloatArray, IntArray
from engine.parts import Part
from gui.views.network.arrangement import Arrangement
from gui.views.network.buckets import BUCKETS, UNKNOWN, buckets, robust_limit
from gui.views.network.quantities import Known

MOST_OF_UNIT = 60
"""Lines into or out of one unit where weights stand as a matrix, whose row or column has them all."""
MOST_DASHES = 400
"""Dashes of one line, however far it is zoomed in."""
MOST = 2_000
"""Lines drawn at once; of more, the strongest."""


def quotas(counts: Sequence[int], most: int = MOST) -> list[int]:
    """How many lines of each layer are drawn: an equal share; what a layer leaves over goes to the others.

    A quota for each layer, because the strongest of the whole network often all lie in one layer.
    """
    given = [0] * len(counts)
    left, waiting = most, sorted(range(len(counts)), key=counts.__getitem__)
    while waiting:
        layer = waiting.pop(0)
        given[layer] = min(counts[layer], left // (len(waiting) + 1))
        left -= given[layer]
    return given


def strongest(values: FloatArray, count: int) -> IntArray:
    """Flat indices of the `count` values of largest magnitude, in ascending order."""
    if count >= values.size:
        return np.arange(values.size)
    if not count:
        return np.empty(0, dtype=np.int64)
    magnitudes = np.abs(values.ravel())
    return np.sort(np.argpartition(magnitudes, values.size - count)[values.size - count :])


def dashes(lines: FloatArray, width: float, pattern: Sequence[float]) -> FloatArray:
    """The dashes of lines (n, 4): as a pen with this pattern draws them, but many times faster."""
    on, period = width * pattern[0], width * sum(pattern[:2])
    way = lines[:, 2:] - lines[:, :2]
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
    counts = np.minimum(np.ceil(length / period), MOST_DASHES).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), counts)
    begin = period * (np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts))
    unit, start = (way / length[:, None])[line], lines[line, :2]
    end = np.minimum(begin + on, length[line])
    return np.ascontiguousarray(np.hstack([start + begin[:, None] * unit, start + end[:, None] * unit]))


class Edges:
    """The lines between units.

    Lines are kept sorted by pen, weak ones first, so that painting is one call a pen.

    Attributes
    ----------
    limit : float
        The magnitude of the strongest colour, biases included.
    total : int
        Weights of the network.
    in_matrices, strong : int
        How many of them stand as matrices, and how many of these have a line for their strength.
    """

    def __init__(self) -> None:
        self.limit = 0.0
        self.total = self.in_matrices = self.strong = 0
        self._arrangement: Arrangement | None = None
        self._quotas: list[int] = []
        empty = np.empty(0, dtype=np.int64)
        self._layer, self._source, self._unit = empty, empty, empty
        self._starts = np.zeros(BUCKETS + 1, dtype=np.int64)
        self._world = np.empty((0, 4))
        # painted from, so it has to outlive the call; QLineF is four doubles
        self._pixels = np.empty((0, 4))

    def __len__(self) -> int:
        """How many lines are drawn."""
        return len(self._world)

    def arrange(self, arrangement: Arrangement) -> None:
        """Take a new arrangement; `show` has to follow."""
        self._arrangement = arrangement
        counts = [a.units * b.units for a, b in pairwise(arrangement.layers)]
        self.total = sum(counts)
        self.in_matrices = sum(
            count for layer, count in enumerate(counts, start=1) if arrangement.matrix(layer) is not None
        )
        self._quotas = quotas(counts)

    def show(
        self,
        edges: Known,
        biases: Known,
        most: int | None = None,
        parts: Iterable[Part] = (),
    ) -> None:
        """Choose the lines and their pens for these numbers (see `Picture`).

        Of weights that stand as matrices there are lines for the `most` largest (None is as many as are
        drawn at all), and for those at units, biases and weights among `parts`.
        """
        assert self._arrangement is not None
        places, parts = self._arrangement.layers, tuple(parts)
        strong = self._strongest_of_matrices(edges, most)
        self.strong = sum(map(len, strong.values()))
        chosen: list[FloatArray | None] = []
        layers, sources, units = [], [], []
        for index, (values, quota) in enumerate(zip(edges, self._quotas, strict=True)):
            columns = places[index + 1].units
            size = places[index].units * columns
            if index + 1 in strong:
                flat = np.union1d(strong[index + 1], self._at_parts(index + 1, values, parts))
            elif values is None:
                flat = np.linspace(0, size - 1, quota).astype(np.int64)
            else:
                flat = strongest(values, quota)
            chosen.append(None if values is None else values.ravel()[flat])
            layers.append(np.full(len(flat), index + 1))
            source, unit = np.divmod(flat, columns)
            sources.append(source)
            units.append(unit)
        self.limit = robust_limit([*edges, *biases])
        bucket = np.concatenate(
            [
                np.full(len(layer), UNKNOWN) if values is None else buckets(values, self.limit)
                for layer, values in zip(layers, chosen, strict=True)
            ]
        )
        order = np.argsort(bucket, kind="stable")
        self._starts = np.searchsorted(bucket[order], np.arange(BUCKETS + 1))
        world = np.concatenate(
            [
                np.hstack([places[index].centres[source], places[index + 1].centres[unit]])
                for index, (source, unit) in enumerate(zip(sources, units, strict=True))
            ]
        )
        self._layer = np.concatenate(layers)[order]
        self._source = np.concatenate(sources)[order]
        self._unit = np.concatenate(units)[order]
        self._world = world[order]
        self._pixels = np.empty_like(self._world)

    def _strongest_of_matrices(self, edges: Known, most: int | None) -> dict[int, IntArray]:
        """The flat indices of the largest weights among all that stand as matrices, layer by layer."""
        assert self._arrangement is not None
        found: dict[int, IntArray] = {}
        for layer, (values, quota) in enumerate(zip(edges, self._quotas, strict=True), start=1):
            if self._arrangement.matrix(layer) is not None:
                count = quota if most is None else most
                found[layer] = np.empty(0, np.int64) if values is None else strongest(values, count)
        if most is None or sum(map(len, found.values())) <= most:
            return found
        layers = [layer for layer in found if len(found[layer])]
        owner = np.concatenate([np.full(len(found[layer]), layer) for layer in layers])
        values = np.concatenate([edges[layer - 1].ravel()[found[layer]] for layer in layers])  # type: ignore[union-attr]
        flat = np.concatenate([found[layer] for layer in layers])
        kept = strongest(values, most)
        return {layer: np.sort(flat[kept][owner[kept] == layer]) for layer in found}

    def _at_parts(self, layer: int, values: FloatArray | None, parts: Iterable[Part]) -> IntArray:
        """The flat indices of the weights into a layer that belong to parts, of a unit the strongest."""
        assert self._arrangement is not None
        rows, columns = (self._arrangement.layers[at].units for at in (layer - 1, layer))
        found = [np.empty(0, np.int64)]
        for part in parts:
            if part.kind == "weight" and part.layer == layer:
                found.append(np.array([part.source * columns + part.unit]))
                continue
            if part.kind in ("unit", "bias") and part.layer == layer:
                own = np.arange(rows) * columns + part.unit
            elif part.kind == "unit" and part.layer == layer - 1:
                own = part.unit * columns + np.arange(columns)
            else:
                continue
            known = np.zeros(len(own)) if values is None else values.ravel()[own]
            found.append(own[strongest(known, MOST_OF_UNIT)])
        return np.concatenate(found)

    def paint(self, painter: QPainter, scale: float, dx: float, dy: float, pens: Sequence[QPen]) -> None:
        """Draw the lines in pixels: `painter` has no transform, world times `scale` plus (dx, dy) is used."""
        np.multiply(self._world, scale, out=self._pixels)
        self._pixels += (dx, dy, dx, dy)
        address, starts = self._pixels.ctypes.data, self._starts.tolist()
        for bucket, pen in enumerate(pens):
            count = starts[bucket + 1] - starts[bucket]
            if not count:
                continue
            if pattern := pen.dashPattern():
                lines = dashes(self._pixels[starts[bucket] : starts[bucket + 1]], pen.widthF(), pattern)
                solid = QPen(pen)
                solid.setStyle(Qt.PenStyle.SolidLine)
                painter.setPen(solid)
                first, count = shiboken6.wrapInstance(lines.ctypes.data, QLineF), len(lines)
            else:
                painter.setPen(pen)
                first = shiboken6.wrapInstance(address + 32 * starts[bucket], QLineF)
            painter.drawLines(first, count)  # type: ignore[call-overload]

    def nearest(self, x: float, y: float, reach: float) -> tuple[int, int, int] | None:
        """The drawn line within `reach` of the point (world coordinates): its layer, source and unit."""
        if not len(self._world):
            return None
        start, way = self._world[:, :2], self._world[:, 2:] - self._world[:, :2]
        to = np.array([x, y]) - start
        length = np.maximum((way * way).sum(axis=1), 1e-12)
        along = np.clip((to * way).sum(axis=1) / length, 0.0, 1.0)
        away = to - along[:, None] * way
        distance = (away * away).sum(axis=1)
        # the last of equals, for it is painted over the others
        best = len(distance) - 1 - int(np.argmin(distance[::-1]))
        if distance[best] > reach * reach:
            return None
        return int(self._layer[best]), int(self._source[best]), int(self._unit[best])
