"""The derivatives of all operations as formulas, and what is derived from them: second derivatives.

One row an operation, in its operands a, b. What takes any number of operands has its row in `partial`.
Abramowitz and Stegun, Handbook of Mathematical Functions (1964), chapters 4 and 7.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from engine.explain.expression.algebra import Expr, constant, evaluate, of_text, substitute

_BY_OPERAND: dict[str, tuple[str, ...]] = {
    "add": ("1", "1"),
    "subtract": ("1", "-1"),
    "multiply": ("b", "a"),
    "divide": ("1/b", "-a/b^2"),
    "power": ("b*a^(b - 1)", "a^b*ln(a)"),
    "negate": ("-1",),
    "same": ("1",),
    "sin": ("cos(a)",),
    "cos": ("-sin(a)",),
    "tan": ("1 + tan(a)^2",),
    "asin": ("1/sqrt(1 - a^2)",),
    "acos": ("-1/sqrt(1 - a^2)",),
    "atan": ("1/(1 + a^2)",),
    "sinh": ("cosh(a)",),
    "cosh": ("sinh(a)",),
    "tanh": ("1 - tanh(a)^2",),
    "exp": ("exp(a)",),
    "log": ("1/a",),
    "log10": ("1/(a*ln(10))",),
    "log2": ("1/(a*ln(2))",),
    "sqrt": ("1/(2*sqrt(a))",),
    "abs": ("sign(a)",),
    "sigmoid": ("sigmoid(a)*(1 - sigmoid(a))",),
    "relu": ("{1 if a > 0 else 0}",),
    "softplus": ("sigmoid(a)",),
    "logsigmoid": ("sigmoid(-a)",),
    "erf": ("2/sqrt(pi)*exp(-a^2)",),
    "gelu": ("(1 + erf(a/sqrt(2)))/2 + a*exp(-a^2/2)/sqrt(2*pi)",),
    "silu": ("sigmoid(a)*(1 + a*(1 - sigmoid(a)))",),
    "sign": ("0",),
    "floor": ("0",),
}


def partial(op: str, args: Sequence[Expr], position: int) -> Expr:
    """Return the derivative of an operation by one of its operands, these put in."""
    if op in ("min", "max"):
        others = [arg for place, arg in enumerate(args) if place != position]
        return Expr(f"share_of_{op}", (args[position], *others))
    if op == "logsumexp":
        return Expr("exp", (Expr("subtract", (args[position], Expr(op, tuple(args)))),))
    if op in ("if_above", "if_at_least"):
        if position < 2:
            return constant(0.0)
        chosen = (constant(1.0), constant(0.0)) if position == 2 else (constant(0.0), constant(1.0))
        return Expr(op, (*args[:2], *chosen))
    if op in ("share_of_min", "share_of_max"):
        return constant(0.0)
    rule = of_text(_BY_OPERAND[op][position])
    return substitute(rule, dict(zip("ab", args, strict=False)))


def derived(tree: Expr, by: str) -> Expr:
    """Return the derivative of a tree by a name, worked out at once; every other name is a constant."""
    if tree.op == "constant":
        return constant(0.0)
    if tree.op == "variable":
        return constant(float(tree.name == by))
    total = constant(0.0)
    for position, part in enumerate(tree.args):
        inner = derived(part, by)
        if inner.op == "constant" and inner.value == 0.0:
            continue
        slope = partial(tree.op, tree.args, position)
        product = slope if inner == constant(1.0) else Expr("multiply", (slope, inner))
        total = product if total == constant(0.0) else Expr("add", (total, product))
    return total


_BY_HAND: dict[str, Callable[[Sequence[float], int, int], float]] = {
    "multiply": lambda v, i, j: float(i != j),
    "divide": lambda v, i, j: (
        0.0 if i == j == 0 else (2.0 * v[0] / v[1] ** 3 if i == j else -1.0 / v[1] ** 2)
    ),
    "sin": lambda v, i, j: -math.sin(v[0]),
    "cos": lambda v, i, j: -math.cos(v[0]),
    "exp": lambda v, i, j: math.exp(v[0]) if v[0] < 709.0 else math.nan,
    "log": lambda v, i, j: -1.0 / v[0] ** 2 if v[0] else math.nan,
}
"""Those that are met most, without a tree."""


def second(op: str, operands: Sequence[float], i: int, j: int) -> float:
    """Return the second derivative of an operation by its operands `i` and `j`, at their values.

    NaN where there is none.
    """
    if op in ("add", "subtract", "negate", "same", "sign", "floor", "abs", "relu", "min", "max"):
        return 0.0
    if op.startswith(("if_", "share_")):
        return 0.0
    if op in _BY_HAND:
        return _BY_HAND[op](operands, i, j)
    if op == "power":
        return _second_of_power(operands[0], operands[1], i, j)
    if op in ("sigmoid", "tanh", "silu", "gelu", "softplus", "logsigmoid"):
        return _second_of_bent(op, operands[0])
    names = [f"x_{place}" for place in range(len(operands))]
    tree = partial(op, [Expr("variable", name=name) for name in names], i)
    return evaluate(derived(tree, names[j]), dict(zip(names, operands, strict=True)))


def _second_of_quotient(above: float, below: float, i: int, j: int) -> float:
    if i == j:
        return 2.0 * above / below**3 if i else 0.0
    return -1.0 / below**2


def _second_of_power(base: float, exponent: float, i: int, j: int) -> float:
    try:
        if i == j == 0:
            factor = exponent * (exponent - 1.0)
            return factor * base ** (exponent - 2.0) if factor else 0.0
        if i == j:
            return float(base**exponent * math.log(base) ** 2)
        return float(base ** (exponent - 1.0) * (1.0 + exponent * math.log(base)))
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan


def _second_of_bent(op: str, x: float) -> float:
    """Those whose formulas cancel far from 0, written so that they do not."""
    e = math.exp(-abs(x))
    bend = e / (1.0 + e) ** 2  # sigmoid'
    lean = math.copysign((1.0 - e) / (1.0 + e), x)  # 1 - 2 sigmoid(-x)
    if op == "sigmoid":
        return -bend * lean
    if op == "tanh":
        square = math.exp(-2.0 * abs(x))
        return -2.0 * math.tanh(x) * 4.0 * square / (1.0 + square) ** 2
    if op == "softplus":
        return bend
    if op == "logsigmoid":
        return -bend
    if op == "silu":
        return bend * (2.0 - x * lean)
    return (2.0 - x * x) * math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
