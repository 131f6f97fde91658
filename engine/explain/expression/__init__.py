"""The expression lab: the chain rule for any function that can be typed.

`parse` reads a text into a `Formula`; a `Graph` is a formula at given values, with everything the chain
rule has to say there; `differentiate` is both in one call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import ExpressionError
from engine.explain.expression.composite import Composite
from engine.explain.expression.difference import Check
from engine.explain.expression.formula import Formula
from engine.explain.expression.graph import BackwardStep, Graph, Multiplications, Node, graph_of
from engine.explain.expression.parser import parse
from engine.explain.expression.paths import Edge, Path, Paths
from engine.explain.expression.presets import PRESETS, NetworkNames, NetworkRequest, Preset

__all__ = [
    "PRESETS",
    "BackwardStep",
    "Check",
    "Composite",
    "Edge",
    "ExpressionError",
    "Formula",
    "Graph",
    "Multiplications",
    "NetworkNames",
    "NetworkRequest",
    "Node",
    "Path",
    "Paths",
    "Preset",
    "Result",
    "differentiate",
    "graph_of",
    "parse",
]


@dataclass(frozen=True)
class Result:
    """The output's value, its partial derivative by given name, and the graph they come from."""

    value: float
    partials: Mapping[str, float]
    graph: Graph


def differentiate(text: str, /, **values: float) -> Result:
    """Evaluate a formula and all its partial derivatives, by reverse mode.

    Parameters
    ----------
    text : str
        Ordinary notation, one line or several: ``"u = x^2 + 1; y = sin(u)"``; see `parse`.
    **values : float
        A value for each variable. A name that the text does not use has the partial 0.

    Raises
    ------
    ExpressionError
        With ``line`` and ``column``, from 1.

    Examples
    --------
    >>> result = differentiate("u = x^2 + 1; y = u^3", x=1.0)
    >>> result.value, result.partials["x"]
    (8.0, 24.0)
    """
    graph = graph_of(parse(text, values.keys()), values)
    return Result(graph.value, graph.partials, graph)
