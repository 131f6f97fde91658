"""The closed form of a derivative, by SymPy where it is installed; no number depends on it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection
from typing import Any

from engine.explain.expression.formula import Formula, Term
from engine.explain.expression.latex import name_latex
from engine.explain.expression.parser import parse

MAX_TERMS = 200
"""How large a formula may be once its lines are put into one another."""
_MAX_BITS = 10_000
_MAX_DIGITS = 30


def symbolic(text: str, name: str, /, given: Collection[str] = ()) -> str | None:
    """Return d output / d `name` in closed form, as LaTeX.

    All names stand for real numbers, and lines are put into one another. The first call imports SymPy,
    which takes about a second.

    Parameters
    ----------
    text, name : str
    given : collection of str
        Names that have a value, as in `parse`; `name` is always one.

    Returns
    -------
    str or None
        None without SymPy, and for a formula too large for a closed form to be of use.

    Raises
    ------
    ExpressionError
        A text that cannot be read.
    """
    formula = parse(text, {name, *given})
    if _size(formula) > MAX_TERMS:
        return None
    try:
        sympy = importlib.import_module("sympy")
    except ImportError:
        return None
    expression = _translate(formula, sympy)
    if expression is None:
        return None
    derivative = sympy.diff(expression, sympy.Symbol(name, real=True))
    if derivative.has(sympy.zoo, sympy.nan, sympy.oo):
        return None
    names = {sympy.Symbol(n, real=True): name_latex(n) for n in formula.variables}
    return str(sympy.latex(derivative, symbol_names=names, ln_notation=True))


def _size(formula: Formula) -> int:
    sizes: list[int] = []
    for t in formula.terms:
        sizes.append(1 + sum(sizes[j] for j in t.operands))
    return sizes[formula.output]


def _translate(formula: Formula, sympy: Any) -> Any:
    """Return the output as a SymPy expression, or None if it has numbers of too many digits."""
    rules: dict[str, Callable[..., Any]] = {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b,
        "power": lambda a, b: a**b,
        "negate": lambda a: -a,
        "same": lambda a: a,
        "abs": sympy.Abs,
        "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
        "relu": lambda a: sympy.Max(a, 0),
        "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
        "min": sympy.Min,
        "max": sympy.Max,
    }
    expressions: list[Any] = []
    # how many bits the whole numbers in an expression may have: SymPy writes 9^9^9^9 out
    bits: list[Any] = []
    for t in formula.terms:
        if t.op == "variable":
            expressions.append(sympy.Symbol(t.name, real=True))
            bits.append(1)
            continue
        if t.op == "constant":
            expressions.append(_constant(t, sympy))
            bits.append(4 * _MAX_DIGITS)
            continue
        operands = [expressions[j] for j in t.operands]
        bound = sum(bits[j] for j in t.operands)
        if t.op == "power" and operands[1].is_number:
            bound *= max(1, sympy.ceiling(abs(operands[1])))
        if not bound <= _MAX_BITS:
            return None
        rule = rules.get(t.op) or getattr(sympy, t.op)
        expressions.append(rule(*operands))
        bits.append(bound)
    return expressions[formula.output]


def _constant(term: Term, sympy: Any) -> Any:
    named = {"pi": sympy.pi, "π": sympy.pi, "e": sympy.E}
    exact = named.get(term.literal)
    if exact is None and len(term.literal) <= _MAX_DIGITS and abs(term.constant) < 1e30:
        exact = sympy.Rational(term.literal)
    return sympy.Float(term.constant) if exact is None else exact
