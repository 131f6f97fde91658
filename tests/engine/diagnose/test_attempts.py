"""Cures tried for all to see, the overfit-ten-rows trial, and the instruments."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin, diagnose
from engine.diagnose import Attempt, instruments, overfit_ten_rows, try_cure
from engine.diagnose.instruments import pace
from engine.errors import DivergenceError


def xor(**settings: Any) -> Trainer:
    layers = settings.pop("layers", (Layer(4, "tanh"), Layer(1, "sigmoid")))
    defaults = {"loss": "binary_cross_entropy", "learning_rate": 1.0, "seed": 3}
    return Trainer(Experiment(layers, **{**defaults, **settings}), builtin("xor"))


def attempt(trainer: Trainer, **how: Any) -> Attempt:
    parameters = [*trainer.weights, *trainer.biases]
    finding = diagnose(trainer)[0]
    made = try_cure(trainer, finding, **how)
    assert made is not None and made.cause == finding.cause
    now = [*trainer.weights, *trainer.biases]
    assert all(np.array_equal(a, b) for a, b in zip(parameters, now, strict=True))
    return made


def test_a_cure_is_tried_from_the_start() -> None:
    trainer = xor(initializer="zeros")
    trainer.run(700)
    made = attempt(trainer)
    assert (made.began, made.whole, made.diverged) == (0, True, False)
    assert len(made.before) == len(made.after) == 700
    assert made.score_before.relative == pytest.approx(1.0)
    assert made.score_after.relative < 0.1
    with pytest.raises(FrozenInstanceError):
        made.began = 3  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        made.after.loss[0] = 0.0


def test_the_curve_of_a_cure_is_that_of_the_training_it_stands_for() -> None:
    trainer = xor(initializer="zeros")
    trainer.run(300)
    made = attempt(trainer)
    own = Trainer(made.experiment, trainer.dataset)
    own.run(300)
    assert np.array_equal(made.after.loss, own.scalars.loss)


def test_a_cure_can_branch_off_where_it_began() -> None:
    trainer = xor(learning_rate=0.5)
    trainer.run(100)
    trainer.change(trainer.experiment.changed(regularizer={"name": "l2", "strength": 0.3}))
    trainer.run(1500)
    made = attempt(trainer, since=True)
    assert made.began == 100
    assert np.array_equal(made.before.loss[:100], made.after.loss[:100])
    assert made.score_after.relative < 0.1 < made.score_before.relative
    assert len(trainer.history.runs) == 1


def test_letting_go_and_going_on_are_tried_too() -> None:
    held = xor()
    held.run(3)
    held.freeze([(1, i, j) for i in range(2) for j in range(4)], [(1, j) for j in range(4)])
    held.freeze([(2, i, 0) for i in range(4)], [(2, 0)])
    held.run(900)
    assert attempt(held).score_after.relative < 0.1
    assert attempt(held, since=True).began == 3

    short = xor()
    short.run(20)
    made = attempt(short)
    assert made.cause == "not_run_long_enough"
    assert made.began == 20 and len(made.after) == 60
    assert short.completed == short.furthest == 20


def test_other_data_are_tried_as_such() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-2, 2, (60, 1))
    data = Dataset.from_arrays(x, 5000 * np.sin(x[:, 0]))
    experiment = Experiment((Layer(12, "tanh"), Layer(1, "linear")), optimizer="adam", learning_rate=0.02)
    trainer = Trainer(experiment, data)
    trainer.run(600)
    made = attempt(trainer)
    assert made.cause == "unscaled_targets"
    assert made.score_after.relative < 0.1
    assert made.score_after.base == pytest.approx(0.5)


def test_a_try_can_be_stopped() -> None:
    trainer = xor(initializer="zeros")
    trainer.run(700)
    finding = diagnose(trainer)[0]
    made = try_cure(trainer, finding, stop=lambda: True)
    assert made is not None and not made.whole and len(made.after) == 0


def test_nothing_is_tried_where_nothing_cures() -> None:
    x = np.repeat(np.arange(30.0), 2)[:, None]
    trainer = Trainer(
        Experiment((Layer(4, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy"),
        Dataset.from_arrays(x / 30, np.tile([0, 1], 30), "binary"),
    )
    trainer.run(50)
    assert try_cure(trainer, diagnose(trainer)[0]) is None


def test_ten_rows_are_learned_by_heart() -> None:
    rng = np.random.default_rng(2)
    data = Dataset.from_arrays(rng.normal(size=(90, 3)), rng.integers(0, 3, 90), "multiclass")
    layers = (Layer(16, "tanh", 0.5), Layer(3, "softmax"))
    experiment = Experiment(
        layers, "cross_entropy", "adam", 0.02, regularizer={"name": "l2", "strength": 1.0}, validation=0.2
    )
    trainer = Trainer(experiment, data)
    trainer.run(20)
    made = overfit_ten_rows(trainer, steps=600)
    assert made.score_after.relative < 0.05
    assert made.whole and trainer.completed == 20
    stuck = Trainer(experiment.changed(initializer="zeros", learning_rate=1e-9), data)
    assert overfit_ten_rows(stuck, steps=300).score_after.relative > 0.9


def test_a_copy_goes_on_alike_and_apart() -> None:
    trainer = xor(layers=(Layer(6, "relu", 0.3), Layer(1, "sigmoid")), optimizer="adam", batch_size=3)
    trainer.run(301)
    trainer.freeze([(1, 0, 0)])
    other = trainer.copy()
    assert np.array_equal(trainer.run(70).loss, other.run(70).loss)
    other.seek(5)
    other.change(other.experiment.changed(learning_rate=0.5))
    other.run(10)
    assert (trainer.completed, trainer.furthest, len(trainer.history.runs)) == (371, 371, 1)
    assert other.experiment != trainer.experiment


# -- instruments -----------------------------------------------------------------------------------


def test_instruments_read_what_they_say() -> None:
    trainer = xor()
    trainer.run(50)
    record = trainer.peek()
    seen = instruments(trainer)
    updates = [
        np.sqrt(np.sum((wa - wb) ** 2) + np.sum((ba - bb) ** 2)) / np.sqrt(np.sum(wb**2) + np.sum(bb**2))
        for wa, wb, ba, bb in zip(
            record.weights_after,
            record.weights_before,
            record.biases_after,
            record.biases_before,
            strict=True,
        )
    ]
    np.testing.assert_allclose(seen.update_over_weights, updates)
    assert 0 < seen.alignment <= 1
    assert seen.distance <= seen.travelled
    assert seen.sharpness_times_rate == pytest.approx(seen.sharpness * 1.0)
    assert trainer.completed == 50


def test_the_pace_of_a_quadratic() -> None:
    """On a line's squared error lambda_max is known, and training blows up above 2."""
    x = np.array([[1.0], [2.0], [4.0]])
    data = Dataset.from_arrays(x, 3 * x[:, 0] - 1)
    sharpest = float(np.linalg.eigvalsh(np.array([[7.0, 7 / 3], [7 / 3, 1.0]]))[-1])
    for factor, expected in ((0.01, "creeping"), (0.5, "good"), (1.9, "edge"), (2.5, "blowing_up")):
        trainer = Trainer(Experiment((Layer(1, "linear"),), learning_rate=factor / sharpest), data)
        trainer.run(3)
        assert instruments(trainer).sharpness == pytest.approx(sharpest, rel=1e-6)
        assert instruments(trainer).pace == expected
    assert pace(float("nan")) == "blowing_up"


def test_instruments_after_a_divergence() -> None:
    x = np.random.default_rng(0).normal(size=(40, 2))
    trainer = Trainer(
        Experiment((Layer(8, "relu"), Layer(1, "linear")), learning_rate=50.0),
        Dataset.from_arrays(x, x[:, 0] ** 2),
    )
    with pytest.raises(DivergenceError):
        trainer.run(500)
    assert instruments(trainer).pace == "blowing_up"
