"""A walk through training: a trainer, and how much of its last step is revealed.

The engine always makes whole steps; the finer granularities move a cursor over the phases of the step
made last. Going back is seeking: the step is made again and is the same, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.experiment import Experiment
from engine.history import Run
from engine.records import (
    Phase,
    PhaseKind,
    StepRecord,
    phases_by_factor,
    phases_by_layer,
    phases_by_sample,
)
from engine.trainer import Trainer
from gui.messages import Granularity, Selection, Start

BEFORE = Phase(PhaseKind.INPUT)
"""Nothing of a step is revealed but its inputs."""


@dataclass
class Walk:
    """A trainer and how much of its last step has been shown.

    `made` is False while `record` is only a look ahead at the first step. `wanted` are the settings that
    the user chose last, wherever in the past the trainer is.
    """

    trainer: Trainer
    record: StepRecord
    wanted: Experiment
    made: bool = False
    phases: tuple[Phase, ...] = ()
    cursor: int = -1
    phase: Phase | None = BEFORE
    sent_run: Run | None = None
    sent_steps: int = 0
    sent_evaluations: int = 0

    @classmethod
    def new(cls, trainer: Trainer) -> Walk:
        """Begin before the first step."""
        return cls(trainer, trainer.peek(), trainer.experiment)

    @classmethod
    def resumed(cls, trainer: Trainer) -> Walk:
        """Show the step made last; or the next one, if something was changed by hand since."""
        if not trainer.completed:
            return cls.new(trainer)
        if any(edit.step == trainer.completed for edit in trainer.current.edits):
            return cls.new(trainer)
        wanted = trainer.experiment
        trainer.seek(trainer.completed - 1)
        return cls(trainer, trainer.step(), wanted, made=True, phase=None)

    @property
    def hidden(self) -> bool:
        """Whether part of the last step is still to be revealed."""
        return self.made and not (self.phase is None or self.phase.kind is PhaseKind.UPDATE)

    @property
    def revealed_steps(self) -> int:
        """Steps whose update has been revealed."""
        return self.record.step - 1 if self.hidden or not self.made else self.record.step

    def look_ahead(self) -> None:
        """Show the next step, not made yet, as it would be now."""
        self.made, self.phases, self.cursor, self.phase = False, (), -1, BEFORE
        self.record = self.trainer.peek()

    def make(self, steps: int = 1, stop: Callable[[], bool] | None = None) -> None:
        """Make steps and take the record of the last."""
        self.trainer.run(steps - 1, stop)
        self.record = self.trainer.step()
        self.made, self.phases, self.cursor, self.phase = True, (), -1, None

    def advance(
        self, granularity: Granularity, layer: int = 0, stop: Callable[[], bool] | None = None
    ) -> None:
        """Reveal the next phase, making a step when all of the last is revealed.

        `layer` is that of the selected parameter. `stop` is asked during an epoch and ends it early.
        """
        if granularity in (Granularity.BATCH, Granularity.EPOCH):
            if self.hidden:
                self.phases, self.phase = (), None
                if granularity is Granularity.BATCH or self.trainer.at_epoch_start:
                    return
            self.make(1 if granularity is Granularity.BATCH else self.trainer.steps_left_in_epoch, stop)
            return
        if not self.hidden:
            self.make()
            self.cursor = -1
        self._use_phases(granularity, layer)
        self.cursor += 1
        self.phase = self.phases[self.cursor]

    def retreat(self, granularity: Granularity, layer: int = 0) -> None:
        """Go back by a phase, a step or an epoch."""
        if not self.made and self.phase != BEFORE:  # from a traced row to where it was looked at
            self.show(self.revealed_steps)
        elif granularity is Granularity.EPOCH:
            self.show(self._last_epoch_end())
        elif granularity is Granularity.BATCH:
            self.show(self.revealed_steps - (0 if self.hidden else 1))
        elif not self.made or self.phase == BEFORE:
            self.show(self.revealed_steps)
        else:
            revealed_all = not self.hidden
            self._use_phases(granularity, layer)
            self.cursor = len(self.phases) - 2 if revealed_all else max(self.cursor - 1, -1)
            self.phase = self.phases[self.cursor] if self.cursor >= 0 else BEFORE

    def show(self, step: int) -> None:
        """Go to the moment after `step` steps, with all of the last of them revealed."""
        step = min(max(step, 0), self.trainer.furthest)
        if step:
            self.trainer.seek(step - 1)
            self.make()
        else:
            self.trainer.seek(0)
            self.made, self.phases, self.cursor, self.phase = False, (), -1, BEFORE
            self.look_ahead()

    def trace(self, row: int) -> None:
        """Show what the network makes of one row of the data, without a step."""
        self.come_to_the_shown()
        if self.made:
            self.look_ahead()
        self.record = self.trainer.trace(row)
        self.phase = Phase(PhaseKind.BACKWARD, 1)

    def _last_epoch_end(self) -> int:
        if self.hidden and self.trainer.at_epoch_start:
            self.trainer.seek(self.trainer.completed - 1)
        shown = self.revealed_steps
        if self.trainer.epoch_began >= shown > 0:
            self.trainer.seek(shown - 1)
        return self.trainer.epoch_began

    def change(self, experiment: Experiment) -> None:
        """Go on with other settings from the moment that is shown."""
        self.come_to_the_shown()
        self.trainer.change(experiment)
        self.wanted = experiment
        if not self.made:
            self.look_ahead()

    def edit(self, selection: Selection, value: float) -> None:
        """Set a parameter, at the moment that is shown."""
        weights, biases = self.trainer.weights, self.trainer.biases
        if selection.kind == "bias":
            biases[selection.layer - 1][selection.unit] = value
        else:
            weights[selection.layer - 1][selection.source, selection.unit] = value
        self.trainer.set_parameters(weights, biases)
        self.look_ahead()

    def freeze(self, selection: Selection, held: bool) -> None:
        """Hold a parameter or let it go."""
        change = self.trainer.freeze if held else self.trainer.unfreeze
        if selection.kind == "bias":
            change(biases=[(selection.layer, selection.unit)])
        else:
            change(weights=[(selection.layer, selection.source, selection.unit)])
        self.look_ahead()

    def come_to_the_shown(self) -> None:
        """Bring the trainer to the moment that is shown, before something is changed there.

        A step of which only a part is revealed has been made already; it is made again afterwards.
        """
        if self.hidden:
            unseen = self.record.step > self.sent_steps
            self.trainer.seek(self.revealed_steps)
            if unseen:
                self.trainer.forget_future()
            self.made, self.phases, self.cursor, self.phase = False, (), -1, BEFORE

    def _use_phases(self, granularity: Granularity, layer: int) -> None:
        """Take the phases of a granularity; a step half shown by another one begins anew."""
        layers = len(self.record.z)
        if granularity is Granularity.SAMPLE:
            phases = phases_by_sample(layers, self.record.batch)
        elif granularity is Granularity.FACTOR and 0 < layer <= layers:
            activation = self.record.experiment.layers[layer - 1].activation
            phases = phases_by_factor(layer, elementwise=activation.elementwise)
        else:
            phases = phases_by_layer(layers)
        if phases != self.phases:
            self.phases, self.cursor = phases, -1


def start_from(trainer: Trainer, start: Start | None) -> None:
    """Give a trainer at step 0 the parameters it is to start from."""
    if start is not None:
        trainer.set_parameters(start.weights, start.biases)
        if start.frozen_weights or start.frozen_biases:
            trainer.freeze(start.frozen_weights, start.frozen_biases)
