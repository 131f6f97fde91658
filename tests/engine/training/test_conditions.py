from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.errors import DivergenceError, ExperimentError
from engine.parts import Part
from engine.training.conditions import (
    CONDITIONS,
    BiasCrosses,
    Breakpoint,
    Condition,
    EpochReached,
    GradientAbove,
    GradientBelow,
    LossAbove,
    LossBelow,
    StepReached,
    UnitDead,
    UnitSaturated,
    ValidationStalled,
    WeightCrosses,
)
from engine.training.stretch import Stretch
from engine.training.watcher import Hit, Watcher
from tests.engine.both_plans import plan  # noqa: F401
from tests.engine.random_experiments import experiments, rules

GOAL = 150


def true_in(condition: Condition, record: StepRecord, experiment: Experiment) -> list[tuple[Part, bool]]:
    """What is true of one step, by its record alone: each place, and whether it is so there."""
    match condition:
        case LossBelow(value):
            return [(Part("loss"), record.data_loss < value)]
        case LossAbove(value):
            return [(Part("loss"), record.data_loss > value)]
        case GradientBelow(layer, value) | GradientAbove(layer, value):
            parts = [record.weight_grads[layer - 1].ravel(), record.bias_grads[layer - 1]]
            norm = float(np.linalg.norm(np.concatenate(parts)))
            below = isinstance(condition, GradientBelow)
            return [(Part("layer", layer), norm < value if below else norm > value)]
        case WeightCrosses(layer, source, unit, value):
            before = record.weights_before[layer - 1][source, unit]
            after = record.weights_after[layer - 1][source, unit]
            return [(Part("weight", layer, unit, source), (before >= value) != (after >= value))]
        case BiasCrosses(layer, unit, value):
            before, after = record.biases_before[layer - 1][unit], record.biases_after[layer - 1][unit]
            return [(Part("bias", layer, unit), (before >= value) != (after >= value))]
        case StepReached(step):
            return [(Part("loss"), record.step == step)]
        case UnitDead() | UnitSaturated():
            found = []
            for layer, z in enumerate(record.z, 1):
                rule = experiment.layers[layer - 1].activation
                for unit in range(z.shape[1]):
                    place = Part("unit", layer, unit)
                    natural = layer == len(record.z) and rule.name == experiment.loss.natural
                    if isinstance(condition, UnitDead):
                        found.append((place, rule.name == "relu" and bool((z[:, unit] <= 0).all())))
                    elif rule.name in ("relu", "linear", "softmax") or natural:
                        found.append((place, False))
                    else:
                        slopes = np.abs(rule.slope(z)[:, unit])
                        found.append((place, bool((slopes < condition.slope).all())))
            return found
    raise AssertionError(condition)


def hits_one_by_one(conditions: list[Condition], trainer: Trainer, steps: int) -> list[tuple[int, Any, Any]]:
    """(step, condition, place) of every pause, found by looking at one record after the other."""
    counts: dict[tuple[Condition, Part], int] = {}
    ends: list[int] = []
    stalled: dict[Condition, int] = {}
    hits = []
    for _ in range(steps):
        epoch = trainer.epoch
        try:
            record = trainer.step()
        except DivergenceError:
            break
        if trainer.epoch > epoch:
            ends.append(record.step)
        found: tuple[int, Any, Any] | None = None
        for condition in conditions:
            if isinstance(condition, EpochReached):
                came = trainer.epoch > epoch and len(ends) == condition.epoch
                places = [Part("loss")] if came else []
            elif isinstance(condition, ValidationStalled):
                losses = trainer.scalars.validation_loss
                places = []
                if trainer.epoch > epoch and len(losses):
                    improved = losses[-1] < losses[:-1].min()
                    stalled[condition] = 0 if improved else stalled.get(condition, 0) + 1
                    if stalled[condition] == condition.epochs:
                        places = [Part("loss")]
            else:
                places = []
                patience = getattr(condition, "steps", 1)
                for place, holds in true_in(condition, record, trainer.experiment):
                    key = condition, place
                    counts[key] = counts.get(key, 0) + 1 if holds else 0
                    if counts[key] == patience:
                        places.append(place)
            if places and found is None:
                found = record.step, condition, places[0]
        if found is not None:
            hits.append(found)
    return hits


def hits_of(watcher: Watcher, trainer: Trainer, goal: int, sizes: list[int]) -> list[Hit]:
    """Every pause on the way to step `goal`, pressing Run again after each."""
    hits = []
    turn = 0
    try:
        while trainer.completed < goal:
            size = min(sizes[turn % len(sizes)], goal - trainer.completed)
            turn += 1
            hit = watcher.run(trainer, size)
            if hit is not None:
                assert trainer.completed == trainer.furthest == hit.step
                hits.append(hit)
    except DivergenceError:
        pass
    return hits


@st.composite
def conditions(draw: DrawFn, experiment: Experiment, dataset: Dataset) -> list[Condition]:
    """Conditions that may well come true in the first steps of an experiment."""
    widths = [dataset.inputs.shape[1], *(layer.units for layer in experiment.layers)]
    layer = draw(st.integers(1, len(experiment.layers)))
    unit = draw(st.integers(0, widths[layer] - 1))
    around = st.floats(0.01, 2.0)
    choices: dict[str, Condition] = {
        "loss_below": LossBelow(draw(around)),
        "loss_above": LossAbove(draw(around)),
        "stalled": ValidationStalled(draw(st.integers(1, 4))),
        "gradient_below": GradientBelow(layer, draw(st.floats(0.0001, 0.3))),
        "gradient_above": GradientAbove(layer, draw(st.floats(0.0001, 0.3))),
        "dead": UnitDead(draw(st.integers(1, 80))),
        "saturated": UnitSaturated(draw(st.floats(0.01, 0.3)), draw(st.integers(1, 80))),
        "weight": WeightCrosses(
            layer, draw(st.integers(0, widths[layer - 1] - 1)), unit, draw(st.floats(-0.5, 0.5))
        ),
        "bias": BiasCrosses(layer, unit, draw(st.floats(-0.1, 0.1))),
        "step": StepReached(draw(st.integers(1, GOAL + 9))),
        "epoch": EpochReached(draw(st.integers(1, 40))),
    }
    names = draw(st.lists(st.sampled_from([*choices]), min_size=1, max_size=4, unique=True))
    return [choices[name] for name in names]


@given(experiments(), st.lists(st.integers(1, 100), min_size=1, max_size=4), st.data())
@settings(max_examples=10)
def test_pauses_are_those_found_one_by_one(
    drawn: tuple[Experiment, Dataset], sizes: list[int], data: st.DataObject
) -> None:
    chosen = data.draw(conditions(*drawn))
    watched, stepped, plain = (Trainer(*drawn) for _ in range(3))
    watcher = Watcher(Breakpoint(condition) for condition in chosen)
    hits = hits_of(watcher, watched, GOAL, sizes)
    expected = hits_one_by_one(chosen, stepped, GOAL)
    got = [(hit.step, hit.condition, hit.part) for hit in hits]
    assert got == expected, (got, expected)
    try:
        plain.run(watched.completed)
        ahead = plain.peek()
    except DivergenceError:
        return
    same = watched.peek()
    assert bits(same.weights_after) == bits(ahead.weights_after), (got, watched.completed)
    assert_same_series(watched.scalars, plain.scalars)


def bits(arrays: Any) -> list[bytes]:
    return [array.tobytes() for array in arrays]


def assert_same_series(one: Scalars, other: Scalars) -> None:
    assert one.steps.tobytes() == other.steps.tobytes()
    assert one.loss.tobytes() == other.loss.tobytes()
    assert one.validation_loss.tobytes() == other.validation_loss.tobytes()


def xor(**changes: Any) -> Trainer:
    data = Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], kind="binary")
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", learning_rate=0.5, seed=3
    )
    return Trainer(experiment.changed(**changes), data)


def one(condition: Condition) -> Watcher:
    return Watcher([Breakpoint(condition)])


def test_true_at_once_pauses_once_and_lets_go_on() -> None:
    trainer, watcher = xor(), one(LossBelow(1000.0))
    hit = watcher.run(trainer, 500)
    assert hit is not None
    assert (hit.step, trainer.completed) == (1, 1)
    assert watcher.run(trainer, 500) is None
    assert trainer.completed == 501


def test_true_again_pauses_again() -> None:
    trainer = xor(batch_size=1)
    losses = Trainer(trainer.experiment, trainer.dataset).run(300).loss
    value = float(np.median(losses))
    rises = 1 + np.flatnonzero((losses >= value) & np.concatenate([[True], losses[:-1] < value]))
    watcher = one(LossAbove(float(np.nextafter(value, 0))))
    assert [hit.step for hit in hits_of(watcher, trainer, 300, [1000])] == rises.tolist()


def test_going_elsewhere_arms_anew() -> None:
    trainer, watcher = xor(), one(LossBelow(1000.0))
    assert watcher.run(trainer, 100) is not None
    assert watcher.run(trainer, 99) is None
    trainer.seek(10)
    hit = watcher.run(trainer, 80)
    assert hit is not None
    assert (trainer.completed, trainer.furthest) == (11, 100)
    trainer.seek(10)
    trainer.change(trainer.experiment.changed(learning_rate=0.1))
    hit = watcher.run(trainer, 80)
    assert hit is not None and hit.step == 11


@given(experiments(), st.integers(1, 100))
@settings(max_examples=15)
def test_slopes_of_a_stretch_are_those_of_its_records(drawn: tuple[Experiment, Dataset], steps: int) -> None:
    run, stepped = Trainer(*drawn), Trainer(*drawn)
    try:
        run.run(steps, watched=True)
        stepped.run(run.chunk.before)
        records = [stepped.step() for _ in range(run.completed - run.chunk.before)]
    except DivergenceError:
        return
    for layer, slopes in enumerate(Stretch(run, np.inf).slopes, 1):
        if not np.isinf(slopes).any():
            rule = drawn[0].layers[layer - 1].activation
            expected = [np.abs(rule.slope(record.z[layer - 1])).max(axis=0) for record in records]
            tolerance = 1e-4 if drawn[0].dtype == "float32" else 1e-9
            np.testing.assert_allclose(slopes, expected, atol=tolerance)


def test_the_known_future_is_kept_and_the_unknown_not_begun() -> None:
    trainer, watcher = xor(), one(StepReached(70))
    trainer.run(90)
    known = trainer.scalars.loss.tobytes()
    trainer.seek(3)
    watcher.run(trainer, 500)
    assert (trainer.completed, trainer.furthest) == (70, 90)
    trainer.seek(90)
    assert trainer.scalars.loss.tobytes() == known
    watcher.watch([Breakpoint(StepReached(95))])
    watcher.run(trainer, 500)
    assert (trainer.completed, trainer.furthest) == (95, 95)
    trainer.change(trainer.experiment.changed(learning_rate=0.1))
    assert len(trainer.history.runs) == 1


def test_single_steps_count_too() -> None:
    trainer, watcher = xor(), one(LossBelow(1000.0))
    trainer.step()
    hit = watcher.look(trainer)
    assert hit is not None and hit.step == 1
    assert watcher.look(trainer) is None
    trainer.step()
    assert watcher.look(trainer) is None
    assert watcher.run(trainer, 100) is None


def test_off_is_not_looked_at() -> None:
    trainer, watcher = xor(), Watcher([Breakpoint(StepReached(5), on=False), Breakpoint(StepReached(9))])
    hit = watcher.run(trainer, 100)
    assert hit is not None and hit.step == 9
    watcher.watch([Breakpoint(StepReached(12), on=False)])
    assert watcher.run(trainer, 50) is None
    assert trainer.completed == 59


def test_setting_another_leaves_what_has_paused_alone() -> None:
    trainer, watcher = xor(), one(LossBelow(1000.0))
    watcher.run(trainer, 10)
    watcher.watch([Breakpoint(LossBelow(1000.0)), Breakpoint(StepReached(8))])
    hit = watcher.run(trainer, 100)
    assert hit is not None and hit.step == 8


def test_a_place_that_is_not_in_the_network_is_left_out() -> None:
    trainer = xor()
    outside = [GradientBelow(3, 1e9), WeightCrosses(1, 2, 0, 0.0), BiasCrosses(2, 1, 0.0)]
    assert not any(condition.part.exists(trainer.packing.sizes) for condition in outside)
    assert GradientBelow(2, 1e9).part.exists(trainer.packing.sizes)
    watcher = Watcher(Breakpoint(condition) for condition in outside)
    assert watcher.run(trainer, 100) is None


def test_no_validation_never_stalls() -> None:
    assert one(ValidationStalled(1)).run(xor(), 200) is None


def test_stop_is_asked_while_watching() -> None:
    trainer = xor()
    assert one(StepReached(10_000)).run(trainer, 10_000, lambda: trainer.completed >= 200) is None
    assert 200 <= trainer.completed < 300


def test_what_comes_true_before_a_divergence_is_told() -> None:
    data = Dataset.from_arrays(np.ones((4, 1)), np.arange(4.0))
    trainer = Trainer(Experiment((Layer(1),), learning_rate=5.0), data)
    losses = []
    with pytest.raises(DivergenceError) as caught:
        while True:
            losses.append(trainer.step().data_loss)
    trainer.reset()
    watcher = one(StepReached(len(losses) - 1))
    hit = watcher.run(trainer, 10_000)
    assert hit is not None and hit.step == trainer.completed == len(losses) - 1
    with pytest.raises(DivergenceError) as again:
        watcher.run(trainer, 10_000)
    assert again.value.details == caught.value.details


def test_an_edit_in_the_known_future_is_met_again() -> None:
    trainer, watcher = xor(), one(WeightCrosses(1, 0, 0, 5.0))
    trainer.run(20)
    weights = trainer.weights
    weights[0][0, 0] = 9.0
    trainer.set_parameters(weights=weights)
    trainer.run(30)
    trainer.seek(0)
    hit = watcher.run(trainer, 50)
    assert hit is not None and (hit.step, hit.value) == (20, 9.0)


@given(rules(CONDITIONS), st.booleans())
def test_plain_comes_back(condition: Any, on: bool) -> None:
    breakpoint = Breakpoint(condition, on)
    assert Breakpoint.from_plain(breakpoint.plain()) == breakpoint


@pytest.mark.parametrize(
    ("plain", "kind", "field"),
    [
        ({"name": "loss_under"}, "unknown_name", "breakpoint"),
        ({"name": "loss_below", "vlaue": 1.0}, "unknown_field", "breakpoint.vlaue"),
        ({"name": "loss_below", "value": float("nan")}, "out_of_range", "breakpoint.value"),
        ({"name": "unit_dead", "steps": 0}, "out_of_range", "breakpoint.steps"),
        ({"name": "unit_dead", "steps": "ten"}, "wrong_type", "breakpoint.steps"),
        ({"name": "loss_below", "on": 1}, "wrong_type", "breakpoint.on"),
        ({"on": True}, "unknown_name", "breakpoint"),
    ],
)
def test_bad_plain_names_the_place(plain: dict[str, Any], kind: str, field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Breakpoint.from_plain(plain)
    assert (caught.value.kind, caught.value.field) == (kind, field)
