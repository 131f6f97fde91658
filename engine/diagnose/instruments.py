"""The instruments beside the findings: how noisy, how far, how sharp, in numbers a person can use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import FloatArray
from engine.diagnose.patient import Patient
from engine.training.prediction import calm
from engine.training.trainer import Trainer

Pace = Literal["creeping", "good", "edge", "blowing_up"]


@dataclass(frozen=True)
class Instruments:
    """What a training's gradients, steps and curvature say at a moment.

    Attributes
    ----------
    noise_scale : float
        The batch size at which noise and signal of the gradient are alike (McCandlish et al. 2018);
        infinite where the mean is 0.
    alignment : float
        The length of the samples' mean gradient over the mean of their lengths, 0 to 1.
    update_over_weights : tuple of float
        For each layer the length of the next update over that of its weights and biases; usual is
        about 1e-3.
    travelled, distance : float
        The length of the way gone, and of the straight line from the start, as multiples of the length
        of the parameters at step 0; nan of a run too long to add up.
    sharpness : float
        The eigenvalue of largest size of the Hessian over the training rows, lambda_max.
    sharpness_times_rate : float
        lambda_max times the learning rate: gradient descent is stable below 2.
    pace : str
        "creeping" below 0.02, "good" to 1.5, "edge" to 2.2, "blowing_up" above; what is said of plain
        gradient descent, other optimizers scale each parameter's step themselves.
    """

    noise_scale: float
    alignment: float
    update_over_weights: tuple[float, ...]
    travelled: float
    distance: float
    sharpness: float
    sharpness_times_rate: float
    pace: Pace


def instruments(trainer: Trainer) -> Instruments:
    """Read the instruments of a training, which is left as it is."""
    with calm():
        p = Patient(trainer)
        record = p.next_record
        sharpness = p.now_sharpness
        stable = sharpness * record.learning_rate
        start, now = _flat(*p.initial), _flat(*p.final)
        moved = [
            _ratio(_flat([a - b], [c - d]), _flat([b], [d]))
            for a, b, c, d in zip(
                record.weights_after,
                record.weights_before,
                record.biases_after,
                record.biases_before,
                strict=True,
            )
        ]
        return Instruments(
            noise_scale=p.noise.scale,
            alignment=p.noise.alignment,
            update_over_weights=tuple(moved),
            travelled=p.travelled,
            distance=_ratio(now - start, start),
            sharpness=sharpness,
            sharpness_times_rate=stable,
            pace=pace(stable),
        )


def pace(stable: float) -> Pace:
    """What lambda_max times the learning rate means."""
    if math.isnan(stable) or stable > 2.2:
        return "blowing_up"
    if stable > 1.5:
        return "edge"
    return "good" if stable >= 0.02 else "creeping"


def _flat(weights: list[FloatArray], biases: list[FloatArray]) -> FloatArray:
    return np.concatenate([x.ravel().astype(np.float64) for part in (weights, biases) for x in part])


def _ratio(moved: FloatArray, of: FloatArray) -> float:
    length = float(np.sqrt(of @ of))
    return float(np.sqrt(moved @ moved)) / length if length > 0 else math.inf
