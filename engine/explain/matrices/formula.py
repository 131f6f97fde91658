"""Matrix notation, read: ``z = W @ x + b``, ``a = sigmoid(z)``, ``L = sum((a - t)^2)/2``.

Everything is a matrix: a vector is a column, a number is 1 x 1. From loose to tight: ``+ -``; ``@`` (matrix
product), ``*`` or ``⊙`` (entry by entry) and ``/``; unary minus; ``^``; ``.T``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

import numpy as np

from engine.arrays import FloatArray
from engine.errors import ExpressionError
from engine.explain.expression.formula import error_at, short
from engine.explain.expression.operations import CONSTANTS, FUNCTIONS, OPERATIONS
from engine.explain.expression.parser import FULL_WIDTH, INSTEAD

MAX_CHARACTERS = 20_000
MOST_LEVELS = 60
MOST_SIDE = 64
"""Rows or columns of a matrix."""

_SIGNS = {"⊙": "*", "∘": "*", "·": "@", "⋅": "@", "×": "*", "**": "^", "÷": "/", "\u2212": "-", "\u2013": "-"}
_TOKEN = re.compile(
    r"""
    (?P<space>[^\S\n]+)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<transposed>\.T\b|ᵀ|\^\s*[T⊤](?!\w)|'|′)
  | (?P<name>[^\W\dᵀ²³][^\Wᵀ²³]*)
  | (?P<square>[²³])
  | (?P<end>[;\n])
  | (?P<sign>\*\*|[-+*/^@=(),:\[\]⊙∘·⋅×÷−–])
    """,
    re.VERBOSE,
)
_SHAPE = re.compile(r"\s*([0-9]{1,9})\s*(?:[xX×*,]\s*([0-9]{1,9}))?\s*$")
_INSTEAD = {**INSTEAD, "|": "abs(x)", "√": "sqrt(x)", "∑": "sum(x)"}

BY_ENTRY = {name: op for name, op in FUNCTIONS.items() if OPERATIONS[op].arity == range(1, 2)} | {
    "σ": "sigmoid"
}
"""Functions of one number, that a matrix is put into entry by entry."""

WHOLE = ("softmax", "sum", "mean")
"""Functions of a matrix; a second argument is the axis, 0 down the rows and 1 along them."""


class MatrixTerm(NamedTuple):
    """One node.

    `op` is ``variable`` (a name with a value), ``constant``, ``add``, ``subtract``, ``multiply``,
    ``divide``, ``power``, ``negate``, ``matmul``, ``transpose``, ``softmax``, ``logsoftmax``, ``sum``,
    ``mean``, or one of `BY_ENTRY`. `axis` is that of the last four, None for all entries.
    """

    op: str
    operands: tuple[int, ...]
    start: int
    end: int
    name: str = ""
    axis: int | None = None
    constant: float = 0.0
    literal: str = ""


@dataclass(frozen=True, eq=False)
class MatrixFormula:
    """A text that has been read.

    Parameters
    ----------
    text : str
    terms : tuple of MatrixTerm
        Operands come before what uses them.
    variables : dict of str to int
        Names that need a value, and their terms.
    lines : dict of str to int
    output : int
    values : dict of str to ndarray
        Of the names whose lines give them: ``x = [1; 2]``.
    shapes : dict of str to tuple
        Of the names whose lines say only that: ``W: 2x3``.
    """

    text: str
    terms: tuple[MatrixTerm, ...]
    variables: dict[str, int]
    lines: dict[str, int]
    output: int
    values: dict[str, FloatArray]
    shapes: dict[str, tuple[int, int]]

    def error(self, index: int, kind: str, **details: object) -> ExpressionError:
        """Return an ExpressionError that points at a term."""
        return error_at(self.text, self.terms[index].start, kind, **details)

    def source(self, index: int) -> str:
        """Return the part of the text that a term was read from."""
        return self.text[self.terms[index].start : self.terms[index].end]

    @property
    def output_name(self) -> str:
        """The last line's name, or L."""
        return self.terms[self.output].name or "L"


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse_matrices(text: str, given: Collection[str] = ()) -> MatrixFormula:
    """Read a text in matrix notation.

    Lines end at a line break or, outside brackets, at ``;``. A line defines a name, gives it numbers
    (``W = [1, 2; 3, 4]``), or gives it a shape (``W: 2x3``). The last line is what is derived.

    Parameters
    ----------
    text : str
    given : collection of str
        Names that will be given a value.

    Raises
    ------
    ExpressionError
        With the line and column, from 1, of the character to look at.
    """
    if len(text) > MAX_CHARACTERS:
        raise error_at(text, MAX_CHARACTERS, "too_long")
    lines = _lines(text)
    if not lines:
        raise error_at(text, 0, "empty")
    reader = _Reader(text, frozenset(given), _defined(lines))
    for tokens in lines:
        reader.read_line(tokens, last=tokens is lines[-1])
    if reader.output < 0:
        raise error_at(text, lines[-1][0].start, "nothing_to_derive")
    return MatrixFormula(
        text,
        tuple(reader.terms),
        reader.variables,
        reader.lines,
        reader.output,
        reader.values,
        reader.shapes,
    )


def _lines(text: str) -> list[list[_Token]]:
    typed = text.translate(FULL_WIDTH)
    lines: list[list[_Token]] = [[]]
    offset = depth = 0
    while offset < len(typed):
        match = _TOKEN.match(typed, offset)
        if match is None:
            character = typed[offset]
            if character in _INSTEAD:
                raise error_at(text, offset, "type_instead", text=character, instead=_INSTEAD[character])
            kind = "latex_typed" if character == "\\" else "unexpected_character"
            raise error_at(text, offset, kind, text=character)
        kind, word = match.lastgroup or "", match[0]
        if kind == "sign":
            kind = word = _SIGNS.get(word, word)
        depth += (kind == "[") - (kind == "]")
        if kind == "end" and (word == "\n" or depth <= 0):
            if depth <= 0 and lines[-1]:
                lines.append([])
        elif kind != "space":
            if kind == "name":
                word = unicodedata.normalize("NFKC", word)
                if not word.isidentifier():
                    raise error_at(text, offset, "unexpected_character", text=typed[offset])
            lines[-1].append(_Token(kind, word, offset, match.end()))
        offset = match.end()
    return [tokens for tokens in lines if tokens]


def _defined(lines: list[list[_Token]]) -> dict[str, _Token]:
    """Return the names that lines define, each where it is defined first."""
    begins = [tokens[0] for tokens in lines if len(tokens) > 1 and tokens[1].kind in ("=", ":")]
    return {token.text: token for token in reversed(begins)}


class _Reader:
    """Precedence climbing; `level` bounds how deep brackets may stand in one another."""

    def __init__(self, text: str, given: frozenset[str], defined: dict[str, _Token]) -> None:
        self.text, self.given, self.defined = text, given, defined
        self.divides = False  # the next operand is a divisor
        self.terms: list[MatrixTerm] = []
        self.variables: dict[str, int] = {}
        self.lines: dict[str, int] = {}
        self.values: dict[str, FloatArray] = {}
        self.shapes: dict[str, tuple[int, int]] = {}
        self.output = -1
        self.made: dict[tuple[str, tuple[int, ...], int | None, str], int] = {}
        self.tokens: list[_Token] = []
        self.place = self.level = 0

    def fail(self, token: _Token, kind: str, **details: object) -> NoReturn:
        raise error_at(self.text, token.start, kind, text=short(token.text), **details)

    def read_line(self, tokens: list[_Token], last: bool) -> None:
        second = tokens[1].kind if len(tokens) > 1 else ""
        if second in ("=", ":"):
            self.check_name(tokens[0])
        if second == ":":
            self.read_shape(tokens)
        elif second == "=" and len(tokens) > 2 and tokens[2].kind == "[":
            self.read_numbers(tokens)
        elif second == "=":
            self.define(tokens)
        else:
            self.output = self.read_expression(tokens, 0)
            if not last:
                self.fail(tokens[0], "line_without_name")

    def check_name(self, name: _Token) -> None:
        if name.kind != "name":
            self.fail(name, "bad_assignment")
        if name.text in BY_ENTRY or name.text in WHOLE:
            self.fail(name, "reserved_name")
        if name.text in self.lines or name.text in self.values or name.text in self.shapes:
            self.fail(name, "assigned_twice")
        if name.text in self.variables:
            self.fail(name, "used_before")

    def define(self, tokens: list[_Token]) -> None:
        name = tokens[0].text
        first = len(self.terms)
        index = self.read_expression(tokens, 2)
        if self.terms[index].name:
            index = self.append(MatrixTerm("transpose", (index,), tokens[2].start, tokens[-1].end))
            index = self.append(MatrixTerm("transpose", (index,), tokens[2].start, tokens[-1].end))
        elif index < first:  # it stands in an earlier line, too, where it has no name
            index = self.append(self.terms[index])
        term = self.terms[index]
        self.terms[index] = term._replace(name=name)
        self.made.pop((term.op, term.operands, term.axis, term.literal), None)
        self.lines[name] = self.output = index

    def read_shape(self, tokens: list[_Token]) -> None:
        match = _SHAPE.match(self.text.translate(FULL_WIDTH)[tokens[1].end : tokens[-1].end])
        if match is None or 0 in (int(match[1]), int(match[2] or 1)):
            self.fail(tokens[1], "bad_shape")
        rows, columns = int(match[1]), int(match[2] or 1)
        if max(rows, columns) > MOST_SIDE:
            self.fail(tokens[1], "matrix_too_large", most=MOST_SIDE)
        self.shapes[tokens[0].text] = rows, columns

    def read_numbers(self, tokens: list[_Token]) -> None:
        rows: list[list[float]] = [[]]
        nested = len(tokens) > 3 and tokens[3].kind == "["
        sign, position = 1.0, 3
        depth = 1
        while position < len(tokens):
            token = tokens[position]
            position += 1
            if token.kind == "number":
                if not np.isfinite(float(token.text)):
                    self.fail(token, "number_too_large")
                rows[-1].append(sign * float(token.text))
                sign = 1.0
            elif token.kind in ("-", "+"):
                sign = -sign if token.kind == "-" else sign
            elif token.kind == "end" or (token.kind == "]" and depth == 2):
                depth -= token.kind == "]"
                rows.append([])
            elif token.kind == "[" and nested and depth == 1:
                depth = 2
            elif token.kind == "]":
                depth = 0
                break
            elif token.kind != ",":
                self.fail(token, "bad_matrix")
        if depth or position < len(tokens):
            self.fail(tokens[2] if depth else tokens[position], "bad_matrix")
        rows = [row for row in rows if row]
        if not rows:
            self.fail(tokens[2], "bad_matrix")
        if len({len(row) for row in rows}) > 1:
            self.fail(tokens[2], "ragged_matrix")
        if len(rows) == 1 and not nested:
            rows = [[number] for number in rows[0]]  # a list of numbers is a column
        if max(len(rows), len(rows[0])) > MOST_SIDE:
            self.fail(tokens[2], "matrix_too_large", most=MOST_SIDE)
        self.values[tokens[0].text] = np.array(rows, dtype=np.float64)

    # expressions

    def read_expression(self, tokens: list[_Token], first: int) -> int:
        self.tokens, self.place, self.level = tokens, first, 0
        if first == len(tokens):
            self.fail(tokens[-1], "missing_operand")
        index = self.sum()
        if self.place < len(tokens):
            self.stray(tokens[self.place])
        return index

    def stray(self, token: _Token) -> NoReturn:
        before = self.tokens[self.place - 1]
        if token.kind in ("name", "(", "number"):
            left = short(self.text[self.factor_before() : before.end])
            right = "(…)" if token.kind == "(" else short(token.text)
            self.fail(token, "ambiguous_product", reading=f"{left} @ {right}", another=f"{left} ⊙ {right}")
        if token.kind == ")":
            self.fail(token, "unopened")
        self.fail(token, "bad_assignment" if token.kind in ("=", ":") else "unexpected")

    def factor_before(self) -> int:
        """Where the factor begins that ends before the place that is read."""
        at = self.place - 1
        while at and self.tokens[at].kind in ("transposed", "square"):
            at -= 1
        depth = 0
        while at and (depth := depth + (self.tokens[at].kind == ")") - (self.tokens[at].kind == "(")):
            at -= 1
        is_call = at > 0 and self.tokens[at].kind == "(" and self.tokens[at - 1].kind == "name"
        return self.tokens[at - is_call].start

    def peek(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def take(self) -> _Token:
        if self.place == len(self.tokens):
            self.fail(self.tokens[-1], "missing_operand")
        self.place += 1
        return self.tokens[self.place - 1]

    def begin(self) -> int:
        token = self.tokens[min(self.place, len(self.tokens) - 1)]
        return token.start

    def sum(self) -> int:
        begin = self.begin()
        left = self.product()
        while self.peek() in ("+", "-"):
            op = "add" if self.take().kind == "+" else "subtract"
            left = self.join(op, left, self.product(), begin)
        return left

    def product(self) -> int:
        begin = self.begin()
        left = self.signed()
        while self.peek() in ("*", "/", "@"):
            op = {"*": "multiply", "/": "divide", "@": "matmul"}[self.take().kind]
            self.divides = op == "divide"
            left = self.join(op, left, self.signed(), begin)
        return left

    def signed(self) -> int:
        if self.peek() not in ("-", "+"):
            return self.power()
        token = self.take()
        self.deeper(token)
        inner = self.signed()
        self.level -= 1
        return inner if token.kind == "+" else self.add("negate", (inner,), token.start, self.end())

    def power(self) -> int:
        begin, divides, self.divides = self.begin(), self.divides, False
        base = self.transposed()
        if self.peek() == "^":
            self.deeper(self.take())
            exponent = self.signed()
            self.level -= 1
            base = self.join("power", base, exponent, begin)
        if self.terms[base].op == "constant" and self.peek() in ("name", "("):
            if divides:
                self.fail(self.tokens[self.place], "ambiguous_quotient")
            return self.join("multiply", base, self.power(), begin)  # the 2 of 2x
        return base

    def transposed(self) -> int:
        begin = self.begin()
        index = self.atom()
        while self.peek() in ("transposed", "square"):
            token = self.take()
            if token.kind == "transposed":
                index = self.add("transpose", (index,), begin, token.end)
            else:
                exponent = self.number(token, "2" if token.text == "²" else "3")
                index = self.join("power", index, exponent, begin)
        return index

    def end(self) -> int:
        return self.tokens[self.place - 1].end

    def atom(self) -> int:
        token = self.take()
        if token.kind == "number":
            return self.number(token, token.text)
        if token.kind == "(":
            self.deeper(token)
            index = self.sum()
            self.close(token)
            self.level -= 1
            return index
        if token.kind != "name":
            self.fail(token, "bad_assignment" if token.kind in ("=", ":") else "unexpected")
        if (token.text in BY_ENTRY or token.text in WHOLE) and not self.known(token.text):
            if self.peek() != "(":
                self.fail(token, "function_needs_parentheses")
            return self.call(token)
        return self.named(token)

    def known(self, name: str) -> bool:
        return name in self.given or name in self.values or name in self.shapes or name in self.lines

    def close(self, opened: _Token) -> None:
        if self.peek() == ")":
            self.take()
        elif self.place == len(self.tokens):
            self.fail(opened, "unclosed")
        else:
            self.stray(self.tokens[self.place])

    def deeper(self, token: _Token) -> None:
        self.level += 1
        if self.level > MOST_LEVELS:
            self.fail(token, "too_long")

    def call(self, token: _Token) -> int:
        opened = self.take()
        self.deeper(token)
        inner = self.sum()
        axis = None
        if self.peek() == ",":
            comma = self.take()
            number = self.take()
            if token.text not in WHOLE or number.text not in ("0", "1"):
                self.fail(comma, "bad_axis")
            axis = int(number.text)
        self.close(opened)
        self.level -= 1
        op = token.text if token.text in WHOLE else BY_ENTRY[token.text]
        if op == "log" and self.terms[inner].op == "softmax" and not self.terms[inner].name:
            # one operation, as the logarithm of a share that underflows is not -inf
            return self.add(
                "logsoftmax",
                self.terms[inner].operands,
                token.start,
                self.end(),
                axis=self.terms[inner].axis,
            )
        return self.add(op, (inner,), token.start, self.end(), axis=axis)

    def named(self, token: _Token) -> int:
        name = token.text
        if name in self.lines:
            return self.lines[name]
        if name not in self.variables:
            if name in CONSTANTS and not self.known(name):
                return self.constant(token, name, CONSTANTS[name])
            if not self.known(name):
                if name in self.defined:
                    self.fail(self.defined[name], "used_before")
                self.ask_about_product(token)
                kind = "unknown_function" if self.peek() == "(" else "unknown_matrix"
                self.fail(token, kind, functions=", ".join((*WHOLE, *BY_ENTRY)))
            self.variables[name] = len(self.terms)
            self.terms.append(MatrixTerm("variable", (), token.start, token.end, name=name))
        return self.variables[name]

    def ask_about_product(self, token: _Token) -> None:
        """Ask about Wx where W and x are known."""
        for cut in range(1, len(token.text)):
            left, right = token.text[:cut], token.text[cut:]
            if self.known(left) and self.known(right):
                self.fail(
                    token, "ambiguous_product", reading=f"{left} @ {right}", another=f"{left} ⊙ {right}"
                )

    # terms

    def append(self, term: MatrixTerm) -> int:
        self.terms.append(term)
        return len(self.terms) - 1

    def add(
        self,
        op: str,
        operands: tuple[int, ...],
        start: int,
        end: int,
        axis: int | None = None,
        literal: str = "",
        constant: float = 0.0,
    ) -> int:
        """Make a term, or find it: what stands twice in a text is one quantity with one gradient."""
        key = op, operands, axis, literal
        if key not in self.made:
            self.made[key] = self.append(
                MatrixTerm(op, operands, start, end, axis=axis, literal=literal, constant=constant)
            )
        return self.made[key]

    def join(self, op: str, left: int, right: int, start: int) -> int:
        return self.add(op, (left, right), start, self.end())

    def number(self, token: _Token, literal: str) -> int:
        return self.constant(token, literal, float(literal))

    def constant(self, token: _Token, literal: str, value: float) -> int:
        if not np.isfinite(value):
            self.fail(token, "number_too_large")
        return self.add("constant", (), token.start, token.end, literal=literal, constant=value)
