"""Whatever is left half done, a training is had back as it was before, and goes on bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine.files.session import capture
from engine.series import Series
from engine.training.backprop import Ring
from engine.training.history import History
from engine.training.measure import Measure
from tests.engine.both_plans import plan  # noqa: F401

IRIS = builtin("iris")
EXPERIMENT = Experiment(
    layers=(Layer(4, "tanh", dropout=0.2), Layer(3, "softmax")),
    loss="cross_entropy",
    optimizer="adam",
    learning_rate=0.02,
    schedule="reduce_on_plateau",
    batch_size=20,
    validation=0.2,
)


def breaking(owner: type, name: str, after: int, late: bool) -> Callable[[pytest.MonkeyPatch], None]:
    """Have a method raise at its call number `after`, before or after it has done its work."""

    def arm(monkeypatch: pytest.MonkeyPatch) -> None:
        original, calls = getattr(owner, name), [0]

        def broken(*args: Any, **keywords: Any) -> Any:
            calls[0] += 1
            if calls[0] != after:
                return original(*args, **keywords)
            if late:
                original(*args, **keywords)
            raise MemoryError

        monkeypatch.setattr(owner, name, broken)

    return arm


def train(trainer: Trainer) -> None:
    trainer.run(300)


def change(trainer: Trainer) -> None:
    trainer.change(EXPERIMENT.changed(learning_rate=0.5))


def hold(trainer: Trainer) -> None:
    trainer.freeze(weights=[(1, 0, 0)])


def restart(trainer: Trainer) -> None:
    trainer.reset()


def go_back(trainer: Trainer) -> None:
    trainer.seek(3)


@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize(
    ("act", "break_it"),
    [
        (train, breaking(Series, "append", 2, late=False)),
        (train, breaking(Series, "append", 2, late=True)),
        (train, breaking(Trainer, "_evaluate", 3, late=True)),
        (train, breaking(Measure, "steps", 3, late=False)),
        (train, breaking(Trainer, "_move_on", 2, late=True)),
        (train, breaking(Trainer, "_observe_epoch", 2, late=True)),
        (train, breaking(History, "keep", 1, late=True)),
        (change, breaking(Trainer, "_recompile", 1, late=False)),
        (change, breaking(Ring, "__init__", 1, late=False)),
        (hold, breaking(Trainer, "_recompile", 1, late=True)),
        (restart, breaking(Trainer, "_evaluate", 1, late=False)),
        (go_back, breaking(Trainer, "_move_on", 1, late=False)),
    ],
)
def test_the_state_before_comes_back(
    act: Callable[[Trainer], None],
    break_it: Callable[[pytest.MonkeyPatch], None],
    past: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer, undisturbed = Trainer(EXPERIMENT, IRIS), Trainer(EXPERIMENT, IRIS)
    for each in (trainer, undisturbed):
        each.run(71)
        each.set_parameters(biases=[b + 0.1 for b in each.biases])
        each.run(40)
        if past:
            each.seek(80)
    mark = trainer.mark()
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        break_it(patch)
        act(trainer)
        act(trainer)  # where the first did not come so far
    trainer.go_back_to(mark)
    assert len(trainer.history.runs) == 1 and trainer.furthest == 111
    assert same(trainer, undisturbed)
    for each in (trainer, undisturbed, again := capture(trainer).restore()):
        each.run(90)
    assert same(trainer, undisturbed) and same(again, undisturbed)
    assert np.array_equal(trainer.current.evaluations.read(), undisturbed.current.evaluations.read())
    trainer.seek(7)
    undisturbed.seek(7)
    assert same(trainer, undisturbed)


def same(one: Trainer, other: Trainer) -> bool:
    mine, its = one.snapshot().present, other.snapshot().present
    scalars = one.scalars_of(one.current), other.scalars_of(other.current)
    return (
        np.array_equal(mine.state, its.state)
        and (mine.step, mine.epoch, mine.offset, mine.plateau, mine.epoch_loss)
        == (its.step, its.epoch, its.offset, its.plateau, its.epoch_loss)
        and np.array_equal(scalars[0].loss, scalars[1].loss)
    )
