"""How the learning rate changes as training goes on: a factor on the experiment's learning rate.

All but one are pure functions of the step and the epoch (both counted from 0 at the first step).
`ReduceOnPlateau` looks at the loss at each epoch's end and carries a small state.

Sources: PyTorch's `lr_scheduler` semantics; Loshchilov and Hutter 2017 (cosine); Goyal et al. 2017
(warm-up).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import Rule, Table, parameter
from engine.functions.traced import Quantity, cos, minimum


class PlateauState(NamedTuple):
    """What `ReduceOnPlateau` remembers: the factor, the best loss, and epochs since it."""

    factor: float = 1.0
    best: float = math.inf
    waited: int = 0


@dataclass(frozen=True)
class Schedule(Rule):
    """A learning-rate schedule.

    Attributes
    ----------
    formula : str
        The learning rate of a step, LaTeX; eta_0 is the experiment's, e the epoch, t the step.
    needs_loss : bool
        Whether it looks at the loss at each epoch's end.
    """

    formula: ClassVar[str] = r"\eta_0"
    needs_loss: ClassVar[bool] = False

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        """The factor of a step, given its index and that of its epoch, from 0."""
        return 1.0

    def factors(self, steps: IntArray, epochs: IntArray) -> FloatArray:
        """The factor of each step."""
        return np.full(len(steps), self.factor_of(steps, epochs), np.float64)

    def observe(self, state: PlateauState, loss: float) -> PlateauState:
        """The state after an epoch that ended with `loss`, NaN for one that was not seen whole."""
        return state


@dataclass(frozen=True)
class ConstantRate(Schedule):
    """The same rate for ever."""

    name: ClassVar = "constant"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "constant")


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Multiplied by `factor` every so many epochs."""

    every: int = parameter(10, QT_TRANSLATE_NOOP("catalogue", "every … epochs"), low=1)
    factor: float = parameter(0.5, QT_TRANSLATE_NOOP("catalogue", "factor"), low=0.0, high=1.0, open_low=True)
    name: ClassVar = "step"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "in steps")
    formula: ClassVar = r"\eta_0\,\gamma^{\lfloor e / n \rfloor}"

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        return self.factor ** (epoch // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """Multiplied by `factor` every epoch."""

    factor: float = parameter(
        0.99, QT_TRANSLATE_NOOP("catalogue", "factor"), low=0.0, high=1.0, open_low=True
    )
    name: ClassVar = "exponential"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "exponential")
    formula: ClassVar = r"\eta_0\,\gamma^{e}"

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        return self.factor**epoch


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """From the full rate to `floor` times it along half a cosine, over `epochs` epochs, then flat."""

    epochs: int = parameter(100, QT_TRANSLATE_NOOP("catalogue", "over … epochs"), low=1)
    floor: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "lowest factor"), low=0.0, high=1.0)
    name: ClassVar = "cosine"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "cosine")
    formula: ClassVar = r"\eta_0\,(f + \frac{1 - f}{2}\,(1 + \cos \frac{\pi e}{n}))"

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        turn = cos(math.pi * minimum(epoch, self.epochs) / self.epochs)
        return self.floor + (1 - self.floor) / 2 * (1 + turn)


@dataclass(frozen=True)
class LinearWarmUp(Schedule):
    """Rising in a straight line to the full rate over the first `steps` steps (Goyal et al. 2017)."""

    steps: int = parameter(100, QT_TRANSLATE_NOOP("catalogue", "over … steps"), low=1)
    name: ClassVar = "linear_warm_up"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "linear warm-up")
    formula: ClassVar = r"\eta_0 \min(1, \frac{t}{n})"

    def factor_of(self, step: Quantity, epoch: Quantity) -> Quantity:
        return minimum(1, (step + 1) / self.steps)


@dataclass(frozen=True)
class ReduceOnPlateau(Schedule):
    """Multiplied by `factor` when the loss has not improved for more than `patience` epochs.

    The loss is the validation loss, or the epoch's mean training loss where nothing validates. As in
    PyTorch an improvement is one by more than the relative threshold 1e-4.
    """

    factor: float = parameter(
        0.5, QT_TRANSLATE_NOOP("catalogue", "factor"), low=0.0, high=1.0, open_low=True, open_high=True
    )
    patience: int = parameter(10, QT_TRANSLATE_NOOP("catalogue", "patience, epochs"), low=0)
    name: ClassVar = "reduce_on_plateau"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "reduce on plateau")
    formula: ClassVar = r"\eta_0\,\gamma^{\mathrm{plateaus}}"
    needs_loss: ClassVar = True
    threshold: ClassVar[float] = 1e-4

    def observe(self, state: PlateauState, loss: float) -> PlateauState:
        if math.isnan(loss):
            return state
        if loss < state.best * (1.0 - self.threshold):
            return state._replace(best=loss, waited=0)
        if state.waited + 1 > self.patience:
            return state._replace(factor=state.factor * self.factor, waited=0)
        return state._replace(waited=state.waited + 1)


SCHEDULES: Table[Schedule] = Table(
    ConstantRate, StepDecay, ExponentialDecay, CosineDecay, LinearWarmUp, ReduceOnPlateau
)
