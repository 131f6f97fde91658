"""Matrix notation: values, gradients and shapes against PyTorch; formulas against the numbers beside them."""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ElementTree
from math import erf
from pathlib import Path
from typing import Any

import latex2mathml.converter
import numpy as np
import pytest

from engine.arrays import FloatArray
from engine.errors import ExpressionError
from engine.explain.expression.algebra import latex as name_of
from engine.explain.expression.algebra import variable
from engine.explain.matrices import (
    MATRIX_PRESETS,
    MatrixGraph,
    TooManyEntriesError,
    entry_name,
    parse_matrices,
    scalars,
)
from engine.explain.matrices.graph import RULES
from engine.explain.matrices.scalars import disagreement

COURSE = json.loads(
    (Path(__file__).parents[2] / "data" / "expressions" / "matrices.json").read_text(encoding="utf-8")
)


def graph_of(text: str, values: dict[str, Any] | None = None) -> MatrixGraph:
    values = values or {}
    return MatrixGraph(parse_matrices(text, values), values)


def test_there_are_enough() -> None:
    assert len(COURSE) >= 40


@pytest.mark.parametrize("case", COURSE, ids=[case["text"] for case in COURSE])
def test_course(case: dict[str, Any]) -> None:
    graph = graph_of(case["text"], case["values"])
    assert graph.value == pytest.approx(case["value"], rel=1e-13)
    for name, gradient in case["gradients"].items():
        expected = np.array(gradient)
        assert graph.partials[name].shape == expected.shape
        np.testing.assert_allclose(graph.partials[name], expected, rtol=1e-12, atol=1e-14)
    assert disagreement(graph, scalars(graph)) < 1e-13
    assert_steps_add_up(graph)
    assert_formulas_are_true(graph)


@pytest.mark.parametrize("preset", MATRIX_PRESETS, ids=lambda preset: preset.key)
def test_presets(preset: Any) -> None:
    graph = graph_of(preset.text)
    assert disagreement(graph, scalars(graph)) < 1e-12
    assert_formulas_are_true(graph)


def assert_steps_add_up(graph: MatrixGraph) -> None:
    totals: dict[int, FloatArray] = {}
    for step in graph.steps:
        assert step.rule in RULES
        np.testing.assert_array_equal(step.upstream, graph.gradients[step.target])
        totals[step.source] = totals.get(step.source, 0.0) + step.contribution
        np.testing.assert_allclose(step.total, totals[step.source], rtol=1e-14)
        if step.complete:
            np.testing.assert_array_equal(step.total, graph.gradients[step.source])


def assert_formulas_are_true(graph: MatrixGraph) -> None:
    """What stands there in symbols has the value that stands beside it."""
    formula, writer = graph.formula, graph.writer
    for line, index in zip(writer.lines(), [*formula.lines.values()], strict=False):
        _, _, right = line.partition(" = ")
        np.testing.assert_allclose(_value(graph, right), graph.values[index], rtol=1e-12, atol=1e-14)
    for name in {**formula.variables, **formula.lines}:
        text = graph.gradient_latex(name)
        ElementTree.fromstring(latex2mathml.converter.convert(text))
        found = np.broadcast_to(_value(graph, text), graph.partials[name].shape)
        np.testing.assert_allclose(found, graph.partials[name], rtol=1e-9, atol=1e-12, err_msg=text)
    for step in graph.steps:
        found = np.broadcast_to(_value(graph, step.latex), step.contribution.shape)
        np.testing.assert_allclose(found, step.contribution, rtol=1e-9, atol=1e-12, err_msg=step.latex)


# -- a reader of the formulas, which shares nothing with their writer ------------------------------------

_TOKEN = re.compile(
    r"\\left[\(\[]|\\right[\)\]]|\\operatorname\{\w+\}|\\mathbf\{\w+\}(?:_\{[\w,]+\})?|\\mathrm\{\w+\}(?:_\{[\w,]+\})?"
    r"|\\vec\{1\}|\\frac|\\sqrt|\\partial|\\[a-z]+(?:_\{[\w,]+\})?|\\,|[0-9.]+|[A-Za-z](?:_\{[\w,]+\})?|[-+^{}(),|>]"
)


def _value(graph: MatrixGraph, text: str) -> Any:
    tokens = [token for token in _TOKEN.findall(text) if token not in (r"\,",)]
    reader = _Latex(graph, tokens)
    value = reader.sum()
    assert reader.place == len(tokens), (text, tokens[reader.place :])
    return value


FUNCTIONS = {
    r"\sigma": lambda x: 1 / (1 + np.exp(-x)),
    r"\tanh": np.tanh,
    r"\ln": np.log,
    r"\exp": np.exp,
    r"\operatorname{softplus}": lambda x: np.log1p(np.exp(x)),
    r"\operatorname{sum}": np.sum,
    r"\operatorname{mean}": np.mean,
    r"\operatorname{relu}": lambda x: np.maximum(x, 0),
    r"\operatorname{sign}": np.sign,
    r"\operatorname{abs}": np.abs,
    r"\operatorname{silu}": lambda x: x / (1 + np.exp(-x)),
    r"\operatorname{gelu}": lambda x: x * (1 + np.vectorize(erf)(x / 2**0.5)) / 2,
    r"\operatorname{erf}": np.vectorize(erf),
}


class _Latex:
    """Recursive descent; a product without a sign is the matrix product, ones repeat or sum."""

    def __init__(self, graph: MatrixGraph, tokens: list[str]) -> None:
        self.graph, self.tokens, self.place = graph, tokens, 0
        formula = graph.formula
        self.names: dict[str, str] = {}
        for name, index in {**formula.variables, **formula.lines}.items():
            symbol = graph.writer.symbol(index)
            self.names[symbol] = name
        self.output = name_of(variable(formula.output_name))

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.place + ahead] if self.place + ahead < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        assert token and wanted in ("", token), (wanted, self.tokens[self.place :])
        self.place += 1
        return token

    def sum(self) -> Any:
        sign = -1.0 if self.peek() == "-" else 1.0
        if sign < 0:
            self.take()
        total = sign * self.entries()
        while self.peek() in ("+", "-"):
            sign = -1.0 if self.take() == "-" else 1.0
            total = total + sign * self.entries()
        return total

    def entries(self) -> Any:
        value = self.chain()
        while self.peek() in (r"\odot", r"\cdot"):
            self.take()
            value = value * self.chain()
        return value

    def chain(self) -> Any:
        factors: list[Any] = []
        ends = ("+", "-", r"\odot", r"\cdot", "}", r"\right)", r"\right]", ",", "", ">", "|")
        while self.peek() not in ends:
            factors.append(self.power())
        number = np.prod([factor for factor in factors if isinstance(factor, float)])
        factors = [factor for factor in factors if not isinstance(factor, float)]
        if not factors:
            return float(number)
        # numbers in front and ones are no matrices of a size of their own
        real = [place for place, f in enumerate(factors) if not isinstance(f, str)]
        if not real:
            return number * np.ones((1, 1))
        first, last = real[0], real[-1]
        value = factors[first]
        for factor in factors[first + 1 : last + 1]:
            if isinstance(factor, str):
                value = self.ones_right(value, factor)
            elif np.size(value) == 1 or np.size(factor) == 1:
                value = value * factor
            else:
                value = value @ factor
        for factor in reversed(factors[:first]):
            value = np.atleast_2d(value).sum(axis=0, keepdims=True) if factor == "1T" else value
        for factor in factors[last + 1 :]:
            value = self.ones_right(value, factor)
        return number * value

    def ones_right(self, value: Any, factor: str) -> Any:
        value = np.atleast_2d(value)
        return value.sum(axis=1, keepdims=True) if factor == "1" and value.shape[1] > 1 else value

    def power(self) -> Any:
        base = self.atom()
        while self.peek() == "^":
            self.take()
            self.take("{")
            if self.peek() == r"\top":
                self.take()
                base = "1T" if isinstance(base, str) else np.atleast_2d(base).T
            else:
                if self.peek() == r"\circ":
                    self.take()
                base = base ** self.sum()
            self.take("}")
        return base

    def group(self, opened: str, closed: str) -> Any:
        self.take(opened)
        value = self.sum()
        if self.peek() == ",":
            self.take()
            axis = int(self.take())
            self.take(closed)
            return value, axis
        self.take(closed)
        return value

    def atom(self) -> Any:
        token = self.take()
        if token == r"\vec{1}":
            return "1"
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            return np.sqrt(self.group("{", "}"))
        if token == r"\left(":
            self.place -= 1
            return self.group(r"\left(", r"\right)")
        if token == r"\pi":
            return np.pi
        if token[0].isdigit():
            return float(token)
        if token in self.names:
            name = self.names[token]
            return self.graph.values[{**self.graph.formula.variables, **self.graph.formula.lines}[name]]
        if token == "e":
            return np.e
        if token == r"\left[":
            value = self.sum()
            assert [self.take() for _ in range(3)] == [">", "0", r"\right]"]
            return value > 0.0
        if token == r"\ln" and self.peek() == r"\operatorname{softmax}":
            return np.log(self.atom())
        if self.peek() == "^":  # tanh² z
            self.take()
            power = self.group("{", "}")
            return FUNCTIONS[token](self.group(r"\left(", r"\right)")) ** power
        inside = self.group(r"\left(", r"\right)") if self.peek() == r"\left(" else self.power()
        if token == r"\operatorname{softmax}":
            value, axis = inside if isinstance(inside, tuple) else (inside, 0 if inside.shape[1] == 1 else 1)
            return np.exp(value) / np.exp(value).sum(axis=axis, keepdims=True)
        if isinstance(inside, tuple):
            value, axis = inside
            return FUNCTIONS[token](value, axis=axis, keepdims=True)
        return FUNCTIONS[token](inside)

    def fraction(self) -> Any:
        if self.peek(1) != r"\partial":
            above = self.group("{", "}")
            return above / self.group("{", "}")
        while self.take() != "}":
            pass
        self.take("{")
        self.take(r"\partial")
        below, depth = [], 0
        while self.peek() != "}" or depth:
            token = self.take()
            depth += (token in ("{",)) - (token == "}")
            below.append(token)
        self.take("}")
        formula, writer = self.graph.formula, self.graph.writer
        wanted = "".join(below)
        for index in range(len(formula.terms)):
            if self.graph.gradients[index] is None:
                continue
            derivative = writer.derivative(index)
            text = derivative.partition(r"}{\partial ")[2][:-1]
            if "".join(t for t in _TOKEN.findall(text) if t != r"\,") == wanted:
                return self.graph.gradients[index]
        raise AssertionError(wanted)


# -- what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("", "empty", 1, 1),
        ("W: 2x3", "nothing_to_derive", 1, 1),
        ("W: 2x3\nx: 2\nL = sum(W @ x)", "matmul_shapes", 3, 9),
        ("W: 2x3; x: 2; L = sum(W + x.T)", "entry_shapes", 1, 23),
        ("W: 2x3; s: 1x1; L = sum(W @ s)", "matmul_of_number", 1, 25),
        ("W: 2x3; W", "not_one_number", 1, 9),
        ("W: 2x3; x: 3; L = W @ x", "not_one_number", 1, 19),
        ("L = sum(W)", "unknown_matrix", 1, 9),
        ("a = b; b: 2; sum(a)", "used_before", 1, 8),
        ("x: 2; sum(foo(x))", "unknown_function", 1, 11),
        ("W: 2x2; x: 2; sum(W x)", "ambiguous_product", 1, 21),
        ("W: 2x2; sum(W(W))", "ambiguous_product", 1, 14),
        ("x = [1, 2; 3]; sum(x)", "ragged_matrix", 1, 5),
        ("x = [1, a]; sum(x)", "bad_matrix", 1, 9),
        ("x = [1, 2; sum(x)", "bad_matrix", 1, 12),
        ("x = [1, 2] + 1; sum(x)", "bad_matrix", 1, 12),
        ("x = []; sum(x)", "bad_matrix", 1, 5),
        ("x: 0; sum(x)", "bad_shape", 1, 2),
        ("x: 2x900; sum(x)", "matrix_too_large", 1, 2),
        ("x: two; sum(x)", "bad_shape", 1, 2),
        ("x: 2; sum(x, 2)", "bad_axis", 1, 12),
        ("x: 2; sum(exp(x, 1))", "bad_axis", 1, 16),
        ("sum = 3", "reserved_name", 1, 1),
        ("x: 2; x: 3; sum(x)", "assigned_twice", 1, 7),
        ("x: 2; y = x; x = y; sum(x)", "assigned_twice", 1, 14),
        ("x: 2; sum(x", "unclosed", 1, 10),
        ("x: 2; sum(x))", "unopened", 1, 13),
        ("x: 2; sum(x) +", "missing_operand", 1, 14),
        ("x: 2; sum x", "function_needs_parentheses", 1, 7),
        ("x: 2; x + 1\nsum(x)", "line_without_name", 1, 7),
        ("x: 2; sum(\\sigma(x))", "latex_typed", 1, 11),
        ("x = [0; 1]; sum(log(x))", "log_domain", 1, 17),
        ("x = [0; 1]; sum(1/x)", "division_by_zero", 1, 17),
        ("x = [0; 1]; sum(sqrt(x))", "no_derivative", 1, 17),
        ("x = [1000]; sum(exp(x))", "overflow", 1, 17),
        ("x = [1]; sum(" + "(" * 100 + "x" + ")" * 101, "too_long", 1, 73),
    ],
)
def test_place_of_an_error(text: str, kind: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        graph_of(text)
    assert (caught.value.kind, caught.value.line, caught.value.column) == (kind, line, column)
    assert caught.value.message.startswith(f"Line {line}, column {column}: ")
    assert caught.value.mend


def test_both_shapes_are_named() -> None:
    with pytest.raises(ExpressionError) as caught:
        graph_of("W: 2x3; x: 2; L = sum(W @ x)")
    assert "W (2×3) has 3 columns, and x (2×1) has 2 rows" in caught.value.message
    with pytest.raises(ExpressionError) as caught:
        graph_of("A: 2x3; B: 3x2; L = sum(tanh(A) + B)")
    assert "tanh(A) (2×3) and B (3×2)" in caught.value.message


def test_numbers_and_shapes() -> None:
    graph = graph_of(
        "A = [1, 2; -3, 4.5]\nB = [[1, 2], [3, 4]]; c = [1,\n 2]; d: 3; L = sum(A @ B @ c)*sum(d)"
    )
    names = graph.formula.variables
    assert graph.values[names["A"]].tolist() == [[1.0, 2.0], [-3.0, 4.5]]
    assert graph.values[names["B"]].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert graph.values[names["c"]].tolist() == [[1.0], [2.0]]
    assert graph.values[names["d"]].shape == (3, 1)
    again = graph_of("d: 3; sum(d)")
    assert again.values[0].tolist() == graph.values[names["d"]].tolist()


def test_what_does_not_reach_the_output_has_the_gradient_0() -> None:
    graph = graph_of("x: 2; y: 3; u = exp(y); L = sum(x)")
    assert graph.partials["y"].tolist() == [[0.0], [0.0], [0.0]]
    assert graph.gradient_latex("y") == "0"


def test_an_entry_is_the_sum_over_its_paths() -> None:
    graph = graph_of("W = [1, 2; 3, 4]; x = [1; -1]; a = tanh(W @ x); L = sum(a^2)")
    traced = scalars(graph)
    assert entry_name("W", (2, 2), 0, 1) == "W_12"
    paths = traced.paths("W_12")
    assert sum(path.product for path in paths) == pytest.approx(graph.partials["W"][0, 1])
    assert paths.count == 1
    both = traced.paths("x_1")
    assert both.count == 2
    assert sum(path.product for path in both) == pytest.approx(graph.partials["x"][0, 0])


def test_too_many_entries_are_not_traced() -> None:
    with pytest.raises(TooManyEntriesError):
        scalars(graph_of("A: 40x40; B: 40x40; L = sum(A @ B)"))


def test_cross_entropy_neither_overflows_nor_cancels() -> None:
    graph = graph_of("z = [1000; 0; -1000]; t = [0; 1; 0]; L = -sum(t * log(softmax(z)))")
    assert graph.value == 1000.0
    np.testing.assert_allclose(graph.partials["z"], [[1.0], [-1.0], [0.0]])


def test_any_text_has_an_answer() -> None:
    chosen = random.Random(5)
    pieces = [
        "softmax(",
        "sum(",
        "log(",
        "σ(",
        ".T",
        "^2",
        "2.5",
        "2x3",
        "\n",
        *"Wxb L@*+-/^()[]1,;=:ᵀ⊙'（，0",
    ]
    read = 0
    for _ in range(5_000):
        text = "".join(chosen.choices(pieces, k=chosen.randint(1, 14)))
        try:
            graph_of("W: 2x2; x: 2; b: 2\n" + text)
            read += 1
        except ExpressionError as error:
            assert error.message and error.mend
    assert read > 20


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("x = [1; 2]\nL = 1/2 sum(x)", (2, 9), "After a division, a product needs its sign before 'sum'."),
        ("x = [1; 2]\nL = sum(1/2x)", (2, 12), "After a division, a product needs its sign before 'x'."),
        ("x = [1; 2]\nL = sum(1/-2x)", (2, 13), "After a division, a product needs its sign before 'x'."),
        ("W: 2x2\nx: 2\nL = sum(Wx)", (3, 9), "Is W @ x meant here, or W ⊙ x?"),
        ("W: 2x2\nx: 2\nL = xᵀWx", (3, 7), "Is xᵀ @ Wx meant here, or xᵀ ⊙ Wx?"),
        ("W: 2x2\nx: 2\nL = sum(x).T W", (3, 14), "Is sum(x).T @ W meant here"),
        ("W: 2x2\nx: 2\nL = sum((W + W)x)", (3, 16), "Is (W + W) @ x meant here"),
        ("a = b + 1\nb = [1]\nL = a", (2, 1), "'b' is used before this line defines it."),
        ("A: 0x3\nL = sum(A)", (1, 2), "This is not a shape."),
        ("A: 10000x10000\nL = sum(A)", (1, 2), "This matrix is too large"),
        ("x = [1; 1e400]\nL = sum(x)", (1, 9), "The number 1e400 is too large."),
        ("x = [1; 2]\nL = sum(|x|)", (2, 9), "Type abs(x) in its place."),
        ("x = [1; 2]\nL = sum(√x)", (2, 9), "Type sqrt(x) in its place."),
    ],
)
def test_what_could_be_meant_otherwise_is_asked_back_in_its_own_words(
    text: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_matrices(text)
    assert (caught.value.line, caught.value.column) == place
    assert said in str(caught.value)


def test_a_divisor_in_parentheses_may_be_a_product() -> None:
    graph = MatrixGraph(parse_matrices("x = [1; 3]\nL = 1/(2 sum(x)) + (1/2)*sum(x)"))
    assert graph.values[graph.formula.output][0, 0] == 0.125 + 2.0


def test_greek_letters_and_squares_of_functions_are_set_as_in_print() -> None:
    graph = MatrixGraph(parse_matrices("θ = [1; 2]\na = tanh(θ)\nL = sum(a)"))
    assert graph.writer.lines()[0] == r"\mathbf{a} = \tanh\left(\boldsymbol{\theta}\right)"
    assert r"1 - \tanh^{2}\left(\boldsymbol{\theta}\right)" in graph.gradient_latex("θ")
