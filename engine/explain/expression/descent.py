"""Gradient descent on a function that was typed: its path, and the arithmetic of each step.

Polyak's heavy ball for momentum, in PyTorch's form: v <- momentum v + g, x <- x - rate v.
Polyak, Some methods of speeding up the convergence of iteration methods (1964).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import ExpressionError
from engine.explain.expression.formula import Formula
from engine.explain.expression.graph import Graph, graph_of

MOST_STEPS = 1_000


@dataclass(frozen=True)
class DescentStep:
    """One step: where it begins, the gradient there, the velocity, and where it leads.

    `point`, `gradient`, `velocity` and `next` have a number for each name; `value` is that at `point`.
    """

    point: tuple[float, ...]
    value: float
    gradient: tuple[float, ...]
    velocity: tuple[float, ...]
    next: tuple[float, ...]


@dataclass(frozen=True)
class Descent:
    """A path downhill.

    `steps` may be fewer than asked for: then `stopped` is the error at the point that the last step leads
    to, where the function or its derivative has no finite value.
    """

    names: tuple[str, ...]
    rate: float
    momentum: float
    steps: tuple[DescentStep, ...]
    last: float | None
    stopped: ExpressionError | None

    @property
    def points(self) -> tuple[tuple[float, ...], ...]:
        """All points, the start first."""
        return (*(step.point for step in self.steps), *(step.next for step in self.steps[-1:]))


def descend(
    graph: Graph, names: Sequence[str], rate: float, momentum: float = 0.0, steps: int = 30
) -> Descent:
    """Go downhill from the point of a graph, along some of its variables.

    Parameters
    ----------
    graph : Graph
    names : sequence of str
        The variables that move; the others stay.
    rate : float
        The learning rate, positive.
    momentum : float
        From 0 to less than 1.
    steps : int
        At most `MOST_STEPS`.

    Raises
    ------
    KeyError
        A name that was not given a value.
    ValueError
        A rate, momentum or count outside its range.
    """
    if not (rate > 0.0 and math.isfinite(rate) and 0.0 <= momentum < 1.0 and 0 <= steps <= MOST_STEPS):
        raise ValueError("rate > 0, 0 <= momentum < 1, 0 <= steps <= MOST_STEPS")
    formula: Formula = graph.formula
    given = dict(graph.given)
    velocity = [0.0] * len(names)
    made: list[DescentStep] = []
    stopped: ExpressionError | None = None
    here: Graph | None = graph
    for _ in range(steps):
        assert here is not None
        point = tuple(given[name] for name in names)
        gradient = tuple(here.partials[name] for name in names)
        velocity = [momentum * v + g for v, g in zip(velocity, gradient, strict=True)]
        following = tuple(x - rate * v for x, v in zip(point, velocity, strict=True))
        made.append(DescentStep(point, here.value, gradient, tuple(velocity), following))
        given.update(zip(names, following, strict=True))
        try:
            here = graph_of(formula, given)
        except ExpressionError as error:
            stopped, here = error, None
            break
    return Descent(tuple(names), rate, momentum, tuple(made), None if here is None else here.value, stopped)
