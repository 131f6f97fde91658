"""Wherever one walks through training, what is shown is what a fresh training of the same history gives.

A model keeps each run as what was done by hand at which step. After every operation a new Trainer makes that
history again from step 0, and the frame's record, parameters, settings and series have to equal its own byte
for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Scalars, StepRecord, Trainer, builtin
from engine.functions.optimizers import Adam, Momentum
from engine.functions.regularizers import L2, ClipByNorm
from engine.functions.schedules import StepDecay
from engine.parts import Part
from engine.phases import Phase, PhaseKind, phases_by_factor, phases_by_layer, phases_by_sample
from gui.training.messages import (
    Back,
    Change,
    ChooseRun,
    Frame,
    Freeze,
    Granularity,
    Load,
    Pause,
    Reset,
    Run,
    RunKey,
    Seek,
    SetParameter,
    Status,
    Step,
    TakeBack,
    Trace,
)
from gui.training.worker import Worker

OPERATIONS = 120
IRIS = builtin("iris")
SIZES = (4, 3, 3)
AHEAD, WHOLE = Phase(PhaseKind.INPUT), Phase(PhaseKind.UPDATE)
FIRST = Experiment(
    layers=(Layer(3, "tanh", dropout=0.2), Layer(3, "softmax")),
    loss="cross_entropy",
    learning_rate=0.05,
    batch_size=7,
    validation=0.2,
    scaling="zscore",
)
SETTINGS: tuple[dict[str, Any], ...] = (
    {"learning_rate": 0.01},
    {"learning_rate": 0.1},
    {"batch_size": 3},
    {"batch_size": 40},
    {"batch_size": "full"},
    {"optimizer": "sgd"},
    {"optimizer": Momentum(0.8)},
    {"optimizer": Adam()},
    {"optimizer": "adagrad"},
    {"regularizer": L2(0.02)},
    {"regularizer": "none"},
    {"clipping": ClipByNorm(0.2)},
    {"clipping": "none"},
    {"schedule": StepDecay()},
    {"schedule": "constant"},
    {"reduction": "sum"},
    {"reduction": "mean"},
)


class Talk:
    """A worker, and all that its frames have told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.worker = qtbot, Worker()
        self.frames: list[Frame] = []
        self.scalars: list[Scalars] = []
        self.worker.frame_ready.connect(self.take)
        self.worker.start()

    def take(self, frame: Frame) -> None:
        if frame.restart:
            self.scalars = []
        self.frames.append(frame)
        self.scalars.append(frame.scalars)
        self.worker.acknowledge()

    def ask(self, command: Any) -> Frame:
        """Submit a command; the frame that has it done."""
        number = self.worker.submit(1, command)

        def is_done() -> bool:
            return bool(self.frames) and (
                self.frames[-1].request >= number and self.frames[-1].status is not Status.RUNNING
            )

        self.qtbot.waitUntil(is_done)
        return self.frames[-1]


@pytest.fixture
def talk(qtbot: QtBot) -> Iterator[Talk]:
    talk = Talk(qtbot)
    talk.ask(Load(1, 0, FIRST, IRIS))
    yield talk
    talk.worker.shut_down()


class Done(NamedTuple):
    """Something done by hand after `step` steps."""

    step: int
    make: Callable[[Trainer], object]
    of_parameter: bool


class Moment(NamedTuple):
    """What training goes on with after so many steps."""

    weights: list[Any]
    biases: list[Any]
    settings: Experiment
    ends_epoch: bool


class Line:
    """A run: how it began, what was done by hand, and a fresh training that makes it and never goes back."""

    def __init__(self, number: int, experiment: Experiment, held: list[Freeze]) -> None:
        self.number, self.experiment, self.held = number, experiment, held
        self.done: list[Done] = []
        self.records: list[StepRecord] = []
        self.trainer = self.begin()
        self.moments = [self.moment()]

    def begin(self) -> Trainer:
        trainer = Trainer(self.experiment, IRIS)
        for freeze in self.held:
            put(freeze)(trainer)
        return trainer

    def moment(self) -> Moment:
        trainer = self.trainer
        return Moment(trainer.weights, trainer.biases, trainer.experiment, trainer.at_epoch_start)

    @property
    def length(self) -> int:
        return len(self.records)

    def extend(self) -> None:
        self.records.append(self.trainer.step())
        self.moments.append(self.moment())

    def do(self, done: Done) -> None:
        """Do something by hand at its end."""
        done.make(self.trainer)
        self.done.append(done)
        self.moments[-1] = self.moment()

    def fork(self, number: int, step: int) -> Line:
        other = Line(number, self.experiment, self.held)
        for done in self.done:
            if done.step <= step:
                while other.length < done.step:
                    other.extend()
                other.do(done)
        while other.length < step:
            other.extend()
        return other

    def ahead(self, step: int) -> StepRecord:
        """The step after `step` steps."""
        return self.records[step] if step < self.length else self.trainer.peek()

    def traced(self, step: int, row: int) -> StepRecord:
        return self.fork(-1, step).trainer.trace(row)


@dataclass
class ByHand:
    command: SetParameter | Freeze
    inverse: SetParameter | Freeze
    last: Done
    taken_back: bool = False


class Model:
    """What the worker is to show: the moment, and the history that leads to it."""

    def __init__(self) -> None:
        self.line = Line(0, FIRST, [])
        self.lines = [self.line]
        self.step = 0
        self.phase = AHEAD
        self.row: int | None = None
        self.by_hand: dict[int, ByHand] = {}

    # -- what is shown -----------------------------------------------------------------------------

    def record(self) -> StepRecord:
        if self.row is not None:
            return self.line.traced(self.step, self.row)
        return self.line.records[self.step - 1] if self.phase == WHOLE else self.line.ahead(self.step)

    def rest(self, step: int) -> Phase:
        """How the moment after `step` steps is shown."""
        changed = any(done.step == step and done.of_parameter for done in self.line.done)
        return AHEAD if step == 0 or changed else WHOLE

    # -- going about -------------------------------------------------------------------------------

    def show(self, step: int) -> None:
        self.step = min(max(step, 0), self.line.length)
        self.phase, self.row = self.rest(self.step), None

    def make(self, step: int) -> None:
        while self.line.length < step:
            self.line.extend()
        self.show(step)

    def phases(self, granularity: Granularity, layer: int, step: int) -> list[Phase]:
        """The phases of step number `step` + 1, without the last, after which it is made."""
        if granularity is Granularity.SAMPLE:
            found = phases_by_sample(2, self.line.ahead(step).batch)
        elif granularity is Granularity.FACTOR and layer:
            found = phases_by_factor(layer, elementwise=layer == 1)
        else:
            found = phases_by_layer(2)
        return list(found[:-1])

    def next_epoch_end(self) -> int:
        step = self.step + 1
        while True:
            if step > self.line.length:
                self.line.extend()
            if self.line.moments[step].ends_epoch:
                return step
            step += 1

    def epoch_end_before(self, step: int) -> int:
        return max((k for k in range(step) if self.line.moments[k].ends_epoch), default=0)

    def advance(self, granularity: Granularity, layer: int) -> None:
        if granularity is Granularity.BATCH:
            self.make(self.step + 1)
        elif granularity is Granularity.EPOCH:
            self.make(self.next_epoch_end())
        else:
            phases = self.phases(granularity, layer, self.step)
            if self.row is not None or self.phase not in phases:
                self.phase, self.row = phases[0], None
            elif self.phase == phases[-1]:
                self.make(self.step + 1)
            else:
                self.phase = phases[phases.index(self.phase) + 1]

    def retreat(self, granularity: Granularity, layer: int) -> None:
        between = self.phase not in (AHEAD, WHOLE)
        if self.row is not None:
            self.show(self.step)
        elif granularity is Granularity.BATCH:
            self.show(self.step if between else self.step - 1)
        elif granularity is Granularity.EPOCH:
            self.show(self.epoch_end_before(self.step + between))
        elif between:
            phases = self.phases(granularity, layer, self.step)
            if self.phase in phases[1:]:
                self.phase = phases[phases.index(self.phase) - 1]
            else:
                self.show(self.step)
        elif self.step:
            self.step -= 1
            self.phase = self.phases(granularity, layer, self.step)[-1]

    # -- changes -----------------------------------------------------------------------------------

    def do(self, make: Callable[[Trainer], object], of_parameter: bool) -> Done:
        done = Done(self.step, make, of_parameter)
        if self.step < self.line.length:
            self.line = self.line.fork(len(self.lines), self.step)
            self.lines.append(self.line)
        self.line.do(done)
        if of_parameter:
            self.phase, self.row = AHEAD, None
        return done

    def change(self, experiment: Experiment) -> None:
        if experiment != self.line.moments[self.step].settings:
            self.do(lambda trainer: trainer.change(experiment), False)
        if self.phase.sample is not None and self.phase.sample >= self.record().batch:
            self.show(self.step)

    def edit(self, command: SetParameter | Freeze) -> None:
        here, ahead = self.line.moments[self.step], self.line.ahead(self.step)
        kind, layer, unit, source = command.part
        at: Any = unit if kind == "bias" else (source, unit)
        if isinstance(command, SetParameter):
            values = here.biases if kind == "bias" else here.weights
            inverse: Any = SetParameter(command.part, float(values[layer - 1][at]))
        else:
            held = ahead.frozen[kind == "bias"]
            inverse = Freeze(command.part, bool(held[layer - 1][at]))
        self.by_hand[command.number] = ByHand(command, inverse, self.do(put(command), True))

    def take_back(self, number: int, again: bool) -> None:
        entry = self.by_hand[number]
        in_force = [done for done in self.line.done if done.step <= self.step]
        if entry.taken_back == again and any(entry.last is done for done in in_force):
            entry.last = self.do(put(entry.command if again else entry.inverse), True)
            entry.taken_back = not again

    def reset(self) -> None:
        here, frozen = self.line.moments[self.step], self.line.ahead(self.step)
        held = [
            Freeze(Part("weight", layer, int(unit), int(source)), True)
            for layer, mask in enumerate(frozen.frozen_weights, 1)
            for source, unit in np.argwhere(mask)
        ]
        held += [
            Freeze(Part("bias", layer, int(unit)), True)
            for layer, mask in enumerate(frozen.frozen_biases, 1)
            for (unit,) in np.argwhere(mask)
        ]
        self.line = Line(len(self.lines), here.settings, held)
        self.lines.append(self.line)
        self.show(0)


def put(command: SetParameter | Freeze) -> Callable[[Trainer], object]:
    kind, layer, unit, source = command.part

    def make(trainer: Trainer) -> None:
        if isinstance(command, Freeze):
            change = trainer.freeze if command.held else trainer.unfreeze
            change(biases=[(layer, unit)]) if kind == "bias" else change(weights=[(layer, source, unit)])
            return
        weights, biases = trainer.weights, trainer.biases
        if kind == "bias":
            biases[layer - 1][unit] = command.value
        else:
            weights[layer - 1][source, unit] = command.value
        trainer.set_parameters(weights, biases)

    return make


def bits(value: Any) -> Any:
    """A record or a series as plain values that compare bit for bit."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, tuple | list):
        return [bits(each) for each in value]
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, Experiment):
        return {each.name: bits(getattr(value, each.name)) for each in fields(value)}
    return value


def agree(talk: Talk, model: Model, frame: Frame, what: str) -> None:
    """The frame shows what a fresh training of the model's history gives, bit for bit."""
    assert (frame.step, frame.phase) == (model.step, model.phase), what
    assert frame.furthest == model.line.length, what
    mine, fresh = bits(frame.record), bits(model.record())
    assert [name for name in mine if mine[name] != fresh[name]] == [], what
    here = model.line.moments[model.step]
    updated = model.phase == WHOLE
    shown = (
        frame.record.weights_after if updated else frame.record.weights_before,
        frame.record.biases_after if updated else frame.record.biases_before,
    )
    assert bits(shown) == bits((here.weights, here.biases)), what
    assert frame.settings == here.settings, what
    assert frame.edited_at == tuple(dict.fromkeys(done.step for done in model.line.done)), what
    assert bits(Scalars.join(talk.scalars)) == bits(model.line.trainer.scalars), what


def some_parameter(rng: np.random.Generator) -> Part:
    layer = int(rng.integers(1, len(SIZES)))
    unit = int(rng.integers(SIZES[layer]))
    if rng.random() < 0.3:
        return Part("bias", layer, unit)
    return Part("weight", layer, unit, int(rng.integers(SIZES[layer - 1])))


def operation(rng: np.random.Generator, model: Model) -> tuple[Any, Callable[[], None]]:
    """A command, and what the model makes of it."""
    granularity = list(Granularity)[rng.integers(len(Granularity))]
    layer = int(rng.integers(0, 3))
    number = len(model.by_hand) + 1
    kind = rng.choice(
        ["step", "back", "run", "seek", "change", "set", "freeze", "take back", "reset", "choose", "trace",
         "pause"],
        p=[0.24, 0.2, 0.08, 0.12, 0.08, 0.07, 0.05, 0.05, 0.02, 0.04, 0.04, 0.01],
    )  # fmt: skip
    match kind:
        case "step":
            return Step(granularity, layer), lambda: model.advance(granularity, layer)
        case "back":
            return Back(granularity, layer), lambda: model.retreat(granularity, layer)
        case "run":
            count = int(rng.integers(1, 25))
            return Run(Granularity.BATCH, None, count), lambda: model.make(model.step + count)
        case "seek":
            edited = [done.step for done in model.line.done]
            step = int(rng.choice([*edited, *rng.integers(0, model.line.length + 1, 3)]))
            return Seek(step), lambda: model.show(step)
        case "change":
            settings = model.line.moments[model.step].settings
            experiment = settings.changed(**SETTINGS[rng.integers(len(SETTINGS))])
            return Change(experiment), lambda: model.change(experiment)
        case "set":
            setting = SetParameter(some_parameter(rng), round(float(rng.normal()), 2), number)
            return setting, lambda: model.edit(setting)
        case "freeze":
            freeze = Freeze(some_parameter(rng), bool(rng.random() < 0.7), number)
            return freeze, lambda: model.edit(freeze)
        case "take back" if model.by_hand:
            which, again = int(rng.integers(1, number)), bool(rng.random() < 0.4)
            return TakeBack(which, again), lambda: model.take_back(which, again)
        case "reset":
            return Reset(), model.reset
        case "choose":
            line = model.lines[rng.integers(len(model.lines))]
            if line.length or line is model.line:
                return ChooseRun(RunKey(0, line.number)), lambda: choose(model, line)
        case "trace":
            row = int(rng.integers(len(IRIS.inputs)))
            return Trace(row), lambda: trace(model, row)
    return Pause(), lambda: None


def choose(model: Model, line: Line) -> None:
    model.line = line
    model.show(line.length)


def trace(model: Model, row: int) -> None:
    model.row, model.phase = row, Phase(PhaseKind.BACKWARD, 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_walk_shows_what_a_fresh_run_gives(talk: Talk, seed: int) -> None:
    rng, model = np.random.default_rng(seed), Model()
    told = []
    for _ in range(OPERATIONS):
        command, follow = operation(rng, model)
        told.append(command)
        frame = talk.ask(command)
        follow()
        agree(talk, model, frame, "\n".join(map(str, told[-8:])))
