"""Expressions as trees, for what is done with symbols: derived, simplified, evaluated, written.

A `Formula` shares what is used twice; a tree does not, and can be rewritten piece by piece. A line's name
stands for the line in a tree, as it does on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from engine.explain.expression.formula import Formula, Term
from engine.explain.expression.latex import Writer
from engine.explain.expression.operations import OPERATIONS
from engine.explain.expression.parser import parse

MOST_NODES = 3_000
MOST_LEVELS = 150
"""How large and how deep a tree may be that is worked with; beyond it nobody would read it."""


class TooLargeError(Exception):
    """A tree beyond `MOST_NODES` or `MOST_LEVELS`."""


class Expr(NamedTuple):
    """A node: an operation of `OPERATIONS`, ``variable``, ``constant`` or ``derivative``.

    ``derivative`` has one operand and, as `name`, the variable it is derived by. `literal` is a constant
    as it was typed.
    """

    op: str
    args: tuple[Expr, ...] = ()
    name: str = ""
    literal: str = ""
    value: float = 0.0


def constant(value: float) -> Expr:
    """Return a number as a tree."""
    return Expr("constant", literal=_written(value), value=float(value))


def variable(name: str) -> Expr:
    """Return a name as a tree."""
    return Expr("variable", name=name)


def derivative(of: Expr, by: str) -> Expr:
    """Return d `of` / d `by`, not worked out."""
    return Expr("derivative", (of,), by)


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def of_formula(formula: Formula, index: int) -> Expr:
    """Return a term down to the nearest names as a tree.

    Raises
    ------
    TooLargeError
    """
    left = MOST_NODES

    def grow(i: int, level: int) -> Expr:
        nonlocal left
        left -= 1
        if left < 0 or level > MOST_LEVELS:
            raise TooLargeError
        term = formula.terms[i]
        if i != index and term.name:
            return variable(term.name)
        if term.op == "variable":
            return variable(term.name)
        if term.op == "constant":
            return Expr("constant", literal=term.literal, value=term.constant)
        return Expr(term.op, tuple(grow(j, level + 1) for j in term.operands))

    return grow(index, 0)


@cache
def of_text(text: str) -> Expr:
    """Return a formula of one line as a tree; its letters are names."""
    formula = parse(text)
    return of_formula(formula, formula.output)


def substitute(tree: Expr, meaning: Mapping[str, Expr]) -> Expr:
    """Put trees in the place of names."""
    if tree.op == "variable":
        return meaning.get(tree.name, tree)
    return tree._replace(args=tuple(substitute(part, meaning) for part in tree.args)) if tree.args else tree


def rewrite(tree: Expr, rule: Callable[[Expr], Expr]) -> Expr:
    """Apply a rule to every node, the operands first."""
    if tree.args:
        tree = tree._replace(args=tuple(rewrite(part, rule) for part in tree.args))
    return rule(tree)


def size(tree: Expr) -> int:
    """Count the nodes."""
    return 1 + sum(map(size, tree.args))


def depends(tree: Expr, names: frozenset[str]) -> bool:
    """Whether any of these names stands in a tree."""
    if tree.op == "variable":
        return tree.name in names
    return any(depends(part, names) for part in tree.args)


def evaluate(
    tree: Expr, values: Mapping[str, float], rates: Mapping[tuple[str, str], float] | None = None
) -> float:
    """Return the value of a tree; NaN where it has none.

    Parameters
    ----------
    values : mapping of str to float
        Of every name in the tree.
    rates : mapping of (str, str) to float
        d name / d variable, for the derivatives of names in the tree; those of all else are derived.
    """
    if tree.op == "constant":
        return tree.value
    if tree.op == "variable":
        return values[tree.name]
    if tree.op == "derivative":
        return _rate(tree.args[0], tree.name, values, rates or {})
    if tree.op in ("if_above", "if_at_least"):
        left, right = (evaluate(part, values, rates) for part in tree.args[:2])
        first = left > right if tree.op == "if_above" else left >= right
        return evaluate(tree.args[2 if first else 3], values, rates)
    if (mirrored := _mirrored(tree)) is not None:
        tree = mirrored
    with np.errstate(all="ignore"):
        return float(OPERATIONS[tree.op].value(*(evaluate(part, values, rates) for part in tree.args)))


def _mirrored(tree: Expr) -> Expr | None:
    """Return σ(−a) for 1 − σ(a), which is the same and does not cancel where σ is near 1."""
    if tree.op == "subtract" and is_number(tree.args[0], 1.0) and tree.args[1].op == "sigmoid":
        return Expr("sigmoid", (Expr("negate", tree.args[1].args),))
    return None


def _rate(tree: Expr, by: str, values: Mapping[str, float], rates: Mapping[tuple[str, str], float]) -> float:
    """Forward mode along a tree, by the operations' own slopes: it shares nothing with the rules."""
    if tree.op == "constant":
        return 0.0
    if tree.op == "variable":
        return 1.0 if tree.name == by else rates.get((tree.name, by), 0.0)
    if tree.op == "derivative":
        raise ValueError("the derivative of a derivative")
    if tree.op in ("if_above", "if_at_least"):
        left, right = (evaluate(part, values, rates) for part in tree.args[:2])
        first = left > right if tree.op == "if_above" else left >= right
        return _rate(tree.args[2 if first else 3], by, values, rates)
    operands = tuple(evaluate(part, values, rates) for part in tree.args)
    result = evaluate(tree, values, rates)
    total = 0.0
    with np.errstate(all="ignore"):
        for position, part in enumerate(tree.args):
            rate = _rate(part, by, values, rates)
            if rate:
                total += OPERATIONS[tree.op].slope(position, operands, result) * rate
    return total


def latex(tree: Expr, partial: bool = False) -> str:
    """Return a tree in LaTeX, its derivatives with ∂ if they are partial ones."""
    terms: list[Term] = []
    variables: dict[str, int] = {}

    def grow(node: Expr) -> int:
        if node.op == "variable":
            if node.name not in variables:
                variables[node.name] = len(terms)
                terms.append(Term("variable", (), 0, 0, name=node.name))
            return variables[node.name]
        operands = tuple(map(grow, node.args))
        terms.append(
            Term(
                node.op,
                operands,
                0,
                0,
                literal=node.literal or (node.name if node.op == "derivative" else ""),
                constant=node.value,
            )
        )
        return len(terms) - 1

    output = grow(tree)
    return Writer(Formula("", tuple(terms), variables, {}, output), partial).expression(output)


def is_number(tree: Expr, value: float | None = None) -> bool:
    """Whether a tree is a number, or this number."""
    return tree.op == "constant" and (value is None or tree.value == value)
