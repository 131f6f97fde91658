"""What a step starts from: rows, targets and parameters, and how far training is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from engine.arrays import FloatArray
from engine.experiment import Experiment
from engine.mistakes.reference import FIRST, Case, State
from engine.records import StepRecord


def experiment_of(record: StepRecord) -> Experiment:
    """The settings that a record was computed with; without dropout, if a row was traced without it."""
    experiment = record.experiment
    traced = [mask is not None and bool((mask == 1.0).any()) for mask in record.dropout_masks]
    if not any(traced):
        return experiment
    return experiment.changed(layers=tuple(replace(layer, dropout=0.0) for layer in experiment.layers))


@dataclass(frozen=True, eq=False)
class Batch:
    """What a step starts from.

    Attributes
    ----------
    inputs, targets : (B, n_0), (B, k)
    weights, biases : L arrays
    masks : mapping of layer to (B, n_l)
    state : State
    """

    inputs: FloatArray
    targets: FloatArray
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    masks: dict[int, FloatArray] = field(default_factory=dict)
    state: State = FIRST

    @classmethod
    def of(cls, record: StepRecord) -> Batch:
        """What the step of a record started from; learning rate, slots and held parameters included."""
        masks = {
            layer: (mask != 0).astype(np.float64)
            for layer, mask in enumerate(record.dropout_masks, 1)
            if mask is not None and not (mask == 1.0).any()
        }
        state = State(
            record.optimizer_step,
            record.slots_before,
            record.frozen_weights,
            record.frozen_biases,
            record.learning_rate,
        )
        return cls(record.a[0], record.targets, record.weights_before, record.biases_before, masks, state)

    def case(self, experiment: Experiment) -> Case:
        """The same as the readable step takes it, in double precision."""
        x, t, *parameters = (
            np.asarray(array, np.float64)
            for array in (self.inputs, self.targets, *self.weights, *self.biases)
        )
        layers = len(self.weights)
        return Case(experiment, x, t, parameters[:layers], parameters[layers:], self.masks, self.state)
