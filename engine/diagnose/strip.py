"""The size of each layer's gradient over all steps, as a strip: one row a layer, some steps a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, IntArray, seal
from engine.training.trainer import Trainer

PIECE = 65_536
"""Steps that are read at a time."""


@dataclass(frozen=True, eq=False)
class GradientStrip:
    """The norms of the layers' gradients, biases included, in columns of equally many steps.

    Attributes
    ----------
    first, last : (n,) int
        The steps that each column stands for.
    powers : (L, n)
        The mean of log10 of the norm over the column's steps; NaN where it was 0 or not finite in all.
    zeros : (L, n)
        The share of the column's steps in which the gradient was exactly 0.
    """

    first: IntArray
    last: IntArray
    powers: FloatArray
    zeros: FloatArray

    def __post_init__(self) -> None:
        seal(self)


def gradient_strip(trainer: Trainer, columns: int = 400) -> GradientStrip:
    """The strip of all steps up to the moment that is looked at, in at most so many columns."""
    steps, layers = trainer.completed, len(trainer.experiment.layers)
    span = max(1, -(-steps // columns))
    count = -(-steps // span)
    total, finite, zeros = (np.zeros((layers, count)) for _ in range(3))
    for start in range(0, steps, PIECE):
        stop = min(steps, start + PIECE)
        norms = trainer.scalars_between(start, stop, 0).gradient_norms.T.astype(np.float64)
        column = np.arange(start, stop) // span
        with np.errstate(all="ignore"):
            powers = np.log10(norms)
        known = np.isfinite(powers)
        for layer in range(layers):
            total[layer] += np.bincount(column, np.where(known[layer], powers[layer], 0.0), count)
            finite[layer] += np.bincount(column, known[layer].astype(np.float64), count)
            zeros[layer] += np.bincount(column, (norms[layer] == 0).astype(np.float64), count)
    first = np.arange(count, dtype=np.int64) * span + 1
    last = np.minimum(first + span - 1, steps)
    with np.errstate(all="ignore"):
        powers = np.where(finite > 0, total / finite, np.nan)
    return GradientStrip(first, last, powers, zeros / np.maximum(last - first + 1, 1))
