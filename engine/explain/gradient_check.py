"""Gradients against central differences of the loss, from forward passes alone; it knows kinks.

The difference quotient (L(p + h) - L(p - h)) / 2h is taken at shrinking h and extrapolated to h = 0
(Ridders 1982; *Numerical Recipes*, section 5.7), keeping for every parameter the value whose own
estimate of its error is smallest. Where one of the passes lands on the other side of a kink of an
activation or of the loss, that h does not count; if even the smallest h crosses one, there is no
derivative to compare with, and the check says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.experiment import Experiment
from engine.parts import Part
from engine.records import StepRecord
from engine.training.backprop import sample_losses

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

Progress = Callable[[float], None]

AGREE = 1e-6
"""The relative error up to which a gradient counts as confirmed."""

STEPS = tuple(1e-3 / 4.0**level for level in range(6))
"""The shifts of z by which a derivative is measured, the largest first."""

CHUNK = 1_000_000
"""Numbers of a layer that are evaluated at once."""


class ParameterCheck(NamedTuple):
    """One gradient and its difference quotient.

    Attributes
    ----------
    gradient, difference : float
    relative_error : float
        Of the difference, against the largest gradient of the layer.
    kink : bool
        Whether the loss has a kink here, so that the two cannot be compared.
    """

    gradient: float
    difference: float
    relative_error: float
    kink: bool

    @property
    def agrees(self) -> bool:
        """Whether the gradient is confirmed."""
        return not self.kink and self.relative_error <= AGREE


@dataclass(frozen=True)
class GradientReport:
    """The check of a whole network; sequences run over the layers l = 1..L.

    Attributes
    ----------
    weight_errors, bias_errors : L arrays (n_{l-1}, n_l), (n_l,)
        Relative errors, as `ParameterCheck` defines them; NaN at kinks.
    weight_kinks, bias_kinks : L boolean arrays
    weight_differences, bias_differences : L arrays
        The difference quotients.
    """

    weight_errors: tuple[FloatArray, ...]
    bias_errors: tuple[FloatArray, ...]
    weight_kinks: tuple[BoolArray, ...]
    bias_kinks: tuple[BoolArray, ...]
    weight_differences: tuple[FloatArray, ...]
    bias_differences: tuple[FloatArray, ...]

    @property
    def max_relative_error(self) -> float:
        """The largest relative error off all kinks; 0 if all parameters sit at one."""
        errors = np.concatenate([array.ravel() for array in (*self.weight_errors, *self.bias_errors)])
        finite_or_wrong = errors[~np.concatenate([k.ravel() for k in (*self.weight_kinks, *self.bias_kinks)])]
        return float(np.max(finite_or_wrong, initial=0.0))

    @property
    def kinks(self) -> int:
        """How many parameters sit at a kink."""
        return int(sum(array.sum() for array in (*self.weight_kinks, *self.bias_kinks)))


def check_gradients(
    trainer: Trainer, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> GradientReport | None:
    """Check all gradients of the trainer's next mini-batch at its present parameters.

    The trainer is left as it is. See `check_record` for `progress`, `cancelled` and the result.
    """
    return check_record(trainer.experiment, trainer.peek(), progress, cancelled)


def check_record(
    experiment: Experiment,
    record: StepRecord,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> GradientReport | None:
    """Check all gradients of a step.

    Parameters
    ----------
    experiment : Experiment
        That the record was made with. With ``update_order="output_first"`` the record's gradients are
        not the loss's, and the check shows it.
    record : StepRecord
    progress : callable, optional
        Called with the share that is done, 0 to 1.
    cancelled : callable, optional
        Asked between units; when it says True the check stops.

    Returns
    -------
    GradientReport or None
        None if it was cancelled.
    """
    network = _Network(experiment, record)
    total = sum(array.size for array in (*network.weights, *network.biases))
    done = 0
    differences = [np.empty((len(weights) + 1, weights.shape[1])) for weights in network.weights]
    noises = [np.empty_like(block) for block in differences]
    kinks = [np.empty(block.shape, dtype=bool) for block in differences]
    for layer, weights in enumerate(network.weights, 1):
        scale = network.gradient_scale(layer)
        for unit in range(weights.shape[1]):
            for rows in _chunks(len(weights) + 1, network.variant_size(layer)):
                if cancelled is not None and cancelled():
                    return None
                measured = network.measure(layer, rows, unit, scale)
                for block, column in zip((differences, noises, kinks), measured, strict=True):
                    block[layer - 1][rows, unit] = column
                done += len(rows)
                if progress is not None:
                    progress(done / total)
    errors = [
        network.relative_errors(layer, np.arange(len(block)), slice(None), block, noise)
        for layer, (block, noise) in enumerate(zip(differences, noises, strict=True), 1)
    ]
    for error, kink in zip(errors, kinks, strict=True):
        error[kink] = np.nan
    return GradientReport(
        tuple(block[:-1] for block in errors),
        tuple(block[-1] for block in errors),
        tuple(block[:-1] for block in kinks),
        tuple(block[-1] for block in kinks),
        tuple(block[:-1] for block in differences),
        tuple(block[-1] for block in differences),
    )


def check_parameter(experiment: Experiment, record: StepRecord, part: Part) -> ParameterCheck:
    """Check one gradient of a step: that of a weight or a bias."""
    kind, layer, unit, source = part
    network = _Network(experiment, record)
    rows = np.array([len(network.weights[layer - 1]) if kind == "bias" else source])
    difference, noise, kink = network.measure(layer, rows, unit, network.gradient_scale(layer))
    error = network.relative_errors(layer, rows, unit, difference, noise)
    gradient = network.gradient(layer)[rows[0], unit]
    return ParameterCheck(float(gradient), float(difference[0]), float(error[0]), bool(kink[0]))


def check_cost(record: StepRecord, layer: int) -> int:
    """Multiplications that `check_parameter` of `layer` takes at most, for the choice of when to do it."""
    sizes = record.sizes
    following = sum(a * b for a, b in zip(sizes[layer:], sizes[layer + 1 :], strict=False))
    return 2 * len(STEPS) * record.batch * (sizes[layer] + following)


def _chunks(count: int, size: int) -> Iterator[IntArray]:
    at_once = max(1, CHUNK // size)
    for start in range(0, count, at_once):
        yield np.arange(start, min(count, start + at_once))


class _Network:
    """A step's network and mini-batch, to be evaluated with one parameter changed, many at a time.

    A layer's parameters are counted as rows: its weights, and after them the bias.
    """

    def __init__(self, experiment: Experiment, record: StepRecord) -> None:
        self.experiment = experiment
        wide = [np.asarray(a, dtype=np.float64) for a in (record.a[0], record.targets)]
        self.inputs, self.targets = wide
        self.weights = [np.asarray(w, dtype=np.float64) for w in record.weights_before]
        self.biases = [np.asarray(b, dtype=np.float64) for b in record.biases_before]
        self.masks = record.dropout_masks
        self.record = record
        self.scale = 1.0 / record.batch if experiment.reduction == "mean" else 1.0
        averaged = experiment.bias_reduction == "mean" and experiment.reduction == "sum"
        self.bias_scale = self.scale / record.batch if averaged else self.scale
        self.z: list[FloatArray] = []
        self.a: list[FloatArray] = [self.inputs]
        for layer in range(1, len(self.weights) + 1):
            self.z.append(self._affine(layer, self.a[-1]))
            self.a.append(self._activate(layer, self.z[-1]))
        self.loss_size = float(np.abs(sample_losses(experiment, self.z[-1], self.a[-1], self.targets)).sum())

    def _affine(self, layer: int, a: FloatArray) -> FloatArray:
        z: FloatArray = a @ self.weights[layer - 1] + self.biases[layer - 1]
        return z

    def _activate(self, layer: int, z: FloatArray) -> FloatArray:
        a = self.experiment.layers[layer - 1].activation.value(z)
        mask = self.masks[layer - 1]
        return a if mask is None else a * mask

    def variant_size(self, layer: int) -> int:
        """Count the numbers that one changed parameter needs in a layer at most."""
        return len(self.inputs) * max(len(b) for b in self.biases[layer - 1 :])

    def gradient(self, layer: int) -> FloatArray:
        """Return the record's gradients of a layer, a row a weight and the last the biases."""
        rows = [self.record.weight_grads[layer - 1], self.record.bias_grads[layer - 1]]
        return np.vstack(rows).astype(np.float64)

    def gradient_scale(self, layer: int) -> float:
        """Return the largest gradient of a layer."""
        return float(np.max(np.abs(self.gradient(layer))))

    def relative_errors(
        self,
        layer: int,
        rows: IntArray,
        unit: int | slice,
        differences: FloatArray,
        noises: FloatArray,
    ) -> FloatArray:
        """Errors relative to the layer's largest gradient, or to what a difference can resolve at all."""
        gradients = self.gradient(layer)[rows, unit]
        largest = max(self.gradient_scale(layer), np.finfo(np.float64).tiny)
        errors: FloatArray = np.abs(differences - gradients) / np.maximum(largest, noises / AGREE)
        return errors

    def measure(
        self, layer: int, rows: IntArray, unit: int, scale: float
    ) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Measure derivatives of parameters of one unit, the rounding noise in them, and find kinks."""
        inputs = np.hstack([self.a[layer - 1], np.ones((len(self.inputs), 1))]).T[rows]
        # z moves by the same amount whatever the size of the inputs
        reach = np.maximum(1.0, np.abs(inputs).max(axis=1))
        factor = np.where(rows == len(self.weights[layer - 1]), self.bias_scale, self.scale)
        best = np.full(len(rows), np.nan)
        best_error = np.full(len(rows), np.inf)
        noise = np.zeros(len(rows))
        previous: list[FloatArray] = []
        crossed = np.zeros(len(rows), dtype=bool)
        for step in STEPS:
            h = step / reach
            upper, crossed_above = self._losses(layer, unit, h[:, None] * inputs)
            lower, crossed_below = self._losses(layer, unit, -h[:, None] * inputs)
            crossed = crossed_above | crossed_below
            quotient = factor * (upper - lower).sum(axis=1) / (2.0 * h)
            rounding = factor * self.loss_size * np.finfo(np.float64).eps / h
            quotient[crossed] = np.nan
            first = np.isnan(best) & ~crossed
            best[first], noise[first] = quotient[first], rounding[first]
            row = [quotient]
            for order, older in enumerate(previous, 1):
                finer = row[-1] + (row[-1] - older) / (16.0**order - 1.0)
                error = np.maximum(np.abs(finer - row[-1]), np.abs(finer - older))
                better = error < best_error  # False where a kink was crossed: NaN
                best[better], best_error[better] = finer[better], error[better]
                noise[better] = rounding[better]
                row.append(finer)
            previous = row
            if np.all(best_error <= 1e-3 * AGREE * scale):
                break
        return best, noise, np.isnan(best)

    def _losses(self, layer: int, unit: int, shifts: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Shift z of a unit by `shifts` (K, B): samples' losses (K, B), and whether a kink was crossed."""
        z = np.repeat(self.z[layer - 1][None], len(shifts), axis=0)
        z[:, :, unit] += shifts
        crossed = np.zeros(len(shifts), dtype=bool)
        while True:
            for kink in self.experiment.layers[layer - 1].activation.kinks:
                crossed |= ((z > kink) != (self.z[layer - 1] > kink)).any(axis=(1, 2))
            a = self._activate(layer, z)
            if layer == len(self.weights):
                break
            layer += 1
            z = self._affine(layer, a)
        moved = np.abs(a - self.a[-1]).max(axis=(1, 2))
        for variant, margin in enumerate(moved):
            # a kink within the way that the outputs went, or just at its end
            crossed[variant] |= self.experiment.loss.near_kink(self.a[-1], self.targets, 2.0 * float(margin))
        return sample_losses(self.experiment, z, a, self.targets), crossed
