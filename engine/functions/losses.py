"""Losses of one sample, L(a, t), summed or averaged over the outputs, and their derivatives.

The reduction over the batch is not here: it belongs to the experiment. A loss that has a natural
output activation also gives the loss, dL/da and dL/dz from the pre-activations, where an `a` rounded to
1 has lost what they depend on: with sigmoid or softmax, dL/dz = a - t. Such targets are 0 or 1.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), sections 6.2.1 and 6.2.2; Huber 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.activations import ACTIVATIONS
from engine.functions.table import Rule, Table, parameter
from engine.functions.traced import (
    Program,
    Quantity,
    Recipe,
    execute,
    exp,
    log,
    logaddexp,
    maximum,
    minimum,
    quotient,
    row_max,
    row_sum,
    scaled,
    sign,
    trace,
    x_log_y,
)

ANY_KIND = ("regression", "binary", "multiclass", "multilabel")
CLASS_KINDS = ("binary", "multiclass", "multilabel")


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
    pytorch_from_z : str
        The loss of each sample from z, as PyTorch writes it.
    threshold : float
        The output from which a binary target counts as predicted 1.
    """

    formula: ClassVar[str] = ""
    gradient_formula: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ANY_KIND
    natural: ClassVar[str] = ""
    natural_formula: ClassVar[str] = ""
    pytorch_from_z: ClassVar[str] = ""
    threshold: ClassVar[float] = 0.5

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        """What an output adds to the loss of its sample of k outputs."""
        raise NotImplementedError

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        """Its derivative, dL/da."""
        raise NotImplementedError

    def matched_term(self, z: Quantity, t: Quantity, k: float) -> Quantity:
        """The term from the natural activation's z."""
        raise NotImplementedError

    def matched_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        """dL/dz with that activation, as textbooks have it; see `matched_delta`."""
        raise NotImplementedError

    def matched_parts(self, k: int) -> int:
        """What a - t is divided by in it."""
        parts: int = round(1.0 / self.matched_slope(1.0, 0.0, k))
        return parts

    def prepare(self, t: FloatArray, scale: float = 1.0) -> tuple[FloatArray, ...]:
        """What `matched_delta` takes of the targets beside themselves, so that the pass need not."""
        return ()

    def matched_delta(self, z: Quantity, a: Quantity, t: Quantity, *prepared: Quantity) -> Quantity:
        """``scale * dL/dz`` of the natural activation, with ``prepare(t, scale)``.

        It is a - t, but not computed so: that is 0 as soon as the right output is rounded to 1.
        """
        raise NotImplementedError

    def terms(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """What each output adds to the loss of its sample, of the shape of outputs and targets (..., k)."""
        with np.errstate(all="ignore"):
            result: FloatArray = self.term(a, t, a.shape[-1])
        return result

    def per_sample(self, a: FloatArray, t: FloatArray) -> FloatArray:
        """The loss of each sample, from outputs and targets (..., k) to (...)."""
        result: FloatArray = np.add.reduce(self.terms(a, t), axis=-1)
        return result

    def gradients(self, a: FloatArray, t: FloatArray, out: FloatArray, scale: float = 1.0) -> Program:
        """Calls that write ``scale * dL/da`` into `out`."""
        return _slope_recipe(self, a.shape[-1], scale).bind(out, a=a, t=t, out=out)

    def per_sample_from_z(self, z: FloatArray, t: FloatArray, *, a: FloatArray | None = None) -> FloatArray:
        """The loss of each sample from the natural activation's z, exact at any size of z.

        Pass ``a``, the activation at `z`, if it is known.
        """
        if a is None:
            a = ACTIVATIONS[self.natural]().value(z)
        result: FloatArray = np.add.reduce(self.terms_from_z(z, a, t), axis=-1)
        return result

    def terms_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        """What each output adds to it, of the shape of `z`."""
        result: FloatArray = self.matched_term(z, t, z.shape[-1])
        return result

    def gradient_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        """dL/da of each sample from the natural activation's z; infinite only where double precision ends."""
        raise NotImplementedError

    def natural_deltas(
        self, z: FloatArray, a: FloatArray, t: FloatArray, prepared: tuple[FloatArray, ...], out: FloatArray
    ) -> Program:
        """Calls that write ``scale * dL/dz`` of the natural activation into `out`; see `matched_delta`."""
        given = {f"p{i}": each for i, each in enumerate(prepared)}
        return _matched_recipe(self, len(prepared)).bind(out, z=z, a=a, t=t, out=out, **given)

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


@lru_cache(maxsize=256)
def _slope_recipe(loss: Loss, outputs: int, scale: float) -> Recipe:
    return trace(lambda a, t: scaled(scale, loss.term_slope(a, t, outputs)), "at")


@lru_cache(maxsize=32)
def _matched_recipe(loss: Loss, prepared: int) -> Recipe:
    return trace(loss.matched_delta, ["z", "a", "t", *(f"p{i}" for i in range(prepared))])


@dataclass(frozen=True)
class SquaredError(Loss):
    """Half the sum of squares, the textbook's choice."""

    name: ClassVar = "squared_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "squared error ½Σ")
    formula: ClassVar = r"\frac{1}{2} \sum_i (a_i - t_i)^2"
    gradient_formula: ClassVar = "a_i - t_i"

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        difference = a - t
        return 0.5 * (difference * difference)

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return a - t


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """The mean of squares over the outputs."""

    name: ClassVar = "mean_squared_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "mean squared error")
    formula: ClassVar = r"\frac{1}{k} \sum_i (a_i - t_i)^2"
    gradient_formula: ClassVar = r"\frac{2}{k}\,(a_i - t_i)"

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        difference = a - t
        return difference * difference / k

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return 2 / k * (a - t)


@dataclass(frozen=True)
class MeanAbsoluteError(Loss):
    """The mean of absolute differences over the outputs."""

    name: ClassVar = "mean_absolute_error"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "mean absolute error")
    formula: ClassVar = r"\frac{1}{k} \sum_i |a_i - t_i|"
    gradient_formula: ClassVar = r"\frac{1}{k}\,\mathrm{sign}(a_i - t_i)"

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return abs(a - t) / k

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return sign(a - t) / k

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

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        size = abs(a - t)
        inner = minimum(size, self.delta)
        return inner * (size - 0.5 * inner) / k

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return maximum(minimum(a - t, self.delta), -self.delta) / k


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """The negative log-likelihood of independent yes/no outputs; the mean over the outputs."""

    name: ClassVar = "binary_cross_entropy"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "binary cross-entropy")
    pytorch_from_z: ClassVar = (
        'functional.binary_cross_entropy_with_logits(z, t, reduction="none").mean(dim=1)'
    )
    formula: ClassVar = r"-\frac{1}{k} \sum_i (t_i \ln a_i + (1 - t_i) \ln(1 - a_i))"
    gradient_formula: ClassVar = r"\frac{1}{k}\,\frac{a_i - t_i}{a_i (1 - a_i)}"
    kinds: ClassVar = CLASS_KINDS
    natural: ClassVar = "sigmoid"
    natural_formula: ClassVar = r"\frac{1}{k}\,(a_i - t_i)"

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return (x_log_y(t, a) + x_log_y(1 - t, 1 - a)) / -k

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        # 0/0 at a sure and right output is the limit 1, and a target of 0 has no -t/a part
        return (quotient(1 - t, 1 - a) - quotient(t, a)) / k

    def matched_term(self, z: Quantity, t: Quantity, k: float) -> Quantity:
        return logaddexp((1.0 - 2.0 * t) * z, 0) / k

    def matched_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return (a - t) / k

    def gradient_from_z(self, z: FloatArray, t: FloatArray) -> FloatArray:
        sign = 1.0 - 2.0 * t
        with np.errstate(over="ignore"):
            result: FloatArray = sign * (1.0 + np.exp(sign * z)) / z.shape[-1]
        return result

    def prepare(self, t: FloatArray, scale: float = 1.0) -> tuple[FloatArray, ...]:
        sign = 1.0 - 2.0 * t
        return -sign, sign * np.asarray(scale / t.shape[-1], t.dtype)

    def matched_delta(self, z: Quantity, a: Quantity, t: Quantity, *prepared: Quantity) -> Quantity:
        # With s = -1 for a target of 1 and 1 for one of 0: s sigmoid(s z) = s / (1 + exp(-s z))
        minus_sign, scaled_sign = prepared
        return scaled_sign / (exp(minus_sign * z) + 1)


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """The negative log-likelihood of one class among k; the sum over the outputs."""

    name: ClassVar = "cross_entropy"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "cross-entropy")
    pytorch_from_z: ClassVar = 'functional.cross_entropy(z, t, reduction="none")'
    formula: ClassVar = r"-\sum_i t_i \ln a_i"
    gradient_formula: ClassVar = r"-\frac{t_i}{a_i}"
    kinds: ClassVar = ("multiclass",)
    natural: ClassVar = "softmax"
    natural_formula: ClassVar = "a_i - t_i"

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return -x_log_y(t, a)

    def matched_term(self, z: Quantity, t: Quantity, k: float) -> Quantity:
        shifted = z - row_max(z)
        return t * (log(row_sum(exp(shifted))) - shifted)

    def matched_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return a - t

    def terms_from_z(self, z: FloatArray, a: FloatArray, t: FloatArray) -> FloatArray:
        return t * self.per_sample_from_z(z, t, a=a)[..., None]

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return -quotient(t, a)

    def per_sample_from_z(self, z: FloatArray, t: FloatArray, *, a: FloatArray | None = None) -> FloatArray:
        if a is None:
            a = ACTIVATIONS[self.natural]().value(z)
        # -ln a of the right class: from what the others have where it is rounded to 1, from z where to 0
        parts = a * t
        right = np.add.reduce(parts, axis=-1)
        wrong = np.add.reduce(np.subtract(a, parts, parts), axis=-1)
        near, tiny = wrong < 0.5, np.finfo(a.dtype).tiny
        result: FloatArray = np.where(
            near, -np.log1p(-np.minimum(wrong, 0.5)), -np.log(np.maximum(right, tiny))
        )
        far = ~(near | (right >= tiny))
        if far.any():  # of each sample by itself: what lies beside it must not decide on its last bits
            those = z[far], np.broadcast_to(t, z.shape)[far]
            result[far] = np.add.reduce(self.matched_term(*those, z.shape[-1]), axis=-1)
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

    def matched_delta(self, z: Quantity, a: Quantity, t: Quantity, *prepared: Quantity) -> Quantity:
        # The a of the wrong classes, and of the right one minus the sum of those
        others = a * prepared[0]
        return others - t * row_sum(others)


@dataclass(frozen=True)
class Hinge(Loss):
    """The margin loss with targets 0/1 taken as -1/+1; the mean over the outputs."""

    name: ClassVar = "hinge"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "hinge")
    formula: ClassVar = r"\frac{1}{k} \sum_i \max(0, 1 - (2 t_i - 1)\,a_i)"
    gradient_formula: ClassVar = r"-\frac{1}{k}\,(2 t_i - 1)\,[(2 t_i - 1)\,a_i < 1]"
    kinds: ClassVar = CLASS_KINDS
    threshold: ClassVar = 0.0

    def term(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        return maximum(0, 1 - (2 * t - 1) * a) / k

    def term_slope(self, a: Quantity, t: Quantity, k: float) -> Quantity:
        minus_sign = 1 - t - t
        return (minus_sign * a > -1) * minus_sign / k

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
