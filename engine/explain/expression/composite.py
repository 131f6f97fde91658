"""The chain rule as it is written by hand: over the named lines only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.digits import latex
from engine.explain.expression.formula import Formula
from engine.explain.expression.latex import Writer, derivative_latex, name_latex
from engine.explain.expression.paths import Edge, Path, Paths, find_paths


@dataclass(frozen=True)
class Composite:
    """d output / d variable as a sum of products over named nodes.

    The edges of `paths` lead from name to name; the local derivative of one sums over all ways between
    the two that meet no other name. `latex` has the symbols, ``dy/dx = dy/du · du/dx``, and
    `numbers_latex` the same with the numbers.
    """

    paths: Paths
    latex: str
    numbers_latex: str


def compose(
    formula: Formula, edges: Sequence[Edge], writer: Writer, name: str, partial: float, limit: int
) -> Composite:
    """Contract `edges` to the named nodes and spell the chain rule out from `name` to the output.

    A formula that names no line on the way is spelled out over all its nodes. `Graph.composite` has the
    rest of the contract.
    """
    start = formula.variables.get(name)
    if start is None:
        factors: list[Edge] = []
        paths = Paths((), 0, 0.0)
    else:
        factors = _contract(formula, edges, every_node=False)
        if len(_between(factors, start, formula.output)) <= 1:
            factors = _contract(formula, edges, every_node=True)
        paths = find_paths(_between(factors, start, formula.output), start, formula.output, partial, limit)
    operands = Counter(edge.target for edge in factors)

    def symbols(path: Path) -> str:
        return r" \cdot ".join(
            writer.derivative(edge.target, edge.source, partial=operands[edge.target] > 1)
            for edge in reversed(path.edges)
        )

    def numbers(path: Path) -> str:
        return r" \cdot ".join(_wrapped(edge.local) for edge in reversed(path.edges))

    left = derivative_latex(
        writer.symbol(formula.output), name_latex(name), partial=len({name, *formula.variables}) > 1
    )
    result = latex(partial)
    if paths.count == 0 or max(len(path.edges) for path in paths) <= 1:
        return Composite(paths, left, f"{left} = {result}")
    rest = [r"\cdots"] if paths.count > len(paths) else []
    return Composite(
        paths,
        f"{left} = " + " + ".join([*map(symbols, paths), *rest]),
        f"{left} = " + " + ".join([*map(numbers, paths), *rest]) + f" = {result}",
    )


def _wrapped(number: float) -> str:
    text = latex(number)
    return rf"\left({text}\right)" if text.startswith("-") else text


def _contract(formula: Formula, edges: Sequence[Edge], every_node: bool) -> list[Edge]:
    """Return the edges between the nodes that are kept, one for each pair, sorted by target.

    Kept are the named nodes and the output, or every node. A node that is not kept has one user only, as
    common parts are not merged: it belongs to the kept node that the way from it leads to, and `share` is
    the derivative of that node with respect to it.
    """
    owner: dict[int, int] = {}
    share: dict[int, float] = {}
    between: dict[tuple[int, int], float] = defaultdict(float)
    for edge in reversed(edges):
        target = owner.get(edge.target, edge.target)
        derivative = share.get(edge.target, 1.0) * edge.local
        if every_node or formula.terms[edge.source].name:
            between[target, edge.source] += derivative
        else:
            owner[edge.source], share[edge.source] = target, derivative
    return [Edge(source, target, 0, local) for (target, source), local in sorted(between.items())]


def _between(edges: Sequence[Edge], start: int, end: int) -> list[Edge]:
    """Return the edges that lie on a path from `start` to `end`."""
    after = {start}
    for edge in edges:
        if edge.source in after:
            after.add(edge.target)
    before = {end}
    for edge in reversed(edges):
        if edge.target in before:
            before.add(edge.source)
    return [edge for edge in edges if edge.source in after and edge.target in before]
