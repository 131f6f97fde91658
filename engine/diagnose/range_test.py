"""The learning-rate range test: where the loss comes to in some more steps, at one rate after another.

After Smith 2017, *Cyclical Learning Rates for Training Neural Networks*; but each rate begins at the same
parameters, so that one rate's result does not depend on those before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, seal
from engine.diagnose.score import UNLIMITED, score
from engine.errors import DivergenceError
from engine.training.prediction import calm
from engine.training.trainer import Trainer

MOST_STEPS = 50


@dataclass(frozen=True, eq=False)
class RangeTest:
    """The loss over all training rows, after some more steps at each of several learning rates.

    Attributes
    ----------
    step : int
        Where all of them begin.
    made : int
        Steps that each has made.
    rate, before : float
        The rate as it is set, and the loss at the beginning.
    rates, losses : (m,)
        NaN where a number was no longer finite.
    """

    step: int
    made: int
    rate: float
    before: float
    rates: FloatArray
    losses: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    @property
    def best(self) -> float:
        """The rate with the lowest loss; NaN where none is finite."""
        if not np.isfinite(self.losses).any():
            return float("nan")
        return float(self.rates[int(np.nanargmin(self.losses))])


def range_test(
    trainer: Trainer,
    rates: FloatArray | None = None,
    *,
    steps: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> RangeTest:
    """Try learning rates on copies, from the moment that is looked at; the trainer is only read."""
    rates = np.logspace(-5, 2, 36) if rates is None else np.asarray(rates, dtype=np.float64)
    made = max(5, min(MOST_STEPS, trainer.epoch_steps)) if steps is None else steps
    start = trainer.copy()
    start.forget_future()
    losses = []
    for rate in rates.tolist():
        if stop is not None and stop():
            break
        branch = start.copy()
        try:
            branch.change(branch.experiment.changed(learning_rate=rate))
            branch.run(made)
            losses.append(_loss(branch))
        except DivergenceError:
            losses.append(float("nan"))
    return RangeTest(
        start.completed,
        made,
        start.experiment.learning_rate,
        _loss(start),
        rates[: len(losses)],
        np.array(losses, dtype=np.float64),
    )


def _loss(trainer: Trainer) -> float:
    """Over all training rows; NaN beyond what is worth a number."""
    with calm():
        p = trainer.prepared
        state = trainer.weights, trainer.biases
        loss = score(trainer.experiment, trainer.dataset, *state, p.inputs, p.targets, 1.0).loss
    return loss if loss < UNLIMITED else float("nan")
