"""A formula at one point: values forward, adjoints backward, tangents forward, and what they cost."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import ExpressionError
from engine.explain.expression.calculus import second
from engine.explain.expression.composite import Composite, compose
from engine.explain.expression.difference import Check, central_difference
from engine.explain.expression.formula import Formula, error_at, short
from engine.explain.expression.latex import Writer
from engine.explain.expression.operations import CHOICES, OPERATIONS, is_kink
from engine.explain.expression.paths import Edge, Paths, find_paths


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a `Graph`.

    All but the last three fields are those of `formula.Term`. `adjoint` is d output / d node, None where
    the node depends on no variable. `kink` says that the local derivative is one of several that could
    be taken.
    """

    index: int
    op: str
    operands: tuple[int, ...]
    start: int
    end: int
    name: str
    literal: str
    value: float
    adjoint: float | None
    kink: bool


class BackwardStep(NamedTuple):
    """One edge of the backward pass: ``contribution = upstream * edge.local`` reaches ``edge.source``.

    `arrived` contributions, this one included, sum to `total` so far; the adjoint of the source is
    complete when `arrived` equals `expected`, its fan-out.
    """

    edge: Edge
    upstream: float
    contribution: float
    total: float
    arrived: int
    expected: int


class Multiplications(NamedTuple):
    """How many multiplications all partials take, one for each edge that a pass goes along.

    `reverse` is one pass for all variables, `forward` one pass for each variable along the edges that
    depend on it, `paths` multiplies out each path by itself.
    """

    reverse: int
    forward: int
    paths: int


class Graph:
    """A formula with values put in.

    Edges and adjoints are computed with the values: a graph that exists is finite throughout, but for the
    values of terms that a choice leaves out.

    Parameters
    ----------
    formula : Formula
    given : mapping of str to float
        A value for each of the formula's variables; others are allowed and have the partial 0.

    Raises
    ------
    ExpressionError
        A name without a value, a value or a local derivative that is not finite; it points at the node.

    References
    ----------
    Griewank and Walther, Evaluating Derivatives, 2nd edition (2008), chapter 3.
    """

    def __init__(self, formula: Formula, given: Mapping[str, Any]) -> None:
        self.formula = formula
        self.given: Mapping[str, float] = MappingProxyType(_check_given(formula, given))
        self.values: tuple[float, ...] = self._forward()
        self.locals: tuple[float, ...] = self._locals()
        """The local derivative of each of `formula.links`."""
        self.adjoints: tuple[float | None, ...] = self._backward()
        self._seconds: dict[str, list[float]] = {}

    def at(self, **values: float) -> Graph:
        """Return the graph of the same formula with some values changed.

        Raises
        ------
        KeyError
            A name that was not given a value before.
        """
        for name in values:
            self.given[name]
        return Graph(self.formula, {**self.given, **values})

    @property
    def value(self) -> float:
        """The output."""
        return self.values[self.formula.output]

    @cached_property
    def partials(self) -> Mapping[str, float]:
        """The partial derivative of the output with respect to each given name."""
        partials = dict.fromkeys(self.given, 0.0)
        for name, index in self.formula.variables.items():
            partials[name] = self.adjoints[index] or 0.0
        return MappingProxyType(partials)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes in order of evaluation, which is the order of the forward pass."""
        nodes = []
        for i, t in enumerate(self.formula.terms):
            operands = [self.values[j] for j in t.operands]
            kink = self.formula.active[i] and is_kink(t.op, t.operands, operands, self.values[i])
            nodes.append(Node(i, *t[:6], self.values[i], self.adjoints[i], kink))
        return tuple(nodes)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges that derivatives flow along, in the order of the forward pass.

        Operands that depend on no variable have none: they are only among `Node.operands`.
        """
        return tuple(Edge(*link, local) for link, local in zip(self.formula.links, self.locals, strict=True))

    @cached_property
    def live_edges(self) -> tuple[Edge, ...]:
        """The edges on the way to the output: not those of lines that it does not use."""
        live = self.formula.live
        return tuple(edge for edge in self.edges if live[edge.target])

    @cached_property
    def backward(self) -> tuple[BackwardStep, ...]:
        """The backward pass edge by edge, in the order it was made."""
        expected = Counter(edge.source for edge in self.live_edges)
        arrived: Counter[int] = Counter()
        totals = [0.0] * len(self.values)
        steps = []
        for edge in reversed(self.live_edges):
            # complete: all edges out of edge.target lead to later nodes
            upstream = self.adjoints[edge.target] or 0.0
            contribution = upstream * edge.local
            node = edge.source
            totals[node] += contribution
            arrived[node] += 1
            steps.append(
                BackwardStep(edge, upstream, contribution, totals[node], arrived[node], expected[node])
            )
        return tuple(steps)

    def tangents(self, name: str) -> tuple[float, ...]:
        """Forward mode: d node / d `name` for every node.

        Raises
        ------
        KeyError
            A name that was not given a value.
        ExpressionError
            A tangent that is not finite.
        """
        self.given[name]
        tangents = [0.0] * len(self.values)
        start = self.formula.variables.get(name)
        if start is not None:
            tangents[start] = 1.0
            for (source, target, _), local in zip(self.formula.links, self.locals, strict=True):
                tangents[target] += tangents[source] * local
            self._check_finite(tangents)
        return tuple(tangents)

    @cached_property
    def multiplications(self) -> Multiplications:
        """What each way of computing all partials costs."""
        formula = self.formula
        # variables that a node depends on, as bits
        depends = [0] * len(formula.terms)
        for bit, index in enumerate(formula.variables.values()):
            depends[index] = 1 << bit
        # paths to a node, and the multiplications along all of them
        count = [int(t.op == "variable") for t in formula.terms]
        along = [0] * len(formula.terms)
        forward = 0
        for edge in self.live_edges:
            depends[edge.target] |= depends[edge.source]
            forward += depends[edge.source].bit_count()
            count[edge.target] += count[edge.source]
            along[edge.target] += along[edge.source] + count[edge.source]
        return Multiplications(len(self.live_edges), forward, along[formula.output])

    def sides(self, name: str) -> tuple[float, float]:
        """Return the slopes just left and just right of the point; they differ at a kink.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        self.given[name]
        left, right = (self._toward(name, direction) for direction in (-1.0, 1.0))
        return -left + 0.0, right

    def _toward(self, name: str, direction: float) -> float:
        locals_ = {(target, k): s for (_, target, k), s in zip(self.formula.links, self.locals, strict=True)}
        rates = [0.0] * len(self.values)
        start = self.formula.variables.get(name)
        if start is not None:
            rates[start] = direction
        for i, t in enumerate(self.formula.terms):
            if not (t.operands and self.formula.active[i]):
                continue
            toward = OPERATIONS[t.op].toward
            if toward is None:
                rates[i] = sum(locals_.get((i, k), 0.0) * rates[j] for k, j in enumerate(t.operands))
            else:
                v = tuple(self.values[j] for j in t.operands)
                rates[i] = toward(v, self.values[i], tuple(rates[j] for j in t.operands))
        return rates[self.formula.output]

    def hessian(self, *names: str) -> NDArray[np.float64]:
        """Return the second derivatives of the output, by forward over reverse mode.

        Parameters
        ----------
        *names : str
            Given names; without any, all of them.

        Returns
        -------
        ndarray (n, n)
            Symmetric; NaN where there is no second derivative.

        Raises
        ------
        KeyError
            A name that was not given a value.

        References
        ----------
        Griewank and Walther (2008), chapter 5; Pearlmutter (1994).
        """
        chosen = names or tuple(self.given)
        result = np.zeros((len(chosen), len(chosen)))
        for row, name in enumerate(chosen):
            rates = self._second(name)
            for column, other in enumerate(chosen):
                index = self.formula.variables.get(other)
                result[row, column] = 0.0 if index is None else rates[index]
        return (result + result.T) / 2.0

    @cached_property
    def _bends(self) -> list[list[tuple[int, float]]]:
        """Of each of `formula.links`, how its local derivative changes with each operand."""
        terms, values = self.formula.terms, self.values
        bends: list[list[tuple[int, float]]] = []
        for _, target, position in self.formula.links:
            term = terms[target]
            v = tuple(values[j] for j in term.operands)
            bends.append(
                [
                    (j, second(term.op, v, position, k))
                    for k, j in enumerate(term.operands)
                    if self.formula.active[j] and self.adjoints[target] and self.needed[target]
                ]
            )
        return bends

    def _second(self, name: str) -> list[float]:
        """How the adjoint of each term changes with a variable."""
        if name not in self._seconds:
            tangents = self.tangents(name)
            rates = [0.0] * len(self.values)
            for link, local, bend in zip(
                reversed(self.formula.links), reversed(self.locals), reversed(self._bends), strict=True
            ):
                source, target, _ = link
                turned = sum(b * tangents[j] for j, b in bend if tangents[j])
                rates[source] += rates[target] * local + (self.adjoints[target] or 0.0) * turned
            self._seconds[name] = rates
        return self._seconds[name]

    def paths(self, name: str, limit: int = 20) -> Paths:
        """List the paths from a variable to the output: the `limit` largest by absolute product.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        partial = self.partials[name]
        start = self.formula.variables.get(name)
        if start is None:
            return Paths((), 0, 0.0)
        return find_paths(self.live_edges, start, self.formula.output, partial, limit)

    def paths_from(self, index: int, limit: int = 20) -> Paths:
        """List the paths from any term to the output, as `paths` does from a variable."""
        adjoint = self.adjoints[index]
        if adjoint is None:
            return Paths((), 0, 0.0)
        return find_paths(self.live_edges, index, self.formula.output, adjoint, limit)

    def composite(self, name: str, limit: int = 6) -> Composite:
        """Spell the derivative out over the named lines: dy/dx = dy/du · du/dx.

        Parameters
        ----------
        name : str
            A variable.
        limit : int
            How many products to spell out, the largest first.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        return compose(self.formula, self.live_edges, self.writer, name, self.partials[name], limit)

    def check(self, *names: str) -> dict[str, Check]:
        """Compare partials with central differences.

        Parameters
        ----------
        *names : str
            Given names; without any, all of them. Each costs 121 evaluations, at once.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        # to first order, each node's rounding reaches the output through its adjoint
        passed_on = (abs(a * v) for a, v in zip(self.adjoints, self.values, strict=True) if a)
        noise = float(np.finfo(float).eps) * sum(passed_on)
        return {
            name: central_difference(
                lambda xs, name=name: self._evaluate_around(name, xs),  # type: ignore[misc]
                self.given[name],
                self.partials[name],
                noise,
            )
            for name in names or self.given
        }

    def _evaluate_around(
        self, name: str, xs: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        values = self._evaluate({**self.given, name: xs})
        return self._output(values, xs.shape), self._same_piece(values, xs.size)

    def sweep(self, name: str, xs: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the output at many values of one variable, the others staying as they are.

        Parameters
        ----------
        name : str
        xs : array_like
            Of any shape.

        Returns
        -------
        ndarray
            Of the shape of `xs`; NaN where the formula has no finite value.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        self.given[name]
        points = np.asarray(xs, dtype=np.float64)
        ys = np.empty(points.size)
        # all nodes hold their values at once: no more than some 30 MB of them
        chunk = max(1, 4_000_000 // len(self.values))
        for start in range(0, points.size, chunk):
            part = points.ravel()[start : start + chunk]
            ys[start : start + chunk] = self._output(self._evaluate({**self.given, name: part}), part.shape)
        return ys.reshape(points.shape)

    def surface(self, across: str, up: str, xs: ArrayLike, ys: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the output over two variables, the others staying as they are.

        Parameters
        ----------
        across, up : str
        xs, ys : array_like (n,), (m,)

        Returns
        -------
        ndarray (m, n)
            NaN where the formula has no finite value.

        Raises
        ------
        KeyError
            A name that was not given a value.
        """
        self.given[across], self.given[up]
        x, y = np.meshgrid(np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64))
        heights = np.empty(x.size)
        chunk = max(1, 4_000_000 // len(self.values))
        for start in range(0, x.size, chunk):
            part = slice(start, start + chunk)
            values = self._evaluate({**self.given, across: x.ravel()[part], up: y.ravel()[part]})
            heights[part] = self._output(values, heights[part].shape)
        return heights.reshape(x.shape)

    # in symbols

    @cached_property
    def writer(self) -> Writer:
        """Writes the formula's nodes in LaTeX."""
        return Writer(self.formula)

    def latex(self, index: int | None = None) -> str:
        """Return a node, by default the output, in LaTeX, down to the nearest names."""
        return self.writer.expression(self.formula.output if index is None else index)

    @property
    def latex_lines(self) -> tuple[str, ...]:
        """The lines of the text in LaTeX, each ``name = expression``."""
        return self.writer.lines()

    # passes

    def _forward(self) -> tuple[float, ...]:
        values = [float(v) for v in self._evaluate(self.given)]
        self.needed = [bool(n) for n in _needed(self.formula, values)]
        """Per term, whether the output needs its value: not if a choice is for the other one."""
        for i, value in enumerate(values):
            if self.needed[i] and not math.isfinite(value):
                term = self.formula.terms[i]
                kind = OPERATIONS[term.op].failure(*(values[j] for j in term.operands))
                raise self.formula.error(i, kind, text=short(self.formula.source(i)))
        return tuple(values)

    def _evaluate(self, given: Mapping[str, Any]) -> list[Any]:
        formula = self.formula
        values: list[Any] = [t.constant for t in formula.terms]
        for name, index in formula.variables.items():
            values[index] = given[name]
        with np.errstate(all="ignore"):
            for i, function, operands in formula.calls:
                values[i] = function(*[values[j] for j in operands])
        return values

    def _output(self, values: list[Any], shape: tuple[int, ...]) -> NDArray[np.float64]:
        defined = np.ones(shape, dtype=bool)
        for value, needed in zip(values, _needed(self.formula, values), strict=True):
            if isinstance(value, np.ndarray):
                defined &= np.isfinite(value) | np.logical_not(needed)
        return np.where(defined, values[self.formula.output], np.nan)

    def _same_piece(self, values: list[Any], points: int) -> NDArray[np.bool_]:
        """Whether each point lies on the same smooth piece as the first one."""
        same = np.ones(points, dtype=bool)
        for i in self.formula.kinked:
            if isinstance(values[i], np.ndarray):
                term = self.formula.terms[i]
                branch = OPERATIONS[term.op].branch
                assert branch is not None
                pieces = branch(*(values[j] for j in term.operands))
                same &= (pieces == pieces[:, :1]).all(axis=0)
        return same

    def _locals(self) -> tuple[float, ...]:
        terms, values = self.formula.terms, self.values
        slopes = []
        with np.errstate(all="ignore"):
            for source, target, position in self.formula.links:
                term = terms[target]
                operands = tuple(values[j] for j in term.operands)
                try:
                    slope = OPERATIONS[term.op].slope(position, operands, values[target])
                except (ZeroDivisionError, OverflowError):  # of a value that only its stable form has
                    slope = math.inf
                if not self.needed[target] and not math.isfinite(slope):
                    slope = 0.0
                if not math.isfinite(slope):
                    raise self.formula.error(
                        target,
                        "no_derivative",
                        text=short(self.formula.source(target)),
                        operand=short(self.formula.source(source)),
                    )
                slopes.append(slope)
        return tuple(slopes)

    def _backward(self) -> tuple[float | None, ...]:
        formula = self.formula
        adjoints = [0.0] * len(self.values)
        adjoints[formula.output] = 1.0
        for (source, target, _), local in zip(reversed(formula.links), reversed(self.locals), strict=True):
            adjoints[source] += adjoints[target] * local
        self._check_finite(adjoints)
        return tuple(a if active else None for a, active in zip(adjoints, formula.active, strict=True))

    def _check_finite(self, derivatives: Sequence[float]) -> None:
        for i, number in enumerate(derivatives):
            if not math.isfinite(number):
                raise self.formula.error(i, "derivative_overflow", text=short(self.formula.source(i)))


def graph_of(formula: Formula, given: Mapping[str, Any]) -> Graph:
    """Return the graph of a formula; if a term overflows that only a logarithm needs, of its stable form.

    Raises
    ------
    ExpressionError
        As `Graph` does.
    """
    try:
        return Graph(formula, given)
    except ExpressionError:
        if formula.stable is None:
            raise
        try:
            return Graph(formula.stable, given)
        except ExpressionError:
            pass
        raise


def _needed(formula: Formula, values: Sequence[Any]) -> list[Any]:
    """Per term, whether (and where, if values are arrays) it is on a way that no choice left out."""
    if not formula.chooses:
        return [True] * len(values)
    needed: list[Any] = [None] * len(values)
    for i in range(len(values) - 1, -1, -1):
        if needed[i] is None:
            needed[i] = True  # nothing uses it: the output, or a line by itself
        term = formula.terms[i]
        if not term.operands:
            continue
        uses = [needed[i]] * len(term.operands)
        if term.op in CHOICES:
            left, right = (values[j] for j in term.operands[:2])
            first = np.greater(left, right) if term.op == "if_above" else np.greater_equal(left, right)
            uses[2:] = [np.logical_and(needed[i], first), np.logical_and(needed[i], np.logical_not(first))]
        for j, use in zip(term.operands, uses, strict=True):
            needed[j] = use if needed[j] is None else np.logical_or(needed[j], use)
    return needed


def _check_given(formula: Formula, given: Mapping[str, Any]) -> dict[str, float]:
    for name, index in formula.variables.items():
        if name not in given:
            raise formula.error(index, "unknown_name", text=short(name))
    numbers = {}
    for name, value in given.items():
        try:
            numbers[name] = float(value)
        except OverflowError:  # an int beyond the range of floats
            numbers[name] = math.inf
        if not math.isfinite(numbers[name]):
            used = formula.variables.get(name)
            offset = 0 if used is None else formula.terms[used].start
            raise error_at(formula.text, offset, "value_not_finite", text=short(name), value=numbers[name])
    return numbers
