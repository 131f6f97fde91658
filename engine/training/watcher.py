"""Watches a training for conditions, and ends it at the very step at which one comes true.

A condition pauses when it *becomes* true. One that is true already when it is set, or at the moment that
one has gone to, pauses once, after the next step (or when it has lasted as long as it says from there);
then it has to become false before it pauses again, so that a press of Run always goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.errors import DivergenceError
from engine.experiment import Experiment
from engine.parts import Part
from engine.training.conditions import Breakpoint, Condition, ValidationStalled
from engine.training.slopes import can_die, can_saturate, greatest_slopes

if TYPE_CHECKING:
    from engine.training.batches import Segment
    from engine.training.trainer import Trainer


class Stretch:
    """The steps a trainer has just made, for conditions to look at; each number is had when asked for.

    Parameters
    ----------
    trainer : Trainer
        Right after a chunk or a step.
    best : float
        The lowest validation loss before these steps.

    Attributes
    ----------
    steps : (m,) int
        From 1.
    """

    def __init__(self, trainer: Trainer, best: float) -> None:
        self.trainer = trainer
        self.chunk = trainer.chunk
        self.experiment: Experiment = trainer.experiment
        self.best = best
        self.steps: IntArray = np.arange(self.chunk.before + 1, trainer.completed + 1, dtype=np.int64)

    @cached_property
    def _values(self) -> FloatArray:
        return self.trainer.current.series.read(self.chunk.before, self.trainer.completed)

    @property
    def loss(self) -> FloatArray:
        """The mini-batch's loss in each step, (m,)."""
        return self._values[:, 0]

    def gradient_norm(self, layer: int) -> FloatArray:
        """The norm of a layer's gradient in each step, (m,)."""
        norms = self._values.shape[1] - len(self.experiment.layers)
        return self._values[:, norms + layer - 1]

    @property
    def epochs_ended(self) -> tuple[int, ...]:
        """Those of the steps that completed an epoch."""
        return self.chunk.epochs_ended

    @cached_property
    def evaluations(self) -> FloatArray:
        """Step and validation loss at each epoch's end, (k, 2); empty where nothing validates."""
        after = self.trainer.epoch
        return self.trainer.current.evaluations.read(after - len(self.epochs_ended), after)[:, :2]

    @cached_property
    def improved(self) -> BoolArray:
        """Whether the validation loss was lower than ever before, for each evaluation (k,)."""
        losses = self.evaluations[:, 1]
        lowest = np.fmin.accumulate(np.concatenate([[self.best], losses]))
        result: BoolArray = losses < lowest[:-1]
        return result

    def parameter(self, part: Part) -> FloatArray:
        """A weight or bias before the first step and after each, (m + 1,)."""
        position = self.trainer.layout.position(part)
        first, *_ = self.chunk.segments
        values = [first.compiled.ring.states[first.row, position]]
        for segment in self.chunk.segments:
            ring = segment.compiled.ring
            rows = np.arange(segment.row + 1, segment.row + segment.steps + 1) % ring.rows
            values.extend(ring.states[rows, position])
        return np.array(values)

    @cached_property
    def slopes(self) -> list[FloatArray]:
        """The largest |f'(z)| over the mini-batch, L arrays (m, n_l); infinite where it does not matter."""
        parts = [self._slopes(segment) for segment in self.chunk.segments]
        return [np.concatenate(layers) for layers in zip(*parts, strict=True)]

    def _slopes(self, segment: Segment) -> list[FloatArray]:
        """Run the steps of a segment forward again, all at once."""
        compiled, layout = segment.compiled, self.trainer.layout
        experiment: Experiment = compiled.experiment
        rows = slice(segment.row, segment.row + segment.steps)
        flat = compiled.ring.states[rows, : layout.size]
        inputs = compiled.inputs[rows]
        found = []
        for layer, (start, (above, units)) in enumerate(zip(layout.starts, layout.shapes, strict=True), 1):
            block = flat[:, start : start + (above + 1) * units].reshape(-1, above + 1, units)
            z = np.matmul(inputs, block)
            if can_die(experiment, layer) or can_saturate(experiment, layer):
                found.append(greatest_slopes(experiment, layer, z))
            else:
                found.append(np.full((segment.steps, units), np.inf))
            if layer < len(layout.shapes):
                inputs = np.ones((*z.shape[:-1], units + 1), z.dtype)
                inputs[..., :-1] = experiment.layers[layer - 1].activation.value(z)
                mask = compiled.masks[layer - 1]
                if mask is not None:
                    inputs[..., :-1] *= mask[rows]
        return found


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

    @property
    def is_on(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._counts)

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
            trainer.run(steps, is_over)
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
            if condition.part.exists(trainer.layout.sizes)
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
