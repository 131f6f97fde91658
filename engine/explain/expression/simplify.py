"""How an expression is made shorter as one does by hand: zeros and ones, numbers, powers, signs.

Each pass does one kind of thing everywhere, and its result equals what it began with wherever both have a
value. Nothing is expanded and no fraction is cancelled whose divisor could be 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.expression.algebra import Expr, constant, is_number, rewrite


class Simplification(NamedTuple):
    """A pass that changed something: what it does, for the translation context ``rules``, and its result."""

    title: str
    result: Expr


def _identities(tree: Expr) -> Expr:
    op, args = tree.op, tree.args
    if op == "add":
        if is_number(args[0], 0.0):
            return args[1]
        return args[0] if is_number(args[1], 0.0) else tree
    if op == "subtract":
        if is_number(args[1], 0.0):
            return args[0]
        return Expr("negate", (args[1],)) if is_number(args[0], 0.0) else tree
    if op == "multiply":
        if is_number(args[0], 0.0) or is_number(args[1], 0.0):
            return constant(0.0)
        if is_number(args[0], 1.0):
            return args[1]
        return args[0] if is_number(args[1], 1.0) else tree
    if op == "divide":
        if is_number(args[0], 0.0):
            return constant(0.0)
        return args[0] if is_number(args[1], 1.0) else tree
    if op == "power":
        if is_number(args[1], 1.0):
            return args[0]
        return constant(1.0) if is_number(args[1], 0.0) else tree
    if op == "negate" and is_number(args[0], 0.0):
        return constant(0.0)
    if op in ("if_above", "if_at_least") and args[2] == args[3]:
        return args[2]
    return args[0] if op == "same" else tree


def _signs(tree: Expr) -> Expr:
    op, args = tree.op, tree.args
    if op == "negate":
        if args[0].op == "negate":
            return args[0].args[0]
        return constant(-args[0].value) if _plain(args[0]) else tree
    if op == "add" and _negative(args[1]):
        return Expr("subtract", (args[0], _positive(args[1])))
    if op == "subtract" and _negative(args[1]):
        return Expr("add", (args[0], _positive(args[1])))
    if op in ("multiply", "divide"):
        negative = [_negative(part) for part in args]
        if any(negative) and not all(map(_plain, args)):
            kept = Expr(op, (_positive(args[0]), _positive(args[1])))
            return kept if all(negative) else Expr("negate", (kept,))
    return tree


def _negative(tree: Expr) -> bool:
    return tree.op == "negate" or (_plain(tree) and tree.value < 0.0)


def _positive(tree: Expr) -> Expr:
    if not _negative(tree):
        return tree
    return tree.args[0] if tree.op == "negate" else constant(-tree.value)


def _plain(tree: Expr) -> bool:
    """Whether a tree is a number that was written with digits, not as π."""
    return tree.op == "constant" and not tree.literal.isalpha()


def _numbers(tree: Expr) -> Expr:
    """Put the numbers of a sum or a product together, in front of a product and at the end of a sum."""
    op, args = tree.op, tree.args
    if op in ("add", "subtract"):
        return _number_of_sum(tree)
    if op == "multiply":
        return _number_of_product(tree)
    if op == "divide" and _plain(args[1]) and args[1].value:
        number, *rest = _factors(args[0])
        if not _plain(number):
            return tree
        for top, bottom in (
            (number.value / args[1].value, 1.0),
            (1.0, args[1].value / (number.value or 1.0)),
        ):
            if top.is_integer() and bottom.is_integer() and abs(bottom) < abs(args[1].value):
                above = constant(top) if not rest else _product([constant(top)] * (top != 1.0) + rest)
                return above if bottom == 1.0 else Expr("divide", (above, constant(bottom)))
    if op == "power" and all(map(_plain, args)):
        try:
            value = float(args[0].value ** args[1].value)
        except (OverflowError, ZeroDivisionError, TypeError):
            return tree
        return constant(value) if value.is_integer() and abs(value) < 1e9 else tree
    return tree


def _number_of_product(tree: Expr) -> Expr:
    factors = list(_factors(tree))
    plain = [factor for factor in factors if _plain(factor)]
    others = [factor for factor in factors if not _plain(factor)]
    if not plain or (len(plain) == 1 and factors[0] is plain[0]):
        return tree
    number = math.prod(factor.value for factor in plain)
    if not math.isfinite(number):
        return tree
    return _product([constant(number), *others])


def _number_of_sum(tree: Expr) -> Expr:
    terms = list(_signed(tree, 1.0))
    plain = [sign * term.value for sign, term in terms if _plain(term)]
    number = math.fsum(plain)
    if len(plain) < 2 or not math.isfinite(number):
        return tree
    others = [(sign, term) for sign, term in terms if not _plain(term)]
    if not others:
        return constant(number)
    sign, total = others[0]
    if sign < 0.0:
        total = Expr("negate", (total,))
    for sign, term in others[1:]:
        total = Expr("add" if sign > 0.0 else "subtract", (total, term))
    if not number:
        return total
    return Expr("add" if number > 0.0 else "subtract", (total, constant(abs(number))))


def _signed(tree: Expr, sign: float) -> Iterator[tuple[float, Expr]]:
    if tree.op in ("add", "subtract"):
        yield from _signed(tree.args[0], sign)
        yield from _signed(tree.args[1], sign if tree.op == "add" else -sign)
    else:
        yield sign, tree


def _factors(tree: Expr) -> Iterator[Expr]:
    if tree.op == "multiply":
        yield from _factors(tree.args[0])
        yield from _factors(tree.args[1])
    else:
        yield tree


def _product(factors: list[Expr]) -> Expr:
    product = factors[0]
    for factor in factors[1:]:
        product = Expr("multiply", (product, factor))
    return product


def _powers(tree: Expr) -> Expr:
    """Write equal factors as a power, equal summands as a multiple."""
    if tree.op == "multiply":
        factors = list(_factors(tree))
        if len(factors) > 40:
            return tree
        bases: dict[Expr, float] = {}
        for factor in factors:
            base, exponent = _base(factor)
            bases[base] = bases.get(base, 0.0) + exponent
        if len(bases) == len(factors):
            return tree
        return _product([_raised(base, exponent) for base, exponent in bases.items()])
    if tree.op == "add" and tree.args[0] == tree.args[1]:
        return Expr("multiply", (constant(2.0), tree.args[0]))
    return tree


def _order(tree: Expr) -> Expr:
    """Write the factors of a product in the usual order: numbers, names, what stands in parentheses."""
    if tree.op != "multiply":
        return tree
    factors = list(_factors(tree))
    ordered = sorted(factors, key=_place)
    return _product(ordered)


def _place(tree: Expr) -> int:
    base = tree.args[0] if tree.op == "power" else tree
    return 0 if base.op == "constant" else 1 if base.op == "variable" else 2


def _base(tree: Expr) -> tuple[Expr, float]:
    # only whole positive powers: the others cannot be put together where the base is 0 or negative
    if tree.op == "power" and _plain(tree.args[1]):
        exponent = tree.args[1].value
        if exponent.is_integer() and exponent > 0:
            return tree.args[0], exponent
    return tree, 1.0


def _raised(base: Expr, exponent: float) -> Expr:
    return base if exponent == 1.0 else Expr("power", (base, constant(exponent)))


_PASSES: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
    (QT_TRANSLATE_NOOP("rules", "Without zeros and ones"), _identities),
    (QT_TRANSLATE_NOOP("rules", "Signs"), _signs),
    (QT_TRANSLATE_NOOP("rules", "Numbers together"), _numbers),
    (QT_TRANSLATE_NOOP("rules", "Equal factors together"), _powers),
    (QT_TRANSLATE_NOOP("rules", "In the usual order"), _order),
)
_MOST_ROUNDS = 12


def simplifications(tree: Expr) -> tuple[Simplification, ...]:
    """Return the passes that shorten a tree, in order; empty if there is nothing to do."""
    found: list[Simplification] = []
    for _ in range(_MOST_ROUNDS):
        before = tree
        for title, rule in _PASSES:
            shorter = rewrite(tree, rule)
            if shorter != tree:
                tree = shorter
                if found and found[-1].title == title:
                    found.pop()
                found.append(Simplification(title, tree))
        if tree == before:
            break
    return tuple(found)


def simplified(tree: Expr) -> Expr:
    """Return a tree after all passes."""
    steps = simplifications(tree)
    return steps[-1].result if steps else tree
