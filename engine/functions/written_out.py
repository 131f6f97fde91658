"""Formulas with their numbers put in: the line of Python that computes a number also writes it down.

Given numbers it computes; given `Figure` objects it gives one whose text is the formula, as in
``0.9 × 0.3401 + (−0.1722)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

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
    least: tuple[str, str]


PLAIN = Notation(
    " × ", "−", "{0} / {1}", "√{0}", "({0})", lambda a, n: a + n.translate(_SUPERSCRIPT), ("min", "max")
)
LATEX = Notation(
    r" \cdot ",
    "-",
    r"\frac{{{0}}}{{{1}}}",
    r"\sqrt{{{0}}}",
    r"\left({0}\right)",
    lambda a, n: f"{a}^{{{n}}}",
    (r"\min", r"\max"),
)


@dataclass(frozen=True)
class Figure:
    """A number as it is written, or a formula of such; arithmetic with it writes a longer formula."""

    text: str
    notation: Notation = PLAIN
    kind: int = _NUMBER

    @property
    def _is_plain(self) -> bool:
        """Whether it is one number that nothing can tear apart."""
        return self.kind == _NUMBER and self.text[0].isalnum() and "·" not in self.text + self._cdot

    @property
    def _cdot(self) -> str:
        return "·" if r"\cdot" in self.text else ""

    def _of(self, text: str, kind: int) -> Figure:
        return Figure(text, self.notation, kind)

    def _number(self, other: Any) -> Figure:
        return other if isinstance(other, Figure) else self._of(f"{other}", _NUMBER)

    def _bracketed(self, unless: bool) -> str:
        return self.text if unless else self.notation.bracketed.format(self.text)

    @property
    def _as_factor(self) -> str:
        return self._bracketed(self.kind > _SUM and not self.text.startswith(self.notation.minus))

    def __add__(self, other: Any) -> Figure:
        right = self._number(other)
        shown = right._bracketed(not right.text.startswith(self.notation.minus))
        return self._of(f"{self.text} + {shown}", _SUM)

    def __sub__(self, other: Any) -> Figure:
        return self._of(f"{self.text} {self.notation.minus} {self._number(other)._as_factor}", _SUM)

    def __rsub__(self, other: Any) -> Figure:
        return self._number(other) - self

    def __mul__(self, other: Any) -> Figure:
        return self._of(self._as_factor + self.notation.times + self._number(other)._as_factor, _PRODUCT)

    def __truediv__(self, other: Any) -> Figure:
        above, below = self, self._number(other)
        if self.notation is LATEX:
            return self._of(self.notation.quotient.format(above.text, below.text), _PRODUCT)
        return self._of(
            self.notation.quotient.format(above._as_factor, below._bracketed(below._is_plain)), _PRODUCT
        )

    def __pow__(self, other: Any) -> Figure:
        text = self.notation.raised(self._bracketed(self._is_plain), self._number(other).text)
        return self._of(text, _PRODUCT)

    def root(self) -> Figure:
        """The square root of it."""
        inside = self.text if self.notation is LATEX else self._bracketed(self._is_plain)
        return self._of(self.notation.root.format(inside), _PRODUCT)


def sqrt(value: Any) -> Any:
    """The square root of a number or of a `Figure`."""
    return value.root() if isinstance(value, Figure) else math.sqrt(value)


def clipped(value: Any, limit: Any) -> Any:
    """A number or a `Figure`, at most `limit` in size."""
    if isinstance(value, Figure):
        minus = value.notation.minus
        least = f"{value.notation.least[1]}({minus}{limit.text}, {value.text})"
        return Figure(f"{value.notation.least[0]}({limit.text}, {least})", value.notation)
    return min(limit, max(-limit, value))


class Term(NamedTuple):
    """A quantity in the arithmetic of one number.

    Attributes
    ----------
    symbol, formula : str
        LaTeX; the same where the formula has no symbol of its own.
    value : float
    made : callable
        Computes the value from `of`, or writes that down (see above).
    of : tuple of float
        The numbers in the formula.
    """

    symbol: str
    formula: str
    value: float
    made: Callable[..., Any]
    of: tuple[float, ...]

    def written(self, numbers: Iterable[str], notation: Notation = PLAIN) -> str:
        """The formula with these in the place of its numbers."""
        return str(self.made(*(Figure(number, notation) for number in numbers)).text)
