"""Trials: the same training with one thing changed, on a copy, within a bound of work."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np

from engine.arrays import BoolArray
from engine.diagnose.finding import Remedy
from engine.diagnose.patient import Patient, State
from engine.diagnose.score import Score, constant_loss, score
from engine.errors import DivergenceError, EngineError
from engine.experiment import Experiment
from engine.training.history import Edit
from engine.training.trainer import Trainer

WORK = 0.3
"""Seconds that all trials of a diagnosis may take together, by the estimate of `step_seconds`.

They are given up when they have taken twice as long by the clock of the thread: the estimate decides on
every machine that is not overloaded, so that a diagnosis says the same again.
"""

AFTER_DIVERGENCE = 1000
"""Steps that a trial makes where the training met a number that is not finite and had to end."""

SLICE = 0.004
"""Seconds between two moments at which a trial can be left, by the same estimate."""

Work = Generator[None, None, "Trial | None"]

COSTLY = {"gelu": 60e-9, "mish": 30e-9, "softplus": 20e-9, "elu": 12e-9, "selu": 12e-9, "silu": 12e-9}
"""Seconds an element of an activation and its slope take, where they are far from the others'."""


class Trial(NamedTuple):
    """What became of a remedy.

    Attributes
    ----------
    score : Score
        Of the training rows.
    validation : Score or None
    steps : int
        That were made.
    whole : bool
        Whether these were all that the training itself made (or the remedy asks for).
    """

    score: Score
    validation: Score | None
    steps: int
    whole: bool


def step_seconds(experiment: Experiment, inputs: int, rows: int) -> float:
    """Roughly how long a step takes on a usual machine: the same everywhere, so that diagnoses are."""
    size = experiment.batch_size
    batch = rows if size == "full" else min(size, rows)
    seconds, below = 6e-6, inputs
    for layer in experiment.layers:
        seconds += 3.5e-6 + batch * layer.units * (COSTLY.get(layer.activation.name, 5e-9) + 6e-10 * below)
        if layer.dropout:
            seconds += 2.5e-5 + batch * layer.units * 1e-8
        below = layer.units
    if experiment.optimizer.name in ("adam", "adamw"):
        seconds += 6e-6
    return seconds + batch * 2e-8


class Trials:
    """Runs remedies on a patient, none twice, until the work allowed is done.

    Attributes
    ----------
    left : float
        Seconds of work that are left.
    """

    def __init__(self, patient: Patient, work: float = WORK) -> None:
        self.patient = patient
        self.left = work
        self._last = 2 * work
        self._known: dict[tuple[object, ...], Trial | None] = {}

    def run(self, remedy: Remedy, share: float = 1.0) -> Work:
        """Train with a remedy; None where the settings cannot be or the work is used up.

        `share` of the work that is left may be used for it; less is done then than asked for.
        """
        key = (remedy.experiment, id(remedy.dataset), remedy.release, remedy.longer, remedy.untouched)
        if key not in self._known:
            self._known[key] = yield from self._run(remedy, share)
        return self._known[key]

    def _run(self, remedy: Remedy, share: float) -> Work:
        patient = self.patient
        data = patient.dataset if remedy.dataset is None else remedy.dataset
        wanted = max(1, round(patient.steps * remedy.longer))
        if patient.diverged:  # how long it should have run is not known
            wanted = max(wanted, AFTER_DIVERGENCE)
        seconds = step_seconds(remedy.experiment, data.inputs.shape[1], patient.rows)
        steps = min(wanted, int(self.left * share / seconds))
        if steps < min(wanted, 50) or self._last <= 0:
            return None
        making = 0.006 + 4e-8 * data.inputs.size + 6e-5 * data.inputs.shape[1]
        if making > self.left:
            return None
        self.left -= making
        began = time.thread_time()
        try:
            trainer = Trainer(remedy.experiment, data, history_bytes=0)
        except EngineError:
            return None
        self._last -= time.thread_time() - began
        yield
        piece = max(1, int(SLICE / seconds))
        look = max(1, steps // 8)
        base = self._base(trainer)
        done = self._result(trainer, remedy, base, wanted)
        try:
            while trainer.completed < steps and self._last > 0:
                began = time.thread_time()
                before = trainer.completed
                goal = replay(trainer, patient.edits, remedy, patient.experiment, min(steps, before + piece))
                trainer.run(goal - trainer.completed)
                self.left -= (goal - before) * seconds
                self._last -= time.thread_time() - began
                yield
                if before // look != goal // look or goal == steps:
                    done = self._result(trainer, remedy, base, wanted)
                    if done.score.relative < 0.03 and not done.validation and not remedy.to_the_end:
                        break  # well below any goal: the rest would change nothing
        except DivergenceError:
            return done._replace(score=done.score._replace(relative=1e9, recall=0.0), whole=True)
        return done

    def _base(self, trainer: Trainer) -> float:
        with np.errstate(all="ignore"):
            return constant_loss(trainer.experiment.loss, trainer.prepared.targets)

    def _result(self, trainer: Trainer, remedy: Remedy, base: float, wanted: int) -> Trial:
        state = State(trainer.weights, trainer.biases)
        if remedy.at_home:
            result, held_out = self.patient.measure(state), None
        else:
            p, e, d = trainer.prepared, trainer.experiment, trainer.dataset
            result = score(e, d, *state, p.inputs, p.targets, base)
            held_out = None
            if len(p.validation_inputs):
                held_out = score(e, d, *state, p.validation_inputs, p.validation_targets)
        return Trial(result, held_out, trainer.completed, trainer.completed >= wanted)


def replay(trainer: Trainer, edits: Sequence[Edit], remedy: Remedy, experiment: Experiment, goal: int) -> int:
    """Make the edits again that a training met at the step that a trial of it has come to.

    Settings are not changed again: the trial has those that were in force at the end. Parameters are not
    set again where the remedy draws them otherwise or asks for that.

    Returns
    -------
    int
        How far the trial may go before the next edit, at most `goal`.
    """
    drawn_alike = (remedy.experiment.initializer, remedy.experiment.seed) == (
        experiment.initializer,
        experiment.seed,
    )
    set_again = drawn_alike and not remedy.untouched
    here = trainer.completed
    for edit in edits:
        if edit.step != here:
            goal = min(goal, edit.step) if edit.step > here else goal
        elif edit.frozen is not None and not remedy.release and len(edit.frozen) == trainer.packing.size:
            trainer.unfreeze(*_listed(trainer, ~edit.frozen))
            trainer.freeze(*_listed(trainer, edit.frozen))
        elif edit.parameters is not None and set_again and len(edit.parameters) == trainer.packing.size:
            trainer.set_parameters(*trainer.packing.split(edit.parameters))
    return goal


def _listed(trainer: Trainer, mask: BoolArray) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """The weights and biases of a flat mask."""
    weights, biases = trainer.packing.split(mask.astype(float))
    return (
        [(layer, int(i), int(j)) for layer, w in enumerate(weights, 1) for i, j in np.argwhere(w)],
        [(layer, int(j)) for layer, b in enumerate(biases, 1) for j in np.flatnonzero(b)],
    )
