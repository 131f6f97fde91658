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
from engine.functions.table import Program, Rule, Table, maximum, minimum, parameter
from engine.functions.traced import Quantity, Recipe, constant, sign, trace
from engine.functions.written_out import Term, clipped


@dataclass(frozen=True)
class Regularizer(Rule):
    """A penalty R(w), added to the gradient but reported beside the loss.

    Attributes
    ----------
    formula, gradient_formula : str
        R and dR/dw, LaTeX.
    pytorch : str
        R of all layers, as PyTorch writes it.
    """

    formula: ClassVar[str] = "0"
    gradient_formula: ClassVar[str] = "0"
    pytorch: ClassVar[str] = "0.0"

    def penalty(self, weights: FloatArray) -> FloatArray:
        """R of the weights on the last axis of `weights`, summed over it."""
        return np.zeros(weights.shape[:-1], weights.dtype)

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        """dR/dw."""
        raise NotImplementedError

    def gradients(self, p: FloatArray, is_weight: FloatArray, out: FloatArray) -> Program:
        """Calls that write dR/dp into `out`; `is_weight` is 1 at weights and 0 at biases."""
        return []

    def term(self, w: float, value: float) -> Term | None:
        """How dR/dw comes to `value`."""
        return None


@lru_cache(maxsize=16)
def _recipe(rule: Regularizer) -> Recipe:
    return trace(rule.slope_of, ("w", "strength"))


@dataclass(frozen=True)
class NoPenalty(Regularizer):
    """No penalty."""

    name: ClassVar = "none"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "none")


@dataclass(frozen=True)
class L1(Regularizer):
    """Strength times the sum of absolute weights."""

    strength: float = parameter(0.001, "λ", low=0.0)
    name: ClassVar = "l1"
    label: ClassVar = "L1"
    pytorch: ClassVar = "{strength} * sum(layer.weight.abs().sum() for layer in layers)"
    formula: ClassVar = r"\lambda \sum |w|"
    gradient_formula: ClassVar = r"\lambda\,\mathrm{sign}(w)"

    def penalty(self, weights: FloatArray) -> FloatArray:
        result: FloatArray = self.strength * np.add.reduce(np.abs(weights), axis=-1)
        return result

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        return strength * sign(w)

    def gradients(self, p: FloatArray, is_weight: FloatArray, out: FloatArray) -> Program:
        return _recipe(self).bind(p, w=p, strength=is_weight * constant(self.strength, p), out=out)

    def term(self, w: float, value: float) -> Term:
        formula, signed = self.gradient_formula, float(np.sign(w))
        return Term(formula, formula, value, lambda strength, sign: strength * sign, (self.strength, signed))


@dataclass(frozen=True)
class L2(Regularizer):
    """Half the strength times the sum of squared weights."""

    strength: float = parameter(0.001, "λ", low=0.0)
    name: ClassVar = "l2"
    label: ClassVar = "L2"
    pytorch: ClassVar = "0.5 * {strength} * sum((layer.weight**2).sum() for layer in layers)"
    formula: ClassVar = r"\frac{\lambda}{2} \sum w^2"
    gradient_formula: ClassVar = r"\lambda\,w"

    def penalty(self, weights: FloatArray) -> FloatArray:
        result: FloatArray = 0.5 * self.strength * np.add.reduce(weights * weights, axis=-1)
        return result

    def slope_of(self, w: Quantity, strength: Quantity) -> Quantity:
        return strength * w

    def gradients(self, p: FloatArray, is_weight: FloatArray, out: FloatArray) -> Program:
        return _recipe(self).bind(p, w=p, strength=is_weight * constant(self.strength, p), out=out)

    def term(self, w: float, value: float) -> Term:
        formula = self.gradient_formula
        return Term(formula, formula, value, lambda strength, w: strength * w, (self.strength, w))


REGULARIZERS: Table[Regularizer] = Table(NoPenalty, L1, L2)


@dataclass(frozen=True)
class Clipping(Rule):
    """What is done to the whole gradient (penalty included) before the optimizer sees it.

    Attributes
    ----------
    formula : str
        The clipped gradient, LaTeX.
    """

    formula: ClassVar[str] = "g"

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        """Calls that clip `g` in place; `factor` (0-d) receives the scaling, 1 if there is none."""
        return []

    def term(self, g: float, factor: float, value: float) -> Term | None:
        """How a component `g` is clipped to `value`."""
        return None


@dataclass(frozen=True)
class NoClipping(Clipping):
    """The gradient as it is."""

    name: ClassVar = "none"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "none")


@dataclass(frozen=True)
class ClipByValue(Clipping):
    """Each component to [-limit, limit]."""

    limit: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "limit"), low=0.0, open_low=True)
    name: ClassVar = "value"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "by value")
    formula: ClassVar = r"\min(c, \max(-c, g))"

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        return [
            minimum(g, constant(self.limit, g), g),
            maximum(g, constant(-self.limit, g), g),
        ]

    def term(self, g: float, factor: float, value: float) -> Term:
        return Term(self.formula, self.formula, value, clipped, (g, self.limit))


@dataclass(frozen=True)
class ClipByNorm(Clipping):
    """The whole gradient scaled down to the norm `limit` if it is longer (Pascanu et al. 2013)."""

    limit: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "limit"), low=0.0, open_low=True)
    name: ClassVar = "global_norm"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "by global norm")
    formula: ClassVar = r"g \min(1, \frac{c}{\|g\|})"

    def clip(self, g: FloatArray, factor: FloatArray) -> Program:
        def measure() -> None:
            norm = float(np.sqrt(g.dot(g)))
            factor[...] = self.limit / norm if norm > self.limit else 1.0

        return [(measure, ()), (np.multiply, (g, factor, g))]

    def term(self, g: float, factor: float, value: float) -> Term:
        return Term(r"c\,g", r"c\,g", value, lambda c, g: c * g, (factor, g))


CLIPPINGS: Table[Clipping] = Table(NoClipping, ClipByValue, ClipByNorm)


def is_weight_mask(shapes: Sequence[tuple[int, int]], dtype: str) -> FloatArray:
    """1 at weights and 0 at biases of the flat parameter vector (layers of rows, the last the bias)."""
    return np.concatenate(
        [np.repeat(np.array([1.0, 0.0], dtype), [rows * units, units]) for rows, units in shapes]
    )
