from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.functions import ACTIVATIONS, LOSSES
from engine.functions.losses import Huber, Loss
from tests.golden import make_golden

SIZES = (1, 3)


def outputs_and_targets(loss: Loss, k: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(k)
    a = rng.uniform(0.05, 0.95, (6, k))
    if "regression" in loss.kinds:
        return 4 * a - 2, rng.normal(size=(6, k))
    if loss.name == "cross_entropy":
        return a, np.eye(k)[rng.integers(k, size=6)]
    return a, rng.integers(2, size=(6, k)).astype(float)


def test_the_catalogue_is_complete() -> None:
    assert set(LOSSES) == set(make_golden.LOSSES)
    for name, rule in LOSSES.items():
        assert rule.name == name and rule.label and rule.formula and rule.gradient_formula
        assert not rule.natural or (rule.natural in ACTIVATIONS and rule.natural_formula)


@pytest.mark.parametrize(
    ("loss", "a", "t", "expected"),
    [
        ("squared_error", [1.0, 3.0], [0.0, 1.0], 2.5),
        ("mean_squared_error", [1.0, 3.0], [0.0, 1.0], 2.5),
        ("mean_squared_error", [1.0, 3.0, 1.0], [0.0, 1.0, 0.0], 2.0),
        ("mean_absolute_error", [1.0, 3.0], [0.0, 1.0], 1.5),
        ("huber", [0.5, 3.0], [0.0, 0.0], (0.125 + 2.5) / 2),
        ("binary_cross_entropy", [0.25, 0.5], [1.0, 0.0], (math.log(4) + math.log(2)) / 2),
        ("cross_entropy", [0.25, 0.5, 0.25], [0.0, 0.0, 1.0], math.log(4)),
        ("hinge", [0.25, -2.0], [1.0, 0.0], 0.75 / 2),
        ("hinge", [0.25, 2.0], [0.0, 0.0], (1.25 + 3.0) / 2),
    ],
)
def test_values_by_hand(loss: str, a: list[float], t: list[float], expected: float) -> None:
    found = LOSSES[loss]().per_sample(np.array([a]), np.array([t]))
    assert found.shape == (1,) and found[0] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("k", SIZES)
@pytest.mark.parametrize("loss", [*(LOSSES[name]() for name in LOSSES), Huber(0.3)], ids=str)
def test_gradients_are_what_central_differences_give(loss: Loss, k: int) -> None:
    a, t = outputs_and_targets(loss, k)
    assert not loss.near_kink(a, t, 1e-4)
    gradient, step = loss.gradient(a, t), 1e-4
    for j in range(k):
        shift = step * np.eye(k)[j]
        near, far = (loss.per_sample(a + m * shift, t) - loss.per_sample(a - m * shift, t) for m in (1, 2))
        assert np.abs(gradient[:, j] - (8 * near - far) / (12 * step)).max() < 1e-7


@pytest.mark.parametrize("name", [name for name, rule in LOSSES.items() if rule.natural])
def test_from_z_and_from_outputs_agree(name: str) -> None:
    loss = LOSSES[name]()
    activation = ACTIVATIONS[loss.natural]()
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(6, 3)), np.eye(3)[rng.integers(3, size=6)]
    a = activation.value(z)
    assert np.allclose(loss.per_sample_from_z(z, t, a=a), loss.per_sample(a, t), rtol=1e-14, atol=0)
    deltas = loss.natural_delta(z, a, t, 0.5)
    expected = 0.5 * activation.vjp(z, a, loss.gradient(a, t))
    assert np.abs(deltas - expected).max() < 1e-15
    assert np.allclose(loss.gradient_from_z(z, t), loss.gradient(a, t), rtol=1e-14, atol=0)


@pytest.mark.parametrize("scale", [1.0, 0.125])
@pytest.mark.parametrize("name", LOSSES)
def test_the_scale_multiplies_the_gradient(name: str, scale: float) -> None:
    loss = LOSSES[name]()
    a, t = outputs_and_targets(loss, 3)
    out = np.empty_like(a)
    for function, arguments in loss.gradients(a, t, out, scale):
        function(*arguments)
    assert np.allclose(out, scale * loss.gradient(a, t), rtol=1e-15, atol=0)


@pytest.mark.parametrize("name", LOSSES)
def test_leading_axes_are_independent(name: str) -> None:
    loss = LOSSES[name]()
    a, t = outputs_and_targets(loss, 3)
    stacked = loss.per_sample(a.reshape(2, 3, 3), t.reshape(2, 3, 3))
    assert np.array_equal(stacked.ravel(), loss.per_sample(a, t))


def test_a_sure_and_right_output_costs_nothing_and_a_wrong_one_everything() -> None:
    for name in ("binary_cross_entropy", "cross_entropy"):
        loss = LOSSES[name]()
        a, t = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
        assert loss.per_sample(a, t).tolist() == [0.0, math.inf]


@pytest.mark.parametrize(
    ("loss", "a", "t"),
    [("mean_absolute_error", 0.5, 0.5), ("hinge", 1.0, 1.0), ("hinge", -1.0, 0.0)],
)
def test_kinks_are_known(loss: str, a: float, t: float) -> None:
    rule = LOSSES[loss]()
    at, targets = np.array([[0.2, a]]), np.array([[1.0, t]])
    assert rule.near_kink(at, targets, 1e-6)
    assert not rule.near_kink(at + 1e-3, targets, 1e-6)


def test_the_slope_of_the_absolute_error_at_its_kink_is_0() -> None:
    assert LOSSES["mean_absolute_error"]().gradient(np.ones((1, 1)), np.ones((1, 1))).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("name", "outputs", "parts"), [("cross_entropy", 7, 1), ("binary_cross_entropy", 49, 49)]
)
def test_what_a_minus_t_is_divided_by(name: str, outputs: int, parts: int) -> None:
    assert LOSSES[name]().matched_parts(outputs) == parts


def test_the_loss_of_a_sample_has_nothing_to_do_with_those_beside_it() -> None:
    loss = LOSSES["cross_entropy"]()
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(50, 4)), np.eye(4)[rng.integers(4, size=50)]
    z[7] = np.where(t[7] == 1.0, -800.0, z[7])  # its right class is rounded to a probability of 0
    alone = [loss.per_sample_from_z(z[i : i + 1], t[i : i + 1]).tolist() for i in range(50)]
    assert loss.per_sample_from_z(z, t).tolist() == [found for (found,) in alone]
    assert loss.per_sample_from_z(z, t)[7] > 790.0
