"""How the parameters are drawn at step 0, as a pure function of a random generator.

The rules that scale with the fan leave the biases at 0; those that do not (zeros, constant, uniform,
normal) fill weights and biases alike.

Sources: Glorot and Bengio 2010 (Xavier); He et al. 2015; LeCun et al. 1998; Saxe et al. 2014
(orthogonal).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray
from engine.digits import full
from engine.errors import QT_TRANSLATE_NOOP, ExperimentError
from engine.functions.table import Rule, Table, parameter


@dataclass(frozen=True)
class Initializer(Rule):
    """A way to draw a layer's parameters.

    Attributes
    ----------
    formula : str
        The distribution of a weight, LaTeX.
    fills_biases : bool
        Whether biases are drawn like weights; otherwise they start at 0.
    """

    formula: ClassVar[str] = ""
    fills_biases: ClassVar[bool] = False

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        """An array of `shape`, for a layer of `fan_in` inputs and `fan_out` units."""
        raise NotImplementedError


@dataclass(frozen=True)
class Zeros(Initializer):
    """All 0: every unit of a hidden layer stays the same, which is worth seeing once."""

    name: ClassVar = "zeros"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "zeros")
    formula: ClassVar = "w = 0"
    fills_biases: ClassVar = True

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return np.zeros(shape)


@dataclass(frozen=True)
class Constant(Initializer):
    """All the same number."""

    value: float = parameter(0.1, QT_TRANSLATE_NOOP("catalogue", "value"))
    name: ClassVar = "constant"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "constant value")
    formula: ClassVar = "w = c"
    fills_biases: ClassVar = True

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return np.full(shape, self.value)


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform in [low, high)."""

    low: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "from"))
    high: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "to"))
    name: ClassVar = "uniform"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "uniform")
    formula: ClassVar = r"w \sim U(\mathrm{low}, \mathrm{high})"
    fills_biases: ClassVar = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise ExperimentError(
                "out_of_range",
                field="uniform.low",
                value=self.low,
                allowed=f"at most high, {full(self.high)}",
            )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return rng.uniform(self.low, self.high, shape)


@dataclass(frozen=True)
class Normal(Initializer):
    """Gaussian with a given mean and standard deviation."""

    mean: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "mean"))
    std: float = parameter(0.1, QT_TRANSLATE_NOOP("catalogue", "standard deviation"), low=0.0)
    name: ClassVar = "normal"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "normal")
    formula: ClassVar = r"w \sim N(\mu, \sigma^2)"
    fills_biases: ClassVar = True

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return rng.normal(self.mean, self.std, shape)


@dataclass(frozen=True)
class XavierUniform(Initializer):
    """Uniform, variance 2 / (fan in + fan out) (Glorot and Bengio 2010)."""

    name: ClassVar = "xavier_uniform"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "Xavier uniform")
    formula: ClassVar = r"w \sim U(-r, r),\ r = \sqrt{\frac{6}{n_{\mathrm{in}} + n_{\mathrm{out}}}}"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        reach = math.sqrt(6.0 / (fan_in + fan_out))
        return rng.uniform(-reach, reach, shape)


@dataclass(frozen=True)
class XavierNormal(Initializer):
    """Gaussian, variance 2 / (fan in + fan out) (Glorot and Bengio 2010)."""

    name: ClassVar = "xavier_normal"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "Xavier normal")
    formula: ClassVar = r"w \sim N(0, \frac{2}{n_{\mathrm{in}} + n_{\mathrm{out}}})"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return rng.normal(0.0, math.sqrt(2.0 / (fan_in + fan_out)), shape)


@dataclass(frozen=True)
class HeUniform(Initializer):
    """Uniform, variance 2 / fan in, made for ReLU (He et al. 2015)."""

    name: ClassVar = "he_uniform"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "He uniform")
    formula: ClassVar = r"w \sim U(-r, r),\ r = \sqrt{\frac{6}{n_{\mathrm{in}}}}"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        reach = math.sqrt(6.0 / fan_in)
        return rng.uniform(-reach, reach, shape)


@dataclass(frozen=True)
class HeNormal(Initializer):
    """Gaussian, variance 2 / fan in, made for ReLU (He et al. 2015)."""

    name: ClassVar = "he_normal"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "He normal")
    formula: ClassVar = r"w \sim N(0, \frac{2}{n_{\mathrm{in}}})"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return rng.normal(0.0, math.sqrt(2.0 / fan_in), shape)


@dataclass(frozen=True)
class LeCunNormal(Initializer):
    """Gaussian, variance 1 / fan in (LeCun et al. 1998), made for tanh and SELU."""

    name: ClassVar = "lecun_normal"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "LeCun normal")
    formula: ClassVar = r"w \sim N(0, \frac{1}{n_{\mathrm{in}}})"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        return rng.normal(0.0, math.sqrt(1.0 / fan_in), shape)


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """Rows or columns orthonormal, times a gain (Saxe et al. 2014)."""

    gain: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "gain"), low=0.0)
    name: ClassVar = "orthogonal"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "orthogonal")
    formula: ClassVar = r"W^{\top} W = g^2 I"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> FloatArray:
        rows, columns = shape
        gaussian = rng.normal(size=(max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(gaussian)
        q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)  # makes the draw uniform over orthogonal matrices
        return self.gain * (q if rows >= columns else q.T)


INITIALIZERS: Table[Initializer] = Table(
    XavierUniform,
    XavierNormal,
    HeUniform,
    HeNormal,
    LeCunNormal,
    Orthogonal,
    Uniform,
    Normal,
    Constant,
    Zeros,
)
