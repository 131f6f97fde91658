"""The training thread: the only bridge to the engine's mutable state.

Commands go in through a queue and are looked at between short slices of training; frames come out, one
at a time: the next is sent only when the view has acknowledged the last, with the scalars of every step
made in between. So drawing is throttled and training is not.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from PySide6.QtCore import QThread, Signal

from engine.errors import DivergenceError, EngineError
from engine.experiment import Experiment
from engine.history import HISTORY_BYTES
from engine.history import Run as HistoryRun
from engine.records import (
    Phase,
    PhaseKind,
    StepRecord,
    phases_by_factor,
    phases_by_layer,
    phases_by_sample,
)
from engine.trainer import Trainer
from gui.messages import (
    Back,
    Change,
    Command,
    Frame,
    Freeze,
    Granularity,
    Load,
    Pause,
    Reset,
    Run,
    Seek,
    Selection,
    SetParameter,
    Start,
    Status,
    Step,
)
from gui.probe import Probe, answer

FRAME_SECONDS = 1 / 30
KEPT_NETWORKS = 32
"""Networks that undo can bring back with their learned weights."""

KEPT_HISTORY_BYTES = 16 * 2**20
"""Bound of the keyframes of each network that is not the current one."""

FAST_STEPS = 1_000_000
"""Steps asked for at a time at full speed; commands and frames cut in long before."""

BURST_SECONDS = 0.05
"""Longest time spent on phases that have fallen behind the asked-for rate, before they are dropped."""


BEFORE = Phase(PhaseKind.INPUT)
"""Nothing of a step is revealed but its inputs."""


@dataclass
class _Network:
    """A trainer and how much of its last step has been shown.

    `made` is False while `record` is only a look ahead at the first step.
    """

    trainer: Trainer
    record: StepRecord
    record_experiment: Experiment
    made: bool = False
    phases: tuple[Phase, ...] = ()
    cursor: int = -1
    phase: Phase | None = BEFORE
    sent_run: HistoryRun | None = None
    sent_steps: int = 0
    sent_evaluations: int = 0

    @classmethod
    def new(cls, trainer: Trainer) -> _Network:
        return cls(trainer, trainer.peek(), trainer.experiment)

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
        self.record, self.record_experiment = self.trainer.peek(), self.trainer.experiment

    def make(self, steps: int = 1, stop: Callable[[], bool] | None = None) -> None:
        """Make steps and take the record of the last."""
        self.trainer.run(steps - 1, stop)
        self.record, self.record_experiment = self.trainer.step(), self.trainer.experiment
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
        if granularity is Granularity.EPOCH:
            self.show(self._last_epoch_end())
        elif granularity is Granularity.BATCH:
            self.show(self.revealed_steps - (0 if self.hidden else 1))
        elif not self.made:
            return
        elif self.hidden and self.phase == BEFORE:
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

    def _last_epoch_end(self) -> int:
        if self.hidden and self.trainer.at_epoch_start:
            self.trainer.seek(self.trainer.completed - 1)
        shown = self.revealed_steps
        if self.trainer.epoch_began >= shown > 0:
            self.trainer.seek(shown - 1)
        return self.trainer.epoch_began

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
            self.trainer.seek(self.revealed_steps)
            self.made, self.phases, self.cursor, self.phase = False, (), -1, BEFORE

    def _use_phases(self, granularity: Granularity, layer: int) -> None:
        """Take the phases of a granularity; a step half shown by another one begins anew."""
        layers = len(self.record.z)
        if granularity is Granularity.SAMPLE:
            phases = phases_by_sample(layers, self.record.batch)
        elif granularity is Granularity.FACTOR and 0 < layer <= layers:
            activation = self.record_experiment.layers[layer - 1].activation
            phases = phases_by_factor(layer, elementwise=activation.elementwise)
        else:
            phases = phases_by_layer(layers)
        if phases != self.phases:
            self.phases, self.cursor = phases, -1


def _start_from(trainer: Trainer, start: Start | None) -> None:
    """Give a trainer at step 0 the parameters it is to start from."""
    if start is not None:
        trainer.set_parameters(start.weights, start.biases)
        if start.frozen_weights or start.frozen_biases:
            trainer.freeze(start.frozen_weights, start.frozen_biases)


class Worker(QThread):
    """Trains in its own thread.

    Signals
    -------
    frame_ready(Frame)
        The next frame; answer with `acknowledge` when it has been drawn.
    failed(Command, EngineError)
        A command that could not be done; nothing has changed.
    answered(ProbeResult)
        The answer to a `Probe`, with the parameters that are shown.
    """

    frame_ready = Signal(object)
    failed = Signal(object, object)
    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trainingThread")
        self._queue: SimpleQueue[Command | Probe | None] = SimpleQueue()
        self._view_ready = True
        self._closing = False
        # All below belongs to the training thread alone
        self._networks: OrderedDict[int, _Network] = OrderedDict()
        self._current: _Network | None = None
        self._load: Load | None = None
        self._running: Run | None = None
        self._goal: int | None = None
        self._status = Status.READY
        self._error: EngineError | None = None
        self._dirty = False
        self._due = 0.0
        self._rate_from = (0.0, 0)
        self._phase_clock = (0.0, 0)

    # -- called from the GUI thread ----------------------------------------------------------------

    def submit(self, command: Command | Probe) -> None:
        """Hand over a command; it is done between two slices of training."""
        self._queue.put(command)

    def acknowledge(self) -> None:
        """Say that the last frame has been drawn and the next may come."""
        self._view_ready = True
        self._queue.put(None)

    def shut_down(self) -> None:
        """Stop training and wait for the thread to end."""
        self._closing = True
        self._queue.put(None)
        self.quit()
        self.wait()

    # -- the training thread -----------------------------------------------------------------------

    def run(self) -> None:
        """Serve commands until `shut_down`; called by Qt in the new thread."""
        while not self._closing:
            self._take_commands()
            if self._closing:
                return
            if self._running is not None and self._current is not None:
                self._train(self._current, self._running)
            if self._dirty and self._view_ready and self._current is not None:
                self._send(self._current)

    def _take_commands(self) -> None:
        """Do all waiting commands; wait for one if there is nothing else to do."""
        idle = self._running is None and not (self._dirty and self._view_ready)
        wait = None if idle else self._seconds_to_next_phase()
        waiting: list[Command | Probe] = []
        try:
            command = self._queue.get(timeout=wait) if wait is None or wait > 0 else self._queue.get_nowait()
            while True:
                if command is not None:
                    if waiting and isinstance(command, Seek) and isinstance(waiting[-1], Seek):
                        waiting.pop()  # a slider being dragged: only the newest place matters
                    waiting.append(command)
                command = self._queue.get_nowait()
        except Empty:
            pass
        for command in waiting:
            if self._closing:
                return
            if isinstance(command, Probe):
                self._answer(command)
            else:
                self._do(command)

    def _do(self, command: Command) -> None:
        try:
            self._obey(command)
        except DivergenceError as error:
            self._stop_at(error)
        except EngineError as error:
            self.failed.emit(command, error)

    def _obey(self, command: Command) -> None:
        if isinstance(command, Load):
            self._obey_load(command)
        network = self._current
        if network is None:
            return
        match command:
            case Step(Granularity.EPOCH) if not network.hidden:
                self._run(Run(Granularity.EPOCH, None, network.trainer.steps_left_in_epoch))
            case Step(granularity, layer):
                self._pause()
                network.advance(granularity, layer)
            case Back(granularity, layer):
                self._pause()
                network.retreat(granularity, layer)
            case Run():
                self._run(command)
            case Pause():
                self._pause()
            case Seek(step):
                self._pause()
                network.show(step)
            case Change(experiment):
                network.come_to_the_shown()
                network.trainer.change(experiment)
                if not network.made:
                    network.look_ahead()
            case SetParameter(selection, value):
                network.come_to_the_shown()
                network.edit(selection, value)
            case Freeze(selection, held):
                network.come_to_the_shown()
                network.freeze(selection, held)
            case Reset():
                network.trainer.reset()
                if self._load is not None:
                    _start_from(network.trainer, self._load.start)
                network.look_ahead()
                self._running, self._status = None, Status.READY
        self._dirty = True

    def _obey_load(self, command: Load) -> None:
        network = self._networks.get(command.network)
        if network is None:
            network = _Network.new(self._new_trainer(command))
            self._networks[command.network] = network
        elif network.trainer.experiment != command.experiment:
            network.come_to_the_shown()
            network.trainer.change(command.experiment)
            if not network.made:
                network.look_ahead()
        for other in self._networks.values():
            other.trainer.history.limit(HISTORY_BYTES if other is network else KEPT_HISTORY_BYTES)
        self._networks.move_to_end(command.network)
        if len(self._networks) > KEPT_NETWORKS:
            self._networks.popitem(last=False)
        network.sent_run = None
        self._current, self._load = network, command
        self._running = None
        self._status = Status.PAUSED if network.made else Status.READY

    def _new_trainer(self, command: Load) -> Trainer:
        trainer = Trainer(command.experiment, command.dataset)
        heir_to = self._networks.get(command.heir_to) if command.heir_to is not None else None
        if heir_to is not None and heir_to.trainer.layout.sizes == trainer.layout.sizes:
            heir_to.trainer.hand_down(trainer)
        _start_from(trainer, command.start)
        return trainer

    def _answer(self, probe: Probe) -> None:
        network, load = self._current, self._load
        if network is None or load is None or probe.generation != load.generation:
            return  # about a network that is gone
        record, shown = network.record, network.made and not network.hidden
        result = answer(
            probe,
            generation=load.generation,
            step=network.revealed_steps,
            dataset=network.trainer.dataset,
            prepared=network.trainer.prepared,
            experiment=network.record_experiment,
            weights=record.weights_after if shown else record.weights_before,
            biases=record.biases_after if shown else record.biases_before,
        )
        self.answered.emit(result)

    def _run(self, command: Run) -> None:
        assert self._current is not None
        completed = self._current.trainer.completed
        self._running, self._status = command, Status.RUNNING
        self._goal = None if command.steps is None else completed + command.steps
        self._phase_clock = (time.perf_counter(), 0)
        self._rate_from = (time.perf_counter(), completed)
        self._due = 0.0
        if command.steps == 0:
            self._pause()

    def _pause(self) -> None:
        self._running, self._status = None, Status.PAUSED

    def _stop_at(self, error: DivergenceError) -> None:
        if self._current is not None and self._current.trainer.completed:
            self._current.show(self._current.trainer.completed)
        self._running, self._status, self._error, self._dirty = None, Status.DIVERGED, error, True

    # -- training ----------------------------------------------------------------------------------

    def _train(self, network: _Network, run: Run) -> None:
        try:
            if run.rate is None:
                self._train_fast(network)
            else:
                self._train_by_rate(network, run, run.rate)
        except DivergenceError as error:
            self._stop_at(error)

    def _train_fast(self, network: _Network) -> None:
        goal = network.trainer.completed + FAST_STEPS if self._goal is None else self._goal
        network.trainer.run(goal - network.trainer.completed - 1, self._interrupted)
        last = network.trainer.completed == goal - 1
        if last or self._frame_due():
            network.make()
            self._dirty = True
        if last and self._goal is not None:
            self._pause()

    def _train_by_rate(self, network: _Network, run: Run, rate: float) -> None:
        started, shown = self._phase_clock
        behind = int((time.perf_counter() - started) * rate) + 1 - shown
        until = time.perf_counter() + BURST_SECONDS
        for _ in range(behind):
            network.advance(run.granularity, run.layer, self._command_waits)
            shown += 1
            self._dirty = True
            if time.perf_counter() > until:  # cannot keep up: forget the arrears
                started, shown = time.perf_counter(), 1
                break
            if self._command_waits():
                break
        self._phase_clock = (started, shown)

    def _seconds_to_next_phase(self) -> float:
        """How long to wait for commands before the next phase is due; 0 at full speed."""
        if self._running is None or self._running.rate is None:
            return 0.0
        started, shown = self._phase_clock
        return max(0.0, started + shown / self._running.rate - time.perf_counter())

    def _command_waits(self) -> bool:
        return self._closing or not self._queue.empty()

    def _interrupted(self) -> bool:
        return self._command_waits() or self._frame_due()

    def _frame_due(self) -> bool:
        return self._view_ready and time.perf_counter() >= self._due

    # -- frames ------------------------------------------------------------------------------------

    def _send(self, network: _Network) -> None:
        assert self._load is not None
        restart = network.sent_run is not network.trainer.current
        if restart:
            network.sent_run = network.trainer.current
            network.sent_steps = network.sent_evaluations = 0
        stop = max(network.sent_steps, network.revealed_steps)
        if network.trainer.is_past:  # the future is known, and is shown beside the present
            stop = network.trainer.furthest
        scalars = network.trainer.scalars_between(network.sent_steps, stop, network.sent_evaluations)
        frame = Frame(
            generation=self._load.generation,
            experiment=network.record_experiment,
            dataset=network.trainer.dataset,
            record=network.record,
            phase=network.phase,
            scalars=scalars,
            restart=restart,
            status=self._status,
            epoch_steps=network.trainer.epoch_steps,
            furthest=stop,
            edited_at=tuple(dict.fromkeys(edit.step for edit in network.trainer.current.edits)),
            steps_per_second=self._speed(network) if self._status is Status.RUNNING else 0.0,
            error=self._error,
        )
        network.sent_steps = stop
        network.sent_evaluations += len(scalars.evaluated_steps)
        self._dirty, self._view_ready, self._error = False, False, None
        self._due = time.perf_counter() + FRAME_SECONDS
        self.frame_ready.emit(frame)

    def _speed(self, network: _Network) -> float:
        """Steps a second since about a second ago."""
        now, completed = time.perf_counter(), network.trainer.completed
        since, before = self._rate_from
        speed = (completed - before) / (now - since) if now > since else 0.0
        if now - since > 1.0:
            self._rate_from = (now - 0.5, completed - round(speed * 0.5))
        return speed
