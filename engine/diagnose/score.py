"""How well a network has learned: its loss beside that of the best constant prediction.

The loss alone says nothing: 0.69 is a coin toss for two classes and a fine fit of a target in the
hundreds. Over the loss of the best constant it is 1 where nothing was learned from the inputs, and 0
where all was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.data.dataset import Dataset, Kind, has_classes, target_classes
from engine.experiment import Experiment
from engine.functions.losses import Loss
from engine.training.backprop import forward, sample_losses
from engine.training.prediction import predicted_classes

LEARNED = 0.3
"""A loss of at most this multiple of the best constant's counts as learned well ..."""

RECALLED = 0.9
"""... and so does at least this share of right rows, averaged over the classes."""

UNLIMITED = 1e9


class Score(NamedTuple):
    """How well all rows of a part are predicted, without dropout.

    Attributes
    ----------
    loss, base : float
        The mean loss, and that of the best constant prediction.
    relative : float
        Their ratio, at most 1e9.
    recall : float or None
        The mean over the classes of the share of right rows; None for numbers.
    """

    loss: float
    base: float
    relative: float
    recall: float | None

    @property
    def learned(self) -> bool:
        """Whether it has learned well by one of the two measures."""
        return self.relative <= LEARNED or (self.recall is not None and self.recall >= RECALLED)

    def better(self, other: Score) -> bool:
        """Whether this one is so much better than `other` that it is another outcome."""
        less = other.relative > LEARNED and self.relative <= other.relative / 3
        if self.recall is None or other.recall is None:
            return less
        if less and self.recall >= other.recall + 0.08:
            return True
        return self.recall >= other.recall + 0.15


def row_losses(experiment: Experiment, z: FloatArray, targets: FloatArray) -> FloatArray:
    """Each row's loss (..., B) from the output layer's z (..., B, k)."""
    return sample_losses(experiment, z, experiment.layers[-1].activation.value(z), targets)


def constant_loss(loss: Loss, targets: FloatArray, groups: IntArray | None = None) -> float:
    """The mean loss of the best prediction that is constant, or constant within each group of rows.

    Parameters
    ----------
    loss : Loss
    targets : (n, k)
    groups : (n,) int, optional
        The number of each row's group, from 0.
    """
    if not len(targets):
        return 0.0
    index = np.zeros(len(targets), dtype=np.int64) if groups is None else groups
    counts = np.bincount(index).astype(float)

    def total(rows: FloatArray) -> FloatArray:
        return np.stack([np.bincount(index, rows[:, j]) for j in range(rows.shape[1])], axis=1)

    mean = total(targets) / counts[:, None]
    if loss.name in ("binary_cross_entropy", "cross_entropy"):
        p = np.clip(mean, 1e-12, 1 - 1e-12)
        return float(np.mean(loss.per_sample(p[index], targets)))
    if loss.name in ("squared_error", "mean_squared_error"):
        return float(np.mean(loss.per_sample(mean[index], targets)))
    # Convex in each output's constant by itself: by thirds, all groups and outputs at once
    low = np.broadcast_to(np.minimum(targets.min(axis=0), -1.0), mean.shape).copy()
    high = np.broadcast_to(np.maximum(targets.max(axis=0), 1.0), mean.shape).copy()

    def parts(constant: FloatArray) -> FloatArray:
        columns = [loss.per_sample(constant[index][:, [j]], targets[:, [j]]) for j in range(targets.shape[1])]
        return total(np.stack(columns, axis=1))

    for _ in range(60):
        third = (high - low) / 3
        left, right = low + third, high - third
        lower = parts(left) <= parts(right)
        high = np.where(lower, right, high)
        low = np.where(lower, low, left)
    return float(np.mean(loss.per_sample(((low + high) / 2)[index], targets)))


def recalls(experiment: Experiment, kind: Kind, outputs: FloatArray, targets: FloatArray) -> FloatArray:
    """The share of right rows of each class that occurs."""
    said, true = predicted_classes(kind, outputs, experiment.loss.threshold), target_classes(kind, targets)
    right = said == true
    return np.array([right[true == each].mean() for each in np.unique(true)])


def score(
    experiment: Experiment,
    dataset: Dataset,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    inputs: FloatArray,
    targets: FloatArray,
    base: float | None = None,
) -> Score:
    """Measure a network on rows; `base` is the best constant's loss where it is known already."""
    with np.errstate(all="ignore"):
        z, a = forward(experiment, weights, biases, inputs)
        loss = float(np.mean(sample_losses(experiment, z[-1], a[-1], targets)))
        if base is None:
            base = constant_loss(experiment.loss, targets)
        loss = min(loss, UNLIMITED) if np.isfinite(loss) else UNLIMITED
        relative = min(loss / base, UNLIMITED) if base > 0 else (0.0 if loss <= 1e-9 else 1.0)
        recall = None
        if has_classes(dataset.kind):
            recall = float(np.mean(recalls(experiment, dataset.kind, a[-1], targets)))
    return Score(loss, base, relative, recall)
