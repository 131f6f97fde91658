"""What the graph shows of a record: numbers for lines, squares and units, as far as they are revealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

import numpy as np

from engine.arrays import FloatArray
from engine.experiment import Experiment
from engine.parts import Part
from engine.phases import Phase, PhaseKind, Revealed
from engine.records import StepRecord
from gui.training.messages import Frame

Known = tuple[FloatArray | None, ...]

MOST_HELD = 200
"""Frozen parameters that are marked; a network with more is frozen layer by layer."""


class Quantity(Enum):
    """What colour and width of lines mean, and the numbers on them."""

    WEIGHTS = "weights"
    GRADIENTS = "gradients"
    UPDATES = "updates"


class Losses(NamedTuple):
    """What the box of the loss says; None is not revealed, or does not apply.

    Attributes
    ----------
    batch, sample : float or None
        The loss of the mini-batch, and of the sample that is shown.
    number : int or None
        Which sample that is, from 0; None for the whole batch.
    """

    batch: float | None
    sample: float | None
    number: int | None


@dataclass(frozen=True, eq=False)
class Picture:
    """The numbers to draw; None stands for a layer that is not revealed.

    Attributes
    ----------
    edges : L arrays (n_{l-1}, n_l)
    biases : L arrays (n_l,)
    a, delta : L + 1 arrays (n_l,)
        What units pass on, and dL/dz: of one sample, or of the batch the mean of a and the sum of delta.
        Layer 0, the inputs, always has its values and never a delta.
    losses : Losses
    emphasis, passed : int or None
        The layer that the phase is about, and the one into which the weights lead that it goes through.
    held : tuple of Part
        The frozen weights and biases.
    before : L arrays (n_{l-1}, n_l), or empty
        What the weights were, in the phase that updates them.
    """

    edges: Known
    biases: Known
    a: Known
    delta: Known
    losses: Losses
    emphasis: int | None
    held: tuple[Part, ...] = ()
    passed: int | None = None
    before: Known = ()

    def veiled(self, quantity: Quantity) -> Picture:
        """The same without what the pass computes, to be predicted from what is left."""
        given = quantity is Quantity.WEIGHTS
        nothing: Known = (None,) * len(self.edges)
        return replace(
            self,
            edges=self.edges if given else nothing,
            biases=self.biases if given else nothing,
            a=(self.a[0], *nothing),
            delta=(None, *nothing),
            losses=Losses(None, None, self.losses.number),
        )

    @classmethod
    @np.errstate(all="ignore")  # a network that diverged is drawn, too
    def of(cls, frame: Frame, quantity: Quantity, sample: int, *, batch: bool = False) -> Picture:
        """What `frame` shows of `quantity`, in the units row `sample` of the mini-batch or all of it."""
        record, phase = frame.record, frame.phase
        layers = len(record.z)
        revealed = Revealed.by(phase, layers)

        def known(known_layers: range, numbers: Callable[[int], FloatArray]) -> Known:
            return tuple(numbers(layer) if layer in known_layers else None for layer in range(1, layers + 1))

        forward = range(1, revealed.forward + 1)
        backward = range(revealed.backward, layers + 1)
        updated = range(1, layers + 1) if revealed.update else range(0)
        edges: Known
        biases: Known
        if quantity is Quantity.WEIGHTS:
            edges, biases = parameters(frame)
        elif quantity is Quantity.GRADIENTS:
            edges = known(backward, lambda layer: weight_gradient(record, phase, layer))
            biases = known(backward, lambda layer: bias_gradient(record, phase, layer, frame.experiment))
        else:
            edges = known(
                updated, lambda layer: record.weights_after[layer - 1] - record.weights_before[layer - 1]
            )
            biases = known(
                updated, lambda layer: record.biases_after[layer - 1] - record.biases_before[layer - 1]
            )
        if not batch:
            inputs = record.a[0][sample]
            a = known(forward, lambda layer: record.a[layer][sample])
            delta = known(backward, lambda layer: record.delta[layer - 1][sample])
        else:
            inputs = record.a[0].mean(axis=0)
            # sample by sample, the batch is not known before the last has been through
            whole = phase is None or phase.sample is None
            a = known(forward if whole else range(0), lambda layer: record.a[layer].mean(axis=0))
            delta = known(backward if whole else range(0), lambda layer: record.delta[layer - 1].sum(axis=0))
        emphasis = None
        if phase is not None and phase.layer and phase.kind is not PhaseKind.FACTOR:
            emphasis = phase.layer
        elif phase is not None and phase.kind is PhaseKind.INPUT:
            emphasis = 0
        passed = None
        if phase is not None and emphasis:
            passed = emphasis + (phase.kind is PhaseKind.BACKWARD)
        losses = shown_losses(frame, None if batch else sample)
        before: Known = ()
        if quantity is Quantity.WEIGHTS and phase is not None and phase.kind is PhaseKind.UPDATE:
            before = record.weights_before if frame.updated else ()
        units = (inputs, *a), (None, *delta)
        return cls(edges, biases, *units, losses, emphasis, held(record), passed, before)


def held(record: StepRecord) -> tuple[Part, ...]:
    """The frozen weights and biases, as many as are marked."""
    parts: list[Part] = []
    for layer, (weights, biases) in enumerate(zip(*record.frozen, strict=True), start=1):
        if weights.any():
            at = np.argwhere(weights)[:MOST_HELD].tolist()
            parts += [Part("weight", layer, unit, source) for source, unit in at]
        if biases.any():
            parts += [Part("bias", layer, unit) for unit in np.flatnonzero(biases).tolist()]
    return tuple(parts[:MOST_HELD])


def parameters(frame: Frame) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]:
    """Weights and biases as they are at this moment of the step."""
    record = frame.record
    if frame.updated:
        return record.weights_after, record.biases_after
    return record.weights_before, record.biases_before


def weight_gradient(record: StepRecord, phase: Phase | None, layer: int) -> FloatArray:
    """dL/dW of `layer` (from 1): of the mini-batch, or the share of the phase's one sample."""
    if phase is None or phase.sample is None:
        return record.weight_grads[layer - 1]
    share: FloatArray = np.outer(record.a[layer - 1][phase.sample], record.delta[layer - 1][phase.sample])
    return share


def bias_gradient(record: StepRecord, phase: Phase | None, layer: int, experiment: Experiment) -> FloatArray:
    """dL/db of `layer` (from 1), as `weight_gradient`."""
    if phase is None or phase.sample is None:
        return record.bias_grads[layer - 1]
    share: FloatArray = record.delta[layer - 1][phase.sample]
    if experiment.bias_reduction == "mean" and experiment.reduction == "sum":
        share = share / record.batch
    return share


def shown_loss(frame: Frame) -> float | None:
    """The loss of the mini-batch, or of the phase's one sample; None before it is revealed."""
    phase = frame.phase
    losses = shown_losses(frame, None if phase is None else phase.sample)
    return losses.batch if losses.number is None else losses.sample


def shown_losses(frame: Frame, sample: int | None) -> Losses:
    """What is known of the losses: the mini-batch's only when all its samples have been through."""
    record, phase = frame.record, frame.phase
    if not Revealed.by(phase, len(record.z)).loss:
        return Losses(None, None, sample)
    whole = phase is None or phase.sample is None
    return Losses(
        float(record.data_loss) if whole else None,
        None if sample is None else float(record.sample_losses[sample]),
        sample,
    )
