"""How the numbers of a layer are spread, at several steps of the training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import FloatArray, IntArray, seal
from engine.diagnose.curvature import Curvature
from engine.diagnose.patient import Patient
from engine.training.prediction import calm
from engine.training.trainer import Trainer

Quantity = Literal["weights", "activations", "gradients"]


@dataclass(frozen=True, eq=False)
class Ridges:
    """Histograms of one quantity of a layer, one a step, over the same bins.

    Attributes
    ----------
    layer : int
        From 1.
    quantity : str
        "weights": with the biases. "activations": of all training rows. "gradients": of the weights and
        biases, of the loss over all training rows.
    steps : (m,) int
    edges : (b + 1,)
    counts : (m, b) int
        Numbers that are not finite are in no bin.
    """

    layer: int
    quantity: Quantity
    steps: IntArray
    edges: FloatArray
    counts: IntArray

    def __post_init__(self) -> None:
        seal(self)


def ridges(
    trainer: Trainer,
    layer: int,
    quantity: Quantity,
    *,
    most: int = 12,
    bins: int = 60,
    stop: Callable[[], bool] | None = None,
) -> Ridges:
    """Count the numbers of a layer at steps evenly spread from the start to the moment that is looked at."""
    with calm():
        patient = Patient(trainer)
        steps = np.unique(np.linspace(0, patient.steps, most).round().astype(np.int64))
        found = []
        for step in steps.tolist():
            if stop is not None and stop():
                break
            found.append(_numbers(patient, step, layer, quantity))
        low = min((float(numbers.min()) for numbers in found if len(numbers)), default=0.0)
        high = max((float(numbers.max()) for numbers in found if len(numbers)), default=1.0)
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = np.linspace(low, high, bins + 1)
        counts = np.array([np.histogram(numbers, edges)[0] for numbers in found], dtype=np.int64)
    return Ridges(layer, quantity, steps[: len(found)], edges, counts.reshape(len(found), bins))


def _numbers(patient: Patient, step: int, layer: int, quantity: Quantity) -> FloatArray:
    state = patient.at(step)
    if quantity == "weights":
        numbers = np.concatenate([state.weights[layer - 1].ravel(), state.biases[layer - 1]])
    else:
        around = Curvature(patient.experiment, *state, patient.inputs, patient.targets)
        if quantity == "activations":
            numbers = around.a[layer].ravel()
        else:
            weights, biases = around.packing.split(around.gradient)
            numbers = np.concatenate([weights[layer - 1].ravel(), biases[layer - 1]])
    finite: FloatArray = numbers[np.isfinite(numbers)].astype(np.float64)
    return finite
