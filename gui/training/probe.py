"""Asking the network what it makes of some inputs, beside its training: question and answer, frozen.

A view emits a `Probe`; whoever holds the network answers it with `answer` and hands the `ProbeResult`
back to the view. A view has one question out at a time (`Asker`) and asks for no more rows than can be
reckoned in a few milliseconds (`affordable_rows`), so training hardly notices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from engine.arrays import FloatArray, IntArray, seal
from engine.data.dataset import Dataset
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.training.prediction import Prediction, predict

LIVE_COST = 3_000_000
"""Nanoseconds that a question may take while training runs, about."""

REST_COST = 60_000_000
"""Nanoseconds that it may take while nothing else is to be done, about."""

# Nanoseconds of a row: to look it up, for each input, unit and weight
_ROW, _INPUT, _UNIT, _WEIGHT = 100, 20, 5, 0.1


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes of a grid over one or two inputs, edges included, from the bottom up; the others stand still.

    Of many inputs they take a hundred megabytes: who answers writes them out, not who asks.

    Attributes
    ----------
    pins : (d,)
        Where the other inputs stand, encoded and unscaled like `Dataset.inputs`.
    x, y : int
        The inputs that vary; `y` is None for a line along `x`.
    across, up : (columns,), (rows,)
        Their values.
    """

    pins: FloatArray
    x: int
    y: int | None
    across: FloatArray
    up: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        return len(self.across) * len(self.up)

    def written_out(self) -> FloatArray:
        """All of them, (rows * columns, d)."""
        grid = np.tile(self.pins, (len(self), 1))
        grid[:, self.x] = np.tile(self.across, len(self.up))
        if self.y is not None:
            grid[:, self.y] = np.repeat(self.up, len(self.across))
        return grid


@dataclass(frozen=True, eq=False)
class Probe:
    """A question: what the network makes of some inputs.

    Attributes
    ----------
    generation : int
        Of the network that is meant.
    rows : (m,) int64 or None
        Rows of the data set; then their losses are asked for, too.
    inputs : (m, d), Nodes or None
        Other inputs, encoded and unscaled like `Dataset.inputs`; just one of the two is given.
    layers : bool
        Whether the activations of all layers are wanted, not of the last alone.
    """

    generation: int
    rows: IntArray | None = None
    inputs: FloatArray | Nodes | None = None
    layers: bool = False

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        asked = self.inputs if self.rows is None else self.rows
        return 0 if asked is None else len(asked)


@dataclass(frozen=True, eq=False)
class ProbeResult(Prediction):
    """The answer to a `Probe`.

    Attributes
    ----------
    probe : Probe
        The question, the very object.
    generation, step : int
        Of the network that answered: which one, and after how many steps.
    prepared : Prepared
        How its inputs are split, filled and scaled.
    """

    probe: Probe
    generation: int
    step: int
    prepared: Prepared


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
    """Ask the network, by the parameters that are shown, after `step` steps."""
    inputs, targets = probe.inputs, None
    if probe.rows is not None:
        inputs, targets = dataset.inputs[probe.rows], dataset.targets[probe.rows]
    assert inputs is not None
    if isinstance(inputs, Nodes):
        inputs = inputs.written_out()
    found = predict(experiment, prepared, weights, biases, dataset.kind, inputs, targets, layers=probe.layers)
    return ProbeResult(**vars(found), probe=probe, generation=generation, step=step, prepared=prepared)


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
