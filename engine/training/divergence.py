"""Names the first number of a step that is not finite."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP, DivergenceError
from engine.parts import NamedLayer
from engine.training.backprop import Pass, loss_terms
from engine.training.batches import Segment
from engine.training.measure import LOSS, NORMS, PENALTY, UPDATE_NORM


def culprit(segment: Segment, values: FloatArray, completed: int) -> DivergenceError:
    """The error that names it, in the order in which a step makes its numbers.

    Parameters
    ----------
    segment : Segment
        The step, alone and just made.
    values : (5 + L,)
        Its scalars, some of which are not finite.
    completed : int
        Steps before it.
    """
    compiled, row = segment.compiled, segment.row
    for quantity, index, array in _as_computed(compiled, row):
        bad = ~np.isfinite(array)
        if bad.any():
            place = np.unravel_index(int(bad.argmax()), array.shape)
            return _error(compiled, completed, "not_finite", quantity, index, place, array)
    # Every number is finite, but a sum of them or of their squares is not
    layers = range(len(compiled.experiment.layers) - 1, -1, -1)
    parts, sums = _flat_parts(compiled, row), QT_TRANSLATE_NOOP("errors", "the sum over the batch")
    losses = _output_losses(compiled, row)
    found = [(LOSS, QT_TRANSLATE_NOOP("errors", "loss"), layers[0], losses, sums)]
    for column, (quantity, blocks), consequence in (
        (PENALTY, parts["before"], QT_TRANSLATE_NOOP("errors", "the penalty")),
        (NORMS, parts["gradient"], QT_TRANSLATE_NOOP("errors", "the norm of the gradient")),
        (UPDATE_NORM, parts["update"], QT_TRANSLATE_NOOP("errors", "the norm of the update")),
    ):
        for index in layers:
            at = column + index if column == NORMS else column
            found.append((at, quantity, index, blocks[index], consequence))
    found = [each for each in found if not math.isfinite(values[each[0]])]
    _, quantity, index, array, consequence = max(found, key=lambda each: float(np.abs(each[3]).max()))
    place = np.unravel_index(int(np.abs(array).argmax()), array.shape)
    return _error(compiled, completed, "too_large", quantity, index, place, array, consequence=consequence)


def _as_computed(compiled: Pass, row: int) -> Iterator[tuple[str, int, FloatArray]]:
    """The numbers of the step just made, layer by layer in the order in which they are made."""
    z, a, deltas = compiled.z(row), compiled.a(row), compiled.deltas()
    parts, last = _flat_parts(compiled, row), len(z) - 1
    for index in range(len(z)):
        yield "z", index, z[index]
        yield "a", index, a[index]
    yield QT_TRANSLATE_NOOP("errors", "loss"), last, _output_losses(compiled, row)
    output_first = compiled.experiment.update_order == "output_first"
    for index in range(last, -1, -1):
        yield QT_TRANSLATE_NOOP("errors", "delta"), index, deltas[index]
        for part in ("gradient", "update", "after") if output_first else ("gradient",):
            quantity, blocks = parts[part]
            yield quantity, index, blocks[index]
    for part in ("update", "after"):
        quantity, blocks = parts[part]
        for index in range(last, -1, -1):
            yield quantity, index, blocks[index]


def _flat_parts(compiled: Pass, row: int) -> dict[str, tuple[str, list[FloatArray]]]:
    """What there is for each parameter of the step made from `row`, with its name."""
    ring, parameter = compiled.ring, QT_TRANSLATE_NOOP("errors", "parameter")
    blocks, before = ring.packing.blocks, ring.parts(ring.before(row))[0]
    return {
        "before": (parameter, blocks(before)),
        "gradient": (QT_TRANSLATE_NOOP("errors", "gradient"), blocks(ring.gradients[row])),
        "update": (QT_TRANSLATE_NOOP("errors", "update"), blocks(compiled.update_of(row))),
        "after": (parameter, blocks(ring.parameters(row + 1))),
    }


def _output_losses(compiled: Pass, row: int) -> FloatArray:
    """What each output adds to the loss, (B, k)."""
    z, a, t = compiled.outputs_z[row], compiled.outputs[row], compiled.targets[row]
    with np.errstate(all="ignore"):
        return loss_terms(compiled.experiment, z, a, t)


def _error(
    compiled: Pass,
    completed: int,
    kind: str,
    quantity: str,
    index: int,
    place: tuple[Any, ...],
    array: FloatArray,
    **more: str,
) -> DivergenceError:
    experiment = compiled.experiment
    last = index == len(experiment.layers) - 1
    updated = quantity == "update" or (quantity == "parameter" and more.get("consequence") != "the penalty")
    if experiment.update_order == "output_first" and quantity in ("delta", "gradient"):
        updated = not last  # what is above has been updated by then
    start: dict[str, bool] = {"untrained": True} if completed == 0 and not updated else {}
    return DivergenceError(
        kind,
        step=completed + 1,
        quantity=quantity,
        layer=NamedLayer(index + 1, len(experiment.layers)),
        unit=int(place[-1]) + 1,
        value=float(array[place]),
        **more,
        **start,
    )
