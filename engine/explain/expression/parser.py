"""Ordinary mathematical notation, read with two explicit stacks: no recursion, and nothing is executed.

The method is operator precedence (Dijkstra's shunting yard). From loose to tight: ``+ -``, ``* /`` and the
product that is not written, unary minus and a function without parentheses, ``^`` (right-associative, so
that ``-x^2`` is ``-(x^2)`` and ``2^3^2`` is ``2^9``). A product may be left unwritten where it can mean one
thing only: ``2x``, ``3(x + 1)``, ``(a)(b)``, ``2 sin(x)``, but neither ``1/2x`` nor ``e^2x``. So may the
parentheses of ``sin x``, ``sin 2x``, ``ln |x|``, ``√x``, but not those of ``sin x/2`` nor ``sin x y``. What
can be read in two ways is asked back: the error's details have both readings.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple, NoReturn

from engine.errors import ExpressionError
from engine.explain.expression.formula import Formula, Term, error_at, short
from engine.explain.expression.latex import name_latex
from engine.explain.expression.operations import (
    CONSTANTS,
    FUNCTIONS,
    MAX_ARGUMENTS,
    OPERATIONS,
    SPOKEN,
)

MAX_CHARACTERS = 1_000_000
MAX_TOKENS = 100_000

_SIGNS = (
    {"**": "^", "<=": "<=", ">=": ">="}
    | dict.fromkeys("·⋅∙•∗×", "*")
    | dict.fromkeys("\u2212\u2013\u2014", "-")
)
_SIGNS |= {"÷": "/", "∕": "/", "⁄": "/", "∣": "|", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">="}
# a Chinese keyboard's signs, digits and letters: each has its place in ASCII, none is longer
FULL_WIDTH = {0xFF00 + code: 0x20 + code for code in range(1, 0x5F)} | {0x3000: 0x20}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_INDICES = _SUBSCRIPTS + "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
# letters that are written raised: powers to the reader, never a part of a name
_RAISED = "".join(
    letter
    for letter in map(chr, range(0x2B0, 0x2100))
    if unicodedata.decomposition(letter).startswith("<super>")
)
_NO_LETTER = rf"π{_SUPERSCRIPTS}{_RAISED}"
_PATTERN = rf"""
    (?P<space>[^\S\n]+)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<layered>[^\W\d_π√{_INDICES}]{{1,60}}⁽[{_SUPERSCRIPTS}]+⁾[{_SUBSCRIPTS}]*)
  | (?P<indexed>[^\W\d_{_NO_LETTER}{_INDICES}]{{1,60}}_\{{[^\W_{_NO_LETTER}]+\}})
  | (?P<name>[π√]|[^\W\d{_NO_LETTER}][^\W{_NO_LETTER}{_INDICES}]*[{_INDICES}]*)
  | (?P<superscript>⁻?[{_SUPERSCRIPTS}]+)
  | (?P<end>[;\n])
  | (?P<sign>\*\*|<=|>=|[-+*/^=(),|{{}}<>{"".join(sign for sign in _SIGNS if len(sign) == 1)}])
    """
_TOKEN = re.compile(_PATTERN, re.VERBOSE)
_PLACE = r"(?P<place>[^\W\d]\w*\[[^\[\]\n;]*\])"
_TOKEN_WITH_PLACES = re.compile(f"{_PLACE} | {_PATTERN}", re.VERBOSE)
_PLAIN_INDEX = str.maketrans(_SUBSCRIPTS, "0123456789")
_SUPERSCRIPT_DIGITS = str.maketrans("⁻" + _SUPERSCRIPTS, "-0123456789")
_POWER = re.compile(rf"[⁺⁻]*[{_SUPERSCRIPTS}]*[{_RAISED}][⁺⁻{_SUPERSCRIPTS}{_RAISED}]*")
_SYMBOL_LIKE = re.compile(r"[^\W\d_][\d_]*")
_LAYERED = re.compile(r"(.+)⁽(.+)⁾(.*)")
_LETTERED = re.compile(rf"(.*[^_{_INDICES}])([{_INDICES}]+)")
_RUN_OF_FACTORS = re.compile(r"(?:[^\W\d_][0-9]+){2,}|[^\W\d_](?:[0-9]+[^\W\d_])+")
_GLUED = re.compile(
    rf"({'|'.join(sorted((*SPOKEN, 'ln', 'lg', 'sqrt'), key=len, reverse=True))})(\d*)([^\W\d_])"
)
_LIKELY = "xyzuvθ"
INSTEAD = {
    "½": "(1/2)",
    "¼": "(1/4)",
    "¾": "(3/4)",
    "⅓": "(1/3)",
    "⅔": "(2/3)",
    "[": "(",
    "]": ")",
    "【": "(",
    "】": ")",
    "⌊": "floor(",
    "⌋": ")",
    "%": "/100",
    "°": "*pi/180",
    "。": ".",
    "、": ",",
    ":": "/",
    "∞": "1e300",
    "@": "*",
    "⊙": "*",
    "′": "u, v, w",
    "'": "u, v, w",
}
"""Characters that are no part of the notation, and what is typed in their place."""

ELSEWHERE = {
    "cot": "cos(x)/sin(x)",
    "ctg": "cos(x)/sin(x)",
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "tg": "tan(x)",
    "arctg": "atan(x)",
    "sgn": "sign(x)",
    "ceil": "-floor(-x)",
    "cbrt": "x^(1/3)",
    "asinh": "log(x + sqrt(x^2 + 1))",
    "arsinh": "log(x + sqrt(x^2 + 1))",
    "acosh": "log(x + sqrt(x^2 - 1))",
    "arcosh": "log(x + sqrt(x^2 - 1))",
    "atanh": "log((1 + x)/(1 - x))/2",
    "artanh": "log((1 + x)/(1 - x))/2",
}
"""Functions that go by this name elsewhere, and how each is typed here."""

_LOGARITHM = re.compile(r"log_?([0-9]+)")

_BINARY = {
    "+": ("add", 1),
    "-": ("subtract", 1),
    "*": ("multiply", 2),
    "/": ("divide", 2),
    "^": ("power", 5),
}
_CALLS = frozenset(FUNCTIONS.values())
_PREFIX = 3  # a unary minus, a function without parentheses
_INSIDE = 4  # the product in sin 2x
_ROOT = 6  # √ takes the one thing that follows
_UNCLOSED = {"|": "unclosed_bar", "{": "incomplete_choice"}
_COMPARISONS = {
    "<": ("if_above", True),
    ">": ("if_above", False),
    "<=": ("if_at_least", True),
    ">=": ("if_at_least", False),
}
"""The operation of each, and whether its sides change places."""


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
    """An operator, bracket or call that still waits for what stands at its right.

    `op` is an operation; or ``"("``, ``"{"``, ``"if"``, ``"compare"``, ``"else"``, whose precedence is 0.
    """

    op: str
    precedence: int
    token: _Token
    first_operand: int = 0  # of a call: how many operands stand before its arguments
    call: bool = False
    power: _Token | None = None  # the 2 of sin²


def parse(text: str, given: Collection[str] = (), *, places: bool = False) -> Formula:
    """Read a formula.

    Lines end at a line break or ``;``. ``name = expression`` defines a name for later lines; the last
    line, with or without a name, is the output.

    Parameters
    ----------
    text : str
    given : collection of str
        Names that will be given a value. Such a name, like one that a line defines, shadows the
        constants ``pi`` and ``e``; one that a line defines is not a variable.
    places : bool
        Whether a name may have a place in brackets, ``w[2,1,1]``; that is a variable of its own, called so
        without spaces.

    Raises
    ------
    ExpressionError
        With the line and column, from 1, of the character to look at.
    """
    if len(text) > MAX_CHARACTERS:
        raise error_at(text, MAX_CHARACTERS, "too_long")
    lines = _lines(text, _TOKEN_WITH_PLACES if places else _TOKEN)
    if not lines:
        raise error_at(text, 0, "empty")
    reader = _Reader(text, frozenset(given))
    for tokens in lines:
        reader.read_line(tokens, last=tokens is lines[-1])
    reader.ask_about_names()
    return Formula(text, tuple(reader.terms), reader.variables, reader.lines, reader.output)


def _lines(text: str, token: re.Pattern[str]) -> list[list[_Token]]:
    typed = text.translate(FULL_WIDTH)
    lines: list[list[_Token]] = [[]]
    offset = count = 0
    while offset < len(typed):
        match = token.match(typed, offset)
        if match is None or (match.lastgroup == "name" and not _is_name(match[0])):
            raise _refused(text, typed, offset)
        kind, word = match.lastgroup or "", match[0]
        if kind == "end":
            if lines[-1]:
                lines.append([])
        elif kind != "space":
            count += 1
            if count > MAX_TOKENS:
                raise error_at(text, offset, "too_long")
            if kind in ("name", "layered", "indexed"):
                kind, word = "name", _name(word)
            elif kind == "place":
                kind, word = "name", "".join(word.split())
            elif kind == "sign":
                kind = _SIGNS.get(word, word)
            lines[-1].append(_Token(kind, word, offset, match.end()))
        offset = match.end()
    return [tokens for tokens in lines if tokens]


def _refused(text: str, typed: str, offset: int) -> ExpressionError:
    character = typed[offset]
    if raised := _POWER.match(typed, offset):
        exponent = unicodedata.normalize("NFKC", raised[0]).replace("\u2212", "-")
        instead = f"^{exponent}" if len(exponent) == 1 else f"^({exponent})"
        return error_at(text, offset, "type_instead", text=short(raised[0]), instead=short(instead))
    if character == "\\":
        return error_at(text, offset, "latex_typed", text=character)
    if character in INSTEAD:
        return error_at(text, offset, "type_instead", text=character, instead=INSTEAD[character])
    return error_at(text, offset, "unexpected_character", text=character)


def _name(word: str) -> str:
    """Return a name as it is kept: as Python does with keyword arguments, w⁽²⁾₃₁ as w2_31."""
    if layered := _LAYERED.fullmatch(word):
        letters, layer, units = (unicodedata.normalize("NFKC", part) for part in layered.groups())
        letters = "delta" if letters == "δ" else letters
        return f"{letters}{layer}_{units}" if units else f"{letters}{layer}"
    if (indexed := _LETTERED.fullmatch(word)) and not indexed[2].translate(_PLAIN_INDEX).isdigit():
        word = f"{indexed[1]}_{indexed[2]}"  # xᵢ is x with an index, not the letter ξ
    name = unicodedata.normalize("NFKC", word.replace("_{", "_").replace("}", ""))
    return name.replace("_", "") if name in ("log_2", "log_10") else name


def _is_name(word: str) -> bool:
    return word == "√" or unicodedata.normalize("NFKC", word).isidentifier()


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

    def ask_about_names(self) -> None:
        """Ask about names that stand for a product or a function in other hands: xy, sinx."""
        known = {*self.variables, *self.lines, *CONSTANTS}
        written = {name_latex(name): name for name in (*self.variables, *self.lines) if "[" not in name}
        for name, index in self.variables.items():
            if "[" in name:
                continue
            if (other := written[name_latex(name)]) != name:
                self.ask_which(index, name, other)
            if name in self.given:
                continue
            if _RUN_OF_FACTORS.fullmatch(name):
                factors = re.findall(r"[^\W\d_][0-9]*", name)
                self.ask(index, "*".join(factors), name, "_".join(factors))
            letters = list(name)
            if 2 <= len(letters) <= 4 and name.isalpha() and all(letter in known for letter in letters):
                self.ask(index, "*".join(letters), name, f"{name[0]}_{name[1:]}")
            glued = _GLUED.fullmatch(name)
            if glued and (glued[3] in known or glued[3] in _LIKELY):
                argument = glued[2] + glued[3]
                self.ask(index, f"{glued[1]}({argument})", name, f"{glued[1]}_{argument}")

    def ask_which(self, index: int, name: str, other: str) -> NoReturn:
        raise error_at(
            self.text, self.terms[index].start, "names_alike", text=short(name), another=short(other)
        )

    def ask(self, index: int, reading: str, name: str, another: str) -> NoReturn:
        text, reading, another = map(short, (name, reading, another))
        at = self.terms[index].start
        raise error_at(self.text, at, "ambiguous_name", text=text, reading=reading, another=another)

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
        if name.text in FUNCTIONS or name.text in ("if", "else"):
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
                if op := self.function(token, following):
                    position = self.begin_call(op, token, tokens, position)
                else:
                    wants_operand = self.begin_operand(token, following)
            elif token.text in ("if", "else"):
                self.go_on_choosing(token)
                wants_operand = True
            elif token.kind in ("name", "(", "{") or (token.kind == "|" and not self.in_bars()):
                self.unwritten_product(token, tokens[position - 2])
                position -= 1
                wants_operand = True
            else:
                wants_operand = self.go_on(token)
        if wants_operand:
            self.fail(tokens[-1], "missing_operand")
        self.reduce(1)
        if self.pending:
            opened = next(p for p in reversed(self.pending) if p.op not in ("if", "compare", "else"))
            self.fail(opened.token, _UNCLOSED.get(opened.token.kind, "unclosed"))
        return self.operands[0].term

    def function(self, token: _Token, following: _Token | None) -> str | None:
        """Return the operation that a token calls, if it is the name of one."""
        if token.kind != "name":
            return None
        if token.text == "σ" and following is not None and not self.is_known("σ"):
            if following.kind == "(":
                return "sigmoid"
            if following.kind in ("name", "number"):
                self.fail(
                    token, "ambiguous_product", reading=f"σ({following.text})", another=f"σ*{following.text}"
                )
        return FUNCTIONS.get(token.text)

    def is_known(self, name: str) -> bool:
        return name in self.lines or name in self.variables or name in self.given

    def begin_call(self, op: str, token: _Token, tokens: list[_Token], position: int) -> int:
        """Take a function's name, with its power, and the parenthesis if there is one."""
        power = None
        rest = tokens[position : position + 4]
        if rest and rest[0].kind == "superscript":
            power = rest[0]._replace(text=rest[0].text.translate(_SUPERSCRIPT_DIGITS))
            rest = rest[1:]
            position += 1
        elif len(rest) > 1 and rest[0].kind == "^" and rest[1].kind == "number":
            power = rest[1]
            rest, position = rest[2:], position + 2
        elif len(rest) > 2 and rest[0].kind == "^" and rest[1].kind == "-" and rest[2].kind == "number":
            power = rest[2]._replace(text="-" + rest[2].text)
            rest, position = rest[3:], position + 3
        if power is not None and power.text.startswith("-"):
            inverse = f"a{token.text}(x)" if f"a{token.text}" in FUNCTIONS else f"1/{token.text}(x)"
            self.fail(token, "ambiguous_product", reading=inverse, another=f"{token.text}(x)^({power.text})")
        following = rest[0].kind if rest else ""
        if following == "(":
            self.pending.append(_Pending(op, 0, token, len(self.operands), call=True, power=power))
            return position + 1
        if token.text == "√" and following in ("number", "name", "|") and power is None:
            self.pending.append(_Pending(op, _ROOT, token))
        elif op in SPOKEN and following in ("number", "name", "|", "-", "+"):
            self.pending.append(_Pending(op, _PREFIX, token, power=power))
        else:
            self.fail(token, "function_needs_parentheses")
        return position

    def begin_operand(self, token: _Token, following: _Token | None) -> bool:
        """Take a token where an operand may begin; return whether one is still wanted."""
        if token.kind == "number":
            self.push_number(token, token.text)
        elif token.kind == "name":
            self.push_name(token, following)
        elif token.kind in ("(", "{"):
            self.pending.append(_Pending(token.kind, 0, token))
        elif token.kind == "|":
            self.pending.append(_Pending("abs", 0, token, len(self.operands), call=True))
        elif token.kind == "-":
            self.pending.append(_Pending("negate", _PREFIX, token))
        elif token.kind != "+":
            self.fail(token, "bad_assignment" if token.kind == "=" else "unexpected")
        return token.kind in ("(", "{", "|", "-", "+")

    def go_on(self, token: _Token) -> bool:
        """Take a token after an operand; return whether another one is wanted."""
        if token.kind in _BINARY:
            op, precedence = _BINARY[token.kind]
            if op == "divide" and (spoken := self.spoken()):
                self.ask_for_parentheses(spoken, token, "/")
            if op == "power" and self.pending and self.pending[-1].precedence == _ROOT:
                self.ask_for_parentheses(self.pending[-1], token, "^2")
            self.reduce(precedence + (op == "power"))
            self.pending.append(_Pending(op, precedence, token))
            return True
        if token.kind == "superscript":
            if self.pending and self.pending[-1].precedence == _ROOT:
                self.ask_for_parentheses(self.pending[-1], token, token.text)
            base = self.operands[-1]
            self.push_number(token, token.text.translate(_SUPERSCRIPT_DIGITS))
            self.apply("power", 2, base.start, token.end)
        elif token.kind in (")", "|"):
            self.close(token)
        elif token.kind == "}":
            self.close_choice(token)
        elif token.kind in _COMPARISONS:
            self.compare(token)
            return True
        elif token.kind == ",":
            self.reduce(1)
            if not (self.pending and self.pending[-1].call and self.pending[-1].token.kind == "name"):
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
        self.ask_about_sigma(token, before)
        if spoken := self.spoken():
            is_number = before.kind == "number" or before.text in CONSTANTS
            is_call = token.kind == "name" and token.text in FUNCTIONS
            if is_number and not is_call and not in_exponent and spoken.precedence == _PREFIX:
                self.reduce(_INSIDE)
                self.pending.append(_Pending("multiply", _INSIDE, token))
                return
            if is_number or not is_call:
                self.ask_for_parentheses(spoken, token, "*" + token.text)
        self.reduce(_PREFIX)
        if self.pending and self.pending[-1].op == "divide":
            self.fail(token, "ambiguous_quotient")
        self.reduce(2)
        self.pending.append(_Pending("multiply", 2, token))

    def ask_about_sigma(self, token: _Token, before: _Token) -> None:
        """Ask about σ²(x): a power of the function, or of a name σ."""
        term = self.terms[self.operands[-1].term]
        if token.kind != "(" or before.kind != "superscript" or term.op != "power":
            return
        if self.terms[term.operands[0]].name == "σ" and "σ" not in {*self.lines, *self.given}:
            power = before.text
            self.fail(before, "ambiguous_product", reading=f"σ(x){power}", another=f"σ{power}*(x)")

    def spoken(self) -> _Pending | None:
        """Return the function without parentheses whose argument goes on here."""
        for pending in reversed(self.pending):
            if pending.precedence < _PREFIX:
                return None
            if pending.op in _CALLS:
                return pending
        return None

    def ask_for_parentheses(self, function: _Pending, token: _Token, rest: str) -> NoReturn:
        name, argument = function.token.text, self.text[function.token.end : token.start].strip()
        rest = rest if rest != "/" else "/…"
        self.fail(
            token,
            "ambiguous_argument",
            reading=short(f"{name}({argument}{rest})"),
            another=short(f"{name}({argument}){rest}"),
        )

    def in_bars(self) -> bool:
        """Whether the bracket that is open is a bar."""
        return next((p.token.kind == "|" for p in reversed(self.pending) if not p.precedence), False)

    def close(self, token: _Token) -> None:
        self.reduce(1)
        if not self.pending:
            self.fail(token, "unopened")
        opened = self.pending.pop()
        if (opened.token.kind == "|") != (token.kind == "|") or opened.op in ("{", "if", "compare", "else"):
            self.fail(opened.token, _UNCLOSED.get(opened.token.kind, "unopened"))
        if not opened.call:
            self.operands[-1] = _Operand(self.operands[-1].term, opened.token.start, token.end)
            return
        count = len(self.operands) - opened.first_operand
        if count not in OPERATIONS[opened.op].arity:
            self.fail(opened.token, "argument_count", count=count, most=MAX_ARGUMENTS)
        self.apply(opened.op, count, opened.token.start, token.end)
        self.raise_to(opened.power, opened.token.start)

    def raise_to(self, power: _Token | None, start: int) -> None:
        """Apply the power that stood between a function's name and its argument."""
        if power is not None:
            end = self.operands[-1].end
            self.push_number(power, power.text)
            self.apply("power", 2, start, end)

    # choices: {a if p > q else b}

    def go_on_choosing(self, token: _Token) -> None:
        self.reduce(1)
        wanted = ("{", "else") if token.text == "if" else ("compare",)
        if not self.pending or self.pending[-1].op not in wanted:
            self.fail(token, "incomplete_choice" if self.in_braces() else "choice_without_braces")
        self.pending.append(_Pending(token.text, 0, token))

    def compare(self, token: _Token) -> None:
        self.reduce(1)
        if not self.pending or self.pending[-1].op != "if":
            self.fail(token, "incomplete_choice" if self.in_braces() else "choice_without_braces")
        self.pending.append(_Pending("compare", 0, token))

    def in_braces(self) -> bool:
        return any(pending.op == "{" for pending in self.pending)

    def close_choice(self, token: _Token) -> None:
        self.reduce(1)
        if len(self.pending) > 1 and self.pending[-1].op == "{" and self.pending[-2].op == "power":
            opened = self.pending.pop()  # e^{-x}: only parentheses
            self.operands[-1] = _Operand(self.operands[-1].term, opened.token.start, token.end)
            return
        if not self.pending or self.pending[-1].op != "else":
            self.fail(token, "incomplete_choice" if self.in_braces() else "unopened")
        while self.pending[-1].op == "else":
            _, compare, _ = self.pending.pop(), self.pending.pop(), self.pending.pop()
            op, swapped = _COMPARISONS[compare.token.kind]
            then, left, right, other = self.operands[-4:]
            del self.operands[-4:]
            sides = (right, left) if swapped else (left, right)
            self.operands.extend((*sides, then, other))
            self.apply(op, 4, then.start, other.end)
        opened = self.pending.pop()
        self.operands[-1] = _Operand(self.operands[-1].term, opened.token.start, token.end)

    def reduce(self, precedence: int) -> None:
        """Apply the pending operators of at least this precedence, back to the last parenthesis."""
        while self.pending and self.pending[-1].precedence >= precedence:
            pending = self.pending.pop()
            right = self.operands[-1]
            if pending.op in _CALLS:
                self.apply(pending.op, 1, pending.token.start, right.end)
                self.raise_to(pending.power, pending.token.start)
            elif pending.op != "negate":
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
        if name in ("if", "else"):
            self.fail(token, "unexpected")
        index = self.lines.get(name, self.variables.get(name))
        known = index is not None or name in self.given
        if not known and name in CONSTANTS:
            self.push_constant(token, name, CONSTANTS[name])
            return
        if not known and following is not None and following.kind in ("(", "name", "number", "|"):
            base = _LOGARITHM.fullmatch(name)
            if instead := f"log(x)/log({base[1]})" if base else ELSEWHERE.get(name):
                self.fail(token, "type_instead", instead=short(instead))
        if not known and following is not None and following.kind == "(" and not _SYMBOL_LIKE.fullmatch(name):
            self.fail(token, "unknown_function", functions=", ".join(FUNCTIONS))
        if index is None:
            index = len(self.terms)
            self.terms.append(Term("variable", (), token.start, token.end, name=name))
            self.variables[name] = index
        self.operands.append(_Operand(index, token.start, token.end))
