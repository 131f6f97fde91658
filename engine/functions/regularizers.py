"""Penalties on the weights (never on biases), and clipping of the gradient.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), sections 7.1 and 10.11.1; Pascanu,
Mikolov, Bengio 2013 (clipping by norm).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import Rule, Table, parameter
from engine.functions.traced import Program, Quantity, Recipe, Traced, constant, maximum, minimum, sign, trace
from engine.functions.written_out import Lines


@dataclass(frozen=True)
class Regularizer(Rule):
    """A penalty R(w), added to the gradient but reported beside the loss.

    Attributes
    ----------
    formula : str
        R, LaTeX.
    pytorch : str
        R of all layers, as PyTorch writes it; "" if that is not known.
    """

    formula: ClassVar[str] = "0"
    pytorch: ClassVar[str] = ""

    @property
    def gradient_formula(self) -> str:
        """dR/dw, LaTeX."""
        return "0"

    def penalty(self, weights: FloatArray) -> FloatArray:
        """R of the weights on the last axis of `weights`, summed over it."""
        return np.zeros(weights.shape[:-1], weights.dtype)

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        """dR/dw."""
        raise NotImplementedError

    def gradients(self, p: FloatArray, is_weight: FloatArray, out: FloatArray) -> Program:
        """Calls that write dR/dp into `out`; `is_weight` is 1 at weights and 0 at biases."""
        return []

    def write(self, lines: Lines, w: Quantity) -> Traced | None:
        """Write the line of dR/dw; what stands for it, None without a penalty."""
        return None


@dataclass(frozen=True)
class NoPenalty(Regularizer):
    """No penalty."""

    name: ClassVar = "none"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "none")


@dataclass(frozen=True)
class Penalty(Regularizer):
    """A penalty in proportion to its strength."""

    strength: float = parameter(0.001, "λ", symbol=r"\lambda", low=0.0)

    @property
    def gradient_formula(self) -> str:
        lines = Lines()
        self.write(lines, lines.given("w"))
        return lines.lines[-1].formula

    def gradients(self, p: FloatArray, is_weight: FloatArray, out: FloatArray) -> Program:
        return _recipe(self).bind(p, w=p, strength=is_weight * constant(self.strength, p), out=out)

    def write(self, lines: Lines, w: Quantity) -> Traced | None:
        return lines.line("", self.slope_of(w, lines.rule(self).strength))


@lru_cache(maxsize=16)
def _recipe(rule: Penalty) -> Recipe:
    return trace(rule.slope_of, ("w", "strength"))


@dataclass(frozen=True)
class L1(Penalty):
    """Strength times the sum of absolute weights."""

    name: ClassVar = "l1"
    label: ClassVar = "L1"
    pytorch: ClassVar = "{strength} * sum(layer.weight.abs().sum() for layer in layers)"
    formula: ClassVar = r"\lambda \sum |w|"

    def penalty(self, weights: FloatArray) -> FloatArray:
        result: FloatArray = self.strength * np.add.reduce(np.abs(weights), axis=-1)
        return result

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        return strength * sign(w)


@dataclass(frozen=True)
class L2(Penalty):
    """Half the strength times the sum of squared weights."""

    name: ClassVar = "l2"
    label: ClassVar = "L2"
    pytorch: ClassVar = "0.5 * {strength} * sum((layer.weight**2).sum() for layer in layers)"
    formula: ClassVar = r"\frac{\lambda}{2} \sum w^2"

    def penalty(self, weights: FloatArray) -> FloatArray:
        result: FloatArray = 0.5 * self.strength * np.add.reduce(weights * weights, axis=-1)
        return result

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        return strength * w


REGULARIZERS: Table[Regularizer] = Table(NoPenalty, L1, L2)


@dataclass(frozen=True)
class Clipping(Rule):
    """What is done to the whole gradient (penalty included) before the optimizer sees it.

    Attributes
    ----------
    needs_all : bool
        Whether a component cannot be clipped without the others.
    """

    needs_all: ClassVar[bool] = False

    @property
    def formula(self) -> str:
        """The clipped gradient, LaTeX."""
        return "g"

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        """Calls that clip `g` in place; `factor` (0-d) receives the scaling, 1 if there is none."""
        return []

    def write(self, lines: Lines, g: Quantity, factor: Quantity) -> Traced | None:
        """Write the line of how a component `g` is clipped; what stands for it, None if it is not."""
        return None


@dataclass(frozen=True)
class NoClipping(Clipping):
    """The gradient as it is."""

    name: ClassVar = "none"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "none")


@dataclass(frozen=True)
class ClipByValue(Clipping):
    """Each component to [-limit, limit]."""

    limit: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "limit"), symbol="c", low=0.0, open_low=True)
    name: ClassVar = "value"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "by value")

    def clipped(self, g: Quantity) -> Quantity:
        """The component as it is clipped."""
        return minimum(self.limit, maximum(-self.limit, g))

    @property
    def formula(self) -> str:
        lines = Lines()
        self.write(lines, lines.given("g"), 1)
        return lines.lines[-1].formula

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        return _clip_recipe(self).bind(g, g=g, out=g)

    def write(self, lines: Lines, g: Quantity, factor: Quantity) -> Traced:
        return lines.line("", lines.rule(self).clipped(g))


@lru_cache(maxsize=16)
def _clip_recipe(rule: ClipByValue) -> Recipe:
    return trace(rule.clipped, "g", in_place={"out": "g"})


@dataclass(frozen=True)
class ClipByNorm(Clipping):
    """The whole gradient scaled down to the norm `limit` if it is longer (Pascanu et al. 2013)."""

    limit: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "limit"), symbol="c", low=0.0, open_low=True)
    name: ClassVar = "global_norm"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "by global norm")
    needs_all: ClassVar = True

    @property
    def formula(self) -> str:
        return r"g \min(1, \frac{c}{\|g\|})"

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        def measure() -> None:
            norm = float(np.sqrt(g.dot(g)))
            factor[...] = self.limit / norm if norm > self.limit else 1.0

        return [(measure, ()), (np.multiply, (g, factor, g))]

    def write(self, lines: Lines, g: Quantity, factor: Quantity) -> Traced:
        return lines.line("", factor * g)


CLIPPINGS: Table[Clipping] = Table(NoClipping, ClipByValue, ClipByNorm)


def is_weight_mask(shapes: Sequence[tuple[int, int]], dtype: str) -> FloatArray:
    """1 at weights and 0 at biases of the flat parameter vector (layers of rows, the last the bias)."""
    return np.concatenate(
        [np.repeat(np.array([1.0, 0.0], dtype), [rows * units, units]) for rows, units in shapes]
    )
