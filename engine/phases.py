"""How much of a step is shown: the cursor of the finer granularities, and what it has revealed by then."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


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


class Revealed(NamedTuple):
    """How far a record is revealed.

    Attributes
    ----------
    forward : int
        The last layer whose activations are known; 0 are the inputs.
    backward : int
        The first layer whose delta is known; L + 1 when none is.
    loss, update : bool
    """

    forward: int
    backward: int
    loss: bool
    update: bool

    @classmethod
    def by(cls, phase: Phase | None, layers: int) -> Revealed:
        """What `phase` reveals of a record with `layers` weight layers."""
        if phase is None or phase.kind is PhaseKind.UPDATE:
            return cls(layers, 1, True, True)
        if phase.kind is PhaseKind.INPUT:
            return cls(0, layers + 1, False, False)
        if phase.kind is PhaseKind.FORWARD:
            # layer 0 stands for all layers at once: a whole sample
            return cls(phase.layer or layers, layers + 1, False, False)
        if phase.kind is PhaseKind.LOSS:
            return cls(layers, layers + 1, True, False)
        if phase.kind is PhaseKind.FACTOR:
            # the layer's own gradient is the last thing that its factors lead to
            summed = phase.factor is FactorKind.GRADIENT
            return cls(layers, phase.layer if summed else phase.layer + 1, True, False)
        return cls(layers, phase.layer or 1, True, False)
