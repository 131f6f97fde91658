"""Formulas as people read them: symbols, and numbers put in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from engine.functions import traced
from engine.functions.traced import Traced, choose, exp, log, maximum, minimum, sqrt, tanh
from engine.functions.written_out import LATEX, Lines, symbols_of


@pytest.mark.parametrize(
    ("formula", "symbols", "plain", "latex"),
    [
        (lambda x, y: x - (y - 1), "x - (y - 1)", "0.5 − (−2 − 1)", r"0.5 - \left(-2 - 1\right)"),
        (
            lambda x, y: x / (x + y),
            r"\frac{x}{x + y}",
            "0.5 / (0.5 + (−2))",
            r"\frac{0.5}{0.5 + \left(-2\right)}",
        ),
        (
            lambda x, y: -x * y**2,
            r"(-x)\,y^{2}",
            "(−0.5) × (−2)²",
            r"\left(-0.5\right) \cdot \left(-2\right)^{2}",
        ),
        (lambda x, y: 1 / sqrt(x), r"\frac{1}{\sqrt{x}}", "1 / (√0.5)", r"\frac{1}{\sqrt{0.5}}"),
        (lambda x, y: maximum(x, abs(y)), r"\max(x, |y|)", "max(0.5, |−2|)", r"\max(0.5, |-2|)"),
        (
            lambda x, y: minimum(0, x - y),
            r"\min(0, x - y)",
            "min(0, 0.5 − (−2))",
            r"\min(0, 0.5 - \left(-2\right))",
        ),
        (lambda x, y: log(x) * exp(y), r"\ln(x)\,\exp(y)", "ln(0.5) × exp(−2)", r"\ln(0.5) \cdot \exp(-2)"),
        (lambda x, y: (x > y) * x, r"[x > y]\,x", "[0.5 > −2] × 0.5", r"[0.5 > -2] \cdot 0.5"),
        (lambda x, y: tanh(x + y), r"\tanh(x + y)", "tanh(0.5 + (−2))", r"\tanh(0.5 + \left(-2\right))"),
        (
            lambda x, y: choose(x > y, x, y),
            r"\mathrm{where}([x > y], x, y)",
            "where([0.5 > −2], 0.5, −2)",
            r"\mathrm{where}([0.5 > -2], 0.5, -2)",
        ),
    ],
)
def test_a_formula(formula: Callable[..., Any], symbols: str, plain: str, latex: str) -> None:
    lines = Lines()
    x, y = lines.given("x"), lines.given("y")
    lines.line("", formula(x, y))
    (line,) = lines.terms({x: 0.5, y: -2.0})
    assert line.symbol == line.formula == symbols
    given = [f"{value:g}" for value in line.of]
    assert line.written(text.replace("-", "−") for text in given) == plain
    assert line.written(given, LATEX) == latex
    assert line.made(*line.of) == pytest.approx(float(formula(0.5, -2.0)), nan_ok=True)


def test_every_operation_can_be_written() -> None:
    operations = [each for each in vars(traced).values() if isinstance(each, traced.Operation)]
    functions = [each.args[0] for each in vars(traced).values() if isinstance(each, partial)]
    operations += [each for each in functions if isinstance(each, traced.Operation)]
    assert len(operations) > 25
    for operation in operations:
        inputs = [Traced(None, (), name) for name in "xyz" if f"{{{'xyz'.index(name)}}}" in operation.text]
        assert "x" in symbols_of(Traced(operation, tuple(inputs)))
