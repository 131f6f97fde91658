"""The steps a training has just made, as conditions look at them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.experiment import Experiment
from engine.parts import Part
from engine.training.batches import Segment
from engine.training.slopes import can_die, can_saturate, greatest_slopes

if TYPE_CHECKING:
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
        position = self.trainer.packing.position(part)
        first, *_ = self.chunk.segments
        values = [first.compiled.ring.before(first.row)[position]]
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
        experiment = segment.compiled.experiment
        found = []
        for layer, z in enumerate(self._z(segment), 1):
            if can_die(experiment, layer) or can_saturate(experiment, layer):
                found.append(greatest_slopes(experiment, layer, z))
            else:
                found.append(np.full((segment.steps, z.shape[-1]), np.inf))
        return found

    def _z(self, segment: Segment) -> Iterator[FloatArray]:
        """The pre-activations of each layer in the steps of a segment, (steps, B, n_l)."""
        compiled, packing = segment.compiled, self.trainer.packing
        if compiled.ring.in_place:  # one step, which is there still
            yield from (z[None] for z in compiled.z(segment.row))
            return
        experiment: Experiment = compiled.experiment
        rows = slice(segment.row, segment.row + segment.steps)
        flat = compiled.ring.states[rows, : packing.size]
        inputs = compiled.inputs[rows]
        for layer, (start, (above, units)) in enumerate(zip(packing.starts, packing.shapes, strict=True), 1):
            block = flat[:, start : start + (above + 1) * units].reshape(-1, above + 1, units)
            z = np.matmul(inputs, block)
            yield z
            if layer < len(packing.shapes):
                inputs = np.ones((*z.shape[:-1], units + 1), z.dtype)
                inputs[..., :-1] = experiment.layers[layer - 1].activation.value(z)
                mask = compiled.masks[layer - 1]
                if mask is not None:
                    inputs[..., :-1] *= mask[rows]
