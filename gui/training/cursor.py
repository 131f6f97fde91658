"""A walk through training: a trainer, and the step that is shown of it.

The engine always makes whole steps; the finer granularities say how much of one is revealed. The trainer
always stands at the moment that is shown, after as many steps as the window says: a step of which only a
part is revealed is a look ahead, and is made when its update is. So whatever is changed, saved or asked
counts from what one sees. Going back is seeking: the step is made again and is the same, bit for bit.

The moment after a step has in it what was done by hand there. Where a parameter was set or held, the step
itself no longer tells what training goes on with, so the next one is shown instead, before its first
phase.

Each granularity goes through moments of its own, forwards and backwards the same. Which is next depends on
the moment alone, never on how one came there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.experiment import Experiment
from engine.phases import Phase, PhaseKind, phases_by_factor, phases_by_layer, phases_by_sample
from engine.records import StepRecord
from engine.settings import Difference, differing_settings
from engine.training.history import Edit, Run
from engine.training.trainer import Trainer
from gui.training.messages import Done, EditMade, Freeze, Granularity, SetParameter, Start, TraceOther

AHEAD = Phase(PhaseKind.INPUT)
"""Nothing of a step is revealed but its inputs."""

WHOLE = Phase(PhaseKind.UPDATE)
"""All of a step is revealed."""


@dataclass
class _ByHand:
    """Something done by hand to a parameter, and whether it is taken back at present.

    `edit` is the last that was made of it, forwards or backwards.
    """

    command: SetParameter | Freeze
    inverse: SetParameter | Freeze
    edit: Edit
    taken_back: bool = False


@dataclass
class Walk:
    """A trainer and the step that is shown of it.

    Attributes
    ----------
    record : StepRecord
        The step made last, with the phase `WHOLE`, or a look ahead at the next one.
    phase : Phase
        How much of it is revealed.
    traced : int, TraceOther or None
        The row that the record is of, if it is of one alone: of the data, or from elsewhere.
    """

    trainer: Trainer
    record: StepRecord
    phase: Phase = AHEAD
    traced: int | TraceOther | None = None
    sent_run: Run | None = None
    sent_steps: int = 0
    sent_evaluations: int = 0
    sent_watched: int = 0
    _by_hand: dict[int, _ByHand] = field(default_factory=dict)
    _changes: dict[int, Edit] = field(default_factory=dict)
    _edits_made: tuple[tuple[int, int], tuple[EditMade, ...]] | None = None

    @classmethod
    def of(cls, trainer: Trainer) -> Walk:
        """Show the moment at which the trainer stands."""
        step = trainer.completed
        if step == 0 or _is_changed(trainer, step):
            return cls(trainer, trainer.peek())
        trainer.seek(step - 1)
        return cls(trainer, trainer.step(), WHOLE)

    def copy(self) -> Walk:
        """The same, which stays as it is while this one goes on."""
        by_hand = {number: replace(entry) for number, entry in self._by_hand.items()}
        return replace(self, _by_hand=by_hand, _changes=dict(self._changes))

    def with_trainer(self, trainer: Trainer) -> Walk:
        """Go on with another trainer of the same training, with all that can be taken back."""
        return replace(Walk.of(trainer), _by_hand=self._by_hand, _changes=self._changes)

    @property
    def _is_between(self) -> bool:
        """Whether a part of the next step is revealed."""
        return self.phase not in (AHEAD, WHOLE)

    # -- going about -------------------------------------------------------------------------------

    def look_ahead(self) -> None:
        """Show the next step, not made yet, as it would be now."""
        self.record, self.phase, self.traced = self.trainer.peek(), AHEAD, None

    def make(self, steps: int = 1, stop: Callable[[], bool] | None = None) -> None:
        """Make steps and show the moment after the last.

        `stop` is asked while steps have just been made, the last time after the last of them; all but
        that one can be left out.
        """
        self.trainer.run(steps - 1, stop)
        self.record, self.phase, self.traced = self.trainer.step(), WHOLE, None
        self._arrive(stop)

    def _arrive(self, stop: Callable[[], bool] | None = None) -> None:
        """Look further ahead where the step just made does not tell what training goes on with."""
        if stop is not None:
            stop()
        if _is_changed(self.trainer, self.trainer.completed):
            self.look_ahead()

    def show(self, step: int) -> None:
        """Go to the moment after `step` steps."""
        step = min(max(step, 0), self.trainer.furthest)
        if step == 0 or _is_changed(self.trainer, step):
            self.trainer.seek(step)
            self.look_ahead()
        else:
            self.trainer.seek(step - 1)
            self.make()

    def advance(
        self, granularity: Granularity, layer: int = 0, stop: Callable[[], bool] | None = None
    ) -> None:
        """Go to the next moment of a granularity.

        `layer` is that of the selected parameter. `stop` is asked as in `make`.
        """
        if granularity is Granularity.BATCH:
            self.make(1, stop)
        elif granularity is Granularity.EPOCH:
            self.make(self.trainer.steps_left_in_epoch, stop)
        elif self.traced is not None or not self._is_between:
            self.record, self.traced = self.trainer.peek(finite=True), None
            self.phase = self._phases(granularity, layer)[0]
        else:
            phases = self._phases(granularity, layer)
            # A step half shown by another granularity begins anew
            self.phase = phases[phases.index(self.phase) + 1] if self.phase in phases else phases[0]
            if self.phase == WHOLE:
                self.trainer.run(1)
                self._arrive(stop)

    def retreat(self, granularity: Granularity, layer: int = 0) -> None:
        """Go to the moment of a granularity before this one."""
        completed, between = self.trainer.completed, self._is_between
        if self.traced is not None:  # to where the row was looked at
            self.show(completed)
        elif granularity is Granularity.EPOCH:
            self.show(self._epoch_end_before(completed + between))
        elif granularity is Granularity.BATCH:
            self.show(completed + between - 1)
        elif between:
            phases = self._phases(granularity, layer)
            place = phases.index(self.phase) if self.phase in phases else 0
            if place:
                self.phase = phases[place - 1]
            else:
                self.show(completed)
        elif completed:
            self.trainer.seek(completed - 1)
            if self.phase == AHEAD:
                self.look_ahead()
            self.phase = self._phases(granularity, layer)[-2]

    def reveal(self, phase: Phase) -> None:
        """Go to a phase of the step that is shown, or of the row that is traced, which has no update."""
        if self.traced or phase == self.phase:
            self.phase = self.phase if phase == WHOLE else phase
        elif phase == WHOLE:
            self.make()
        else:
            if self.phase == WHOLE:
                self.trainer.seek(self.trainer.completed - 1)
            elif self.phase == AHEAD:
                self.record = self.trainer.peek(finite=True)
            self.phase = phase

    def _epoch_end_before(self, step: int) -> int:
        """The last step before `step` that ends an epoch; 0 if there is none."""
        if 0 < step == self.trainer.completed:
            self.trainer.seek(step - 1)
        return self.trainer.epoch_began

    def _phases(self, granularity: Granularity, layer: int) -> tuple[Phase, ...]:
        """The phases of the record by a granularity; the last is `WHOLE`."""
        layers = len(self.record.z)
        if granularity is Granularity.SAMPLE:
            return phases_by_sample(layers, self.record.batch)
        if granularity is Granularity.FACTOR and 0 < layer <= layers:
            activation = self.record.experiment.layers[layer - 1].activation
            return phases_by_factor(layer, elementwise=activation.elementwise)
        return phases_by_layer(layers)

    def trace(self, row: int | TraceOther) -> None:
        """Show what the network makes of one row, without a step; of its loss only if its target is known."""
        known = True
        if isinstance(row, TraceOther):
            known = row.targets is not None
            self.record = self.trainer.trace_other(row.inputs, row.targets)
        else:
            self.record = self.trainer.trace(row)
        self.traced = row
        self.phase = Phase(PhaseKind.BACKWARD, 1) if known else Phase(PhaseKind.FORWARD, len(self.record.z))

    # -- changing something at the moment that is shown --------------------------------------------

    def change(self, experiment: Experiment, number: int = 0) -> None:
        """Go on with other settings; as much as was revealed of the next step still is."""
        differs = experiment != self.trainer.experiment
        self.trainer.change(experiment)
        if differs:
            self._changes[number] = self.trainer.current.edits[-1]
        if self.traced is not None:
            self.trace(self.traced)
        elif self._is_between:
            self.record = self.trainer.peek(finite=True)
            if (self.phase.sample or 0) >= self.record.batch:
                self.show(self.trainer.completed)
        elif self.phase == AHEAD:
            self.look_ahead()

    def edit(self, command: SetParameter | Freeze) -> None:
        """Set a parameter, hold it or let it go."""
        inverse = self._inverse(command)
        self._by_hand[command.number] = _ByHand(command, inverse, self._obey(command))

    def take_back(self, number: int, again: bool) -> None:
        """Undo or redo what was done by hand, unless this moment has nothing of it.

        It has not where one went back before it, or to a run that was never changed so.
        """
        done = self._by_hand.get(number)
        if done is None or done.taken_back != again:
            return
        if any(edit is done.edit for edit in self.trainer.edits_in_force):
            done.edit = self._obey(done.command if again else done.inverse)
            done.taken_back = not again

    def edits_made(self) -> tuple[EditMade, ...]:
        """What was changed by hand in this run, by step; kept until there is another edit."""
        run = self.trainer.current
        key = (run.number, len(run.edits))
        if self._edits_made is None or self._edits_made[0] != key:
            before, made = run.keyframes[0].experiment, dict[int, EditMade]()
            for edit in run.edits:
                changes: tuple[Difference, ...] = ()
                if edit.experiment is not None:
                    changes = differing_settings(before, edit.experiment)
                    before = edit.experiment
                others = () if changes else (edit.what,)
                known = made.get(edit.step, EditMade(edit.step))
                made[edit.step] = EditMade(
                    edit.step,
                    (*known.changes, *changes),
                    tuple(dict.fromkeys((*known.others, *others))),
                )
            self._edits_made = key, tuple(made.values())
        return self._edits_made[1]

    def done(self) -> dict[int, Done]:
        """Where all that was done by hand stands, by number."""
        edits, in_force = self.trainer.current.edits, len(self.trainer.edits_in_force)
        places = {id(edit): place for place, edit in enumerate(edits)}

        def standing(edit: Edit, taken_back: bool = False) -> Done:
            place = places.get(id(edit))
            return Done(
                None if place is None else edit.step, place is not None and place < in_force, taken_back
            )

        return {number: standing(edit) for number, edit in self._changes.items()} | {
            number: standing(entry.edit, entry.taken_back) for number, entry in self._by_hand.items()
        }

    def _obey(self, command: SetParameter | Freeze) -> Edit:
        kind, layer, unit, source = command.part
        if isinstance(command, SetParameter):
            weights, biases = self.trainer.weights, self.trainer.biases
            if kind == "bias":
                biases[layer - 1][unit] = command.value
            else:
                weights[layer - 1][source, unit] = command.value
            self.trainer.set_parameters(weights, biases)
        else:
            change = self.trainer.freeze if command.held else self.trainer.unfreeze
            if kind == "bias":
                change(biases=[(layer, unit)])
            else:
                change(weights=[(layer, source, unit)])
        self.look_ahead()
        return self.trainer.current.edits[-1]

    def _inverse(self, command: SetParameter | Freeze) -> SetParameter | Freeze:
        """What brings back the value that the parameter has now, or whether it is held."""
        kind, layer, unit, source = command.part
        at: int | tuple[int, int] = unit if kind == "bias" else (source, unit)
        if isinstance(command, SetParameter):
            values = self.trainer.biases if kind == "bias" else self.trainer.weights
            return replace(command, value=float(values[layer - 1][at]))
        held = self.record.frozen_biases if kind == "bias" else self.record.frozen_weights
        return replace(command, held=bool(held[layer - 1][at]))


def _is_changed(trainer: Trainer, step: int) -> bool:
    """Whether a parameter was set or held by hand after so many steps."""
    return any(edit.step == step and edit.experiment is None for edit in trainer.current.edits)


def start_from(trainer: Trainer, start: Start | None) -> None:
    """Give a trainer at step 0 the parameters it is to start from."""
    if start is not None:
        trainer.set_parameters(start.weights, start.biases)
        if start.frozen_weights or start.frozen_biases:
            trainer.freeze(start.frozen_weights, start.frozen_biases)
