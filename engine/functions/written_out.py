r"""Traced formulas as people write them: in symbols, or with the numbers put in.

A formula that has been traced (`traced`) is gone through once more with a `Numeral` for each input: that
leaves ``\mu\,v + g`` where figures are symbols, and ``0.9 × 0.3401 + (−0.1722)`` where they are numbers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np

from engine.digits import MINUS, full
from engine.functions import traced
from engine.functions.table import Parameter, Rule
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
        if self.notation is SYMBOLS or self.kind != _NUMBER:
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
    traced.QUOTIENT: operator.truediv,
    traced.X_LOG_Y: lambda x, y: x * y.called("ln"),
}


def symbols_of(formula: Quantity) -> str:
    """A traced formula in LaTeX, its inputs by their names."""
    return _figure(formula, lambda leaf: leaf.name, SYMBOLS).text


def _figure(node: Quantity, name: Callable[[Traced], str], notation: Notation) -> Numeral:
    if not isinstance(node, Traced):
        return Numeral(full(float(node)).replace(MINUS, notation.minus), notation)
    if node.operation is None:
        return Numeral(name(node), notation)
    figures = [_figure(operand, name, notation) for operand in node.operands]
    if node.operation in _ON_FIGURES:
        return _ON_FIGURES[node.operation](*figures)
    function = re.sub(r"^np\.|\W.*", "", node.operation.text)  # any other as Python calls it
    return figures[0].called(function or "f", *figures[1:])


def folded(node: Quantity) -> Quantity:
    """A traced formula without what its constants make of no account: what is added to 0 or times 1."""
    if not isinstance(node, Traced) or node.operation is None:
        return node
    operation, operands = node.operation, tuple(map(folded, node.operands))
    if not any(isinstance(operand, Traced) for operand in operands):
        return float(operation.compute(*(np.float64(operand) for operand in operands)))
    first, last = operands[0], operands[-1]
    if operation in (traced.X_LOG_Y, traced.MULTIPLY, traced.QUOTIENT) and _is(first, 0):
        return 0.0
    if operation is traced.X_LOG_Y and _is(first, 1):
        return Traced(traced.LOG, (last,))
    if operation in (traced.ADD, traced.MULTIPLY) and _is(first, operation is traced.MULTIPLY):
        return last
    if operation in (traced.ADD, traced.SUBTRACT) and _is(last, 0):
        return first
    if operation is traced.SUBTRACT and _is(first, 0):
        return -last
    if operation is traced.MULTIPLY and _is(first, -1):
        return -last
    if operation is traced.MULTIPLY and node.operands[0] is node.operands[-1]:
        return first**2
    if operation is traced.DIVIDE and not isinstance(last, Traced) and abs(last) == 1:
        return first if last > 0 else -first
    if operation is traced.DIVIDE and not isinstance(last, Traced) and last < 0:
        return -(first / -last)
    return Traced(operation, operands)


def _is(node: Quantity, value: float) -> bool:
    return not isinstance(node, Traced) and float(node) == value


def _inputs(node: Quantity) -> Iterator[Traced]:
    if isinstance(node, Traced) and node.operation is None:
        yield node
    elif isinstance(node, Traced):
        for operand in node.operands:
            yield from _inputs(operand)


_ON_NUMBERS: dict[traced.Operation, Callable[..., Any]] = {
    traced.ADD: operator.add,
    traced.SUBTRACT: operator.sub,
    traced.MULTIPLY: operator.mul,
    traced.DIVIDE: operator.truediv,
    traced.NEGATE: operator.neg,
}
"""What takes a number faster than NumPy's function of arrays."""


def _compiled(node: Quantity, places: Mapping[Traced, int]) -> Callable[[Sequence[Any]], Any]:
    """A function that computes a formula from the numbers of its inputs."""
    if not isinstance(node, Traced):
        return lambda numbers: node
    if node.operation is None:
        return operator.itemgetter(places[node])
    function = _ON_NUMBERS.get(node.operation, node.operation.compute)
    operands = [_compiled(operand, places) for operand in node.operands]
    if len(operands) == 2:
        first, second = operands
        return lambda numbers: function(first(numbers), second(numbers))
    return lambda numbers: function(*(operand(numbers) for operand in operands))


class Line(NamedTuple):
    """A line of some arithmetic, whatever the numbers will be.

    Attributes
    ----------
    symbol, formula : str
        LaTeX; the same where the formula has no symbol of its own.
    node : quantity
        The formula, traced.
    inputs : tuple of Traced
        In the order of the formula.
    compute : callable
        Of the inputs' numbers.
    result : Traced
        What stands for it in the lines that follow.
    """

    symbol: str
    formula: str
    node: Quantity
    inputs: tuple[Traced, ...]
    compute: Callable[[Sequence[Any]], Any]
    result: Traced

    @classmethod
    def of(cls, symbol: str, node: Quantity) -> Line:
        """The line of a formula."""
        formula = symbols_of(node)
        inputs = tuple(dict.fromkeys(_inputs(node)))
        compute = _compiled(node, {leaf: place for place, leaf in enumerate(inputs)})
        return cls(symbol or formula, formula, node, inputs, compute, Traced(None, (), symbol or formula))


class Term(NamedTuple):
    """A quantity in the arithmetic of one number: a line, and its numbers.

    Attributes
    ----------
    line : Line
    value : float
        What it comes to.
    given : tuple of float
        The numbers of its inputs. A whole number, such as a count, is always written as it is.
    """

    line: Line
    value: float
    given: tuple[float, ...]

    @property
    def symbol(self) -> str:
        """Its symbol, or the formula where it has none."""
        return self.line.symbol

    @property
    def formula(self) -> str:
        """The formula in symbols, LaTeX."""
        return self.line.formula

    @property
    def of(self) -> tuple[float, ...]:
        """The numbers in the formula."""
        return tuple(number for number in self.given if not isinstance(number, int))

    @property
    def counts(self) -> bool:
        """Whether a count is in it."""
        return any(isinstance(number, int) for number in self.given)

    def made(self, *numbers: float) -> float:
        """What the formula makes of other numbers in the place of `of`."""
        return _value(self.line, self._with(numbers))

    def written(self, numbers: Iterable[str], notation: Notation = PLAIN) -> str:
        """The formula with these in the place of its numbers."""
        texts = dict(zip(self.line.inputs, self._with(numbers), strict=True))
        return _figure(self.line.node, lambda leaf: str(texts[leaf]), notation).text

    def taken_from(self, symbol: str, before: float, after: float, *, whole: bool) -> Term:
        """The line that follows: `before` less this, as its `whole` formula or its number, is `after`."""
        minuend = Traced(None, (), symbol)
        line = Line.of(symbol, minuend - (self.line.node if whole else self.line.result))
        numbers = dict(zip(self.line.inputs, self.given, strict=True)) if whole else {}
        numbers |= {minuend: before, self.line.result: self.value}
        return Term(line, after, tuple(numbers[leaf] for leaf in line.inputs))

    def _with(self, numbers: Iterable[Any]) -> tuple[Any, ...]:
        rest = iter(numbers)
        return tuple(number if isinstance(number, int) else next(rest) for number in self.given)


def _value(line: Line, numbers: Sequence[float]) -> float:
    with np.errstate(all="ignore"):
        return float(line.compute([np.float64(number) for number in numbers]))


class Lines:
    """Arithmetic line by line: first what is computed, then with numbers."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parameters: dict[Traced, float] = {}

    def given(self, symbol: str) -> Traced:
        """An input of that symbol."""
        return Traced(None, (), symbol)

    def rule(self, rule: R) -> R:
        """A twin of a rule whose parameters are inputs."""

        def stand_in(spec: Parameter) -> Traced:
            leaf = self.given(spec.symbol)
            self._parameters[leaf] = getattr(rule, spec.name)
            return leaf

        return with_parameters(rule, stand_in)

    def line(self, symbol: str, node: Quantity) -> Traced:
        """Write a line; what stands for it in those that follow. A formula may have no symbol."""
        self.lines.append(Line.of(symbol, node))
        return self.lines[-1].result

    def terms(self, numbers: Mapping[Traced, float]) -> list[Term]:
        """The lines with the numbers of what is given, and of what is known; the others are computed."""
        values = {**self._parameters, **numbers}
        terms = []
        for line in self.lines:
            given = tuple(values[leaf] for leaf in line.inputs)
            if line.result not in values:
                values[line.result] = _value(line, given)
            terms.append(Term(line, values[line.result], given))
        return terms
