"""The arithmetic of one parameter's update: penalty, clipping, the optimizer's lines, the new value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.experiment import Experiment
from engine.functions.regularizers import Clipping, Regularizer
from engine.functions.traced import Traced, execute
from engine.functions.written_out import Lines, Term
from engine.records import StepRecord


@dataclass(frozen=True)
class Update:
    """The arithmetic of one parameter's update, from its gradient to its new value.

    Attributes
    ----------
    before, after : float
    gradient : float
        Of the data loss.
    penalty : float
        What the penalty adds to it.
    clipped : float
        Their sum after clipping: the g of the optimizer.
    terms : tuple of Term
        All that is computed on the way from the gradient to the change, which is the last; none if
        frozen. `gradient` and `slots_before` are what it begins with.
    slots_before, slots_after : dict of str to float
    learning_rate : float
    step : int
        Updates the optimizer has made, this one included.
    change : float
        The new value is ``before - change``; 0 if frozen.
    frozen : bool
    """

    before: float
    gradient: float
    penalty: float
    clipped: float
    terms: tuple[Term, ...]
    slots_before: dict[str, float]
    slots_after: dict[str, float]
    learning_rate: float
    step: int
    change: float
    after: float
    frozen: bool


def update_of(
    experiment: Experiment, record: StepRecord, layer: int, at: int | tuple[int, int], gradient: float
) -> Update:
    """How a parameter of `layer` got its new value, bit for bit.

    Parameters
    ----------
    layer : int
        From 1.
    at : (source, unit) or unit
        Its place among the weights, or the biases, from 0.
    gradient : float
        Of the data loss.
    """
    index, is_weight = layer - 1, isinstance(at, tuple)
    which = 0 if is_weight else 1
    p = (record.weights_before if is_weight else record.biases_before)[index]
    slots_before = {name: float(slot[which][index][at]) for name, slot in record.slots_before.items()}
    slots_after = {name: float(slot[which][index][at]) for name, slot in record.slots_after.items()}

    # Arrays of one element and the rules' own programs: the pass's operations, rounding included.
    value, g = np.array([p[at]], p.dtype), np.array([gradient], p.dtype)
    penalty = np.zeros_like(value)
    execute(experiment.regularizer.gradients(value, np.array([float(is_weight)], p.dtype), penalty))
    g += penalty
    if experiment.clipping.name == "global_norm":
        g *= np.array(record.clip_factor, p.dtype)
    else:
        execute(experiment.clipping.clip(g, np.ones((), p.dtype)))
    change, new = experiment.optimizer.apply(
        float(value[0]), float(g[0]), slots_before, record.learning_rate, record.optimizer_step, p.dtype
    )
    frozen = bool((record.frozen_weights if is_weight else record.frozen_biases)[index][at])
    before = _lines_before(experiment.regularizer, experiment.clipping, is_weight)
    terms_before = before.terms(gradient, float(value[0]), float(penalty[0]), record.clip_factor, float(g[0]))
    terms = experiment.optimizer.terms(
        float(value[0]),
        float(g[0]),
        slots_before,
        slots_after,
        record.learning_rate,
        record.optimizer_step,
        change,
    )
    return Update(
        before=float(value[0]),
        gradient=gradient,
        penalty=float(penalty[0]),
        clipped=float(g[0]),
        terms=() if frozen else (*terms_before, *terms),
        slots_before=slots_before,
        slots_after=slots_after,
        learning_rate=record.learning_rate,
        step=record.optimizer_step,
        change=0.0 if frozen else change,
        after=float(value[0]) if frozen else new,
        frozen=frozen,
    )


class _Before(NamedTuple):
    """What makes the g of the optimizer of the gradient: penalty, of a weight, and clipping."""

    lines: Lines
    gradient: Traced
    w: Traced
    penalty: Traced | None
    sum: Traced | None
    g: Traced
    factor: Traced
    clipped: Traced | None

    def terms(self, gradient: float, w: float, penalty: float, factor: float, clipped: float) -> list[Term]:
        """The lines with their numbers."""
        g = gradient if self.penalty is None else gradient + penalty
        leaves = (self.gradient, self.w, self.penalty, self.sum, self.g, self.factor, self.clipped)
        numbers = (gradient, w, penalty, g, g, factor, clipped)
        given = zip(leaves, numbers, strict=True)
        return self.lines.terms({leaf: number for leaf, number in given if leaf is not None})


@lru_cache(maxsize=64)
def _lines_before(regularizer: Regularizer, clipping: Clipping, is_weight: bool) -> _Before:
    lines = Lines()
    symbols = (r"\frac{\partial L}{\partial w}", "w", "g", "c")
    gradient, w, g, factor = (lines.given(symbol) for symbol in symbols)
    penalty = regularizer.write(lines, w) if is_weight else None
    whole = None if penalty is None else lines.line("g", gradient + penalty)
    return _Before(lines, gradient, w, penalty, whole, g, factor, clipping.write(lines, g, factor))
