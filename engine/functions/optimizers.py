"""Optimizers: how a gradient becomes an update; defaults and semantics are PyTorch's.

Each writes the update u into an array; the parameters become p - u. The state of an optimizer is its
slots, one array of the parameters' shape each; a step reads the old and writes the new.

Sources: Polyak 1964 (momentum); Nesterov 1983 in the form of Sutskever et al. 2013; Duchi et al. 2011
(AdaGrad); Hinton, lecture 6e (RMSProp); Kingma and Ba 2015 (Adam); Loshchilov and Hutter 2019 (AdamW).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions import traced
from engine.functions.table import Program, Rule, Table, execute, parameter
from engine.functions.traced import Quantity, Recipe, trace
from engine.functions.written_out import Term, sqrt

Quantities: TypeAlias = Sequence[Quantity]


@dataclass(frozen=True)
class Optimizer(Rule):
    """An optimizer.

    Attributes
    ----------
    formula : str
        The update rule, LaTeX; g is the gradient, eta the learning rate.
    slots : tuple of str
        Names of its state arrays; all start at 0.
    pytorch : str
        PyTorch's optimizer, ``{rate}`` and the parameters to be put in; "" if it has none.
    pytorch_slots : tuple of str
        What PyTorch calls the slots.
    pytorch_counts : bool
        Whether it keeps the number of updates beside them.
    scales_gradient : bool
        Whether the update is the learning rate times the gradient.
    """

    formula: ClassVar[str] = ""
    slots: ClassVar[tuple[str, ...]] = ()
    pytorch: ClassVar[str] = ""
    pytorch_slots: ClassVar[tuple[str, ...]] = ()
    pytorch_counts: ClassVar[bool] = False
    scales_gradient: ClassVar[bool] = False

    def coefficients(self, rates: Quantity, steps: Quantity) -> Quantities:
        """The numbers that change from step to step, each an array over the steps given (from 1)."""
        return (rates,)

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        """The slots after the step and, last, the update u.

        Parameters
        ----------
        p, g : quantity
            Parameters and their gradient.
        old : sequence of quantities
            The slots before the step.
        c : sequence of quantities
            The coefficients.
        """
        raise NotImplementedError

    def update(
        self,
        p: FloatArray,
        g: FloatArray,
        old: Sequence[FloatArray],
        new: Sequence[FloatArray],
        c: Sequence[FloatArray],
        u: FloatArray,
    ) -> Program:
        """Calls that write the slots after the step into `new` and the update into `u`.

        `old` are the slots before it and `c` the 0-d coefficients; `g` and `old` are left as they are.
        """
        arrays = {"p": p, "g": g, "u": u}
        arrays.update((f"old {name}", slot) for name, slot in zip(self.slots, old, strict=True))
        arrays.update((f"new {name}", slot) for name, slot in zip(self.slots, new, strict=True))
        arrays.update((f"c {i}", value) for i, value in enumerate(c))
        return _recipe(self, len(c)).bind(p, **arrays)

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        """The quantities of one parameter's update, from the gradient to u, which is the last."""
        raise NotImplementedError

    def apply(
        self, p: float, g: float, before: Mapping[str, float], rate: float, step: int, dtype: Any = np.float64
    ) -> tuple[float, float]:
        """The update and the new value of one parameter, with the very operations of the pass."""
        values, gradient, u = (np.array([x], dtype=dtype) for x in (p, g, 0.0))
        old = [np.array([before[name]], dtype=dtype) for name in self.slots]
        new = [np.empty_like(slot) for slot in old]
        coefficients = self.coefficients(np.array([rate], dtype=np.float64), np.array([step]))
        c = [np.array(row[0], dtype=dtype) for row in coefficients]
        execute(self.update(values, gradient, old, new, c, u))
        return float(u[0]), float((values - u)[0])


@lru_cache(maxsize=64)
def _recipe(optimizer: Optimizer, coefficients: int) -> Recipe:
    old = [f"old {name}" for name in optimizer.slots]
    count = len(old)

    def step(p: Quantity, g: Quantity, *rest: Quantity) -> tuple[Quantity, ...]:
        return optimizer.step(p, g, rest[:count], rest[count:])

    inputs = ["p", "g", *old, *(f"c {i}" for i in range(coefficients))]
    return trace(step, inputs, [*(f"new {name}" for name in optimizer.slots), "u"])


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent on mini-batches."""

    name: ClassVar = "sgd"
    label: ClassVar = "SGD"
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate})"
    formula: ClassVar = r"w \leftarrow w - \eta\,g"
    scales_gradient: ClassVar = True

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        return (c[0] * g,)

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        return [Term(r"\eta\,g", r"\eta\,g", u, lambda eta, g: eta * g, (rate, g))]


@dataclass(frozen=True)
class Momentum(Optimizer):
    """A running sum of gradients (Polyak 1964)."""

    momentum: float = parameter(
        0.9, QT_TRANSLATE_NOOP("catalogue", "momentum μ"), low=0.0, high=1.0, open_high=True
    )
    name: ClassVar = "momentum"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "momentum")
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate}, momentum={momentum})"
    pytorch_slots: ClassVar = ("momentum_buffer",)
    formula: ClassVar = r"v \leftarrow \mu v + g,\ w \leftarrow w - \eta\,v"
    slots: ClassVar = ("v",)

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        v = self.momentum * old[0] + g
        return v, c[0] * v

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        v = after["v"]
        return [
            _velocity(self.momentum, before["v"], g, v),
            Term(r"\eta\,v", r"\eta\,v", u, lambda eta, v: eta * v, (rate, v)),
        ]


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks one step ahead (Sutskever et al. 2013)."""

    name: ClassVar = "nesterov"
    label: ClassVar = "Nesterov"
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate}, momentum={momentum}, nesterov=True)"
    formula: ClassVar = r"v \leftarrow \mu v + g,\ w \leftarrow w - \eta\,(g + \mu v)"

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        v = self.momentum * old[0] + g
        return v, c[0] * (g + self.momentum * v)

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        v, change = after["v"], r"\eta\,(g + \mu v)"
        return [
            _velocity(self.momentum, before["v"], g, v),
            Term(change, change, u, lambda eta, g, mu, v: eta * (g + mu * v), (rate, g, self.momentum, v)),
        ]


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Each parameter's rate divided by the root of its squared gradients' sum (Duchi et al. 2011)."""

    epsilon: float = parameter(1e-10, "ε", low=0.0, open_low=True)
    name: ClassVar = "adagrad"
    label: ClassVar = "AdaGrad"
    pytorch: ClassVar = "Adagrad(model.parameters(), lr={rate}, eps={epsilon})"
    pytorch_slots: ClassVar = ("sum",)
    pytorch_counts: ClassVar = True
    formula: ClassVar = r"s \leftarrow s + g^2,\ w \leftarrow w - \eta \frac{g}{\sqrt{s} + \epsilon}"
    slots: ClassVar = ("s",)

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        s = old[0] + g * g
        return s, c[0] * (g / (traced.sqrt(s) + self.epsilon))

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        s = after["s"]
        return [
            Term("s", "s + g^2", s, lambda s, g: s + g**2, (before["s"], g)),
            *_scaled("g", "s", g, s, self.epsilon, rate, u),
        ]


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """AdaGrad with a fading memory (Hinton, lecture 6e)."""

    decay: float = parameter(
        0.99, QT_TRANSLATE_NOOP("catalogue", "decay ρ"), low=0.0, high=1.0, open_high=True
    )
    epsilon: float = parameter(1e-8, "ε", low=0.0, open_low=True)
    name: ClassVar = "rmsprop"
    label: ClassVar = "RMSProp"
    pytorch: ClassVar = "RMSprop(model.parameters(), lr={rate}, alpha={decay}, eps={epsilon})"
    pytorch_slots: ClassVar = ("square_avg",)
    pytorch_counts: ClassVar = True
    formula: ClassVar = (
        r"s \leftarrow \rho s + (1 - \rho)\,g^2,\ w \leftarrow w - \eta \frac{g}{\sqrt{s} + \epsilon}"
    )
    slots: ClassVar = ("s",)

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        s = self.decay * old[0] + (1.0 - self.decay) * (g * g)
        return s, c[0] * (g / (traced.sqrt(s) + self.epsilon))

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        s = after["s"]
        return [
            Term(
                "s",
                r"\rho s + (1 - \rho)\,g^2",
                s,
                lambda rho, s, g: rho * s + (1 - rho) * g**2,
                (self.decay, before["s"], g),
            ),
            *_scaled("g", "s", g, s, self.epsilon, rate, u),
        ]


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSProp, both corrected for their start at 0 (Kingma and Ba 2015)."""

    beta1: float = parameter(0.9, "β₁", low=0.0, high=1.0, open_high=True)
    beta2: float = parameter(0.999, "β₂", low=0.0, high=1.0, open_high=True)
    epsilon: float = parameter(1e-8, "ε", low=0.0, open_low=True)
    name: ClassVar = "adam"
    label: ClassVar = "Adam"
    pytorch: ClassVar = "Adam(model.parameters(), lr={rate}, betas=({beta1}, {beta2}), eps={epsilon})"
    pytorch_slots: ClassVar = (
        "exp_avg",
        "exp_avg_sq",
    )
    pytorch_counts: ClassVar = True
    formula: ClassVar = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g,\ v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2,\ "
        r"w \leftarrow w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}"
    )
    slots: ClassVar = ("m", "v")

    def coefficients(self, rates: Quantity, steps: Quantity) -> Quantities:
        return (
            rates / (1.0 - self.beta1**steps),
            1.0 / traced.sqrt(1.0 - self.beta2**steps),
            rates,
        )

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        m = self.beta1 * old[0] + (1.0 - self.beta1) * g
        v = self.beta2 * old[1] + (1.0 - self.beta2) * (g * g)
        return m, v, c[0] * (m / (c[1] * traced.sqrt(v) + self.epsilon))

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        return [
            *self._moments(g, before, after, step),
            *_scaled(r"\hat{m}", r"\hat{v}", *self._corrected(after, step), self.epsilon, rate, u),
        ]

    def _corrected(self, after: Mapping[str, float], step: int) -> tuple[float, float]:
        return after["m"] / (1.0 - self.beta1**step), after["v"] / (1.0 - self.beta2**step)

    def _moments(
        self, g: float, before: Mapping[str, float], after: Mapping[str, float], step: int
    ) -> list[Term]:
        """Both moments, and what they are when they are corrected for their start at 0."""
        m_hat, v_hat = self._corrected(after, step)
        beta1, beta2 = self.beta1, self.beta2
        return [
            Term(
                "m",
                r"\beta_1 m + (1 - \beta_1)\,g",
                after["m"],
                lambda beta, m, g: beta * m + (1 - beta) * g,
                (beta1, before["m"], g),
            ),
            Term(
                "v",
                r"\beta_2 v + (1 - \beta_2)\,g^2",
                after["v"],
                lambda beta, v, g: beta * v + (1 - beta) * g**2,
                (beta2, before["v"], g),
            ),
            Term(
                r"\hat{m}",
                rf"\frac{{m}}{{1 - \beta_1^{{{step}}}}}",
                m_hat,
                lambda m, beta: m / (1 - beta**step),
                (after["m"], beta1),
            ),
            Term(
                r"\hat{v}",
                rf"\frac{{v}}{{1 - \beta_2^{{{step}}}}}",
                v_hat,
                lambda v, beta: v / (1 - beta**step),
                (after["v"], beta2),
            ),
        ]


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019)."""

    weight_decay: float = parameter(0.01, QT_TRANSLATE_NOOP("catalogue", "weight decay λ"), low=0.0)
    name: ClassVar = "adamw"
    label: ClassVar = "AdamW"
    pytorch: ClassVar = Adam.pytorch.replace("Adam(", "AdamW(")[:-1] + ", weight_decay={weight_decay})"
    formula: ClassVar = r"w \leftarrow w - \eta\,(\frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon} + \lambda w)"

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        m, v, u = super().step(p, g, old, c)
        return m, v, u + self.weight_decay * (c[2] * p)

    def terms(
        self,
        p: float,
        g: float,
        before: Mapping[str, float],
        after: Mapping[str, float],
        rate: float,
        step: int,
        u: float,
    ) -> list[Term]:
        m_hat, v_hat = self._corrected(after, step)
        ratio, _ = _scaled(r"\hat{m}", r"\hat{v}", m_hat, v_hat, self.epsilon, rate, u)
        change = rf"\eta\,({ratio.formula} + \lambda w)"
        return [
            *self._moments(g, before, after, step),
            ratio,
            Term(
                change,
                change,
                u,
                lambda eta, q, decay, w: eta * (q + decay * w),
                (rate, ratio.value, self.weight_decay, p),
            ),
        ]


def _velocity(momentum: float, before: float, g: float, after: float) -> Term:
    return Term("v", r"\mu v + g", after, lambda mu, v, g: mu * v + g, (momentum, before, g))


def _scaled(
    above: str, below: str, g: float, s: float, epsilon: float, rate: float, u: float
) -> tuple[Term, Term]:
    """A gradient divided by the root of what its square has been, and the learning rate times that."""
    ratio = rf"\frac{{{above}}}{{\sqrt{{{below}}} + \epsilon}}"
    value = g / (math.sqrt(s) + epsilon)
    return (
        Term(ratio, ratio, value, lambda g, s, epsilon: g / (sqrt(s) + epsilon), (g, s, epsilon)),
        Term(rf"\eta\,{ratio}", rf"\eta\,{ratio}", u, lambda eta, q: eta * q, (rate, value)),
    )


OPTIMIZERS: Table[Optimizer] = Table(SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)
