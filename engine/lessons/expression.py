"""Expressions over the record: the notation of the expression lab, with names of what a step consists of.

An expression is read when the lesson is read, and evaluated by whoever has the numbers; see
`engine.lessons.keys`. Errors say where in the lesson's file they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from engine.errors import EngineError, ExpressionError, LessonError
from engine.explain.expression import Formula, graph_of, parse
from engine.explain.expression.parser import FULL_WIDTH
from engine.lessons.lesson import Source, Spot

MOST_CHARACTERS = 500
MOST_STEPS = 100_000

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "x": "j",
        "t": "j",
        **dict.fromkeys(("z", "a", "delta", "slope", "upstream", "b"), "lj"),
        "w": "lij",
        **dict.fromkeys(("grad", "share", "update", "velocity", "moment1", "moment2", "squares"), "lpj"),
        **dict.fromkeys(("loss", "sample_loss", "penalty", "metric", "eta", "batch", "lambda_max"), ""),
        "grad_norm": "l",
        "diverges": "",
    }
)
"""What a record has, and the indices of each: layer, from, from or ``b`` (p), unit."""

SLOTS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "velocity": ("v", frozenset({"momentum", "nesterov"})),
        "moment1": ("m", frozenset({"adam", "adamw"})),
        "moment2": ("v", frozenset({"adam", "adamw"})),
        "squares": ("s", frozenset({"adagrad", "rmsprop"})),
    }
)
"""Those that the optimizer remembers: its name for it, and the optimizers that have it."""

TWICE = frozenset({"w", "b", "loss", *SLOTS})
"""What there is before and after the step."""

OF_SAMPLE = frozenset({"x", "t", "z", "a", "delta", "slope", "upstream", "share", "sample_loss"})
"""What each sample of the mini-batch has its own of."""

WITHOUT_INDEX = frozenset({"grad_norm"})
"""What may also stand without its indices, for all of it."""

DERIVATIVE = "d"
"""Of a formula: ``d[y,x]``."""

_MOVED = re.compile(r"([^\W\d]\w*)([-+=])((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|-(?:\d+\.?\d*|\.\d+))")
_ANOTHER_SIGN = {"≤": "<=", "≥": ">=", "≠": "!="}
_OPERATORS = ("<=", ">=", "==", "!=", "<", ">")


@dataclass(frozen=True)
class Reference:
    """A number that an expression names.

    Attributes
    ----------
    name : str
    indices : tuple
        As written: numbers from 1, ``"b"``, or the letters of a `point` block.
    experiment : str
    step, sample : int, str or None
        None where the block says it.
    after : bool
    within : int
    moved : tuple of (variable, sign, number)
        Of a formula: where its variables are moved to.
    spot : Spot
    text : str
    """

    name: str
    indices: tuple[int | str, ...]
    experiment: str
    step: int | None
    sample: int | str | None
    after: bool
    within: int
    moved: tuple[tuple[str, str, float], ...]
    spot: Spot
    text: str


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression that has been read."""

    source: Source
    formula: Formula
    references: Mapping[str, Reference]

    @property
    def is_typed(self) -> bool:
        """Whether it is made of typed numbers alone."""
        return not self.references

    def evaluate(self, look: Callable[[Reference], float]) -> float:
        """Return its value.

        Raises
        ------
        LessonError
            ``not_finite``, or what `look` raises.
        ExpressionError
            Where it has no value, at its place in the lesson.
        """
        values = {name: look(reference) for name, reference in self.references.items()}
        for name, value in values.items():
            if not math.isfinite(value):
                raise error_at(self.references[name].spot, "not_finite", text=name, value=value)
        try:
            return graph_of(self.formula, values).value
        except ExpressionError as error:
            if error.kind not in ("no_derivative", "derivative_overflow"):
                raise moved(error, self.source.spot) from None
        return self._without_derivatives(values)

    def _without_derivatives(self, given: Mapping[str, float]) -> float:
        """Its value where it has no derivative, as a root has none at 0; the graph has checked the values."""
        terms = self.formula.terms
        values = [given.get(term.name, term.constant) for term in terms]
        for index, operation, operands in self.formula.calls:
            values[index] = float(operation(*(values[i] for i in operands)))
        return values[self.formula.output]


class Comparison(NamedTuple):
    """Two expressions and the sign between them."""

    left: Expression
    sign: str
    right: Expression

    def holds(self, look: Callable[[Reference], float]) -> bool:
        """Whether it is true; two numbers are equal where only rounding tells them apart."""
        left, right = self.left.evaluate(look), self.right.evaluate(look)
        equal = abs(left - right) <= 1e-12 * max(abs(left), abs(right))
        return {
            "==": equal,
            "!=": not equal,
            "<=": equal or left < right,
            ">=": equal or left > right,
            "<": not equal and left < right,
            ">": not equal and left > right,
        }[self.sign]


@dataclass(frozen=True, eq=False)
class Condition:
    """Comparisons that hold together."""

    source: Source
    parts: tuple[Comparison, ...]

    @property
    def is_typed(self) -> bool:
        """Whether it is made of typed numbers alone."""
        return all(part.left.is_typed and part.right.is_typed for part in self.parts)

    @property
    def references(self) -> tuple[Reference, ...]:
        """All numbers that it names."""
        return tuple(
            reference
            for part in self.parts
            for side in (part.left, part.right)
            for reference in side.references.values()
        )

    def holds(self, look: Callable[[Reference], float]) -> bool:
        """Whether all of it is true."""
        return all(part.holds(look) for part in self.parts)


@dataclass(frozen=True)
class Known:
    """What an expression may name.

    Attributes
    ----------
    formulas : mapping of experiment to bool
        All experiments, and whether each is a formula.
    experiment : str
        Which it is about where it does not say so.
    letters : collection of str
        Those that stand for a number in this block.
    """

    formulas: Mapping[str, bool]
    experiment: str
    letters: Collection[str] = ()


def error_at(spot: Spot, kind: str, /, **details: object) -> LessonError:
    """An error about a place in a lesson."""
    return LessonError(kind, file=spot.file, line=spot.line, column=spot.column, **details)


def moved(error: EngineError, spot: Spot) -> EngineError:
    """The same error of an expression that begins at `spot`."""
    line, column = int(error.details["line"]), int(error.details["column"])
    if line == 1:
        column += spot.column - 1
    details = {**error.details, "file": spot.file, "line": spot.line + line - 1, "column": column}
    return type(error)(error.kind, **details)


def _shifted(spot: Spot, by: int) -> Spot:
    return spot._replace(column=spot.column + by)


def read_expression(source: Source, known: Known) -> Expression:
    """Read an expression.

    Raises
    ------
    LessonError, ExpressionError
        With the place in the lesson.
    """
    if len(source.text) > MOST_CHARACTERS:
        raise error_at(source.spot, "expression_too_long", limit=MOST_CHARACTERS)
    names = {*QUANTITIES, *known.letters} if not known.formulas.get(known.experiment) else ()
    try:
        formula = parse(source.text, names, places=True)
    except ExpressionError as error:
        raise moved(error, source.spot) from None
    except RecursionError:  # pragma: no cover - the parser has no recursion of its own
        raise error_at(source.spot, "expression_too_long", limit=MOST_CHARACTERS) from None
    references = {
        name: _reference(name, _shifted(source.spot, formula.terms[index].start), known)
        for name, index in formula.variables.items()
    }
    return Expression(source, formula, MappingProxyType(references))


def read_condition(source: Source, known: Known) -> Condition:
    """Read a condition; see `read_expression`."""
    if len(source.text) > MOST_CHARACTERS:
        raise error_at(source.spot, "expression_too_long", limit=MOST_CHARACTERS)
    parts: list[Comparison] = []
    for start, end in _split(source.text, " and "):
        part = source.text[start:end]
        signs = list(_signs(part))
        if not signs:
            text = part.strip()[:40]
            raise error_at(_shifted(source.spot, start), "no_comparison", text=text)
        ends = [(0, signs[0][0])]
        ends += [(a[1], b[0]) for a, b in zip(signs, [*signs[1:], (len(part), 0, "")], strict=True)]
        sides = []
        for begin, stop in ends:
            text = part[begin:stop]
            at = start + begin + len(text) - len(text.lstrip())
            sides.append(read_expression(Source(text.strip(), _shifted(source.spot, at)), known))
        parts += [Comparison(sides[i], sign, sides[i + 1]) for i, (_, _, sign) in enumerate(signs)]
    return Condition(source, tuple(parts))


def _depths(text: str) -> list[int]:
    depth, depths = 0, []
    for letter in text.translate(FULL_WIDTH):
        depth -= letter in ")]}"
        depths.append(depth)
        depth += letter in "([{"
    return depths


def _split(text: str, word: str) -> list[tuple[int, int]]:
    """The stretches between a word that stands in no brackets."""
    depths, found, start = _depths(text), [], 0
    for match in re.finditer(re.escape(word), text):
        if depths[match.start()] == 0:
            found.append((start, match.start()))
            start = match.end()
    return [*found, (start, len(text))]


def _signs(text: str) -> list[tuple[int, int, str]]:
    """Comparisons that stand in no brackets: begin, end, sign."""
    plain, depths = text.translate(FULL_WIDTH), _depths(text)
    found, at = [], 0
    while at < len(plain):
        sign = next((op for op in _OPERATORS if plain.startswith(op, at)), "")
        other = _ANOTHER_SIGN.get(plain[at], "")
        if depths[at] == 0 and (sign or other):
            length = len(sign) or 1
            found.append((at, at + length, sign or other))
            at += length
        else:
            at += 1
    return found


# -- names with places ---------------------------------------------------------------------------------


def _reference(text: str, spot: Spot, known: Known) -> Reference:
    name, bracket, rest = text.partition("[")
    words = [word for word in rest.removesuffix("]").split(",")] if bracket else []
    if bracket and not all(words):
        raise error_at(spot, "bad_place", text=text[:60], allowed=_allowed(name))
    options: dict[str, str] = {}
    plain: list[str] = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key in ("step", "sample", "experiment", "within"):
            if key in options or not value:
                raise error_at(spot, "bad_place", text=word[:60], allowed=_allowed(name))
            options[key] = value
        else:
            plain.append(word)
    experiment = options.get("experiment", known.experiment)
    if experiment not in known.formulas:
        kind = "unknown_experiment" if experiment else "no_experiment"
        raise error_at(spot, kind, name=experiment[:60], allowed=", ".join(known.formulas))
    if known.formulas[experiment]:
        return _of_formula(name, plain, options, experiment, spot, text)
    return _of_record(name, plain, options, experiment, spot, text, known.letters)


def _of_formula(
    name: str, plain: list[str], options: dict[str, str], experiment: str, spot: Spot, text: str
) -> Reference:
    wrong = [word for word in options if word != "experiment"]
    indices: list[str] = []
    moves: list[tuple[str, str, float]] = []
    for word in plain:
        move = _MOVED.fullmatch(word)
        if move:
            moves.append((move[1], move[2], float(move[3])))
        elif name == DERIVATIVE and word.isidentifier():
            indices.append(word)
        else:
            wrong.append(word)
    if wrong or (name == DERIVATIVE and plain and len(indices) != 2):
        allowed = "d[y,x], y[x=2], y[x+0.01]"
        raise error_at(spot, "bad_place", text=(wrong[0] if wrong else text)[:60], allowed=allowed)
    return Reference(name, tuple(indices), experiment, None, None, False, 0, tuple(moves), spot, text)


def _of_record(
    name: str,
    plain: list[str],
    options: dict[str, str],
    experiment: str,
    spot: Spot,
    text: str,
    letters: Collection[str],
) -> Reference:
    if name in letters and not plain and not options and name == "factor":
        return Reference(name, (), experiment, None, None, False, 0, (), spot, text)
    if name not in QUANTITIES:
        raise error_at(spot, "unknown_quantity", text=name[:60], allowed=", ".join(QUANTITIES))
    after = "after" in plain
    moments = [word for word in plain if word in ("before", "after")]
    if len(moments) > 1 or (moments and name not in TWICE):
        raise error_at(spot, "bad_place", text=moments[-1], allowed=_allowed(name))
    indices = [_index(word, letters) for word in plain if word not in ("before", "after")]
    form = QUANTITIES[name]
    fits = len(indices) == len(form) and all(
        index is not None and (index != "b" or place == "p")
        for index, place in zip(indices, form, strict=True)
    )
    if not fits and not (name in WITHOUT_INDEX and not indices):
        raise error_at(spot, "bad_indices", text=text[:60], expected=_example(name))
    numbers: dict[str, int | str | None] = {"step": None, "sample": None, "within": 100}
    for key, value in options.items():
        if key == "experiment":
            continue
        if (key == "within") != (name == "diverges"):
            raise error_at(spot, "bad_place", text=f"{key}={value}"[:60], allowed=_allowed(name))
        if key == "sample" and value in letters:
            numbers[key] = value
            continue
        if not value.isdecimal() or not value.isascii() or not 1 <= int(value[:9]) <= MOST_STEPS:
            raise error_at(spot, "bad_place", text=f"{key}={value}"[:60], allowed=_allowed(name))
        numbers[key] = int(value[:9])
    kept = tuple(index for index in indices if index is not None)
    within, step = numbers["within"], numbers["step"]
    assert isinstance(within, int) and not isinstance(step, str)
    return Reference(name, kept, experiment, step, numbers["sample"], after, within, (), spot, text)


def _index(word: str, letters: Collection[str]) -> int | str | None:
    if word == "b" or word in letters:
        return word
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 7 else None


def _example(name: str) -> str:
    form = QUANTITIES[name].replace("p", "i")
    if not form:
        return name
    also = f", {name}[l,b,j]" if "p" in QUANTITIES[name] else f", {name}" if name in WITHOUT_INDEX else ""
    return f"{name}[{','.join(form)}]{also}"


def _allowed(name: str) -> str:
    if name == "diverges":
        return "within=N, experiment=NAME"
    words = ["step=N", "sample=N", "experiment=NAME"]
    return ", ".join([*words, "before", "after"] if name in TWICE else words)
