"""The loss along two telling directions: down the gradient, and across the sharpest valley."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import FloatArray, IntArray, seal
from engine.diagnose.patient import Patient, State
from engine.diagnose.score import row_losses
from engine.training.backprop import forward
from engine.training.prediction import calm
from engine.training.trainer import Trainer

Direction = Literal["gradient", "sharpest"]

LAST_STEPS = 200
"""Of the path so many steps are shown."""


@dataclass(frozen=True, eq=False)
class Slice:
    """The loss over the training rows along a line through the parameters as they are.

    Attributes
    ----------
    direction : str
        "gradient": against it. "sharpest": along the eigenvector of the largest eigenvalue of the
        Hessian, downhill.
    distances, losses : (m,)
        Along the line; 0 is where the parameters are.
    slope, curvature : float
        Of the loss there, along the line.
    next_distance : float
        How far along it the next step goes.
    path_steps : (p,) int
    path_distances, path_losses : (p,)
        Earlier steps of the training: how far along the line, and their own loss. They lie beside the
        line, so not on the curve.
    """

    direction: Direction
    distances: FloatArray
    losses: FloatArray
    slope: float
    curvature: float
    next_distance: float
    path_steps: IntArray
    path_distances: FloatArray
    path_losses: FloatArray

    def __post_init__(self) -> None:
        seal(self)


def slices(
    trainer: Trainer, *, points: int = 61, path: int = 24, stop: Callable[[], bool] | None = None
) -> tuple[Slice, ...]:
    """Cut the loss along both directions; empty where one of them is not defined (a gradient of 0)."""
    with calm():
        patient = Patient(trainer)
        around, here = patient.now, _flat(patient.final)
        length = float(np.sqrt(around.gradient @ around.gradient))
        if not 0 < length < np.inf:
            return ()
        record = patient.next_record
        step = _flat(State([*record.weights_after], [*record.biases_after])) - here
        first = max(0, patient.steps - LAST_STEPS)
        steps = np.unique(np.linspace(first, patient.steps, path).round().astype(np.int64))
        states: list[FloatArray] = []
        for number in steps.tolist():
            if stop is not None and stop():
                return ()
            states.append(_flat(patient.at(number)))
        losses = np.array([_loss(patient, state) for state in states])
        _, sharpest = around.largest(40)
        found = []
        for name, direction in _directions(-around.gradient / length, sharpest, around.gradient):
            along = np.array([float((state - here) @ direction) for state in states])
            ahead = float(step @ direction)
            reach = max(2.0 * abs(ahead), 1.1 * float(np.abs(along).max(initial=0.0)), 1e-9)
            distances = np.linspace(-reach, reach, points)
            curve = np.array([_loss(patient, here + t * direction) for t in distances.tolist()])
            found.append(
                Slice(
                    name,
                    distances,
                    curve,
                    float(around.gradient @ direction),
                    float(direction @ around.times(direction)),
                    ahead,
                    steps,
                    along,
                    losses,
                )
            )
    return tuple(found)


def _directions(
    down: FloatArray, sharpest: FloatArray, gradient: FloatArray
) -> list[tuple[Direction, FloatArray]]:
    if gradient @ sharpest > 0:
        sharpest = -sharpest
    return [("gradient", down), ("sharpest", sharpest)]


def _flat(state: State) -> FloatArray:
    """As `Packing` has it: layer after layer, the bias in the last row of each."""
    pairs = zip(state.weights, state.biases, strict=True)
    return np.concatenate([np.concatenate([w, b[None]]).ravel() for w, b in pairs]).astype(np.float64)


def _loss(patient: Patient, flat: FloatArray) -> float:
    weights, biases = patient.packing.split(flat)
    z, _ = forward(patient.experiment, weights, biases, patient.inputs)
    losses = row_losses(patient.experiment, z[-1], patient.targets)
    whole = losses.mean() if patient.experiment.reduction == "mean" else losses.sum()
    return float(whole)
