"""Watches a training for conditions, and ends it at the very step at which one comes true.

A condition pauses when it *becomes* true. One that is true already when it is set, or at the moment that
one has gone to, pauses once, after the next step (or when it has lasted as long as it says from there);
then it has to become false before it pauses again, so that a press of Run always goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import IntArray
from engine.errors import DivergenceError
from engine.parts import Part
from engine.training.conditions import Breakpoint, Condition, ValidationStalled
from engine.training.stretch import Stretch

if TYPE_CHECKING:
    from engine.training.trainer import Trainer


@dataclass(frozen=True)
class Hit:
    """A condition has come true.

    Attributes
    ----------
    step : int
        The first step, or the one that completes what has to last; the moment after it is the one to show.
    part : Part
        Where: a layer, a unit, a parameter, or the loss.
    value : float
        The number that made it true.
    """

    step: int
    condition: Condition
    part: Part
    value: float


class Watcher:
    """Looks at a training for conditions that come true.

    Parameters
    ----------
    breakpoints : iterable of Breakpoint
        The first of those that come true at one step is the one that is told.
    """

    def __init__(self, breakpoints: Iterable[Breakpoint] = ()) -> None:
        # How many times in a row each has been true in each place; None for one not looked at yet
        self._counts: dict[Condition, IntArray | None] = {}
        self._best = np.inf
        self._at: tuple[int, int] | None = None
        self.watch(breakpoints)

    def watch(self, breakpoints: Iterable[Breakpoint]) -> None:
        """Look for these from now on; what was looked for already goes on."""
        conditions = [breakpoint.condition for breakpoint in breakpoints if breakpoint.on]
        self._counts = {condition: self._counts.get(condition) for condition in conditions}
        if not self._needs_validation:
            self._best = np.inf

    def run(self, trainer: Trainer, steps: int, stop: Callable[[], bool] | None = None) -> Hit | None:
        """Make steps as `Trainer.run` does, but end right after the one at which a condition comes true.

        Raises
        ------
        DivergenceError
            As `Trainer.run` does; a condition that comes true before that is told instead.
        """
        if not self._counts:
            trainer.run(steps, stop)
            return None
        self._come_to(trainer, trainer.completed)
        furthest, hit = trainer.furthest, None

        def is_over() -> bool:
            nonlocal hit
            hit = self.look(trainer)
            return hit is not None or (stop is not None and stop())

        try:
            trainer.run(steps, is_over, watched=True)
            hit = hit or self.look(trainer)
        except DivergenceError:
            hit = self.look(trainer)
            if hit is None:
                raise
        if hit is not None and hit.step < trainer.completed:
            trainer.seek(hit.step)
            if hit.step >= furthest:
                trainer.forget_future()
        return hit

    def look(self, trainer: Trainer) -> Hit | None:
        """Look at the chunk or step just made, and tell what came true in it first."""
        before, completed = trainer.chunk.before, trainer.completed
        if not self._counts or self._at == (trainer.current.number, completed) or completed <= before:
            return None
        self._come_to(trainer, before)
        stretch = Stretch(trainer, self._best)
        counted = {
            condition: self._count(condition, stretch)
            for condition in self._counts
            if condition.part.exists(trainer.packing.sizes)
        }
        hits = [hit for condition, counts in counted.items() if (hit := _first(condition, stretch, counts))]
        hit = min(hits, key=lambda found: found.step, default=None)
        end = completed if hit is None else hit.step
        for condition, counts in counted.items():
            made = int(np.searchsorted(_rows(condition, stretch), end, side="right"))
            self._counts[condition] = counts[made]
        if self._needs_validation:
            steps, losses = stretch.evaluations.T
            self._best = float(np.fmin.reduce(losses[steps <= end], initial=self._best))
        self._at = (trainer.current.number, end)
        return hit

    @property
    def _needs_validation(self) -> bool:
        return any(isinstance(condition, ValidationStalled) for condition in self._counts)

    def _come_to(self, trainer: Trainer, step: int) -> None:
        """Begin anew, unless the last look ended at this step of this run."""
        here = (trainer.current.number, step)
        if self._at != here:
            self._at = here
            self._counts = dict.fromkeys(self._counts)
            self._best = np.inf
        if self._needs_validation and self._best == np.inf:
            evaluations = trainer.current.evaluations.read()
            losses = evaluations[evaluations[:, 0] <= step, 1]
            self._best = float(np.fmin.reduce(losses, initial=np.inf))

    def _count(self, condition: Condition, stretch: Stretch) -> IntArray:
        """How many times in a row it has been true, before the first row and after each, (m + 1, p)."""
        test = condition.test(stretch)
        before = self._counts[condition]
        if before is None:
            before = np.zeros(test.shape[1], dtype=np.int64)
        counts = np.empty((len(test) + 1, test.shape[1]), dtype=np.int64)
        counts[0] = before
        rows = np.arange(1, len(test) + 1)[:, None]
        last_false = np.maximum.accumulate(np.where(test, 0, rows), axis=0)
        counts[1:] = rows - last_false + np.where(last_false == 0, before, 0)
        return counts


def _rows(condition: Condition, stretch: Stretch) -> IntArray:
    """The steps of the rows of `Condition.test`."""
    if condition.counts_epochs:
        steps: IntArray = stretch.evaluations[:, 0].astype(np.int64)
        return steps
    return stretch.steps


def _first(condition: Condition, stretch: Stretch, counts: IntArray) -> Hit | None:
    came_true = counts[1:] == condition.patience
    if not came_true.any():
        return None
    row = int(came_true.any(axis=1).argmax())
    place = int(came_true[row].argmax())
    return Hit(
        int(_rows(condition, stretch)[row]),
        condition,
        condition.part_of(stretch, place),
        condition.number(stretch, row, place),
    )
