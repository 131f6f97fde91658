"""Gradient health, against numbers worked out by other means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.errors import DivergenceError
from engine.health import Flag, gradient_health
from engine.parts import Part
from tests.engine.random_experiments import experiments

INPUTS = np.array([[0.5, -1.0], [1.0, 2.0], [-1.5, 0.5], [2.0, 1.0], [0.25, 0.75]])


def made(
    layers: tuple[Layer, ...], weights: list[Any], biases: list[Any], rows: int = 5, **settings: Any
) -> tuple[Experiment, StepRecord]:
    data = Dataset.from_arrays(INPUTS[:rows], np.linspace(0, 1, rows))
    experiment = Experiment(layers, **settings)
    trainer = Trainer(experiment, data)
    trainer.set_parameters([np.array(w, float) for w in weights], [np.array(b, float) for b in biases])
    return experiment, trainer.step()


def flags(experiment: Experiment, record: StepRecord, kind: str) -> list[Flag]:
    return [flag for flag in gradient_health(experiment, record).flags if flag.kind == kind]


@given(experiments())
@settings(max_examples=50)
def test_norms_are_those_of_the_series(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    try:
        trainer.run(3)
        record = trainer.step()
    except DivergenceError:
        return
    scalars: Scalars = trainer.scalars
    norms = gradient_health(experiment, record).norms
    tolerance = 1e-5 if experiment.dtype == "float32" else 1e-12
    np.testing.assert_allclose(norms, scalars.gradient_norms[-1], rtol=tolerance)


def test_a_dead_relu_and_no_other() -> None:
    # z of unit 0 is negative for all rows, that of unit 1 for some
    weights = [[[0.1, 1.0], [0.1, 0.0]], [[1.0], [1.0]]]
    layers = (Layer(2, "relu"), Layer(1))
    experiment, record = made(layers, weights, [[-5.0, 0.0], [0.0]])
    assert flags(experiment, record, "dead") == [Flag("dead", Part("unit", 1, 0), 0.0)]
    assert record.weight_grads[0][:, 0].tolist() == [0.0, 0.0]


def test_z_of_exactly_0_lets_nothing_through() -> None:
    experiment, record = made((Layer(1, "relu"), Layer(1)), [[[0], [0]], [[1]]], [[0], [0]])
    assert [flag.part for flag in flags(experiment, record, "dead")] == [Part("unit", 1, 0)]


def test_few_samples_say_nothing_about_units() -> None:
    experiment, record = made((Layer(1, "relu"), Layer(1)), [[[0], [0]], [[1]]], [[-5], [0]], rows=4)
    assert flags(experiment, record, "dead") == []


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softsign", "hard_sigmoid", "gelu", "softplus"])
def test_a_saturated_unit_with_its_largest_slope(activation: str) -> None:
    # z of unit 0 lies far from 0 for all rows, that of unit 1 for all but one
    weights = [[[0.0, 100.0], [0.0, 0.0]], [[1.0], [1.0]]]
    experiment, record = made((Layer(2, activation), Layer(1)), weights, [[-40.0, -100.0], [0.0]])
    (flag,) = flags(experiment, record, "saturated")
    h = 1e-6
    rule = experiment.layers[0].activation
    high, low = rule.value(np.array([-40.0 + h])), rule.value(np.array([-40.0 - h]))
    assert flag.part == Part("unit", 1, 0)
    assert flag.value == pytest.approx(abs(float((high - low)[0])) / (2 * h), abs=1e-9)


@pytest.mark.parametrize("activation", ["relu", "linear", "softmax"])
def test_what_does_not_saturate(activation: str) -> None:
    weights = [[[0.0, 0.0], [0.0, 0.0]], [[1.0], [1.0]]]
    experiment, record = made((Layer(2, activation), Layer(1)), weights, [[-40.0, 40.0], [0.0]])
    assert flags(experiment, record, "saturated") == []


def test_an_output_whose_loss_undoes_the_slope_is_not_saturated() -> None:
    data = Dataset.from_arrays(INPUTS, [0, 1, 0, 1, 1], kind="binary")
    found = {}
    for loss in ("binary_cross_entropy", "squared_error"):
        trainer = Trainer(Experiment((Layer(1, "sigmoid"),), loss), data)
        trainer.set_parameters([np.zeros((2, 1))], [np.array([30.0])])
        found[loss] = flags(trainer.experiment, trainer.step(), "saturated")
    assert found["binary_cross_entropy"] == []
    assert [flag.part for flag in found["squared_error"]] == [Part("unit", 1, 0)]


def chain(factors: list[float]) -> tuple[Experiment, StepRecord]:
    """One linear unit after another: dL/dz shrinks or grows by exactly the weights."""
    weights = [[[1.0], [0.0]], *([[factor]] for factor in factors)]
    layers = (*(Layer(1) for _ in factors), Layer(1))
    return made(layers, weights, [[0.0]] * len(weights), learning_rate=1e-30)


def test_a_vanishing_gradient_with_its_share() -> None:
    experiment, record = chain([0.5, 0.04, 0.04])
    (flag,) = flags(experiment, record, "vanishing")
    assert flag.part == Part("layer", 1)
    assert flag.value == pytest.approx(0.5 * 0.04 * 0.04, rel=1e-12)
    assert flags(experiment, record, "exploding") == []


def test_an_exploding_gradient_with_its_multiple() -> None:
    experiment, record = chain([3.0, 40.0, 40.0])
    found = flags(experiment, record, "exploding")
    assert [flag.part.layer for flag in found] == [1, 2]
    assert [flag.value for flag in found] == pytest.approx([4800.0, 1600.0], rel=1e-12)


def test_a_small_gradient_everywhere_is_no_flag() -> None:
    experiment, record = made((Layer(1), Layer(1)), [[[1e-9], [0.0]], [[1.0]]], [[0.0], [0.5]])
    tiny = [flag for flag in gradient_health(experiment, record).flags if flag.kind != "overshooting"]
    assert tiny == []


def test_an_update_as_long_as_the_parameters() -> None:
    experiment, record = made((Layer(1),), [[[0.5], [-0.5]]], [[0.25]], learning_rate=1.0)
    before = np.array([0.5, -0.5, 0.25])
    after = np.concatenate([record.weights_after[0].ravel(), record.biases_after[0]])
    ratio = float(np.linalg.norm(after - before) / np.linalg.norm(before))
    assert ratio > 1
    assert flags(experiment, record, "overshooting")[0].value == pytest.approx(ratio, rel=1e-12)
    calm, record = made((Layer(1),), [[[0.5], [-0.5]]], [[0.25]], learning_rate=0.01)
    assert flags(calm, record, "overshooting") == []


def test_all_zero_is_no_flag_of_a_layer() -> None:
    zero = made((Layer(2), Layer(1)), [np.zeros((2, 2)), np.zeros((2, 1))], [[0, 0], [0]])
    assert {flag.kind for flag in gradient_health(*zero).flags} == {"vanishing"}
    perfect = made((Layer(1),), [[[0], [0]]], [[0]], rows=1)
    assert gradient_health(*perfect).flags == ()
    assert gradient_health(*perfect).is_zero and not gradient_health(*perfect).moves
    assert not gradient_health(*zero).is_zero and gradient_health(*zero).moves


def test_of_few_rows_nothing_is_said_about_units() -> None:
    dead = [[[0.1, 1.0], [0.1, 0.0]], [[1.0], [1.0]]], [[-5.0, 0.0], [0.0]]
    for rows in (4, 5):
        health = gradient_health(*made((Layer(2, "relu"), Layer(1)), *dead, rows=rows))
        assert health.judges_units == (rows == 5)
        assert any(flag.kind == "dead" for flag in health.flags) == health.judges_units


def test_shares_of_gradients_too_small_to_be_squared() -> None:
    weights = [[[1.0], [0.0]], [[1e-4]], [[1e-170]]]
    experiment, record = made((Layer(1), Layer(1), Layer(1)), weights, [[0.0]] * 3, learning_rate=1e-300)
    shares = [flag.value for flag in flags(experiment, record, "vanishing")]
    assert shares == pytest.approx([1e-174, 1e-170], rel=1e-9, abs=0.0)
