"""Losses of one sample, L(a, t), summed or averaged over the outputs, and their derivatives.

The reduction over the batch is not here: it belongs to the experiment. A loss that has a natural
output activation also gives the loss and dL/dz from the pre-activations, where the two together are
stable although each factor alone is not: with sigmoid or softmax, dL/dz = a - t.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), sections 6.2.1 and 6.2.2; Huber 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.activations import constant
from engine.functions.table import FloatArray, Program, Rule, Table, execute, maximum, minimum, parameter

ANY_KIND = ("regression", "binary", "multiclass")
CLASS_KINDS = ("binary", "multiclass")


def _scaled(out: FloatArray, factor: float) -> Program:
    return [] if factor == 1.0 else [(np.multiply, (out, constant(factor, out), out))]


@dataclass(frozen=True)
class Loss(Rule):
    """A loss.

    Attributes
    ----------
    formula, gradient_formula : str
        L and dL/da_i of one sample, LaTeX; k is the number of outputs.
    kinds : tuple of str
        The target kinds it fits.
    natural : str
        The output activation with which it is computed from z, or "".
    natural_formula : str
        dL/dz_i with that activation, LaTeX.
    threshold : float
        The output from which a binary target counts as predicted 1.
    """

    formula: ClassVar[str] = ""
    gradient_formula: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ANY_KIND
    natural: ClassVar[str] = ""
    natural_formula: ClassVar[str] = ""
    threshold: ClassVar[float] = 0.5

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """The loss of each sample, from outputs and targets (..., k) to (...)."""
        raise NotImplementedError

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        """Calls that write ``scale * dL/da`` into `out`."""
        raise NotImplementedError

    def per_sample_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        """The loss of each sample from the natural activation's z, stable at any size of z."""
        raise NotImplementedError

    def natural_deltas(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        """Calls that write ``scale * dL/dz`` of the natural activation into `out`."""
        return [(np.subtract, (a, t, out)), *_scaled(out, scale)]

    def gradient(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """dL/da of each sample, of the shape of `a`."""
        out = np.empty_like(a)
        with np.errstate(all="ignore"):
            execute(self.gradients(a, t, out))
        return out

    def near_kink(self, a: FloatArray, t: FloatArray, margin: float) -> bool:
        """Whether an output lies within `margin` of a point where L has no derivative."""
        return False


@dataclass(frozen=True)
class SquaredError(Loss):
    """Half the sum of squares, the textbook's choice."""

    name: ClassVar = "squared_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "squared error ½Σ")
    formula: ClassVar = r"\frac{1}{2} \sum_i (a_i - t_i)^2"
    gradient_formula: ClassVar = "a_i - t_i"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        difference = a - t
        result: FloatArray = 0.5 * np.add.reduce(difference * difference, axis=-1)
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(np.subtract, (a, t, out)), *_scaled(out, scale)]


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """The mean of squares over the outputs."""

    name: ClassVar = "mean_squared_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "mean squared error")
    formula: ClassVar = r"\frac{1}{k} \sum_i (a_i - t_i)^2"
    gradient_formula: ClassVar = r"\frac{2}{k}\,(a_i - t_i)"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        difference = a - t
        result: FloatArray = np.add.reduce(difference * difference, axis=-1) / a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(np.subtract, (a, t, out)), *_scaled(out, 2.0 / a.shape[-1] * scale)]


@dataclass(frozen=True)
class MeanAbsoluteError(Loss):
    """The mean of absolute differences over the outputs."""

    name: ClassVar = "mean_absolute_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "mean absolute error")
    formula: ClassVar = r"\frac{1}{k} \sum_i |a_i - t_i|"
    gradient_formula: ClassVar = r"\frac{1}{k}\,\mathrm{sign}(a_i - t_i)"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        result: FloatArray = np.add.reduce(np.abs(a - t), axis=-1) / a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(np.subtract, (a, t, out)), (np.sign, (out, out)), *_scaled(out, scale / a.shape[-1])]

    def near_kink(self, a: FloatArray, t: FloatArray, margin: float) -> bool:
        return bool(np.any(np.abs(a - t) < margin))


@dataclass(frozen=True)
class Huber(Loss):
    """Quadratic near the target, linear far from it (Huber 1964); the mean over the outputs."""

    delta: float = parameter(
        1.0, QT_TRANSLATE_NOOP("catalogue", "from quadratic to linear at"), low=0.0, open_low=True
    )
    name: ClassVar = "huber"
    label: ClassVar = "Huber"
    formula: ClassVar = (
        r"\frac{1}{k} \sum_i h(a_i - t_i),\ h(d) = \frac{d^2}{2}\ [|d| \leq \delta],\ "
        r"\delta\,(|d| - \frac{\delta}{2})\ [|d| > \delta]"
    )
    gradient_formula: ClassVar = r"\frac{1}{k}\,\min(\delta, \max(-\delta, a_i - t_i))"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        size = np.abs(a - t)
        inner = np.minimum(size, self.delta)
        result: FloatArray = np.add.reduce(inner * (size - 0.5 * inner), axis=-1) / a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [
            (np.subtract, (a, t, out)),
            minimum(out, constant(self.delta, out), out),
            maximum(out, constant(-self.delta, out), out),
            *_scaled(out, scale / a.shape[-1]),
        ]


def _log_loss_gradient(a: FloatArray, t: FloatArray, out: FloatArray) -> None:
    # 0/0 at a sure and right output is the limit 1, and a target of 0 has no -t/a part
    np.divide(t, a, out=out, where=t != 0)
    np.copyto(out, 0.0, where=t == 0)
    rest = np.divide(1 - t, 1 - a, out=np.zeros_like(out), where=t != 1)
    np.subtract(rest, out, out=out)


def _minus_t_over_a(a: FloatArray, t: FloatArray, out: FloatArray) -> None:
    out.fill(0.0)
    np.divide(t, a, out=out, where=t != 0)
    np.negative(out, out=out)


def _t_log_a(t: FloatArray, a: FloatArray) -> FloatArray:
    """The product t log a, and 0 where t is 0, whatever a is."""
    log = np.log(a, out=np.zeros_like(a), where=t != 0)
    product: FloatArray = t * log
    return product


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """The negative log-likelihood of independent yes/no outputs; the mean over the outputs."""

    name: ClassVar = "binary_cross_entropy"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "binary cross-entropy")
    formula: ClassVar = r"-\frac{1}{k} \sum_i (t_i \ln a_i + (1 - t_i) \ln(1 - a_i))"
    gradient_formula: ClassVar = r"\frac{1}{k}\,\frac{a_i - t_i}{a_i (1 - a_i)}"
    kinds: ClassVar = CLASS_KINDS
    natural: ClassVar = "sigmoid"
    natural_formula: ClassVar = r"\frac{1}{k}\,(a_i - t_i)"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            terms = _t_log_a(t, a) + _t_log_a(1 - t, 1 - a)
        result: FloatArray = -np.add.reduce(terms, axis=-1) / a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(_log_loss_gradient, (a, t, out)), *_scaled(out, scale / a.shape[-1])]

    def per_sample_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        zero = constant(0.0, z)
        result: FloatArray = np.add.reduce(np.logaddexp(z, zero) - t * z, axis=-1) / z.shape[-1]
        return result

    def natural_deltas(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(np.subtract, (a, t, out)), *_scaled(out, scale / a.shape[-1])]


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """The negative log-likelihood of one class among k; the sum over the outputs."""

    name: ClassVar = "cross_entropy"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "cross-entropy")
    formula: ClassVar = r"-\sum_i t_i \ln a_i"
    gradient_formula: ClassVar = r"-\frac{t_i}{a_i}"
    kinds: ClassVar = ("multiclass",)
    natural: ClassVar = "softmax"
    natural_formula: ClassVar = "a_i - t_i"

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            terms = _t_log_a(t, a)
        result: FloatArray = -np.add.reduce(terms, axis=-1)
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(_minus_t_over_a, (a, t, out)), *_scaled(out, scale)]

    def per_sample_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        shifted = z - np.maximum.reduce(z, axis=-1, keepdims=True)
        log_sum = np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))
        result: FloatArray = np.add.reduce(t * (log_sum - shifted), axis=-1)
        return result


@dataclass(frozen=True)
class Hinge(Loss):
    """The margin loss with targets 0/1 taken as -1/+1; the mean over the outputs."""

    name: ClassVar = "hinge"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "hinge")
    formula: ClassVar = r"\frac{1}{k} \sum_i \max(0, 1 - (2 t_i - 1)\,a_i)"
    gradient_formula: ClassVar = r"-\frac{1}{k}\,(2 t_i - 1)\,[(2 t_i - 1)\,a_i < 1]"
    kinds: ClassVar = CLASS_KINDS
    threshold: ClassVar = 0.0

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        margin = np.maximum(0.0, 1.0 - (2.0 * t - 1.0) * a)
        result: FloatArray = np.add.reduce(margin, axis=-1) / a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        sign, one = np.empty_like(out), constant(1.0, out)
        return [
            (np.subtract, (one, t, sign)),
            (np.subtract, (sign, t, sign)),
            (np.multiply, (sign, a, out)),
            (np.greater, (out, constant(-1.0, out), out)),
            (np.multiply, (out, sign, out)),
            *_scaled(out, scale / a.shape[-1]),
        ]

    def near_kink(self, a: FloatArray, t: FloatArray, margin: float) -> bool:
        return bool(np.any(np.abs((2.0 * t - 1.0) * a - 1.0) < margin))


LOSSES: Table[Loss] = Table(
    SquaredError,
    MeanSquaredError,
    MeanAbsoluteError,
    Huber,
    BinaryCrossEntropy,
    CrossEntropy,
    Hinge,
)
