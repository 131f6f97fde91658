"""The notation: what is read how, what is refused where, and that every text gets an answer."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from engine.errors import ExpressionError
from engine.explain.expression import PRESETS, Graph, differentiate, parse
from engine.explain.expression.algebra import TooLargeError, latex
from engine.explain.expression.parser import ELSEWHERE
from engine.explain.expression.rules import work_out

X, Y = 1.5, -0.75


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2*3", 7.0),
        ("8 - 3 - 2", 3.0),
        ("8/4/2", 1.0),
        ("2^3^2", 512.0),
        ("2**3**2", 512.0),
        ("-x^2", -(X**2)),
        ("(-x)^2", X**2),
        ("2^-1", 0.5),
        ("2^-x^2", 2 ** -(X**2)),
        ("-2^2", -4.0),
        ("--x", X),
        ("+x - -y", X + Y),
        ("2*-3", -6.0),
        ("-x*y", -X * Y),
        ("2x", 2 * X),
        ("2 x y", 2 * X * Y),
        ("-2x^2", -2 * X**2),
        ("3(x + 1)", 3 * (X + 1)),
        ("(x)(y)", X * Y),
        ("x(x + 1)", X * (X + 1)),
        ("(x+1)^2(x-1)^3", (X + 1) ** 2 * (X - 1) ** 3),
        ("2 sin(x)", 2 * math.sin(X)),
        ("2sin(x)cos(x)", 2 * math.sin(X) * math.cos(X)),
        ("x^2 y", X**2 * Y),
        ("x^2(y + 1)", X**2 * (Y + 1)),
        ("2x/4", X / 2),
        ("2pi", 2 * math.pi),
        ("2πx", 2 * math.pi * X),
        ("2e", 2 * math.e),
        ("2e3", 2000.0),
        ("2e-1x", 0.2 * X),
        (".5 + 1.", 1.5),
        ("ln(x) - log(x)", 0.0),
        ("√(x)", math.sqrt(X)),
        ("2·x \u00d7 3 ⋅ 2 ÷ 4 \u2212 1", 3 * X - 1),
        ("x² + x³", X**2 + X**3),
        ("-x²", -(X**2)),
        ("2^x²", 2 ** (X**2)),
        ("x²y", X**2 * Y),
        ("x⁻¹", 1 / X),
        ("x¹⁰", X**10),
        ("min(3, x, 2)", X),
        ("max(x, y, 2x)", 2 * X),
        ("u = x^2 + 1\ny = sin(u)", math.sin(X**2 + 1)),
        ("u = x; v = u;; u v\n\n", X * X),
        ("sigmoid(x) - 1/(1 + exp(-x))", 0.0),
        ("softplus(x) - log(1 + exp(x))", 0.0),
        ("relu(x) + relu(y) + abs(y)", X - Y),
        ("tan(y) - sin(y)/cos(y)", 0.0),
        ("tanh(x)", math.tanh(X)),
        ("u = 2; v = -u; u v", -4.0),
        ("α = 3; α x", 3 * X),
        # as a Chinese keyboard types
        ("（x ＋ 1）× 2；", 2 * (X + 1)),
        ("ｍａｘ（x，２）－１", 1.0),
        ("u　＝　x ÷ 2；u ＊ ４", 2 * X),
        ("x – y — 1", X - Y - 1),
        # as books print
        ("sin x", math.sin(X)),
        ("sin 2x + 1", math.sin(2 * X) + 1),
        ("sin 2πx", math.sin(2 * math.pi * X)),
        ("sin x^2", math.sin(X**2)),
        ("sin -x", -math.sin(X)),
        ("-sin x²", -math.sin(X**2)),
        ("sin²(x)", math.sin(X) ** 2),
        ("sin² 2x", math.sin(2 * X) ** 2),
        ("sin^2(x)", math.sin(X) ** 2),
        ("sin x cos x", math.sin(X) * math.cos(X)),
        ("x sin x cos x", X * math.sin(X) * math.cos(X)),
        ("sin x * x", math.sin(X) * X),
        ("2^sin x", 2 ** math.sin(X)),
        ("ln |y|", math.log(-Y)),
        ("sin cos x", math.sin(math.cos(X))),
        ("√x + √2", math.sqrt(X) + math.sqrt(2)),
        ("2√x", 2 * math.sqrt(X)),
        ("|y| + 2|x y|", -Y - 2 * X * Y),
        ("||y| - 1|", 0.25),
        ("|x|y|x|", X * Y * X),
        ("σ(x)", 1 / (1 + math.exp(-X))),
        ("σ = 3; σ x", 3 * X),
        ("x₁ = x; 2x₁", 2 * X),
        ("w⁽²⁾₃₁ = x; w2_31 + 1", X + 1),
        ("δ⁽¹⁾₂ = y; delta1_2", Y),
        ("{x if x > 0 else 0}", X),
        ("{x if y ≥ 0 else 2x if y >= -0.5 else 3x} + 1", 3 * X + 1),
        ("{1 if x < y else 2}", 2.0),
        ("{1 if x <= x else 2}", 1.0),
        ("2{x if x > 0 else 0}", 2 * X),
        ("log₁₀(x) - lg(x) + log_2(2)", 1.0),
        ("asin(y) + acos(y)", math.pi / 2),
        ("atan(1)", math.pi / 4),
        ("cosh(x)^2 - sinh(x)^2", 1.0),
        ("erf(y) + erf(-y)", 0.0),
        ("gelu(x) - x (1 + erf(x/√(2)))/2", 0.0),
        ("silu(x) - x sigmoid(x)", 0.0),
        ("sign(y) floor(x)", -1.0),
        ("logsumexp(x, y) - ln(e^x + e^y)", 0.0),
        ("logsigmoid(x) - ln(sigmoid(x))", 0.0),
    ],
)
def test_notation(text: str, expected: float) -> None:
    assert differentiate(text, x=X, y=Y).value == pytest.approx(expected, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("", "empty", 1, 1),
        (" \n ;\n", "empty", 1, 1),
        ("x +", "missing_operand", 1, 3),
        ("x * (y -", "missing_operand", 1, 8),
        ("u =\nu", "missing_operand", 1, 3),
        ("u = x + 1\ny = u * / 2", "unexpected", 2, 9),
        ("()", "unexpected", 1, 2),
        ("(x, y)", "unexpected", 1, 3),
        ("x, y", "unexpected", 1, 2),
        ("*x", "unexpected", 1, 1),
        ("x ? y", "unexpected_character", 1, 3),
        ("x½", "unexpected_character", 1, 1),
        ("x # y", "unexpected_character", 1, 3),
        ("(x + 1)2", "missing_operator", 1, 8),
        ("x 2", "missing_operator", 1, 3),
        ("1.5.2", "missing_operator", 1, 4),
        ("2*(x + 1", "unclosed", 1, 3),
        ("sin(x", "unclosed", 1, 1),
        ("x + 1)", "unopened", 1, 6),
        ("1/2x", "ambiguous_quotient", 1, 4),
        ("1/2 (x + 1)", "ambiguous_quotient", 1, 5),
        ("x/y^2 x", "ambiguous_quotient", 1, 7),
        ("e^2x", "ambiguous_exponent", 1, 4),
        ("e^-2x", "ambiguous_exponent", 1, 5),
        ("2 sqrt x", "function_needs_parentheses", 1, 3),
        ("sin * x", "function_needs_parentheses", 1, 1),
        ("sin^x(y)", "function_needs_parentheses", 1, 1),
        ("sin x/2", "ambiguous_argument", 1, 6),
        ("sin x y", "ambiguous_argument", 1, 7),
        ("sin x (y)", "ambiguous_argument", 1, 7),
        ("sin 2 cos x", "ambiguous_argument", 1, 7),
        ("1 + √2x", "ambiguous_argument", 1, 7),
        ("√x²", "ambiguous_argument", 1, 3),
        ("√x^2", "ambiguous_argument", 1, 3),
        ("sin^-1(x)", "ambiguous_product", 1, 1),
        ("sin⁻¹(x)", "ambiguous_product", 1, 1),
        ("1 + σ x", "ambiguous_product", 1, 5),
        ("|x + 1", "unclosed_bar", 1, 1),
        ("2(|x)", "unclosed_bar", 1, 3),
        ("x|", "missing_operand", 1, 2),
        ("|x, y|", "unexpected", 1, 3),
        ("{x if x > 0}", "incomplete_choice", 1, 12),
        ("{x if x else 0}", "incomplete_choice", 1, 9),
        ("{x if 0 < x < 1 else 2}", "incomplete_choice", 1, 13),
        ("{x", "incomplete_choice", 1, 1),
        ("{x}", "incomplete_choice", 1, 3),
        ("x}", "unopened", 1, 2),
        ("{x if x > 0 else 1", "incomplete_choice", 1, 1),
        ("x < 1", "choice_without_braces", 1, 3),
        ("x if x", "choice_without_braces", 1, 3),
        ("if + x", "unexpected", 1, 1),
        ("else = x", "reserved_name", 1, 1),
        ("\\sin(x)", "latex_typed", 1, 1),
        ("½x", "type_instead", 1, 1),
        ("[x]", "type_instead", 1, 1),
        ("x + 5%", "type_instead", 1, 6),
        ("f'(x)", "type_instead", 1, 2),
        ("2₁", "unexpected_character", 1, 2),
        ("asin(2x)", "arc_domain", 1, 1),
        ("sin", "function_needs_parentheses", 1, 1),
        ("1 + sin(x, y)", "argument_count", 1, 5),
        ("max(x)", "argument_count", 1, 1),
        ("max(" + ",".join("x" * 101) + ")", "argument_count", 1, 1),
        ("1 + foo(x)", "unknown_function", 1, 5),
        ("x + k", "unknown_name", 1, 5),
        ("v = u\nu = x\nv", "used_before", 2, 1),
        ("u = u + x", "used_before", 1, 1),
        ("2 = x", "bad_assignment", 1, 1),
        ("u + v = x", "bad_assignment", 1, 7),
        ("u = v = x", "bad_assignment", 1, 7),
        ("u == x", "bad_assignment", 1, 4),
        ("sin = x", "reserved_name", 1, 1),
        ("u = x\nu = y\nu", "assigned_twice", 2, 1),
        ("x + 1\ny", "line_without_name", 1, 1),
        ("x + 1e999", "number_too_large", 1, 5),
        ("2 + exp(1000x)", "overflow", 1, 5),
        ("1 + x/(x - x)", "division_by_zero", 1, 5),
        ("1 + (x - x)^-1", "division_by_zero", 1, 5),
        ("1 + (x - x)/(x - x)", "zero_by_zero", 1, 5),
        ("2 log(y)", "log_domain", 1, 3),
        ("log(0)", "log_domain", 1, 1),
        ("u = x\nv = sqrt(y)", "sqrt_domain", 2, 5),
        ("x + y^0.5", "power_domain", 1, 5),
        ("1 + sqrt(x - x)", "no_derivative", 1, 5),
        ("y^x", "power_domain", 1, 1),
        ("(-2)^(x + 0.5)", "no_derivative", 1, 1),
        ("9^9^9^9", "overflow", 1, 3),
    ],
)
def test_place_of_an_error(text: str, kind: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        differentiate(text, x=X, y=Y)
    assert (caught.value.kind, caught.value.line, caught.value.column) == (kind, line, column)
    assert caught.value.message.startswith(f"Line {line}, column {column}: ")
    assert caught.value.mend


def test_names_shadow_the_constants() -> None:
    assert differentiate("e pi").value == math.e * math.pi
    given = differentiate("2e + π", e=3.0, π=1.0)
    assert (given.value, dict(given.partials)) == (7.0, {"e": 2.0, "π": 1.0})
    assert differentiate("e = x + 1; e^2", x=1.0).value == 4.0
    assert differentiate("pi = 3; 2pi").value == 6.0


def test_a_given_name_may_be_unused_and_may_be_called_anything() -> None:
    result = differentiate("x^2", x=3.0, text=1.0, self=2.0)
    assert dict(result.partials) == {"x": 6.0, "text": 0.0, "self": 0.0}
    assert differentiate("y = x^2", x=3.0, y=1.0).partials["y"] == 0.0


def test_names_are_normalised_as_python_normalises_keywords() -> None:
    assert differentiate("2\u00b5", **{"\u03bc": 4.0}).value == 8.0


@pytest.mark.parametrize("value", [math.nan, math.inf, 10**400])
def test_a_value_that_is_not_finite_is_refused_where_it_is_used(value: float) -> None:
    with pytest.raises(ExpressionError) as caught:
        differentiate("u = 2\nu + x", x=value)
    assert (caught.value.kind, caught.value.line, caught.value.column) == ("value_not_finite", 2, 5)


def test_free_variables_are_found_without_values() -> None:
    formula = parse("u = b x + e\ny = sin(u) + c(x + 1)")
    assert list(formula.variables) == ["b", "x", "c"]
    assert list(formula.lines) == ["u", "y"]
    assert list(parse("e x", given=("e",)).variables) == ["e", "x"]


def test_sharing() -> None:
    ops = [term.op for term in parse("sin(x) + sin(x)").terms]
    assert ops == ["variable", "sin", "sin", "add"]
    named = parse("u = sin(x)\nu + u")
    assert [term.op for term in named.terms] == ["variable", "sin", "add"]
    assert named.terms[2].operands == (1, 1)


def test_a_line_that_renames_is_a_node_of_its_own() -> None:
    formula = parse("u = x; v = u; v")
    assert [(t.op, t.operands, t.name) for t in formula.terms] == [
        ("variable", (), "x"),
        ("same", (0,), "u"),
        ("same", (1,), "v"),
    ]


def test_spans_are_what_was_typed() -> None:
    formula = parse("y = 2(x + 1)^2 - -3")
    sources = [formula.source(i) for i in range(len(formula.terms))]
    assert sources == ["2", "x", "1", "x + 1", "2", "(x + 1)^2", "2(x + 1)^2", "-3", "2(x + 1)^2 - -3"]


def test_nothing_is_executed() -> None:
    for text in (
        "__import__('os')",
        "().__class__",
        "lambda: 0",
        "x if x else 1",
        "[x for x in y]",
        "x.real",
    ):
        with pytest.raises(ExpressionError):
            differentiate(text, x=1.0, y=1.0)


@pytest.mark.parametrize(
    ("text", "value", "partial"),
    [
        ("(" * 10_000 + "x" + ")" * 10_000, 0.5, 1.0),
        ("-" * 10_000 + "x", 0.5, 1.0),
        ("+".join(["x"] * 10_000), 5000.0, 10_000.0),
        ("+".join(["x*x"] * 10_000), 2500.0, 10_000.0),
        ("abs(" * 10_000 + "x" + ")" * 10_000, 0.5, 1.0),
        ("\n".join(["u0 = x", *(f"u{i + 1} = (u{i} + u{i})/2" for i in range(2_000))]), 0.5, 1.0),
    ],
)
def test_deep_and_long_formulas_are_answered(text: str, value: float, partial: float) -> None:
    result = differentiate(text, x=0.5)
    assert result.value == pytest.approx(value, rel=1e-12)
    assert result.partials["x"] == pytest.approx(partial, rel=1e-12)
    assert result.graph.latex()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(" * 10_000, "missing_operand"),
        ("(" * 10_000 + "x", "unclosed"),
        ("^".join(["9"] * 10_000), "overflow"),
        ("9" * 10_000, "number_too_large"),
        ("+".join(["sin(x)*x"] * 20_000), "too_long"),
        (" " * 1_000_001, "too_long"),
    ],
)
def test_what_is_too_much_is_refused(text: str, kind: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        differentiate(text, x=0.5)
    assert caught.value.kind == kind


VALID = [
    "sin(x*y) + exp(x)**2",
    "u = x^2 + 1\ny_1 = sin(u)",
    "2x^2 - 3(x + 1)(y - 2)/4",
    "max(x, y, 0.5) * min(x, 2) - abs(-x)",
    "log(1 + exp(x)); ",
    "√(x² + y²) · π",
    "a = relu(x); b = tanh(a y)\nsoftplus(a + b)^0.5",
    "sin 2x cos² y + |x - y|³",
    "（x ＋ 1）× √y ÷ 2；gelu(x) floor(y)",
    "{x^2 if x > y else log(y) if y >= 1 else |x|}",
    "logsumexp(x, 2y) + w⁽¹⁾₂₁ σ(x)",
    *(preset.text for preset in PRESETS),
]
TOKENS = [
    *"xyeu+-*/^(),;=\n .0123",
    *"²⁻π√·\u2212",
    *"@'\"[]{}\\#$%&!?|~`:<>½\0\t\r\u2028\u0301",
    *(
        "sin",
        "cos(",
        "max(",
        "if",
        " else ",
        ">=",
        "sin ",
        "√",
        "logsumexp(",
        "asin(",
        "（",
        "x₁",
        "⁽²⁾",
        "log",
        "ln(",
        "**",
        "1e5",
        "1e400",
        "x_1",
        "pi",
        "é",
        "变量",
        "\U0001d465",
        "\ud800",
    ),
]


def mutate(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return "".join(rng.choice(TOKENS) for _ in range(rng.randint(0, 25)))
    text = rng.choice(VALID)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        i, j = sorted(rng.randint(0, len(text)) for _ in range(2))
        match rng.randrange(5):
            case 0:
                text = text[:i] + text[min(j, i + 3) :]
            case 1:
                text = text[:i] + rng.choice(["x", "2", "(y)", " ", " e ", "-"]) + text[i:]
            case 2:
                text = text[:i] + rng.choice(TOKENS) + text[i:]
            case 3:
                text = text[:i] + text[i:j] * 2 + text[j:]
            case _:
                text = text[:i] + rng.choice(TOKENS) + text[i + 1 :]
    return text


def assert_derived_further(graph: Graph) -> None:
    """Nothing of what is said beside a value fails, whatever was typed."""
    graph.hessian("x", "y")
    left, right = graph.sides("x")
    assert not (math.isnan(left) or math.isnan(right))
    try:
        working = work_out(graph, "x")
    except TooLargeError:
        return
    for line in working.lines:
        for step in line.step.outside_in():
            working.value(step.result)
            working.entering(step)
            latex(step.result)


def test_any_text_gives_a_graph_or_an_error_with_its_place() -> None:
    rng = random.Random(5)
    answered = refused = 0
    for _ in range(5_000):
        text = mutate(rng)
        given = {"x": rng.choice([0.0, 0.5, -2.0, 30.0]), "y": rng.uniform(-3, 3)}
        given |= {name: 0.5 for preset in PRESETS for name in preset.values if name not in "xy"}
        try:
            result = differentiate(text, **given)
        except ExpressionError as error:
            refused += 1
            lines = text.split("\n")
            assert 1 <= error.line <= len(lines), text
            assert 1 <= error.column <= max(1, len(lines[error.line - 1])), text
            assert error.message, text
        else:
            answered += 1
            assert math.isfinite(result.value), text
            assert all(map(math.isfinite, result.partials.values())), text
            assert_derived_further(result.graph)
    # neither side of the test is empty
    assert answered > 500
    assert refused > 500


@pytest.mark.parametrize(
    ("text", "reading", "another"),
    [
        ("xy + x + y", "x*y", "x_y"),
        ("sinx", "sin(x)", "sin_x"),
        ("3 + ln2x", "ln(2x)", "ln_2x"),
        ("cost + t", "cos(t)", "cos_t"),
    ],
)
def test_a_name_that_may_be_two_things_is_asked_back(text: str, reading: str, another: str) -> None:
    with pytest.raises(ExpressionError, match="one name") as caught:
        parse(text)
    assert caught.value.kind == "ambiguous_name"
    assert (caught.value.details["reading"], caught.value.details["another"]) == (reading, another)
    parse(text.replace(caught.value.details["text"], reading))
    parse(text.replace(caught.value.details["text"], another))


def test_a_name_that_is_defined_or_given_is_one_name() -> None:
    assert parse("cost = x t; cost + t").variables.keys() == {"x", "t"}
    assert parse("xy + x + y", {"xy", "x", "y"}).variables.keys() == {"xy", "x", "y"}
    assert parse("cost + 1").variables.keys() == {"cost"}


@pytest.mark.parametrize(
    ("text", "reading", "another"),
    [
        ("sin x y", "sin(x*y)", "sin(x)*y"),
        ("√2x", "√(2*x)", "√(2)*x"),
        ("√x²", "√(x²)", "√(x)²"),
        ("sin⁻¹(x)", "asin(x)", "sin(x)^(-1)"),
    ],
)
def test_both_readings_are_said_and_can_be_typed(text: str, reading: str, another: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.details["reading"], caught.value.details["another"]) == (reading, another)
    assert reading in caught.value.message and another in caught.value.message
    parse(reading)
    parse(another)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # an index ends a name, as in print: a neuron is no single name
        ("w₁x₁ + w₂x₂ + b", ["w1", "x1", "w2", "x2", "b"]),
        ("a₁b", ["a1", "b"]),
        # a letter as an index: not ξ
        ("xᵢ + wᵢxⱼ", ["x_i", "w_i", "x_j"]),
        # braces that are parentheses only, as in LaTeX
        ("x_{12} e^{-y}", ["x_12", "y"]),
        ("x^{y if y > 0 else 1}", ["x", "y"]),
    ],
)
def test_what_is_printed_is_read_as_it_is_meant(text: str, names: list[str]) -> None:
    assert list(parse(text).variables) == names


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("w1x1 + w2x2", 1, "Is 'w1x1' one name, or w1*x1?"),
        ("3 + x2y", 5, "Is 'x2y' one name, or x2*y?"),
        ("x + ex", 5, "Is 'ex' one name, or e*x?"),
        ("x + xx", 5, "Is 'xx' one name, or x*x?"),
        ("σ²(x)", 2, "Is σ(x)² meant here, or σ²*(x)?"),
        ("x₁ + x_1", 1, "'x1' and 'x_1' are written alike."),
        ("α + alpha", 1, "'α' and 'alpha' are written alike."),
        ("xⁿ", 2, "Type ^n in its place."),
        ("e⁻ˣ + 1", 2, "Type ^(-x) in its place."),
        ("2 + cot x", 5, "Type cos(x)/sin(x) in its place."),
        ("tg(x)", 1, "Type tan(x) in its place."),
        ("log₃(x)", 1, "Type log(x)/log(3) in its place."),
        ("【x】", 1, "Type ( in its place."),
        ("x ≠ 0", 3, "Remove it, or type the operation out."),
        ("{x}", 3, "This choice between two is not whole."),
    ],
)
def test_what_could_be_read_two_ways_or_is_named_otherwise_is_asked_back(
    text: str, column: int, said: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.details["column"] == column
    assert said in str(caught.value)


@pytest.mark.parametrize(("name", "typed"), [(n, t) for n, t in ELSEWHERE.items() if n != "cbrt"])
def test_functions_known_by_other_names_are_typed_as_told(name: str, typed: str) -> None:
    x = 1.25 if name in ("acosh", "arcosh") else 0.4
    known: dict[str, Callable[[float], float]] = {
        "cot": lambda x: 1 / math.tan(x),
        "ctg": lambda x: 1 / math.tan(x),
        "sec": lambda x: 1 / math.cos(x),
        "csc": lambda x: 1 / math.sin(x),
        "tg": math.tan,
        "arctg": math.atan,
        "sgn": lambda x: math.copysign(1.0, x),
        "ceil": math.ceil,
    }
    expected = known.get(name) or getattr(math, name.replace("ar", "a", 1) if name.startswith("ar") else name)
    assert differentiate(typed, x=x).value == pytest.approx(expected(x), rel=1e-14)


def test_a_long_text_is_read_in_a_time_that_grows_with_its_length() -> None:
    # what follows a name is not looked through for each of them
    assert list(parse("x₁" * 15_000).variables) == ["x1"]
    with pytest.raises(ExpressionError) as caught:
        parse("w1" * 15_000)
    assert len(str(caught.value)) < 300
