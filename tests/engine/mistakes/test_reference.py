"""The readable step gives the numbers of the compiled pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Dataset, Experiment, Layer, StepRecord, Trainer, check_step
from engine.errors import DivergenceError
from engine.functions import ACTIVATIONS, CLIPPINGS, LOSSES, OPTIMIZERS, REGULARIZERS
from engine.mistakes.batch import Batch, experiment_of
from engine.mistakes.reference import Case, Step, in_order
from tests.engine.random_experiments import experiments


def case_of(experiment: Experiment, record: StepRecord) -> Case:
    masks = {i: (m != 0).astype(float) for i, m in enumerate(record.dropout_masks, 1) if m is not None}
    return Case(experiment, record.a[0], record.targets, record.weights_before, record.biases_before, masks)


def numbers_of(record: StepRecord) -> dict[str, Any]:
    found: dict[str, Any] = {"loss": record.data_loss}
    lists = {
        "z": record.z,
        "a": record.a[1:],
        "delta": record.delta,
        "dW": record.weight_grads,
        "db": record.bias_grads,
        "W": record.weights_after,
        "b": record.biases_after,
    }
    for name, arrays in lists.items():
        found |= {f"{name}{layer}": array for layer, array in enumerate(arrays, 1)}
    return found


def assert_same(experiment: Experiment, record: StepRecord, tolerance: float = 1e-12) -> None:
    expected = numbers_of(record)
    with np.errstate(all="ignore"):
        found = {name: value for name, value, _ in Step(case_of(experiment, record)).quantities()}
    assert set(found) == set(expected) == set(in_order(len(record.z)))
    for name, value in found.items():
        assert value.shape == np.shape(expected[name]), name
        np.testing.assert_allclose(
            value,
            expected[name],
            rtol=0,
            atol=tolerance * max(1.0, np.abs(expected[name]).max()),
            err_msg=name,
        )


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", [*LOSSES])
@pytest.mark.parametrize("output", [*ACTIVATIONS])
def test_every_loss_at_every_output(output: str, loss: str, reduction: str) -> None:
    if loss in ("binary_cross_entropy", "cross_entropy") and output not in ("sigmoid", "softmax"):
        pytest.skip("the loss needs probabilities")
    rng = np.random.default_rng(len(output) + 10 * len(loss))
    targets = np.eye(3)[rng.integers(3, size=7)]
    data = Dataset.from_arrays(
        rng.normal(size=(7, 4)),
        targets,
        kind="multiclass" if "cross" in loss or loss == "hinge" else "regression",
    )
    experiment = Experiment((Layer(5, output), Layer(3, output)), loss, reduction=reduction)
    assert_same(experiment, Trainer(experiment, data).step())


@pytest.mark.parametrize("clipping", [*CLIPPINGS])
@pytest.mark.parametrize("regularizer", [*REGULARIZERS])
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_every_optimizer_penalty_and_clipping(optimizer: str, regularizer: str, clipping: str) -> None:
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))
    limit = {} if clipping == "none" else {"limit": 0.1}
    penalty = {} if regularizer == "none" else {"strength": 0.2}
    experiment = Experiment(
        (Layer(4, "tanh", 0.25), Layer(3, "relu", 0.5), Layer(2)),
        optimizer=optimizer,
        regularizer={"name": regularizer, **penalty},
        clipping={"name": clipping, **limit},
    )
    assert_same(experiment, Trainer(experiment, data).step())


# Others make much of a gradient that is 0 but for rounding; they are tested above.
@given(experiments(dtype="float64", optimizers=("sgd", "momentum", "nesterov")))
@settings(max_examples=40)
def test_any_experiment(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    try:
        record = Trainer(experiment, data).step()
    except DivergenceError:
        return
    # Kinks of hinge and of the mean absolute error turn on the last bit of an output
    if experiment.loss.name in ("mean_absolute_error", "hinge"):
        return
    assert_same(experiment, record, 1e-9)


def test_it_ends_where_a_mask_is_not_known() -> None:
    experiment = Experiment((Layer(3, "tanh", 0.5), Layer(2)))
    rng = np.random.default_rng(0)
    W, b = [rng.normal(size=(4, 3)), rng.normal(size=(3, 2))], [np.zeros(3), np.zeros(2)]
    case = Case(experiment, rng.normal(size=(5, 4)), rng.normal(size=(5, 2)), W, b)
    assert [name for name, _, _ in Step(case).quantities()] == ["z1"]


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS])
def test_a_step_of_a_training_under_way(optimizer: str) -> None:
    """Slots, the count of steps, the schedule and held parameters are those of that moment."""
    rng = np.random.default_rng(5)
    data = Dataset.from_arrays(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))
    schedule = {"name": "exponential", "factor": 0.8}
    experiment = Experiment(
        (Layer(4, "tanh", 0.25), Layer(2)),
        optimizer=optimizer,
        learning_rate=0.02,
        regularizer={"name": "l2", "strength": 0.1},
        clipping={"name": "global_norm", "limit": 0.3},
        batch_size=3,
        schedule=schedule,
    )
    trainer = Trainer(experiment, data)
    trainer.freeze([(1, 2, 3)], [(2, 1)])
    trainer.run(7)
    record = trainer.step()
    case = Batch.of(record).case(experiment)
    found = {name: value for name, value, _ in Step(case).quantities()}
    for name, expected in numbers_of(record).items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-9, atol=1e-12, err_msg=name)
    assert found["W1"][2, 3] == record.weights_before[0][2, 3]
    verdict = check_step(
        experiment,
        record.a[0],
        record.targets,
        record.weights_before,
        record.biases_before,
        {**{f"mask{n}": mask for n, mask in case.masks.items()}, **numbers_of(record)},
        state=case.state,
    )
    assert verdict.agrees


def test_a_row_that_was_traced_is_without_dropout() -> None:
    rng = np.random.default_rng(5)
    data = Dataset.from_arrays(rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))
    trainer = Trainer(Experiment((Layer(4, "tanh", 0.25), Layer(2)), batch_size=3), data)
    trainer.run(2)
    for record in (trainer.trace(4), trainer.step()):
        case = Batch.of(record).case(experiment_of(record))
        found = {name: value for name, value, _ in Step(case).quantities()}
        for name, expected in numbers_of(record).items():
            np.testing.assert_allclose(found[name], expected, rtol=1e-9, atol=1e-12, err_msg=name)
