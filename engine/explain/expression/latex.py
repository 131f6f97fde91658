"""Formulas, nodes and local derivatives in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from engine.digits import full_latex
from engine.explain.expression.formula import Formula, Term
from engine.explain.expression.operations import OPERATIONS
from engine.explain.expression.paths import Edge
from engine.explain.symbols import DELTA, latex, plain

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi"
    "|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", _GREEK.pattern.split("|"), strict=True))
_NAME = re.compile(r"([^\W\d_]+)_?([\w]*)")
_OF_A_NETWORK = re.compile(r"(w|b|z|a|delta)(\d+)_(\d+)")

# how tightly a piece of LaTeX holds together
_SUM, _SIGN, _PRODUCT, _FACTOR, _ATOM = 1, 2, 3, 4, 5

_CASES, _ELSE, _OTHERWISE = r"\begin{cases} ", r" \\ ", r" & \mathrm{else} \end{cases}"

# operation -> (its own level, its pieces); an operand is (position, the level it needs not to be wrapped)
_Pieces = list[str | tuple[int, int]]
_TEMPLATES: dict[str, tuple[int, _Pieces]] = {
    "add": (_SUM, [(0, _SUM), " + ", (1, _PRODUCT)]),
    "subtract": (_SUM, [(0, _SUM), " - ", (1, _PRODUCT)]),
    "multiply": (_PRODUCT, [(0, _SIGN), r" \cdot ", (1, _FACTOR)]),
    "divide": (_FACTOR, [r"\frac{", (0, _SUM), "}{", (1, _SUM), "}"]),
    "power": (_FACTOR, [(0, _ATOM), "^{", (1, _SUM), "}"]),
    "negate": (_SIGN, ["-", (0, _PRODUCT)]),
    "same": (_ATOM, [(0, _ATOM)]),
    "exp": (_FACTOR, ["e^{", (0, _SUM), "}"]),
    "sqrt": (_ATOM, [r"\sqrt{", (0, _SUM), "}"]),
    "abs": (_ATOM, [r"\left|", (0, _SUM), r"\right|"]),
    "floor": (_ATOM, [r"\left\lfloor ", (0, _SUM), r"\right\rfloor "]),
    "if_above": (
        _SUM,
        [_CASES, (2, _SUM), r" & ", (0, _SUM), " > ", (1, _SUM), _ELSE, (3, _SUM), _OTHERWISE],
    ),
    "if_at_least": (
        _SUM,
        [_CASES, (2, _SUM), r" & ", (0, _SUM), r" \ge ", (1, _SUM), _ELSE, (3, _SUM), _OTHERWISE],
    ),
}
_RAISED = ("sin", "cos", "tan", "sinh", "cosh", "tanh")
_FUNCTION_NAMES = {
    "log": r"\ln",
    "sigmoid": r"\sigma",
    "relu": r"\operatorname{relu}",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "log10": r"\log_{10}",
    "log2": r"\log_{2}",
    "logsigmoid": r"\ln\sigma",
    **{
        name: rf"\operatorname{{{name}}}" for name in ("softplus", "erf", "gelu", "silu", "sign", "logsumexp")
    },
}


def name_latex(name: str) -> str:
    """Return a name in LaTeX, what follows its letters as an index: ``x1`` as ``x_{1}``.

    That of a part of a network is written as everywhere, ``w1_21`` as ``w^{(1)}_{21}``.
    """
    if part := _OF_A_NETWORK.fullmatch(name):
        return latex(part[1].replace("delta", DELTA), part[2], part[3])
    match = _NAME.fullmatch(name)
    if match is None:
        return r"\mathrm{" + name.replace("_", r"\_") + "}"
    letters, index = match.groups()
    if not letters.isascii() and len(letters) > 1:
        letters = r"\text{" + letters + "}"  # in text mode, as mathematical fonts have no such letters
        index = ",".join(filter(None, index.split("_")))
        return f"{letters}_{{{index}}}" if index else letters
    letters = _LETTERS.get(letters, letters)
    if _GREEK.fullmatch(letters):
        letters = "\\" + letters
    elif len(letters) > 1:
        letters = r"\mathrm{" + letters + "}"
    index = ",".join(filter(None, index.split("_")))
    return f"{letters}_{{{index}}}" if index else letters


def name_plain(name: str) -> str:
    """Return a name as it was typed, that of a part of a network as it is written everywhere."""
    part = _OF_A_NETWORK.fullmatch(name)
    return plain(part[1].replace("delta", DELTA), part[2], part[3]) if part else name


def derivative_latex(above: str, below: str, partial: bool) -> str:
    """Return d above / d below in LaTeX."""
    d = r"\partial " if partial else "d"
    return rf"\frac{{{d}{above}}}{{{d}{below}}}"


def _put_in(rule: str, place: str, text: str) -> str:
    """Put `text` into a rule; what has a layer above it is bracketed before it is raised to a power."""
    if "^" in text:
        rule = rule.replace(f"{place}^", rf"\left({text}\right)^")
    return rule.replace(place, text)


class Writer:
    """Writes the parts of one formula; nested to any depth, as it keeps its own stack."""

    def __init__(self, formula: Formula, partial: bool = False) -> None:
        self._formula, self._partial = formula, partial

    def symbol(self, index: int) -> str:
        """Return a node's name, or v with a number if it has none."""
        term = self._formula.terms[index]
        if term.name:
            return name_latex(term.name)
        if index == self._formula.output:
            return name_latex(self._formula.output_name)
        return f"{self._letter}_{{{self._numbers[index]}}}"

    def expression(self, index: int) -> str:
        """Return what a node is, down to the nearest names."""
        terms = self._formula.terms
        return self._write(index, lambda j: name_latex(terms[j].name) if terms[j].name else None)

    def step(self, index: int) -> str:
        """Return what a node is in terms of the symbols of its operands."""
        return self._write(index, self._operand)

    def lines(self) -> tuple[str, ...]:
        """Return all lines of the text, each ``name = expression``."""
        formula = self._formula
        indices = list(formula.lines.values())
        if formula.output not in indices:
            indices.append(formula.output)
        return tuple(f"{self.symbol(i)} = {self.expression(i)}" for i in indices)

    def local(self, edge: Edge) -> str:
        """Return the rule of a local derivative: d target / d source = … in the operands' symbols."""
        term = self._formula.terms[edge.target]
        rules = OPERATIONS[term.op].slope_latex
        rule = rules[edge.position % len(rules)]
        # an operation of any number of operands has one rule, for "this operand"
        operands = term.operands if len(rules) > 1 else (edge.source,)
        for position, operand in enumerate(operands[:2]):
            rule = _put_in(rule, f"<{position}>", self._operand_atom(operand))
        rule = _put_in(rule, "<y>", self.symbol(edge.target))
        return f"{self.derivative(edge.target, edge.source)} = {rule}"

    def derivative(self, target: int, source: int, partial: bool = True) -> str:
        """Return d target / d source."""
        return derivative_latex(self.symbol(target), self.symbol(source), partial)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        output = self._formula.output
        unnamed = (i for i, t in enumerate(self._formula.terms) if t.operands and not t.name and i != output)
        return {index: number for number, index in enumerate(unnamed, start=1)}

    @cached_property
    def _letter(self) -> str:
        taken = {name[0] for name in (*self._formula.variables, *self._formula.lines)}
        return next((letter for letter in "vhqknm" if letter not in taken), r"\nu")

    def _operand(self, index: int) -> str | None:
        term = self._formula.terms[index]
        return self.symbol(index) if term.name or term.operands else None

    def _operand_atom(self, index: int) -> str:
        text = self._operand(index) or self._write(index, self._operand)
        return rf"\left({text}\right)" if text.startswith("-") or r"\cdot" in text else text

    def _write(self, index: int, label: Callable[[int], str | None]) -> str:
        """Write a node, its operands by their label where they have one."""
        written: list[str] = []
        waiting: list[str | tuple[int, int]] = [(index, _SUM)]
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                written.append(item)
                continue
            node, needed = item
            text = label(node) if node != index else None
            if text is not None:
                is_base = bool(waiting) and isinstance(waiting[-1], str) and waiting[-1].startswith("^")
                written.append(rf"\left({text}\right)" if is_base and "^" in text else text)
                continue
            term = self._formula.terms[node]
            term, (level, pieces) = self._raised_function(term, label) or (term, self._pieces(term))
            if level < needed:
                pieces = [r"\left(", *pieces, r"\right)"]
            waiting.extend(
                piece if isinstance(piece, str) else (term.operands[piece[0]], piece[1])
                for piece in reversed(pieces)
            )
        return "".join(written)

    def _raised_function(
        self, term: Term, label: Callable[[int], str | None]
    ) -> tuple[Term, tuple[int, _Pieces]] | None:
        """Return sin²(x) for sin(x)^2, as books print it."""
        if term.op != "power" or label(term.operands[0]) is not None:
            return None
        base, exponent = (self._formula.terms[i] for i in term.operands)
        if base.op not in _RAISED or exponent.op != "constant" or not exponent.literal.isdecimal():
            return None
        call: _Pieces = [f"\\{base.op}^{{{exponent.literal}}}", r"\left(", (0, _SUM), r"\right)"]
        return base, (_FACTOR, call)

    def _pieces(self, term: Term) -> tuple[int, _Pieces]:
        if term.op == "variable":
            return _ATOM, [name_latex(term.name)]
        if term.op == "constant":
            text = {"pi": r"\pi", "π": r"\pi", "e": "e"}.get(term.literal) or full_latex(term.constant)
            return _SIGN if text.startswith("-") else _PRODUCT if "cdot" in text else _ATOM, [text]
        if term.op == "derivative":
            over = name_latex(term.literal)
            operand = self._formula.terms[term.operands[0]]
            if operand.op == "variable":
                return _FACTOR, [derivative_latex(name_latex(operand.name), over, self._partial)]
            return _FACTOR, [derivative_latex("", over, self._partial), r"\left[", (0, _SUM), r"\right]"]
        if term.op.startswith("share_of_"):
            first, rest = (0, _SUM), [(place, _SUM) for place in range(len(term.operands))]
            listed = [piece for place in rest for piece in (", ", place)][1:]
            return _ATOM, [r"\left[", first, rf" = \{term.op[-3:]}\left(", *listed, r"\right)\right]"]
        if term.op in _TEMPLATES and not (term.op == "exp" and self._e_is_a_name):
            return _TEMPLATES[term.op]
        pieces: _Pieces = [_FUNCTION_NAMES.get(term.op, "\\" + term.op), r"\left("]
        for position in range(len(term.operands)):
            pieces += [", "] * bool(position) + [(position, _SUM)]
        return _FACTOR, [*pieces, r"\right)"]

    @cached_property
    def _e_is_a_name(self) -> bool:
        return "e" in self._formula.variables or "e" in self._formula.lines
