"""The Hessian of a small network and its eigenvalues, at the moment that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.arrays import FloatArray, seal
from engine.diagnose.patient import Patient
from engine.training.prediction import calm
from engine.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The second derivatives of the loss over the training rows; arrays are read-only.

    Attributes
    ----------
    sizes : tuple of int
        Units of every layer, the inputs first.
    learning_rate : float
        Of the next step.
    hessian : (n, n)
        By the parameters in the order of `Packing`: layer after layer, the biases last in each.
    eigenvalues : (n,)
        Ascending; NaN where the Hessian is not finite.
    """

    sizes: tuple[int, ...]
    learning_rate: float
    hessian: FloatArray
    eigenvalues: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    @property
    def layer_ends(self) -> tuple[int, ...]:
        """Where each layer's parameters end."""
        ends = np.cumsum([(below + 1) * units for below, units in pairwise(self.sizes)])
        return tuple(int(end) for end in ends)


def spectrum(trainer: Trainer) -> Spectrum:
    """Write out the Hessian.

    Raises
    ------
    ExperimentError
        ``out_of_range`` for a network of `MOST_PARAMETERS` or more.
    """
    with calm():
        patient = Patient(trainer)
        hessian = patient.now.hessian()
        finite = bool(np.isfinite(hessian).all())
        values = np.linalg.eigvalsh(hessian) if finite else np.full(len(hessian), np.nan)
        rate = patient.next_record.learning_rate
    return Spectrum(patient.packing.sizes, rate, hessian, values)
