"""Judging an answer: right, or which slip gives this number; 'wrong' alone teaches nobody.

The number that was asked for is computed once more under every mistake of the catalogue, and under some
slips of the pen: another sample, indices the other way round, the value before the step. Those that give the
student's number are told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np

from engine.digits import fill
from engine.errors import QT_TRANSLATE_NOOP, EngineError, LessonError
from engine.explain.expression import differentiate
from engine.lessons.expression import DERIVATIVE, OF_SAMPLE, TWICE, Expression, Reference
from engine.lessons.keys import FormulaMoment, Keys, Place
from engine.lessons.lesson import Blank, Choose, Fault, Goal, Order, Point, Predict, Question, Source
from engine.lessons.materials import FormulaWithValues
from engine.mistakes import MISTAKES
from engine.mistakes.clinic import judge as judge_fault

MOST_SLIPS = 3
NUMBER = re.compile(r"[-+]?(\d*)\.?(\d*)(?:e([-+]?\d+))?", re.IGNORECASE)
_SIGNS = {"+": 1, "-": -1, "\u2212": -1, "0": 0, "1": 1, "-1": -1, "＋": 1, "－": -1}

SLIPS = {
    "more_digits": QT_TRANSLATE_NOOP("lessons", "It is right as far as it goes: give more digits."),
    "sign": QT_TRANSLATE_NOOP("lessons", "The size is right, the sign is turned round."),
    "before": QT_TRANSLATE_NOOP("lessons", "That is the value before the step."),
    "after": QT_TRANSLATE_NOOP("lessons", "That is the value after the step."),
    "other_sample": QT_TRANSLATE_NOOP("lessons", "That is the number of sample {sample}."),
    "turned": QT_TRANSLATE_NOOP("lessons", "The indices are the other way round: that is {text}."),
    "other_unit": QT_TRANSLATE_NOOP("lessons", "That is another unit's: {text}."),
    "whole_batch": QT_TRANSLATE_NOOP(
        "lessons", "That is the gradient of the whole batch, not one sample's share."
    ),
    "one_share": QT_TRANSLATE_NOOP("lessons", "That is one sample's share, not the gradient of the batch."),
    "outer": QT_TRANSLATE_NOOP("lessons", "That is {text} alone: the inner derivative is missing."),
    "inner": QT_TRANSLATE_NOOP("lessons", "That is {text} alone: the outer derivative is missing."),
    "added": QT_TRANSLATE_NOOP("lessons", "Along one road the factors are multiplied; here they are added."),
    "one_road": QT_TRANSLATE_NOOP("lessons", "That is one road alone: several lead there, and they add up."),
    "upside_down": QT_TRANSLATE_NOOP("lessons", "That is one divided by the right number."),
    "value": QT_TRANSLATE_NOOP("lessons", "That is the value of {text}, not its derivative."),
}
"""What is said of a slip that is not in the catalogue of mistakes."""


PROGRAMS_ALONE = frozenset(
    {"delta_in_integer_array", "weights_in_integer_array", "update_lost", "targets_broadcast"}
)
"""Mistakes that nobody makes on paper."""


@dataclass(frozen=True)
class Slip:
    """How a number came about.

    Attributes
    ----------
    name : str
        A key of `MISTAKES` or of `SLIPS`.
    context : "mistakes" or "lessons"
        Of the translations of `template`.
    template : str
    details : mapping
        What the template names.
    """

    name: str
    context: str
    template: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is said of it, in English."""
        return fill(self.template, self.details)


@dataclass(frozen=True)
class Verdict:
    """What is to be said of an answer.

    Attributes
    ----------
    right : bool
    answer, expected : float or None
        Where a number was asked for.
    slips : tuple of Slip
        What gives the number that was answered; empty if it is right, or nothing that is known does.
    parts : tuple of Verdict
        Of `blank`, one for each blank.
    points, most : int
        What it is worth, and what it could be.
    """

    right: bool
    answer: float | None = None
    expected: float | None = None
    slips: tuple[Slip, ...] = ()
    parts: tuple[Verdict, ...] = ()
    points: int = 0
    most: int = 1


def read_number(answer: str | float) -> float:
    """The number that a student typed: 0.25, −3, 2·10⁻⁵, 1/3, 0,25.

    Raises
    ------
    LessonError
        ``answer_not_a_number``.
    """
    if isinstance(answer, int | float):
        number = float(answer)
    else:
        text = answer.strip()
        if re.fullmatch(r"[-+\u2212]?\d+[,，]\d+", text):
            text = text.replace(",", ".").replace("，", ".")
        try:
            if len(text) > 100:
                raise LessonError("answer_not_a_number", text=text[:40])
            number = differentiate(text).value
        except EngineError:
            raise LessonError("answer_not_a_number", text=text[:40]) from None
    if not math.isfinite(number):
        raise LessonError("answer_not_a_number", text=str(answer)[:40])
    return number


def _precision(answer: str | float, number: float) -> float:
    """One of the last place that an answer has, rounded or cut off, but not more than half a percent."""
    text = repr(answer) if isinstance(answer, int | float) else answer.strip().replace("\u2212", "-")
    found = NUMBER.fullmatch(text.replace(",", "."))
    coarse = 0.005 * abs(number)
    if not found or not found[0]:
        return min(coarse, 1e-6 * abs(number))
    place = 10.0 ** (max(-300, min(300, int((found[3] or "0")[:4]))) - len(found[2]))
    return max(min(place * (1 + 1e-9), coarse), 1e-9 * abs(number))


def judge(keys: Keys, question: Question, answer: Any) -> Verdict:
    """Judge an answer.

    Parameters
    ----------
    keys : Keys
        Of the student.
    question : Question
    answer
        Of `predict` a number or text, of ``ask=sign`` one of + − 0; of `blank` a number or text for each; of
        `choose` the answer's place from 0; of `order` the items' places, from 0, as they were sorted; of
        `point` a place (`engine.lessons.keys.Place`); of `goal` a `Moment` or `FormulaMoment`; of `fault` the
        quantity, the place in its array and the name of the mistake.

    Raises
    ------
    LessonError
        ``answer_not_a_number``, or what is wrong with the lesson.
    """
    if isinstance(question, Predict):
        return _predicted(keys, question, answer)
    if isinstance(question, Blank):
        return _filled_in(keys, question, answer)
    if isinstance(question, Choose):
        return _plain(int(answer) == keys.key(question).order[0])
    if isinstance(question, Order):
        return _plain(tuple(answer) == keys.key(question).order)
    if isinstance(question, Point):
        return _plain(tuple(cast(Place, answer)) in keys.key(question).places)
    if isinstance(question, Goal):
        return _plain(keys.meets(question, answer))
    if isinstance(question, Fault):
        quantity, place, name = answer
        marks = judge_fault(keys.planted(question), quantity, tuple(place), name)
        return Verdict(marks.points == 2, points=marks.points, most=2)
    raise TypeError(f"{type(question).__name__} asks nothing")


def _plain(right: bool) -> Verdict:
    return Verdict(right, points=int(right))


def _predicted(keys: Keys, question: Predict, answer: str | float) -> Verdict:
    right = keys.key(question).numbers[0]
    if question.ask == "sign":
        sign = _SIGNS.get(str(answer).strip())
        if sign is None:
            raise LessonError("answer_not_a_number", text=str(answer)[:40])
        return replace(_plain(sign == np.sign(right)), answer=float(sign), expected=right)
    return _number(keys, question, question.target, right, answer)


def _filled_in(keys: Keys, question: Blank, answers: Sequence[str | float]) -> Verdict:
    numbers = keys.key(question).numbers
    given = [*answers, *[""] * len(numbers)][: len(numbers)]
    parts = []
    for hole, right, answer in zip(question.holes, numbers, given, strict=True):
        empty = isinstance(answer, str) and not answer.strip()
        parts.append(
            Verdict(False, expected=right) if empty else _number(keys, question, hole.target, right, answer)
        )
    points = sum(part.right for part in parts)
    return Verdict(points == len(parts), parts=tuple(parts), points=points, most=len(parts))


def _number(
    keys: Keys, question: Predict | Blank, target: Source, right: float, answer: str | float
) -> Verdict:
    number = read_number(answer)
    if question.tolerance.allows(number, right):
        return Verdict(True, number, right, points=1)
    if abs(number - right) <= _precision(answer, right):
        slips = [_slip("more_digits")]
    else:
        room = _precision(answer, number)
        slips = list(_matching(keys, question, target, right, number, room))[:MOST_SLIPS]
    return Verdict(False, number, right, tuple(slips))


def _slip(name: str, **details: object) -> Slip:
    return Slip(name, "lessons", SLIPS[name], details)


# -- which slip gives a number -----------------------------------------------------------------------------


def _matching(
    keys: Keys, question: Question, target: Source, right: float, number: float, room: float
) -> Iterator[Slip]:
    """The slips that give a number other than the right one."""
    seen: set[str] = set()
    for slip, value in slips_of(keys, question, target, right):
        differs = abs(value - right) > 1e-9 * max(abs(value), abs(right))
        if differs and abs(value - number) <= max(room, 1e-9 * abs(value)) and slip.text not in seen:
            seen.add(slip.text)
            yield slip


def slips_of(keys: Keys, question: Question, target: Source, right: float) -> Iterator[tuple[Slip, float]]:
    """The numbers that slips make of what is asked for; those of the catalogue first, the easiest first."""
    expression = keys.expression(target, question)
    if isinstance(keys.material(question.experiment), FormulaWithValues):
        yield from _of_formula(keys, question, expression)
    else:
        yield from _of_moments(keys, question, expression)
        yield from _of_catalogue(keys, question, expression)
        yield from _of_places(keys, question, expression)
    yield _slip("sign"), -right
    if right:
        yield _slip("upside_down"), 1.0 / right


def _value(expression: Expression, look: Callable[[Reference], float]) -> float:
    try:
        return expression.evaluate(look)
    except EngineError:
        return math.nan


def _of_catalogue(keys: Keys, question: Question, expression: Expression) -> Iterator[tuple[Slip, float]]:
    for name, moment in keys.wrong_moments(question):
        if name in PROGRAMS_ALONE:
            continue
        value = _value(expression, keys.look(question, moment))
        if math.isfinite(value):
            yield Slip(name, "mistakes", MISTAKES[name].meaning), value


def _of_moments(keys: Keys, question: Question, expression: Expression) -> Iterator[tuple[Slip, float]]:
    """What comes out before the step or after it."""
    look = keys.look(question)
    for after in (False, True):
        if any(r.name in TWICE and r.after != after for r in expression.references.values()):

            def other(reference: Reference, after: bool = after) -> float:
                return look(replace(reference, after=after) if reference.name in TWICE else reference)

            yield _slip("after" if after else "before"), _value(expression, other)


def _of_places(keys: Keys, question: Question, expression: Expression) -> Iterator[tuple[Slip, float]]:
    """What comes out with another sample or place."""
    look = keys.look(question)
    sizes = keys.record(question.experiment, question.step, question.spot).sizes
    batch = keys.record(question.experiment, question.step, question.spot).batch

    def varied(names: Collection[str], **fields: Any) -> float:
        def other(reference: Reference) -> float:
            return look(replace(reference, **fields) if reference.name in names else reference)

        return _value(expression, other)

    references = list(expression.references.values())
    if any(reference.name == "share" for reference in references) and batch > 1:
        yield _slip("whole_batch"), varied({"share"}, name="grad")
    if any(reference.name == "grad" for reference in references) and batch > 1:
        yield _slip("one_share"), varied({"grad"}, name="share")
    if any(reference.name in OF_SAMPLE for reference in references):
        for sample in range(1, min(batch, 50) + 1):
            yield _slip("other_sample", sample=sample), varied(OF_SAMPLE, sample=sample)
    if len(references) == 1:
        for slip, other in _other_places(references[0], sizes):
            yield slip, varied({other.name}, indices=other.indices)


def _other_places(reference: Reference, sizes: Sequence[int]) -> Iterator[tuple[Slip, Reference]]:
    indices = reference.indices
    if len(indices) == 3 and indices[1] != "b" and indices[1] != indices[2]:
        turned = (indices[0], indices[2], indices[1])
        yield _slip("turned", text=_written(reference.name, turned)), replace(reference, indices=turned)
    if len(indices) in (2, 3) and isinstance(indices[0], int) and 0 <= indices[0] < len(sizes):
        for unit in range(1, min(sizes[indices[0]], 50) + 1):
            if unit != indices[-1]:
                other = (*indices[:-1], unit)
                text = _written(reference.name, other)
                yield _slip("other_unit", text=text), replace(reference, indices=other)


def _written(name: str, indices: Iterable[int | str]) -> str:
    return f"{name}[{','.join(map(str, indices))}]"


def _of_formula(keys: Keys, question: Question, expression: Expression) -> Iterator[tuple[Slip, float]]:
    """What comes out if a part of the chain rule is left out."""
    references = list(expression.references.values())
    moment = keys.moment(question.experiment)
    if len(references) != 1 or references[0].name != DERIVATIVE or not references[0].indices:
        return
    assert isinstance(moment, FormulaMoment)
    reference = references[0]
    of, by = (str(name) for name in reference.indices)
    look = keys.look(question)

    def derivative(of: str, by: str) -> float:
        other = replace(reference, indices=(of, by))
        return _value(expression, lambda _: look(other))

    formula = moment.material.formula
    between = [name for name in formula.lines if name not in (of, by)]
    for name in between:
        outer, inner = derivative(of, name), derivative(name, by)
        if not outer or not inner or not math.isfinite(outer * inner):
            continue
        yield _slip("outer", text=f"d[{of},{name}]"), outer
        yield _slip("inner", text=f"d[{name},{by}]"), inner
        yield _slip("added"), outer + inner
        yield _slip("one_road"), outer * inner
    value = replace(reference, name=of, indices=())
    yield _slip("value", text=of), _value(expression, lambda _: look(value))
