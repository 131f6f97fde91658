"""Where the nodes of a formula are drawn: in columns from left to right, lines crossing little.

Sugiyama's method: columns, an order within each, then heights. A node stands right before what uses it
first, so that a long sum is a diagonal with short lines and not a fan. A line that passes columns gets a
way-point in each; lines from one node share them.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.explain.expression import Formula

BOX_HEIGHT = 56.0
ROW = 84.0
"""From the middle of a box to that of the next one below."""
BEND_ROW = 26.0
"""The same, where one of the two is a way-point."""
GAP = 60.0
"""Between two columns: room for a line and the number on it."""
MARGIN = 26.0
_SWEEPS = 12
_PORT = 12.0


class Place(NamedTuple):
    """The middle of a box, and its width."""

    x: float
    y: float
    width: float


class Route(NamedTuple):
    """A line from `source` to operand `position` of `target`, through `points` from left to right."""

    source: int
    target: int
    position: int
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Arrangement:
    """Places by term, routes in the order of the formula's links, and the size of the whole."""

    places: Mapping[int, Place]
    routes: tuple[Route, ...]
    columns: tuple[tuple[int, ...], ...]
    width: float
    height: float


def shown_terms(formula: Formula) -> list[int]:
    """The terms that get a box: those that depend on a variable, and the output."""
    return [i for i, active in enumerate(formula.active) if active or i == formula.output]


def arrange(formula: Formula, widths: Mapping[int, float]) -> Arrangement:
    """Lay a formula out.

    Parameters
    ----------
    formula : Formula
    widths : mapping of int to float
        Of the box of each of `shown_terms`.
    """
    column = _columns(formula)
    net = _Net(formula, column)
    net.order()
    heights = net.heights()
    count = len(net.columns)
    room = [max((widths[i] for i in c if i in widths), default=0.0) for c in net.columns]
    middles, x = [], MARGIN
    for width in room:
        middles.append(x + width / 2)
        x += width + GAP
    top = min(heights.values(), default=0.0)
    bottom = max(heights.values(), default=0.0)
    shift = MARGIN + BOX_HEIGHT / 2 - top
    places = {i: Place(middles[column[i]], heights[i] + shift, widths[i]) for i in column}
    routes = _routes(formula, net, places, {v: y + shift for v, y in heights.items()}, middles, room)
    return Arrangement(
        places,
        routes,
        tuple(tuple(v for v in c if v in places) for c in net.columns),
        x - GAP + MARGIN if count else 2 * MARGIN,
        # room for the sum under the lowest box
        bottom - top + BOX_HEIGHT + 2 * MARGIN + 10,
    )


def _columns(formula: Formula) -> dict[int, int]:
    """The column of each term, the output's being the last."""
    shown = shown_terms(formula)
    behind = dict.fromkeys(shown, 0)
    for source, target, _ in reversed(formula.links):
        behind[source] = max(behind[source], behind[target] + 1)
    last = max(behind.values(), default=0)
    return {i: last - b for i, b in behind.items()}


class _Net:
    """The nodes and way-points column by column. Way-points have numbers below 0."""

    def __init__(self, formula: Formula, column: Mapping[int, int]) -> None:
        self.columns: list[list[int]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
        self.left: dict[int, list[int]] = defaultdict(list)
        self.right: dict[int, list[int]] = defaultdict(list)
        self.bends: dict[tuple[int, int], int] = {}
        """The way-point of a node's lines in a column."""
        for source, target, _ in formula.links:
            at = source
            for c in range(column[source] + 1, column[target]):
                if (source, c) not in self.bends:
                    bend = self.bends[source, c] = -1 - len(self.bends)
                    self._join(at, bend)
                at = self.bends[source, c]
            self._join(at, target)
        # as they are met from the output, operands from top to bottom: a tree is then free of crossings
        seen: set[int] = set()
        place = {**column, **{bend: c for (_, c), bend in self.bends.items()}}
        roots = [formula.output, *(i for i in column if not self.right[i] and i != formula.output)]
        waiting = list(reversed(roots))
        while waiting:
            v = waiting.pop()
            if v not in seen:
                seen.add(v)
                self.columns[place[v]].append(v)
                waiting.extend(reversed(self.left[v]))

    def _join(self, a: int, b: int) -> None:
        if a not in self.left[b]:
            self.left[b].append(a)
            self.right[a].append(b)

    def order(self) -> None:
        """Move nodes to the mean place of their neighbours, back and forth, and keep the best order."""
        best, fewest = [list(c) for c in self.columns], self._crossings()
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            neighbours = self.right if sweep % 2 else self.left
            for c in reversed(self.columns) if sweep % 2 else self.columns:
                rank = {v: r for column in self.columns for r, v in enumerate(column)}
                mean = {
                    v: sum(rank[n] for n in neighbours[v]) / len(neighbours[v]) if neighbours[v] else rank[v]
                    for v in c
                }
                c.sort(key=mean.__getitem__)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(c) for c in self.columns], crossings
        self.columns = best

    def _crossings(self) -> int:
        count = 0
        for left, right in zip(self.columns, self.columns[1:], strict=False):
            rank = {v: r for r, v in enumerate(right)}
            ends: list[int] = []
            for v in left:
                here = [rank[n] for n in self.right[v]]
                count += sum(len(ends) - bisect_right(ends, end) for end in here)
                for end in here:
                    insort(ends, end)
        return count

    def heights(self) -> dict[int, float]:
        """Each node as near to the mean height of its neighbours as its column allows."""
        y = {v: ROW * r for c in self.columns for r, v in enumerate(c)}
        for sweep in range(2 * _SWEEPS):
            for c in self.columns if sweep % 2 else reversed(self.columns):
                wanted = []
                for v in c:
                    # to the right at first, so that operands gather around what uses them
                    around = self.right[v] if sweep % 2 == 0 else self.left[v] + self.right[v]
                    wanted.append(sum(y[n] for n in around) / len(around) if around else y[v])
                for v, height in zip(c, _apart(wanted, _distances(c)), strict=True):
                    y[v] = height
        return y


def _distances(column: Sequence[int]) -> list[float]:
    return [
        ROW if a >= 0 and b >= 0 else (ROW + BEND_ROW) / 2 if a >= 0 or b >= 0 else BEND_ROW
        for a, b in itertools.pairwise(column)
    ]


def _apart(wanted: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The heights nearest to `wanted`, by least squares, that keep the distances.

    Isotonic regression by pooling adjacent violators.
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for height, offset in zip(wanted, offsets, strict=False):
        total, count = height - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            t, n = pools.pop()
            total, count = total + t, count + n
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]


def _routes(
    formula: Formula,
    net: _Net,
    places: Mapping[int, Place],
    heights: Mapping[int, float],
    middles: Sequence[float],
    room: Sequence[float],
) -> tuple[Route, ...]:
    column = {v: c for c, nodes in enumerate(net.columns) for v in nodes}
    ways: list[list[tuple[float, float]]] = []
    arriving: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for number, (source, target, _) in enumerate(formula.links):
        place = places[source]
        way = [(place.x + place.width / 2, place.y)]
        for c in range(column[source] + 1, column[target]):
            y = heights[net.bends[source, c]]
            way += [(middles[c] - room[c] / 2, y), (middles[c] + room[c] / 2, y)]
        ways.append(way)
        arriving[target].append((way[-1][1], number))
    for target, lines in arriving.items():
        place = places[target]
        # the lines enter in the order they come, and do not cross before the box
        lines.sort()
        step = min(_PORT, (BOX_HEIGHT - 12) / len(lines))
        for rank, (_, number) in enumerate(lines):
            y = place.y + (rank - (len(lines) - 1) / 2) * step
            ways[number].append((place.x - place.width / 2, y))
    return tuple(Route(*link, tuple(way)) for link, way in zip(formula.links, ways, strict=True))
