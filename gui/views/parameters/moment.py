"""The numbers of all parameters at one moment, in the order in which they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from engine.arrays import AnyArray, FloatArray
from engine.parts import Part
from engine.phases import Revealed
from engine.records import StepRecord
from gui.training.messages import Frame
from gui.views.network.quantities import bias_gradient, weight_gradient


class Column(IntEnum):
    """The columns in their order."""

    LAYER = 0
    FROM = 1
    TO = 2
    VALUE = 3
    GRADIENT = 4
    UPDATE = 5
    AFTER = 6
    FROZEN = 7


NUMBERS = (Column.VALUE, Column.GRADIENT, Column.UPDATE, Column.AFTER)


class Numbering:
    """All parameters in a row: layer by layer, in a layer unit by unit, of a unit its weights, then its bias.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, the inputs first.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        counts = [(below + 1) * units for below, units in pairwise(sizes)]
        self.starts = np.cumsum([0, *counts])

    def __len__(self) -> int:
        return int(self.starts[-1])

    def of_layer(self, layer: int) -> range:
        """The numbers of the parameters of a layer; of all for 0."""
        return range(int(self.starts[layer - 1]), int(self.starts[layer])) if layer else range(len(self))

    def part(self, number: int) -> Part:
        """The weight or bias with a number."""
        layer = int(np.searchsorted(self.starts, number, side="right"))
        below = self.sizes[layer - 1]
        unit, source = divmod(number - int(self.starts[layer - 1]), below + 1)
        if source == below:
            return Part("bias", layer, unit)
        return Part("weight", layer, unit, source)

    def number(self, part: Part | None) -> int | None:
        """The number of a weight or bias; None of anything else, or of what this network has not."""
        if part is None or not part.is_parameter or not part.exists(self.sizes):
            return None
        kind, layer, unit, source = part
        below = self.sizes[layer - 1]
        return int(self.starts[layer - 1]) + unit * (below + 1) + (below if kind == "bias" else source)

    def row(self, weights: Sequence[AnyArray], biases: Sequence[AnyArray]) -> AnyArray:
        """Put arrays of the layers, (n_{l-1}, n_l) and (n_l,), into that order."""
        return np.concatenate([np.vstack([w, b]).T.ravel() for w, b in zip(weights, biases, strict=True)])


class Moment:
    """The numbers of a frame that its phase reveals; each is made when it is first asked for."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.record: StepRecord = frame.record
        self.revealed = Revealed.by(frame.phase, len(frame.record.z))
        self._gradients: dict[int, tuple[FloatArray, FloatArray]] = {}

    def number(self, column: Column, part: Part) -> float | None:
        """What stands in a column of a parameter; None is not known yet."""
        record, index = self.record, part.layer - 1
        is_weight = part.kind == "weight"
        at: Any = (part.source, part.unit) if is_weight else part.unit
        before = (record.weights_before if is_weight else record.biases_before)[index][at]
        after = (record.weights_after if is_weight else record.biases_after)[index][at]
        if column is Column.VALUE:
            return float(before)
        if column is Column.GRADIENT:
            known = part.layer >= self.revealed.backward
            return float(self._gradient(part.layer)[0 if is_weight else 1][at]) if known else None
        if not self.revealed.update:
            return None
        return float(after) if column is Column.AFTER else float(after) - float(before)

    @cached_property
    def numbering(self) -> Numbering:
        """Which parameters there are."""
        return Numbering(self.record.sizes)

    def column(self, column: Column) -> AnyArray:
        """All numbers of a column in the order of the numbering, NaN where they are not known yet."""
        record, numbering = self.record, self.numbering
        layers = range(1, len(record.z) + 1)
        if column in (Column.LAYER, Column.FROM, Column.TO):
            parts = []
            for layer in layers:
                below, units = record.sizes[layer - 1 : layer + 1]
                unit, source = np.divmod(np.arange((below + 1) * units), below + 1)
                parts.append({Column.FROM: source, Column.TO: unit}.get(column, np.full(len(unit), layer)))
            return np.concatenate(parts)
        if column is Column.VALUE:
            return numbering.row(record.weights_before, record.biases_before)
        if column is Column.FROZEN:
            return numbering.row(record.frozen_weights, record.frozen_biases)
        if column is Column.GRADIENT:
            known = [
                self._gradient(layer)
                if layer >= self.revealed.backward
                else tuple(
                    np.full_like(a[layer - 1], np.nan) for a in (record.weight_grads, record.bias_grads)
                )
                for layer in layers
            ]
            return numbering.row([w for w, _ in known], [b for _, b in known])
        if not self.revealed.update:
            return np.full(len(numbering), np.nan)
        after = numbering.row(record.weights_after, record.biases_after).astype(np.float64)
        if column is Column.UPDATE:
            after -= numbering.row(record.weights_before, record.biases_before)
        return after

    def _gradient(self, layer: int) -> tuple[FloatArray, FloatArray]:
        if layer not in self._gradients:
            frame = self.frame
            self._gradients[layer] = (
                weight_gradient(self.record, frame.phase, layer),
                bias_gradient(self.record, frame.phase, layer, frame.experiment),
            )
        return self._gradients[layer]
