"""The numbers of one step by the names that lessons call them; everything comes from its record."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from engine.diagnose import MOST_PARAMETERS, Curvature
from engine.errors import LessonError
from engine.explain.chain_rule import Explanation, explain
from engine.lessons.expression import SLOTS, Reference, error_at
from engine.records import StepRecord
from engine.training.backprop import forward, sample_losses


class Moment:
    """A step that expressions are evaluated at.

    Parameters
    ----------
    record : StepRecord
    metric : callable, optional
        Gives the step's accuracy or R², which a record does not have.
    """

    def __init__(self, record: StepRecord, metric: Callable[[], float] | None = None) -> None:
        self.record, self.experiment = record, record.experiment
        self._metric = metric
        self._explained: dict[tuple[int | str, ...], Explanation] = {}

    def value(self, reference: Reference, sample: int = 1) -> float:
        """The number that a reference names.

        Parameters
        ----------
        reference : Reference
            Its indices are numbers by now, or ``b``.
        sample : int
            Where the reference does not say which, from 1.

        Raises
        ------
        LessonError
            ``no_such_part``, ``no_such_sample``, ``no_such_slot`` or ``no_single_factor``.
        """
        said = reference.sample if isinstance(reference.sample, int) else sample
        if not 1 <= said <= self.record.batch:
            raise error_at(reference.spot, "no_such_sample", value=said, rows=self.record.batch)
        name = reference.name
        if name in ("w", "grad", "share", "update", *SLOTS):
            return self._of_parameter(reference, said - 1)
        if name == "b":
            layer, unit = self._unit(reference, 1)
            record = self.record
            return float((record.biases_after if reference.after else record.biases_before)[layer - 1][unit])
        if name in ("x", "t"):
            array = self.record.a[0] if name == "x" else self.record.targets
            place = reference.indices[0]
            if not isinstance(place, int) or not 1 <= place <= array.shape[1]:
                raise self._unknown(reference)
            return float(array[said - 1, place - 1])
        if name in ("z", "a", "delta", "slope", "upstream"):
            return self._of_unit(reference, said - 1)
        return self._of_the_whole(reference, said - 1)

    # -- what a reference names ----------------------------------------------------------------------

    def _of_unit(self, reference: Reference, sample: int) -> float:
        name = reference.name
        layer, unit = self._unit(reference, 0 if name == "a" else 1)
        if name == "a":
            return float(self.record.a[layer][sample, unit])
        if name == "z":
            return float(self.record.z[layer - 1][sample, unit])
        if name == "delta":
            return float(self.record.delta[layer - 1][sample, unit])
        explained = self._explain("unit", layer, unit)
        if explained.is_softmax:
            raise error_at(reference.spot, "no_single_factor", text=reference.text)
        return float((explained.slope if name == "slope" else explained.upstream)[sample])

    def _of_parameter(self, reference: Reference, sample: int) -> float:
        record, name = self.record, reference.name
        layer, source, unit = reference.indices
        sizes = record.sizes
        if not (isinstance(layer, int) and isinstance(unit, int) and 1 <= layer < len(sizes)):
            raise self._unknown(reference)
        is_bias = source == "b"
        known = is_bias or (isinstance(source, int) and 1 <= source <= sizes[layer - 1])
        if not known or not 1 <= unit <= sizes[layer]:
            raise self._unknown(reference)
        at: tuple[int, ...] = (unit - 1,) if isinstance(source, str) else (source - 1, unit - 1)
        if name == "share":
            return float(self._explain("bias" if is_bias else "weight", layer, *at).samples[sample])
        if name in SLOTS:
            return self._of_slot(reference, layer, at)
        before, after = (
            (record.biases_before, record.biases_after)
            if is_bias
            else (record.weights_before, record.weights_after)
        )
        if name == "w":
            return float((after if reference.after else before)[layer - 1][at])
        if name == "update":
            return float(after[layer - 1][at] - before[layer - 1][at])
        gradients = record.bias_grads if is_bias else record.weight_grads
        return float(gradients[layer - 1][at])

    def _of_slot(self, reference: Reference, layer: int, at: tuple[int, ...]) -> float:
        slot, optimizers = SLOTS[reference.name]
        name = self.experiment.optimizer.name
        slots = self.record.slots_after if reference.after else self.record.slots_before
        if name not in optimizers or slot not in slots:
            raise error_at(reference.spot, "no_such_slot", optimizer=name, text=reference.name)
        return float(slots[slot][len(at) == 1][layer - 1][at])

    def _of_the_whole(self, reference: Reference, sample: int) -> float:
        record, name = self.record, reference.name
        if name == "loss":
            return self._loss_after if reference.after else record.data_loss
        if name == "sample_loss":
            return float(record.sample_losses[sample])
        if name == "penalty":
            return record.penalty
        if name == "eta":
            return record.learning_rate
        if name == "batch":
            return float(record.batch)
        if name == "lambda_max":
            return self._sharpness
        if name == "grad_norm":
            return self._norm(reference)
        if name == "metric" and self._metric is not None:
            return self._metric()
        raise error_at(reference.spot, "unknown_quantity", text=reference.text, allowed="…")

    def _norm(self, reference: Reference) -> float:
        record, layers = self.record, range(len(self.record.z))
        if reference.indices:
            layer = reference.indices[0]
            if not isinstance(layer, int) or not 1 <= layer <= len(layers):
                raise self._unknown(reference)
            layers = range(layer - 1, layer)
        squares = sum(
            float(np.square(array).sum())
            for index in layers
            for array in (record.weight_grads[index], record.bias_grads[index])
        )
        return float(np.sqrt(squares))

    # -- what is computed ----------------------------------------------------------------------------

    @cached_property
    def _loss_after(self) -> float:
        record = self.record
        with np.errstate(all="ignore"):
            z, a = forward(self.experiment, record.weights_after, record.biases_after, record.a[0])
            losses = sample_losses(self.experiment, z[-1], a[-1], record.targets)
        return float(losses.mean() if self.experiment.reduction == "mean" else losses.sum())

    @cached_property
    def _sharpness(self) -> float:
        record = self.record
        curvature = Curvature(
            self.experiment, record.weights_before, record.biases_before, record.a[0], record.targets
        )
        if curvature.packing.size >= MOST_PARAMETERS:
            return curvature.sharpness(200)
        with np.errstate(all="ignore"):
            hessian = curvature.hessian()
        return float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else float("nan")

    def _explain(self, kind: str, *place: int) -> Explanation:
        key: tuple[int | str, ...] = (kind, *place)
        if key not in self._explained:
            asked: dict[str, Any] = {kind: place}
            self._explained[key] = explain(self.experiment, self.record, **asked)
        return self._explained[key]

    def _unit(self, reference: Reference, lowest: int) -> tuple[int, int]:
        """A unit's layer, and its place in it from 0."""
        layer, unit = reference.indices
        sizes = self.record.sizes
        assert not isinstance(layer, str) and not isinstance(unit, str)
        if lowest <= layer < len(sizes) and 1 <= unit <= sizes[layer]:
            return layer, unit - 1
        raise self._unknown(reference)

    def _unknown(self, reference: Reference) -> LessonError:
        sizes = "-".join(map(str, self.record.sizes))
        return error_at(reference.spot, "no_such_part", text=reference.text, sizes=sizes)
