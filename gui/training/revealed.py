"""How much of a step may be shown: what the phase has not revealed yet, no view knows."""

from __future__ import annotations

from typing import NamedTuple

from engine.records import FactorKind, Phase, PhaseKind


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
