"""What a text says, before any number is put in: its terms in order of evaluation, and who feeds whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from engine.errors import ExpressionError
from engine.explain.expression.operations import CHOICES, MAX_ARGUMENTS, OPERATIONS


class Term(NamedTuple):
    """One node of a formula; a variable is one term however often it is used.

    `op` is ``"variable"``, ``"constant"`` or a key of `OPERATIONS`; `operands` are indices of earlier
    terms; `name` is that of a variable or of the line it is the whole of, else empty; `literal` is a
    constant as it was typed. ``text[start:end]`` is where it stands (a variable's first use).
    """

    op: str
    operands: tuple[int, ...]
    start: int
    end: int
    name: str = ""
    literal: str = ""
    constant: float = 0.0


class Link(NamedTuple):
    """Operand `position` of term `target` is term `source`, which depends on a variable."""

    source: int
    target: int
    position: int


def error_at(source: str, offset: int, kind: str, /, **details: Any) -> ExpressionError:
    """Return an ExpressionError that points at a character offset of `source`."""
    line = source.count("\n", 0, offset) + 1
    column = offset - source.rfind("\n", 0, offset)
    return ExpressionError(kind, line=line, column=column, **details)


def short(text: str) -> str:
    """Return `text` as an error message quotes it: not longer than a name should be."""
    return text if len(text) <= 30 else text[:29] + "…"


@dataclass(frozen=True, eq=False)
class Formula:
    """A text that has been read.

    Parameters
    ----------
    text : str
    terms : tuple of Term
        Operands come before what uses them; the terms that no name stands for form trees.
    variables : dict of str to int
        Names that need a value, in order of first use, and their terms.
    lines : dict of str to int
        Names that lines define, and their terms. The last line's is among them if it has one.
    output : int
        The term of the last line.
    """

    text: str
    terms: tuple[Term, ...]
    variables: dict[str, int]
    lines: dict[str, int]
    output: int

    def error(self, index: int, kind: str, **details: Any) -> ExpressionError:
        """Return an ExpressionError that points at a term."""
        return error_at(self.text, self.terms[index].start, kind, **details)

    def source(self, index: int) -> str:
        """Return the part of the text that a term was read from."""
        return self.text[self.terms[index].start : self.terms[index].end]

    @cached_property
    def output_name(self) -> str:
        """The last line's name, or one that is free if it has none."""
        taken = {*self.variables, *self.lines}
        return self.terms[self.output].name or next(n for n in _output_names() if n not in taken)

    @cached_property
    def calls(self) -> list[tuple[int, Callable[..., Any], tuple[int, ...]]]:
        """What evaluation does, in order: (term, value, operands).

        A logarithm that cancels or overflows as it is typed is evaluated from what stands below it.
        """
        calls = []
        for i, t in enumerate(self.terms):
            if t.operands:
                op, operands = self._stable(i)
                calls.append((i, OPERATIONS[op].value, operands))
        return calls

    def _stable(self, index: int) -> tuple[str, tuple[int, ...]]:
        """Return how a term is best evaluated: ln(1 + e^x) as softplus(x), and the like."""
        terms, term = self.terms, self.terms[index]
        if term.op == "log":
            (inside,) = term.operands
            if terms[inside].op == "sigmoid":
                return "logsigmoid", terms[inside].operands
            parts = self._summands(inside)
            exponents = [terms[j].operands[0] for j in parts if terms[j].op == "exp"]
            ones = sum(terms[j].op == "constant" and terms[j].constant == 1.0 for j in parts)
            if len(parts) > 1 and len(exponents) == len(parts) <= MAX_ARGUMENTS:
                return "logsumexp", tuple(exponents)
            if len(parts) == 2 and len(exponents) == ones == 1:
                return "softplus", tuple(exponents)
        return term.op, term.operands

    def _summands(self, index: int) -> list[int]:
        found, waiting = [], [index]
        while waiting:
            i = waiting.pop()
            if self.terms[i].op == "add":
                waiting.extend(reversed(self.terms[i].operands))
            else:
                found.append(i)
        return found

    @cached_property
    def stable(self) -> Formula | None:
        """The formula with its logarithms as one term each, or None if it has none that gain by it.

        For values at which a term overflows that only a logarithm needs: ln(sigmoid(-800)).
        """
        fused = {i: self._stable(i) for i, t in enumerate(self.terms) if t.op == "log"}
        fused = {i: (op, operands) for i, (op, operands) in fused.items() if op != "log"}
        if not fused:
            return None
        terms = [
            t._replace(op=fused[i][0], operands=fused[i][1]) if i in fused else t
            for i, t in enumerate(self.terms)
        ]
        kept = {self.output, *self.lines.values(), *self.variables.values()}
        for i in range(len(terms) - 1, -1, -1):
            if i in kept:
                kept.update(terms[i].operands)
        place = {old: new for new, old in enumerate(sorted(kept))}
        return Formula(
            self.text,
            tuple(
                terms[i]._replace(operands=tuple(place[j] for j in terms[i].operands)) for i in sorted(kept)
            ),
            {name: place[i] for name, i in self.variables.items()},
            {name: place[i] for name, i in self.lines.items()},
            place[self.output],
        )

    @cached_property
    def chooses(self) -> bool:
        """Whether a term uses one of two operands only, so that the other need not have a value."""
        return any(t.op in CHOICES for t in self.terms)

    @cached_property
    def active(self) -> list[bool]:
        """Per term, whether it depends on any variable."""
        active: list[bool] = []
        for t in self.terms:
            active.append(t.op == "variable" or any(active[j] for j in t.operands))
        return active

    @cached_property
    def live(self) -> list[bool]:
        """Per term, whether the output depends on it."""
        live = [False] * len(self.terms)
        live[self.output] = True
        for i in range(self.output, -1, -1):
            if live[i]:
                for j in self.terms[i].operands:
                    live[j] = True
        return live

    @cached_property
    def links(self) -> list[Link]:
        """The links a derivative flows along, by target, then by position."""
        active = self.active
        return [
            Link(j, i, k) for i, t in enumerate(self.terms) for k, j in enumerate(t.operands) if active[j]
        ]

    @cached_property
    def kinked(self) -> list[int]:
        """The terms that depend on a variable and whose operation has kinks."""
        return [i for i, t in enumerate(self.terms) if self.active[i] and _has_kinks(t.op)]


def _has_kinks(op: str) -> bool:
    return op in OPERATIONS and OPERATIONS[op].branch is not None


def _output_names() -> Any:
    yield from ("y", "f", "L")
    number = 1
    while True:
        yield f"y{number}"
        number += 1
