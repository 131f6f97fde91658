"""What is measured of a training: loss, penalty, metric and norms of each step, and the validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray, IntArray, read_only
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.records import Scalars
from engine.training.backprop import Pass, Ring, forward, sample_losses, scales_gradient
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
        self._spread = _spread(prepared.targets)
        self._validation_spread = _spread(prepared.validation_targets)

    @property
    def validates(self) -> bool:
        """Whether any rows are held out."""
        return len(self._inputs) > 0

    def steps(self, segments: Sequence[Segment], rates: FloatArray) -> FloatArray:
        """The scalars of steps just made, (count, 5 + L); `rates` are their learning rates."""
        begin, end = segments[0].row, segments[-1].row + segments[-1].steps
        compiled, rows = segments[0].compiled, slice(begin, end)
        experiment = compiled.experiment
        values = np.zeros((end - begin, NORMS + len(experiment.layers)))
        values[:, RATE] = rates
        with np.errstate(all="ignore"):
            for span, parts, losses, metric in self._of_each_pass(segments):
                for part in parts:
                    there = slice(part.start - span.start, part.stop - span.start)
                    here = slice(part.start - begin, part.stop - begin)
                    values[here, LOSS], values[here, METRIC] = losses[there], metric[there]
            if experiment.regularizer.name != "none":
                values[:, PENALTY] = compiled.penalties(rows)
            norms = values[:, NORMS:]
            norms[...] = compiled.gradient_norms(rows)
            if scales_gradient(experiment, compiled.frozen):
                steps = norms * rates[:, None]
                values[:, UPDATE_NORM] = np.sqrt(np.add.reduce(steps * steps, axis=1))
            else:
                values[:, UPDATE_NORM] = compiled.update_norms(rows)
        return values

    def _of_each_pass(
        self, segments: Sequence[Segment]
    ) -> Iterator[tuple[slice, list[slice], FloatArray, FloatArray]]:
        """Losses and metrics of a span of rows, once for each pass, and which parts of it are its own.

        What lies between its parts are the rows of a shorter mini-batch: measuring them for nothing costs
        less than measuring twice.
        """
        parts: dict[Pass, list[slice]] = {}
        for segment in segments:
            part = slice(segment.row, segment.row + segment.steps)
            parts.setdefault(segment.compiled, []).append(part)
        for compiled, own in parts.items():
            span, experiment = slice(own[0].start, own[-1].stop), compiled.experiment
            losses = np.add.reduce(compiled.losses(span), axis=-1)
            if experiment.reduction == "mean":
                losses = losses / compiled.batch
            yield (
                span,
                own,
                losses,
                self._metric(
                    experiment,
                    compiled.outputs[span],
                    compiled.targets[span],
                    compiled.labels[span],
                    self._spread,
                ),
            )

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
        spread: tuple[BoolArray, FloatArray],
    ) -> FloatArray:
        """Accuracy or R2 of outputs (..., B, k), over B; `spread` is what R2 compares with.

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
        varies, variance = spread
        if not len(variance):
            return np.full(outputs.shape[:-2], np.nan)
        difference = outputs - targets
        if len(varies) > 1:
            difference = difference[..., varies]
        unexplained = np.add.reduce(difference * difference, axis=-2) / outputs.shape[-2] / variance
        result: FloatArray = 1.0 - np.add.reduce(unexplained, axis=-1) / unexplained.shape[-1]
        return result


def scalars(start: int, values: FloatArray, evaluations: FloatArray) -> Scalars:
    """The series of the steps after `start`, (m, 5 + L), and evaluations, (k, 3), under their names."""
    columns, evaluated = read_only(values.T), read_only(evaluations.T)
    return Scalars(
        steps=np.arange(start + 1, start + 1 + len(values), dtype=np.int64),
        loss=columns[LOSS],
        penalty=columns[PENALTY],
        metric=columns[METRIC],
        update_norm=columns[UPDATE_NORM],
        learning_rate=columns[RATE],
        gradient_norms=values[:, NORMS:].copy(),
        evaluated_steps=evaluated[0].astype(np.int64),
        validation_loss=evaluated[1],
        validation_metric=evaluated[2],
    )


def _spread(targets: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Which columns (k,) vary, and the variance of those, infinite where the squares are."""
    if not len(targets):
        return np.zeros(targets.shape[1], bool), np.empty(0)
    with np.errstate(all="ignore"):
        variance: FloatArray = targets.var(axis=0)
    varies = (variance > 0) & (targets != targets[:1]).any(axis=0)  # equal numbers may vary by rounding
    return varies, variance[varies]


def _stacked(ring: Ring, rows: Sequence[int]) -> tuple[list[FloatArray], list[FloatArray]]:
    """Weights (m, n_{l-1}, n_l) and biases (m, n_l) of m rows of the ring."""
    flat = ring.states[list(rows), : ring.packing.size]
    blocks = [
        flat[:, start : start + (above + 1) * units].reshape(-1, above + 1, units)
        for start, (above, units) in zip(ring.packing.starts, ring.packing.shapes, strict=True)
    ]
    return [block[:, :-1] for block in blocks], [block[:, -1] for block in blocks]
