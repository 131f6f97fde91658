"""Both passes as a walk of small steps, and what is revealed after so many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from engine.explain.expression import Edge, Graph
from gui.lab.arrangement import shown_terms


class Mode(Enum):
    """Which way derivatives are carried."""

    REVERSE = "reverse"
    FORWARD = "forward"


class Act(Enum):
    """What the last step did."""

    BEGIN = "begin"
    VALUE = "value"
    SEED = "seed"
    EDGE = "edge"
    COMPLETE = "complete"


@dataclass(frozen=True)
class Share:
    """One term of the sum that a derivative is: ``carried * edge.local = product``."""

    edge: Edge
    carried: float
    product: float
    arrived: bool


@dataclass(frozen=True)
class Reveal:
    """What can be seen after `position` of `length` steps; the last one shows all and points at nothing.

    Attributes
    ----------
    act : Act
    node : int or None
        That the last step was about.
    edges : tuple of Edge
        That the last step multiplied along.
    evaluated : frozenset of int
        Nodes whose value is known.
    derivatives : mapping of int to float
        d output / d node in reverse mode, d node / d variable in forward mode; what has arrived so far.
    complete : frozenset of int
        Nodes to whose derivative nothing will be added.
    shares : mapping of int to tuple of Share
        The terms of each node's derivative, in the order they arrive.
    multiplied : int
        Multiplications so far, of `multiplications` in this pass.
    """

    mode: Mode
    position: int
    length: int
    act: Act
    node: int | None
    edges: tuple[Edge, ...]
    evaluated: frozenset[int]
    derivatives: Mapping[int, float]
    complete: frozenset[int]
    shares: Mapping[int, tuple[Share, ...]]
    multiplied: int
    multiplications: int

    @property
    def finished(self) -> bool:
        """Whether all is revealed."""
        return self.position == self.length

    @cached_property
    def passed(self) -> frozenset[Edge]:
        """The edges that a derivative was carried along."""
        return frozenset(s.edge for some in self.shares.values() for s in some if s.arrived)


def operations(graph: Graph) -> list[int]:
    """The nodes that have to be computed, in order."""
    return [i for i in shown_terms(graph.formula) if graph.formula.terms[i].op != "variable"]


def reverse(graph: Graph, position: int | None = None) -> Reveal:
    """Values node by node, then the output's own derivative, then adjoints edge by edge.

    Parameters
    ----------
    position : int or None
        How many steps are done; None is all.
    """
    todo, backward = operations(graph), graph.backward
    length = len(todo) + 1 + len(backward) + 1
    position = length if position is None else min(position, length)
    edges = min(max(0, position - len(todo) - 1), len(backward))
    output = graph.formula.output
    derivatives: dict[int, float] = {}
    waiting: dict[int, int] = {}
    shares: dict[int, list[Share]] = defaultdict(list)
    for number, step in enumerate(backward):
        arrived = number < edges
        source = step.edge.source
        shares[source].append(Share(step.edge, step.upstream, step.contribution, arrived))
        waiting[source] = step.expected - step.arrived if arrived else waiting.get(source, step.expected)
        if arrived:
            derivatives[source] = step.total
    if position > len(todo):
        derivatives[output] = 1.0
        waiting[output] = 0
        for i in shown_terms(graph.formula):
            if not graph.formula.live[i]:
                derivatives[i], waiting[i] = 0.0, 0
    act: Act = Act.COMPLETE
    node: int | None = None
    now: tuple[Edge, ...] = ()
    if position == 0:
        act = Act.BEGIN
    elif position <= len(todo):
        act, node = Act.VALUE, todo[position - 1]
    elif position == len(todo) + 1:
        act, node = Act.SEED, output
    elif position < length:
        edge = backward[edges - 1].edge
        act, node, now = Act.EDGE, edge.source, (edge,)
    return Reveal(
        Mode.REVERSE,
        position,
        length,
        act,
        node,
        now,
        _evaluated(graph, todo, position),
        derivatives,
        frozenset(i for i, missing in waiting.items() if not missing and i in derivatives),
        {i: tuple(s) for i, s in shares.items()},
        edges,
        len(backward),
    )


def forward(graph: Graph, name: str, tangents: tuple[float, ...], position: int | None = None) -> Reveal:
    """Values and tangents together, node by node.

    Parameters
    ----------
    name : str
        The variable that everything is derived by.
    tangents : tuple of float
        Of all nodes, by `Graph.tangents`.
    position : int or None
        How many steps are done; None is all.
    """
    formula, todo = graph.formula, operations(graph)
    length = len(todo) + 1
    position = length if position is None else min(position, length)
    evaluated = _evaluated(graph, todo, position)
    depends = {formula.variables[name]} if name in formula.variables else set()
    shares: dict[int, list[Share]] = defaultdict(list)
    for edge in graph.edges:
        if edge.source in depends:
            depends.add(edge.target)
            carried = tangents[edge.source]
            share = Share(edge, carried, carried * edge.local, edge.target in evaluated)
            shares[edge.target].append(share)
    live = [s for i, some in shares.items() if formula.live[i] for s in some]
    act: Act = Act.COMPLETE
    node: int | None = None
    if position == 0:
        act = Act.BEGIN
    elif position < length:
        act, node = Act.VALUE, todo[position - 1]
    return Reveal(
        Mode.FORWARD,
        position,
        length,
        act,
        node,
        tuple(s.edge for s in shares.get(node, ())) if node is not None else (),
        evaluated,
        {i: tangents[i] for i in evaluated},
        evaluated,
        {i: tuple(s) for i, s in shares.items()},
        sum(s.arrived for s in live),
        len(live),
    )


def _evaluated(graph: Graph, todo: list[int], count: int) -> frozenset[int]:
    return frozenset(graph.formula.variables.values()) | frozenset(todo[:count])
