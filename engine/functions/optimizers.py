"""Optimizers: how a gradient becomes an update; defaults and semantics are PyTorch's.

Each writes the update u into an array; the parameters become p - u. The state of an optimizer is its
slots, one array of the parameters' shape each; a step reads the old and writes the new.

Sources: Polyak 1964 (momentum); Nesterov 1983 in the form of Sutskever et al. 2013; Duchi et al. 2011
(AdaGrad); Hinton, lecture 6e (RMSProp); Kingma and Ba 2015 (Adam); Loshchilov and Hutter 2019 (AdamW).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import AnyArray, FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import Rule, Table, parameter
from engine.functions.traced import Program, Quantity, Recipe, Traced, execute, sqrt, trace
from engine.functions.written_out import Line, Lines, Term

Quantities: TypeAlias = Sequence[Quantity]
Write: TypeAlias = Callable[[str, Quantity], Quantity]


@dataclass(frozen=True)
class Optimizer(Rule):
    """An optimizer.

    Attributes
    ----------
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

    slots: ClassVar[tuple[str, ...]] = ()
    pytorch: ClassVar[str] = ""
    pytorch_slots: ClassVar[tuple[str, ...]] = ()
    pytorch_counts: ClassVar[bool] = False
    scales_gradient: ClassVar[bool] = False

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        """The update u, as a textbook writes it.

        Parameters
        ----------
        w, g : quantity
            A parameter and its gradient.
        old : mapping of str to quantity
            The slots before the step.
        eta : quantity
            The learning rate.
        t : quantity
            How many updates there have been, this one included.
        line : callable
            Writes a line: takes its symbol and formula, and returns what stands for it in those that follow.
            Each slot has one; others may, of no symbol too.
        """
        raise NotImplementedError

    def coefficients(self, rates: Quantity, steps: Quantity) -> Quantities:
        """The numbers that change from step to step, each an array over the steps given (from 1)."""
        return rates, steps

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        """The slots after the step and, last, the update u: `rule`, by the coefficients."""
        lines: dict[str, Quantity] = {}

        def line(symbol: str, quantity: Quantity) -> Quantity:
            lines[symbol] = quantity
            return quantity

        u = self.rule(p, g, dict(zip(self.slots, old, strict=True)), c[0], c[1], line)
        return *(lines[name] for name in self.slots), u

    def update(
        self,
        p: FloatArray,
        g: FloatArray,
        old: Sequence[FloatArray],
        new: Sequence[FloatArray],
        c: Sequence[FloatArray],
        u: FloatArray,
        scratch: Sequence[AnyArray] | None = None,
    ) -> Program:
        """Calls that write the slots after the step into `new` and the update into `u`.

        `old` are the slots before it and `c` the 0-d coefficients; `g` and `old` are left as they are,
        unless `new` are the very same arrays. Pass the `scratch` of an earlier call's shape to share it.
        """
        arrays = {"p": p, "g": g, "u": u}
        arrays.update((f"old {name}", slot) for name, slot in zip(self.slots, old, strict=True))
        arrays.update((f"new {name}", slot) for name, slot in zip(self.slots, new, strict=True))
        arrays.update((f"c {i}", value) for i, value in enumerate(c))
        recipe = _recipe(self, len(c), _is_in_place(old, new))
        return recipe.bind_sharing(recipe.scratch_like(p) if scratch is None else scratch, arrays)

    def scratch(self, like: FloatArray, in_place: bool) -> list[AnyArray]:
        """What `update` needs beside its arrays."""
        ones = np.ones(1)
        return _recipe(self, len(self.coefficients(ones, ones)), in_place).scratch_like(like)

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
        """The lines of one parameter's update, from the gradient to u, which is the last."""
        lines = _lines(self)
        numbers: dict[Traced, float] = {lines.w: p, lines.g: g, lines.eta: rate, lines.t: int(step)}
        for name in self.slots:
            numbers |= {lines.old[name]: before[name], lines.new[name]: after[name]}
        return lines.lines.terms({**numbers, lines.change: u})

    @property
    def formula(self) -> str:
        """The update, LaTeX: lines with a comma between, of which the last is that of w."""
        return _formula(self)

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


def _is_in_place(old: Sequence[FloatArray], new: Sequence[FloatArray]) -> bool:
    return any(after is before for after, before in zip(new, old, strict=True))


class _Lines(NamedTuple):
    """The lines of an update, and what stands for the numbers that go in and come out."""

    lines: Lines
    w: Traced
    g: Traced
    eta: Traced
    t: Traced
    old: Mapping[str, Traced]
    new: Mapping[str, Traced]
    change: Traced


@lru_cache(maxsize=64)
def _lines(optimizer: Optimizer) -> _Lines:
    lines, new = Lines(), {}
    w, g, eta, t = (lines.given(symbol) for symbol in ("w", "g", r"\eta", "t"))
    old = {name: lines.given(name) for name in optimizer.slots}

    def line(symbol: str, formula: Quantity) -> Quantity:
        new[symbol] = lines.line(symbol, formula)
        return new[symbol]

    change = lines.line("", lines.rule(optimizer).rule(w, g, old, eta, t, line))
    return _Lines(lines, w, g, eta, t, old, new, change)


@lru_cache(maxsize=64)
def _formula(optimizer: Optimizer) -> str:
    *lines, change = _lines(optimizer).lines.lines
    lines = [line for line in lines if line.symbol != line.formula]
    lines.append(Line.of("w", Traced(None, (), "w") - change.node))
    return r",\ ".join(rf"{line.symbol} \leftarrow {line.formula}" for line in lines)


@lru_cache(maxsize=64)
def _recipe(optimizer: Optimizer, coefficients: int, in_place: bool) -> Recipe:
    old = [f"old {name}" for name in optimizer.slots]
    count = len(old)

    def step(p: Quantity, g: Quantity, *rest: Quantity) -> tuple[Quantity, ...]:
        return optimizer.step(p, g, rest[:count], rest[count:])

    inputs = ["p", "g", *old, *(f"c {i}" for i in range(coefficients))]
    outputs = [*(f"new {name}" for name in optimizer.slots), "u"]
    same = {f"new {name}": f"old {name}" for name in optimizer.slots} if in_place else None
    return trace(step, inputs, outputs, same)


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent on mini-batches."""

    name: ClassVar = "sgd"
    label: ClassVar = "SGD"
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate})"
    scales_gradient: ClassVar = True

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        return eta * g


@dataclass(frozen=True)
class Momentum(Optimizer):
    """A running sum of gradients (Polyak 1964)."""

    momentum: float = parameter(
        0.9, QT_TRANSLATE_NOOP("catalogue", "momentum μ"), symbol=r"\mu", low=0.0, high=1.0, open_high=True
    )
    name: ClassVar = "momentum"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "momentum")
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate}, momentum={momentum})"
    pytorch_slots: ClassVar = ("momentum_buffer",)
    slots: ClassVar = ("v",)

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        return eta * line("v", self.momentum * old["v"] + g)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Momentum that looks one step ahead (Sutskever et al. 2013)."""

    name: ClassVar = "nesterov"
    label: ClassVar = "Nesterov"
    pytorch: ClassVar = "SGD(model.parameters(), lr={rate}, momentum={momentum}, nesterov=True)"

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        v = line("v", self.momentum * old["v"] + g)
        return eta * (g + self.momentum * v)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Each parameter's rate divided by the root of its squared gradients' sum (Duchi et al. 2011)."""

    epsilon: float = parameter(1e-10, "ε", symbol=r"\epsilon", low=0.0, open_low=True)
    name: ClassVar = "adagrad"
    label: ClassVar = "AdaGrad"
    pytorch: ClassVar = "Adagrad(model.parameters(), lr={rate}, eps={epsilon})"
    pytorch_slots: ClassVar = ("sum",)
    pytorch_counts: ClassVar = True
    slots: ClassVar = ("s",)

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        s = line("s", old["s"] + g**2)
        return eta * line("", g / (sqrt(s) + self.epsilon))


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """AdaGrad with a fading memory (Hinton, lecture 6e)."""

    decay: float = parameter(
        0.99, QT_TRANSLATE_NOOP("catalogue", "decay ρ"), symbol=r"\rho", low=0.0, high=1.0, open_high=True
    )
    epsilon: float = parameter(1e-8, "ε", symbol=r"\epsilon", low=0.0, open_low=True)
    name: ClassVar = "rmsprop"
    label: ClassVar = "RMSProp"
    pytorch: ClassVar = "RMSprop(model.parameters(), lr={rate}, alpha={decay}, eps={epsilon})"
    pytorch_slots: ClassVar = ("square_avg",)
    pytorch_counts: ClassVar = True
    slots: ClassVar = ("s",)

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        s = line("s", self.decay * old["s"] + (1 - self.decay) * g**2)
        return eta * line("", g / (sqrt(s) + self.epsilon))


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSProp, both corrected for their start at 0 (Kingma and Ba 2015)."""

    beta1: float = parameter(0.9, "β₁", symbol=r"\beta_1", low=0.0, high=1.0, open_high=True)
    beta2: float = parameter(0.999, "β₂", symbol=r"\beta_2", low=0.0, high=1.0, open_high=True)
    epsilon: float = parameter(1e-8, "ε", symbol=r"\epsilon", low=0.0, open_low=True)
    name: ClassVar = "adam"
    label: ClassVar = "Adam"
    pytorch: ClassVar = "Adam(model.parameters(), lr={rate}, betas=({beta1}, {beta2}), eps={epsilon})"
    pytorch_slots: ClassVar = (
        "exp_avg",
        "exp_avg_sq",
    )
    pytorch_counts: ClassVar = True
    slots: ClassVar = ("m", "v")

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        return eta * self._direction(g, old, t, line)

    def _direction(self, g: Quantity, old: Mapping[str, Quantity], t: Quantity, line: Write) -> Quantity:
        m = line("m", self.beta1 * old["m"] + (1 - self.beta1) * g)
        v = line("v", self.beta2 * old["v"] + (1 - self.beta2) * g**2)
        corrected_m = line(r"\hat{m}", m / (1 - self.beta1**t))
        corrected_v = line(r"\hat{v}", v / (1 - self.beta2**t))
        return line("", corrected_m / (sqrt(corrected_v) + self.epsilon))

    # The same with what belongs to the step, and not to the parameter, taken together beforehand

    def coefficients(self, rates: Quantity, steps: Quantity) -> Quantities:
        return rates / (1 - self.beta1**steps), 1 / sqrt(1 - self.beta2**steps), rates, steps

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        m, v, _ = super().step(p, g, old, c[2:])
        return m, v, c[0] * (m / (c[1] * sqrt(v) + self.epsilon))


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019)."""

    weight_decay: float = parameter(
        0.01, QT_TRANSLATE_NOOP("catalogue", "weight decay λ"), symbol=r"\lambda", low=0.0
    )
    name: ClassVar = "adamw"
    label: ClassVar = "AdamW"
    pytorch: ClassVar = Adam.pytorch.replace("Adam(", "AdamW(")[:-1] + ", weight_decay={weight_decay})"

    def rule(
        self, w: Quantity, g: Quantity, old: Mapping[str, Quantity], eta: Quantity, t: Quantity, line: Write
    ) -> Quantity:
        return eta * (self._direction(g, old, t, line) + self.weight_decay * w)

    def step(self, p: Quantity, g: Quantity, old: Quantities, c: Quantities) -> tuple[Quantity, ...]:
        m, v, u = super().step(p, g, old, c)
        return m, v, u + self.weight_decay * (c[2] * p)


OPTIMIZERS: Table[Optimizer] = Table(SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)
