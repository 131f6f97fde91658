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
from functools import lru_cache
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import Rule, Table, parameter
from engine.functions.traced import (
    Program,
    Quantity,
    Recipe,
    choose,
    cosh,
    execute,
    exp,
    expm1,
    logaddexp,
    maximum,
    minimum,
    normal_distribution,
    of_the_largest,
    row_max,
    row_sum,
    tanh,
    trace,
)


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
    pytorch : str
        PyTorch's module, the parameters to be put in; "" where one is to be written from the formula.
    kinks : tuple of float
        The z at which f has no derivative; there the slope is the one PyTorch uses.
    """

    formula: ClassVar[str] = ""
    slope_formula: ClassVar[str] = ""
    saturated_slope_formula: ClassVar[str] = ""
    elementwise: ClassVar[bool] = True
    pytorch: ClassVar[str] = ""

    @property
    def kinks(self) -> tuple[float, ...]:
        return ()

    @property
    def has_slopes(self) -> bool:
        """Whether dL/da is to be multiplied with slopes, one for each unit."""
        return self.elementwise and self.name != "linear"

    @property
    def slope_takes_a(self) -> bool:
        """Whether `slope_of` is written in `a`, too, and not in `z` alone."""
        return _recipe(self, "slope_of", "za").takes("a")

    def f(self, z: Quantity) -> Quantity:
        """The activation of z."""
        raise NotImplementedError

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        """f'(z), given `z` and ``a = f(z)``; only where it is elementwise."""
        raise NotImplementedError

    def slope_in_a(self, a: Quantity) -> Quantity | None:
        """f'(z) from ``a = f(z)`` alone, where `slope_formula` has it so; it says nothing at a rounded a."""
        return None

    def pull_back(self, z: Quantity, a: Quantity, upstream: Quantity) -> Quantity:
        """dL/dz, given ``upstream = dL/da``."""
        return upstream * self.slope_of(z, a)

    def forward(self, z: FloatArray, a: FloatArray) -> Program:
        """Calls that write f(z) into `a`."""
        return _recipe(self, "f", "z").bind(z, z=z, out=a)

    def slopes(self, z: FloatArray, a: FloatArray, out: FloatArray) -> Program:
        """Calls that write f'(z) into `out`, given `z` and ``a = f(z)``."""
        return _recipe(self, "slope_of", "za").bind(z, z=z, a=a, out=out)

    def backward(self, z: FloatArray, a: FloatArray, upstream: FloatArray, out: FloatArray) -> Program:
        """Calls that write dL/dz into `out`, given ``upstream = dL/da``; the two may be one array."""
        return _recipe(self, "pull_back", "zau").bind(z, z=z, a=a, u=upstream, out=out)

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


@lru_cache(maxsize=256)
def _recipe(activation: Activation, formula: str, inputs: str) -> Recipe:
    return trace(getattr(activation, formula), inputs, in_place={"out": "u"})


def sigmoid(z: Quantity) -> Quantity:
    """The logistic function; exp overflows to inf for z < -709, and 1 / (1 + inf) is the right 0."""
    return 1 / (1 + exp(-z))


def elu(z: Quantity, alpha: float) -> Quantity:
    """The exponential linear unit."""
    return maximum(z, 0) + alpha * expm1(minimum(z, 0))


def elu_slope(z: Quantity, alpha: float) -> Quantity:
    """Its slope, and not a + alpha below 0, which cancels for very negative z."""
    return choose(z > 0, 1, alpha * exp(minimum(z, 0)))


@dataclass(frozen=True)
class Linear(Activation):
    """The identity."""

    name: ClassVar = "linear"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "linear")
    formula: ClassVar = "z"
    slope_formula: ClassVar = "1"

    def f(self, z: Quantity) -> Quantity:
        return z

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return 1.0

    def pull_back(self, z: Quantity, a: Quantity, upstream: Quantity) -> Quantity:
        return upstream

    def backward(self, z: FloatArray, a: FloatArray, upstream: FloatArray, out: FloatArray) -> Program:
        return [] if upstream is out else [(np.copyto, (out, upstream))]


@dataclass(frozen=True)
class Sigmoid(Activation):
    """The logistic function, the article's choice."""

    name: ClassVar = "sigmoid"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "sigmoid")
    pytorch: ClassVar = "torch.nn.Sigmoid()"
    formula: ClassVar = r"\frac{1}{1 + e^{-z}}"
    slope_formula: ClassVar = r"a\,(1 - a)"
    saturated_slope_formula: ClassVar = r"\frac{e^{-z}}{(1 + e^{-z})^2}"

    def f(self, z: Quantity) -> Quantity:
        return sigmoid(z)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return a / (1 + exp(z))  # and not a (1 - a), which is 0 as soon as a is rounded to 1

    def slope_in_a(self, a: Quantity) -> Quantity:
        return a * (1 - a)


@dataclass(frozen=True)
class Tanh(Activation):
    """The hyperbolic tangent."""

    name: ClassVar = "tanh"
    label: ClassVar = "tanh"
    pytorch: ClassVar = "torch.nn.Tanh()"
    formula: ClassVar = r"\tanh z"
    slope_formula: ClassVar = "1 - a^2"
    saturated_slope_formula: ClassVar = r"\frac{1}{(\cosh z)^2}"

    def f(self, z: Quantity) -> Quantity:
        return tanh(z)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return (1 / cosh(z)) ** 2  # and not 1 - a^2, which is 0 as soon as a is rounded to 1

    def slope_in_a(self, a: Quantity) -> Quantity:
        return 1 - a**2


@dataclass(frozen=True)
class ReLU(Activation):
    """The rectified linear unit."""

    name: ClassVar = "relu"
    label: ClassVar = "ReLU"
    pytorch: ClassVar = "torch.nn.ReLU()"
    formula: ClassVar = r"\max(0, z)"
    slope_formula: ClassVar = r"[z > 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def f(self, z: Quantity) -> Quantity:
        return maximum(z, 0)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return z > 0


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """ReLU with a small slope on the negative side."""

    slope_below: float = parameter(
        0.01, QT_TRANSLATE_NOOP("catalogue", "slope below 0"), low=0.0, high=1.0, open_high=True
    )
    name: ClassVar = "leaky_relu"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "leaky ReLU")
    pytorch: ClassVar = "torch.nn.LeakyReLU({slope_below})"
    formula: ClassVar = r"\max(\alpha z, z)"
    slope_formula: ClassVar = r"[z > 0] + \alpha\,[z \leq 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def f(self, z: Quantity) -> Quantity:
        return maximum(z, self.slope_below * z)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return maximum(z > 0, self.slope_below)


@dataclass(frozen=True)
class ELU(Activation):
    """Exponential linear unit (Clevert et al. 2016)."""

    alpha: float = parameter(1.0, "α", low=0.0, open_low=True, high=100.0)
    name: ClassVar = "elu"
    label: ClassVar = "ELU"
    pytorch: ClassVar = "torch.nn.ELU({alpha})"
    formula: ClassVar = r"z\,[z > 0] + \alpha\,(e^{z} - 1)\,[z \leq 0]"
    slope_formula: ClassVar = r"[z > 0] + \alpha\,e^{z}\,[z \leq 0]"

    @property
    def kinks(self) -> tuple[float, ...]:
        return () if self.alpha == 1.0 else (0.0,)

    def f(self, z: Quantity) -> Quantity:
        return elu(z, self.alpha)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return elu_slope(z, self.alpha)


@dataclass(frozen=True)
class SELU(Activation):
    """Self-normalising ELU with fixed constants (Klambauer et al. 2017)."""

    name: ClassVar = "selu"
    label: ClassVar = "SELU"
    pytorch: ClassVar = "torch.nn.SELU()"
    formula: ClassVar = r"\lambda\,(z\,[z > 0] + \alpha\,(e^{z} - 1)\,[z \leq 0])"
    slope_formula: ClassVar = r"\lambda\,[z > 0] + \lambda\alpha\,e^{z}\,[z \leq 0]"
    alpha: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805

    @property
    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def f(self, z: Quantity) -> Quantity:
        return self.scale * elu(z, self.alpha)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return self.scale * elu_slope(z, self.alpha)


@dataclass(frozen=True)
class Softplus(Activation):
    """A smooth ReLU, log(1 + exp z)."""

    name: ClassVar = "softplus"
    label: ClassVar = "softplus"
    pytorch: ClassVar = "torch.nn.Softplus(threshold=40)"  # from its own threshold on it is not exact
    formula: ClassVar = r"\ln(1 + e^{z})"
    slope_formula: ClassVar = r"\frac{1}{1 + e^{-z}}"

    def f(self, z: Quantity) -> Quantity:
        return logaddexp(z, 0)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return sigmoid(z)


@dataclass(frozen=True)
class Softsign(Activation):
    """z / (1 + |z|)."""

    name: ClassVar = "softsign"
    label: ClassVar = "softsign"
    pytorch: ClassVar = "torch.nn.Softsign()"
    formula: ClassVar = r"\frac{z}{1 + |z|}"
    slope_formula: ClassVar = r"\frac{1}{(1 + |z|)^2}"

    def f(self, z: Quantity) -> Quantity:
        return z / (abs(z) + 1)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return 1 / (abs(z) + 1) ** 2


@dataclass(frozen=True)
class SiLU(Activation):
    """z times sigmoid(z), also called swish (Ramachandran et al. 2017)."""

    name: ClassVar = "silu"
    label: ClassVar = "SiLU"
    pytorch: ClassVar = "torch.nn.SiLU()"
    formula: ClassVar = r"z\,\sigma(z)"
    slope_formula: ClassVar = r"\sigma(z)\,(1 + z\,(1 - \sigma(z)))"

    def f(self, z: Quantity) -> Quantity:
        return z * sigmoid(z)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        s = sigmoid(z)
        return s * (1 + z * (1 - s))


@dataclass(frozen=True)
class GELU(Activation):
    """z times the standard normal distribution function, exact (Hendrycks and Gimpel 2016)."""

    name: ClassVar = "gelu"
    label: ClassVar = "GELU"
    pytorch: ClassVar = "torch.nn.GELU()"
    formula: ClassVar = r"z\,\Phi(z)"
    slope_formula: ClassVar = r"\Phi(z) + z\,\varphi(z)"

    def f(self, z: Quantity) -> Quantity:
        return z * normal_distribution(z)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        density = 1 / math.sqrt(2 * math.pi) * exp(-0.5 * (z * z))
        return normal_distribution(z) + z * density


@dataclass(frozen=True)
class Mish(Activation):
    """z tanh(softplus z) (Misra 2019)."""

    name: ClassVar = "mish"
    label: ClassVar = "Mish"
    pytorch: ClassVar = "torch.nn.Mish()"
    formula: ClassVar = r"z \tanh(\ln(1 + e^{z}))"
    slope_formula: ClassVar = r"t + z\,\sigma(z)\,(1 - t^2),\ t = \tanh(\ln(1 + e^{z}))"

    def f(self, z: Quantity) -> Quantity:
        return z * tanh(logaddexp(z, 0))

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        t = tanh(logaddexp(z, 0))
        return t + (1 - t**2) * (z * sigmoid(z))  # where 1 - t^2 cancels, t outweighs it


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

    def f(self, z: Quantity) -> Quantity:
        return minimum(maximum(z / 6 + 0.5, 0), 1)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return (abs(z) < 3) / 6


@dataclass(frozen=True)
class Softmax(Activation):
    """The units of a layer as probabilities; its Jacobian is full: da_i/dz_j = a_i ([i = j] - a_j)."""

    name: ClassVar = "softmax"
    label: ClassVar = "softmax"
    pytorch: ClassVar = "torch.nn.Softmax(dim=1)"
    formula: ClassVar = r"\frac{e^{z_i}}{\sum_k e^{z_k}}"
    slope_formula: ClassVar = r"a_i\,([i = j] - a_j)"
    elementwise: ClassVar = False

    def f(self, z: Quantity) -> Quantity:
        powers = exp(z - row_max(z))
        return powers / row_sum(powers)

    def pull_back(self, z: Quantity, a: Quantity, upstream: Quantity) -> Quantity:
        # What is added to all of upstream has no effect. Without what the most probable unit has of it
        # nothing cancels where that unit's a is rounded to 1.
        centred = upstream - of_the_largest(a, upstream)
        return a * (centred - row_sum(centred * a))

    def jacobian(self, a: FloatArray) -> FloatArray:
        """da_i/dz_j at [..., i, j] for the activations `a` (..., n)."""
        own = np.eye(a.shape[-1], dtype=bool)
        jacobian: FloatArray = a[..., :, None] * np.where(own, remainder(a)[..., :, None], -a[..., None, :])
        return jacobian


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
