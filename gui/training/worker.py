"""The training thread: the only bridge to the engine's mutable state.

Commands go in through a queue and are looked at between short slices of training; frames come out, one
at a time: the next is sent only when the view has acknowledged the last, with the scalars of every step
made in between. At full speed training stands still for the moment that a frame is drawn, as both want the
interpreter, and frames come so seldom that they have but their share of the time.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Signal
from threadpoolctl import ThreadpoolController

from engine.data.dataset import Dataset
from engine.errors import DivergenceError, EngineError, ExperimentError, UnexpectedError
from engine.files.session import capture
from engine.series import STORE
from engine.training.history import HISTORY_BYTES
from engine.training.trainer import Mark, Trainer
from engine.training.watcher import Hit, Watcher
from gui.training.adoption import Adopt
from gui.training.cursor import WHOLE, Walk, start_from
from gui.training.daemon import Daemon
from gui.training.messages import (
    Back,
    Capture,
    Change,
    ChooseRun,
    Command,
    Copy,
    DeleteRun,
    Failure,
    Frame,
    Freeze,
    Granularity,
    Load,
    Note,
    Overlay,
    Pause,
    PinRun,
    Rebuild,
    RenameRun,
    Reset,
    Reveal,
    Run,
    RunInfo,
    RunKey,
    Seek,
    SetParameter,
    Status,
    Step,
    TakeBack,
    Trace,
    TraceOther,
    Watch,
    Watched,
    WatchRows,
)
from gui.training.probe import Probe, answer
from gui.training.run_book import RunBook

FRAME_SECONDS = 1 / 30
"""The shortest time from one frame to the next at full speed."""

DRAWN_SHARE = 1 / 5
"""How much of the time may go into frames at full speed, whatever they cost: the rest is for training."""

LAST_FRAME = 0.3
"""What the last frame counts in the cost of one, beside those before: few are read, and cost more."""

LONGEST_REST = 0.25
"""The longest time between frames at full speed, even where one costs more than its share."""

DRAWING_SECONDS = 0.1
"""How long training stands still at most while a frame is drawn: beside it, drawing takes twice as long."""

KEPT_NETWORKS = 32
"""Networks that undo can bring back with their learned weights."""

KEPT_HISTORY_BYTES = 16 * 2**20
"""Bound of the keyframes of each network that is not the current one."""

FAST_STEPS = 1_000_000
"""Steps asked for at a time at full speed; commands and frames cut in long before."""

RUNS_SECONDS = 0.5
"""How often the run list is told of a run that is going on."""

Order = tuple[int, Command | Probe | Adopt]
"""A command, and the generation of the network that it is about."""

OF_ANY_NETWORK = (Load, Adopt, Watch, RenameRun, PinRun, DeleteRun)
"""Commands that bring a network, are about none, or name the one they are about."""

BURST_SECONDS = 0.05
"""Longest time spent on phases that have fallen behind the asked-for rate, before they are dropped."""


LAST_SECONDS = 5.0
"""How long the step under way is waited for when the window closes."""

_log = logging.getLogger(__name__)


class Savepoint(NamedTuple):
    """All that can be had back when a command or a slice of training ends with what nobody expected.

    Attributes
    ----------
    networks, current, load
        As the worker had them.
    shown : Walk or None
        A copy of `current`: what it showed.
    mark : Mark or None
        Where its trainer was.
    """

    networks: OrderedDict[int, Walk]
    current: Walk | None
    load: Load | None
    shown: Walk | None
    mark: Mark | None


class Worker(Daemon):
    """Trains in its own thread, which goes on whatever happens in it.

    Nothing that is raised ends the thread. What was being done is undone, back to the state before the
    command or the slice of training, and told; if even that fails the training is lost, and that is told.

    Signals
    -------
    frame_ready(Frame)
        The next frame; answer with `acknowledge` when it has been drawn.
    failed(Failure)
        A command that could not be done; nothing has changed.
    answered(ProbeResult)
        The answer to a `Probe`, with the parameters that are shown.
    runs_changed(int, tuple of RunInfo, int)
        The generation first, as in all that follow.
    overlays_ready(int, tuple of RunSeries, tuple of RunDifference)
        What `Overlay` asked for; again when the current run is another one.
    captured(int, object, Session)
        What `Capture` asked for, with its purpose.
    copied(int, object, Trainer or None)
        What `Copy` asked for, with its purpose; None where it was about another network.
    noted(int, Outline)
        What `Note` asked for.
    network_wanted(int, int, Experiment, Dataset)
        A run of this network was chosen: the document is to turn to it.
    """

    frame_ready = Signal(object)
    failed = Signal(object)
    answered = Signal(object)
    runs_changed = Signal(int, object, int)
    overlays_ready = Signal(int, object, object)
    network_wanted = Signal(int, int, object, object)
    captured = Signal(int, object, object)
    copied = Signal(int, object, object)
    noted = Signal(int, object)

    def __init__(self) -> None:
        super().__init__("trainingThread")
        self._queue: SimpleQueue[Order | None] = SimpleQueue()
        self._view_ready = True
        self._due = self._cost = 0.0
        self._closing = False
        self._submitted = 0
        # All below belongs to the training thread alone
        self._networks: OrderedDict[int, Walk] = OrderedDict()
        self._current: Walk | None = None
        self._load: Load | None = None
        self._running: Run | None = None
        self._goal: int | None = None
        self._watcher = Watcher()
        self._hit: Hit | None = None
        self._runs = RunBook()
        self._overlaid: tuple[RunKey, ...] = ()
        self._watched_rows: tuple[Dataset | None, WatchRows] = (None, WatchRows(None, None))
        self._taken = 0
        self._status = Status.READY
        self._error: EngineError | None = None
        self._dirty = False
        self._began = 0.0
        self._runs_due = 0.0
        self._sent_runs: tuple[RunInfo, ...] = ()
        self._rate_from = (0.0, 0)
        self._phase_clock = (0.0, 0)
        self._waiting: deque[Order] = deque()
        self._doing: Order | None = None
        self._savepoint: Savepoint | None = None  # while something is being changed
        self._undoing: Failure | None = None

    # -- called from the GUI thread ----------------------------------------------------------------

    def submit(self, generation: int, command: Command | Probe | Adopt) -> int:
        """Hand over a command about the network of `generation`; it is done between two slices of training.

        It is dropped if the worker has another network when its turn comes. Returns how many have been
        handed over: a frame whose `request` is not less has it done, or dropped.
        """
        self._submitted += 1
        self._queue.put((generation, command))
        return self._submitted

    def acknowledge(self, seconds: float = 0.0) -> None:
        """Say that the last frame has been drawn and the next may come.

        `seconds` is the processor's time that it has taken; the next frame waits as the last ones demand.
        """
        rest_for_one = 1 / DRAWN_SHARE - 1  # seconds of rest for one of drawing
        # one that something else came between costs no more than is waited for it
        self._cost += LAST_FRAME * (min(seconds, LONGEST_REST / rest_for_one) - self._cost)
        self._due = time.perf_counter() + self._cost * rest_for_one
        self._view_ready = True
        self._queue.put(None)

    def shut_down(self) -> None:
        """Stop training and wait for the thread to end; a step that takes very long is left behind."""
        self._closing = True
        self._queue.put(None)
        self.wait(LAST_SECONDS)

    # -- the training thread -----------------------------------------------------------------------

    def run(self) -> None:
        """Serve commands until `shut_down`, in the new thread."""
        # For good: what limits it beside training would give training back what it found
        ThreadpoolController().limit(limits=1, user_api="blas")
        while not self._closing:
            try:
                self._serve()
            except Exception as error:  # noqa: BLE001 - the barrier of this thread
                self._survive(error)

    def _serve(self) -> None:
        """Do what is to be done next."""
        if self._undoing is not None:
            self._undo(self._undoing)
        if not self._waiting:
            self._take_commands()
        while self._waiting and not self._closing:
            self._do(*self._waiting.popleft())
        if self._closing:  # nobody is there to hear anything any more
            return
        current, running = self._current, self._running
        if running is not None and current is not None and self._seconds_to_next_phase() <= 0:
            self._savepoint = self._here()
            self._train(current, running)
            self._savepoint = None
        if self._dirty and self._view_ready and self._current is not None:
            self._send(self._current)

    def _here(self) -> Savepoint:
        current = self._current
        shown, mark = (None, None) if current is None else (current.copy(), current.trainer.mark())
        return Savepoint(OrderedDict(self._networks), current, self._load, shown, mark)

    def _survive(self, error: Exception) -> None:
        """Tell of what nobody expected; what was being changed is undone before anything else."""
        _log.error("The training thread met what nobody expected", exc_info=error)
        if self._closing:
            return
        load, doing, self._doing = self._load, self._doing, None
        generation = 0 if load is None else load.generation
        generation, command = doing or (generation, self._running)
        if self._running is not None:
            self._pause()
        if self._undoing is not None:  # there is no way back either
            failure, self._undoing, self._savepoint = self._undoing, None, None
            self._networks.clear()
            self._current = self._load = None
            self.failed.emit(replace(failure, kept=False))
            return
        failure = Failure(generation, command, UnexpectedError.of(error))
        if self._savepoint is None:  # nothing was being changed
            self._dirty = self._dirty and doing is not None  # a frame that cannot be made is tried once
            self.failed.emit(failure)
        else:
            self._undoing = failure

    def _undo(self, failure: Failure) -> None:
        """Be as before what failed, and tell of it."""
        assert self._savepoint is not None
        self._networks, self._current, self._load, shown, mark = self._savepoint
        if self._current is not None and shown is not None and mark is not None:
            vars(self._current).update(vars(shown))
            self._current.trainer.go_back_to(mark)
        self._savepoint = self._undoing = None
        self._dirty = True
        self.failed.emit(failure)

    def _take_commands(self) -> None:
        """Take all commands that are there; wait for one if there is nothing else to do."""
        idle = self._running is None and not (self._dirty and self._view_ready)
        wait = None if idle else self._seconds_to_next_phase()
        waiting = self._waiting
        try:
            order = self._queue.get(timeout=wait) if wait is None or wait > 0 else self._queue.get_nowait()
            while True:
                if order is not None:
                    self._taken += 1
                    if waiting and isinstance(order[1], Seek) and isinstance(waiting[-1][1], Seek):
                        waiting.pop()  # a slider being dragged: only the newest place matters
                    waiting.append(order)
                order = self._queue.get_nowait()
        except Empty:
            pass

    def _do(self, generation: int, command: Command | Probe | Adopt) -> None:
        self._doing = generation, command
        try:
            if self._is_stale(generation, command):
                if isinstance(command, Capture):  # somebody waits for it
                    if self._load is None:
                        raise UnexpectedError("training_lost")
                    raise ExperimentError("other_network")
                if isinstance(command, Copy):
                    self.copied.emit(generation, command.purpose, None)
            elif isinstance(command, Probe):
                self._answer(command)
            else:
                self._savepoint = self._here()
                self._obey(command)
        except DivergenceError as error:
            self._stop_at(error)
        except EngineError as error:
            self.failed.emit(Failure(generation, command, error))
            self._dirty = True  # the window may have taken it for done
        self._savepoint = self._doing = None

    def _is_stale(self, generation: int, command: Command | Probe | Adopt) -> bool:
        """Whether a command is about another network than the present one."""
        if isinstance(command, OF_ANY_NETWORK):
            return False
        return self._load is None or generation != self._load.generation

    def _obey(self, command: Command | Adopt) -> None:
        if isinstance(command, Load):
            self._obey_load(command)
        if isinstance(command, Adopt):
            self._adopt(command)
        network = self._current
        if network is None:
            return
        match command:
            case Step(Granularity.EPOCH):
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
            case Reveal(phase):
                self._pause()
                network.reveal(phase)
            case Seek(step, phase):
                self._pause()
                network.show(step)
                if phase is not None:
                    network.look_ahead()
                    network.phase = phase
            case Change(experiment, number):
                network.change(experiment, number)
                self._leave_divergence()
            case SetParameter() | Freeze():
                network.edit(command)
                self._leave_divergence()
            case TakeBack(number, again):
                network.take_back(number, again)
                self._leave_divergence()
            case Capture() | Copy() | Note():
                self._hand_out(command, network)
                return
            case Trace(row):
                self._pause()
                network.trace(row)
            case WatchRows():
                assert self._load is not None
                self._watched_rows = (self._load.dataset, command)
                self._watch_rows(network)
            case TraceOther():
                self._pause()
                network.trace(command)
            case Watch(breakpoints):
                self._watcher.watch(breakpoints)
            case Rebuild():
                self._rebuild(network)
            case Reset():
                network.trainer.reset()
                if self._load is not None:
                    start_from(network.trainer, self._load.start)
                network.look_ahead()
                self._running, self._status = None, Status.READY
            case _:
                self._obey_about_runs(command, network)
        self._dirty = True

    def _obey_about_runs(self, command: Command | Adopt, network: Walk) -> None:
        match command:
            case ChooseRun(key):
                self._choose_run(key)
            case RenameRun(key, name):
                self._runs.rename(key, name)
            case PinRun(key, pinned):
                self._runs.pin(key, pinned)
            case DeleteRun(key):
                self._runs.delete(key, self._networks, network)
            case Overlay(keys):
                self._overlaid = keys
                self._send_overlays()

    def _hand_out(self, command: Capture | Copy | Note, network: Walk) -> None:
        """Give away a frozen copy; nothing of what is shown changes."""
        assert self._load is not None
        generation = self._load.generation
        match command:
            case Capture(purpose, view, keyframe_bytes):
                session = capture(network.trainer, view, keyframe_bytes=keyframe_bytes)
                self.captured.emit(generation, purpose, session)
            case Copy(purpose):
                self.copied.emit(generation, purpose, network.trainer.copy())
            case Note():
                self.noted.emit(generation, network.trainer.outline())

    def _obey_load(self, command: Load) -> None:
        network = self._networks.get(command.network)
        if network is None:
            network = Walk.of(self._new_trainer(command))
            self._networks[command.network] = network
        for other in self._networks.values():
            other.trainer.history.limit(HISTORY_BYTES if other is network else KEPT_HISTORY_BYTES)
        self._networks.move_to_end(command.network)
        self._runs.let_go(self._networks, KEPT_NETWORKS)
        network.sent_run = None
        self._current, self._load = network, command
        self._watch_rows(network)
        self._sent_runs = ()
        self._running = None
        self._status = Status.PAUSED if network.trainer.completed else Status.READY

    def _adopt(self, command: Adopt) -> None:
        trainer = command.trainer
        network = Walk.of(trainer)
        self._runs.dropped = 0
        # Undo does not reach beyond another session, and its runs are not this one's
        self._networks = OrderedDict({command.network: network})
        self._obey_load(Load(command.generation, command.network, trainer.experiment, trainer.dataset))

    def _watch_rows(self, network: Walk) -> None:
        """Let a network have the test set that is watched, if it is one for its data."""
        data, command = self._watched_rows
        network.sent_watched = 0
        if data is network.trainer.dataset:
            network.trainer.watch_rows(command.inputs, command.targets)
        else:
            network.trainer.watch_rows(None)

    def _watched(self, network: Walk) -> Watched | None:
        """What the test set came to since the last frame."""
        count, sent = network.trainer.watched_count, network.sent_watched
        if count is None:
            return None
        sent = sent if sent <= count else 0
        new = network.trainer.watched(sent)
        network.sent_watched = count
        return Watched(sent == 0, new[:, 0].astype(np.int64), new[:, 1].copy(), new[:, 2].copy())

    def _rebuild(self, network: Walk) -> None:
        assert self._load is not None
        number = next(number for number, walk in self._networks.items() if walk is network)
        self._networks[number] = self._current = network.with_trainer(capture(network.trainer).restore())
        self._pause()

    def _new_trainer(self, command: Load) -> Trainer:
        trainer = Trainer(command.experiment, command.dataset)
        heir_to = self._networks.get(command.heir_to) if command.heir_to is not None else None
        if heir_to is not None and heir_to.trainer.packing.sizes == trainer.packing.sizes:
            heir_to.trainer.hand_down(trainer)
        start_from(trainer, command.start)
        return trainer

    def _answer(self, probe: Probe) -> None:
        network, load = self._current, self._load
        assert network is not None and load is not None
        record, updated = network.record, network.phase == WHOLE
        result = answer(
            probe,
            generation=load.generation,
            step=network.trainer.completed,
            dataset=network.trainer.dataset,
            prepared=network.trainer.prepared,
            experiment=record.experiment,
            weights=record.weights_after if updated else record.weights_before,
            biases=record.biases_after if updated else record.biases_before,
        )
        self.answered.emit(result)

    def _run(self, command: Run) -> None:
        assert self._current is not None
        completed = self._current.trainer.completed
        self._running, self._status, self._hit = command, Status.RUNNING, None
        self._goal = None if command.steps is None else completed + command.steps
        self._phase_clock = (time.perf_counter(), 0)
        self._rate_from = (time.perf_counter(), completed)
        if command.steps == 0:
            self._pause()

    def _pause(self) -> None:
        self._running, self._status = None, Status.PAUSED

    def _leave_divergence(self) -> None:
        """Something has been changed: it may go on now."""
        if self._status is Status.DIVERGED:
            self._status = Status.PAUSED

    def _choose_run(self, key: RunKey) -> None:
        """Go to the end of a run; the window then turns to its network."""
        network = self._networks.get(key.network)
        run = self._runs.find(key, self._networks)
        if network is None or run is None or self._load is None:
            return
        self._pause()
        network.trainer.switch(run)
        network.show(run.steps)
        trainer = network.trainer
        if network is not self._current:
            self.network_wanted.emit(self._load.generation, key.network, trainer.experiment, trainer.dataset)

    def _send_overlays(self) -> None:
        if self._load is not None and self._current is not None:
            current = RunKey(self._load.network, self._current.trainer.current.number)
            found = self._runs.compare(current, self._overlaid, self._networks)
            self.overlays_ready.emit(self._load.generation, *found)

    def _send_runs(self) -> None:
        """Tell of the runs, not at every frame while training goes on."""
        now = time.perf_counter()
        if self._load is None or (self._status is Status.RUNNING and now < self._runs_due):
            return
        self._runs_due = now + RUNS_SECONDS
        infos = self._runs.infos(self._networks, self._load.network)
        if infos != self._sent_runs:
            self._sent_runs = infos
            self.runs_changed.emit(self._load.generation, infos, self._runs.dropped)

    def _stop_at(self, error: DivergenceError) -> None:
        if self._current is not None and self._current.trainer.completed:
            self._current.show(self._current.trainer.completed)
        self._running, self._status, self._error, self._dirty = None, Status.DIVERGED, error, True

    # -- training ----------------------------------------------------------------------------------

    def _train(self, network: Walk, run: Run) -> None:
        try:
            if run.rate is None:
                self._train_fast(network)
            else:
                self._train_by_rate(network, run, run.rate)
        except DivergenceError as error:
            self._stop_at(error)

    def _train_fast(self, network: Walk) -> None:
        trainer = network.trainer
        goal = trainer.completed + FAST_STEPS if self._goal is None else self._goal
        hit = self._watcher.run(trainer, max(0, goal - trainer.completed - 1), self._interrupted)
        last = trainer.completed >= goal - 1

        def look() -> bool:
            nonlocal hit
            hit = self._watcher.look(trainer)
            return True

        if hit is None:
            # Also for a command that waits: it is about the moment that has been reached
            network.make(1, look)
            self._dirty = self._dirty or last or self._frame_due()
        if hit is not None:
            self._pause_at(network, hit)
        elif last and self._goal is not None:
            self._pause()

    def _pause_at(self, network: Walk, hit: Hit) -> None:
        """Stop at the step at which a condition came true, and show it."""
        network.show(hit.step)
        self._pause()
        self._hit, self._dirty = hit, True

    def _train_by_rate(self, network: Walk, run: Run, rate: float) -> None:
        started, shown = self._phase_clock
        behind = int((time.perf_counter() - started) * rate) + 1 - shown
        until = time.perf_counter() + BURST_SECONDS
        hit: Hit | None = None

        def is_over() -> bool:
            nonlocal hit
            hit = hit or self._watcher.look(network.trainer)
            return hit is not None or self._command_waits()

        for _ in range(behind):
            network.advance(run.granularity, run.layer, is_over)
            shown += 1
            self._dirty = True
            if hit is not None:
                self._pause_at(network, hit)
                break
            if time.perf_counter() > until:  # cannot keep up: forget the arrears
                started, shown = time.perf_counter(), 1
                break
            if self._command_waits():
                break
        self._phase_clock = (started, shown)

    def _seconds_to_next_phase(self) -> float:
        """How long to wait for commands until training goes on: for the clock, or for the view to draw."""
        if self._running is None:
            return 0.0
        if self._running.rate is None:
            return 0.0 if self._view_ready else self._began + DRAWING_SECONDS - time.perf_counter()
        started, shown = self._phase_clock
        return max(0.0, started + shown / self._running.rate - time.perf_counter())

    def _command_waits(self) -> bool:
        return self._closing or not self._queue.empty()

    def _interrupted(self) -> bool:
        return self._command_waits() or self._frame_due()

    def _frame_due(self) -> bool:
        """Whether the last frame has been drawn, and training has had its share of the time since."""
        return self._view_ready and time.perf_counter() >= max(self._due, self._began + FRAME_SECONDS)

    # -- frames ------------------------------------------------------------------------------------

    def _send(self, network: Walk) -> None:
        assert self._load is not None
        self._began = time.perf_counter()
        restart = network.sent_run is not network.trainer.current
        if restart:
            network.sent_run = network.trainer.current
            network.sent_steps = network.sent_evaluations = network.sent_watched = 0
        trainer, furthest = network.trainer, network.trainer.furthest
        scalars = trainer.scalars_between(network.sent_steps, furthest, network.sent_evaluations)
        at_full_speed = self._running is not None and self._running.rate is None
        frame = Frame(
            generation=self._load.generation,
            dataset=trainer.dataset,
            record=network.record,
            phase=None if at_full_speed and network.phase == WHOLE else network.phase,
            scalars=scalars,
            restart=restart,
            status=self._status,
            epoch_steps=trainer.epoch_steps,
            furthest=furthest,
            memory_bytes=trainer.history.kept_bytes,
            disk_bytes=STORE.disk_bytes,
            disk_refusal=STORE.refusal,
            edited_at=tuple(dict.fromkeys(edit.step for edit in trainer.current.edits)),
            edits=network.edits_made(),
            steps_per_second=self._speed(network) if self._status is Status.RUNNING else 0.0,
            error=self._error,
            hit=self._hit,
            near=trainer.scalars_near(min(network.record.step, furthest)),
            in_force=trainer.experiment,
            request=self._taken,
            done=network.done(),
            watched=self._watched(network),
        )
        network.sent_steps = furthest
        network.sent_evaluations += len(scalars.evaluated_steps)
        self._dirty, self._view_ready, self._error = False, False, None
        self.frame_ready.emit(frame)
        self._send_runs()
        if restart and self._overlaid:
            self._send_overlays()

    def _speed(self, network: Walk) -> float:
        """Steps a second since about a second ago."""
        now, completed = time.perf_counter(), network.trainer.completed
        since, before = self._rate_from
        speed = (completed - before) / (now - since) if now > since else 0.0
        if now - since > 1.0:
            self._rate_from = (now - 0.5, completed - round(speed * 0.5))
        return speed
