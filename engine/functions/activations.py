"""Activation functions a = f(z) and their derivatives.

Every rule works on arrays whose last axis runs over the units. All but softmax are elementwise and
have a slope f'(z); softmax mixes the units of a layer and has only a vector-Jacobian product.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 6.3; Clevert et al. 2016 (ELU);
Klambauer et al. 2017 (SELU); Hendrycks and Gimpel 2016 (GELU); Ramachandran et al. 2017 (SiLU);
Misra 2019 (Mish).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import FloatArray, Program, Rule, Table, execute, maximum, minimum, parameter


def constant(value: float, like: FloatArray) -> FloatArray:
    """A 0-d array of the dtype of `like`: ufuncs take it faster than a Python float (measured: 1.05x)."""
    return np.array(value, dtype=like.dtype)


@dataclass(frozen=True)
class Activation(Rule):
    """An activation function.

    Attributes
    ----------
    formula : str
        f(z), LaTeX.
    slope_formula : str
        f'(z), LaTeX, in z and a.
    saturated_slope_formula : str
        f'(z), LaTeX, in z alone, where that in a says nothing once a is rounded to 1; else "".
    elementwise : bool
        Whether each unit depends on its own z alone.
    kinks : tuple of float
        The z at which f has no derivative; there the slope is the one PyTorch uses.
    """

    formula: ClassVar[str] = ""
    slope_formula: ClassVar[str] = ""
    saturated_slope_formula: ClassVar[str] = ""
    elementwise: ClassVar[bool] = True

    @property
    def kinks(self) -> tuple[float, ...]:
        return ()

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        """Calls that write f(z) into `a`."""
        raise NotImplementedError

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        """Calls that write f'(z) into `out`, given `z` and ``a = f(z)``."""
        raise NotImplementedError

    def backward(self, z: FloatArray, a: FloatArray, upstream: FloatArray, out: FloatArray) -> Program:
        """Calls that write dL/dz into `out`, given ``upstream = dL/da``; the two may be one array."""
        slope = np.empty_like(z)
        return [*self.slopes(z, a, slope), (np.multiply, (upstream, slope, out))]

    def value(self, z: FloatArray) -> FloatArray:
        """f(z), of the shape of `z`."""
        a = np.empty_like(z)
        with np.errstate(all="ignore"):
            execute(self.forward(z, a))
        return a

    def slope(self, z: FloatArray, a: FloatArray | None = None) -> FloatArray:
        """f'(z), of the shape of `z`; pass ``a = f(z)`` if it is known."""
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            execute(self.slopes(z, self.value(z) if a is None else a, out))
        return out

    def vjp(self, z: FloatArray, a: FloatArray, upstream: FloatArray) -> FloatArray:
        """dL/dz given dL/da, both of the shape of `z`."""
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            execute(self.backward(z, a, upstream, out))
        return out


@dataclass(frozen=True)
class Linear(Activation):
    """The identity."""

    name: ClassVar = "linear"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "linear")
    formula: ClassVar = "z"
    slope_formula: ClassVar = "1"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [(np.copyto, (a, z))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [(out.fill, (1.0,))]

    def backward(self, z: FloatArray, a: FloatArray, upstream: FloatArray, out: FloatArray) -> Program:
        return [] if upstream is out else [(np.copyto, (out, upstream))]


@dataclass(frozen=True)
class Sigmoid(Activation):
    """The logistic function, the article's choice."""

    name: ClassVar = "sigmoid"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "sigmoid")
    formula: ClassVar = r"\frac{1}{1 + e^{-z}}"
    slope_formula: ClassVar = r"a\,(1 - a)"
    saturated_slope_formula: ClassVar = r"\frac{e^{-z}}{(1 + e^{-z})^2}"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        one = constant(1.0, z)
        # exp overflows to inf for z < -709, and 1 / (1 + inf) is the right 0
        return [
            (np.negative, (z, a)),
            (np.exp, (a, a)),
            (np.add, (a, one, a)),
            (np.reciprocal, (a, a)),
        ]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        # a / (1 + exp z) and not a (1 - a), which is 0 as soon as a is rounded to 1
        return [
            (np.exp, (z, out)),
            (np.add, (out, constant(1.0, z), out)),
            (np.divide, (a, out, out)),
        ]


@dataclass(frozen=True)
class Tanh(Activation):
    """The hyperbolic tangent."""

    name: ClassVar = "tanh"
    label: ClassVar = "tanh"
    formula: ClassVar = r"\tanh z"
    slope_formula: ClassVar = "1 - a^2"
    saturated_slope_formula: ClassVar = r"\frac{1}{(\cosh z)^2}"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [(np.tanh, (z, a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        # 1 / cosh^2 z and not 1 - a^2, which is 0 as soon as a is rounded to 1
        return [(np.cosh, (z, out)), (np.reciprocal, (out, out)), (np.square, (out, out))]


@dataclass(frozen=True)
class ReLU(Activation):
    """The rectified linear unit."""

    name: ClassVar = "relu"
    label: ClassVar = "ReLU"
    formula: ClassVar = r"\max(0, z)"
    slope_formula: ClassVar = r"[z > 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [maximum(z, constant(0.0, z), a)]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [(np.greater, (z, constant(0.0, z), out))]


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """ReLU with a small slope on the negative side."""

    slope_below: float = parameter(
        0.01, QT_TRANSLATE_NOOP("catalogue", "slope below 0"), low=0.0, high=1.0, open_high=True
    )
    name: ClassVar = "leaky_relu"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "leaky ReLU")
    formula: ClassVar = r"\max(\alpha z, z)"
    slope_formula: ClassVar = r"[z > 0] + \alpha\,[z \leq 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [(np.multiply, (z, constant(self.slope_below, z), a)), maximum(z, a, a)]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [
            (np.greater, (z, constant(0.0, z), out)),
            maximum(out, constant(self.slope_below, z), out),
        ]


@dataclass(frozen=True)
class ELU(Activation):
    """Exponential linear unit (Clevert et al. 2016)."""

    alpha: float = parameter(1.0, "α", low=0.0, open_low=True, high=100.0)
    name: ClassVar = "elu"
    label: ClassVar = "ELU"
    formula: ClassVar = r"z\,[z > 0] + \alpha\,(e^{z} - 1)\,[z \leq 0]"
    slope_formula: ClassVar = r"[z > 0] + \alpha\,e^{z}\,[z \leq 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return () if self.alpha == 1.0 else (0.0,)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        zero = constant(0.0, z)
        positive = np.empty_like(z)
        return [
            minimum(z, zero, a),
            (np.expm1, (a, a)),
            (np.multiply, (a, constant(self.alpha, z), a)),
            maximum(z, zero, positive),
            (np.add, (a, positive, a)),
        ]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        # alpha * exp(min(z, 0)) and not a + alpha, which cancels for very negative z
        positive = np.empty(z.shape, dtype=bool)
        return [
            minimum(z, constant(0.0, z), out),
            (np.exp, (out, out)),
            (np.multiply, (out, constant(self.alpha, z), out)),
            (np.greater, (z, constant(0.0, z), positive)),
            (_put_ones, (out, positive)),
        ]


def _put_ones(out: FloatArray, where: FloatArray) -> None:
    np.copyto(out, 1.0, where=where)


@dataclass(frozen=True)
class SELU(Activation):
    """Self-normalising ELU with fixed constants (Klambauer et al. 2017)."""

    name: ClassVar = "selu"
    label: ClassVar = "SELU"
    formula: ClassVar = r"\lambda\,(z\,[z > 0] + \alpha\,(e^{z} - 1)\,[z \leq 0])"
    slope_formula: ClassVar = r"\lambda\,[z > 0] + \lambda\alpha\,e^{z}\,[z \leq 0]"
    alpha: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [*ELU(self.alpha).forward(z, a), (np.multiply, (a, constant(self.scale, z), a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [*ELU(self.alpha).slopes(z, a, out), (np.multiply, (out, constant(self.scale, z), out))]


@dataclass(frozen=True)
class Softplus(Activation):
    """A smooth ReLU, log(1 + exp z)."""

    name: ClassVar = "softplus"
    label: ClassVar = "softplus"
    formula: ClassVar = r"\ln(1 + e^{z})"
    slope_formula: ClassVar = r"\frac{1}{1 + e^{-z}}"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [(np.logaddexp, (z, constant(0.0, z), a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return Sigmoid().forward(z, out)


@dataclass(frozen=True)
class Softsign(Activation):
    """z / (1 + |z|)."""

    name: ClassVar = "softsign"
    label: ClassVar = "softsign"
    formula: ClassVar = r"\frac{z}{1 + |z|}"
    slope_formula: ClassVar = r"\frac{1}{(1 + |z|)^2}"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [
            (np.absolute, (z, a)),
            (np.add, (a, constant(1.0, z), a)),
            (np.divide, (z, a, a)),
        ]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [
            (np.absolute, (z, out)),
            (np.add, (out, constant(1.0, z), out)),
            (np.multiply, (out, out, out)),
            (np.reciprocal, (out, out)),
        ]


@dataclass(frozen=True)
class SiLU(Activation):
    """z times sigmoid(z), also called swish (Ramachandran et al. 2017)."""

    name: ClassVar = "silu"
    label: ClassVar = "SiLU"
    formula: ClassVar = r"z\,\sigma(z)"
    slope_formula: ClassVar = r"\sigma(z)\,(1 + z\,(1 - \sigma(z)))"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [*Sigmoid().forward(z, a), (np.multiply, (z, a, a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        s, one = np.empty_like(z), constant(1.0, z)
        return [
            *Sigmoid().forward(z, s),
            (np.subtract, (one, s, out)),
            (np.multiply, (z, out, out)),
            (np.add, (out, one, out)),
            (np.multiply, (s, out, out)),
        ]


def normal_distribution(z: FloatArray, out: FloatArray) -> None:
    """Write the standard normal distribution function of `z` into `out`.

    NumPy has no erf; the C library's, element by element, is exact and short, at 60 ns an element.
    """
    root = math.sqrt(0.5)
    out[...] = np.reshape([0.5 * math.erfc(-root * x) for x in z.ravel().tolist()], z.shape)


@dataclass(frozen=True)
class GELU(Activation):
    """z times the standard normal distribution function, exact (Hendrycks and Gimpel 2016)."""

    name: ClassVar = "gelu"
    label: ClassVar = "GELU"
    formula: ClassVar = r"z\,\Phi(z)"
    slope_formula: ClassVar = r"\Phi(z) + z\,\varphi(z)"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [(normal_distribution, (z, a)), (np.multiply, (z, a, a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        density = np.empty_like(z)
        return [
            (np.multiply, (z, z, density)),
            (np.multiply, (density, constant(-0.5, z), density)),
            (np.exp, (density, density)),
            (np.multiply, (density, constant(1.0 / math.sqrt(2.0 * math.pi), z), density)),
            (np.multiply, (density, z, density)),
            (normal_distribution, (z, out)),
            (np.add, (out, density, out)),
        ]


@dataclass(frozen=True)
class Mish(Activation):
    """z tanh(softplus z) (Misra 2019)."""

    name: ClassVar = "mish"
    label: ClassVar = "Mish"
    formula: ClassVar = r"z \tanh(\ln(1 + e^{z}))"
    slope_formula: ClassVar = r"t + z\,\sigma(z)\,(1 - t^2),\ t = \tanh(\ln(1 + e^{z}))"

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [*Softplus().forward(z, a), (np.tanh, (a, a)), (np.multiply, (z, a, a))]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        t, s = np.empty_like(z), np.empty_like(z)
        return [
            *Softplus().forward(z, t),
            (np.tanh, (t, t)),
            *Sigmoid().forward(z, s),
            (np.multiply, (s, z, s)),
            (np.square, (t, out)),
            (np.subtract, (constant(1.0, z), out, out)),  # where this cancels, t outweighs it
            (np.multiply, (out, s, out)),
            (np.add, (out, t, out)),
        ]


@dataclass(frozen=True)
class HardSigmoid(Activation):
    """A piecewise linear sigmoid, as PyTorch defines it."""

    name: ClassVar = "hard_sigmoid"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "hard sigmoid")
    formula: ClassVar = r"\min(1, \max(0, \frac{z}{6} + \frac{1}{2}))"
    slope_formula: ClassVar = r"\frac{1}{6}\,[-3 < z < 3]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return (-3.0, 3.0)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        return [
            (np.divide, (z, constant(6.0, z), a)),
            (np.add, (a, constant(0.5, z), a)),
            maximum(a, constant(0.0, z), a),
            minimum(a, constant(1.0, z), a),
        ]

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        return [
            (np.absolute, (z, out)),
            (np.less, (out, constant(3.0, z), out)),
            (np.divide, (out, constant(6.0, z), out)),
        ]


@dataclass(frozen=True)
class Softmax(Activation):
    """The units of a layer as probabilities; its Jacobian is full: da_i/dz_j = a_i ([i = j] - a_j)."""

    name: ClassVar = "softmax"
    label: ClassVar = "softmax"
    formula: ClassVar = r"\frac{e^{z_i}}{\sum_k e^{z_k}}"
    slope_formula: ClassVar = r"a_i\,([i = j] - a_j)"
    elementwise: ClassVar = False

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        row = np.empty((*z.shape[:-1], 1), dtype=z.dtype)
        return [
            (np.maximum.reduce, (z, -1, None, row, True)),
            (np.subtract, (z, row, a)),
            (np.exp, (a, a)),
            (np.add.reduce, (a, -1, None, row, True)),
            (np.divide, (a, row, a)),
        ]

    def backward(self, z: FloatArray, a: FloatArray, upstream: FloatArray, out: FloatArray) -> Program:
        # What is added to all of upstream has no effect. Without what the most probable unit has of it
        # nothing cancels where that unit's a is rounded to 1.
        row, product = np.empty((*z.shape[:-1], 1), dtype=z.dtype), np.empty_like(z)
        centred = np.empty_like(z)
        return [
            (_of_the_largest, (a, upstream, row)),
            (np.subtract, (upstream, row, centred)),
            (np.multiply, (centred, a, product)),
            (np.add.reduce, (product, -1, None, row, True)),
            (np.subtract, (centred, row, product)),
            (np.multiply, (a, product, out)),
        ]

    def jacobian(self, a: FloatArray) -> FloatArray:
        """da_i/dz_j at [..., i, j] for the activations `a` (..., n)."""
        own = np.eye(a.shape[-1], dtype=bool)
        jacobian: FloatArray = a[..., :, None] * np.where(own, remainder(a)[..., :, None], -a[..., None, :])
        return jacobian


def _of_the_largest(a: FloatArray, values: FloatArray, out: FloatArray) -> None:
    out[...] = np.take_along_axis(values, a.argmax(axis=-1, keepdims=True), -1)


def remainder(a: FloatArray) -> FloatArray:
    """1 - a for probabilities (..., n) that sum to 1, in full relative precision.

    It cancels only for the largest one; of that it is the sum of the others.
    """
    largest = a.argmax(axis=-1, keepdims=True)
    others = a.copy()
    np.put_along_axis(others, largest, 0.0, -1)
    rest: FloatArray = 1.0 - a
    np.put_along_axis(rest, largest, others.sum(axis=-1, keepdims=True), -1)
    return rest


ACTIVATIONS: Table[Activation] = Table(
    Linear,
    Sigmoid,
    Tanh,
    ReLU,
    LeakyReLU,
    ELU,
    SELU,
    Softplus,
    Softsign,
    SiLU,
    GELU,
    Mish,
    HardSigmoid,
    Softmax,
)
