"""How long the expression lab takes: a slider's move, the plot, and texts of unreasonable size.

Run it from the checkout::

    pytest tests/benchmarks/bench_expression.py --benchmark-enable
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.explain.expression import Graph, differentiate, parse

Benchmark = Callable[..., Any]

TWO_HUNDRED_NODES = "+".join(f"sin(x{i} w{i})^2" for i in range(28))


@pytest.fixture
def graph() -> Graph:
    formula = parse(TWO_HUNDRED_NODES)
    return Graph(formula, dict.fromkeys(formula.variables, 0.5))


def test_slider(benchmark: Benchmark, graph: Graph) -> None:
    assert len(benchmark(lambda: graph.at(x1=0.75).nodes)) >= 190


def test_backward_steps(benchmark: Benchmark, graph: Graph) -> None:
    assert benchmark(lambda: graph.at(x1=0.75).backward)


def test_sweep(benchmark: Benchmark, graph: Graph) -> None:
    assert benchmark(graph.sweep, "x1", np.linspace(-3, 3, 1000)).shape == (1000,)


def test_check(benchmark: Benchmark, graph: Graph) -> None:
    assert len(benchmark(graph.check)) == 56


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "x" + ")" * 10_000,
        "sin(" * 10_000 + "x" + ")" * 10_000,
        "+".join(["sin(x)*x"] * 10_000),
        "^".join(["x"] * 10_000),
    ],
    ids=["parentheses", "nested", "terms", "powers"],
)
def test_large(benchmark: Benchmark, text: str) -> None:
    assert benchmark(differentiate, text, x=1.0).graph


def test_paths(benchmark: Benchmark) -> None:
    graph = differentiate("+".join(["sin(x)*x"] * 10_000), x=1.0).graph
    assert benchmark(graph.paths, "x").count == 20_000
