"""Losses of one sample, L(a, t), summed or averaged over the outputs, and their derivatives.

The reduction over the batch is not here: it belongs to the experiment. A loss that has a natural
output activation also gives the loss, dL/da and dL/dz from the pre-activations, where an `a` rounded to
1 has lost what they depend on: with sigmoid or softmax, dL/dz = a - t. Such targets are 0 or 1.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), sections 6.2.1 and 6.2.2; Huber 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import FloatArray, Program, Rule, Table, execute, maximum, minimum, parameter
from engine.functions.traced import constant

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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """What each output adds to the loss of its sample, of the shape of outputs and targets (..., k)."""
        raise NotImplementedError

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """The loss of each sample, from outputs and targets (..., k) to (...)."""
        result: FloatArray = np.add.reduce(self.terms(a, t), axis=-1)
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        """Calls that write ``scale * dL/da`` into `out`."""
        raise NotImplementedError

    def per_sample_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        """The loss of each sample from the natural activation's z and a, exact at any size of z."""
        result: FloatArray = np.add.reduce(self.terms_from_z(z, a, t), axis=-1)
        return result

    def terms_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        """What each output adds to it, of the shape of `z`."""
        raise NotImplementedError

    def gradient_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        """dL/da of each sample from the natural activation's z; infinite only where double precision ends."""
        raise NotImplementedError

    def prepare(self, t: FloatArray, scale: float = 1.0) -> tuple[FloatArray, ...]:
        """What `natural_deltas` takes of the targets beside themselves, so that the pass need not."""
        return ()

    def natural_deltas(
        self, z: FloatArray, a: FloatArray, t: FloatArray, prepared: tuple[FloatArray, ...], out: FloatArray
    ) -> Program:
        """Calls that write ``scale * dL/dz`` of the natural activation into `out`.

        It is a - t, but not computed so: that is 0 as soon as the right output is rounded to 1.

        Parameters
        ----------
        prepared : tuple of arrays like `t`
            ``prepare(t, scale)``.
        """
        raise NotImplementedError

    def natural_delta(self, z: FloatArray, a: FloatArray, t: FloatArray, scale: float = 1.0) -> FloatArray:
        """``scale * dL/dz`` of each sample, of the shape of `z`."""
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            execute(self.natural_deltas(z, a, t, self.prepare(t, scale), out))
        return out

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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        difference = a - t
        result: FloatArray = 0.5 * (difference * difference)
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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        difference = a - t
        result: FloatArray = difference * difference / a.shape[-1]
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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        result: FloatArray = np.abs(a - t) / a.shape[-1]
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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        size = np.abs(a - t)
        inner = np.minimum(size, self.delta)
        result: FloatArray = inner * (size - 0.5 * inner) / a.shape[-1]
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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            result: FloatArray = (_t_log_a(t, a) + _t_log_a(1 - t, 1 - a)) / -a.shape[-1]
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(_log_loss_gradient, (a, t, out)), *_scaled(out, scale / a.shape[-1])]

    def terms_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        result: FloatArray = np.logaddexp((1.0 - 2.0 * t) * z, constant(0.0, z)) / z.shape[-1]
        return result

    def gradient_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        sign = 1.0 - 2.0 * t
        with np.errstate(over="ignore"):
            result: FloatArray = sign * (1.0 + np.exp(sign * z)) / z.shape[-1]
        return result

    def prepare(self, t: FloatArray, scale: float = 1.0) -> tuple[FloatArray, ...]:
        sign = 1.0 - 2.0 * t
        return -sign, sign * np.asarray(scale / t.shape[-1], t.dtype)

    def natural_deltas(
        self, z: FloatArray, a: FloatArray, t: FloatArray, prepared: tuple[FloatArray, ...], out: FloatArray
    ) -> Program:
        # With s = -1 for a target of 1 and 1 for one of 0: s sigmoid(s z) = s / (1 + exp(-s z))
        minus_sign, scaled_sign = prepared
        return [
            (np.multiply, (minus_sign, z, out)),
            (np.exp, (out, out)),
            (np.add, (out, constant(1.0, out), out)),
            (np.divide, (scaled_sign, out, out)),
        ]


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

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return -_t_log_a(t, a)

    def terms_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        return t * self.per_sample_from_z(z, a, t)[..., None]

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        return [(_minus_t_over_a, (a, t, out)), *_scaled(out, scale)]

    def per_sample_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        # -ln a of the right class: from what the others have where it is rounded to 1, from z where to 0
        right = np.add.reduce(a * t, axis=-1)
        if right.min(initial=1.0) < np.finfo(a.dtype).tiny:
            shifted = z - np.maximum.reduce(z, axis=-1, keepdims=True)
            log_sum = np.log(np.add.reduce(np.exp(shifted), axis=-1, keepdims=True))
            far: FloatArray = np.add.reduce(t * (log_sum - shifted), axis=-1)
        else:
            far = -np.log(right)
        wrong = np.add.reduce(a * (1.0 - t), axis=-1)
        result: FloatArray = np.where(wrong < 0.5, -np.log1p(-np.minimum(wrong, 0.5)), far)
        return result

    def gradient_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        shifted = z - np.maximum.reduce(z, axis=-1, keepdims=True)
        sums = np.add.reduce(np.exp(shifted), axis=-1, keepdims=True)
        with np.errstate(over="ignore"):
            one_over_a = np.exp(-shifted) * sums
        result: FloatArray = np.multiply(-t, one_over_a, out=np.zeros_like(one_over_a), where=t != 0)
        return result

    def prepare(self, t: FloatArray, scale: float = 1.0) -> tuple[FloatArray, ...]:
        return ((1.0 - t) * np.asarray(scale, t.dtype),)

    def natural_deltas(
        self, z: FloatArray, a: FloatArray, t: FloatArray, prepared: tuple[FloatArray, ...], out: FloatArray
    ) -> Program:
        # The a of the wrong classes, and of the right one minus the sum of those
        row, product = np.empty((*z.shape[:-1], 1), dtype=z.dtype), np.empty_like(z)
        (wrong,) = prepared
        return [
            (np.multiply, (a, wrong, out)),
            (np.add.reduce, (out, -1, None, row, True)),
            (np.multiply, (t, row, product)),
            (np.subtract, (out, product, out)),
        ]


@dataclass(frozen=True)
class Hinge(Loss):
    """The margin loss with targets 0/1 taken as -1/+1; the mean over the outputs."""

    name: ClassVar = "hinge"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "hinge")
    formula: ClassVar = r"\frac{1}{k} \sum_i \max(0, 1 - (2 t_i - 1)\,a_i)"
    gradient_formula: ClassVar = r"-\frac{1}{k}\,(2 t_i - 1)\,[(2 t_i - 1)\,a_i < 1]"
    kinds: ClassVar = CLASS_KINDS
    threshold: ClassVar = 0.0

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        result: FloatArray = np.maximum(0.0, 1.0 - (2.0 * t - 1.0) * a) / a.shape[-1]
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
