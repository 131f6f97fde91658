from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.data.dataset import Dataset, Kind
from engine.experiment import Experiment, Layer
from engine.explain.gradient_check import check_cost, check_gradients, check_parameter, check_record
from engine.functions import ACTIVATIONS, LOSSES
from engine.parts import Part
from engine.training.trainer import Trainer


def make_trainer(experiment: Experiment, rows: int = 5, inputs: int = 3, scale: float = 1.0) -> Trainer:
    rng = np.random.default_rng(experiment.seed)
    x, outputs = scale * rng.normal(size=(rows, inputs)), experiment.layers[-1].units
    if experiment.loss.name in ("cross_entropy", "binary_cross_entropy", "hinge"):
        kind: Kind = "multiclass" if outputs > 1 else "binary"
        labels = np.arange(rows) % max(2, outputs)
        data = Dataset.from_arrays(x, np.eye(outputs)[labels] if outputs > 1 else labels[:, None], kind=kind)
    else:
        data = Dataset.from_arrays(x, rng.normal(size=(rows, outputs)), kind="regression")
    trainer = Trainer(experiment, data)
    if experiment.initializer.name != "zeros":
        # a bias of 0 over a dead ReLU layer is a true kink
        trainer.set_parameters(biases=[rng.normal(size=layer.units) for layer in experiment.layers])
    return trainer


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_agrees_off_kinks(activation: str, loss: str) -> None:
    output = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}.get(loss, activation)
    for seed in range(3):
        experiment = Experiment(
            (Layer(4, activation), Layer(3, activation), Layer(3, output)), loss=loss, seed=seed
        )
        trainer = make_trainer(experiment)
        report = check_gradients(trainer)
        assert report is not None
        assert report.kinks == 0
        assert report.max_relative_error < 1e-6
        record = trainer.peek()
        for index, (grads, errors) in enumerate(zip(record.weight_grads, report.weight_errors, strict=True)):
            assert errors.shape == grads.shape
            np.testing.assert_allclose(
                report.weight_differences[index], grads, atol=1e-6 * np.abs(grads).max() + 1e-9
            )
        assert trainer.completed == 0


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment((Layer(4, "gelu", 0.5), Layer(2)), reduction="sum", bias_reduction="mean"),
        Experiment(
            (*(Layer(4, "sigmoid") for _ in range(6)), Layer(2, "sigmoid")), loss="mean_squared_error"
        ),
        Experiment((Layer(4, "elu"), Layer(2)), initializer="zeros"),
        Experiment((Layer(3, "tanh"), Layer(1, "sigmoid")), loss="binary_cross_entropy", batch_size=2),
    ],
)
def test_agrees_in_the_variants(experiment: Experiment) -> None:
    report = check_gradients(make_trainer(experiment))
    assert report is not None
    assert report.max_relative_error < 1e-6
    assert report.kinks == 0


def test_inputs_of_any_size() -> None:
    experiment = Experiment((Layer(4, "tanh"), Layer(3, "softmax")), loss="cross_entropy")
    report = check_gradients(make_trainer(experiment, scale=1000.0))
    assert report is not None
    assert report.max_relative_error < 1e-6


def test_a_wrong_gradient_is_found() -> None:
    experiment = Experiment((Layer(4, "tanh"), Layer(2)))
    record = make_trainer(experiment).peek()
    wrong = [grads.copy() for grads in record.weight_grads]
    wrong[0][1, 2] *= 1.0 + 1e-3
    report = check_record(experiment, replace(record, weight_grads=tuple(wrong)))
    assert report is not None
    bad = np.argwhere(report.weight_errors[0] > 1e-6)
    assert bad.tolist() == [[1, 2]]
    assert np.all(report.weight_errors[1] < 1e-6)
    one = check_parameter(experiment, replace(record, weight_grads=tuple(wrong)), Part("weight", 1, 2, 1))
    assert not one.agrees
    assert not one.kink


def test_a_wrong_gradient_is_found_where_gradients_vanish() -> None:
    experiment = Experiment((*(Layer(3, "sigmoid") for _ in range(8)), Layer(2, "sigmoid")))
    record = make_trainer(experiment).peek()
    assert np.abs(record.weight_grads[0]).max() < 1e-5
    wrong = tuple(2.0 * grads for grads in record.weight_grads)
    report = check_record(experiment, replace(record, weight_grads=wrong))
    assert report is not None
    assert all(errors.max() > 1e-6 for errors in report.weight_errors)


def test_output_first_is_not_the_gradient_of_the_loss() -> None:
    experiment = Experiment((Layer(3, "tanh"), Layer(2)), update_order="output_first", learning_rate=0.5)
    report = check_gradients(make_trainer(experiment))
    assert report is not None
    assert report.weight_errors[1].max() < 1e-6
    assert report.weight_errors[0].max() > 1e-3


def test_a_kink_is_called_a_kink() -> None:
    experiment = Experiment((Layer(2, "relu"), Layer(1)))
    trainer = Trainer(experiment, Dataset.from_arrays([[1.0]], [[2.0]]))
    trainer.set_parameters(weights=[[[0.0, 0.7]], [[1.0], [1.0]]], biases=[[0.0, 0.1], [0.0]])
    record = trainer.peek()
    report = check_record(experiment, record)
    assert report is not None
    assert report.weight_kinks[0].tolist() == [[True, False]]
    assert report.bias_kinks[0].tolist() == [True, False]
    assert not report.weight_kinks[1].any()
    assert report.kinks == 2
    assert np.isnan(report.weight_errors[0][0, 0])
    assert report.max_relative_error < 1e-6
    at = check_parameter(experiment, record, Part("weight", 1, 0, 0))
    assert at.kink
    assert not at.agrees
    assert check_parameter(experiment, record, Part("bias", 1, 1)).agrees


def test_near_a_kink_but_not_at_it() -> None:
    experiment = Experiment((Layer(1, "relu"), Layer(1)))
    trainer = Trainer(experiment, Dataset.from_arrays([[1.0]], [[2.0]]))
    trainer.set_parameters(weights=[[[1e-4]], [[1.0]]], biases=[[0.0], [0.0]])
    one = check_parameter(experiment, trainer.peek(), Part("weight", 1, 0, 0))
    assert one.agrees


@pytest.mark.parametrize("loss", ["mean_absolute_error", "hinge"])
def test_a_kink_of_the_loss(loss: str) -> None:
    experiment = Experiment((Layer(1),), loss=loss)
    if loss == "hinge":
        data = Dataset.from_arrays([[1.0], [1.0]], [[1.0], [0.0]], kind="binary")
    else:
        data = Dataset.from_arrays([[1.0]], [[1.0]])
    trainer = Trainer(experiment, data)
    trainer.set_parameters(weights=[[[1.0]]], biases=[[0.0]])
    assert check_parameter(experiment, trainer.peek(), Part("weight", 1, 0, 0)).kink


def test_one_parameter_is_the_same_as_in_the_whole() -> None:
    experiment = Experiment((Layer(4, "silu"), Layer(3, "softmax")), loss="cross_entropy")
    record = make_trainer(experiment).peek()
    report = check_record(experiment, record)
    assert report is not None
    one = check_parameter(experiment, record, Part("weight", 1, 3, 2))
    assert one.gradient == record.weight_grads[0][2, 3]
    assert one.difference == pytest.approx(report.weight_differences[0][2, 3], rel=1e-6)
    bias = check_parameter(experiment, record, Part("bias", 2, 1))
    assert bias.gradient == record.bias_grads[1][1]
    assert bias.difference == pytest.approx(report.bias_differences[1][1], rel=1e-6)
    assert check_cost(record, 1) > check_cost(record, 2)


def test_progress_and_cancel() -> None:
    experiment = Experiment((Layer(4, "tanh"), Layer(2)))
    trainer = make_trainer(experiment)
    seen: list[float] = []
    assert check_gradients(trainer, progress=seen.append) is not None
    assert seen[-1] == 1.0
    assert seen == sorted(set(seen))
    seen.clear()
    assert check_gradients(trainer, progress=seen.append, cancelled=lambda: len(seen) >= 2) is None
    assert len(seen) == 2
