"""What units let through: how steep their functions are, and which can be 0 or flat for all rows."""

from __future__ import annotations

import numpy as np

from engine.arrays import FloatArray
from engine.experiment import Experiment


def can_die(experiment: Experiment, layer: int) -> bool:
    """Whether the units of `layer` (from 1) may be 0, with slope 0, for all samples."""
    return experiment.layers[layer - 1].activation.name == "relu"


def can_saturate(experiment: Experiment, layer: int) -> bool:
    """Whether small slopes of `layer` (from 1) keep the gradient back.

    They do not at an output whose loss takes them out again, as cross-entropy does with a sigmoid.
    """
    activation = experiment.layers[layer - 1].activation
    if layer == len(experiment.layers) and experiment.loss.natural == activation.name:
        return False
    return activation.elementwise and activation.name not in ("relu", "linear")


def greatest_slopes(experiment: Experiment, layer: int, z: FloatArray) -> FloatArray:
    """The largest |f'(z)| of each unit of `layer` over the samples, (..., n) from z (..., B, n)."""
    greatest: FloatArray = np.abs(experiment.layers[layer - 1].activation.slope(z)).max(axis=-2)
    return greatest
