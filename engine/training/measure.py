"""What is measured of a training: loss, penalty, metric and norms of each step, and the validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray, IntArray
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.records import Scalars
from engine.training.backprop import Ring, forward, sample_losses, scales_gradient
from engine.training.batches import Segment

LOSS, PENALTY, METRIC, UPDATE_NORM, RATE, NORMS = 0, 1, 2, 3, 4, 5
"""Columns of the series; from the last on, the norm of each layer's gradient."""


class Measure:
    """Measures a training on one data set.

    Parameters
    ----------
    prepared : Prepared
    kind : str
        Of the targets; it decides on the metric.
    dtype : dtype
    """

    def __init__(self, prepared: Prepared, kind: str, dtype: npt.DTypeLike) -> None:
        self.kind = kind
        self._inputs = prepared.validation_inputs.astype(dtype, copy=False)
        self._targets = prepared.validation_targets.astype(dtype, copy=False)
        self._labels = prepared.validation_targets.argmax(axis=1)
        self._spread = _variance(prepared.targets)
        self._validation_spread = _variance(prepared.validation_targets)

    @property
    def validates(self) -> bool:
        """Whether any rows are held out."""
        return len(self._inputs) > 0

    def steps(self, segments: Sequence[Segment], rates: FloatArray) -> FloatArray:
        """The scalars of steps just made, (count, 5 + L); `rates` are their learning rates."""
        first = segments[0]
        experiment = first.compiled.experiment
        count = sum(segment.steps for segment in segments)
        values = np.zeros((count, NORMS + len(experiment.layers)))
        values[:, RATE] = rates
        with np.errstate(all="ignore"):
            for segment in segments:
                rows = slice(segment.row, segment.row + segment.steps)
                part = slice(rows.start - first.row, rows.stop - first.row)
                compiled = segment.compiled
                losses = np.add.reduce(compiled.losses(rows), axis=-1)
                values[part, LOSS] = losses / compiled.batch if experiment.reduction == "mean" else losses
                values[part, METRIC] = self._metric(
                    experiment,
                    compiled.outputs[rows],
                    compiled.targets[rows],
                    compiled.labels[rows],
                    self._spread,
                )
                if experiment.regularizer.name != "none":
                    values[part, PENALTY] = compiled.penalties(rows)
                values[part, NORMS:] = compiled.gradient_norms(rows)
                if not scales_gradient(experiment, compiled.frozen):
                    values[part, UPDATE_NORM] = compiled.update_norms(rows)
            if scales_gradient(experiment, first.compiled.frozen):
                steps = values[:, NORMS:] * rates[:, None]
                values[:, UPDATE_NORM] = np.sqrt(np.add.reduce(steps * steps, axis=1))
        return values

    def evaluations(
        self, experiment: Experiment, ring: Ring, rows: Sequence[int], steps: Sequence[int]
    ) -> Iterator[FloatArray]:
        """Step, validation loss and metric of the states in `rows` of the ring, made after `steps` steps."""
        if not self.validates:
            return
        inputs, targets = self._inputs, self._targets
        wide = len(inputs) * max(ring.packing.sizes)
        together = max(1, 1_000_000 // wide)
        for start in range(0, len(rows), together):
            part = [row % ring.rows for row in rows[start : start + together]]
            weights, biases = _stacked(ring, part)
            with np.errstate(all="ignore"):
                z, a = forward(experiment, weights, biases, inputs)
                losses = np.add.reduce(sample_losses(experiment, z[-1], a[-1], targets), axis=-1)
                result = np.empty((len(part), 3))
                result[:, 0] = steps[start : start + together]
                result[:, 1] = losses / len(inputs) if experiment.reduction == "mean" else losses
                result[:, 2] = self._metric(experiment, a[-1], targets, self._labels, self._validation_spread)
            yield result

    def _metric(
        self,
        experiment: Experiment,
        outputs: FloatArray,
        targets: FloatArray,
        labels: IntArray,
        spread: FloatArray,
    ) -> FloatArray:
        """Accuracy or R2 of outputs (..., B, k), over B; `spread` is what R2 compares with, (k,).

        Of several labels it is the share of right ones.
        R2 is the mean over the outputs whose targets vary, and NaN where none does.
        """
        if self.kind == "multiclass":
            right = outputs.argmax(axis=-1) == labels
            accuracy: FloatArray = np.add.reduce(right, axis=-1) / right.shape[-1]
            return accuracy
        if self.kind in ("binary", "multilabel"):
            right = (outputs >= experiment.loss.threshold) == (targets > 0.5)
            agreement: FloatArray = right.mean(axis=(-2, -1))
            return agreement
        varies = spread > 0
        if not varies.any():
            return np.full(outputs.shape[:-2], np.nan)
        difference = (outputs - targets)[..., varies]
        unexplained = np.add.reduce(difference * difference, axis=-2) / outputs.shape[-2] / spread[varies]
        result: FloatArray = 1.0 - np.add.reduce(unexplained, axis=-1) / unexplained.shape[-1]
        return result


def scalars(start: int, values: FloatArray, evaluations: FloatArray) -> Scalars:
    """The series of the steps after `start`, (m, 5 + L), and evaluations, (k, 3), under their names."""
    return Scalars(
        steps=np.arange(start + 1, start + 1 + len(values), dtype=np.int64),
        loss=values[:, LOSS].copy(),
        penalty=values[:, PENALTY].copy(),
        metric=values[:, METRIC].copy(),
        update_norm=values[:, UPDATE_NORM].copy(),
        learning_rate=values[:, RATE].copy(),
        gradient_norms=values[:, NORMS:].copy(),
        evaluated_steps=evaluations[:, 0].astype(np.int64),
        validation_loss=evaluations[:, 1].copy(),
        validation_metric=evaluations[:, 2].copy(),
    )


def _variance(targets: FloatArray) -> FloatArray:
    """The variance of each column, infinite where the squares are; 0 of equal numbers, without rounding."""
    if not len(targets):
        return np.zeros(targets.shape[1])
    with np.errstate(all="ignore"):
        variance: FloatArray = targets.var(axis=0)
    variance[(targets == targets[:1]).all(axis=0)] = 0.0
    return variance


def _stacked(ring: Ring, rows: Sequence[int]) -> tuple[list[FloatArray], list[FloatArray]]:
    """Weights (m, n_{l-1}, n_l) and biases (m, n_l) of m rows of the ring."""
    flat = ring.states[list(rows), : ring.packing.size]
    blocks = [
        flat[:, start : start + (above + 1) * units].reshape(-1, above + 1, units)
        for start, (above, units) in zip(ring.packing.starts, ring.packing.shapes, strict=True)
    ]
    return [block[:, :-1] for block in blocks], [block[:, -1] for block in blocks]
