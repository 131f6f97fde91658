"""The same formula entry by entry: an entry of a gradient is the sum over the scalar paths that make it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.explain.expression import Graph
from engine.explain.expression.formula import Formula, Term
from engine.explain.matrices.formula import MatrixTerm
from engine.explain.matrices.graph import MatrixGraph, axis_of

MOST_TERMS = 4_000
"""How many scalar terms are followed."""


class TooManyEntriesError(Exception):
    """A formula of more than `MOST_TERMS` scalars."""


def entry_name(name: str, shape: tuple[int, ...], row: int, column: int) -> str:
    """Return what an entry is called: W_12, of a column x_2, of a number its own name. Counted from 0."""
    if shape == (1, 1):
        return name
    units = [row + 1] if shape[1] == 1 else [column + 1] if shape[0] == 1 else [row + 1, column + 1]
    between = "_" if max(shape) > 9 else ""
    return f"{name}_{between.join(map(str, units))}"


def scalars(graph: MatrixGraph) -> Graph:
    """Write a formula in matrix notation out in its entries.

    Raises
    ------
    TooManyEntriesError
    ExpressionError
        What has a value in matrix form alone, as a softmax of very large numbers.
    """
    return _Entries(graph).graph()


class _Entries:
    def __init__(self, graph: MatrixGraph) -> None:
        self.matrices = graph
        self.terms: list[Term] = []
        self.variables: dict[str, int] = {}
        self.lines: dict[str, int] = {}
        self.given: dict[str, float] = {}

    def graph(self) -> Graph:
        formula = self.matrices.formula
        entries: list[list[list[int]]] = []
        for index, term in enumerate(formula.terms):
            operands = [entries[j] for j in term.operands]
            block = self.write(index, term, operands)
            if term.name and term.op != "variable":
                block = self.name(index, term, block)
            entries.append(block)
        output = entries[formula.output][0][0]
        return Graph(Formula("", tuple(self.terms), self.variables, self.lines, output), self.given)

    def name(self, index: int, term: MatrixTerm, block: list[list[int]]) -> list[list[int]]:
        shape = self.matrices.values[index].shape
        named: list[list[int]] = []
        for i, row in enumerate(block):
            named.append([])
            for j, entry in enumerate(row):
                here = self.add("same", entry) if self.terms[entry].name else entry
                label = entry_name(term.name, shape, i, j)
                self.terms[here] = self.terms[here]._replace(name=label)
                self.lines[label] = here
                named[-1].append(here)
        return named

    def add(self, op: str, *operands: int, value: float = 0.0) -> int:
        if len(self.terms) >= MOST_TERMS:
            raise TooManyEntriesError
        literal = repr(value) if op == "constant" else ""
        self.terms.append(Term(op, operands, 0, 0, literal=literal, constant=value))
        return len(self.terms) - 1

    def sum(self, entries: Sequence[int]) -> int:
        total = entries[0]
        for entry in entries[1:]:
            total = self.add("add", total, entry)
        return total

    def write(self, index: int, term: MatrixTerm, v: list[list[list[int]]]) -> list[list[int]]:
        rows, columns = self.matrices.values[index].shape
        op = term.op
        if op == "variable":
            return self.leaves(index, term)
        if op == "constant":
            return [[self.add("constant", value=term.constant)]]
        if op == "matmul":
            inner = range(len(v[1]))
            return [
                [
                    self.sum([self.add("multiply", v[0][i][k], v[1][k][j]) for k in inner])
                    for j in range(columns)
                ]
                for i in range(rows)
            ]
        if op == "transpose":
            return [list(row) for row in zip(*v[0], strict=True)]
        if op in ("sum", "mean"):
            return self.totals(term, v[0])
        if op in ("softmax", "logsoftmax"):
            return self.shares(index, term, v[0])
        return [
            [self.add(op, *(entry(block, i, j) for block in v)) for j in range(columns)] for i in range(rows)
        ]

    def leaves(self, index: int, term: MatrixTerm) -> list[list[int]]:
        values = self.matrices.values[index]
        block: list[list[int]] = []
        for i, row in enumerate(values):
            block.append([])
            for j, value in enumerate(row):
                label = entry_name(term.name, values.shape, i, j)
                if len(self.terms) >= MOST_TERMS:
                    raise TooManyEntriesError
                self.variables[label] = len(self.terms)
                self.given[label] = float(value)
                self.terms.append(Term("variable", (), 0, 0, name=label))
                block[-1].append(self.variables[label])
        return block

    def totals(self, term: MatrixTerm, block: list[list[int]]) -> list[list[int]]:
        if term.axis == 0:
            groups = [[list(column) for column in zip(*block, strict=True)]]
        elif term.axis == 1:
            groups = [[row] for row in block]
        else:
            groups = [[[entry for row in block for entry in row]]]
        return [[self.total(term.op, group) for group in row] for row in groups]

    def total(self, op: str, group: list[int]) -> int:
        total = self.sum(group)
        if op == "mean" and len(group) > 1:
            return self.add("divide", total, self.add("constant", value=float(len(group))))
        return total

    def shares(self, index: int, term: MatrixTerm, block: list[list[int]]) -> list[list[int]]:
        axis = axis_of(term, self.matrices.values[index].shape)
        lines = [list(column) for column in zip(*block, strict=True)] if axis == 0 else block
        made: list[list[int]] = []
        for line in lines:
            if term.op == "logsoftmax":
                total = self.add("logsumexp", *line) if len(line) > 1 else line[0]
                made.append([self.add("subtract", z, total) for z in line])
            else:
                exponentials = [self.add("exp", z) for z in line]
                total = self.sum(exponentials)
                made.append([self.add("divide", e, total) for e in exponentials])
        return [list(column) for column in zip(*made, strict=True)] if axis == 0 else made


def entry(block: list[list[int]], row: int, column: int) -> int:
    """Return an entry, of a row, column or number that is repeated to fit."""
    return block[row if len(block) > 1 else 0][column if len(block[0]) > 1 else 0]


def disagreement(graph: MatrixGraph, traced: Graph) -> float:
    """Return how far the gradients in matrix form are from those of the entries, at most."""
    worst = 0.0
    for name, index in graph.formula.variables.items():
        shape = graph.values[index].shape
        for (i, j), value in np.ndenumerate(graph.partials[name]):
            apart = abs(float(value) - traced.partials[entry_name(name, shape, i, j)])
            worst = worst if apart <= worst else apart  # and not a number where one is not
    return worst
