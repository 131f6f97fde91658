"""One step in plain NumPy, in the textbook's order: the lines that people get wrong, a method each.

The compiled pass (`engine.training.backprop`) is fast and hard to read; this one is to be read, and gives the
same numbers. A mistake (`engine.mistakes.catalogue`) is another body for one of its methods; all that
follows is then computed with the wrong number, as it was in the program that the mistake was made in.

It is an optimizer's first step, slots 0 and t = 1, unless the case says how far training is (`State`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MethodType
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.experiment import Experiment
from engine.functions.activations import Activation
from engine.functions.traced import execute

Varied = Mapping[str, Callable[..., Any]]
"""Methods of `Step` by name, and what takes their place; the step comes first, as ``self`` does."""

NOTHING: FloatArray = np.empty(0)
"""In the place of what layer 0 has not."""

SQUARED = ("squared_error", "mean_squared_error")


@dataclass(frozen=True, eq=False)
class State:
    """What training has come to before a step that is not its first.

    Attributes
    ----------
    time : int
        The optimizer's count of steps, this one included (Adam's t).
    slots : mapping of slot name to (weights, biases), L arrays each
        The optimizer's, before the step.
    held_weights, held_biases : L boolean arrays, or none
        True where a parameter is held at its value.
    rate : float, optional
        The learning rate of this step, where it is not the first that the schedule gives.
    """

    time: int = 1
    slots: Mapping[str, tuple[Sequence[FloatArray], Sequence[FloatArray]]] = field(default_factory=dict)
    held_weights: Sequence[Any] = ()
    held_biases: Sequence[Any] = ()
    rate: float | None = None

    @property
    def holds(self) -> bool:
        """Whether any parameter is held."""
        return any(held.any() for held in (*self.held_weights, *self.held_biases))


FIRST = State()


class Case:
    """What a step starts from. Lists run over the layers 0..L; of what layer 0 has not, the place is empty.

    Parameters
    ----------
    experiment : Experiment
    inputs, targets : (B, n_0), (B, k)
        The whole of it is one batch.
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
    masks : mapping of layer to (B, n_l)
        What dropout kept (1) and dropped (0).
    state : State
        How far training is.
    """

    def __init__(
        self,
        experiment: Experiment,
        inputs: FloatArray,
        targets: FloatArray,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        masks: Mapping[int, FloatArray] | None = None,
        state: State = FIRST,
    ) -> None:
        self.experiment = experiment
        self.inputs, self.targets = inputs, targets
        self.W, self.b = [NOTHING, *weights], [NOTHING, *biases]
        self.masks = dict(masks or {})
        self.state = state
        self.holds = state.holds
        self.functions: list[Activation] = [layer.activation for layer in experiment.layers]
        self.dropout = [0.0, *(layer.dropout for layer in experiment.layers)]
        self.widths = (inputs.shape[1], *(layer.units for layer in experiment.layers))
        self.L = len(experiment.layers)
        self.names = [
            tuple(f"{kind}{layer}" for kind in ("z", "a", "delta", "dW", "db", "W", "b"))
            for layer in range(self.L + 1)
        ]
        self.natural = experiment.loss.natural == self.functions[-1].name
        self.squared = experiment.loss.name in SQUARED
        schedule = experiment.schedule.factors(np.zeros(1, np.int64), np.zeros(1, np.int64))
        self.eta = experiment.learning_rate * float(schedule[0]) if state.rate is None else state.rate
        self.mean = experiment.reduction == "mean"
        self.biases_averaged = not self.mean and experiment.bias_reduction == "mean"
        self.output_first = experiment.update_order == "output_first"
        self.clipping: Any = experiment.clipping
        self.strength = float(getattr(experiment.regularizer, "strength", 0.0))

    @property
    def B(self) -> int:  # noqa: N802 - the textbook's letter
        """Rows of the batch."""
        return len(self.inputs)

    @property
    def k(self) -> int:
        """Outputs."""
        return int(self.widths[-1])

    @property
    def penalty(self) -> float:
        """What the weights add to the loss, for those who count it in."""
        regularizer = self.experiment.regularizer
        return sum(float(regularizer.penalty(W.ravel())) for W in self.W[1:])

    def rows(
        self, first: int, count: int, targets: FloatArray, W: list[FloatArray], b: list[FloatArray]
    ) -> Case:
        """Some rows, at other parameters, as samples that stand for themselves, each with its penalty."""
        part = Case.__new__(Case)
        part.__dict__.update(self.__dict__)  # copy.copy takes five times as long
        here = slice(first, first + count)
        part.inputs, part.targets, part.W, part.b = self.inputs[here], targets[here], W, b
        if self.masks:
            part.masks = {layer: mask[here] for layer, mask in self.masks.items()}
        part.mean = part.biases_averaged = False
        part.strength = self.strength * len(part.inputs)
        return part


Value = tuple[str, FloatArray, FloatArray]
"""A quantity: its name, what it is, and for gradients what those have who add the penalty's term to it."""

FORWARD = frozenset({"pre_activation", "function", "activation", "mask"})
"""The methods that decide the forward pass."""


class Step:
    """The step, line by line.

    Parameters
    ----------
    case : Case
    varied : iterable of mappings
        Other bodies for some methods.
    forward : Step, optional
        A step of the same case whose forward pass is taken over; only if no method of it is varied.

    Attributes
    ----------
    z, raw, a, delta, dW, db, W_after, b_after : lists over the layers 0..L
        As far as the step has gone; `raw` is the activation before dropout, and layer 0 the inputs.
    t, e : (B, k)
        Targets; what is wrong with the outputs, the part of dL/da (or dL/dz) without r and c.
    r, c : float
        The factors of the batch and of the outputs.
    slots_after : mapping of (slot name, array) to array
        The optimizer's, arrays counted W1, b1, W2, b2, … from 1.
    """

    def __init__(self, case: Case, varied: Iterable[Varied] = (), forward: Step | None = None) -> None:
        self.case = case
        self.varied = tuple(varied)
        for lines in self.varied:
            for name, body in lines.items():
                setattr(self, name, MethodType(body, self))
        places = case.L + 1
        shared = forward is not None and not any(FORWARD & lines.keys() for lines in self.varied)
        self.z: list[FloatArray] = forward.z if shared and forward else [case.inputs]
        self.raw: list[FloatArray] = forward.raw if shared and forward else [case.inputs]
        self.a: list[FloatArray] = forward.a if shared and forward else [case.inputs]
        nothing = [NOTHING] * places
        self.delta, self.sent, self.dW, self.db = nothing[:], nothing[:], nothing[:], nothing[:]
        self.W_after, self.b_after = nothing[:], nothing[:]
        self.used = [(NOTHING, NOTHING)] * places
        self.t = self.e = NOTHING
        self.r = self.c = 1.0
        self.slots_after: dict[tuple[str, int], FloatArray] = {}

    # -- the order of things -----------------------------------------------------------------------

    def quantities(self) -> Iterator[Value]:
        """Everything, in the order in which it is computed; it ends where a dropout mask is not known.

        A layer's parameters after the step come as soon as its gradients are there.
        """
        case, L = self.case, self.case.L
        for layer in range(1, L + 1):
            if len(self.z) <= layer:
                self.z.append(self.pre_activation(self.a[layer - 1], case.W[layer], case.b[layer]))
            yield case.names[layer][0], self.z[layer], self.z[layer]
            if case.dropout[layer] and layer not in case.masks:
                return
            if len(self.a) <= layer:
                self.raw.append(self.activation(layer, self.z[layer]))
                mask = self.mask(layer)
                self.a.append(self.raw[layer] if mask is None else self.raw[layer] * mask)
            yield case.names[layer][1], self.a[layer], self.a[layer]
        self.t = self.targets(case.targets)
        self.e = self.error()
        loss = np.asarray(self.loss(self.sample_losses()))
        yield "loss", loss, loss
        self.e = self.signed(self.e)
        self.r, self.c = self.batch_factor(), self.factor(self.output_factor())
        self.delta[L] = self.stored_delta(self.output_delta())
        for layer in range(L, 0, -1):
            if layer < L:
                self.sent[layer] = self.upstream(layer)
                self.delta[layer] = self.through(layer, self.sent[layer])
            yield case.names[layer][2], self.delta[layer], self.delta[layer]
            dW = self.dW[layer] = self.weight_gradient(layer)
            db = self.db[layer] = self.bias_gradient(layer)
            dW, db = self.with_penalty(layer, dW, db)
            yield case.names[layer][3], self.dW[layer], dW
            yield case.names[layer][4], self.db[layer], db
            self.used[layer] = self.accumulated(layer, dW, db)
            if case.clipping.name != "global_norm":
                yield from self.update(layer, 1.0)
        if case.clipping.name == "global_norm":
            factor = self.clip_factor()
            for layer in range(L, 0, -1):
                yield from self.update(layer, factor)

    def group(self) -> int:
        """How many samples those take at a time who take them in turn: one."""
        return 1

    def plausible(self, row: int, one: Step) -> bool:
        """Whether the step of one sample may be part of what is looked for; whoever looks decides."""
        return True

    # -- forward -----------------------------------------------------------------------------------

    def pre_activation(self, below: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
        """The sum that goes into f: z = a W + b."""
        return below @ W + b

    def function(self, layer: int) -> Activation:
        """The layer's activation function."""
        return self.case.functions[layer - 1]

    def activation(self, layer: int, z: FloatArray) -> FloatArray:
        """F(z), before dropout."""
        return _value(self.function(layer), z)

    def mask(self, layer: int) -> FloatArray | None:
        """What dropout multiplies the activations with: 0, or 1 / (1 - p)."""
        p = self.case.dropout[layer]
        return self.case.masks[layer] / (1.0 - p) if p else None

    def mask_back(self, layer: int) -> FloatArray | None:
        """What dropout multiplies the derivative by the activations with: the same."""
        return self.mask(layer)

    def targets(self, t: FloatArray) -> FloatArray:
        """The targets, in the order of the inputs."""
        return t

    def error(self) -> FloatArray:
        """What is wrong with the outputs: a - t, or the derivative of a loss that has another one."""
        if self.case.natural or self.case.squared:
            return self.a[-1] - self.t
        return self.case.experiment.loss.gradient(self.a[-1], self.t) / self.output_factor()

    def sample_losses(self) -> FloatArray:
        """Each sample's loss (B,)."""
        loss = self.case.experiment.loss
        if self.case.natural and not any("activation" in lines for lines in self.varied):
            return loss.per_sample_from_z(self.z[-1], self.t, a=self.a[-1])
        return loss.per_sample(self.a[-1], self.t)

    def loss(self, losses: FloatArray) -> float:
        """The batch's loss."""
        total = float(losses.sum())
        return total / self.case.B if self.case.mean else total

    # -- delta of the output -----------------------------------------------------------------------

    def signed(self, e: FloatArray) -> FloatArray:
        """The error with the sign that goes with subtracting the update."""
        return e

    def batch_factor(self) -> float:
        """R: 1 / B for the mean over the batch."""
        return 1.0 / self.case.B if self.case.mean else 1.0

    def output_factor(self) -> float:
        """C: what the loss has before the error, 2 / k or 1 / k for a mean over the outputs."""
        name = self.case.experiment.loss.name
        return {"mean_squared_error": 2.0 / self.case.k, "binary_cross_entropy": 1.0 / self.case.k}.get(
            name, 1.0
        )

    def factor(self, c: float) -> float:
        """C once more, for those who have a factor too many."""
        return c

    def output_delta(self) -> FloatArray:
        """dL/dz of the output: r c e f'(z), and r c e where the loss cancels the slope."""
        error = self.r * self.c * self.e
        return self.natural_delta(error) if self.case.natural else self.through(self.case.L, error)

    def natural_delta(self, error: FloatArray) -> FloatArray:
        """dL/dz where the loss cancels the slope."""
        return error

    def stored_delta(self, delta: FloatArray) -> FloatArray:
        """The output's delta, as it is kept."""
        return delta

    # -- backward ----------------------------------------------------------------------------------

    def upstream(self, layer: int) -> FloatArray:
        """dL/da of a hidden layer: delta of the layer above through its weights, and the dropout mask."""
        v: FloatArray = self.sent_back(layer + 1) @ self.weights_back(layer + 1)
        v = self.hidden_factor(self.hidden_sign(v, layer))
        mask = self.mask_back(layer)
        return v if mask is None else v * mask

    def sent_back(self, layer: int) -> FloatArray:
        """What a layer sends down: its delta."""
        return self.delta[layer]

    def weights_back(self, layer: int) -> FloatArray:
        """What delta of a layer is multiplied with on its way down: W^T, before the update."""
        if self.case.output_first:
            return self.W_after[layer].T
        return self.case.W[layer].T

    def hidden_sign(self, v: FloatArray, layer: int) -> FloatArray:
        """dL/da as it comes down."""
        return v

    def hidden_factor(self, v: FloatArray) -> FloatArray:
        """dL/da as it comes down."""
        return v

    def through(self, layer: int, v: FloatArray) -> FloatArray:
        """dL/dz from dL/da."""
        function = self.function(layer)
        if function.elementwise:
            return v * self.slope(layer, v)
        return function.vjp(self.z[layer], self.raw[layer], v)

    def slope(self, layer: int, v: FloatArray) -> FloatArray:
        """f'(z), from z and the activation before dropout."""
        return slope_formula(self.function(layer), self.z[layer], self.raw[layer])

    # -- gradients ---------------------------------------------------------------------------------

    def counted(self, delta: FloatArray) -> FloatArray:
        """The samples that count: all."""
        return delta

    def weight_gradient(self, layer: int) -> FloatArray:
        """DW = a^T delta, a of the layer below."""
        return self.a[layer - 1].T @ self.counted(self.delta[layer])

    def bias_gradient(self, layer: int) -> FloatArray:
        """Db = the sum of delta over the samples; its mean where the experiment says so."""
        total: FloatArray = np.add.reduce(self.counted(self.delta[layer]), axis=0)
        return self.bias_reduced(total)

    def bias_reduced(self, total: FloatArray) -> FloatArray:
        """The sum over the samples, or the textbook variant that averages it."""
        return total / self.case.B if self.case.biases_averaged else total

    def with_penalty(self, layer: int, dW: FloatArray, db: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The gradients of a layer with the penalty's part."""
        case = self.case
        return (dW + self.weight_penalty(layer), db + self.bias_penalty(layer)) if case.strength else (dW, db)

    def weight_penalty(self, layer: int) -> FloatArray | float:
        """The penalty's part of the weights' gradient, such as lambda W."""
        W = self.case.W[layer]
        part: FloatArray = self.case.experiment.regularizer.slope_of(W, self.case.strength)
        return part

    def bias_penalty(self, layer: int) -> FloatArray | float:
        """The penalty's part of the biases' gradient: none."""
        return 0.0

    def accumulated(self, layer: int, dW: FloatArray, db: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The gradients that the update uses: these alone."""
        return dW, db

    # -- update ------------------------------------------------------------------------------------

    def clip_factor(self) -> float:
        """What clipping by norm multiplies the whole gradient with."""
        norm = float(np.sqrt(sum(float((part**2).sum()) for used in self.used[1:] for part in used)))
        limit: float = self.case.clipping.limit
        return limit / norm if norm > limit else 1.0

    def update(self, layer: int, clip_factor: float) -> Iterator[Value]:
        """W and b after the step."""
        case = self.case
        dW, db = self.used[layer]
        if clip_factor != 1.0:
            dW, db = clip_factor * dW, clip_factor * db
        if case.clipping.name == "value":
            limit = case.clipping.limit
            dW, db = np.clip(dW, -limit, limit), np.clip(db, -limit, limit)
        eta = self.rate()
        u_W = self.direction(case.W[layer], dW, 2 * layer - 1)
        if case.strength:
            u_W = u_W + self.decay(layer)
        W = case.W[layer] - eta * u_W
        b = case.b[layer] - eta * self.direction(case.b[layer], db, 2 * layer)
        W, b = self.kept(layer, W, b)
        if case.holds:
            W = np.where(case.state.held_weights[layer - 1], case.W[layer], W)
            b = np.where(case.state.held_biases[layer - 1], case.b[layer], b)
        self.W_after[layer], self.b_after[layer] = W, b
        yield case.names[layer][5], self.W_after[layer], self.W_after[layer]
        yield case.names[layer][6], self.b_after[layer], self.b_after[layer]

    def decay(self, layer: int) -> FloatArray | float:
        """What shrinks the weights beside the gradient: nothing."""
        return 0.0

    def rate(self) -> float:
        """Eta."""
        return self.case.eta

    def kept(self, layer: int, W: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The new parameters, as they are kept."""
        return W, b

    def direction(self, p: FloatArray, g: FloatArray, array: int) -> FloatArray:
        """U: what the optimizer makes of a gradient; `array` counts W1, b1, W2, b2, … from 1."""
        o: Any = self.case.experiment.optimizer
        u: FloatArray = g
        if o.name == "sgd":
            return g
        if o.name == "momentum":
            return self.velocity(g, o.momentum, array)
        if o.name == "nesterov":
            u = g + o.momentum * self.velocity(g, o.momentum, array)
            return u
        if o.name in ("adagrad", "rmsprop"):
            return self.quotient(g, self.squares(g, array), o.epsilon)
        if o.name in ("adam", "adamw"):
            t = self.time(array)
            m = self.kept_slot("m", array, o.beta1 * self.slot("m", array) + (1.0 - o.beta1) * g)
            v = self.kept_slot("v", array, o.beta2 * self.slot("v", array) + (1.0 - o.beta2) * g * g)
            u = self.adam_quotient(m / (1.0 - o.beta1**t), v / (1.0 - o.beta2**t), o.epsilon)
            if o.name == "adamw":
                u = u + o.weight_decay * p
            return u

        def line(symbol: str, value: FloatArray) -> FloatArray:
            return self.kept_slot(symbol, array, value) if symbol in o.slots else value

        u = o.rule(p, g, {name: self.slot(name, array) for name in o.slots}, 1.0, self.time(array), line)
        return u

    def slot(self, name: str, array: int) -> FloatArray | float:
        """What the optimizer remembers of an array from the steps before."""
        slots = self.case.state.slots
        return slots[name][(array - 1) % 2][(array - 1) // 2] if slots else 0.0

    def kept_slot(self, name: str, array: int, value: FloatArray) -> FloatArray:
        """What the optimizer remembers for the next step."""
        self.slots_after[name, array] = value
        return value

    def velocity(self, g: FloatArray, mu: float, array: int) -> FloatArray:
        """V = mu v + g."""
        return self.kept_slot("v", array, mu * self.slot("v", array) + g)

    def squares(self, g: FloatArray, array: int) -> FloatArray:
        """The sum of squares of AdaGrad, or the running mean of RMSProp."""
        o: Any = self.case.experiment.optimizer
        old = self.slot("s", array)
        s = old + g * g if o.name == "adagrad" else o.decay * old + (1.0 - o.decay) * g * g
        return self.kept_slot("s", array, s)

    def quotient(self, g: FloatArray, s: FloatArray, epsilon: float) -> FloatArray:
        """The direction of AdaGrad and RMSProp."""
        u: FloatArray = g / (np.sqrt(s) + epsilon)
        return u

    def time(self, array: int) -> float:
        """Adam's t."""
        return self.case.state.time

    def adam_quotient(self, m_hat: FloatArray, v_hat: FloatArray, epsilon: float) -> FloatArray:
        """Adam's direction."""
        return m_hat / (np.sqrt(v_hat) + epsilon)


def _value(function: Activation, z: FloatArray) -> FloatArray:
    """As `Activation.value`, but for its care of NumPy's warnings, which takes as long as all the rest."""
    a = np.empty_like(z)
    execute(function.forward(z, a))
    return a


def slope_formula(function: Activation, z: FloatArray, a: FloatArray) -> FloatArray:
    """The slope as books write it: where they do in a, which has fewer digits in saturation."""
    in_a: FloatArray | None = function.slope_in_a(a)
    if in_a is not None:
        return in_a
    out = np.empty_like(z)
    execute(function.slopes(z, a, out))
    return out


def in_order(layers: int) -> list[str]:
    """The names of all quantities of a step, in the order of computation."""
    forward = [f"{name}{layer}" for layer in range(1, layers + 1) for name in ("z", "a")]
    backward = [f"{name}{layer}" for layer in range(layers, 0, -1) for name in ("delta", "dW", "db")]
    after = [f"{name}{layer}" for layer in range(1, layers + 1) for name in ("W", "b")]
    return [*forward, "loss", *backward, *after]
