"""The training thread: frames in order, no scalar lost, every moment reachable, clean ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin, explain
from engine.errors import DivergenceError
from engine.files.session import Session
from engine.functions.regularizers import L2, ClipByValue
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from engine.settings import Difference
from engine.training.backprop import forward
from engine.training.conditions import Breakpoint, StepReached
from gui.training.cursor import Walk
from gui.training.messages import (
    Back,
    Capture,
    Change,
    Copy,
    EditMade,
    Frame,
    Freeze,
    Granularity,
    Load,
    Pause,
    Reset,
    Run,
    Seek,
    SetParameter,
    Status,
    Step,
    TakeBack,
    Watch,
)
from gui.training.probe import Probe, ProbeResult
from gui.training.worker import DRAWN_SHARE, Worker
from tests.engine.test_arrays import arrays_in, cannot_be_written
from tests.gui.training.listener import Listener

EXPERIMENT = Experiment(
    layers=(Layer(4, "tanh"), Layer(3, "softmax")),
    loss="cross_entropy",
    learning_rate=0.1,
    batch_size=20,
    validation=0.2,
    scaling="zscore",
)
IRIS = builtin("iris")


@pytest.fixture
def listener(qtbot: QtBot) -> Iterator[Listener]:
    worker = Worker()
    listener = Listener(qtbot, worker)
    worker.start()
    listener.after(Load(1, 0, EXPERIMENT, IRIS))
    yield listener
    worker.shut_down()
    assert not worker.is_running


def is_paused(frame: Frame) -> bool:
    return frame.status is Status.PAUSED


def test_load_shows_the_network_before_any_step(listener: Listener) -> None:
    frame = listener.last
    assert (frame.generation, frame.status, frame.step, frame.restart) == (1, Status.READY, 0, True)
    assert frame.phase is not None and frame.phase.kind is PhaseKind.INPUT
    assert len(frame.scalars) == 0
    assert frame.scalars.evaluated_steps.tolist() == [0]
    fresh = Trainer(EXPERIMENT, IRIS)
    for shown, drawn in zip(frame.record.weights_before, fresh.weights, strict=True):
        assert np.array_equal(shown, drawn)


def test_no_array_of_a_frame_can_be_opened_again(listener: Listener) -> None:
    frame = listener.after(Run(Granularity.BATCH, None, steps=3), is_paused)
    assert frame.near is not None
    for owner in (frame.record, frame.scalars, frame.near, frame.dataset):
        assert all(map(cannot_be_written, arrays_in(owner)))


def test_step_by_layer_walks_forward_loss_backward_update(listener: Listener) -> None:
    seen = []
    for _ in range(6):
        frame = listener.after(Step(Granularity.LAYER))
        assert frame.phase is not None
        seen.append((frame.phase.kind.value, frame.phase.layer, frame.step, len(frame.scalars)))
    assert seen == [
        ("forward", 1, 0, 0),
        ("forward", 2, 0, 0),
        ("loss", 0, 0, 0),
        ("backward", 2, 0, 0),
        ("backward", 1, 0, 0),
        ("update", 0, 1, 1),
    ]
    assert listener.after(Step(Granularity.LAYER)).record.step == 2


def test_back_by_layer_goes_through_steps_to_the_beginning(listener: Listener) -> None:
    listener.after(Step(Granularity.BATCH))
    first = listener.last.record
    listener.after(Step(Granularity.LAYER))
    kinds = []
    for _ in range(7):
        frame = listener.after(Back(Granularity.LAYER))
        assert frame.phase is not None
        kinds.append((frame.record.step, frame.phase.kind.value))
    assert kinds[:3] == [(1, "update"), (1, "backward"), (1, "backward")]
    assert kinds[-1] == (1, "input")
    assert np.array_equal(listener.last.record.weights_after[0], first.weights_after[0])
    listener.after(Back(Granularity.LAYER))
    assert listener.last.step == 0


def test_back_by_batch_and_epoch_meets_the_same_numbers(listener: Listener) -> None:
    losses = [listener.after(Step(Granularity.BATCH)).record.data_loss for _ in range(9)]
    back = [listener.after(Back(Granularity.BATCH)).record.data_loss for _ in range(8)]
    assert back == losses[-2::-1]
    listener.after(Seek(9))
    assert [listener.after(Back(Granularity.EPOCH)).step for _ in range(3)] == [6, 0, 0]


def test_a_phase_of_a_step_is_gone_to(listener: Listener) -> None:
    """Of a step in the past, and from there the phases go on as always; the moment is that before it."""
    third = [listener.after(Step(Granularity.BATCH)).record for _ in range(5)][2]
    frame = listener.after(Seek(2, Phase(PhaseKind.FACTOR, 1, factor=FactorKind.SLOPE)))
    assert frame.step == 2 and frame.record.step == 3
    assert frame.phase == Phase(PhaseKind.FACTOR, 1, factor=FactorKind.SLOPE)
    assert np.array_equal(frame.record.weight_grads[0], third.weight_grads[0])
    assert listener.after(Step(Granularity.FACTOR, 1)).phase == Phase(
        PhaseKind.FACTOR, 1, factor=FactorKind.INCOMING
    )
    frame = listener.after(Step(Granularity.BATCH))
    assert frame.step == 3 and np.array_equal(frame.record.weights_after[0], third.weights_after[0])


def test_epoch_ends_at_the_epoch(listener: Listener) -> None:
    frame = listener.after(Step(Granularity.EPOCH), is_paused)
    assert (frame.step, frame.record.epoch) == (6, 1)
    listener.after(Step(Granularity.LAYER))
    frame = listener.after(Step(Granularity.EPOCH), lambda frame: frame.step == 12)
    assert frame.status is Status.PAUSED


def test_sample_phases_show_every_sample_then_the_update(listener: Listener) -> None:
    frames = [listener.after(Step(Granularity.SAMPLE)) for _ in range(41)]
    phases = [frame.phase for frame in frames]
    assert [phase.sample for phase in phases if phase is not None][:4] == [0, 0, 1, 1]
    assert phases[-1] is not None and phases[-1].kind is PhaseKind.UPDATE
    assert frames[-1].step == 1


def factors(listener: Listener, command: Any, count: int) -> list[tuple[str, int]]:
    """The phases that some presses of Step or Back show, and the steps completed."""
    seen = []
    for _ in range(count):
        frame = listener.after(command)
        assert frame.phase is not None
        kind = frame.phase.kind if frame.phase.factor is None else frame.phase.factor
        assert frame.phase.layer in (0, command.layer)
        seen.append((kind.value, frame.step))
    return seen


def test_step_by_factor_walks_the_factors_of_the_selected_layer(listener: Listener) -> None:
    step = Step(Granularity.FACTOR, 1)
    walk = ["forward", "loss", "upstream", "slope", "incoming", "share", "gradient"]
    assert factors(listener, step, 9) == [*((kind, 0) for kind in walk), ("update", 1), ("forward", 1)]
    assert listener.last.record.step == 2
    back = Back(Granularity.FACTOR, 1)
    listener.after(back)
    assert listener.last.phase is not None and listener.last.phase.kind is PhaseKind.UPDATE
    assert factors(listener, back, 7) == [(kind, 0) for kind in reversed(walk)]


def test_upstream_and_slope_of_a_softmax_are_one_phase(listener: Listener) -> None:
    walk = [kind for kind, _ in factors(listener, Step(Granularity.FACTOR, 2), 7)]
    assert walk == ["forward", "loss", "delta", "incoming", "share", "gradient", "update"]


def test_by_factor_goes_by_layer_where_no_parameter_is_selected(listener: Listener) -> None:
    kinds = []
    for layer in (0, 0, 9):  # 9: selected in a network that has just been rebuilt
        frame = listener.after(Step(Granularity.FACTOR, layer))
        assert frame.phase is not None
        kinds.append((frame.phase.kind.value, frame.phase.layer))
    assert kinds == [("forward", 1), ("forward", 2), ("loss", 0)]


def test_another_layer_selected_on_the_way_begins_the_walk_anew(listener: Listener) -> None:
    factors(listener, Step(Granularity.FACTOR, 1), 4)
    assert factors(listener, Step(Granularity.FACTOR, 2), 3) == [("forward", 0), ("loss", 0), ("delta", 0)]
    assert listener.last.record.step == 1


def test_run_by_factor(listener: Listener) -> None:
    run = Run(Granularity.FACTOR, 200.0, layer=1)
    frame = listener.after(run, lambda frame: frame.step >= 2)
    assert frame.status is Status.RUNNING
    listener.after(Pause(), is_paused)
    seen = {frame.phase.factor for frame in listener.frames if frame.phase is not None}
    assert len(seen) > 2


def test_a_long_run_loses_no_scalar(listener: Listener) -> None:
    steps_asked = 20_000
    listener.frames.clear()
    frame = listener.after(Run(Granularity.LAYER, None, steps_asked), is_paused)
    steps = np.concatenate([frame.scalars.steps for frame in listener.frames])
    losses = np.concatenate([frame.scalars.loss for frame in listener.frames])
    assert frame.step == steps_asked and len(listener.frames) > 1
    assert np.array_equal(steps, np.arange(1, steps_asked + 1))
    trainer = Trainer(EXPERIMENT, IRIS)
    trainer.run(steps_asked)
    assert np.array_equal(losses, trainer.scalars.loss)
    assert np.array_equal(frame.record.weights_after[0], trainer.weights[0])


def test_one_frame_at_a_time(qtbot: QtBot) -> None:
    """Without an acknowledgement no second frame comes, however long training goes on."""
    worker = Worker()
    frames: list[Frame] = []
    worker.frame_ready.connect(frames.append)
    worker.start()
    worker.submit(1, Load(1, 0, EXPERIMENT, IRIS))
    worker.submit(1, Run(Granularity.BATCH, None))
    qtbot.waitUntil(lambda: len(frames) == 1)
    qtbot.wait(200)
    assert len(frames) == 1
    worker.acknowledge()
    qtbot.waitUntil(lambda: len(frames) == 2)
    assert len(frames[1].scalars) > 100
    worker.shut_down()


def test_the_next_frame_waits_as_the_cost_of_the_last_ones_demands(qtbot: QtBot) -> None:
    """Drawing has its share of the time, however long a frame takes to draw; the last is not waited for."""
    worker = Worker()
    frames: list[Frame] = []
    worker.frame_ready.connect(frames.append)
    worker.start()
    worker.submit(1, Load(1, 0, EXPERIMENT, IRIS))
    worker.submit(1, Run(Granularity.BATCH, None))
    cost = 0.015
    count = 12
    for number in range(1, count + 1):
        qtbot.waitUntil(lambda: len(frames) == number)  # noqa: B023 - asked at once
        drawn = time.perf_counter()
        worker.acknowledge(cost)
    qtbot.waitUntil(lambda: len(frames) == count + 1)
    assert time.perf_counter() - drawn >= 0.95 * cost * (1 / DRAWN_SHARE - 1)
    worker.acknowledge(1e6)
    worker.submit(1, Pause())
    qtbot.waitUntil(lambda: len(frames) == count + 2)
    assert is_paused(frames[-1])
    worker.shut_down()


def test_training_stands_still_while_a_frame_is_drawn(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that drawing need not fight for the interpreter; commands are obeyed all the same."""
    monkeypatch.setattr("gui.training.worker.DRAWING_SECONDS", 1e6)
    worker = Worker()
    frames: list[Frame] = []
    answers: list[ProbeResult] = []
    worker.frame_ready.connect(frames.append)
    worker.answered.connect(answers.append)
    worker.start()
    worker.submit(1, Load(1, 0, EXPERIMENT, IRIS))
    qtbot.waitUntil(lambda: len(frames) == 1)
    worker.acknowledge()
    worker.submit(1, Run(Granularity.BATCH, None))
    qtbot.waitUntil(lambda: len(frames) == 2)
    for count in (1, 2):
        worker.submit(1, Probe(1, rows=np.arange(3)))
        qtbot.waitUntil(lambda: len(answers) == count)  # noqa: B023 - asked at once
    assert frames[-1].step > 0 and {answer.step for answer in answers} == {frames[-1].step}
    worker.acknowledge()
    qtbot.waitUntil(lambda: len(frames) == 3)
    assert frames[-1].step > frames[-2].step
    worker.shut_down()


def test_pause_and_run_by_rate(listener: Listener) -> None:
    listener.after(Run(Granularity.LAYER, 50.0), lambda frame: frame.step >= 1)
    frame = listener.after(Pause(), is_paused)
    count = len(listener.frames)
    listener.qtbot.wait(100)
    assert len(listener.frames) == count
    assert frame.steps_per_second == 0


def test_pause_shows_how_far_training_has_come(listener: Listener) -> None:
    for _ in range(5):
        listener.after(Run(Granularity.BATCH, None), lambda frame: frame.steps_per_second > 0)
        frame = listener.after(Pause(), is_paused)
        assert listener.after(Step(Granularity.BATCH)).step == frame.step + 1
        assert frame.furthest == frame.step


def test_change_on_the_fly_keeps_the_weights(listener: Listener) -> None:
    before = listener.after(Run(Granularity.BATCH, None, 50), is_paused)
    listener.after(Change(EXPERIMENT.changed(learning_rate=0.01)))
    after = listener.after(Step(Granularity.BATCH))
    assert after.record.step == 51
    assert np.array_equal(after.record.weights_before[0], before.record.weights_after[0])
    assert after.record.learning_rate == 0.01
    assert after.edited_at == (50,)
    change = Difference("learning_rate", EXPERIMENT.learning_rate, 0.01)
    assert after.edits == (EditMade(50, (change,)),)


def test_each_step_is_explained_with_the_settings_it_was_made_with(listener: Listener) -> None:
    """Also where it is gone back to and other settings followed right after it."""
    many = [
        EXPERIMENT,
        EXPERIMENT.changed(reduction="sum", regularizer=L2(0.05)),
        EXPERIMENT.changed(optimizer="adagrad", clipping=ClipByValue(0.01)),
        EXPERIMENT.changed(optimizer="adam", regularizer=L2(0.3)),
    ]
    for experiment in many:
        listener.after(Change(experiment))
        listener.after(Step(Granularity.BATCH))
        listener.after(Step(Granularity.BATCH))
    for step in (2, 4, 6, 8, 3, 1):
        frame = listener.after(Seek(step))
        assert frame.experiment == many[(step - 1) // 2]
        for where in ({"weight": (1, 2, 3)}, {"weight": (2, 0, 1)}, {"bias": (2, 2)}):
            e = explain(frame.experiment, frame.record, **where)
            assert e.slope is not None and e.update is not None
            product = (e.upstream * e.slope).sum(-1) if e.is_softmax else e.upstream * e.slope
            assert product * e.activation == pytest.approx(e.samples, rel=1e-9, abs=1e-15)
            assert e.update.after == frame.parameter(Part(e.kind, e.layer, e.unit, e.source))


def test_reset_draws_the_same_parameters(listener: Listener) -> None:
    first = listener.last.record
    listener.after(Run(Granularity.BATCH, None, 30), is_paused)
    frame = listener.after(Reset())
    assert (frame.step, frame.status, frame.restart, frame.furthest) == (0, Status.READY, True, 0)
    for shown, drawn in zip(frame.record.weights_before, first.weights_before, strict=True):
        assert np.array_equal(shown, drawn)


def test_an_old_network_comes_back_with_its_weights(listener: Listener) -> None:
    learned = listener.after(Run(Granularity.BATCH, None, 40), is_paused)
    other = EXPERIMENT.changed(layers=(Layer(2, "relu"), Layer(3, "softmax")))
    assert listener.after(Load(2, 1, other, IRIS)).step == 0
    frame = listener.after(Load(3, 0, EXPERIMENT, IRIS))
    assert (frame.generation, frame.step, frame.restart) == (3, 40, True)
    assert len(frame.scalars) == 40
    assert np.array_equal(frame.record.weights_after[1], learned.record.weights_after[1])


def test_edit_in_the_past_begins_a_new_run(listener: Listener) -> None:
    listener.after(Run(Granularity.BATCH, None, 40), is_paused)
    assert listener.after(Seek(10)).furthest == 40
    frame = listener.after(SetParameter(Part("weight", 1, 2, 3), 0.25))
    assert (frame.furthest, frame.step, frame.restart) == (10, 10, True)
    assert len(frame.scalars) == 10
    assert frame.record.weights_before[0][3, 2] == 0.25
    assert frame.edited_at == (10,)


def test_held_parameter_does_not_move(listener: Listener) -> None:
    listener.after(Freeze(Part("bias", 1, 2), True))
    before = listener.last.record.biases_before[0]
    frame = listener.after(Run(Granularity.BATCH, None, 20), is_paused)
    after = frame.record.biases_after[0]
    assert after[2] == before[2]
    assert (np.delete(after, 2) != np.delete(before, 2)).all()
    assert frame.record.frozen_biases[0].tolist() == [False, False, True, False]


def test_seeking_while_a_slider_is_dragged_ends_at_the_last_place(listener: Listener) -> None:
    listener.after(Run(Granularity.BATCH, None, 300), is_paused)
    for step in range(300, 100, -1):
        listener.submit(Seek(step))
    frame = listener.after(Seek(57), lambda frame: frame.step == 57)
    trainer = Trainer(EXPERIMENT, IRIS)
    trainer.run(57)
    assert np.array_equal(frame.record.weights_after[0], trainer.weights[0])


def test_divergence_stops_and_shows_the_step_before(listener: Listener) -> None:
    wild = Experiment(
        (Layer(3, "relu"), Layer(1)),
        loss="squared_error",
        learning_rate=5.0,
        reduction="sum",
        batch_size="full",
    )
    listener.after(Load(2, 5, wild, builtin("plane")))
    frame = listener.after(Run(Granularity.BATCH, None), lambda frame: frame.status is Status.DIVERGED)
    assert isinstance(frame.error, DivergenceError)
    assert frame.step == frame.error.details["step"] - 1
    assert np.isfinite(frame.record.data_loss)
    again = listener.after(Step(Granularity.BATCH))
    assert again.status is Status.DIVERGED


def test_a_network_that_has_learned_comes_back_paused_and_a_new_one_is_ready(listener: Listener) -> None:
    listener.after(Step(Granularity.BATCH))
    assert listener.after(Load(2, 9, EXPERIMENT.changed(seed=5), IRIS)).status is Status.READY
    frame = listener.after(Load(3, 0, EXPERIMENT, IRIS))
    assert (frame.step, frame.status) == (1, Status.PAUSED)


def test_probes_ask_the_parameters_that_are_shown(listener: Listener) -> None:
    answers: list[ProbeResult] = []
    listener.worker.answered.connect(answers.append)
    rows = np.arange(5)
    for command in (Step(Granularity.BATCH), Step(Granularity.LAYER), Step(Granularity.BATCH)):
        frame = listener.after(command)
        count = len(answers)
        listener.submit(Probe(1, rows=rows.copy()))
        listener.qtbot.waitUntil(lambda seen=count: len(answers) > seen)
        record = frame.record
        weights = record.weights_after if frame.updated else record.weights_before
        biases = record.biases_after if frame.updated else record.biases_before
        inputs = answers[-1].prepared.transform(IRIS.inputs[rows])
        _, a = forward(EXPERIMENT, weights, biases, inputs)
        np.testing.assert_allclose(answers[-1].outputs, a[-1], rtol=1e-12)


def test_a_divergence_is_told_of_once(listener: Listener) -> None:
    wild = Experiment((Layer(1),), learning_rate=5.0, reduction="sum", batch_size="full")
    listener.after(Load(2, 5, wild, builtin("plane")))
    listener.after(Run(Granularity.BATCH, None), lambda frame: frame.error is not None)
    frame = listener.after(Seek(2))
    assert (frame.step, frame.error) == (2, None)


def test_what_paused_a_run_is_not_told_of_the_next(listener: Listener) -> None:
    listener.submit(Watch((Breakpoint(StepReached(5)),)))
    frame = listener.after(Run(Granularity.BATCH, None), is_paused)
    assert frame.step == 5 and frame.hit is not None
    frame = listener.after(Run(Granularity.BATCH, None, 10), is_paused)
    assert frame.step == 15 and frame.hit is None


def test_of_waiting_commands_only_places_on_the_way_are_left_out(qtbot: QtBot) -> None:
    """Of a slider being dragged the newest place matters, but none before another command is dropped."""
    worker = Worker()
    listener = Listener(qtbot, worker)
    listener.submit(Load(1, 0, EXPERIMENT, IRIS))
    for _ in range(6):
        listener.submit(Step(Granularity.BATCH))
    for command in (Seek(4), Seek(1), Seek(2), Step(Granularity.BATCH)):
        listener.submit(command)
    last = worker.submit(1, Step(Granularity.BATCH))
    worker.start()  # all of them wait
    qtbot.waitUntil(lambda: bool(listener.frames) and listener.last.request >= last)
    assert listener.last.step == 4
    worker.shut_down()


def test_a_refused_load_changes_nothing(listener: Listener) -> None:
    listener.after(Step(Granularity.BATCH))
    wrong = EXPERIMENT.changed(layers=(Layer(2), Layer(7)))
    listener.worker.submit(2, Load(2, 9, wrong, IRIS))
    listener.qtbot.waitUntil(lambda: bool(listener.failures))
    assert (listener.failures[0].generation, listener.failures[0].error.kind) == (2, "output_units")
    assert listener.after(Step(Granularity.BATCH)).step == 2


@pytest.mark.parametrize(
    "command",
    [
        SetParameter(Part("weight", 1, 3, 3), 0.5),
        Freeze(Part("weight", 1, 3, 3), True),
        Change(EXPERIMENT.changed(learning_rate=9.0)),
        Step(Granularity.BATCH),
        Seek(1),
        Reset(),
    ],
)
def test_a_command_about_a_network_that_is_gone_is_dropped(listener: Listener, command: Any) -> None:
    small = EXPERIMENT.changed(layers=(Layer(1, "tanh"), Layer(3, "softmax")))
    listener.after(Load(2, 1, small, IRIS))
    first = listener.after(Step(Granularity.LAYER))
    listener.worker.submit(1, command)
    after = listener.after(Step(Granularity.LAYER))
    assert after.record is first.record and after.experiment == small
    assert after.phase is not None and (after.phase.kind, after.phase.layer) == (PhaseKind.FORWARD, 2)
    assert listener.failures == []


def test_a_capture_of_a_network_that_is_gone_says_so_to_who_waits(listener: Listener) -> None:
    listener.after(Load(2, 1, EXPERIMENT, IRIS))
    listener.worker.submit(1, Capture("mine"))
    listener.qtbot.waitUntil(lambda: bool(listener.failures))
    assert listener.failures[0].command.purpose == "mine"
    assert listener.failures[0].error.kind == "other_network"


def test_a_copy_is_of_the_moment_and_goes_its_own_way(listener: Listener) -> None:
    copies: list[tuple[int, object, Trainer | None]] = []
    listener.worker.copied.connect(lambda *told: copies.append(told))
    frame = listener.after(Run(Granularity.BATCH, None, 10), lambda frame: frame.status is Status.PAUSED)
    listener.submit(Copy("mine"))
    listener.qtbot.waitUntil(lambda: bool(copies))
    generation, purpose, trainer = copies[0]
    assert (generation, purpose) == (frame.generation, "mine")
    assert trainer is not None
    assert trainer.completed == 10
    np.testing.assert_array_equal(trainer.weights[0], frame.record.weights_after[0])
    trainer.run(5)
    assert listener.after(Step(Granularity.BATCH)).step == 11
    listener.worker.submit(frame.generation + 1, Copy("of another network"))
    listener.qtbot.waitUntil(lambda: len(copies) == 2)
    assert copies[1] == (frame.generation + 1, "of another network", None)


@pytest.mark.parametrize(
    ("granularity", "layer"), [(each, 1) for each in Granularity] + [(Granularity.FACTOR, 2)]
)
def test_step_and_step_back_are_inverse(listener: Listener, granularity: Granularity, layer: int) -> None:
    """Each shows what was shown before the other, also beyond steps at which something was changed."""
    presses = {Granularity.EPOCH: 4, Granularity.BATCH: 8, Granularity.SAMPLE: 85}.get(granularity, 20)
    listener.after(Step(Granularity.BATCH))
    listener.after(SetParameter(Part("bias", 1, 2), 0.5))
    listener.after(Step(Granularity.BATCH))
    listener.after(Change(EXPERIMENT.changed(learning_rate=0.01)))
    listener.after(Seek(0))

    def shown(command: Any) -> tuple[Any, ...]:
        frame = listener.after(command, lambda frame: frame.status is not Status.RUNNING)
        record = frame.record
        arrays = (*record.a, *record.delta, *record.weights_before, *record.weights_after)
        return frame.step, frame.phase, frame.settings, *(array.tobytes() for array in arrays)

    there = [shown(Seek(0)), *(shown(Step(granularity, layer)) for _ in range(presses))]
    back = [shown(Back(granularity, layer)) for _ in range(presses)]
    assert back == there[-2::-1]
    assert [shown(Step(granularity, layer)) for _ in range(presses)] == there[1:]


def test_the_moment_of_an_edit_has_the_edit_in_it(listener: Listener) -> None:
    part = Part("weight", 1, 2, 3)
    before = listener.after(Run(Granularity.BATCH, None, 10), is_paused).parameter(part)
    listener.after(SetParameter(part, 0.5))
    listener.after(Freeze(Part("bias", 1, 0), True))
    listener.after(Run(Granularity.BATCH, None, 5), is_paused)
    for command in (Seek(10), Seek(11), Back(Granularity.BATCH), Step(Granularity.BATCH), Seek(10)):
        frame = listener.after(command)
    assert (frame.step, frame.parameter(part), before == 0.5) == (10, 0.5, False)
    assert frame.is_frozen(Part("bias", 1, 0))
    for command in (Step(Granularity.LAYER), Back(Granularity.LAYER)):
        assert listener.after(command).parameter(part) == 0.5
    sessions: list[Session] = []
    listener.worker.captured.connect(lambda generation, purpose, session: sessions.append(session))
    listener.submit(Capture("test"))
    listener.qtbot.waitUntil(lambda: bool(sessions))
    trainer = sessions[0].restore()
    assert (trainer.completed, trainer.weights[0][3, 2]) == (10, 0.5)
    assert Walk.of(trainer).record.weights_before[0][3, 2] == 0.5


def test_what_is_saved_of_a_half_revealed_step_is_the_moment_before_it(listener: Listener) -> None:
    listener.after(Run(Granularity.BATCH, None, 10), is_paused)
    listener.after(Step(Granularity.LAYER))
    frame = listener.after(Step(Granularity.LAYER))
    sessions: list[Session] = []
    listener.worker.captured.connect(lambda generation, purpose, session: sessions.append(session))
    listener.submit(Capture("test"))
    listener.qtbot.waitUntil(lambda: bool(sessions))
    assert (sessions[0].present.step, sessions[0].run.steps) == (frame.step, frame.furthest) == (10, 10)


def test_undo_takes_back_only_what_the_moment_has_in_it(listener: Listener) -> None:
    part = Part("weight", 1, 2, 3)
    before = listener.after(Run(Granularity.BATCH, None, 10), is_paused).parameter(part)
    listener.after(SetParameter(part, 0.5, 1))
    early = listener.after(Seek(4))
    frame = listener.after(TakeBack(1))
    assert (frame.furthest, frame.restart) == (10, False), "nothing was done yet after 4 steps"
    assert frame.parameter(part) == early.parameter(part)
    frame = listener.after(TakeBack(1, again=True))
    assert frame.parameter(part) == early.parameter(part), "what was not taken back is not done again"
    listener.after(Seek(10))
    assert listener.after(TakeBack(1)).parameter(part) == before
    assert listener.after(TakeBack(1, again=True)).parameter(part) == 0.5
    listener.after(Step(Granularity.BATCH))
    listener.after(Seek(4))
    listener.after(Freeze(Part("bias", 1, 0), True, 2))  # another run, without the edit
    listener.after(Run(Granularity.BATCH, None, 10), is_paused)
    assert listener.after(TakeBack(1)).parameter(part) == listener.frames[-2].parameter(part)


def test_a_past_epoch_ends_where_it_ended(listener: Listener) -> None:
    """Also when its mini-batches became smaller on the way."""
    listener.after(Run(Granularity.BATCH, None, 2), is_paused)
    listener.after(Change(EXPERIMENT.changed(batch_size=10)))
    end = listener.after(Step(Granularity.EPOCH), is_paused).step
    assert end == 2 + 8
    listener.after(Step(Granularity.BATCH))
    listener.after(Seek(0))
    assert listener.after(Step(Granularity.EPOCH), is_paused).step == end
