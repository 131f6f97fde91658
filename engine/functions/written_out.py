r"""Traced formulas as people write them: in symbols, or with the numbers put in.

A formula that has been traced (`traced`) is gone through once more with a `Numeral` for each input: that
leaves ``\mu\,v + g`` where figures are symbols, and ``0.9 × 0.3401 + (−0.1722)`` where they are numbers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np

from engine.functions import traced
from engine.functions.table import Rule
from engine.functions.traced import Quantity, Traced, with_parameters

R = TypeVar("R", bound=Rule)

_SUM, _PRODUCT, _NUMBER = range(3)
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Notation(NamedTuple):
    """How arithmetic is written: signs, templates, and the names of functions."""

    times: str
    minus: str
    quotient: str
    root: str
    bracketed: str
    raised: Callable[[str, str], str]
    name: str
    known: frozenset[str] = frozenset()


PLAIN = Notation(" × ", "−", "{0} / {1}", "√{0}", "({0})", lambda a, n: a + n.translate(_SUPERSCRIPT), "{0}")
LATEX = Notation(
    r" \cdot ",
    "-",
    r"\frac{{{0}}}{{{1}}}",
    r"\sqrt{{{0}}}",
    r"\left({0}\right)",
    lambda a, n: f"{a}^{{{n}}}",
    r"\mathrm{{{0}}}",
    frozenset(("min", "max", "ln", "exp", "tanh", "cosh", "cos")),
)
SYMBOLS = LATEX._replace(times=r"\,", bracketed="({0})")
"""LaTeX of symbols, which stand beside each other."""


@dataclass(frozen=True)
class Numeral:
    """A number or symbol as it is written, or a formula of such; arithmetic with it writes a longer one."""

    text: str
    notation: Notation = PLAIN
    kind: int = _NUMBER

    @property
    def _is_plain(self) -> bool:
        """Whether it is one number or symbol that nothing can tear apart."""
        starts = self.text[0].isalnum() or self.text[0] == "\\"
        return self.kind == _NUMBER and starts and "·" not in self.text and r"\cdot" not in self.text

    def _of(self, text: str, kind: int) -> Numeral:
        return Numeral(text, self.notation, kind)

    def _bracketed(self, unless: bool) -> str:
        return self.text if unless else self.notation.bracketed.format(self.text)

    @property
    def _is_negative(self) -> bool:
        return self.text.startswith(self.notation.minus)

    @property
    def _as_factor(self) -> str:
        return self._bracketed(self.kind > _SUM and not self._is_negative)

    def __add__(self, other: Numeral) -> Numeral:
        return self._of(f"{self.text} + {other._bracketed(not other._is_negative)}", _SUM)

    def __sub__(self, other: Numeral) -> Numeral:
        return self._of(f"{self.text} {self.notation.minus} {other._as_factor}", _SUM)

    def __neg__(self) -> Numeral:
        return self._of(f"{self.notation.minus}{self._as_factor}", _PRODUCT)

    def __mul__(self, other: Numeral) -> Numeral:
        return self._of(self._as_factor + self.notation.times + other._as_factor, _PRODUCT)

    def __truediv__(self, other: Numeral) -> Numeral:
        above, below = self.text, other.text
        if "frac" not in self.notation.quotient:
            above, below = self._as_factor, other._bracketed(other._is_plain)
        return self._of(self.notation.quotient.format(above, below), _PRODUCT)

    def __pow__(self, other: Numeral) -> Numeral:
        return self._of(self.notation.raised(self._bracketed(self._is_plain), other.text), _PRODUCT)

    def squared(self) -> Numeral:
        """The square of it."""
        return self ** self._of("2", _NUMBER)

    def inverse(self) -> Numeral:
        """1 divided by it."""
        return self._of("1", _NUMBER) / self

    def root(self) -> Numeral:
        """The square root of it."""
        inside = self.text if "sqrt" in self.notation.root else self._bracketed(self._is_plain)
        return self._of(self.notation.root.format(inside), _PRODUCT)

    def sign(self) -> Numeral:
        """Its sign: of a number 1, 0 or -1."""
        if self.notation is SYMBOLS:
            return self.called("sign")
        one = "0" if self.text == "0" else "1"
        return self._of(f"{self.notation.minus}1" if self._is_negative else one, _NUMBER)

    def __abs__(self) -> Numeral:
        return self._of(f"|{self.text}|", _NUMBER)

    def called(self, function: str, *others: Numeral) -> Numeral:
        """A function of it, and of others."""
        known = function in self.notation.known
        name = f"\\{function}" if known else self.notation.name.format(function)
        return self._of(f"{name}({', '.join(each.text for each in (self, *others))})", _NUMBER)

    def compared(self, sign: str, other: Numeral) -> Numeral:
        """1 where the comparison holds, else 0 (Iverson's bracket)."""
        return self._of(f"[{self.text} {sign} {other.text}]", _NUMBER)


_ON_FIGURES: dict[traced.Operation, Callable[..., Numeral]] = {
    traced.ADD: operator.add,
    traced.SUBTRACT: operator.sub,
    traced.MULTIPLY: operator.mul,
    traced.DIVIDE: operator.truediv,
    traced.RECIPROCAL: Numeral.inverse,
    traced.NEGATE: operator.neg,
    traced.SQUARE: Numeral.squared,
    traced.POWER: operator.pow,
    traced.SQRT: Numeral.root,
    traced.SIGN: Numeral.sign,
    traced.ABSOLUTE: abs,
    traced.GREATER: lambda x, y: x.compared(">", y),
    traced.LESS: lambda x, y: x.compared("<", y),
    traced.LOG: lambda x: x.called("ln"),
    traced.MINIMUM: lambda x, y: x.called("min", y),
    traced.MAXIMUM: lambda x, y: x.called("max", y),
}


def symbols_of(formula: Quantity) -> str:
    """A traced formula in LaTeX, its inputs by their names."""
    return _figure(formula, lambda leaf: leaf.name, SYMBOLS).text


def _figure(node: Quantity, name: Callable[[Traced], str], notation: Notation) -> Numeral:
    if not isinstance(node, Traced):
        return Numeral(f"{node:g}".replace("-", notation.minus), notation)
    if node.operation is None:
        return Numeral(name(node), notation)
    figures = [_figure(operand, name, notation) for operand in node.operands]
    if node.operation in _ON_FIGURES:
        return _ON_FIGURES[node.operation](*figures)
    function = re.sub(r"^np\.|\W.*", "", node.operation.text)  # any other as Python calls it
    return figures[0].called(function or "f", *figures[1:])


def _computed(node: Quantity, values: Mapping[Traced, float]) -> Any:
    if not isinstance(node, Traced):
        return node
    if node.operation is None:
        return float(values[node])
    return node.operation.compute(*(_computed(operand, values) for operand in node.operands))


def _inputs(node: Quantity) -> Iterator[Traced]:
    if isinstance(node, Traced) and node.operation is None:
        yield node
    elif isinstance(node, Traced):
        for operand in node.operands:
            yield from _inputs(operand)


class Term(NamedTuple):
    """A quantity in the arithmetic of one number.

    Attributes
    ----------
    symbol : str
        LaTeX; the formula's own where it has none.
    node : quantity
        The formula, traced.
    value : float
        What it comes to.
    given : mapping of Traced to float
        Its inputs, in the order of the formula. A whole number, such as a count, is always written as it is.
    """

    symbol: str
    node: Quantity
    value: float
    given: Mapping[Traced, float]

    @property
    def formula(self) -> str:
        """The formula in symbols, LaTeX."""
        return symbols_of(self.node)

    @property
    def of(self) -> tuple[float, ...]:
        """The numbers in the formula."""
        return tuple(value for value in self.given.values() if not isinstance(value, int))

    def made(self, *numbers: float) -> float:
        """What the formula makes of other numbers in the place of `of`."""
        with np.errstate(all="ignore"):
            return float(_computed(self.node, self._with(numbers)))

    def written(self, numbers: Iterable[str], notation: Notation = PLAIN) -> str:
        """The formula with these in the place of its numbers."""
        texts = self._with(numbers)
        return _figure(self.node, lambda leaf: str(texts[leaf]), notation).text

    def taken_from(self, symbol: str, before: float, after: float, *, whole: bool) -> Term:
        """The line that follows: `before` less this, as its `whole` formula or its number, is `after`."""
        minuend = Traced(None, (), symbol)
        change = self.node if whole else Traced(None, (), self.symbol)
        given = self.given if whole else {change: self.value}
        return Term(symbol, minuend - change, after, {minuend: before, **given})

    def _with(self, numbers: Iterable[Any]) -> dict[Traced, Any]:
        rest = iter(numbers)
        return {leaf: value if isinstance(value, int) else next(rest) for leaf, value in self.given.items()}


class Lines:
    """Arithmetic done line by line, each with its symbols and its numbers."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self._values: dict[Traced, float] = {}

    def given(self, symbol: str, value: float) -> Traced:
        """An input of that symbol."""
        leaf = Traced(None, (), symbol)
        self._values[leaf] = value
        return leaf

    def rule(self, rule: R) -> R:
        """A twin of a rule whose parameters are inputs."""
        return with_parameters(rule, lambda spec: self.given(spec.symbol, getattr(rule, spec.name)))

    def line(self, symbol: str, node: Quantity, value: float | None = None) -> Traced:
        """Write a line; what stands for it in those that follow. Without a value it is computed."""
        given = {leaf: self._values[leaf] for leaf in _inputs(node)}
        if value is None:
            with np.errstate(all="ignore"):
                value = float(_computed(node, given))
        term = Term(symbol or symbols_of(node), node, value, given)
        self.terms.append(term)
        return self.given(term.symbol, value)
