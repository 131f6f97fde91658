"""Formulas in LaTeX."""

from __future__ import annotations

import pytest

from engine.explain.expression import differentiate


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x + y - 2", "x + y - 2"),
        ("x - (y - 2)", r"x - \left(y - 2\right)"),
        ("x - -2", r"x - \left(-2\right)"),
        ("-2x", r"-2 \cdot x"),
        ("x (-y)", r"x \cdot \left(-y\right)"),
        ("(x + 1) y", r"\left(x + 1\right) \cdot y"),
        ("-(x + y)", r"-\left(x + y\right)"),
        ("-x^2", "-x^{2}"),
        ("(-x)^2", r"\left(-x\right)^{2}"),
        ("(x^2)^y", r"\left(x^{2}\right)^{y}"),
        ("x^y^2", "x^{y^{2}}"),
        ("x^-2", "x^{-2}"),
        ("(x + 1)/(2y)", r"\frac{x + 1}{2 \cdot y}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("exp(-x)", "e^{-x}"),
        ("exp(x)^2", r"\left(e^{x}\right)^{2}"),
        ("sin(x)^2", r"\sin^{2}\left(x\right)"),
        ("(sin(x)^2)^3", r"\left(\sin^{2}\left(x\right)\right)^{3}"),
        ("tanh(x)^-1", r"\left(\tanh\left(x\right)\right)^{-1}"),
        ("log(x)^2", r"\left(\ln\left(x\right)\right)^{2}"),
        ("σ(x)²", r"\left(\sigma\left(x\right)\right)^{2}"),
        (
            "{x if x > 0 else y}^2",
            r"\left(\begin{cases} x & x > 0 \\ y & \mathrm{else} \end{cases}\right)^{2}",
        ),
        ("θ₁ = x; θ₁ y", r"\theta_{1} \cdot y"),
        ("log(sqrt(x) + 5)", r"\ln\left(\sqrt{x} + 5\right)"),
        ("abs(y)", r"\left|y\right|"),
        ("sigmoid(relu(x))", r"\sigma\left(\operatorname{relu}\left(x\right)\right)"),
        ("max(x, y, 2)", r"\max\left(x, y, 2\right)"),
        ("2π", r"2 \cdot \pi"),
        ("1e-3x", r"0.001 \cdot x"),
        ("1.5e8^2", r"\left(1.5 \cdot 10^{8}\right)^{2}"),
        ("w1_21 = x; w1_21^2", r"\left(w^{(1)}_{21}\right)^{2}"),
        ("e = 2; exp(x) + e", r"\exp\left(x\right) + e"),
        (
            "w1_21 = x; alpha = y; loss = 1; w1_21 alpha loss",
            r"w^{(1)}_{21} \cdot \alpha \cdot \mathrm{loss}",
        ),
    ],
)
def test_expression(text: str, latex: str) -> None:
    assert differentiate(text, x=1.5, y=2.5).graph.latex() == latex


def test_lines() -> None:
    graph = differentiate("u = x^2 + 1\nsin(u)", x=1.0).graph
    assert graph.latex_lines == ("u = x^{2} + 1", r"y = \sin\left(u\right)")
    # the output is called something that is free
    assert differentiate("y = x; 2y", x=1.0).graph.latex_lines[-1] == r"f = 2 \cdot y"


def test_steps_and_local_derivatives_of_each_node() -> None:
    graph = differentiate("(x + 1)^2 * max(x, 3)", x=4.0).graph
    writer = graph.writer
    nodes = [node for node in graph.nodes if node.operands]
    assert [f"{writer.symbol(n.index)} = {writer.step(n.index)}" for n in nodes] == [
        "v_{1} = x + 1",
        "v_{2} = v_{1}^{2}",
        r"v_{3} = \max\left(x, 3\right)",
        r"y = v_{2} \cdot v_{3}",
    ]
    assert [writer.local(edge) for edge in graph.edges] == [
        r"\frac{\partial v_{1}}{\partial x} = 1",
        r"\frac{\partial v_{2}}{\partial v_{1}} = 2 \cdot v_{1}^{2 - 1}",
        r"\frac{\partial v_{3}}{\partial x} = \left[x = v_{3}\right]",
        r"\frac{\partial y}{\partial v_{2}} = v_{3}",
        r"\frac{\partial y}{\partial v_{3}} = v_{2}",
    ]


def test_symbols_avoid_the_names_in_use() -> None:
    graph = differentiate("sin(v^2)", v=1.0).graph
    assert graph.writer.symbol(2) == "h_{1}"
