"""All that is known of a training that is looked at; measured when first asked for, on a copy of it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.data.dataset import Kind
from engine.diagnose.curvature import Curvature
from engine.diagnose.rows import (
    Columns,
    Contradictions,
    Dependence,
    Reach,
    columns,
    contradictions,
    dependence,
    reach,
)
from engine.diagnose.score import RECALLED, Score, constant_loss, score
from engine.experiment import Experiment
from engine.parts import NamedLayer
from engine.records import Scalars, StepRecord
from engine.training.history import Edit
from engine.training.trainer import Trainer

MOST_NUMBERS, MOST_PRODUCTS = 2_000_000, 50_000_000
"""Rows are left out, evenly, where one pass over all would write more numbers or take more products."""

MOST_STEPS = 100_000
"""Of longer runs the last so many steps are looked at."""

BOUNDED = ("sigmoid", "tanh", "softsign", "hard_sigmoid")
UNBOUNDED = ("linear", "relu", "leaky_relu", "elu", "selu", "softplus", "silu", "gelu", "mish")


class State(NamedTuple):
    """Parameters at a moment."""

    weights: list[FloatArray]
    biases: list[FloatArray]


class Noise(NamedTuple):
    """How the samples' gradients agree.

    Source: McCandlish et al. 2018, *An Empirical Model of Large-Batch Training*.

    Attributes
    ----------
    mean : float
        The square of the length of their mean.
    spread : float
        The sum of their variances.
    scale : float
        ``spread / mean``: the batch size at which the two are alike; smaller batches are mostly noise.
    alignment : float
        The length of the mean over the mean of the lengths: 1 where all agree, near 0 where they cancel.
    """

    mean: float
    spread: float
    scale: float
    alignment: float


class Patient:
    """A training under examination. The training itself is only read.

    What is said of columns and targets is measured over all training rows. Of very many, what needs a pass
    through the network is measured over some that are evenly spread: those looked at.

    Parameters
    ----------
    trainer : Trainer

    Attributes
    ----------
    experiment : Experiment
        The settings in force.
    scalars : Scalars
        Of all steps up to the moment looked at.
    edits : tuple of Edit
        Those made on the way.
    held : (n,) bool or None
        Parameters that are held now.
    chosen : (n,)
        The training rows that are looked at.
    inputs, targets : (n, d), (n, k)
        Of these.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.experiment: Experiment = trainer.experiment
        self.dataset, self.prepared = trainer.dataset, trainer.prepared
        self.steps = trainer.completed
        self.scalars: Scalars = trainer.scalars_between(max(0, self.steps - MOST_STEPS), self.steps, 0)
        self.packing = trainer.packing
        self.edits: tuple[Edit, ...] = tuple(e for e in trainer.current.edits if e.step <= self.steps)
        self._is_past = trainer.is_past
        self._copy = trainer.copy()
        held = [e.frozen for e in self.edits if e.frozen is not None]
        self.held: BoolArray | None = held[-1] if held and held[-1].any() else None
        rows, widest = len(self.prepared.train_rows), sum(self.packing.sizes)
        count = max(2, min(rows, MOST_NUMBERS // widest, MOST_PRODUCTS // self.packing.size))
        self.chosen = np.arange(rows)
        if count < rows:
            self.chosen = np.linspace(0, rows - 1, count).astype(np.int64)
        self.inputs: FloatArray = self.prepared.take(self.chosen)
        self.targets: FloatArray = self.prepared.targets[self.chosen]

    # -- states ------------------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """The kind of the targets."""
        return self.dataset.kind

    @property
    def rows(self) -> int:
        """Rows of the training set."""
        return len(self.prepared.train_rows)

    @property
    def batch(self) -> int:
        """Rows of a mini-batch."""
        size = self.experiment.batch_size
        return self.rows if size == "full" else min(size, self.rows)

    @property
    def hidden(self) -> int:
        """How many hidden layers there are."""
        return len(self.experiment.layers) - 1

    def layer(self, number: int) -> NamedLayer:
        """A layer 1..L, as a sentence tells it."""
        return NamedLayer(number, len(self.experiment.layers))

    @cached_property
    def final(self) -> State:
        """The parameters now."""
        self._copy.seek(self.steps)
        return State(self._copy.weights, self._copy.biases)

    @cached_property
    def initial(self) -> State:
        """The parameters at step 0."""
        self._copy.seek(0)
        return State(self._copy.weights, self._copy.biases)

    @cached_property
    def next_record(self) -> StepRecord:
        """The step that would come next."""
        self._copy.seek(self.steps)
        return self._copy.peek()

    @cached_property
    def diverged(self) -> bool:
        """Whether the next step meets a number that is not finite."""
        if self._is_past:
            return False
        record = self.next_record
        with np.errstate(all="ignore"):
            arrays = [*record.weights_after, *record.biases_after, *record.weight_grads, *record.bias_grads]
            squares = [float(np.square(array, dtype=array.dtype).sum()) for array in arrays]
        return not np.isfinite([record.data_loss, record.penalty, *squares]).all()

    def at(self, step: int) -> State:
        """The parameters after `step` steps."""
        self._copy.seek(step)
        return State(self._copy.weights, self._copy.biases)

    # -- how well it does --------------------------------------------------------------------------

    @cached_property
    def base(self) -> float:
        """The mean loss of the best constant prediction, over the training rows."""
        with np.errstate(all="ignore"):
            return constant_loss(self.experiment.loss, self.targets)

    @cached_property
    def score(self) -> Score:
        """Of the training rows, now."""
        return self.measure(self.final)

    @cached_property
    def first_score(self) -> Score:
        """Of the training rows, at step 0."""
        return self.measure(self.initial)

    def measure(self, state: State) -> Score:
        """How well parameters predict the training rows."""
        return score(self.experiment, self.dataset, *state, self.inputs, self.targets, self.base)

    @cached_property
    def validation(self) -> Score | None:
        """Of the validation rows, now; None where too few are kept to tell."""
        x, t = self.prepared.validation_inputs, self.prepared.validation_targets
        if len(x) < 8:
            return None
        result = score(self.experiment, self.dataset, *self.final, x, t)
        return result if result.base > 0 else None

    @cached_property
    def failed(self) -> bool:
        """Whether training rows are left that are not learned; for a fault is to be seen what it needs."""
        recall = self.score.recall
        return self.diverged or not (self.score.learned if recall is None else recall >= RECALLED)

    @cached_property
    def by_heart(self) -> bool:
        """Whether the training rows are learned far better than those kept for validation."""
        v = self.validation
        if v is None or self.diverged or not self.score.relative <= 0.35 * v.relative:
            return False
        return v.relative > 0.33 and (v.recall is None or v.recall < 0.85)

    @cached_property
    def losses(self) -> FloatArray:
        """The loss of each step per row, as `Score.loss` is, whatever the reduction."""
        loss = self.scalars.loss
        return loss / self.batch if self.experiment.reduction == "sum" else loss

    # -- data --------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> Columns:
        """How far the inputs are from mean 0 and deviation 1, over all training rows."""
        return columns(self.prepared.inputs)

    @cached_property
    def contradictions(self) -> Contradictions:
        """Rows with equal inputs and unequal targets, of those that are looked at."""
        return contradictions(self.experiment.loss, self.inputs, self.targets)

    @cached_property
    def reach(self) -> Reach:
        """The range of the output function beside the targets of all training rows."""
        return reach(self.experiment, self.kind, self.prepared.targets)

    @cached_property
    def dependence(self) -> Dependence:
        """Tested over all rows, those kept for validation too."""
        p = self.prepared
        return dependence(
            np.concatenate([p.inputs, p.validation_inputs]), np.concatenate([p.targets, p.validation_targets])
        )

    # -- gradients and curvature -------------------------------------------------------------------

    @cached_property
    def start(self) -> Curvature:
        """The loss around the parameters at step 0, over the training rows."""
        return Curvature(self.experiment, *self.initial, self.inputs, self.targets)

    @cached_property
    def now(self) -> Curvature:
        """The loss around the parameters as they are, over the training rows."""
        return Curvature(self.experiment, *self.final, self.inputs, self.targets)

    @cached_property
    def sharpness(self) -> float:
        """The largest eigenvalue of the Hessian at step 0."""
        return self._sharpness(self.initial)

    @cached_property
    def now_sharpness(self) -> float:
        """The largest eigenvalue of the Hessian now."""
        return self._sharpness(self.final, 30)

    def _sharpness(self, state: State, iterations: int = 12) -> float:
        few = max(1, -(-len(self.inputs) * self.packing.size // (MOST_PRODUCTS // 12)))
        around = Curvature(self.experiment, *state, self.inputs[::few], self.targets[::few])
        return around.sharpness(iterations)

    @cached_property
    def noise(self) -> Noise:
        """How the samples' gradients agree at the parameters as they are."""
        return noise(self.now)

    @cached_property
    def travelled(self) -> float:
        """The length of all updates together over that of the parameters at step 0; nan if not known."""
        if self.steps > len(self.scalars):
            return float("nan")
        flat = np.concatenate([x.ravel() for part in self.initial for x in part])
        length = float(np.sqrt(flat @ flat))
        total = float(np.sum(self.scalars.update_norm))
        return total / length if length > 0 else float("inf")

    def settings_since(self, *names: str) -> tuple[int, Experiment | None]:
        """The last step at which one of these settings was changed, and the settings before it.

        Returns
        -------
        step : int
            0 where none was.
        before : Experiment or None
        """
        found: tuple[int, Experiment | None] = (0, None)
        before = self._first_experiment
        for edit in self.edits:
            if edit.experiment is None:
                continue
            if before is not None and any(getattr(before, n) != getattr(edit.experiment, n) for n in names):
                found = (edit.step, before)
            before = edit.experiment
        return found

    @cached_property
    def _first_experiment(self) -> Experiment | None:
        if not any(edit.experiment is not None for edit in self.edits):
            return None
        return self._copy.current.keyframes[0].experiment


def noise(curvature: Curvature) -> Noise:
    """Compare the mean of the samples' gradients with their spread.

    A sample's gradient of a layer is the outer product of its activations and its delta, so squared
    lengths and the sum over all parameters need no gradient to be written out.
    """
    rows = len(curvature.targets)
    per_row = curvature.experiment.reduction == "mean"
    factor = rows if per_row else 1  # back to each sample's own gradient
    squares = np.zeros(rows)
    with np.errstate(all="ignore"):
        for a, delta in zip(curvature.a, curvature.delta, strict=False):
            own = delta * factor
            squares += ((a * a).sum(axis=1) + 1.0) * (own * own).sum(axis=1)
        gradient = curvature.gradient * (1.0 if per_row else 1.0 / rows)
        mean = float(gradient @ gradient)
        average = float(squares.mean())
        spread = max(average - mean, 0.0) * rows / max(rows - 1, 1)
        lengths = float(np.sqrt(squares).mean())
        scale = spread / mean if mean > 0 else float("inf")
        alignment = float(np.sqrt(mean)) / lengths if lengths > 0 else 1.0
    return Noise(mean, spread, scale, alignment)
