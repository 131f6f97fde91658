"""Ordinary mathematical notation, read with two explicit stacks: no recursion, and nothing is executed.

The method is operator precedence (Dijkstra's shunting yard). From loose to tight: ``+ -``, ``* /`` and the
product that is not written, unary minus, ``^`` (right-associative, so that ``-x^2`` is ``-(x^2)`` and
``2^3^2`` is ``2^9``). A product may be left unwritten where it can mean one thing only: ``2x``,
``3(x + 1)``, ``(a)(b)``, ``2 sin(x)``, but neither ``1/2x`` nor ``e^2x``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple, NoReturn

from engine.explain.expression.formula import Formula, Term, error_at, short
from engine.explain.expression.operations import CONSTANTS, FUNCTIONS, MAX_ARGUMENTS, OPERATIONS

MAX_CHARACTERS = 1_000_000
MAX_TOKENS = 100_000

_SIGNS = {"**": "^", "\u2212": "-", "\u00d7": "*", "·": "*", "⋅": "*", "÷": "/"}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TOKEN = re.compile(
    rf"""
    (?P<space>[^\S\n]+)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[π√]|[^\W\dπ{_SUPERSCRIPTS}][^\Wπ{_SUPERSCRIPTS}]*)
  | (?P<superscript>⁻?[{_SUPERSCRIPTS}]+)
  | (?P<end>[;\n])
  | (?P<sign>\*\*|[-+*/^=(),{"".join(_SIGNS)}])
    """,
    re.VERBOSE,
)
_SUPERSCRIPT_DIGITS = str.maketrans("⁻" + _SUPERSCRIPTS, "-0123456789")
_SYMBOL_LIKE = re.compile(r"[^\W\d_][\d_]*")

_BINARY = {
    "+": ("add", 1),
    "-": ("subtract", 1),
    "*": ("multiply", 2),
    "/": ("divide", 2),
    "^": ("power", 4),
}
_UNARY_MINUS = 3


class _Token(NamedTuple):
    kind: str  # number, name, superscript, or the sign itself
    text: str
    start: int
    end: int


class _Operand(NamedTuple):
    term: int
    start: int  # of what was read, parentheses included
    end: int


class _Pending(NamedTuple):
    """An operator, parenthesis or call that still waits for what stands at its right."""

    op: str  # an operation, or "(" for a parenthesis, whose precedence is 0
    precedence: int
    token: _Token
    first_operand: int = 0  # of a call: how many operands stand before its arguments
    call: bool = False


def parse(text: str, given: Collection[str] = ()) -> Formula:
    """Read a formula.

    Lines end at a line break or ``;``. ``name = expression`` defines a name for later lines; the last
    line, with or without a name, is the output.

    Parameters
    ----------
    text : str
    given : collection of str
        Names that will be given a value. Such a name, like one that a line defines, shadows the
        constants ``pi`` and ``e``; one that a line defines is not a variable.

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
    reader = _Reader(text, frozenset(given))
    for tokens in lines:
        reader.read_line(tokens, last=tokens is lines[-1])
    return Formula(text, tuple(reader.terms), reader.variables, reader.lines, reader.output)


def _lines(text: str) -> list[list[_Token]]:
    lines: list[list[_Token]] = [[]]
    offset = count = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None or (match.lastgroup == "name" and not _is_name(match[0])):
            raise error_at(text, offset, "unexpected_character", text=text[offset])
        kind, word = match.lastgroup or "", match[0]
        if kind == "end":
            if lines[-1]:
                lines.append([])
        elif kind != "space":
            count += 1
            if count > MAX_TOKENS:
                raise error_at(text, offset, "too_long")
            if kind == "name":
                # as Python does with the names of keyword arguments
                word = unicodedata.normalize("NFKC", word)
            elif kind == "sign":
                kind = _SIGNS.get(word, word)
            lines[-1].append(_Token(kind, word, offset, match.end()))
        offset = match.end()
    return [tokens for tokens in lines if tokens]


def _is_name(word: str) -> bool:
    return word == "√" or word.isidentifier()


def _is_plain_number(term: Term) -> bool:
    return term.literal.startswith(tuple("0123456789.")) and not term.name


class _Reader:
    """Grows the terms of a formula line by line."""

    def __init__(self, text: str, given: frozenset[str]) -> None:
        self.text = text
        self.given = given
        self.terms: list[Term] = []
        self.variables: dict[str, int] = {}
        self.lines: dict[str, int] = {}
        self.output = -1
        self.operands: list[_Operand] = []
        self.pending: list[_Pending] = []

    def fail(self, token: _Token, kind: str, **details: object) -> NoReturn:
        raise error_at(self.text, token.start, kind, text=short(token.text), **details)

    # lines

    def read_line(self, tokens: list[_Token], last: bool) -> None:
        if len(tokens) > 1 and tokens[1].kind == "=":
            name = tokens[0]
            self.check_line_name(name)
            index = self.read_expression(tokens, 2)
            if name.text in self.variables:
                self.fail(name, "used_before")
            if self.terms[index].name:
                index = self.add("same", (index,), tokens[2].start, tokens[-1].end)
            self.terms[index] = self.terms[index]._replace(name=name.text)
            self.lines[name.text] = index
        else:
            index = self.read_expression(tokens, 0)
            if not last:
                self.fail(tokens[0], "line_without_name")
        self.output = index

    def check_line_name(self, name: _Token) -> None:
        if name.kind != "name":
            self.fail(name, "bad_assignment")
        if name.text in FUNCTIONS:
            self.fail(name, "reserved_name")
        if name.text in self.lines:
            self.fail(name, "assigned_twice")

    # expressions

    def read_expression(self, tokens: list[_Token], first: int) -> int:
        self.operands.clear()
        self.pending.clear()
        wants_operand = True
        position = first
        while position < len(tokens):
            token = tokens[position]
            position += 1
            following = tokens[position] if position < len(tokens) else None
            if wants_operand:
                if token.kind == "name" and token.text in FUNCTIONS:
                    if following is None or following.kind != "(":
                        self.fail(token, "function_needs_parentheses")
                    call = _Pending(FUNCTIONS[token.text], 0, token, len(self.operands), call=True)
                    self.pending.append(call)
                    position += 1
                else:
                    wants_operand = self.begin_operand(token, following)
            elif token.kind in ("name", "("):
                self.unwritten_product(token, tokens[position - 2])
                position -= 1
                wants_operand = True
            else:
                wants_operand = self.go_on(token)
        if wants_operand:
            self.fail(tokens[-1], "missing_operand")
        self.reduce(1)
        if self.pending:
            self.fail(self.pending[-1].token, "unclosed")
        return self.operands[0].term

    def begin_operand(self, token: _Token, following: _Token | None) -> bool:
        """Take a token where an operand may begin; return whether one is still wanted."""
        if token.kind == "number":
            self.push_number(token, token.text)
        elif token.kind == "name":
            self.push_name(token, following)
        elif token.kind == "(":
            self.pending.append(_Pending("(", 0, token))
        elif token.kind == "-":
            self.pending.append(_Pending("negate", _UNARY_MINUS, token))
        elif token.kind != "+":
            self.fail(token, "bad_assignment" if token.kind == "=" else "unexpected")
        return token.kind in ("(", "-", "+")

    def go_on(self, token: _Token) -> bool:
        """Take a token after an operand; return whether another one is wanted."""
        if token.kind in _BINARY:
            op, precedence = _BINARY[token.kind]
            self.reduce(precedence + (op == "power"))
            self.pending.append(_Pending(op, precedence, token))
            return True
        if token.kind == "superscript":
            base = self.operands[-1]
            self.push_number(token, token.text.translate(_SUPERSCRIPT_DIGITS))
            self.apply("power", 2, base.start, token.end)
        elif token.kind == ")":
            self.close(token)
        elif token.kind == ",":
            self.reduce(1)
            if not (self.pending and self.pending[-1].call):
                self.fail(token, "unexpected")
            return True
        elif token.kind == "number":
            self.fail(token, "missing_operator")
        else:
            self.fail(token, "bad_assignment")
        return False

    def unwritten_product(self, token: _Token, before: _Token) -> None:
        operators = [p.op for p in self.pending[-2:] if p.op != "negate"]
        in_exponent = bool(operators) and operators[-1] == "power"
        if in_exponent and before.kind == "number" and token.kind == "name" and before.end == token.start:
            self.fail(token, "ambiguous_exponent")
        self.reduce(3)
        if self.pending and self.pending[-1].op == "divide":
            self.fail(token, "ambiguous_quotient")
        self.reduce(2)
        self.pending.append(_Pending("multiply", 2, token))

    def close(self, token: _Token) -> None:
        self.reduce(1)
        if not self.pending:
            self.fail(token, "unopened")
        opened = self.pending.pop()
        if not opened.call:
            self.operands[-1] = _Operand(self.operands[-1].term, opened.token.start, token.end)
            return
        count = len(self.operands) - opened.first_operand
        if count not in OPERATIONS[opened.op].arity:
            self.fail(opened.token, "argument_count", count=count, most=MAX_ARGUMENTS)
        self.apply(opened.op, count, opened.token.start, token.end)

    def reduce(self, precedence: int) -> None:
        """Apply the pending operators of at least this precedence, back to the last parenthesis."""
        while self.pending and self.pending[-1].precedence >= precedence:
            pending = self.pending.pop()
            right = self.operands[-1]
            if pending.op != "negate":
                self.apply(pending.op, 2, self.operands[-2].start, right.end)
            elif _is_plain_number(self.terms[right.term]):
                self.negate_number(pending.token.start)
            else:
                self.apply("negate", 1, pending.token.start, right.end)

    # terms

    def add(self, op: str, operands: tuple[int, ...], start: int, end: int) -> int:
        self.terms.append(Term(op, operands, start, end))
        return len(self.terms) - 1

    def apply(self, op: str, count: int, start: int, end: int) -> None:
        indices = tuple(operand.term for operand in self.operands[-count:])
        del self.operands[-count:]
        self.operands.append(_Operand(self.add(op, indices, start, end), start, end))

    def push_number(self, token: _Token, literal: str) -> None:
        value = float(literal)
        if math.isinf(value):
            self.fail(token, "number_too_large")
        self.push_constant(token, literal, value)

    def push_constant(self, token: _Token, literal: str, value: float) -> None:
        term = Term("constant", (), token.start, token.end, literal=literal, constant=value)
        self.terms.append(term)
        self.operands.append(_Operand(len(self.terms) - 1, token.start, token.end))

    def negate_number(self, start: int) -> None:
        """Make a number and its sign one term: -2 is a number to the reader of the graph."""
        index, _, end = self.operands[-1]
        term = self.terms[index]
        self.terms[index] = term._replace(literal="-" + term.literal, constant=-term.constant, start=start)
        self.operands[-1] = _Operand(index, start, end)

    def push_name(self, token: _Token, following: _Token | None) -> None:
        name = token.text
        index = self.lines.get(name, self.variables.get(name))
        known = index is not None or name in self.given
        if not known and name in CONSTANTS:
            self.push_constant(token, name, CONSTANTS[name])
            return
        if not known and following is not None and following.kind == "(" and not _SYMBOL_LIKE.fullmatch(name):
            self.fail(token, "unknown_function", functions=", ".join(FUNCTIONS))
        if index is None:
            index = len(self.terms)
            self.terms.append(Term("variable", (), token.start, token.end, name=name))
            self.variables[name] = index
        self.operands.append(_Operand(index, token.start, token.end))
