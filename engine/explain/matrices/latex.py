"""Matrix formulas and their gradients in LaTeX."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.digits import full_latex
from engine.explain.expression.algebra import latex as scalar_latex
from engine.explain.expression.algebra import variable
from engine.explain.expression.calculus import partial
from engine.explain.expression.latex import name_latex
from engine.explain.matrices.formula import MatrixFormula

_SUM, _SIGN, _PRODUCT, _ENTRIES, _ATOM = 1, 2, 3, 4, 5
_ALL, _DOWN, _ACROSS = "all", "down", "across"
_ALL_OF_VECTOR = {True: "row", False: "column"}
_NAMES = {"sigmoid": r"\sigma", "log": r"\ln", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan"}
_WITH_BACKSLASH = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")
ONES = r"\vec{1}"
"""A vector of ones, of the length that fits."""
_ENTRY_BY_ENTRY = re.compile(r"(?<!\d )\\cdot(?! \d)")  # a number's product is the same either way
_PLACE = "q"  # stands for the operand in the derivative of a function, and is no name of a text's


class Writer:
    """Writes the parts of one formula.

    Parameters
    ----------
    formula : MatrixFormula
    shapes : sequence of tuple
        Of each term.
    """

    def __init__(self, formula: MatrixFormula, shapes: Sequence[tuple[int, ...]]) -> None:
        self._formula, self._shapes = formula, shapes
        self._users: dict[int, list[tuple[int, int]]] = {}
        for index, term in enumerate(formula.terms):
            for position, operand in enumerate(term.operands):
                self._users.setdefault(operand, []).append((index, position))

    def lines(self) -> tuple[str, ...]:
        """Return the lines of the text, each ``name = expression``."""
        indices = [*self._formula.lines.values()]
        if self._formula.output not in indices:
            indices.append(self._formula.output)
        return tuple(f"{self.symbol(index)} = {self.expression(index)}" for index in indices)

    def symbol(self, index: int) -> str:
        """Return a node's name, or what it is."""
        term = self._formula.terms[index]
        if term.name:
            return _matrix_name(term.name, self._shapes[index])
        if index == self._formula.output:
            return name_latex(self._formula.output_name)
        return self.expression(index)

    def expression(self, index: int) -> str:
        """Return what a node is, down to the nearest names."""
        return self._write(index, _SUM, whole=True)

    def derivative(self, index: int) -> str:
        """Return dL / d node."""
        below = self.symbol(index)
        if not self._formula.terms[index].name and index != self._formula.output:
            below = rf"\left({below}\right)"
        return rf"\frac{{\partial {self.symbol(self._formula.output)}}}{{\partial {below}}}"

    def step(self, target: int, position: int) -> str:
        """Return what a node hands down to an operand, in terms of its own gradient."""
        upstream = _ONE if target == self._formula.output else _Piece(self.derivative(target))
        return self._handed(target, position, upstream).text

    def gradient(self, index: int, reached: bool) -> str:
        """Return dL / d node in terms of the gradients of the named nodes that use it."""
        return self._arriving(index).text if reached else "0"

    def _arriving(self, index: int) -> _Piece:
        if index == self._formula.output:
            return _ONE
        pieces = []
        for target, position in self._users.get(index, ()):
            if not self._leads(target):
                continue
            if target != self._formula.output and self._formula.terms[target].name:
                upstream = _Piece(self.derivative(target))
            else:
                upstream = self._arriving(target)
            pieces.append(self._handed(target, position, upstream))
        if len(pieces) == 1:
            return pieces[0]
        text = pieces[0].text
        for piece in pieces[1:]:
            text += f" - {piece.text[1:]}" if piece.text.startswith("-") else f" + {piece.text}"
        return _Piece(text, _SUM)

    def _leads(self, index: int) -> bool:
        """Whether the output depends on a node."""
        waiting, seen = [index], set()
        while waiting:
            i = waiting.pop()
            if i == self._formula.output:
                return True
            if i not in seen:
                seen.add(i)
                waiting.extend(target for target, _ in self._users.get(i, ()))
        return False

    def _handed(self, target: int, position: int, upstream: _Piece) -> _Piece:
        term = self._formula.terms[target]
        if term.op in _HANDED:
            piece = _HANDED[term.op](self, target, position, upstream)
        else:
            piece = self._by_entry(target, upstream, self._slope(term.op, term.operands[0]))
        return self._gathered(piece, term.operands[position], target)

    def _by_entry(self, target: int, upstream: _Piece, slope: _Piece) -> _Piece:
        """Multiply an upstream gradient entry by entry."""
        factor = upstream.factor * slope.factor
        if slope.body == "":
            return upstream._replace(factor=factor)
        if upstream.body == "" and (upstream.is_number or self._shapes[target] == (1, 1)):
            return slope._replace(factor=factor)
        number = upstream.is_number or self._shapes[target] == (1, 1)
        if number:
            return _Piece(rf"{upstream.held(_PRODUCT)} \cdot {slope.held(_PRODUCT)}", _PRODUCT, factor)
        whole = upstream.with_ones()
        return _Piece(rf"{whole.held(_ENTRIES)} \odot {slope.held(_ENTRIES)}", _ENTRIES, factor)

    def _slope(self, op: str, operand: int) -> _Piece:
        if op == "exp":
            return _Piece(rf"e^{{{self._write(operand, _SUM)}}}")
        if op == "relu":
            return _Piece(rf"\left[{self._write(operand, _SUM)} > 0\right]")
        rule = scalar_latex(partial(op, (variable(_PLACE),), 0))
        if self._shapes[operand] != (1, 1):
            rule = _ENTRY_BY_ENTRY.sub(r"\\odot", rule).replace("^{2}", r"^{\circ 2}")
            # but tanh² z is the square of each entry's tanh
            rule = re.sub(r"(\\[a-z]+)\^\{\\circ 2\}", r"\1^{2}", rule)
        inside = self._write(operand, _ATOM)
        text = rule.replace(rf"\left({_PLACE}\right)", rf"\left({self._write(operand, _SUM)}\right)")
        kept, *words = text.split(_PLACE)
        for word in words:
            is_letter = kept[-1:].isalpha() or word[:1].isalpha()
            kept += (_PLACE if is_letter else inside) + word
        is_sum = " + " in kept or " - " in kept
        return _Piece(kept, _SUM if is_sum else _ATOM)

    def _gathered(self, piece: _Piece, operand: int, target: int) -> _Piece:
        """Sum what an operand that was repeated takes from all its copies."""
        small, large = self._shapes[operand], self._shapes[target]
        if self._formula.terms[target].op not in ("add", "subtract", "multiply", "divide", "power"):
            return piece
        down, across = (small[axis] == 1 < large[axis] for axis in (0, 1))
        if not (down or across):
            return piece
        whole = piece.with_ones()
        body = whole.held(_PRODUCT)
        body = rf"{ONES}^{{\top}} {body}" if down else body
        return _Piece(rf"{body}\,{ONES}" if across else body, _PRODUCT, whole.factor)

    # formulas

    def _write(self, index: int, needed: int, whole: bool = False) -> str:
        term = self._formula.terms[index]
        if term.name and not whole:
            return _matrix_name(term.name, self._shapes[index])
        level, text = self._piece(index)
        return rf"\left({text}\right)" if level < needed else text

    def softmax(self, index: int) -> str:
        """Return the shares whose logarithms a node is."""
        term = self._formula.terms[index]
        axis = "" if term.axis is None else f", {term.axis}"
        return rf"\operatorname{{softmax}}\left({self._write(term.operands[0], _SUM)}{axis}\right)"

    def _factor(self, index: int) -> _Piece:
        """A node as what a gradient is multiplied by, its number in front."""
        term = self._formula.terms[index]
        if term.op == "constant" and term.literal[:1].isdigit():
            return _Piece("", factor=term.constant)
        level, text = self._piece(index) if not term.name else (_ATOM, self._write(index, _ATOM))
        return _Piece(text, _SUM if level in (_SUM, _SIGN) else level)

    def _transposed(self, index: int) -> str:
        term = self._formula.terms[index]
        if term.op == "transpose" and not term.name:
            return self._write(term.operands[0], _ATOM)
        return rf"{self._write(index, _ATOM)}^{{\top}}"

    def _piece(self, index: int) -> tuple[int, str]:
        term = self._formula.terms[index]
        op, v = term.op, term.operands
        if op == "variable":
            return _ATOM, _matrix_name(term.name, self._shapes[index])
        if op == "constant":
            text = {"pi": r"\pi", "π": r"\pi", "e": "e"}.get(term.literal) or full_latex(term.constant)
            return _ATOM, text
        if op in ("add", "subtract"):
            sign = "+" if op == "add" else "-"
            return _SUM, f"{self._write(v[0], _SUM)} {sign} {self._write(v[1], _PRODUCT)}"
        if op == "negate":
            return _SIGN, f"-{self._write(v[0], _PRODUCT)}"
        if op == "matmul":
            return _PRODUCT, rf"{self._write(v[0], _PRODUCT)}\,{self._write(v[1], _ATOM)}"
        if op == "multiply" and not any(self._shapes[j] == (1, 1) for j in v):
            return _ENTRIES, rf"{self._write(v[0], _ENTRIES)} \odot {self._write(v[1], _ATOM)}"
        if op == "multiply":
            return _PRODUCT, rf"{self._write(v[0], _PRODUCT)} \cdot {self._write(v[1], _ATOM)}"
        if op == "divide":
            return _ATOM, rf"\frac{{{self._write(v[0], _SUM)}}}{{{self._write(v[1], _SUM)}}}"
        if op == "power":
            sign = "" if self._shapes[v[0]] == (1, 1) else r"\circ "
            return _ATOM, rf"{self._write(v[0], _ATOM)}^{{{sign}{self._write(v[1], _SUM)}}}"
        if op == "transpose":
            inner = self._formula.terms[v[0]]
            if inner.op == "transpose" and inner.operands and term.name:
                return _ATOM, self._write(inner.operands[0], _SUM)  # a line that only renames
            return _ATOM, rf"{self._write(v[0], _ATOM)}^{{\top}}"
        inside = self._write(v[0], _SUM)
        if op == "logsoftmax":
            return _ATOM, rf"\ln {self.softmax(index)}"
        axis = "" if term.axis is None else f", {term.axis}"
        if op == "sqrt":
            return _ATOM, rf"\sqrt{{{inside}}}"
        name = _NAMES.get(op) or (f"\\{op}" if op in _WITH_BACKSLASH else rf"\operatorname{{{op}}}")
        return _ATOM, rf"{name}\left({inside}{axis}\right)"


class _Piece(NamedTuple):
    """A gradient as it is put together: a number, what it multiplies, and whether that is in every entry.

    `body` is empty for 1. `ones` says that a row, a column or a number (`_ALL`) stands in all rows or
    columns: it is left out where the next factor has the shape anyway.
    """

    body: str
    level: int = _ATOM
    factor: float = 1.0
    ones: str = ""

    def held(self, level: int) -> str:
        """Return the body as a factor of a product of this kind."""
        loose = self.level == _SUM or (self.level != _ATOM and self.level != level)
        return rf"\left({self.body}\right)" if loose else self.body

    @property
    def is_number(self) -> bool:
        """Whether it is one number in every entry."""
        return self.ones in (_ALL, *_ALL_OF_VECTOR.values())

    def with_ones(self) -> _Piece:
        """Write out that it stands in every row or column."""
        if not self.ones:
            return self
        if self.ones in _ALL_OF_VECTOR.values():
            mark = r"^{\top}" if self.ones == "row" else ""
            body = rf"{self.held(_PRODUCT)}\,{ONES}{mark}" if self.body else f"{ONES}{mark}"
        elif self.ones == _ALL:
            body = (
                f"{self.held(_PRODUCT)}\\,{ONES}{ONES}^{{\\top}}" if self.body else rf"{ONES}{ONES}^{{\top}}"
            )
        elif self.ones == _DOWN:
            body = rf"{ONES}\,{self.held(_PRODUCT)}" if self.body else ONES
        else:
            body = rf"{self.held(_PRODUCT)}\,{ONES}^{{\top}}" if self.body else rf"{ONES}^{{\top}}"
        return _Piece(body, _PRODUCT, self.factor)

    @property
    def text(self) -> str:
        """The whole of it."""
        whole = self.with_ones()
        body, number = whole.body, whole.factor
        if number == 1.0:
            return body or "1"
        if number == -1.0:
            return f"-{whole.held(_PRODUCT) if whole.level == _SUM else body}" if body else "-1"
        if not body:
            return _number(number)
        return rf"{_number(number)}\,{whole.held(whole.level)}"


_ONE = _Piece("")


def _number(value: float) -> str:
    """Return a factor, a simple fraction as one."""
    fraction = Fraction(value).limit_denominator(1_000)
    if fraction.denominator > 1 and math.isclose(float(fraction), value, rel_tol=1e-14):
        sign = "-" if fraction < 0 else ""
        return rf"{sign}\frac{{{abs(fraction.numerator)}}}{{{fraction.denominator}}}"
    return full_latex(value)


_Handed = Callable[[Writer, int, int, _Piece], _Piece]


def _of_sum(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    return up


def _of_difference(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    return up if position == 0 else _of_minus(w, target, position, up)


def _of_minus(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    return up._replace(factor=-up.factor)


def _of_product(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    return w._by_entry(target, up, w._factor(w._formula.terms[target].operands[1 - position]))


def _of_quotient(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    above, below = w._formula.terms[target].operands
    divisor = w._formula.terms[below]
    if position == 0:
        if divisor.op == "constant" and divisor.literal[:1].isdigit():
            return up._replace(factor=up.factor / divisor.constant)
        return w._by_entry(target, up, _Piece(rf"\frac{{1}}{{{w._write(below, _SUM)}}}"))
    power = "2" if w._shapes[below] == (1, 1) else r"\circ 2"
    slope = rf"\frac{{{w._write(above, _SUM)}}}{{{w._write(below, _ATOM)}^{{{power}}}}}"
    return w._by_entry(target, up, _Piece(slope, factor=-1.0))


def _of_power(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    base, exponent = w._formula.terms[target].operands
    number = w._formula.terms[exponent]
    mark = "" if w._shapes[base] == (1, 1) else r"\circ "
    if position == 1:
        grown = _Piece(rf"{w._write(target, _ATOM, True)} \odot \ln {w._write(base, _ATOM)}", _ENTRIES)
        return w._by_entry(target, up, grown)
    if number.op != "constant" or not number.literal[:1].isdigit():
        n = w._write(exponent, _ATOM)
        return w._by_entry(target, up, _Piece(rf"{n}\,{w._write(base, _ATOM)}^{{{mark}{n} - 1}}", _PRODUCT))
    if number.constant == 2.0:
        slope = w._factor(base)
    else:
        slope = _Piece(f"{w._write(base, _ATOM)}^{{{mark}{full_latex(number.constant - 1.0)}}}")
    return w._by_entry(target, up, slope._replace(factor=slope.factor * number.constant))


def _of_matmul(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    left, right = w._formula.terms[target].operands
    other = w._transposed(right if position == 0 else left)
    whole = up.with_ones()
    if not whole.body:
        return _Piece(other, factor=whole.factor)
    held = whole.held(_PRODUCT)
    return _Piece(rf"{held}\,{other}" if position == 0 else rf"{other}\,{held}", _PRODUCT, whole.factor)


def _of_transpose(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    if not up.body and not up.ones:
        return up
    whole = up.with_ones()
    back = whole.body.removesuffix(r"^{\top}")
    if back != whole.body and whole.level == _ATOM:
        return _Piece(back, factor=whole.factor)
    return _Piece(rf"\left({whole.body}\right)^{{\top}}", factor=whole.factor)


def _of_sum_of_entries(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    term = w._formula.terms[target]
    small, large = w._shapes[target], w._shapes[term.operands[0]]
    down, across = (small[axis] < large[axis] for axis in (0, 1))
    factor = up.factor
    if term.op == "mean":
        factor *= (small[0] * small[1]) / (large[0] * large[1])
    if small == (1, 1) and (down or across):
        one_row, one_column = large[0] == 1, large[1] == 1
        # a number in every entry; a row or a column needs one vector of ones to write that
        return up._replace(
            factor=factor, ones=_ALL if not (one_row or one_column) else _ALL_OF_VECTOR[one_row]
        )
    return up._replace(factor=factor, ones=_DOWN if down else _ACROSS if across else up.ones)


def _of_softmax(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    term = w._formula.terms[target]
    p = w.symbol(target) if term.name else w._write(target, _ATOM, True)
    weighted = w._by_entry(target, up._replace(factor=1.0), _Piece(p))
    inside = up._replace(factor=1.0).text
    held = rf"\left({inside} - {_totals(w, target, weighted)}\right)"
    return _Piece(rf"{p} \odot {held}", _ENTRIES, up.factor)


def _of_logsoftmax(w: Writer, target: int, position: int, up: _Piece) -> _Piece:
    p = w.softmax(target)
    one = up._replace(factor=1.0)
    return _Piece(rf"{one.text} - {p} \odot {_totals(w, target, one)}", _SUM, up.factor)


def _totals(w: Writer, target: int, piece: _Piece) -> str:
    """What is summed along the axis of a softmax, in each of its places."""
    term = w._formula.terms[target]
    axis = term.axis if term.axis is not None else (0 if w._shapes[target][1] == 1 else 1)
    held = piece.with_ones().held(_PRODUCT)
    if axis == 0:
        return rf"\left({ONES}{ONES}^{{\top}}\,{held}\right)"
    return rf"\left({held}\,{ONES}{ONES}^{{\top}}\right)"


_HANDED: dict[str, _Handed] = {
    "add": _of_sum,
    "subtract": _of_difference,
    "negate": _of_minus,
    "multiply": _of_product,
    "divide": _of_quotient,
    "power": _of_power,
    "matmul": _of_matmul,
    "transpose": _of_transpose,
    "sum": _of_sum_of_entries,
    "mean": _of_sum_of_entries,
    "softmax": _of_softmax,
    "logsoftmax": _of_logsoftmax,
}


def _matrix_name(name: str, shape: tuple[int, ...]) -> str:
    """Return a name, a matrix's in bold."""
    text = name_latex(name)
    letters, mark, rest = text.partition("_")
    if shape != (1, 1) and letters.startswith("\\") and "{" not in letters:
        return rf"\boldsymbol{{{letters}}}{mark}{rest}"
    if shape != (1, 1) and len(letters) == 1:
        return rf"\mathbf{{{letters}}}{mark}{rest}"
    return text
