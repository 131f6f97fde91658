"""What leaves the engine: frozen values with read-only arrays, safe to hand to another thread."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import NamedTuple

import numpy as np

from engine.arrays import Arrays, BoolArray, FloatArray, IntArray, seal
from engine.experiment import Experiment


@dataclass(frozen=True, eq=False)
class StepRecord:
    """One mini-batch step, whole: every number of its forward pass, backward pass and update.

    Sequences run over the weight layers l = 1..L, so that ``z[0]`` is layer 1; `a` has the inputs in
    front, so that ``a[0]`` is the inputs and ``a[l]`` layer l. Arrays are row-major and read-only.

    Attributes
    ----------
    experiment : Experiment
        The settings it was computed with, whatever they are by now.
    step, epoch : int
        From 1; step 0 is the initial state.
    feature_names, target_names : tuple of str
        What the inputs and the outputs stand for.
    indices : (B,) int
        Rows of ``Dataset.inputs``, from 0.
    targets : (B, k)
    z, delta : L arrays (B, n_l)
        Pre-activations; dL/dz with the reduction over the batch included.
    a : L + 1 arrays (B, n_l)
        Activations, after dropout.
    weight_grads, bias_grads : L arrays (n_{l-1}, n_l), (n_l,)
        Of the data loss: without penalty, before clipping.
    sample_losses : (B,)
        Each sample's own loss, not reduced.
    data_loss, penalty : float
        The reduced loss, and the penalty beside it.
    learning_rate : float
        After the schedule.
    clip_factor : float
        What clipping by norm multiplied the gradient with; 1 without.
    dropout_masks : L arrays (B, n_l) or None
        0 or 1 / (1 - p).
    frozen_weights, frozen_biases : L boolean arrays
        True where a parameter is held.
    weights_before, weights_after, biases_before, biases_after : L arrays
    slots_before, slots_after : mapping of slot name to (weights, biases), L arrays each
    optimizer_step : int
        Count of updates the optimizer has made, this one included (Adam's t).
    """

    experiment: Experiment
    step: int
    epoch: int
    indices: IntArray
    targets: FloatArray
    z: Arrays
    a: Arrays
    delta: Arrays
    weight_grads: Arrays
    bias_grads: Arrays
    sample_losses: FloatArray
    data_loss: float
    penalty: float
    learning_rate: float
    clip_factor: float
    dropout_masks: tuple[FloatArray | None, ...]
    frozen_weights: tuple[BoolArray, ...]
    frozen_biases: tuple[BoolArray, ...]
    weights_before: Arrays
    weights_after: Arrays
    biases_before: Arrays
    biases_after: Arrays
    slots_before: dict[str, tuple[Arrays, Arrays]]
    slots_after: dict[str, tuple[Arrays, Arrays]]
    optimizer_step: int
    feature_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()

    @property
    def frozen(self) -> tuple[tuple[BoolArray, ...], tuple[BoolArray, ...]]:
        """`frozen_weights` and `frozen_biases`."""
        return self.frozen_weights, self.frozen_biases

    @property
    def batch(self) -> int:
        """Rows of the mini-batch, B."""
        return len(self.indices)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the inputs first."""
        return tuple(a.shape[1] for a in self.a)


@dataclass(frozen=True, eq=False)
class Scalars:
    """The series of a stretch of training: one entry a step, and one an evaluation.

    Attributes
    ----------
    steps : (n,) int
        Step numbers, from 1, without gaps.
    loss, penalty, metric, update_norm, learning_rate : (n,)
        Of each step's mini-batch. The metric is accuracy for classes, else R2 against the training
        set's variance: the mean over the outputs, without those whose targets are all equal; NaN, not
        defined, if all are.
    gradient_norms : (n, L)
        Norm of each layer's gradient, its biases included.
    evaluated_steps : (m,) int
        Steps at which validation was evaluated: 0 and each epoch's end.
    validation_loss, validation_metric : (m,)
        Empty where nothing is kept for validation.
    """

    steps: IntArray
    loss: FloatArray
    penalty: FloatArray
    metric: FloatArray
    update_norm: FloatArray
    learning_rate: FloatArray
    gradient_norms: FloatArray
    evaluated_steps: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    validation_loss: FloatArray = field(default_factory=lambda: np.empty(0))
    validation_metric: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        return len(self.steps)

    @classmethod
    def empty(cls, layers: int) -> Scalars:
        """No steps at all, of a network with `layers` weight layers."""
        steps = np.empty(0, dtype=np.int64)
        a, b, c, d, e = (np.empty(0) for _ in range(5))
        return cls(steps, a, b, c, d, e, np.empty((0, layers)))

    @classmethod
    def join(cls, parts: list[Scalars]) -> Scalars:
        """One series of the parts, in order."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))


class PhaseKind(Enum):
    """What a phase of a step shows."""

    INPUT = "input"
    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    FACTOR = "factor"
    UPDATE = "update"


class FactorKind(Enum):
    """What a phase shows of the chain rule of one weight or bias: a factor, or what becomes of them.

    `UPSTREAM` is dL/da of its unit, `SLOPE` da/dz, `DELTA` the two at once where they are no single
    numbers (softmax), `INCOMING` dz/dw, `SHARE` their product, which is one sample's share, and
    `GRADIENT` the sum of the shares over the batch.
    """

    UPSTREAM = "upstream"
    SLOPE = "slope"
    DELTA = "delta"
    INCOMING = "incoming"
    SHARE = "share"
    GRADIENT = "gradient"


class Phase(NamedTuple):
    """How much of a StepRecord is revealed: the cursor of the finer granularities.

    Attributes
    ----------
    kind : PhaseKind
    layer : int
        1..L for forward, backward and factor; 0 otherwise. Forward and backward of layer 0 are those of
        all layers at once.
    sample : int or None
        The one sample that is shown, or None for the whole batch.
    factor : FactorKind or None
        Of a factor phase.
    """

    kind: PhaseKind
    layer: int = 0
    sample: int | None = None
    factor: FactorKind | None = None


def phases_by_layer(layers: int, sample: int | None = None) -> tuple[Phase, ...]:
    """The phases of a step by Layer: forward through each layer, the loss, backward, the update."""
    return (
        *(Phase(PhaseKind.FORWARD, layer, sample) for layer in range(1, layers + 1)),
        Phase(PhaseKind.LOSS, 0, sample),
        *(Phase(PhaseKind.BACKWARD, layer, sample) for layer in range(layers, 0, -1)),
        *((Phase(PhaseKind.UPDATE),) if sample is None else ()),
    )


def phases_by_sample(layers: int, batch: int) -> tuple[Phase, ...]:
    """The phases of a step by Sample: forward and backward of each sample, then the update."""
    return (
        *(
            Phase(kind, 0, sample)
            for sample in range(batch)
            for kind in (PhaseKind.FORWARD, PhaseKind.BACKWARD)
        ),
        Phase(PhaseKind.UPDATE),
    )


def phases_by_factor(layer: int, *, elementwise: bool = True) -> tuple[Phase, ...]:
    """The phases of a step by Factor, for the weights and biases of `layer`.

    After the forward pass and the loss come the factors one by one, their product, its sum over the
    batch, and the update. Of an activation that is not `elementwise` (softmax), the upstream gradient
    and the slope are one phase.
    """
    upstream = (FactorKind.UPSTREAM, FactorKind.SLOPE) if elementwise else (FactorKind.DELTA,)
    factors = (*upstream, FactorKind.INCOMING, FactorKind.SHARE, FactorKind.GRADIENT)
    return (
        Phase(PhaseKind.FORWARD),
        Phase(PhaseKind.LOSS),
        *(Phase(PhaseKind.FACTOR, layer, factor=factor) for factor in factors),
        Phase(PhaseKind.UPDATE),
    )
