"""Every path between two nodes of a graph: the largest products listed, all of them counted exactly."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Edge(NamedTuple):
    """One factor of the chain rule: `local` is d target / d source, `target` using `source` directly.

    `position` tells apart the edges of a node that uses the same operand twice, as ``x * x`` does.
    """

    source: int
    target: int
    position: int
    local: float


@dataclass(frozen=True)
class Path:
    """One path: its edges from the variable to the output, and the product of their local derivatives."""

    edges: tuple[Edge, ...]
    product: float

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes it passes, the variable first."""
        return (*(edge.source for edge in self.edges), *(edge.target for edge in self.edges[-1:]))


@dataclass(frozen=True)
class Paths:
    """The paths of largest absolute product, largest first; iterate over it for them.

    `count` is the exact number of all paths (it may have thousands of digits) and `remainder` what the
    paths that are not listed sum to.
    """

    listed: tuple[Path, ...]
    count: int
    remainder: float

    def __iter__(self) -> Iterator[Path]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)


def count_paths(edges: Sequence[Edge], source: int, target: int) -> int:
    """Count the paths along `edges`, which are sorted by target, none leading to an earlier node."""
    counts = {source: 1}
    for edge in edges:
        if edge.source in counts:
            counts[edge.target] = counts.get(edge.target, 0) + counts[edge.source]
    return counts.get(target, 0)


def find_paths(edges: Sequence[Edge], source: int, target: int, total: float, limit: int) -> Paths:
    """List the `limit` paths of largest absolute product from `source` to `target`.

    The largest paths to a node extend the largest ones to its operands, so each node keeps `limit`
    of them and nothing is enumerated: O(edges · limit · log limit).

    Parameters
    ----------
    edges : sequence of Edge
        Sorted by target; every source is numbered below its target.
    total : float
        What all products sum to: d target / d source by reverse mode.
    """
    if source == target:
        return Paths((Path((), 1.0),)[:limit], 1, 0.0 if limit > 0 else 1.0)
    # node -> its best (log |product|, last edge, rank of the rest among the best of edge.source)
    best: dict[int, list[tuple[float, Edge | None, int]]] = {source: [(0.0, None, 0)]}
    for node, arriving in _by_target(edges):
        found = [
            (size + _log(edge.local), edge, rank)
            for edge in arriving
            if edge.source in best
            for rank, (size, _, _) in enumerate(best[edge.source])
        ]
        if found:
            best[node] = heapq.nlargest(limit, found, key=lambda item: item[0])
    listed = tuple(_walk(best, target, rank) for rank in range(len(best.get(target, ()))))
    count = count_paths(edges, source, target)
    remainder = 0.0 if count == len(listed) else total - math.fsum(path.product for path in listed)
    return Paths(listed, count, remainder)


def _by_target(edges: Sequence[Edge]) -> Iterator[tuple[int, list[Edge]]]:
    arriving: list[Edge] = []
    for edge in edges:
        if arriving and arriving[-1].target != edge.target:
            yield arriving[-1].target, arriving
            arriving = []
        arriving.append(edge)
    if arriving:
        yield arriving[-1].target, arriving


def _log(local: float) -> float:
    return math.log(abs(local)) if local else -math.inf


def _walk(best: dict[int, list[tuple[float, Edge | None, int]]], node: int, rank: int) -> Path:
    backwards: list[Edge] = []
    _, edge, rank = best[node][rank]
    while edge is not None:
        backwards.append(edge)
        _, edge, rank = best[edge.source][rank]
    return Path(tuple(reversed(backwards)), math.prod(edge.local for edge in backwards))
