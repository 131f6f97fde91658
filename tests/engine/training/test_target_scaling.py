"""Targets of regression are scaled for the network, and everything that is predicted is in their own unit."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.errors import ExperimentError
from engine.suitable import practical_experiment, suited
from engine.training.prediction import predict

EXPERIMENT = Experiment(
    (Layer(4, "tanh"), Layer(2)), learning_rate=0.05, batch_size=7, validation=0.25, scaling="zscore"
)


def salaries(rows: int = 60) -> Dataset:
    years = np.linspace(0, 30, rows)[:, None]
    return Dataset.from_arrays(years, 30_000 + 1_500 * years[:, 0], target_names=["salary"])


def two_targets(rows: int = 40) -> Dataset:
    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(rows, 3))
    targets = np.column_stack([5e4 + 9e3 * np.tanh(inputs[:, 0]), 1e-3 * inputs[:, 1] * inputs[:, 2]])
    return Dataset.from_arrays(inputs, targets)


def r2(trainer: Trainer) -> float:
    data = trainer.dataset
    found = predict(
        trainer.experiment, trainer.prepared, trainer.weights, trainer.biases, data.kind, data.inputs
    )
    return float(1 - ((found.outputs - data.targets) ** 2).sum() / data.targets.var() / len(data.targets))


def test_salaries_on_a_straight_line_are_learned() -> None:
    data = salaries()
    experiment = suited(practical_experiment(), data)
    assert experiment.target_scaling == "zscore"
    trainer = Trainer(experiment, data)
    trainer.run(3000)
    assert r2(trainer) > 0.999
    assert trainer.scalars.validation_metric[-1] > 0.999


@pytest.mark.parametrize("scaling", ["zscore", "minmax"])
def test_the_training_is_that_of_targets_scaled_by_hand(scaling: str) -> None:
    data = two_targets()
    trainer = Trainer(EXPERIMENT.changed(target_scaling=scaling), data)
    rows = trainer.prepared.train_rows
    known = data.targets[rows]
    if scaling == "zscore":
        offset, scale = known.mean(axis=0), known.std(axis=0)
    else:
        offset, scale = known.min(axis=0), np.ptp(known, axis=0)
    by_hand = Trainer(EXPERIMENT, Dataset.from_arrays(data.inputs, (data.targets - offset) / scale))
    ours, theirs = trainer.run(50), by_hand.run(50)
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=1e-9)
    np.testing.assert_allclose(ours.metric, theirs.metric, rtol=1e-9)
    np.testing.assert_allclose(ours.validation_loss, theirs.validation_loss, rtol=1e-9)
    found = predict(
        trainer.experiment, trainer.prepared, trainer.weights, trainer.biases,
        data.kind, data.inputs, data.targets, layers=True,
    )  # fmt: skip
    record, other = trainer.trace(3), by_hand.trace(3)
    np.testing.assert_allclose(found.activations[-1][3], record.a[-1][0], rtol=1e-12)
    np.testing.assert_allclose(found.outputs[3], other.a[-1][0] * scale + offset, rtol=1e-9)
    assert found.losses is not None
    assert found.losses[3] == pytest.approx(other.sample_losses[0], rel=1e-9)
    np.testing.assert_allclose(record.delta[-1], other.delta[-1], rtol=1e-9)
    assert record.target_offset is not None and record.target_scale is not None
    np.testing.assert_allclose(
        record.targets[0] * record.target_scale + record.target_offset, data.targets[3]
    )
    assert other.target_offset is None and other.target_scale is None


def test_a_constant_target_is_not_divided_by_0() -> None:
    data = Dataset.from_arrays(np.arange(6.0)[:, None], np.full(6, 7e5))
    trainer = Trainer(Experiment((Layer(1),), target_scaling="zscore"), data)
    assert np.array_equal(trainer.prepared.targets, np.zeros((6, 1)))
    assert trainer.prepared.in_own_units(np.zeros((1, 1)))[0, 0] == 7e5


def test_what_needs_no_scaling_has_none() -> None:
    assert suited(practical_experiment(), builtin("plane")).target_scaling == "none"
    assert suited(EXPERIMENT.changed(target_scaling="minmax"), salaries()).target_scaling == "minmax"
    assert suited(EXPERIMENT.changed(target_scaling="minmax"), builtin("iris")).target_scaling == "none"


def test_an_experiment_that_says_nothing_of_it_scales_nothing() -> None:
    text = EXPERIMENT.to_toml().replace('target_scaling = "none"\n', "")
    assert "target_scaling" not in text
    assert Experiment.from_toml(text) == EXPERIMENT


def test_targets_whose_squares_overflow_are_scaled_too() -> None:
    inputs = np.linspace(-1, 1, 40).reshape(20, 2)
    data = Dataset.from_arrays(inputs, inputs.sum(axis=1) * 1e200)
    experiment = suited(practical_experiment(), data)
    assert experiment.target_scaling == "zscore"
    trainer = Trainer(experiment, data)
    assert np.isfinite(trainer.run(50).loss).all()


def test_classes_are_not_scaled() -> None:
    layers = (Layer(3, "softmax"),)
    with pytest.raises(ExperimentError) as caught:
        Trainer(Experiment(layers, loss="cross_entropy", target_scaling="zscore"), builtin("iris"))
    assert (caught.value.kind, caught.value.field) == ("classes_not_scaled", "target_scaling")
