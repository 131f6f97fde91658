"""The timeline: any moment of any run is that of a training that made the same edits at the same steps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.errors import DivergenceError, ExperimentError
from engine.functions import OPTIMIZERS
from engine.series import Store
from engine.training import history
from engine.training.history import RECENT, History, first_difference
from tests.engine.both_plans import plan  # noqa: F401
from tests.engine.random_experiments import SCHEDULE_CASES, experiments

TINY_HISTORY = 4_000
"""Bytes; a few keyframes of a small network."""


class MadeEdit(NamedTuple):
    step: int
    make: Callable[[Trainer], None]


def moment(trainer: Trainer) -> list[Any]:
    """Every bit that decides how training goes on, and the series up to here."""
    try:
        record = trainer.peek()
    except DivergenceError as error:
        ahead: list[Any] = [error.kind, error.details, *(w.tobytes() for w in trainer.weights)]
    else:
        slots = [
            array.tobytes()
            for name, parts in record.slots_before.items()
            for arrays in parts
            for array in (np.frombuffer(name.encode(), np.uint8), *arrays)
        ]
        ahead = [
            record.indices.tobytes(),
            record.optimizer_step,
            record.learning_rate,
            *(array.tobytes() for array in (*record.weights_before, *record.biases_before)),
            *slots,
            *(array.tobytes() for array in (*record.frozen_weights, *record.frozen_biases)),
            # and what the next step makes of it all
            *(array.tobytes() for array in (*record.weights_after, *record.biases_after)),
        ]
    return [trainer.completed, trainer.epoch, trainer.epoch_began, *ahead, *series(trainer.scalars)]


def series(scalars: Scalars) -> list[bytes]:
    return [
        array.tobytes()
        for array in (
            scalars.steps,
            scalars.loss,
            scalars.penalty,
            scalars.metric,
            scalars.update_norm,
            scalars.learning_rate,
            scalars.gradient_norms,
            scalars.evaluated_steps,
            scalars.validation_loss,
            scalars.validation_metric,
        )
    ]


def fresh(experiment: Experiment, dataset: Dataset, edits: list[MadeEdit], step: int) -> Trainer:
    """A new training that is brought to `step`, the edits made on the way."""
    trainer = Trainer(experiment, dataset)
    for edit in edits:
        if edit.step > step:
            break
        trainer.run(edit.step - trainer.completed)
        edit.make(trainer)
    trainer.run(step - trainer.completed)
    return trainer


def held_by(record: StepRecord) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """What `Trainer.freeze` would have to be told."""
    weights = [
        (layer, int(source), int(unit))
        for layer, held in enumerate(record.frozen_weights, 1)
        for source, unit in np.argwhere(held)
    ]
    biases = [
        (layer, int(unit))
        for layer, held in enumerate(record.frozen_biases, 1)
        for unit in np.flatnonzero(held)
    ]
    return weights, biases


@dataclass
class Line:
    """What is known of a run: the edits it was made with, and how far it has come."""

    experiment: Experiment
    edits: list[MadeEdit]
    length: int = 0


class Walk:
    """A training that wanders about its timeline, and a note of what each run must be."""

    def __init__(self, experiment: Experiment, dataset: Dataset, history_bytes: int | None, gap: int) -> None:
        self.dataset = dataset
        limit = {} if history_bytes is None else {"history_bytes": history_bytes}
        self.trainer = Trainer(experiment, dataset, **limit)
        self.trainer.history.gap = gap
        self.lines: dict[int, Line] = {self.trainer.current.number: Line(experiment, [])}

    @property
    def line(self) -> Line:
        return self.lines[self.trainer.current.number]

    def note_length(self) -> None:
        self.line.length = max(self.line.length, self.trainer.completed)

    def run(self, steps: int) -> None:
        with suppress(DivergenceError):
            self.trainer.run(steps)
        self.note_length()

    def step(self) -> None:
        with suppress(DivergenceError):
            self.trainer.step()
        self.note_length()

    def seek(self, share: float) -> None:
        self.trainer.seek(round(share * self.line.length))

    def back(self) -> None:
        self.trainer.seek(max(0, self.trainer.completed - 1))

    def forget(self) -> None:
        self.trainer.forget_future()
        line, here = self.line, self.trainer.completed
        line.length, line.edits = here, [edit for edit in line.edits if edit.step <= here]

    def switch(self, index: int) -> None:
        runs = self.trainer.history.runs
        self.trainer.switch(runs[index % len(runs)])
        assert self.trainer.completed == self.line.length

    def reset(self) -> None:
        try:
            held = held_by(self.trainer.peek())
        except DivergenceError:
            return
        self.trainer.reset()
        line = Line(self.trainer.experiment, [MadeEdit(0, lambda trainer: trainer.freeze(*held))])
        self.lines[self.trainer.current.number] = line

    def edit(self, make: Callable[[Trainer], None]) -> None:
        trainer, line, here = self.trainer, self.line, self.trainer.completed
        number, before = trainer.current.number, trainer.experiment
        made_before, was_past = len(trainer.current.edits), here < line.length
        made = MadeEdit(here, make)
        try:
            make(trainer)
        except ExperimentError:
            assert trainer.experiment == before and trainer.current.number == number
            return
        if trainer.current.number != number:
            assert was_past and trainer.current.forked_at == here
            past = [edit for edit in line.edits if edit.step <= here]
            self.lines[trainer.current.number] = Line(line.experiment, [*past, made], here)
        elif len(trainer.current.edits) > made_before:
            assert not was_past
            line.edits.append(made)
        # else nothing was changed: the same settings again

    def check(self) -> None:
        trainer, line = self.trainer, self.line
        assert trainer.furthest == line.length
        reference = fresh(line.experiment, self.dataset, line.edits, trainer.completed)
        assert moment(trainer) == moment(reference)


@st.composite
def edits(draw: DrawFn, experiment: Experiment, rows: int) -> Callable[[Trainer], None]:
    units = [layer.units for layer in experiment.layers]
    layer = draw(st.integers(1, len(units)))
    unit = draw(st.integers(0, units[layer - 1] - 1))
    rate, factor = draw(st.floats(0.001, 0.05)), draw(st.floats(-1.0, 1.0))
    batch = draw(st.one_of(st.just("full"), st.integers(1, rows)))
    optimizer = draw(st.sampled_from([*OPTIMIZERS]))
    schedule = draw(st.sampled_from(SCHEDULE_CASES))
    dropout = draw(st.sampled_from([0.0, 0.4]))

    def change(trainer: Trainer, **changes: Any) -> None:
        trainer.change(trainer.experiment.changed(**changes))

    def change_dropout(trainer: Trainer) -> None:
        *hidden, last = trainer.experiment.layers
        change(trainer, layers=(*(Layer(each.units, each.activation, dropout) for each in hidden), last))

    choices: list[Callable[[Trainer], None]] = [
        lambda trainer: change(trainer, learning_rate=rate),
        lambda trainer: change(trainer, learning_rate=rate),
        lambda trainer: change(trainer, batch_size=batch),
        lambda trainer: change(trainer, optimizer=optimizer),
        lambda trainer: change(trainer, schedule=schedule),
        change_dropout,
        lambda trainer: trainer.set_parameters(biases=[b + factor for b in trainer.biases]),
        lambda trainer: trainer.set_parameters(weights=[w * factor for w in trainer.weights]),
        lambda trainer: trainer.freeze(weights=[(layer, 0, unit)], biases=[(layer, unit)]),
        lambda trainer: trainer.unfreeze(weights=[(layer, 0, unit)]),
    ]
    return draw(st.sampled_from(choices))


def wander(walk: Walk, data: st.DataObject, moves: int) -> None:
    trainer = walk.trainer
    rows = len(trainer.prepared.train_rows)
    for _ in range(moves):
        move = data.draw(
            st.sampled_from(
                ["run", "run", "step", "seek", "seek", "back", "edit", "edit", "switch", "forget"]
            )
        )
        if move == "run":
            walk.run(data.draw(st.integers(1, 150)))
        elif move == "step":
            walk.step()
        elif move == "seek":
            walk.seek(data.draw(st.floats(0, 1)))
        elif move == "back":
            walk.back()
        elif move == "switch":
            walk.switch(data.draw(st.integers(0, 9)))
        elif move == "forget":
            walk.forget()
        elif move == "reset":
            walk.reset()
        else:
            walk.edit(data.draw(edits(trainer.experiment, rows)))
        walk.check()


@given(experiments(), st.sampled_from([None, 0, TINY_HISTORY]), st.sampled_from([1, 4, 32, 256]), st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_moment_is_that_of_a_fresh_training(
    drawn: tuple[Experiment, Dataset], history_bytes: int | None, gap: int, data: st.DataObject
) -> None:
    wander(Walk(*drawn, history_bytes, gap), data, moves=10)


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
@pytest.mark.parametrize("schedule", SCHEDULE_CASES, ids=str)
def test_every_optimizer_with_every_schedule_comes_back(optimizer: str, schedule: Any) -> None:
    even = ([*OPTIMIZERS].index(optimizer) + SCHEDULE_CASES.index(schedule)) % 2 == 0
    experiment = experiment_of(optimizer=optimizer, schedule=schedule, validation=0.2 if even else 0.0)
    trainer = Trainer(experiment, noise(rows=33), history_bytes=12_000)
    trainer.history.gap = 8  # of epochs of 4 or 5 steps
    trainer.run(20)
    trainer.change(trainer.experiment.changed(learning_rate=0.02))
    seen = {}
    for step in range(20, 130, 9):
        trainer.run(step - trainer.completed)
        seen[step] = moment(trainer)
    for step in np.random.default_rng(1).permutation([*seen]).tolist():
        trainer.seek(step)
        assert moment(trainer) == seen[step]


def noise(rows: int = 50) -> Dataset:
    rng = np.random.default_rng(5)
    return Dataset.from_arrays(rng.normal(size=(rows, 3)), rng.normal(size=rows))


def experiment_of(**changes: Any) -> Experiment:
    plain = Experiment(
        (Layer(4, "tanh", 0.2), Layer(3, "relu"), Layer(1)), learning_rate=0.01, batch_size=7, validation=0.2
    )
    return plain.changed(**changes)


def test_a_change_to_all_rows_in_the_middle_of_an_epoch_waits_for_its_end() -> None:
    trainer = Trainer(experiment_of(validation=0.0, batch_size=10), noise(rows=40))
    trainer.history.gap = 1
    trainer.run(2)
    trainer.change(trainer.experiment.changed(batch_size="full"))
    ahead = [trainer.step().indices.tolist() for _ in range(3)]
    trainer.seek(3)
    trainer.seek(2)
    assert [trainer.step().indices.tolist() for _ in range(3)] == ahead
    assert len(ahead[0]) == 20 and ahead[1] == ahead[2] == [*range(40)]


# -- runs ------------------------------------------------------------------------------------------


def test_going_on_from_the_past_without_an_edit_keeps_the_future() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(100)
    end = moment(trainer)
    trainer.seek(30)
    trainer.run(20)
    assert (trainer.completed, trainer.furthest, len(trainer.history.runs)) == (50, 100, 1)
    trainer.run(50)
    assert moment(trainer) == end


def test_an_edit_in_the_past_forks_and_the_old_future_stays() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(100)
    old, end = trainer.current, moment(trainer)
    trainer.seek(60)
    trainer.change(trainer.experiment.changed(learning_rate=0.5))
    assert trainer.current is not old
    assert (trainer.furthest, trainer.current.forked_at, old.steps) == (60, 60, 100)
    trainer.run(10)
    trainer.switch(old)
    assert moment(trainer) == end
    assert trainer.experiment.learning_rate == 0.01


def test_edits_at_one_step_are_made_again_in_their_order() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(10)
    trainer.set_parameters(biases=[b + 1 for b in trainer.biases])
    trainer.set_parameters(biases=[b * 3 for b in trainer.biases])
    after = [b.tobytes() for b in trainer.biases]
    trainer.run(10)
    trainer.seek(0)
    trainer.seek(10)
    assert [b.tobytes() for b in trainer.biases] == after


def test_going_back_does_not_undo_an_edit_made_there() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(10)
    trainer.freeze(biases=[(1, 0)])
    trainer.run(5)
    trainer.seek(9)
    assert not trainer.peek().frozen_biases[0].any()
    trainer.seek(10)
    assert trainer.peek().frozen_biases[0].tolist() == [True, False, False, False]


@pytest.mark.parametrize("step", [-1, 101, 10**12, 3.0, True, "3"])
def test_seeking_a_step_that_is_not_there(step: Any) -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(100)
    before = moment(trainer)
    with pytest.raises(ExperimentError) as caught:
        trainer.seek(step)
    assert (caught.value.kind, caught.value.details["furthest"]) == ("beyond_history", 100)
    assert moment(trainer) == before


def test_the_number_of_a_deleted_run_is_not_given_again() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(5)
    for rate in (0.1, 0.2):
        trainer.seek(2)
        trainer.change(trainer.experiment.changed(learning_rate=rate))
        trainer.run(3)
    trainer.history.remove(trainer.history.runs[1])
    again = Trainer(experiment_of(), noise())
    again.restore(trainer.snapshot())
    for branching in (trainer, again):
        branching.seek(1)
        branching.freeze(biases=[(1, 0)])
        assert [run.number for run in branching.history.runs] == [0, 2, 3]


def test_a_snapshot_knows_nothing_of_later_edits() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(5)
    trainer.freeze(weights=[(1, 0, 0)])
    trainer.run(5)
    snapshot, then = trainer.snapshot(), moment(trainer)
    trainer.change(trainer.experiment.changed(learning_rate=0.001))
    trainer.freeze(weights=[(1, 0, 1)])
    trainer.run(5)
    assert [edit.what for edit in snapshot.history.runs[snapshot.current].edits] == ["frozen"]
    again = Trainer(experiment_of(), noise())
    again.restore(snapshot)
    assert moment(again) == then
    again.seek(0)
    again.seek(10)
    assert moment(again) == then


def test_forgetting_the_future() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(60)
    trainer.change(trainer.experiment.changed(learning_rate=0.5))
    trainer.run(40)
    trainer.seek(50)
    before = moment(trainer)
    trainer.forget_future()
    assert (trainer.furthest, trainer.is_past, trainer.current.edits) == (50, False, [])
    assert moment(trainer) == before
    trainer.run(50)
    plain = Trainer(experiment_of(), noise())
    plain.run(100)
    assert moment(trainer) == moment(plain)


# -- memory ----------------------------------------------------------------------------------------


@given(st.integers(2_000, 40_000), st.lists(st.integers(1, 500), min_size=1, max_size=6))
@settings(max_examples=5)
def test_keyframes_stay_within_their_bound(bound: int, lengths: list[int]) -> None:
    trainer = Trainer(experiment_of(optimizer="adam"), noise(), history_bytes=bound)
    history = trainer.history
    for length in lengths:
        trainer.run(length)
        assert history.nbytes <= bound
        trainer.seek(trainer.completed // 2)
        trainer.change(trainer.experiment.changed(learning_rate=trainer.experiment.learning_rate * 0.9))
        assert history.nbytes <= max(bound, 2_000 * len(history.runs))
        assert all(run.keyframes[0].step == 0 for run in history.runs)


def test_a_branch_when_memory_is_full() -> None:
    full, plain = Trainer(experiment_of(), noise(), history_bytes=0), Trainer(experiment_of(), noise())
    for trainer in (full, plain):
        trainer.run(500)
        trainer.seek(321)
        trainer.change(trainer.experiment.changed(learning_rate=0.05))
        trainer.run(400)
        trainer.seek(700)
    assert moment(full) == moment(plain)
    assert [len(run.keyframes) for run in full.history.runs] == [1, 1]


def test_replay_keeps_no_keyframe_twice() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(1000)
    kept = [keyframe.step for keyframe in trainer.current.keyframes]
    bytes_kept = trainer.history.kept_bytes
    assert len(kept) > 2 and kept == sorted(set(kept))
    for step in (kept[-1], 0, kept[-2], trainer.furthest, kept[-1] - 1, trainer.furthest):
        trainer.seek(step)
    trainer.seek(kept[-1] - 1)
    trainer.run(trainer.furthest - trainer.completed)
    assert [keyframe.step for keyframe in trainer.current.keyframes] == kept
    assert trainer.history.kept_bytes == trainer.history.nbytes == bytes_kept


def test_limiting_the_memory_later_changes_no_bit() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(3000)
    trainer.seek(1234)
    before = moment(trainer)
    trainer.history.limit(5_000)
    assert trainer.history.nbytes <= 5_000
    trainer.seek(0)
    trainer.seek(1234)
    assert moment(trainer) == before


# -- series ----------------------------------------------------------------------------------------


def test_no_step_is_lost_when_series_spill(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(memory_bytes=0)
    monkeypatch.setattr("engine.series.BLOCK_ROWS", 8)
    monkeypatch.setattr("engine.series.PAGE_BYTES", 64)
    monkeypatch.setattr("engine.series.STORE", store)
    trainer, stepped = Trainer(experiment_of(), noise()), Trainer(experiment_of(), noise())
    trainer.run(700)
    losses = [stepped.step().data_loss for _ in range(700)]
    assert store.disk_bytes > 0
    assert trainer.scalars.loss.tolist() == losses
    trainer.seek(77)
    trainer.change(trainer.experiment.changed(learning_rate=0.02))
    trainer.run(5)
    assert trainer.scalars.loss.tolist()[:77] == losses[:77]
    trainer.switch(trainer.history.runs[0])
    assert trainer.scalars.loss.tolist() == losses


def test_the_first_step_whose_loss_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "ROWS_AT_ONCE", 16)
    experiment = Experiment((Layer(3, "tanh"), Layer(1)), batch_size=5)
    rng = np.random.default_rng(2)
    trainer = Trainer(experiment, Dataset.from_arrays(rng.normal(size=(20, 2)), rng.normal(size=20)))
    trainer.run(100)
    old = trainer.current
    trainer.seek(40)
    trainer.change(experiment.changed(learning_rate=0.3))
    assert first_difference(old.series, trainer.current.series) is None
    trainer.run(100)
    new = trainer.current
    one, other = old.series.read()[:100, 0], new.series.read()[:100, 0]
    expected = 1 + int(np.flatnonzero(one != other)[0])
    assert expected == 42  # the step after the edit has the same loss still, its update is another
    assert first_difference(old.series, new.series) == expected
    assert first_difference(new.series, old.series, shared=40) == expected
    assert first_difference(old.series, old.series) is None


@pytest.mark.parametrize(("count", "worse"), [(100, 1.4), (1_000, 1.9)])
def test_what_is_kept_when_memory_is_full_lies_close_together_and_closest_near_the_end(
    count: int, worse: float
) -> None:
    trainer = Trainer(experiment_of(), noise())
    one = trainer.current.keyframes[0]
    history = History(count * one.nbytes, 4)
    run = history.begin(trainer.current.series.width)
    for step in range(0, 10_001, 4):
        run.series.append(np.zeros((step - run.steps, run.series.width)))
        history.make_room(one.state.nbytes)
        history.keep(run, replace(one, step=step))
        assert history.nbytes == history.kept_bytes <= history.budget
    kept = np.array([keyframe.step for keyframe in run.keyframes])
    replayed = [step - kept[kept <= step][-1] for step in range(10_001)]
    assert len(kept) > 0.9 * count
    # Ones spread evenly, which those that can only be dropped cannot be, would come to 0.95
    assert np.percentile(replayed, 95) < worse * 10_000 / count
    assert set(np.diff(kept[-RECENT:]).tolist()) == {4}


def test_what_runs_share_is_dropped_from_all_of_them() -> None:
    trainer = Trainer(experiment_of(), noise())
    trainer.run(2_000)
    trainer.history.gap = 50
    trainer.seek(1_500)
    trainer.change(trainer.experiment.changed(learning_rate=0.05))
    trainer.run(1_000)
    trainer.history.limit(20 * trainer.current.keyframes[0].nbytes)
    first, second = trainer.history.runs
    assert trainer.history.kept_bytes == trainer.history.nbytes <= trainer.history.budget
    shared = [keyframe for keyframe in first.keyframes if keyframe.step <= 1_500]
    assert len(shared) > 2 and all(a is b for a, b in zip(shared, second.keyframes, strict=False))
    before = moment(trainer)
    trainer.switch(first, 1_999)
    trainer.switch(second)
    assert moment(trainer) == before
