"""A number of a step multiplied out, as it is right and as somebody has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import FloatArray
from engine.mistakes.reference import Case, Step
from engine.mistakes.replayed import replay

How = Literal["sum", "product", "function", "update", "ratio", "number"]


@dataclass(frozen=True)
class Line:
    """How a number comes about.

    Attributes
    ----------
    how : str
        ``sum`` and ``product`` of the terms; ``function`` of the one term; ``update``: the first term
        less the second times the third; ``ratio``: the first term times the second; ``number``: it is
        not known how.
    terms : tuple of float
    result : float
    """

    how: How
    terms: tuple[float, ...]
    result: float


@dataclass(frozen=True)
class Multiplied:
    """One number, right and as somebody has it.

    Attributes
    ----------
    name : str
        The quantity.
    place : tuple of int
    right, yours : Line
    """

    name: str
    place: tuple[int, ...]
    right: Line
    yours: Line


def multiplied(
    case: Case, name: str, place: tuple[int, ...], value: float, mistakes: Sequence[str] = ()
) -> Multiplied:
    """Multiply a number out.

    Parameters
    ----------
    case : Case
        What the step starts from.
    name, place : str, tuple of int
        Which number.
    value : float
        What somebody has.
    mistakes : sequence of str
        Those that explain it; none if it is not known how it came about.
    """
    kind, layer = name.rstrip("0123456789"), int(name.lstrip("abdeglostWz") or 0)
    right_step, right_values = replay(case)
    right = _line(right_step, kind, layer, place, float(right_values[name][place]))
    if mistakes:
        step, values = replay(case, mistakes)
        own = float(values[name][place])  # with all its digits, however few were printed
        lines = _tried(step, kind, layer, place, own) if step.delta[case.L].size else iter(())
        found = next((line for line in lines if _near(_result(line), own)), None)
        if found is not None and not _alike(found, right):
            return Multiplied(name, place, right, found)
        if right.result and np.isfinite(own / right.result):
            return Multiplied(name, place, right, Line("ratio", (right.result, own / right.result), own))
    return Multiplied(name, place, right, Line("number", (), value))


def _result(line: Line) -> float:
    if line.how in ("sum", "function", "number"):
        return sum(line.terms) if line.how == "sum" else line.result
    if line.how == "update":
        return line.terms[0] - line.terms[1] * line.terms[2]
    return float(np.prod(line.terms))


def _near(found: float, value: float) -> bool:
    """Whether a line comes to a number."""
    return bool(abs(found - value) <= 1e-9 * abs(value) + 1e-15)


def _alike(one: Line, other: Line) -> bool:
    return (
        one.how == other.how
        and np.shape(one.terms) == np.shape(other.terms)
        and np.allclose(one.terms, other.terms, rtol=1e-9, atol=0.0)
    )


def _line(step: Step, kind: str, layer: int, place: tuple[int, ...], result: float) -> Line:
    """How the step itself comes to a number."""
    line = next(_tried(step, kind, layer, place, result), None)
    return line or Line("number", (), result)


def _tried(step: Step, kind: str, layer: int, place: tuple[int, ...], result: float) -> Iterator[Line]:
    """The usual way to a number, and then ways that people take by mistake."""
    case = step.case
    if kind == "dW":
        i, j = place
        belows = [step.a[layer - 1], step.z[layer - 1], step.a[layer], case.inputs]
        deltas = [step.delta[n] for n in (layer, layer + 1) if n <= case.L]
        for delta in deltas:
            for below in belows:
                if i < below.shape[1] and j < delta.shape[1]:
                    yield Line("sum", _floats(below[:, i] * delta[:, j]), result)
    elif kind == "db":
        (j,) = place
        column = step.delta[layer][:, j]
        for factor in (1.0 / case.B, 1.0) if case.biases_averaged else (1.0, 1.0 / case.B):
            yield Line("sum", _floats(factor * column), result)
    elif kind == "delta":
        yield from _of_delta(step, layer, place, result)
    elif kind == "z":
        row, j = place
        products = step.a[layer - 1][row] * case.W[layer][:, j]
        bias = float(case.b[layer][j])
        yield Line("sum", (*_floats(products), bias), result)
        yield Line("sum", _floats(products), result)
        W = case.W[layer].T
        if W.shape == case.W[layer].shape:
            yield Line("sum", (*_floats(step.a[layer - 1][row] * W[:, j]), bias), result)
    elif kind == "a":
        yield Line("function", (float(step.z[layer][place]),), result)
    elif kind == "loss":
        with np.errstate(all="ignore"):
            losses = step.sample_losses()
        for factor in (1.0 / case.B, 1.0) if case.mean else (1.0, 1.0 / case.B):
            yield Line("sum", _floats(factor * losses), result)
    elif kind in ("W", "b"):
        before = float((case.W if kind == "W" else case.b)[layer][place])
        rate = step.rate()
        if rate:
            yield Line("update", (before, rate, (before - result) / rate), result)


def _of_delta(step: Step, layer: int, place: tuple[int, ...], result: float) -> Iterator[Line]:
    """What comes down times the slope; at the output the error, the slope, and the batch's factor."""
    case = step.case
    if layer < case.L:
        sent = float(step.sent[layer][place]) if step.sent[layer].size else 0.0
        if sent and case.functions[layer - 1].elementwise:
            yield Line("product", (sent, result / sent), result)
        return
    error, factor = float(step.e[place]), step.r * step.c
    if not (error and factor):
        return
    slope = result / (error * factor)
    terms = [error] if case.natural and abs(slope - 1.0) < 1e-9 else [error, slope]
    yield Line("product", (*terms, factor) if abs(factor - 1.0) > 1e-12 else tuple(terms), result)


def _floats(array: FloatArray) -> tuple[float, ...]:
    return tuple(float(x) for x in array)
