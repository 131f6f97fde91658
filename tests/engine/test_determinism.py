"""The same experiment gives the same bits, however its steps are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.errors import DivergenceError
from engine.functions import OPTIMIZERS
from engine.training.large import BLOCK
from tests.engine.both_plans import plan  # noqa: F401
from tests.engine.random_experiments import experiments

Edit = Callable[[Trainer], None]
Edits = dict[int, list[Edit]]


def arrays_of(value: Any) -> Iterable[Any]:
    """All arrays and numbers of a record or of scalars, in order."""
    if isinstance(value, StepRecord | Scalars):
        for item in fields(value):
            yield from arrays_of(getattr(value, item.name))
    elif isinstance(value, dict):
        yield from arrays_of(tuple(value.items()))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from arrays_of(item)
    else:
        yield value


def bits(value: Any) -> list[Any]:
    """`value` in a form that is equal only if every bit is."""
    return [
        (x.dtype.str, x.shape, x.tobytes()) if isinstance(x, np.ndarray) else repr(x)
        for x in arrays_of(value)
    ]


def state(trainer: Trainer) -> list[Any]:
    """Everything a trainer holds: parameters, slots, place in the data, and the series."""
    try:
        ahead: Any = trainer.peek()
    except DivergenceError as error:
        ahead = (str(error), trainer.weights, trainer.biases)
    return [trainer.completed, trainer.epoch, bits(ahead), bits(trainer.scalars)]


def advance(trainer: Trainer, goal: int, edits: Edits, chunks: Iterable[int]) -> str:
    """Train to step `goal` in pieces of the sizes given (0: one `step`), stopping to edit.

    Returns what went wrong, or "".
    """
    pending = {step: list(todo) for step, todo in edits.items()}
    try:
        for size in chunks:
            for edit in pending.pop(trainer.completed, []):
                edit(trainer)
            if trainer.completed >= goal:
                return ""
            stops = [step for step in pending if step > trainer.completed]
            ahead = min([goal, *stops]) - trainer.completed
            if size == 0:
                trainer.step()
            else:
                trainer.run(min(size, ahead))
    except DivergenceError as error:
        return str(error)
    raise AssertionError("more chunks are needed")


def endless(sizes: list[int]) -> Iterable[int]:
    while True:
        yield from sizes


@st.composite
def edits(draw: DrawFn, experiment: Experiment, rows: int, goal: int) -> Edits:
    """Some changes on the fly."""
    found: Edits = {}
    units = [layer.units for layer in experiment.layers]
    for _ in range(draw(st.integers(0, 4))):
        layer = draw(st.integers(1, len(units)))
        unit = draw(st.integers(0, units[layer - 1] - 1))
        changes: dict[str, Any] = {
            "batch_size": draw(st.one_of(st.just("full"), st.integers(1, max(1, rows - 1)))),
            "learning_rate": draw(st.floats(0.001, 0.05)),
            "optimizer": draw(st.sampled_from(["sgd", "momentum", "adam"])),
        }
        name = draw(st.sampled_from([*changes]))
        choices: list[Edit] = [
            lambda t, n=name, v=changes[name]: t.change(t.experiment.changed(**{n: v})),  # type: ignore[misc]
            lambda t, k=layer, u=unit: t.freeze(weights=[(k, 0, u)], biases=[(k, u)]),  # type: ignore[misc]
            lambda t, k=layer, u=unit: t.unfreeze(weights=[(k, 0, u)]),  # type: ignore[misc]
            lambda t: t.set_parameters(biases=[b + 0.25 for b in t.biases]),
        ]
        found.setdefault(draw(st.integers(0, goal)), []).append(draw(st.sampled_from(choices)))
    return found


GOAL = 90  # more than a ring of steps holds


@given(experiments(), st.lists(st.integers(0, 70), min_size=1, max_size=6), st.data())
@settings(max_examples=10)
def test_run_step_and_any_mixture_agree(
    drawn: tuple[Experiment, Dataset], sizes: list[int], data: st.DataObject
) -> None:
    experiment, dataset = drawn
    reference, stepped, mixed = (Trainer(experiment, dataset) for _ in range(3))
    rows = len(reference.prepared.train_rows)
    changes = data.draw(edits(experiment, rows, GOAL))
    outcome = advance(reference, GOAL, changes, endless([1000]))
    assert advance(stepped, GOAL, changes, endless([0])) == outcome
    assert advance(mixed, GOAL, changes, endless(sizes)) == outcome
    expected = state(reference)
    assert state(stepped) == expected
    assert state(mixed) == expected


@given(experiments(), st.integers(1, GOAL))
@settings(max_examples=12)
def test_reset_and_a_new_trainer_agree(drawn: tuple[Experiment, Dataset], before: int) -> None:
    experiment, data = drawn
    used, fresh = Trainer(experiment, data), Trainer(experiment, data)
    outcome = advance(used, before, {}, endless([1000]))
    start = state(fresh)
    used.reset()
    assert state(used) == start
    assert advance(used, before, {}, endless([1000])) == outcome
    assert advance(fresh, before, {}, endless([1000])) == outcome
    assert state(used) == state(fresh)


@given(experiments(), st.integers(0, 70))
@settings(max_examples=12)
def test_peek_changes_nothing_and_tells_what_step_does(drawn: tuple[Experiment, Dataset], steps: int) -> None:
    experiment, data = drawn
    curious, plain = Trainer(experiment, data), Trainer(experiment, data)
    assume(advance(plain, steps, {}, endless([1000])) == "")
    for size in (steps // 2, steps - steps // 2):
        curious.peek()
        curious.run(size)
    try:
        ahead = curious.peek()
    except DivergenceError:
        assume(False)
    assert bits(curious.peek()) == bits(ahead)
    assert bits(curious.step()) == bits(ahead)
    plain.run(1)
    assert state(curious) == state(plain)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("sizes", [(40, 64, 16, 3), (120, 200, 60, 3)])
def test_networks_of_any_ring_length(sizes: tuple[int, ...], optimizer: str) -> None:
    rng = np.random.default_rng(1)
    labels = np.eye(3)[rng.integers(3, size=70)]
    data = Dataset.from_arrays(rng.normal(size=(70, sizes[0])), labels, kind="multiclass")
    layers = [*(Layer(n, "relu", 0.2) for n in sizes[1:-1]), Layer(3, "softmax")]
    experiment = Experiment(
        layers,
        "cross_entropy",
        optimizer,
        learning_rate=0.01,
        batch_size=16,
        validation=0.2,
    )
    reference, stepped, mixed = (Trainer(experiment, data) for _ in range(3))
    for trainer, chunks in ((reference, [1000]), (stepped, [0]), (mixed, [7, 0, 3, 20])):
        assert advance(trainer, 40, {}, endless(chunks)) == ""
    assert state(stepped) == state(reference)
    assert state(mixed) == state(reference)


@pytest.mark.parametrize(
    "settings",
    [
        {"dtype": "float32", "regularizer": "l2"},
        {"regularizer": "l1", "clipping": "global_norm"},
        {"dtype": "float32", "clipping": "value", "update_order": "output_first"},
    ],
)
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_a_network_of_many_blocks_steps_and_goes_back_alike(optimizer: str, settings: dict[str, Any]) -> None:
    """The update of a large network is made some parameters at a time."""
    rng = np.random.default_rng(1)
    labels = np.eye(3)[rng.integers(3, size=40)]
    data = Dataset.from_arrays(rng.normal(size=(40, 150)), labels, kind="multiclass")
    layers = [Layer(200, "tanh", 0.2), Layer(20, "relu"), Layer(3, "softmax")]
    experiment = Experiment(layers, "cross_entropy", optimizer, learning_rate=0.01, batch_size=16, **settings)
    reference, stepped = Trainer(experiment, data), Trainer(experiment, data)
    assert reference.packing.size > 2 * BLOCK
    reference.run(12)
    for _ in range(12):
        stepped.step()
    assert state(stepped) == state(reference)
    reference.run(5)
    for step in (0, 7, 12):
        reference.seek(step)
    assert state(stepped) == state(reference)


def test_the_seed_decides() -> None:
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(30, 2)), rng.normal(size=30))
    first, again, other = (
        Trainer(Experiment((Layer(3, "tanh", 0.5), Layer(1)), batch_size=7, seed=seed), data)
        for seed in (5, 5, 6)
    )
    for trainer in (first, again, other):
        trainer.run(20)
    assert state(first) == state(again)
    assert state(first) != state(other)


def test_stopping_a_run_leaves_out_nothing() -> None:
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(30, 2)), rng.normal(size=30))
    stopped, plain = (Trainer(Experiment((Layer(3, "tanh"), Layer(1)), batch_size=7), data) for _ in range(2))
    asked = []

    def stop() -> bool:
        asked.append(stopped.completed)
        return len(asked) > 3

    part = stopped.run(10_000, stop)
    assert 0 < stopped.completed == len(part) == asked[-1] < 10_000
    stopped.run(300)
    plain.run(stopped.completed)
    assert state(stopped) == state(plain)


def test_slots_that_decay_into_nothing_are_cleared_at_the_same_step() -> None:
    """Momentum of a dead unit, below 1e-150 after 256 steps: cleared there, or arithmetic would be slow."""

    def trained(advance: Callable[[Trainer, int], object]) -> Trainer:
        layers = (Layer(1, "relu"), Layer(1))
        experiment = Experiment(layers, optimizer={"name": "momentum", "momentum": 0.1}, learning_rate=1e-3)
        trainer = Trainer(experiment, Dataset.from_arrays([[1.0], [2.0]], [1.0, 3.0]))
        trainer.set_parameters([[[1.0]], [[1.0]]], [[0.0], [0.0]])
        trainer.step()
        trainer.set_parameters(biases=[[-100.0], [0.0]])
        advance(trainer, 250)
        (slot,) = trainer.peek().slots_before.values()
        assert 0 < abs(slot[0][0][0, 0]) < 1e-150
        advance(trainer, 40)
        (slot,) = trainer.peek().slots_before.values()
        assert slot[0][0][0, 0] == 0
        return trainer

    def by_steps(trainer: Trainer, count: int) -> None:
        for _ in range(count):
            trainer.step()

    at_once, stepped = trained(lambda trainer, count: trainer.run(count)), trained(by_steps)
    assert state(at_once) == state(stepped)
    at_once.seek(100)
    at_once.seek(stepped.completed)
    assert state(at_once) == state(stepped)
