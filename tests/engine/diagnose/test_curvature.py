"""Curvature: Hessian-vector products against differences of gradients, for every function there is."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, Trainer
from engine.diagnose.curvature import MOST_PARAMETERS, Curvature, bend, loss_curvature
from engine.errors import ExperimentError
from engine.functions import ACTIVATIONS, LOSSES
from engine.functions.activations import Activation
from tests.engine.random_experiments import datasets

ELEMENTWISE = [name for name, rule in ACTIVATIONS.items() if rule.elementwise]


def around(trainer: Trainer, shift: np.ndarray | None = None) -> Curvature:
    flat = np.concatenate(
        [np.concatenate([w, b[None]]).ravel() for w, b in zip(trainer.weights, trainer.biases, strict=True)]
    )
    moved = flat if shift is None else flat + shift
    weights, biases = trainer.packing.split(moved)
    p = trainer.prepared
    return Curvature(trainer.experiment, weights, biases, p.inputs, p.targets)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_bend_is_the_derivative_of_the_slope(name: str) -> None:
    activation: Activation = ACTIVATIONS[name]()
    z = np.linspace(-3.7, 3.7, 60) + 0.0123
    h = 1e-5
    difference = (activation.slope(z + h) - activation.slope(z - h)) / (2 * h)
    np.testing.assert_allclose(bend(activation, z), difference, atol=1e-8)


def test_bend_of_elu_follows_its_parameter() -> None:
    elu = ACTIVATIONS["elu"](alpha=0.3)
    np.testing.assert_allclose(bend(elu, np.array([-1.0, 2.0])), [0.3 * np.exp(-1.0), 0.0])


@pytest.mark.parametrize("loss", [*LOSSES])
@pytest.mark.parametrize("hidden", ["tanh", "softmax", "gelu"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_products_agree_with_differences_of_gradients(loss: str, hidden: str, reduction: str) -> None:
    rng = np.random.default_rng(3)
    kind = "multiclass" if loss in ("cross_entropy",) else "binary" if "binary" in loss else "regression"
    if loss == "hinge":
        kind = "binary"
    targets = rng.integers(0, 3, 11) if kind == "multiclass" else rng.integers(0, 2, 11)
    data = Dataset.from_arrays(
        rng.normal(size=(11, 3)), rng.normal(size=(11, 2)) if kind == "regression" else targets, kind
    )
    units = data.targets.shape[1]
    output = {"multiclass": "softmax", "binary": "sigmoid", "regression": "tanh"}[kind]
    experiment = Experiment(
        (Layer(4, hidden), Layer(3, "silu"), Layer(units, output)), loss=loss, reduction=reduction, seed=5
    )
    trainer = Trainer(experiment, data)
    here = around(trainer)
    record = trainer.peek()
    gradient = np.concatenate(
        [
            np.concatenate([w, b[None]]).ravel()
            for w, b in zip(record.weight_grads, record.bias_grads, strict=True)
        ]
    )
    np.testing.assert_allclose(here.gradient, gradient, rtol=1e-10, atol=1e-14)
    direction = rng.normal(size=here.packing.size)
    h = 1e-6
    difference = (around(trainer, h * direction).gradient - around(trainer, -h * direction).gradient) / (
        2 * h
    )
    np.testing.assert_allclose(here.times(direction), difference, rtol=2e-5, atol=2e-7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(datasets(), st.sampled_from(ELEMENTWISE), st.integers(0, 99))
def test_products_agree_on_random_networks(data: Dataset, activation: str, seed: int) -> None:
    smooth = not ACTIVATIONS[activation]().kinks
    loss = {
        "regression": "mean_squared_error",
        "binary": "binary_cross_entropy",
        "multiclass": "cross_entropy",
    }
    output = {"regression": "linear", "binary": "sigmoid", "multiclass": "softmax"}[data.kind]
    layers = (Layer(4, activation), Layer(data.targets.shape[1], output))
    trainer = Trainer(Experiment(layers, loss=loss[data.kind], seed=seed), data)
    here = around(trainer)
    direction = np.random.default_rng(seed).normal(size=here.packing.size)
    h = 1e-6 if smooth else 1e-9
    difference = (around(trainer, h * direction).gradient - around(trainer, -h * direction).gradient) / (
        2 * h
    )
    np.testing.assert_allclose(here.times(direction), difference, rtol=1e-4, atol=1e-5 if smooth else 1e-4)


def test_the_hessian_of_a_line_is_known() -> None:
    """Half the mean square of x w + b - t: the Hessian is the mean of (x, 1) (x, 1)'."""
    x = np.array([[1.0], [2.0], [4.0]])
    trainer = Trainer(
        Experiment((Layer(1, "linear"),), loss="squared_error"), Dataset.from_arrays(x, x[:, 0])
    )
    here = around(trainer)
    rows = np.concatenate([x, np.ones((3, 1))], axis=1)
    np.testing.assert_allclose(here.hessian(), rows.T @ rows / 3)
    value, direction = here.largest(60)
    assert value == pytest.approx(np.linalg.eigvalsh(rows.T @ rows / 3)[-1], rel=1e-9)
    np.testing.assert_allclose(here.times(direction), value * direction, atol=1e-6)


def test_descent_is_stable_below_two_over_the_largest_eigenvalue() -> None:
    x = np.array([[1.0], [2.0], [4.0]])
    data = Dataset.from_arrays(x, 3 * x[:, 0] - 1)
    sharpness = around(Trainer(Experiment((Layer(1, "linear"),)), data)).largest(60)[0]
    for factor, grows in ((1.9, False), (2.1, True)):
        trainer = Trainer(Experiment((Layer(1, "linear"),), learning_rate=factor / sharpness), data)
        loss = trainer.run(120).loss
        assert bool(loss[-1] > loss[0]) is grows


@pytest.mark.parametrize("seed", [0, 6, 11])
def test_at_a_saddle_sharpness_is_the_largest_eigenvalue_and_not_that_of_largest_size(seed: int) -> None:
    x = np.random.default_rng(0).normal(size=(30, 2))
    targets = ((x**2).sum(axis=1) > 1.4).astype(float)[:, None]
    rng = np.random.default_rng(seed)
    weights = [3 * rng.normal(size=(2, 4)), 5 * rng.normal(size=(4, 1))]
    experiment = Experiment((Layer(4, "tanh"), Layer(1, "sigmoid")), "squared_error")
    around = Curvature(experiment, weights, [np.zeros(4), np.zeros(1)], x, targets)
    values = np.linalg.eigvalsh(around.hessian())
    assert around.largest(30)[0] == pytest.approx(values[0], rel=0.01)
    assert values[0] < 0
    assert around.sharpness(30) == pytest.approx(values[-1], rel=0.01)


def test_the_hessian_of_a_large_network_is_refused() -> None:
    data = Dataset.from_arrays(np.zeros((2, 30)), np.zeros(2))
    trainer = Trainer(Experiment((Layer(20, "tanh"), Layer(1, "linear"))), data)
    assert trainer.packing.size >= MOST_PARAMETERS
    with pytest.raises(ExperimentError, match="500"):
        around(trainer).hessian()


def test_numbers_that_are_not_finite_give_nan_and_no_warning() -> None:
    data = Dataset.from_arrays([[1e200], [-1e200]], [1e200, 0.0])
    trainer = Trainer(Experiment((Layer(3, "relu"), Layer(1, "linear"))), data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(around(trainer).largest()[0])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_activation_that_is_not_in_the_table(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = ACTIVATIONS[name]()
    z = np.array([-3.0, -0.7, 0.0, 0.4, 2.5])
    if name in ("softsign", "elu", "selu"):
        z = np.delete(z, 2)  # where f'' jumps
    expected = bend(rule, z)
    monkeypatch.setattr(type(rule), "name", "new")
    np.testing.assert_allclose(bend(rule, z), expected, atol=2e-9)


@pytest.mark.parametrize("name", ["squared_error", "mean_squared_error", "binary_cross_entropy", "huber"])
def test_a_loss_that_is_not_in_the_table(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = LOSSES[name]()
    a, t = np.array([[0.3, 0.6], [0.2, 0.9]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    expected = loss_curvature(rule, a, t)
    monkeypatch.setattr(type(rule), "name", "new")
    np.testing.assert_allclose(loss_curvature(rule, a, t), expected, atol=2e-9)
