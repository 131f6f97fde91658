"""Asking the network what it makes of some inputs, beside its training: question and answer, frozen.

A view emits a `Probe`; whoever holds the network answers it with `answer` and hands the `ProbeResult`
back to the view. A view has one question out at a time (`Asker`) and asks for no more rows than can be
reckoned in a few milliseconds (`affordable_rows`), so training hardly notices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from engine.arrays import Arrays, BoolArray, FloatArray, IntArray, seal
from engine.data.dataset import Dataset, Kind
from engine.data.preparation import Prepared as Prepared
from engine.experiment import Experiment
from engine.training.backprop import forward, sample_losses

LIVE_COST = 3_000_000
"""Nanoseconds that a question may take while training runs, about."""

REST_COST = 60_000_000
"""Nanoseconds that it may take while nothing else is to be done, about."""

_BLOCK_ROWS = 500
"""Rows that go through the network together: few enough for the processor's cache, ten times faster."""

# Nanoseconds of a row: to look it up, for each input, unit and weight
_ROW, _INPUT, _UNIT, _WEIGHT = 100, 20, 5, 0.1


@dataclass(frozen=True, eq=False)
class Probe:
    """A question: what the network makes of some inputs.

    Attributes
    ----------
    generation : int
        Of the network that is meant.
    rows : (m,) int64 or None
        Rows of the data set; then their losses are asked for, too.
    inputs : (m, d) or None
        Other inputs, encoded and unscaled like `Dataset.inputs`; just one of the two is given.
    layers : bool
        Whether the activations of all layers are wanted, not of the last alone.
    """

    generation: int
    rows: IntArray | None = None
    inputs: FloatArray | None = None
    layers: bool = False

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        asked = self.inputs if self.rows is None else self.rows
        return 0 if asked is None else len(asked)

    def block(self, dataset: Dataset, part: slice) -> tuple[FloatArray, FloatArray | None]:
        """Some of the inputs that are meant, unscaled, and their targets where there are any."""
        if self.rows is not None:
            rows = self.rows[part]
            return dataset.inputs[rows], dataset.targets[rows]
        assert self.inputs is not None
        return self.inputs[part], None


@dataclass(frozen=True, eq=False)
class ProbeResult:
    """The answer to a `Probe`; arrays are read-only.

    Attributes
    ----------
    probe : Probe
        The question, the very object.
    generation, step : int
        Of the network that answered: which one, and after how many steps.
    prepared : Prepared
        How its inputs are split, filled and scaled.
    outputs : (m, k)
    classes : (m,) int64 or None
        The predicted class; None for regression.
    losses : (m,) or None
        Of each row; None for other inputs.
    right : (m,) bool or None
        Whether each row's class is predicted; None for other inputs and for regression.
    activations : L arrays (m, n_l)
        Empty unless they were asked for.
    """

    probe: Probe
    generation: int
    step: int
    prepared: Prepared
    outputs: FloatArray
    classes: IntArray | None
    losses: FloatArray | None
    right: BoolArray | None
    activations: Arrays = ()

    def __post_init__(self) -> None:
        seal(self)


def answer(
    probe: Probe,
    *,
    generation: int,
    step: int,
    dataset: Dataset,
    prepared: Prepared,
    experiment: Experiment,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
) -> ProbeResult:
    """Run the asked-for inputs through the network, without dropout; a pure function.

    Parameters
    ----------
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
        Those that are shown, after `step` steps.
    """
    parts = []
    # One thread, as in training: two are slower wherever another process is busy.
    with np.errstate(all="ignore"), _blas().limit(limits=1, user_api="blas"):
        for start in range(0, max(1, len(probe)), _BLOCK_ROWS):
            raw, targets = probe.block(dataset, slice(start, start + _BLOCK_ROWS))
            inputs = prepared.transform(raw).astype(weights[0].dtype, copy=False)
            z, a = forward(experiment, weights, biases, inputs)
            losses = None
            if targets is not None:
                losses = sample_losses(experiment, z[-1], a[-1], targets.astype(a[-1].dtype, copy=False))
            parts.append((losses, a if probe.layers else a[-1:]))
    activations = tuple(np.concatenate(layer) for layer in zip(*(a for _, a in parts), strict=True))
    outputs = activations[-1]
    classes = predicted_classes(dataset.kind, outputs, experiment.loss.threshold)
    right = None
    if probe.rows is not None and classes is not None:
        right = classes == target_classes(dataset.kind, dataset.targets[probe.rows])
    return ProbeResult(
        probe=probe,
        generation=generation,
        step=step,
        prepared=prepared,
        outputs=outputs,
        classes=classes,
        losses=None
        if probe.rows is None
        else np.concatenate([losses for losses, _ in parts if losses is not None]),
        right=right,
        activations=activations if probe.layers else (),
    )


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def predicted_classes(kind: Kind, outputs: FloatArray, threshold: float) -> IntArray | None:
    """The class that outputs (m, k) stand for, (m,), or None for regression."""
    if kind == "regression":
        return None
    decided = outputs[:, 0] >= threshold if kind == "binary" else outputs.argmax(axis=1)
    classes: IntArray = decided.astype(np.int64)
    return classes


def target_classes(kind: Kind, targets: FloatArray) -> IntArray:
    """The class of targets (m, k), (m,)."""
    classes: IntArray = (targets[:, 0] > 0.5 if kind == "binary" else targets.argmax(axis=1)).astype(np.int64)
    return classes


def affordable_rows(sizes: Sequence[int], cost: int) -> int:
    """How many rows may be asked for at `cost`, of a network with `sizes` units, the inputs first."""
    weights = sum(below * units for below, units in pairwise(sizes))
    return max(1, int(cost / (_ROW + _INPUT * sizes[0] + _UNIT * sum(sizes[1:]) + _WEIGHT * weights)))


class Asker:
    """Asks one question at a time; of those that come up meanwhile, only the newest is asked.

    Parameters
    ----------
    send : callable
        Sends a question off.

    Attributes
    ----------
    about : object
        What was said of the question whose answer was accepted last.
    """

    def __init__(self, send: Callable[[Probe], None]) -> None:
        self._send = send
        self._out: tuple[Probe, Any] | None = None
        self._next: tuple[Probe, Any] | None = None
        self.about: Any = None

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._out is not None

    def ask(self, probe: Probe, about: Any = None) -> None:
        """Ask now, or when the answer to the last question has come."""
        if self._out is not None:
            self._next = (probe, about)
            return
        self._out = (probe, about)
        self._send(probe)

    def accept(self, result: ProbeResult) -> bool:
        """Whether `result` is the answer that is waited for; the next question is then asked."""
        if self._out is None or result.probe is not self._out[0]:
            return False
        self.about = self._out[1]
        self._out, following, self._next = None, self._next, None
        if following is not None:
            self.ask(*following)
        return True

    def miss(self, probe: Probe) -> None:
        """Wait no longer for an answer that will not come."""
        if self._out is not None and self._out[0] is probe:
            self.forget()

    def forget(self) -> None:
        """Wait for nothing any more: the network is another one."""
        self._out = self._next = None
