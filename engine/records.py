"""What leaves the engine: frozen values with read-only arrays, safe to hand to another thread."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from engine.arrays import Arrays, BoolArray, FloatArray, IntArray, seal
from engine.digits import short
from engine.experiment import Experiment


@dataclass(frozen=True, eq=False, repr=False)
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
        As the loss has them: scaled, where the experiment says so.
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
    target_offset, target_scale : (k,) or None
        An output a is ``a * target_scale + target_offset`` in the data's own unit; None where targets are
        not scaled.
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
    target_offset: FloatArray | None = None
    target_scale: FloatArray | None = None

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        made = f"{self.batch} rows, loss {short(self.data_loss, 6)}"
        return f"StepRecord(step {self.step}, epoch {self.epoch}, {sizes}, {made})"

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
        Of each step's mini-batch; the loss is of scaled targets where they are scaled. The metric is accuracy
        for classes, the share of right ones for labels, else R2 against the training set's variance, which
        no scaling changes: the mean over the outputs, without those whose targets are all equal; NaN, not
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
